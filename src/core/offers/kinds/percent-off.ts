import { z } from 'zod'
import { percentOf } from '../../kernel/money.ts'
import { money } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, percent, sumOf } from './fields.ts'

const schema = z
  .strictObject({
    kind: z.literal('percentOff'),
    percent,
    lines: lineFilter.optional(),
    max: money.optional().meta({ description: 'At most this much off, per order' }),
  })
  .meta({ id: 'PercentOff' })

export type PercentOff = z.output<typeof schema>

/** Rounded once, half to even, over all its lines together. */
export const percentOff: BenefitKind<PercentOff> = {
  kind: 'percentOff',
  schema,
  title: 'Percentage off',
  about: 'A percentage of the order or of chosen items',
  form: [
    { field: 'percent', label: 'Percent', input: 'percent', help: 'More than 0, at most 100' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items; all where left empty' },
    { field: 'max', label: 'At most', input: 'money', help: 'The most an order may save' },
  ],
  examples: [
    { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'", max: { amount: 500, currency: 'EUR' } },
  ],
  sentence: ({ percent, lines, max }) =>
    `${percent} % off${lines ? ' chosen items' : ''}${max ? `, at most ${moneyText(max.amount, max.currency)}` : ''}`,
  currency: ({ max }) => max?.currency,
  expressions: ({ lines }) => linesExpression(lines),
  moments: ['order'],
  stage: ({ lines }) => (lines === undefined ? 'order' : 'line'),
  shrinks: () => true,
  ofTotal: ({ lines }) => lines === undefined,
  apply: ({ percent, max }, basket) => {
    const lines = basket.matching('lines')
    const base = sumOf(lines, basket.price)
    return { off: [{ amount: Math.min(percentOf(base, percent), max?.amount ?? base), over: { lines } }] }
  },
  undo: nothingApart,
}
