import { z } from 'zod'
import { formatMoney } from '../../kernel/money.ts'
import { currencyCode, MAX_SAFE } from '../../kernel/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'

const schema = z
  .strictObject({
    kind: z.literal('amountOff'),
    amount: z.int().min(1).max(MAX_SAFE),
    currency: currencyCode,
    lines: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .optional()
      .meta({ description: 'CEL over `line`: which lines. All where left out.' }),
  })
  .meta({ id: 'AmountOff' })

export type AmountOff = z.output<typeof schema>

export const amountOff: BenefitKind<AmountOff> = {
  kind: 'amountOff',
  schema,
  sentence: ({ amount, currency, lines }) =>
    `${formatMoney(amount, currency)} ${currency} off${lines ? ' chosen items' : ''}`,
  currency: ({ currency }) => currency,
  discount: ({ amount }, lines) =>
    Math.min(
      amount,
      lines.reduce((sum, line) => sum + line.price, 0),
    ),
  examples: [{ kind: 'amountOff', amount: 100, currency: 'EUR' }],
}
