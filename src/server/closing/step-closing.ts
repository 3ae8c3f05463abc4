import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, startOfLocalDate } from '../../core/kernel/time.ts'
import { monthOf, nextMonth } from '../../core/ledger/book.ts'
import { closingRefusals } from '../../core/loyalty/finance-refusals.ts'
import { addSums, type MonthSums } from '../../core/measurement/liability.ts'
import { type AuditState, auditStore, freshAudit } from '../audit/audit-store.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import {
  type ClosedTotals,
  firstMonthAfter,
  isOwed,
  monthsWithPostings,
  type ReportedRow,
  readClosings,
  readLiability,
  type Stretch,
  sumsOfChunk,
} from '../reports/liability.ts'
import type { Services } from '../services.ts'

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

const auditRefusals = (findings: readonly string[]): readonly Refusal[] =>
  findings.length === 0 ? [] : [refuse(closingRefusals.audit_failed, { findings: findings.slice(0, named).join('; ') })]

/** What stands in the way in the rows themselves. */
const unexplainedIn = (rows: readonly ReportedRow[]): readonly Refusal[] =>
  auditRefusals(rows.filter(it => it.unexplained !== 0).map(it => `${it.asset} is off by ${it.unexplained}`))

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

type Sums = Readonly<Record<string, Readonly<Record<string, MonthSums>>>>

/** How far the closing of a month is, or a look at it: it audits, freezes the month unless it only looks, and adds it up. */
export type Closing = {
  readonly period: string
  readonly dryRun: boolean
  /** The key that asked. */
  readonly by: string
  readonly phase: 'audit' | 'freeze' | 'add'
  readonly audit: AuditState
  /** What is to be added up still; undefined: not begun. */
  readonly left?: readonly Stretch[]
  /** By month and asset, what was. */
  readonly sums: Sums
}

/** What closing a month came to: what the caller stores, or what stands in the way. A look has both. */
export type Closed = {
  readonly rows: readonly ReportedRow[]
  readonly blockers: readonly Refusal[]
  /** To be stored: the month is frozen, and adds up. */
  readonly totals?: ClosedTotals
}

/** A month that is frozen already was audited: whoever began to close it was killed. */
export const beginClosing = async (
  source: Queryable,
  workspaceId: string,
  asked: Pick<Closing, 'period' | 'dryRun' | 'by'>,
): Promise<Closing> => {
  const isFrozen = (await readClosings(source, workspaceId)).some(it => it.period === asked.period)
  return { ...asked, phase: isFrozen && !asked.dryRun ? 'add' : 'audit', audit: freshAudit, sums: {} }
}

/** The months that are not closed up to this one, which is the only one where it is closed. */
const toAddUp = async (source: Queryable, { workspaceId, period }: Month): Promise<readonly Stretch[]> => {
  const closed = new Set((await readClosings(source, workspaceId)).flatMap(it => (it.totals ? it.period : [])))
  const months = await monthsWithPostings(source, workspaceId)
  return months.filter(it => it.period <= period && !closed.has(it.period))
}

const withSums = (sums: Sums, { period, asset }: Stretch, more: MonthSums): Sums => {
  const before = sums[period]?.[asset]
  return { ...sums, [period]: { ...sums[period], [asset]: before ? addSums(before, more) : more } }
}

/** A piece of the way: how far it is now, how many rows were looked at, and in the end what it came to. */
export type ClosingStep = { readonly next: Closing; readonly rows: number; readonly closed?: Closed }

/**
 * Closes a month in steps that hold nobody up. A step that is done twice comes to the same: whoever is killed in between leaves the month
 * frozen at most, and the next one goes on. The caller stores the totals.
 */
export const stepClosing = async (
  services: Pick<Services, 'database' | 'workspaces' | 'clock'>,
  workspaceId: string,
  at: Closing,
): Promise<ClosingStep> => {
  const { database, workspaces, clock } = services
  const { timeZone } = workspaces.known(workspaceId).workspace
  const month: Month = { workspaceId, timeZone, period: at.period, now: clock(workspaceId) }
  switch (at.phase) {
    case 'audit': {
      const job = { workspaceId, id: '', kind: 'audit', done: 0, total: null, params: at.audit }
      const { done, params, result } = await auditStore(services)(job)
      const next = { ...at, audit: params as AuditState }
      if (!result) return { next, rows: done }
      const blockers = at.dryRun ? [] : auditRefusals(next.audit.findings.map(it => it.says))
      if (blockers.length > 0) return { next, rows: done, closed: { rows: [], blockers } }
      return { next: { ...next, phase: at.dryRun ? 'add' : 'freeze' }, rows: done }
    }
    case 'freeze': {
      const blockers = await freeze(database, month, at.by)
      if (blockers.length > 0) return { next: at, rows: 0, closed: { rows: [], blockers } }
      return { next: { ...at, phase: 'add' }, rows: 0 }
    }
    case 'add': {
      const [stretch, ...others] = at.left ?? (await toAddUp(database, month))
      if (!stretch) return { next: { ...at, left: [] }, rows: 0, closed: await close(database, month, at) }
      const { sums, count, after } = await sumsOfChunk(database, workspaceId, stretch)
      const left = after ? [{ ...stretch, after }, ...others] : others
      return { next: { ...at, left, sums: withSums(at.sums, stretch, sums) }, rows: count }
    }
  }
}

const close = async (database: Database, month: Month, { dryRun, audit, sums }: Closing): Promise<Closed> => {
  const { workspaceId, timeZone, period } = month
  const asked = { from: period, to: period, isAsked: isOwed, timeZone, known: sums }
  const rows = await readLiability(database, workspaceId, asked)
  const unexplained = unexplainedIn(rows)
  if (dryRun) {
    const found = auditRefusals(audit.findings.map(it => it.says))
    return { rows, blockers: [...(await blockersOf(database, month)), ...found, ...unexplained] }
  }
  if (unexplained.length > 0) {
    await thaw(database, month)
    return { rows: [], blockers: unexplained }
  }
  const signed = rows.map(row => ({ ...row, closed: true }))
  return { rows: signed, blockers: [], totals: { sums: sums[period] ?? {}, rows: signed } }
}
