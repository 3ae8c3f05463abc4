import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type Database, type Queryable, sqlState } from '../adapters/storage/database.ts'
import { commonRefusals } from '../contract/common-refusals.ts'
import { canonicalJson } from '../core/kernel/canonical.ts'
import { makeId } from '../core/kernel/id.ts'
import { type Refusal, type Result, refuse } from '../core/kernel/refusal.ts'
import { changesBetween } from '../core/team/audit-entry.ts'
import type { Auth } from './http/call.ts'
import { hashFor, type Workspaces } from './workspaces.ts'

/** How long a success is answered again for the same key (promise 3). */
export const idempotencyDays = 7

/** What a change needs of the services; hot writes read this module, so it does not name them all. */
export type ChangeServices = {
  readonly database: Database
  readonly random: (bytes: number) => Uint8Array
  readonly workspaces: Workspaces
}

/** What a change reads of a call. */
export type ChangeCall = {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly auth: Auth
  readonly idempotencyKey?: string
  readonly requestId: string
  readonly now: number
}

export type Change = {
  /** The endpoint's name: one name is one method and path, so it stands for both in the hash of a request. */
  readonly action: string
  /** What is changed: an id. */
  readonly subject: string
  /** The answer holds a secret that is shown once: the stored copy opens only with the caller's Idempotency-Key. */
  readonly sealed?: boolean
}

export type Changed = {
  readonly status?: number
  readonly json: unknown
  /** Where only the work tells what it is about. */
  readonly subject?: string
  /** What `json` was before, where that is worth telling in the audit log: of what somebody sets up, and never of people. */
  readonly was?: object
}
export type ChangeAnswer = { readonly status: number; readonly text: string } | { readonly refusal: Refusal }

/** The hashes under which a request is remembered. */
export const idempotencyHashes = (
  secret: Buffer,
  action: string,
  call: ChangeCall & { readonly idempotencyKey: string },
): { readonly keyHash: string; readonly bodyHash: string } => ({
  keyHash: hashFor(secret, `idempotency-key\n${call.idempotencyKey}`),
  bodyHash: hashFor(
    secret,
    canonicalJson({
      action,
      params: call.params,
      query: call.query,
      body: call.body,
      // Another person with the same body asks for something else, and a browser may not fetch what a server was told.
      person: call.auth.person,
      scope: call.auth.scope,
    }),
  ),
})

const sealedMark = 'sealed:'
const sealKey = (secret: Buffer, idempotencyKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', idempotencyKey, secret, 'tessera stored answer', 32))

const seal = (text: string, key: Buffer): string => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return sealedMark + bytes.toString('base64')
}

const unseal = (stored: string, key: Buffer): string => {
  const bytes = Buffer.from(stored.slice(sealedMark.length), 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16))
  return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
}

/** Carries a refusal out of the transaction, so that it is rolled back. */
class Undo extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

type Stored = { body_hash: string; status: number; answer: string; is_old: boolean }

/**
 * Every write that is not hot goes through here: one transaction that answers again what was answered under the same
 * Idempotency-Key, or does `work`, remembers its success and writes the audit log. A refusal rolls back and is not remembered.
 *
 *     return change(services, call, { action: 'createCampaign', subject: id }, async tx => {
 *       await tx.query('insert into campaigns …')
 *       return ok({ status: 201, json: campaign })
 *     })
 */
export const change = async (
  services: ChangeServices,
  call: ChangeCall,
  { action, subject, sealed = false }: Change,
  work: (tx: Queryable) => Promise<Result<Changed>>,
): Promise<ChangeAnswer> => {
  const { workspaceId, keyId } = call.auth
  const { secret } = services.workspaces.known(workspaceId)
  const { idempotencyKey } = call
  const record =
    idempotencyKey === undefined
      ? undefined
      : { ...idempotencyHashes(secret, action, { ...call, idempotencyKey }), sealKey: sealKey(secret, idempotencyKey) }

  const recall = async (tx: Queryable): Promise<ChangeAnswer | undefined> => {
    if (!record) return undefined
    // Twins wait here for each other, also in two processes; otherwise the second could be refused by what the first has
    // just done instead of being given its answer.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${workspaceId} ${record.keyHash}`])
    const { rows } = await tx.query<Stored>(
      `select body_hash, status, answer, created_at < to_timestamp($3 / 1000.0) as is_old
       from idempotency where workspace_id = $1 and key_hash = $2`,
      [workspaceId, record.keyHash, call.now - idempotencyDays * 86_400_000],
    )
    const stored = rows[0]
    if (!stored) return undefined
    if (stored.is_old) {
      await tx.query('delete from idempotency where workspace_id = $1 and key_hash = $2', [workspaceId, record.keyHash])
      return undefined
    }
    if (stored.body_hash !== record.bodyHash) return { refusal: refuse(commonRefusals.idempotency_key_reused) }
    const { status, answer } = stored
    return { status, text: answer.startsWith(sealedMark) ? unseal(answer, record.sealKey) : answer }
  }

  const attempt = (): Promise<ChangeAnswer> =>
    services.database.transaction(async tx => {
      const again = await recall(tx)
      if (again) return again
      const result = await work(tx)
      if (!result.ok) throw new Undo(result.refusal)
      const { status = 200, json, subject: about = subject, was } = result.value
      const text = JSON.stringify(json)
      if (record) {
        await tx.query(
          `insert into idempotency (workspace_id, key_hash, body_hash, status, answer, created_at)
           values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))`,
          [workspaceId, record.keyHash, record.bodyHash, status, sealed ? seal(text, record.sealKey) : text, call.now],
        )
      }
      await tx.query(
        `insert into audit_log (workspace_id, id, at, key_id, action, subject, details)
         values ($1, $2, to_timestamp($3 / 1000.0), $4, $5, $6, $7::json)`,
        [
          workspaceId,
          makeId('aud', call.now, services.random(10)),
          call.now,
          keyId,
          action,
          about,
          JSON.stringify({ requestId: call.requestId, ...(was && { changes: changesBetween(was, json as object) }) }),
        ],
      )
      return { status, text }
    })

  const settle = async (): Promise<ChangeAnswer> => {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof Undo) return { refusal: error.refusal }
      throw error
    }
  }
  try {
    return await settle()
  } catch (error) {
    // The key was used meanwhile by a hot write, which takes no such lock, or two changes met crosswise: once more decides.
    if (!['23505', '40P01'].includes(sqlState(error) ?? '')) throw error
    return settle()
  }
}
