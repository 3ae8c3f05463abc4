import { beforeAll, describe, expect, it } from 'vitest'
import { serve, type TestServer } from './server.ts'

const stores = ['pglite', 'postgres'] as const

/** One server a store, on a clock that tests move; a workspace of its own for each, with the keys of two people. */
const offices = (store: (typeof stores)[number]) => {
  const time = { now: 0 }
  let server: TestServer
  let count = 0
  beforeAll(async () => {
    server = await serve(store, { clock: () => time.now })
  })
  return async () => {
    time.now = Date.parse('2026-10-05T08:00:00Z')
    count += 1
    const workspace = `office-${count}`
    await server.call('POST', '/v1/workspaces', { id: workspace, name: workspace })
    /** With the admin key, or with the one that is named. */
    const call: TestServer['call'] = (method, path, body, { headers = {}, ...options } = {}) =>
      server.call(method, path, body, { ...options, headers: { 'tessera-workspace': workspace, ...headers } })
    const key = async (name: string): Promise<string> =>
      (await call('POST', '/v1/keys', { name, scope: 'secret' })).json.key
    const [anna, ben] = [await key('Anna in the office'), await key('Ben in the office')]
    await call('POST', '/v1/people/links', { a: 'email:cleo@example.com', b: 'userId:cleo' })
    const adjust = (body: Record<string, unknown>, options: Parameters<TestServer['call']>[3] = { key: anna }) =>
      call('POST', '/v1/adjustments', { person: 'email:cleo@example.com', reason: 'goodwill', ...body }, options)
    return { url: server.url, adminKey: server.adminKey, workspace, call, time, anna, ben, adjust }
  }
}

const credit = { asset: 'credit:EUR' }

describe.each(stores)('finance on %s', store => {
  const office = offices(store)

  it('books an adjustment with its reason, and takes it back once', async () => {
    const { call, adjust, anna } = await office()
    const given = await adjust({ ...credit, amount: 500, note: 'A late parcel' })
    expect(given.status).toBe(201)
    expect(given.json).toMatchObject({
      state: 'booked',
      amount: 500,
      reason: 'goodwill',
      decidedBy: null,
      reverses: null,
    })
    const taken = await adjust({ ...credit, amount: -501 })
    expect([taken.json.code, taken.json.details]).toEqual([
      'adjustment_too_much',
      { asset: 'credit:EUR', asked: 501, available: 500 },
    ])
    const back = await call('POST', `/v1/adjustments/${given.json.id}/reverse`, { reason: 'correction' }, { key: anna })
    expect(back.json).toMatchObject({ state: 'booked', amount: -500, reverses: given.json.id })
    const again = await call(
      'POST',
      `/v1/adjustments/${given.json.id}/reverse`,
      { reason: 'correction' },
      { key: anna },
    )
    expect([again.status, again.json.code]).toEqual([409, 'adjustment_reversed'])
    // And what was taken goes back where it came from.
    const forth = await call('POST', `/v1/adjustments/${back.json.id}/reverse`, { reason: 'correction' }, { key: anna })
    expect(forth.json).toMatchObject({ state: 'booked', amount: 500 })
    expect((await call('GET', '/v1/reports/liability')).json.data).toMatchObject([
      { asset: 'credit:EUR', period: '2026-10', adjusted: 500, closing: 500, spendable: 500, unexplained: 0 },
    ])
  })

  it('waits for a second person above the set value, who may not be the first, nor have a key made for it', async () => {
    const { call, adjust, anna, ben, time, workspace } = await office()
    const set = { adjustments: { secondPersonAbove: { 'credit:EUR': 1000 } } }
    const refused = await call('PATCH', `/v1/workspaces/${workspace}`, set, { key: anna })
    expect([refused.status, refused.json.code]).toEqual([403, 'forbidden'])
    expect((await call('PATCH', `/v1/workspaces/${workspace}`, set)).json.adjustments).toEqual(set.adjustments)
    expect((await adjust({ ...credit, amount: 1000 })).json.state).toBe('booked')
    // Of one millisecond no order is told.
    time.now += 1000
    const { json: proposed } = await adjust({ ...credit, amount: 1001 })
    expect(proposed).toMatchObject({ state: 'proposed', transaction: null })
    expect((await call('GET', '/v1/reports/liability')).json.data[0].closing).toBe(1000)
    const approve = (key: string) => call('POST', `/v1/adjustments/${proposed.id}/approve`, undefined, { key })
    expect((await approve(anna)).json.code).toBe('second_person_needed')
    time.now += 60_000
    const { json: second } = await call('POST', '/v1/keys', { name: 'Anna again', scope: 'secret' }, { key: anna })
    expect((await approve(second.key)).json.code).toBe('second_person_needed')
    const approved = await approve(ben)
    expect(approved.json).toMatchObject({ state: 'booked', amount: 1001 })
    expect((await approve(ben)).json).toMatchObject({ code: 'adjustment_state_conflict', details: { state: 'booked' } })
    expect((await call('GET', '/v1/reports/liability')).json.data[0].closing).toBe(2001)

    const { json: other } = await adjust({ ...credit, amount: -1500 })
    const rejected = await call('POST', `/v1/adjustments/${other.id}/reject`, undefined, { key: anna })
    expect(rejected.json).toMatchObject({ state: 'rejected', transaction: null })
    expect((await call('GET', '/v1/adjustments?state=rejected')).json.data).toEqual([rejected.json])
    expect((await call('GET', `/v1/adjustments/${other.id}`)).json).toEqual(rejected.json)
    expect((await call('GET', '/v1/adjustments?person=email:cleo@example.com&state=rejected')).json.data).toEqual([
      rejected.json,
    ])
    await call('POST', '/v1/identify', { userId: 'nothing-given' })
    expect((await call('GET', '/v1/adjustments?person=userId:nothing-given')).json.data).toEqual([])
    expect((await call('GET', '/v1/adjustments?person=userId:nobody')).json.code).toBe('person_not_found')
    expect((await call('GET', '/v1/adjustments?limit=2')).json.data.map((it: { id: string }) => it.id)).toEqual([
      other.id,
      proposed.id,
    ])
  })

  it('adds up what one person gives in a day, with whichever key, and asks for a second one then', async () => {
    const { call, adjust, anna, ben, time, workspace } = await office()
    const limits = {
      secondPersonAbove: { 'credit:EUR': 1000 },
      alonePerDay: { 'credit:EUR': 2500, 'giftCard:EUR': 900 },
    }
    await call('PATCH', `/v1/workspaces/${workspace}`, { adjustments: limits })
    // Of keys of one millisecond it is not told which came first.
    time.now += 1000
    const { json: second } = await call('POST', '/v1/keys', { name: 'Anna again', scope: 'secret' }, { key: anna })
    const states = async (key: string, ...amounts: number[]) => {
      const made = []
      for (const amount of amounts) made.push((await adjust({ ...credit, amount }, { key })).json.state)
      return made
    }
    expect(await states(anna, 1000, -600, 900)).toEqual(['booked', 'booked', 'booked'])
    expect(await states(second.key, 1, 600)).toEqual(['proposed', 'proposed'])
    const body = { person: 'email:cleo@example.com', amount: 1, currency: 'EUR', reason: 'goodwill' }
    const refused = await call('POST', '/v1/credits', body, { key: anna })
    expect([refused.json.code, refused.json.details]).toEqual([
      'given_too_much_today',
      { asset: 'credit:EUR', most: 2500, given: 2500 },
    ])
    expect((await call('POST', '/v1/credits', body, { key: ben })).status).toBe(201)
    // By the workspace's midnight the day is another.
    time.now = Date.parse('2026-10-06T00:00:00Z')
    expect(await states(second.key, 1000)).toEqual(['booked'])

    const cards = (count: number, key: string) =>
      call('POST', '/v1/gift-cards', { amount: 300, currency: 'EUR', count }, { key })
    expect((await cards(2, anna)).status).toBe(201)
    expect((await cards(2, second.key)).json.code).toBe('given_too_much_today')
    const { json: job } = await cards(200, ben)
    await expect
      .poll(async () => (await call('GET', `/v1/jobs/${job.id}`)).json.state, { timeout: 20_000 })
      .toBe('failed')
    expect((await call('GET', `/v1/jobs/${job.id}`)).json.error.message).toContain('900 of giftCard:EUR a day')
  })

  it('lets no more through when many small ones come at once: ten times what needs a second person, where nothing else is set', async () => {
    const { call, adjust, anna, workspace } = await office()
    await call('PATCH', `/v1/workspaces/${workspace}`, { adjustments: { secondPersonAbove: { 'credit:EUR': 10 } } })
    const many = await Promise.all(Array.from({ length: 30 }, () => adjust({ ...credit, amount: 7 }, { key: anna })))
    const booked = many.filter(it => it.json.state === 'booked')
    expect([booked.length, many.filter(it => it.json.state === 'proposed').length]).toEqual([14, 16])
    expect((await call('GET', '/v1/reports/liability')).json.data[0].closing).toBe(98)
  })

  it('answers the same adjustment for the same key, and books it once', async () => {
    const { call, adjust, anna } = await office()
    const options = { key: anna, headers: { 'idempotency-key': 'once' } }
    const [first, again] = [
      await adjust({ ...credit, amount: 70 }, options),
      await adjust({ ...credit, amount: 70 }, options),
    ]
    expect(again.text).toBe(first.text)
    expect((await call('GET', '/v1/reports/liability')).json.data[0].closing).toBe(70)
  })

  it('closes a month, which then takes nothing more', async () => {
    const { call, adjust, time, anna } = await office()
    await adjust({ ...credit, amount: 500 })
    const close = (period: string, dry = '') => call('POST', `/v1/closings${dry}`, { period }, { key: anna })
    expect((await close('2026-10')).json.code).toBe('period_not_over')
    time.now = Date.parse('2026-11-02T08:00:00Z')
    await adjust({ ...credit, amount: 30, effectiveAt: '2026-10-31T12:00:00Z' })
    const dry = await close('2026-10', '?dryRun=true')
    expect(dry.json).toMatchObject({
      state: 'open',
      closedAt: null,
      blockers: [],
      rows: [{ closing: 530, closed: false }],
    })
    const closed = await close('2026-10')
    expect(closed.json).toMatchObject({
      state: 'closed',
      closedAt: '2026-11-02T08:00:00.000Z',
      rows: [{ asset: 'credit:EUR', period: '2026-10', closed: true, opening: 0, adjusted: 530, closing: 530 }],
    })
    expect((await close('2026-10')).text).toBe(closed.text)
    // Of October, and too late for it.
    await adjust({ ...credit, amount: 4, effectiveAt: '2026-10-31T12:00:00Z' })
    expect((await call('GET', '/v1/reports/liability?from=2026-09')).json.data).toMatchObject([
      { period: '2026-09', closed: false, closing: 0 },
      { period: '2026-10', closed: true, opening: 0, adjusted: 530, closing: 530 },
      { period: '2026-11', closed: false, opening: 530, adjusted: 4, closing: 534, spendable: 534 },
    ])
    expect((await call('GET', '/v1/closings')).json.data).toEqual([closed.json])
    expect((await close('2026-09')).json).toMatchObject({ code: 'period_closed', details: { through: '2026-10' } })
  })

  it('says what is in the way of closing a month', async () => {
    const { call, adjust, time, workspace } = await office()
    await call('PATCH', `/v1/workspaces/${workspace}`, { adjustments: { secondPersonAbove: { 'credit:EUR': 10 } } })
    await adjust({ ...credit, amount: 5, effectiveAt: '2026-09-05T08:00:00Z' })
    const { json: proposed } = await adjust({ ...credit, amount: 500 })
    time.now = Date.parse('2026-11-02T08:00:00Z')
    const { json: dry } = await call('POST', '/v1/closings?dryRun=true', { period: '2026-10' })
    expect(dry.blockers.map((it: { code: string }) => it.code)).toEqual(['earlier_period_open', 'adjustments_open'])
    expect(dry.blockers[1].details).toEqual({ period: '2026-10', count: 1, ids: proposed.id })
    expect((await call('POST', '/v1/closings', { period: '2026-10' })).json).toMatchObject({
      code: 'earlier_period_open',
      details: { earlier: '2026-09' },
    })
    expect((await call('POST', '/v1/closings', { period: '2026-09' })).status).toBe(200)
    expect((await call('POST', '/v1/closings', { period: '2026-10' })).json.code).toBe('adjustments_open')
    await call('POST', `/v1/adjustments/${proposed.id}/reject`)
    expect((await call('POST', '/v1/closings', { period: '2026-10' })).status).toBe(200)
  })

  it('exports who has what as of an instant, and what was given by hand', async () => {
    const { call, adjust, time, ben } = await office()
    const { json: given } = await adjust({ ...credit, amount: 1250, note: 'A late parcel' })
    const card = { amount: 300, currency: 'EUR', active: true }
    const [{ id: cardId }] = (await call('POST', '/v1/gift-cards', card)).json.data
    const then = new Date(time.now).toISOString()
    time.now += 1000
    await adjust({ ...credit, amount: -250 }, { key: ben })
    await call('POST', '/v1/people/links', { a: 'userId:idle', b: 'email:idle@example.com' })
    const rows = async (path: string): Promise<Record<string, unknown>[]> =>
      (await call('GET', `/v1/exports/${path}`)).text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
    const hers = { person: given.person, asset: 'credit:EUR', pending: 0, held: 0, debt: 0, currency: 'EUR' }
    const cards = { owner: cardId, person: null, identifier: null, asset: 'giftCard:EUR', spendable: 300, money: 3 }
    const byAsset = (all: Record<string, unknown>[]) => all.sort((a, b) => (String(a.asset) < String(b.asset) ? -1 : 1))
    expect(byAsset(await rows(`balances?format=ndjson&at=${then}`))).toMatchObject([
      { ...hers, spendable: 1250, balance: 1250, money: 12.5 },
      cards,
    ])
    expect(byAsset(await rows('balances?format=ndjson'))).toMatchObject([{ ...hers, balance: 1000, money: 10 }, cards])
    expect(await rows('balances?format=ndjson&asset=credit:EUR')).toHaveLength(1)
    expect(await rows('adjustments?format=ndjson')).toMatchObject([
      { id: given.id, person: given.person, amount: 1250, money: 12.5, note: 'A late parcel', state: 'booked' },
      { amount: -250, reason: 'goodwill' },
    ])
    expect(await rows(`adjustments?format=ndjson&since=${new Date(time.now).toISOString()}`)).toHaveLength(1)
  })

  it('exports what is owed as CSV', async () => {
    const { call, adjust } = await office()
    await adjust({ ...credit, amount: 150 })
    await adjust({ ...credit, amount: -25 })
    const { text, headers } = await call('GET', '/v1/exports/liability')
    expect(headers.get('content-type')).toContain('text/csv')
    const [head, row] = text.split('\r\n').map(line => line.split(','))
    const cells = Object.fromEntries(head!.map((name, index) => [name, row![index]]))
    expect(cells).toMatchObject({
      asset: 'credit:EUR',
      period: '2026-10',
      adjusted: '125',
      money_adjusted: '1.25',
      money_closing: '1.25',
      currency: 'EUR',
    })
  })
})
