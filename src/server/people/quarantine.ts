import type { Queryable } from '../../adapters/storage/database.ts'
import type { QuarantineEntry } from '../../contract/identity.ts'
import { formatInstant } from '../../core/kernel/time.ts'

type HolderRow = { id: string; type: string; value: string; given: string; standing: 'shared' | 'quarantined' }
type Neighbour = { id: string; type: string; standing: string | null; seen: number }

/** Holders that one statement looks up links of. */
const atOnce = 200

/** What verified links tie to these holders, each with when it was first seen to. */
const neighboursOf = async (source: Queryable, workspaceId: string, ids: readonly string[]): Promise<Neighbour[]> => {
  const { rows } = await source.query<Neighbour>(
    `select h.id, h.type, h.standing, l.seen from (
       select l.b as id, l.first_seen_at as seen from unnest($2::text[]) as k(id) cross join lateral (
         select b, first_seen_at from links where workspace_id = $1 and a = k.id and verified and removed_at is null offset 0) l
       union all
       select l.a, l.first_seen_at from unnest($2::text[]) as k(id) cross join lateral (
         select a, first_seen_at from links where workspace_id = $1 and b = k.id and verified and removed_at is null offset 0) l
     ) l join lateral (select id, type, standing from holders where workspace_id = $1 and id = l.id offset 0) h on true`,
    [workspaceId, ids],
  )
  return rows
}

const countTypes = (types: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every holder of a quarantined component, with its type. */
const componentOf = async (
  source: Queryable,
  workspaceId: string,
  start: HolderRow,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map([[start.id, start.type]])
  for (let edge = [start.id]; edge.length > 0; ) {
    const next: string[] = []
    for (let from = 0; from < edge.length; from += atOnce) {
      for (const { id, type, standing } of await neighboursOf(source, workspaceId, edge.slice(from, from + atOnce))) {
        if (standing !== 'quarantined' || found.has(id)) continue
        found.set(id, type)
        next.push(id)
      }
    }
    edge = next
  }
  return found
}

/** When the component was quarantined, as its event tells; it may have been long ago and the event gone. */
const quarantinedSince = async (
  source: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<string | null> => {
  let since: number | undefined
  for (let from = 0; from < ids.length; from += atOnce) {
    const { rows } = await source.query<{ at: number | null }>(
      `select max(e.occurred_at) as at from unnest($2::text[]) as k(id) cross join lateral (
         select occurred_at from events where workspace_id = $1 and holder_id = k.id and name = 'Person Quarantined' offset 0) e`,
      [workspaceId, ids.slice(from, from + atOnce)],
    )
    const at = rows[0]!.at
    if (at !== null) since = Math.max(since ?? at, at)
  }
  return since === undefined ? null : formatInstant(since)
}

/**
 * What no longer unites people, by the id of the first holder of each: components in quarantine and shared identifiers, so many after
 * a place. A component is worked out by walking along its links, in short statements.
 */
export const readQuarantine = async (
  source: Queryable,
  workspaceId: string,
  after: string,
  limit: number,
): Promise<QuarantineEntry[]> => {
  const seen = new Set<string>()
  const entries: QuarantineEntry[] = []
  for (let place = after; ; ) {
    const { rows } = await source.query<HolderRow>(
      `select id, type, value, given, standing from holders
       where workspace_id = $1 and id > $2 and standing in ('shared', 'quarantined') order by id limit 500`,
      [workspaceId, place],
    )
    for (const row of rows) {
      if (entries.length === limit) return entries
      const { id, type, value, given, standing } = row
      const identifier = { type, value, given, holder: id, standing }
      if (standing === 'shared') {
        const neighbours = await neighboursOf(source, workspaceId, [id])
        const since = Math.min(...neighbours.map(it => it.seen))
        entries.push({
          kind: 'shared',
          identifier,
          size: neighbours.length,
          types: countTypes(neighbours.map(it => it.type)),
          since: neighbours.length === 0 ? null : formatInstant(since),
        })
        continue
      }
      if (seen.has(id)) continue
      const component = await componentOf(source, workspaceId, row)
      for (const member of component.keys()) seen.add(member)
      // It stood on a page before, with a holder that has a smaller id.
      if ([...component.keys()].some(member => member < id)) continue
      entries.push({
        kind: 'component',
        identifier,
        size: component.size,
        types: countTypes(component.values()),
        since: await quarantinedSince(source, workspaceId, [...component.keys()]),
      })
    }
    if (rows.length < 500) return entries
    place = rows.at(-1)!.id
  }
}
