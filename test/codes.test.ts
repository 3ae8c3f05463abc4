import { beforeAll, describe, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

describe.each(['postgres', 'pglite'] as const)('codes in the hands of whoever answers for them, on %s', store => {
  let server: TestServer
  let offer = ''
  const get = async (path: string) => (await server.call('GET', path)).json
  const order = async (id: string, codes: string[], more: object = {}) =>
    (await server.call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', codes, lines: [latte], ...more }))
      .json

  beforeAll(async () => {
    server = await serve(store)
    offer = (await makeOffer(server, { limits: { perCode: 1 } })).offer
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['ONE-1', 'TWO-2', 'SIX-6'] })
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['ALL'], shared: true })
  })

  it('tell which orders refused them and why, also a code that nobody knows', async () => {
    await server.call('POST', '/v1/identify', { userId: 'u-1', traits: { name: 'Ana Rossi' } })
    await order('o-1', ['ONE-1'])
    await order('o-2', ['one 1'], { person: 'userId:u-1', location: 'store-12' })
    await order('o-3', ['NEVER'])
    await order('o-4', ['one1'], { state: 'open' })
    const { data, nextCursor } = await get('/v1/code-refusals?code=ONE1')
    expect(nextCursor).toBeNull()
    expect(data).toMatchObject([
      { order: 'o-4', state: 'open', person: null, offer, reason: { code: 'limit_reached' } },
      {
        order: 'o-2',
        state: 'placed',
        personName: 'Ana Rossi',
        location: 'store-12',
        reason: { code: 'limit_reached' },
      },
    ])
    expect((await get('/v1/code-refusals?code=never')).data).toMatchObject([
      { order: 'o-3', offer: null, reason: { code: 'code_unknown' } },
    ])
    const first = await get('/v1/code-refusals?code=ONE1&limit=1')
    const second = await get(`/v1/code-refusals?code=ONE1&limit=1&cursor=${first.nextCursor}`)
    expect([...first.data, ...second.data]).toEqual(data)
    expect((await get('/v1/code-refusals?code=ONE1&cursor=YQ')).code).toBe('invalid_input')
  })

  it('are blocked and let go again: refused meanwhile, with that reason, and told by the look-up and the export', async () => {
    const other = (await makeOffer(server)).offer
    await server.call('POST', `/v1/offers/${other}/codes`, { codes: ['TWO-2'] })
    const blocked = await server.call('PATCH', '/v1/codes/two2', { blocked: true, offer })
    expect(blocked.json.data).toContainEqual(expect.objectContaining({ offer, blockedAt: expect.any(String) }))
    expect(blocked.json.data).toContainEqual(expect.objectContaining({ offer: other, blockedAt: null }))
    expect((await order('o-5', ['TWO-2'])).applied).toMatchObject([{ offer: other }])
    await server.call('PATCH', '/v1/codes/two2', { blocked: true })
    expect((await order('o-6', ['TWO-2'])).refused).toMatchObject([{ reason: { code: 'code_blocked' } }])
    expect((await server.call('GET', `/v1/offers/${offer}/codes`)).text).toMatch(/^TWO-2,.*,blocked\r$/m)
    await server.call('PATCH', '/v1/codes/two2', { blocked: false })
    expect((await order('o-7', ['TWO-2'])).applied).toHaveLength(1)
    expect((await server.call('PATCH', '/v1/codes/NEVER', { blocked: true })).json.code).toBe('code_not_found')
  })

  it('are counted by where they came from', async () => {
    const { id } = (await server.call('POST', `/v1/offers/${offer}/codes`, { count: 5100, pattern: '########' })).json
    await expect.poll(async () => (await get(`/v1/jobs/${id}`)).state, { timeout: 20_000 }).toBe('done')
    await server.call('PATCH', '/v1/codes/SIX6', { blocked: true })
    const { data } = await get(`/v1/offers/${offer}/code-sets`)
    expect(data).toMatchObject([
      { kind: 'generated', job: id, shared: false, codes: 5100, used: 0, blocked: 0 },
      { kind: 'imported', job: null, shared: true, codes: 1, example: 'ALL' },
      { kind: 'imported', job: null, shared: false, codes: 3, blocked: 1 },
    ])
    expect(data[2].used).toBeGreaterThan(0)
  })
})
