import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { type ApartKind, createJobRunner } from './job-runner.ts'
import { addJob, type JobRow } from './job-store.ts'

const logger = pino({ level: 'silent' })

describe.each(['postgres', 'pglite'] as const)('jobs whose steps are apart from a transaction, on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  const runnerWith = (walk: ApartKind) =>
    createJobRunner({ database: services.database, clock: services.clock, logger, kinds: {}, apart: { walk } })
  const add = (id: string) =>
    addJob(services.database, {
      workspaceId: 'default',
      id: `job_${id.padStart(26, '0')}`,
      kind: 'walk',
      params: { after: '' },
      total: null,
      now: services.time.now,
    })
  const stored = async (id: string): Promise<JobRow> => {
    const { rows } = await services.database.query<JobRow>('select * from jobs where id = $1', [id])
    return rows[0]!
  }
  /** Writes through another connection, which would wait for ever inside a transaction of the embedded store. */
  const steps = (marks: string[]): ApartKind => {
    return async job => {
      const { after } = job.params as { after: string }
      const mark = `${after}x`
      marks.push(mark)
      await services.database.transaction(tx => tx.query('select 1'))
      return mark === 'xxx' ? { done: 1, result: { walked: true } } : { done: 1, params: { after: mark } }
    }
  }

  it('a step goes on from what the one before left, and its progress is stored', async () => {
    const { id } = await add('1')
    const marks: string[] = []
    await runnerWith(steps(marks)).run(new AbortController().signal)
    expect(marks).toEqual(['x', 'xx', 'xxx'])
    expect(await stored(id)).toMatchObject({
      state: 'done',
      done: 3,
      result: { walked: true },
      params: { after: 'xx' },
    })
  })

  it('what another runner took over meanwhile is not written over', async () => {
    const { id } = await add('2')
    let runs = 0
    await runnerWith(async () => {
      runs += 1
      await services.database.query("update jobs set claimed_by = 'another', done = 7 where id = $1", [id])
      return { done: 1, params: { after: 'mine' } }
    }).run(new AbortController().signal)
    expect(runs).toBe(1)
    expect(await stored(id)).toMatchObject({ state: 'running', done: 7, params: { after: '' } })
    await services.database.query('delete from jobs where id = $1', [id])
  })

  it('a step that fails fails the job with its reason, and a cancelled one ends', async () => {
    const failed = await add('3')
    await runnerWith(() => Promise.reject(new Error('no way'))).run(new AbortController().signal)
    expect(await stored(failed.id)).toMatchObject({ state: 'failed', error: { message: 'no way' } })
    const cancelled = await add('4')
    let runs = 0
    await runnerWith(async () => {
      runs += 1
      await services.database.query("update jobs set state = 'cancelled' where id = $1", [cancelled.id])
      return { done: 1, result: {} }
    }).run(new AbortController().signal)
    expect(runs).toBe(1)
    expect(await stored(cancelled.id)).toMatchObject({ state: 'cancelled', done: 0 })
  })
})
