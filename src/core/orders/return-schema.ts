import { z } from 'zod'
import { callerId, currencyCode, instant, minorUnits } from '../kernel/schema.ts'
import { programmeId } from '../loyalty/schema.ts'
import { refundAnswer } from '../loyalty/tender.ts'
import { offerId } from '../offers/schema.ts'
import { conditions, policies } from './refund.ts'
import { MAX_LINES, MAX_UNITS, orderState } from './schema.ts'

const returnLine = z
  .strictObject({
    id: z.string().min(1).max(64),
    quantity: z.int().min(1).max(MAX_UNITS),
    units: z.array(z.int().min(1).max(MAX_UNITS)).min(1).max(MAX_UNITS).optional().meta({
      description: 'Which of the line’s units, from 1, where they cost differently; the cheapest where left out',
    }),
  })
  .refine(({ quantity, units }) => units === undefined || units.length === quantity, {
    path: ['units'],
    message: 'must name as many units as "quantity" says',
  })
  .refine(({ units = [] }) => new Set(units).size === units.length, {
    path: ['units'],
    message: 'names a unit twice',
  })

export const returnInput = z
  .strictObject({
    id: callerId.meta({ description: 'Chosen by the caller; the same id is one return for ever' }),
    lines: z.array(returnLine).max(MAX_LINES).default([]),
    shipping: z.literal(true).optional().meta({ description: 'The shipping is refunded too' }),
    gifts: z.array(offerId).max(50).optional().meta({ description: 'The offers whose gift came back' }),
    reason: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short code such as "damaged"')
      .optional()
      .meta({ description: 'A code of your own; no free text, which might name somebody', examples: ['damaged'] }),
    occurredAt: instant.optional().meta({ description: 'History and late tills; secret and admin keys only' }),
  })
  .superRefine(({ lines, shipping, gifts = [] }, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (lines.length === 0 && !shipping && gifts.length === 0)
      complain(['lines'], 'are empty, and neither shipping nor a gift comes back: there is nothing to return')
    for (const [index, { id }] of lines.entries())
      if (lines.findIndex(line => line.id === id) < index) complain(['lines', index, 'id'], 'is named twice')
    for (const [index, gift] of gifts.entries())
      if (gifts.indexOf(gift) < index) complain(['gifts', index], 'is named twice')
  })
  .meta({ id: 'ReturnInput' })
export type ReturnInput = z.output<typeof returnInput>

export const returnAnswer = z
  .strictObject({
    id: callerId,
    order: callerId,
    at: instant,
    currency: currencyCode,
    reason: z.string().optional(),
    refund: minorUnits.meta({ description: 'To pay out now: lines and shipping, less what is charged back' }),
    refunds: z
      .array(refundAnswer)
      .optional()
      .meta({ description: 'Where stored tenders paid: whom it goes back to, those first; `other` is paid out' }),
    pointsBack: z
      .array(
        z.strictObject({
          programme: programmeId,
          points: z.int().meta({ description: 'That are taken back now' }),
          debt: z.int().optional().meta({ description: 'Of these, what she has not got and owes' }),
          short: z
            .int()
            .optional()
            .meta({ description: 'That would have to go back and stay, by the policy of the programme' }),
        }),
      )
      .optional()
      .meta({ description: 'Points that the goods earned' }),
    lines: z.array(
      z.strictObject({
        id: z.string(),
        quantity: z.int(),
        units: z.array(z.int()).meta({ description: 'Which ones, counted from 1: they may have cost differently' }),
        subtotal: minorUnits.meta({ description: 'Of these units, before discounts' }),
        refund: minorUnits.meta({ description: 'What these units cost in the end' }),
      }),
    ),
    shipping: minorUnits.meta({ description: 'Paid for shipping, where it is refunded' }),
    chargedBack: z.int().meta({
      description:
        'Because offers no longer hold for what is kept; never more than the refund. Negative where an earlier charge is given back.',
    }),
    carried: minorUnits.meta({ description: 'What would be charged beyond that; a later return may still charge it' }),
    offers: z.array(
      z.strictObject({
        offer: offerId,
        name: z.string(),
        policy: z.enum(policies),
        condition: z.enum(conditions).meta({
          description:
            'Whether it holds for what is kept. `notAsked`: it makes no difference, or the facts of then were not kept',
        }),
        givenBack: z.int().meta({ description: 'Of its discount, by this return' }),
        usesBack: z.int().meta({ description: 'Uses that are free again' }),
      }),
    ),
    cashbackBack: z
      .array(z.strictObject({ offer: offerId, amount: minorUnits, short: minorUnits.optional() }))
      .optional()
      .meta({ description: 'Cashback that is taken back; `short` is what was spent already' }),
    takeBack: z
      .array(z.strictObject({ offer: offerId, sku: z.string(), name: z.string().optional(), quantity: z.int() }))
      .meta({
        description: 'Gifts to ask for: their offer no longer holds. Nothing is charged for one that stays away.',
      }),
    revoked: z.array(z.strictObject({ offer: offerId, grant: z.string() })).meta({
      description: 'Grants that the order made, unused, and that are void now',
    }),
    totals: z
      .strictObject({ paid: minorUnits, refunded: minorUnits, remaining: minorUnits })
      .meta({ description: 'Of the order, this return included' }),
    state: orderState.meta({ description: 'Of the order: `returned` once every unit is back' }),
  })
  .meta({ id: 'Return' })
export type ReturnAnswer = z.output<typeof returnAnswer>
