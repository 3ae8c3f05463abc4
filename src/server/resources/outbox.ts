import type { listOutbox } from '../../contract/outbox.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { addressOf } from '../wallet/codes.ts'

type Row = { id: string; at: number; type: string; value: string; text: string; purpose: 'signIn' | 'erase' }

export const outboxHandlers = ({ database, workspaces }: Pick<Services, 'database' | 'workspaces'>) => {
  const list: Handler<typeof listOutbox> = async ({ query: { limit, cursor, to }, auth: { workspaceId } }) => {
    const before = startAfter(cursor)
    if (!before.ok) return before
    const address = to === undefined ? undefined : addressOf(to, workspaces.known(workspaceId).workspace)
    if (address && !address.ok) return address
    const { rows } = await database.query<Row>(
      `select id, at, type, value, text, purpose from outbox
       where workspace_id = $1 and ($2 = '' or id < $2) and ($3::text is null or (type = $3 and value = $4)) order by id desc limit $5`,
      [workspaceId, before.value, address?.value.type ?? null, address?.value.value ?? null, limit + 1],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => ({
          id: row.id,
          at: formatInstant(row.at),
          channel: row.type === 'email' ? ('email' as const) : ('sms' as const),
          to: row.value,
          text: row.text,
          purpose: row.purpose,
        }),
      ),
    }
  }
  return { listOutbox: list }
}
