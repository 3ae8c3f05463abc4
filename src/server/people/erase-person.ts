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
import { eraseStep, firstRows, type Progress } from './erase-step.ts'
import {
  bookEnded,
  type Counts,
  countValue,
  debtsOf,
  eraseValue,
  isHeldOrOwed,
  ordersHolding,
  writeOff,
} from './erase-value.ts'

export type EraseServices = Pick<Services, 'database' | 'random' | 'clock'> & {
  readonly writer: Pick<Services['writer'], 'submit'>
}

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
type Whom = { readonly personOf: string } | { readonly holders: readonly string[] }

export type ErasureRow = {
  id: string
  at: number
  by: string
  reason: string
  person_id: string
  request_id: string | null
  holders: string[]
  /** Those of value are not there where it was done before there was any. */
  counts: Omit<Erasure['counts'], keyof Counts> & Partial<Counts>
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
  counts: { programmes: 0, giftCards: 0, value: {}, ...row.counts },
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
export const holdersToErase = async (source: Queryable, workspaceId: string, of: Whom): Promise<HolderRow[]> => {
  const [where, key] = 'personOf' in of ? [herHolders, of.personOf] : ['id = any($2::text[])', of.holders]
  const { rows } = await source.query<HolderRow>(
    `select id, type, value, given, person_id from holders
     where workspace_id = $1 and ${where} and erased_at is null order by id`,
    [workspaceId, key],
  )
  return rows
}

/** A grant that was neither redeemed nor handed over. */
const isUnused = "state <> 'redeemed' and fulfilment is distinct from 'fulfilled'"
/** Of these holders, which are the second parameter, to others than `all`. */
const linksAway = (table: string, all: string): string =>
  `select a, b from ${table} where workspace_id = $1 and a = any($2::text[]) and b <> all(${all}::text[])
   union select a, b from ${table} where workspace_id = $1 and b = any($2::text[]) and a <> all(${all}::text[])`

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
    links: await count(`(${linksAway('links', '$2')}) l`),
    segments: await of('segment_members'),
    consents: await of('consents'),
    grants: await of('grants', `${isUnused} and state in ('issued', 'held', 'returned')`),
    orders: await of('orders'),
    events: await of('events'),
    ...(await countValue(source, workspaceId, holders)),
  }
}

/** Something was held for her between the release and the locks. */
class StillHeld extends Error {}

/** As many holds as one item of a batch may end. */
const holdsAtOnce = 200
const mostTurns = 20

/**
 * Ends the holds of her open orders and of those that hold value of hers, and writes off what she owes, through the group commit as every
 * change of value; she who is gone buys nothing any more.
 */
const releaseHolds = async (
  services: EraseServices,
  workspaceId: string,
  holders: readonly string[],
): Promise<Refusal | undefined> => {
  const { database, writer } = services
  for (;;) {
    const ids = await ordersHolding(database, workspaceId, holders, holdsAtOnce)
    const debts = ids.length > 0 ? [] : await debtsOf(database, workspaceId, holders)
    if (debts.length > 0) {
      const outcome = await writeOff(services, workspaceId, debts)
      if ('refusal' in outcome) return outcome.refusal
      continue
    }
    if (ids.length === 0) return undefined
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
  of: Whom,
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
/** Each with its links, segments and grants. */
const holdersAtOnce = 200
/** How many holders with little or nothing a commit of the job looks at, and how many rows make it end: the next statement may write 500 more. */
const stepsAtOnce = 50
const rowsOfJob = 100

/**
 * Every batch holds the version of the catalogue for share from its locks to its commit. So once this is committed no batch that has found
 * somebody before can write for her, in any process, not even an event that only looked up whose it is.
 */
const stopBatches = (tx: Queryable, workspaceId: string) =>
  tx.query('update workspaces set catalogue_version = catalogue_version + 1 where id = $1', [workspaceId])

/**
 * Erases in the given transaction: from its commit on nobody finds her. Browsers that are probably hers may be thousands: who they are is
 * settled here, and all but the first go afterwards, a few hundred a commit.
 */
export const eraseIn = async (
  tx: Queryable,
  { random, clock }: Pick<EraseServices, 'random' | 'clock'>,
  { workspaceId, id, at, by, reason, requestId, of }: EraseRequest,
): Promise<Result<ErasureRow>> => {
  await stopBatches(tx, workspaceId)
  const holders = await holdersToErase(tx, workspaceId, of)
  if (holders.length === 0) return no(refuse(peopleRefusals.person_not_found, { type: 'id' }))
  const named = 'person' in of ? undefined : (holders.find(it => it.id === of.personOf) ?? holders[0]!)
  const personId = 'person' in of ? of.person : named!.person_id
  const own = holders.filter(it => it.person_id === personId)
  const ids = [...own, ...holders.filter(it => it.person_id !== personId)].map(it => it.id)
  const counts = await countErasure(tx, workspaceId, ids)
  const first = Math.max(own.length, holdersAtOnce)
  await eraseHolders(tx, {
    workspaceId,
    at,
    endsAt: Math.max(at, clock(workspaceId)),
    by,
    all: ids,
    holders: ids.slice(0, first),
  })

  let progress: Progress | null = ids.length > first ? { stage: 'holders', holder: first } : firstRows
  for (let rows = 0; progress !== null && progress.stage !== 'holders' && rows < rowsAtOnce; ) {
    const step = await eraseStep(tx, { workspaceId, holders: ids }, progress)
    rows += step.rows
    progress = step.next
  }
  const jobId = progress === null ? null : makeId('job', at, random(10))
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

/** Of everybody who goes in one erasure, these holders: `all` tells which links lead away. */
type HoldersOf = {
  readonly workspaceId: string
  readonly at: number
  /** When what they have ends: an erasure that is done again was asked for long before. */
  readonly endsAt: number
  readonly by: string
  readonly all: readonly string[]
  readonly holders: readonly string[]
}

/** Overwrites holders and removes what ties them to others. */
const eraseHolders = async (tx: Queryable, { workspaceId, at, endsAt, by, all, holders }: HoldersOf): Promise<void> => {
  const { rows } = await tx.query<HolderRow>(
    `select id, type, value, given, person_id from holders
     where workspace_id = $1 and id = any($2::text[]) and erased_at is null order by id for update`,
    [workspaceId, holders],
  )
  const ids = rows.map(row => row.id)
  const these = [workspaceId, ids]
  if (await isHeldOrOwed(tx, workspaceId, ids))
    throw new StillHeld('Something is held for somebody who is to be erased')
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
      `delete from ${table} t using (${linksAway(table, '$3')}) gone where t.workspace_id = $1 and t.a = gone.a and t.b = gone.b`,
      [workspaceId, ids, all],
    )
  await tx.query('delete from segment_members where workspace_id = $1 and holder_id = any($2::text[])', these)
  await tx.query(`update consents set personal = '{}' where workspace_id = $1 and holder_id = any($2::text[])`, these)
  await eraseValue(tx, { workspaceId, at: endsAt, by, holders: ids })
  await eraseFromJobs(tx, workspaceId, rows)
  await tx.query('delete from wallet_sessions where workspace_id = $1 and holder_id = any($2::text[])', these)
  await tx.query(
    `delete from outbox o using unnest($2::text[], $3::text[]) as n(type, value)
     where o.workspace_id = $1 and o.type = n.type and o.value = n.value`,
    [workspaceId, rows.map(row => row.type), rows.map(row => row.value)],
  )
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

/** What an erasure has come to: rows of this step, and whether that was all. */
type Step = { readonly rows: number; readonly isDone: boolean }

const readErasure = async (source: Queryable, workspaceId: string, id: string, lock = ''): Promise<ErasureRow> => {
  const { rows } = await source.query<ErasureRow>(
    `select ${erasureColumns} from erasures where workspace_id = $1 and id = $2 ${lock}`,
    [workspaceId, id],
  )
  return rows[0]!
}

const saveProgress = (tx: Queryable, workspaceId: string, id: string, progress: Progress | null) =>
  tx.query('update erasures set progress = $3::json where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    progress && JSON.stringify(progress),
  ])

/**
 * Goes on with an erasure whose beginning is committed: a few hundred more of her browsers, and when they are gone, rows that they all left.
 * Each step is a commit that stores how far it came, so it may be killed at any time. Where the store is too busy to release what is held,
 * it does nothing, and comes again.
 */
export const goOnErasing = async (services: EraseServices, workspaceId: string, id: string): Promise<Step> => {
  const { progress, holders, by } = await readErasure(services.database, workspaceId, id)
  if (progress === null) return { rows: 0, isDone: true }
  if (progress.stage !== 'holders') return services.database.transaction(tx => eraseRows(tx, workspaceId, id))
  const next = holders.slice(progress.holder, progress.holder + holdersAtOnce)
  const step = await withoutHolds(services, workspaceId, { holders: next }, () =>
    services.database.transaction(async tx => {
      await stopBatches(tx, workspaceId)
      const { progress: stored, at } = await readErasure(tx, workspaceId, id, 'for update')
      // Another process has done it meanwhile.
      if (stored?.stage !== 'holders' || stored.holder !== progress.holder) return { rows: 0, isDone: stored === null }
      await resolveOthers(tx, services, workspaceId, next, holders)
      const now = Math.max(at, services.clock(workspaceId))
      await eraseHolders(tx, { workspaceId, at: now, endsAt: now, by, all: holders, holders: next })
      const holder = progress.holder + next.length
      await saveProgress(tx, workspaceId, id, holder < holders.length ? { stage: 'holders', holder } : firstRows)
      return { rows: next.length, isDone: false }
    }),
  )
  if ('refusal' in step) return { rows: 0, isDone: false }
  await bookEnded(services, workspaceId, next)
  return step
}

const eraseRows = async (tx: Queryable, workspaceId: string, id: string): Promise<Step> => {
  const { progress, holders } = await readErasure(tx, workspaceId, id, 'for update')
  let next = progress
  let rows = 0
  for (
    let steps = 0;
    next !== null && next.stage !== 'holders' && steps < stepsAtOnce && rows < rowsOfJob;
    steps += 1
  ) {
    const step = await eraseStep(tx, { workspaceId, holders }, next)
    rows += step.rows
    next = step.next
  }
  await saveProgress(tx, workspaceId, id, next)
  return { rows, isDone: next === null }
}

/** A browser may have become somebody else's since she was erased; who they are without it, the links that are left must say. */
const resolveOthers = async (
  tx: Queryable,
  { random, clock }: Pick<EraseServices, 'random' | 'clock'>,
  workspaceId: string,
  holders: readonly string[],
  all: readonly string[],
): Promise<void> => {
  const { rows } = await tx.query(
    `select 1 from holders h join holders other on other.workspace_id = $1 and other.person_id = h.person_id
     where h.workspace_id = $1 and h.id = any($2::text[]) and other.id <> all($3::text[]) limit 1`,
    [workspaceId, holders, all],
  )
  if (rows.length > 0) await addResolving(tx, { random, clock }, workspaceId)
}

/** Has everybody asked again who they are. */
export const addResolving = async (
  tx: Queryable,
  { random, clock }: Pick<EraseServices, 'random' | 'clock'>,
  workspaceId: string,
): Promise<void> => {
  const now = clock(workspaceId)
  const id = makeId('job', now, random(10))
  await addJob(tx, { workspaceId, id, kind: 'resolveIdentities', params: {}, total: null, now })
}
