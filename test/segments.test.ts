import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

/** Segments over HTTP, on both stores: who is in one is known to the next decision, and to the clock. */

const day = 86_400_000

describe.each(['pglite', 'postgres'] as const)('segments on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  const call: TestServer['call'] = (...args) => server.call(...args)

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  }, 120_000)

  let count = 0
  const fresh = (name: string): string => {
    count += 1
    return `${name}-${count}`
  }
  const buyer = () => `email:${fresh('buyer')}@example.com`
  const order = async (person: string, more: Record<string, unknown> = {}) => {
    const answer = await call('PUT', `/v1/orders/${fresh('order')}`, {
      person,
      channel: 'web',
      state: 'placed',
      lines: [latte],
      ...more,
    })
    expect(answer.status, answer.text).toBe(200)
    return answer.json
  }
  const ready = async (id: string) => {
    await vi.waitFor(
      async () => expect((await call('GET', `/v1/segments/${id}`)).json).toMatchObject({ state: 'ready' }),
      { timeout: 20_000, interval: 50 },
    )
    return (await call('GET', `/v1/segments/${id}`)).json
  }
  const put = async (id: string, when: string) => {
    const answer = await call('PUT', `/v1/segments/${id}`, { kind: 'live', when })
    expect(answer.status, answer.text).toBe(200)
    return answer.json
  }
  const live = async (id: string, when: string) => {
    await put(id, when)
    return ready(id)
  }
  const jobDone = async (id: string) => {
    await vi.waitFor(async () => expect((await call('GET', `/v1/jobs/${id}`)).json.state).toBe('done'), {
      timeout: 20_000,
      interval: 50,
    })
    return (await call('GET', `/v1/jobs/${id}`)).json
  }
  const peopleIn = async (id: string): Promise<string[]> =>
    (await call('GET', `/v1/segments/${id}/people`)).json.data.map((it: { person: string }) => it.person)

  it('finds who is in a new segment, and knows of the next order at once', async () => {
    const [ana, ben] = [buyer(), buyer()]
    const { person } = await order(ana, { channel: 'store' })
    await order(ben)
    const id = fresh('store')
    expect(await put(id, "ordersIn('store') >= 1")).toMatchObject({ state: 'building', generation: 0, when: null })
    expect(await ready(id)).toMatchObject({ generation: 1, when: "ordersIn('store') >= 1", next: null, size: 1 })
    expect(await peopleIn(id)).toEqual([person])
    await order(ben, { channel: 'store' })
    expect(await call('GET', `/v1/segments/${id}`)).toMatchObject({ json: { size: 2 } })
    expect((await call('GET', `/v1/people/${ben}`)).json.segments).toMatchObject([{ segment: id, name: id }])
  })

  it('decides an order by what the event before it has made of her', async () => {
    const [id, name] = [fresh('keen'), fresh('Product Viewed')]
    await live(id, `events('${name}', 30) >= 2`)
    await makeOffer(server, { trigger: { on: 'basket' }, when: `inSegment('${id}')` })
    const userId = fresh('keen')
    const view = (messageId: string) => ({ type: 'track', userId, event: name, messageId })
    await call('POST', '/v1/batch', { batch: [view(fresh('m'))] })
    expect((await order(`userId:${userId}`)).totals.discount).toBe(0)
    await call('POST', '/v1/batch', { batch: [view(fresh('m'))] })
    expect((await order(`userId:${userId}`)).totals.discount).toBe(100)
  })

  it('gives what an offer has for whoever enters, once, in the same commit', async () => {
    const id = fresh('first')
    await live(id, 'person.orders.count >= 1')
    const gift = await makeOffer(server, { trigger: { on: 'grant' }, name: 'Thanks' })
    await makeOffer(server, {
      trigger: { on: 'event', event: 'Segment Entered' },
      when: `event.properties.segment == '${id}'`,
      limits: { uses: 2, perPerson: 1 },
      benefit: { kind: 'giveOffer', offer: gift.offer },
    })
    const people = [buyer(), buyer(), buyer()]
    for (const person of people) await order(person)
    const wallets = await Promise.all(people.map(person => call('GET', `/v1/people/${person}/wallet`)))
    expect(wallets.map(({ json }) => json.grants.length)).toEqual([1, 1, 0])
    const { json } = await call('GET', `/v1/people/${people[0]}/timeline`)
    expect(json.data).toContainEqual(
      expect.objectContaining({ what: 'event', details: expect.objectContaining({ name: 'Segment Entered' }) }),
    )
  })

  it('follows the clock: windows end and birthdays come without an event', async () => {
    const [recent, birthday] = [fresh('recent'), fresh('birthday')]
    await live(recent, 'orders(7) >= 1')
    await live(birthday, 'birthdayWithin(0, 0)')
    const userId = fresh('clock')
    await order(`userId:${userId}`)
    const inTen = new Date(Date.now() + time.ahead + 10 * day).toISOString().slice(5, 10)
    await call('POST', '/v1/identify', { userId, traits: { birthday: inTen } })
    const segmentsOf = async () =>
      (await call('GET', `/v1/people/userId:${userId}`)).json.segments
        .map((it: { segment: string }) => it.segment)
        .filter((it: string) => it === recent || it === birthday)
    expect(await segmentsOf()).toEqual([recent])
    time.ahead += 10 * day
    await vi.waitFor(async () => expect(await segmentsOf()).toEqual([birthday]), { timeout: 20_000, interval: 200 })
    time.ahead += day
    await vi.waitFor(async () => expect(await segmentsOf()).toEqual([]), { timeout: 20_000, interval: 200 })
  })

  it('is changed beside the members that count, which count until all others are found', async () => {
    const id = fresh('edited')
    const [web, store] = [buyer(), buyer()]
    await order(web)
    await order(store, { channel: 'store' })
    await live(id, "ordersIn('web') >= 1 && ordersIn('store') == 0")
    const before = await peopleIn(id)
    const reader = fresh('reader')
    await live(reader, `inSegment('${id}')`)
    let isDone = false
    const seen: (readonly [number, boolean])[] = []
    // Orders that neither definition is about go on, and people are listed all the time.
    const load = (async () => {
      while (!isDone) {
        await order(web)
        const { json } = await call('GET', `/v1/people/${web}`)
        const [is, reads] = [id, reader].map(it => json.segments.some((s: { segment: string }) => s.segment === it))
        seen.push([Number(is) + Number(reads), (await peopleIn(id)).length === before.length])
      }
    })()
    expect(await put(id, "ordersIn('store') >= 1 && ordersIn('web') == 0")).toMatchObject({
      generation: 1,
      when: "ordersIn('web') >= 1 && ordersIn('store') == 0",
      state: 'building',
    })
    await ready(id)
    isDone = true
    await load
    // In both or in neither: never in the one as it was and in the other as it is.
    expect(seen.map(([count]) => count).filter(count => count === 1)).toEqual([])
    expect(seen.length).toBeGreaterThan(0)
    const after = await peopleIn(id)
    expect(after.filter(person => before.includes(person))).toEqual([])
    expect(await peopleIn(reader)).toEqual(after)
    const { json } = await call('GET', `/v1/people/${store}/timeline`)
    const entered = json.data.filter((it: { details: { name?: string } }) => it.details.name === 'Segment Entered')
    expect(JSON.stringify(entered)).not.toContain(id)
  })

  it('is a list: imported at once, changed one by one, and counted once for whoever has two identifiers', async () => {
    const id = fresh('list')
    expect((await call('PUT', `/v1/segments/${id}`, { kind: 'list', name: 'A list' })).json).toMatchObject({
      state: 'ready',
      generation: 1,
      when: null,
    })
    const csv = (text: string) =>
      call('POST', `/v1/segments/${id}/people`, text, { headers: { 'content-type': 'text/csv' } })
    const ana = fresh('ana')
    await call('POST', '/v1/identify', { userId: ana, traits: { email: `${ana}@example.com` } })
    const first = await csv(`email,userId\n${ana}@example.com,${ana}\n,${fresh('other')}\n`)
    expect(first.json).toMatchObject({ state: 'ready', generation: 2 })
    expect((await call('GET', `/v1/segments/${id}`)).json.size).toBe(2)
    expect((await call('GET', `/v1/segments/${id}/people`)).json.data).toHaveLength(2)
    const wrong = await csv('email\na@example.com\nnobody\n')
    expect(wrong.json.errors).toMatchObject([{ pointer: 'line 3' }])
    // Without a header the first line is somebody, of whom the refusal tells nothing.
    const headless = await csv(`Ana Rossi,${ana}@example.com\n`)
    expect([headless.status, headless.json.errors[0].pointer]).toEqual([400, 'line 1'])
    expect(headless.text).not.toMatch(/Rossi|@/)
    expect((await call('GET', `/v1/segments/${id}`)).json.size).toBe(2)
    const added = await call('PATCH', `/v1/segments/${id}/people`, {
      add: [`userId:${fresh('third')}`, `userId:${ana}`],
      remove: ['userId:unheard-of'],
    })
    expect(added.json).toEqual({ added: 1, removed: 0 })
    const off = await call('PATCH', `/v1/segments/${id}/people`, { remove: [`email:${ana}@example.com`] })
    expect(off.json).toEqual({ added: 0, removed: 1 })
    expect((await call('GET', `/v1/segments/${id}`)).json.size).toBe(2)
    expect((await call('GET', `/v1/people/userId:${ana}`)).json.segments).toEqual([])

    const reader = fresh('not-listed')
    await live(reader, `person.orders.count >= 1 && !inSegment('${id}')`)
    await order(`userId:${ana}`)
    expect(await peopleIn(reader)).toHaveLength((await call('GET', `/v1/segments/${reader}`)).json.size)
    const again = await csv(`person\nuserId:${ana}\n`)
    expect(again.json).toMatchObject({ state: 'building' })
    await ready(id)
    const person = (await call('GET', `/v1/people/userId:${ana}`)).json
    expect(person.segments.map((it: { segment: string }) => it.segment)).toContain(id)
    expect(await peopleIn(reader)).not.toContain(person.id)
  })

  it('is previewed: counted exactly, with a sample and what it has in common with others', async () => {
    const [a, b, name] = [fresh('preview'), fresh('preview'), fresh('Uncounted')]
    for (const userId of [a, b]) await call('POST', '/v1/track', { userId, event: name })
    const list = fresh('overlap')
    await call('PUT', `/v1/segments/${list}`, { kind: 'list' })
    await call('PATCH', `/v1/segments/${list}/people`, { add: [`userId:${a}`] })
    const started = await call('POST', '/v1/segments/preview', { when: `events('${name}', 30) == 1` })
    expect(started.status).toBe(202)
    expect(started.headers.get('location')).toBe(`/v1/jobs/${started.json.id}`)
    const { result } = await jobDone(started.json.id)
    expect(result).toMatchObject({ count: 2, overlap: { [list]: 1 } })
    expect(result.of).toBeGreaterThan(2)
    expect(result.sample).toHaveLength(2)
    expect(result.sample[0]).toMatchObject({ person: expect.stringMatching(/^per_/), identifiers: ['userId'] })
  })

  it('tells why somebody is in it or not, condition by condition', async () => {
    const userId = fresh('why')
    await call('POST', '/v1/identify', { userId, traits: { plan: 'gold' } })
    await order(`userId:${userId}`)
    const when = "orders(30) >= 2 && (person.traits.plan == 'gold' || !person.known)"
    const { json } = await call('POST', '/v1/segments/explain', { when, person: `userId:${userId}` })
    expect(json).toMatchObject({ in: false, enteredAt: null })
    expect(json.parts).toEqual([
      { part: when, depth: 0, is: 'all', value: false },
      { part: 'orders(30) >= 2', depth: 1, is: 'part', value: false, reads: [{ what: 'orders(30)', value: 1 }] },
      { part: "person.traits.plan == 'gold' || !person.known", depth: 1, is: 'any', value: true },
      {
        part: "person.traits.plan == 'gold'",
        depth: 2,
        is: 'part',
        value: true,
        reads: [{ what: 'person.traits.plan', value: 'gold' }],
      },
      { part: '!person.known', depth: 2, is: 'not', value: false },
      { part: 'person.known', depth: 3, is: 'part', value: true, reads: [{ what: 'person.known', value: true }] },
    ])
    const id = fresh('gold')
    await live(id, "person.traits.plan == 'gold'")
    const explained = await call('POST', '/v1/segments/explain', { segment: id, person: `userId:${userId}` })
    expect(explained.json).toMatchObject({ in: true, enteredAt: expect.any(String) })
  })

  it('is what people are invited and given something by', async () => {
    const id = fresh('given')
    const people = [buyer(), buyer(), buyer()]
    await call('PUT', `/v1/segments/${id}`, { kind: 'list' })
    await call('PATCH', `/v1/segments/${id}/people`, { add: people })
    const { offer, campaign } = await makeOffer(server, { trigger: { on: 'grant' } }, { audience: 'members' })
    const granted = await call('POST', `/v1/offers/${offer}/grants`, { segment: id, withCode: true })
    expect(granted.status, granted.text).toBe(202)
    expect((await jobDone(granted.json.id)).result).toEqual({ granted: 3 })
    const grants = (await call('GET', `/v1/offers/${offer}/grants`)).json.data
    expect(new Set(grants.map((it: { code: string }) => it.code)).size).toBe(3)
    const members = await call('POST', `/v1/campaigns/${campaign}/members`, { segment: id })
    expect((await jobDone(members.json.id)).result).toEqual({ members: 3 })
    expect((await call('GET', `/v1/campaigns/${campaign}/members`)).json.data).toHaveLength(3)
  })

  it('knows of people who were made and given something apart from a batch, soon', async () => {
    const [known, given] = [fresh('known'), fresh('given')]
    await live(known, 'person.orders.count == 0')
    await live(given, 'offersReceived(7) >= 1')
    const { offer } = await makeOffer(server, { trigger: { on: 'grant' } })
    const person = buyer()
    await call('POST', `/v1/offers/${offer}/grants`, { people: [person] })
    await vi.waitFor(
      async () => {
        const { segments } = (await call('GET', `/v1/people/${person}`)).json
        expect(segments.map((it: { segment: string }) => it.segment)).toEqual(expect.arrayContaining([known, given]))
      },
      { timeout: 20_000, interval: 200 },
    )
  })

  it('can be taken away, and made again with nobody of before in it', async () => {
    const id = fresh('again')
    await call('PUT', `/v1/segments/${id}`, { kind: 'list' })
    await call('PATCH', `/v1/segments/${id}/people`, { add: [buyer()] })
    const { offer } = await makeOffer(server, { when: `inSegment('${id}')` })
    expect((await call('DELETE', `/v1/segments/${id}`)).json.detail).toContain(offer)
    await call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
    expect((await call('DELETE', `/v1/segments/${id}`)).status).toBe(200)
    expect((await call('GET', `/v1/segments/${id}`)).status).toBe(404)
    await call('PUT', `/v1/segments/${id}`, { kind: 'list' })
    expect((await call('GET', `/v1/segments/${id}`)).json).toMatchObject({ generation: 2, size: 0 })
    const missing = await call('PATCH', `/v1/offers/${(await makeOffer(server)).offer}`, {
      when: "inSegment('nobodys')",
    })
    expect(missing.json).toMatchObject({ code: 'segment_not_found', errors: [{ pointer: '/when' }] })
  })
})
