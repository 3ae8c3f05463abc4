import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { orderRow } from '../../contract/order-history.ts'
import { groupBy } from '../../core/kernel/group-by.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import type { OrderState } from '../../core/orders/schema.ts'
import { namesOf } from '../people/names-of.ts'

export type OrdersAsked = {
  /** Of one person; undefined: of everybody. */
  readonly holders: readonly string[] | undefined
  readonly offer: string | undefined
  /** As codes are matched. */
  readonly code: string | undefined
  readonly channel: string | undefined
  readonly location: string | undefined
  readonly state: OrderState | undefined
  /** Epoch milliseconds; inclusive. */
  readonly from: number | undefined
}
/** A place in the list: what comes next is older. */
export type OrderPlace = { readonly at: number; readonly id: string }

/** Later than any order. */
const newestPlace: OrderPlace = { at: Date.UTC(9999, 11, 31), id: '' }

/** `2026-03-01T09:00:00.000Z web-1001`: a place as a cursor holds it. */
export const orderPlaceText = ({ at, id }: OrderPlace): string => `${formatInstant(at)} ${id}`

/** Where a page begins: '' is before the newest order that is older than `to`; undefined: no place. */
export const orderPlaceOf = (text: string, to?: number): OrderPlace | undefined => {
  if (text === '') return to === undefined ? newestPlace : { at: to, id: '' }
  const space = text.indexOf(' ')
  const at = parseInstant(text.slice(0, space))
  return at === undefined ? undefined : { at, id: text.slice(space + 1) }
}

type OrderRow = {
  id: string
  at: number
  state: OrderState
  source: 'put' | 'event'
  person: string | null
  channel: string
  location: string | null
  currency: string
  subtotal: number
  discount: number
  shipping: number
  total: number
  refunded: number | null
}
type Listed = z.output<typeof orderRow>
type UseRow = Listed['uses'][number] & { orderId: string }

const atOnce = 200
const mostReads = 50

/** The next keys of orders by the index that fits best; what else is asked for is looked at order by order. `$4` is a list as JSON. */
const before = (time: string, id: string): string =>
  `workspace_id = $1 and (${time}, ${id}) < (to_timestamp($2 / 1000.0), $3)`
const newest = (time: string, id: string): string => `order by ${time} desc, ${id} desc limit ${atOnce}`
const ofEach = (one: string): string =>
  `select distinct u.at, u.id from json_array_elements_text($4::json) as k(id) cross join lateral (${one}) u ${newest('u.at', 'u.id')}`

const keys = {
  all: `select occurred_at as at, id from orders where ${before('occurred_at', 'id')} and $4::json is null ${newest('occurred_at', 'id')}`,
  holders: ofEach(
    `select occurred_at as at, id from orders where holder_id = k.id and ${before('occurred_at', 'id')} ${newest('occurred_at', 'id')}`,
  ),
  offers: ofEach(
    `select distinct at, order_id as id from redemptions where offer_id = k.id and ${before('at', 'order_id')} ${newest('at', 'order_id')}`,
  ),
  // One of somebody's own has few uses; those of a shared one are found by its offers.
  codes: ofEach(
    `select distinct at, order_id as id from redemptions where code = k.id and ${before('at', 'order_id')} ${newest('at', 'order_id')}`,
  ),
}

const indexFor = async (
  source: Queryable,
  workspaceId: string,
  { holders, offer, code }: OrdersAsked,
): Promise<readonly [keyof typeof keys, readonly string[] | null]> => {
  if (holders) return ['holders', holders]
  if (code !== undefined) {
    const { rows } = await source.query<{ offer: string; shared: boolean }>(
      'select offer_id as offer, shared from codes where workspace_id = $1 and code = $2',
      [workspaceId, code],
    )
    const shared = rows.filter(row => row.shared).map(row => row.offer)
    return shared.length > 0 ? ['offers', offer === undefined ? shared : [offer]] : ['codes', [code]]
  }
  return offer === undefined ? ['all', null] : ['offers', [offer]]
}

const readFitting = async (
  source: Queryable,
  workspaceId: string,
  ids: readonly string[],
  { offer, code, channel, location, state }: OrdersAsked,
): Promise<readonly OrderRow[]> => {
  const { rows } = await source.query<OrderRow>(
    `select o.id, o.occurred_at as at, o.state, o.source, h.person_id as person, o.channel, o.location, o.currency, o.subtotal, o.discount,
       o.shipping, o.total, (o.returned->>'refunded')::int8 as refunded
     from orders o left join holders h on h.workspace_id = $1 and h.id = o.holder_id
     where o.workspace_id = $1 and o.id = any($2::text[])
       and ($3::text is null or o.channel = $3) and ($4::text is null or o.location = $4) and ($5::text is null or o.state = $5)
       and (($6::text is null and $7::text is null) or exists (
         select 1 from redemptions r where r.workspace_id = $1 and r.order_id = o.id
           and ($6 is null or r.offer_id = $6) and ($7 is null or r.code = $7)))`,
    [workspaceId, ids, channel ?? null, location ?? null, state ?? null, offer ?? null, code ?? null],
  )
  return rows
}

const readUses = async (source: Queryable, workspaceId: string, ids: readonly string[]) => {
  const { rows } = await source.query<UseRow>(
    `select order_id as "orderId", offer_id as offer, code, amount, state from redemptions
     where workspace_id = $1 and order_id = any($2::text[]) and state in ('held', 'redeemed', 'returned', 'cancelled')
     order by order_id, seq`,
    [workspaceId, ids],
  )
  return groupBy(rows, row => row.orderId)
}

/** Orders after a place, the newest first; `next` is where the page after it begins, undefined after the last one. */
export const readOrders = async (
  source: Queryable,
  workspaceId: string,
  asked: OrdersAsked,
  after: OrderPlace,
  limit: number,
): Promise<{ readonly data: Listed[]; readonly next: OrderPlace | undefined }> => {
  const [index, of] = await indexFor(source, workspaceId, asked)
  const found: OrderRow[] = []
  let place = after
  let next: OrderPlace | undefined = after
  for (let reads = 0; reads < mostReads && next && found.length < limit; reads++) {
    const { rows } = await source.query<{ at: number; id: string }>(keys[index], [
      workspaceId,
      place.at,
      place.id,
      of && JSON.stringify(of),
    ])
    const looked = rows.filter(({ at }) => asked.from === undefined || at >= asked.from)
    const ids = looked.map(({ id }) => id)
    const fitting = new Map((await readFitting(source, workspaceId, ids, asked)).map(row => [row.id, row]))
    for (const key of looked) {
      if (found.length === limit) break
      place = key
      const row = fitting.get(key.id)
      if (row) found.push(row)
    }
    next = looked.length === 0 || looked.length < rows.length ? undefined : place
    if (found.length === limit && place !== looked.at(-1)) next = place
  }
  const uses = await readUses(
    source,
    workspaceId,
    found.map(({ id }) => id),
  )
  const names = await namesOf(
    source,
    workspaceId,
    found.map(({ person }) => person),
  )
  const data = found.map(({ id, at, subtotal, discount, shipping, total, refunded, ...row }) => ({
    id,
    ...row,
    personName: names.get(row.person ?? '') ?? null,
    totals: { subtotal, discount, shipping, total },
    refunded: refunded ?? 0,
    uses: (uses.get(id) ?? []).map(({ orderId: _, ...use }) => use),
    at: formatInstant(at),
  }))
  return { data, next }
}
