import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from './server.ts'

/** Each of these won something, told something, or broke something once. */
describe.each(['pglite', 'postgres'] as const)('whoever tries to get value for nothing, on %s', store => {
  let server: TestServer
  let now = Date.parse('2026-03-02T10:00:00.000Z')
  let count = 0
  const call: TestServer['call'] = (...args) => server.call(...args)
  const next = (name: string): string => {
    count += 1
    return `${name}-${count}`
  }
  const key = async (scope: string): Promise<{ id: string; key: string }> =>
    (await call('POST', '/v1/keys', { name: scope, scope })).json

  beforeAll(async () => {
    server = await serve(store, { clock: () => now })
  })

  /** A programme of 1 point for a cent that is worth a cent, and members of it. */
  const club = async (terms: object, ...names: readonly string[]) => {
    const id = next('club')
    const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
    expect((await call('PUT', `/v1/programmes/${id}`, { name: 'Club', rate, ...terms })).status).toBeLessThan(300)
    await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `order.id.startsWith('${id}')`,
      benefit: { kind: 'points', programme: id, per: { amount: 1, currency: 'EUR', points: 1 } },
    })
    const ref = (name: string) => `userId:${id}-${name}`
    for (const name of names) await call('PUT', `/v1/programmes/${id}/members/${ref(name)}`, {})
    const put = (
      order: string,
      name: string,
      total: number,
      fields: object = {},
      options: Parameters<typeof call>[3] = {},
      query = '',
    ) => {
      const lines = [{ id: '1', sku: 'A', quantity: 1, unitPrice: total }]
      const body = { person: ref(name), channel: 'web', currency: 'EUR', state: 'placed', lines, ...fields }
      return call('PUT', `/v1/orders/${order}${query}`, body, options)
    }
    const buy = async (name: string, total: number, fields: object = {}): Promise<string> => {
      const { status, json, text } = await put(`${id}-${next('o')}`, name, total, fields)
      expect([status, text]).toEqual([200, expect.any(String)])
      return json.id
    }
    const back = (order: string) =>
      call('POST', `/v1/orders/${order}/returns`, { id: next('r'), lines: [{ id: '1', quantity: 1 }] })
    const has = async (name: string) => {
      const { programmes } = (await call('GET', `/v1/people/${ref(name)}/wallet`)).json
      const { balance, held } = programmes.find((it: { programme: string }) => it.programme === id)
      return { balance, held }
    }
    const give = (from: string, to: string, points: number, options: Parameters<typeof call>[3] = {}, query = '') =>
      call('POST', `/v1/transfers${query}`, { from, to, programme: id, points }, options)
    return { id, ref, put, buy, back, has, give, paying: [{ type: 'points', programme: id }] }
  }
  const card = async (): Promise<string> =>
    (await call('POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', active: true })).json.data[0].code

  describe('points of goods that are back', () => {
    it.each<[string, (shop: Awaited<ReturnType<typeof club>>, held: string) => Promise<unknown>]>([
      ['is asked for again without a hold', (shop, held) => shop.put(held, 'eve', 1000, { state: 'open' })],
      ['is cancelled', (_, held) => call('PUT', `/v1/orders/${held}`, { state: 'cancelled' })],
      [
        'runs out',
        async shop => {
          now += 601_000
          await shop.put(next('late'), 'eve', 1, { state: 'open', tenders: shop.paying })
        },
      ],
    ])('are not saved by an open order that holds them and then %s', async (_, end) => {
      const shop = await club({}, 'eve')
      const bought = await shop.buy('eve', 1000)
      const held = next('held')
      const hold = { state: 'open', hold: { seconds: 600 }, tenders: shop.paying }
      expect((await shop.put(held, 'eve', 1000, hold)).json.due).toBe(0)
      expect((await shop.back(bought)).json.pointsBack).toEqual([{ programme: shop.id, points: 0, short: 1000 }])
      expect(await shop.has('eve')).toEqual({ balance: 0, held: 1000 })
      await end(shop, held)
      expect(await shop.has('eve')).toEqual({ balance: 0, held: 0 })
    })

    it('are not won by paying for other goods that come back, too; what was honestly earned stays', async () => {
      const shop = await club({}, 'eve')
      await shop.buy('eve', 50)
      const bought = await shop.buy('eve', 1000)
      const second = await shop.buy('eve', 1050, { tenders: shop.paying })
      await shop.back(bought)
      const { json } = await shop.back(second)
      expect(json.refunds).toEqual([{ type: 'points', programme: shop.id, amount: 1050, points: 1050 }])
      expect(await shop.has('eve')).toEqual({ balance: 50, held: 0 })
    })

    it('pay no order again: its own hold counts for what would be left of it', async () => {
      const shop = await club({}, 'eve')
      const bought = await shop.buy('eve', 1000)
      const held = next('held')
      const hold = { state: 'open', hold: { seconds: 600 }, tenders: shop.paying }
      await shop.put(held, 'eve', 1000, hold)
      await shop.back(bought)
      expect((await shop.put(held, 'eve', 900, hold)).json).toMatchObject({ due: 900, paid: [{ points: 0 }] })
    })

    it('are taken once, whoever audits', async () => {
      const { id } = (await call('POST', '/v1/audits')).json
      await expect
        .poll(async () => (await call('GET', '/v1/audits')).json.data.find((it: { job: string }) => it.job === id), {
          timeout: 20_000,
        })
        .toMatchObject({ state: 'done', found: 0 })
    })
  })

  it('a card that is blocked while an order holds it pays nothing', async () => {
    const shop = await club({}, 'eve')
    const code = await card()
    const tenders = [{ type: 'giftCard', code }]
    const held = next('held')
    await shop.put(held, 'eve', 1000, { state: 'open', hold: { seconds: 600 }, tenders })
    await call('POST', `/v1/gift-cards/${code}/block`)
    expect((await shop.put(held, 'eve', 1000, { tenders })).json.code).toBe('gift_card_blocked')
    expect((await call('GET', `/v1/gift-cards/${code}`)).json).toMatchObject({ state: 'blocked', balance: 4000 })
  })

  it('a browser that only says who she is learns no balance, one with her token does', async () => {
    const shop = await club({}, 'ana')
    await shop.buy('ana', 700)
    await call('POST', '/v1/people/links', { a: shop.ref('ana'), b: `anonymousId:${shop.id}` })
    await call('POST', '/v1/credits', { person: shop.ref('ana'), amount: 777, currency: 'EUR', reason: 'goodwill' })
    const web = (await key('publishable')).key
    const tenders = [...shop.paying, { type: 'credit' }]
    const look = (headers: Record<string, string>) => {
      const order = { person: `anonymousId:${shop.id}`, tenders }
      return shop.put(next('spy'), 'ana', 1000, order, { key: web, headers }, '?dryRun=true')
    }
    expect((await look({})).json).toMatchObject({
      due: 1000,
      paid: [{ points: 0, left: 0 }, { left: 0 }],
    })
    const { token } = (await call('POST', '/v1/person-tokens', { person: shop.ref('ana'), seconds: 60 })).json
    expect((await look({ 'tessera-person-token': token })).json).toMatchObject({
      due: 0,
      paid: [{ points: 700 }, { left: 477 }],
    })
  })

  it('an order of all the money there is, and another, earn no more than can be counted', async () => {
    const shop = await club({}, 'eve')
    await shop.buy('eve', Number.MAX_SAFE_INTEGER)
    await shop.buy('eve', Number.MAX_SAFE_INTEGER)
    expect(await shop.has('eve')).toEqual({ balance: 2_000_000_000_000, held: 0 })
  })

  it('an adjustment of all the points there are is a mistake of the caller, up and down', async () => {
    const shop = await club({}, 'ana')
    for (const amount of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]) {
      const body = { person: shop.ref('ana'), programme: shop.id, amount, reason: 'goodwill' }
      const { status, json } = await call('POST', '/v1/adjustments', body)
      expect([status, json.errors[0].pointer]).toEqual([400, '/amount'])
    }
  })

  it('giving a point at a time saves no fee', async () => {
    const shop = await club({ transfers: { between: 'anyone', feePercent: 10, minimumAgeDays: 0 } }, 'ana', 'ben')
    await shop.buy('ana', 100)
    const fees: number[] = []
    for (let given = 0; given < 20; given += 1)
      fees.push((await shop.give(shop.ref('ana'), shop.ref('ben'), 1)).json.fee)
    expect(fees.reduce((sum, it) => sum + it, 0)).toBe(2)
    expect(await shop.has('ben')).toEqual({ balance: 18, held: 0 })
    expect((await shop.give(shop.ref('ana'), shop.ref('ben'), 15)).json).toMatchObject({ fee: 1, received: 14 })
  })

  it('a browser that asks for many strangers has to wait', async () => {
    const shop = await club({ transfers: { between: 'anyone', minimumAgeDays: 0 } }, 'ana', 'ben')
    await shop.buy('ana', 100)
    const { token } = (await call('POST', '/v1/person-tokens', { person: shop.ref('ana'), seconds: 60 })).json
    const options = { key: (await key('publishable')).key, headers: { 'tessera-person-token': token } }
    const ask = (to: string) => shop.give(shop.ref('ana'), to, 1, options, '?dryRun=true')
    for (let guess = 0; guess < 20; guess += 1) expect((await ask(`email:${guess}@example.com`)).status).toBe(404)
    expect((await ask('email:21@example.com')).json.code).toBe('too_many_attempts')
    expect((await ask(shop.ref('ben'))).json.code).toBe('too_many_attempts')
  })

  describe('a second person', () => {
    const setting = async () => {
      const shop = await club({}, 'eve')
      const secondPersonAbove = { [`points:${shop.id}`]: 10 }
      await call('PATCH', '/v1/workspaces/default', { adjustments: { secondPersonAbove } })
      const hers = await key('secret')
      const propose = async (): Promise<string> => {
        const adjustment = { person: shop.ref('eve'), programme: shop.id, amount: 5000, reason: 'goodwill' }
        const { json } = await call('POST', '/v1/adjustments', adjustment, { key: hers.key })
        expect(json.state).toBe('proposed')
        return json.id
      }
      const approve = async (id: string, by: string) => {
        const { status, json } = await call('POST', `/v1/adjustments/${id}/approve`, undefined, { key: by })
        return status === 200 ? json.state : json.code
      }
      return { hers, propose, approve }
    }

    it('is not whoever made herself a key beforehand, nor two of her keys', async () => {
      const { hers, propose, approve } = await setting()
      const make = async (by: string) =>
        (await call('POST', '/v1/keys', { name: 'mine', scope: 'secret' }, { key: by })).json.key as string
      const second = await make(hers.key)
      const grandchild = await make(await make(hers.key))
      const other = (await key('secret')).key
      now += 1000
      const id = await propose()
      expect(await approve(id, second)).toBe('second_person_needed')
      expect(await approve(id, grandchild)).toBe('second_person_needed')
      expect(await approve(id, other)).toBe('booked')
    })

    it('is not whoever replaces the key of somebody else', async () => {
      const { hers, propose, approve } = await setting()
      const other = await key('secret')
      now += 1000
      const id = await propose()
      const taken = (await call('POST', `/v1/keys/${other.id}/rotate`, {}, { key: hers.key })).json.key
      expect(await approve(id, taken)).toBe('second_person_needed')
    })

    it('stays who she is when her own key is replaced', async () => {
      const { propose, approve } = await setting()
      const other = await key('secret')
      now += 1000
      const id = await propose()
      const renewed = (await call('POST', `/v1/keys/${other.id}/rotate`, {}, { key: other.key })).json.key
      expect(await approve(id, renewed)).toBe('booked')
    })
  })

  const cursor = (text: string): string => Buffer.from(text).toString('base64url')
  it.each([
    '/v1/accounts?owner=a%00b',
    '/v1/accounts?person=userId:a%00b',
    '/v1/accounts?asset=points:%00&owner=hol_1',
    '/v1/accounts/hol_1/points:%00/main',
    '/v1/accounts/a%00b/points:club/main/postings',
    `/v1/accounts/house/points:club/earned/postings?cursor=${cursor('1 a 9999999999 1')}`,
    '/v1/gift-cards/a%00b',
    '/v1/people/userId:a%00b/wallet',
    '/v1/programmes/club-1/members?cursor=%00',
    `/v1/programmes/club-1/versions?cursor=${cursor('1e300')}`,
    `/v1/programmes/club-1/versions?cursor=${cursor('-5.5')}`,
    '/v1/reports/liability?from=0001-01',
    '/v1/reports/liability?from=1900-01',
    '/v1/reports/liability?to=2199-12',
    '/v1/reports/liability?to=9999-12',
  ])('%s is a mistake of the caller', async path => {
    expect(await call('GET', path)).toMatchObject({ status: 400, json: { code: 'invalid_input' } })
  })

  it('nothing is booked before there was money, nor closed', async () => {
    const shop = await club({}, 'eve')
    const adjustment = { person: shop.ref('eve'), programme: shop.id, amount: 5, reason: 'goodwill' }
    const effectiveAt = '0001-01-01T00:00:00Z'
    expect((await call('POST', '/v1/adjustments', { ...adjustment, effectiveAt })).status).toBe(400)
    expect((await call('POST', '/v1/closings', { period: '0001-01' })).status).toBe(400)
  })
})
