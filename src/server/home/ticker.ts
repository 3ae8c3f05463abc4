import type { Queryable } from '../../adapters/storage/database.ts'
import type { TickerItem } from '../../contract/home.ts'
import { makeId } from '../../core/kernel/id.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { personIdOf } from '../../core/people/union.ts'

/** How far behind it is: a batch that is being committed has times before its commit. */
export const settleMs = 2000
const itemsShown = 50

type Span = { readonly from: number; readonly to: number }
type OrderRow = {
  id: string
  at: number
  state: string
  channel: string
  location: string | null
  currency: string
  total: number
  discount: number
  offers: { offer: string; name: string }[] | null
}

const noChance = new Uint8Array(10)
/** Ids of a prefix that were made in a span. */
const idsOf = (prefix: string, { from, to }: Span) => [makeId(prefix, from, noChance), makeId(prefix, to, noChance)]

const orders = async (source: Queryable, workspaceId: string, { from, to }: Span): Promise<TickerItem[]> => {
  const { rows } = await source.query<OrderRow>(
    `select o.*, u.offers from (
       select id, occurred_at as at, state, channel, location, currency, total, discount from orders
       where workspace_id = $1 and occurred_at >= to_timestamp($2 / 1000.0) and occurred_at < to_timestamp($3 / 1000.0)
       order by occurred_at desc, id desc limit ${itemsShown}) o
     left join lateral (
       select json_agg(json_build_object('offer', r.offer_id, 'name', f.body->>'name') order by r.seq) as offers from redemptions r
       join offers f on f.workspace_id = $1 and f.id = r.offer_id
       where r.workspace_id = $1 and r.order_id = o.id and r.state in ('held', 'redeemed')) u on true`,
    [workspaceId, from, to],
  )
  return rows.map(({ id, at, offers, ...details }) => {
    const used = (offers ?? []).map(it => it.name).join(', ')
    const { total, currency, channel, state } = details
    const what = state === 'placed' ? 'An order' : `An order (${state})`
    return {
      at: formatInstant(at),
      what: 'order',
      id,
      sentence: `${what} of ${formatMoney(total, currency)} ${currency} on ${channel}${used && ` used ${used}`}.`,
      details: { ...details, offers: offers ?? [] },
    }
  })
}

type TailRow = {
  at: number
  id: string
  source: string
  body: { kind: string; name: string | null; messageId: string | null }
}

/** Of each source as many as are shown; an order stands there as an order. */
const events = async (source: Queryable, workspaceId: string, span: Span): Promise<TickerItem[]> => {
  const { rows } = await source.query<TailRow>(
    `select t.*, k.name as source from (
       select id, name from api_keys where workspace_id = $1 and source_id is null order by id desc limit 200) k
     cross join lateral (
       select id, at, body from source_tail
       where workspace_id = $1 and source_id = k.id and id >= $2 and id < $3 and outcome = 'stored'
       order by id desc limit ${itemsShown}) t
     order by t.id desc limit ${itemsShown}`,
    [workspaceId, ...idsOf('tail', span)],
  )
  return rows.flatMap(({ at, id, source: name, body }) =>
    body.kind === 'order'
      ? []
      : {
          at: formatInstant(at),
          what: 'event' as const,
          id: body.messageId ?? id,
          sentence: `${body.name ?? body.kind} came in from ${name}.`,
          details: { kind: body.kind, name: body.name, source: name },
        },
  )
}

const people = async (source: Queryable, workspaceId: string, span: Span): Promise<TickerItem[]> => {
  const { rows } = await source.query<{ id: string; type: string; at: number }>(
    `select id, type, created_at as at from holders
     where workspace_id = $1 and id >= $2 and id < $3 and erased_at is null and type not in ('anonymousId', 'device')
     order by id desc limit ${itemsShown}`,
    [workspaceId, ...idsOf('hol', span)],
  )
  return rows.map(({ id, type, at }) => ({
    at: formatInstant(at),
    what: 'person',
    id: personIdOf(id),
    sentence: `Somebody was seen for the first time by ${type}.`,
    details: { type },
  }))
}

type MovedRow = {
  id: string
  kind: string
  at: number
  order: string | null
  postings: { asset: string; amount: number }[]
}

const value = async (source: Queryable, workspaceId: string, span: Span): Promise<TickerItem[]> => {
  const { rows } = await source.query<MovedRow>(
    `select t.id, t.kind, t.at, t.order_id as order, p.postings from (
       select id, kind, booked_at as at, order_id from transactions
       where workspace_id = $1 and id >= $2 and id < $3 and kind in ('earn', 'burn', 'transfer', 'adjust', 'issue', 'expire')
       order by id desc limit ${itemsShown}) t
     cross join lateral (
       select json_agg(json_build_object('asset', asset, 'amount', amount)) as postings from (
         select asset, sum(amount)::int8 as amount from postings
         where workspace_id = $1 and transaction_id = t.id and amount > 0 group by asset) s) p`,
    [workspaceId, ...idsOf('txn', span)],
  )
  return rows.map(({ id, kind, at, order, postings }) => ({
    at: formatInstant(at),
    what: 'value',
    id,
    sentence: `${(postings ?? []).map(it => `${it.amount} of ${it.asset}`).join(', ')}: ${kind}.`,
    details: { kind, order, postings: postings ?? [] },
  }))
}

/** What happened in a span, the newest first; each list is read by its own index from the new end. */
export const readTicker = async (source: Queryable, workspaceId: string, span: Span): Promise<TickerItem[]> => {
  const lists = []
  for (const read of [orders, events, people, value]) lists.push(await read(source, workspaceId, span))
  return lists
    .flat()
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, itemsShown)
}
