import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import type { Role } from '../../core/team/roles.ts'
import type { Auth, SessionCredentials } from '../http/call.ts'
import { hashOfToken, makeKnownSessions, makeToken, type SessionRow } from '../known-sessions.ts'
import { defaultWorkspaceId, type Workspaces } from '../workspaces.ts'

const hour = 3_600_000
/** A session ends so long after its last use … */
const idleMs = 24 * hour
/** … and so long after its start however much it is used. */
const longestMs = 30 * 24 * hour

/** A role in a workspace; she was put there first where it comes first. */
export type RoleHeld = { readonly workspace: string; readonly role: Role }

type Row = SessionRow & { member_id: string; operator: boolean; roles: readonly RoleHeld[] | null }

export type Sessions = {
  /** Who is signed in by this cookie, for one workspace. A session that ended here is refused at once, one that ended elsewhere after 5 seconds. */
  authenticate(credentials: SessionCredentials): Promise<Result<Auth>>
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

const ended = no(refuse(commonRefusals.unauthorized, { reason: 'The session has ended.' }))

export const makeSessions = ({
  database,
  clock,
  workspaces,
}: {
  readonly database: Database
  readonly clock: () => number
  readonly workspaces: Workspaces
}): Sessions => {
  const known = makeKnownSessions<Row>({
    database,
    clock,
    table: 'team_sessions',
    read: async hash => {
      const { rows } = await database.query<Row>(
        `select s.id, s.member_id, s.started_at, s.seen_at, s.ends_at, m.operator,
           (select json_agg(json_build_object('workspace', r.workspace_id, 'role', r.role) order by r.added_at, r.workspace_id)
            from team_roles r where r.member_id = m.id) as roles
         from team_sessions s join team_members m on m.id = s.member_id where s.hash = $1`,
        [hash],
        'session_by_hash',
      )
      return rows[0]
    },
    idleMs,
    longestMs,
    ended,
  })

  /** The workspace of a call, and what she is there. */
  const place = (roles: readonly RoleHeld[], operator: boolean, asked: string | undefined): RoleHeld | undefined => {
    const held = asked === undefined ? roles[0] : roles.find(it => it.workspace === asked)
    if (held) return operator ? { ...held, role: 'admin' } : held
    return operator ? { workspace: asked ?? defaultWorkspaceId, role: 'admin' } : undefined
  }

  return {
    authenticate: async ({ session, workspace, remoteAddress }) => {
      const found = await known.find(session, remoteAddress)
      if (!found.ok) return found
      const { id: sessionId, member_id: memberId, operator, roles } = found.value
      const held = place(roles ?? [], operator, workspace)
      // Handlers read the workspace of their call without a wait. One that is not hers is as one that is not there.
      if (!held || !(await workspaces.get(held.workspace)))
        return no(refuse(commonRefusals.workspace_not_found, { workspace: workspace ?? held?.workspace ?? '' }))
      return ok<Auth>({
        workspaceId: held.workspace,
        keyId: memberId,
        scope: operator ? 'admin' : 'secret',
        member: { id: memberId, sessionId, role: held.role, operator },
      })
    },
    forget: known.forget,
  }
}
