import { commonRefusals } from '../../contract/common-refusals.ts'
import type { createWorkspace, getWorkspace, listWorkspaces } from '../../contract/workspaces.ts'
import { isCurrency } from '../../core/kernel/money.ts'
import { type InputError, no, ok, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, isTimeZone } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import type { WorkspaceInput } from '../../core/workspaces/schema.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { insertWorkspace } from '../workspaces.ts'

type WorkspaceRow = {
  id: string
  name: string
  currency: string
  time_zone: string
  language: string
  country: string | null
  tax_included: boolean
  created_at: number
}

const columns = 'id, name, currency, time_zone, language, country, tax_included, created_at'

const answerFrom = (row: WorkspaceRow) => ({
  id: row.id,
  name: row.name,
  currency: row.currency,
  timeZone: row.time_zone,
  language: row.language,
  country: row.country,
  taxIncluded: row.tax_included,
  createdAt: formatInstant(row.created_at),
})

const mistakesIn = ({ currency, timeZone }: WorkspaceInput): InputError[] => [
  ...(isCurrency(currency) ? [] : [{ pointer: '/currency', message: `${currency} is no currency of ISO 4217` }]),
  ...(isTimeZone(timeZone) ? [] : [{ pointer: '/timeZone', message: 'is no IANA time zone such as "Europe/Rome"' }]),
]

export const workspacesHandlers = (services: Services) => {
  const create: Handler<typeof createWorkspace> = call => {
    const { body, now } = call
    const mistakes = mistakesIn(body)
    if (mistakes.length > 0) return { refusal: invalidInput(mistakes) }
    const { id } = body
    return change(services, call, { action: 'createWorkspace', subject: id }, async tx => {
      const isNew = await insertWorkspace(tx, { ...body, country: body.country }, services.random, now)
      if (!isNew) return no(refuse(workspaceRefusals.workspace_taken, { id }))
      return ok({ status: 201, json: { ...body, country: body.country ?? null, createdAt: formatInstant(now) } })
    })
  }

  const list: Handler<typeof listWorkspaces> = async ({ query: { limit, cursor } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await services.database.query<WorkspaceRow>(
      `select ${columns} from workspaces where id > $1 order by id limit $2`,
      [after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const get: Handler<typeof getWorkspace> = async ({ params: { id }, auth }) => {
    const mayRead = auth.scope === 'admin' || auth.workspaceId === id
    const { rows } = await services.database.query<WorkspaceRow>(
      `select ${columns} from workspaces where id = $1 and $2::boolean`,
      [id, mayRead],
    )
    const row = rows[0]
    return row ? { json: answerFrom(row) } : { refusal: refuse(commonRefusals.workspace_not_found, { workspace: id }) }
  }

  return { createWorkspace: create, listWorkspaces: list, getWorkspace: get }
}
