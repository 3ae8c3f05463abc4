import { z } from 'zod'
import { callerId, channelName, currencyCode, instant, minorUnits } from '../kernel/schema.ts'
import { programmeId } from '../loyalty/schema.ts'
import { paidAnswer, tender } from '../loyalty/tender.ts'
import { codeText, offerId } from '../offers/schema.ts'
import { clerkId } from '../workspaces/clerk.ts'

export const MAX_LINES = 1000
export const MAX_UNITS = 10_000

const attribute = z.union([z.string().max(500), z.int(), z.boolean()])

const lineFields = {
  id: z.string().min(1).max(64),
  sku: z.string().min(1).max(128),
  category: z.string().max(128).optional(),
  name: z.string().max(300).optional(),
  attributes: z
    .record(z.string().max(64), attribute)
    .optional()
    .meta({ description: 'Whole numbers, text and true or false; conditions read them as line.attributes.x' }),
}

export const orderLine = z
  .union([
    z.strictObject({ ...lineFields, quantity: z.int().min(1).max(MAX_UNITS), unitPrice: minorUnits }),
    z.strictObject({
      ...lineFields,
      amount: minorUnits.meta({ description: 'For the whole line: weighed goods. It is one unit.' }),
      measure: z
        .string()
        .max(40)
        .optional()
        .meta({ description: 'Information only', examples: ['0.734 kg'] }),
    }),
  ])
  .meta({ id: 'OrderLine' })
export type OrderLine = z.output<typeof orderLine>

/** Minor units of a whole line before discounts. */
export const lineSubtotal = (line: OrderLine): number =>
  'amount' in line ? line.amount : line.quantity * line.unitPrice
export const lineQuantity = (line: OrderLine): number => ('amount' in line ? 1 : line.quantity)

type Checked = {
  lines: OrderLine[]
  shipping?: number
  person?: string | undefined
  identifiers?: string[] | undefined
}

const basketChecks = (order: Checked, context: z.RefinementCtx): void => {
  const seen = new Set<string>()
  let units = 0
  let subtotal = order.shipping ?? 0
  for (const [index, line] of order.lines.entries()) {
    if (seen.has(line.id))
      context.addIssue({
        code: 'custom',
        path: ['lines', index, 'id'],
        message: 'stands on two lines; each line needs its own id',
      })
    seen.add(line.id)
    units += lineQuantity(line)
    subtotal += lineSubtotal(line)
  }
  if (order.identifiers && order.identifiers.length > 0 && order.person === undefined)
    context.addIssue({ code: 'custom', path: ['identifiers'], message: 'are linked with `person`, which is missing' })
  if (units > MAX_UNITS)
    context.addIssue({
      code: 'custom',
      path: ['lines'],
      message: `hold ${units} units; an order holds at most ${MAX_UNITS}`,
    })
  if (!Number.isSafeInteger(subtotal))
    context.addIssue({ code: 'custom', path: ['lines'], message: 'add up to more than 2^53 − 1 minor units' })
}

export const orderInput = z
  .strictObject({
    person: z
      .string()
      .min(1)
      .max(400)
      .optional()
      .meta({ description: 'A person id or type:value', examples: ['email:ana@example.com'] }),
    identifiers: z
      .array(z.string().min(1).max(400))
      .max(5)
      .optional()
      .meta({
        description: 'What else the buyer showed, as type:value; linked with `person` once the order is placed',
        examples: [['loyaltyCard:4711']],
      }),
    channel: channelName.optional().meta({ description: 'The key’s where left out' }),
    location: z.string().min(1).max(80).optional(),
    clerk: clerkId.optional().meta({ description: 'Who served; told with the order, and decides nothing' }),
    currency: currencyCode.optional().meta({ description: 'The workspace’s where left out' }),
    state: z.enum(['open', 'placed']),
    codes: z.array(codeText).max(50).default([]),
    lines: z.array(orderLine).min(1).max(MAX_LINES),
    shipping: minorUnits.default(0),
    tenders: z
      .array(tender)
      .max(20)
      .optional()
      .meta({
        description:
          'How it is paid; conditions ask for the types. Points, gift cards by their code (or their id, where they lie in the buyer’s wallet), credit and cashback pay from here, in this order.',
        examples: [[{ type: 'points', programme: 'club' }, { type: 'card' }]],
      }),
    choices: z
      .record(offerId, z.string().min(1).max(128))
      .refine(choices => Object.keys(choices).length <= 50, 'at most 50 choices')
      .optional()
      .meta({ description: 'The SKU chosen where an offer gives one of several, by offer' }),
    hold: z
      .strictObject({ seconds: z.int().min(1).max(86_400) })
      .optional()
      .meta({ description: 'With `open`: keeps what applies for so long' }),
    requireCodes: z.boolean().default(false).meta({ description: 'Refuse the order (409) where a code cannot apply' }),
    expectTotal: minorUnits.optional().meta({ description: 'Refuse (409 total_changed) where the total is another' }),
    revision: z
      .int()
      .min(0)
      .max(2_000_000_000)
      .optional()
      .meta({ description: 'The caller’s counter; an older PUT is refused' }),
    occurredAt: instant.optional().meta({ description: 'History and late tills; secret and admin keys only' }),
  })
  .superRefine(basketChecks)
  .meta({ id: 'OrderInput' })

export const cancelInput = z
  .strictObject({
    state: z.literal('cancelled'),
    revision: z.int().min(0).max(2_000_000_000).optional(),
  })
  .meta({ id: 'CancelInput', description: 'Gives uses and budget back' })

export const orderPut = z.discriminatedUnion('state', [orderInput, cancelInput])
export type OrderInput = z.output<typeof orderInput>
export type CancelInput = z.output<typeof cancelInput>
export type OrderPut = OrderInput | CancelInput

export const refusalAnswer = z
  .strictObject({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Refusal' })

export const orderState = z.enum(['open', 'placed', 'returned', 'cancelled'])
export type OrderState = z.output<typeof orderState>

export const given = z.union([
  z.strictObject({ what: z.literal('gift'), sku: z.string(), name: z.string().optional(), quantity: z.int() }),
  z.strictObject({
    what: z.literal('offer'),
    offer: offerId,
    quantity: z.int(),
    grants: z.array(z.string()).optional().meta({ description: 'Once placed' }),
  }),
  z.strictObject({
    what: z.literal('entitlement'),
    entitlement: z.string(),
    title: z.string(),
    days: z.int().optional(),
    grants: z.array(z.string()).optional().meta({ description: 'Once placed' }),
  }),
  z.strictObject({
    what: z.literal('cashback'),
    amount: minorUnits,
    currency: currencyCode,
    lines: z.array(z.string()).optional().meta({ description: 'The lines that it is given for; all where left out' }),
  }),
  z.strictObject({
    what: z.literal('points'),
    programme: programmeId,
    points: z.int(),
    qualifying: z.int().optional().meta({ description: 'Points that count towards a tier, where they are others' }),
    lines: z
      .array(z.string())
      .optional()
      .meta({ description: 'The lines that they are given for; all where left out' }),
    most: z.int().optional().meta({ description: 'What was left of the offer’s cap' }),
  }),
])

/** Points that come of an order or event, and when they can be spent. */
export const earnedAnswer = z
  .strictObject({
    programme: programmeId,
    points: z.int(),
    state: z.enum(['active', 'pending']),
    activeAt: instant.nullable().meta({ description: 'Of pending ones; null: when what they wait for happens' }),
    expiresAt: instant.nullable().meta({ description: 'From when on they are gone; null: they stay' }),
    offers: z.array(z.strictObject({ offer: offerId, points: z.int() })),
  })
  .meta({ id: 'Earned' })
export type EarnedAnswer = z.output<typeof earnedAnswer>

export const appliedAnswer = z.strictObject({
  offer: offerId,
  name: z.string(),
  code: z.string().optional(),
  grant: z.string().optional(),
  amount: minorUnits.meta({ description: 'Money off, lines and shipping' }),
  shipping: minorUnits.optional().meta({ description: 'Of it, off shipping' }),
  gives: z.array(given).optional().meta({ description: 'What is given besides money' }),
  redemption: z.string().optional().meta({ description: 'Once placed or held' }),
})

/** Money to spend later, and when it can be spent. */
export const cashbackAnswer = z
  .strictObject({
    offer: offerId,
    amount: minorUnits,
    currency: currencyCode,
    state: z.enum(['active', 'pending']),
    activeAt: instant.nullable().meta({ description: 'Of what is pending' }),
    expiresAt: instant.nullable().meta({ description: 'From when on it is gone; null: it stays' }),
  })
  .meta({ id: 'CashbackOfOrder' })
export type CashbackAnswer = z.output<typeof cashbackAnswer>

export const orderAnswer = z
  .strictObject({
    id: callerId,
    state: orderState,
    revision: z.int(),
    decision: z.string().nullable().meta({ description: 'Null for a dry run: nothing is stored' }),
    person: z.string().nullable(),
    channel: z.string(),
    currency: currencyCode,
    heldUntil: instant.nullable(),
    totals: z.strictObject({
      subtotal: minorUnits,
      discount: minorUnits.meta({ description: 'Off the lines' }),
      shipping: minorUnits.meta({ description: 'As the caller gave it' }),
      shippingDiscount: minorUnits,
      total: minorUnits,
    }),
    lines: z.array(
      z.strictObject({
        id: z.string(),
        subtotal: minorUnits,
        discount: minorUnits,
        total: minorUnits,
        discounts: z.array(z.strictObject({ offer: offerId, amount: minorUnits })),
        units: z
          .array(
            z.strictObject({
              quantity: z.int(),
              each: minorUnits,
              discounts: z.array(z.strictObject({ offer: offerId, each: minorUnits })),
            }),
          )
          .optional()
          .meta({ description: 'What each unit costs, in their order; left out where all cost the same' }),
      }),
    ),
    applied: z.array(appliedAnswer),
    earned: z
      .array(earnedAnswer)
      .optional()
      .meta({ description: 'Points it earns; where it is open, points it would' }),
    available: z.array(
      z.strictObject({ offer: offerId, name: z.string(), missing: z.record(z.string(), z.unknown()) }),
    ),
    refused: z.array(z.strictObject({ code: z.string().optional(), offer: offerId.optional(), reason: refusalAnswer })),
    withheld: z.array(appliedAnswer).optional().meta({
      description: 'What somebody who is held out would have been given; secret and admin keys only',
    }),
    combination: z
      .strictObject({ exact: z.literal(false), value: minorUnits, bound: minorUnits })
      .optional()
      .meta({
        description:
          'Where so many offers could apply that not every combination was tried: what the chosen one is worth, and what none can exceed',
      }),
    cashback: z.array(cashbackAnswer).optional().meta({ description: 'Money to spend later that it gives' }),
    paid: z
      .array(paidAnswer)
      .optional()
      .meta({ description: 'What points, gift cards, credit and cashback pay; `open` only holds it where asked' }),
    due: minorUnits.optional().meta({ description: 'With `paid`: what is left to pay otherwise' }),
    returned: z
      .strictObject({
        refunded: minorUnits,
        lines: z.record(z.string(), z.int()).meta({ description: 'Units that came back, by line' }),
      })
      .optional()
      .meta({ description: 'What has come back so far' }),
  })
  .meta({ id: 'Order' })
export type OrderAnswer = z.output<typeof orderAnswer>
