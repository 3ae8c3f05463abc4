import { z } from 'zod'
import { currencyCode, instant } from '../core/kernel/schema.ts'
import { closingRefusals } from '../core/loyalty/finance-refusals.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { programmeId } from '../core/loyalty/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'
import { job } from './jobs.ts'

const tag = 'Finance'
const scopes = ['admin', 'secret'] as const

export const period = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as "2026-10"')
  .meta({ description: 'A month in the time zone of the workspace', examples: ['2026-10'] })

/** A month that is asked about: of what can have been, so that nobody has thousands of years added up. */
const askedPeriod = period.regex(/^(19|20|21)/, 'must be a month of the years 1900 to 2199')

const sums = {
  issued: z.int().meta({ description: 'Put on gift cards and given as store credit' }),
  earned: z.int(),
  givenBack: z.int().meta({ description: 'What had been spent and came back with goods' }),
  takenBack: z.int().meta({ description: 'What had been earned and went back with goods; below zero' }),
  burned: z.int().meta({ description: 'Spent; below zero' }),
  expired: z.int().meta({ description: 'Ended unspent; below zero' }),
  adjusted: z.int().meta({ description: 'By hand, up and down' }),
  fees: z.int().meta({ description: 'Kept by the house when people give to each other; below zero' }),
}
const standing = {
  closing: z.int().meta({ description: 'What is owed at the end: the four below together' }),
  spendable: z.int(),
  pending: z.int().meta({ description: 'Earned, and cannot be spent yet' }),
  held: z.int().meta({ description: 'Set aside for orders that are open' }),
  debt: z.int().meta({ description: 'What people owe in turn; never above zero' }),
}

export const liabilityRow = z
  .strictObject({
    asset: z
      .string()
      .meta({ description: '`points:<programme>`, or money: `credit:`, `cashback:`, `giftCard:` and a currency' }),
    period,
    closed: z.boolean().meta({ description: 'The month takes nothing more' }),
    opening: z.int().meta({ description: 'The closing of the month before' }),
    ...sums,
    ...standing,
    unexplained: z
      .int()
      .meta({ description: 'Closing less opening and what moved it: 0, unless rows were changed by hand' }),
    rate: z
      .strictObject({ points: z.int(), worth: z.strictObject({ amount: z.int(), currency: currencyCode }) })
      .nullable()
      .meta({ description: 'What it is worth at the end of the month; null: nothing' }),
    money: z
      .strictObject({
        currency: currencyCode,
        opening: z.int(),
        ...sums,
        revalued: z.int().meta({
          description:
            'What another rate than that of the month before made of the opening, and what rounding leaves over',
        }),
        ...standing,
      })
      .nullable()
      .meta({
        description:
          'The same in minor units, each at the rate at the end of the month, so that opening and movements add up to closing',
      }),
  })
  .meta({ id: 'LiabilityRow', description: 'What is owed in one asset, and what moved it in one month' })

const points = {
  opening: 0,
  issued: 0,
  earned: 1200,
  givenBack: 0,
  takenBack: -100,
  burned: -500,
  expired: 0,
  adjusted: 50,
  fees: 0,
  closing: 650,
  spendable: 450,
  pending: 200,
  held: 0,
  debt: 0,
}
const rowExample: z.output<typeof liabilityRow> = {
  asset: 'points:club',
  period: '2026-10',
  closed: false,
  ...points,
  unexplained: 0,
  rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
  money: { currency: 'EUR', ...points, revalued: 0 },
}

export const owedAsset = z
  .string()
  .regex(/^(points|qualifying|credit|cashback|giftCard):[\w-]{1,40}$/, 'must be an asset such as points:club')

export const liabilityQuery = z.strictObject({
  programme: programmeId.optional().meta({ description: 'Only its points' }),
  asset: owedAsset.optional().meta({ description: 'Only this one; left out, all that the business owes' }),
  from: askedPeriod.optional().meta({ description: 'The first month; left out, the first in which anything moved' }),
  to: askedPeriod.optional().meta({ description: 'The last; left out, this one' }),
})

export const getLiability = defineEndpoint({
  name: 'getLiability',
  method: 'GET',
  path: '/v1/reports/liability',
  summary: 'What the business owes in points and stored money, month by month',
  description:
    'A roll-forward: opening, what moved it, closing, one row an asset and month. A month is what was booked in it: what came later and belongs to a closed month stands in the open one. In money points count at the rate that their programme had at the end of the month; what a new rate makes of the opening is `revalued`. The same as CSV: `/v1/exports/liability`.',
  tag,
  scopes,
  query: liabilityQuery,
  answer: { 200: z.strictObject({ data: z.array(liabilityRow) }) },
  refusals: [programmeRefusals.programme_not_found],
  example: { query: { programme: 'club', from: '2026-10', to: '2026-10' }, answer: { data: [rowExample] } },
})

const refusal = z.strictObject({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) })

export const closing = z
  .strictObject({
    period,
    state: z.enum(['open', 'closing', 'closed']).meta({
      description:
        '`closing`: it takes nothing more and is being added up; ask again to close it to go on. `open`: it was only looked at, or a job found something in the way',
    }),
    closedBy: z.string().nullable().meta({ description: 'Key id' }),
    closedAt: instant.nullable(),
    rows: z.array(liabilityRow).meta({ description: 'As they were when it was closed' }),
    blockers: z.array(refusal).meta({ description: 'Of a dry run or a job: why it is refused' }),
  })
  .meta({ id: 'Closing', description: 'A month whose books are closed' })

const example: z.output<typeof closing> = {
  period: '2026-10',
  state: 'closed',
  closedBy: 'key_01kjm6jm000000000000000000',
  closedAt: '2026-11-02T08:00:00.000Z',
  rows: [{ ...rowExample, closed: true }],
  blockers: [],
}

export const createClosing = defineEndpoint({
  name: 'createClosing',
  method: 'POST',
  path: '/v1/closings',
  summary: 'Close the books of a month',
  description:
    'A closed month takes no more postings: what belongs to it and comes later is booked in the open month, with its own `effectiveAt`. The ledger is audited first. It cannot be undone; closing a month again answers with what it was closed with. With `dryRun` nothing is closed, and the answer says what would be and what stands in the way. 202: there are more postings than a call should look at, and a job goes on; its result is the closing, `open` and with its `blockers` where something stood in the way. A job that is cancelled leaves the month open, or, once it is frozen, `closing`.',
  tag,
  scopes,
  query: z.strictObject({ dryRun: flag.optional() }),
  body: z.strictObject({ period: askedPeriod }).meta({ id: 'ClosingInput' }),
  answer: { 200: closing, 202: job },
  refusals: Object.values(closingRefusals),
  example: { body: { period: '2026-10' }, answer: example },
})

export const listClosings = defineEndpoint({
  name: 'listClosings',
  method: 'GET',
  path: '/v1/closings',
  summary: 'Months whose books are closed, the newest first',
  tag,
  scopes,
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(120).default(12) }),
  answer: { 200: z.strictObject({ data: z.array(closing) }) },
  refusals: [],
  example: { query: { limit: 12 }, answer: { data: [example] } },
})

export const financeEndpoints = [getLiability, createClosing, listClosings] as const
