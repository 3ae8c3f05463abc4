import { z } from 'zod'
import { currencyCode, instant, minorUnits, money } from '../kernel/schema.ts'
import { programmeId } from '../loyalty/schema.ts'
import { offerId, offerInput } from '../offers/schema.ts'
import { combination } from '../workspaces/schema.ts'

export const mostDrafts = 200

/** An offer that is not made yet: the body of `POST /v1/offers`, with or without a campaign. */
export const draft = offerInput.partial({ campaign: true }).meta({
  id: 'DraftOffer',
  description:
    'An offer as in `POST /v1/offers`; its campaign may be left out. The first draft has the id off_draft000000000000000000001, the second …2, should one give another.',
})
export type Draft = z.output<typeof draft>

const percent = z.number().min(1).max(100)

export const members = z.union([z.enum(['all', 'none']), z.number().min(0).max(100)])
type Members = z.output<typeof members>

/** In percent. */
export const membersShare = (given: Members): number => (given === 'all' ? 100 : given === 'none' ? 0 : given)

export const simulationInput = z
  .strictObject({
    offers: z.array(draft).min(1).max(mostDrafts),
    withLive: z.boolean().default(false).meta({ description: 'Decide beside the offers that are live now' }),
    replaces: z
      .array(offerId)
      .max(mostDrafts)
      .default([])
      .meta({ description: 'Live offers that drafts are new versions of: they are not decided beside them' }),
    from: instant
      .optional()
      .meta({ description: 'Inclusive; of the orders before it it is only counted who bought what' }),
    to: instant.optional().meta({ description: 'Exclusive; now where left out' }),
    maxOffPercent: percent.default(50).meta({ description: 'Orders that get more than this off are counted' }),
    combination: combination.optional().meta({ description: 'How offers combine; as in the workspace where left out' }),
    members: members.default('all').meta({
      description:
        'Who is a member of the programmes whose points are given: everybody, nobody, or so many percent of those who are named. Whoever joins with the first order does',
    }),
  })
  .meta({ id: 'SimulationInput' })
export type SimulationInput = z.output<typeof simulationInput>

const amount = z.int()
const revenue = z.strictObject({
  before: minorUnits.meta({ description: 'What the orders cost with their shipping, before any offer' }),
  after: minorUnits,
})
const margin = z
  .strictObject({
    revenue: minorUnits.meta({ description: 'Of the lines whose cost is known, before any offer' }),
    before: amount,
    after: amount,
  })
  .nullable()
  .meta({ description: 'Price less cost of the lines whose cost is known; null where none is' })

/** What a simulation takes for granted, in the order it is told. */
export const assumptionCodes = [
  'same_purchases',
  'past_discounts_left_out',
  'no_holdout_no_returns',
  'everybody_has_code',
  'everybody_has_grant',
  'live_codes_as_used',
  'live_grants_left_out',
  'orders_only',
  'everybody_member',
  'some_members',
  'nobody_member',
  'programme_unknown',
  'earlier_orders_counted',
  'dice_of_simulation',
] as const
export type AssumptionCode = (typeof assumptionCodes)[number]

/** As refusals are told: `message` in English, `code` and `details` for other languages. */
const assumption = z.strictObject({
  code: z.enum(assumptionCodes),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
})

const limitTold = z.strictObject({
  limit: z.string(),
  allowed: z.int(),
  period: z.string().optional().meta({ description: 'Of a limit for each `day`, `week`…; left out: for ever' }),
  ranDryAt: instant.meta({ description: 'When it was used up, or first turned an order away' }),
  turnedAway: z.int().meta({ description: 'Orders that met its conditions when it was used up' }),
})

const offerTold = z.strictObject({
  offer: offerId,
  name: z.string(),
  sentence: z.string(),
  isDraft: z.boolean(),
  redemptions: z.int(),
  people: z.int(),
  share: z.number().meta({ description: 'Of all orders, those it applied to' }),
  discount: minorUnits.meta({ description: 'Lines and shipping' }),
  given: z.int().meta({ description: 'Gifts, grants and entitlements' }),
  points: z
    .strictObject({
      programme: programmeId,
      points: z.int(),
      worth: money.nullable().meta({ description: 'At the programme’s rate; null where it has none' }),
    })
    .optional()
    .meta({ description: 'Of an offer that gives points' }),
  cashback: minorUnits.optional().meta({ description: 'Of an offer that gives cashback: money that is owed then' }),
  revenue,
  margin,
  firstUseAt: instant.nullable(),
  lastUseAt: instant.nullable(),
  limits: z.array(limitTold),
})

export const simulationReport = z
  .strictObject({
    currency: currencyCode,
    firstAt: instant.nullable(),
    lastAt: instant.nullable(),
    orders: z.int(),
    people: z.int(),
    ordersWithoutPerson: z.int().meta({ description: 'That do not say who bought' }),
    ordersTouched: z.int().meta({ description: 'That get anything' }),
    revenue,
    discount: minorUnits,
    effectiveRate: z.number().meta({ description: 'Discount by revenue before' }),
    margin,
    offers: z.array(offerTold),
    beats: z.array(z.strictObject({ winner: offerId, loser: offerId, beaten: z.int(), excluded: z.int() })).meta({
      description: 'Which offer applied in the place of which, and how often; the most frequent ones',
    }),
    over: z.strictObject({ percent, orders: z.int() }).meta({ description: 'Orders that get more than so much off' }),
    mostExpensive: z
      .array(
        z.strictObject({
          id: z.string(),
          at: instant,
          before: minorUnits,
          discount: minorUnits,
          offers: z.array(z.strictObject({ offer: offerId, amount: minorUnits })),
        }),
      )
      .meta({ description: 'The orders that get the largest discounts' }),
    days: z.array(
      z.strictObject({ date: z.string(), orders: z.int(), revenueBefore: minorUnits, discount: minorUnits }),
    ),
    notProved: z.int().meta({ description: 'Orders with so many fitting offers that not every combination was tried' }),
    setAside: z.strictObject({
      before: z.int().meta({ description: 'Orders before `from`' }),
      otherCurrency: z.int(),
    }),
    assumptions: z.array(assumption).meta({ description: 'What it takes for granted' }),
  })
  .meta({ id: 'SimulationReport', description: 'What drafts of offers would have done to past orders' })
export type SimulationReport = z.output<typeof simulationReport>
