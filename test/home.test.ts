import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

describe.each(['postgres', 'pglite'] as const)('the first page, on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  const get = async (path: string) => (await server.call('GET', path)).json
  const codes = async (): Promise<string[]> => (await get('/v1/attention')).data.map((it: { code: string }) => it.code)
  const basket = { trigger: { on: 'basket' }, when: "order.subtotal > 5000 && channel == 'web'" }

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  })

  it('says step by step what comes next, and begins with nothing', async () => {
    const done = async () => (await get('/v1/setup')).steps.map((it: { done: boolean }) => it.done)
    expect(await done()).toEqual([false, false, false, false])
    expect(await get('/v1/attention')).toEqual({ data: [] })
    const first = await get('/v1/setup')
    expect(first).toMatchObject({
      done: false,
      steps: [{ step: 'key', at: null, next: expect.stringMatching('/v1/keys') }, {}, {}, {}],
    })
    const { key } = (await server.call('POST', '/v1/keys', { name: 'shop', scope: 'secret' })).json
    await server.call('POST', '/v1/track', { userId: 'ana', event: 'Looked' }, { key })
    const { offer } = await makeOffer(server, { limits: { uses: 5, budget: { amount: 1000, currency: 'EUR' } } })
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['A', 'B', 'C', 'D', 'E'] })
    expect(await done()).toEqual([true, true, true, false])
    await server.call('PUT', '/v1/orders/o-1', {
      state: 'placed',
      channel: 'web',
      codes: ['A'],
      lines: [latte],
      person: 'userId:ana',
    })
    expect(await get('/v1/setup')).toMatchObject({ done: true, steps: [{}, {}, {}, { done: true, next: null }] })
  })

  it('says that limits and codes are nearly gone, and when they are', async () => {
    expect(await codes()).toEqual([])
    for (const [id, code] of Object.entries({ 'o-2': 'B', 'o-3': 'C', 'o-4': 'D' }))
      await server.call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', codes: [code], lines: [latte] })
    expect((await codes()).sort()).toEqual(['codes_nearly_used_up', 'limit_nearly_used'])
    await server.call('PUT', '/v1/orders/o-5', { state: 'placed', channel: 'web', codes: ['E'], lines: [latte] })
    const { data } = await get('/v1/attention')
    expect(data).toMatchObject([
      {
        code: 'limit_used_up',
        severity: 'warning',
        message: '“1.00 off” has no uses left.',
        details: { used: 5, allowed: 5 },
        link: { to: 'offer' },
      },
      { code: 'codes_used_up' },
    ])
  })

  it('says which live offers stand in each other’s way, what fails and what ends', async () => {
    const before = await codes()
    const [a] = [
      await makeOffer(server, { ...basket, name: 'One', stacking: { exclusive: true } }),
      await makeOffer(server, { ...basket, name: 'Other' }),
    ]
    expect((await get('/v1/attention')).data).toContainEqual(
      expect.objectContaining({
        code: 'offers_conflict',
        message: '“One” and “Other” fit the same, and only one of them can apply.',
      }),
    )
    await server.call('PATCH', `/v1/offers/${a!.offer}`, { state: 'paused' })
    expect(await codes()).toEqual(before)
    const expiry = { kind: 'after', days: 20 }
    const made = await server.call('PUT', '/v1/programmes/club', { name: 'Club', expiry })
    expect(made.text).toContain('Club')
    await server.call('PUT', '/v1/programmes/club/members/userId:ana', {})
    await server.call('POST', '/v1/adjustments', {
      person: 'userId:ana',
      programme: 'club',
      amount: 70,
      reason: 'other',
      note: 'x',
    })
    await server.call('PATCH', '/v1/workspaces/default', { holdout: 5 })
    const { key } = (await server.call('POST', '/v1/keys', { name: 'broken', scope: 'secret' })).json
    await server.call('POST', '/v1/track', { nothing: true }, { key })
    await vi.waitFor(async () => expect(await codes()).toContain('source_failing'), { timeout: 10_000 })
    expect((await get('/v1/attention')).data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'source_failing', severity: 'problem' }),
        expect.objectContaining({
          code: 'points_expiring',
          message: '70 points of “Club” end within 30 days, 0 of them within 7.',
        }),
        expect.objectContaining({ code: 'holdout_running', details: { workspace: 5, campaigns: [] } }),
      ]),
    )
  })

  it('tells what happened, once, and never before it is settled', async () => {
    const { data, cursor } = await get('/v1/activity')
    time.ahead += 5000
    const later = await get(`/v1/activity?after=${cursor}`)
    const told = [...data, ...later.data].map((it: { what: string; id: string }) => `${it.what} ${it.id}`)
    expect(new Set(told).size).toBe(told.length)
    expect(told).toEqual(expect.arrayContaining(['order o-1', 'order o-5']))
    expect(told.map(it => it.split(' ')[0])).toEqual(expect.arrayContaining(['person', 'value']))
    const order = [...data, ...later.data].find((it: { id: string }) => it.id === 'o-2')
    expect(order.sentence).toBe('An order of 8.00 EUR on web used 1.00 off.')
    expect((await get(`/v1/activity?after=${later.cursor}`)).data).toEqual([])
    expect((await get('/v1/activity?after=YQ')).code).toBe('invalid_input')
  })

  it('and a moment tells, where it is asked, why an offer is not shown', async () => {
    await makeOffer(server, { trigger: { on: 'basket' }, name: 'In the store', channels: { redeem: ['store'] } })
    const asked = { channel: 'web', moment: 'home', person: 'userId:ana' }
    const reasons = async (body: object) =>
      (await server.call('POST', '/v1/decisions', body)).json.refused.map(
        (it: { reason: { code: string } }) => it.reason.code,
      )
    expect(await reasons(asked)).toEqual([])
    expect(await reasons({ ...asked, explain: true })).toContain('channel_not_allowed')
  })
})
