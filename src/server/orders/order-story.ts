import type { z } from 'zod'
import type { Queryable, Row } from '../../adapters/storage/database.ts'
import type { orderStory } from '../../contract/order-history.ts'
import { groupBy } from '../../core/kernel/group-by.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { TransactionKind } from '../../core/ledger/book.ts'
import { givenAnswer } from '../../core/loop/order-answer.ts'
import { type AsThen, type Basket, instantOrNull, type StoredRedemption } from '../../core/loop/world.ts'
import { kindOf } from '../../core/offers/kinds/index.ts'
import type { OfferTerms } from '../../core/offers/schema.ts'
import type { ReturnAnswer } from '../../core/orders/return-schema.ts'
import type { OrderAnswer } from '../../core/orders/schema.ts'
import { namesOf } from '../people/names-of.ts'

type Story = z.output<typeof orderStory>
type OrderRow = {
  source: 'put' | 'event'
  location: string | null
  occurred_at: number
  opened_at: number | null
  placed_at: number | null
  cancelled_at: number | null
  basket: Basket
  as_then: AsThen | null
}
type UseRow = Row &
  Pick<
    StoredRedemption,
    'id' | 'offerId' | 'offerVersion' | 'code' | 'grantId' | 'amount' | 'returned' | 'given' | 'arm' | 'state' | 'at'
  >
type TermsRow = { id: string; version: number; body: OfferTerms }
type TransactionRow = {
  id: string
  kind: TransactionKind
  offer_id: string | null
  return_id: string | null
  reason: string | null
  effective_at: number
  booked_at: number
}
type PostingRow = { transaction_id: string; account_id: string; asset: string; amount: number; lot_id: string | null }

const rowsShown = 1000
const transactionsShown = 200
const eventsShown = 100

/** What each offer of the decision came to, by id; the first of several outcomes counts. */
const outcomesOf = (
  answer: OrderAnswer,
  then: AsThen | null,
): ReadonlyMap<string, Story['offers'][number]['outcome']> => {
  const outcomes = new Map<string, Story['offers'][number]['outcome']>()
  const say = (offer: string | undefined, outcome: Story['offers'][number]['outcome']): void => {
    if (offer !== undefined && !outcomes.has(offer)) outcomes.set(offer, outcome)
  }
  for (const { offer } of answer.applied) say(offer, 'applied')
  for (const { offer } of answer.withheld ?? []) say(offer, 'withheld')
  for (const { offer } of answer.refused) say(offer, 'refused')
  for (const [offer] of then?.offers ?? []) say(offer, 'fitted')
  for (const { offer } of answer.available) say(offer, 'available')
  return outcomes
}

const readTerms = async (
  source: Queryable,
  workspaceId: string,
  wanted: readonly (readonly [offer: string, version: number | null])[],
): Promise<ReadonlyMap<string, TermsRow>> => {
  const { rows } = await source.query<TermsRow>(
    `select k.id, o.version, coalesce(v.body, o.body) as body from unnest($2::text[], $3::int4[]) as k(id, version)
     join offers o on o.workspace_id = $1 and o.id = k.id
     left join offer_versions v on v.workspace_id = $1 and v.offer_id = k.id and v.version = k.version`,
    [workspaceId, wanted.map(([id]) => id), wanted.map(([, version]) => version)],
  )
  return new Map(rows.map(row => [row.id, row]))
}

const readTransactions = async (
  source: Queryable,
  workspaceId: string,
  orderId: string,
): Promise<Story['transactions']> => {
  const { rows } = await source.query<TransactionRow>(
    `select id, kind, offer_id, return_id, reason, effective_at, booked_at from transactions
     where workspace_id = $1 and order_id = $2 order by id limit ${transactionsShown}`,
    [workspaceId, orderId],
  )
  const { rows: postings } = await source.query<PostingRow>(
    `select transaction_id, account_id, asset, amount, lot_id from postings
     where workspace_id = $1 and transaction_id = any($2::text[]) order by transaction_id, seq limit ${rowsShown}`,
    [workspaceId, rows.map(({ id }) => id)],
  )
  const byTransaction = groupBy(postings, it => it.transaction_id)
  return rows.map(row => ({
    id: row.id,
    kind: row.kind,
    offer: row.offer_id,
    return: row.return_id,
    reason: row.reason,
    effectiveAt: formatInstant(row.effective_at),
    bookedAt: formatInstant(row.booked_at),
    postings: (byTransaction.get(row.id) ?? []).map(it => ({
      account: it.account_id,
      asset: it.asset,
      amount: it.amount,
      lot: it.lot_id,
    })),
  }))
}

/** Events that tell of it, of all holders that its buyer is now. */
const readEvents = async (source: Queryable, workspaceId: string, orderId: string): Promise<Story['events']> => {
  const { rows } = await source.query<{ id: string; name: string; channel: string | null; at: number }>(
    `select e.message_id as id, e.name, e.channel, e.occurred_at as at from orders o
     join holders b on b.workspace_id = $1 and b.id = o.holder_id
     join holders h on h.workspace_id = $1 and h.person_id = b.person_id
     join events e on e.workspace_id = $1 and e.holder_id = h.id and e.order_id = o.id
     where o.workspace_id = $1 and o.id = $2 order by e.occurred_at, e.message_id limit ${eventsShown}`,
    [workspaceId, orderId],
  )
  return rows.map(({ at, ...told }) => ({ ...told, at: formatInstant(at) }))
}

const readClerk = async (source: Queryable, workspaceId: string, id: string): Promise<Story['clerk']> => {
  const { rows } = await source.query<{ name: string }>(
    `select body->>'name' as name from clerks where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  )
  return { id, name: rows[0]?.name ?? null }
}

const basketOf = ({ lines, shipping, codes, tenders = [] }: Basket): Story['basket'] => ({
  lines: lines as Record<string, unknown>[],
  shipping,
  codes: [...codes],
  tenders: tenders.map(({ type, amount }) => ({ type, ...(amount === undefined ? {} : { amount }) })),
})

/** What an order sold, as it was sent; undefined where there is no such order. */
export const readBasket = async (
  source: Queryable,
  workspaceId: string,
  orderId: string,
): Promise<Story['basket'] | undefined> => {
  const { rows } = await source.query<{ basket: Basket }>(
    'select basket from orders where workspace_id = $1 and id = $2',
    [workspaceId, orderId],
  )
  return rows[0] && basketOf(rows[0].basket)
}

/** Everything that is kept of an order and its decision; undefined where there is no such order. `order` is its answer as it may be shown. */
export const readStory = async (
  source: Queryable,
  workspaceId: string,
  orderId: string,
  order: Story['order'],
): Promise<Story | undefined> => {
  const { rows } = await source.query<OrderRow>(
    `select source, location, occurred_at, opened_at, placed_at, cancelled_at, basket, as_then from orders
     where workspace_id = $1 and id = $2`,
    [workspaceId, orderId],
  )
  const [row] = rows
  if (!row) return undefined
  const { rows: uses } = await source.query<UseRow>(
    `select id, offer_id as "offerId", offer_version as "offerVersion", code, grant_id as "grantId", amount, returned, given, arm, state, at
     from redemptions where workspace_id = $1 and order_id = $2 order by seq limit ${rowsShown}`,
    [workspaceId, orderId],
  )
  const { rows: returns } = await source.query<{ answer: string }>(
    `select answer from returns where workspace_id = $1 and order_id = $2 order by seq limit ${rowsShown}`,
    [workspaceId, orderId],
  )
  const versions = new Map<string, number>([
    ...(row.as_then?.offers ?? []).map(([offer, version]) => [offer, version] as const),
    ...uses.map(use => [use.offerId, use.offerVersion] as const),
  ])
  const outcomes = outcomesOf(order, row.as_then)
  const terms = await readTerms(
    source,
    workspaceId,
    [...outcomes.keys()].map(offer => [offer, versions.get(offer) ?? null]),
  )
  const { clerk } = row.basket
  const person = order.personNow ?? order.person
  return {
    order,
    source: row.source,
    personName: (await namesOf(source, workspaceId, [person])).get(person ?? '') ?? null,
    location: row.location,
    clerk: clerk === undefined ? null : await readClerk(source, workspaceId, clerk),
    times: {
      occurredAt: formatInstant(row.occurred_at),
      openedAt: instantOrNull(row.opened_at),
      placedAt: instantOrNull(row.placed_at),
      cancelledAt: instantOrNull(row.cancelled_at),
    },
    basket: basketOf(row.basket),
    facts: (row.as_then?.person as Record<string, unknown> | null | undefined) ?? null,
    offers: [...outcomes].flatMap(([offer, outcome]) => {
      const body = terms.get(offer)?.body
      if (!body) return []
      const { name, benefit } = body
      const sentence = kindOf(benefit).sentence(benefit)
      return { offer, version: versions.get(offer) ?? null, name, sentence, benefit, outcome }
    }),
    uses: uses.map(use => ({
      id: use.id,
      offer: use.offerId,
      version: use.offerVersion,
      code: use.code,
      grant: use.grantId,
      amount: use.amount,
      returned: use.returned,
      gives: (use.given ?? []).map(givenAnswer),
      arm: use.arm,
      state: use.state,
      at: formatInstant(use.at),
    })),
    returns: returns.map(({ answer }) => JSON.parse(answer) as ReturnAnswer),
    events: await readEvents(source, workspaceId, orderId),
    transactions: await readTransactions(source, workspaceId, orderId),
  }
}
