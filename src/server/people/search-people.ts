import type { Queryable } from '../../adapters/storage/database.ts'
import { type Look, readSearch } from '../../core/people/search.ts'
import { holderIdOf } from '../../core/people/union.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'

/** Who was found, by what; null: nothing was looked for. */
export type Find = {
  readonly personId: string
  readonly matched: { readonly type: string; readonly value: string } | null
}
/** `place`: where the next page begins, as text; null: there is none. */
export type Finds = { readonly finds: readonly Find[]; readonly place: string | null }

/** What is kept by name, as the migration `search` says it. */
const names = {
  name: `left(lower(coalesce(traits->>'name', (traits->>'firstName') || ' ' || (traits->>'lastName'), traits->>'firstName')), 80)`,
  lastName: `left(lower(coalesce(traits->>'lastName', substring(traits->>'name' from '\\s(.+)$'))), 80)`,
} as const

/** After everything that begins with a text: no character comes after this one. */
const end = '\u{10FFFF}'

/** The types of a workspace, one step through the index each. */
const typesOf = async (source: Queryable, workspaceId: string): Promise<string[]> => {
  const { rows } = await source.query<{ type: string }>(
    `with recursive t as (
       (select type from holders where workspace_id = $1 order by type limit 1)
       union all
       select (select h.type from holders h where h.workspace_id = $1 and h.type > t.type order by h.type limit 1)
       from t where t.type is not null)
     select type from t where type is not null`,
    [workspaceId],
  )
  return rows.map(({ type }) => type)
}

/** In this order identifiers are shown: what people tell a clerk, then a business's own, then what machines make. */
const told = ['email', 'phone', 'loyaltyCard', 'userId', 'posCustomer', 'whatsapp', 'social']
const made = ['device', 'anonymousId']
export const rankOf = (type: string): number => {
  const first = told.indexOf(type)
  return first >= 0 ? first : told.length + 1 + made.indexOf(type)
}

type Found = { personId: string; value: string; id: string }
/** A list that is walked in its order: the identifiers of a type, or people by a name, that begin alike. */
type Walk = {
  readonly kind: string
  read(after: { readonly value: string; readonly id: string }, limit: number): Promise<readonly Found[]>
}

const identifiers = (source: Queryable, workspaceId: string, { type, value, isPrefix }: Look): Walk => ({
  kind: type,
  read: async (after, limit) => {
    const { rows } = await source.query<Found>(
      `select person_id as "personId", value, id from holders
       where workspace_id = $1 and type = $2 and value ~>=~ $3 and value ~<=~ $4 and value ~>~ $5
       order by value using ~<~ limit $6`,
      [workspaceId, type, value, isPrefix ? value + end : value, after.value, limit],
    )
    return rows
  },
})

const named = (source: Queryable, workspaceId: string, kind: keyof typeof names, text: string): Walk => ({
  kind,
  read: async (after, limit) => {
    const name = names[kind]
    // The store puts both in lower case, whatever it takes for it.
    const { rows } = await source.query<Found>(
      `select person_id as "personId", ${name} as value, id from holders
       where workspace_id = $1 and ${name} ~>=~ left(lower($2), 80) and ${name} ~<=~ (left(lower($2), 80) || $3)
         and ${name} ~>=~ $4 and (${name} ~>~ $4 or id > $5)
       order by ${name} using ~<~, id limit $6`,
      [workspaceId, text, end, after.value, after.id, limit],
    )
    return rows
  },
})

const atStart = { kind: '', value: '', id: '' }
/** `email\nana@example.com\nhol_…`: no identifier and no name that is kept has a line break that would be mistaken, for an id has none. */
const placeOf = (text: string): typeof atStart | undefined => {
  if (text === '') return atStart
  const [, kind, value, id] = /^([A-Za-z0-9]+)\n(.*)\n(hol_[0-9a-z]{26})$/s.exec(text) ?? []
  return kind === undefined ? undefined : { kind, value: value!, id: id! }
}

/**
 * Whom a text may mean, those found by one identifier after those found by another. Whoever is found by several stands once in a
 * page. `after` is the place of a page before; undefined is answered where it is none.
 */
export const searchPeople = async (
  source: Queryable,
  workspace: Workspace,
  text: string,
  after: string,
  limit: number,
): Promise<Finds | undefined> => {
  const place = placeOf(after)
  if (!place) return undefined
  const types = (await typesOf(source, workspace.id)).sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
  const search = readSearch(text, { types, country: workspace.country })
  if ('personId' in search) {
    const { rows } = await source.query<{ personId: string }>(
      'select person_id as "personId" from holders where workspace_id = $1 and id = $2',
      [workspace.id, holderIdOf(search.personId)],
    )
    return { finds: rows.map(({ personId }) => ({ personId, matched: null })), place: null }
  }
  const walks: Walk[] = [
    ...search.looks.map(look => identifiers(source, workspace.id, look)),
    ...(search.name === undefined
      ? []
      : (['name', 'lastName'] as const).map(kind => named(source, workspace.id, kind, search.name!))),
  ]
  const from = place.kind === '' ? 0 : walks.findIndex(walk => walk.kind === place.kind)
  if (from < 0) return undefined
  const finds = new Map<string, Find>()
  let last: string | undefined
  for (const walk of walks.slice(from)) {
    for (let at = walk.kind === place.kind ? place : atStart; ; ) {
      const rows = await walk.read(at, limit)
      for (const { personId, value, id } of rows) {
        if (finds.has(personId)) continue
        if (finds.size === limit) return { finds: [...finds.values()], place: last! }
        finds.set(personId, { personId, matched: { type: walk.kind, value } })
        last = `${walk.kind}\n${value}\n${id}`
      }
      if (rows.length < limit) break
      at = { kind: walk.kind, ...rows.at(-1)! }
    }
  }
  return { finds: [...finds.values()], place: null }
}
