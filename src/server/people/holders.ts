import { randomBytes } from 'node:crypto'
import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import { type InputError, no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { isErasedValue } from '../../core/people/erased.ts'
import type { Identifier } from '../../core/people/identifier.ts'
import { type ParsedRef, parseRef } from '../../core/people/ref.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { holderIdOf, personIdOf } from '../../core/people/union.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import { askedSoon } from '../segments/asked-soon.ts'

export type FoundHolder = {
  readonly id: string
  readonly personId: string
  readonly type: string
  readonly value: string
}

type HolderRow = { id: string; person_id: string; type: string; value: string }

const read = ({ id, person_id, type, value }: HolderRow): FoundHolder => ({ id, personId: person_id, type, value })
const columns = 'h.id, h.person_id, h.type, h.value'
const keyOf = ({ type, value }: { type: string; value: string }): string => `${type}:${value}`

const byIdentifier = async (
  tx: Queryable,
  workspaceId: string,
  wanted: readonly Identifier[],
): Promise<Map<string, FoundHolder>> => {
  if (wanted.length === 0) return new Map()
  const { rows } = await tx.query<HolderRow>(
    `select ${columns} from unnest($2::text[], $3::text[]) as w(type, value)
     join holders h on h.workspace_id = $1 and h.type = w.type and h.value = w.value`,
    [workspaceId, wanted.map(({ type }) => type), wanted.map(({ value }) => value)],
  )
  return new Map(rows.map(row => [keyOf(row), read(row)]))
}

/** A person id names a holder that stays for ever; the person it belongs to now may have another id. */
const byPersonId = async (
  tx: Queryable,
  workspaceId: string,
  personIds: readonly string[],
): Promise<Map<string, FoundHolder>> => {
  if (personIds.length === 0) return new Map()
  const { rows } = await tx.query<HolderRow>(
    `select ${columns} from holders h where h.workspace_id = $1 and h.id = any($2::text[])`,
    [workspaceId, personIds.map(holderIdOf)],
  )
  return new Map(rows.map(row => [personIdOf(row.id), read(row)]))
}

const insert = async (
  tx: Queryable,
  workspaceId: string,
  wanted: readonly Identifier[],
  now: number,
): Promise<void> => {
  // Sorted, so that two batches with the same people wait for each other instead of deadlocking.
  const unique = [...new Map(wanted.map(identifier => [keyOf(identifier), identifier])).entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, identifier]) => ({ ...identifier, id: makeId('hol', now, randomBytes(10)) }))
  if (unique.length === 0) return
  await tx.query(
    `insert into holders (workspace_id, id, type, value, given, person_id, created_at, due_at)
     select $1, n.id, n.type, n.value, n.given, n.person_id, to_timestamp($7 / 1000.0), ${askedSoon('null')}
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as n(id, type, value, given, person_id)
     on conflict do nothing`,
    [
      workspaceId,
      unique.map(({ id }) => id),
      unique.map(({ type }) => type),
      unique.map(({ value }) => value),
      unique.map(({ given }) => given),
      unique.map(({ id }) => personIdOf(id)),
      now,
    ],
  )
}

const isIdentifier = (ref: ParsedRef): ref is Identifier => 'type' in ref

/** One refusal for a list: the first mistake's, with the places of all. */
const refuseAll = (mistakes: readonly { index: number; refusal: Refusal }[]): Result<never> => {
  const { refusal } = mistakes[0]!
  const errors = mistakes.map(
    ({ index, refusal: { message } }): InputError => ({ pointer: `/people/${index}`, message }),
  )
  return no({ ...refusal, errors })
}

/**
 * The holders that references name, in the order of the references; with `create`, an identifier seen for the first time becomes a
 * holder and so a person. Set-based: at most four statements, however many references. A refusal names its places: `/people/3`.
 *
 *     await holdersFor(tx, workspace, ['loyaltyCard:4711'], now, { create: true })
 *     // { ok: true, value: [{ id: 'hol_…', personId: 'per_…', type: 'loyaltyCard', value: '4711' }] }
 */
export const holdersFor = async (
  tx: Queryable,
  workspace: Workspace,
  refs: readonly string[],
  now: number,
  { create }: { readonly create: boolean },
): Promise<Result<FoundHolder[]>> => {
  const options = workspace.country === undefined ? {} : { country: workspace.country }
  const results = refs.map(ref => parseRef(ref, options))
  const invalid = results.flatMap((result, index) => (result.ok ? [] : [{ index, refusal: result.refusal }]))
  if (invalid.length > 0) return refuseAll(invalid)
  const parsed = results.flatMap(result => (result.ok ? [result.value] : []))
  const identifiers = parsed.filter(isIdentifier)

  const persons = await byPersonId(
    tx,
    workspace.id,
    parsed.flatMap(ref => (isIdentifier(ref) ? [] : [ref.personId])),
  )
  let known = await byIdentifier(tx, workspace.id, identifiers)
  const byId = (personId: string): FoundHolder | undefined => {
    const found = persons.get(personId)
    // Who is erased may be looked at by her old id; nothing is made for her any more.
    return create && found && isErasedValue(found.value) ? undefined : found
  }
  const find = (ref: ParsedRef): FoundHolder | undefined =>
    isIdentifier(ref) ? known.get(keyOf(ref)) : byId(ref.personId)

  const absent = (): { index: number; refusal: Refusal }[] =>
    parsed.flatMap((ref, index) =>
      find(ref) || (create && isIdentifier(ref))
        ? []
        : [{ index, refusal: refuse(peopleRefusals.person_not_found, { type: isIdentifier(ref) ? ref.type : 'id' }) }],
    )
  const missing = absent()
  if (missing.length > 0) return refuseAll(missing)

  const fresh = identifiers.filter(identifier => !known.has(keyOf(identifier)))
  if (fresh.length > 0) {
    await insert(tx, workspace.id, fresh, now)
    // Read again: another process may have been first, and then its holder counts.
    known = await byIdentifier(tx, workspace.id, identifiers)
  }
  return ok(parsed.map(ref => find(ref)!))
}
