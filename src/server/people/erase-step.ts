import type { Queryable } from '../../adapters/storage/database.ts'
import { erasedAnswer, eraseOrder } from '../../core/loop/erase-order.ts'
import type { Basket } from '../../core/loop/rows.ts'
import type { OrderAnswer } from '../../core/orders/schema.ts'
import { endSpentLots, type LotPlace } from './erase-value.ts'

/** Whose rows are emptied; the last of the holders was erased last. */
export type Erased = { readonly workspaceId: string; readonly holders: readonly string[] }

/**
 * How far somebody is erased; null: wholly. First her holders, from the place `holder` of the list on; then what they left in rows of their own.
 * `after`: the time and id of the last row.
 */
export type Progress =
  | { readonly stage: 'holders'; readonly holder: number }
  | {
      readonly stage: 'events' | 'orders'
      readonly holder: number
      readonly after: readonly [string, string] | null
    }
  | { readonly stage: 'lots'; readonly after: LotPlace }
  | { readonly stage: 'answers'; readonly after: string }
export type RowsProgress = Exclude<Progress, { stage: 'holders' }>

export const firstRows: RowsProgress = { stage: 'events', holder: 0, after: null }

export type EraseStep = { readonly rows: number; readonly next: RowsProgress | null }

/** Each is written anew, and the embedded store is held meanwhile. */
const eventsAtOnce = 500
const ordersAtOnce = 100
const answersAtOnce = 500
const lotsAtOnce = 500

/**
 * Empties the next rows of somebody who is erased, in one short statement or two. Nothing new is written for her meanwhile, because
 * nobody finds her any more; doing a step twice comes to the same.
 */
export const eraseStep = (tx: Queryable, erased: Erased, progress: RowsProgress): Promise<EraseStep> =>
  progress.stage === 'answers'
    ? emptyAnswers(tx, erased, progress.after)
    : progress.stage === 'lots'
      ? endLots(tx, erased, progress.after)
      : progress.stage === 'events'
        ? emptyEvents(tx, erased, progress)
        : emptyOrders(tx, erased, progress)

type OfHolders = Extract<RowsProgress, { holder: number }>
const start = ['-infinity', ''] as const

/** After these rows of a holder: her next ones, then the next holder, then the next stage. */
const nextOf = (
  { holders }: Erased,
  { stage, holder }: OfHolders,
  rows: readonly { readonly id: string; readonly at: string }[],
  atOnce: number,
): RowsProgress => {
  const last = rows.at(-1)
  if (last && rows.length === atOnce) return { stage, holder, after: [last.at, last.id] }
  if (holder + 1 < holders.length) return { stage, holder: holder + 1, after: null }
  return stage === 'events' ? { stage: 'orders', holder: 0, after: null } : { stage: 'lots', after: ['', '', ''] }
}

const endLots = async (tx: Queryable, { workspaceId, holders }: Erased, after: LotPlace): Promise<EraseStep> => {
  const lots = await endSpentLots(tx, workspaceId, holders, after, lotsAtOnce)
  const last = lots.at(-1)
  return {
    rows: lots.length,
    next:
      last && lots.length === lotsAtOnce
        ? { stage: 'lots', after: [last.owner, last.asset, last.id] }
        : { stage: 'answers', after: '' },
  }
}

/** An event keeps what it is, when and where it happened; what it says is gone, also under names that nobody knows for personal. */
const emptyEvents = async (tx: Queryable, erased: Erased, progress: OfHolders): Promise<EraseStep> => {
  const { workspaceId, holders } = erased
  const { rows } = await tx.query<{ id: string; at: string }>(
    `select message_id as id, occurred_at::text as at from events
     where workspace_id = $1 and holder_id = $2 and (occurred_at, message_id) > ($3::text::timestamptz, $4)
     order by occurred_at, message_id limit ${eventsAtOnce}`,
    [workspaceId, holders[progress.holder], ...(progress.after ?? start)],
  )
  if (rows.length > 0)
    await tx.query(
      `update events set properties = '{}', personal = '{}' where workspace_id = $1 and message_id = any($2::text[])`,
      [workspaceId, rows.map(row => row.id)],
    )
  return { rows: rows.length, next: nextOf(erased, progress, rows, eventsAtOnce) }
}

type OrderRow = { id: string; at: string; basket: Basket; answer: string }

const emptyOrders = async (tx: Queryable, erased: Erased, progress: OfHolders): Promise<EraseStep> => {
  const { workspaceId, holders } = erased
  const { rows } = await tx.query<OrderRow>(
    `select id, occurred_at::text as at, basket, answer from orders
     where workspace_id = $1 and holder_id = $2 and (occurred_at, id) > ($3::text::timestamptz, $4)
     order by occurred_at, id limit ${ordersAtOnce} for update`,
    [workspaceId, holders[progress.holder], ...(progress.after ?? start)],
  )
  if (rows.length > 0) {
    const orders = rows.map(row => ({ id: row.id, ...eraseOrder(row) }))
    // `touched` is raised: a batch that has read the order reads it again.
    await tx.query(
      `update orders o set basket = n.basket::json, answer = n.answer, as_then = null, touched = o.touched + 1
       from unnest($2::text[], $3::text[], $4::text[]) as n(id, basket, answer)
       where o.workspace_id = $1 and o.id = n.id`,
      [workspaceId, orders.map(it => it.id), orders.map(it => JSON.stringify(it.basket)), orders.map(it => it.answer)],
    )
  }
  return { rows: rows.length, next: nextOf(erased, progress, rows, ordersAtOnce) }
}

/** What is answered to a request that is sent again and whose answer told of somebody who is erased. */
const erasedText = '{"erased":true}'

const isOrder = (answer: unknown): answer is OrderAnswer => {
  const { refused, lines } = Object(answer) as Record<string, unknown>
  return Array.isArray(refused) && Array.isArray(lines)
}

/** An order is answered without what it says of her; of other calls nobody knows what they hold. */
const textAgain = (text: string): string => {
  const answer: unknown = JSON.parse(text)
  return isOrder(answer) ? JSON.stringify(erasedAnswer(answer)) : erasedText
}

/**
 * Answers that are kept for requests that come again. They tell of her by an id: everything that is answered about a person does. They are
 * not removed, else a late retry would do it all again for somebody who is new then.
 */
const emptyAnswers = async (tx: Queryable, erased: Erased, after: string): Promise<EraseStep> => {
  // A person's id and her oldest holder's have these characters in common. Her browsers may be thousands: too many for one pattern.
  const ids = erased.holders.map(id => id.slice(id.indexOf('_') + 1))
  const { rows } = await tx.query<{ key: string; answer: string | null }>(
    `select key_hash as key, case when created_at < (select erased_at from holders where workspace_id = $1 and id = $4) and exists (
         select 1 from regexp_matches(answer, '(?:per|hol)_([0-9a-z]{26})', 'g') as m where m[1] in (select unnest($3::text[])))
       then answer end as answer
     from idempotency where workspace_id = $1 and key_hash > $2 order by key_hash limit ${answersAtOnce}`,
    [erased.workspaceId, after, ids, erased.holders.at(-1)],
  )
  // What is sealed opens only with the caller's key; ids never stand in it by chance.
  const found = rows.filter(row => row.answer?.startsWith('{'))
  if (found.length > 0)
    await tx.query(
      `update idempotency i set answer = n.answer from unnest($2::text[], $3::text[]) as n(key, answer)
       where i.workspace_id = $1 and i.key_hash = n.key`,
      [erased.workspaceId, found.map(row => row.key), found.map(row => textAgain(row.answer!))],
    )
  const last = rows.at(-1)
  return {
    rows: rows.length,
    next: last && rows.length === answersAtOnce ? { stage: 'answers', after: last.key } : null,
  }
}
