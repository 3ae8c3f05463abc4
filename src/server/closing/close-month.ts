import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, startOfLocalDate } from '../../core/kernel/time.ts'
import { monthOf, nextMonth } from '../../core/ledger/book.ts'
import { closingRefusals } from '../../core/loyalty/finance-refusals.ts'
import type { MonthSums } from '../../core/measurement/liability.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import {
  type ClosedTotals,
  firstMonthAfter,
  isOwed,
  monthsWithPostings,
  type ReportedRow,
  readAtOnce,
  readClosings,
  readLiability,
  sumsOfMonth,
} from '../reports/liability.ts'

export type Month = {
  readonly workspaceId: string
  readonly timeZone: string
  readonly period: string
  readonly now: number
}

/** The first instant after a month. */
const endOf = ({ period, timeZone }: Month): number => startOfLocalDate(`${nextMonth(period)}-01`, timeZone)

/** So many that there is no reason to count on. */
const enough = 10_000
/** So many are named. */
const named = 20

/**
 * Why a month cannot be closed, in the order of the catalogue; short statements only, so that it can be asked while everybody waits.
 * What the auditor says comes on top.
 */
export const blockersOf = async (source: Queryable, month: Month): Promise<readonly Refusal[]> => {
  const { workspaceId, timeZone, period, now } = month
  const end = endOf(month)
  const closings = await readClosings(source, workspaceId)
  const through = closings.at(-1)?.period ?? null
  const unfinished = closings.find(it => it.totals === null && it.period < period)?.period
  const earlier = unfinished ?? (await firstMonthAfter(source, workspaceId, through))
  const { rows: due } = await source.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from accounts
     where workspace_id = $1 and due_at < to_timestamp($2 / 1000.0) limit ${enough}) due`,
    [workspaceId, end],
  )
  const { rows: waiting } = await source.query<{ id: string }>(
    `select id from adjustments where workspace_id = $1 and state = 'proposed'
     and coalesce(effective_at, proposed_at) < to_timestamp($2 / 1000.0) order by id limit ${enough}`,
    [workspaceId, end],
  )
  const accounts = due[0]!.count
  const count = waiting.length
  const ids = waiting.slice(0, named).map(it => it.id)
  return [
    ...(monthOf(now, timeZone) <= period
      ? [refuse(closingRefusals.period_not_over, { period, end: formatInstant(end) })]
      : []),
    ...(through !== null && period <= through ? [refuse(closingRefusals.period_closed, { period, through })] : []),
    ...(earlier !== undefined && earlier < period
      ? [refuse(closingRefusals.earlier_period_open, { period, earlier })]
      : []),
    ...(accounts > 0 ? [refuse(closingRefusals.clock_behind, { period, accounts })] : []),
    ...(count > 0 ? [refuse(closingRefusals.adjustments_open, { period, count, ids: ids.join(', ') })] : []),
  ]
}

/** What stands in the way in the rows themselves. */
const unexplainedIn = (rows: readonly ReportedRow[]): readonly Refusal[] => {
  return auditRefusals(rows.filter(it => it.unexplained !== 0).map(it => `${it.asset} is off by ${it.unexplained}`))
}

/** The month's roll-forward of all assets, as it stands. */
const rowsOfMonth = (source: Queryable, { workspaceId, timeZone, period }: Month) =>
  readLiability(source, workspaceId, { from: period, to: period, isAsked: isOwed, timeZone })

/**
 * From here on the month takes nothing more: a batch that is under way ends first, and the next one anywhere, in whatever process, sees
 * the catalogue's new version before it books. Answers with what stands in the way, and then nothing has changed.
 */
const freeze = (database: Database, month: Month, keyId: string): Promise<readonly Refusal[]> =>
  database.transaction(async tx => {
    const { workspaceId, period, now } = month
    await raiseCatalogueVersion(tx, workspaceId)
    // Somebody else closes it at the same time: either may finish.
    if ((await readClosings(tx, workspaceId)).some(it => it.period === period)) return []
    const blockers = await blockersOf(tx, month)
    if (blockers.length > 0) return blockers
    await tx.query(
      `insert into closings (workspace_id, period, closed_by, closed_at) values ($1, $2, $3, to_timestamp($4 / 1000.0))`,
      [workspaceId, period, keyId, now],
    )
    return []
  })

/** Lets a month that did not add up take postings again. */
const thaw = (database: Database, { workspaceId, period }: Month): Promise<void> =>
  database.transaction(async tx => {
    await raiseCatalogueVersion(tx, workspaceId)
    await tx.query('delete from closings where workspace_id = $1 and period = $2 and totals is null', [
      workspaceId,
      period,
    ])
  })

/** What closing a month would come to, and all that stands in the way. Changes nothing. */
export const lookAtMonth = async (
  database: Database,
  month: Month,
  audit: () => Promise<readonly string[]>,
): Promise<{ readonly rows: readonly ReportedRow[]; readonly blockers: readonly Refusal[] }> => {
  const rows = await readAtOnce(database, source => rowsOfMonth(source, month))
  const [blockers, findings] = [await blockersOf(database, month), await audit()]
  return { rows, blockers: [...blockers, ...auditRefusals(findings), ...unexplainedIn(rows)] }
}

const auditRefusals = (findings: readonly string[]): readonly Refusal[] =>
  findings.length === 0 ? [] : [refuse(closingRefusals.audit_failed, { findings: findings.slice(0, named).join('; ') })]

/** What a frozen month comes to, asset by asset, qualifying points too. */
const addUp = async (database: Database, month: Month): Promise<ClosedTotals> => {
  const { workspaceId, period } = month
  const sums: Record<string, MonthSums> = {}
  for (const { asset, period: moved } of await monthsWithPostings(database, workspaceId))
    if (moved === period) sums[asset] = await sumsOfMonth(database, workspaceId, asset, period)
  const rows = await rowsOfMonth(database, month)
  return { sums, rows: rows.map(row => ({ ...row, closed: true })) }
}

/**
 * Closes a month in steps that hold nobody up: looks, audits, freezes the month in one short transaction, adds it up. Whoever is killed in
 * between leaves it frozen, and the next call goes on. The caller stores the totals.
 */
export const closeMonth = async (
  database: Database,
  month: Month,
  {
    keyId,
    audit,
  }: {
    readonly keyId: string
    /** What the auditor finds wrong; empty: nothing. */
    readonly audit: () => Promise<readonly string[]>
  },
): Promise<{ readonly totals: ClosedTotals } | { readonly refusal: Refusal }> => {
  const known = (await readClosings(database, month.workspaceId)).find(it => it.period === month.period)
  if (known?.totals) return { totals: known.totals }
  if (!known) {
    const [blocker] = await blockersOf(database, month)
    if (blocker) return { refusal: blocker }
    const [wrong] = auditRefusals(await audit())
    if (wrong) return { refusal: wrong }
    const [late] = await freeze(database, month, keyId)
    if (late) return { refusal: late }
  }
  const totals = await addUp(database, month)
  const [unexplained] = unexplainedIn(totals.rows)
  if (!unexplained) return { totals }
  await thaw(database, month)
  return { refusal: unexplained }
}
