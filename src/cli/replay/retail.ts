/**
 * The year that `tessera replay online-retail` plays: every invoice line of a shop, one CSV file, the shape of the UCI "Online Retail" set.
 * Reads it into sales and what came back of them. What the rows leave open is fixed here; `rules` counts what each rule did.
 *
 * - A row without a customer is nobody's: whoever bought earned nothing.
 * - Goods have a stock code that begins with five digits. Postage, carriage, manual entries, discounts, samples, bank charges and donations
 *   have not, and earn nothing; nor does a row with the price 0.
 * - An invoice is an order, at the time of its first row, in UTC. Each row of goods with a quantity above zero is a line.
 * - An invoice of more than 10,000 units, which no order holds, has each line as one unit: such a line comes back whole or not at all.
 * - An invoice whose number begins with C cancels. It does not say what it cancels: of the same customer, code and unit price the last sale
 *   before it that has units left, then the one before. What finds no sale returns nothing.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { csvParser } from '../../core/kernel/csv.ts'
import { CsvError } from '../csv.ts'
import { textOfFile } from '../text-file.ts'

/** `row` counts the data rows of the file from 1; `pence` is the price of a unit. */
export type RetailLine = {
  readonly row: number
  readonly product: string
  readonly quantity: number
  readonly pence: number
}
export type RetailSale = {
  readonly invoice: string
  readonly customer: string
  /** RFC 3339 */
  readonly at: string
  readonly lines: readonly RetailLine[]
  /** Each line is one unit. */
  readonly isWhole: boolean
}
export type RetailReturn = {
  readonly invoice: string
  readonly customer: string
  readonly at: string
  /** The sale that it is of. */
  readonly of: string
  readonly lines: readonly { readonly row: number; readonly quantity: number }[]
}
export type RetailEvent =
  | { readonly kind: 'sale'; readonly sale: RetailSale }
  | { readonly kind: 'return'; readonly back: RetailReturn }

/** Rows of the file, each under the first rule that it falls under. */
export type RetailRules = {
  rows: number
  noCustomer: number
  notInSample: number
  notGoods: number
  noPrice: number
  sold: number
  cancelled: number
  /** Of cancellations: rows of which some units found no sale, those units, and the units that came back. */
  withoutSale: number
  unitsWithoutSale: number
  unitsBack: number
  /** Invoices with each line as one unit. */
  wholeLines: number
}

export type Retail = {
  /** By time; of one minute a customer's sales first. */
  readonly events: readonly RetailEvent[]
  readonly customers: number
  /** '2011-12-09' */
  readonly lastDay: string
  readonly rules: RetailRules
}

const columns = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'] as const
type Row = Readonly<Record<(typeof columns)[number], string>> & { readonly row: number }

const mostUnits = 10_000

const fileIn = (folder: string): string => {
  const found = ['online-retail.csv.gz', 'online-retail.csv'].find(name =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  )
  if (found === undefined)
    throw new CsvError(
      `There is no online-retail.csv or online-retail.csv.gz in ${folder}. The data is UCI Online Retail (Chen 2015, DOI 10.24432/C5BW33), saved as CSV.`,
    )
  return join(folder, found)
}

async function* rowsOf(path: string): AsyncGenerator<Row, void> {
  const parser = csvParser()
  let places: number[] | undefined
  let row = 0
  const take = function* (records: ReturnType<typeof parser.push>): Generator<Row, void> {
    for (const { line, fields } of records) {
      if (!places) {
        places = columns.map(column => fields.indexOf(column))
        const missing = columns.filter((_, index) => places![index]! < 0)
        if (missing.length > 0) throw new CsvError(`${path}, line ${line}: the header has no ${missing.join(', ')}`)
        continue
      }
      row += 1
      const cells = Object.fromEntries(columns.map((column, index) => [column, fields[places![index]!] ?? '']))
      yield { ...(cells as Record<(typeof columns)[number], string>), row }
    }
  }
  for await (const text of textOfFile(path, { line: parser.line, onRead: () => {} })) yield* take(parser.push(text))
  yield* take(parser.end())
}

const timeOf = (text: string, row: number): string => {
  const at = `${text.replace(' ', 'T')}.000Z`
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) || Number.isNaN(Date.parse(at)))
    throw new CsvError(`Row ${row}: InvoiceDate is "${text}", not a time like 2010-12-01 08:26:00`)
  return at
}

const wholeNumberOf = (text: string, row: number, column: string, times = 1): number => {
  const value = Math.round(Number(text) * times)
  if (text === '' || !Number.isSafeInteger(value)) throw new CsvError(`Row ${row}: ${column} is "${text}", no number`)
  return value
}

type Open = { readonly invoice: string; readonly customer: string; readonly at: string; readonly lines: RetailLine[] }

/** What may be read of the year: one customer in so many, and the days until one, inclusive. */
export type RetailSample = { readonly oneIn: number; readonly until: string | undefined }

export const readRetail = async (folder: string, { oneIn, until }: RetailSample): Promise<Retail> => {
  const rules: RetailRules = {
    rows: 0,
    noCustomer: 0,
    notInSample: 0,
    notGoods: 0,
    noPrice: 0,
    sold: 0,
    cancelled: 0,
    withoutSale: 0,
    unitsWithoutSale: 0,
    unitsBack: 0,
    wholeLines: 0,
  }
  const invoices = new Map<string, Open>()
  let lastDay = ''
  for await (const it of rowsOf(fileIn(folder))) {
    rules.rows += 1
    const at = timeOf(it.InvoiceDate, it.row)
    const customer = it.CustomerID.replace(/\.0$/, '')
    if (customer === '') rules.noCustomer += 1
    else if (Number(customer) % oneIn !== 0 || (until !== undefined && at.slice(0, 10) > until)) rules.notInSample += 1
    else if (!/^\d{5}/.test(it.StockCode)) rules.notGoods += 1
    else if (Number(it.UnitPrice) === 0) rules.noPrice += 1
    else {
      const quantity = wholeNumberOf(it.Quantity, it.row, 'Quantity')
      const pence = wholeNumberOf(it.UnitPrice, it.row, 'UnitPrice', 100)
      rules[quantity > 0 ? 'sold' : 'cancelled'] += 1
      const known = invoices.get(it.InvoiceNo) ?? { invoice: it.InvoiceNo, customer, at, lines: [] }
      invoices.set(it.InvoiceNo, known)
      known.lines.push({ row: it.row, product: it.StockCode, quantity, pence })
    }
    if ((until === undefined || at.slice(0, 10) <= until) && at.slice(0, 10) > lastDay) lastDay = at.slice(0, 10)
  }
  const events = inTime([...invoices.values()], rules)
  return { events, customers: new Set([...invoices.values()].map(it => it.customer)).size, lastDay, rules }
}

const isCancellation = ({ lines }: Open): boolean => lines[0]!.quantity < 0

const inTime = (invoices: readonly Open[], rules: RetailRules): readonly RetailEvent[] => {
  const sorted = [...invoices].sort(
    (a, b) =>
      (a.at < b.at ? -1 : a.at > b.at ? 1 : 0) ||
      Number(isCancellation(a)) - Number(isCancellation(b)) ||
      a.lines[0]!.row - b.lines[0]!.row,
  )
  const sold = new Map<string, Sold[]>()
  return sorted.flatMap((invoice): RetailEvent[] => {
    if (isCancellation(invoice)) return returnsOf(invoice, sold, rules).map(back => ({ kind: 'return', back }))
    const isWhole = invoice.lines.reduce((sum, line) => sum + line.quantity, 0) > mostUnits
    if (isWhole) rules.wholeLines += 1
    for (const line of invoice.lines) {
      const key = soldKey(invoice.customer, line)
      const known = sold.get(key)
      const one = { invoice: invoice.invoice, line, isWhole, left: line.quantity }
      if (known) known.push(one)
      else sold.set(key, [one])
    }
    return [{ kind: 'sale', sale: { ...invoice, isWhole } }]
  })
}

type Sold = { readonly invoice: string; readonly line: RetailLine; readonly isWhole: boolean; left: number }

const soldKey = (customer: string, { product, pence }: RetailLine): string => `${customer} ${product} ${pence}`

/** What a cancellation takes back, a return for each sale that it is of. */
const returnsOf = (
  { invoice, customer, at, lines }: Open,
  sold: ReadonlyMap<string, readonly Sold[]>,
  rules: RetailRules,
): readonly RetailReturn[] => {
  const bySale = new Map<string, Map<number, number>>()
  for (const line of lines) {
    let rest = -line.quantity
    for (const one of (sold.get(soldKey(customer, line)) ?? []).toReversed()) {
      const quantity = one.isWhole && rest < one.left ? 0 : Math.min(rest, one.left)
      if (quantity === 0) continue
      one.left -= quantity
      rest -= quantity
      rules.unitsBack += quantity
      const ofSale = bySale.get(one.invoice) ?? new Map<number, number>()
      bySale.set(one.invoice, ofSale)
      ofSale.set(one.line.row, (ofSale.get(one.line.row) ?? 0) + (one.isWhole ? 1 : quantity))
    }
    if (rest > 0) {
      rules.withoutSale += 1
      rules.unitsWithoutSale += rest
    }
  }
  return [...bySale].map(([of, rows]) => ({
    invoice,
    customer,
    at,
    of,
    lines: [...rows].map(([row, quantity]) => ({ row, quantity })),
  }))
}
