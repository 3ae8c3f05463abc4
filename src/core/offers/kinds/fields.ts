import { z } from 'zod'
import { formatMoney, isPercent } from '../../kernel/money.ts'
import { MAX_SAFE } from '../../kernel/schema.ts'
import { type Basket, type BenefitExpression, type GivenApart, nothingApart } from './benefit-kind.ts'

/** CEL over `line`: which lines a benefit is about. */
export const lineFilter = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .meta({ description: 'CEL over `line`: which lines. All where left out.', examples: ["line.category == 'coffee'"] })

/** Minor units, at least one: a benefit of nothing is a mistake. */
export const positiveMinor = z.int().min(1).max(MAX_SAFE)

export const percent = z.number().gt(0).max(100).refine(isPercent, 'has more than 4 decimals')

/** How many units; an order has at most 10,000. */
export const unitCount = z.int().min(1).max(10_000)

/** Minor units, or CEL over `order` that gives them. */
export const amountOrExpression = z
  .union([positiveMinor, z.string().trim().min(1).max(2000)])
  .meta({ description: 'Minor units, or CEL over `order` that gives them', examples: [100, 'order.subtotal / 10'] })
export type AmountOrExpression = z.output<typeof amountOrExpression>

/** What an amount is worth now; undefined where its expression could not be evaluated. */
export const amountNow = (amount: AmountOrExpression, field: string, basket: Basket): number | undefined =>
  typeof amount === 'number' ? amount : basket.amount(field)

/** The filter and amounts of a benefit that are CEL, for `expressions`. */
export const linesExpression = (source: string | undefined, field = 'lines'): BenefitExpression[] =>
  source === undefined ? [] : [{ field, source, scope: 'line', gives: 'bool' }]
export const amountExpression = (amount: AmountOrExpression, field = 'amount'): BenefitExpression[] =>
  typeof amount === 'number' ? [] : [{ field, source: amount, scope: 'order', gives: 'int' }]

export const sumOf = (lines: readonly number[], of: (line: number) => number): number =>
  lines.reduce((sum, line) => sum + of(line), 0)

/** Money in a sentence: `moneyText(1250, 'EUR')` is '12.50 EUR'. */
export const moneyText = (amount: number, currency: string): string => `${formatMoney(amount, currency)} ${currency}`

/** How often, in a sentence: `timesText(1)` is ', once', `timesText(3)` ', at most 3 times'. */
export const timesText = (times: number | undefined): string =>
  times === undefined ? '' : times === 1 ? ', once' : `, at most ${times} times`

/** An id of an offer. */
export const offerId = z.string().regex(/^off_[0-9a-z]{26}$/, 'must be an offer id (off_…)')

/**
 * `undo` of money off shipping: it stays in the proportion in which the goods stay, rounded half to even. 5.00 off shipping when
 * goods of 20.00 out of 60.00 stay: 1.67.
 */
export const shippingInProportion = (
  _benefit: unknown,
  { shipping }: GivenApart,
  { kept, all }: { readonly kept: number; readonly all: number },
): GivenApart => {
  if (all === 0) return nothingApart()
  const product = BigInt(shipping) * BigInt(kept)
  const whole = product / BigInt(all)
  const rest = product % BigInt(all)
  const up = 2n * rest > BigInt(all) || (2n * rest === BigInt(all) && whole % 2n === 1n)
  return { shipping: Number(up ? whole + 1n : whole), gives: [] }
}
