import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import { describe, expect, it } from 'vitest'
import { serve } from './server.ts'

/** Clients of the Segment tracking API, unmodified from the registry, against a whole server on each store. */
describe.each(['pglite', 'postgres'] as const)('public clients send to a server on %s', store => {
  const started = serve(store).then(async server => {
    const key = await server.call('POST', '/v1/keys', { name: 'web shop', scope: 'secret', channel: 'web' })
    return { ...server, key: key.json.key as string }
  })

  it('@segment/analytics-node: who she is and what she bought', async () => {
    const { url, key, call } = await started
    const failures: unknown[] = []
    const analytics = new Analytics({ writeKey: key, host: url, flushAt: 20 })
    analytics.on('error', error => failures.push(error))
    analytics.identify({ userId: 'segment-1', traits: { email: 'Sofia@Example.com', plan: 'gold' } })
    analytics.track({
      userId: 'segment-1',
      event: 'Order Completed',
      messageId: 'segment-order',
      properties: {
        order_id: 'S-1',
        currency: 'EUR',
        total: 12.34,
        products: [{ sku: 'TEA', price: 12.34, quantity: 1 }],
      },
    })
    analytics.page({ anonymousId: 'cookie-1', name: 'Home' })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])

    const person = await call('GET', '/v1/people/email:sofia@example.com')
    expect(person.json).toMatchObject({ orders: 1, spend: { EUR: 1234 }, traits: { plan: 'gold' } })
    expect((await call('GET', '/v1/orders/S-1')).json).toMatchObject({
      state: 'placed',
      channel: 'web',
      totals: { total: 1234 },
    })
  })

  it('@rudderstack/rudder-sdk-node, gzipped: the same, and a message sent twice counts once', async () => {
    const { url, key, call } = await started
    const send = async () => {
      const client = new RudderAnalytics(key, { dataPlaneUrl: url, gzip: true, flushAt: 20, logLevel: 'error' })
      const failures: unknown[] = []
      const sent = (error?: unknown) => void (error ? failures.push(error) : undefined)
      client.identify({ userId: 'rudder-1', traits: { email: 'rosa@example.com' } }, sent)
      // The client takes a messageId; only its types do not know.
      const order = {
        userId: 'rudder-1',
        event: 'Order Completed',
        messageId: 'rudder-order',
        properties: { order_id: 'R-1', currency: 'EUR', total: 5 },
      }
      client.track(order, sent)
      await new Promise<void>(resolve => client.flush(() => resolve()))
      await expect
        .poll(async () => (await call('GET', '/v1/people/userId:rudder-1')).status, { timeout: 20_000 })
        .toBe(200)
      await expect.poll(async () => (await call('GET', '/v1/orders/R-1')).status, { timeout: 20_000 }).toBe(200)
      expect(failures).toEqual([])
    }
    await send()
    await send()
    expect((await call('GET', '/v1/people/email:rosa@example.com')).json).toMatchObject({
      orders: 1,
      spend: { EUR: 500 },
    })
  })

  it('an order told by event and by PUT is one order, and the PUT is the authority', async () => {
    const { call } = await started
    await call('POST', '/v1/track', {
      userId: 'both-1',
      event: 'Order Completed',
      properties: { order_id: 'B-1', currency: 'EUR', total: 9 },
    })
    const put = {
      person: 'userId:both-1',
      channel: 'web',
      state: 'placed',
      lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 1000 }],
    }
    expect((await call('PUT', '/v1/orders/B-1', put)).json.totals.total).toBe(1000)
    await call('POST', '/v1/track', {
      userId: 'both-1',
      event: 'Order Completed',
      properties: { order_id: 'B-1', currency: 'EUR', total: 7 },
    })
    expect((await call('GET', '/v1/people/userId:both-1')).json).toMatchObject({ orders: 1, spend: { EUR: 1000 } })
  })
})
