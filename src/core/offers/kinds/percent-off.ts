import { z } from 'zod'
import { formatMoney, isPercent, percentOf } from '../../kernel/money.ts'
import { money } from '../../kernel/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'

const schema = z
  .strictObject({
    kind: z.literal('percentOff'),
    percent: z.number().gt(0).max(100).refine(isPercent, 'has more than 4 decimals'),
    lines: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .optional()
      .meta({ description: 'CEL over `line`: which lines. All where left out.' }),
    max: money.optional().meta({ description: 'At most this much off, per order' }),
  })
  .meta({ id: 'PercentOff' })

export type PercentOff = z.output<typeof schema>

export const percentOff: BenefitKind<PercentOff> = {
  kind: 'percentOff',
  schema,
  sentence: ({ percent, lines, max }) =>
    `${percent} % off${lines ? ' chosen items' : ''}${max ? `, at most ${formatMoney(max.amount, max.currency)} ${max.currency}` : ''}`,
  currency: ({ max }) => max?.currency,
  discount: ({ percent, max }, lines) => {
    const base = lines.reduce((sum, line) => sum + line.price, 0)
    return Math.min(percentOf(base, percent), max?.amount ?? base)
  },
  examples: [
    { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'", max: { amount: 500, currency: 'EUR' } },
  ],
}
