import { describe, expect, it } from 'vitest'
import { latte, makeOffer, serve } from './server.ts'

/** A manager who limits an offer that is already running means all its uses, not those from now on. */
describe.each(['pglite', 'postgres'] as const)('a limit that is set when the offer has been used (%s)', store => {
  const started = serve(store)

  it.each([
    ['perCode', { perCode: 1 }],
    ['uses', { uses: 1 }],
    ['budget', { budget: { amount: 100, currency: 'EUR' } }],
    ['perPerson', { perPerson: 1 }],
  ])('%s counts the uses before it', async (limit, limits) => {
    const { call } = await started
    const made = await makeOffer({ call })
    const code = `LATER${limit}`
    await call('POST', `/v1/offers/${made.offer}/codes`, { codes: [code], shared: true })
    const order = { person: 'email:ana@example.com', channel: 'web', state: 'placed', codes: [code], lines: [latte] }
    expect((await call('PUT', `/v1/orders/first-${limit}`, order)).json.applied).toHaveLength(1)
    expect((await call('PATCH', `/v1/offers/${made.offer}`, { limits })).status).toBe(200)
    const { json } = await call('PUT', `/v1/orders/second-${limit}`, order)
    expect(json.refused[0].reason).toMatchObject({ code: 'limit_reached', details: { limit } })
  })
})
