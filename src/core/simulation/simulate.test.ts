import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import { parseInstant } from '../kernel/time.ts'
import { programmeInput } from '../loyalty/schema.ts'
import { defaultCombination } from '../workspaces/schema.ts'
import { draftId, draftMistakes, liveDrafts } from './drafts.ts'
import type { PastOrder } from './past-order.ts'
import { type Draft, draft, simulationReport } from './schema.ts'
import type { SimulationSetting } from './setting.ts'
import { makeSimulation } from './simulate.ts'

const drafts = (...given: object[]): Draft[] =>
  given.map((it, index) => draft.parse({ name: `draft ${index + 1}`, trigger: { on: 'basket' }, ...it }))
const percentOff = (percent: number) => ({ kind: 'percentOff', percent })
const euros = (amount: number) => ({ amount, currency: 'EUR' })
const amountOff = (amount: number) => ({ kind: 'amountOff', ...euros(amount) })

const order = (id: string, at: string, total: number, more: Partial<PastOrder> = {}): PastOrder => ({
  id,
  at: parseInstant(at)!,
  channel: 'store',
  currency: 'EUR',
  lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: total }],
  shipping: 0,
  ...more,
})

const simulate = (given: Draft[], orders: readonly PastOrder[], more: Partial<SimulationSetting> = {}) => {
  expect(draftMistakes(given)).toEqual([])
  const simulation = makeSimulation({
    drafts: liveDrafts(given),
    combination: defaultCombination,
    timeZone: 'Europe/Rome',
    currency: 'EUR',
    ...more,
  })
  for (const it of orders) simulation.add(it)
  const report = simulation.report()
  expect(simulationReport.parse(report)).toEqual(report)
  return report
}
const first = draftId(0)

describe('conditions about the past', () => {
  const person = 'email:ana@example.com'
  const coffee = (id: string, at: string, channel = 'store') =>
    order(id, at, 1000, {
      person,
      channel,
      lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 500 }],
    })

  it('see the orders so far, in windows that end by themselves', () => {
    const when =
      "ordersOf('coffee', 30) == 2 && unitsOf('coffee', 30) == 4 && ordersIn('web', 30) == 1 && spend(30) == 2000"
    const report = simulate(drafts({ benefit: percentOff(10), when }), [
      coffee('A', '2026-01-01T10:00:00Z'),
      coffee('B', '2026-03-01T10:00:00Z', 'web'),
      coffee('C', '2026-03-05T10:00:00Z'),
      coffee('D', '2026-03-20T10:00:00Z'),
      coffee('E', '2026-03-21T10:00:00Z'),
    ])
    expect(report.mostExpensive.map(it => it.id)).toEqual(['D'])
  })

  it('see what offers of the simulation gave, and what nobody used of it', () => {
    const report = simulate(
      drafts(
        { benefit: { kind: 'giveOffer', offer: draftId(1) }, when: 'order.subtotal >= 1000', limits: { perPerson: 1 } },
        { trigger: { on: 'grant' }, benefit: percentOff(50), when: 'order.subtotal < 500', validity: { grantDays: 2 } },
        { benefit: percentOff(10), when: 'offersReceived(30) == 1 && offersIgnored(30) == 1 && offersUsed() == 1' },
      ),
      [coffee('A', '2026-03-01T10:00:00Z'), coffee('B', '2026-03-03T10:00:00Z'), coffee('C', '2026-03-04T10:00:00Z')],
    )
    expect(report.mostExpensive.map(it => it.id)).toEqual(['C'])
  })
})

describe('a report', () => {
  it('tells what was sold, what it costs, day by day, and who had it', () => {
    const report = simulate(drafts({ benefit: percentOff(10), when: 'order.subtotal >= 1000' }), [
      order('A', '2026-03-02T10:00:00Z', 2000, { person: 'email:ana@example.com' }),
      order('B', '2026-03-02T22:59:00Z', 500),
      // Already the third of March in Rome.
      order('C', '2026-03-02T23:00:00Z', 1000, { person: 'email:ana@example.com', shipping: 400 }),
    ])
    expect(report).toMatchObject({
      firstAt: '2026-03-02T10:00:00.000Z',
      lastAt: '2026-03-02T23:00:00.000Z',
      orders: 3,
      people: 1,
      ordersWithoutPerson: 1,
      ordersTouched: 2,
      revenue: { before: 3900, after: 3600 },
      discount: 300,
      effectiveRate: 0.076923,
      margin: null,
      days: [
        { date: '2026-03-02', orders: 2, revenueBefore: 2500, discount: 200 },
        { date: '2026-03-03', orders: 1, revenueBefore: 1400, discount: 100 },
      ],
    })
    expect(report.offers).toEqual([
      {
        offer: first,
        name: 'draft 1',
        sentence: '10 % off',
        isDraft: true,
        redemptions: 2,
        people: 1,
        share: 0.666667,
        discount: 300,
        given: 0,
        revenue: { before: 3400, after: 3100 },
        margin: null,
        firstUseAt: '2026-03-02T10:00:00.000Z',
        lastUseAt: '2026-03-02T23:00:00.000Z',
        limits: [],
      },
    ])
    expect(report.mostExpensive.map(it => [it.id, it.discount, it.offers])).toEqual([
      ['A', 200, [{ offer: first, amount: 200 }]],
      ['C', 100, [{ offer: first, amount: 100 }]],
    ])
  })

  it('tells the margin of the lines whose cost is known', () => {
    const { margin, offers } = simulate(drafts({ benefit: percentOff(10), when: 'order.subtotal >= 1000' }), [
      order('A', '2026-03-02T10:00:00Z', 0, {
        lines: [
          { id: '1', sku: 'LATTE', quantity: 2, unitPrice: 500, unitCost: 300 },
          { id: '2', sku: 'BREAD', quantity: 1, unitPrice: 400 },
        ],
      }),
      order('B', '2026-03-02T11:00:00Z', 0, {
        lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 500, unitCost: 300 }],
      }),
    ])
    expect(margin).toEqual({ revenue: 1500, before: 600, after: 500 })
    expect(offers[0]!.margin).toEqual({ revenue: 1000, before: 400, after: 300 })
  })

  it('keeps the twenty most expensive orders, the earlier of equals, and counts those that get more than allowed', () => {
    const orders = Array.from({ length: 50 }, (_, index) =>
      order(`O${index}`, '2026-03-02T10:00:00Z', 100 * (1 + Math.floor(index / 2))),
    )
    const { mostExpensive, over } = simulate(drafts({ benefit: amountOff(1000) }), orders, { maxOffPercent: 99 })
    expect(mostExpensive).toHaveLength(20)
    // Up to 10.00 everything is given away: 20 orders. From then on all cost 10.00, so the first of them are kept.
    expect(mostExpensive.map(it => it.id)).toEqual(Array.from({ length: 20 }, (_, index) => `O${18 + index}`))
    expect(over).toEqual({ percent: 99, orders: 20 })
  })

  it('tells which offer beat which', () => {
    const [small, large] = [draftId(0), draftId(1)]
    const { beats } = simulate(
      drafts(
        { benefit: percentOff(10), stacking: { exclusive: true } },
        { benefit: amountOff(150), stacking: { exclusive: true } },
      ),
      [1000, 1200, 2000].map((total, index) => order(`O${index}`, '2026-03-02T10:00:00Z', total)),
    )
    expect(beats).toEqual([
      { winner: large, loser: small, beaten: 2, excluded: 0 },
      { winner: small, loser: large, beaten: 1, excluded: 0 },
    ])
  })

  it('sets aside other currencies, and of the orders before the first day counts who bought', () => {
    const { orders, setAside, offers } = simulate(
      drafts({ benefit: percentOff(10), when: 'person.orders.count == 1 && person.orders.spend == 700' }),
      [
        order('A', '2026-03-01T10:00:00Z', 700, { person: 'email:ana@example.com' }),
        order('B', '2026-03-02T10:00:00Z', 1000, { person: 'email:ana@example.com', currency: 'USD' }),
        order('C', '2026-03-02T10:00:00Z', 1000, { person: 'email:ana@example.com' }),
      ],
      { from: parseInstant('2026-03-02T00:00:00Z')! },
    )
    expect([orders, setAside, offers[0]!.redemptions]).toEqual([1, { before: 1, otherCurrency: 1 }, 1])
  })
})

describe('limits run dry', () => {
  const five = [1000, 1000, 1000, 200, 1000].map((total, index) =>
    order(String(index + 1), `2026-03-0${index + 1}T10:00:00Z`, total, { person: `email:p${index % 2}@example.com` }),
  )
  it.each([
    [{ uses: 2 }, 2, [{ limit: 'uses', allowed: 2, ranDryAt: '2026-03-02T10:00:00.000Z', turnedAway: 3 }]],
    // The third would need 1.00 of the 0.50 that are left; the fourth costs 0.20 only.
    [
      { budget: euros(250) },
      3,
      [{ limit: 'budget', allowed: 250, ranDryAt: '2026-03-03T10:00:00.000Z', turnedAway: 2 }],
    ],
    [
      { budget: euros(300) },
      3,
      [{ limit: 'budget', allowed: 300, ranDryAt: '2026-03-03T10:00:00.000Z', turnedAway: 2 }],
    ],
    [{ perPerson: 1 }, 2, [{ limit: 'perPerson', allowed: 1, ranDryAt: '2026-03-03T10:00:00.000Z', turnedAway: 3 }]],
    [{ per: { uses: 1, period: 'day' } }, 5, []],
    [
      { per: { uses: 1, period: 'month', by: 'person' } },
      2,
      [{ limit: 'per person', allowed: 1, period: 'month', ranDryAt: '2026-03-03T10:00:00.000Z', turnedAway: 3 }],
    ],
  ])('%j: %i uses', (limits, redemptions, reached) => {
    const [offer] = simulate(drafts({ benefit: percentOff(10), limits }), five).offers
    expect([offer!.redemptions, offer!.limits]).toEqual([redemptions, reached])
  })

  it('also the stock of a gift', () => {
    const benefit = { kind: 'freeItem', items: [{ sku: 'CUP', stock: 2 }] }
    const [offer] = simulate(drafts({ benefit }), five).offers
    expect(offer).toMatchObject({
      redemptions: 2,
      given: 2,
      limits: [{ limit: 'stock', allowed: 2, ranDryAt: '2026-03-02T10:00:00.000Z', turnedAway: 3 }],
    })
  })
})

describe('who has an offer', () => {
  const twice = ['A', 'B', 'C'].map((id, index) =>
    order(id, `2026-03-0${index + 1}T10:00:00Z`, 1000, { person: 'email:ana@example.com' }),
  )
  const nobody = twice.map(({ person: _, ...it }) => it)
  it.each([
    ['code', twice, 1],
    ['code', nobody, 3],
    ['grant', twice, 1],
    ['grant', nobody, 0],
  ] as const)('a draft triggered by %s', (on, orders, redemptions) => {
    expect(simulate(drafts({ trigger: { on }, benefit: percentOff(10) }), orders).offers[0]!.redemptions).toBe(
      redemptions,
    )
  })

  it('a draft that another gives: whoever was given it, from the next order on, until it ends', () => {
    const given = drafts(
      { benefit: { kind: 'giveOffer', offer: draftId(1) }, when: 'person.orders.count == 0' },
      { trigger: { on: 'grant' }, benefit: percentOff(10), validity: { grantDays: 30 } },
    )
    const next = (at: string) => order('B', at, 1000, { person: 'email:ana@example.com' })
    const uses = (at: string) => simulate(given, [twice[0]!, next(at), next(at)]).offers.map(it => it.redemptions)
    expect(uses('2026-03-31T21:00:00Z')).toEqual([1, 1])
    expect(uses('2026-04-01T21:00:00Z')).toEqual([1, 0])
  })

  it('a live offer: whoever came with its code', () => {
    const live = liveDrafts(drafts({ trigger: { on: 'code' }, benefit: percentOff(20), limits: { perCode: 1 } })).map(
      offer => ({ ...offer, id: 'off_live' }),
    )
    const claims = [{ code: 'SUMMER', offers: ['off_live'] }]
    const simulation = makeSimulation({
      drafts: liveDrafts(drafts({ benefit: amountOff(100) })),
      live,
      combination: defaultCombination,
      timeZone: 'UTC',
      currency: 'EUR',
    })
    const totals = twice.map((it, index) => simulation.add({ ...it, ...(index > 0 && { claims }) })!.totals.total)
    expect(totals).toEqual([900, 700, 900])
  })

  it('a surprise: those who win, about as many as it says, and the same each time', () => {
    const orders = Array.from({ length: 2000 }, (_, index) =>
      order(`O${index}`, '2026-03-02T10:00:00Z', 1000, { person: `email:p${index}@example.com` }),
    )
    const run = () => simulate(drafts({ benefit: percentOff(10), chance: { wins: 1, outOf: 10 } }), orders)
    expect(run().offers[0]!.redemptions).toBeGreaterThan(150)
    expect(run().offers[0]!.redemptions).toBeLessThan(250)
    expect(JSON.stringify(run())).toBe(JSON.stringify(run()))
  })
})

describe('drafts', () => {
  it('are on over all orders, whatever their state and dates say', () => {
    const given = drafts({ benefit: percentOff(10), state: 'paused', validity: { from: '2030-01-01T00:00:00Z' } })
    expect(simulate(given, [order('A', '2026-03-02T10:00:00Z', 1000)]).discount).toBe(100)
  })

  it('are checked as when they are saved, all of them at once', () => {
    const mistakes = draftMistakes(
      drafts(
        { benefit: percentOff(10), when: 'order.totl > 5' },
        { benefit: amountOff(100), trigger: { on: 'request' }, validity: { timeZone: 'Rome' } },
      ),
    )
    expect(mistakes.map(it => it.pointer)).toEqual([
      '/offers/0/when',
      '/offers/1/trigger/on',
      '/offers/1/benefit/kind',
      '/offers/1/validity/timeZone',
    ])
    expect(mistakes[0]!.message).toContain('order.total')
  })
})

describe('the simulation decides as the shop does', () => {
  const offer = fc.record(
    {
      benefit: fc.oneof(
        fc.integer({ min: 1, max: 50 }).map(percentOff),
        fc.integer({ min: 1, max: 800 }).map(amountOff),
        fc.constant({ kind: 'freeItem', items: [{ sku: 'CUP', stock: 3 }] }),
        fc.constant({ kind: 'buyXGetY', buy: { quantity: 1 }, get: { quantity: 1 } }),
        fc.constant({ kind: 'freeShipping' }),
      ),
      when: fc.constantFrom(
        'order.subtotal >= 1500',
        'person.orders.count >= 1',
        'person.orders.spend >= 2000',
        'person.known',
        "person.orders.lastAt < '2026-03-04'",
        "'email' in person.identifiers",
      ),
      limits: fc.record(
        {
          uses: fc.integer({ min: 1, max: 6 }),
          perPerson: fc.integer({ min: 1, max: 3 }),
          budget: fc.integer({ min: 100, max: 2000 }).map(euros),
          per: fc.constantFrom(
            { uses: 2, period: 'day' },
            { uses: 1, period: 'week', by: 'person' },
            { uses: 2, period: 'day', by: 'channel' },
            { uses: 2, by: 'location' },
          ),
        },
        { requiredKeys: [] },
      ),
      stacking: fc.record({
        priority: fc.integer({ min: 0, max: 2 }),
        exclusive: fc.constantFrom(false, false, true),
      }),
      chance: fc.constant({ wins: 1, outOf: 2, period: 'day' }),
    },
    { requiredKeys: ['benefit'] },
  )
  const past = fc.record({
    minutes: fc.integer({ min: 0, max: 2000 }),
    person: fc.constantFrom(undefined, 'email:ana@example.com', 'email:bo@example.com', 'userId:cy'),
    channel: fc.constantFrom('store', 'web'),
    location: fc.constantFrom(undefined, 'north', 'south'),
    quantity: fc.integer({ min: 1, max: 4 }),
    unitPrice: fc.integer({ min: 0, max: 900 }),
    shipping: fc.constantFrom(0, 490),
  })

  it('order by order, to the cent, with every limit', () => {
    const seen = { discounts: 0, limits: 0 }
    fc.assert(
      fc.property(
        fc.array(offer, { minLength: 1, maxLength: 4 }),
        fc.array(past, { minLength: 1, maxLength: 25 }),
        fc.constantFrom('bestForCustomer' as const, 'priority' as const),
        (offers, pasts, policy) => {
          const named = Object.fromEntries(
            offers.map((it, index) => [`offer ${index}`, { trigger: { on: 'basket' }, ...it }]),
          )
          const shop = smallWorld({ offers: named, combination: { policy }, timeZone: 'Europe/Rome' })
          const { catalogue, dice } = shop.world()
          const simulation = makeSimulation({
            drafts: catalogue.basket.all,
            combination: catalogue.combination,
            timeZone: 'Europe/Rome',
            currency: 'EUR',
            dice,
          })
          for (const [index, { minutes, quantity, unitPrice, shipping, ...who }] of pasts.entries()) {
            shop.later(minutes * 60)
            const id = `O${index}`
            const at = shop.world().now
            const lines = [
              { id: '1', sku: 'LATTE', quantity, unitPrice },
              { id: '2', sku: 'BREAD', quantity: 1, unitPrice: 380 },
            ]
            const { answer } = shop.put(id, { ...who, state: 'placed', lines, shipping })
            const { totals, applied } = answer!
            const decision = simulation.add({ id, at, ...who, currency: 'EUR', lines, shipping })
            expect(decision?.totals.total ?? totals.subtotal + shipping).toBe(totals.total)
            expect((decision?.applied ?? []).map(it => [it.offer.id, it.amount])).toEqual(
              applied.map(it => [it.offer, it.amount]),
            )
          }
          const report = simulation.report()
          const uses = shop.uses()
          expect(report.offers.map(it => it.redemptions)).toEqual(
            catalogue.basket.all.map(({ id }) => uses.filter(use => use.offerId === id).length),
          )
          seen.discounts += Number(report.discount > 0)
          seen.limits += Number(report.offers.some(it => it.limits.length > 0))
        },
      ),
      { numRuns: 200 },
    )
    expect(Math.min(seen.discounts, seen.limits)).toBeGreaterThan(50)
  })
})

describe('points', () => {
  it('are given to everybody, beside money off and on what is left to pay, and cost what they are worth', () => {
    const rate = { points: 100, worth: { amount: 50, currency: 'EUR' } }
    const terms = programmeInput.parse({ name: 'Club', rate })
    const benefit = { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 10 } }
    const given = drafts(
      { benefit: percentOff(10), stacking: { exclusive: 'order' } },
      { benefit },
      { benefit: { ...benefit, programme: 'other' } },
    )
    const orders = [order('A', '2026-01-01T10:00:00Z', 1000), order('B', '2026-01-02T10:00:00Z', 555)]
    const programmes = new Map([['club', { id: 'club', version: 1, state: 'live' as const, terms }]])
    const { offers, discount, assumptions } = simulate(given, orders, { programmes })
    // 90 and 49 points: a tenth is off, 56 cents of the second.
    expect(offers.map(it => [it.redemptions, it.points])).toEqual([
      [2, undefined],
      [2, { programme: 'club', points: 139, worth: { amount: 69, currency: 'EUR' } }],
      [2, { programme: 'other', points: 0, worth: null }],
    ])
    expect(discount).toBe(156)
    const ofPoints = ['everybody_member', 'programme_unknown']
    const codesOf = (told: typeof assumptions) => told.map(it => it.code).filter(code => ofPoints.includes(code))
    expect(codesOf(assumptions)).toEqual(ofPoints)
    const known = simulate(given.slice(0, 2), orders, { programmes }).assumptions
    expect(codesOf(known)).toEqual(['everybody_member'])
  })
})

describe('members', () => {
  const terms = programmeInput.parse({ name: 'Club' })
  const club = (more: object = {}) =>
    new Map([['club', { id: 'club', version: 1, state: 'live' as const, terms: { ...terms, ...more } }]])
  const benefit = { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } }
  const bought = (person: number, total = 1000, day = 1) =>
    order(`${person}-${day}`, `2026-01-0${day}T10:00:00Z`, total, { person: `userId:${person}` })
  const points = (setting: Partial<SimulationSetting>, orders: readonly PastOrder[], more: object = {}) =>
    simulate(drafts({ benefit: { ...benefit, ...more } }), orders, { programmes: club(), ...setting }).offers[0]!

  it('are all, nobody, or drawn, and whoever is one of few is one of many', () => {
    const people = Array.from({ length: 500 }, (_, person) => bought(person))
    const unnamed = order('unnamed', '2026-01-02T10:00:00Z', 1000)
    const given = (members: number) => points({ members }, [...people, unnamed]).points!.points
    expect([given(100), given(0)]).toEqual([5010, 0])
    expect(given(30)).toBeGreaterThan(1200)
    expect(given(30)).toBeLessThan(1800)
    for (const person of people)
      if (points({ members: 20 }, [person]).redemptions > 0)
        expect(points({ members: 30 }, [person]).redemptions).toBe(1)
  })

  it('are all who order, and are named, where a programme takes them in', () => {
    const programmes = club({ join: { on: 'firstOrder' } })
    const orders = [bought(1), bought(1, 1000, 2), order('unnamed', '2026-01-02T10:00:00Z', 1000)]
    expect(points({ members: 0, programmes }, orders).points!.points).toBe(20)
  })

  it('get no more in a period than its cap, each of them', () => {
    const orders = [bought(1, 700), bought(2, 600), bought(1, 500, 2), bought(1, 500, 3), bought(2, 100, 3)]
    const monthly = points({}, orders, { cap: { points: 10, period: 'month' } })
    // 7 and 3 of the first, who is turned away then; 6 and 1 of the second.
    expect(monthly).toMatchObject({ redemptions: 4, points: { points: 17 }, limits: [{ limit: 'cap', turnedAway: 1 }] })
    expect(points({}, orders, { cap: { points: 6, period: 'day' } }).points!.points).toBe(6 + 6 + 5 + 5 + 1)
  })
})

it('cashback is told as money that is owed then, of what is left to pay', () => {
  const given = drafts({ benefit: percentOff(10) }, { benefit: { kind: 'cashback', percent: 5 } })
  const ana = { person: 'ana' }
  const orders = [order('A', '2026-01-01T10:00:00Z', 1000, ana), order('B', '2026-01-02T10:00:00Z', 555, ana)]
  // 5 % of 9.00 and of 4.99, rounded down.
  expect(simulate(given, orders).offers.map(it => [it.redemptions, it.cashback])).toEqual([
    [2, undefined],
    [2, 45 + 24],
  ])
})
