import type { Queryable } from '../../adapters/storage/database.ts'
import type { createKey, createPersonToken, listKeys, revokeKey, rotateKey } from '../../contract/keys.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import type { KeyInput } from '../../core/workspaces/schema.ts'
import { hashOfKey, makeKey } from '../authenticate.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { holdersFor } from '../people/holders.ts'
import { mintPersonToken } from '../person-token.ts'
import type { Services } from '../services.ts'

type KeyRow = {
  id: string
  name: string
  scope: KeyInput['scope']
  channel: string | null
  location: string | null
  created_at: number
  revoked_at: number | null
}

const columns = 'id, name, scope, channel, location, created_at, revoked_at'

const answerFrom = ({ created_at, revoked_at, ...row }: KeyRow) => ({
  ...row,
  createdAt: formatInstant(created_at),
  revokedAt: revoked_at === null ? null : formatInstant(revoked_at),
})

export const keysHandlers = (services: Services) => {
  /** Makes a key and its row; the key itself leaves here once and is not kept. */
  const insert = async (
    tx: Queryable,
    workspaceId: string,
    id: string,
    { name, scope, channel, location }: Pick<KeyRow, 'name' | 'scope' | 'channel' | 'location'>,
    now: number,
  ) => {
    const key = makeKey(scope, services.random)
    await tx.query(
      `insert into api_keys (id, workspace_id, scope, name, hash, channel, location, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0))`,
      [id, workspaceId, scope, name, hashOfKey(key), channel, location, now],
    )
    return { ...answerFrom({ id, name, scope, channel, location, created_at: now, revoked_at: null }), key }
  }

  const lock = async (tx: Queryable, workspaceId: string, id: string): Promise<KeyRow | undefined> => {
    const { rows } = await tx.query<KeyRow>(
      `select ${columns} from api_keys where workspace_id = $1 and id = $2 for update`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const endAt = async (tx: Queryable, workspaceId: string, id: string, at: number): Promise<void> => {
    await tx.query('update api_keys set revoked_at = to_timestamp($3 / 1000.0) where workspace_id = $1 and id = $2', [
      workspaceId,
      id,
      at,
    ])
  }

  const create: Handler<typeof createKey> = call => {
    const { body, now } = call
    const { workspaceId } = call.auth
    const id = makeId('key', now, services.random(10))
    const input = { ...body, channel: body.channel ?? null, location: body.location ?? null }
    return change(services, call, { action: 'createKey', subject: id, sealed: true }, async tx =>
      ok({ status: 201, json: await insert(tx, workspaceId, id, input, now) }),
    )
  }

  const list: Handler<typeof listKeys> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await services.database.query<KeyRow>(
      `select ${columns} from api_keys where workspace_id = $1 and id > $2 order by id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const revoke: Handler<typeof revokeKey> = call => {
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'revokeKey', subject: id }, async tx => {
      const row = await lock(tx, workspaceId, id)
      if (!row) return no(refuse(workspaceRefusals.key_not_found, { id }))
      // A key in the grace of its rotation ends later than now; this ends it now.
      const revokedAt = Math.min(row.revoked_at ?? call.now, call.now)
      await endAt(tx, workspaceId, id, revokedAt)
      return ok({ json: answerFrom({ ...row, revoked_at: revokedAt }) })
    })
  }

  const rotate: Handler<typeof rotateKey> = call => {
    const { now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    const newId = makeId('key', now, services.random(10))
    return change(services, call, { action: 'rotateKey', subject: id, sealed: true }, async tx => {
      const row = await lock(tx, workspaceId, id)
      if (!row) return no(refuse(workspaceRefusals.key_not_found, { id }))
      if (row.revoked_at !== null) {
        return no(refuse(workspaceRefusals.key_revoked, { id, revokedAt: formatInstant(row.revoked_at) }))
      }
      await endAt(tx, workspaceId, id, now + call.body.graceSeconds * 1000)
      return ok({ status: 201, json: await insert(tx, workspaceId, newId, row, now) })
    })
  }

  const mint: Handler<typeof createPersonToken> = call => {
    const { person, seconds } = call.body
    const { workspace, secret } = services.workspaces.known(call.auth.workspaceId)
    const subject = makeId('ptk', call.now, services.random(10))
    return change(services, call, { action: 'createPersonToken', subject, sealed: true }, async tx => {
      const holders = await holdersFor(tx, workspace, [person], call.now, { create: true })
      if (!holders.ok) {
        const { refusal } = holders
        // Asked for as a list of one; the caller's field has another name.
        return no({ ...refusal, errors: [{ pointer: '/person', message: refusal.message }] })
      }
      const expiresAt = call.now + seconds * 1000
      const token = mintPersonToken(secret, holders.value[0]!.personId, expiresAt)
      return ok({ status: 201, json: { token, expiresAt: formatInstant(expiresAt) } })
    })
  }

  return { createKey: create, listKeys: list, revokeKey: revoke, rotateKey: rotate, createPersonToken: mint }
}
