import type { Queryable } from '../../adapters/storage/database.ts'
import type { createKey, createPersonToken, listKeys, revokeKey, rotateKey } from '../../contract/keys.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { holdersFor } from '../people/holders.ts'
import { mintPersonToken } from '../person-token.ts'
import type { Services } from '../services.ts'
import { endKey, idAfter, insertKey, type KeyRow, keyAnswer, keyColumns } from '../sources/key-rows.ts'

export const keysHandlers = (services: Services) => {
  const lock = async (tx: Queryable, workspaceId: string, id: string): Promise<KeyRow | undefined> => {
    const { rows } = await tx.query<KeyRow>(
      `select ${keyColumns} from api_keys where workspace_id = $1 and id = $2 for update`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const create: Handler<typeof createKey> = call => {
    const { body } = call
    const now = services.clock()
    const { workspaceId } = call.auth
    const id = makeId('key', now, services.random(10))
    const { channel = null, location = null } = body
    return change(services, call, { action: 'createKey', subject: id, sealed: true }, async tx => {
      const input = { ...body, channel, location, kind: null, source_id: null }
      const { key, row } = await insertKey(tx, workspaceId, { id, now, random: services.random, by: call.auth }, input)
      return ok({ status: 201, json: { ...keyAnswer(row), key } })
    })
  }

  const list: Handler<typeof listKeys> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await services.database.query<KeyRow>(
      `select ${keyColumns} from api_keys where workspace_id = $1 and id > $2 order by id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, keyAnswer) }
  }

  const revoke: Handler<typeof revokeKey> = call => {
    const { id } = call.params
    const { workspaceId } = call.auth
    const now = services.clock()
    return change(services, call, { action: 'revokeKey', subject: id }, async tx => {
      const row = await lock(tx, workspaceId, id)
      if (!row) return no(refuse(workspaceRefusals.key_not_found, { id }))
      // A key in the grace of its rotation ends later than now; this ends it now.
      const revokedAt = Math.min(row.revoked_at ?? now, now)
      await endKey(tx, workspaceId, id, revokedAt)
      return ok({ json: keyAnswer({ ...row, revoked_at: revokedAt }), was: keyAnswer(row) })
    })
  }

  const rotate: Handler<typeof rotateKey> = call => {
    const now = services.clock()
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'rotateKey', subject: id, sealed: true }, async tx => {
      const row = await lock(tx, workspaceId, id)
      if (!row) return no(refuse(workspaceRefusals.key_not_found, { id }))
      if (row.revoked_at !== null) {
        return no(refuse(workspaceRefusals.key_revoked, { id, revokedAt: formatInstant(row.revoked_at) }))
      }
      await endKey(tx, workspaceId, id, now + call.body.graceSeconds * 1000)
      // What it sends comes from the same source as before.
      const next = { ...row, source_id: row.source_id ?? row.id }
      const newId = idAfter(id, now, services.random)
      const made = await insertKey(tx, workspaceId, { id: newId, now, random: services.random, by: call.auth }, next)
      return ok({ status: 201, json: { ...keyAnswer(made.row), key: made.key } })
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
      const expiresAt = services.clock() + seconds * 1000
      const [found] = holders.value
      const token = mintPersonToken(secret, { person: found!.personId, holder: found!.id }, expiresAt)
      return ok({ status: 201, json: { token, expiresAt: formatInstant(expiresAt) } })
    })
  }

  return { createKey: create, listKeys: list, revokeKey: revoke, rotateKey: rotate, createPersonToken: mint }
}
