import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import { newOffer } from '../../../test/records.ts'
import * as decisions from '../../contract/decisions.ts'
import * as grants from '../../contract/grants.ts'
import * as orders from '../../contract/orders.ts'
import * as returns from '../../contract/returns.ts'
import { makeWriter } from '../commit/writer.ts'
import { decisionsHandlers } from '../resources/decisions.ts'
import { eventsHandlers } from '../resources/events.ts'
import { grantsHandlers } from '../resources/grants.ts'
import { ordersHandlers } from '../resources/orders.ts'
import { returnsHandlers } from '../resources/returns.ts'
import { type CountEvents, countEvents } from './count-events.ts'
import { createJobRunner } from './job-runner.ts'
import { addJob } from './job-store.ts'

describe.each(['postgres', 'pglite'] as const)('what people did, counted again on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    const base = await testServices(store)
    services = { ...base, writer: makeWriter({ ...base, random: randomBytes }) }
  })
  afterAll(() => services.database.close())

  const run = async (params: CountEvents): Promise<void> => {
    const { database, clock } = services
    const id = `job_${randomBytes(13).toString('hex')}`
    await addJob(database, { workspaceId: 'default', id, kind: 'countEvents', params, total: null, now: clock() })
    const kinds = { countEvents: countEvents(services) }
    await createJobRunner({ database, clock, logger: pino({ level: 'silent' }), kinds }).run(
      new AbortController().signal,
    )
    const { rows } = await database.query('select state from jobs where id = $1', [id])
    expect(rows).toEqual([{ state: 'done' }])
  }
  const stored = async (): Promise<Record<string, unknown>> => {
    const { rows } = await services.database.query<{ value: string; statistics: unknown }>(
      'select value, statistics from holders order by value',
    )
    return Object.fromEntries(rows.map(({ value, statistics }) => [value, statistics]))
  }
  const event = (body: object) =>
    eventsHandlers(services).track({ body, bodyText: '', auth: secretKey, now: services.clock() })
  const put = (id: string, body: object) =>
    ask(services, orders.putOrder, ordersHandlers(services).putOrder, { params: { id }, body })

  it('comes to what was counted as it happened, and does so a second time', async () => {
    const granted = await newOffer(services, { trigger: { on: 'grant' }, validity: { grantDays: 2 } })
    const gives = { benefit: { kind: 'giveOffer', offer: granted }, limits: { perPerson: 1 } }
    await newOffer(services, { ...gives, trigger: { on: 'event', event: 'Reviewed' } })
    const claimed = await newOffer(services, { ...gives, trigger: { on: 'request' } })
    await newOffer(services, { trigger: { on: 'basket' }, when: "events('Viewed', 30) > 0" })
    const person = 'userId:ana'
    await ask(services, grants.createGrants, grantsHandlers(services).createGrants, {
      params: { id: granted },
      body: { people: [person, person, 'email:ben@example.com'] },
    })
    for (const name of ['Viewed', 'Viewed', 'Reviewed', 'Other']) await event({ userId: 'ana', event: name })
    await ask(services, decisions.decideMoment, decisionsHandlers(services).decideMoment, {
      body: { person, channel: 'app', moment: 'home', claim: [claimed] },
    })
    const line = { id: '1', sku: 'LATTE', category: 'coffee', quantity: 3, unitPrice: 450 }
    const order = { person, channel: 'web', state: 'placed', lines: [line] }
    for (const id of ['A', 'B', 'C', 'D']) await put(id, order)
    await put('B', { state: 'cancelled' })
    const back = (id: string, quantity: number) =>
      ask(services, returns.createReturn, returnsHandlers(services).createReturn, {
        params: { id },
        body: { id: 'r', lines: [{ id: '1', quantity }] },
      })
    await back('C', 1)
    await back('D', 3)
    await event({
      userId: 'ben',
      event: 'Order Completed',
      properties: { order_id: 'E', currency: 'EUR', total: 10, products: [{ sku: 'A', category: 'x', price: 10 }] },
    })
    services.time.now += 86_400_000
    await put('F', { ...order, person: 'email:ben@example.com' })

    const before = await stored()
    expect(before).toMatchObject({
      ana: {
        orders: expect.anything(),
        returns: expect.anything(),
        used: expect.anything(),
        received: expect.anything(),
        ending: expect.anything(),
        events: { Viewed: expect.anything() },
      },
    })
    await services.database.query("update holders set statistics = '{}'")
    for (let time = 0; time < 2; time += 1) {
      await run({ everything: true })
      expect(await stored()).toEqual(before)
    }
  })

  it('counts only what it was asked for, and leaves the rest as it is', async () => {
    const before = (await stored()).ana as { events: unknown }
    await services.database.query(
      `update holders set statistics = '{"from":1,"returns":[7,1],"events":{"Viewed":[7,99],"Gone":[7,1]}}' where value = 'ana'`,
    )
    await run({ names: ['Viewed', 'Nobody asks'] })
    expect((await stored()).ana).toEqual({
      from: expect.any(Number),
      returns: [7, 1],
      events: { ...(before.events as object), Gone: [7, 1] },
    })
  })

  // The embedded store has one connection, so nothing can be half done beside the job.
  if (store === 'postgres')
    it('waits for an event that is just being counted, and neither misses nor doubles it', async () => {
      const { database } = services
      await event({ userId: 'cleo', event: 'Viewed' })
      const { rows } = await database.query<{ id: string }>("select id from holders where value = 'cleo'")
      const [{ id }] = rows as [{ id: string }]
      const waits = async () =>
        (
          await database.query<{ pids: number }>(
            "select count(*)::int as pids from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
        ).rows[0]!.pids
      let job: Promise<void> | undefined
      // A batch of another process: it has counted the event, and its commit is still to come.
      await database.transaction(async tx => {
        await tx.query('update holders set revision = revision + 1, statistics = $2::json where id = $1', [
          id,
          JSON.stringify({ events: { Viewed: [20000, 2] } }),
        ])
        await tx.query(
          `insert into events (workspace_id, message_id, holder_id, kind, name, occurred_at, received_at, schema_version, properties, personal)
         select workspace_id, 'second', holder_id, kind, name, occurred_at, received_at, schema_version, properties, personal
         from events where holder_id = $1`,
          [id],
        )
        job = run({ names: ['Viewed'] })
        await vi.waitFor(async () => expect(await waits()).toBe(1), { timeout: 10_000 })
      })
      await job
      expect((await stored()).cleo).toMatchObject({ events: { Viewed: [expect.any(Number), 2] } })
    })
})
