import { z } from 'zod'
import { currencyCode } from '../../kernel/schema.ts'
import { expiry } from '../../loyalty/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, percent, positiveMinor } from './fields.ts'

const schema = z
  .strictObject({
    kind: z.literal('cashback'),
    percent: percent.optional().meta({ description: 'Of what is paid with money' }),
    amount: positiveMinor.optional().meta({ description: 'Minor units, in the place of `percent`' }),
    currency: currencyCode
      .optional()
      .meta({ description: 'Of `amount` and `max`, which need it; the order must have it' }),
    max: positiveMinor.optional().meta({ description: 'At most so much an order' }),
    lines: lineFilter.optional(),
    pending: z
      .strictObject({ days: z.int().min(1).max(3650) })
      .optional()
      .meta({ description: 'Can be spent so many days later: a return window. At once where left out' }),
    expiry: expiry.optional(),
  })
  .meta({ id: 'Cashback' })

export type Cashback = z.output<typeof schema>

/**
 * A part of what is paid comes back as money to spend later, with the tender `cashback`. How much it is, is reckoned when all prices
 * are known and what stored tenders pay (`withCashback`); goods that come back take their part of it with them.
 */
export const cashback: BenefitKind<Cashback> = {
  kind: 'cashback',
  schema,
  title: 'Cashback',
  about: 'A part of what is paid comes back as money for later orders',
  form: [
    { field: 'percent', label: 'Percent', input: 'percent', help: 'Of what is paid with money' },
    { field: 'amount', label: 'Amount', input: 'money', help: 'In the place of a percentage' },
    { field: 'max', label: 'At most', input: 'money', help: 'An order' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items; all where left empty' },
  ],
  examples: [
    { kind: 'cashback', percent: 5, pending: { days: 14 }, expiry: { kind: 'after', months: 6 } },
    { kind: 'cashback', amount: 500, currency: 'EUR' },
  ],
  sentence: ({ percent, amount, currency, max, lines }) =>
    `${percent === undefined ? moneyText(amount ?? 0, currency ?? '') : `${percent} %`} cashback${lines ? ' on chosen items' : ''}${max === undefined ? '' : `, at most ${moneyText(max, currency ?? '')}`}`,
  currency: ({ currency }) => currency,
  expressions: ({ lines }) => linesExpression(lines),
  moments: ['order'],
  stage: () => 'extra',
  shrinks: () => true,
  ofTotal: () => true,
  givesToSomebody: true,
  goesWithUnits: ({ amount }) => amount === undefined,
  mistakes: ({ percent, amount, currency, max }) => [
    ...((percent === undefined) === (amount === undefined)
      ? [{ pointer: '', message: 'needs either "percent" or "amount"', code: 'percent_or_amount' }]
      : []),
    ...(currency === undefined && (amount !== undefined || max !== undefined)
      ? [{ pointer: '/currency', message: 'is needed for "amount" and "max"', code: 'required' }]
      : []),
  ],
  apply: ({ lines }, basket) => ({
    gives: [
      {
        what: 'cashback',
        amount: 0,
        currency: basket.currency,
        ...(lines !== undefined && { lines: basket.matching('lines').map(basket.id) }),
      },
    ],
  }),
  // What goes with the units goes back with them; a fixed amount is given for an order that holds, or it is not.
  undo: ({ amount }, { gives }) => ({ shipping: 0, gives: amount === undefined ? gives : [] }),
}
