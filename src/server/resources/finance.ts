import { Readable } from 'node:stream'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { exportLiability } from '../../contract/exports.ts'
import type { createClosing, getLiability, listClosings } from '../../contract/finance.ts'
import { makeId } from '../../core/kernel/id.ts'
import { ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import { monthOf } from '../../core/ledger/book.ts'
import { programmeRefusals } from '../../core/loyalty/refusals.ts'
import { change } from '../change.ts'
import {
  type ClosingRow,
  closingAnswer,
  closingColumns,
  keepClosing,
  openAnswer,
  readClosing,
} from '../closing/closing-answer.ts'
import { beginClosing, blockersOf, type Closing, stepClosing } from '../closing/step-closing.ts'
import { liabilityCells, liabilityColumns } from '../exports/liability.ts'
import { textOf } from '../exports/rows.ts'
import type { Answer, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { isOwed, type ReportedRow, readAtOnce, readLiability } from '../reports/liability.ts'
import type { Services } from '../services.ts'
import { addJob, type JobRow, jobAnswer, jobColumns, withLocation } from '../worker/job-store.ts'

/** What a caller asks a roll-forward of. */
type LiabilityQuery = {
  readonly programme?: string | undefined
  readonly asset?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Of each asset a row a month. */
const mostYears = 25

/** The rows that a query asks for; a refusal where there is no such programme. */
const askLiability = async (
  { database, workspaces }: Pick<Services, 'database' | 'workspaces'>,
  workspaceId: string,
  { programme, asset, from, to }: LiabilityQuery,
  now: number,
): Promise<{ readonly rows: readonly ReportedRow[] } | { readonly refusal: Refusal }> => {
  if (programme !== undefined) {
    const { rows } = await database.query('select 1 from programmes where workspace_id = $1 and id = $2', [
      workspaceId,
      programme,
    ])
    if (rows.length === 0) return { refusal: refuse(programmeRefusals.programme_not_found, { id: programme }) }
  }
  const { timeZone } = workspaces.known(workspaceId).workspace
  const thisMonth = monthOf(now, timeZone)
  if (to !== undefined && to > thisMonth)
    return { refusal: invalidInput([{ pointer: '?to', message: 'is in the future' }]) }
  if (from !== undefined && Number(thisMonth.slice(0, 4)) - Number(from.slice(0, 4)) > mostYears)
    return { refusal: invalidInput([{ pointer: '?from', message: `is more than ${mostYears} years ago` }]) }
  const only = asset ?? (programme === undefined ? undefined : pointsOf(programme))
  const asked = {
    from,
    to: to ?? thisMonth,
    isAsked: only === undefined ? isOwed : (it: string) => it === only,
    timeZone,
  }
  return { rows: await readAtOnce(database, source => readLiability(source, workspaceId, asked)) }
}

/**
 * So many rows of postings and accounts are looked at while the caller waits, about half a second of the embedded store; a step counts as
 * 50 at least. Counted, not timed, so that the same books are closed in the same way anywhere.
 */
const rowsInCall = 20_000
const rowsOfStep = 50

/** The job that closes a month, or looks at it, already. */
const runningJob = async (
  source: Queryable,
  workspaceId: string,
  { period, dryRun }: Closing,
): Promise<JobRow | undefined> => {
  const { rows } = await source.query<JobRow>(
    `select ${jobColumns} from jobs where workspace_id = $1 and kind = 'closeMonth' and state in ('queued', 'running')
       and params->>'period' = $2 and (params->>'dryRun')::boolean = $3 order by id limit 1`,
    [workspaceId, period, dryRun],
  )
  return rows[0]
}

export const financeHandlers = (services: Services, { patience = rowsInCall } = {}) => {
  const { database, workspaces, random } = services

  const liability: Handler<typeof getLiability> = async ({ query, auth: { workspaceId }, now }) => {
    const asked = await askLiability(services, workspaceId, query, now)
    return 'refusal' in asked ? asked : { json: { data: asked.rows } }
  }

  const close: Handler<typeof createClosing> = async (call): Promise<Answer> => {
    const { now } = call
    const { workspaceId, keyId } = call.auth
    const { period } = call.body
    const { dryRun = false } = call.query
    const { timeZone } = workspaces.known(workspaceId).workspace
    const store = { action: 'closeMonth', subject: period }
    const before = dryRun ? undefined : await readClosing(database, workspaceId, period)
    if (before?.totals) return change(services, call, store, async () => ok({ json: closingAnswer(before) }))
    let closing = await beginClosing(database, workspaceId, { period, dryRun, by: keyId })
    if (!dryRun && !before) {
      const [blocker] = await blockersOf(database, { workspaceId, timeZone, period, now })
      if (blocker) return { refusal: blocker }
    }
    const runs = await runningJob(database, workspaceId, closing)
    for (let looked = 0; looked < patience && !runs; ) {
      const { next, rows, closed } = await stepClosing(services, workspaceId, closing)
      closing = next
      looked += Math.max(rows, rowsOfStep)
      if (!closed) continue
      if (dryRun) return { json: openAnswer(closing, closed) }
      const { totals } = closed
      if (!totals) return { refusal: closed.blockers[0]! }
      return change(services, call, store, async tx => ok({ json: await keepClosing(tx, workspaceId, period, totals) }))
    }
    const answer = await change(services, call, store, async tx => {
      const job = { workspaceId, id: makeId('job', now, random(10)), kind: 'closeMonth', params: closing, total: null }
      return ok({ status: 202, json: runs ? jobAnswer(runs) : await addJob(tx, { ...job, now }) })
    })
    return withLocation(answer)
  }

  const list: Handler<typeof listClosings> = async ({ query: { limit }, auth: { workspaceId } }) => {
    const { rows } = await database.query<ClosingRow>(
      `select ${closingColumns} from closings where workspace_id = $1 order by period desc limit $2`,
      [workspaceId, limit],
    )
    return { json: { data: rows.map(closingAnswer) } }
  }

  const exported: Handler<typeof exportLiability> = async ({ query: { format, ...query }, auth, now }) => {
    const asked = await askLiability(services, auth.workspaceId, query, now)
    if ('refusal' in asked) return asked
    const { rows } = asked
    const cells = async function* () {
      yield rows.map(liabilityCells)
    }
    return {
      stream: Readable.from(textOf(liabilityColumns, format, cells())),
      contentType: format === 'csv' ? 'text/csv' : 'application/x-ndjson',
    }
  }

  return { getLiability: liability, exportLiability: exported, createClosing: close, listClosings: list }
}
