import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { payRefusals } from './pay-refusals.ts'
import { type PaidAnswer, type RefundAnswer, type StoredType, storedTypes } from './tender.ts'

/** What a tender pays out of: `units` of it are worth `worth` minor units. Money is worth itself, 1 to 1. */
export type Purse = {
  readonly type: StoredType
  /** What it is counted in, for sentences: `points`, or a currency. */
  readonly unit: string
  /** Of points that have some. */
  readonly decimals?: number
  /** Units that can be spent. */
  readonly available: number
  readonly units: number
  readonly worth: number
  /** Fewest and most units at once. */
  readonly minimum: number
  readonly maximum: number
  /** Of the order's total, what it may pay. */
  readonly maxPercent: number
}

/** Money in a purse: all of it may be spent. */
export const moneyPurse = (type: StoredType, unit: string, available: number): Purse => ({
  type,
  unit,
  available,
  units: 1,
  worth: 1,
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  maxPercent: 100,
})

/** What is asked of a purse: so many units, so much money, or as much as there is. */
export type Asked = {
  readonly purse: Purse
  readonly units?: number | undefined
  readonly amount?: number | undefined
}

/** Minor units paid, and the units of the purse they take. */
export type Part = { readonly amount: number; readonly units: number }

/** Exact where products pass 2^53. */
const times = (value: number, by: number, over: number): { down: number; up: number } => {
  const product = BigInt(value) * BigInt(by)
  const down = product / BigInt(over)
  return { down: Number(down), up: Number(product % BigInt(over) === 0n ? down : down + 1n) }
}

/** Whole units that an amount takes: `unitsFor({ units: 100, worth: 50 }, 333)` is 666. */
export const unitsFor = ({ units, worth }: Pick<Purse, 'units' | 'worth'>, amount: number): number =>
  times(amount, units, worth).up

const worthOf = ({ units, worth }: Purse, spent: number): number => times(spent, worth, units).down

/**
 * What each tender pays of a total, in the order given, and what is left to pay. Where nothing is asked a purse pays as much as it
 * holds and may; what is asked and cannot be is refused. Units are whole: an amount takes as many as it needs, and nobody loses a part
 * of one without having asked for that amount.
 *
 *     payOut(1000, [{ purse: clubPoints }, { purse: giftCard, amount: 300 }])
 *     // { ok: true, value: { parts: [{ amount: 250, units: 250 }, { amount: 300, units: 300 }], due: 450 } }
 */
export const payOut = (
  total: number,
  tenders: readonly Asked[],
): Result<{ readonly parts: readonly Part[]; readonly due: number }> => {
  const parts: Part[] = []
  let due = total
  for (const { purse, units, amount } of tenders) {
    const limit = Math.min(due, times(total, purse.maxPercent, 100).down)
    const part =
      units === undefined && amount === undefined
        ? ok(asMuchAsMay(purse, limit))
        : asAsked(purse, limit, units ?? unitsFor(purse, amount!), amount)
    if (!part.ok) return part
    parts.push(part.value)
    due -= part.value.amount
  }
  return ok({ parts, due })
}

const nothing: Part = { amount: 0, units: 0 }

const asMuchAsMay = (purse: Purse, limit: number): Part => {
  const most = Math.min(purse.available, purse.maximum, times(limit, purse.units, purse.worth).down)
  const amount = worthOf(purse, most)
  // Fewer may be worth the same: 7 points at 3 a cent pay 2 cents, as 6 do.
  const units = unitsFor(purse, amount)
  return units < purse.minimum ? nothing : { amount, units }
}

const asAsked = (purse: Purse, limit: number, units: number, asked: number | undefined): Result<Part> => {
  const { type, unit, available, decimals } = purse
  const counted = { type, unit, ...(decimals !== undefined && { decimals }) }
  if (units === 0) return ok(nothing)
  if (units > available) return no(refuse(payRefusals.balance_insufficient, { ...counted, asked: units, available }))
  const amount = asked ?? worthOf(purse, units)
  const minimum = Math.max(purse.minimum, unitsFor(purse, 1))
  if (units < minimum) return no(refuse(payRefusals.points_below_minimum, { ...counted, minimum, asked: units }))
  const most = Math.min(purse.maximum, times(limit, purse.units, purse.worth).down)
  // An amount may take the rest of a unit that its worth does not use up.
  const isTooMuch = asked === undefined ? units > most : asked > limit || units > purse.maximum
  if (isTooMuch) return no(refuse(payRefusals.tender_too_much, { ...counted, most, asked: units }))
  return ok({ amount, units })
}

/**
 * What stored tenders paid of an order by their kind, in minor units: what was paid so earns only where a programme says so.
 *
 *     paidByType([{ type: 'points', programme: 'club', points: 250, amount: 250, left: 0 }])
 *     // { points: 250, giftCard: 0, credit: 0, cashback: 0 }
 */
export const paidByType = (paid: readonly PaidAnswer[]): Readonly<Record<StoredType, number>> => {
  const sums = Object.fromEntries(storedTypes.map(type => [type, 0])) as Record<StoredType, number>
  for (const { type, amount } of paid) sums[type] += amount
  return sums
}

/**
 * How much of each tender has gone back when so much of an order is refunded: stored tenders first, in the order in which they paid. A
 * pure function of the whole that is back, so the split into returns does not matter (promise 6). Units go back in proportion, rounded
 * down, until all of the tender is back.
 *
 *     refundedTo([{ amount: 200, units: 100 }], 150)   // [{ amount: 150, units: 75 }]
 */
export const refundedTo = (paid: readonly Part[], refunded: number): readonly Part[] => {
  let rest = refunded
  return paid.map(({ amount, units }) => {
    const back = Math.min(rest, amount)
    rest -= back
    return { amount: back, units: amount === 0 ? 0 : times(units, back, amount).down }
  })
}

/** What was paid, as parts: money is its own unit. */
export const partsOf = (paid: readonly PaidAnswer[]): readonly Part[] =>
  paid.map(it => ({ amount: it.amount, units: it.type === 'points' ? it.points : it.amount }))

/** What goes back to whom when what is refunded in all rises from `before` to `after`. */
export const refundsOf = (paid: readonly PaidAnswer[], before: number, after: number): readonly RefundAnswer[] => {
  const parts = partsOf(paid)
  const then = refundedTo(parts, before)
  const now = refundedTo(parts, after)
  const refunds = paid.flatMap((it, index): RefundAnswer[] => {
    const amount = now[index]!.amount - then[index]!.amount
    const points = now[index]!.units - then[index]!.units
    if (amount === 0) return []
    if (it.type === 'points') return [{ type: it.type, programme: it.programme, amount, points }]
    return it.type === 'giftCard' ? [{ type: it.type, card: it.card, amount }] : [{ type: it.type, amount }]
  })
  const other = after - before - refunds.reduce((sum, it) => sum + it.amount, 0)
  return other > 0 ? [...refunds, { type: 'other', amount: other }] : refunds
}
