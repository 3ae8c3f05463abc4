import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { getAccount } from '../../contract/accounts.ts'
import { createAdjustment } from '../../contract/adjustments.ts'
import { createClosing, listClosings } from '../../contract/finance.ts'
import { linkPeople } from '../../contract/identity.ts'
import { cancelJob, getJob } from '../../contract/jobs.ts'
import { accountsHandlers } from '../resources/accounts.ts'
import { adjustmentsHandlers } from '../resources/adjustments.ts'
import { financeHandlers } from '../resources/finance.ts'
import { identityHandlers } from '../resources/identity.ts'
import { jobsHandlers } from '../resources/jobs.ts'
import { type ApartKind, createJobRunner } from '../worker/job-runner.ts'
import { closeMonth } from './close-month.ts'

const ana = 'email:ana@example.com'

describe.each(['pglite', 'postgres'] as const)('a closing that is more than a call should look at, on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
    services.time.now = Date.parse('2026-10-05T08:00:00Z')
    await ask(services, linkPeople, identityHandlers(services).linkPeople, { body: { a: ana, b: 'userId:ana' } })
    const give = adjustmentsHandlers(services).createAdjustment
    for (const asset of ['credit:EUR', 'cashback:EUR', 'credit:USD'])
      await ask(services, createAdjustment, give, { body: { person: ana, asset, amount: 500, reason: 'goodwill' } })
    services.time.now = Date.parse('2026-11-02T08:00:00Z')
  })
  afterAll(() => services.database.close())

  /** Asks with as much patience as `rows`. */
  const close = (query: { dryRun?: 'true' }, rows: number) => {
    const { createClosing: handler } = financeHandlers(services, { patience: rows })
    return ask(services, createClosing, handler, { body: { period: '2026-10' }, query })
  }
  const jobOf = async (id: unknown) =>
    (await ask(services, getJob, jobsHandlers(services).getJob, { params: { id } })).json
  const closings = async () =>
    (await ask(services, listClosings, financeHandlers(services).listClosings)).json.data as object[]
  const work = (kind: ApartKind) => {
    const { database, clock, workspaces } = services
    const logger = pino({ level: 'silent' })
    const apart = { closeMonth: kind }
    const runner = createJobRunner({ database, clock, logger, kinds: {}, apart, prepare: workspaces.get })
    return runner.run(new AbortController().signal)
  }

  it('is looked at by a job, one for all who ask, which comes to what the call comes to', async () => {
    const asked = await close({ dryRun: 'true' }, 0)
    expect([asked.status, asked.json.kind]).toEqual([202, 'closeMonth'])
    expect((await close({ dryRun: 'true' }, 0)).json.id).toBe(asked.json.id)
    await work(closeMonth(services))
    const job = await jobOf(asked.json.id)
    const inCall = await close({ dryRun: 'true' }, 20_000)
    expect([inCall.status, inCall.json.rows]).toMatchObject([
      200,
      [{ closing: 500 }, { closing: 500 }, { closing: 500 }],
    ])
    expect(job).toMatchObject({ state: 'done', result: inCall.json })
    expect(job.done).toBeGreaterThan(0)
    expect(await closings()).toEqual([])
  })

  it('is left open where its job is cancelled', async () => {
    const { json } = await close({}, 1)
    const cancelled = await ask(services, cancelJob, jobsHandlers(services).cancelJob, { params: { id: json.id } })
    expect(cancelled.json.state).toBe('cancelled')
    await work(closeMonth(services))
    expect(await closings()).toEqual([])
  })

  it('says in the job what is in the way, and closes nothing', async () => {
    const { json } = await close({}, 0)
    const { database } = services
    const spoil = (by: number) => database.query('update accounts set balance = balance + $1', [by])
    await spoil(1)
    await work(closeMonth(services))
    await spoil(-1)
    expect(await jobOf(json.id)).toMatchObject({
      state: 'done',
      result: { state: 'open', blockers: [{ code: 'audit_failed' }] },
    })
    expect(await closings()).toEqual([])
  })

  it('is closed once by a job whose process is killed after every other step', async () => {
    const { json } = await close({}, 60)
    const step = closeMonth(services)
    let isKilled = false
    let kills = 0
    const killed: ApartKind = async (job, signal) => {
      const done = await step(job, signal)
      isKilled = !isKilled
      if (!isKilled) return done
      kills += 1
      throw Object.assign(new Error('killed'), { code: 'ECONNRESET' })
    }
    while ((await jobOf(json.id)).state !== 'done') {
      await work(killed).catch(() => undefined)
      await services.database.query('update jobs set claimed_until = null')
    }
    expect(kills).toBeGreaterThan(5)
    const closed = await close({}, 20_000)
    expect(closed.json).toMatchObject({ state: 'closed', rows: [{ closing: 500 }, { closing: 500 }, { closing: 500 }] })
    expect((await jobOf(json.id)).result).toEqual(closed.json)
    expect(await closings()).toEqual([closed.json])
  })

  it('keeps what the house’s accounts come to: what was booked afterwards is added, late or not, and a past instant is as it was', async () => {
    const give = adjustmentsHandlers(services).createAdjustment
    const adjust = (amount: number, more: object) => {
      const body = { person: ana, asset: 'credit:EUR', amount, reason: 'goodwill', ...more }
      return ask(services, createAdjustment, give, { body })
    }
    await adjust(30, {})
    await adjust(4, { effectiveAt: '2026-10-31T12:00:00Z' })
    const at = async (query: object) => {
      const params = { owner: 'house', asset: 'credit:EUR', kind: 'adjusted' }
      const handler = accountsHandlers(services).getAccount
      return (await ask(services, getAccount, handler, { params, query })).json.balance
    }
    expect(await at({})).toBe(-534)
    const effective = 'true'
    const asked = [
      await at({ at: '2026-10-06T00:00:00Z' }),
      await at({ at: '2026-11-02T08:00:00Z' }),
      await at({ at: '2026-12-01T00:00:00Z' }),
      await at({ at: '2026-10-04T00:00:00Z', effective }),
      await at({ at: '2026-10-06T00:00:00Z', effective }),
      await at({ at: '2026-11-01T00:00:00Z', effective }),
      await at({ at: '2026-11-03T00:00:00Z', effective }),
    ]
    expect(asked).toEqual([-500, -534, -534, 0, -500, -504, -534])
    // What is summed is what was booked since: without the closed month's postings it comes to the same.
    await services.database.query(`delete from postings where period = '2026-10'`)
    expect([await at({}), await at({ at: '2026-12-01T00:00:00Z' })]).toEqual([-534, -534])
  })
})
