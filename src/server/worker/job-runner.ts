import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Database, Queryable } from '../../adapters/storage/database.ts'
import type { Job } from '../../contract/jobs.ts'
import { loggable, Refused } from '../http/problem.ts'
import type { Clock } from '../workspaces.ts'
import { type JobRow, jobColumns, type WorkedJob, workedJob } from './job-store.ts'

/**
 * What a step has done: so much more of the job, whether that was all, and what the next one has to know (it finds it as `job.params`). One
 * that counted tells how much there is.
 */
export type Step = {
  readonly done: number
  readonly total?: number
  readonly result?: Readonly<Record<string, unknown>>
  readonly params?: unknown
}

/**
 * A kind of long work. A step does a piece of less than 50 ms and 1,000 rows in the given transaction, which also stores the progress: so the
 * stored progress is exact whatever is killed when, and a step starts where `job.done` says.
 */
export type JobKind = (tx: Queryable, job: WorkedJob) => Promise<Step>

/**
 * A kind whose steps change people and so go through the group-commit writer, beside the orders of everybody: outside any transaction, the
 * progress is stored after the step. A step that was killed in between is done again, so doing it twice must come to the same. It takes
 * less than `leaseSeconds` and ends early when the signal says so.
 */
export type ApartKind = (job: WorkedJob, signal: AbortSignal) => Promise<Step>

export type JobRunner = { run(signal: AbortSignal): Promise<void> }

/** Longer than any step takes; so long a job of a killed process waits for another one. */
const leaseSeconds = 30
/** Then the next job has its turn, so that a small job does not wait for a million codes. */
const turnMs = 1000

/** The store stumbled, not the job: it keeps its lease and goes on when that has run out. */
const isPassing = (error: unknown): boolean => {
  const { code, message } = error as { code?: string; message?: string }
  // SQLSTATE classes: connection, rolled back, resources, operator; else what Node and the driver say of a lost connection.
  return (
    /^(08|40|53|57|ECONN|EPIPE|ETIMEDOUT)/.test(code ?? '') || message?.startsWith('Connection terminated') === true
  )
}

/** A database error's message may quote values, so of those only the kind is kept. */
const reasonOf = (error: unknown): NonNullable<Job['error']> => {
  if (error instanceof Refused) {
    const { code, message, details } = error.refusal
    return { message, code, details }
  }
  const { message, code } = loggable(error) as { message?: string; code?: string }
  return { message: message ?? `the store refused with ${code}` }
}

/**
 * Works on jobs, one piece after the other, each in its own short transaction, so that hot writes get their turn in between. Any
 * number of processes may do so: a claim is a lease, and every step checks that it still holds it.
 *
 *     const runner = createJobRunner({ database, clock, logger, kinds: { generateCodes } })
 *     timers.every(500, 'jobs', runner.run)
 */
export const createJobRunner = ({
  database,
  clock,
  logger,
  kinds,
  apart = {},
  inMemory = [],
  prepare = () => undefined,
}: {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly kinds: Readonly<Record<string, JobKind>>
  readonly apart?: Readonly<Record<string, ApartKind>>
  /** Kinds whose work so far is in memory: a job of theirs stays with the process that began it, which does one at a time. */
  readonly inMemory?: readonly string[]
  /** Reads what steps know of a workspace without a wait: in a step's transaction the embedded store would never answer another reader. */
  readonly prepare?: (workspaceId: string) => unknown
}): JobRunner => {
  const owner = randomUUID()
  let freshlyStarted = true

  const claim = async (): Promise<WorkedJob | undefined> => {
    const { rows } = await database.query<JobRow>(
      `update jobs set state = 'running', claimed_by = $1, claimed_until = now() + make_interval(secs => $2)
       where (workspace_id, id) = (
         select workspace_id, id from jobs
         where state in ('queued', 'running')
           and (claimed_until is null or claimed_until < now() or (claimed_by = $1 and kind = any($3)))
           and not (kind = any($3) and exists (
             select 1 from jobs mine where mine.state = 'running' and mine.claimed_by = $1 and mine.kind = jobs.kind
               and (mine.workspace_id, mine.id) <> (jobs.workspace_id, jobs.id)))
         order by updated_at limit 1 for update skip locked)
       returning ${jobColumns}`,
      [owner, leaseSeconds, inMemory],
    )
    return rows[0] && workedJob(rows[0])
  }

  /** The job as it stands, its lease renewed; undefined: it was cancelled, or is another runner's. */
  const renew = async (source: Queryable, { workspaceId, id }: WorkedJob): Promise<WorkedJob | undefined> => {
    const { rows } = await source.query<JobRow>(
      `update jobs set claimed_until = now() + make_interval(secs => $4)
       where workspace_id = $1 and id = $2 and claimed_by = $3 and state = 'running' returning ${jobColumns}`,
      [workspaceId, id, owner, leaseSeconds],
    )
    return rows[0] && workedJob(rows[0])
  }

  /**
   * Stores what a step did; true when there is more to do. What was done in the same transaction as `renew` counts whatever became of the
   * lease; what was done apart only for whoever still has it.
   */
  const progress = async (
    source: Queryable,
    { workspaceId, id }: WorkedJob,
    { done, total, result, params }: Step,
    isApart: boolean,
  ): Promise<boolean> => {
    const { affected } = await source.query(
      `update jobs set done = done + $3, updated_at = to_timestamp($4 / 1000.0), state = $5, result = $6::json,
         params = coalesce($7::json, params), total = coalesce($9::int8, total)
       where workspace_id = $1 and id = $2 and ($10 or (claimed_by = $8 and state = 'running'))`,
      [
        workspaceId,
        id,
        done,
        clock(workspaceId),
        result ? 'done' : 'running',
        result ? JSON.stringify(result) : null,
        params === undefined ? null : JSON.stringify(params),
        owner,
        total ?? null,
        !isApart,
      ],
    )
    return affected === 1 && !result
  }

  const step = async (job: WorkedJob, signal: AbortSignal): Promise<boolean> => {
    const kindApart = apart[job.kind]
    if (kindApart) {
      const held = await renew(database, job)
      return held !== undefined && progress(database, held, await kindApart(held, signal), true)
    }
    return database.transaction(async tx => {
      // Locks the row: a cancel, or a runner whose lease this was, comes before or after this piece, never in between.
      const held = await renew(tx, job)
      if (!held) return false
      const kind = kinds[held.kind]
      if (!kind) throw new Error(`this version knows no job of the kind ${held.kind}`)
      return progress(tx, held, await kind(tx, held), false)
    })
  }

  const release = ({ workspaceId, id }: WorkedJob) =>
    database.query('update jobs set claimed_until = null where workspace_id = $1 and id = $2 and claimed_by = $3', [
      workspaceId,
      id,
      owner,
    ])

  const fail = async ({ workspaceId, id, kind }: WorkedJob, error: unknown): Promise<void> => {
    logger.error({ job: id, kind, error: loggable(error) }, 'job failed')
    await database.query(
      `update jobs set state = 'failed', error = $4::json, updated_at = to_timestamp($5 / 1000.0)
       where workspace_id = $1 and id = $2 and claimed_by = $3 and state = 'running'`,
      [workspaceId, id, owner, JSON.stringify(reasonOf(error)), clock(workspaceId)],
    )
  }

  const work = async (job: WorkedJob, signal: AbortSignal): Promise<void> => {
    const turnEnds = performance.now() + turnMs
    try {
      await prepare(job.workspaceId)
      while (!signal.aborted && performance.now() < turnEnds) if (!(await step(job, signal))) return
    } catch (error) {
      if (isPassing(error)) throw error
      return fail(job, error)
    }
    if (!inMemory.includes(job.kind) || signal.aborted) await release(job)
  }

  return {
    run: async signal => {
      if (freshlyStarted && database.kind === 'pglite') {
        // The embedded store has one process at a time, so a lease found at the start is a dead one's.
        await database.query("update jobs set claimed_until = null where state = 'running'")
      }
      freshlyStarted = false
      while (!signal.aborted) {
        const job = await claim()
        if (!job) return
        await work(job, signal)
      }
    },
  }
}
