import type { Queryable } from '../../adapters/storage/database.ts'

/** About 10 ms of the embedded store. */
const postingsAtOnce = 5000

type Key = { readonly booked_at: number; readonly transaction_id: string; readonly seq: number }
const first: Key = { booked_at: 0, transaction_id: '', seq: -1 }

/** So many postings of an account, as a condition on `postings` and its parameters. */
export type PostingRange = { readonly where: string; readonly params: readonly unknown[] }

/** The postings of an account that were booked from an instant until another, in pieces that one short statement each can sum up. */
export async function* postingRanges(
  source: Queryable,
  workspaceId: string,
  accountId: string,
  { since = 0, until }: { readonly since?: number | undefined; readonly until: number },
): AsyncGenerator<PostingRange> {
  for (let from: Key | undefined = { ...first, booked_at: since }; from !== undefined; ) {
    const params: unknown[] = [workspaceId, accountId, until, from.booked_at, from.transaction_id, from.seq]
    const where = `workspace_id = $1 and account_id = $2 and booked_at <= to_timestamp($3 / 1000.0)
      and (booked_at, transaction_id, seq) > (to_timestamp($4 / 1000.0), $5, $6)`
    const edges: { rows: Key[] } = await source.query<Key>(
      `select booked_at, transaction_id, seq from postings where ${where}
       order by booked_at, transaction_id, seq limit 1 offset ${postingsAtOnce - 1}`,
      params,
    )
    const edge: Key | undefined = edges.rows[0]
    yield edge
      ? {
          where: `${where} and (booked_at, transaction_id, seq) <= (to_timestamp($7 / 1000.0), $8, $9)`,
          params: [...params, edge.booked_at, edge.transaction_id, edge.seq],
        }
      : { where, params }
    from = edge
  }
}
