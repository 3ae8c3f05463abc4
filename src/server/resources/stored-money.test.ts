import { beforeAll, describe, expect, it, test } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'
import { openPostgres } from '../../adapters/storage/postgres.ts'
import { codeAlphabet } from '../../core/offers/code.ts'

const stores = ['pglite', 'postgres'] as const
const day = 86_400_000

describe.each(stores)('stored money on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  const call: TestServer['call'] = (...args) => server.call(...args)
  let count = 0
  const order = (tenders: object[], fields: object = {}, options: Parameters<typeof call>[3] = {}, query = '') => {
    count += 1
    const lines = [{ id: '1', sku: 'A', quantity: 4, unitPrice: 500 }]
    const body = { state: 'placed', channel: 'web', currency: 'EUR', lines, tenders, ...fields }
    return call('PUT', `/v1/orders/order-${count}${query}`, body, options)
  }
  const card = async (fields: object = {}): Promise<string> =>
    (await call('POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', active: true, ...fields })).json.data[0].code
  const paying = (code: string, more: object = {}) => ({ type: 'giftCard', code, ...more })
  const key = async (scope: string, more: object = {}): Promise<string> =>
    (await call('POST', '/v1/keys', { name: scope, scope, ...more })).json.key
  const stateOf = async (code: string) => {
    const { json } = await call('GET', `/v1/gift-cards/${code}`)
    return { state: json.state, balance: json.balance, held: json.held }
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  })

  it('a card is issued, sold at a till, spent in parts, refunded to, and found by code or id', async () => {
    const issued = await call('POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', days: 365, count: 3 })
    expect(issued.status).toBe(201)
    const { code, id } = issued.json.data[0]
    expect(await stateOf(code)).toEqual({ state: 'issued', balance: 0, held: 0 })
    expect((await order([paying(code)])).json.code).toBe('gift_card_inactive')
    const till = await key('till', { location: 'store-1', channel: 'store' })
    for (const _ of [1, 2]) {
      const sold = await call('POST', `/v1/gift-cards/${code.toLowerCase()}/activate`, undefined, { key: till })
      expect(sold.json).toMatchObject({ state: 'active', balance: 5000, initial: 5000 })
      expect(sold.json.expiresAt).toMatch(/T\d\d:00:00.000Z$/)
    }
    const first = await order([paying(code)])
    expect(first.json).toMatchObject({ paid: [{ type: 'giftCard', card: id, amount: 2000, left: 3000 }], due: 0 })
    await order([paying(code, { amount: 1500 })])
    expect(await stateOf(id)).toEqual({ state: 'active', balance: 1500, held: 0 })
    const back = await call('POST', `/v1/orders/${first.json.id}/returns`, {
      id: 'r',
      lines: [{ id: '1', quantity: 3 }],
    })
    expect(back.json.refunds).toEqual([{ type: 'giftCard', card: id, amount: 1500 }])
    expect(await stateOf(id)).toEqual({ state: 'active', balance: 3000, held: 0 })
  })

  it('made codes differ in every place and say where they were mistyped', async () => {
    const { json } = await call('POST', '/v1/gift-cards', { amount: 1, count: 60 })
    const codes: string[] = json.data.map((it: { code: string }) => it.code)
    expect(new Set(codes).size).toBe(60)
    for (const code of codes) expect(code).toMatch(new RegExp(`^([${codeAlphabet}]{4}-){3}[${codeAlphabet}]{2}$`))
    const [first] = codes as [string]
    const typo = (first[0] === 'A' ? 'B' : 'A') + first.slice(1)
    expect((await call('POST', '/v1/gift-cards/balance', { code: typo })).json.code).toBe('gift_card_code_mistyped')
  })

  it('many are issued by a job, each once, and listed by it', async () => {
    const body = { amount: 250, currency: 'EUR', active: true, count: 330 }
    const asked = await call('POST', '/v1/gift-cards', body)
    expect(asked.status).toBe(202)
    const { id } = asked.json
    await expect
      .poll(async () => (await call('GET', `/v1/jobs/${id}`)).json, { timeout: 20_000 })
      .toMatchObject({ state: 'done', done: 330, result: { cards: `/v1/gift-cards?job=${id}` } })
    const seen = new Map<string, number>()
    for (let path: string | undefined = `/v1/gift-cards?job=${id}&limit=200`; path; ) {
      const { json }: Awaited<ReturnType<typeof call>> = await call('GET', path)
      for (const { code, balance } of json.data) seen.set(code, balance)
      path = json.nextCursor ? `/v1/gift-cards?job=${id}&limit=200&cursor=${json.nextCursor}` : undefined
    }
    expect(seen.size).toBe(330)
    expect(new Set(seen.values())).toEqual(new Set([250]))
    if (server.databaseUrl === undefined) return
    // As if the process had been killed before the progress of any step was stored.
    const database = openPostgres({ url: server.databaseUrl })
    await database.query(
      `update jobs set state = 'queued', done = 0, result = null, claimed_until = null where id = $1`,
      [id],
    )
    await expect.poll(async () => (await call('GET', `/v1/jobs/${id}`)).json.state, { timeout: 20_000 }).toBe('done')
    const { rows } = await database.query<{ count: number }>(
      'select count(*)::int4 as count from gift_cards where job_id = $1',
      [id],
    )
    await database.close()
    expect(rows).toEqual([{ count: 330 }])
  })

  it('codes that are printed already are taken once', async () => {
    const give = (...codes: string[]) => call('POST', '/v1/gift-cards', { amount: 100, codes })
    expect((await give('Printed-1', 'Printed-2')).status).toBe(201)
    const again = await give('Printed-3', 'printed 2')
    expect(again.json).toMatchObject({ code: 'gift_card_code_taken', details: { place: '/codes/1' } })
    expect((await call('GET', '/v1/gift-cards/PRINTED3')).status).toBe(404)
  })

  it('a held card is set aside until the hold is over', async () => {
    const code = await card()
    const held = await order([paying(code)], { state: 'open', hold: { seconds: 60 } })
    expect(held.json).toMatchObject({ due: 0, heldUntil: expect.any(String) })
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 3000, held: 2000 })
    const other = await order([paying(code, { amount: 2000 })], {
      lines: [{ id: '1', sku: 'B', quantity: 1, unitPrice: 4000 }],
    })
    expect(other.status).toBe(200)
    expect((await order([paying(code, { amount: 1500 })])).json).toMatchObject({
      code: 'balance_insufficient',
      details: { asked: 1500, available: 1000 },
    })
    time.ahead += 61_000
    // Nobody swept: the order that needs it ends the hold.
    expect((await order([paying(code, { amount: 1500 })])).json.paid).toMatchObject([{ amount: 1500, left: 1500 }])
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 1500, held: 0 })
  })

  it('an order that was held and is placed with the same tenders spends what was held', async () => {
    const code = await card()
    const held = await order([paying(code)], { state: 'open', hold: { seconds: 60 } })
    const lines = [{ id: '1', sku: 'A', quantity: 4, unitPrice: 500 }]
    const body = { state: 'placed', channel: 'web', currency: 'EUR', lines, tenders: [paying(code)] }
    expect((await call('PUT', `/v1/orders/${held.json.id}`, body)).json.paid).toMatchObject([{ amount: 2000 }])
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 3000, held: 0 })
    await call('PUT', `/v1/orders/${held.json.id}`, { state: 'cancelled' })
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 5000, held: 0 })
  })

  it('a card ends with the last day it lasts; a refund to it then lasts a while longer', async () => {
    const code = await card({ days: 10 })
    const paid = await order([paying(code, { amount: 500 })])
    time.ahead += 12 * day
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 0, held: 0 })
    expect((await order([paying(code)])).json.code).toBe('gift_card_expired')
    expect((await call('POST', '/v1/gift-cards/balance', { code })).json.code).toBe('gift_card_not_usable')
    await call('POST', `/v1/orders/${paid.json.id}/returns`, { id: 'r', lines: [{ id: '1', quantity: 1 }] })
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 500, held: 0 })
    expect((await order([paying(code)])).json.paid).toMatchObject([{ amount: 500 }])
  })

  it('blocked it pays nothing and keeps what is on it', async () => {
    const code = await card()
    const blocked = (await call('POST', `/v1/gift-cards/${code}/block?reason=stolen`)).json
    expect(blocked).toMatchObject({ state: 'blocked', blockedFor: 'stolen' })
    expect((await call('GET', `/v1/gift-cards/${code}`)).json).toEqual(blocked)
    expect((await order([paying(code)])).json.code).toBe('gift_card_blocked')
    const refused = await call('POST', `/v1/gift-cards/${code}/activate`)
    expect(refused.json.code).toBe('gift_card_state_conflict')
    const { json } = await call('POST', `/v1/gift-cards/${code}/unblock`)
    expect(json).toMatchObject({ state: 'active', balance: 5000, blockedAt: null, blockedFor: null })
    await call('POST', `/v1/gift-cards/${code}/block`)
    expect((await call('GET', `/v1/gift-cards/${code}`)).json).toMatchObject({ blockedFor: 'other' })
    await call('POST', `/v1/gift-cards/${code}/unblock`)
  })

  it('the newest come first where that is asked for, page after page', async () => {
    const { data } = (await call('POST', '/v1/gift-cards', { amount: 100, count: 3 })).json
    const ids = data.map(({ id }: { id: string }) => id).sort()
    const first = (await call('GET', '/v1/gift-cards?newest=true&limit=2')).json
    const then = (await call('GET', `/v1/gift-cards?newest=true&limit=1&cursor=${first.nextCursor}`)).json
    expect([...first.data, ...then.data].map(({ id }) => id)).toEqual(ids.reverse())
  })

  describe('who only holds the code', () => {
    const known = async () => {
      const blocked = await card()
      await call('POST', `/v1/gift-cards/${blocked}/block`)
      return [blocked, await card({ active: false }), 'NOBODYS-CARD']
    }

    it('sees what is left, and one and the same answer for every card that is no good', async () => {
      const publishable = await key('publishable')
      const ask = (code: string) => call('POST', '/v1/gift-cards/balance', { code }, { key: publishable })
      expect((await ask(await card())).json).toEqual({ currency: 'EUR', balance: 5000, expiresAt: null })
      const { requestId: _, instance: __, ...first } = (await ask('NOBODYS-CARD')).json
      expect(first).toMatchObject({ code: 'gift_card_not_usable', status: 409 })
      for (const code of await known()) {
        expect((await ask(code)).json).toMatchObject(first)
        const tried = await order([paying(code)], { channel: 'web' }, { key: publishable }, '?dryRun=true')
        expect(tried.json).toMatchObject({ code: 'gift_card_not_usable' })
      }
    })

    it('is slowed down when she guesses', async () => {
      const publishable = await key('publishable')
      const guess = (index: number) =>
        call('POST', '/v1/gift-cards/balance', { code: `GUESS-${index}` }, { key: publishable })
      const answers: string[] = []
      for (let index = 0; index < 25; index += 1) answers.push((await guess(index)).json.code)
      expect(answers.filter(it => it === 'gift_card_not_usable')).toHaveLength(20)
      expect(answers.at(-1)).toBe('too_many_attempts')
    })
  })

  it('a card goes into one wallet', async () => {
    const code = await card()
    const keep = (person: string) => call('POST', '/v1/gift-cards/keep', { code, person })
    expect((await keep('email:ana@example.com')).json).toEqual({ currency: 'EUR', balance: 5000, expiresAt: null })
    expect((await keep('email:ANA@example.com')).status).toBe(200)
    expect((await keep('email:ben@example.com')).json.code).toBe('gift_card_of_another')
    const { json } = await call('GET', `/v1/gift-cards/${code}`)
    expect(json.person).toBe((await call('GET', '/v1/people/email:ana@example.com')).json.id)
  })

  it('a card in a wallet pays its holder’s order by its id, at a till too, and nobody else’s', async () => {
    const code = await card()
    const person = 'email:gina@example.com'
    await call('POST', '/v1/gift-cards/keep', { code, person })
    const [{ id }] = (await call('GET', `/v1/people/${person}/wallet`)).json.giftCards
    const byId = { type: 'giftCard', card: id }
    const till = { key: await key('till', { channel: 'store', location: 'store-5' }) }
    for (const fields of [{}, { person: 'email:ben@example.com' }]) {
      const refused = await order([byId], { channel: 'store', ...fields }, till)
      expect(refused.json).toMatchObject({ code: 'tender_not_payable', details: { type: 'giftCard' } })
    }
    const paid = await order([byId], { channel: 'store', person }, till)
    expect(paid.json).toMatchObject({ paid: [{ type: 'giftCard', card: id, amount: 2000, left: 3000 }], due: 0 })
    const publishable = { key: await key('publishable', { channel: 'web' }) }
    const anonymous = 'anonymousId:of-gina'
    await call('POST', '/v1/people/links', { a: person, b: anonymous })
    const browser = await order([byId], { state: 'open', person: anonymous }, publishable, '?dryRun=true')
    expect(browser.json).toMatchObject({ code: 'tender_not_payable' })
    expect((await order([{ ...byId, code }], { person })).json.code).toBe('invalid_input')
    expect(await stateOf(code)).toEqual({ state: 'active', balance: 3000, held: 0 })
  })

  it('credit that somebody was given pays, of all that she goes by', async () => {
    const person = 'email:carla@example.com'
    for (const [path, body] of [
      ['/v1/credits', { person, amount: 700, currency: 'ZZZ', reason: 'goodwill' }],
      ['/v1/gift-cards', { amount: 700, currency: 'ZZZ' }],
    ] as const) {
      const { status, json } = await call('POST', path, body)
      expect([status, json.errors]).toEqual([400, [{ pointer: '/currency', message: 'is no currency of ISO 4217' }]])
    }
    const given = await call('POST', '/v1/credits', { person, amount: 700, currency: 'EUR', reason: 'goodwill' })
    expect(given.status).toBe(201)
    expect(given.json).toMatchObject({ amount: 700, balance: 700, reason: 'goodwill', expiresAt: null })
    await call('POST', '/v1/people/links', { a: person, b: 'loyaltyCard:77' })
    const more = await call('POST', '/v1/credits', { person: 'loyaltyCard:77', amount: 300, reason: 'goodwill' })
    expect(more.json).toMatchObject({ person: given.json.person, balance: 1000 })
    const paid = await order([{ type: 'credit' }], { person })
    expect(paid.json).toMatchObject({ paid: [{ type: 'credit', amount: 1000, left: 0 }], due: 1000 })
    const last = await order([{ type: 'credit', amount: 1 }], { person })
    expect(last.json).toMatchObject({ code: 'balance_insufficient', details: { available: 0 } })
  })

  it('cashback waits for the return window, pays, and goes with what comes back', async () => {
    const benefit = { kind: 'cashback', percent: 10, pending: { days: 14 } }
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, benefit })
    const person = 'email:dora@example.com'
    const first = await order([{ type: 'card' }], { person })
    expect(first.json).toMatchObject({ cashback: [{ offer, amount: 200, state: 'pending' }] })
    expect((await order([{ type: 'cashback', amount: 1 }], { person })).json.code).toBe('balance_insufficient')
    const back = { lines: [{ id: '1', quantity: 1 }] }
    const early = await call('POST', `/v1/orders/${first.json.id}/returns`, { id: 'r1', ...back })
    expect(early.json.cashbackBack).toEqual([{ offer, amount: 50 }])
    time.ahead += 15 * day
    const next = await order([{ type: 'cashback' }], { person })
    expect(next.json).toMatchObject({ paid: [{ type: 'cashback', amount: 150, left: 0 }], due: 1850 })
    const late = await call('POST', `/v1/orders/${first.json.id}/returns`, { id: 'r2', ...back })
    expect(late.json.cashbackBack).toEqual([{ offer, amount: 0, short: 50 }])
    await call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
    const cancelled = await call('PUT', `/v1/orders/${next.json.id}`, { state: 'cancelled' })
    expect(cancelled.status).toBe(200)
  })

  test.each([
    ['no money', { amount: 0 }],
    ['two ends', { amount: 1, days: 3, expiresAt: '2030-01-01T00:00:00Z' }],
    ['both codes and a count', { amount: 1, count: 2, codes: ['A', 'B'] }],
  ])('a card with %s is no card', async (_name, body) => {
    expect((await call('POST', '/v1/gift-cards', body)).json.code).toBe('invalid_input')
  })
})
