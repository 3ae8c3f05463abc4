import { createHash } from 'node:crypto'
import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import type { Role } from '../../core/team/roles.ts'
import { keyMemoryMs } from '../authenticate.ts'
import type { Auth, SessionCredentials } from '../http/call.ts'
import { makeRecent } from '../recent.ts'
import { makeThrottle } from '../throttle.ts'
import { defaultWorkspaceId, type Workspaces } from '../workspaces.ts'

const hour = 3_600_000
/** A session ends so long after its last use … */
const idleMs = 24 * hour
/** … and so long after its start however much it is used. */
const longestMs = 30 * 24 * hour
/** How exactly its last use is kept: a write for every call would be one too many. */
const seenEveryMs = 300_000
const sessionsRemembered = 10_000

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A token with 256 bits of chance: `tss_` and 43 characters. */
export const makeToken = (prefix: 'tss' | 'tsi', random: (bytes: number) => Uint8Array): string =>
  `${prefix}_${Buffer.from(random(32)).toString('base64url')}`

/** A role in a workspace; she was put there first where it comes first. */
export type RoleHeld = { readonly workspace: string; readonly role: Role }

type Row = {
  id: string
  member_id: string
  started_at: number
  seen_at: number
  ends_at: number
  operator: boolean
  roles: readonly RoleHeld[] | null
}

type Known = {
  readonly id: string
  readonly memberId: string
  readonly endsAt: number
  readonly operator: boolean
  readonly roles: readonly RoleHeld[]
  readonly readAt: number
  /** What was forgotten since is read again; that it was good lately still counts. */
  readonly generation: number
}

export type Sessions = {
  /** Who is signed in by this cookie, for one workspace. A session that ended here is refused at once, one that ended elsewhere after 5 seconds. */
  authenticate(credentials: SessionCredentials): Result<Auth> | Promise<Result<Auth>>
  /** What is remembered of whom is read again: roles changed, sessions ended. */
  forget(): void
}

/** Starts a session and gives its token, which is kept nowhere. */
export const startSession = async (
  tx: Queryable,
  memberId: string,
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
): Promise<{ readonly id: string; readonly token: string }> => {
  const token = makeToken('tss', random)
  const id = makeId('ses', now, random(10))
  await tx.query(
    `insert into team_sessions (id, hash, member_id, started_at, seen_at, ends_at, user_agent, address)
     values ($1, $2, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), to_timestamp($5 / 1000.0), $6, $7)`,
    [id, hashOfToken(token), memberId, now, now + idleMs, userAgent?.slice(0, 200) ?? null, address],
  )
  return { id, token }
}

/** Ends every session of a team member. */
export const endSessionsOf = async (tx: Queryable, memberId: string): Promise<void> => {
  await tx.query('delete from team_sessions where member_id = $1', [memberId])
}

const unauthorized = no(refuse(commonRefusals.unauthorized, { reason: 'The session has ended.' }))

export const makeSessions = ({
  database,
  clock,
  workspaces,
}: {
  readonly database: Database
  readonly clock: () => number
  readonly workspaces: Workspaces
}): Sessions => {
  const known = makeRecent<string, Known>(sessionsRemembered)
  let generation = 0
  const wrong = makeThrottle({ capacity: 20, refillPerSecond: 0.5, maxNames: 10_000, clock })

  const load = async (hash: string): Promise<Known | undefined> => {
    const readAt = clock()
    const readIn = generation
    const { rows } = await database.query<Row>(
      `select s.id, s.member_id, s.started_at, s.seen_at, s.ends_at, m.operator,
         (select json_agg(json_build_object('workspace', r.workspace_id, 'role', r.role) order by r.added_at, r.workspace_id)
          from team_roles r where r.member_id = m.id) as roles
       from team_sessions s join team_members m on m.id = s.member_id where s.hash = $1`,
      [hash],
      'session_by_hash',
    )
    const row = rows[0]
    if (!row) {
      known.delete(hash)
      return undefined
    }
    let endsAt = row.ends_at
    if (readAt < endsAt && readAt - row.seen_at >= seenEveryMs) {
      endsAt = Math.min(row.started_at + longestMs, readAt + idleMs)
      await database.query(
        `update team_sessions set seen_at = to_timestamp($2 / 1000.0), ends_at = to_timestamp($3 / 1000.0) where id = $1`,
        [row.id, readAt, endsAt],
      )
    }
    const entry = {
      id: row.id,
      memberId: row.member_id,
      endsAt,
      operator: row.operator,
      roles: row.roles ?? [],
      readAt,
      generation: readIn,
    }
    known.set(hash, entry)
    return entry
  }

  /** The workspace of a call, and what she is there. */
  const place = ({ roles, operator }: Known, asked: string | undefined): RoleHeld | undefined => {
    const held = asked === undefined ? roles[0] : roles.find(it => it.workspace === asked)
    if (held) return operator ? { ...held, role: 'admin' } : held
    return operator ? { workspace: asked ?? defaultWorkspaceId, role: 'admin' } : undefined
  }

  const admit = async (entry: Known | undefined, { workspace, remoteAddress }: SessionCredentials) => {
    if (!entry || entry.endsAt <= clock()) {
      const taken = wrong.take(remoteAddress)
      if (taken.ok) return unauthorized
      return no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds }))
    }
    const held = place(entry, workspace)
    // Handlers read the workspace of their call without a wait. One that is not hers is as one that is not there.
    if (!held || !(await workspaces.get(held.workspace)))
      return no(refuse(commonRefusals.workspace_not_found, { workspace: workspace ?? held?.workspace ?? '' }))
    const { id: sessionId, memberId, operator } = entry
    return ok<Auth>({
      workspaceId: held.workspace,
      keyId: memberId,
      scope: operator ? 'admin' : 'secret',
      member: { id: memberId, sessionId, role: held.role, operator },
    })
  }

  return {
    authenticate: async credentials => {
      const hash = hashOfToken(credentials.session)
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
