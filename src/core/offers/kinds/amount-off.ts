import { z } from 'zod'
import { currencyCode } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'
import {
  amountExpression,
  amountNow,
  amountOrExpression,
  lineFilter,
  linesExpression,
  moneyText,
  unitCount,
} from './fields.ts'
import { dearestUnits, firstUnits, picksOf } from './unit-runs.ts'

const schema = z
  .strictObject({
    kind: z.literal('amountOff'),
    amount: amountOrExpression,
    currency: currencyCode,
    lines: lineFilter.optional(),
    each: z
      .enum(['order', 'unit'])
      .optional()
      .meta({ description: '`order` (where left out): once. `unit`: off every unit that matches.' }),
    maxUnits: unitCount.optional().meta({ description: 'With `unit`: at most so many, the dearest first' }),
  })
  .refine(({ each, maxUnits }) => maxUnits === undefined || each === 'unit', {
    path: ['maxUnits'],
    message: 'is for amounts off each unit: set "each": "unit"',
  })
  .meta({ id: 'AmountOff' })

export type AmountOff = z.output<typeof schema>

export const amountOff: BenefitKind<AmountOff> = {
  kind: 'amountOff',
  schema,
  title: 'Amount off',
  about: 'A fixed amount off the order, chosen items, or each of their units',
  form: [
    { field: 'amount', label: 'Amount', input: 'money', help: 'Or CEL such as order.subtotal / 10' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items; all where left empty' },
    { field: 'each', label: 'Off', input: 'choice', help: 'The order once, or each unit' },
    { field: 'maxUnits', label: 'At most units', input: 'number', help: 'How many units at most' },
  ],
  examples: [
    { kind: 'amountOff', amount: 100, currency: 'EUR' },
    { kind: 'amountOff', amount: 50, currency: 'EUR', lines: "line.category == 'coffee'", each: 'unit' },
    { kind: 'amountOff', amount: 'order.subtotal / 10', currency: 'EUR' },
  ],
  sentence: ({ amount, currency, lines, each, maxUnits }) => {
    const much = typeof amount === 'number' ? moneyText(amount, currency) : 'A calculated amount'
    if (each !== 'unit') return `${much} off${lines ? ' chosen items' : ''}`
    return `${much} off each ${lines ? 'chosen item' : 'item'}${maxUnits ? `, at most ${maxUnits}` : ''}`
  },
  currency: ({ currency }) => currency,
  expressions: ({ amount, lines }) => [...linesExpression(lines), ...amountExpression(amount)],
  moments: ['order'],
  stage: ({ lines, each }) => (each === 'unit' ? 'unit' : lines === undefined ? 'order' : 'line'),
  shrinks: ({ amount }) => typeof amount === 'number',
  ofTotal: ({ amount, lines, each }) => typeof amount === 'number' && lines === undefined && each !== 'unit',
  apply: ({ amount: said, each, maxUnits }, basket) => {
    const amount = amountNow(said, 'amount', basket)
    if (amount === undefined) return undefined
    const lines = basket.matching('lines')
    if (each !== 'unit') return { off: [{ amount, over: { lines } }] }
    const units = firstUnits(dearestUnits(basket, lines, 'left'), maxUnits ?? Number.POSITIVE_INFINITY)
    return {
      off: units.map(run => ({ amount: Math.min(amount, run.left) * run.count, over: { units: picksOf([run]) } })),
    }
  },
  undo: nothingApart,
}
