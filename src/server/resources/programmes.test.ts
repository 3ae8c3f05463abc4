import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'
import { decideLocally } from '../../sdk/browser.ts'

const stores = ['pglite', 'postgres'] as const
const day = 86_400_000

describe.each(stores)('programmes on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  let count = 0
  const call: TestServer['call'] = (...args) => server.call(...args)
  const next = (): number => {
    count += 1
    return count
  }
  /** A programme and an offer of a point for each whole euro. */
  const programme = async (terms: object = {}, offer: object = {}): Promise<string> => {
    const id = `club-${next()}`
    const made = await call('PUT', `/v1/programmes/${id}`, { name: 'Club', ...terms })
    expect(made.status).toBe(200)
    const benefit = { kind: 'points', programme: id, per: { amount: 100, currency: 'EUR', points: 1 } }
    await makeOffer(server, { trigger: { on: 'basket' }, benefit, ...offer })
    return id
  }
  const someone = () => `userId:somebody-${next()}`
  const join = (
    id: string,
    ref: string,
    body: object = {},
    options: { key?: string; headers?: Record<string, string> } = {},
  ) => call('PUT', `/v1/programmes/${id}/members/${encodeURIComponent(ref)}`, body, options)
  const buy = (person: string, fields: object = {}, query = '') =>
    call('PUT', `/v1/orders/order-${next()}${query}`, {
      state: 'placed',
      channel: 'web',
      currency: 'EUR',
      person,
      lines: [{ id: '1', sku: 'A', quantity: 4, unitPrice: 1050 }],
      ...fields,
    })
  const earnedIn = (answer: { json: { earned?: { programme: string }[] } }, id: string) =>
    answer.json.earned?.find(it => it.programme === id)

  /** What of a programme somebody can spend, and what is pending. */
  const holds = async (id: string, ref: string): Promise<readonly [number, number]> => {
    const { json } = await call('GET', `/v1/people/${encodeURIComponent(ref)}/wallet`)
    const { balance, pending } = json.programmes.find((it: { programme: string }) => it.programme === id)
    return [balance, pending.amount]
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  })

  it('whoever is sent a link joins by it when she says yes, once, and nobody by looking at it', async () => {
    const id = await programme({ join: { terms: '2026-03' } })
    const { offer } = await makeOffer(server, {
      trigger: { on: 'event', event: 'Programme Joined' },
      when: `event.properties.programme == '${id}' && event.properties.source == 'newsletter'`,
      benefit: { kind: 'points', programme: id, fixed: 50 },
    })
    expect(offer).toMatch(/^off_/)
    const ref = `email:joiner-${next()}@example.com`
    await call('POST', '/v1/identify', { traits: { email: ref.slice(6) }, userId: ref.slice(6) })
    const made = await call('POST', `/v1/programmes/${id}/join-links`, { person: ref, source: 'newsletter' })
    expect([made.status, made.json.path]).toEqual([201, expect.stringMatching(/^\/j\/default\./)])
    const page = async (method: 'GET' | 'POST'): Promise<string> => {
      const body = method === 'POST' ? { body: new URLSearchParams({ action: 'join' }) } : {}
      const answer = await fetch(`${server.url}${made.json.path}`, { method, ...body })
      expect(answer.status).toBe(200)
      return answer.text()
    }
    const member = () => call('GET', `/v1/programmes/${id}/members/${encodeURIComponent(ref)}`)
    const asked = await page('GET')
    expect(asked).toContain('<form method="post">')
    expect(asked).toContain('2026-03')
    expect((await member()).json.code).toBe('member_not_found')
    expect(await page('POST')).toContain('You are a member of Club.')
    expect((await member()).json).toMatchObject({ source: 'newsletter', terms: '2026-03', leftAt: null })
    expect(await holds(id, ref)).toEqual([50, 0])
    expect(await page('POST')).toContain('You are a member of Club already.')
    expect(await holds(id, ref)).toEqual([50, 0])
    await call('PUT', `/v1/programmes/${id}`, { name: 'Club', state: 'ended' })
    expect(await page('POST')).toContain('Club takes no new members.')
    expect((await call('POST', `/v1/programmes/${id}/join-links`, { person: ref })).json.code).toBe('programme_ended')
    const unknown = await call('POST', '/v1/programmes/nowhere/join-links', { person: ref })
    expect(unknown.json.code).toBe('programme_not_found')
  })

  it('whoever joined earns with her next order, and the answer shows it', async () => {
    const id = await programme({ join: { terms: '2026-03', thanks: 'Welcome!' } })
    const ref = someone()
    const joined = await join(id, ref, { source: 'till' })
    expect(joined.json).toMatchObject({
      programme: id,
      source: 'till',
      terms: '2026-03',
      leftAt: null,
      thanks: 'Welcome!',
    })
    expect((await join(id, ref, { source: 'web' })).json).toMatchObject({ source: 'till' })
    const order = await buy(ref)
    expect(earnedIn(order, id)).toMatchObject({ points: 42, state: 'active' })
    const back = await call('POST', `/v1/orders/${order.json.id}/returns`, {
      id: 'r',
      lines: [{ id: '1', quantity: 1 }],
    })
    expect(back.json.pointsBack).toEqual([{ programme: id, points: 11 }])
    const member = await call('GET', `/v1/programmes/${id}/members/${encodeURIComponent(ref)}`)
    expect(member.json).toMatchObject({ person: joined.json.person, source: 'till' })
    const { json } = await call('GET', `/v1/programmes/${id}/members`)
    expect(json.data).toMatchObject([{ person: joined.json.person, leftAt: null }])
  })

  it('a till that is offline says what the order would earn, as the server does', async () => {
    const id = await programme({ pending: { days: 14 }, expiry: { kind: 'after', months: 12 } })
    const [member, other] = [someone(), someone()]
    await join(id, member)
    const all = async (path: string) => (await call('GET', `${path}?limit=1000`)).json.data
    const offers = (await all('/v1/offers')).filter(
      (it: { benefit: { programme?: string } }) => it.benefit.programme === id,
    )
    const known = {
      campaigns: await all('/v1/campaigns'),
      offers,
      programmes: [(await call('GET', `/v1/programmes/${id}`)).json],
    }
    const order = { channel: 'web', currency: 'EUR', lines: [{ id: '1', sku: 'A', quantity: 4, unitPrice: 1050 }] }
    for (const [ref, programmes] of [
      [member, [id]],
      [other, []],
    ] as const) {
      const { json } = await buy(ref, {}, '?dryRun=true')
      const workspace = { currency: 'EUR', timeZone: 'UTC' }
      const local = decideLocally({
        ...known,
        at: new Date(Date.now() + time.ahead).toISOString(),
        workspace,
        person: { programmes: [...programmes] },
        order,
      })
      expect(local.earned).toEqual(earnedIn({ json }, id) && [earnedIn({ json }, id)])
      const ofIt = (refused: readonly { offer?: string }[]) => refused.filter(it => it.offer === offers[0].id)
      expect(ofIt(local.refused)).toEqual(ofIt(json.refused))
    }
  })

  it('keeps every version, and makes none where nothing changes', async () => {
    const id = await programme({ rounding: 'up' })
    const same = await call('PUT', `/v1/programmes/${id}`, { name: 'Club', rounding: 'up' })
    expect(same.json).toMatchObject({ version: 1, state: 'live', rounding: 'up' })
    const other = await call('PUT', `/v1/programmes/${id}`, { name: 'Club', rounding: 'down', state: 'paused' })
    expect(other.json).toMatchObject({ version: 2, state: 'paused' })
    const { json } = await call('GET', `/v1/programmes/${id}/versions`)
    expect(json.data.map((it: { version: number; rounding: string }) => [it.version, it.rounding])).toEqual([
      [1, 'up'],
      [2, 'down'],
    ])
    expect((await call('GET', `/v1/programmes/${id}`)).json).toMatchObject({ version: 2, state: 'paused' })
    expect((await call('GET', '/v1/programmes?limit=1000')).json.data.map((it: { id: string }) => it.id)).toContain(id)
  })

  it('the programme and the offers of the guide are taken, and a Monday gives what it says', async () => {
    const guide = readFileSync(new URL('../../../docs/guide/points.md', import.meta.url), 'utf8')
    const block = (name: string) => JSON.parse(new RegExp(`\`\`\`json ${name}\\n([^\`]+)\`\`\``).exec(guide)![1]!)
    expect((await call('PUT', '/v1/programmes/club', block('programme'))).status).toBe(200)
    for (const offer of block('offers')) await makeOffer(server, { ...offer, state: 'live' })
    const ref = someone()
    expect((await join('club', ref)).json).toMatchObject({ thanks: 'Welcome to the club!', terms: '2026-03' })
    const lines = [
      { id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 },
      { id: '2', sku: 'BREAD', quantity: 1, unitPrice: 380 },
    ]
    // 2 March 2026 is a Monday: 12.80 and 9.00 again.
    const order = await buy(ref, { lines, occurredAt: '2026-03-02T10:00:00Z' })
    expect(earnedIn(order, 'club')).toMatchObject({ points: 21, activeAt: null, expiresAt: '2027-03-03T00:00:00.000Z' })
    expect(earnedIn(await buy(ref, { lines, occurredAt: '2026-03-03T10:00:00Z' }), 'club')).toMatchObject({
      points: 12,
    })
    for (const messageId of ['r1', 'r2', 'r3', 'r4'])
      await call('POST', '/v1/track', {
        messageId: `${ref} ${messageId}`,
        userId: ref.slice('userId:'.length),
        event: 'Product Reviewed',
      })
    // A hundred to begin with and at most sixty for reviews wait for 14 days; what was bought in March does not any more.
    expect(await holds('club', ref)).toEqual([33, 160])
  })

  it('names what is wrong with its terms', async () => {
    const levels = [
      { id: 'silver', name: 'Silver', threshold: 100 },
      { id: 'silver', name: 'Gold', threshold: 100 },
    ]
    const wrong = await call('PUT', '/v1/programmes/wrong', {
      name: 'Wrong',
      timeZone: 'Rome',
      rate: { points: 100, worth: { amount: 0, currency: 'XXX' } },
      pending: { days: 31 },
      expiry: { kind: 'after', days: 30 },
      returns: { maxDebt: 5 },
      leaving: { days: 5 },
      transfers: { between: 'household' },
      burning: { minimum: 10, maximum: 5 },
      tiers: { by: 'points', period: { calendar: 'year' }, levels },
    })
    expect(wrong.status).toBe(400)
    expect(wrong.json.errors.map((it: { pointer: string }) => it.pointer)).toEqual([
      '/timeZone',
      '/rate/worth/currency',
      '/rate/worth/amount',
      '/pending/days',
      '/burning/maximum',
      '/returns/maxDebt',
      '/leaving/days',
      '/transfers/between',
      '/tiers/levels/1/id',
      '/tiers/levels/1/threshold',
    ])
  })

  it('the decimals of points never change once somebody has any, and one that has ended stays so', async () => {
    const id = await programme()
    const unit = { one: 'point', many: 'points', decimals: 1 }
    expect((await call('PUT', `/v1/programmes/${id}`, { name: 'Club', unit })).status).toBe(200)
    const ref = someone()
    await join(id, ref)
    expect(earnedIn(await buy(ref), id)).toMatchObject({ points: 42 })
    const fixed = await call('PUT', `/v1/programmes/${id}`, { name: 'Club' })
    expect(fixed.json).toMatchObject({ code: 'programme_unit_fixed', details: { id, decimals: 1 } })
    await call('PUT', `/v1/programmes/${id}`, { name: 'Club', unit, state: 'ended' })
    expect((await buy(ref)).json.earned).toBeUndefined()
    expect((await call('PUT', `/v1/programmes/${id}`, { name: 'Club', unit })).json.code).toBe('programme_ended')
    expect((await join(id, someone())).json.code).toBe('programme_ended')
  })

  it('a first order makes a member where the programme says so, but nobody who has left', async () => {
    const id = await programme({ join: { on: 'firstOrder' } })
    const ref = someone()
    expect(earnedIn(await buy(ref, {}, '?dryRun=true'), id)).toMatchObject({ points: 42 })
    expect(earnedIn(await buy(ref), id)).toMatchObject({ points: 42 })
    const path = `/v1/programmes/${id}/members/${encodeURIComponent(ref)}`
    expect((await call('GET', path)).json).toMatchObject({ source: 'order' })
    expect((await call('DELETE', path)).json.leftAt).not.toBeNull()
    expect(earnedIn(await buy(ref), id)).toBeUndefined()
    expect((await call('GET', `/v1/programmes/${id}/members`)).json.data).toEqual([])
  })

  it('joining greets with points, once however often she leaves and comes back', async () => {
    const id = await programme()
    const ref = someone()
    await makeOffer(server, {
      trigger: { on: 'event', event: 'Programme Joined' },
      when: `event.properties.programme == '${id}'`,
      benefit: { kind: 'points', programme: id, fixed: 100 },
    })
    await join(id, ref)
    await call('DELETE', `/v1/programmes/${id}/members/${encodeURIComponent(ref)}`)
    await join(id, ref)
    expect(await holds(id, ref)).toEqual([100, 0])
  })

  it('points that wait for an event can be spent when it comes, in the order that it names', async () => {
    const id = await programme({
      pending: { event: 'Order Delivered', days: 30 },
      expiry: { kind: 'after', days: 365 },
    })
    const ref = someone()
    await join(id, ref)
    const [first, second] = [await buy(ref), await buy(ref)]
    expect(earnedIn(first, id)).toMatchObject({ state: 'pending', activeAt: null })
    const deliver = (order: string) =>
      call('POST', '/v1/track', {
        event: 'Order Delivered',
        userId: ref.slice('userId:'.length),
        properties: { order_id: order },
      })
    const told = await deliver(first.json.id)
    expect(told.json).toMatchObject({ stored: 1 })
    expect(await holds(id, ref)).toEqual([42, 42])
    // The other one was never delivered: after its 30 days its points are gone.
    expect(second.status).toBe(200)
    time.ahead += 31 * day
    expect(await holds(id, ref)).toEqual([42, 0])
    time.ahead -= 31 * day
  })

  it('points can be claimed at a moment, once', async () => {
    const id = await programme()
    const [ref, other] = [someone(), someone()]
    await join(id, ref)
    const { offer } = await makeOffer(server, {
      trigger: { on: 'request', moments: ['survey done'] },
      benefit: { kind: 'points', programme: id, fixed: 15 },
      limits: { perPerson: 1 },
    })
    const claim = (person: string) =>
      call('POST', '/v1/decisions', { person, channel: 'app', moment: 'survey done', claim: [offer] })
    expect((await claim(ref)).json.claimed).toMatchObject([{ gives: [{ what: 'points', programme: id, points: 15 }] }])
    expect((await claim(ref)).json.refused).toMatchObject([{ offer, reason: { code: 'limit_reached' } }])
    const [{ reason }] = (await claim(other)).json.refused
    expect([reason.code, Object.keys(reason.details)]).toEqual(['programme_not_joined', ['name']])
    expect(await holds(id, ref)).toEqual([15, 0])
  })

  it.each([
    ['of a programme that is not there', { programme: 'nowhere', fixed: 1 }, {}, '/benefit/programme'],
    ['in two ways', { fixed: 1, perUnit: 1 }, {}, '/benefit'],
    ['in none', {}, {}, '/benefit'],
    ['by the unit, for an event', { perUnit: 1 }, { trigger: { on: 'event', event: 'Product Reviewed' } }, '/benefit'],
    [
      'of what an order says, for an event',
      { fixed: 'order.subtotal' },
      { trigger: { on: 'event', event: 'Reviewed' } },
      '/benefit/fixed',
    ],
    ['to whoever asks, without end', { fixed: 1 }, { trigger: { on: 'request' } }, '/limits/perPerson'],
  ])('an offer of points %s is refused where it is made', async (_name, benefit, offer, pointer) => {
    const id = await programme()
    const campaign = (await call('POST', '/v1/campaigns', { name: 'Spring' })).json.id
    const body = {
      campaign,
      name: 'x',
      trigger: { on: 'basket' },
      ...offer,
      benefit: { kind: 'points', programme: id, ...benefit },
    }
    const { status, json } = await call('POST', '/v1/offers', body)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(json.errors.map((it: { pointer: string }) => it.pointer)).toEqual([pointer])
  })

  it('a browser lets its own person join and leave, and nobody else', async () => {
    const id = await programme()
    const { json: key } = await call('POST', '/v1/keys', { name: 'shop', scope: 'publishable' })
    const ref = someone()
    const minted = await call('POST', '/v1/person-tokens', { person: ref })
    expect(minted.status).toBeLessThan(300)
    const own = { key: key.key, headers: { 'tessera-person-token': minted.json.token } }
    expect((await join(id, ref, {}, own)).json).toMatchObject({ source: 'web', leftAt: null })
    expect((await join(id, someone(), {}, own)).json.code).toBe('forbidden')
    expect((await join(id, ref, {}, { key: key.key })).json.code).toBe('forbidden')
    expect((await join(id, ref, { joinedAt: '2020-01-01T00:00:00Z' }, own)).json.code).toBe('forbidden')
  })
})

describe('two processes on one PostgreSQL', () => {
  it('greet whoever joins by two of her identifiers at once, once; and all that she buys earns', async () => {
    const one = await serve('postgres')
    const other = await serve('postgres', { databaseUrl: one.databaseUrl! })
    const servers = [one, other]
    const call: TestServer['call'] = (...args) => one.call(...args)
    const points = { kind: 'points', programme: 'club' }
    for (const id of ['club', 'plain']) await call('PUT', `/v1/programmes/${id}`, { name: id })
    await makeOffer(one, {
      trigger: { on: 'basket' },
      benefit: { ...points, perUnit: 1, cap: { points: 25, period: 'month' } },
    })
    await makeOffer(one, { trigger: { on: 'event', event: 'Programme Joined' }, benefit: { ...points, fixed: 100 } })
    const people = Array.from({ length: 8 }, (_, index) => [`userId:u${index}`, `loyaltyCard:c${index}`] as const)
    for (const [a, b] of people) await call('POST', '/v1/people/links', { a, b })
    const at = (index: number) => servers[index % 2]!
    // Both know the catalogue, so that they are as fast as each other.
    for (const { call } of servers) await call('PUT', '/v1/programmes/club/members/userId:first', {})
    const joins = ['plain', 'club'].flatMap(id =>
      people.flatMap(refs =>
        refs.map((ref, index) => () => at(index).call('PUT', `/v1/programmes/${id}/members/${ref}`, {})),
      ),
    )
    for (const { status } of await Promise.all(joins.map(it => it()))) expect(status).toBe(200)
    for (const id of ['plain', 'club'])
      expect((await call('GET', `/v1/programmes/${id}/members`)).json.data).toHaveLength(
        people.length + Number(id === 'club'),
      )
    const orders = people.flatMap(([ref], person) =>
      Array.from(
        { length: 10 },
        (_, index) => () =>
          at(index).call('PUT', `/v1/orders/o-${person}-${index}`, {
            state: 'placed',
            channel: 'web',
            person: ref,
            lines: [{ id: '1', sku: 'A', quantity: 3, unitPrice: 100 }],
          }),
      ),
    )
    for (const { status } of await Promise.all(orders.map(it => it()))) expect(status).toBe(200)
    for (const [, card] of people) {
      const { json } = await call('GET', `/v1/people/${card}/wallet`)
      expect(json.programmes).toMatchObject([
        { programme: 'club', balance: 125 },
        { programme: 'plain', balance: 0 },
      ])
    }
  })
})
