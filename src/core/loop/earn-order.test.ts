import { describe, expect, it, test } from 'vitest'
import { type Setting, type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { balanceOf } from '../ledger/book.ts'
import type { Programme } from '../loyalty/schema.ts'
import { join, leave, membershipOf } from './join.ts'

const ana = 'email:ana@example.com'
const line = (id: string, quantity: number, unitPrice: number, category = 'coffee') => ({
  id,
  sku: `SKU-${id}`,
  category,
  quantity,
  unitPrice,
})
const placed = (lines: object[], more: object = {}) => ({ state: 'placed', person: ana, lines, ...more })
const base = {
  trigger: { on: 'basket' },
  benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
}
const programmeOf = (shop: SmallWorld): Programme => shop.world().catalogue.programmes.get('club')!
const club = (terms: object = {}, offers: NonNullable<Setting['offers']> = { base }): SmallWorld =>
  smallWorld({ programmes: { club: terms }, offers, people: [[ana]] })
const joined = (terms: object = {}, offers?: NonNullable<Setting['offers']>): SmallWorld => {
  const shop = club(terms, offers)
  join(shop.nextBatch(), shop.holder(ana), programmeOf(shop), { source: 'till' })
  return shop
}
const balance = (shop: SmallWorld, kind: 'main' | 'pending' | 'debt' = 'main') =>
  balanceOf(shop.world().book, shop.holder(ana).id, 'points:club', kind)

describe('what an order earns', () => {
  it('stands in its answer, and is there to spend', () => {
    const shop = joined()
    const { answer } = shop.put('A', placed([line('1', 2, 1995)]))
    expect(answer?.earned).toEqual([
      {
        programme: 'club',
        points: 39,
        state: 'active',
        activeAt: null,
        expiresAt: null,
        offers: [{ offer: shop.offerId('base'), points: 39 }],
      },
    ])
    expect(balance(shop)).toBe(39)
  })

  it('is refused to whoever is not a member, with what she would get', () => {
    const shop = club()
    const { answer } = shop.put('A', placed([line('1', 2, 1995)]))
    expect(answer?.earned).toBeUndefined()
    expect(answer?.refused).toMatchObject([
      { offer: shop.offerId('base'), reason: { code: 'programme_not_joined', details: { name: 'club', points: 39 } } },
    ])
    expect(balance(shop)).toBe(0)
  })

  it('goes back with the units, and all of it when the order is cancelled', () => {
    const shop = joined()
    shop.put('A', placed([line('1', 3, 1050)]))
    expect(balance(shop)).toBe(31)
    const back = shop.giveBack('A', { id: 'R1', lines: [{ id: '1', quantity: 1 }] })
    expect(back.answer?.pointsBack).toEqual([{ programme: 'club', points: 10 }])
    expect(balance(shop)).toBe(21)
    shop.put('B', placed([line('1', 3, 1050)]))
    shop.put('B', { state: 'cancelled' })
    expect(balance(shop)).toBe(21)
  })
})

describe('who earns', () => {
  it('is whoever any of whose identifiers joined, until she leaves', () => {
    const card = 'loyaltyCard:4711'
    const shop = smallWorld({ programmes: { club: {} }, offers: { base }, people: [[ana, card]] })
    join(shop.nextBatch(), shop.holder(card), programmeOf(shop), { source: 'till' })
    expect(shop.put('A', placed([line('1', 1, 1000)])).answer?.earned).toHaveLength(1)
    leave(shop.nextBatch(), shop.holder(ana), programmeOf(shop), 'clerk')
    expect(shop.put('B', placed([line('1', 1, 1000)])).answer?.earned).toBeUndefined()
  })

  it('is everybody from her first order on, where a programme says so; who is not named is told what she would get', () => {
    const shop = club({ join: { on: 'firstOrder' } })
    const nobody = shop.put('A', { state: 'placed', lines: [line('1', 1, 1000)] })
    expect(nobody.answer?.refused).toMatchObject([
      { reason: { code: 'programme_not_joined', details: { points: 10 } } },
    ])
    expect(
      shop.put('B', placed([line('1', 1, 1000)], { person: 'email:new@example.com' })).answer?.earned,
    ).toHaveLength(1)
    const told = shop.world().changes.newEvents.map(({ name, properties }) => [name, properties])
    expect(told).toEqual([['Programme Joined', { programme: 'club', name: 'club', source: 'order' }]])
  })

  it('is nobody while the programme is paused, or after it has ended', () => {
    const shop = joined()
    const { catalogue } = shop.world()
    for (const state of ['paused', 'ended'] as const) {
      ;(catalogue.programmes as Map<string, Programme>).set('club', { ...programmeOf(shop), state })
      expect(shop.put(state, placed([line('1', 1, 1000)])).answer?.earned).toBeUndefined()
    }
  })

  it('is not whoever is held out; what she would have got is kept', () => {
    const shop = smallWorld({
      programmes: { club: {} },
      offers: { base: { ...base, campaign: 'spring' } },
      campaigns: { spring: { holdout: 50 } },
      people: [[ana]],
    })
    const people = Array.from({ length: 12 }, (_, index) => `email:p${index}@example.com`)
    for (const ref of people) join(shop.nextBatch(), shop.holder(ref), programmeOf(shop), { source: 'web' })
    const answers = people.map(
      (person, index) => shop.put(`o${index}`, placed([line('1', 1, 1000)], { person })).answer!,
    )
    const heldOut = answers.filter(it => it.withheld)
    expect(heldOut.length).toBeGreaterThan(0)
    expect(heldOut.length).toBeLessThan(12)
    for (const answer of answers) {
      expect(answer.earned?.[0]?.points ?? 0).toBe(answer.withheld ? 0 : 10)
      if (answer.withheld)
        expect(answer.withheld[0]!.gives).toEqual([{ what: 'points', programme: 'club', points: 10 }])
    }
  })
})

describe('points and money off', () => {
  const tenth = {
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 10 },
    stacking: { exclusive: 'order' },
  }

  it('are earned on what is left to pay, beside an offer that goes with no other', () => {
    const shop = joined({}, { base, tenth })
    const { answer } = shop.put('A', placed([line('1', 1, 1000)]))
    expect(answer?.applied.map(it => it.offer)).toEqual([shop.offerId('tenth'), shop.offerId('base')])
    expect(answer?.earned?.[0]?.points).toBe(9)
  })

  it('are not limited by how many offers an order may have', () => {
    const shop = smallWorld({
      programmes: { club: {} },
      offers: { base, tenth },
      people: [[ana]],
      combination: { perOrder: 1 },
    })
    join(shop.nextBatch(), shop.holder(ana), programmeOf(shop), { source: 'till' })
    expect(shop.put('A', placed([line('1', 1, 1000)])).answer?.applied).toHaveLength(2)
  })

  it('exclude each other as their groups say: the first by priority gives', () => {
    const times = (multiply: number, priority: number) => ({
      trigger: { on: 'basket' },
      benefit: { kind: 'points', programme: 'club', multiply },
      stacking: { priority, group: 'days', exclusive: 'group' },
    })
    const shop = joined({}, { base, double: times(2, 0), triple: times(3, 1) })
    const { answer } = shop.put('A', placed([line('1', 1, 1000)]))
    expect(answer?.earned?.[0]?.points).toBe(30)
    expect(answer?.refused).toMatchObject([{ offer: shop.offerId('double'), reason: { code: 'beaten_by' } }])
  })

  it('come by a code too, and the code is refused to whoever is not a member', () => {
    const extra = { trigger: { on: 'code' }, benefit: { kind: 'points', programme: 'club', fixed: 50 } }
    const setting = { programmes: { club: {} }, offers: { extra }, codes: { EXTRA: ['extra'] }, people: [[ana]] }
    const shop = smallWorld(setting)
    const asked = placed([line('1', 1, 1000)], { codes: ['EXTRA'], requireCodes: true })
    expect(shop.put('A', asked)).toMatchObject({ refusal: 'codes_refused', details: { refused: [{ code: 'EXTRA' }] } })
    join(shop.nextBatch(), shop.holder(ana), programmeOf(shop), { source: 'till' })
    expect(shop.put('A', asked).answer?.earned?.[0]?.points).toBe(50)
  })
})

describe('a cap', () => {
  const capped = {
    trigger: { on: 'basket' },
    benefit: { ...base.benefit, cap: { points: 25, period: 'day' } },
  }

  it('lets a person have so many a day, whatever she buys', () => {
    const shop = joined({}, { capped })
    const buy = (id: string) => shop.put(id, placed([line('1', 1, 1500)])).answer!
    expect([buy('A'), buy('B')].map(it => it.earned?.[0]?.points)).toEqual([15, 10])
    const third = buy('C')
    expect(third.earned).toBeUndefined()
    expect(third.refused).toMatchObject([
      { reason: { code: 'limit_reached', details: { limit: 'cap', allowed: 25, used: 25, period: 'day' } } },
    ])
    shop.later(86_400)
    expect(buy('D').earned?.[0]?.points).toBe(15)
  })

  it('goes on limiting what goods take back: of 15.00 at most 10 points were given', () => {
    const shop = joined({}, { capped })
    shop.put('A', placed([line('1', 1, 1500)]))
    shop.put('B', placed([line('1', 3, 500)]))
    const back = (id: string) =>
      shop.giveBack('B', { id, lines: [{ id: '1', quantity: 1 }] }).answer?.pointsBack?.[0]?.points
    expect([back('r1'), back('r2'), back('r3')]).toEqual([undefined, 5, 5])
  })
})

describe('an order that is open', () => {
  const basket = { person: ana, lines: [line('1', 2, 1000)] }

  it('shows what it would earn, and earns nothing', () => {
    const shop = joined({ pending: { days: 14 } })
    expect(shop.put('A', { state: 'open', ...basket }).answer?.earned).toMatchObject([
      { points: 20, state: 'pending', activeAt: '2026-03-15T23:00:00.000Z' },
    ])
    expect([balance(shop), balance(shop, 'pending')]).toEqual([0, 0])
  })

  it('earns what was held for whoever has left since, and does not make her a member again', () => {
    const shop = joined({ join: { on: 'firstOrder' } })
    shop.put('A', { state: 'open', ...basket, hold: { seconds: 900 } })
    leave(shop.nextBatch(), shop.holder(ana), programmeOf(shop), 'clerk')
    expect(shop.put('A', { state: 'placed', ...basket }).answer?.earned).toHaveLength(1)
    expect(balance(shop)).toBe(20)
    expect(membershipOf(shop.world(), shop.holder(ana), 'club')?.leftAt).not.toBeNull()
  })

  it('earns what was held when it is placed, whatever became of the offer; its days count from then', () => {
    const shop = joined({ expiry: { kind: 'after', days: 1 } })
    shop.put('A', { state: 'open', ...basket, hold: { seconds: 86_400 } })
    shop.offer({ offers: { base: { ...base, state: 'paused' } } })
    shop.later(86_399)
    const { answer } = shop.put('A', { state: 'placed', ...basket })
    expect(answer?.earned).toMatchObject([{ points: 20, expiresAt: '2026-03-04T23:00:00.000Z' }])
    expect(balance(shop)).toBe(20)
  })
})

describe('points for events', () => {
  const review = (shop: SmallWorld, messageId: string, properties: object = { stars: 4 }) =>
    shop.send('track', { messageId, userId: 'u1', event: 'Product Reviewed', properties })
  const forReviews = (benefit: object) => {
    const shop = smallWorld({
      programmes: { club: {} },
      offers: {
        review: {
          trigger: { on: 'event', event: 'Product Reviewed' },
          benefit: { kind: 'points', programme: 'club', ...benefit },
        },
      },
      people: [['userId:u1']],
    })
    join(shop.nextBatch(), shop.holder('userId:u1'), programmeOf(shop), { source: 'web' })
    return shop
  }
  const held = (shop: SmallWorld) => balanceOf(shop.world().book, shop.holder('userId:u1').id, 'points:club', 'main')
  const reasons = (shop: SmallWorld) =>
    shop
      .world()
      .changes.newDecisions.flatMap(it =>
        JSON.parse(it.answer).refused.map((it: { reason: { code: string } }) => it.reason.code),
      )

  test.each<[string, object, object, number]>([
    ['a fixed number', { fixed: 30 }, {}, 30],
    ['what the event says', { fixed: 'event.properties.stars * 10' }, { stars: 4 }, 40],
    ['at most', { fixed: 'event.properties.stars * 10', max: 25 }, { stars: 4 }, 25],
    [
      'never more than can be counted',
      { fixed: 'event.properties.stars * 1000000000000' },
      { stars: 9000 },
      1_000_000_000_000,
    ],
    ['nothing, where that is nothing', { fixed: 'event.properties.stars * 10' }, { stars: 0 }, 0],
    ['nothing, where the event does not say', { fixed: 'event.properties.stars * 10' }, {}, 0],
  ])('are %s', (_name, benefit, properties, points) => {
    const shop = forReviews(benefit)
    review(shop, 'm1', properties)
    expect(held(shop)).toBe(points)
    expect(reasons(shop)).toHaveLength(points === 0 ? 1 : 0)
  })

  it('come once an event, up to the cap', () => {
    const shop = forReviews({ fixed: 30, cap: { points: 50, period: 'month' } })
    for (const id of ['m1', 'm1', 'm2', 'm3']) review(shop, id)
    expect(held(shop)).toBe(50)
    expect(reasons(shop)).toEqual(['limit_reached'])
    const causes = [...shop.world().book.transactions.values()].map(it => [it.kind, it.messageId, it.details])
    const offer = { offer: shop.offerId('review'), version: 1 }
    expect(causes).toEqual([
      ['earn', 'm1', { offers: [{ ...offer, points: 30 }] }],
      ['earn', 'm2', { offers: [{ ...offer, points: 20 }] }],
    ])
  })

  it('are for members', () => {
    const shop = forReviews({ fixed: 30 })
    leave(shop.nextBatch(), shop.holder('userId:u1'), programmeOf(shop), 'clerk')
    review(shop, 'm1')
    expect([held(shop), reasons(shop)]).toEqual([0, ['programme_not_joined']])
  })
})

describe('what the ledger says of points', () => {
  it('names the order, the decision, the rule and its version, the channel, the place and the key', () => {
    const shop = joined()
    const { answer } = shop.put('A', placed([line('1', 1, 1000)], { location: 'store-1' }), { actor: 'key_1' })
    const [earned] = [...shop.world().book.transactions.values()]
    expect(earned).toMatchObject({
      kind: 'earn',
      orderId: 'A',
      holderId: shop.holder(ana).id,
      decisionId: answer?.decision,
      offerId: shop.offerId('base'),
      offerVersion: 1,
      channel: 'store',
      location: 'store-1',
      actor: 'key_1',
      details: { paidOtherwise: 0, shipping: 0, rounding: 'down' },
    })
  })
})
