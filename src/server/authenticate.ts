import { createHash, timingSafeEqual } from 'node:crypto'
import { commonRefusals } from '../contract/common-refusals.ts'
import { no, ok, type Result, refuse } from '../core/kernel/refusal.ts'
import { personIdOf } from '../core/people/union.ts'
import type { KeyInput } from '../core/workspaces/schema.ts'
import type { Auth, KeyCredentials } from './http/call.ts'
import { readPersonToken } from './person-token.ts'
import { makeRecent } from './recent.ts'
import type { Services } from './services.ts'
import { makeThrottle } from './throttle.ts'
import { defaultWorkspaceId } from './workspaces.ts'

const keyShape = /^ts_[spt]_[A-Za-z0-9_-]{32}$/

/** A new key: its scope's initial, and 192 bits of chance. */
export const makeKey = (scope: KeyInput['scope'], random: (bytes: number) => Uint8Array): string =>
  `ts_${scope[0]}_${Buffer.from(random(24)).toString('base64url')}`

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What the store keeps of a key. Keys are random, so a fast hash is enough. */
export const hashOfKey = (key: string): string => sha256(key).toString('hex')

/** A revocation binds in this process and in every other after so long at the latest. */
export const keyMemoryMs = 5000
const keysRemembered = 10_000

type KeyRow = {
  id: string
  workspace_id: string
  scope: KeyInput['scope']
  channel: string | null
  location: string | null
  source_id: string | null
  revoked_at: number | null
}

type Known = { readonly auth: Auth; readonly endsAt: number; readonly readAt: number }

const unauthorized = (reason: string): Result<never> => no(refuse(commonRefusals.unauthorized, { reason }))
const unknownKey = unauthorized('This key is not known here, or was revoked.')

/**
 * Makes the function that tells who is calling. A key that was seen in the last 5 seconds is answered without a wait; wrong
 * keys are throttled by address, which slows down the guesser and never a key that is known to be good.
 *
 *     const authenticate = makeAuthenticate(services)
 *     await authenticate({ key: 'ts_s_…', remoteAddress: '203.0.113.7' })
 *     // { ok: true, value: { workspaceId: 'default', keyId: 'key_…', scope: 'secret' } }
 */
export const makeAuthenticate = (
  services: Pick<Services, 'database' | 'clock' | 'workspaces' | 'adminKey'>,
): ((credentials: KeyCredentials) => Result<Auth> | Promise<Result<Auth>>) => {
  const { database, clock, workspaces } = services
  const adminHash = sha256(services.adminKey)
  const known = makeRecent<string, Known>(keysRemembered)
  const unknown = makeRecent<string, number>(keysRemembered)
  const loading = new Map<string, Promise<Known | undefined>>()
  const wrongKeys = makeThrottle({ capacity: 20, refillPerSecond: 0.5, maxNames: 10_000, clock })

  const load = async (hash: string): Promise<Known | undefined> => {
    const readAt = clock()
    const { rows } = await database.query<KeyRow>(
      'select id, workspace_id, scope, channel, location, source_id, revoked_at from api_keys where hash = $1',
      [hash],
      'key_by_hash',
    )
    const row = rows[0]
    // Handlers read the workspace of their call without a wait.
    if (!row || !(await workspaces.get(row.workspace_id))) {
      known.delete(hash)
      unknown.set(hash, readAt)
      return undefined
    }
    const auth: Auth = {
      workspaceId: row.workspace_id,
      keyId: row.id,
      scope: row.scope,
      ...(row.channel === null ? {} : { channel: row.channel }),
      ...(row.location === null ? {} : { location: row.location }),
      ...(row.source_id === null ? {} : { sourceId: row.source_id }),
    }
    const entry = { auth, endsAt: row.revoked_at ?? Number.POSITIVE_INFINITY, readAt }
    known.set(hash, entry)
    return entry
  }

  /** Many calls with one key that has to be read again share the reading. */
  const loadOnce = (hash: string): Promise<Known | undefined> => {
    const running = loading.get(hash)
    if (running) return running
    const started = load(hash).finally(() => loading.delete(hash))
    loading.set(hash, started)
    return started
  }

  const refuseUnknown = (address: string): Result<never> => {
    const taken = wrongKeys.take(address)
    return taken.ok
      ? unknownKey
      : no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds }))
  }

  const admit = (entry: Known | undefined, credentials: KeyCredentials, address: string): Result<Auth> => {
    const now = clock()
    if (!entry || entry.endsAt <= now || !workspaces.isOpen(entry.auth.workspaceId)) return refuseUnknown(address)
    const { auth } = entry
    if (credentials.workspace !== undefined && credentials.workspace !== auth.workspaceId) {
      return no(refuse(commonRefusals.workspace_mismatch))
    }
    // Other scopes name the person in the call itself, and may name any.
    if (credentials.personToken === undefined || auth.scope !== 'publishable') return ok(auth)
    const { secret } = workspaces.known(auth.workspaceId)
    const speaker = readPersonToken(secret, credentials.personToken, now)
    if (speaker === undefined) return unauthorized('The Tessera-Person-Token is not valid or has ended.')
    // Whoever has that identifier now: she may have been united with somebody when it was minted, and have been parted since.
    return ok({ ...auth, person: personIdOf(speaker.holder) })
  }

  const admitAdmin = async (workspaceId: string): Promise<Result<Auth>> =>
    (await workspaces.get(workspaceId))
      ? ok({ workspaceId, keyId: 'admin', scope: 'admin' })
      : no(refuse(commonRefusals.workspace_not_found, { workspace: workspaceId }))

  return credentials => {
    const { key, remoteAddress: address } = credentials
    if (timingSafeEqual(sha256(key), adminHash)) return admitAdmin(credentials.workspace ?? defaultWorkspaceId)
    if (!keyShape.test(key)) return refuseUnknown(address)
    const hash = hashOfKey(key)
    const now = clock()
    const entry = known.get(hash)
    if (entry && now - entry.readAt < keyMemoryMs) return admit(entry, credentials, address)
    const missedAt = unknown.get(hash)
    if (missedAt !== undefined && now - missedAt < keyMemoryMs) return refuseUnknown(address)
    // A key that was good lately is looked up even from an address that guesses: it may be an office behind one address.
    if (!entry) {
      const may = wrongKeys.peek(address)
      if (!may.ok) return no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: may.retryAfterSeconds }))
    }
    return loadOnce(hash).then(loaded => admit(loaded, credentials, address))
  }
}
