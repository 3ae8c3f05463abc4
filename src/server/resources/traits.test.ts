import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from '../../../test/server.ts'

/** What people did, and traits that are computed of it, over HTTP on both stores. */

const day = 86_400_000

describe.each(['pglite', 'postgres'] as const)('what a person is like on %s', store => {
  let server: TestServer
  const time = { now: Date.UTC(2026, 2, 1, 9) }
  const call: TestServer['call'] = (...args) => server.call(...args)

  beforeAll(async () => {
    server = await serve(store, { clock: () => time.now })
  }, 60_000)

  let count = 0
  const fresh = (name: string): string => {
    count += 1
    return `${name}${count}`
  }
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body)
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.json
  }
  const track = (userId: string, event: string, properties: object = {}, more: object = {}) =>
    ok('POST', '/v1/track', { userId, event, properties, ...more })
  const personOf = (userId: string) => ok('GET', `/v1/people/userId:${userId}`)
  const put = (person: string, more: object = {}) =>
    ok('PUT', `/v1/orders/${fresh('order')}`, {
      person: `userId:${person}`,
      channel: 'web',
      state: 'placed',
      lines: [latte],
      ...more,
    })
  const jobsDone = () =>
    vi.waitFor(
      async () => {
        const { data } = await ok('GET', '/v1/jobs?limit=100')
        expect(data.filter((job: { state: string }) => ['queued', 'running'].includes(job.state))).toEqual([])
      },
      { timeout: 20_000, interval: 50 },
    )
  const applied = (answer: { applied: { offer: string }[] }) => answer.applied.map(it => it.offer)

  it('counts orders, returns and offers in windows that end by themselves', async () => {
    const ana = fresh('ana')
    const order = await put(ana)
    await put(ana, { channel: 'store', lines: [{ ...latte, category: 'coffee', quantity: 3 }] })
    await ok('POST', `/v1/orders/${order.id}/returns`, {
      id: 'r1',
      lines: [{ id: latte.id, quantity: latte.quantity }],
    })
    const told = (await personOf(ana)).statistics
    expect(told.windows.last7Days).toMatchObject({ orders: 1, returns: 1, spend: { EUR: 3 * latte.unitPrice } })
    expect(told).toMatchObject({
      channels: [{ channel: 'store', orders: 1 }],
      categories: [{ category: 'coffee', orders: 1, units: 3 }],
      preferredChannel: 'store',
      preferredHour: 9,
    })
    time.now += 7 * day
    const later = (await personOf(ana)).statistics.windows
    expect([later.last7Days.orders, later.last30Days.orders]).toEqual([0, 1])
  })

  it('counts grants that are issued in bulk, and those that end unused as ignored, without an event', async () => {
    const ana = fresh('ana')
    const { offer } = await makeOffer(server, { trigger: { on: 'grant' }, validity: { grantDays: 2 } })
    const { data } = await ok('POST', `/v1/offers/${offer}/grants`, { people: [`userId:${ana}`, `userId:${ana}`] })
    const offers = async () => (await personOf(ana)).statistics.windows.ever.offers
    expect(await offers()).toEqual({ received: 2, used: 0, ignored: 0 })
    const answer = await put(ana)
    expect(applied(answer)).toEqual([offer])
    expect(await offers()).toEqual({ received: 2, used: 1, ignored: 0 })
    time.now += 3 * day
    expect(await offers()).toEqual({ received: 2, used: 1, ignored: 1 })
    await ok('PUT', `/v1/orders/${answer.id}`, { state: 'cancelled' })
    expect(await offers()).toEqual({ received: 2, used: 0, ignored: 2 })
    expect(data).toHaveLength(2)
  })

  it('does not count as ignored what was revoked', async () => {
    const ana = fresh('ana')
    const { offer } = await makeOffer(server, { trigger: { on: 'grant' }, validity: { grantDays: 2 } })
    const { data } = await ok('POST', `/v1/offers/${offer}/grants`, { people: [`userId:${ana}`] })
    await ok('POST', `/v1/grants/${data[0].id}/revoke`)
    time.now += 3 * day
    expect((await personOf(ana)).statistics.windows.ever.offers).toEqual({ received: 1, used: 0, ignored: 0 })
  })

  it('counts the events of before for an offer that begins to ask for them, and each once', async () => {
    const [ana, event] = [fresh('ana'), fresh('Viewed ')]
    await track(ana, event, {}, { messageId: fresh('m') })
    await track(ana, event, {}, { messageId: `twice${event}` })
    const { offer } = await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `events('${event}', 30) >= 3`,
      limits: { perPerson: 9 },
    })
    await jobsDone()
    expect(applied(await put(ana))).not.toContain(offer)
    await track(ana, event, {}, { messageId: `twice${event}` })
    expect(applied(await put(ana))).not.toContain(offer)
    await track(ana, event)
    expect(applied(await put(ana))).toContain(offer)
    time.now += 30 * day
    expect(applied(await put(ana))).not.toContain(offer)
  })

  it('counts none twice and misses none that come while those of before are counted', async () => {
    const event = fresh('Viewed ')
    const people = Array.from({ length: 30 }, () => fresh('ana'))
    const [before, meanwhile] = [3, 5]
    const look = (times: number) =>
      Promise.all(people.flatMap(person => Array.from({ length: times }, () => track(person, event))))
    await look(before)
    // The trait is declared, and the job runs, while events go on coming.
    const [, trait] = await Promise.all([
      look(meanwhile),
      ok('PUT', `/v1/traits/${fresh('views')}`, { kind: 'count', event }),
      look(meanwhile),
    ])
    await jobsDone()
    await look(1)
    for (const person of people)
      expect((await personOf(person)).computed).toMatchObject({ [trait.name]: before + 2 * meanwhile + 1 })
  }, 60_000)

  it('computes traits of events: counts, sums, the last and the most frequent', async () => {
    const [ana, event] = [fresh('ana'), fresh('Seen ')]
    const traits = {
      [fresh('count')]: [{ kind: 'count', event }, 4],
      [fresh('rated')]: [{ kind: 'count', event, property: 'rating' }, 3],
      [fresh('sum')]: [{ kind: 'sum', event, property: 'price' }, 0.6],
      [fresh('last')]: [{ kind: 'last', event, property: 'category' }, 'tea'],
      [fresh('most')]: [{ kind: 'mostFrequent', event, property: 'category' }, 'coffee'],
    }
    await track(ana, event, { category: 'coffee', price: 0.1, rating: 5 })
    for (const [name, [definition]] of Object.entries(traits)) await ok('PUT', `/v1/traits/${name}`, definition)
    await track(ana, event, { category: 'coffee', price: 0.2, rating: 4 })
    await track(ana, event, { category: 'tea', price: 0.3 }, { timestamp: new Date(time.now + 1).toISOString() })
    time.now += 1000
    await track(ana, event, { category: 'tea', rating: 1, price: 'much' })
    await track(
      ana,
      event,
      { category: 'coffee' },
      { timestamp: new Date(time.now - day).toISOString(), messageId: `late${event}` },
    )
    await jobsDone()
    const expected = Object.fromEntries(Object.entries(traits).map(([name, [, value]]) => [name, value]))
    const [countName] = Object.keys(traits) as [string]
    expect((await personOf(ana)).computed).toMatchObject({ ...expected, [countName]: 5 })
  })

  it('answers with the definition of before until the new one is counted, and expressions at once', async () => {
    const [ana, event, name] = [fresh('ana'), fresh('Seen '), fresh('seen')]
    await track(ana, event, { category: 'tea' })
    expect(await ok('PUT', `/v1/traits/${name}`, { kind: 'count', event })).toMatchObject({
      state: 'building',
      definition: null,
      generation: 0,
    })
    await jobsDone()
    expect(await ok('GET', `/v1/traits/${name}`)).toMatchObject({ state: 'ready', next: null, generation: 1 })
    expect((await personOf(ana)).computed).toMatchObject({ [name]: 1 })
    const last = { kind: 'last', event, property: 'category' }
    expect(await ok('PUT', `/v1/traits/${name}`, last)).toMatchObject({ definition: { kind: 'count' }, next: last })
    await jobsDone()
    expect((await personOf(ana)).computed).toMatchObject({ [name]: 'tea' })
    const drinks = fresh('drinks')
    await ok('PUT', `/v1/traits/${drinks}`, {
      kind: 'cel',
      expression: `has(person.computed.${name}) && person.computed.${name} == 'tea'`,
    })
    expect((await personOf(ana)).computed).toMatchObject({ [drinks]: true })
    const { offer } = await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `person.computed.${drinks} == true`,
      limits: { perPerson: 9 },
    })
    expect(applied(await put(ana))).toContain(offer)
    expect(await call('DELETE', `/v1/traits/${name}`)).toMatchObject({ status: 409, json: { code: 'trait_in_use' } })
    await ok('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
    await ok('DELETE', `/v1/traits/${drinks}`)
    await ok('DELETE', `/v1/traits/${name}`)
    await jobsDone()
    expect((await personOf(ana)).computed).not.toHaveProperty(name)
  })

  it('refuses expressions in a circle, of traits that are not there, and what cannot be read', async () => {
    const [a, b] = [fresh('a'), fresh('b')]
    const cel = (expression: string) => ({ kind: 'cel', expression })
    await ok('PUT', `/v1/traits/${a}`, cel('orders() > 2'))
    await ok('PUT', `/v1/traits/${b}`, cel(`has(person.computed.${a})`))
    const refused = async (name: string, expression: string) =>
      (await call('PUT', `/v1/traits/${name}`, cel(expression))).json.code
    expect(await refused(a, `has(person.computed.${b})`)).toBe('trait_cycle')
    expect(await refused(a, 'has(person.computed.nothing)')).toBe('trait_not_found')
    expect(await refused(a, 'order.total > 1')).toBe('condition_invalid')
    expect(await refused(a, "inSegment('vip')")).toBe('condition_invalid')
    expect(await refused(a, 'person.identifiers')).toBe('condition_invalid')
  })

  it('does not count what a browser says of somebody it names, and counts its own visitor where that is asked for', async () => {
    const event = fresh('Viewed ')
    const { key } = await ok('POST', '/v1/keys', { name: 'Shop', scope: 'publishable' })
    const [name, proven] = [fresh('views'), fresh('views')]
    await ok('PUT', `/v1/traits/${name}`, { kind: 'count', event, browsers: true })
    await ok('PUT', `/v1/traits/${proven}`, { kind: 'count', event })
    await jobsDone()
    const [ana, visitor] = [fresh('ana'), fresh('visitor')]
    const said = await call('POST', '/v1/track', { userId: ana, event }, { key })
    expect(said.status).toBe(200)
    await call('POST', '/v1/track', { anonymousId: visitor, event }, { key })
    expect((await personOf(ana)).computed).toMatchObject({ [name]: 0 })
    expect((await ok('GET', `/v1/people/anonymousId:${visitor}`)).computed).toMatchObject({ [name]: 1, [proven]: 0 })
  })

  it('counts for a trait what a server says, and of a browser nothing without being asked to, live and of the past', async () => {
    const event = fresh('Plan Chosen ')
    const { key } = await ok('POST', '/v1/keys', { name: 'Shop', scope: 'publishable' })
    const [ana, visitor] = [fresh('ana'), fresh('visitor')]
    const [live, past, open] = [fresh('plan'), fresh('plan'), fresh('plan')]
    const plan = { kind: 'last', event, property: 'plan' }
    await ok('PUT', `/v1/traits/${live}`, plan)
    await jobsDone()
    await ok('POST', '/v1/track', { userId: ana, event, properties: { plan: 'basic' } })
    const { token } = await ok('POST', '/v1/person-tokens', { person: `userId:${ana}`, seconds: 600 })
    const vouched = { context: { personToken: token } }
    const choose = { event, properties: { plan: 'gold' } }
    for (const body of [
      { ...choose, userId: ana, ...vouched },
      { ...choose, anonymousId: visitor, userId: ana, ...vouched },
      { ...choose, anonymousId: visitor },
    ])
      expect((await call('POST', '/v1/track', body, { key })).status).toBe(200)
    await ok('PUT', `/v1/traits/${past}`, plan)
    await ok('PUT', `/v1/traits/${open}`, { ...plan, browsers: true })
    await jobsDone()
    expect((await personOf(ana)).computed).toMatchObject({ [live]: 'basic', [past]: 'basic', [open]: 'gold' })
  })

  it('believes no trait that a browser says of its visitor once she is known', async () => {
    const { key } = await ok('POST', '/v1/keys', { name: 'Shop', scope: 'publishable' })
    const [ana, visitor] = [fresh('ana'), fresh('visitor')]
    await track(ana, 'Signed Up')
    await call('POST', '/v1/identify', { anonymousId: visitor, traits: { vip: true } }, { key })
    expect((await ok('GET', `/v1/people/anonymousId:${visitor}`)).traits).toEqual({ vip: true })
    const { token } = await ok('POST', '/v1/person-tokens', { person: `userId:${ana}`, seconds: 600 })
    const login = { anonymousId: visitor, userId: ana, traits: { vip: true }, context: { personToken: token } }
    expect((await call('POST', '/v1/identify', login, { key })).status).toBe(200)
    expect((await ok('GET', `/v1/people/anonymousId:${visitor}`)).id).toBe((await personOf(ana)).id)
    expect((await personOf(ana)).traits).toEqual({})
  })

  it('counts what a visitor does for whoever she probably is, for conditions too: events, and nothing else', async () => {
    const event = fresh('Viewed ')
    const { key } = await ok('POST', '/v1/keys', { name: 'Shop', scope: 'publishable' })
    const { offer } = await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `events('${event}', 7) == 2 && orders() == 0`,
    })
    await jobsDone()
    const [ana, visitor] = [fresh('ana'), fresh('visitor')]
    await track(ana, 'Signed Up')
    const browser = (path: string, body: object) => call('POST', path, body, { key })
    await browser('/v1/track', { anonymousId: visitor, event })
    await browser('/v1/identify', { anonymousId: visitor, userId: ana })
    await ok('PUT', `/v1/orders/${fresh('order')}`, {
      person: `anonymousId:${visitor}`,
      channel: 'web',
      state: 'placed',
      lines: [latte],
    })
    expect(applied(await put(ana, { state: 'open' }))).not.toContain(offer)
    await browser('/v1/track', { anonymousId: visitor, event })
    expect(applied(await put(ana, { state: 'open' }))).toContain(offer)
    expect((await personOf(ana)).statistics.windows.ever.orders).toBe(0)
  })

  it('finds the members of a segment anew when a trait that it reads is counted', async () => {
    const [ana, event, name, segment] = [fresh('ana'), fresh('Seen '), fresh('seen'), fresh('fans')]
    await track(ana, event)
    const { id: person } = await personOf(ana)
    await ok('PUT', `/v1/traits/${name}`, { kind: 'cel', expression: 'orders() > 99' })
    await ok('PUT', `/v1/segments/${segment}`, { kind: 'live', when: `person.computed.${name} == 1` })
    await jobsDone()
    const members = async () =>
      (await ok('GET', `/v1/segments/${segment}/people`)).data.map((it: { person: string }) => it.person)
    expect(await members()).toEqual([])
    await ok('PUT', `/v1/traits/${name}`, { kind: 'count', event })
    await jobsDone()
    await vi.waitFor(async () => expect(await members()).toEqual([person]), { timeout: 20_000, interval: 50 })
    expect((await call('DELETE', `/v1/traits/${name}`)).json.code).toBe('trait_in_use')
  })
})
