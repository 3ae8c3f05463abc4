import { beforeAll, describe, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

describe.each(['postgres', 'pglite'] as const)('what a console asks besides, on %s', store => {
  let server: TestServer
  const call = async (method: string, path: string, body?: unknown) => (await server.call(method, path, body)).json

  beforeAll(async () => {
    server = await serve(store)
  })

  it('brands, stores and channels are described, listed and removed; orders may name others', async () => {
    const tills = [{ id: 'till-1', name: 'Counter' }]
    for (const [path, body, answer] of [
      ['/v1/brands/acme', { name: 'Acme' }, {}],
      ['/v1/locations/store-12', { name: 'Rome', timeZone: 'Europe/Rome', brand: 'acme', tills }, {}],
      ['/v1/channels/store', { name: 'Stores' }, { canShow: true, canRedeem: true, canContact: false }],
    ] as const) {
      const made = await call('PUT', path, body)
      expect(made).toMatchObject({ id: path.split('/').at(-1), ...body, ...answer })
      expect(await call('GET', path)).toEqual(made)
      const changed = await call('PUT', path, { name: 'Other' })
      expect(changed).toMatchObject({ name: 'Other', createdAt: made.createdAt })
      expect((await call('GET', path.replace(/\/[^/]+$/, ''))).data).toEqual([changed])
      expect(await call('DELETE', path)).toEqual(changed)
      expect(await call('GET', path)).toMatchObject({ code: 'setting_not_found' })
    }
    expect(await call('PUT', '/v1/locations/x', { name: 'X', timeZone: 'Rome' })).toMatchObject({
      code: 'invalid_input',
    })
    const order = { state: 'placed', channel: 'kiosk', location: 'nowhere', lines: [latte] }
    expect(await call('PUT', '/v1/orders/o-1', order)).toMatchObject({ state: 'placed' })
  })

  it('a tier ladder tells how many people stand on each level, somebody united by two identifiers once, on the higher', async () => {
    const levels = [
      { id: 'silver', name: 'Silver', threshold: 1 },
      { id: 'gold', name: 'Gold', threshold: 2 },
    ]
    const tiers = { by: 'visits', period: { calendar: 'year' }, levels }
    await call('PUT', '/v1/programmes/club', { name: 'Club', tiers })
    const visit = (id: string, person: string) =>
      call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', person, lines: [latte] })
    for (const ref of ['userId:a', 'userId:b', 'loyaltyCard:b', 'userId:c'])
      await call('PUT', `/v1/programmes/club/members/${ref}`, {})
    await visit('v-1', 'userId:c')
    await visit('v-2', 'loyaltyCard:b')
    const population = async () => {
      const { people, none, tiers: on, removed } = await call('GET', '/v1/programmes/club/tiers')
      return [people, none, ...on.map((it: { tier: string; people: number }) => `${it.tier} ${it.people}`), ...removed]
    }
    expect(await population()).toEqual([4, 2, 'silver 2', 'gold 0'])
    await call('POST', '/v1/people/links', { a: 'userId:b', b: 'loyaltyCard:b' })
    expect(await population()).toEqual([3, 1, 'silver 2', 'gold 0'])
    await visit('v-3', 'userId:b')
    expect(await population()).toEqual([3, 1, 'silver 1', 'gold 1'])
    expect(await call('GET', '/v1/programmes/none/tiers')).toMatchObject({ code: 'programme_not_found' })
  })

  it('segments tell how many people they share', async () => {
    const lists = {
      one: ['userId:a', 'userId:b'],
      two: ['loyaltyCard:b', 'userId:c'],
      three: ['userId:b', 'userId:c', 'userId:d'],
    }
    for (const [id, add] of Object.entries(lists)) {
      await call('PUT', `/v1/segments/${id}`, { kind: 'list', name: id })
      await call('PATCH', `/v1/segments/${id}/people`, { add })
    }
    expect(await call('POST', '/v1/segments/overlap', { segments: ['one', 'two', 'three'] })).toEqual({
      segments: [
        { segment: 'one', people: 2 },
        { segment: 'two', people: 2 },
        { segment: 'three', people: 3 },
      ],
      overlaps: [
        { segments: ['one', 'two'], people: 1 },
        { segments: ['one', 'three'], people: 1 },
        { segments: ['two', 'three'], people: 2 },
        { segments: ['one', 'two', 'three'], people: 1 },
      ],
    })
    expect((await call('POST', '/v1/segments/overlap', { segments: ['one', 'two'] })).overlaps).toEqual([
      { segments: ['one', 'two'], people: 1 },
    ])
    expect(await call('POST', '/v1/segments/overlap', { segments: ['one', 'nix'] })).toMatchObject({
      code: 'segment_not_found',
    })
  })

  it('a draft is told with which live offers it conflicts', async () => {
    const draft = {
      name: 'Draft',
      trigger: { on: 'basket' },
      benefit: { kind: 'percentOff', percent: 10 },
      stacking: { exclusive: 'order' },
    }
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, name: 'Everywhere' })
    expect(await call('POST', '/v1/offers/conflicts', { draft })).toEqual({
      data: [{ kind: 'exclusive', offer, name: 'Everywhere' }],
    })
    expect(await call('POST', '/v1/offers/conflicts', { draft, replaces: offer })).toEqual({ data: [] })
    expect(await call('POST', '/v1/offers/conflicts', { draft: { ...draft, when: 'nonsense' } })).toMatchObject({
      code: 'invalid_input',
    })
  })

  it('and a person, how much of her limits is used', async () => {
    const limits = { perPerson: 3, per: { uses: 2, period: 'day', by: 'person' } }
    const { offer } = await makeOffer(server, { name: 'Three', limits })
    await call('POST', `/v1/offers/${offer}/codes`, { codes: ['THREE'], shared: true })
    await call('PUT', '/v1/orders/o-2', {
      state: 'placed',
      channel: 'web',
      person: 'userId:a',
      codes: ['THREE'],
      lines: [latte],
    })
    const about = { offer, name: 'Three', endsAt: null }
    expect((await call('GET', '/v1/people/userId:a/limits')).data).toEqual([
      { ...about, limit: 'per', period: 'day', allowed: 2, used: 1, left: 1 },
      { ...about, limit: 'perPerson', period: null, allowed: 3, used: 1, left: 2 },
    ])
    expect((await call('GET', '/v1/people/userId:c/limits')).data[0]).toMatchObject({ used: 0, left: 3 })
  })
})
