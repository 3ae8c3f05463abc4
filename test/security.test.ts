import { statSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { pathParams } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { adminKeyOf } from '../src/server/admin-key.ts'
import { type Answer, latte, makeOffer, serve, type TestServer } from './server.ts'
import { freshFolder } from './stores.ts'

/** What a stranger, a browser and a till may not do, tried over HTTP against a whole server. */

let server: TestServer
const logged: string[] = []
let browser: string
let till: string
let shop: string

const makeKey = async (input: Record<string, unknown>): Promise<string> =>
  (await server.call('POST', '/v1/keys', { name: 'a key', channel: 'web', ...input })).json.key

beforeAll(async () => {
  server = await serve('pglite', {
    logger: pino({ level: 'trace' }, { write: line => void logged.push(line) }),
  })
  browser = await makeKey({ scope: 'publishable' })
  till = await makeKey({ scope: 'till', location: 'store-12', channel: 'store' })
  shop = await makeKey({ scope: 'secret' })
})

const order = (more: Record<string, unknown> = {}) => ({ channel: 'web', state: 'open', lines: [latte], ...more })
const put = (id: string, body: Record<string, unknown>, key: string, headers: Record<string, string> = {}) =>
  server.call('PUT', `/v1/orders/${id}`, body, { key, headers })
/** A browser may only try. */
const tryOut = (id: string, body: Record<string, unknown>, key = browser) =>
  server.call('PUT', `/v1/orders/${id}?dryRun=true`, body, { key })
const told = ({ status, json }: Answer) => [status, json.code]

describe('who guesses codes', () => {
  it('gets no further by putting fifty into each order', async () => {
    const guesser = await makeKey({ scope: 'publishable' })
    const attempts: Answer[] = []
    for (let round = 0; round < 3; round++) {
      const codes = Array.from({ length: 50 }, (_, index) => `GUESS-${round}-${index}`)
      attempts.push(await tryOut('guess', order({ codes, person: `anonymousId:guesser-${round}` }), guesser))
    }
    expect(attempts.map(({ status }) => status)).toEqual([200, 429, 429])
    expect(attempts[2]!.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  })

  it('gets no further by writing the same person in other ways', async () => {
    const codes = (round: number) => Array.from({ length: 20 }, (_, index) => `SPELT-${round}-${index}`)
    const first = await put('spelt-1', order({ codes: codes(1), person: 'email:Mia@example.com' }), shop)
    const second = await put('spelt-2', order({ codes: codes(2), person: 'email:mia@EXAMPLE.com' }), shop)
    expect([first.status, second.status]).toEqual([200, 429])
  })
})

describe('a browser’s key', () => {
  it('cannot take the id of an order that the shop is about to open', async () => {
    const event = { anonymousId: 'a1', event: 'Order Completed', properties: { order_id: 'web-77', total: 1 } }
    expect((await server.call('POST', '/v1/track', event, { key: browser })).status).toBe(200)
    expect((await put('web-77', order(), shop)).status).toBe(200)
  })

  it('cannot make anybody a good customer by saying so', async () => {
    await server.call('POST', '/v1/identify', { userId: 'ana', traits: { plan: 'basic' } }, { key: shop })
    await server.call('POST', '/v1/identify', { userId: 'ana', traits: { plan: 'gold' } }, { key: browser })
    const properties = { order_id: 'claimed-1', currency: 'EUR', total: 9999 }
    await server.call('POST', '/v1/track', { userId: 'ana', event: 'Order Completed', properties }, { key: browser })
    const ana = await server.call('GET', '/v1/people/userId:ana')
    expect(ana.json).toMatchObject({ orders: 0, spend: {}, traits: { plan: 'basic' } })
  })

  it('learns nothing of an order that is another’s', async () => {
    const { offer } = await makeOffer(server, { limits: { uses: 5 } })
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['HERS'] })
    const basket = order({ codes: ['HERS'] })
    const held = await put('ben-1', { ...basket, person: 'userId:ben', hold: { seconds: 600 } }, shop)
    expect(held.json.applied).toHaveLength(1)
    for (const asked of [basket, { ...basket, person: 'anonymousId:eve' }, { ...basket, state: 'placed' }]) {
      const answer = await tryOut('ben-1', asked)
      expect(told(answer)).toEqual([404, 'order_not_found'])
      expect(answer.text).not.toContain(held.json.person)
    }
  })

  it('is not answered what was answered to a server under the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'guessable-1' }
    const body = order({ person: 'anonymousId:cleo' })
    expect((await put('cleo-1', body, shop, headers)).status).toBe(200)
    const answer = await put('cleo-1', body, browser, headers)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toContain('per_')
  })

  it.each([
    ['by her identifier', () => 'email:ben-parted@example.com'],
    ['by the person they were together', (together: string) => together],
  ])('with a token made %s speaks for one of two who were taken for one, and not for the other', async (_, named) => {
    const [ana, ben] = ['email:ana-parted@example.com', 'email:ben-parted@example.com']
    const linked = await server.call('POST', '/v1/people/links', { a: ana, b: ben })
    const together = linked.json.person as string
    const ref = named(together)
    const { token } = (await server.call('POST', '/v1/person-tokens', { person: ref })).json
    const parted = { person: together, groups: [[ana], [ben]], reason: 'two people' }
    const { json: split } = await server.call('POST', '/v1/people/split', parted)
    const [own, other] = ref === ben ? [ben, ana] : [ana, ben]
    const get = (path: string) =>
      server.call('GET', `/v1/people/${path}`, undefined, { key: browser, headers: { 'tessera-person-token': token } })
    for (const path of ['', '/wallet', '/consents']) {
      expect([path, (await get(own + path)).status]).toEqual([path, 200])
      expect([path, ...told(await get(other + path))]).toEqual([path, 403, 'forbidden'])
    }
    const says = { consents: [{ channel: 'email', purpose: 'marketing', state: 'given' }] }
    const headers = { 'tessera-person-token': token }
    const put = (who: string) => server.call('PUT', `/v1/people/${who}/consents`, says, { key: browser, headers })
    expect(told(await put(other))).toEqual([403, 'forbidden'])
    const { json } = await server.call('PUT', '/v1/orders/parted?dryRun=true', order(), { key: browser, headers })
    expect(json.person).toBe((await server.call('GET', `/v1/people/${own}`)).json.id)
    await server.call('DELETE', `/v1/people/splits/${split.id}`)
  })
})

describe('a source’s key', () => {
  it('reads no tail and no health, not even its own, and renames or ends nobody', async () => {
    const made = await server.call('POST', '/v1/sources', { name: 'Web shop', kind: 'web' })
    const atTill = await server.call('POST', '/v1/sources', { name: 'Till', kind: 'till', location: 'store-12' })
    const path = `/v1/sources/${made.json.id}`
    for (const { key } of [made.json, atTill.json])
      for (const [method, at, body] of [
        ['GET', '/v1/sources'],
        ['GET', path],
        ['GET', `${path}/tail`],
        ['POST', `${path}/rotate`, {}],
        ['PATCH', path, { name: 'Mine' }],
        ['DELETE', path],
        ['POST', '/v1/sources', { name: 'More', kind: 'server' }],
      ] as const)
        expect(told(await server.call(method, at, body, { key }))).toEqual([403, 'forbidden'])
    expect((await server.call('GET', path)).json).toMatchObject({ name: 'Web shop', revokedAt: null })
  })

  it('hands on no personal value and no secret to whoever looks at the tail', async () => {
    const { id, key } = (await server.call('POST', '/v1/sources', { name: 'Talkative', kind: 'server' })).json
    const secrets = ['talkative@example.com', '+393337654321', 'tpt_secret']
    const [mail, phone, personToken] = secrets
    const context = { personToken, ip: '203.0.113.9', traits: { email: mail, phone } }
    const send = (path: string, body: unknown) => server.call('POST', path, body, { key })
    await send('/v1/track', { userId: mail, event: 'Seen', context, properties: { mail } })
    await send('/v1/page', { userId: mail, name: `Orders of ${mail}` })
    await send('/v1/track', { userId: 'u1', event: { [mail!]: 1 }, properties: { [mail!]: phone } })
    await send('/v1/track', `{"userId":"${mail}"`)
    await send('/v1/identify', { userId: '\u200b', traits: { email: mail } })
    const shown = await vi.waitFor(
      async () => {
        const tail = await server.call('GET', `/v1/sources/${id}/tail`)
        expect(tail.json.data.length).toBeGreaterThanOrEqual(4)
        return tail.text + (await server.call('GET', `/v1/sources/${id}`)).text
      },
      { timeout: 10_000 },
    )
    expect(shown).toContain('events_invalid')
    expect(shown).toContain('invalid_input')
    for (const secret of [...secrets, 'talkative', '203.0.113.9']) expect(shown).not.toContain(secret)
  })

  it('of a browser speaks with a token for its person only: not for whom another one names', async () => {
    const { key } = (await server.call('POST', '/v1/sources', { name: 'Web shop', kind: 'web' })).json
    for (const userId of ['mallory', 'alice']) await server.call('POST', '/v1/identify', { userId })
    const { token } = (await server.call('POST', '/v1/person-tokens', { person: 'userId:mallory' })).json
    const says = (body: object) =>
      server.call('POST', '/v1/identify', body, { key, headers: { 'tessera-person-token': token } })
    const person = async (ref: string) => (await server.call('GET', `/v1/people/${ref}`)).json
    expect((await says({ userId: 'alice', anonymousId: 'm-1', traits: { plan: 'gold' } })).status).toBe(200)
    expect((await says({ userId: 'mallory', traits: { email: 'alice@example.com' } })).status).toBe(200)
    expect((await says({ userId: 'mallory', anonymousId: 'm-2' })).status).toBe(200)
    const mallory = await person('userId:mallory')
    expect((await person('anonymousId:m-2')).id).toBe(mallory.id)
    for (const ref of ['userId:alice', 'email:alice@example.com', 'anonymousId:m-1'])
      expect((await person(ref)).id).not.toBe(mallory.id)
    expect((await person('userId:alice')).traits).toEqual({})
    expect((await person('anonymousId:m-1')).id).not.toBe((await person('userId:alice')).id)
  })
})

describe('a till’s key', () => {
  it('sells at its own location and at no other', async () => {
    const elsewhere = await put('till-1', order({ location: 'store-13' }), till)
    expect(told(elsewhere)).toEqual([403, 'forbidden'])
    expect((await put('till-1', order({ location: 'store-12' }), till)).status).toBe(200)
    expect((await put('till-2', order(), till)).status).toBe(200)
  })
})

describe('who is held out', () => {
  it('is not told so by a till or a browser: neither in an order, nor by what a code does', async () => {
    const { offer } = await makeOffer(server, {}, { holdout: 50 })
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['HELD-OUT'] })
    const codes = ['HELD-OUT']
    const tried = async (person: string) => (await tryOut('x', order({ person, codes }), shop)).json
    const people = Array.from({ length: 30 }, (_, index) => `email:held-${index}@example.com`)
    const withheld = await Promise.all(people.map(async person => (await tried(person)).withheld !== undefined))
    const person = people[withheld.indexOf(true)]!
    const { token } = (await server.call('POST', '/v1/person-tokens', { person })).json
    const bought = { ...order({ person, codes, state: 'placed' }), channel: 'store' }
    const asBrowser = { key: browser, headers: { 'tessera-person-token': token } }
    const answers = [
      await put('held-1', bought, till),
      await server.call('GET', '/v1/orders/held-1', undefined, { key: till }),
      await server.call('PUT', '/v1/orders/held-2?dryRun=true', order({ codes }), asBrowser),
    ]
    // As a code that does not exist is answered to a browser: one that vanished would be told from it.
    const refused = [{ code: 'HELD-OUT', reason: { code: 'code_not_valid' } }]
    for (const { json, text } of answers) {
      expect(json.refused).toMatchObject(refused)
      expect(text).not.toMatch(/withheld|held_out/)
    }
    const required = await put('held-3', { ...bought, requireCodes: true }, till)
    expect(required.json).toMatchObject({ code: 'codes_refused', details: { refused } })
    expect(required.text).not.toContain('held_out')
    expect((await server.call('GET', '/v1/orders/held-1', undefined, { key: shop })).json.withheld).toHaveLength(1)
  })
})

describe('text that no store can hold', () => {
  const nul = 'a\u0000b'
  it.each<[string, string, string, Record<string, unknown>]>([
    ['the name of a campaign', 'POST', '/v1/campaigns', { name: nul }],
    ['the tag of a campaign', 'POST', '/v1/campaigns', { name: 'x', tags: [nul] }],
    ['the name of a key', 'POST', '/v1/keys', { name: nul, scope: 'secret' }],
    ['the sku of a line', 'PUT', '/v1/orders/nul-1', order({ lines: [{ ...latte, sku: nul }] })],
    ['the location of an order', 'PUT', '/v1/orders/nul-2', order({ location: nul })],
    ['a field of attributes', 'PUT', '/v1/orders/nul-3', order({ lines: [{ ...latte, attributes: { [nul]: 1 } }] })],
    ['a code', 'PUT', '/v1/orders/nul-4', order({ codes: [nul] })],
    ['an event', 'POST', '/v1/track', { userId: 'ana', event: nul }],
    ['a collection', 'PUT', '/v1/collections/nul', { description: nul }],
  ])('is a mistake of the caller in %s', async (_, method, path, body) => {
    const answer = await server.call(method, path, body)
    expect(answer.status, answer.text).toBe(400)
  })

  const addressed = endpoints.filter(endpoint => pathParams(endpoint.path).length > 0)
  it.each(addressed.map(endpoint => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'is nobody’s address: %s',
    async (_, endpoint) => {
      for (const value of ['%00', 'a%00b', '%ED%A0%80', '..%2F..%2Fv1%2Fkeys', '%27%3B--']) {
        const path = endpoint.path.replaceAll(/\{\w+\}/g, value)
        const answer = await server.call(endpoint.method, path, endpoint.example.body)
        expect(answer.status, `${value}: ${answer.text}`).toBeGreaterThanOrEqual(400)
        expect(answer.status, `${value}: ${answer.text}`).toBeLessThan(500)
      }
    },
  )
})

describe('the data folder', () => {
  it('made by the server, is for its owner only', async () => {
    const folder = join(freshFolder(), 'made', 'here')
    await adminKeyOf(folder, undefined, bytes => new Uint8Array(bytes))
    expect(statSync(folder).mode & 0o077).toBe(0)
    expect(statSync(join(folder, 'admin-key')).mode & 0o077).toBe(0)
  })
})

describe('the log', () => {
  it('holds no key, code or personal value, whatever was asked and went wrong', async () => {
    const secrets = ['ana.secret@example.com', 'SESAME-OPEN', '+393331234567', 'ts_s_notakeynotakeynotakeynotakey1234']
    const [mail, code, phone, wrongKey] = secrets as [string, string, string, string]
    await put('log-1', order({ person: `email:${mail}`, codes: [code], state: 'placed' }), shop)
    await put('log-2', order({ person: `phone:${phone}`, codes: [code], requireCodes: true }), shop)
    await server.call('GET', `/v1/people/email:${mail}`)
    await server.call('GET', `/v1/people/email:nobody.${mail}/wallet?what=${mail}`)
    await server.call('GET', `/v1/codes/${code}`)
    await server.call('GET', `/nowhere/${mail}?key=${wrongKey}`)
    await server.call('GET', '/v1/offers', undefined, { key: wrongKey })
    await server.call('POST', '/v1/track', `{"email":"${mail}"`)
    await server.call('POST', '/v1/track', { userId: mail, event: code, traits: { phone } })
    const lines = logged.join('')
    expect(logged.length).toBeGreaterThan(20)
    for (const secret of [...secrets, server.adminKey, shop, browser, till]) expect(lines).not.toContain(secret)
  })
})
