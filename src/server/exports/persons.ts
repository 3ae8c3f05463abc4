import type { Queryable } from '../../adapters/storage/database.ts'

export type ExportHolder = {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly personId: string
  readonly orders: number
  readonly spend: Readonly<Record<string, number>>
  readonly firstOrderAt: number | null
  readonly lastOrderAt: number | null
  readonly traits: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly erasedAt: number | null
}

/** One human with all that points to her, the oldest first. */
export type ExportPerson = { readonly id: string; readonly holders: readonly ExportHolder[] }

/** A generation of a segment: the members that count. */
export type SegmentMembers = { readonly segment: string; readonly generation: number }

const personsAtOnce = 100

const holderColumns = `id, type, value, person_id as "personId", orders, spend, first_order_at as "firstOrderAt",
  last_order_at as "lastOrderAt", traits, created_at as "createdAt", erased_at as "erasedAt"`

/** How an export names whom a holder stands for; null once she is erased. */
export const identifierOf = ({
  type,
  value,
  erasedAt,
}: Pick<ExportHolder, 'type' | 'value' | 'erasedAt'>): string | null => (erasedAt === null ? `${type}:${value}` : null)

export const readHolders = async (
  source: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ExportHolder>> => {
  const { rows } = await source.query<ExportHolder>(
    `select ${holderColumns} from holders where workspace_id = $1 and id = any($2::text[])`,
    [workspaceId, [...new Set(ids)]],
  )
  return new Map(rows.map(holder => [holder.id, holder]))
}

const personsFrom = async (
  source: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly ExportPerson[]> => {
  const { rows } = await source.query<ExportHolder>(
    `select ${holderColumns} from holders where workspace_id = $1 and person_id = any($2::text[])
     order by person_id, created_at, id`,
    [workspaceId, ids],
  )
  const holders = new Map<string, ExportHolder[]>(ids.map(id => [id, []]))
  for (const holder of rows) holders.get(holder.personId)!.push(holder)
  return [...holders].flatMap(([id, own]) => (own.length > 0 ? [{ id, holders: own }] : []))
}

/**
 * Everybody of a workspace, or everybody in a segment, some at a time and each once, in the order of ids. Whoever is united or parted
 * meanwhile may be met twice or not at all.
 */
export async function* personsInTurn(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
): AsyncGenerator<readonly ExportPerson[], void> {
  for (let after = ''; ; ) {
    const { ids, next } = await (members
      ? idsOfMembers(source, workspaceId, members, after)
      : idsOfAll(source, workspaceId, after))
    if (ids.length > 0) yield await personsFrom(source, workspaceId, ids)
    if (next === undefined) return
    after = next
  }
}

type Ids = { readonly ids: readonly string[]; readonly next: string | undefined }

const idsOfAll = async (source: Queryable, workspaceId: string, after: string): Promise<Ids> => {
  const { rows } = await source.query<{ id: string }>(
    `select person_id as id from holders where workspace_id = $1 and person_id > $2
     group by person_id order by person_id limit ${personsAtOnce}`,
    [workspaceId, after],
  )
  return { ids: rows.map(({ id }) => id), next: rows.length === personsAtOnce ? rows.at(-1)!.id : undefined }
}

/** A list may name a person by several identifiers: she is met with the first of them. */
const idsOfMembers = async (
  source: Queryable,
  workspaceId: string,
  { segment, generation }: SegmentMembers,
  after: string,
): Promise<Ids> => {
  const { rows } = await source.query<{ holderId: string; personId: string; first: string }>(
    `with part as (
       select m.holder_id, h.person_id from (
         select holder_id from segment_members
         where workspace_id = $1 and segment_id = $2 and generation = $3 and holder_id > $4
         order by holder_id limit ${personsAtOnce}) m
       join holders h on h.workspace_id = $1 and h.id = m.holder_id),
     firsts as (
       select h.person_id, min(m.holder_id) as first
       from (select distinct person_id from part) p
       join holders h on h.workspace_id = $1 and h.person_id = p.person_id
       join segment_members m on m.workspace_id = $1 and m.holder_id = h.id and m.segment_id = $2 and m.generation = $3
       group by h.person_id)
     select part.holder_id as "holderId", part.person_id as "personId", firsts.first from part
     join firsts on firsts.person_id = part.person_id order by part.holder_id`,
    [workspaceId, segment, generation, after],
  )
  return {
    ids: rows.flatMap(({ holderId, personId, first }) => (holderId === first ? [personId] : [])),
    next: rows.length === personsAtOnce ? rows.at(-1)!.holderId : undefined,
  }
}
