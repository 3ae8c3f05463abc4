import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type { createWorkspace, getWorkspace, listWorkspaces, updateWorkspace } from '../../contract/workspaces.ts'
import { makeId } from '../../core/kernel/id.ts'
import { isCurrency } from '../../core/kernel/money.ts'
import { type InputError, no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, isTimeZone } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import type { WorkspaceInput } from '../../core/workspaces/schema.ts'
import { change } from '../change.ts'
import type { Auth, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { addJob } from '../worker/job-store.ts'
import { insertWorkspace, type StoredSettings, settingsOf } from '../workspaces.ts'

type WorkspaceRow = {
  id: string
  name: string
  currency: string
  time_zone: string
  language: string
  country: string | null
  tax_included: boolean
  settings: StoredSettings
  created_at: number
}

const columns = 'id, name, currency, time_zone, language, country, tax_included, settings, created_at'

const answerFrom = (row: WorkspaceRow) => ({
  id: row.id,
  name: row.name,
  currency: row.currency,
  timeZone: row.time_zone,
  language: row.language,
  country: row.country,
  taxIncluded: row.tax_included,
  ...settingsOf(row.settings),
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
      const answer = { ...body, country: body.country ?? null, ...settingsOf({}), createdAt: formatInstant(now) }
      return ok({ status: 201, json: answer })
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

  /** A key sees its own workspace, the installation's all. */
  const read = async (
    source: Queryable,
    { auth }: { readonly auth: Auth },
    id: string,
    lock = '',
  ): Promise<Result<WorkspaceRow>> => {
    const { rows } = await source.query<WorkspaceRow>(
      `select ${columns} from workspaces where id = $1 and $2::boolean ${lock}`,
      [id, auth.scope === 'admin' || auth.workspaceId === id],
    )
    return rows[0] ? ok(rows[0]) : no(refuse(commonRefusals.workspace_not_found, { workspace: id }))
  }

  const get: Handler<typeof getWorkspace> = async call => {
    const row = await read(services.database, call, call.params.id)
    return row.ok ? { json: answerFrom(row.value) } : row
  }

  const update: Handler<typeof updateWorkspace> = call => {
    const { id } = call.params
    const { name, ...settings } = call.body
    // What one key may do alone is not for that key to say; of team members, only admins come here.
    if (settings.adjustments && call.auth.scope !== 'admin' && !call.auth.member)
      return { refusal: refuse(commonRefusals.forbidden, { scope: call.auth.scope, allowed: 'admin' }) }
    return change(services, call, { action: 'updateWorkspace', subject: id }, async tx => {
      const before = await read(tx, call, id, 'for update')
      if (!before.ok) return before
      const after = {
        ...before.value,
        name: name ?? before.value.name,
        settings: { ...before.value.settings, ...settings },
      }
      // Settings decide as offers do: the next batch anywhere sees the version and reads them first.
      await tx.query(
        `update workspaces set name = $2, settings = $3::json, catalogue_version = catalogue_version + 1 where id = $1`,
        [id, after.name, JSON.stringify(after.settings)],
      )
      if (settings.identity) {
        const job = { workspaceId: id, id: makeId('job', call.now, services.random(10)), kind: 'resolveIdentities' }
        await addJob(tx, { ...job, params: {}, total: null, now: call.now })
      }
      return ok({ json: answerFrom(after), was: answerFrom(before.value) })
    })
  }

  return { createWorkspace: create, listWorkspaces: list, getWorkspace: get, updateWorkspace: update }
}
