import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { personIdOf } from '../../core/people/union.ts'
import type { Auth, WalletCredentials } from '../http/call.ts'
import { hashOfToken, makeKnownSessions, makeToken, type SessionRow } from '../known-sessions.ts'
import type { Workspaces } from '../workspaces.ts'

const day = 86_400_000
/** A customer stays signed in on her phone: it ends so long after its last use … */
const idleMs = 90 * day
/** … and so long after its start however much it is used. */
const longestMs = 365 * day
export const walletCookieSeconds = longestMs / 1000

/** The actor of what customers do in their wallets: who they are stands with what they did, and goes with their erasure. */
export const walletActor = 'wallet'

type Row = SessionRow & { workspace_id: string; holder_id: string }

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
  const token = makeToken('tws', random)
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
  const known = makeKnownSessions<Row>({
    database,
    clock,
    table: 'wallet_sessions',
    read: async hash => {
      const { rows } = await database.query<Row>(
        'select id, workspace_id, holder_id, started_at, seen_at, ends_at from wallet_sessions where hash = $1',
        [hash],
        'wallet_session_by_hash',
      )
      return rows[0]
    },
    idleMs,
    longestMs,
    ended,
  })

  return {
    authenticate: async ({ wallet, workspace, remoteAddress }) => {
      const found = await known.find(wallet, remoteAddress)
      if (!found.ok) return found
      const { id: sessionId, workspace_id: workspaceId, holder_id: holder } = found.value
      // Handlers read the workspace of their call without a wait, and a demo may have ended.
      if (!(await workspaces.get(workspaceId))) return ended
      if (workspace !== undefined && workspace !== workspaceId) return no(refuse(commonRefusals.workspace_mismatch))
      return ok<Auth>({
        workspaceId,
        keyId: walletActor,
        scope: 'publishable',
        person: personIdOf(holder),
        wallet: { sessionId, holder },
      })
    },
    forget: known.forget,
  }
}
