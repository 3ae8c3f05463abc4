import type { CsvRecord } from '../../core/kernel/csv.ts'
import { MAX_LINES, MAX_UNITS } from '../../core/orders/schema.ts'
import { ownCopy, told } from './past-cells.ts'
import type { PastColumns } from './past-columns.ts'
import { headReader, type PastHead } from './past-head.ts'
import {
  type PastLine,
  type PastOrder,
  type PastOrdersOptions,
  type PastOrdersTally,
  type SetAsideReason,
  setAsideReasons,
} from './past-order.ts'
import { longestText, type NoLine, rowReader } from './past-row.ts'

/**
 * Rows of one order usually follow each other, but tills that write one file take turns: an order ends once so many
 * later ones have begun. Memory is bounded by these open orders.
 */
export const ordersOpen = 64

/** Ended orders whose return is noticed: so many at least, twice as many at most. */
const endedRemembered = 50_000

const mostCodes = 50
const longestCode = 64

/** Told of each row that becomes no line of an order, and why. */
export type WatchRows<R extends CsvRecord> = (record: R, reason: SetAsideReason, why: string) => void

/** An order with its rows, where rows are watched. */
export type GroupedOrder<R extends CsvRecord> = PastOrder & { readonly rows?: readonly R[] }

type OpenOrder<R extends CsvRecord> = {
  readonly id: string
  head?: PastHead
  readonly codes: string[]
  /** Empty again once the order is too large. */
  lines: PastLine[]
  /** The rows of the lines, where rows are watched. */
  kept: R[]
  rows: number
  units: number
  subtotal: number
  isTooLarge: boolean
  firstSetAside?: SetAsideReason
}

/**
 * Makes orders of rows. `take` a row, ask for the orders that `ended` now and then, and for the rest at the `end`; the tally
 * is kept on the way.
 *
 *     const rows = groupRows(columns, header.length, { currency: 'GBP', timeZone: 'UTC' }, tally)
 *     rows.take(record)
 *     rows.ended()   // [] as long as fewer than 64 later orders have begun
 */
export const groupRows = <R extends CsvRecord = CsvRecord>(
  columns: PastColumns,
  width: number,
  options: PastOrdersOptions,
  tally: PastOrdersTally,
  watch?: WatchRows<R>,
): { take(record: R): void; ended(): GroupedOrder<R>[]; end(): GroupedOrder<R>[] } => {
  const readHead = headReader(columns, options)
  const readRow = rowReader(columns, options)
  const open = new Map<string, OpenOrder<R>>()
  let latest: OpenOrder<R> | undefined
  let done: GroupedOrder<R>[] = []
  let lastAt = Number.NEGATIVE_INFINITY
  // Two generations, because a Set whose oldest entries are deleted one by one steps over all of them at every look.
  let recent = new Set<string>()
  let older = new Set<string>()

  const setAside = (reason: SetAsideReason, record: R, why: string, order?: OpenOrder<R>): void => {
    const counted = tally.setAside[reason]
    if (counted.rows === 0) counted.first = `line ${record.line}: ${why}`
    watch?.(record, reason, why)
    counted.rows++
    if (order) order.firstSetAside ??= reason
  }

  const startOrder = (id: string): OpenOrder<R> => {
    const order: OpenOrder<R> = {
      id,
      head: undefined,
      codes: [],
      lines: [],
      kept: [],
      rows: 0,
      units: 0,
      subtotal: 0,
      isTooLarge: false,
      firstSetAside: undefined,
    }
    open.set(id, order)
    if (open.size > ordersOpen) {
      const [eldest] = open.values()
      endOrder(eldest!)
    }
    return order
  }

  const endOrder = ({ id, head, codes, lines, kept, isTooLarge, firstSetAside }: OpenOrder<R>): void => {
    open.delete(id)
    if (recent.size === endedRemembered) {
      older = recent
      recent = new Set()
    }
    recent.add(id)
    if (head === undefined || lines.length === 0) {
      const reason = isTooLarge ? 'tooLarge' : firstSetAside
      if (reason !== undefined) tally.setAside[reason].orders++
      return
    }
    const { at, person, channel, location, country, currency, shipping } = head
    tally.orders++
    tally.lines += lines.length
    if (person === undefined) tally.withoutPerson++
    if (at < lastAt) tally.outOfOrder++
    lastAt = at
    const order = { id, at, person, channel, location, country, currency, codes, lines, shipping }
    done.push(watch ? { ...order, rows: kept } : order)
  }

  const addLine = (order: OpenOrder<R>, line: PastLine, record: R): void => {
    order.rows++
    order.units += line.quantity
    order.subtotal += line.quantity * line.unitPrice
    const why = setAsideReasons.tooLarge
    if (order.isTooLarge) {
      tally.setAside.tooLarge.rows++
      watch?.(record, 'tooLarge', why)
    } else if (order.rows > MAX_LINES || order.units > MAX_UNITS || !Number.isSafeInteger(order.subtotal)) {
      order.isTooLarge = true
      order.lines = []
      for (const earlier of order.kept) watch?.(earlier, 'tooLarge', why)
      order.kept = []
      setAside('tooLarge', record, `order ${told(order.id)} grows beyond that`)
      tally.setAside.tooLarge.rows += order.rows - 1
    } else {
      order.lines.push(line)
      if (watch) order.kept.push(record)
    }
  }

  const addCodes = (codes: string[], cell: string): void => {
    for (const part of cell.split(/[,;|]/)) {
      const code = part.trim()
      if (code !== '' && code.length <= longestCode && codes.length < mostCodes && !codes.includes(code))
        codes.push(ownCopy(code))
    }
  }

  /** The order a row belongs to, or why it belongs to none. */
  const orderOf = (fields: readonly string[]): OpenOrder<R> | NoLine => {
    if (fields.length !== width)
      return { reason: 'unreadable', why: `${fields.length} fields where the header has ${width}` }
    const text = fields[columns.order]!
    if (text === latest?.id) return latest
    const id = text.trim()
    if (id === '' || id.length > longestText)
      return { reason: 'unreadable', why: `an order id has 1 to ${longestText} letters: ${told(id)}` }
    const known = open.get(id)
    if (!known && (recent.has(id) || older.has(id)))
      return { reason: 'split', why: `order ${told(id)} comes again after ${ordersOpen} others or more` }
    latest = known ?? startOrder(ownCopy(id))
    return latest
  }

  const take = (record: R): void => {
    const { fields } = record
    tally.rows++
    const order = orderOf(fields)
    if ('reason' in order) {
      setAside(order.reason, record, order.why)
      return
    }
    const head = order.head ?? readHead(fields)
    if (typeof head === 'string') {
      setAside('unreadable', record, head, order)
      return
    }
    order.head = head
    const row = readRow(fields, head, String(order.rows + 1))
    if ('reason' in row) {
      setAside(row.reason, record, row.why, order)
      return
    }
    if (!row.isExact) tally.roundedPrices++
    addLine(order, row.line, record)
    if (columns.codes !== undefined) addCodes(order.codes, fields[columns.codes]!)
  }

  const ended = (): GroupedOrder<R>[] => {
    const orders = done
    done = []
    return orders
  }
  const end = (): GroupedOrder<R>[] => {
    for (const order of [...open.values()]) endOrder(order)
    return ended()
  }
  return { take, ended, end }
}
