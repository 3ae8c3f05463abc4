import type { Queryable } from '../../adapters/storage/database.ts'
import { groupBy } from '../../core/kernel/group-by.ts'
import { displayName, traitsOf } from '../../core/people/traits-of.ts'

type Row = { personId: string; id: string; type: string; createdAt: number; traits: Record<string, unknown> }

/** Of somebody with hundreds of browsers the identifiers that may tell her name. */
const identifiersAsked = 20

/** How people are called (by `displayName`, or by their first names), by person id; of those whose traits do not tell there is no entry. */
export const namesOf = async (
  source: Queryable,
  workspaceId: string,
  personIds: readonly (string | null)[],
  nameIn: (traits: Readonly<Record<string, unknown>>) => string | null = displayName,
): Promise<ReadonlyMap<string, string>> => {
  const ids = [...new Set(personIds)].filter(id => id !== null)
  if (ids.length === 0) return new Map()
  const { rows } = await source.query<Row>(
    `select h.* from unnest($2::text[]) as p(id) cross join lateral (
       select person_id as "personId", id, type, created_at as "createdAt", traits from holders
       where workspace_id = $1 and person_id = p.id
       order by type in ('anonymousId', 'device'), created_at, id limit ${identifiersAsked}) h`,
    [workspaceId, ids],
  )
  return new Map(
    [...groupBy(rows, row => row.personId)].flatMap(([id, told]) => {
      const name = nameIn(traitsOf(told))
      return name === null ? [] : [[id, name] as const]
    }),
  )
}
