import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../src/contract/index.ts'
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

/** What somebody else's page, somebody who guesses, and somebody who shares a browser may not do with a team member's session. */

let server: TestServer
let ana: Browser
const logged: string[] = []
const time = { ahead: 0 }
const minute = 60_000
const told = ({ status, json }: Answer) => [status, json.code]

beforeAll(async () => {
  server = await serve('pglite', {
    clock: () => Date.now() + time.ahead,
    logger: pino({ level: 'trace' }, { write: line => void logged.push(line) }),
  })
  await signInFirst(server)
  ana = await signInAs(server, 'admin')
})

const campaigns = async (): Promise<number> => (await ana.call('GET', '/v1/campaigns')).json.data.length

describe('a page of another site, in a browser where she is signed in', () => {
  const spring = { name: 'Spring' }
  const form = 'name=Spring'
  const from = (headers: Record<string, string>) => ({ cookie: ana.cookie, ...headers })
  it.each<[string, unknown, () => Record<string, string>]>([
    [
      'by a form',
      form,
      () => ({ 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' }),
    ],
    [
      'by JSON said to be text',
      JSON.stringify(spring),
      () => ({ 'content-type': 'text/plain', origin: 'https://evil.example' }),
    ],
    ['by JSON', spring, () => ({ origin: 'https://evil.example' })],
    ['without saying where from', spring, () => ({})],
    ['from a frame that hides where from', spring, () => ({ origin: 'null' })],
    ['from a neighbour’s subdomain', spring, () => ({ origin: server.url.replace('127.0.0.1', 'evil.127.0.0.1') })],
    ['from another port', spring, () => ({ origin: 'http://127.0.0.1:1' })],
    ['from the same host without TLS', spring, () => ({ origin: server.url, 'x-forwarded-proto': 'https' })],
    ['from the same site, as the browser says', spring, () => ({ 'sec-fetch-site': 'same-site', origin: server.url })],
    ['from another site, as the browser says', spring, () => ({ 'sec-fetch-site': 'cross-site', origin: server.url })],
    ['by an address that somebody typed', spring, () => ({ 'sec-fetch-site': 'none' })],
  ])('changes nothing %s', async (name, body, headers) => {
    const before = await campaigns()
    const sent = headers()
    // Over TLS the cookie has another name.
    const cookie = name.includes('TLS') ? `__Host-${ana.cookie}` : ana.cookie
    expect(told(await visit(server, 'POST', '/v1/campaigns', body, { ...from(sent), cookie }))).toEqual([
      403,
      'cross_site',
    ])
    expect(await campaigns()).toBe(before)
  })

  it('sends no event in her name, beside those of a shop’s own key', async () => {
    const event = { type: 'track', userId: 'u1', event: 'Seen' }
    const beacon = { cookie: ana.cookie, 'content-type': 'text/plain', origin: 'https://shop.example' }
    expect(told(await visit(server, 'POST', '/v1/track', JSON.stringify(event), beacon))).toEqual([403, 'cross_site'])
    const { key } = (await ana.call('POST', '/v1/keys', { name: 'Shop', scope: 'publishable' })).json
    const own = await visit(server, 'POST', '/v1/track', JSON.stringify({ ...event, writeKey: key }), beacon)
    expect(own.status).toBe(200)
  })

  it('signs nobody in or out', async () => {
    const other = { email: 'olga@example.com', password }
    const origin = 'https://evil.example'
    const pages: Record<string, string>[] = [
      { origin },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of pages) {
      const answer = await visit(server, 'POST', '/v1/session', other, headers)
      expect([...told(answer), answer.headers.get('set-cookie')]).toEqual([403, 'cross_site', null])
      const out = await visit(server, 'DELETE', '/v1/session', undefined, { cookie: ana.cookie, ...headers })
      expect(told(out)).toEqual([403, 'cross_site'])
    }
    expect((await ana.call('GET', '/v1/session')).status).toBe(200)
  })

  it('is never told by CORS that it may read what a cookie gets', async () => {
    const paths = [...new Set(endpoints.map(it => it.path.replaceAll(/\{\w+\}/g, 'x')))]
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const allowed: string[] = []
    for (const path of paths) {
      const { headers: answered } = await visit(server, 'OPTIONS', path, undefined, headers)
      if (answered.has('access-control-allow-credentials')) allowed.push(path)
      const origin = answered.get('access-control-allow-origin')
      if (origin !== null && origin !== '*') allowed.push(path)
    }
    expect(paths.length).toBeGreaterThan(60)
    expect(allowed).toEqual([])
    const read = await visit(server, 'GET', '/v1/session', undefined, {
      cookie: ana.cookie,
      origin: 'https://evil.example',
    })
    expect([...read.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
  })
})

describe('a call by a key', () => {
  it('comes from wherever it comes', async () => {
    const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' }
    expect((await server.call('POST', '/v1/campaigns', { name: 'x' }, { headers })).status).toBe(201)
  })

  it('that is wrong is not helped by a session', async () => {
    const headers = { cookie: ana.cookie, origin: server.url }
    const wrong = await server.call('GET', '/v1/campaigns', undefined, { key: `ts_s_${'x'.repeat(32)}`, headers })
    expect(told(wrong)).toEqual([401, 'unauthorized'])
  })

  it('is no session: it has no account to look at', async () => {
    const { json } = await server.call('POST', '/v1/keys', { name: 'Server', scope: 'secret' })
    for (const key of [json.key, server.adminKey])
      expect(told(await server.call('GET', '/v1/sessions', undefined, { key }))).toEqual([403, 'forbidden'])
    expect(
      told(await server.call('POST', '/v1/team', { email: 'x@example.com', name: 'X', role: 'admin' }, json)),
    ).toEqual([403, 'forbidden'])
  })
})

describe('somebody who puts a session of her own into another’s browser', () => {
  it('does not find it signed in afterwards', async () => {
    const planted = browserOf(server, await signIn(server, 'olga@example.com'))
    const body = { email: (await ana.call('GET', '/v1/session')).json.member.email, password }
    const answer = await visit(server, 'POST', '/v1/session', body, { cookie: planted.cookie, origin: server.url })
    expect(cookieOf(answer)).not.toBe(planted.cookie)
    expect(told(await planted.call('GET', '/v1/session'))).toEqual([401, 'unauthorized'])
    const made = `tessera_session=tss_${'m'.repeat(43)}`
    const chosen = await visit(server, 'POST', '/v1/session', body, { cookie: made, origin: server.url })
    expect(cookieOf(chosen)).not.toBe(made)
    expect((await visit(server, 'GET', '/v1/session', undefined, { cookie: made })).status).toBe(401)
  })

  it('has it taken for none where two came', async () => {
    const two = `${ana.cookie}; tessera_session=tss_${'m'.repeat(43)}`
    expect((await visit(server, 'GET', '/v1/session', undefined, { cookie: two })).status).toBe(401)
    // Over TLS only a cookie counts that no other host can set.
    const secure = { cookie: ana.cookie, 'x-forwarded-proto': 'https' }
    expect((await visit(server, 'GET', '/v1/session', undefined, secure)).status).toBe(401)
  })
})

describe('somebody who guesses', () => {
  it('is told the same of an address that is nobody’s, and gets five tries, also at once', async () => {
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, n) => signIn(server, 'olga@example.com', `guess number ${n}`)),
    )
    expect(tries.map(it => it.status).toSorted()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)])
    const slow = tries.find(it => it.status === 429)!
    expect(Number(slow.headers.get('retry-after'))).toBeGreaterThan(30)
    expect(slow.json.detail).toMatch(/try again in \d+ seconds/)
    // Not the right password either, or it would be told apart.
    expect(told(await signIn(server, 'olga@example.com'))).toEqual([429, 'too_many_attempts'])
    const strangers = await Promise.all(Array.from({ length: 6 }, () => signIn(server, 'nobody@example.com')))
    expect(strangers.map(it => it.status).toSorted()).toEqual([401, 401, 401, 401, 401, 429])
    const [known, unknown] = [tries, strangers].map(all => all.find(it => it.status === 401)!.json)
    expect({ ...known, requestId: '' }).toEqual({ ...unknown, requestId: '' })
    time.ahead += 2 * minute
    expect((await signIn(server, 'olga@example.com')).status).toBe(201)
  })

  it('is slowed by address over many accounts, and a session that is good goes on', async () => {
    const many = await Promise.all(Array.from({ length: 40 }, (_, n) => signIn(server, `somebody-${n}@example.com`)))
    expect(many.filter(it => it.status === 429).length).toBeGreaterThan(5)
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        visit(server, 'GET', '/v1/session', undefined, {
          cookie: `tessera_session=tss_${String(n).padStart(43, 'x')}`,
        }),
      ),
    )
    expect(tokens.filter(it => it.status === 429).length).toBeGreaterThan(10)
    expect((await ana.call('GET', '/v1/session')).status).toBe(200)
    time.ahead += 20 * minute
  })

  it('finds no password, no token and no address in the log, and no token in the store', async () => {
    const { json } = await ana.call('POST', '/v1/team', { email: 'quiet@example.com', name: 'Quiet', role: 'clerk' })
    const quiet = browserOf(
      server,
      await visit(server, 'POST', '/v1/session', {
        signInToken: tokenOf(json.invitation.link),
        password: 'a very quiet kettle',
      }),
    )
    await signIn(server, 'quiet@example.com', 'a very loud kettle')
    const authorization = `Bearer ${server.adminKey}`
    const dump = await (await fetch(`${server.url}/v1/dump`, { headers: { authorization } })).text()
    expect(dump).toContain('quiet@example.com')
    const secrets = [
      'a very quiet kettle',
      'a very loud kettle',
      tokenOf(json.invitation.link),
      quiet.cookie.split('=')[1]!,
    ]
    for (const secret of secrets)
      expect([secret, dump.includes(secret), logged.join('').includes(secret)]).toEqual([secret, false, false])
    expect(logged.length).toBeGreaterThan(50)
    expect(logged.join('')).not.toContain('quiet@example.com')
  })
})
