import type { Queryable } from '../../adapters/storage/database.ts'
import { peopleOf } from './segment-people.ts'

const atOnce = 2000

type Piece = { last: string | null } & Record<'n' | 'b' | 'c' | 'bc', number>

/** Whether the person of a row is in a segment, by any of her identifiers. */
const isIn = (segment: string): string => `exists (
  select 1 from holders h join segment_members m on m.workspace_id = $1 and m.holder_id = h.id and m.segment_id = ${segment}
    and m.generation = (select generation from segments where workspace_id = $1 and id = ${segment})
  where h.workspace_id = $1 and h.person_id = p.person_id)`

/** The people of a segment, and how many of them are in one other, in a second, and in both; counted in pieces. */
export const countOverlap = async (
  source: Queryable,
  workspaceId: string,
  segment: string,
  [b, c]: readonly [string, string],
) => {
  const sum = { n: 0, b: 0, c: 0, bc: 0 }
  for (let after = ''; ; ) {
    const { rows } = await source.query<Piece>(
      `select count(*)::int as n, count(*) filter (where b)::int as b, count(*) filter (where c)::int as c,
         count(*) filter (where b and c)::int as bc, max(holder_id) as last
       from (select p.holder_id, ${isIn('$4')} as b, ${isIn('$5')} as c from (${peopleOf} limit ${atOnce}) p) piece`,
      [workspaceId, segment, after, b, c],
    )
    const { last, ...counts } = rows[0]!
    for (const name of ['n', 'b', 'c', 'bc'] as const) sum[name] += counts[name]
    if (last === null) return sum
    after = last
  }
}
