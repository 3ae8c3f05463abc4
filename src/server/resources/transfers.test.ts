import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'

const day = 86_400_000

/** Of a programme. What orders earned can be given at once, where nothing else is said. */
type Terms = { readonly transfers?: object; readonly [term: string]: unknown }

describe.each(['pglite', 'postgres'] as const)('giving and sharing points on %s', store => {
  let server: TestServer
  let now = Date.parse('2026-03-02T10:00:00.000Z')
  let count = 0
  const call: TestServer['call'] = (...args) => server.call(...args)
  const next = (name: string): string => {
    count += 1
    return `${name}-${count}`
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => now })
  })

  /** A programme of 1 point for a cent, and people in it who bought for so much. */
  const club = async (terms: Terms, people: Readonly<Record<string, number>>) => {
    const id = next('club')
    const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
    const { transfers, ...others } = terms
    const body = { name: 'Club', rate, ...others, ...(transfers && { transfers: { minimumAgeDays: 0, ...transfers } }) }
    const made = await call('PUT', `/v1/programmes/${id}`, body)
    expect(made.text).toContain(`"id":"${id}"`)
    const per = { amount: 1, currency: 'EUR', points: 1 }
    const fresh = (name: string) => `userId:${id}-${name}`
    await makeOffer(server, {
      trigger: { on: 'basket' },
      when: `order.id.startsWith('${id}')`,
      benefit: { kind: 'points', programme: id, per },
    })
    const buy = (name: string, total: number, more: object = {}) =>
      call('PUT', `/v1/orders/${id}-${next('o')}`, {
        person: fresh(name),
        channel: 'web',
        currency: 'EUR',
        state: 'placed',
        lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: total }],
        ...more,
      })
    const join = (name: string) => call('PUT', `/v1/programmes/${id}/members/${fresh(name)}`, {})
    for (const [name, points] of Object.entries(people)) {
      await join(name)
      if (points > 0) expect((await buy(name, points)).json.earned[0].points).toBe(points)
    }
    const wallet = async (name: string) =>
      (await call('GET', `/v1/people/${fresh(name)}/wallet`)).json.programmes.find(
        (it: { programme: string }) => it.programme === id,
      )
    const balances = async (...names: string[]): Promise<number[]> =>
      Promise.all(names.map(async name => (await wallet(name)).balance))
    const give = (from: string, to: string, points: number, headers: Record<string, string> = {}, query = '') =>
      call('POST', `/v1/transfers${query}`, { from: fresh(from), to: fresh(to), programme: id, points }, { headers })
    const share = (members: readonly object[]) =>
      call('POST', '/v1/households', { programme: id, name: 'The Bakers', members })
    return { id, fresh, buy, join, wallet, balances, give, share }
  }

  describe('a transfer', () => {
    it('moves points with the time they last, takes a fee out of them, and is told to both', async () => {
      const expiry = { kind: 'after', days: 30 }
      const shop = await club({ transfers: { between: 'anyone', feePercent: 5 }, expiry }, { ana: 100, ben: 0 })
      const lots = async (name: string) =>
        (await call('GET', `/v1/people/${shop.fresh(name)}/wallet/lots`)).json.data
          .map((it: { remaining: number; expiresAt: string; fromLot: string | null }) => [
            it.remaining,
            it.expiresAt,
            it.fromLot,
          ])
          .sort(([a]: [number], [b]: [number]) => b - a)
      const [[, ends]] = await lots('ana')
      now += day
      await shop.buy('ana', 70)
      const dry = await shop.give('ana', 'ben', 110, {}, '?dryRun=true')
      expect([dry.status, dry.json]).toMatchObject([200, { id: null, points: 110, fee: 5, received: 105 }])
      expect(await shop.balances('ana', 'ben')).toEqual([170, 0])

      const given = await shop.give('ana', 'ben', 110)
      expect(given.status).toBe(201)
      expect(given.json).toMatchObject({ points: 110, fee: 5, received: 105, note: null })
      expect((await call('GET', `/v1/transfers/${given.json.id}`)).json).toEqual(given.json)
      expect(await shop.balances('ana', 'ben')).toEqual([60, 105])
      // Those that end first go first, and the fee comes out of them.
      expect(await lots('ben')).toEqual([
        [95, ends, expect.stringMatching(/^lot_/)],
        [10, expect.any(String), expect.stringMatching(/^lot_/)],
      ])
      const names = async (name: string) =>
        (await call('GET', `/v1/people/${shop.fresh(name)}/timeline`)).json.data.map(
          (it: { details: { name?: string } }) => it.details.name,
        )
      expect(await names('ana')).toContain('Points Given')
      expect(await names('ben')).toContain('Points Received')
    })

    it('finds what she may give behind any number of lots that an order has just earned', async () => {
      const transfers = { between: 'anyone', minimumAgeDays: 14 }
      const shop = await club({ transfers, expiry: { kind: 'after', days: 30 } }, { ana: 0, ben: 0 })
      for (let count = 0; count < 10; count += 1) await shop.buy('ana', 10)
      now += day
      await call('POST', '/v1/adjustments', {
        person: shop.fresh('ana'),
        programme: shop.id,
        amount: 25,
        reason: 'goodwill',
      })
      const { json } = await shop.give('ana', 'ben', 26)
      expect([json.code, json.details]).toEqual([
        'transfer_points_unsettled',
        { asked: 26, settled: 25, available: 125, days: 14 },
      ])
      expect((await shop.give('ana', 'ben', 25)).status).toBe(201)
      expect(await shop.balances('ana', 'ben')).toEqual([100, 25])
    })

    it('is given once under one Idempotency-Key', async () => {
      const shop = await club({ transfers: { between: 'anyone' } }, { ana: 100, ben: 0 })
      const headers = { 'idempotency-key': randomUUID() }
      const [first, again] = [await shop.give('ana', 'ben', 30, headers), await shop.give('ana', 'ben', 30, headers)]
      expect(again.text).toBe(first.text)
      expect(await shop.balances('ana', 'ben')).toEqual([70, 30])
    })

    it('of somebody who is erased tells no longer what she wrote', async () => {
      const shop = await club({ transfers: { between: 'anyone' } }, { ana: 100, ben: 0 })
      const { json } = await call('POST', '/v1/transfers', {
        from: shop.fresh('ana'),
        to: shop.fresh('ben'),
        programme: shop.id,
        points: 5,
        note: 'From Ana with love',
      })
      expect(json.note).toBe('From Ana with love')
      const erased = await call('POST', `/v1/people/${shop.fresh('ana')}/erase`, { reason: 'requested' })
      expect(erased.status).toBeLessThan(300)
      expect((await call('GET', `/v1/transfers/${json.id}`)).json).toMatchObject({ points: 5, note: null })
    })

    it('whoever owes points because she gave them away owes nothing once she is erased, and the house bears it', async () => {
      const shop = await club({ transfers: { between: 'anyone' }, returns: { earned: 'unlimited' } }, { ben: 0 })
      await shop.join('ana')
      const { json: bought } = await shop.buy('ana', 100)
      await shop.give('ana', 'ben', 100)
      await call('POST', `/v1/orders/${bought.id}/returns`, { id: next('r'), lines: [{ id: '1', quantity: 1 }] })
      expect((await shop.wallet('ana')).debt).toBe(100)
      const { person } = bought
      expect(
        (await call('POST', `/v1/people/${shop.fresh('ana')}/erase`, { reason: 'requested' })).status,
      ).toBeLessThan(300)
      const asset = `points:${shop.id}`
      const of = async (owner: string, kind: string): Promise<number> =>
        (await call('GET', `/v1/accounts/${owner}/${asset}/${kind}`)).json.balance
      const owner = person.replace(/^per_/, 'hol_')
      expect([await of(owner, 'debt'), await of('house', 'adjusted'), await of('house', 'returned')]).toEqual([
        0, -100, 100,
      ])
      expect(await shop.balances('ben')).toEqual([100])
    })

    it.each<[string, object, number, string, object]>([
      ['nobody may', {}, 10, 'transfer_not_allowed', { between: 'nobody' }],
      ['only a household may', { between: 'household' }, 10, 'transfer_not_allowed', { between: 'household' }],
      ['too few', { between: 'anyone', minimum: 50 }, 49, 'transfer_below_minimum', { minimum: 50, points: 49 }],
      [
        'too early',
        { between: 'anyone', waitingDays: 3 },
        10,
        'transfer_too_early',
        { from: expect.stringMatching(/T10:00:00.000Z$/) },
      ],
      ['too many a day', { between: 'anyone', dailyLimit: 99 }, 100, 'transfer_limit_reached', { limit: 99, given: 0 }],
      [
        'more than she has',
        { between: 'anyone' },
        101,
        'transfer_balance_insufficient',
        { asked: 101, available: 100 },
      ],
    ])('is refused where it is %s', async (_, transfers, points, code, details) => {
      const shop = await club({ transfers, households: { members: 2 } }, { ana: 100, ben: 0 })
      const { status, json } = await shop.give('ana', 'ben', points)
      expect([status, json.code, json.details]).toMatchObject([409, code, details])
      expect(await shop.balances('ana', 'ben')).toEqual([100, 0])
    })

    it('is refused to herself, to strangers, and to whoever is not in the programme', async () => {
      const shop = await club({ transfers: { between: 'anyone' } }, { ana: 100, ben: 0 })
      await call('POST', '/v1/people/links', { a: shop.fresh('ana'), b: `email:${shop.id}@example.com` })
      await call('POST', '/v1/track', { userId: shop.fresh('carla').slice(7), event: 'Seen' })
      const to = async (ref: string, points = 10) =>
        (await call('POST', '/v1/transfers', { from: shop.fresh('ana'), to: ref, programme: shop.id, points })).json
          .code
      expect(await to(`email:${shop.id}@example.com`)).toBe('transfer_to_self')
      expect(await to('userId:who-is-that')).toBe('person_not_found')
      expect(await to(shop.fresh('carla'))).toBe('transfer_needs_member')
      expect((await shop.give('carla', 'ben', 1)).json.details).toMatchObject({ direction: 'from' })
    })

    it('the limit is of a day on the clock of the programme, over everything she gave', async () => {
      const transfers = { between: 'anyone', dailyLimit: 60 }
      const shop = await club({ transfers, timeZone: 'Asia/Tokyo' }, { ana: 200, ben: 0 })
      now = Date.parse('2026-04-01T14:59:00.000Z')
      expect((await shop.give('ana', 'ben', 40)).status).toBe(201)
      expect((await shop.give('ana', 'ben', 21)).json.details).toMatchObject({ given: 40 })
      expect((await shop.give('ana', 'ben', 20)).status).toBe(201)
      now = Date.parse('2026-04-01T15:00:00.000Z')
      expect((await shop.give('ana', 'ben', 60)).status).toBe(201)
    })

    it('40 at once of one balance give exactly what she has, and within the limit of the day', async () => {
      const shop = await club({ transfers: { between: 'anyone', dailyLimit: 90 } }, { ana: 100, ben: 0, carla: 0 })
      const all = await Promise.all(
        Array.from({ length: 40 }, (_, index) => shop.give('ana', index % 2 === 0 ? 'ben' : 'carla', 10)),
      )
      expect(all.filter(it => it.status === 201)).toHaveLength(9)
      expect(new Set(all.filter(it => it.status !== 201).map(it => it.json.code))).toEqual(
        new Set(['transfer_limit_reached']),
      )
      const [left, ...given] = await shop.balances('ana', 'ben', 'carla')
      expect([left, given.reduce((sum, it) => sum + it, 0)]).toEqual([10, 90])
    })

    it('no limit of a day is passed by becoming one person, or two again', async () => {
      const transfers = { between: 'anyone', dailyLimit: 60, waitingDays: 2 }
      const shop = await club({ transfers }, { ana: 200, ben: 0 })
      now += 3 * day
      const [ana, card] = [shop.fresh('ana'), `loyaltyCard:${shop.id}`]
      await call('PUT', `/v1/programmes/${shop.id}/members/${card}`, {})
      await call('POST', '/v1/adjustments', { person: card, programme: shop.id, amount: 100, reason: 'goodwill' })
      const by = async (from: string, points: number) => {
        const { status, json } = await call('POST', '/v1/transfers', {
          from,
          to: shop.fresh('ben'),
          programme: shop.id,
          points,
        })
        return status === 201 ? points : [json.code, json.details.given ?? json.details.from?.slice(0, 10)]
      }
      const waits = new Date(now + 2 * day).toISOString().slice(0, 10)
      expect([await by(ana, 40), await by(card, 10)]).toEqual([40, ['transfer_too_early', waits]])
      const { json: link } = await call('POST', '/v1/people/links', { a: ana, b: card })
      // She is in it as long as by the identifier that joined first; what either gave today counts.
      expect([await by(card, 21), await by(card, 15), await by(ana, 6)]).toEqual([
        ['transfer_limit_reached', 40],
        15,
        ['transfer_limit_reached', 55],
      ])
      await call('POST', '/v1/people/split', { person: link.person, groups: [[ana], [card]], reason: 'Two people' })
      // Each has given what she gave herself, and waits as long as she would have.
      expect([await by(ana, 21), await by(ana, 20), await by(card, 1)]).toEqual([
        ['transfer_limit_reached', 40],
        20,
        ['transfer_too_early', waits],
      ])
      expect(await shop.balances('ben')).toEqual([75])
    })

    it('a browser gives only what is its person’s', async () => {
      const shop = await club({ transfers: { between: 'anyone' } }, { ana: 100, ben: 100 })
      const { json: key } = await call('POST', '/v1/keys', { name: 'web', scope: 'publishable' })
      const { json: token } = await call('POST', '/v1/person-tokens', { person: shop.fresh('ana') })
      const as = (from: string, to: string, headers: Record<string, string>) =>
        call(
          'POST',
          '/v1/transfers',
          { from: shop.fresh(from), to: shop.fresh(to), programme: shop.id, points: 5 },
          { key: key.key, headers },
        )
      const hers = { 'tessera-person-token': token.token }
      expect((await as('ana', 'ben', {})).status).toBe(403)
      expect((await as('ben', 'ana', hers)).status).toBe(403)
      expect((await as('ana', 'ben', hers)).status).toBe(201)
      expect(await shop.balances('ana', 'ben')).toEqual([95, 105])
    })
  })

  describe('a household', () => {
    const burn = (points: number, { id }: { id: string }) => ({ tenders: [{ type: 'points', programme: id, points }] })

    it('whoever may spend pays out of everybody’s points, those that end soonest first; the others out of their own', async () => {
      const expiry = { kind: 'after', days: 30 }
      const shop = await club({ households: { members: 3 }, expiry }, { ben: 300 })
      now += day
      for (const name of ['ana', 'carla']) await shop.join(name)
      await shop.buy('ana', 100)
      const made = await shop.share([
        { person: shop.fresh('ana') },
        { person: shop.fresh('ben'), mayBurn: false },
        { person: shop.fresh('carla') },
      ])
      expect(made.status).toBe(201)
      expect(made.json).toMatchObject({ name: 'The Bakers', balance: 400 })
      expect(made.json.members.map((it: { balance: number }) => it.balance)).toEqual([100, 300, 0])
      expect((await call('GET', `/v1/households/${made.json.id}`)).json).toEqual(made.json)
      expect((await shop.wallet('carla')).household).toMatchObject({ members: 3, mayBurn: true, balance: 400 })
      expect((await shop.wallet('carla')).balance).toBe(0)

      const paid = await shop.buy('carla', 350, burn(350, shop))
      expect(paid.status).toBe(200)
      expect(await shop.balances('ana', 'ben', 'carla')).toEqual([50, 0, 0])
      // He may not spend what the others have, and has nothing left.
      expect((await shop.buy('ben', 50, burn(50, shop))).json.code).toBe('balance_insufficient')
      expect((await shop.buy('ana', 50, burn(50, shop))).status).toBe(200)
    })

    it('two who spend its 400 points in 40 orders at once spend exactly 400, and the rest is refused', async () => {
      const shop = await club({ households: { members: 2 } }, { ana: 150, ben: 250 })
      await shop.share([{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }])
      const all = await Promise.all(
        Array.from({ length: 40 }, (_, index) => shop.buy(index % 2 === 0 ? 'ana' : 'ben', 20, burn(20, shop))),
      )
      expect(all.filter(it => it.status === 200)).toHaveLength(20)
      expect(new Set(all.flatMap(it => (it.status === 200 ? [] : it.json.code)))).toEqual(
        new Set(['balance_insufficient']),
      )
      expect(await shop.balances('ana', 'ben')).toEqual([0, 0])
    })

    it('whoever leaves keeps what is hers', async () => {
      const shop = await club({ households: { members: 2 } }, { ana: 100, ben: 40 })
      const members = [{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }]
      const { json } = await shop.share(members)
      const left = await call('PATCH', `/v1/households/${json.id}`, { members: [members[0]] })
      expect(left.json).toMatchObject({ balance: 100, members: [{ balance: 100, since: json.members[0].since }] })
      expect((await shop.buy('ben', 100, burn(100, shop))).json.code).toBe('balance_insufficient')
      expect((await shop.wallet('ben')).household).toBeNull()
      expect((await shop.buy('ben', 40, burn(40, shop))).status).toBe(200)
      expect(await shop.balances('ana', 'ben')).toEqual([100, 0])
    })

    it('whoever leaves the programme leaves it, too', async () => {
      const shop = await club({ households: { members: 2 } }, { ana: 100, ben: 40 })
      const { json } = await shop.share([{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }])
      await call('DELETE', `/v1/programmes/${shop.id}/members/${shop.fresh('ben')}`)
      expect((await call('GET', `/v1/households/${json.id}`)).json).toMatchObject({ balance: 100 })
      expect((await call('PATCH', `/v1/households/${json.id}`, { name: 'Ana' })).json.members).toHaveLength(1)
    })

    it('whoever comes back to the programme is not back in the household', async () => {
      const shop = await club({ households: { members: 2 } }, { ana: 100, ben: 40 })
      const { json } = await shop.share([{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }])
      await call('DELETE', `/v1/programmes/${shop.id}/members/${shop.fresh('ben')}`)
      await shop.join('ben')
      expect((await call('GET', `/v1/households/${json.id}`)).json.members).toHaveLength(1)
      expect((await shop.wallet('ana')).household).toMatchObject({ members: 1, balance: 100 })
      expect((await shop.wallet('ben')).household).toBeNull()
      expect((await shop.buy('ben', 100, burn(100, shop))).json.code).toBe('balance_insufficient')
    })

    it.each([
      ['was left out of it', 'PATCH'],
      ['left the programme', 'DELETE'],
    ])('no longer has the name of somebody who %s and is erased later', async (_, how) => {
      const shop = await club({ households: { members: 2 } }, { ana: 0, ben: 0 })
      const members = [{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }]
      const { json } = await call('POST', '/v1/households', { programme: shop.id, name: 'Ana and Ben Baker', members })
      const left =
        how === 'PATCH'
          ? await call('PATCH', `/v1/households/${json.id}`, { members: [members[0]] })
          : await call('DELETE', `/v1/programmes/${shop.id}/members/${shop.fresh('ben')}`)
      expect(left.status).toBe(200)
      const erased = await call('POST', `/v1/people/${shop.fresh('ben')}/erase`, { reason: 'requested' })
      expect(erased.status).toBeLessThan(300)
      const { name, members: stay } = (await call('GET', `/v1/households/${json.id}`)).json
      expect([name, stay.length]).toEqual(['erased', 1])
    })

    it('is not for everybody', async () => {
      const none = await club({}, { ana: 0 })
      expect((await none.share([{ person: none.fresh('ana') }])).json.code).toBe('households_not_offered')
      const shop = await club({ households: { members: 2 } }, { ana: 0, ben: 0, carla: 0 })
      const person = (name: string) => ({ person: shop.fresh(name) })
      expect((await shop.share(['ana', 'ben', 'carla'].map(person))).json.code).toBe('household_full')
      await call('POST', '/v1/track', { userId: shop.fresh('dora').slice(7), event: 'Seen' })
      expect((await shop.share(['ana', 'dora'].map(person))).json.code).toBe('household_needs_member')
      const { json } = await shop.share(['ana', 'ben'].map(person))
      const second = await shop.share(['ben', 'carla'].map(person))
      expect(second.json).toMatchObject({ code: 'household_elsewhere', details: { household: json.id } })
      expect((await call('GET', '/v1/households/hsh_01kjm6jm000000000000000000')).json.code).toBe('household_not_found')
    })

    it('whoever may spend the pool is in the segment, gets the offer and the reward that it is enough for', async () => {
      const shop = await club({ households: { members: 3 } }, { ana: 0, ben: 90, carla: 0 })
      const rich = next('rich')
      const when = `person.points['${shop.id}'] >= 100`
      await call('PUT', `/v1/segments/${rich}`, { kind: 'live', name: 'Rich', when })
      await vi.waitFor(async () => expect((await call('GET', `/v1/segments/${rich}`)).json.state).toBe('ready'), {
        timeout: 10_000,
      })
      const trait = shop.id.replace('-', '')
      await call('PUT', `/v1/traits/${trait}`, { kind: 'cel', expression: `int(person.points['${shop.id}'])` })
      const moment = shop.id
      const reward = await makeOffer(server, {
        trigger: { on: 'request', moments: [moment] },
        price: { programme: shop.id, points: 150 },
        benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A tasting' },
      })
      const asked = async (name: string) => {
        const { json: answer } = await call('POST', '/v1/decisions', {
          person: shop.fresh(name),
          channel: 'web',
          moment,
        })
        const { json: explained } = await call('POST', '/v1/segments/explain', { person: shop.fresh(name), when })
        const { json: person } = await call('GET', `/v1/people/${shop.fresh(name)}`)
        const { segments, computed } = person
        return [
          segments.map((it: { segment: string }) => it.segment).includes(rich),
          explained.in,
          (await shop.wallet(name)).toSpend,
          computed[trait],
          answer.offers.find((it: { offer: string }) => it.offer === reward.offer)?.missing?.points ?? 0,
        ]
      }
      const { json } = await shop.share([
        { person: shop.fresh('ana') },
        { person: shop.fresh('ben') },
        { person: shop.fresh('carla'), mayBurn: false },
      ])
      expect(await asked('ana')).toEqual([false, false, 90, 90, 60])
      await shop.buy('ben', 60)
      expect(await asked('ana')).toEqual([true, true, 150, 150, 0])
      expect(await asked('carla')).toEqual([false, false, 0, 0, 150])
      await call('PATCH', `/v1/households/${json.id}`, { members: [{ person: shop.fresh('ben') }] })
      expect(await asked('ana')).toEqual([false, false, 0, 0, 150])
      expect(await asked('ben')).toEqual([true, true, 150, 150, 0])
    })

    it('points go to whoever is in it, where the programme lets them stay in the family', async () => {
      const shop = await club(
        { households: { members: 2 }, transfers: { between: 'household' } },
        { ana: 100, ben: 0, carla: 0 },
      )
      await shop.share([{ person: shop.fresh('ana') }, { person: shop.fresh('ben') }])
      expect((await shop.give('ana', 'carla', 10)).json.code).toBe('transfer_not_allowed')
      expect((await shop.give('ana', 'ben', 10)).status).toBe(201)
      // Of her own: what the household has is no gift of hers.
      expect((await shop.give('ben', 'ana', 11)).json.code).toBe('transfer_balance_insufficient')
    })
  })
})
