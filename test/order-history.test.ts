import { beforeAll, describe, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

const day = (n: number): string => `2026-03-0${n}T09:00:00.000Z`
const ana = 'email:ana@example.com'

describe.each(['postgres', 'pglite'] as const)('orders that were, on %s', store => {
  let server: TestServer
  let [coffee, points] = ['', '']
  const get = async (path: string) => (await server.call('GET', path)).json
  const ids = async (query: string): Promise<string[]> =>
    (await get(`/v1/orders?${query}`)).data.map((order: { id: string }) => order.id)

  beforeAll(async () => {
    server = await serve(store)
    const { call } = server
    const percent = { benefit: { kind: 'percentOff', percent: 20 }, name: 'A fifth' }
    coffee = (await makeOffer(server, percent)).offer
    await call('POST', `/v1/offers/${coffee}/codes`, { codes: ['FIFTH'], shared: true })
    await call('POST', `/v1/offers/${coffee}/codes`, { codes: ['ANA-1'] })
    await call('PUT', '/v1/programmes/club', { name: 'Club', returns: { earned: 'unlimited' } })
    const earn = { trigger: { on: 'basket' }, benefit: { kind: 'points', programme: 'club', fixed: 7 } }
    points = (await makeOffer(server, { ...earn, name: 'Seven' })).offer
    await call('PUT', `/v1/programmes/club/members/${ana}`, {})
    const put = (id: string, body: object) =>
      call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', lines: [latte], ...body })
    await put('o-1', { occurredAt: day(1), person: ana, codes: ['FIFTH'] })
    await put('o-2', { occurredAt: day(2), channel: 'store', location: 'store-12' })
    await put('o-3', { occurredAt: day(2), person: 'email:ben@example.com', codes: ['FIFTH', 'NONE'] })
    await put('o-4', { occurredAt: day(4), person: ana, codes: ['ANA-1'] })
    await put('o-5', { occurredAt: day(5), state: 'open' })
    await call('POST', '/v1/identify', { userId: 'u-1', traits: { email: 'ana@example.com', name: 'Ana Rossi' } })
    const told = { event: 'Order Completed', messageId: 'm-1', timestamp: day(1) }
    await call('POST', '/v1/track', { ...told, userId: 'u-1', properties: { order_id: 'o-1', total: 7.2 } })
    await call('POST', '/v1/orders/o-1/returns', { id: 'back', lines: [{ id: '1', quantity: 1 }] })
  })

  it.each([
    ['all', '', 'o-5 o-4 o-3 o-2 o-1'],
    ['somebody’s', `person=${ana}`, 'o-4 o-1'],
    ['of a channel', 'channel=store', 'o-2'],
    ['of a store', 'location=store-12', 'o-2'],
    ['in a state', 'state=open', 'o-5'],
    ['in a time', `from=${day(2)}&to=${day(4)}`, 'o-3 o-2'],
    ['that used a shared code', 'code=fifth', 'o-3 o-1'],
    ['that used a code of one’s own', 'code=ANA1', 'o-4'],
    ['of a code that nobody used', 'code=NONE', ''],
    ['of several filters', `code=FIFTH&person=${ana}`, 'o-1'],
  ])('are listed, the newest first: %s', async (_, query, expected) => {
    expect((await ids(query)).join(' ')).toBe(expected)
  })

  it('are listed by the offer that they used', async () => {
    expect((await ids(`offer=${coffee}`)).join(' ')).toBe('o-4 o-3 o-1')
    expect((await ids(`offer=${points}`)).join(' ')).toBe('o-4 o-1')
    expect((await ids(`offer=${coffee}&channel=store`)).join(' ')).toBe('')
  })

  it.each(['', 'code=FIFTH', `person=${ana}`])('come page by page as on one page: %s', async query => {
    const paged: string[] = []
    for (let cursor: string | null = ''; cursor !== null && paged.length < 9; ) {
      const page: { data: { id: string }[]; nextCursor: string | null } = await get(
        `/v1/orders?${query}&limit=1${cursor && `&cursor=${cursor}`}`,
      )
      paged.push(...page.data.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(await ids(query))
    expect(paged.length).toBeGreaterThan(1)
  })

  it('say what they cost, what came back and what they used', async () => {
    expect((await get(`/v1/orders?person=${ana}&to=${day(2)}`)).data).toMatchObject([
      {
        id: 'o-1',
        state: 'placed',
        personName: 'Ana Rossi',
        totals: { subtotal: 900, discount: 180, shipping: 0, total: 720 },
        refunded: 360,
        uses: expect.arrayContaining([{ offer: coffee, code: 'FIFTH', amount: 180, state: 'redeemed' }]),
        at: day(1),
      },
    ])
  })

  it('tell their story: winners and losers, the basket, the uses, the returns and what was posted', async () => {
    const story = await get('/v1/orders/o-3/story')
    expect(story.personName).toBeNull()
    expect(story.order.refused[0]).toMatchObject({ code: 'NONE', reason: { code: 'code_unknown' } })
    expect(story.offers).toContainEqual(expect.objectContaining({ offer: points, version: null, outcome: 'refused' }))
    expect(story.basket).toMatchObject({ codes: ['FIFTH', 'NONE'], lines: [{ sku: 'LATTE' }] })
    const till = { name: 'Till', scope: 'till', channel: 'store', location: 'store-12' }
    const { key } = (await server.call('POST', '/v1/keys', till)).json
    // A till sees what was sold, and not who bought or what was posted.
    expect((await server.call('GET', '/v1/orders/o-3/basket', undefined, { key })).json).toEqual(story.basket)
    expect((await server.call('GET', '/v1/orders/o-3/story', undefined, { key })).status).toBe(403)
    expect((await server.call('GET', '/v1/orders/none/basket', undefined, { key })).json.code).toBe('order_not_found')
    expect(story.offers).toContainEqual(expect.objectContaining({ offer: coffee, version: 1, outcome: 'applied' }))
    const told = await get('/v1/orders/o-1/story')
    expect(told.returns).toMatchObject([{ id: 'back', refund: 360 }])
    expect(told.transactions.map((it: { kind: string }) => it.kind)).toContain('earn')
    for (const { postings } of told.transactions)
      expect(postings.reduce((sum: number, it: { amount: number }) => sum + it.amount, 0)).toBe(0)
    expect(told.uses).toContainEqual(expect.objectContaining({ offer: coffee, amount: 180, returned: 90 }))
  })

  it('name the events that tell of them, also those of another identifier of the buyer', async () => {
    const { events } = await get('/v1/orders/o-1/story')
    expect(events).toEqual([{ id: 'm-1', name: 'Order Completed', channel: null, at: day(1) }])
    expect(await get('/v1/events/m-1')).toMatchObject({
      id: 'm-1',
      kind: 'track',
      name: 'Order Completed',
      personName: 'Ana Rossi',
      order: 'o-1',
      occurredAt: day(1),
      properties: { order_id: 'o-1', total: 7.2 },
    })
    expect((await get('/v1/orders/o-3/story')).events).toEqual([])
  })

  it('and decisions of moments are answered as they were', async () => {
    const asked = { person: ana, channel: 'app', moment: 'home', record: true }
    const { id } = (await server.call('POST', '/v1/decisions', asked)).json
    expect(await get(`/v1/decisions/${id}`)).toMatchObject({
      id,
      kind: 'request',
      cause: 'home',
      shown: true,
      personName: 'Ana Rossi',
    })
  })

  it('refuse a cursor that no page gave', async () => {
    expect((await get('/v1/orders?cursor=YQ')).code).toBe('invalid_input')
  })
})
