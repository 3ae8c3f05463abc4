import type { Queryable } from '../../adapters/storage/database.ts'
import { idTime, makeId } from '../../core/kernel/id.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { KeyInput } from '../../core/workspaces/schema.ts'
import type { SourceKind } from '../../core/workspaces/source.ts'
import { hashOfKey, makeKey } from '../authenticate.ts'
import type { Auth } from '../http/call.ts'

/** A key as it is stored, without what tells it: its hash. */
export type KeyRow = {
  id: string
  name: string
  scope: KeyInput['scope']
  channel: string | null
  location: string | null
  kind: SourceKind | null
  source_id: string | null
  created_at: number
  revoked_at: number | null
}

export const keyColumns = 'id, name, scope, channel, location, kind, source_id, created_at, revoked_at'

/** What callers see of a key. */
export const keyAnswer = ({ id, name, scope, channel, location, created_at, revoked_at }: KeyRow) => ({
  id,
  name,
  scope,
  channel,
  location,
  createdAt: formatInstant(created_at),
  revokedAt: revoked_at === null ? null : formatInstant(revoked_at),
})

export type NewKey = Omit<KeyRow, 'id' | 'created_at' | 'revoked_at'>

/** Makes a key and its row; the key itself leaves here once and is not kept. */
export const insertKey = async (
  tx: Queryable,
  workspaceId: string,
  {
    id,
    now,
    random,
    by,
  }: {
    readonly id: string
    readonly now: number
    readonly random: (bytes: number) => Uint8Array
    /** Who makes it, and could use it. */
    readonly by: Auth
  },
  { name, scope, channel, location, kind, source_id }: NewKey,
): Promise<{ readonly key: string; readonly row: KeyRow }> => {
  const key = makeKey(scope, random)
  await tx.query(
    `insert into api_keys (id, workspace_id, scope, name, hash, channel, location, kind, source_id, created_at, made_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10 / 1000.0), $11)`,
    [id, workspaceId, scope, name, hashOfKey(key), channel, location, kind, source_id, now, by.sourceId ?? by.keyId],
  )
  return { key, row: { id, name, scope, channel, location, kind, source_id, created_at: now, revoked_at: null } }
}

/** An id for the key that replaces one: it sorts behind it, whatever the clocks of two processes say. */
export const idAfter = (id: string, now: number, random: (bytes: number) => Uint8Array): string =>
  makeId('key', Math.max(now, idTime(id)! + 1), random(10))

/** From then on the key is refused. */
export const endKey = async (tx: Queryable, workspaceId: string, id: string, at: number): Promise<void> => {
  await tx.query('update api_keys set revoked_at = to_timestamp($3 / 1000.0) where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    at,
  ])
}
