import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'

const levels = [
  { id: 'bronze', name: 'Bronze', threshold: 0 },
  { id: 'gold', name: 'Gold', threshold: 1_000, benefits: ['A coffee'] },
]
const tiers = { by: 'points', period: { calendar: 'year' }, levels }

describe.each(['pglite', 'postgres'] as const)('tiers over HTTP on %s', store => {
  let server: TestServer
  const call: TestServer['call'] = (...args) => server.call(...args)
  let now = Date.parse('2026-03-02T10:00:00.000Z')
  let orders = 0

  const buy = async (person: string, amount: number) => {
    orders += 1
    const lines = [{ id: '1', sku: 'A', quantity: 1, unitPrice: amount }]
    const answer = await call('PUT', `/v1/orders/o-${orders}`, {
      state: 'placed',
      channel: 'web',
      currency: 'EUR',
      person,
      lines,
    })
    expect(answer.status).toBe(200)
    return answer.json
  }
  const programme = (terms: object) => call('PUT', '/v1/programmes/club', { name: 'Club', ...terms })
  const join = (person: string) => call('PUT', `/v1/programmes/club/members/${person}`, {})
  const club = async (person: string) => (await call('GET', `/v1/people/${person}/wallet`)).json.programmes[0]
  const tier = async (person: string) => (await club(person)).tier?.tier ?? null
  const done = async (id: string) => {
    const found = await waitFor(async () => {
      const { json } = await call('GET', `/v1/jobs/${id}`)
      return json.state === 'done' || json.state === 'failed' ? json : undefined
    })
    expect(found.state).toBe('done')
    return found.result
  }
  const waitFor = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      await new Promise(setImmediate)
    }
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => now })
    await programme({ tiers, rate: { points: 100, worth: { amount: 100, currency: 'EUR' } } })
    const per = { amount: 100, currency: 'EUR', points: 100 }
    await makeOffer(server, { trigger: { on: 'basket' }, benefit: { kind: 'points', programme: 'club', per } })
    await makeOffer(server, {
      trigger: { on: 'basket' },
      when: "person.tier == 'gold'",
      benefit: { kind: 'percentOff', percent: 10 },
    })
    for (const name of ['ana', 'ben', 'carla']) await join(`userId:${name}`)
    await buy('userId:ana', 1_200)
    await buy('userId:ben', 600)
  })

  it('the order that is enough raises her, and the next one has the benefit of her tier', async () => {
    expect(await Promise.all(['ana', 'ben', 'carla'].map(it => tier(`userId:${it}`)))).toEqual([
      'gold',
      'bronze',
      'bronze',
    ])
    expect(await club('userId:ben')).toMatchObject({ balance: 600, next: { tier: 'gold', have: 600, needed: 400 } })
    expect((await buy('userId:ana', 1_000)).totals.discount).toBe(100)
    expect((await buy('userId:carla', 1)).totals.discount).toBe(0)
    const { json } = await call('GET', '/v1/people/userId:ana/timeline')
    expect(json.data.map((it: { details: { name?: string } }) => it.details.name)).toContain('Tier Changed')
    const { received } = (await call('GET', '/v1/people/userId:ana/wallet')).json
    expect(received).toEqual({ ever: { EUR: 100 }, thisYear: { EUR: 100 } })
  })

  it('an edit is previewed, and once it is saved everybody moves as was shown', async () => {
    const silver = { id: 'silver', name: 'Silver', threshold: 500 }
    const terms = { name: 'Club', tiers: { ...tiers, levels: [levels[0], silver, levels[1]] } }
    const asked = await call('POST', '/v1/programmes/club/preview', terms)
    expect(asked.status).toBe(202)
    const preview = await done(asked.json.id)
    expect(preview).toEqual({
      people: 3,
      moves: expect.arrayContaining([
        { from: 'gold', to: 'gold', people: 1 },
        { from: 'bronze', to: 'silver', people: 1 },
        { from: 'bronze', to: 'bronze', people: 1 },
      ]),
      sample: [{ person: expect.any(String), from: 'bronze', to: 'silver' }],
    })
    expect(await tier('userId:ben')).toBe('bronze')
    await programme(terms)
    const job = await waitFor(async () => {
      const { json } = await call('GET', '/v1/jobs?limit=100')
      return json.data.find((it: { kind: string; state: string }) => it.kind === 'rankMembers' && it.state === 'done')
    })
    expect(job.done).toBe(3)
    const { json } = await call('GET', `/v1/people/${preview.sample[0].person}/wallet`)
    expect(json.programmes[0].tier.tier).toBe('silver')
    expect(await tier('userId:carla')).toBe('bronze')
    // One that is no more is nobody's any longer, from the moment on in which it is said.
    await programme({ tiers })
    expect(await tier('userId:ben')).toBe('bronze')
    const { json: ben } = await call('GET', '/v1/programmes/club/members/userId:ben')
    const { json: all } = await call('GET', '/v1/programmes/club/members')
    expect([ben.tier, ...all.data.map((it: { tier: string }) => it.tier).sort()]).toEqual([
      'bronze',
      'bronze',
      'bronze',
      'gold',
    ])
  })

  it('a programme without tiers has nobody in one', async () => {
    await programme({})
    expect(await tier('userId:ana')).toBeNull()
    await programme({ tiers })
    await waitFor(async () => ((await tier('userId:ben')) === 'bronze' ? true : undefined))
    expect(await tier('userId:ana')).toBe('gold')
  })

  it('visits count on the clock of the programme, whatever day the workspace has', async () => {
    now = Date.parse('2026-03-31T14:00:00.000Z')
    const far = {
      ...tiers,
      by: 'visits',
      period: { calendar: 'month' },
      levels: [{ ...levels[0] }, { ...levels[1], threshold: 2 }],
    }
    await call('PUT', '/v1/programmes/far', { name: 'Far', timeZone: 'Asia/Tokyo', tiers: far })
    const inFar = async (person: string) => {
      const { json } = await call('GET', `/v1/people/${person}/wallet`)
      const { tier, next } = json.programmes.find((it: { programme: string }) => it.programme === 'far')
      return [tier.tier, next?.have]
    }
    const [dora, emil] = ['userId:dora', 'userId:emil']
    for (const person of [dora, emil]) await call('PUT', `/v1/programmes/far/members/${person}`, {})
    await buy(dora, 100)
    await buy(dora, 100)
    expect(await inFar(dora)).toEqual(['gold', undefined])
    // In Tokyo it is the first of April, and here the last of March.
    now = Date.parse('2026-03-31T15:30:00.000Z')
    await buy(dora, 100)
    expect(await inFar(emil)).toEqual(['bronze', 0])
    await buy(emil, 100)
    expect(await inFar(emil)).toEqual(['bronze', 1])
    const last = await buy(emil, 100)
    expect(await inFar(emil)).toEqual(['gold', undefined])
    // Of April she has one visit and he two, of which one comes back.
    now = Date.parse('2026-04-30T15:00:00.000Z')
    expect([await inFar(dora), await inFar(emil)]).toEqual([
      ['bronze', 0],
      ['gold', undefined],
    ])
    await call('PUT', `/v1/orders/${last.id}`, { state: 'cancelled' })
    now = Date.parse('2026-05-31T15:00:00.000Z')
    expect(await inFar(emil)).toEqual(['bronze', 0])
  })

  it('whoever looks sees her as the clock says, and how far it is shows', async () => {
    expect((await call('GET', '/v1/programmes/club')).json.clock).toEqual({ overdue: 0, since: null })
    now = Date.parse('2027-01-02T10:00:00.000Z')
    expect(await tier('userId:ana')).toBe('gold')
    now = Date.parse('2028-01-02T10:00:00.000Z')
    expect(await tier('userId:ana')).toBe('bronze')
  })
})
