import type { Queryable } from '../adapters/storage/database.ts'
import type { Auth } from './http/call.ts'

/**
 * The keys that one person can use, and she herself where she signs in: those from which hers came, upwards from each of the sources in $2, by its place there. One that the
 * admin key made is the first of its hand.
 */
export const handsSql = `with recursive hands(id, who) as (
     select id, place from unnest($2::text[]) with ordinality as k(id, place)
     union
     select k.made_by, h.who from hands h
     join lateral (select made_by from api_keys where workspace_id = $1 and id = h.id
       union all select made_by from api_keys where workspace_id = $1 and source_id = h.id) k on k.made_by <> 'admin')`

/** Whoever calls, the same with every key that she made, or was made by: a team member, else the oldest of the keys. */
export const handOf = async (source: Queryable, { workspaceId, sourceId, keyId }: Auth): Promise<string> => {
  const { rows } = await source.query<{ hand: string }>(
    `${handsSql} select coalesce(min(id) filter (where id like 'tm\\_%'), min(id)) as hand from hands`,
    [workspaceId, [sourceId ?? keyId]],
  )
  return rows[0]!.hand
}
