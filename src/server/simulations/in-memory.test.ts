import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, ask, type TestServices, testServices } from '../../../test/calls.ts'
import { createSimulation } from '../../contract/simulations.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { simulationsHandlers } from '../resources/simulations.ts'
import { createJobRunner, type JobKind } from '../worker/job-runner.ts'
import { simulateOrders } from './simulate-orders.ts'
import { ordersAtOnce } from './stored-orders.ts'

const logger = pino({ level: 'silent' })
const steps = 3

describe.each(['postgres', 'pglite'] as const)('a simulation, which is in the memory of one process, on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
    await services.database.query(
      `insert into orders (workspace_id, id, state, source, revision, channel, currency, subtotal, discount, shipping, total,
         occurred_at, request_hash, basket, decision_id, catalogue_version, schema_version, answer)
       select 'default', 'O' || n, 'placed', 'put', 1, 'web', 'EUR', 1000, 0, 0, 1000, to_timestamp($1 / 1000.0) - make_interval(hours => n),
         '', '{"lines":[{"id":"1","sku":"LATTE","quantity":1,"unitPrice":1000}],"shipping":0,"codes":[]}', '', 0, 1, '{}'
       from generate_series(1, $2::int) as n`,
      [services.time.now, ordersAtOnce * steps - 1],
    )
  })
  afterAll(() => services.database.close())

  const runnerOf = (onStep: (kind: JobKind) => JobKind = kind => kind) =>
    createJobRunner({
      database: services.database,
      clock: services.clock,
      logger,
      kinds: { simulateOrders: onStep(simulateOrders(services)) },
      inMemory: ['simulateOrders'],
    })
  const start = async (drafts = 1): Promise<string> => {
    const tenth = { name: 'A tenth', trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 10 } }
    const offers = Array.from({ length: drafts }, () => ({ ...tenth, stacking: { exclusive: 'order' } }))
    const body = { offers, to: formatInstant(services.time.now) }
    const { createSimulation: create } = simulationsHandlers(services)
    return (await ask(services, createSimulation, create, { body, auth: adminKey })).json.id as string
  }
  const jobOf = async (id: string) => {
    const { rows } = await services.database.query('select state, done, result from jobs where id = $1', [id])
    return rows[0] as { state: string; done: number; result: { orders: number; discount: number } | null }
  }
  /** Stops the runner in its nth step, as if the process were told to end. */
  const stoppingAt = (nth: number, stopping: AbortController) => {
    let count = 0
    return (kind: JobKind): JobKind =>
      (tx, job) => {
        count += 1
        if (count === nth) stopping.abort()
        return kind(tx, job)
      }
  }

  it('begins anew in another process, and counts nothing twice', async () => {
    const id = await start()
    const stopping = new AbortController()
    await runnerOf(stoppingAt(2, stopping)).run(stopping.signal)
    expect(await jobOf(id)).toMatchObject({ state: 'running', done: 2 * ordersAtOnce })
    await runnerOf().run(new AbortController().signal)
    const orders = ordersAtOnce * steps - 1
    expect(await jobOf(id)).toMatchObject({ state: 'done', done: orders, result: { orders, discount: orders * 100 } })
  })

  it('decides a step again that was not committed', async () => {
    const id = await start()
    let fails = 1
    const losing =
      (kind: JobKind): JobKind =>
      async (tx, job) => {
        const step = await kind(tx, job)
        if (job.done > 0 && fails-- > 0) throw Object.assign(new Error('the connection is lost'), { code: '08006' })
        return step
      }
    const runner = runnerOf(losing)
    await expect(runner.run(new AbortController().signal)).rejects.toThrow('the connection is lost')
    await runner.run(new AbortController().signal)
    const orders = ordersAtOnce * steps - 1
    expect(await jobOf(id)).toMatchObject({ state: 'done', done: orders, result: { orders } })
  })

  it('takes shorter steps where there are many drafts to decide, and ends where it would', async () => {
    const id = await start(101)
    const doneOf: number[] = []
    const noting =
      (kind: JobKind): JobKind =>
      async (tx, job) => {
        const step = await kind(tx, job)
        doneOf.push(step.done)
        return step
      }
    await runnerOf(noting).run(new AbortController().signal)
    const orders = ordersAtOnce * steps - 1
    expect(doneOf).toEqual([50, 50, 50, 50, 50, 49])
    expect(await jobOf(id)).toMatchObject({ state: 'done', done: orders, result: { orders, discount: orders * 100 } })
  })

  it('is not taken up by another process while its own goes on', async () => {
    const [first, second] = [await start(), await start()]
    const seen: string[] = []
    const watched = (name: string) =>
      runnerOf(kind => (tx, job) => {
        seen.push(`${name} ${job.id}`)
        return kind(tx, job)
      })
    const { signal } = new AbortController()
    // Two processes on one store, which PGlite does not have: there the second waits for its turn.
    await Promise.all([watched('own').run(signal), ...(store === 'postgres' ? [watched('other').run(signal)] : [])])
    expect((await jobOf(first)).state).toBe('done')
    expect((await jobOf(second)).state).toBe('done')
    for (const id of [first, second]) expect(new Set(seen.filter(it => it.endsWith(id))).size).toBe(1)
  })
})
