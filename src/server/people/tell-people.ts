import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { personFound } from '../../contract/people.ts'
import { groupBy } from '../../core/kernel/group-by.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Catalogue } from '../../core/loop/world.ts'
import { levelOf } from '../../core/loyalty/tiers.ts'
import { displayName, traitsOf } from '../../core/people/traits-of.ts'
import { type Find, rankOf } from './search-people.ts'

type Row = {
  personId: string
  id: string
  type: string
  value: string
  given: string
  traits: Record<string, unknown>
  createdAt: number
  orders: number
  lastAt: number | null
  channels: string[] | null
  memberships: { programme: string; tier: string | null }[] | null
}

const peopleAtOnce = 25
/** Of somebody with hundreds of browsers those that a clerk may know. */
const identifiersShown = 20
/** Of each identifier: channels she used of late, not ever. */
const lately = 10

const readRows = async (source: Queryable, workspaceId: string, personIds: readonly string[]): Promise<Row[]> => {
  const { rows } = await source.query<Row>(
    `select h.*, seen.at as "lastAt", seen.channels, m.memberships from unnest($2::text[]) as p(id)
     cross join lateral (
       select person_id as "personId", id, type, value, given, traits, created_at as "createdAt", orders from holders
       where workspace_id = $1 and person_id = p.id
       order by type in ('anonymousId', 'device'), created_at, id limit ${identifiersShown}) h
     left join lateral (
       select max(s.at) as at, json_agg(distinct s.channel) filter (where s.channel is not null) as channels from (
         (select occurred_at as at, channel from orders where workspace_id = $1 and holder_id = h.id
          order by occurred_at desc limit ${lately})
         union all
         (select occurred_at, channel from events where workspace_id = $1 and holder_id = h.id
          order by occurred_at desc limit ${lately})) s) seen on true
     left join lateral (
       select json_agg(json_build_object('programme', programme_id, 'tier', tier)) as memberships from programme_members
       where workspace_id = $1 and holder_id = h.id and left_at is null) m on true`,
    [workspaceId, personIds],
  )
  return rows
}

/** In each programme she is in the highest tier that she has by any of her identifiers. */
const tiersOf = (rows: readonly Row[], { programmes }: Catalogue) =>
  [...programmes.values()].flatMap(({ id, terms: { tiers } }) => {
    const its = rows.flatMap(row => row.memberships ?? []).filter(it => it.programme === id)
    if (its.length === 0) return []
    const levels = its.map(({ tier }) => (tiers ? levelOf(tiers, tier) : -1))
    return { programme: id, tier: tiers?.levels[Math.max(...levels)]?.id ?? null }
  })

/** What a list says of people, in the order in which they were found. Each statement is about a few of them. */
export const tellPeople = async (
  source: Queryable,
  workspaceId: string,
  catalogue: Catalogue,
  finds: readonly Find[],
): Promise<z.output<typeof personFound>[]> => {
  const found: Row[] = []
  for (let start = 0; start < finds.length; start += peopleAtOnce) {
    const ids = finds.slice(start, start + peopleAtOnce).map(({ personId }) => personId)
    found.push(...(await readRows(source, workspaceId, ids)))
  }
  const rowsOf = groupBy(found, row => row.personId)
  return finds.flatMap(({ personId, matched }) => {
    const rows = rowsOf.get(personId)
    // Somebody else may have been united with her meanwhile.
    if (!rows) return []
    const seen = rows.map(row => Math.max(row.createdAt, row.lastAt ?? 0))
    return {
      id: personId,
      name: displayName(traitsOf(rows)),
      matched,
      identifiers: rows
        .toSorted((a, b) => rankOf(a.type) - rankOf(b.type) || a.createdAt - b.createdAt)
        .map(({ type, value, given }) => ({ type, value, given })),
      channels: [...new Set(rows.flatMap(row => row.channels ?? []))].sort(),
      tiers: tiersOf(rows, catalogue),
      orders: rows.reduce((sum, { orders }) => sum + orders, 0),
      lastSeenAt: formatInstant(Math.max(...seen)),
      createdAt: formatInstant(Math.min(...rows.map(row => row.createdAt))),
    }
  })
}
