import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'

describe.each(['postgres', 'pglite'] as const)('returns over HTTP on %s', store => {
  let server: TestServer
  const call: TestServer['call'] = (...args) => server.call(...args)
  beforeAll(async () => {
    server = await serve(store)
  })

  const coat = { id: 'coat', sku: 'COAT', category: 'clothes', quantity: 1, unitPrice: 6000 }
  const socks = { id: 'socks', sku: 'SOCKS', category: 'clothes', quantity: 4, unitPrice: 1000 }
  let orders = 0
  /** An order of 100.00 by somebody of its own, who alone is a member of the offers' campaign; answers its id. */
  const place = async (offers: Record<string, unknown>[], more: Record<string, unknown> = {}) => {
    orders += 1
    const order = `order-${orders}`
    const person = `userId:buyer-${orders}`
    const made = []
    for (const offer of offers) {
      const { offer: id, campaign } = await makeOffer(
        server,
        { trigger: { on: 'basket' }, when: 'order.subtotal >= 10000', ...offer },
        { audience: 'members' },
      )
      await call('POST', `/v1/campaigns/${campaign}/members`, { people: [person] })
      made.push({ id, campaign })
    }
    const body = { state: 'placed', channel: 'web', currency: 'EUR', person, lines: [coat, socks], ...more }
    const placed = await call('PUT', `/v1/orders/${order}`, body)
    expect(placed.json.applied.map((it: { offer: string }) => it.offer).sort()).toEqual(made.map(it => it.id).sort())
    return { order, person, body, made }
  }
  const giveBack = (order: string, body: object, query = '') =>
    call('POST', `/v1/orders/${order}/returns${query}`, body)
  const coatBack = { id: 'r1', lines: [{ id: 'coat', quantity: 1 }] }
  const restBack = { id: 'r2', lines: [{ id: 'socks', quantity: 4 }] }
  const tenth = { name: '10 % off', benefit: { kind: 'percentOff', percent: 10 } }
  const report = async ({ campaign }: { campaign: string }) =>
    (await call('GET', `/v1/reports/campaigns?campaign=${campaign}`)).json.data[0]

  it('is previewed, made once, answered again byte for byte, and refused with another body', async () => {
    const { order, made } = await place([{ ...tenth, onReturn: 'reprice', limits: { uses: 5, perPerson: 1 } }])
    const preview = await giveBack(order, coatBack, '?dryRun=true')
    expect(preview.json).toMatchObject({ refund: 5000, chargedBack: 400, totals: { refunded: 5000, remaining: 4000 } })
    expect((await call('GET', `/v1/orders/${order}`)).json).not.toHaveProperty('returned')
    const first = await giveBack(order, coatBack)
    expect([first.status, first.json.refund]).toEqual([200, 5000])
    const again = await giveBack(order, coatBack)
    expect([again.status, again.text]).toEqual([200, first.text])
    const other = await giveBack(order, { ...coatBack, shipping: true })
    expect([other.status, other.json.code]).toEqual([422, 'return_id_reused'])
    expect((await call('GET', `/v1/orders/${order}`)).json).toMatchObject({
      state: 'placed',
      returned: { refunded: 5000, lines: { coat: 1 } },
    })
    expect((await giveBack(order, restBack)).json).toMatchObject({ refund: 4000, state: 'returned' })
    expect(await report(made[0]!)).toMatchObject({ redeemed: 0, returned: 1 })
  })

  it('asks the offer as it was, also after it was changed, paused and ended', async () => {
    const { order, made } = await place([{ ...tenth, onReturn: 'reprice' }, { benefit: { kind: 'freeShipping' } }], {
      shipping: 500,
    })
    const [id, shipping] = made.map(it => it.id)
    await call('PATCH', `/v1/offers/${id}`, { when: 'order.subtotal >= 1', onReturn: 'keep' })
    await call('PATCH', `/v1/offers/${shipping}`, { benefit: { kind: 'shippingOff', percent: 1 } })
    await call('PATCH', `/v1/offers/${id}`, { state: 'paused' })
    await call('PATCH', `/v1/offers/${shipping}`, { state: 'ended' })
    // 54.00 less the 4.00 that the socks had off; three fifths of the shipping.
    expect((await giveBack(order, coatBack)).json).toMatchObject({
      refund: 4700,
      offers: [
        { offer: id, policy: 'reprice', condition: 'fails', givenBack: 1000 },
        { offer: shipping, policy: 'proRata', condition: 'fails', givenBack: 300 },
      ],
    })
    expect((await giveBack(order, { ...restBack, shipping: true })).json).toMatchObject({
      refund: 4300,
      chargedBack: -700,
      totals: { paid: 9000, refunded: 9000, remaining: 0 },
    })
  })

  it('a gift comes back into stock, and a coupon that the order gave is void', async () => {
    const mug = { benefit: { kind: 'freeItem', items: [{ sku: 'MUG', stock: 1 }] } }
    const later = await makeOffer(server, { trigger: { on: 'grant' } })
    const { order, person, body, made } = await place([mug, { benefit: { kind: 'giveOffer', offer: later.offer } }])
    const wallet = async () =>
      (await call('GET', `/v1/people/${person}/wallet`)).json.grants.map((it: { state: string }) => it.state)
    expect(await wallet()).toEqual(['issued'])
    const { json } = await giveBack(order, { id: 'r1', lines: [{ id: 'socks', quantity: 1 }] })
    expect(json).toMatchObject({ refund: 1000, takeBack: [{ offer: made[0]!.id, sku: 'MUG', quantity: 1 }] })
    expect(json.revoked).toHaveLength(1)
    expect((await call('PUT', `/v1/orders/${order}-2`, body)).json.applied).toHaveLength(1)
    await giveBack(order, { id: 'r2', gifts: [made[0]!.id] })
    const gift = await call('PUT', `/v1/orders/${order}-3`, body)
    expect(gift.json.applied.map((it: { offer: string }) => it.offer)).toContain(made[0]!.id)
  })

  it('of 20 who return one coat at once under different ids, exactly one is paid', async () => {
    const { order, made } = await place([{ ...tenth, limits: { uses: 5, budget: { amount: 5000, currency: 'EUR' } } }])
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => giveBack(order, { ...coatBack, id: `at-once-${index}` })),
    )
    expect(answers.filter(it => it.status === 200).map(it => it.json.refund)).toEqual([5400])
    expect(answers.filter(it => it.json.code === 'return_exceeds_line')).toHaveLength(19)
    expect((await report(made[0]!)).amounts).toEqual([{ currency: 'EUR', discount: 400, revenue: 3600 }])
  })

  it('a till may return, but not say when; a browser may not', async () => {
    const { order } = await place([])
    const keyOf = async (body: object) => (await call('POST', '/v1/keys', { name: 'a key', ...body })).json.key
    const till = { key: await keyOf({ scope: 'till', location: 'store-1' }) }
    const late = { ...coatBack, occurredAt: new Date(Date.now() - 86_400_000).toISOString() }
    const path = `/v1/orders/${order}/returns`
    expect((await call('POST', path, late, till)).json.code).toBe('occurred_at_not_allowed')
    expect((await call('POST', path, late)).json.at).toBe(late.occurredAt)
    expect((await call('POST', path, restBack, till)).json.refund).toBe(4000)
    const browser = { key: await keyOf({ scope: 'publishable' }) }
    expect((await call('POST', path, coatBack, browser)).status).toBe(403)
  })
})
