import type { Queryable } from '../../adapters/storage/database.ts'
import type {
  createSource,
  getSource,
  listSources,
  revokeSource,
  rotateSource,
  tailSource,
  updateSource,
} from '../../contract/sources.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import { kindOfScope, scopeOfKind } from '../../core/workspaces/source.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { endKey, idAfter, insertKey, type KeyRow, keyColumns } from '../sources/key-rows.ts'
import { readHealth } from '../sources/source-health.ts'
import { readTail } from '../sources/source-tail.ts'

/** A source is its keys, the first of which gave it its id; the newest says what it is now. */
type SourceRow = KeyRow & { readonly id: string }

/** The newest keys of the sources that `where` names; `$1` is the workspace. */
const newestKeys = (where: string): string =>
  `select ${keyColumns
    .split(', ')
    .map(column => (column === 'created_at' ? 'f.created_at' : `k.${column}`))
    .join(', ')}, f.id as first_id
   from api_keys k join api_keys f on f.workspace_id = k.workspace_id and f.id = coalesce(k.source_id, k.id)
   where k.workspace_id = $1 and not exists (
     select 1 from api_keys n where n.workspace_id = $1 and n.source_id = f.id and n.id > k.id) and ${where}`

const sourceFrom = ({ first_id, ...row }: KeyRow & { first_id: string }): SourceRow => ({ ...row, id: first_id })

const withHealth = async (tx: Queryable, workspaceId: string, rows: readonly SourceRow[], now: number) => {
  const health = await readHealth(
    tx,
    workspaceId,
    rows.map(row => row.id),
    now,
  )
  return rows.map(({ id, name, kind, scope, channel, location, created_at, revoked_at }) => ({
    id,
    name,
    kind: kind ?? kindOfScope[scope],
    channel,
    location,
    createdAt: formatInstant(created_at),
    revokedAt: revoked_at === null ? null : formatInstant(revoked_at),
    health: health.get(id)!,
  }))
}

const findSource = async (tx: Queryable, workspaceId: string, id: string): Promise<Result<SourceRow>> => {
  const { rows } = await tx.query<KeyRow & { first_id: string }>(newestKeys('f.id = $2'), [workspaceId, id])
  return rows[0] ? ok(sourceFrom(rows[0])) : no(refuse(workspaceRefusals.source_not_found, { id }))
}

/** Its keys that still work, locked, so that two changes of a source wait for each other; the newest is the last. */
const lockKeys = async (tx: Queryable, workspaceId: string, id: string, now: number): Promise<KeyRow[]> => {
  const { rows } = await tx.query<KeyRow>(
    `select ${keyColumns} from api_keys where workspace_id = $1 and (id = $2 or source_id = $2) order by id for update`,
    [workspaceId, id],
  )
  return rows.filter(row => row.revoked_at === null || row.revoked_at > now)
}

/** The longest that one answer waits between two looks at the store: another process may have written lines. */
const lookAgainMs = 1000

export const sourcesHandlers = (services: Services) => {
  const { database, clock, random } = services

  const create: Handler<typeof createSource> = call => {
    const { body, now } = call
    const { workspaceId } = call.auth
    const { name, kind, channel = null, location = null } = body
    const id = makeId('key', clock(), random(10))
    return change(services, call, { action: 'createSource', subject: id, sealed: true }, async tx => {
      const input = { name, kind, channel, location, scope: scopeOfKind[kind], source_id: null }
      const { key, row } = await insertKey(tx, workspaceId, { id, now: clock(), random, by: call.auth }, input)
      const [source] = await withHealth(tx, workspaceId, [row], now)
      return ok({ status: 201, json: { ...source!, key } })
    })
  }

  const list: Handler<typeof listSources> = async ({ query: { limit, cursor }, auth: { workspaceId }, now }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<KeyRow & { first_id: string }>(
      `${newestKeys('f.id > $2')} order by f.id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    const page = makePage(rows, limit, row => row.first_id, sourceFrom)
    return { json: { ...page, data: await withHealth(database, workspaceId, page.data, now) } }
  }

  const get: Handler<typeof getSource> = async ({ params: { id }, auth: { workspaceId }, now }) => {
    const found = await findSource(database, workspaceId, id)
    if (!found.ok) return found
    const [source] = await withHealth(database, workspaceId, [found.value], now)
    return { json: source }
  }

  /** The source, as long as it has a key that works. */
  const lockSource = async (tx: Queryable, workspaceId: string, id: string): Promise<Result<KeyRow>> => {
    const keys = await lockKeys(tx, workspaceId, id, clock())
    const found = await findSource(tx, workspaceId, id)
    if (!found.ok) return found
    const { revoked_at } = found.value
    if (revoked_at !== null)
      return no(refuse(workspaceRefusals.source_revoked, { id, revokedAt: formatInstant(revoked_at) }))
    return ok(keys.at(-1)!)
  }

  const update: Handler<typeof updateSource> = call => {
    const { now, body } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'updateSource', subject: id }, async tx => {
      const newest = await lockSource(tx, workspaceId, id)
      if (!newest.ok) return newest
      const was = { name: newest.value.name, channel: newest.value.channel }
      const { name = was.name, channel = was.channel } = body
      // The old key in its grace too: one source does not send under two channels.
      await tx.query(
        `update api_keys set name = $3, channel = $4 where workspace_id = $1 and (id = $2 or source_id = $2)`,
        [workspaceId, id, name, channel],
      )
      const found = await findSource(tx, workspaceId, id)
      if (!found.ok) return found
      const [source] = await withHealth(tx, workspaceId, [found.value], now)
      return ok({ json: source, was: { ...source, ...was } })
    })
  }

  const rotate: Handler<typeof rotateSource> = call => {
    const { now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'rotateSource', subject: id, sealed: true }, async tx => {
      const newest = await lockSource(tx, workspaceId, id)
      if (!newest.ok) return newest
      await endKey(tx, workspaceId, newest.value.id, clock() + call.body.graceSeconds * 1000)
      const newId = idAfter(newest.value.id, clock(), random)
      const { key } = await insertKey(
        tx,
        workspaceId,
        { id: newId, now: clock(), random, by: call.auth },
        { ...newest.value, source_id: id },
      )
      const found = await findSource(tx, workspaceId, id)
      if (!found.ok) return found
      const [source] = await withHealth(tx, workspaceId, [found.value], now)
      return ok({ status: 201, json: { ...source!, key } })
    })
  }

  const revoke: Handler<typeof revokeSource> = call => {
    const { now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'revokeSource', subject: id }, async tx => {
      for (const key of await lockKeys(tx, workspaceId, id, clock())) await endKey(tx, workspaceId, key.id, clock())
      const found = await findSource(tx, workspaceId, id)
      if (!found.ok) return found
      const [source] = await withHealth(tx, workspaceId, [found.value], now)
      return ok({ json: source })
    })
  }

  const tail: Handler<typeof tailSource> = async ({ params: { id }, query, auth: { workspaceId }, isGone }) => {
    const found = await findSource(database, workspaceId, id)
    if (!found.ok) return found
    const until = clock() + query.wait * 1000
    // Bounded by turns as well: a clock that stands still must not keep anybody for ever.
    for (let turn = 0; ; turn++) {
      const { data, cursor } = await readTail(database, workspaceId, id, query.after)
      const left = Math.min(until - clock(), lookAgainMs)
      const mayWait = data.length === 0 && left > 0 && turn < 2 * query.wait && !isGone()
      if (!mayWait || !(await services.sources.news(left))) return { json: { data, cursor } }
    }
  }

  return {
    createSource: create,
    listSources: list,
    getSource: get,
    updateSource: update,
    rotateSource: rotate,
    revokeSource: revoke,
    tailSource: tail,
  }
}
