import type { Queryable } from '../../adapters/storage/database.ts'

const rowsAtOnce = 5000
const offersAtOnce = 50
const firstOfEach = rowsAtOnce / offersAtOnce

/** From the one instant to before the other. */
export type Period = { readonly from: number | undefined; readonly to: number | undefined }

type Piece = { seen: number; counted: number; last: string | null }

const instant = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
const within = (column: string, from: string, to: string): string =>
  `(${from}::timestamptz is null or ${column} >= ${from}) and (${to}::timestamptz is null or ${column} < ${to})`
// A personal code is the grant's, which is counted itself.
const codesPiece = (offer: string, after: string, from: string, to: string, limit: number): string => `
  select count(*) as seen, count(*) filter (where not shared and grant_id is null and ${within('created_at', from, to)}) as counted,
    max(key) as last
  from (select code as key, shared, grant_id, created_at from codes
        where workspace_id = $1 and offer_id = ${offer} and code > ${after} order by code limit ${limit}) as c`
const grantsPiece = (offer: string, after: string, from: string, to: string, limit: number): string => `
  select count(*) as seen, count(*) filter (where ${within('issued_at', from, to)}) as counted, max(key) as last
  from (select id as key, issued_at from grants
        where workspace_id = $1 and offer_id = ${offer} and id > ${after} order by id limit ${limit}) as g`

const countAll = async (
  source: Queryable,
  workspaceId: string,
  offerId: string,
  piece: typeof codesPiece,
  { from, to }: Period,
): Promise<number> => {
  let count = 0
  for (let after: string | null = ''; after !== null; ) {
    const params: (string | null)[] = [workspaceId, offerId, after, instant(from), instant(to)]
    const { rows }: { rows: Piece[] } = await source.query<Piece>(piece('$2', '$3', '$4', '$5', rowsAtOnce), params)
    const { seen, counted, last }: Piece = rows[0]!
    count += counted
    after = seen === rowsAtOnce ? last : null
  }
  return count
}

/**
 * How much was issued of each offer in the period: grants, and unique codes that are no grant's. Counted in short statements; most offers of a
 * large catalogue have few, so the first of many offers are counted together.
 *
 *     await issuedOfOffers(database, 'default', ['off_…'], { from: undefined, to: undefined })   // Map { 'off_…' => 250 }
 */
export const issuedOfOffers = async (
  source: Queryable,
  workspaceId: string,
  offerIds: readonly string[],
  period: Period,
): Promise<Map<string, number>> => {
  const issued = new Map<string, number>()
  for (let start = 0; start < offerIds.length; start += offersAtOnce) {
    const { rows } = await source.query<{ id: string; codes: number; codes_seen: number; grants: number }>(
      `select o.id, c.counted as codes, c.seen as codes_seen, g.counted as grants from unnest($2::text[]) as o(id)
       cross join lateral (${codesPiece('o.id', "''", '$3', '$4', firstOfEach)}) as c
       cross join lateral (${grantsPiece('o.id', "''", '$3', '$4', firstOfEach)}) as g`,
      [workspaceId, offerIds.slice(start, start + offersAtOnce), instant(period.from), instant(period.to)],
    )
    for (const { id, codes, codes_seen, grants } of rows) {
      issued.set(
        id,
        (codes_seen < firstOfEach ? codes : await countAll(source, workspaceId, id, codesPiece, period)) +
          (grants < firstOfEach ? grants : await countAll(source, workspaceId, id, grantsPiece, period)),
      )
    }
  }
  return issued
}
