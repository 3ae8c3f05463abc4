import type { Queryable, Row } from '../../adapters/storage/database.ts'
import type { CodeClaim, Holder } from '../../core/loop/world.ts'
import { type OrderLine, orderLine } from '../../core/orders/schema.ts'
import { traitsOf } from '../../core/people/traits-of.ts'
import type { PastOrder, PastPerson } from '../../core/simulation/past-order.ts'
import { reader } from '../commit/statements.ts'

/** Where a walk over the orders by time stands: behind this order. */
export type Cursor = { readonly at: number; readonly id: string }

/** A chunk of 26-line orders, with what belongs to them, keeps the embedded store for less than 50 ms. */
export const ordersAtOnce = 100

type OrderRow = Row & {
  id: string
  holderId: string | null
  state: string
  channel: string
  location: string | null
  currency: string
  at: number
  shipping: number
  basket: {
    readonly lines: readonly unknown[]
    readonly codes: readonly string[]
    readonly tenders?: readonly { readonly type: string }[]
    readonly choices?: Readonly<Record<string, string>>
  }
}

type EventLine = Partial<Record<'sku' | 'name' | 'category', string>> & {
  readonly id: string
  readonly amountMinor: number
}

/** A line as `PUT /v1/orders` or an `Order Completed` stored it; undefined for one that names no item. */
const lineOf = (stored: unknown): OrderLine | undefined => {
  if (!Object.hasOwn(stored as object, 'amountMinor')) return stored as OrderLine
  const { id, sku, name, category, amountMinor } = stored as EventLine
  const line = orderLine.safeParse({ id, sku, name, category, amount: amountMinor })
  return line.data
}

const unique = (values: Iterable<string>): string[] => [...new Set(values)]

const grouped = <T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group) group.push(value)
    else groups.set(keyOf(value), [value])
  }
  return groups
}

/** What is asked for beside the orders themselves, where an offer cares. */
export type Wanted = { readonly codes: boolean; readonly members: boolean; readonly collections: boolean }

export type StoredOrders = {
  readonly orders: readonly PastOrder[]
  /** How many rows were read, of orders in any state. */
  readonly read: number
  /** Where to go on; undefined: that was all. */
  readonly next: Cursor | undefined
  readonly collections: ReadonlyMap<string, ReadonlySet<string>>
}

/** The next placed orders of a workspace by time, with who bought them as they are known now. Orders without items are passed over. */
export const readStoredOrders = async (
  tx: Queryable,
  workspaceId: string,
  { after, before, wanted }: { readonly after: Cursor; readonly before: number; readonly wanted: Wanted },
): Promise<StoredOrders> => {
  const { rows } = await tx.query<OrderRow>(
    `select id, holder_id as "holderId", state, channel, location, currency, occurred_at as at, shipping, basket
     from orders
     where workspace_id = $1 and (occurred_at, id) > (to_timestamp($2 / 1000.0), $3) and occurred_at < to_timestamp($4 / 1000.0)
     order by occurred_at, id limit ${ordersAtOnce}`,
    [workspaceId, after.at, after.id, before],
  )
  const placed = rows
    .filter(({ state }) => state === 'placed' || state === 'returned')
    .map(row => ({ row, lines: row.basket.lines.flatMap(line => lineOf(line) ?? []) }))
    .filter(({ lines }) => lines.length > 0)
  const read = reader(tx, workspaceId)
  const holderIds = unique(placed.flatMap(({ row }) => row.holderId ?? []))
  const [holders, claims, items] = await Promise.all([
    read<Holder>('holders', [[], [], holderIds]),
    read<CodeClaim & { code: string }>('codes', [
      wanted.codes ? unique(placed.flatMap(({ row }) => row.basket.codes)) : [],
    ]),
    read<{ sku: string; collectionId: string }>('collections', [
      wanted.collections ? unique(placed.flatMap(({ lines }) => lines.map(line => line.sku))) : [],
    ]),
  ])
  const members = await read<{ holderId: string; campaignId: string }>('members', [
    wanted.members ? holders.map(holder => holder.id) : [],
  ])
  const personOf = new Map(holders.map(holder => [holder.id, holder.personId]))
  const holdersOf = grouped(holders, holder => holder.personId)
  const about = new Map(
    [...holdersOf].map(([personId, own]): [string, PastPerson] => {
      const ids = new Set(own.map(holder => holder.id))
      const identifiers = unique(own.map(holder => holder.type))
      const memberOf = unique(members.flatMap(it => (ids.has(it.holderId) ? [it.campaignId] : [])))
      return [personId, { identifiers, traits: traitsOf(own), memberOf }]
    }),
  )
  const offersOf = grouped(claims, claim => claim.code)
  const collections = new Map<string, Set<string>>()
  for (const { sku, collectionId } of items) collections.set(sku, (collections.get(sku) ?? new Set()).add(collectionId))
  const last = rows.at(-1)
  return {
    orders: placed.map(({ row, lines }) => {
      const person = row.holderId === null ? undefined : personOf.get(row.holderId)
      const { tenders, choices, codes } = row.basket
      return {
        id: row.id,
        at: row.at,
        ...(person !== undefined && { person, about: about.get(person) }),
        channel: row.channel,
        ...(row.location !== null && { location: row.location }),
        currency: row.currency,
        lines,
        shipping: row.shipping,
        ...(tenders && { tenders: tenders.map(({ type }) => type) }),
        ...(choices && { choices }),
        claims: codes.flatMap(code => {
          const claimed = offersOf.get(code)
          return claimed ? [{ code, offers: unique(claimed.map(({ offerId }) => offerId)) }] : []
        }),
      }
    }),
    read: rows.length,
    next: last && rows.length === ordersAtOnce ? { at: last.at, id: last.id } : undefined,
    collections,
  }
}
