import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { ClosedTotals } from '../reports/liability.ts'
import type { Closed, Closing } from './step-closing.ts'

export type ClosingRow = {
  readonly period: string
  readonly totals: ClosedTotals | null
  readonly closed_by: string
  readonly closed_at: number
}

export const closingColumns = 'period, totals, closed_by, closed_at'

/** A month that is closed, or being closed. */
export const closingAnswer = ({ period, totals, closed_by, closed_at }: ClosingRow) => ({
  period,
  state: totals === null ? 'closing' : 'closed',
  closedBy: closed_by,
  closedAt: formatInstant(closed_at),
  rows: totals?.rows ?? [],
  blockers: [],
})

/** A month that stays open: what was asked for only looked, or something stood in the way. */
export const openAnswer = ({ period }: Closing, { rows, blockers }: Closed) => ({
  period,
  state: 'open',
  closedBy: null,
  closedAt: null,
  rows,
  blockers,
})

/** Undefined: it is open. */
export const readClosing = async (
  source: Queryable,
  workspaceId: string,
  period: string,
): Promise<ClosingRow | undefined> => {
  const { rows } = await source.query<ClosingRow>(
    `select ${closingColumns} from closings where workspace_id = $1 and period = $2`,
    [workspaceId, period],
  )
  return rows[0]
}

/** Keeps what a month came to; whoever closed it at the same time has kept the same. */
export const keepClosing = async (
  tx: Queryable,
  workspaceId: string,
  period: string,
  totals: ClosedTotals,
): Promise<ReturnType<typeof closingAnswer>> => {
  await tx.query('update closings set totals = $3::json where workspace_id = $1 and period = $2 and totals is null', [
    workspaceId,
    period,
    JSON.stringify(totals),
  ])
  return closingAnswer((await readClosing(tx, workspaceId, period))!)
}
