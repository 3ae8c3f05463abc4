import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, serve, type TestServer } from './server.ts'
import {
  type Browser,
  browserOf,
  cookieOf,
  password,
  signIn,
  signInAs,
  signInFirst,
  tokenOf,
  visit,
} from './sign-in.ts'

/** Team members: how they come in, where they are signed in, and how each of it ends. */

let server: TestServer
let olga: Browser
const time = { ahead: 0 }
const minute = 60_000
const told = ({ status, json }: Answer) => [status, json.code]
const nowhere = (prefix: string) => `${prefix}_${'0'.repeat(26)}`

beforeAll(async () => {
  server = await serve('pglite', { clock: () => Date.now() + time.ahead })
  expect((await visit(server, 'POST', '/v1/session/link', { signInToken: tokenOf(server.signInLink!) })).json).toEqual({
    kind: 'first',
    email: null,
    name: null,
    expiresAt: expect.any(String),
  })
  olga = await signInFirst(server)
})

describe('the link of the start', () => {
  it('makes an operator who may do everything, and works once', async () => {
    const { json } = await olga.call('GET', '/v1/session')
    expect(json).toMatchObject({
      member: { email: 'olga@example.com', name: 'Olga', operator: true },
      role: 'admin',
      workspace: { id: 'default' },
    })
    expect(json.permissions).toEqual(expect.arrayContaining(['createWorkspace', 'dump', 'createOffer']))
    const again = { signInToken: tokenOf(server.signInLink!), password, email: 'eve@example.com', name: 'Eve' }
    expect(told(await visit(server, 'POST', '/v1/session', again))).toEqual([401, 'sign_in_link_invalid'])
    expect(told(await visit(server, 'POST', '/v1/session/link', { signInToken: again.signInToken }))).toEqual([
      401,
      'sign_in_link_invalid',
    ])
  })

  it('asks for an address and a name, and is not used up by a mistake', async () => {
    const fresh = await serve('pglite')
    const signInToken = tokenOf(fresh.signInLink!)
    const send = (body: object) => visit(fresh, 'POST', '/v1/session', { signInToken, ...body })
    expect((await send({ password })).json.errors.map((it: { pointer: string }) => it.pointer)).toEqual([
      '/email',
      '/name',
    ])
    const weak = await send({ password: 'short', email: 'ana@example.com', name: 'Ana' })
    expect([...told(weak), weak.json.details.why]).toEqual([422, 'password_too_weak', 'has less than 12 characters'])
    const both = await Promise.all(
      ['ana@example.com', 'ben@example.com'].map(email => send({ password, email, name: 'First' })),
    )
    expect(both.map(it => it.status).toSorted()).toEqual([201, 401])
    expect((await fresh.call('GET', '/v1/team')).json.data).toHaveLength(1)
  })
})

describe('an invitation', () => {
  it('lets her set a password, once; opening it changes nothing', async () => {
    const { json } = await olga.call('POST', '/v1/team', { email: 'Ana@Example.com', name: 'Ana', role: 'clerk' })
    expect(json).toMatchObject({ email: 'ana@example.com', role: 'clerk', state: 'invited' })
    expect(json.invitation.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#token=tsi_/)
    const signInToken = tokenOf(json.invitation.link)
    for (let look = 0; look < 2; look++) {
      const seen = await visit(server, 'POST', '/v1/session/link', { signInToken })
      expect(seen.json).toMatchObject({ kind: 'invitation', email: 'ana@example.com', name: 'Ana' })
    }
    const ana = browserOf(server, await visit(server, 'POST', '/v1/session', { signInToken, password }))
    expect((await ana.call('GET', '/v1/session')).json).toMatchObject({ role: 'clerk', member: { name: 'Ana' } })
    expect(told(await visit(server, 'POST', '/v1/session', { signInToken, password }))).toEqual([
      401,
      'sign_in_link_invalid',
    ])
    const [row] = (await olga.call('GET', '/v1/team')).json.data.filter((it: { id: string }) => it.id === ana.member)
    expect(row).toMatchObject({ state: 'active', signedInAt: expect.any(String) })
  })

  it('ends after a day, and when another is made', async () => {
    const { json } = await olga.call('POST', '/v1/team', { email: 'late@example.com', name: 'Late', role: 'clerk' })
    const second = await olga.call('POST', `/v1/team/${json.id}/invitation`)
    const use = (link: string) =>
      visit(server, 'POST', '/v1/session', { signInToken: tokenOf(link), password: 'a copper kettle' })
    expect(told(await use(json.invitation.link))).toEqual([401, 'sign_in_link_invalid'])
    time.ahead += 24 * 60 * minute
    try {
      expect(told(await use(second.json.link))).toEqual([401, 'sign_in_link_invalid'])
    } finally {
      time.ahead -= 24 * 60 * minute
    }
    expect((await use(second.json.link)).status).toBe(201)
  })

  it('is not for somebody who is in the team', async () => {
    const again = { email: 'OLGA@example.com', name: 'Olga', role: 'clerk' }
    expect(told(await olga.call('POST', '/v1/team', again))).toEqual([409, 'team_member_exists'])
  })
})

describe('a session', () => {
  it('is a cookie that no page reads and no other site sends', async () => {
    const answer = await signIn(server, 'olga@example.com')
    expect(answer.headers.get('set-cookie')).toMatch(
      /^tessera_session=tss_[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    )
    const secure = await visit(
      server,
      'POST',
      '/v1/session',
      { email: 'olga@example.com', password },
      { 'x-forwarded-proto': 'https' },
    )
    expect(secure.headers.get('set-cookie')).toMatch(/^__Host-tessera_session=tss_.*; SameSite=Strict; Secure$/)
  })

  it('is listed among her own, and ends from there', async () => {
    const other = browserOf(server, await signIn(server, 'olga@example.com'))
    const { data } = (await olga.call('GET', '/v1/sessions')).json
    expect(data.map((it: { id: string }) => it.id)).toEqual(expect.arrayContaining([olga.session, other.session]))
    expect(data.filter((it: { current: boolean }) => it.current).map((it: { id: string }) => it.id)).toEqual([
      olga.session,
    ])
    expect((await olga.call('DELETE', `/v1/sessions/${other.session}`)).json).toEqual({ ended: true })
    expect(told(await other.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    expect(told(await olga.call('DELETE', `/v1/sessions/${other.session}`))).toEqual([404, 'session_not_found'])
  })

  it('of somebody else is not hers to end', async () => {
    const clerk = await signInAs(server, 'clerk')
    expect(told(await clerk.call('DELETE', `/v1/sessions/${olga.session}`))).toEqual([404, 'session_not_found'])
    expect((await olga.call('GET', '/v1/session')).status).toBe(200)
  })

  it('ends by signing out, a day after its last use, and a month after its start however much it is used', async () => {
    const one = browserOf(server, await signIn(server, 'olga@example.com'))
    const out = await one.call('DELETE', '/v1/session')
    expect([out.json.ended, out.headers.get('set-cookie')]).toEqual([true, expect.stringContaining('Max-Age=0')])
    expect(told(await one.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])

    const idle = browserOf(server, await signIn(server, 'olga@example.com'))
    const used = browserOf(server, await signIn(server, 'olga@example.com'))
    const before = time.ahead
    try {
      const hours: number[] = []
      for (let hour = 20; hour <= 24 * 31; hour += 20) {
        time.ahead = before + hour * 60 * minute
        if ((await used.call('GET', '/v1/session')).status === 200) hours.push(hour)
      }
      // Not at 720, its thirty days.
      expect(hours.at(-1)).toBe(700)
      time.ahead = before + 25 * 60 * minute
      expect(told(await idle.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    } finally {
      time.ahead = before
    }
  })

  it('ends with every other one when the password changes, and the answer brings a new one', async () => {
    const one = await signInAs(server, 'support')
    const { email } = (await one.call('GET', '/v1/session')).json.member
    const two = browserOf(server, await signIn(server, email))
    const wrong = await one.call('PUT', '/v1/session/password', { current: 'not this one', password: 'a new kettle' })
    expect(told(wrong)).toEqual([409, 'password_wrong'])
    const weak = await one.call('PUT', '/v1/session/password', { current: password, password: 'aaaaaaaaaaaaaa' })
    expect(told(weak)).toEqual([422, 'password_too_weak'])
    const changed = await one.call('PUT', '/v1/session/password', {
      current: password,
      password: 'a new copper kettle',
    })
    expect(changed.status).toBe(200)
    expect(cookieOf(changed)).not.toBe(one.cookie)
    for (const old of [one, two]) expect(told(await old.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    const cookie = cookieOf(changed)
    expect((await visit(server, 'GET', '/v1/session', undefined, { cookie })).status).toBe(200)
    expect(told(await signIn(server, email))).toEqual([401, 'sign_in_failed'])
    expect((await signIn(server, email, 'a new copper kettle')).status).toBe(201)
  })

  it('ends when she is taken out of the team, or signed out by an admin', async () => {
    const one = await signInAs(server, 'analyst')
    expect((await olga.call('DELETE', `/v1/team/${one.member}/sessions`)).status).toBe(200)
    expect(told(await one.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    const two = await signInAs(server, 'analyst')
    const { email } = (await two.call('GET', '/v1/session')).json.member
    expect((await olga.call('DELETE', `/v1/team/${two.member}`)).status).toBe(200)
    expect(told(await two.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    expect(told(await signIn(server, email))).toEqual([401, 'sign_in_failed'])
    expect(told(await olga.call('DELETE', `/v1/team/${two.member}`))).toEqual([404, 'team_member_not_found'])
  })
})

describe('a role', () => {
  it('binds from the next call on', async () => {
    const one = await signInAs(server, 'marketer')
    expect((await one.call('POST', '/v1/campaigns', { name: 'Spring' })).status).toBe(201)
    await olga.call('PATCH', `/v1/team/${one.member}`, { role: 'analyst' })
    const refused = await one.call('POST', '/v1/campaigns', { name: 'Summer' })
    expect([...told(refused), refused.json.details]).toEqual([
      403,
      'role_forbidden',
      { role: 'analyst', allowed: 'admin or marketer' },
    ])
  })

  it('is held in a workspace, and in no other', async () => {
    for (const id of ['north', 'south']) await olga.call('POST', '/v1/workspaces', { id, name: id })
    const one = await signInAs(server, 'admin', 'north')
    const session = await one.call('GET', '/v1/session')
    expect(session.json).toMatchObject({ workspace: { id: 'north' }, workspaces: [{ id: 'north', role: 'admin' }] })
    for (const workspace of ['south', 'default', 'nowhere'])
      expect(told(await one.call('GET', '/v1/offers', undefined, { 'tessera-workspace': workspace }))).toEqual([
        404,
        'workspace_not_found',
      ])
    const body = { email: session.json.member.email, name: 'X', role: 'clerk' }
    const added = await olga.call('POST', '/v1/team', body, { 'tessera-workspace': 'south' })
    expect(added.json).toMatchObject({ id: one.member, role: 'clerk', state: 'active', invitation: null })
    const inSouth = (method: string, path: string, sent?: object) =>
      one.call(method, path, sent, { 'tessera-workspace': 'south' })
    expect((await inSouth('GET', '/v1/session')).json).toMatchObject({
      role: 'clerk',
      workspaces: [
        { id: 'north', role: 'admin' },
        { id: 'south', role: 'clerk' },
      ],
    })
    expect(told(await inSouth('POST', '/v1/campaigns', { name: 'X' }))).toEqual([403, 'role_forbidden'])
    for (const [method, path, sent] of [
      ['POST', '/v1/workspaces', { id: 'mine', name: 'Mine' }],
      ['GET', '/v1/workspaces'],
      ['GET', '/v1/dump'],
    ] as const)
      expect(told(await one.call(method, path, sent))).toEqual([403, 'role_forbidden'])
  })

  it('of an admin of one workspace is no way into the account of who works in another too', async () => {
    const her = await signInAs(server, 'admin', 'north')
    const { email } = (await her.call('GET', '/v1/session')).json.member
    const attacker = await signInAs(server, 'admin', 'south')
    const added = await attacker.call('POST', '/v1/team', { email, name: 'Mine now', role: 'clerk' })
    expect(added.json).toMatchObject({ name: 'A admin', invitation: null })
    const path = `/v1/team/${her.member}`
    for (const [method, at, body] of [
      ['POST', `${path}/invitation`],
      ['DELETE', `${path}/sessions`],
      ['PATCH', path, { name: 'Mine now' }],
    ] as const)
      expect(told(await attacker.call(method, at, body))).toEqual([409, 'team_member_elsewhere'])
    expect(told(await attacker.call('PATCH', path, { operator: true }))).toEqual([403, 'forbidden'])
    expect((await attacker.call('DELETE', path)).status).toBe(200)
    expect((await signIn(server, email)).status).toBe(201)
    // An operator is the installation's, whatever workspace she has a role in.
    for (const [method, at] of [
      ['POST', `/v1/team/${olga.member}/invitation`],
      ['DELETE', `/v1/team/${olga.member}`],
    ] as const) {
      const admin = await signInAs(server, 'admin')
      expect(told(await admin.call(method, at))).toEqual([409, 'team_member_elsewhere'])
    }
  })

  it('of the last admin stays', async () => {
    await olga.call('POST', '/v1/workspaces', { id: 'west', name: 'west' })
    const one = await signInAs(server, 'admin', 'west')
    const path = `/v1/team/${one.member}`
    expect(told(await one.call('PATCH', path, { role: 'clerk' }))).toEqual([409, 'last_admin'])
    expect(told(await one.call('DELETE', path))).toEqual([409, 'last_admin'])
    const two = await signInAs(server, 'admin', 'west')
    const both = await Promise.all([one.call('DELETE', `/v1/team/${two.member}`), two.call('DELETE', path)])
    expect(both.filter(it => it.status === 200)).toHaveLength(1)
  })

  it('is told in words, with its calls', async () => {
    const { data } = (await (await signInAs(server, 'clerk')).call('GET', '/v1/roles')).json
    expect(data.map((it: { role: string }) => it.role)).toEqual([
      'admin',
      'marketer',
      'analyst',
      'clerk',
      'finance',
      'support',
    ])
    const names = (role: string, what: string) =>
      data
        .find((it: { role: string }) => it.role === role)
        [what].flatMap((it: { calls: { name: string }[] }) => it.calls.map(call => call.name))
    expect(names('marketer', 'changes')).toContain('createOffer')
    expect(names('clerk', 'changes')).not.toContain('createOffer')
    expect(names('clerk', 'reads')).toContain('listOffers')
    expect(names('admin', 'changes')).not.toContain('createWorkspace')
  })

  it('lets nobody be found who is not there', async () => {
    const path = `/v1/team/${nowhere('tm')}`
    for (const [method, at, body] of [
      ['PATCH', path, { role: 'clerk' }],
      ['DELETE', path],
      ['POST', `${path}/invitation`],
      ['DELETE', `${path}/sessions`],
    ] as const)
      expect(told(await olga.call(method, at, body))).toEqual([404, 'team_member_not_found'])
  })
})

describe('another process on the same store', () => {
  it('refuses a session that ended here, and follows a role, after five seconds at the latest', async () => {
    let ahead = 0
    const clock = () => Date.now() + ahead
    const here = await serve('postgres', { clock })
    const there = await serve('postgres', { clock, databaseUrl: here.databaseUrl! })
    const [admin, clerk] = [await signInFirst(here), await signInAs(here, 'clerk')]
    const elsewhere = (path: string, { cookie }: Browser) => visit(there, 'GET', path, undefined, { cookie })
    for (const one of [admin, clerk]) expect((await elsewhere('/v1/session', one)).status).toBe(200)
    await admin.call('PATCH', `/v1/team/${clerk.member}`, { role: 'marketer' })
    const other = await signInAs(here, 'analyst')
    expect((await elsewhere('/v1/session', other)).status).toBe(200)
    await other.call('DELETE', '/v1/session')
    ahead += 5000
    expect((await elsewhere('/v1/session', clerk)).json.role).toBe('marketer')
    expect(told(await elsewhere('/v1/session', other))).toEqual([401, 'unauthorized'])
  })
})
