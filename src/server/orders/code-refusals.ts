import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { codeRefusal } from '../../contract/codes.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import type { OrderAnswer, OrderState } from '../../core/orders/schema.ts'
import { namesOf } from '../people/names-of.ts'
import type { OrderPlace } from './list-orders.ts'

type CodeRefusal = z.output<typeof codeRefusal>
type Looked = { id: string; at: number; codes: string[] | null }
type OrderRow = {
  id: string
  at: number
  state: OrderState
  channel: string
  location: string | null
  person: string | null
  answer: string
}

const atOnce = 500
const mostReads = 20

/** What an order answered about a code; undefined where it did not refuse it. */
const refusalIn = (answer: string, code: string): OrderAnswer['refused'][number] | undefined =>
  (JSON.parse(answer) as OrderAnswer).refused.find(it => it.code !== undefined && normalizeCode(it.code) === code)

/**
 * Orders after a place that were given a code and refused it, the newest first. No index leads to them, because each would cost every
 * order: what is looked at is bounded instead. `code` as codes are matched.
 */
export const readCodeRefusals = async (
  source: Queryable,
  workspaceId: string,
  code: string,
  after: OrderPlace,
  limit: number,
): Promise<{ readonly data: CodeRefusal[]; readonly next: OrderPlace | undefined }> => {
  const found: (CodeRefusal & { readonly place: OrderPlace })[] = []
  let next: OrderPlace | undefined = after
  for (let reads = 0; reads < mostReads && next && found.length < limit; reads++) {
    const { rows }: { rows: Looked[] } = await source.query<Looked>(
      `select id, occurred_at as at, basket->'codes' as codes from orders
       where workspace_id = $1 and (occurred_at, id) < (to_timestamp($2 / 1000.0), $3)
       order by occurred_at desc, id desc limit ${atOnce}`,
      [workspaceId, next.at, next.id],
    )
    const given = rows.filter(({ codes }) => codes?.some(it => normalizeCode(it) === code))
    const { rows: orders } = await source.query<OrderRow>(
      `select o.id, o.occurred_at as at, o.state, o.channel, o.location, h.person_id as person, o.answer
       from orders o left join holders h on h.workspace_id = $1 and h.id = o.holder_id
       where o.workspace_id = $1 and o.id = any($2::text[]) order by o.occurred_at desc, o.id desc`,
      [workspaceId, given.map(({ id }) => id)],
    )
    for (const { id, at, answer, ...row } of orders) {
      const refused = refusalIn(answer, code)
      if (!refused) continue
      const { offer = null, reason } = refused
      found.push({ order: id, at: formatInstant(at), ...row, personName: null, offer, reason, place: { at, id } })
    }
    const last = rows.at(-1)
    next = rows.length < atOnce || !last ? undefined : { at: last.at, id: last.id }
  }
  const shown = found.slice(0, limit)
  const names = await namesOf(
    source,
    workspaceId,
    shown.map(({ person }) => person),
  )
  return {
    data: shown.map(({ place: _, ...it }) => ({ ...it, personName: names.get(it.person ?? '') ?? null })),
    next: found.length > limit ? shown.at(-1)?.place : next,
  }
}
