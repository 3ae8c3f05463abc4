import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'

const countedAtOnce = 20_000

/** Rows of which each stands for one person: of a list the first of her holders that were listed. */
export const peopleOf = `select m.holder_id, m.entered_at, h.person_id from segment_members m
  join holders h on h.workspace_id = $1 and h.id = m.holder_id
  where m.workspace_id = $1 and m.segment_id = $2 and m.holder_id > $3
    and m.generation = (select generation from segments where workspace_id = $1 and id = $2)
    and not exists (
      select 1 from holders o join segment_members n
        on n.workspace_id = $1 and n.segment_id = $2 and n.holder_id = o.id and n.generation = m.generation
      where o.workspace_id = $1 and o.person_id = h.person_id and o.id < h.id)
  order by m.holder_id`

/** How many people are in a segment; counted in pieces, so that the embedded store is never held long. */
export const sizeOf = async (source: Queryable, workspaceId: string, id: string): Promise<number> => {
  let size = 0
  for (let after = ''; ; ) {
    const { rows } = await source.query<{ count: number; last: string | null }>(
      `select count(*)::int as count, max(holder_id) as last from (${peopleOf} limit ${countedAtOnce}) as piece`,
      [workspaceId, id, after],
    )
    const { count, last } = rows[0]!
    size += count
    if (last === null) return size
    after = last
  }
}

export type SegmentPerson = { holder_id: string; person_id: string; entered_at: number; types: string[] }

/** The people in a segment, after a holder, in the order of holders, with the types of their identifiers. */
export const readPeople = async (
  source: Queryable,
  workspaceId: string,
  id: string,
  after: string,
  limit: number,
): Promise<SegmentPerson[]> => {
  const { rows } = await source.query<SegmentPerson>(
    `select p.*, array(select distinct type from holders
         where workspace_id = $1 and person_id = p.person_id order by type) as types
     from (${peopleOf} limit $4) p order by p.holder_id`,
    [workspaceId, id, after, limit],
  )
  return rows
}

/** The segments that the holders of somebody are in. */
export const segmentsOfPerson = async (source: Queryable, workspaceId: string, holderIds: readonly string[]) => {
  const { rows } = await source.query<{ segment: string; name: string; entered_at: number }>(
    `select s.id as segment, s.name, min(m.entered_at) as entered_at from segment_members m
     join segments s on s.workspace_id = $1 and s.id = m.segment_id and s.generation = m.generation and not s.removed
     where m.workspace_id = $1 and m.holder_id = any($2::text[]) group by s.id, s.name order by s.id`,
    [workspaceId, holderIds],
  )
  return rows.map(({ entered_at, ...segment }) => ({ ...segment, enteredAt: formatInstant(entered_at) }))
}
