import type { Basket, UnitRun } from './benefit-kind.ts'
import { type Benefit, kindOf } from './index.ts'

/** What the tests of the kinds look at: baskets without orders, offers and a decision. */
export type Line = { readonly sku: string; readonly runs: readonly UnitRun[] }
export type Around = Partial<Pick<Basket, 'shipping' | 'choice' | 'stock' | 'amount'>>

/**
 * A basket for a benefit. A filter matches the lines whose SKU stands in it in quotes, the rest of the CEL does not count; a filter
 * that the benefit does not list among its expressions matches everything, as in a decision.
 */
export const basketOf = (lines: readonly Line[], benefit: Benefit, around: Around = {}): Basket => {
  const filters = new Map(
    kindOf(benefit)
      .expressions(benefit)
      .map(({ field, source }) => [field, source]),
  )
  const sum = (by: 'price' | 'left') => (line: number) =>
    lines[line]!.runs.reduce((sum, run) => sum + run[by] * run.count, 0)
  return {
    currency: 'EUR',
    size: lines.length,
    id: line => String(line + 1),
    sku: line => lines[line]!.sku,
    price: sum('price'),
    left: sum('left'),
    units: line => lines[line]!.runs,
    shipping: 0,
    matching: field => {
      const filter = filters.get(field)
      return [...lines.keys()].filter(line => filter === undefined || filter.includes(`'${lines[line]!.sku}'`))
    },
    amount: () => undefined,
    choice: undefined,
    stock: () => Number.POSITIVE_INFINITY,
    ...around,
  }
}

/**
 * '2 latte 450, 1 bread 380' is two lines. '1 latte 450 now 400' costs less than the price that the offer reckons with, '1 latte 450 taken'
 * belongs to another offer, and + joins units of one line: '1 latte 450 taken + 2 latte 450'.
 */
export const linesOf = (text: string): Line[] =>
  text.split(', ').map(line => {
    const runs = line.split(' + ').map(run => {
      const found = /^(\d+) (\w+) (\d+)(?: now (\d+))?( taken)?$/.exec(run)
      if (!found) throw new Error(`no units: ${run}`)
      const [, count, sku, price, left = price, taken] = found
      return { sku: sku!, count: Number(count), price: Number(price), left: Number(left), taken: taken !== undefined }
    })
    return { sku: runs[0]!.sku, runs: runs.map(({ sku: _, ...run }) => run) }
  })
