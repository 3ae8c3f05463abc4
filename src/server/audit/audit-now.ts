import type { Services } from '../services.ts'
import { type AuditState, auditStore, freshAudit } from './audit-store.ts'

/** The whole audit of a workspace at once, a piece after the other; what it found, in sentences. */
export const auditNow = async (
  services: Pick<Services, 'database' | 'workspaces' | 'clock'>,
  workspaceId: string,
): Promise<readonly string[]> => {
  const step = auditStore(services)
  const job = { workspaceId, id: '', kind: 'audit', done: 0, total: null }
  for (let state = freshAudit; ; ) {
    const { params, result } = await step({ ...job, params: state })
    state = params as AuditState
    if (result) return state.findings.map(it => it.says)
  }
}
