import type { Queryable } from '../../adapters/storage/database.ts'
import type { Tiers } from '../../core/loyalty/schema.ts'
import { levelOf } from '../../core/loyalty/tiers.ts'

type Piece = { tier: string | null; people: number; last: string }
type Member = { personId: string; tier: string | null }

const atOnce = 5000

/** Memberships on holders that do not name their person: of somebody who was united after she joined, perhaps twice. */
const joinedElsewhere = `select h.person_id as "personId", m.tier from programme_members m
  join holders h on h.workspace_id = $1 and h.id = m.holder_id
  where m.workspace_id = $1 and m.programme_id = $2 and m.left_at is null`

/**
 * How many people have each tier now, by its id ('' for none); whoever joined by several identifiers counts once, by the highest. In
 * short pieces along the index of members.
 */
export const countTiers = async (
  source: Queryable,
  workspaceId: string,
  programmeId: string,
  tiers: Tiers | undefined,
): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  const count = (tier: string | null, by: number): void => {
    counts.set(tier ?? '', (counts.get(tier ?? '') ?? 0) + by)
  }
  const several = new Map<string, (string | null)[]>()
  for (let after = ''; ; ) {
    const range = `and m.holder_id > $3 order by m.holder_id limit ${atOnce}`
    const { rows } = await source.query<Piece>(
      `with piece as materialized (
         select m.holder_id, m.tier, h.person_id from programme_members m join holders h on h.workspace_id = $1 and h.id = m.holder_id
         where m.workspace_id = $1 and m.programme_id = $2 and m.left_at is null ${range})
       select tier, count(*) filter (where substr(person_id, 5) = substr(holder_id, 5)) as people, (select max(holder_id) from piece) as last
       from piece group by tier`,
      [workspaceId, programmeId, after],
    )
    if (rows.length === 0) break
    for (const { tier, people } of rows) count(tier, people)
    const { last } = rows[0]!
    const { rows: elsewhere } = await source.query<Member>(
      `${joinedElsewhere} and substr(h.person_id, 5) <> substr(h.id, 5) and m.holder_id > $3 and m.holder_id <= $4`,
      [workspaceId, programmeId, after, last],
    )
    for (const { personId, tier } of elsewhere) several.set(personId, [...(several.get(personId) ?? []), tier])
    after = last
  }
  const ids = [...several.keys()]
  const highest = (all: readonly (string | null)[]): string | null =>
    all.reduce((a, b) => (tiers && levelOf(tiers, b) > levelOf(tiers, a) ? b : a))
  for (let start = 0; start < ids.length; start += atOnce) {
    const piece = ids.slice(start, start + atOnce)
    const { rows } = await source.query<Member>(`${joinedElsewhere} and m.holder_id = any($3::text[])`, [
      workspaceId,
      programmeId,
      piece.map(id => `hol_${id.slice(4)}`),
    ])
    const own = new Map(rows.map(({ personId, tier }) => [personId, tier]))
    for (const id of piece) {
      const others = several.get(id)!
      if (own.has(id)) count(own.get(id)!, -1)
      count(highest(own.has(id) ? [own.get(id)!, ...others] : others), 1)
    }
  }
  return counts
}
