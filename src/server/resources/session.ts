import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type { AnyEndpoint } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { mayCall } from '../../contract/permissions.ts'
import type {
  changePassword,
  createSession,
  endSession,
  getSession,
  listSessions,
  lookAtSignInLink,
  revokeSession,
} from '../../contract/session.ts'
import { makeId } from '../../core/kernel/id.ts'
import { type InputError, no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { checkPassword, passwordText } from '../../core/team/password.ts'
import { teamRefusals } from '../../core/team/refusals.ts'
import type { Role } from '../../core/team/roles.ts'
import type { Answer, Call, Handler, SignedIn } from '../http/call.ts'
import { cookieOf, sessionCookie } from '../http/cookies.ts'
import { invalidInput } from '../http/problem.ts'
import { hashOfToken } from '../known-sessions.ts'
import type { Services } from '../services.ts'
import { makePasswordHashes, type PasswordCost } from '../team/hash-password.ts'
import { readLink, useLink } from '../team/links.ts'
import { endSessionsOf, type Sessions, startSession } from '../team/sessions.ts'
import { auditOfMember } from '../team/sign-in-audit.ts'
import { makeThrottle, type Throttle } from '../throttle.ts'
import { defaultWorkspaceId } from '../workspaces.ts'

/** A browser forgets the cookie by then at the latest; when the session ends is for the server to say. */
const cookieSeconds = 30 * 86_400

type AccountRow = { id: string; email: string; name: string; password: string | null; operator: boolean }
const accountColumns = 'id, email, name, password, operator'

type Browser = Pick<Call, 'origin' | 'remoteAddress' | 'userAgent' | 'session' | 'requestId' | 'now'>
type ByLink = {
  signInToken: string
  password?: string | undefined
  email?: string | undefined
  name?: string | undefined
}

/** What a signed-in browser is told: names, and what she may do here. */
const describe = async (
  source: Queryable,
  { id, sessionId, role, operator }: SignedIn,
  workspaceId: string,
): Promise<object> => {
  const { rows: accounts } = await source.query<AccountRow & { started_at: number; ends_at: number }>(
    `select m.id, m.email, m.name, m.operator, s.started_at, s.ends_at
     from team_sessions s join team_members m on m.id = s.member_id where s.id = $1`,
    [sessionId],
  )
  // An operator may work in every workspace; those she has a role in come first.
  const { rows: workspaces } = await source.query<{ id: string; name: string; role: Role | null }>(
    `select w.id, w.name, r.role from workspaces w
     left join team_roles r on r.workspace_id = w.id and r.member_id = $1
     where r.member_id is not null or $2::boolean order by r.added_at nulls last, w.id`,
    [id, operator],
  )
  const [account] = accounts
  const here = workspaces.find(it => it.id === workspaceId)
  const may = (endpoints as readonly AnyEndpoint[]).filter(
    endpoint => endpoint.scopes !== 'public' && endpoint.scopes !== 'wallet' && mayCall({ role, operator }, endpoint),
  )
  return {
    id: sessionId,
    member: { id, email: account?.email ?? '', name: account?.name ?? '', operator },
    role,
    workspace: { id: workspaceId, name: here?.name ?? workspaceId },
    workspaces: workspaces.map(it => ({ id: it.id, name: it.name, role: operator ? 'admin' : it.role })),
    permissions: may.map(endpoint => endpoint.name),
    startedAt: formatInstant(account?.started_at ?? 0),
    endsAt: formatInstant(account?.ends_at ?? 0),
  }
}

/** Whether she gets at nothing but demos, still. */
const isOfDemosOnly = async (tx: Queryable, { id, operator }: AccountRow): Promise<boolean> => {
  const { rows } = await tx.query(
    `select 1 from team_roles r left join workspaces w on w.id = r.workspace_id where r.member_id = $1 and w.ahead_ms is null limit 1`,
    [id],
  )
  return !operator && rows.length === 0
}

export const sessionHandlers = (
  services: Services & { readonly sessions: Sessions; readonly passwordCost?: PasswordCost },
) => {
  const { database, clock, random, sessions } = services
  const hashes = makePasswordHashes(services.passwordCost)
  // Wide for an office behind one address, narrow for one account from one address, and for one account from everywhere wide
  // enough that nobody locks her out by a handful of tries.
  const byAddress = makeThrottle({ capacity: 30, refillPerSecond: 1 / 10, maxNames: 10_000, clock })
  const byBoth = makeThrottle({ capacity: 5, refillPerSecond: 1 / 60, maxNames: 10_000, clock })
  const byAccount = makeThrottle({ capacity: 50, refillPerSecond: 1 / 60, maxNames: 10_000, clock })

  /** Takes a try from each, before anything is looked at: tries that run at once count as those one after the other. */
  const tryOnce = (throttles: readonly (readonly [Throttle, string])[]): Refusal | undefined => {
    for (const [throttle, name] of throttles) {
      const taken = throttle.take(name)
      if (!taken.ok) return refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds })
    }
    return hashes.isBusy() ? refuse(commonRefusals.overloaded, { retryAfterSeconds: 5 }) : undefined
  }
  const giveBack = (throttles: readonly (readonly [Throttle, string])[]): void => {
    for (const [throttle, name] of throttles) throttle.charge(name, -1)
  }

  /** A new session, never one that the browser had before: whoever put that there would be signed in with her. */
  const signIn = async (tx: Queryable, account: Pick<AccountRow, 'id' | 'operator'>, browser: Browser) => {
    const { now } = browser
    if (browser.session !== undefined)
      await tx.query('delete from team_sessions where hash = $1', [hashOfToken(browser.session)])
    await tx.query('delete from team_sessions where member_id = $1 and ends_at < to_timestamp($2 / 1000.0)', [
      account.id,
      now,
    ])
    const means = { now, random, userAgent: browser.userAgent, address: browser.remoteAddress }
    const started = await startSession(tx, account.id, means)
    await tx.query('update team_members set signed_in_at = to_timestamp($2 / 1000.0) where id = $1', [account.id, now])
    const { rows } = await tx.query<{ workspace_id: string; role: Role }>(
      'select workspace_id, role from team_roles where member_id = $1 order by added_at, workspace_id limit 1',
      [account.id],
    )
    const held = rows[0] ?? { workspace_id: defaultWorkspaceId, role: 'admin' as const }
    const role = account.operator ? 'admin' : held.role
    const member = { id: account.id, sessionId: started.id, role, operator: account.operator }
    return { token: started.token, json: await describe(tx, member, held.workspace_id) }
  }

  const answer = (
    status: number,
    { token, json }: { readonly token: string; readonly json: object },
    { origin }: Browser,
  ): Answer => {
    sessions.forget()
    const cookie = cookieOf(sessionCookie, token, { origin: origin(), seconds: cookieSeconds })
    return { status, json, headers: { 'set-cookie': cookie } }
  }

  const byPassword = async (email: string, password: string, browser: Browser): Promise<Answer> => {
    const { now, remoteAddress, requestId } = browser
    const throttles = [
      [byAddress, remoteAddress],
      [byBoth, `${remoteAddress} ${email}`],
      [byAccount, email],
    ] as const
    const refusal = tryOnce(throttles)
    if (refusal) return { refusal }
    const { rows } = await database.query<AccountRow>(`select ${accountColumns} from team_members where email = $1`, [
      email,
    ])
    const [account] = rows
    const { fits, outdated } = await hashes.verify(passwordText(password), account?.password ?? undefined)
    if (!account || !fits) {
      if (account) {
        const tried = { memberId: account.id, by: 'nobody', action: 'createSession' }
        const details = { requestId, refused: teamRefusals.sign_in_failed.code }
        await auditOfMember(database, { ...tried, details }, { now, random })
      }
      return { refusal: refuse(teamRefusals.sign_in_failed) }
    }
    giveBack(throttles)
    const renewed = outdated ? await hashes.hash(passwordText(password)) : undefined
    const done = await database.transaction(async tx => {
      // Somebody may have been removed, or have changed her password, while this one was looked at.
      const { rows: now } = await tx.query<AccountRow>(
        `select ${accountColumns} from team_members where id = $1 and password = $2 for update`,
        [account.id, account.password],
      )
      if (!now[0]) return undefined
      if (renewed) await tx.query('update team_members set password = $2 where id = $1', [account.id, renewed])
      const did = { memberId: account.id, by: account.id, action: 'createSession', details: { requestId } }
      await auditOfMember(tx, did, { now: browser.now, random })
      return signIn(tx, now[0], browser)
    })
    return done ? answer(201, done, browser) : { refusal: refuse(teamRefusals.sign_in_failed) }
  }

  /** The account that a link is for, as it will be; the first one's is yet to be made. */
  const accountOfLink = async (
    tx: Queryable,
    { signInToken, email, name }: ByLink,
    now: number,
    lock: '' | 'for update' = '',
  ): Promise<
    Result<{ readonly link: NonNullable<Awaited<ReturnType<typeof readLink>>>; readonly account: AccountRow }>
  > => {
    const link = await readLink(tx, signInToken, now, lock)
    if (!link) return no(refuse(teamRefusals.sign_in_link_invalid))
    if (link.kind !== 'first') {
      const { rows } = await tx.query<AccountRow>(`select ${accountColumns} from team_members where id = $1 ${lock}`, [
        link.member_id,
      ])
      const [account] = rows
      if (!account || (link.kind === 'visit' && !(await isOfDemosOnly(tx, account))))
        return no(refuse(teamRefusals.sign_in_link_invalid))
      return ok({ link, account: { ...account, name: name ?? account.name } })
    }
    const missing = (['email', 'name'] as const).filter(field => (field === 'email' ? email : name) === undefined)
    if (missing.length > 0) {
      const errors: InputError[] = missing.map(field => ({
        pointer: `/${field}`,
        message: 'is required with the first link',
      }))
      return no(invalidInput(errors))
    }
    const id = makeId('tm', now, random(10))
    return ok({ link, account: { id, email: email!, name: name!, password: null, operator: true } })
  }

  /** The first one, or the first after everybody left: her account may be there from then. */
  const insertFirst = async (tx: Queryable, account: AccountRow, now: number): Promise<AccountRow> => {
    const { rows } = await tx.query<{ id: string }>(
      `insert into team_members (id, email, name, operator, created_at) values ($1, $2, $3, true, to_timestamp($4 / 1000.0))
       on conflict (email) do update set operator = true returning id`,
      [account.id, account.email, account.name, now],
    )
    const { id } = rows[0]!
    await tx.query(
      `insert into team_roles (workspace_id, member_id, role, added_at, added_by)
       values ($1, $2, 'admin', to_timestamp($3 / 1000.0), 'start')`,
      [defaultWorkspaceId, id, now],
    )
    return { ...account, id }
  }

  const hashOf = async (given: string | undefined, account: AccountRow): Promise<Result<string>> => {
    if (given === undefined) return no(invalidInput([{ pointer: '/password', message: 'is required with this link' }]))
    const password = checkPassword(given, account)
    return password.ok ? ok(await hashes.hash(password.value)) : password
  }

  const byLink = async (body: ByLink, browser: Browser): Promise<Answer> => {
    const { now, requestId } = browser
    const refusal = tryOnce([[byAddress, browser.remoteAddress]])
    if (refusal) return { refusal }
    const found = await accountOfLink(database, body, now)
    if (!found.ok) return found
    const hash = found.value.link.kind === 'visit' ? ok(undefined) : await hashOf(body.password, found.value.account)
    if (!hash.ok) return hash
    const done = await database.transaction(async tx => {
      const again = await accountOfLink(tx, body, now, 'for update')
      if (!again.ok) return again
      const { link } = again.value
      await useLink(tx, link)
      const account = link.kind === 'first' ? await insertFirst(tx, again.value.account, now) : again.value.account
      if (hash.value !== undefined) {
        await tx.query(
          'update team_members set password = $2, name = $3, let_in_at = to_timestamp($4 / 1000.0) where id = $1',
          [account.id, hash.value, account.name, now],
        )
        await endSessionsOf(tx, account.id)
      }
      const did = {
        memberId: account.id,
        by: account.id,
        action: 'createSession',
        details: { requestId, link: link.kind },
      }
      await auditOfMember(tx, did, { now, random })
      return ok(await signIn(tx, account, browser))
    })
    return done.ok ? answer(201, done.value, browser) : done
  }

  const create: Handler<typeof createSession> = call =>
    'signInToken' in call.body ? byLink(call.body, call) : byPassword(call.body.email, call.body.password, call)

  const lookAtLink: Handler<typeof lookAtSignInLink> = async ({ body, remoteAddress, now }) => {
    const taken = byAddress.take(remoteAddress)
    if (!taken.ok)
      return { refusal: refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds }) }
    const link = await readLink(database, body.signInToken, now)
    if (!link) return { refusal: refuse(teamRefusals.sign_in_link_invalid) }
    byAddress.charge(remoteAddress, -1)
    const { rows } = await database.query<{ email: string; name: string }>(
      'select email, name from team_members where id = $1',
      [link.member_id],
    )
    const { email = null, name = null } = rows[0] ?? {}
    return { json: { kind: link.kind, email, name, expiresAt: formatInstant(link.ends_at) } }
  }

  const get: Handler<typeof getSession> = async ({ auth }) => ({
    json: await describe(database, auth.member, auth.workspaceId),
  })

  const end: Handler<typeof endSession> = async ({ session, origin }) => {
    const { affected } =
      session === undefined
        ? { affected: 0 }
        : await database.query('delete from team_sessions where hash = $1', [hashOfToken(session)])
    sessions.forget()
    const cookie = cookieOf(sessionCookie, '', { origin: origin(), seconds: 0 })
    return { json: { ended: affected > 0 }, headers: { 'set-cookie': cookie } }
  }

  const setPassword: Handler<typeof changePassword> = async call => {
    const { body, auth, requestId } = call
    const now = clock()
    const { id } = auth.member
    const throttles = [[byBoth, id]] as const
    const refusal = tryOnce(throttles)
    if (refusal) return { refusal }
    const { rows } = await database.query<AccountRow>(`select ${accountColumns} from team_members where id = $1`, [id])
    const [account] = rows
    const { fits } = await hashes.verify(passwordText(body.current), account?.password ?? undefined)
    if (!account || !fits) return { refusal: refuse(teamRefusals.password_wrong) }
    giveBack(throttles)
    const password = checkPassword(body.password, account)
    if (!password.ok) return password
    const hash = await hashes.hash(password.value)
    const done = await database.transaction(async tx => {
      const { affected } = await tx.query('update team_members set password = $3 where id = $1 and password = $2', [
        id,
        account.password,
        hash,
      ])
      if (affected === 0) return undefined
      await endSessionsOf(tx, id)
      // A link that somebody made for her to set a password with would set another one.
      await tx.query('delete from sign_in_links where member_id = $1', [id])
      await auditOfMember(
        tx,
        { memberId: id, by: id, action: 'changePassword', details: { requestId } },
        { now, random },
      )
      return signIn(tx, account, { ...call, now })
    })
    return done ? answer(200, done, call) : { refusal: refuse(teamRefusals.password_wrong) }
  }

  const list: Handler<typeof listSessions> = async ({ auth: { member } }) => {
    const { rows } = await database.query<{
      id: string
      started_at: number
      seen_at: number
      ends_at: number
      user_agent: string | null
      address: string | null
    }>(
      `select id, started_at, seen_at, ends_at, user_agent, address from team_sessions
       where member_id = $1 and ends_at > to_timestamp($2 / 1000.0) order by id desc`,
      [member.id, clock()],
    )
    return {
      json: {
        data: rows.map(row => ({
          id: row.id,
          startedAt: formatInstant(row.started_at),
          seenAt: formatInstant(row.seen_at),
          endsAt: formatInstant(row.ends_at),
          userAgent: row.user_agent,
          address: row.address,
          current: row.id === member.sessionId,
        })),
      },
    }
  }

  const revoke: Handler<typeof revokeSession> = async ({ auth: { member }, params: { id } }) => {
    const { affected } = await database.query('delete from team_sessions where id = $1 and member_id = $2', [
      id,
      member.id,
    ])
    if (affected === 0) return { refusal: refuse(teamRefusals.session_not_found, { id }) }
    sessions.forget()
    return { json: { ended: true } }
  }

  return {
    createSession: create,
    lookAtSignInLink: lookAtLink,
    getSession: get,
    endSession: end,
    changePassword: setPassword,
    listSessions: list,
    revokeSession: revoke,
  }
}
