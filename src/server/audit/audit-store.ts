import type { Database } from '../../adapters/storage/database.ts'
import type { AuditCheck, AuditFinding } from '../../contract/audits.ts'
import type { Services } from '../services.ts'
import type { Step } from '../worker/job-runner.ts'
import type { WorkedJob } from '../worker/job-store.ts'
import { accounts, lots } from './accounts.ts'
import type { Check } from './check.ts'
import { limits } from './limits.ts'
import { packs } from './packs.ts'
import { balanced, holds } from './transactions.ts'

/** In this order: what is wrong with postings shows before what follows of it. */
const checks: readonly Check[] = [balanced, holds, accounts, lots, limits, packs]

/** So many findings are kept; of more, only how many there are. */
const mostFindings = 100

/** How far an audit is, and in the end what it found. */
export type AuditState = {
  readonly after: string
  readonly found: number
  readonly checks: readonly AuditCheck[]
  readonly findings: readonly AuditFinding[]
}

export const freshAudit: AuditState = { after: '', found: 0, checks: [], findings: [] }

/** A job that adds up the stored rows of a workspace's value again, one piece a step, beside the work of everybody. */
export const auditStore =
  ({ database, workspaces, clock }: Pick<Services, 'workspaces' | 'clock'> & { readonly database: Database }) =>
  async ({ workspaceId, params }: WorkedJob): Promise<Step> => {
    const state = params as AuditState
    // The last that was begun, if it has not come to its end.
    const current = state.checks.length === 0 || state.after === '' ? state.checks.length : state.checks.length - 1
    const check = checks[current]!
    const { name, holds } = check
    const { workspace } = workspaces.known(workspaceId)
    const piece = await check.piece({ database, workspace, now: clock(workspaceId) }, state.after)
    const known = state.checks[current] ?? { name, holds, rows: 0, found: 0 }
    const next: AuditState = {
      after: piece.after ?? '',
      found: state.found + piece.findings.length,
      checks: [
        ...state.checks.slice(0, current),
        { ...known, rows: known.rows + piece.rows, found: known.found + piece.findings.length },
      ],
      findings: [...state.findings, ...piece.findings].slice(0, mostFindings),
    }
    const isDone = piece.after === null && current === checks.length - 1
    const { after: _, ...result } = next
    return { done: piece.rows, params: next, ...(isDone && { result }) }
  }
