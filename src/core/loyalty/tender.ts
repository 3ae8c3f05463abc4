import { z } from 'zod'
import { codeText, minorUnits } from '../kernel/schema.ts'
import { giftCardId } from './gift-card-schema.ts'
import { programmeId } from './schema.ts'

const amount = minorUnits.optional().meta({ description: 'Left out, as much as is there and may be paid' })

const pointsTender = z
  .strictObject({
    type: z.literal('points'),
    programme: programmeId.optional().meta({ description: 'May be left out where there is one programme' }),
    points: z.int().min(1).max(1_000_000_000_000).optional(),
    amount,
  })
  .refine(it => it.points === undefined || it.amount === undefined, 'takes "points" or "amount", not both')
const cardTender = z.strictObject({ type: z.literal('giftCard'), code: codeText, amount })
const keptCardTender = z.strictObject({
  type: z.literal('giftCard'),
  card: giftCardId.meta({ description: 'In the place of its code: a card in the wallet of whoever buys' }),
  amount,
})
const moneyTender = z.strictObject({ type: z.enum(['credit', 'cashback']), amount })

/**
 * How an order is paid. Points, gift cards, store credit and cashback lie in the ledger and pay; of any other tender only its type is
 * looked at, by conditions. A gift card is named by its code, which whoever holds it may spend, or by its id, which pays for nobody but the
 * person in whose wallet it lies. With neither it is one of another system.
 */
export const tender = z.union([
  pointsTender,
  cardTender,
  keptCardTender,
  moneyTender,
  z.strictObject({ type: z.string().trim().min(1).max(40), amount: minorUnits.optional() }),
])
export type Tender = z.output<typeof tender>

export const storedTypes = ['points', 'giftCard', 'credit', 'cashback'] as const
export type StoredType = (typeof storedTypes)[number]
export type CardTender = z.output<typeof cardTender> | z.output<typeof keptCardTender>
export type StoredTender = z.output<typeof pointsTender> | CardTender | z.output<typeof moneyTender>

/** `isStored({ type: 'giftCard', code: 'ABCD' })` is true, `isStored({ type: 'giftCard' })` and `isStored({ type: 'card' })` are not. */
export const isStored = (it: Tender): it is StoredTender =>
  it.type === 'giftCard' ? 'code' in it || 'card' in it : (storedTypes as readonly string[]).includes(it.type)

const asMuch = { description: 'What it pays of the total, in minor units' }

/** What stored tenders pay, in the order in which they were given. */
export const paidAnswer = z.union([
  z.strictObject({
    type: z.literal('points'),
    programme: programmeId,
    points: z.int(),
    amount: minorUnits.meta(asMuch),
    left: z.int().meta({ description: 'Points that can be spent after this' }),
  }),
  z.strictObject({
    type: z.literal('giftCard'),
    card: z.string(),
    amount: minorUnits.meta(asMuch),
    left: minorUnits.meta({ description: 'Money that is left on it after this' }),
  }),
  z.strictObject({ type: z.enum(['credit', 'cashback']), amount: minorUnits.meta(asMuch), left: minorUnits }),
])
export type PaidAnswer = z.output<typeof paidAnswer>

/** To whom a refund goes: `other` is what was paid otherwise. */
export const refundAnswer = z.strictObject({
  type: z.enum([...storedTypes, 'other']),
  programme: programmeId.optional(),
  card: z.string().optional(),
  amount: minorUnits,
  points: z.int().optional().meta({ description: 'That go back to the lots they came from' }),
})
export type RefundAnswer = z.output<typeof refundAnswer>
