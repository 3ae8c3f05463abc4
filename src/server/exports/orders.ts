import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { rowsOfHolders } from './of-holders.ts'
import { type ExportHolder, identifierOf, personsInTurn, readHolders, type SegmentMembers } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const orderColumns = [
  'order_id',
  'order_state',
  'date',
  'identifier',
  'person',
  'channel',
  'location',
  'currency',
  'line',
  'sku',
  'name',
  'category',
  'quantity',
  'unit_price',
  'subtotal',
  'discount',
  'shipping',
  'total',
  'codes',
  'source',
  'erased_at',
] as const

/** As a PUT stored it, or an `Order Completed`; minor units. */
type Line = {
  readonly id: string
  readonly sku?: string
  readonly name?: string
  readonly category?: string
  readonly quantity?: number
  readonly unitPrice?: number
  /** Of weighed goods, which are one unit. */
  readonly amount?: number
  readonly measure?: string
  readonly unitPriceMinor?: number
  readonly amountMinor?: number
}

type OrderRow = Row & {
  holderId: string | null
  at: number
  key: string
  state: string
  channel: string
  location: string | null
  currency: string
  source: string
  subtotal: number
  discount: number
  shipping: number
  total: number
  basket: { readonly lines: readonly Line[]; readonly codes: readonly string[] }
}

const columns = 'state, channel, location, currency, source, subtotal, discount, shipping, total, basket'
const orders = { table: 'orders', key: 'id', columns } as const
/** Orders of some thirty lines: 100 of them took the embedded store 40 ms. */
const ordersAtOnce = 40

const linePrice = (line: Line): { quantity: number; price: number } => {
  const whole = line.amount ?? (line.measure === undefined ? undefined : line.amountMinor)
  if (whole !== undefined) return { quantity: 1, price: whole }
  return { quantity: line.quantity ?? 1, price: line.unitPrice ?? line.unitPriceMinor ?? line.amountMinor ?? 0 }
}

/** One row a line; an order that nothing more is known of than its sum has one row without an item. */
const rowsOf = (order: OrderRow, holder: ExportHolder | undefined): ExportRow<(typeof orderColumns)[number]>[] => {
  const money = (minor: number): string => formatMoney(minor, order.currency)
  const { lines } = order.basket
  return (lines.length > 0 ? lines : [{ id: '1', amount: order.subtotal }]).map((line: Line) => {
    const { quantity, price } = linePrice(line)
    return {
      order_id: order.key,
      order_state: order.state,
      date: formatInstant(order.at),
      identifier: holder ? identifierOf(holder) : null,
      person: holder?.personId ?? null,
      channel: order.channel,
      location: order.location,
      currency: order.currency,
      line: line.id,
      sku: line.sku ?? null,
      name: line.name ?? null,
      category: line.category ?? null,
      quantity,
      unit_price: money(price),
      subtotal: money(order.subtotal),
      discount: money(order.discount),
      shipping: money(order.shipping),
      total: money(order.total),
      codes: order.basket.codes.join(';'),
      source: order.source,
      erased_at: holder && holder.erasedAt !== null ? formatInstant(holder.erasedAt) : null,
    }
  })
}

/** All orders by time, those of nobody too. */
async function* byTime(
  source: Queryable,
  workspaceId: string,
  since: number,
): AsyncGenerator<readonly OrderRow[], void> {
  for (let after = { at: since, key: '' }; ; ) {
    const { rows } = await source.query<OrderRow>(
      `select holder_id as "holderId", occurred_at as at, id as key, ${columns} from orders
       where workspace_id = $1 and (occurred_at, id) > (to_timestamp($2 / 1000.0), $3)
       order by occurred_at, id limit ${ordersAtOnce}`,
      [workspaceId, after.at, after.key],
    )
    yield rows
    if (rows.length < ordersAtOnce) return
    after = rows.at(-1)!
  }
}

export async function* orderRows(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
  since: number,
) {
  if (members === undefined) {
    for await (const rows of byTime(source, workspaceId, since)) {
      const holders = await readHolders(
        source,
        workspaceId,
        rows.flatMap(({ holderId }) => holderId ?? []),
      )
      yield rows.flatMap(row => rowsOf(row, row.holderId === null ? undefined : holders.get(row.holderId)))
    }
    return
  }
  for await (const persons of personsInTurn(source, workspaceId, members)) {
    const holders = new Map(persons.flatMap(person => person.holders.map(holder => [holder.id, holder] as const)))
    const mine = rowsOfHolders<OrderRow & { holderId: string }>(source, workspaceId, orders, [...holders.keys()], since)
    for await (const rows of mine) yield rows.flatMap(row => rowsOf(row, holders.get(row.holderId)))
  }
}
