import type { Queryable, Row } from '../../adapters/storage/database.ts'

/** Rows of one time and key are told apart: no two rows of a table share both. */
type Placed = Row & { readonly holderId: string; readonly at: number; readonly key: string }

/** A table whose rows belong to holders and lie by (holder, time). */
export type HolderTable = {
  readonly table: 'events' | 'orders'
  readonly key: 'message_id' | 'id'
  /** What is selected, beside where a row stands. */
  readonly columns: string
}

/** Rows may be wide, as orders of thirty lines are: so many of them are some ten milliseconds of the embedded store. */
const holdersAtOnce = 25
const firstRows = 10
const moreRows = 100

type Place = { readonly at: number; readonly key: string }

/**
 * What belongs to each of the holders, holder by holder and by time, some rows at a time: who has very many of them is read on
 * alone.
 */
export async function* rowsOfHolders<R extends Placed>(
  source: Queryable,
  workspaceId: string,
  { table, key, columns }: HolderTable,
  holderIds: readonly string[],
  since: number,
): AsyncGenerator<readonly R[], void> {
  const read = async (ids: readonly string[], after: Place, limit: number): Promise<R[]> => {
    const { rows } = await source.query<R>(
      `select r.* from unnest($2::text[]) with ordinality as h(id, place) cross join lateral (
         select holder_id as "holderId", occurred_at as at, ${key} as key, ${columns} from ${table}
         where workspace_id = $1 and holder_id = h.id and (occurred_at, ${key}) > (to_timestamp($3 / 1000.0), $4)
         order by occurred_at, ${key} limit $5) r
       order by h.place, r.at, r.key`,
      [workspaceId, ids, after.at, after.key, limit],
    )
    return rows
  }
  const start: Place = { at: since, key: '' }
  for (let first = 0; first < holderIds.length; first += holdersAtOnce) {
    const rows = await read(holderIds.slice(first, first + holdersAtOnce), start, firstRows)
    const counts = new Map<string, number>()
    let shown = 0
    for (const [index, { holderId, at, key: last }] of rows.entries()) {
      const count = (counts.get(holderId) ?? 0) + 1
      counts.set(holderId, count)
      if (count < firstRows) continue
      yield rows.slice(shown, index + 1)
      shown = index + 1
      for (let after: Place = { at, key: last }; ; ) {
        const more = await read([holderId], after, moreRows)
        yield more
        if (more.length < moreRows) break
        after = more.at(-1)!
      }
    }
    yield rows.slice(shown)
  }
}
