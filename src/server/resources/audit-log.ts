import type { listActors, listAuditLog } from '../../contract/audit-log.ts'
import { makeId } from '../../core/kernel/id.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import type { AuditChange } from '../../core/team/audit-entry.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { actorsOf } from '../team/actors.ts'

type Row = {
  id: string
  at: number
  key_id: string
  action: string
  subject: string
  details: { requestId?: string; reason?: string; refused?: string; changes?: AuditChange[] }
}

/** Ids begin with their time, so a time is a place in the order of ids. */
const firstIdAt = (at: string): string => makeId('aud', Math.max(0, parseInstant(at)!), new Uint8Array(10))

/** What a clerk wrote in her own words may name somebody; out of a list it does not. */
const listed = (reason: string | undefined): string | null =>
  reason !== undefined && /^[a-z][A-Za-z_]{0,39}$/.test(reason) ? reason : null

const actorsAtOnce = 100

export const auditLogHandlers = ({ database }: Pick<Services, 'database'>) => {
  const list: Handler<typeof listAuditLog> = async ({ query, auth: { workspaceId } }) => {
    const before = startAfter(query.cursor)
    if (!before.ok) return before
    const { actor = null, subject = null, action = null, from, to, limit } = query
    const { rows } = await database.query<Row>(
      `select id, at, key_id, action, subject, details from audit_log
       where workspace_id = $1 and ($2 = '' or id < $2) and ($3::text is null or key_id = $3)
         and ($4::text is null or subject = $4) and ($5::text is null or action = $5)
         and ($6::text is null or id >= $6) and ($7::text is null or id < $7)
       order by id desc limit $8`,
      [
        workspaceId,
        before.value,
        actor,
        subject,
        action,
        from === undefined ? null : firstIdAt(from),
        to === undefined ? null : firstIdAt(to),
        limit + 1,
      ],
    )
    const actors = await actorsOf(
      database,
      workspaceId,
      rows.map(row => row.key_id),
    )
    const answer = ({ id, at, key_id, action, subject, details }: Row) => ({
      id,
      at: formatInstant(at),
      actor: actors.get(key_id)!,
      action,
      subject,
      outcome: details.refused === undefined ? ('done' as const) : ('refused' as const),
      refusal: details.refused ?? null,
      requestId: details.requestId ?? null,
      reason: listed(details.reason),
      changes: details.changes ?? [],
    })
    return { json: makePage(rows, limit, row => row.id, answer) }
  }

  const name: Handler<typeof listActors> = async ({ query, auth: { workspaceId } }) => {
    const ids = query.ids.split(',').filter(Boolean)
    if (ids.length > actorsAtOnce)
      return { refusal: invalidInput([{ pointer: '?ids', message: `names more than ${actorsAtOnce}` }]) }
    return { json: { data: [...(await actorsOf(database, workspaceId, ids)).values()] } }
  }

  return { listAuditLog: list, listActors: name }
}
