import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

/** Consents over HTTP: what is said, what then holds, and what it is proven by. */
describe.each(['postgres', 'pglite'] as const)('consents on %s', store => {
  let server: TestServer
  const time = { now: Date.UTC(2026, 2, 2, 10) }
  const topics = [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }]
  beforeAll(async () => {
    server = await serve(store, { clock: () => time.now })
    expect((await server.call('PATCH', '/v1/workspaces/default', { topics })).json.topics).toEqual(topics)
  })

  /** A second after the last one, because what happens in one millisecond has no order. */
  const put = (ref: string, consents: object[], more: object = {}, options: Parameters<TestServer['call']>[3] = {}) => {
    time.now += 1000
    return server.call('PUT', `/v1/people/${ref}/consents`, { consents, ...more }, options)
  }
  const read = async (ref: string) => (await server.call('GET', `/v1/people/${ref}/consents`)).json
  const ledger = async (ref: string) => (await server.call('GET', `/v1/people/${ref}/consents/evidence`)).json.data
  const happened = async (ref: string) =>
    (await server.call('GET', `/v1/people/${ref}/timeline`)).json.data
      .filter((it: { what: string }) => it.what === 'event')
      .map((it: { details: { name: string } }) => it.details.name)
      .filter((name: string) => name.startsWith('Consent'))
  const marketing = { channel: 'email', purpose: 'marketing' }
  const given = { ...marketing, state: 'given' }
  const withdrawn = { ...marketing, state: 'withdrawn' }
  /** Whoever logs in with several addresses is one person. */
  const unite = (userId: string, ...emails: string[]) =>
    server.call('POST', '/v1/batch', { batch: emails.map(email => ({ type: 'identify', userId, traits: { email } })) })

  it('are no before anything was said, and what was said last afterwards', async () => {
    const ana = 'email:ana@example.com'
    expect((await put(ana, [])).json).toMatchObject({ recorded: [], permitted: [] })
    const said = { ...given, how: 'form', textVersion: 'news-1', language: 'it' }
    expect((await put(ana, [said])).json).toMatchObject({
      recorded: [{ ...given, stands: true, at: '2026-03-02T10:00:02.000Z' }],
      permitted: ['email/marketing', 'email/new-drinks'],
    })
    expect(await read(ana)).toMatchObject({ consents: [{ ...said, address: ana, by: 'admin', contact: 'allowed' }] })
    await put(ana, [withdrawn])
    const after = await read(ana)
    expect(after.permitted).toEqual([])
    expect(after.consents).toMatchObject([{ ...withdrawn, contact: 'withdrawn' }])
    expect(await happened(ana)).toEqual(['Consent Withdrawn', 'Consent Given'])
  })

  it('do not change by what comes late', async () => {
    const ben = 'email:ben@example.com'
    await put(ben, [{ ...withdrawn, at: '2026-03-01T10:00:00Z' }])
    const late = await put(ben, [{ ...given, at: '2026-02-01T10:00:00Z' }])
    expect(late.json).toMatchObject({ recorded: [{ state: 'given', stands: false }], permitted: [] })
    expect((await read(ben)).consents).toMatchObject([{ state: 'withdrawn', at: '2026-03-01T10:00:00.000Z' }])
    expect((await ledger(ben)).map((it: { stands: boolean }) => it.stands)).toEqual([true, false])
    expect(await happened(ben)).toEqual(['Consent Withdrawn'])
  })

  it('are withdrawn when she says so, also by a process whose clock is behind', async () => {
    const carla = 'email:carla@example.com'
    await put(carla, [given])
    time.now -= 60_000
    try {
      expect((await put(carla, [withdrawn])).json).toMatchObject({ recorded: [{ stands: true }], permitted: [] })
    } finally {
      time.now += 60_000
    }
    expect((await read(carla)).consents).toMatchObject([{ state: 'withdrawn' }])
  })

  it('are recorded all or not at all, and every mistake has its place', async () => {
    const dora = 'email:dora@example.com'
    const bad = [given, { ...given, channel: 'sms' }, { ...given, purpose: 'old-drinks' }]
    const answer = await put(dora, bad, { preferences: { topicsOff: ['marketing'] } })
    expect(answer.status).toBe(422)
    expect(answer.json).toMatchObject({ code: 'channel_not_of_address' })
    expect(answer.json.errors.map((it: { pointer: string }) => it.pointer)).toEqual([
      '/consents/1/channel',
      '/consents/2/purpose',
      '/preferences/topicsOff/0',
    ])
    expect((await server.call('GET', `/v1/people/${dora}`)).status).toBe(404)
  })

  it('are about addresses of this person only', async () => {
    await put('email:eva@example.com', [given])
    for (const address of ['email:ben@example.com', 'email:never.seen@example.com'])
      expect((await put('email:eva@example.com', [{ ...withdrawn, address }])).json).toMatchObject({
        code: 'address_of_another',
        errors: [{ pointer: '/consents/0/address' }],
      })
    expect((await server.call('GET', '/v1/people/email:never.seen@example.com')).status).toBe(404)
    // Her own in other letters is hers.
    expect((await put('email:eva@example.com', [{ ...withdrawn, address: 'email:EVA@example.com' }])).status).toBe(200)
  })

  it('of two who turn out to be one keep every opt-out, and what she says of both holds for both', async () => {
    const [home, work] = ['email:fay@home.example', 'email:fay@work.example']
    await put(home, [given], { preferences: { channelsOff: ['sms'], atMost: { messages: 3, days: 7 } } })
    await put(work, [withdrawn], { preferences: { channelsOff: ['call'], atMost: { messages: 1, days: 7 } } })
    expect((await read(home)).permitted).toContain('email/marketing')
    await unite('fay', 'fay@home.example', 'fay@work.example')
    const fay = await read(home)
    expect(fay).toMatchObject({
      permitted: [],
      preferences: { channelsOff: ['call', 'sms'], atMost: { messages: 1, days: 7 } },
    })
    expect(fay.consents.map((it: { address: string; contact: string }) => [it.address, it.contact])).toEqual([
      [home, 'allowed'],
      [work, 'withdrawn'],
    ])
    const answer = await put(work, [given], { preferences: { channelsOff: [], atMost: null } })
    expect(answer.json).toMatchObject({ permitted: ['email/marketing', 'email/new-drinks'] })
    expect((await read(home)).preferences).toMatchObject({ channelsOff: [], atMost: null })
  })

  it('of an address are no longer asked while she wants quiet', async () => {
    const gil = 'email:gil@example.com'
    const contact = async () => (await read(gil)).consents[0].contact
    await put(gil, [given], { preferences: { quietHours: [{ from: '09:00', to: '11:00' }] } })
    expect(await contact()).toBe('quietHours')
    await put(gil, [], { preferences: { quietHours: [{ from: '09:00', to: '11:00', timeZone: 'Asia/Tokyo' }] } })
    expect(await contact()).toBe('allowed')
    await put(gil, [], { preferences: { pausedUntil: '2026-03-09T10:00:00Z' } })
    expect(await contact()).toBe('paused')
    await put(gil, [], { preferences: { pausedUntil: null, channelsOff: ['email'] } })
    expect(await contact()).toBe('channelOff')
    expect((await read(gil)).permitted).toEqual([])
  })

  it('are asked by conditions, and what is said makes offers react, with their limits', async () => {
    const { offer: welcome } = await makeOffer(server, { trigger: { on: 'grant' }, name: 'Welcome' })
    await makeOffer(server, {
      trigger: { on: 'event', event: 'Consent Given' },
      when: "event.properties.purpose == 'marketing'",
      limits: { perPerson: 1 },
      benefit: { kind: 'giveOffer', offer: welcome },
    })
    await makeOffer(server, {
      trigger: { on: 'basket' },
      name: 'For readers',
      when: "consented('email', 'marketing')",
    })
    const hal = 'email:hal@example.com'
    const reads = async () =>
      (
        await server.call('PUT', '/v1/orders/hal-1?dryRun=true', {
          person: hal,
          channel: 'web',
          state: 'open',
          lines: [latte],
        })
      ).json.applied.some((it: { name: string }) => it.name === 'For readers')
    const grants = async () => (await server.call('GET', `/v1/people/${hal}/wallet`)).json.grants
    await put(hal, [])
    expect(await reads()).toBe(false)
    await put(hal, [given, { ...given, purpose: 'research' }])
    expect(await reads()).toBe(true)
    expect(await grants()).toHaveLength(1)
    await put(hal, [withdrawn])
    expect(await reads()).toBe(false)
    const { person } = await read(hal)
    await put(person, [given])
    expect(await grants()).toHaveLength(1)
  })

  it('let her into a segment and out of it within the same commit, also when two become one', async () => {
    const when = "consented('email', 'research')"
    expect((await server.call('PUT', '/v1/segments/polled', { kind: 'live', when })).status).toBe(200)
    await vi.waitFor(async () => expect((await server.call('GET', '/v1/segments/polled')).json.generation).toBe(1), {
      timeout: 20_000,
      interval: 50,
    })
    const members = async () => (await server.call('GET', '/v1/segments/polled/people')).json.data.length
    const research = { channel: 'email', purpose: 'research' }
    const before = await members()
    await put('email:ivy@home.example', [{ ...research, state: 'given' }])
    expect(await members()).toBe(before + 1)
    await put('email:ivy@home.example', [{ ...research, state: 'withdrawn' }])
    expect(await members()).toBe(before)
    await put('email:ivy@home.example', [{ ...research, state: 'given' }])
    await put('email:ivy@work.example', [{ ...research, state: 'withdrawn' }])
    expect(await members()).toBe(before + 1)
    await unite('ivy', 'ivy@home.example', 'ivy@work.example')
    expect(await members()).toBe(before)
  })

  it('are answered again for the same Idempotency-Key, and recorded once', async () => {
    const ida = 'email:ida@example.com'
    const headers = { 'idempotency-key': 'ida-1' }
    const [first, again] = [await put(ida, [given], {}, { headers }), await put(ida, [given], {}, { headers })]
    expect(again.text).toBe(first.text)
    expect(first.text).not.toContain('example.com')
    expect(await ledger(ida)).toHaveLength(1)
  })

  it('come in by the thousand, as history: known at once, and no news', async () => {
    const entry = (index: number) => ({
      address: `email:import-${index}@example.com`,
      ...given,
      at: '2024-05-01T10:00:00Z',
    })
    const consents = Array.from({ length: 1000 }, (_, index) => entry(index))
    const broken = consents
      .with(3, { ...entry(3), channel: 'push' })
      .with(900, { ...entry(900), address: 'email:nothing' })
    const refused = await server.call('POST', '/v1/consents', { consents: broken })
    expect(refused.json.errors.map((it: { pointer: string }) => it.pointer)).toEqual([
      '/consents/3/channel',
      '/consents/900/address',
    ])
    expect((await server.call('GET', '/v1/people/email:import-0@example.com')).status).toBe(404)
    const answer = await server.call('POST', '/v1/consents', { consents })
    expect(answer.json).toEqual({ recorded: 1000, standing: 1000 })
    expect(await read('email:import-999@example.com')).toMatchObject({
      permitted: ['email/marketing', 'email/new-drinks'],
      consents: [{ how: 'import', at: '2024-05-01T10:00:00.000Z' }],
    })
    expect(await happened('email:import-999@example.com')).toEqual([])
    const again = await server.call('POST', '/v1/consents', {
      consents: [entry(0), { ...entry(1), state: 'withdrawn', at: '2024-04-01T10:00:00Z' }],
    })
    expect(again.json).toEqual({ recorded: 2, standing: 1 })
  })

  it('are proven by every entry, also of former states, as JSON in pages and as CSV that no spreadsheet runs', async () => {
    const jo = 'email:jo@example.com'
    await put(jo, [{ ...given, how: 'clerk', evidence: { note: 'said at the till' } }])
    await put(jo, [{ ...withdrawn, how: 'call', textVersion: '=1+1' }])
    const first = await server.call('GET', `/v1/people/${jo}/consents/evidence?limit=1`)
    expect(first.json.data).toMatchObject([{ state: 'given', evidence: { note: 'said at the till' }, stands: false }])
    const second = await server.call(
      'GET',
      `/v1/people/${jo}/consents/evidence?limit=1&cursor=${first.json.nextCursor}`,
    )
    expect(second.json).toMatchObject({ data: [{ state: 'withdrawn', how: 'call', stands: true }], nextCursor: null })
    const csv = await server.call('GET', `/v1/people/${jo}/consents/evidence.csv`)
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const [head, given1, withdrawn1] = csv.text.split('\r\n')
    expect(head).toBe('id,address,channel,purpose,state,at,how,text_version,language,by,stands,recorded_at,evidence')
    expect(given1).toContain(',clerk,,,admin,false,')
    expect(given1).toContain('"{""note"":""said at the till""}"')
    expect(withdrawn1).toContain(",call,'=1+1,,admin,true,")
  })

  describe('a browser’s key', () => {
    let browser: string
    let headers: { 'tessera-person-token': string }
    beforeAll(async () => {
      browser = (await server.call('POST', '/v1/keys', { name: 'shop', scope: 'publishable' })).json.key
      const { token } = (await server.call('POST', '/v1/person-tokens', { person: 'email:kim@example.com' })).json
      headers = { 'tessera-person-token': token }
      await put('email:lea@example.com', [given])
    })

    it('with her token says what she wants herself, now, and as what it is', async () => {
      const kim = 'email:kim@example.com'
      const said = { ...given, how: 'doubleOptIn', evidence: { note: 'made up' } }
      const answer = await put(kim, [said], { preferences: { language: 'ar' } }, { key: browser, headers })
      expect(answer.json).toMatchObject({ recorded: [{ stands: true }], preferences: { language: 'ar' } })
      const own = await server.call('GET', `/v1/people/${kim}/consents`, undefined, { key: browser, headers })
      expect(own.json.consents).toMatchObject([{ how: 'preferencePage', by: 'person' }])
      const [entry] = await ledger(kim)
      expect(Object.keys(entry.evidence)).toEqual(['remoteAddress'])
      const dated = await put(kim, [{ ...given, at: '2026-01-01T00:00:00Z' }], {}, { key: browser, headers })
      expect([dated.status, dated.json.code]).toEqual([403, 'forbidden'])
    })

    it.each([
      ['of somebody else', 'email:lea@example.com', true],
      ['of nobody known', 'email:not.known@example.com', true],
      ['of anybody without a token', 'email:kim@example.com', false],
    ])('neither reads nor says anything %s', async (_, ref, withToken) => {
      const options = { key: browser, ...(withToken && { headers }) }
      const told = await put(ref, [withdrawn], {}, options)
      expect([told.status, told.json.code]).toEqual([403, 'forbidden'])
      const read = await server.call('GET', `/v1/people/${ref}/consents`, undefined, options)
      expect([read.status, read.json.code]).toEqual([403, 'forbidden'])
    })

    it('says nothing of another’s address under her own name', async () => {
      const consents = [{ ...withdrawn, address: 'email:lea@example.com' }]
      const told = await put('email:kim@example.com', consents, {}, { key: browser, headers })
      expect(told.json.code).toBe('address_of_another')
      expect((await read('email:lea@example.com')).permitted).toContain('email/marketing')
    })
  })
})
