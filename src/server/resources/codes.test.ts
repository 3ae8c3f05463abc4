import { text } from 'node:stream/consumers'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import { newOffer, storeUses } from '../../../test/records.ts'
import { createCodes, lookupCode } from '../../contract/codes.ts'
import { cancelJob, getJob, type Job, listJobs, resumeJob } from '../../contract/jobs.ts'
import { checkCharacter } from '../../core/offers/code.ts'
import { generateCodes } from '../worker/generate-codes.ts'
import { createJobRunner, type JobKind } from '../worker/job-runner.ts'
import { codesHandlers } from './codes.ts'
import { jobsHandlers } from './jobs.ts'

const logger = pino({ level: 'silent' })
const running = new AbortController().signal

describe.each(['postgres', 'pglite'] as const)('codes on %s', store => {
  let services: TestServices
  let codes: ReturnType<typeof codesHandlers>
  let jobs: ReturnType<typeof jobsHandlers>
  let offer: string

  beforeAll(async () => {
    services = await testServices(store)
    codes = codesHandlers(services)
    jobs = jobsHandlers(services)
    offer = await newOffer(services)
  })
  afterAll(() => services.database.close())

  const create = (body: object, to = offer, idempotencyKey?: string) =>
    ask(services, createCodes, codes.createCodes, {
      params: { id: to },
      body,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
  const lookup = async (code: string) => {
    const { json, refusal } = await ask(services, lookupCode, codes.lookupCode, { params: { code } })
    return refusal ?? (json.data as Record<string, unknown>[])
  }
  const exported = async (of: string, job?: string): Promise<string[]> => {
    const call = { params: { id: of }, query: { job }, auth: secretKey, now: services.time.now }
    const answer = await codes.exportCodes(call as Parameters<typeof codes.exportCodes>[0])
    if (!('stream' in answer)) throw new Error('nothing streamed')
    return (await text(answer.stream)).trimEnd().split('\r\n')
  }
  const job = async (id: string): Promise<Job> =>
    (await ask(services, getJob, jobs.getJob, { params: { id } })).json as Job
  const kinds = () => ({ generateCodes: generateCodes(services) })
  const runnerWith = (its: Record<string, JobKind>) =>
    createJobRunner({ database: services.database, clock: services.clock, logger, kinds: its })
  /** Goes on until `stops` steps were done, then fails as if the process were gone. */
  const stumbling = (stops: number): JobKind => {
    let steps = 0
    return (tx, it) => {
      if (steps++ === stops) throw Object.assign(new Error('the connection is lost'), { code: '08006' })
      return kinds().generateCodes(tx, it)
    }
  }
  const countOf = async (jobId: string): Promise<number> => {
    const { rows } = await services.database.query<{ n: number }>(
      `select count(*) as n from codes where workspace_id = 'default' and job_id = $1`,
      [jobId],
    )
    return rows[0]!.n
  }

  it('imports given codes; case and separators do not count when they are looked up', async () => {
    const { status, json } = await create({ codes: ['Summer-26', 'WINTER'], shared: true })
    expect([status, json]).toEqual([201, { imported: 2 }])
    expect(await lookup('sum mer26')).toMatchObject([{ code: 'Summer-26', offer, shared: true, uses: 0, held: 0 }])
  })

  it('imports all or nothing: a taken code is refused with its place', async () => {
    const { refusal } = await create({ codes: ['NEW-1', 'NEW-2', 'NEW-3', 'winter'] })
    expect(refusal).toMatchObject({ code: 'code_taken', details: { code: 'winter', place: '/codes/3' } })
    expect(refusal?.errors).toEqual([{ pointer: '/codes/3', message: expect.any(String) }])
    expect(await lookup('NEW-1')).toMatchObject({ code: 'code_not_found' })
  })

  it('takes the same code for another offer, and tells both', async () => {
    const other = await newOffer(services)
    await create({ codes: ['BOTH'] })
    await create({ codes: ['both'] }, other)
    expect(await lookup('BOTH')).toMatchObject([offer, other].sort().map(id => ({ offer: id })))
  })

  it.each([
    [['A-1', 'a1'], '/codes/1'],
    [['GOOD', '--'], '/codes/1'],
  ])('refuses the list %j at %s', async (list, pointer) => {
    const { refusal } = await create({ codes: list })
    expect(refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer }] })
  })

  it('imports 10,000 codes in one call', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `MANY-${index}`)
    expect((await create({ codes: many })).json).toEqual({ imported: 10_000 })
  })

  it('has no codes for an offer that no code claims, and none for no offer', async () => {
    const basket = await newOffer(services, { trigger: { on: 'basket' } })
    expect((await create({ codes: ['X'] }, basket)).refusal).toMatchObject({ code: 'trigger_mismatch' })
    expect((await create({ codes: ['X'] }, `off_${'0'.repeat(26)}`)).refusal).toMatchObject({ code: 'offer_not_found' })
  })

  it('refuses a pattern that could be guessed: a thousand possible codes are needed for each', async () => {
    const { refusal } = await create({ count: 708, pattern: 'ANA-####' })
    expect(refusal).toMatchObject({ code: 'pattern_too_small', details: { possible: 707_281, needed: 708_000 } })
    expect((await create({ count: 1, pattern: 'NO-#@##' })).refusal).toMatchObject({
      errors: [{ pointer: '/pattern' }],
    })
  })

  it('answers the same job under the same Idempotency-Key', async () => {
    const first = await create({ count: 5, pattern: 'SAME-####' }, offer, 'key-1')
    const again = await create({ count: 5, pattern: 'SAME-####' }, offer, 'key-1')
    expect(first.status).toBe(202)
    expect(again.text).toBe(first.text)
    await runnerWith(kinds()).run(running)
    expect(await countOf(String(first.json.id))).toBe(5)
  })

  it('makes exactly as many unique codes as asked, each with its check character, and streams them as CSV', async () => {
    const fresh = await newOffer(services)
    const { status, json } = await create({ count: 2500, pattern: 'ANA-####-####' }, fresh)
    expect([status, json.state, json.done, json.total]).toEqual([202, 'queued', 0, 2500])
    await runnerWith(kinds()).run(running)
    const id = String(json.id)
    expect(await job(id)).toMatchObject({
      state: 'done',
      done: 2500,
      result: { codes: `/v1/offers/${fresh}/codes?job=${id}` },
    })
    await create({ codes: ['=1+1', 'a "quoted", one'] }, fresh)
    const [head, ...lines] = await exported(fresh)
    expect(head).toBe('code,offer,shared,created_at,state')
    expect(lines).toHaveLength(2502)
    expect(lines.filter(line => line.startsWith(`'=1+1,${fresh},false,`))).toHaveLength(1)
    expect(lines.filter(line => line.startsWith('"a ""quoted"", one",'))).toHaveLength(1)
    const made = (await exported(fresh, id)).slice(1).map(line => line.split(',')[0]!)
    expect(new Set(made).size).toBe(2500)
    expect(made.filter(code => checkCharacter(code.slice(0, -1)) !== code.at(-1))).toEqual([])
  })

  it('tells of every code whether it was used', async () => {
    const used = await newOffer(services)
    await create({ codes: ['U-1', 'U-2', 'U-3'] }, used)
    const at = services.time.now
    const use = { offer: used, campaign: 'cmp', at }
    await storeUses(services.database, [
      { ...use, order: 'u-1', code: 'U1' },
      { ...use, order: 'u-2', code: 'U2', state: 'held', heldUntil: at + 1000 },
      { ...use, order: 'u-3', code: 'U3', state: 'cancelled' },
    ])
    const states = (await exported(used)).map(line => line.split(',')).map(cells => [cells[0], cells[4]])
    expect(states.slice(1)).toEqual([
      ['U-1', 'redeemed'],
      ['U-2', 'held'],
      ['U-3', 'issued'],
    ])
    expect(await lookup('u-1')).toMatchObject([{ uses: 1, held: 0 }])
    expect(await lookup('u-2')).toMatchObject([{ uses: 0, held: 1 }])
  })

  it('counts the uses of a shared code past what one statement reads', async () => {
    const busy = await newOffer(services)
    await create({ codes: ['BUSY'], shared: true }, busy)
    const use = { offer: busy, campaign: 'cmp', code: 'BUSY', at: services.time.now }
    const uses = Array.from({ length: 5100 }, (_, index) => ({
      ...use,
      order: `busy-${index}`,
      holder: index % 3 === 0 ? null : `hol_${index % 7}`,
    }))
    await storeUses(services.database, uses)
    expect(await lookup('BUSY')).toMatchObject([{ uses: 5100 }])
  })

  it('goes on after a crash where it stood, and makes not one code too many', async () => {
    const { json } = await create({ count: 3000, pattern: 'CRASH-######' })
    const id = String(json.id)
    await expect(runnerWith({ generateCodes: stumbling(2) }).run(running)).rejects.toThrow('the connection is lost')
    expect(await job(id)).toMatchObject({ state: 'running', done: 500 })
    expect(await countOf(id)).toBe(500)
    // Its lease holds while nobody knows whether the process is gone; then another takes over.
    const [other, another] = [runnerWith(kinds()), runnerWith(kinds())]
    await services.database.query(`update jobs set claimed_until = now() - interval '1 second' where id = $1`, [id])
    await Promise.all([other.run(running), another.run(running)])
    expect(await job(id)).toMatchObject({ state: 'done', done: 3000 })
    expect(await countOf(id)).toBe(3000)
  })

  it('does no more once another process holds the lease', async () => {
    const { json } = await create({ count: 3000, pattern: 'LEASE-######' })
    const id = String(json.id)
    const losing: JobKind = async (tx, it) => {
      await tx.query(`update jobs set claimed_by = 'another' where id = $1`, [it.id])
      return kinds().generateCodes(tx, it)
    }
    await runnerWith({ generateCodes: losing }).run(running)
    expect(await job(id)).toMatchObject({ state: 'running', done: 250 })
    expect(await countOf(id)).toBe(250)
    await ask(services, cancelJob, jobs.cancelJob, { params: { id } })
  })

  it('stops when it is cancelled, and resumes', async () => {
    const { json } = await create({ count: 3000, pattern: 'STOP-######' })
    const id = String(json.id)
    // The runner stops after the step in which the cancel comes, so that it cannot be done before.
    const stopping = new AbortController()
    let cancelled: Promise<unknown> | undefined
    const cancelling: JobKind = (tx, it) => {
      cancelled = ask(services, cancelJob, jobs.cancelJob, { params: { id } })
      stopping.abort()
      return kinds().generateCodes(tx, it)
    }
    await runnerWith({ generateCodes: cancelling }).run(stopping.signal)
    expect(await cancelled).toMatchObject({ json: { state: 'cancelled' } })
    await runnerWith(kinds()).run(running)
    const { done, state } = await job(id)
    expect([done, state]).toEqual([250, 'cancelled'])
    expect(await countOf(id)).toBe(done)
    expect((await ask(services, resumeJob, jobs.resumeJob, { params: { id } })).json).toMatchObject({ state: 'queued' })
    await runnerWith(kinds()).run(running)
    expect(await countOf(id)).toBe(3000)
    expect((await ask(services, cancelJob, jobs.cancelJob, { params: { id } })).refusal).toMatchObject({
      code: 'job_state_conflict',
      details: { state: 'done', asked: 'cancelled' },
    })
  })

  it('keeps the error of a job that failed', async () => {
    const { json } = await create({ count: 5, pattern: 'FULL-####' })
    const id = String(json.id)
    await services.database.query(
      `update jobs set params = json_build_object('offer', $2::text, 'pattern', 'FULL') where id = $1`,
      [id, offer],
    )
    await runnerWith(kinds()).run(running)
    expect(await job(id)).toMatchObject({
      state: 'failed',
      done: 1,
      error: { message: expect.stringContaining('more #') },
    })
  })

  it('lists jobs, newest first, in pages', async () => {
    const page = async (query: object) =>
      (await ask(services, listJobs, jobs.listJobs, { query })).json as { data: Job[]; nextCursor: string | null }
    const all = await page({})
    const first = await page({ limit: 2 })
    const second = await page({ limit: 1000, cursor: first.nextCursor })
    expect([...first.data, ...second.data]).toEqual(all.data)
    expect(first.data).toHaveLength(2)
    expect(second.nextCursor).toBeNull()
    const failed = await page({ state: 'failed' })
    expect(failed.data.map(it => it.state)).toEqual(['failed'])
  })

  it('keeps workspaces apart', async () => {
    const auth = { ...secretKey, workspaceId: 'elsewhere' }
    const found = await ask(services, lookupCode, codes.lookupCode, { params: { code: 'WINTER' }, auth })
    expect(found.refusal).toMatchObject({ code: 'code_not_found' })
  })
})
