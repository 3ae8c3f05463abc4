import { beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import { dataTables, quoted } from '../src/adapters/storage/tables.ts'
import { isWrite, pathParams } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { latte, makeOffer, serve, type TestServer } from './server.ts'
import { signInFirst } from './sign-in.ts'
import { signInCustomer } from './sign-in-customer.ts'

/**
 * No request sees or changes another workspace (promise 12). Generated from the contract: each call is made with a stranger's key
 * and with the ids of what lies in `default`.
 */

let server: TestServer
let strangersKey: string
let now = Date.now()
/** What the path parameters of a call may be: ids that exist, in the other workspace. */
const ids: Record<string, Record<string, string>> = {}
/** Stands in everything that `default` holds, so that no answer may contain it. */
const mark = 'Zebrafinch'

/** Calls that make what the caller names: the stranger may use the same name, for a thing of its own. They come last. */
const makesItsOwn = (endpoint: { name: string }) =>
  [
    'putOrder',
    'createCollection',
    'putSegment',
    'putTrait',
    'putProgramme',
    'joinProgramme',
    'putConsents',
    'putBrand',
    'putLocation',
    'putChannel',
    'requestConsent',
  ].includes(endpoint.name)

const keyed = endpoints
  .filter(endpoint => endpoint.scopes !== 'public')
  .sort((left, right) => Number(makesItsOwn(left)) - Number(makesItsOwn(right)))

beforeAll(async () => {
  server = await serve('postgres', { clock: () => now, sweeps: false })
  const { call } = server
  await call('POST', '/v1/workspaces', { id: 'stranger', name: 'Stranger' })
  const key = await call(
    'POST',
    '/v1/keys',
    { name: 'theirs', scope: 'secret' },
    { headers: { 'tessera-workspace': 'stranger' } },
  )
  strangersKey = key.json.key

  const person = `email:${mark.toLowerCase()}@example.com`
  const made = await makeOffer(server, { name: `${mark} off` }, { name: mark, audience: 'members' })
  const granted = await makeOffer(server, { name: `${mark} gift`, trigger: { on: 'grant' } }, { name: mark })
  await call('POST', `/v1/offers/${made.offer}/codes`, { codes: [mark] })
  await call('POST', `/v1/campaigns/${made.campaign}/members`, { people: [person] })
  const grants = await call('POST', `/v1/offers/${granted.offer}/grants`, { people: [person], withCode: true })
  await call('PUT', `/v1/orders/their-order`, {
    person,
    channel: 'web',
    state: 'placed',
    codes: [mark],
    lines: [latte],
  })
  const card = `loyaltyCard:${mark}`
  await call('POST', '/v1/people/links', { a: person, b: card })
  const split = await call('POST', '/v1/people/split', { person, groups: [[person], [card]], reason: 'Two people' })
  await call('PUT', '/v1/brands/their-brand', { name: mark })
  await call('PUT', '/v1/locations/their-store', { name: mark })
  await call('PUT', '/v1/channels/theirs', { name: mark })
  const clerk = await call('POST', '/v1/clerks', { name: mark, pin: '4711' })
  await call('PUT', `/v1/segments/their-list`, { kind: 'list', name: mark })
  await call('PATCH', `/v1/segments/their-list/people`, { add: [person] })
  await call('PUT', `/v1/traits/theirTrait`, { kind: 'cel', expression: `person.id != '${mark}'` })
  await call('PUT', `/v1/collections/their-collection`, { description: mark, skus: [mark] })
  const consent = { channel: 'email', purpose: 'marketing', state: 'given', textVersion: mark }
  await call('PUT', `/v1/people/${person}/consents`, { consents: [consent] })
  const reviewed = { trigger: { on: 'event', event: mark }, chance: { wins: 1, outOf: 2 } }
  await makeOffer(server, {
    name: `${mark} present`,
    ...reviewed,
    benefit: { kind: 'giveOffer', offer: granted.offer },
  })
  await call('POST', '/v1/track', { userId: mark, event: mark, messageId: 'their-event' })
  const decided = await call('POST', '/v1/decisions', { person, channel: 'app', moment: mark, record: true })
  await call('PUT', '/v1/programmes/their-club', { name: mark })
  await call('PUT', `/v1/programmes/their-club/members/${person}`, { source: 'till' })
  await call('POST', '/v1/gift-cards', { amount: 100, active: true, codes: [mark] })
  await call('POST', '/v1/gift-cards/keep', { code: mark, person })
  const taker = `userId:${mark}`
  const transfers = { between: 'anyone' }
  await call('PUT', '/v1/programmes/their-club', { name: mark, transfers, households: { members: 2 } })
  await call('PUT', `/v1/programmes/their-club/members/${taker}`, {})
  await call('POST', '/v1/adjustments', { person, programme: 'their-club', amount: 9, reason: 'other', note: mark })
  const gift = { from: person, to: taker, programme: 'their-club', points: 5, note: mark }
  const transfer = await call('POST', '/v1/transfers', gift)
  const members = [{ person }, { person: taker }]
  const household = await call('POST', '/v1/households', { programme: 'their-club', name: mark, members })
  const adjustment = await call('POST', '/v1/adjustments', {
    person,
    asset: 'credit:EUR',
    amount: 5,
    reason: 'other',
    note: mark,
  })
  const accounts = await call('GET', `/v1/accounts?person=${person}`)
  const job = await call('POST', `/v1/offers/${made.offer}/codes`, { count: 1 })
  const olga = await signInFirst(server, `${mark.toLowerCase()}@example.com`)
  const wallet = await signInCustomer(server, person.slice('email:'.length))
  const ownKey = await call('POST', '/v1/keys', { name: mark, scope: 'secret' })
  const requests = await call('GET', '/v1/requests')
  const till = await call('POST', '/v1/keys', { name: mark, scope: 'till', channel: 'store', location: mark })
  const pack = await call('POST', '/v1/packs', { device: 'A'.repeat(43) }, { key: till.json.key })
  Object.assign(ids, {
    workspaces: { id: 'default' },
    brands: { id: 'their-brand' },
    locations: { id: 'their-store' },
    channels: { id: 'theirs' },
    clerks: { id: clerk.json.id },
    keys: { id: ownKey.json.id },
    sources: { id: ownKey.json.id },
    people: { ref: person, id: split.json.id },
    campaigns: { id: made.campaign },
    offers: { id: made.offer },
    segments: { id: 'their-list' },
    programmes: { id: 'their-club', ref: person },
    traits: { name: 'theirTrait' },
    collections: { id: 'their-collection' },
    codes: { code: mark },
    grants: { id: grants.json.data[0].id },
    'gift-cards': { code: mark },
    decisions: { id: decided.json.id },
    events: { id: 'their-event' },
    transactions: { id: transfer.json.transaction },
    orders: { id: 'their-order' },
    transfers: { id: transfer.json.id },
    households: { id: household.json.id },
    adjustments: { id: adjustment.json.id },
    accounts: { owner: accounts.json.data[0].owner, asset: 'credit:EUR', kind: 'main' },
    jobs: { id: job.json.id },
    requests: { id: requests.json.data[0].id },
    team: { id: olga.member },
    sessions: { id: olga.session },
    packs: { id: pack.json.pack.id },
    wallet: { id: wallet.session },
  })
  await vi.waitFor(async () => expect((await call('GET', `/v1/jobs/${job.json.id}`)).json.state).toBe('done'), {
    timeout: 20_000,
  })
  // Also writes down what was asked until now; afterwards nobody of this workspace asks anything.
  expect((await call('GET', '/v1/requests')).status).toBe(200)
})

/** The path with the ids of `default` in it: `/v1/offers/{id}/codes` → `/v1/offers/off_…/codes`. */
const foreignPath = (path: string): string => {
  const values = ids[path.split('/')[2]!] ?? {}
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`this test has no ${name} for ${path}: add what the new call names`)
    return encodeURIComponent(value)
  })
}

const everythingOfDefault = async (except: readonly string[] = []): Promise<string> => {
  const database = openPostgres({ url: server.databaseUrl! })
  try {
    const lines: string[] = []
    for (const { name, columns } of await dataTables(database)) {
      if (except.includes(name)) continue
      const owner = columns.some(column => column.name === 'workspace_id') ? 'workspace_id' : 'id'
      const { rows } = await database.query<{ row: string }>(
        `select t::text as row from ${quoted(name)} t where ${owner} = 'default' order by 1`,
      )
      lines.push(...rows.map(({ row }) => `${name} ${row}`))
    }
    return lines.join('\n')
  } finally {
    await database.close()
  }
}

describe('a key of another workspace', () => {
  it('finds enough here to be worth the test', async () => {
    expect(keyed.length).toBeGreaterThan(40)
    expect((await everythingOfDefault()).split(mark).length).toBeGreaterThan(10)
  })

  it.each(keyed.map(endpoint => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s: sees nothing and changes nothing',
    async (_, endpoint) => {
      const before = await everythingOfDefault()
      const body = endpoint.example.body
      const swapped =
        body === undefined
          ? undefined
          : JSON.stringify(body)
              .replaceAll(/cmp_[0-9a-z]{26}/g, ids.campaigns!.id!)
              .replaceAll(/off_[0-9a-z]{26}/g, ids.offers!.id!)
      const answer = await server.call(endpoint.method, foreignPath(endpoint.path), swapped, { key: strangersKey })
      if (makesItsOwn(endpoint)) expect([200, 201]).toContain(answer.status)
      else expect(answer.text).not.toContain(mark)
      expect(answer.text.toLowerCase()).not.toContain(`${mark.toLowerCase()}@`)
      if (pathParams(endpoint.path).length > 0 && !makesItsOwn(endpoint))
        expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(await everythingOfDefault()).toBe(before)
    },
  )

  it.each(keyed.map(endpoint => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s: is refused when it names this workspace',
    async (_, endpoint) => {
      const answer = await server.call(
        endpoint.method,
        foreignPath(endpoint.path),
        isWrite(endpoint) ? endpoint.example.body : undefined,
        { key: strangersKey, headers: { 'tessera-workspace': 'default' } },
      )
      expect(answer.status).toBe(403)
      const adminOnly = !endpoint.scopes.includes('secret' as never)
      expect(['workspace_mismatch', ...(adminOnly ? ['forbidden'] : [])]).toContain(answer.json.code)
    },
  )
})

/** Promise 11. Made from the contract, too: whoever writes a call that reads has it tried. */
describe('whoever only looks, while the clock has work with everything,', () => {
  const looks = endpoints.filter(it => it.method === 'GET')
  /** Who calls is noted: neither value nor consent. */
  const notes = [
    'api_keys',
    'audit_log',
    'source_minutes',
    'source_tail',
    'team_sessions',
    'wallet_sessions',
    'request_log',
  ]

  beforeAll(async () => {
    const { call } = server
    const person = ids.people!.ref!
    const must = async (...asked: Parameters<TestServer['call']>) => {
      const answer = await call(...asked)
      expect(answer.status, answer.text).toBeLessThan(300)
      return answer.json
    }
    const level = { id: 'gold', name: 'Gold', threshold: 1 }
    await must('PUT', '/v1/programmes/due-club', {
      name: 'Due',
      pending: { days: 1 },
      expiry: { kind: 'after', days: 3 },
      tiers: { by: 'visits', period: { calendar: 'month' }, levels: [level] },
    })
    await must('PUT', `/v1/programmes/due-club/members/${person}`, {})
    const per = { amount: 1, currency: 'EUR', points: 1 }
    await makeOffer(server, { trigger: { on: 'basket' }, benefit: { kind: 'points', programme: 'due-club', per } })
    await must('POST', '/v1/credits', {
      person,
      amount: 500,
      reason: 'goodwill',
      expiresAt: new Date(now + 9e7).toISOString(),
    })
    await must('POST', '/v1/gift-cards', { amount: 100, active: true, days: 1, codes: ['DUECARD'] })
    const bought = { person, channel: 'web', currency: 'EUR', lines: [latte] }
    await must('PUT', '/v1/orders/due-placed', { ...bought, state: 'placed' })
    const tenders = [{ type: 'credit', amount: 100 }]
    await must('PUT', '/v1/orders/due-held', { ...bought, state: 'open', tenders, hold: { seconds: 60 } })
    now += 40 * 86_400_000
  })

  it('changes no value and no consent, whatever she asks for', async () => {
    const before = await everythingOfDefault(notes)
    expect(before).toContain('due-held')
    /** The example of the contract, about what there is here, and without waiting for news. */
    const asked = (query: object): string => {
      const { wait: _, ...rest } = query as Record<string, unknown>
      const here: Record<string, string> = { club: 'due-club', 'email:ana@example.com': ids.people!.ref! }
      return new URLSearchParams(
        Object.entries(rest).map(([key, it]): [string, string] => [key, here[String(it)] ?? String(it)]),
      ).toString()
    }
    let seen = 0
    for (const { path, example } of looks) {
      const url = `${server.url}${foreignPath(path)}?${asked(example.query ?? {})}`
      const answer = await fetch(url, { headers: { authorization: `Bearer ${server.adminKey}` } })
      expect(answer.status, `${path} ${await answer.text()}`).toBeLessThan(500)
      if (answer.status === 200) seen += 1
    }
    expect(await everythingOfDefault(notes)).toBe(before)
    expect(seen).toBeGreaterThan(looks.length / 2)
    expect((await server.call('GET', '/v1/programmes/due-club')).json.clock.overdue).toBeGreaterThan(0)
  })
})
