import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import * as keys from '../../contract/keys.ts'
import * as contract from '../../contract/sources.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import type { Source, SourceTailRow as TailRow } from '../../sdk/api.ts'
import { makeAuthenticate } from '../authenticate.ts'
import type { Auth } from '../http/call.ts'
import { compactMinutes } from '../sources/compact-minutes.ts'
import { type Arrival, makeSourceLog } from '../sources/source-log.ts'
import { keysHandlers } from './keys.ts'
import { sourcesHandlers } from './sources.ts'

describe.each(['pglite', 'postgres'] as const)('sources on %s', store => {
  let services: TestServices
  let source: ReturnType<typeof sourcesHandlers>
  let key: ReturnType<typeof keysHandlers>
  let authenticate: ReturnType<typeof makeAuthenticate>
  const minute = 60_000

  beforeAll(async () => {
    services = await testServices(store)
    source = sourcesHandlers(services)
    key = keysHandlers(services)
    authenticate = makeAuthenticate(services)
  })
  afterAll(() => services.database.close())

  const create = async (body: object): Promise<Source & { key: string }> =>
    (await ask(services, contract.createSource, source.createSource, { body })).json as never
  const get = async (id: string): Promise<Source> =>
    (await ask(services, contract.getSource, source.getSource, { params: { id } })).json as never
  const tail = async (id: string, query: object = {}): Promise<{ data: TailRow[]; cursor: string }> =>
    (await ask(services, contract.tailSource, source.tailSource, { params: { id }, query })).json as never
  const who = async (shown: string): Promise<Auth | string> => {
    const result = await authenticate({ key: shown, remoteAddress: '203.0.113.1' })
    return result.ok ? result.value : result.refusal.code
  }
  const authOf = async (shown: string): Promise<Auth> => {
    const found = await who(shown)
    if (typeof found === 'string') throw new Error(found)
    return found
  }
  const event = (more: Partial<Arrival> = {}): Arrival => ({
    outcome: 'stored',
    kind: 'track',
    name: 'Product Viewed',
    messageId: 'm-1',
    subject: 'anonymousId',
    ...more,
  })
  const invalid = (pointer: string, message: string) =>
    refuse(workspaceRefusals.source_not_found, { id: 'x' }, [{ pointer, message }])

  it.each([
    ['web', 'publishable', 'p'],
    ['app', 'publishable', 'p'],
    ['till', 'till', 't'],
    ['server', 'secret', 's'],
    ['file', 'secret', 's'],
  ])('a %s gets a key of scope %s', async (kind, scope, initial) => {
    const made = await create({ name: `A ${kind}`, kind, channel: 'web', location: 'store-12' })
    expect(made).toMatchObject({ name: `A ${kind}`, kind, channel: 'web', location: 'store-12', revokedAt: null })
    expect(made.key).toMatch(new RegExp(`^ts_${initial}_.{32}$`))
    expect(await who(made.key)).toMatchObject({ keyId: made.id, scope, channel: 'web', location: 'store-12' })
  })

  it('a till without a location is none', () => {
    expect(contract.createSource.body?.safeParse({ name: 'a till', kind: 'till' }).success).toBe(false)
  })

  it('a key that was made as a key is a source too, told by its scope', async () => {
    const kinds = { secret: 'server', publishable: 'web', till: 'till' } as const
    for (const [scope, kind] of Object.entries(kinds)) {
      const body = { name: 'old', scope, location: 'store-1' }
      const { json } = await ask(services, keys.createKey, key.createKey, { body })
      expect(await get(String(json.id))).toMatchObject({ id: json.id, name: 'old', kind })
    }
  })

  it('stays the same source under each new key, also one made by the calls of keys', async () => {
    const made = await create({ name: 'Shop', kind: 'web' })
    const params = { id: made.id }
    const second = await ask(services, contract.rotateSource, source.rotateSource, {
      params,
      body: { graceSeconds: 60 },
    })
    expect(second.json).toMatchObject({ id: made.id, name: 'Shop', kind: 'web', revokedAt: null })
    const secondKey = String(second.json.key)
    const auth = await authOf(secondKey)
    expect(auth).toMatchObject({ sourceId: made.id })
    expect(await who(made.key)).toMatchObject({ keyId: made.id })

    const third = await ask(services, keys.rotateKey, key.rotateKey, { params: { id: auth.keyId }, body: {} })
    expect(await who(String(third.json.key))).toMatchObject({ keyId: third.json.id, sourceId: made.id })

    const { json } = await ask(services, contract.listSources, source.listSources, { query: { limit: 1000 } })
    const listed = json.data as Source[]
    expect(listed.filter(it => it.name === 'Shop').map(it => it.id)).toEqual([made.id])

    services.time.now += minute
    expect(await who(made.key)).toBe('unauthorized')
    expect(await who(secondKey)).toBe('unauthorized')
    expect(await who(String(third.json.key))).toMatchObject({ sourceId: made.id })
  })

  it('sends under its new name and channel with every key it has', async () => {
    const made = await create({ name: 'Shop', kind: 'web', channel: 'web' })
    const params = { id: made.id }
    const body = { graceSeconds: 600 }
    const { json } = await ask(services, contract.rotateSource, source.rotateSource, { params, body })
    const changed = await ask(services, contract.updateSource, source.updateSource, {
      params,
      body: { name: 'App', channel: 'app' },
    })
    expect(changed.json).toMatchObject({ id: made.id, name: 'App', channel: 'app' })
    for (const shown of [made.key, String(json.key)]) expect(await who(shown)).toMatchObject({ channel: 'app' })
    const cleared = await ask(services, contract.updateSource, source.updateSource, { params, body: { channel: null } })
    expect(cleared.json).toMatchObject({ name: 'App', channel: null })
  })

  it('ends with every key it has, and is still there to look at', async () => {
    const made = await create({ name: 'Old shop', kind: 'web' })
    const params = { id: made.id }
    const body = { graceSeconds: 600 }
    const { json } = await ask(services, contract.rotateSource, source.rotateSource, { params, body })
    const ended = await ask(services, contract.revokeSource, source.revokeSource, { params })
    expect(ended.json).toMatchObject({ id: made.id, revokedAt: new Date(services.time.now).toISOString() })
    for (const shown of [made.key, String(json.key)]) expect(await who(shown)).toBe('unauthorized')
    services.time.now += 1000
    const again = await ask(services, contract.revokeSource, source.revokeSource, { params })
    expect(again.json.revokedAt).toBe(ended.json.revokedAt)
    const refused = await ask(services, contract.rotateSource, source.rotateSource, { params, body })
    expect(refused.refusal?.code).toBe('source_revoked')
    expect(await get(made.id)).toMatchObject({ revokedAt: ended.json.revokedAt })
  })

  it('counts what came in the last minute, hour and day, from any number of processes', async () => {
    const { id, key: shown } = await create({ name: 'Counted', kind: 'web' })
    const auth = await authOf(shown)
    const other = makeSourceLog(services)
    services.time.now += minute - (services.time.now % minute)
    const start = services.time.now
    services.sources.took(auth, [event(), event()], 3)
    other.took(auth, [event({ outcome: 'known' })], 3)
    await services.sources.flush()
    await other.flush()
    expect((await get(id)).health).toEqual({
      lastEventAt: new Date(start).toISOString(),
      lastErrorAt: null,
      perMinute: { now: 3, hour: 0.05, day: 0.0021 },
      errorRate: 0,
      lastErrors: [],
    })
    services.time.now += 90_000
    expect((await get(id)).health.perMinute.now).toBe(1.5)
    services.time.now += 60 * minute
    expect((await get(id)).health).toMatchObject({ perMinute: { now: 0, hour: 0 }, errorRate: null })
  })

  it('tells why and where calls were refused, and nothing of what they said', async () => {
    const { id, key: shown } = await create({ name: 'Failing', kind: 'server' })
    const auth = await authOf(shown)
    services.sources.took(auth, [event(), event(), event()], 1)
    services.sources.refused(auth, 'batch', invalid('/batch/0/event', 'must be a string'), 2)
    services.time.now += minute
    const quoting = 'is not valid JSON: Unexpected token, "{"email":"ana@example.com"'
    services.sources.refused(auth, 'track', invalid('/context/ana@example.com', quoting), 2)
    services.sources.refused(auth, 'track', invalid('/properties/0039 333 12', 'is unlike bo@example.com here'), 2)
    services.sources.refused(auth, 'track', undefined, 2)
    await services.sources.flush()
    const { health } = await get(id)
    expect(health.errorRate).toBe(0.5714)
    expect(health.lastErrors).toMatchObject([
      { code: 'internal_error', pointer: null },
      { code: 'source_not_found', pointer: '/batch/0/event', message: 'must be a string' },
    ])
    const { data } = await tail(id)
    expect(data.slice(-3, -1).map(line => line.issues)).toEqual([
      [{ pointer: '/context/*', message: 'is not valid JSON' }],
      [{ pointer: '/properties/*', message: 'is unlike * here' }],
    ])
  })

  it('shows what comes in, line by line, each line once', async () => {
    const { id, key: shown } = await create({ name: 'Watched', kind: 'web' })
    const auth = await authOf(shown)
    const empty = await tail(id)
    expect(empty.data).toEqual([])
    const issues = [{ pointer: '/context/personToken', message: 'has ended' }]
    services.sources.took(auth, [event({ messageId: 'm-1' }), event({ messageId: 'm-2', issues })], 7)
    services.sources.took(auth, [event({ messageId: 'm-1', outcome: 'known', name: 'Ana <ana@example.com>' })], 4)
    await services.sources.flush()
    const first = await tail(id, { after: empty.cursor })
    expect(first.data).toMatchObject([
      { outcome: 'stored', name: 'Product Viewed', messageId: 'm-1', subject: 'anonymousId', latencyMs: 7 },
      { outcome: 'stored', messageId: 'm-2', issues },
      { outcome: 'known', messageId: 'm-1', name: '*', latencyMs: 4 },
    ])
    services.time.now += 1
    services.sources.refused(auth, 'track', invalid('/event', 'is required'), 2)
    await services.sources.flush()
    const second = await tail(id, { after: first.cursor })
    expect(second.data).toMatchObject([{ outcome: 'refused', kind: 'track', code: 'source_not_found' }])
    expect(await tail(id, { after: second.cursor })).toEqual({ data: [], cursor: second.cursor })
  })

  it('waits for the next line, until it comes or the server closes', async () => {
    const { id, key: shown } = await create({ name: 'Awaited', kind: 'web' })
    const auth = await authOf(shown)
    const answer = tail(id, { wait: 30 })
    services.sources.took(auth, [event()], 1)
    await services.sources.flush()
    expect((await answer).data).toHaveLength(1)

    const closing = { ...services, sources: makeSourceLog(services) }
    const waiting = ask(services, contract.tailSource, sourcesHandlers(closing).tailSource, {
      params: { id },
      query: { wait: 30, after: (await answer).cursor },
    })
    closing.sources.close()
    expect((await waiting).json.data).toEqual([])
  })

  it('does not wait for whom has hung up', async () => {
    const { id } = await create({ name: 'Left', kind: 'web' })
    const { query, params } = contract.tailSource
    let looks = 0
    const answer = await source.tailSource({
      params: params!.parse({ id }),
      query: query!.parse({ wait: 30 }),
      body: undefined,
      bodyText: '',
      auth: secretKey,
      remoteAddress: '127.0.0.1',
      origin: () => '',
      again: () => Promise.reject(new Error('a tail makes no other call')),
      isGone: () => ++looks > 0,
      requestId: 'req_test',
      now: services.time.now,
    })
    expect(answer).toMatchObject({ json: { data: [] } })
    expect(looks).toBe(1)
  })

  it('keeps fifty lines a turn and the last thousand, and counts all', async () => {
    const { id, key: shown } = await create({ name: 'Busy', kind: 'server' })
    const auth = await authOf(shown)
    const many = Array.from({ length: 60 }, (_, index) => event({ messageId: `m-${index}` }))
    for (let turn = 0; turn < 26; turn++) {
      services.time.now += 1
      services.sources.took(auth, many, 1)
      await services.sources.flush()
    }
    const { rows } = await services.database.query<{ lines: number }>(
      'select count(*)::int8 as lines from source_tail where source_id = $1',
      [id],
    )
    expect(rows[0]!.lines).toBeGreaterThanOrEqual(1000)
    expect(rows[0]!.lines).toBeLessThanOrEqual(1200)
    expect((await tail(id)).data.at(-1)).toMatchObject({ messageId: 'm-49' })
    expect((await get(id)).health.perMinute.now).toBe(26 * 60)
  })

  it('sums old minutes by the hour, and forgets all but what a source did last', async () => {
    const quiet = await create({ name: 'Quiet', kind: 'till', location: 'store-1' })
    const auth = await authOf(quiet.key)
    const hour = 60 * minute
    services.time.now += hour - (services.time.now % hour)
    const start = services.time.now
    for (let index = 0; index < 100; index++) {
      services.time.now = start + index * minute
      services.sources.took(auth, [event()], 1)
      if (index === 70) services.sources.refused(auth, 'track', invalid('/event', 'is required'), 1)
      await services.sources.flush()
    }
    const rowsOf = async () =>
      (
        await services.database.query<{ minute: number; events: number; errors: number }>(
          'select minute, events, errors from source_minutes where source_id = $1 order by minute',
          [quiet.id],
        )
      ).rows
    const { signal } = new AbortController()
    const last = new Date(start + 99 * minute).toISOString()
    services.time.now = start + 4 * hour
    const before = (await get(quiet.id)).health
    await compactMinutes(services.database, services.time.now, signal)
    await compactMinutes(services.database, services.time.now, signal)
    expect(await rowsOf()).toEqual([
      { minute: start, events: 60, errors: 0 },
      { minute: start + hour, events: 40, errors: 1 },
    ])
    expect((await get(quiet.id)).health).toEqual(before)
    expect(before).toMatchObject({ lastEventAt: last, perMinute: { day: 0.0694 } })

    services.time.now = start + 30 * hour
    await compactMinutes(services.database, services.time.now, signal)
    expect(await rowsOf()).toEqual([{ minute: start + hour, events: 40, errors: 1 }])
    expect((await get(quiet.id)).health).toMatchObject({
      lastEventAt: last,
      perMinute: { day: 0 },
      lastErrors: [{ pointer: '/event' }],
    })
  })

  it('what was counted while the store was away is written when it is back', async () => {
    const { id, key: shown } = await create({ name: 'Stubborn', kind: 'web' })
    const auth = await authOf(shown)
    let isAway = true
    const log = makeSourceLog({
      ...services,
      database: {
        query: (...args) => (isAway ? Promise.reject(new Error('away')) : services.database.query(...args)),
      },
    })
    log.took(auth, [event()], 1)
    await expect(log.flush()).rejects.toThrow('away')
    log.took(auth, [event()], 1)
    isAway = false
    await log.flush()
    expect((await get(id)).health.perMinute.now).toBe(2)
  })

  it('is not found in another workspace, nor by an id that never was', async () => {
    const { id } = await create({ name: 'Mine', kind: 'web' })
    const stranger = { ...secretKey, workspaceId: 'stranger' }
    const found = await ask(services, contract.getSource, source.getSource, { params: { id }, auth: stranger })
    expect(found.refusal?.code).toBe('source_not_found')
    const tailed = await ask(services, contract.tailSource, source.tailSource, { params: { id }, auth: stranger })
    expect(tailed.refusal?.code).toBe('source_not_found')
  })
})
