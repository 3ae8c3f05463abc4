import type { Queryable } from '../../adapters/storage/database.ts'
import type { Erasure } from '../../contract/rights.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { endHold } from '../../core/loop/holds.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import { erasedValue } from '../../core/people/erased.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import type { Services } from '../services.ts'
import { addJob } from '../worker/job-store.ts'
import { eraseStep, firstStep, type Progress } from './erase-step.ts'

export type EraseServices = Pick<Services, 'database' | 'writer' | 'random' | 'clock'>

/** An erasure as it is asked for: the whole person of a holder, or, from a list of erasures, these holders and no others. */
export type EraseRequest = {
  readonly workspaceId: string
  readonly id: string
  readonly at: number
  readonly by: string
  readonly reason: string
  readonly requestId: string | null
  readonly of: { readonly personOf: string } | { readonly person: string; readonly holders: readonly string[] }
}

export type ErasureRow = {
  id: string
  at: number
  by: string
  reason: string
  person_id: string
  request_id: string | null
  holders: string[]
  counts: Erasure['counts']
  job_id: string | null
  progress: Progress | null
}
export const erasureColumns = 'id, at, by, reason, person_id, request_id, holders, counts, job_id, progress'

export const erasureAnswer = (workspace: string, row: ErasureRow): Erasure & { readonly id: string } => ({
  id: row.id,
  workspace,
  state: row.progress === null ? 'done' : 'erasing',
  at: formatInstant(row.at),
  by: row.by,
  reason: row.reason,
  requestId: row.request_id,
  person: row.person_id,
  holders: row.holders,
  counts: row.counts,
  job: row.job_id,
})

type HolderRow = { id: string; type: string; value: string; given: string; person_id: string }

/** Of a person and of the browsers that are probably hers: whole persons, so that no part of one is left without the rest. */
const herHolders = `person_id in (
  select person_id from holders where workspace_id = $1 and id = $2 union all
  select b.person_id from holders h join holders her on her.workspace_id = $1 and her.person_id = h.person_id
  join holders b on b.workspace_id = $1 and b.behaviour_id = her.id
  where h.workspace_id = $1 and h.id = $2)`

/** The holders that go when the person of this one is erased; none: she is erased already. */
export const holdersToErase = async (
  source: Queryable,
  workspaceId: string,
  of: EraseRequest['of'],
  lock = '',
): Promise<HolderRow[]> => {
  const [where, key] = 'personOf' in of ? [herHolders, of.personOf] : ['id = any($2::text[])', of.holders]
  const { rows } = await source.query<HolderRow>(
    `select id, type, value, given, person_id from holders
     where workspace_id = $1 and ${where} and erased_at is null order by id ${lock}`,
    [workspaceId, key],
  )
  return rows
}

/** A grant that was neither redeemed nor handed over. */
const isUnused = "state <> 'redeemed' and fulfilment is distinct from 'fulfilled'"
const leadsAway = '(a = any($2::text[])) <> (b = any($2::text[]))'
const linksAway = (table: string): string =>
  `select a, b from ${table} where workspace_id = $1 and a = any($2::text[]) and ${leadsAway}
   union select a, b from ${table} where workspace_id = $1 and b = any($2::text[]) and ${leadsAway}`

/** What an erasure of these holders changes. */
export const countErasure = async (
  source: Queryable,
  workspaceId: string,
  holders: readonly string[],
): Promise<Erasure['counts']> => {
  const count = async (from: string): Promise<number> => {
    const { rows } = await source.query<{ n: number }>(`select count(*) as n from ${from}`, [workspaceId, holders])
    return rows[0]!.n
  }
  const of = (table: string, where = 'true'): Promise<number> =>
    count(`${table} where workspace_id = $1 and holder_id = any($2::text[]) and ${where}`)
  return {
    identifiers: holders.length,
    links: await count(`(${linksAway('links')}) l`),
    segments: await of('segment_members'),
    consents: await of('consents'),
    grants: await of('grants', `${isUnused} and state in ('issued', 'held', 'returned')`),
    orders: await of('orders'),
    events: await of('events'),
  }
}

/** Something was held for her between the release and the locks. */
class StillHeld extends Error {}

/** As many holds as one item of a batch may end. */
const holdsAtOnce = 200
const mostTurns = 20

/** Ends the holds of her open orders, through the group commit as every change of value; she who is gone buys nothing any more. */
const releaseHolds = async (
  { database, writer }: EraseServices,
  workspaceId: string,
  holders: readonly string[],
): Promise<Refusal | undefined> => {
  for (;;) {
    const { rows } = await database.query<{ id: string }>(
      `select id from orders where workspace_id = $1 and holder_id = any($2::text[]) and held_until is not null
       order by id limit ${holdsAtOnce}`,
      [workspaceId, holders],
    )
    if (rows.length === 0) return undefined
    const ids = rows.map(row => row.id)
    const outcome = await writer.submit({
      workspaceId,
      needs: { orders: ids },
      fromBrowser: false,
      weight: ids.length * 3,
      bytes: ids.length * 100,
      decide: world => {
        for (const id of ids) {
          const order = world.orders.get(id)
          if (order) endHold(world, order, 'released')
        }
        return { text: '', status: 200 }
      },
    })
    if ('refusal' in outcome) return outcome.refusal
  }
}

/**
 * Releases what is held for somebody and then does `work`, a transaction that erases her with `eraseIn`. Her holds go first, because limits and
 * budgets are counted by the group commit alone; where one is made in between, it goes round again.
 */
export const withoutHolds = async <T>(
  services: EraseServices,
  workspaceId: string,
  of: EraseRequest['of'],
  work: () => Promise<T>,
): Promise<T | { readonly refusal: Refusal }> => {
  for (let turn = 1; ; turn += 1) {
    const holders = await holdersToErase(services.database, workspaceId, of)
    const refusal = await releaseHolds(
      services,
      workspaceId,
      holders.map(it => it.id),
    )
    if (refusal) return { refusal }
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StillHeld) || turn === mostTurns) throw error
    }
  }
}

/** What one commit takes, in rows; the rest is a job's. */
const rowsAtOnce = 1000

/**
 * Erases in the given transaction: from its commit on nobody finds her. The version of the catalogue is raised, which every
 * batch holds for share from its locks to its commit: so no batch that has found her can write for her afterwards, in any process, not
 * even an event that only looked up whose it is.
 */
export const eraseIn = async (
  tx: Queryable,
  { random }: Pick<EraseServices, 'random'>,
  { workspaceId, id, at, by, reason, requestId, of }: EraseRequest,
): Promise<Result<ErasureRow>> => {
  await tx.query('update workspaces set catalogue_version = catalogue_version + 1 where id = $1', [workspaceId])
  const holders = await holdersToErase(tx, workspaceId, of, 'for update')
  if (holders.length === 0) return no(refuse(peopleRefusals.person_not_found, { type: 'id' }))
  const ids = holders.map(holder => holder.id)
  const all = [workspaceId, ids]
  const held = await tx.query(
    'select 1 from orders where workspace_id = $1 and holder_id = any($2::text[]) and held_until is not null limit 1',
    all,
  )
  if (held.rows.length > 0) throw new StillHeld('Something is held for somebody who is to be erased')

  const named = 'person' in of ? undefined : (holders.find(it => it.id === of.personOf) ?? holders[0]!)
  const personId = 'person' in of ? of.person : named!.person_id
  const counts = await countErasure(tx, workspaceId, ids)
  await voidGrants(tx, workspaceId, ids)
  await tx.query(
    `update holders h set value = n.value, given = n.value, traits = '{}', preferences = '{}',
       statistics = (h.statistics::jsonb - 'last' - 'values')::json,
       standing = null, behaviour_id = null, due_at = null, erased_at = to_timestamp($4 / 1000.0), revision = h.revision + 1
     from unnest($2::text[], $3::text[]) as n(id, value) where h.workspace_id = $1 and h.id = n.id`,
    [workspaceId, ids, ids.map(erasedValue), at],
  )
  for (const table of ['links', 'never_merge'])
    await tx.query(
      `delete from ${table} t using (${linksAway(table)}) gone where t.workspace_id = $1 and t.a = gone.a and t.b = gone.b`,
      all,
    )
  await tx.query('delete from segment_members where workspace_id = $1 and holder_id = any($2::text[])', all)
  await tx.query(`update consents set personal = '{}' where workspace_id = $1 and holder_id = any($2::text[])`, all)
  await eraseFromJobs(tx, workspaceId, holders)

  let progress: Progress | null = firstStep
  for (let rows = 0; progress !== null && rows < rowsAtOnce; ) {
    const step = await eraseStep(tx, { workspaceId, holders: ids, at }, progress)
    rows += step.rows
    progress = step.next
  }
  const jobId = progress === null || 'person' in of ? null : makeId('job', at, random(10))
  if (jobId !== null)
    await addJob(tx, { workspaceId, id: jobId, kind: 'erasePerson', params: { erasure: id }, total: null, now: at })
  const { rows } = await tx.query<ErasureRow>(
    `insert into erasures (workspace_id, id, at, by, reason, person_id, request_id, holders, counts, job_id, progress)
     values ($1, $2, to_timestamp($3 / 1000.0), $4, $5, $6, $7, $8::json, $9::json, $10, $11::json) returning ${erasureColumns}`,
    [
      workspaceId,
      id,
      at,
      by,
      reason,
      personId,
      requestId,
      JSON.stringify(ids),
      JSON.stringify(counts),
      jobId,
      progress && JSON.stringify(progress),
    ],
  )
  return ok(rows[0]!)
}

/** What was issued to her and not used is void. Codes that were used stay: uses are numbered by them. */
const voidGrants = async (tx: Queryable, workspaceId: string, holders: readonly string[]): Promise<void> => {
  const { rows } = await tx.query<{ id: string; code: string | null }>(
    `select id, code from grants where workspace_id = $1 and holder_id = any($2::text[]) and ${isUnused} order by id for update`,
    [workspaceId, holders],
  )
  if (rows.length === 0) return
  const ids = rows.map(row => row.id)
  await tx.query(
    `update grants set code = null, state = case when state in ('issued', 'held', 'returned') then 'revoked' else state end
     where workspace_id = $1 and holder_id = any($2::text[]) and id = any($3::text[])`,
    [workspaceId, holders, ids],
  )
  const codes = rows.flatMap(row => (row.code === null ? [] : normalizeCode(row.code)))
  await tx.query(
    'delete from codes where workspace_id = $1 and code = any($2::text[]) and grant_id = any($3::text[])',
    [workspaceId, codes, ids],
  )
}

/** So short a value, as the user id `7`, stands in many texts that do not mean her. */
const leastInText = 6

/** Jobs hold what they were asked to do, which may name people; there are few of them, so all are looked at. */
const eraseFromJobs = async (tx: Queryable, workspaceId: string, holders: readonly HolderRow[]): Promise<void> => {
  const values = [...new Set(holders.flatMap(({ value, given }) => [value, given]))]
  const inJson = values.map(value => JSON.stringify(value).slice(1, -1))
  const { rows } = await tx.query<{ id: string; params: unknown; result: unknown; error: unknown }>(
    `select id, params, result, error from jobs j where workspace_id = $1 and exists (
       select 1 from unnest($2::text[]) as v where position(v in concat(params::text, result::text, error::text)) > 0)
     order by id for update`,
    [workspaceId, inJson],
  )
  const named = new Set(holders.flatMap(it => [it.value, it.given, `${it.type}:${it.value}`, `${it.type}:${it.given}`]))
  const long = values.filter(value => value.length >= leastInText).sort((a, b) => b.length - a.length)
  const erase = (value: unknown): unknown => {
    if (typeof value === 'string')
      return named.has(value) ? 'erased' : long.reduce((text, it) => text.replaceAll(it, 'erased'), value)
    if (Array.isArray(value)) return value.map(erase)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [erase(key), erase(inner)]))
  }
  const text = (value: unknown): string | null => (value === null ? null : JSON.stringify(erase(value)))
  for (const { id, params, result, error } of rows)
    await tx.query(
      'update jobs set params = $3::json, result = $4::json, error = $5::json where workspace_id = $1 and id = $2',
      [workspaceId, id, text(params), text(result), text(error)],
    )
}

/** Empties the next rows of an erasure whose beginning is committed. */
export const goOnErasing = async (
  tx: Queryable,
  workspaceId: string,
  id: string,
): Promise<{ readonly rows: number; readonly isDone: boolean }> => {
  const { rows } = await tx.query<ErasureRow>(
    `select ${erasureColumns} from erasures where workspace_id = $1 and id = $2 for update`,
    [workspaceId, id],
  )
  const { progress, holders, at } = rows[0]!
  if (progress === null) return { rows: 0, isDone: true }
  const step = await eraseStep(tx, { workspaceId, holders, at }, progress)
  await tx.query('update erasures set progress = $3::json where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    step.next && JSON.stringify(step.next),
  ])
  return { rows: step.rows, isDone: step.next === null }
}
