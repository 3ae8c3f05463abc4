import { z } from 'zod'
import { currencyCode } from '../../kernel/schema.ts'
import { mostPoints } from '../../loyalty/earn.ts'
import { programmeId } from '../../loyalty/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'
import {
  amountExpression,
  amountNow,
  amountOrExpression,
  lineFilter,
  linesExpression,
  moneyText,
  positiveMinor,
} from './fields.ts'

/** In the smallest unit of the programme's points. */
const pointCount = z.int().min(1).max(1_000_000_000)

const hasTwoDecimals = (value: number): boolean => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9

const schema = z
  .strictObject({
    kind: z.literal('points'),
    programme: programmeId,
    per: z
      .strictObject({
        amount: positiveMinor,
        currency: currencyCode,
        points: pointCount,
        whole: z
          .boolean()
          .optional()
          .meta({ description: 'Only whole amounts count: of 19.99, at 5 points per 10.00, 10.00' }),
      })
      .optional()
      .meta({
        description: 'So many points for each amount that is paid',
        examples: [{ amount: 100, currency: 'EUR', points: 1 }],
      }),
    perUnit: pointCount.optional().meta({ description: 'So many points for each unit that is paid for' }),
    fixed: amountOrExpression.optional().meta({
      description: 'So many points, or CEL over `order` or `event` that gives them',
      examples: [100, 'event.properties.stars * 10'],
    }),
    multiply: z.number().gt(1).max(100).refine(hasTwoDecimals, 'has more than 2 decimals').optional().meta({
      description: 'Times what other offers of the programme give by amount and unit; 2 doubles it. Several add up.',
    }),
    lines: lineFilter.optional(),
    max: pointCount.optional().meta({ description: 'At most so many points an order' }),
    cap: z
      .strictObject({ points: pointCount, period: z.enum(['day', 'week', 'month']) })
      .optional()
      .meta({ description: 'At most so many points a person and period, in the offer’s time zone' }),
    qualifying: z
      .union([z.boolean(), z.number().min(0).max(100).refine(hasTwoDecimals, 'has more than 2 decimals')])
      .optional()
      .meta({ description: 'Whether they count towards a tier, or how many times; they do, once, where left out' }),
  })
  .meta({ id: 'Points' })

export type Points = z.output<typeof schema>

const ways = ['per', 'perUnit', 'fixed', 'multiply'] as const

/** How many qualifying points each point gives. */
export const qualifyingTimes = ({ qualifying = true }: Pick<Points, 'qualifying'>): number => Number(qualifying)

const sentences = {
  per: ({ per }: Points) =>
    `${counted(per!.points)} per ${per!.whole ? 'whole ' : ''}${moneyText(per!.amount, per!.currency)} spent`,
  perUnit: ({ perUnit }: Points) => `${counted(perUnit!)} for each item`,
  fixed: ({ fixed }: Points) => (typeof fixed === 'number' ? counted(fixed) : 'Points'),
  multiply: ({ multiply }: Points) => `${multiply} times the points`,
}
const counted = (count: number): string => (count === 1 ? '1 point' : `${count} points`)

/**
 * Points of a programme, for its members. What they come to is reckoned when all prices are known (`withPoints`): here it is only said
 * that the offer gives some, and on which lines.
 */
export const points: BenefitKind<Points> = {
  kind: 'points',
  schema,
  title: 'Points',
  about: 'Points of a programme: per amount spent, per item, a fixed number, or times what others give',
  form: [
    { field: 'programme', label: 'Programme', input: 'text', help: 'Whose points' },
    { field: 'per', label: 'Per amount', input: 'money', help: 'Points for each amount that is paid' },
    { field: 'perUnit', label: 'Per item', input: 'number', help: 'Points for each item' },
    { field: 'fixed', label: 'Points', input: 'number', help: 'A fixed number' },
    { field: 'multiply', label: 'Times', input: 'number', help: '2 doubles what other offers give' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items; all where left empty' },
    { field: 'max', label: 'At most', input: 'number', help: 'Points an order' },
    { field: 'cap', label: 'At most a person', input: 'number', help: 'Points in a day, week or month' },
    { field: 'qualifying', label: 'Counts towards tiers', input: 'switch', help: 'Whether they count towards a tier' },
  ],
  examples: [
    { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
    { kind: 'points', programme: 'club', multiply: 2, lines: "line.category == 'coffee'" },
    { kind: 'points', programme: 'club', fixed: 100, cap: { points: 300, period: 'month' }, qualifying: false },
  ],
  sentence: benefit => {
    const way = ways.find(it => benefit[it] !== undefined)
    const { lines, max } = benefit
    return `${way ? sentences[way](benefit) : 'Points'}${lines ? ' on chosen items' : ''}${max === undefined ? '' : `, at most ${max}`}`
  },
  currency: ({ per }) => per?.currency,
  expressions: ({ lines, fixed }) => [
    ...linesExpression(lines),
    ...(fixed === undefined ? [] : amountExpression(fixed, 'fixed')),
  ],
  moments: ['order', 'event', 'request'],
  stage: () => 'extra',
  shrinks: () => true,
  ofTotal: () => true,
  programme: ({ programme }) => programme,
  cap: ({ cap }) => cap,
  givesToSomebody: true,
  needsOrder: ({ fixed, lines }) => fixed === undefined || lines !== undefined,
  goesWithUnits: ({ fixed }) => fixed === undefined,
  mistakes: benefit => {
    const named = ways.filter(way => benefit[way] !== undefined)
    return [
      ...(named.length === 1
        ? []
        : [
            {
              pointer: '',
              message: `needs exactly one of ${ways.map(way => `"${way}"`).join(', ')}`,
              code: 'one_way_of_points',
            },
          ]),
    ]
  },
  apply: ({ programme, fixed, lines }, basket) => {
    const count = fixed === undefined ? 0 : amountNow(fixed, 'fixed', basket)
    if (count === undefined || (fixed !== undefined && count <= 0)) return undefined
    const on = lines === undefined ? {} : { lines: basket.matching('lines').map(basket.id) }
    return { gives: [{ what: 'points', programme, points: Math.min(count, mostPoints), ...on }] }
  },
  // What goes with the units goes back with them; a fixed number is given for an order that holds, or it is not.
  undo: ({ fixed }, { gives }) => ({ shipping: 0, gives: fixed === undefined ? gives : [] }),
}
