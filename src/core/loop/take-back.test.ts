import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Setting, type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { balanceOf } from '../ledger/book.ts'
import { join } from './join.ts'

const ana = 'email:ana@example.com'
const coat = { id: 'coat', sku: 'COAT', quantity: 1, unitPrice: 6000 }
const socks = { id: 'socks', sku: 'SOCKS', category: 'socks', quantity: 4, unitPrice: 1000 }
const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
const points = (benefit: object, offer: object = {}) => ({
  trigger: { on: 'basket' },
  benefit: { kind: 'points', programme: 'club', ...benefit },
  ...offer,
})
const perEuro = points({ per: { amount: 100, currency: 'EUR', points: 1 } })
const levels = [{ id: 'gold', name: 'Gold', threshold: 1000 }]

/** Ana is in the club, and has the points that a first order of hers gave. */
const clubWith = (
  terms: object = {},
  offers: NonNullable<Setting['offers']> = { perEuro },
  people = [[ana]],
): SmallWorld => {
  const shop = smallWorld({ programmes: { club: { rate, ...terms } }, offers, people })
  join(shop.nextBatch(), shop.holder(ana), shop.world().catalogue.programmes.get('club')!, { source: 'till' })
  return shop
}
const order = (shop: SmallWorld, id: string, fields: object = {}) =>
  shop.put(id, { state: 'placed', person: ana, lines: [coat, socks], ...fields })
const back = (shop: SmallWorld, id: string, lines: Record<string, number>, more: object = {}) =>
  shop.giveBack('A', { id, lines: Object.entries(lines).map(([id, quantity]) => ({ id, quantity })), ...more })
const has = (shop: SmallWorld, asset: 'points:club' | 'qualifying:club' = 'points:club') => {
  const of = (kind: 'main' | 'pending' | 'debt') => balanceOf(shop.world().book, shop.holder(ana).id, asset, kind)
  return { main: of('main'), pending: of('pending'), debt: of('debt') }
}
const lots = (shop: SmallWorld) =>
  [...shop.world().book.lots.values()].map(({ asset, orderId, remaining, kind }) => [asset, orderId, kind, remaining])

describe('points that were earned on goods that come back', () => {
  it('go with the units, and the last unit takes the last point', () => {
    const shop = clubWith({}, { fourth: points({ per: { amount: 400, currency: 'EUR', points: 1 } }) })
    order(shop, 'A')
    expect(has(shop).main).toBe(25)
    // Of 85.00 21.25 points would stay.
    expect(back(shop, 'r1', { socks: 1 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 3 }])
    expect(back(shop, 'r2', { socks: 1 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 2 }])
    expect(back(shop, 'r3', { coat: 1, socks: 2 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 20 }])
    expect(has(shop).main).toBe(0)
  })

  test.each<[string, object, number[]]>([
    ['whose condition holds stay, and are gone when it does not', { when: 'order.subtotal >= 8000' }, [0, 100, 0]],
    ['of no condition stay as long as anything does', {}, [0, 0, 100]],
    ['that are kept stay as long as anything does', { when: 'order.subtotal >= 8000', onReturn: 'keep' }, [0, 0, 100]],
  ])('a fixed number of them %s', (_name, offer, taken) => {
    const shop = clubWith({}, { hundred: points({ fixed: 100 }, offer) })
    order(shop, 'A')
    expect(has(shop).main).toBe(100)
    const asked: Record<string, number>[] = [{ socks: 1 }, { socks: 2 }, { coat: 1, socks: 1 }]
    expect(asked.map((lines, index) => back(shop, `r${index}`, lines).answer?.pointsBack?.[0]?.points ?? 0)).toEqual(
      taken,
    )
  })

  it('count on what was paid otherwise as they were earned', () => {
    const shop = clubWith()
    order(shop, 'before')
    expect(order(shop, 'A', { tenders: [{ type: 'points', points: 50 }] }).answer?.earned?.[0]?.points).toBe(99)
    expect(has(shop).main).toBe(149)
    // Half a euro was paid with points; what is refunded goes back to them first.
    expect(back(shop, 'r', { coat: 1, socks: 4 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 99 }])
    expect(has(shop).main).toBe(100)
  })

  it('that were doubled go back doubled', () => {
    const double = points({ multiply: 2, lines: "line.category == 'socks'" })
    const shop = clubWith({}, { perEuro, double })
    expect(order(shop, 'A').answer?.earned?.[0]?.points).toBe(140)
    expect(back(shop, 'r', { socks: 1 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 20 }])
  })

  it('take what counts towards a tier with them', () => {
    const tiers = { by: 'points', period: { calendar: 'year' }, levels }
    const shop = clubWith(
      { tiers },
      { double: points({ per: { amount: 100, currency: 'EUR', points: 1 }, qualifying: 2 }) },
    )
    order(shop, 'A')
    expect([has(shop).main, has(shop, 'qualifying:club').main]).toEqual([100, 200])
    back(shop, 'r', { socks: 1 })
    expect([has(shop).main, has(shop, 'qualifying:club').main]).toEqual([90, 180])
    back(shop, 'r2', { socks: 3, coat: 1 })
    expect([has(shop).main, has(shop, 'qualifying:club').main]).toEqual([0, 0])
  })

  it('of shipping, where that earns, go with the shipping', () => {
    const shop = clubWith({ earnsOn: { shipping: true } })
    expect(order(shop, 'A', { shipping: 500 }).answer?.earned?.[0]?.points).toBe(105)
    expect(back(shop, 'r1', { socks: 1 }).answer?.pointsBack?.[0]?.points).toBe(10)
    expect(back(shop, 'r2', { socks: 1 }, { shipping: true }).answer?.pointsBack?.[0]?.points).toBe(15)
  })

  it('are told by a dry run, which takes nothing', () => {
    const shop = clubWith()
    order(shop, 'A')
    const asked = { id: 'r', lines: [{ id: 'socks', quantity: 1 }] }
    shop.nextBatch()
    const before = shop.snapshot()
    const { text } = shop.giveBack('A', asked, { dryRun: true })
    expect(shop.snapshot()).toEqual(before)
    expect(shop.giveBack('A', asked).text).toBe(text)
  })

  it('are asked of all her identifiers', () => {
    const card = 'loyaltyCard:4711'
    const shop = clubWith({}, undefined, [[ana, card]])
    order(shop, 'A')
    order(shop, 'B', { person: card })
    order(shop, 'C', { tenders: [{ type: 'points', points: 100 }] })
    // Her oldest hundred paid for C: what A earned is gone, what B and C earned by is there.
    expect(back(shop, 'r', { coat: 1, socks: 4 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 100 }])
  })
})

describe('points that were spent meanwhile', () => {
  const spent = (terms: object) => {
    const shop = clubWith(terms)
    order(shop, 'A')
    order(shop, 'B', { lines: [{ ...socks, quantity: 1 }], tenders: [{ type: 'points', points: 70 }] })
    return shop
  }

  test.each<[string, object, object, object]>([
    ['within her balance', {}, { points: 39, short: 61 }, { main: 0, debt: 0 }],
    [
      'not at all, for those that were pending',
      { returns: { earned: 'pendingOnly' } },
      { points: 0, short: 100 },
      { main: 39, debt: 0 },
    ],
    [
      'all of them, so that she owes some',
      { returns: { earned: 'unlimited' } },
      { points: 100, debt: 61 },
      { main: 0, debt: -61 },
    ],
    [
      'as far as she may owe some',
      { returns: { earned: 'unlimited', maxDebt: 50 } },
      { points: 89, debt: 50, short: 11 },
      { main: 0, debt: -50 },
    ],
  ])('are taken %s', (_name, terms, taken, left) => {
    const shop = spent(terms)
    expect(has(shop)).toEqual({ main: 39, pending: 0, debt: 0 })
    const { answer } = back(shop, 'r', { coat: 1, socks: 4 })
    expect(answer?.pointsBack).toEqual([{ programme: 'club', ...taken }])
    expect(has(shop)).toMatchObject(left)
  })

  it('are owed up to the most, of which what the same return gives back pays some first', () => {
    const shop = clubWith({ returns: { earned: 'unlimited', maxDebt: 100 } })
    order(shop, 'before')
    order(shop, 'A', { tenders: [{ type: 'points', points: 60 }] })
    order(shop, 'C', { lines: [{ ...socks, quantity: 1 }], tenders: [{ type: 'points', points: 139 }] })
    shop.giveBack('before', {
      id: 'r',
      lines: [
        { id: 'coat', quantity: 1 },
        { id: 'socks', quantity: 4 },
      ],
    })
    expect(has(shop)).toEqual({ main: 0, pending: 0, debt: -92 })
    // The 60 that paid for A pay debt; then 68 more may be owed.
    expect(back(shop, 'r', { coat: 1, socks: 4 }).answer?.pointsBack).toEqual([
      { programme: 'club', points: 68, debt: 68, short: 31 },
    ])
    expect(has(shop)).toEqual({ main: 0, pending: 0, debt: -100 })
  })

  it('are owed, and what is earned next pays them', () => {
    const shop = spent({ returns: { earned: 'unlimited' } })
    back(shop, 'r', { coat: 1, socks: 4 })
    order(shop, 'C')
    expect(has(shop)).toEqual({ main: 39, pending: 0, debt: 0 })
  })

  it('are taken of pending ones whatever was spent', () => {
    const shop = clubWith({ pending: { days: 14 }, returns: { earned: 'pendingOnly' } })
    order(shop, 'A')
    expect(has(shop)).toEqual({ main: 0, pending: 100, debt: 0 })
    back(shop, 'r', { coat: 1 })
    expect(has(shop)).toEqual({ main: 0, pending: 40, debt: 0 })
    shop.later(14 * 86_400)
    expect(back(shop, 'r2', { socks: 4 }).answer?.pointsBack).toEqual([{ programme: 'club', points: 0, short: 40 }])
    expect(has(shop)).toEqual({ main: 40, pending: 0, debt: 0 })
  })
})

describe('an order that is cancelled', () => {
  it('leaves nothing of what it earned, and gives back what paid it', () => {
    const shop = clubWith()
    order(shop, 'A')
    order(shop, 'B', { tenders: [{ type: 'points', points: 100 }] })
    expect(has(shop).main).toBe(99)
    shop.put('B', { state: 'cancelled' })
    expect(has(shop).main).toBe(100)
    shop.put('A', { state: 'cancelled' })
    expect(has(shop).main).toBe(0)
    expect(lots(shop)).toEqual([
      ['points:club', 'A', 'main', 0],
      ['points:club', 'B', 'main', 0],
    ])
  })
})

describe('any split of returns, in any order', () => {
  const offers = {
    perEuro,
    odd: points({ per: { amount: 700, currency: 'EUR', points: 3 }, lines: "line.sku == 'SOCKS'" }),
    item: points({ perUnit: 7, max: 20 }),
    hundred: points({ fixed: 100 }, { when: 'order.subtotal >= 7000' }),
    double: points({ multiply: 1.5, lines: "line.sku == 'SOCKS'" }),
    tenth: { trigger: { on: 'basket' }, when: 'order.subtotal >= 8000', benefit: { kind: 'percentOff', percent: 10 } },
  }
  const names = Object.keys(offers) as (keyof typeof offers)[]
  const shops = fc.record({
    names: fc.subarray(names, { minLength: 1 }),
    rounding: fc.constantFrom('down', 'nearest', 'up'),
    earned: fc.constantFrom('withinBalance', 'pendingOnly', 'unlimited'),
    pending: fc.constantFrom(undefined, { days: 14 }),
    paid: fc.constantFrom(0, 0, 37, 100),
    spent: fc.constantFrom(0, 0, 60, 150),
  })
  type Shop = typeof shops extends fc.Arbitrary<infer T> ? T : never

  /** Points of before, the order A, and some of them spent again. */
  const shopOf = ({ names, rounding, earned, pending, paid, spent }: Shop) => {
    const tiers = { by: 'points', period: { calendar: 'year' }, levels }
    const shop = clubWith(
      { rounding, returns: { earned }, tiers, ...(pending && { pending }) },
      Object.fromEntries(names.map(name => [name, offers[name]])),
    )
    order(shop, 'before')
    shop.later(20 * 86_400)
    const pay = (count: number) => ({ tenders: [{ type: 'points', points: count }] })
    const most = () => has({ ...shop }).main
    shop.nextBatch()
    expect(order(shop, 'A', paid > 0 && most() >= paid ? pay(paid) : {}).refusal).toBeUndefined()
    if (spent > 0 && most() >= spent)
      expect(
        shop.put('C', { state: 'placed', person: ana, lines: [{ ...coat, sku: 'X' }], ...pay(spent) }).refusal,
      ).toBeUndefined()
    return shop
  }
  const units = [['coat', 1], ...[1, 2, 3, 4].map(unit => ['socks', unit] as const)] as [string, number][]
  const giveBack = (shop: SmallWorld, id: string, of: readonly (readonly [string, number])[]) => {
    const lines = ['coat', 'socks'].flatMap(line => {
      const its = of.flatMap(([name, unit]) => (name === line ? [unit] : []))
      return its.length === 0 ? [] : [{ id: line, quantity: its.length, units: its }]
    })
    const { answer, refusal } = shop.giveBack('A', { id, lines })
    expect(refusal).toBeUndefined()
    return answer?.pointsBack?.[0]?.points ?? 0
  }
  const endOf = (shop: SmallWorld) => ({ points: has(shop), qualifying: has(shop, 'qualifying:club') })

  it('ends as a single return does (promise 6)', () => {
    let taken = 0
    fc.assert(
      fc.property(
        shops,
        fc.shuffledSubarray(units, { minLength: 2 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
        (of, all, sizes) => {
          const [once, split] = [shopOf(of), shopOf(of)]
          const total = giveBack(once, 'all', all)
          let sum = 0
          const rest = [...all]
          for (const [index, size] of sizes.entries()) {
            if (rest.length === 0) break
            sum += giveBack(split, `r${index}`, rest.splice(0, size))
          }
          expect(sum).toBe(total)
          expect(endOf(split)).toEqual(endOf(once))
          taken += Number(total > 0)
        },
      ),
      { numRuns: 60 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})
