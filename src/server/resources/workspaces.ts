import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  listWorkspaces,
  moveClock,
  updateWorkspace,
} from '../../contract/workspaces.ts'
import { makeId } from '../../core/kernel/id.ts'
import { isCurrency } from '../../core/kernel/money.ts'
import { type InputError, no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, isTimeZone, parseInstant } from '../../core/kernel/time.ts'
import { mostAheadMs, movedClock } from '../../core/workspaces/demo-clock.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import type { WorkspaceInput } from '../../core/workspaces/schema.ts'
import { change } from '../change.ts'
import type { Auth, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { addJob, withLocation } from '../worker/job-store.ts'
import { defaultWorkspaceId, insertWorkspace, type StoredSettings, settingsOf } from '../workspaces.ts'

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
  ahead_ms: number | null
}

const columns = 'id, name, currency, time_zone, language, country, tax_included, settings, created_at, ahead_ms'

/** What a demo's clock shows while the real one shows `real`. */
const demoOf = (aheadMs: number | null, real: number) =>
  aheadMs === null ? null : { now: formatInstant(real + aheadMs), aheadSeconds: Math.round(aheadMs / 1000) }

const answerFrom = (row: WorkspaceRow, real: number) => ({
  id: row.id,
  name: row.name,
  currency: row.currency,
  timeZone: row.time_zone,
  language: row.language,
  country: row.country,
  taxIncluded: row.tax_included,
  ...settingsOf(row.settings),
  demo: demoOf(row.ahead_ms, real),
  createdAt: formatInstant(row.created_at),
})

const mistakesIn = ({ currency, timeZone, demo }: WorkspaceInput, real: number): InputError[] => [
  ...(isCurrency(currency) ? [] : [{ pointer: '/currency', message: `${currency} is no currency of ISO 4217` }]),
  ...(isTimeZone(timeZone) ? [] : [{ pointer: '/timeZone', message: 'is no IANA time zone such as "Europe/Rome"' }]),
  ...(mayStart(demo?.startsAt, real)
    ? []
    : [{ pointer: '/demo/startsAt', message: 'must be of the last 20 years, and not to come' }]),
]

const mayStart = (startsAt: string | undefined, real: number): boolean => {
  const behind = startsAt === undefined ? 0 : real - parseInstant(startsAt)!
  return behind >= 0 && behind <= mostAheadMs
}

export const workspacesHandlers = (services: Services) => {
  const { database, clock, workspaces, random } = services
  const create: Handler<typeof createWorkspace> = call => {
    const { demo, ...body } = call.body
    const real = clock()
    const mistakes = mistakesIn(call.body, real)
    if (mistakes.length > 0) return { refusal: invalidInput(mistakes) }
    const { id } = body
    return change(services, call, { action: 'createWorkspace', subject: id }, async tx => {
      const startsAt = demo?.startsAt === undefined ? real : parseInstant(demo.startsAt)!
      const aheadMs = demo ? startsAt - real : null
      const isNew = await insertWorkspace(tx, { ...body, country: body.country }, random, startsAt, aheadMs)
      if (!isNew) return no(refuse(workspaceRefusals.workspace_taken, { id }))
      const settings = { ...settingsOf({}), demo: demoOf(aheadMs, real) }
      const answer = { ...body, country: body.country ?? null, ...settings, createdAt: formatInstant(startsAt) }
      return ok({ status: 201, json: answer })
    })
  }

  const list: Handler<typeof listWorkspaces> = async ({ query: { limit, cursor } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<WorkspaceRow>(
      `select ${columns} from workspaces where id > $1 and ending_at is null order by id limit $2`,
      [after.value, limit + 1],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => answerFrom(row, clock()),
      ),
    }
  }

  /** A key sees its own workspace, the installation's all. */
  const read = async (
    source: Queryable,
    { auth }: { readonly auth: Auth },
    id: string,
    lock = '',
  ): Promise<Result<WorkspaceRow>> => {
    const { rows } = await source.query<WorkspaceRow>(
      `select ${columns} from workspaces where id = $1 and $2::boolean and ending_at is null ${lock}`,
      [id, auth.scope === 'admin' || auth.workspaceId === id],
    )
    return rows[0] ? ok(rows[0]) : no(refuse(commonRefusals.workspace_not_found, { workspace: id }))
  }

  const get: Handler<typeof getWorkspace> = async call => {
    const row = await read(database, call, call.params.id)
    return row.ok ? { json: answerFrom(row.value, clock()) } : row
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
        const job = { workspaceId: id, id: makeId('job', call.now, random(10)), kind: 'resolveIdentities' }
        await addJob(tx, { ...job, params: {}, total: null, now: call.now })
      }
      const real = clock()
      return ok({ json: answerFrom(after, real), was: answerFrom(before.value, real) })
    })
  }

  /** A demo, locked; a workspace that is none is left alone. */
  const lockDemo = async (
    tx: Queryable,
    call: { readonly auth: Auth },
    id: string,
  ): Promise<Result<WorkspaceRow & { readonly ahead_ms: number }>> => {
    const row = await read(tx, call, id, 'for update')
    if (!row.ok) return row
    const { ahead_ms } = row.value
    return ahead_ms === null
      ? no(refuse(workspaceRefusals.not_a_demo, { workspace: id }))
      : ok({ ...row.value, ahead_ms })
  }

  const move: Handler<typeof moveClock> = async call => {
    const { id } = call.params
    const known = await workspaces.get(id)
    const answer = await change(services, call, { action: 'moveClock', subject: id }, async tx => {
      const before = await lockDemo(tx, call, id)
      if (!before.ok) return before
      const real = clock()
      const moved = movedClock(call.body, { workspace: known!.workspace, real, aheadMs: before.value.ahead_ms })
      if (!moved.ok) return moved
      await tx.query('update workspaces set ahead_ms = $2 where id = $1', [id, moved.value])
      const after = { ...before.value, ahead_ms: moved.value }
      return ok({ json: answerFrom(after, real), was: answerFrom(before.value, real) })
    })
    await workspaces.refresh()
    return answer
  }

  const remove: Handler<typeof deleteWorkspace> = async call => {
    const { id } = call.params
    // What is to be known of it afterwards stays where the installation's own things are.
    await workspaces.get(defaultWorkspaceId)
    const byWhom = { ...call, auth: { ...call.auth, workspaceId: defaultWorkspaceId }, now: clock() }
    const answer = await change(services, byWhom, { action: 'deleteWorkspace', subject: id }, async tx => {
      const row = await lockDemo(tx, call, id)
      if (!row.ok) return row
      await tx.query('update workspaces set ending_at = to_timestamp($2 / 1000.0) where id = $1', [id, byWhom.now])
      const job = {
        workspaceId: defaultWorkspaceId,
        id: makeId('job', byWhom.now, random(10)),
        kind: 'deleteWorkspace',
      }
      return ok({
        status: 202,
        json: await addJob(tx, { ...job, params: { workspace: id }, total: null, now: byWhom.now }),
      })
    })
    await workspaces.refresh()
    return withLocation(answer)
  }

  return {
    createWorkspace: create,
    listWorkspaces: list,
    getWorkspace: get,
    updateWorkspace: update,
    moveClock: move,
    deleteWorkspace: remove,
  }
}
