import { Readable } from 'node:stream'
import type { exportLiability } from '../../contract/exports.ts'
import type { createClosing, getLiability, listClosings } from '../../contract/finance.ts'
import { ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import { monthOf } from '../../core/ledger/book.ts'
import { programmeRefusals } from '../../core/loyalty/refusals.ts'
import { auditNow } from '../audit/audit-now.ts'
import { change } from '../change.ts'
import { closeMonth, lookAtMonth, type Month } from '../closing/close-month.ts'
import { liabilityCells, liabilityColumns } from '../exports/liability.ts'
import { textOf } from '../exports/rows.ts'
import type { Answer, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { type ClosedTotals, isOwed, type ReportedRow, readAtOnce, readLiability } from '../reports/liability.ts'
import type { Services } from '../services.ts'

type ClosingRow = { period: string; totals: ClosedTotals | null; closed_by: string; closed_at: number }

const closingAnswer = ({ period, totals, closed_by, closed_at }: ClosingRow) => ({
  period,
  state: totals === null ? 'closing' : 'closed',
  closedBy: closed_by,
  closedAt: formatInstant(closed_at),
  rows: totals?.rows ?? [],
  blockers: [],
})

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

export const financeHandlers = (services: Services) => {
  const { database, workspaces } = services

  const liability: Handler<typeof getLiability> = async ({ query, auth: { workspaceId }, now }) => {
    const asked = await askLiability(services, workspaceId, query, now)
    return 'refusal' in asked ? asked : { json: { data: asked.rows } }
  }

  const close: Handler<typeof createClosing> = async (call): Promise<Answer> => {
    const { workspaceId, keyId } = call.auth
    const { period } = call.body
    const { timeZone } = workspaces.known(workspaceId).workspace
    const month: Month = { workspaceId, timeZone, period, now: call.now }
    const audit = () => auditNow(services, workspaceId)
    if (call.query.dryRun) {
      const { rows, blockers } = await lookAtMonth(database, month, audit)
      return { json: { period, state: 'open', closedBy: null, closedAt: null, rows, blockers } }
    }
    const done = await closeMonth(database, month, { keyId, audit })
    if ('refusal' in done) return done
    return change(services, call, { action: 'closeMonth', subject: period }, async tx => {
      await tx.query(
        'update closings set totals = $3::json where workspace_id = $1 and period = $2 and totals is null',
        [workspaceId, period, JSON.stringify(done.totals)],
      )
      const { rows } = await tx.query<ClosingRow>(
        'select period, totals, closed_by, closed_at from closings where workspace_id = $1 and period = $2',
        [workspaceId, period],
      )
      return ok({ json: closingAnswer(rows[0]!) })
    })
  }

  const list: Handler<typeof listClosings> = async ({ query: { limit }, auth: { workspaceId } }) => {
    const { rows } = await database.query<ClosingRow>(
      'select period, totals, closed_by, closed_at from closings where workspace_id = $1 order by period desc limit $2',
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
