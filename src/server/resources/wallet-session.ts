import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type * as contract from '../../contract/wallet-session.ts'
import { walletLanguages } from '../../contract/wallet-session.ts'
import { no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { ProgrammeInput } from '../../core/loyalty/schema.ts'
import { isBlocked } from '../../core/people/blocked.ts'
import type { Identifier } from '../../core/people/identifier.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { walletRefusals } from '../../core/people/wallet-refusals.ts'
import type { Answer, Handler } from '../http/call.ts'
import { cookieOf, walletCookie } from '../http/cookies.ts'
import { hashOfToken } from '../known-sessions.ts'
import { holdersFor } from '../people/holders.ts'
import type { Services } from '../services.ts'
import { makeThrottle, type Throttle } from '../throttle.ts'
import { codeMessage } from '../wallet/code-messages.ts'
import { addressOf, sendCode, useCode } from '../wallet/codes.ts'
import { startWalletSession, type WalletSessions, walletCookieSeconds } from '../wallet/wallet-sessions.ts'
import { type KnownWorkspace, type StoredSettings, settingsOf } from '../workspaces.ts'

type SessionRow = {
  id: string
  person_id: string
  type: string
  value: string
  name: string
  started_at: number
  ends_at: number
}

export const walletSessionHandlers = (services: Services & { readonly walletSessions: WalletSessions }) => {
  const { database, clock, random, workspaces, catalogues, walletSessions } = services
  // Each message reaches somebody who may not have asked for it: three at once, then one in two minutes. An office or a
  // family behind one address asks for more, and a workspace for very many.
  const sentTo = makeThrottle({ capacity: 3, refillPerSecond: 1 / 120, maxNames: 10_000, clock })
  const sentFrom = makeThrottle({ capacity: 30, refillPerSecond: 1 / 20, maxNames: 10_000, clock })
  const sentBy = makeThrottle({ capacity: 1000, refillPerSecond: 5, maxNames: 1000, clock })
  // The store counts the tries of a code; these slow down whoever asks for one code after the other.
  const triedFor = makeThrottle({ capacity: 10, refillPerSecond: 1 / 60, maxNames: 10_000, clock })
  const triedFrom = makeThrottle({ capacity: 30, refillPerSecond: 1 / 10, maxNames: 10_000, clock })

  const takeAll = (throttles: readonly (readonly [Throttle, string])[]): Refusal | undefined => {
    for (const [throttle, name] of throttles) {
      const taken = throttle.take(name)
      if (!taken.ok) return refuse(commonRefusals.too_many_attempts, { retryAfterSeconds: taken.retryAfterSeconds })
    }
    return undefined
  }

  /** An address of a workspace, where it may be somebody's. */
  const readAddress = async (
    workspaceId: string,
    text: string,
  ): Promise<Result<{ readonly of: KnownWorkspace; readonly address: Identifier }>> => {
    const of = await workspaces.get(workspaceId)
    if (!of) return no(refuse(commonRefusals.workspace_not_found, { workspace: workspaceId }))
    const address = addressOf(text, of.workspace)
    if (!address.ok) return address
    const { identity } = await catalogues.atLeast(database, workspaceId, 0)
    if (isBlocked(address.value, identity))
      return no(
        refuse(peopleRefusals.identifier_invalid, {
          type: address.value.type,
          because: 'ofSeveral',
          reason: 'it is no one person’s here',
        }),
      )
    return ok({ of, address: address.value })
  }

  const nameOf = async (workspaceId: string): Promise<string> => {
    const { rows } = await database.query<{ name: string }>('select name from workspaces where id = $1', [workspaceId])
    return rows[0]!.name
  }

  const createCode: Handler<typeof contract.createWalletCode> = async ({ body, remoteAddress, now }) => {
    const read = await readAddress(body.workspace, body.address)
    if (!read.ok) return read
    const { of, address } = read.value
    const refusal = takeAll([
      [sentFrom, remoteAddress],
      [sentTo, `${of.workspace.id} ${body.purpose} ${address.type}:${address.value}`],
      [sentBy, of.workspace.id],
    ])
    if (refusal) return { refusal }
    const name = await nameOf(of.workspace.id)
    const message = (code: string) => codeMessage(body.purpose, { code, name }, [body.language, of.workspace.language])
    const endsAt = await sendCode(database, { of, address, purpose: body.purpose }, { now, random, message })
    return { status: 202, json: { endsAt: formatInstant(endsAt) } }
  }

  const describe = async (source: Queryable, id: string) => {
    const { rows } = await source.query<SessionRow & { workspace_id: string }>(
      `select s.id, s.workspace_id, h.person_id, h.type, h.value, w.name, s.started_at, s.ends_at
       from wallet_sessions s join workspaces w on w.id = s.workspace_id
       join holders h on h.workspace_id = s.workspace_id and h.id = s.holder_id where s.id = $1`,
      [id],
    )
    const [row] = rows
    return (
      row && {
        id: row.id,
        person: row.person_id,
        address: `${row.type}:${row.value}`,
        workspace: { id: row.workspace_id, name: row.name },
        startedAt: formatInstant(row.started_at),
        endsAt: formatInstant(row.ends_at),
      }
    )
  }

  const create: Handler<typeof contract.createWalletSession> = async call => {
    const { body, remoteAddress, now } = call
    const read = await readAddress(body.workspace, body.address)
    if (!read.ok) return read
    const { of, address } = read.value
    const ref = `${address.type}:${address.value}`
    const throttles = [
      [triedFrom, remoteAddress],
      [triedFor, `${of.workspace.id} ${ref}`],
    ] as const
    const refusal = takeAll(throttles)
    if (refusal) return { refusal }
    if (!(await useCode(database, { of, address, purpose: 'signIn' }, body.code, now)))
      return { refusal: refuse(walletRefusals.wallet_code_wrong) }
    for (const [throttle, name] of throttles) throttle.charge(name, -1)
    const done = await database.transaction(async tx => {
      // Who she is goes by the time of the workspace, which is another in a demo; access by the real one.
      const at = clock(of.workspace.id)
      const known = await holdersFor(tx, of.workspace, [ref], at, { create: false })
      const found = known.ok ? known : await holdersFor(tx, of.workspace, [ref], at, { create: true })
      if (!found.ok) return found
      // Never a session that the browser had before: whoever put that there would be signed in with her.
      if (call.wallet !== undefined)
        await tx.query('delete from wallet_sessions where hash = $1', [hashOfToken(call.wallet)])
      const { token, id } = await startWalletSession(
        tx,
        { workspaceId: of.workspace.id, holderId: found.value[0]!.id },
        { now, random, userAgent: call.userAgent, address: remoteAddress },
      )
      return ok({ token, json: { ...(await describe(tx, id))!, isNew: !known.ok } })
    })
    if (!done.ok) return done
    walletSessions.forget()
    const { token, json } = done.value
    const cookie = cookieOf(walletCookie, token, { origin: call.origin(), seconds: walletCookieSeconds })
    return { status: 201, json, headers: { 'set-cookie': cookie } }
  }

  const get: Handler<typeof contract.getWalletSession> = async ({ auth }) => {
    const session = await describe(database, auth.wallet.sessionId)
    return session
      ? { json: session }
      : { refusal: refuse(commonRefusals.unauthorized, { reason: 'The session of this wallet has ended.' }) }
  }

  const end: Handler<typeof contract.endWalletSession> = async ({ wallet, origin }): Promise<Answer> => {
    const { affected } =
      wallet === undefined
        ? { affected: 0 }
        : await database.query('delete from wallet_sessions where hash = $1', [hashOfToken(wallet)])
    walletSessions.forget()
    const cookie = cookieOf(walletCookie, '', { origin: origin(), seconds: 0 })
    return { json: { ended: affected > 0 }, headers: { 'set-cookie': cookie } }
  }

  /** Of the person who asks, by any of her addresses. */
  const hers = `workspace_id = $1 and holder_id in (
    select id from holders where workspace_id = $1 and person_id = (select person_id from holders where workspace_id = $1 and id = $2))`

  const list: Handler<typeof contract.listWalletSessions> = async ({ auth: { workspaceId, wallet } }) => {
    const { rows } = await database.query<{
      id: string
      started_at: number
      seen_at: number
      ends_at: number
      user_agent: string | null
      address: string | null
    }>(
      `select id, started_at, seen_at, ends_at, user_agent, address from wallet_sessions
       where ${hers} and ends_at > to_timestamp($3 / 1000.0) order by id desc limit 100`,
      [workspaceId, wallet.holder, clock()],
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
          current: row.id === wallet.sessionId,
        })),
      },
    }
  }

  const revoke: Handler<typeof contract.revokeWalletSession> = async ({ auth: { workspaceId, wallet }, params }) => {
    const { affected } = await database.query(`delete from wallet_sessions where ${hers} and id = $3`, [
      workspaceId,
      wallet.holder,
      params.id,
    ])
    walletSessions.forget()
    return affected === 1
      ? { json: { ended: true } }
      : { refusal: refuse(walletRefusals.wallet_session_not_found, { id: params.id }) }
  }

  const settings: Handler<typeof contract.getWalletSettings> = async ({ query: { workspace: id } }) => {
    const known = await workspaces.get(id)
    if (!known) return { refusal: refuse(commonRefusals.workspace_not_found, { workspace: id }) }
    const { rows } = await database.query<{ name: string; settings: StoredSettings }>(
      'select name, settings from workspaces where id = $1',
      [id],
    )
    const { rows: programmes } = await database.query<{ id: string; body: ProgrammeInput }>(
      `select id, body from programmes where workspace_id = $1 and state = 'live' order by id limit 100`,
      [id],
    )
    const { colours, topics } = settingsOf(rows[0]!.settings)
    const { currency, language, timeZone, country = null } = known.workspace
    return {
      json: {
        workspace: { id, name: rows[0]!.name, currency, language, timeZone, country },
        colours,
        languages: walletLanguages,
        topics,
        programmes: programmes.map(({ id: programme, body: { name, unit, rate, join, transfers, tiers } }) => ({
          id: programme,
          name,
          unit,
          rate: rate ?? null,
          joinOn: join.on,
          terms: join.terms ?? null,
          transfers,
          tiers: tiers ? { by: tiers.by, levels: tiers.levels } : null,
        })),
      },
    }
  }

  return {
    createWalletCode: createCode,
    createWalletSession: create,
    getWalletSession: get,
    endWalletSession: end,
    listWalletSessions: list,
    revokeWalletSession: revoke,
    getWalletSettings: settings,
  }
}
