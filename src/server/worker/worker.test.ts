import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { newOffer } from '../../../test/records.ts'
import { insertWorkspace, makeWorkspaces } from '../workspaces.ts'
import { addJob } from './job-store.ts'
import { startWorker } from './worker.ts'

describe.each(['postgres', 'pglite'] as const)('a worker on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  it('takes up the job of a process that is gone, and stops when told', async () => {
    const { database, time } = services
    const offer = await newOffer(services)
    const job = { workspaceId: 'default', kind: 'generateCodes', total: 1500, now: time.now }
    await addJob(database, { ...job, id: 'job_1', params: { offer, pattern: 'W-######' } })
    // On the embedded store any lease found at the start is a dead process's; on a server it has to run out.
    await database.query(
      `update jobs set state = 'running', claimed_by = 'gone', claimed_until = now() + $1 * interval '1 hour' where id = 'job_1'`,
      [store === 'pglite' ? 1 : -1],
    )
    const worker = startWorker(services, pino({ level: 'silent' }))
    const states = async () => (await database.query('select state, done from jobs')).rows
    await vi.waitFor(async () => expect(await states()).toEqual([{ state: 'done', done: 1500 }]), { timeout: 30_000 })
    await worker.stop()
    await addJob(database, { ...job, id: 'job_2', params: { offer, pattern: 'V-######' } })
    expect((await database.query("select state from jobs where id = 'job_2'")).rows).toEqual([{ state: 'queued' }])
  })

  it('does the work of a workspace that nobody has asked for since the process began', async () => {
    const { database, time } = services
    const acme = { id: 'acme', name: 'Acme', currency: 'EUR', timeZone: 'UTC', language: 'en', taxIncluded: true }
    await insertWorkspace(database, { ...acme, country: undefined }, randomBytes, time.now)
    const workspaces = makeWorkspaces({ ...services, random: randomBytes })
    const jobs = {
      countEvents: { everything: true },
      grantSegment: { offer: 'off_gone', segment: 'vip', withCode: false, after: '' },
    }
    for (const [kind, params] of Object.entries(jobs))
      await addJob(database, { workspaceId: 'acme', id: `job_${kind}`, kind, params, total: null, now: time.now })
    const worker = startWorker({ ...services, workspaces }, pino({ level: 'silent' }))
    const states = async () =>
      (await database.query("select state from jobs where workspace_id = 'acme'")).rows.map(row => row.state)
    await vi.waitFor(async () => expect(await states()).toEqual(['done', 'done']), { timeout: 30_000 })
    await worker.stop()
  })
})
