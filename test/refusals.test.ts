import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { refusals } from '../src/contract/refusals.ts'
import { offlineRefusals } from './offline-refusals.ts'
import { latte, makeOffer, serve, type TestServer } from './server.ts'
import { teamTriggers } from './team-refusals.ts'

/** Every refusal of the catalogue, triggered over HTTP: what a caller does to meet it (promise 13). */

let server: TestServer
const call: TestServer['call'] = (...args) => server.call(...args)
const time = { ahead: 0 }

beforeAll(async () => {
  server = await serve('postgres', { clock: () => Date.now() + time.ahead })
})

let count = 0
const fresh = (name: string) => {
  count += 1
  return `${name}-${count}`
}
const nowhere = (prefix: string) => `${prefix}_00000000000000000000000000`
const day = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()

const key = async (scope: string, more = {}): Promise<{ id: string; key: string }> =>
  (await call('POST', '/v1/keys', { name: 'a key', scope, ...more })).json

const put = (order: Record<string, unknown>, options: Parameters<typeof call>[3] = {}, query = '') =>
  call(
    'PUT',
    `/v1/orders/${fresh('order')}${query}`,
    { state: 'placed', channel: 'web', lines: [latte], ...order },
    options,
  )

/** Makes an offer with a shared code, places an order with the code, and answers the reason why it was refused. */
const reasonOf = async (
  offer: Record<string, unknown>,
  order: Record<string, unknown> = {},
  { campaign = {}, before = async (_: { offer: string; campaign: string; code: string }) => {} } = {},
) => {
  const made = await makeOffer(server, offer, campaign)
  const code = fresh('CODE')
  await call('POST', `/v1/offers/${made.offer}/codes`, { codes: [code], shared: true })
  await before({ ...made, code })
  const { json } = await put({ codes: [code], ...order })
  return json.refused[0].reason
}

const grantedCode = async (person: string, offer: Record<string, unknown> = {}) => {
  const made = await makeOffer(server, { trigger: { on: 'grant' }, ...offer })
  const { json } = await call('POST', `/v1/offers/${made.offer}/grants`, { people: [person], withCode: true })
  return { ...made, grant: json.data[0].id as string, code: json.data[0].code as string }
}

/** Places an order of two lattes with shipping, takes the returns before back, and answers the problem of the last. */
const returnProblem = async (...returns: Record<string, unknown>[]) => {
  const id = fresh('returned')
  await call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', lines: [latte], shipping: 500 })
  const answers = []
  for (const [index, body] of returns.entries())
    answers.push(await call('POST', `/v1/orders/${id}/returns`, { id: `return-${index}`, ...body }))
  return problem(answers.at(-1)!)
}
const latteBack = { lines: [{ id: '1', quantity: 1, units: [2] }] }

type Ask = (method: string, path: string, body?: unknown) => ReturnType<typeof call>

const somebody = async (ask: Ask = call): Promise<string> => {
  const person = `email:${fresh('somebody')}@example.com`
  await ask('POST', '/v1/people/links', { a: person, b: `userId:${fresh('somebody')}` })
  return person
}

const giftCard = async (body: Record<string, unknown> = {}): Promise<string> =>
  (await call('POST', '/v1/gift-cards', { amount: 100, currency: 'EUR', ...body })).json.data[0].code

/** An order that somebody, who has 500 points of every programme, pays with a tender. */
const tenderProblem = async (tender: Record<string, unknown>) =>
  problem(await put({ person: 'email:pays@example.com', currency: 'EUR', tenders: [tender] }))

const spendable = async (id: string, burning: Record<string, unknown>): Promise<void> => {
  const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
  await call('PUT', `/v1/programmes/${id}`, { name: id, rate, burning })
  await call('POST', '/v1/people/links', { a: 'email:pays@example.com', b: 'userId:pays' })
  await call('POST', '/v1/adjustments', {
    person: 'email:pays@example.com',
    programme: id,
    amount: 500,
    reason: 'migration',
  })
}

/** A programme with three people in it, of whom the first has 500 points, and one who is not in it. */
const peopleOf = async (terms: object) => {
  const id = fresh('shared')
  const ref = (name: string): string => `userId:${id}-${name}`
  await call('PUT', `/v1/programmes/${id}`, { name: id, ...terms })
  for (const name of ['giver', 'taker', 'third']) await call('PUT', `/v1/programmes/${id}/members/${ref(name)}`, {})
  await call('POST', '/v1/people/links', { a: ref('giver'), b: `email:${id}@example.com` })
  await call('POST', '/v1/identify', { userId: ref('stranger').slice('userId:'.length) })
  await call('POST', '/v1/adjustments', { person: ref('giver'), programme: id, amount: 500, reason: 'migration' })
  return { id, ref: (name: string) => (name === 'hers' ? `email:${id}@example.com` : ref(name)) }
}

const transferProblem = async (transfers: object, { to = 'taker', points = 10 } = {}) => {
  const { id, ref } = await peopleOf({ transfers })
  return problem(await call('POST', '/v1/transfers', { from: ref('giver'), to: ref(to), programme: id, points }))
}

const householdProblem = async (terms: object, ...households: readonly string[][]) => {
  const { id, ref } = await peopleOf(terms)
  const answers = []
  for (const names of households.length === 0 ? [['giver']] : households) {
    const members = names.map(name => ({ person: ref(name) }))
    answers.push(await call('POST', '/v1/households', { programme: id, name: id, members }))
  }
  return problem(answers.at(-1)!)
}

const adjusted = async (body: Record<string, unknown>): Promise<{ id: string }> => {
  const person = await somebody()
  return (await call('POST', '/v1/adjustments', { person, asset: 'credit:EUR', reason: 'goodwill', ...body })).json
}

const giveIn = async (ask: Ask, effectiveAt: string): Promise<void> => {
  const person = await somebody(ask)
  await ask('POST', '/v1/adjustments', { person, asset: 'credit:EUR', amount: 10, reason: 'goodwill', effectiveAt })
}

/** Closes months of a workspace of its own, one after the other, and answers what the last came to. */
const closeIn = async (before: (ask: Ask, workspace: string) => Promise<void>, ...periods: string[]) => {
  const workspace = fresh('books')
  await call('POST', '/v1/workspaces', { id: workspace, name: workspace })
  const ask: Ask = (method, path, body) => call(method, path, body, { headers: { 'tessera-workspace': workspace } })
  await before(ask, workspace)
  const answers = []
  for (const period of periods) answers.push(await ask('POST', '/v1/closings', { period }))
  return answers.at(-1)!
}

const bySql = async (text: string, values: unknown[]): Promise<void> => {
  const client = new pg.Client({ connectionString: server.databaseUrl! })
  await client.connect()
  await client.query(text, values)
  await client.end()
}

const consentProblem = async (consent: Record<string, unknown>) => {
  const consents = [{ channel: 'email', purpose: 'marketing', state: 'given', ...consent }]
  return problem(await call('PUT', '/v1/people/email:consents@example.com/consents', { consents }))
}

/** The code of a problem document, with its status and that it is one. */
const problem = (answer: Awaited<ReturnType<typeof call>>) => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.status).toBe(refusals.get(answer.json.code)?.status)
  return answer.json
}

const amountOff = (amount: number) => ({ kind: 'amountOff', amount, currency: 'EUR' })

const reasonWithGrant = async (codes: string[], person: string) => (await put({ codes, person })).json.refused[0].reason

const triggers: Record<string, () => Promise<{ code: string }>> = {
  ...offlineRefusals(
    () => server,
    () => Date.now() + time.ahead,
  ),
  not_found: async () => problem(await call('GET', '/v1/nothing')),
  method_not_allowed: async () => problem(await call('DELETE', '/v1/offers')),
  unauthorized: async () => problem(await call('GET', '/v1/offers', undefined, { key: 'ts_s_wrong' })),
  forbidden: async () => problem(await call('GET', '/v1/offers', undefined, { key: (await key('publishable')).key })),
  workspace_mismatch: async () =>
    problem(
      await call('GET', '/v1/offers', undefined, {
        key: (await key('secret')).key,
        headers: { 'tessera-workspace': 'other' },
      }),
    ),
  workspace_not_found: async () =>
    problem(await call('GET', '/v1/offers', undefined, { headers: { 'tessera-workspace': 'nowhere' } })),
  unsupported_media_type: async () =>
    problem(await call('POST', '/v1/campaigns', '<a/>', { headers: { 'content-type': 'text/xml' } })),
  payload_too_large: async () => problem(await call('POST', '/v1/campaigns', { name: 'x'.repeat(600_000) })),
  invalid_input: async () => problem(await call('POST', '/v1/campaigns', {})),
  too_many_attempts: async () => {
    const person = `email:${fresh('guesser')}@example.com`
    const guess = () => put({ person, codes: Array.from({ length: 10 }, () => fresh('GUESS')) })
    await guess()
    await guess()
    const answer = await guess()
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    return problem(answer)
  },
  overloaded: async () => {
    // The store stands still, as under a lock or a full disk; what waits is bounded, the rest is told to come back.
    const client = new pg.Client({ connectionString: server.databaseUrl! })
    await client.connect()
    await client.query('begin; lock table events in access exclusive mode')
    const batch = (index: number) => ({
      batch: Array.from({ length: 16 }, (_, event) => ({
        type: 'track',
        userId: 'u1',
        event: 'Large',
        messageId: `large-${index}-${event}`,
        properties: { text: 'x'.repeat(30_000) },
      })),
    })
    const answers = Array.from({ length: 45 }, (_, index) => call('POST', '/v1/batch', batch(index)))
    const first = await Promise.race(answers)
    await client.query('rollback')
    await client.end()
    const settled = await Promise.all(answers)
    expect(settled.filter(answer => answer.status === 200).length).toBeGreaterThan(10)
    expect(first.headers.get('retry-after')).toBe('1')
    return problem(first)
  },
  idempotency_key_reused: async () => {
    const headers = { 'idempotency-key': fresh('key') }
    await put({}, { headers })
    return problem(await put({ shipping: 5 }, { headers }))
  },
  ...teamTriggers(() => server),
  workspace_taken: async () => problem(await call('POST', '/v1/workspaces', { id: 'default', name: 'Again' })),
  not_a_demo: async () => problem(await call('DELETE', '/v1/workspaces/default')),
  clock_not_forward: async () => {
    await call('POST', '/v1/workspaces', { id: 'show', name: 'Show', demo: {} })
    return problem(await call('POST', '/v1/workspaces/show/clock', { to: '2020-01-01T00:00:00Z' }))
  },
  key_not_found: async () => problem(await call('DELETE', `/v1/keys/${nowhere('key')}`)),
  source_not_found: async () => problem(await call('GET', `/v1/sources/${nowhere('key')}`)),
  source_revoked: async () => {
    const { id } = await key('secret')
    await call('DELETE', `/v1/sources/${id}`)
    return problem(await call('PATCH', `/v1/sources/${id}`, { name: 'again' }))
  },
  key_revoked: async () => {
    const { id } = await key('secret')
    await call('DELETE', `/v1/keys/${id}`)
    return problem(await call('POST', `/v1/keys/${id}/rotate`, {}))
  },
  condition_invalid: async () => {
    const { campaign } = await makeOffer(server)
    const offer = {
      campaign,
      name: 'x',
      trigger: { on: 'code' },
      benefit: { kind: 'percentOff', percent: 5 },
      when: 'order.subtotl > 1',
    }
    return problem(await call('POST', '/v1/offers', offer))
  },
  events_invalid: async () => problem(await call('POST', '/v1/batch', { batch: [{ type: 'track', userId: 'u1' }] })),
  identifier_invalid: async () => problem(await put({ person: 'phone:12' })),
  person_not_found: async () => problem(await call('GET', '/v1/people/email:nobody@example.com')),
  address_of_another: () => consentProblem({ address: 'email:another@example.com' }),
  channel_not_of_address: () => consentProblem({ channel: 'sms' }),
  topic_unknown: () => consentProblem({ purpose: 'no-such-topic' }),
  consent_in_future: () => consentProblem({ at: iso(Date.now() + day) }),
  erasure_request_taken: async () => {
    for (const userId of ['erased-1', 'erased-2']) await call('POST', '/v1/identify', { userId })
    const body = { reason: 'requested', requestId: 'ticket-1' }
    await call('POST', '/v1/people/userId:erased-1/erase', body)
    return problem(await call('POST', '/v1/people/userId:erased-2/erase', body))
  },
  link_not_found: async () => {
    await put({ person: 'email:unlinked@example.com' })
    await put({ person: 'loyaltyCard:unlinked' })
    const pair = { a: 'email:unlinked@example.com', b: 'loyaltyCard:unlinked', reason: 'x' }
    return problem(await call('POST', '/v1/people/unlink', pair))
  },
  identifier_of_another: async () => {
    await put({ person: 'email:whole@example.com' })
    const groups = [['email:whole@example.com'], ['loyaltyCard:elsewhere']]
    return problem(await call('POST', '/v1/people/split', { person: 'email:whole@example.com', groups, reason: 'x' }))
  },
  split_too_large: async () => {
    const browsers = Array.from({ length: 63 }, (_, index) => `anonymousId:many-browsers-${index}`)
    const links = browsers.map(b => call('POST', '/v1/people/links', { a: 'email:many@example.com', b }))
    expect((await Promise.all(links)).map(answer => answer.status)).toEqual(browsers.map(() => 200))
    const groups = [browsers.slice(0, 32), browsers.slice(32)]
    return problem(await call('POST', '/v1/people/split', { person: 'email:many@example.com', groups, reason: 'x' }))
  },
  split_not_found: async () => problem(await call('DELETE', `/v1/people/splits/${nowhere('spl')}`)),
  campaign_not_found: async () => problem(await call('GET', `/v1/campaigns/${nowhere('cmp')}`)),
  offer_not_found: async () => problem(await call('GET', `/v1/offers/${nowhere('off')}`)),
  segment_not_found: async () => problem(await call('GET', '/v1/segments/none')),
  programme_not_found: async () => problem(await call('GET', '/v1/programmes/none')),
  account_not_found: async () => problem(await call('GET', `/v1/accounts/${nowhere('hol')}/points:club/main`)),
  transaction_not_found: async () => problem(await call('GET', `/v1/transactions/${nowhere('txn')}`)),
  event_not_found: async () => problem(await call('GET', '/v1/events/never-sent')),
  programme_ended: async () => {
    const id = fresh('ended')
    await call('PUT', `/v1/programmes/${id}`, { name: id, state: 'ended' })
    return problem(await call('PUT', `/v1/programmes/${id}`, { name: id }))
  },
  programme_unit_fixed: async () => {
    const id = fresh('fixed')
    await call('PUT', `/v1/programmes/${id}`, { name: id, join: { on: 'firstOrder' } })
    await makeOffer(server, { trigger: { on: 'basket' }, benefit: { kind: 'points', programme: id, fixed: 1 } })
    await put({ person: 'email:has@example.com' })
    return problem(
      await call('PUT', `/v1/programmes/${id}`, { name: id, unit: { one: 'point', many: 'points', decimals: 2 } }),
    )
  },
  member_not_found: async () => {
    const id = fresh('nobody')
    await call('PUT', `/v1/programmes/${id}`, { name: id })
    await call('POST', '/v1/identify', { userId: 'not-in-it' })
    return problem(await call('GET', `/v1/programmes/${id}/members/userId:not-in-it`))
  },
  transfer_not_found: async () => problem(await call('GET', `/v1/transfers/${nowhere('trf')}`)),
  transfer_to_self: () => transferProblem({ between: 'anyone' }, { to: 'hers' }),
  transfer_needs_member: () => transferProblem({ between: 'anyone' }, { to: 'stranger' }),
  transfer_not_allowed: () => transferProblem({ between: 'nobody' }),
  transfer_below_minimum: () => transferProblem({ between: 'anyone', minimum: 20 }),
  transfer_too_early: () => transferProblem({ between: 'anyone', waitingDays: 7 }),
  transfer_limit_reached: () => transferProblem({ between: 'anyone', dailyLimit: 5 }),
  transfer_balance_insufficient: () => transferProblem({ between: 'anyone' }, { points: 501 }),
  transfer_points_unsettled: async () => {
    const { id, ref } = await peopleOf({ transfers: { between: 'anyone' } })
    const per = { amount: 1, currency: 'EUR', points: 1 }
    await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `order.id == '${id}'`,
      benefit: { kind: 'points', programme: id, per },
    })
    const lines = [{ id: '1', sku: 'A', quantity: 1, unitPrice: 100 }]
    const bought = { person: ref('giver'), channel: 'web', currency: 'EUR', state: 'placed', lines }
    expect((await call('PUT', `/v1/orders/${id}`, bought)).status).toBe(200)
    return problem(
      await call('POST', '/v1/transfers', { from: ref('giver'), to: ref('taker'), programme: id, points: 501 }),
    )
  },
  household_not_found: async () => problem(await call('GET', `/v1/households/${nowhere('hsh')}`)),
  households_not_offered: () => householdProblem({}),
  household_full: () => householdProblem({ households: { members: 2 } }, ['giver', 'taker', 'third']),
  household_needs_member: () => householdProblem({ households: { members: 2 } }, ['giver', 'stranger']),
  household_elsewhere: () => householdProblem({ households: { members: 2 } }, ['giver', 'taker'], ['taker', 'third']),
  segment_kind_conflict: async () => {
    const id = fresh('list')
    await call('PUT', `/v1/segments/${id}`, { kind: 'list' })
    return problem(await call('PUT', `/v1/segments/${id}`, { kind: 'live', when: 'person.known' }))
  },
  segment_cycle: async () => {
    const [one, other] = [fresh('one'), fresh('other')]
    await call('PUT', `/v1/segments/${one}`, { kind: 'live', when: 'person.known' })
    await call('PUT', `/v1/segments/${other}`, { kind: 'live', when: `inSegment('${one}')` })
    return problem(await call('PUT', `/v1/segments/${one}`, { kind: 'live', when: `!inSegment('${other}')` }))
  },
  segment_in_use: async () => {
    const id = fresh('asked')
    await call('PUT', `/v1/segments/${id}`, { kind: 'list' })
    await makeOffer(server, { when: `inSegment('${id}')` })
    return problem(await call('DELETE', `/v1/segments/${id}`))
  },
  trait_not_found: async () => problem(await call('GET', '/v1/traits/none')),
  trait_cycle: async () =>
    problem(await call('PUT', '/v1/traits/itself', { kind: 'cel', expression: 'has(person.computed.itself)' })),
  trait_in_use: async () => {
    await call('PUT', '/v1/traits/asked', { kind: 'cel', expression: 'orders() > 2' })
    await makeOffer(server, { when: 'person.computed.asked == true' })
    return problem(await call('DELETE', '/v1/traits/asked'))
  },
  collection_not_found: async () => problem(await call('GET', '/v1/collections/none')),
  code_not_found: async () => problem(await call('GET', '/v1/codes/NONE')),
  offer_ended: async () => {
    const { offer } = await makeOffer(server, { state: 'ended' })
    return problem(await call('PATCH', `/v1/offers/${offer}`, { name: 'Other' }))
  },
  trigger_mismatch: async () => {
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' } })
    return problem(await call('POST', `/v1/offers/${offer}/codes`, { codes: ['X1'] }))
  },
  code_taken: async () => {
    const { offer } = await makeOffer(server)
    await call('POST', `/v1/offers/${offer}/codes`, { codes: ['TWICE'] })
    return problem(await call('POST', `/v1/offers/${offer}/codes`, { codes: ['twice'] }))
  },
  pattern_too_small: async () => {
    const { offer } = await makeOffer(server)
    return problem(await call('POST', `/v1/offers/${offer}/codes`, { count: 1000, pattern: '###' }))
  },
  grant_not_found: async () => problem(await call('POST', `/v1/grants/${nowhere('gra')}/revoke`, {})),
  grant_state_conflict: async () => {
    const { grant } = await grantedCode('email:conflict@example.com')
    await call('POST', `/v1/grants/${grant}/revoke`, {})
    return problem(await call('POST', `/v1/grants/${grant}/revoke`, {}))
  },
  fulfilment_conflict: async () => {
    const { grant } = await grantedCode('email:coupon@example.com')
    return problem(await call('POST', `/v1/grants/${grant}/fulfilment`, { state: 'fulfilled' }))
  },
  code_unknown: async () => (await put({ codes: [fresh('UNKNOWN')] })).json.refused[0].reason,
  code_not_valid: async () => {
    const browser = await key('publishable')
    const { json } = await put({ codes: [fresh('UNKNOWN')] }, { key: browser.key }, '?dryRun=true')
    expect(json.refused[0]).not.toHaveProperty('offer')
    return json.refused[0].reason
  },
  code_blocked: async () => {
    const { offer } = await makeOffer(server)
    const code = fresh('BLOCKED')
    await call('POST', `/v1/offers/${offer}/codes`, { codes: [code] })
    await call('PATCH', `/v1/codes/${code}`, { blocked: true })
    return (await put({ codes: [code] })).json.refused[0].reason
  },
  offer_paused: () => reasonOf({ state: 'paused' }),
  offer_not_started: () => reasonOf({ validity: { from: iso(Date.now() + day) } }),
  offer_expired: () => reasonOf({ validity: { to: iso(Date.now() - day) } }),
  channel_not_allowed: () => reasonOf({ channels: { redeem: ['store'] } }),
  person_required: () => reasonOf({ limits: { perPerson: 1 } }),
  not_in_audience: () => reasonOf({}, { person: 'email:uninvited@example.com' }, { campaign: { audience: 'members' } }),
  grant_of_another: async () => {
    const { code } = await grantedCode('email:owner@example.com')
    return reasonWithGrant([code], 'email:thief@example.com')
  },
  grant_revoked: async () => {
    const { code, grant } = await grantedCode('email:revoked@example.com')
    await call('POST', `/v1/grants/${grant}/revoke`, {})
    return reasonWithGrant([code], 'email:revoked@example.com')
  },
  grant_used: async () => {
    const { code } = await grantedCode('email:used@example.com')
    await put({ codes: [code], person: 'email:used@example.com' })
    return reasonWithGrant([code], 'email:used@example.com')
  },
  grant_expired: async () => {
    const { code } = await grantedCode('email:late@example.com', { validity: { grantDays: 1 } })
    time.ahead = 3 * day
    const reason = await reasonWithGrant([code], 'email:late@example.com')
    time.ahead = 0
    return reason
  },
  currency_mismatch: () => reasonOf({}, { currency: 'USD' }),
  lines_not_matching: () => reasonOf({ benefit: { kind: 'percentOff', percent: 10, lines: "line.category == 'tea'" } }),
  condition_error: () =>
    reasonOf({ benefit: { kind: 'percentOff', percent: 10, lines: "line.attributes.color == 'red'" } }),
  condition_false: () => reasonOf({ when: 'order.subtotal >= 100000' }),
  limit_reached: async () =>
    reasonOf({ limits: { uses: 1 } }, {}, { before: async ({ code }) => void (await put({ codes: [code] })) }),
  no_effect: () => reasonOf({}, { lines: [{ ...latte, unitPrice: 0 }] }),
  programme_not_live: async () => {
    const id = fresh('paused')
    await call('PUT', `/v1/programmes/${id}`, { name: id })
    return reasonOf(
      { benefit: { kind: 'points', programme: id, fixed: 1 } },
      { person: 'email:waits@example.com' },
      {
        before: async () => void (await call('PUT', `/v1/programmes/${id}`, { name: id, state: 'paused' })),
      },
    )
  },
  programme_not_joined: async () => {
    const id = fresh('not-joined')
    await call('PUT', `/v1/programmes/${id}`, { name: id })
    return reasonOf({ benefit: { kind: 'points', programme: id, fixed: 1 } })
  },
  drawn_later: () => reasonOf({ chance: { wins: 1, outOf: 2 } }, { state: 'open', person: 'email:hopes@example.com' }),
  draw_lost: () => reasonOf({ chance: { wins: 1, outOf: 1_000_000 } }, { person: 'email:lost@example.com' }),
  excluded_by: async () => {
    const exclusive = await makeOffer(server, { stacking: { exclusive: 'order' }, benefit: amountOff(500) })
    await call('POST', `/v1/offers/${exclusive.offer}/codes`, { codes: ['EXCLUSIVE'] })
    const beside = await makeOffer(server, { benefit: amountOff(10) })
    await call('POST', `/v1/offers/${beside.offer}/codes`, { codes: ['BESIDE'] })
    return (await put({ codes: ['EXCLUSIVE', 'BESIDE'] })).json.refused[0].reason
  },
  beaten_by: async () => {
    const modest = await makeOffer(server, { stacking: { exclusive: 'order' }, benefit: amountOff(10) })
    await call('POST', `/v1/offers/${modest.offer}/codes`, { codes: ['MODEST'] })
    const better = await makeOffer(server, { benefit: amountOff(500) })
    await call('POST', `/v1/offers/${better.offer}/codes`, { codes: ['BETTER'] })
    return (await put({ codes: ['MODEST', 'BETTER'] })).json.refused[0].reason
  },
  held_out: async () => {
    const made = await makeOffer(server, {}, { holdout: 50 })
    await call('POST', `/v1/offers/${made.offer}/codes`, { codes: ['HELDOUT'], shared: true })
    const orders = Array.from({ length: 30 }, (_, index) =>
      put({ codes: ['HELDOUT'], person: `email:${index}@example.com` }),
    )
    return (await Promise.all(orders)).flatMap(({ json }) => json.refused)[0].reason
  },
  order_not_found: async () => problem(await call('GET', '/v1/orders/none')),
  occurred_at_not_allowed: async () => {
    const till = await key('till', { location: 'store-1' })
    return problem(await put({ occurredAt: iso(Date.now() - day) }, { key: till.key }))
  },
  occurred_at_in_future: async () => problem(await put({ occurredAt: iso(Date.now() + day) })),
  dry_run_only: async () => problem(await put({}, { key: (await key('publishable')).key })),
  channel_missing: async () => problem(await put({ channel: undefined })),
  revision_outdated: async () => {
    const order = { channel: 'web', lines: [latte], state: 'open' }
    await call('PUT', '/v1/orders/revised', { ...order, revision: 5 })
    return problem(await call('PUT', '/v1/orders/revised', { ...order, revision: 4 }))
  },
  order_state_conflict: async () => {
    const order = { channel: 'web', lines: [latte] }
    await call('PUT', '/v1/orders/conflict', { ...order, state: 'placed' })
    return problem(await call('PUT', '/v1/orders/conflict', { ...order, state: 'open' }))
  },
  codes_refused: async () => problem(await put({ codes: [fresh('UNKNOWN')], requireCodes: true })),
  total_changed: async () => problem(await put({ expectTotal: 1 })),
  not_at_this_moment: async () => {
    const { offer } = await makeOffer(server)
    const asked = { channel: 'app', moment: 'receipt', person: 'email:claims@example.com', claim: [offer] }
    return (await call('POST', '/v1/decisions', asked)).json.refused[0].reason
  },
  setting_not_found: async () => problem(await call('GET', '/v1/brands/nowhere')),
  decision_not_found: async () => problem(await call('GET', `/v1/decisions/${nowhere('dec')}`)),
  claim_not_found: async () =>
    problem(await call('POST', `/v1/decisions/${nowhere('dec')}/return`, { offer: nowhere('off') })),
  claim_used: async () => {
    const { offer } = await makeOffer(server, {
      trigger: { on: 'request' },
      limits: { perPerson: 1 },
      benefit: { kind: 'entitlement', entitlement: 'upgrade', title: 'Window seat' },
    })
    const asked = { channel: 'app', moment: 'receipt', person: 'email:claimed@example.com', claim: [offer] }
    const { json } = await call('POST', '/v1/decisions', asked)
    const [grant] = json.claimed[0].gives[0].grants
    await call('POST', `/v1/grants/${grant}/fulfilment`, { state: 'fulfilled' })
    return problem(await call('POST', `/v1/decisions/${json.id}/return`, { offer }))
  },
  tender_not_payable: () => tenderProblem({ type: 'points', programme: 'none' }),
  gift_card_unknown: () => tenderProblem({ type: 'giftCard', code: fresh('UNKNOWN') }),
  gift_card_inactive: async () => tenderProblem({ type: 'giftCard', code: await giftCard() }),
  gift_card_blocked: async () => {
    const code = await giftCard({ active: true })
    await call('POST', `/v1/gift-cards/${code}/block`)
    return tenderProblem({ type: 'giftCard', code })
  },
  gift_card_expired: async () => {
    const code = await giftCard({ active: true, expiresAt: iso(Date.now() + day) })
    time.ahead += 2 * day
    const answer = await tenderProblem({ type: 'giftCard', code })
    time.ahead -= 2 * day
    return answer
  },
  gift_card_not_usable: async () =>
    problem(await call('POST', '/v1/gift-cards/balance', { code: await giftCard({ active: false }) })),
  balance_insufficient: () => tenderProblem({ type: 'credit', amount: 1 }),
  points_below_minimum: async () => {
    await spendable('at-least', { minimum: 100 })
    return tenderProblem({ type: 'points', programme: 'at-least', points: 99 })
  },
  tender_too_much: async () => {
    await spendable('at-most', { maximum: 10 })
    return tenderProblem({ type: 'points', programme: 'at-most', points: 11 })
  },
  gift_card_code_mistyped: async () =>
    problem(await call('POST', '/v1/gift-cards/balance', { code: '2222-2222-2222-23' })),
  gift_card_not_found: async () => problem(await call('GET', '/v1/gift-cards/none')),
  gift_card_code_taken: async () => {
    const code = await giftCard({ codes: [fresh('PRINTED')] })
    return problem(await call('POST', '/v1/gift-cards', { amount: 1, codes: [code] }))
  },
  ends_in_the_past: async () =>
    problem(await call('POST', '/v1/gift-cards', { amount: 1, expiresAt: iso(Date.now() - day) })),
  gift_card_state_conflict: async () => {
    const code = await giftCard()
    await call('POST', `/v1/gift-cards/${code}/block`)
    return problem(await call('POST', `/v1/gift-cards/${code}/activate`))
  },
  gift_card_of_another: async () => {
    const code = await giftCard({ active: true })
    const keep = (person: string) => call('POST', '/v1/gift-cards/keep', { code, person })
    await keep('email:keeper-1@example.com')
    return problem(await keep('email:keeper-2@example.com'))
  },
  credit_too_large: async () => {
    await call('PATCH', '/v1/workspaces/default', { adjustments: { secondPersonAbove: { 'credit:SEK': 1 } } })
    const credit = { person: 'email:rich@example.com', amount: 2, currency: 'SEK', reason: 'goodwill' }
    return problem(await call('POST', '/v1/credits', credit))
  },
  given_too_much_today: async () => {
    await call('PATCH', '/v1/workspaces/default', {
      adjustments: { secondPersonAbove: {}, alonePerDay: { 'credit:NOK': 1 } },
    })
    const credit = { person: 'email:rich@example.com', amount: 2, currency: 'NOK', reason: 'goodwill' }
    return problem(await call('POST', '/v1/credits', credit))
  },
  return_id_reused: () => returnProblem({ id: 'r', ...latteBack }, { id: 'r', shipping: true }),
  order_not_itemized: async () => {
    const order = fresh('told')
    await call('POST', '/v1/track', {
      userId: 'u1',
      event: 'Order Completed',
      properties: { order_id: order, total: 5 },
    })
    return problem(await call('POST', `/v1/orders/${order}/returns`, { id: 'r', ...latteBack }))
  },
  return_line_unknown: () => returnProblem({ lines: [{ id: 'none', quantity: 1 }] }),
  return_exceeds_line: () => returnProblem(latteBack, { lines: [{ id: '1', quantity: 2 }] }),
  return_unit_not_left: () => returnProblem(latteBack, latteBack),
  return_shipping_not_left: () => returnProblem({ shipping: true }, { shipping: true }),
  return_gift_not_left: () => returnProblem({ gifts: [nowhere('off')] }),
  adjustment_not_found: async () => problem(await call('GET', `/v1/adjustments/${nowhere('adj')}`)),
  adjustment_state_conflict: async () => {
    const { id } = await adjusted({ amount: 10 })
    return problem(await call('POST', `/v1/adjustments/${id}/approve`))
  },
  second_person_needed: async () => {
    await call('PATCH', '/v1/workspaces/default', { adjustments: { secondPersonAbove: { 'credit:CHF': 1 } } })
    const { id } = await adjusted({ asset: 'credit:CHF', amount: 10 })
    return problem(await call('POST', `/v1/adjustments/${id}/approve`))
  },
  adjustment_too_much: async () => {
    const person = await somebody()
    return problem(
      await call('POST', '/v1/adjustments', { person, asset: 'credit:EUR', amount: -10, reason: 'correction' }),
    )
  },
  adjustment_reversed: async () => {
    const { id } = await adjusted({ amount: 10 })
    const reverse = () => call('POST', `/v1/adjustments/${id}/reverse`, { reason: 'correction' })
    await reverse()
    return problem(await reverse())
  },
  period_not_over: async () => problem(await call('POST', '/v1/closings', { period: '2199-01' })),
  period_closed: async () => problem(await closeIn(async () => {}, '2019-05', '2019-04')),
  earlier_period_open: async () => problem(await closeIn(ask => giveIn(ask, '2019-03-05T08:00:00Z'), '2019-04')),
  clock_behind: async () =>
    problem(
      await closeIn(async (ask, workspace) => {
        await giveIn(ask, '2019-03-05T08:00:00Z')
        await bySql("update accounts set due_at = '2019-03-06' where workspace_id = $1", [workspace])
      }, '2019-03'),
    ),
  adjustments_open: async () =>
    problem(
      await closeIn(async (ask, workspace) => {
        await ask('PATCH', `/v1/workspaces/${workspace}`, { adjustments: { secondPersonAbove: { 'credit:EUR': 1 } } })
        await giveIn(ask, '2019-03-05T08:00:00Z')
      }, '2019-03'),
    ),
  audit_failed: async () =>
    problem(
      await closeIn(async (ask, workspace) => {
        await giveIn(ask, '2019-03-05T08:00:00Z')
        await bySql('update accounts set balance = balance + 1 where workspace_id = $1', [workspace])
      }, '2019-03'),
    ),
  job_not_found: async () => problem(await call('GET', `/v1/jobs/${nowhere('job')}`)),
  job_state_conflict: async () => {
    const { offer } = await makeOffer(server)
    const { json } = await call('POST', `/v1/offers/${offer}/codes`, { count: 1 })
    await expect
      .poll(async () => (await call('GET', `/v1/jobs/${json.id}`)).json.state, { timeout: 20_000 })
      .toBe('done')
    return problem(await call('POST', `/v1/jobs/${json.id}/cancel`, {}))
  },
  job_must_end: async () => {
    // More than one commit takes.
    const batch = Array.from({ length: 600 }, () => ({ type: 'track', userId: 'erased-long', event: 'Seen' }))
    for (let round = 0; round < 2; round += 1) await call('POST', '/v1/batch', { batch })
    const { job } = (await call('POST', '/v1/people/userId:erased-long/erase', { reason: 'requested' })).json
    return problem(await call('POST', `/v1/jobs/${job}/cancel`, {}))
  },
}

describe('every refusal of the catalogue can be met', () => {
  it('and the table below names each of them', () => {
    expect(Object.keys(triggers).sort()).toEqual([...refusals.keys()].sort())
  })

  it.each(Object.keys(triggers))('%s', async code => {
    const refusal = await triggers[code]!()
    expect(refusal.code).toBe(code)
    // A sentence with a hole in it would show the braces.
    expect(JSON.stringify(refusal)).not.toMatch(/\{\w+\}/)
  })
})
