import { z } from 'zod'
import { defineRefusals, no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { instant } from '../kernel/schema.ts'
import { formatInstant } from '../kernel/time.ts'
import type { Lot } from '../ledger/book.ts'
import { personId, personRef } from '../people/schema.ts'
import { type Programme, programmeId } from './schema.ts'
import { toldDecimals } from './told-decimals.ts'

/** Refusals of transfers, in the order they are checked; a refused one changes nothing. */
export const transferRefusals = defineRefusals({
  transfer_not_found: { status: 404, title: 'Transfer not found', sentence: 'There is no transfer {id}.' },
  transfer_to_self: {
    status: 409,
    title: 'Same person',
    sentence: 'Both are the same person: what she has is hers already, by whichever of her identifiers.',
  },
  transfer_needs_member: {
    status: 409,
    title: 'Not a member',
    sentence: 'Whoever points go {direction} must be in the programme {programme}.',
  },
  transfer_not_allowed: {
    status: 409,
    title: 'Transfer not allowed',
    sentence: 'In the programme {programme} points may be given to: {between}.',
  },
  transfer_below_minimum: {
    status: 409,
    title: 'Too few points',
    sentence: 'At least {minimum} points are given at once; these are {points}.',
  },
  transfer_too_early: {
    status: 409,
    title: 'Too early',
    sentence: 'Whoever joined the programme {programme} may give points from {from} on.',
  },
  transfer_limit_reached: {
    status: 409,
    title: 'Daily limit reached',
    sentence: 'A person gives away at most {limit} points a day, and {given} are given today.',
  },
  transfer_balance_insufficient: {
    status: 409,
    title: 'Not enough points',
    sentence: '{asked} points were to be given; {available} can be spent.',
  },
  transfer_points_unsettled: {
    status: 409,
    title: 'Points not settled',
    sentence:
      '{asked} points were to be given; {settled} of {available} can be given now. What an order earned can be given after {days} days: until then its goods may come back.',
  },
})

export const transferId = z.string().regex(/^trf_[0-9a-z]{26}$/, 'must be the id of a transfer, such as "trf_01k…"')

export const transferInput = z
  .strictObject({
    from: personRef,
    to: personRef,
    programme: programmeId,
    points: z
      .int()
      .min(1)
      .max(1_000_000_000_000)
      .meta({ description: 'In the smallest unit; the fee is taken out of them' }),
    note: z.string().trim().min(1).max(300).optional(),
  })
  .meta({ id: 'TransferInput' })

export const transfer = z
  .strictObject({
    id: transferId.nullable().meta({ description: 'null: it was only tried' }),
    programme: programmeId,
    from: personId,
    to: personId,
    points: z.int(),
    fee: z.int().meta({ description: 'Of them, what the house keeps' }),
    received: z.int(),
    note: z.string().nullable(),
    at: instant,
    transaction: z.string().nullable().meta({ description: 'Of the ledger' }),
  })
  .meta({ id: 'Transfer', description: 'Points that one person gave another; their lots keep their expiry' })

/** A transfer as it is stored. */
export type StoredTransfer = {
  readonly id: string
  readonly programmeId: string
  readonly fromHolder: string
  readonly toHolder: string
  readonly points: number
  readonly fee: number
  readonly note: string | null
  readonly at: number
  readonly by: string
  readonly transactionId: string
}

/** What a transfer is decided by. */
export type TransferFacts = {
  readonly programme: Programme
  readonly points: number
  readonly isSelf: boolean
  /** Since when whoever gives is in the programme; undefined: she is not. */
  readonly memberSince: number | undefined
  readonly isReceiverMember: boolean
  readonly shareHousehold: boolean
  /** What she gave away today, on the programme's clock. */
  readonly givenToday: number
  readonly available: number
  /** Of these, those that no order earned within the last days (`settledBefore`). */
  readonly settled: number
  readonly now: number
}

const dayMs = 86_400_000

/** As long as the law of the European Union lets people send back what they bought at a distance (directive 2011/83, article 9). */
const returnDays = 14

const minimumAge = ({ transfers, returns }: Programme['terms']): number =>
  transfers.minimumAgeDays ?? (returns.earned === 'withinBalance' ? returnDays : 0)

/**
 * What an order earned until then can be given to others; what it earned later may have to go back with its goods, which is only there
 * to be taken while it is hers. Points that no order earned can be given at once.
 *
 *     const settled = lots.filter(lot => isSettled(lot, settledBefore(programme.terms, now)))
 */
export const settledBefore = (terms: Programme['terms'], now: number): number => now - minimumAge(terms) * dayMs

export const isSettled = ({ orderId, earnedAt }: Pick<Lot, 'orderId' | 'earnedAt'>, before: number): boolean =>
  orderId === null || earnedAt <= before

/**
 * Whether somebody may give points away, and what of them the house keeps.
 *
 *     checkTransfer({ points: 250, … })   // { ok: true, value: { fee: 12 } } at 5 percent
 */
export const checkTransfer = (facts: TransferFacts): Result<{ readonly fee: number }> => {
  const { programme, points, memberSince, givenToday, available, now } = facts
  const { between, minimum, dailyLimit, waitingDays, feePercent } = programme.terms.transfers
  const { id } = programme
  const decimals = toldDecimals(programme.terms)
  const refusal = ((): Refusal | undefined => {
    if (facts.isSelf) return refuse(transferRefusals.transfer_to_self)
    if (between === 'nobody' || (between === 'household' && !facts.shareHousehold))
      return refuse(transferRefusals.transfer_not_allowed, { programme: id, between })
    if (memberSince === undefined)
      return refuse(transferRefusals.transfer_needs_member, { programme: id, direction: 'from' })
    if (!facts.isReceiverMember)
      return refuse(transferRefusals.transfer_needs_member, { programme: id, direction: 'to' })
    if (points < minimum) return refuse(transferRefusals.transfer_below_minimum, { minimum, points, ...decimals })
    const from = memberSince + waitingDays * dayMs
    if (now < from) return refuse(transferRefusals.transfer_too_early, { programme: id, from: formatInstant(from) })
    if (givenToday + points > (dailyLimit ?? Number.POSITIVE_INFINITY))
      return refuse(transferRefusals.transfer_limit_reached, { limit: dailyLimit!, given: givenToday, ...decimals })
    if (points > available)
      return refuse(transferRefusals.transfer_balance_insufficient, { asked: points, available, ...decimals })
    const days = minimumAge(programme.terms)
    if (points > facts.settled)
      return refuse(transferRefusals.transfer_points_unsettled, {
        asked: points,
        settled: facts.settled,
        available,
        days,
        ...decimals,
      })
    return undefined
  })()
  // Of all that is given in a day, so that nobody gives a point at a time to save it. Exact where a product passes 2^53.
  const feeOf = (given: number): bigint => (BigInt(given) * BigInt(feePercent)) / 100n
  return refusal ? no(refusal) : ok({ fee: Number(feeOf(givenToday + points) - feeOf(givenToday)) })
}
