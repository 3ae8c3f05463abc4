import type { Queryable } from '../../adapters/storage/database.ts'
import type { TraitBody } from '../../core/people/computed-traits.ts'

export type TraitRow = {
  name: string
  generation: number
  body: TraitBody | null
  next_generation: number | null
  next_body: TraitBody | null
  removed: boolean
  created_at: number
  updated_at: number
}

const columns = 'name, generation, body, next_generation, next_body, removed, created_at, updated_at'

/** The computed traits of a workspace by name, also those that were removed. */
export const readTraits = async (source: Queryable, workspaceId: string): Promise<TraitRow[]> => {
  const { rows } = await source.query<TraitRow>(
    `select ${columns} from computed_traits where workspace_id = $1 order by name`,
    [workspaceId],
  )
  return rows
}

/** The first of these that is no computed trait; `*` names none. */
export const missingTrait = async (
  source: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<string | undefined> => {
  const asked = names.filter(name => name !== '*')
  if (asked.length === 0) return undefined
  const known = new Set((await readTraits(source, workspaceId)).flatMap(({ name, removed }) => (removed ? [] : name)))
  return asked.find(name => !known.has(name))
}
