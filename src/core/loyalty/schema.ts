import { z } from 'zod'
import { instant, money, name } from '../kernel/schema.ts'
import { burnOrders } from '../ledger/lots.ts'

/** A programme's id, chosen by the caller: `points:club` is what its points are called in the ledger. */
export const programmeId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, such as "club"')
  .meta({ examples: ['club'] })

export const tierId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, such as "gold"')

const days = z.int().min(1).max(3650)
const months = z.int().min(1).max(120)
/** In the smallest unit of the programme's points. */
const points = z.int().min(0).max(1_000_000_000_000)

export const pending = z
  .union([
    z.strictObject({ days }).meta({ description: 'Can be spent so many days after it was earned: a return window' }),
    z.strictObject({
      event: z.string().trim().min(1).max(200),
      days: days.optional().meta({ description: 'Gone where the event has not come by then; left out, it waits' }),
    }),
  ])
  .meta({ description: 'What is earned cannot be spent at once. Left out, it can.' })
export type Pending = z.output<typeof pending>

/** The last usable day is inclusive, in the programme's time zone. */
export const expiry = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('after'), days: days.optional(), months: months.optional() })
      .refine(it => (it.days === undefined) !== (it.months === undefined), 'needs either "days" or "months"'),
    z.strictObject({
      kind: z.literal('endOf'),
      period: z.enum(['month', 'year']),
      periods: z
        .int()
        .min(0)
        .max(120)
        .default(0)
        .meta({ description: 'So many periods after the one it is earned in' }),
    }),
    z.strictObject({
      kind: z.literal('sliding'),
      days: days.meta({ description: 'All that is left ends so many days after she last earned or spent' }),
    }),
  ])
  .meta({
    description: 'Until when points last: 31 January and 1 month is the last day of February. Left out, for ever.',
  })
export type Expiry = z.output<typeof expiry>

export const burning = z
  .strictObject({
    order: z.enum(burnOrders).default('soonestExpiring').meta({ description: 'Which points are spent first' }),
    minimum: points.default(0).meta({ description: 'No fewer points at once' }),
    maximum: points.optional().meta({ description: 'No more points at once' }),
    maxPercent: z.int().min(1).max(100).default(100).meta({ description: 'Of an order’s total, what points may pay' }),
  })
  .prefault({})
export type Burning = z.output<typeof burning>

export const returns = z
  .strictObject({
    earned: z.enum(['pendingOnly', 'withinBalance', 'unlimited']).default('withinBalance').meta({
      description:
        'What goods that come back take with them: points that are pending still, what she has, or all, so that she may owe points',
    }),
    maxDebt: points.optional().meta({ description: 'With `unlimited`: she never owes more' }),
    graceDays: z.int().min(0).max(365).default(0).meta({
      description: 'Points that were spent and have ended since come back for so many days; 0: they are gone',
    }),
  })
  .prefault({})
export type Returns = z.output<typeof returns>

export const tierLevel = z.strictObject({
  id: tierId,
  name,
  threshold: z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({
    description: 'Of what the tiers go by: qualifying points, money in minor units, or visits',
  }),
  benefits: z
    .array(z.string().trim().min(1).max(300))
    .max(20)
    .default([])
    .meta({ description: 'In words, for screens' }),
})
export type TierLevel = z.output<typeof tierLevel>

export const tiers = z.strictObject({
  by: z
    .enum(['points', 'spend', 'visits'])
    .meta({ description: '`points` are qualifying points; `visits` are orders' }),
  period: z.union([
    z.strictObject({ rolling: z.strictObject({ days: z.int().min(1).max(365) }) }),
    z.strictObject({ calendar: z.enum(['month', 'quarter', 'year']) }),
  ]),
  levels: z.array(tierLevel).min(1).max(20).meta({ description: 'From the lowest to the highest' }),
  down: z.enum(['none', 'one', 'all']).default('all').meta({
    description: 'At the end of a period: stay, fall one level, or fall to where she belongs',
  }),
  graceDays: z.int().min(0).max(365).default(0).meta({ description: 'She keeps a tier so many days longer' }),
})
export type Tiers = z.output<typeof tiers>

export const transfers = z
  .strictObject({
    between: z.enum(['nobody', 'household', 'anyone']).default('nobody'),
    minimum: points.default(1),
    dailyLimit: points.optional().meta({ description: 'Points a person may give away a day' }),
    minimumAgeDays: z.int().min(0).max(365).optional().meta({
      description:
        'So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost',
    }),
    waitingDays: z.int().min(0).max(365).default(0).meta({ description: 'After joining, before she may give' }),
    feePercent: z
      .int()
      .min(0)
      .max(50)
      .default(0)
      .meta({ description: 'Of what is given, kept by the house; rounded down, once for all of a day' }),
  })
  .prefault({})
export type Transfers = z.output<typeof transfers>

const fields = {
  name,
  timeZone: z.string().max(64).optional().meta({ description: 'IANA name; the workspace’s where left out' }),
  unit: z
    .strictObject({
      one: z.string().trim().min(1).max(40),
      many: z.string().trim().min(1).max(40),
      decimals: z.int().min(0).max(2).default(0).meta({ description: 'Points are kept to so many decimals' }),
    })
    .prefault({ one: 'point', many: 'points' }),
  rounding: z.enum(['down', 'nearest', 'up']).default('down').meta({
    description: 'What fractions of the smallest unit become, once an order',
  }),
  rate: z
    .strictObject({ points: z.int().min(1).max(1_000_000_000), worth: money })
    .optional()
    .meta({
      description:
        'What points are worth where they pay, and in the books; in smallest units. Left out, they pay nothing.',
      examples: [{ points: 100, worth: { amount: 100, currency: 'EUR' } }],
    }),
  join: z
    .strictObject({
      on: z.enum(['asking', 'firstOrder']).default('asking'),
      terms: z.string().trim().min(1).max(60).optional().meta({ description: 'The version people agree to now' }),
      thanks: z.string().trim().min(1).max(300).optional().meta({ description: 'Told whoever joins' }),
    })
    .prefault({}),
  leaving: z
    .strictObject({
      points: z.enum(['keep', 'forfeit']).default('keep').meta({
        description: 'What whoever leaves has: she may use it as long as it lasts, or it ends',
      }),
      days: z.int().min(0).max(365).default(0).meta({ description: 'With `forfeit`: after so many days of notice' }),
    })
    .prefault({}),
  pending: pending.optional(),
  expiry: expiry.optional(),
  burning,
  returns,
  earnsOn: z
    .strictObject({
      points: z.boolean().default(false),
      giftCards: z.boolean().default(false),
      credit: z.boolean().default(false),
      shipping: z.boolean().default(false),
    })
    .prefault({})
    .meta({ description: 'Whether what is paid with these, and what is paid for shipping, earns too' }),
  tiers: tiers.optional(),
  transfers,
  households: z
    .strictObject({ members: z.int().min(2).max(20) })
    .optional()
    .meta({ description: 'Several people may share one pool; left out, nobody may' }),
} as const

export const programmeInput = z.strictObject(fields).meta({ id: 'ProgrammeInput' })
export type ProgrammeInput = z.output<typeof programmeInput>

export const programmeState = z.enum(['live', 'paused', 'ended'])
export type ProgrammeState = z.output<typeof programmeState>

export const programme = z
  .strictObject({
    id: programmeId,
    version: z.int(),
    state: programmeState,
    ...fields,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Programme', description: 'Points that people earn, hold and spend, and the tiers they rise to' })

export const programmePut = programmeInput
  .extend({ state: programmeState.optional().meta({ description: 'Left out, it stays; a new one is live' }) })
  .meta({ id: 'ProgrammePut' })

/** That somebody is in a programme. */
export const programmeMember = z
  .strictObject({
    programme: programmeId,
    person: z.string(),
    joinedAt: instant,
    leftAt: instant.nullable().meta({ description: 'Null: she is in it' }),
    source: z.string(),
    terms: z.string().nullable().meta({ description: 'The version of the terms that she agreed to' }),
    tier: z.string().nullable(),
    thanks: z.string().optional().meta({ description: 'For whoever has just joined' }),
  })
  .meta({ id: 'ProgrammeMember' })

export const joinInput = z
  .strictObject({
    source: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a word such as "till"')
      .default('web')
      .meta({ description: 'Where she joined', examples: ['web', 'app', 'till', 'link'] }),
    terms: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'The version of the terms that she agreed to; the programme’s where left out' }),
    joinedAt: instant.optional().meta({ description: 'For members of before; secret and admin keys only' }),
  })
  .meta({ id: 'JoinInput' })

/** A programme as pure code sees it. */
export type Programme = {
  readonly id: string
  readonly version: number
  readonly state: ProgrammeState
  readonly terms: ProgrammeInput
  /** Names of events for which points of any version of it wait. */
  readonly awaited?: readonly string[]
}

/** That somebody is in a programme, on the holder she joined by. */
export type ProgrammeMember = {
  readonly holderId: string
  readonly programmeId: string
  readonly joinedAt: number
  leftAt: number | null
  source: string
  terms: string | null
  tier: string | null
  tierSince: number | null
  /** When she is asked whether she keeps it: the end of a period, or of her days of grace. */
  tierUntil: number | null
  /** In her days of grace: the tier she falls to when they end, '' for none. */
  fallsTo: string | null
  householdId: string | null
  dueAt: number | null
  revision: number
}
