import type { listRequests, replayRequest } from '../../contract/requests.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { teamRefusals } from '../../core/team/refusals.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { RequestLog } from '../requests/request-log.ts'
import type { Services } from '../services.ts'
import { actorsOf } from '../team/actors.ts'

type Row = {
  id: string
  at: number
  call: string
  actor: string
  body: {
    method: string
    path: string
    status: number
    ms: number
    requestId: string
    refusal?: { code: string; sentence: string; errors: { pointer: string; message: string }[] }
  }
  replayable: boolean
}

export const requestsHandlers = ({
  database,
  requests,
}: Pick<Services, 'database'> & { readonly requests: Pick<RequestLog, 'flush'> }) => {
  const list: Handler<typeof listRequests> = async ({ query, auth: { workspaceId } }) => {
    const before = startAfter(query.cursor)
    if (!before.ok) return before
    const { limit, actor = null, call = null, outcome } = query
    // What this process just answered is then there.
    await requests.flush()
    const { rows } = await database.query<Row>(
      `select id, at, call, actor, body, sent is not null as replayable from request_log
       where workspace_id = $1 and ($2 = '' or id < $2) and ($3::text is null or actor = $3)
         and ($4::text is null or call = $4) and ($5::boolean is null or refused = $5)
       order by id desc limit $6`,
      [workspaceId, before.value, actor, call, outcome === undefined ? null : outcome === 'refused', limit + 1],
    )
    const actors = await actorsOf(
      database,
      workspaceId,
      rows.map(row => row.actor),
    )
    const answer = ({ id, at, call, actor, body, replayable }: Row) => ({
      id,
      at: formatInstant(at),
      call,
      ...body,
      refusal: body.refusal ?? null,
      actor: actors.get(actor)!,
      replayable,
    })
    return { json: makePage(rows, limit, row => row.id, answer) }
  }

  const replay: Handler<typeof replayRequest> = async call => {
    const { id } = call.params
    const { rows } = await database.query<{ method: string; sent: string | null }>(
      `select body->>'method' as method, sent from request_log where workspace_id = $1 and id = $2`,
      [call.auth.workspaceId, id],
    )
    const [row] = rows
    if (!row) return { refusal: refuse(teamRefusals.request_not_found, { id }) }
    if (row.sent === null) return { refusal: refuse(teamRefusals.request_not_kept, { id }) }
    const { url, body } = JSON.parse(row.sent) as { url: string; body: string }
    const { status, text } = await call.again(row.method, url, body)
    return { json: { status, body: text === '' ? null : JSON.parse(text) } }
  }

  return { listRequests: list, replayRequest: replay }
}
