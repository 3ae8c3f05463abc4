import { decimalsOf } from './format.ts'

export type CsvCell = string | number | boolean | null | undefined

/** Money as spreadsheets read it, a plain number; its currency stands in a column of its own. Points are in their `points:club`. */
export type CsvAmount = { readonly amount: number; readonly currency: string }

/** `csvMoney(1250, 'EUR')` is 12.5 in EUR. */
export const csvMoney = (minor: number, currency: string): CsvAmount => ({
  amount: minor / 10 ** decimalsOf(currency),
  currency,
})

type Column<T> = { readonly title: string; readonly csv?: (row: T) => CsvCell | CsvAmount }

const isAmount = (cell: CsvCell | CsvAmount): cell is CsvAmount => typeof cell === 'object' && cell !== null

/**
 * The lines of a table's CSV: a head, then its rows. Where a column has amounts, the currency of each row is in a last column.
 *
 *     tableCsv([{ title: 'Total', csv: order => csvMoney(order.total, 'EUR') }], [{ total: 1250 }], 'Currency')
 *     // [['Total', 'Currency'], [12.5, 'EUR']]
 */
export const tableCsv = <T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  currencyTitle: string,
): readonly (readonly CsvCell[])[] => {
  const shown = columns.filter(({ csv }) => csv)
  const lines = rows.map(row => shown.map(({ csv }) => csv?.(row)))
  const cells = lines.map(line => line.map(cell => (isAmount(cell) ? cell.amount : cell)))
  const currencies = lines.map(line => [...new Set(line.filter(isAmount).map(({ currency }) => currency))].join(' '))
  const hasAmounts = currencies.some(it => it !== '')
  const head = shown.map(({ title }) => title)
  return hasAmounts
    ? [[...head, currencyTitle], ...cells.map((line, place) => [...line, currencies[place]])]
    : [head, ...cells]
}
