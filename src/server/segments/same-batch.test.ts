import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { type Answered, ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import { latte } from '../../../test/server.ts'
import { createCampaign } from '../../contract/campaigns.ts'
import { createOffer } from '../../contract/offers.ts'
import { putOrder } from '../../contract/orders.ts'
import { makeWriter, type Writer } from '../commit/writer.ts'
import { campaignsHandlers } from '../resources/campaigns.ts'
import { eventsHandlers } from '../resources/events.ts'
import { offersHandlers } from '../resources/offers.ts'
import { ordersHandlers } from '../resources/orders.ts'

const opened: TestServices[] = []
afterAll(async () => {
  for (const { database } of opened) await database.close()
})

describe.each(['pglite', 'postgres'] as const)('on %s', store => {
  it('an order right after an event, in one batch, is decided by the segment that the event let her into', async () => {
    const bare = await testServices(store)
    opened.push(bare)
    const { database, workspaces, catalogues, clock } = bare
    const batches: number[] = []
    const writer: Writer = makeWriter({
      database,
      workspaces,
      catalogues,
      clock,
      random: randomBytes,
      onBatch: ({ items }) => batches.push(items),
    })
    const services = { ...bare, writer }
    const campaign = await ask(services, createCampaign, campaignsHandlers(services).createCampaign, {
      body: { name: 'A campaign' },
    })
    await database.query(
      `insert into segments (workspace_id, id, kind, name, description, condition, generation, last_generation,
         catalogue_version, created_at, updated_at)
       values ('default', 'keen', 'live', 'Keen', '', $1, 1, 1, 100, now(), now())`,
      ["events('Product Viewed', 30) >= 2"],
    )
    await database.query("update workspaces set catalogue_version = 100 where id = 'default'")
    await ask(services, createOffer, offersHandlers(services).createOffer, {
      body: {
        campaign: campaign.json.id,
        name: '1.00 off',
        trigger: { on: 'basket' },
        when: "inSegment('keen')",
        benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
      },
    })
    const events = eventsHandlers(services)
    const orders = ordersHandlers(services)
    const view = () =>
      events.track({
        body: { userId: 'ana', event: 'Product Viewed' },
        bodyText: '{}',
        auth: secretKey,
        now: clock(),
      } as never)
    const order = (id: string) =>
      ask(services, putOrder, orders.putOrder, {
        params: { id },
        query: {},
        body: { person: 'userId:ana', channel: 'web', state: 'placed', lines: [latte] },
      })
    await view()
    batches.length = 0
    // What is handed over in one turn of the event loop travels together; an event is read before it is.
    const before = order('before')
    const viewed = view()
    for (let step = 0; step < 20; step += 1) await Promise.resolve()
    const answers = await Promise.all([before, order('after'), viewed])
    expect(batches).toEqual([3])
    expect(
      answers
        .slice(0, 2)
        .map(answer => (answer as Answered).json.totals)
        .map(it => (it as { discount: number }).discount),
    ).toEqual([0, 100])
    await writer.close()
  }, 60_000)
})
