import type { Queryable } from '../../adapters/storage/database.ts'

/** A use as it is stored, with the person its holder belongs to now. */
export type StoredUse = {
  offer_id: string
  holder_id: string | null
  order_id: string
  seq: number
  code: string | null
  person_id: string | null
  channel: string
  currency: string
  amount: number
  returned: number
  revenue: number
  state: string
  held_until: number | null
  at: number
  /** The grant, or the code of nobody else's grant that may be used once, which it used up; null: neither. */
  issued: string | null
  issued_at: number | null
}

// With the person of each row about 20 ms of the embedded store.
const rowsAtOnce = 2000
/** Most offers of a large catalogue have a few uses, and a statement for each would take longer than the work. */
const offersAtOnce = 50
const firstOfEach = rowsAtOnce / offersAtOnce

const columns =
  'offer_id, holder_id, order_id, seq, code, grant_id, channel, currency, amount, returned, revenue, state, held_until, at'

// One row at a time by its key: a join might walk all codes of the workspace.
const withIssued = `r.*, h.person_id, coalesce(r.grant_id, c.code) as issued, coalesce(g.issued_at, c.created_at) as issued_at`
const joins = `
  left join holders h on h.workspace_id = $1 and h.id = r.holder_id
  left join lateral (select issued_at from grants where workspace_id = $1 and id = r.grant_id offset 0) g on true
  left join lateral (
    select code, created_at from codes
    where workspace_id = $1 and code = r.code and offer_id = r.offer_id and r.grant_id is null and not shared and grant_id is null
    offset 0) c on true`

/** The uses of one offer in pieces, each a short statement: by holder, then those of nobody known. */
export async function* usesOfOffer(
  source: Queryable,
  workspaceId: string,
  offerId: string,
): AsyncGenerator<readonly StoredUse[]> {
  // Two walks, because NULL has no place in a comparison of rows.
  for (const condition of [
    '(holder_id, order_id, seq) > ($3, $4, $5)',
    'holder_id is null and $3::text is not null and (order_id, seq) > ($4, $5)',
  ]) {
    let last: Pick<StoredUse, 'holder_id' | 'order_id' | 'seq'> = { holder_id: '', order_id: '', seq: -1 }
    for (let size = rowsAtOnce; size === rowsAtOnce; ) {
      const { rows } = await source.query<StoredUse>(
        `select ${withIssued} from (
           select ${columns} from redemptions where workspace_id = $1 and offer_id = $2 and ${condition}
           order by holder_id, order_id, seq limit ${rowsAtOnce}) r
         ${joins}
         order by r.holder_id, r.order_id, r.seq`,
        [workspaceId, offerId, last.holder_id ?? '', last.order_id, last.seq],
      )
      size = rows.length
      if (size > 0) yield rows
      last = rows.at(-1) ?? last
    }
  }
}

/**
 * The uses of many offers, offer by offer in the given order, in pieces. An offer without uses gives no piece.
 *
 *     for await (const { offerId, uses } of usesOfOffers(database, 'default', ids)) …
 */
export async function* usesOfOffers(
  source: Queryable,
  workspaceId: string,
  offerIds: readonly string[],
): AsyncGenerator<{ readonly offerId: string; readonly uses: readonly StoredUse[] }> {
  for (let start = 0; start < offerIds.length; start += offersAtOnce) {
    const group = offerIds.slice(start, start + offersAtOnce)
    const { rows } = await source.query<StoredUse>(
      `select ${withIssued} from unnest($2::text[]) as o(id)
       cross join lateral (
         select ${columns} from redemptions where workspace_id = $1 and offer_id = o.id
         order by holder_id, order_id, seq limit ${firstOfEach}) r
       ${joins}`,
      [workspaceId, group],
    )
    for (const offerId of group) {
      const uses = rows.filter(row => row.offer_id === offerId)
      if (uses.length < firstOfEach) {
        if (uses.length > 0) yield { offerId, uses }
      } else {
        for await (const piece of usesOfOffer(source, workspaceId, offerId)) yield { offerId, uses: piece }
      }
    }
  }
}
