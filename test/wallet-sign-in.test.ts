import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../src/contract/index.ts'
import { type Answer, latte, makeOffer, serve, type TestServer } from './server.ts'
import { signInAs, visit } from './sign-in.ts'
import { askForCode, codeOf, signInCustomer, type Wallet } from './sign-in-customer.ts'

/** Customers who sign in to their wallets, and what nobody else may do with that. */

let server: TestServer
let ana: Wallet
const logged: string[] = []
const time = { ahead: 0 }
const minute = 60_000
const told = ({ status, json }: Answer) => [status, json?.code]
const enter = (address: string, code: string, headers: Record<string, string> = {}) =>
  visit(server, 'POST', '/v1/wallet/session', { address, code }, headers)
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

beforeAll(async () => {
  server = await serve('pglite', {
    clock: () => Date.now() + time.ahead,
    logger: pino({ level: 'trace' }, { write: line => void logged.push(line) }),
  })
  await server.call('PUT', '/v1/programmes/club', { name: 'Club', transfers: { between: 'anyone', waitingDays: 0 } })
  await server.call('PUT', '/v1/programmes/club/members/email:ana@example.com', { source: 'till' })
  await server.call('POST', '/v1/people/links', { a: 'email:ana@example.com', b: 'loyaltyCard:4711' })
  ana = await signInCustomer(server, 'Ana@example.com')
})

describe('a customer', () => {
  it('signs in by the code of the message, and is who the shop knows', async () => {
    const { json: known } = await server.call('GET', '/v1/people/loyaltyCard:4711')
    expect([ana.person, ana.isNew]).toEqual([known.id, false])
    expect((await ana.call('GET', '/v1/wallet/session')).json).toMatchObject({
      id: ana.session,
      person: ana.person,
      address: 'email:ana@example.com',
      workspace: { id: 'default' },
    })
  })

  it('who is new becomes somebody by signing in, also by phone', async () => {
    const phone = '+393331234567'
    expect((await server.call('GET', `/v1/people/phone:${phone}`)).status).toBe(404)
    const nina = await signInCustomer(server, phone)
    expect(nina.isNew).toBe(true)
    expect((await nina.call('GET', `/v1/people/${nina.person}`)).json.identifiers).toMatchObject([
      { type: 'phone', value: phone },
    ])
    expect((await signInCustomer(server, phone)).isNew).toBe(false)
  })

  it('reads, joins, claims, gives and says what she wants, about herself', async () => {
    const cookie = await makeOffer(server, { name: 'A cookie', trigger: { on: 'grant' } })
    const { offer } = await makeOffer(server, {
      name: 'A cookie on us',
      trigger: { on: 'request', moments: ['wallet'] },
      limits: { perPerson: 1 },
      benefit: { kind: 'giveOffer', offer: cookie.offer },
    })
    const mia = await signInCustomer(server, 'mia@example.com')
    const joined = await mia.call('PUT', `/v1/programmes/club/members/${mia.person}`, {})
    expect([200, 201]).toContain(joined.status)
    const credit = { person: ana.person, programme: 'club', amount: 100, reason: 'migration' }
    await server.call('POST', '/v1/adjustments', credit)
    const gift = { from: ana.person, to: 'email:mia@example.com', programme: 'club', points: 40 }
    expect((await ana.call('POST', '/v1/transfers?dryRun=true', gift)).json).toMatchObject({ points: 40, id: null })
    expect((await ana.call('POST', '/v1/transfers', gift)).status).toBe(201)
    expect((await mia.call('GET', `/v1/people/${mia.person}/wallet`)).json.programmes).toMatchObject([{ balance: 40 }])
    const claimed = await mia.call('POST', '/v1/decisions', { channel: 'app', moment: 'wallet', claim: [offer] })
    expect(claimed.json).toMatchObject({ person: mia.person, claimed: [{ offer }] })
    expect((await mia.call('GET', `/v1/people/${mia.person}/wallet`)).json.grants).toMatchObject([{ name: 'A cookie' }])
    const consents = [{ channel: 'email', purpose: 'marketing', state: 'given' }]
    expect((await mia.call('PUT', `/v1/people/${mia.person}/consents`, { consents })).status).toBe(200)
    const device = { device: 'MCowBQYDK2VwAyEAdGVzc2VyYS1leGFtcGxlLWtleSE' }
    expect((await mia.call('POST', '/v1/wallet/devices', device)).status).toBe(201)
    const basket = { channel: 'app', state: 'open', lines: [latte] }
    const tried = await mia.call('PUT', '/v1/orders/mia-basket?dryRun=true', basket)
    expect(tried.json.person).toBe(mia.person)
    await mia.call('POST', '/v1/track', { anonymousId: 'phone-of-mia', event: 'Wallet Opened' })
    expect((await server.call('GET', '/v1/people/anonymousId:phone-of-mia')).json.id).toBe(mia.person)
  })

  it('sees where she is signed in, and signs a lost phone out', async () => {
    const lost = await signInCustomer(server, 'lia@example.com')
    const here = await signInCustomer(server, 'lia@example.com')
    const devices = async () =>
      (await here.call('GET', '/v1/wallet/sessions')).json.data.map((it: { id: string; current: boolean }) => [
        it.id,
        it.current,
      ])
    expect(await devices()).toEqual([
      [here.session, true],
      [lost.session, false],
    ])
    expect(told(await ana.call('DELETE', `/v1/wallet/sessions/${lost.session}`))).toEqual([
      404,
      'wallet_session_not_found',
    ])
    expect((await here.call('DELETE', `/v1/wallet/sessions/${lost.session}`)).json).toEqual({ ended: true })
    expect(told(await lost.call('GET', '/v1/wallet/session'))).toEqual([401, 'unauthorized'])
    expect((await here.call('DELETE', '/v1/wallet/session')).json).toEqual({ ended: true })
    expect(told(await here.call('GET', `/v1/people/${here.person}`))).toEqual([401, 'unauthorized'])
  })

  it('is seen by no other customer, whatever that one asks', async () => {
    const eve = await signInCustomer(server, 'eve@example.com')
    const names = [ana.person, 'email:ana@example.com', 'loyaltyCard:4711']
    const asks = names.flatMap((ref): [string, string, unknown?][] => [
      ['GET', `/v1/people/${ref}`],
      ['GET', `/v1/people/${ref}/wallet`],
      ['GET', `/v1/people/${ref}/wallet/lots?programme=club`],
      ['GET', `/v1/people/${ref}/consents`],
      ['GET', `/v1/people/${ref}/export`],
      ['PUT', `/v1/people/${ref}/consents`, { consents: [{ channel: 'email', purpose: 'marketing', state: 'given' }] }],
      ['PUT', `/v1/programmes/club/members/${ref}`, {}],
      ['DELETE', `/v1/programmes/club/members/${ref}`],
      ['POST', '/v1/transfers', { from: ref, to: 'email:eve@example.com', programme: 'club', points: 1 }],
      ['POST', '/v1/wallet/devices', { device: 'MCowBQYDK2VwAyEAdGVzc2VyYS1leGFtcGxlLWtleSE', person: ref }],
    ])
    const answers = []
    for (const [method, path, body] of asks) answers.push([method, path, ...told(await eve.call(method, path, body))])
    expect(answers).toEqual(asks.map(([method, path]) => [method, path, 403, 'forbidden']))
    // A basket and a moment are tried for who is signed in, whoever it names.
    const basket = { person: ana.person, channel: 'app', state: 'open', lines: [latte] }
    expect((await eve.call('PUT', '/v1/orders/eves?dryRun=true', basket)).json.person).toBe(eve.person)
    const moment = { person: ana.person, channel: 'app', moment: 'wallet' }
    expect((await eve.call('POST', '/v1/decisions', moment)).json.person).toBe(eve.person)
  })

  it('makes no call that is the business’s', async () => {
    const closed = endpoints.filter(it => typeof it.scopes !== 'string' && !it.scopes.includes('publishable' as never))
    expect(closed.length).toBeGreaterThan(80)
    const outcomes = []
    for (const { name, method, path, example } of closed) {
      const params = Object.entries(('params' in example && example.params) || {})
      const at = params.reduce(
        (text, [key, value]) => text.replace(`{${key}}`, encodeURIComponent(String(value))),
        path as string,
      )
      const answer = await ana.call(method, at, method === 'GET' ? undefined : 'body' in example ? example.body : {})
      outcomes.push([name, ...told(answer)])
    }
    expect(outcomes).toEqual(closed.map(({ name }) => [name, 403, 'forbidden']))
  })
})

describe('whoever guesses', () => {
  it('learns nothing of who is a customer', async () => {
    const [known, unknown] = [await askForCode(server, 'ana@example.com'), await askForCode(server, 'zoe@example.com')]
    expect([known.status, Object.keys(known.json)]).toEqual([unknown.status, Object.keys(unknown.json)])
    const [hers, nobodys] = [await enter('ana@example.com', '000000'), await enter('yan@example.com', '000000')]
    expect(told(hers)).toEqual([401, 'wallet_code_wrong'])
    expect({ ...hers.json, requestId: '' }).toEqual({ ...nobodys.json, requestId: '' })
  })

  it('has five tries of a code, and none after it was used or ended', async () => {
    const address = 'tries@example.com'
    await askForCode(server, address)
    const code = await codeOf(server, address)
    for (let tries = 0; tries < 5; tries += 1)
      expect(told(await enter(address, another(code)))).toEqual([401, 'wallet_code_wrong'])
    expect(told(await enter(address, code))).toEqual([401, 'wallet_code_wrong'])

    await askForCode(server, 'used@example.com')
    const used = await codeOf(server, 'used@example.com')
    expect((await enter('used@example.com', used)).status).toBe(201)
    expect(told(await enter('used@example.com', used))).toEqual([401, 'wallet_code_wrong'])

    await askForCode(server, 'late@example.com')
    const late = await codeOf(server, 'late@example.com')
    time.ahead += 10 * minute
    expect(told(await enter('late@example.com', late))).toEqual([401, 'wallet_code_wrong'])
  })

  it('takes no code of another address, another purpose or another business', async () => {
    await server.call('POST', '/v1/workspaces', { id: 'other', name: 'Other' })
    await askForCode(server, 'purpose@example.com', { purpose: 'erase' })
    const toErase = await codeOf(server, 'purpose@example.com')
    expect(told(await enter('purpose@example.com', toErase))).toEqual([401, 'wallet_code_wrong'])
    await askForCode(server, 'mine@example.com')
    const mine = await codeOf(server, 'mine@example.com')
    expect(told(await enter('hers@example.com', mine))).toEqual([401, 'wallet_code_wrong'])
    const there = { address: 'mine@example.com', code: mine, workspace: 'other' }
    expect(told(await visit(server, 'POST', '/v1/wallet/session', there))).toEqual([401, 'wallet_code_wrong'])
    expect((await enter('mine@example.com', mine)).status).toBe(201)
  })

  it('is slowed down, by the address and by where she is', async () => {
    time.ahead += 60 * minute
    const asked = []
    for (let time = 0; time < 4; time += 1) asked.push((await askForCode(server, 'mails@example.com')).status)
    expect(asked).toEqual([202, 202, 202, 429])
    const tried = []
    for (let time = 0; time < 11; time += 1) tried.push((await enter('guessed@example.com', '123456')).status)
    expect(tried).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    time.ahead += 60 * minute
  })

  it('sends two at once with the right code and is let in once', async () => {
    await askForCode(server, 'twice@example.com')
    const code = await codeOf(server, 'twice@example.com')
    const answers = await Promise.all([enter('twice@example.com', code), enter('twice@example.com', code)])
    expect(answers.map(it => it.status).sort()).toEqual([201, 401])
  })
})

describe('the cookie of a wallet', () => {
  it('is read by no script, goes to no other site, and is not the customer’s own choice', async () => {
    await askForCode(server, 'cookie@example.com')
    const planted = `tessera_wallet=tws_${'a'.repeat(43)}`
    const answer = await enter('cookie@example.com', await codeOf(server, 'cookie@example.com'), { cookie: planted })
    const cookie = answer.headers.get('set-cookie')!
    expect(cookie).toMatch(/^tessera_wallet=tws_[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
    expect(cookie.split(';')[0]).not.toBe(planted)
  })

  it.each<[string, Record<string, string>]>([
    ['of another origin', { origin: 'https://evil.example' }],
    ['that hides where it is from', { origin: 'null' }],
    ['of the same site, as the browser says', { 'sec-fetch-site': 'same-site' }],
    ['of another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ])('serves no page %s', async (_, headers) => {
    const consents = [{ channel: 'email', purpose: 'marketing', state: 'given' }]
    const path = `/v1/people/${ana.person}/consents`
    expect(told(await ana.call('PUT', path, { consents }, headers))).toEqual([403, 'cross_site'])
    const body = { address: 'ana@example.com', code: '123456' }
    expect(told(await visit(server, 'POST', '/v1/wallet/session', body, headers))).toEqual([403, 'cross_site'])
  })

  it('stands for nobody in the console, and a team member’s session for nobody in the wallet', async () => {
    const { cookie } = await signInAs(server, 'admin')
    const both = `${ana.cookie}; ${cookie}`
    const ask = (path: string, headers: Record<string, string> = {}) =>
      visit(server, 'GET', path, undefined, { cookie: both, ...headers })
    expect((await ask('/v1/session')).json.role).toBe('admin')
    expect((await ask('/v1/campaigns')).status).toBe(200)
    expect(told(await ask('/v1/campaigns', { 'tessera-face': 'wallet' }))).toEqual([403, 'forbidden'])
    expect((await ask('/v1/wallet/session')).json.person).toBe(ana.person)
    const wallet = { cookie: ana.cookie }
    expect(told(await visit(server, 'GET', '/v1/session', undefined, wallet))).toEqual([401, 'unauthorized'])
    expect(told(await visit(server, 'GET', '/v1/wallet/session', undefined, { cookie }))).toEqual([401, 'unauthorized'])
    expect(told(await server.call('GET', '/v1/wallet/session'))).toEqual([403, 'forbidden'])
  })
})

describe('the outbox', () => {
  it('is for admins, and is empty of whoever was erased', async () => {
    const paula = await signInCustomer(server, 'paula@example.com')
    const { call } = await signInAs(server, 'support')
    expect(told(await call('GET', '/v1/outbox'))).toEqual([403, 'role_forbidden'])
    await server.call('POST', '/v1/people/email:paula@example.com/erase', { reason: 'requested' })
    expect((await server.call('GET', '/v1/outbox?to=paula@example.com')).json.data).toEqual([])
    expect((await server.call('GET', '/v1/outbox')).text).not.toContain('paula')
    time.ahead += 6000
    expect(told(await paula.call('GET', '/v1/wallet/session'))).toEqual([401, 'unauthorized'])
  })

  it('speaks the language that was asked for', async () => {
    await askForCode(server, 'giulia@example.com', { language: 'it' })
    const { json } = await server.call('GET', '/v1/outbox?to=giulia@example.com')
    expect(json.data).toMatchObject([
      { channel: 'email', purpose: 'signIn', text: expect.stringMatching(/^\d{6} è il tuo codice/) },
    ])
  })

  it('and every log are all that ever saw a code or an address', async () => {
    expect(logged.length).toBeGreaterThan(10)
    expect(logged.filter(line => /@example\.com|tws_|code.?:.?"\d{6}/.test(line))).toEqual([])
    const { text } = await server.call('GET', '/v1/requests?limit=1000')
    expect(text).not.toMatch(/@example\.com/)
  })
})

describe('the settings of a wallet', () => {
  it('say before anybody is signed in what there is to join', async () => {
    await server.call('PATCH', '/v1/workspaces/default', { name: 'Acme Coffee', colours: { accent: '#8a4b2a' } })
    const { json } = await visit(server, 'GET', '/v1/wallet/settings')
    expect(json).toMatchObject({
      workspace: { id: 'default', name: 'Acme Coffee', currency: 'EUR' },
      colours: { accent: '#8a4b2a' },
      programmes: [{ id: 'club', name: 'Club', terms: null }],
    })
    expect(told(await visit(server, 'GET', '/v1/wallet/settings?workspace=nowhere'))).toEqual([
      404,
      'workspace_not_found',
    ])
  })
})
