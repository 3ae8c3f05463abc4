import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { personIdOf } from '../../core/people/union.ts'
import { keyMemoryMs } from '../authenticate.ts'
import type { Auth, WalletCredentials } from '../http/call.ts'
import { makeRecent } from '../recent.ts'
import { hashOfToken } from '../team/sessions.ts'
import { makeThrottle } from '../throttle.ts'
import type { Workspaces } from '../workspaces.ts'

const day = 86_400_000
/** A customer stays signed in on her phone: it ends so long after its last use … */
const idleMs = 90 * day
/** … and so long after its start however much it is used. */
const longestMs = 365 * day
export const walletCookieSeconds = longestMs / 1000
/** How exactly its last use is kept: a write for every call would be one too many. */
const seenEveryMs = 300_000
const sessionsRemembered = 10_000

/** The actor of what customers do in their wallets: who they are stands with what they did, and goes with their erasure. */
export const walletActor = 'wallet'

type Row = {
  id: string
  workspace_id: string
  holder_id: string
  started_at: number
  seen_at: number
  ends_at: number
}
type Known = {
  readonly id: string
  readonly workspaceId: string
  readonly holder: string
  readonly endsAt: number
  readonly readAt: number
  /** What was forgotten since is read again. */
  readonly generation: number
}

export type WalletSessions = {
  /** Which customer is signed in by this cookie. A session that ended here is refused at once, one that ended elsewhere after 5 seconds. */
  authenticate(credentials: WalletCredentials): Promise<Result<Auth>>
  /** What is remembered is read again: sessions ended. */
  forget(): void
}

/** Starts a session for whoever proved this address, and gives its token, which is kept nowhere. */
export const startWalletSession = async (
  tx: Queryable,
  { workspaceId, holderId }: { readonly workspaceId: string; readonly holderId: string },
  {
    now,
    random,
    userAgent,
    address,
  }: {
    readonly now: number
    readonly random: (bytes: number) => Uint8Array
    readonly userAgent: string | undefined
    readonly address: string
  },
): Promise<{ readonly id: string; readonly token: string; readonly endsAt: number }> => {
  const token = `tws_${Buffer.from(random(32)).toString('base64url')}`
  const id = makeId('wse', now, random(10))
  const endsAt = now + idleMs
  await tx.query(
    `insert into wallet_sessions (id, hash, workspace_id, holder_id, started_at, seen_at, ends_at, user_agent, address)
     values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7, $8)`,
    [id, hashOfToken(token), workspaceId, holderId, now, endsAt, userAgent?.slice(0, 200) ?? null, address],
  )
  return { id, token, endsAt }
}

const ended = no(refuse(commonRefusals.unauthorized, { reason: 'The session of this wallet has ended.' }))

export const makeWalletSessions = ({
  database,
  clock,
  workspaces,
}: {
  readonly database: Database
  readonly clock: () => number
  readonly workspaces: Workspaces
}): WalletSessions => {
  const known = makeRecent<string, Known>(sessionsRemembered)
  let generation = 0
  const wrong = makeThrottle({ capacity: 20, refillPerSecond: 0.5, maxNames: 10_000, clock })

  const load = async (hash: string): Promise<Known | undefined> => {
    const readAt = clock()
    const readIn = generation
    const { rows } = await database.query<Row>(
      'select id, workspace_id, holder_id, started_at, seen_at, ends_at from wallet_sessions where hash = $1',
      [hash],
      'wallet_session_by_hash',
    )
    const [row] = rows
    if (!row) {
      known.delete(hash)
      return undefined
    }
    let endsAt = row.ends_at
    if (readAt < endsAt && readAt - row.seen_at >= seenEveryMs) {
      endsAt = Math.min(row.started_at + longestMs, readAt + idleMs)
      await database.query(
        'update wallet_sessions set seen_at = to_timestamp($2 / 1000.0), ends_at = to_timestamp($3 / 1000.0) where id = $1',
        [row.id, readAt, endsAt],
      )
    }
    const { id, workspace_id: workspaceId, holder_id: holder } = row
    const entry = { id, workspaceId, holder, endsAt, readAt, generation: readIn }
    known.set(hash, entry)
    return entry
  }

  const admit = async (
    entry: Known | undefined,
    { workspace, remoteAddress }: WalletCredentials,
  ): Promise<Result<Auth>> => {
    // Handlers read the workspace of their call without a wait, and a demo may have ended.
    if (!entry || entry.endsAt <= clock() || !(await workspaces.get(entry.workspaceId))) {
      const taken = wrong.take(remoteAddress)
      if (taken.ok) return ended
      return no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds }))
    }
    const { id: sessionId, workspaceId, holder } = entry
    if (workspace !== undefined && workspace !== workspaceId) return no(refuse(commonRefusals.workspace_mismatch))
    return ok<Auth>({
      workspaceId,
      keyId: walletActor,
      scope: 'publishable',
      person: personIdOf(holder),
      wallet: { sessionId, holder },
    })
  }

  return {
    authenticate: async credentials => {
      const hash = hashOfToken(credentials.wallet)
      const entry = known.get(hash)
      if (entry?.generation === generation && clock() - entry.readAt < keyMemoryMs) return admit(entry, credentials)
      if (!entry) {
        const may = wrong.peek(credentials.remoteAddress)
        if (!may.ok) return no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: may.retryAfterSeconds }))
      }
      return admit(await load(hash), credentials)
    },
    forget: () => {
      generation += 1
    },
  }
}
