import { parseDecimal } from '../../core/events/decimal.ts'
import { jsonBytes, maxEventBytes } from '../../core/events/size.ts'
import type { CsvRecord } from '../../core/kernel/csv.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { type GroupedOrder, groupRows } from '../simulate/group-rows.ts'
import { emptyTally, setAsideReasons } from '../simulate/past-order.ts'
import type { Row } from './input.ts'
import { channelOf, erased, historyContext, messageReading, readOne } from './messages.ts'
import {
  type Flaw,
  fieldsOf,
  identityReader,
  type ReaderOptions,
  type Reading,
  type RowReader,
  senderOf,
} from './reader.ts'

/** The columns that rows of orders are grouped by, in the order in which `groupRows` gets them. */
const columns = [
  'order',
  'sku',
  'quantity',
  'unitPrice',
  'date',
  'name',
  'category',
  'channel',
  'location',
  'currency',
  'codes',
  'shipping',
] as const
const places = Object.fromEntries(columns.map((column, place) => [column, place])) as Record<
  (typeof columns)[number],
  number
>
const decimals = ['quantity', 'unitPrice', 'shipping'] as const
/** Of the whole order. */
const sums = ['discount', 'tax', 'total'] as const

type OrderRow = CsvRecord & { readonly row: Row }

/** Orders that were not placed: nobody bought anything. */
const notPlaced = /^(open|cancell?ed|void(ed)?|draft|abandoned)$/i

/** The ids of the last so many orders with a bad row; the rows of one order lie near each other. */
const recentIds = (most = 10_000) => {
  let recent = new Set<string>()
  let older = new Set<string>()
  return {
    add: (id: string): void => {
      if (recent.size === most) {
        older = recent
        recent = new Set()
      }
      recent.add(id)
    },
    has: (id: string): boolean => recent.has(id) || older.has(id),
  }
}

/**
 * Orders of rows of their lines, each as one `Order Completed`: it counts in the statistics of whoever bought, and redeems nothing. An
 * order of nobody counts for nobody and is left out.
 */
export const ordersReader = (options: ReaderOptions & { readonly currency: string }): RowReader => {
  const { mapping, cells, country, timeZone, currency, verified, source, idPrefix } = options
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const tally = emptyTally(0)
  const spent: Record<string, number> = {}
  let orders = 0
  let lines = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let bad: Reading[] = []
  const spoiled = recentIds()
  const spoil = (row: Row, reason: string, why?: string): void => {
    bad.push({ bad: row, reason, ...(why !== undefined && { why }) })
    spoiled.add(fields.text(row, 'order'))
  }
  const grouping = groupRows<OrderRow>(
    places,
    columns.length,
    { currency, timeZone, channel: 'unknown', anyItem: true },
    tally,
    ({ row }, reason, why) =>
      spoil(row, reason === 'unreadable' ? why.replace(/: ".*"$/, '') : setAsideReasons[reason], why),
  )

  const readingsOf = (order: GroupedOrder<OrderRow>): readonly Reading[] => {
    const rows = order.rows!.map(({ row }) => row)
    const [head] = rows
    const allBad = (reason: string, why?: string): readonly Reading[] =>
      rows.map(row => ({ bad: row, reason, ...(why !== undefined && { why }) }))
    // Half an order would stand in the way of the whole one, once its bad rows are mended.
    if (spoiled.has(order.id))
      return allBad('another row of the order is bad', `another row of the order ${order.id} is bad`)
    let flawed: readonly Reading[] | undefined
    const flaw: Flaw = (reason, why) => {
      flawed ??= allBad(reason, why)
    }
    // What stands in a later row only tells of the order too.
    const text = (to: string): string => fields.text(rows.find(row => fields.text(row, to) !== '') ?? head!, to)
    const identifiers = identifiersOf(head!, flaw)
    if (flawed === undefined && identifiers.length === 0) return [{ leftOut: rows, reason: 'orders that name nobody' }]
    const { ids, externalIds } = senderOf(identifiers)
    const isVerified = fields.flag(head!, 'verified', flaw) ?? verified
    if (flawed !== undefined) return flawed
    const money = (minor: number): string => formatMoney(minor, order.currency)
    const total = Object.fromEntries(sums.flatMap(sum => (text(sum) === '' ? [] : [[sum, cells.decimal(text(sum))]])))
    const properties = {
      order_id: order.id,
      currency: order.currency,
      ...(order.shipping > 0 && { shipping: money(order.shipping) }),
      ...total,
      ...(order.codes.length > 0 && { coupon: order.codes.join(',') }),
      ...(order.location !== undefined && { location: order.location }),
    }
    const products = order.lines.map(({ sku, name, category, quantity, unitPrice }) => ({
      ...(sku !== '' && { sku }),
      ...(name && { name }),
      ...(category !== undefined && { category }),
      quantity,
      price: money(unitPrice),
    }))
    const channel = order.channel === 'unknown' ? '' : order.channel
    const message = (list: readonly object[]) => ({
      type: 'track',
      event: 'Order Completed',
      messageId: `${idPrefix}-${head!.line}`,
      timestamp: formatInstant(order.at),
      ...ids,
      properties: { ...properties, products: list },
      context: historyContext({}, { channel, source, verified: isVerified, externalIds }),
    })
    const whole = message(products)
    // What an event may hold is little beside an order of many lines; names are what they can do without.
    const isLong = jsonBytes(whole) > maxEventBytes
    const reading = messageReading(rows, isLong ? message(products.map(({ name: _, ...rest }) => rest)) : whole)
    if ('bad' in reading) return allBad(reading.reason, reading.why)
    orders += 1
    lines += order.lines.length
    first = Math.min(first, order.at)
    last = Math.max(last, order.at)
    const subtotal = order.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0)
    spent[order.currency] = (spent[order.currency] ?? 0) + subtotal
    return [reading]
  }

  const flush = (ended: readonly GroupedOrder<OrderRow>[]): readonly Reading[] => {
    const readings = [...bad, ...ended.flatMap(readingsOf)]
    bad = []
    return readings
  }

  /** A row as `groupRows` reads it: dates and numbers are made plain, whatever the file's way of writing them. */
  const recordOf = (row: Row, flaw: Flaw): OrderRow => {
    const values = columns.map(column => fields.text(row, column))
    for (const column of decimals) {
      const place = places[column]
      const told = values[place]!
      if (told === '') continue
      const plain = cells.decimal(told)
      if (plain === undefined)
        flaw(`${column}: no number such as 12.50`, `${column}: ${JSON.stringify(told)} is no number such as 12.50`)
      else values[place] = plain
    }
    for (const sum of sums) {
      const told = fields.text(row, sum)
      if (told !== '' && parseDecimal(cells.decimal(told)) === undefined)
        flaw(`${sum}: no number such as 12.50`, `${sum}: ${JSON.stringify(told)} is no number such as 12.50`)
    }
    values[places.date] = fields.instant(row, 'date', flaw) ?? values[places.date]!
    channelOf(fields, row, flaw)
    return { line: row.line, fields: values, row }
  }

  return {
    take: row => {
      let record: OrderRow | undefined
      const readings = readOne(row, flaw => {
        const told = fields.text(row, 'orderState')
        if (notPlaced.test(told)) return { leftOut: [row], reason: `orders that are ${told.toLowerCase()}` }
        const gone = erased(fields, row)
        if (gone) return gone
        record = recordOf(row, flaw)
        return undefined
      })
      const [reading] = readings
      if (reading) {
        if ('bad' in reading) spoiled.add(fields.text(row, 'order'))
        return readings
      }
      if (!record) return []
      grouping.take(record)
      return flush(grouping.ended())
    },
    end: () => flush(grouping.end()),
    made: () => ({
      orders,
      lines,
      amounts: Object.fromEntries(Object.entries(spent).map(([code, minor]) => [code, formatMoney(minor, code)])),
      first: orders > 0 ? formatInstant(first) : null,
      last: orders > 0 ? formatInstant(last) : null,
      pricesRounded: tally.roundedPrices,
    }),
  }
}
