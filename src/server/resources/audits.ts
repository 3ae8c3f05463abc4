import type { Audit, listAudits, startAudit } from '../../contract/audits.ts'
import { makeId } from '../../core/kernel/id.ts'
import { ok } from '../../core/kernel/refusal.ts'
import { type AuditState, freshAudit } from '../audit/audit-store.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { addJob, type JobRow, jobAnswer, jobColumns, withLocation } from '../worker/job-store.ts'

const auditAnswer = (row: JobRow): Audit => {
  const { state, createdAt: startedAt, updatedAt } = jobAnswer(row)
  const { found, checks, findings } = (row.result ?? row.params) as AuditState
  return { job: row.id, state, startedAt, updatedAt, found, checks: [...checks], findings: [...findings] }
}

export const auditsHandlers = (services: Services) => {
  const { database, random } = services

  const start: Handler<typeof startAudit> = async call => {
    const { now } = call
    const { workspaceId } = call.auth
    const id = makeId('job', now, random(10))
    const answer = await change(services, call, { action: 'startAudit', subject: id }, async tx =>
      ok({
        status: 202,
        json: await addJob(tx, { workspaceId, id, kind: 'audit', params: freshAudit, total: null, now }),
      }),
    )
    return withLocation(answer)
  }

  const list: Handler<typeof listAudits> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const before = startAfter(cursor)
    if (!before.ok) return before
    const { rows } = await database.query<JobRow>(
      `select ${jobColumns} from jobs where workspace_id = $1 and id < $2 and kind = 'audit' order by id desc limit $3`,
      // Later than any id, so that "before it" is the first page.
      [workspaceId, before.value || '~', limit + 1],
    )
    return { json: makePage(rows, limit, ({ id }) => id, auditAnswer) }
  }

  return { startAudit: start, listAudits: list }
}
