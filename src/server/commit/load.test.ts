import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import * as campaigns from '../../contract/campaigns.ts'
import * as codes from '../../contract/codes.ts'
import * as offers from '../../contract/offers.ts'
import * as orders from '../../contract/orders.ts'
import { campaignsHandlers } from '../resources/campaigns.ts'
import { codesHandlers } from '../resources/codes.ts'
import { eventsHandlers } from '../resources/events.ts'
import { offersHandlers } from '../resources/offers.ts'
import { ordersHandlers } from '../resources/orders.ts'
import { makeWriter } from './writer.ts'

describe('a person who is linked and buys in the same batch', () => {
  let services: TestServices
  beforeAll(async () => {
    const base = await testServices('postgres')
    services = { ...base, writer: makeWriter({ ...base, random: randomBytes }) }
  })
  afterAll(() => services.database.close())

  const place = (id: string, person: string, code: string) =>
    ask(services, orders.putOrder, ordersHandlers(services).putOrder, {
      params: { id },
      body: {
        person,
        channel: 'web',
        currency: 'EUR',
        state: 'placed',
        codes: [code],
        lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 1000 }],
      },
    })
  const login = (userId: string, email: string) =>
    eventsHandlers(services).identify({
      body: { userId, traits: { email } },
      bodyText: '',
      auth: secretKey,
      now: services.clock(),
    })

  it.each([
    ['was a stranger until now', false],
    ['had bought before', true],
  ])('and %s does not get a second use of what is limited to one', async (_, isKnown) => {
    const name = isKnown ? 'known' : 'stranger'
    const campaign = await ask(services, campaigns.createCampaign, campaignsHandlers(services).createCampaign, {
      body: { name: 'Spring' },
    })
    const offer = await ask(services, offers.createOffer, offersHandlers(services).createOffer, {
      body: {
        campaign: campaign.json.id,
        name: 'Once',
        trigger: { on: 'code' },
        benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
        limits: { perPerson: 1 },
      },
    })
    await ask(services, codes.createCodes, codesHandlers(services).createCodes, {
      params: { id: offer.json.id },
      body: { codes: [`ONCE-${name}`], shared: true },
    })
    const email = `${name}@example.com`
    await place(`${name}-first`, `userId:${name}`, `ONCE-${name}`)
    if (isKnown) await place(`${name}-other`, `email:${email}`, 'UNKNOWN')

    // Asked in one turn of the event loop, so they travel in one batch.
    const [, second] = await Promise.all([
      login(name, email),
      place(`${name}-second`, `email:${email}`, `ONCE-${name}`),
    ])
    expect(second.json).toMatchObject({ applied: [], refused: [{ reason: { code: 'limit_reached' } }] })
  })

  it('and who only looked around in it keeps her books right when another call of the batch changes them', async () => {
    const userId = 'looker'
    const { putOrder } = ordersHandlers(services)
    const cancel = (id: string) =>
      ask(services, orders.putOrder, putOrder, { params: { id }, body: { state: 'cancelled' } })
    const look = (messageId: string) =>
      eventsHandlers(services).track({
        body: { userId, event: 'Product Viewed', messageId },
        bodyText: '',
        auth: secretKey,
        now: services.clock(),
      })
    await place('looked-1', `userId:${userId}`, 'UNKNOWN')
    await place('looked-2', `userId:${userId}`, 'UNKNOWN')
    const [, cancelled] = await Promise.all([look('look-1'), cancel('looked-1'), look('look-2')])
    expect(cancelled.json).toMatchObject({ state: 'cancelled' })
    await Promise.all([look('look-3'), place('looked-3', `userId:${userId}`, 'UNKNOWN'), look('look-4')])
    const { rows } = await services.database.query(
      `select h.orders, h.spend, (select count(*) from events e where e.holder_id = h.id) as events
       from holders h where h.value = $1`,
      [userId],
    )
    expect(rows).toEqual([{ orders: 2, spend: { EUR: 2000 }, events: 4 }])
  })
})
