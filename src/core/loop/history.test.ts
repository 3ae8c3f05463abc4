import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { localDay, parseInstant } from '../kernel/time.ts'
import type { StoredTrait } from '../people/computed-traits.ts'
import { makeComputedTraits } from '../people/computed-traits.ts'
import type { Statistics } from '../rules/history.ts'
import { inHistory, preferredChannel, preferredHour } from '../rules/history.ts'
import { personFacts } from './buyer.ts'
import { isTaken } from './world.ts'

/** What statistics say, against a count over everything that is there. */

const zone = 'Europe/Rome'
const event = 'Product Viewed'
const trait = (name: string, body: StoredTrait['body']): StoredTrait => ({
  name,
  body,
  generation: 1,
  nextGeneration: null,
  nextBody: null,
})
const traits = makeComputedTraits([
  trait('views', { kind: 'count', event, days: 30 }),
  trait('spent', { kind: 'sum', event, property: 'price' }),
  trait('last', { kind: 'last', event, property: 'category' }),
  trait('most', { kind: 'mostFrequent', event, property: 'category', days: 90 }),
  trait('busy', { kind: 'cel', expression: 'person.computed.views > 1 && orders(30) > 0' }),
])

const people = ['email:ana@example.com', 'userId:ana', 'email:ben@example.com']
const setting = {
  timeZone: zone,
  people: people.map(it => [it]),
  offers: {
    gift: { trigger: { on: 'grant' }, benefit: { kind: 'percentOff', percent: 50 }, validity: { grantDays: 3 } },
    giver: {
      trigger: { on: 'basket' },
      benefit: { kind: 'giveOffer', offer: 'gift' },
      when: 'order.subtotal >= 2000',
      stacking: { combinesWith: ['gift'] },
    },
    // Asks for the past, so that everything is worked out.
    regular: {
      trigger: { on: 'code' },
      benefit: { kind: 'percentOff', percent: 5 },
      when: 'orders(30) >= 2 || person.computed.size() > 9',
    },
  },
  codes: { REGULAR: ['regular'] },
}

type Seen = { readonly holder: string; readonly at: number; readonly category: unknown; readonly price: unknown }
type Real = { readonly shop: SmallWorld; readonly events: Seen[]; readonly returned: { order: string; at: number }[] }

const lines = (quantities: readonly number[]) =>
  quantities.flatMap((quantity, index) =>
    quantity === 0
      ? []
      : [
          {
            id: String(index),
            sku: `SKU-${index}`,
            quantity,
            unitPrice: 333 * (index + 1),
            ...(index < 2 && { category: ['coffee', 'constructor'][index] }),
          },
        ],
  )

const holderIds = ({ shop }: Real, ref: string): readonly string[] => {
  const world = shop.world()
  const { personId } = shop.holder(ref)
  return [...world.holders.values()].filter(it => it.personId === personId).map(it => it.id)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Everything counted again from the rows, for the person of an identifier. */
const recount = (real: Real, ref: string, currency: string) => {
  const { shop, events, returned } = real
  const world = shop.world()
  const today = localDay(world.now, zone)
  const ids = holderIds(real, ref)
  const within = (at: number, days: number | undefined): boolean => {
    const day = localDay(at, zone)
    return days === undefined || (day > today - days && day <= today)
  }
  const orders = [...world.orders.values()].filter(
    it => it.holderId !== null && ids.includes(it.holderId) && ['placed', 'returned'].includes(it.state),
  )
  const kept = orders.map(order => {
    const answer = JSON.parse(order.answer)
    const all = (order.basket.lines as { id: string; quantity: number; category?: string }[]).flatMap((line, index) => {
      const prices: number[] = answer.lines[index].units
        ? answer.lines[index].units.flatMap((it: { quantity: number; each: number }) =>
            Array(it.quantity).fill(it.each),
          )
        : Array(line.quantity).fill(answer.lines[index].total / line.quantity)
      const back = (order.returned?.units[line.id] ?? []).flatMap(([first, last]) =>
        prices.map((_, unit) => unit + 1).filter(unit => unit >= first && unit <= last),
      )
      return prices.flatMap((price, unit) => (back.includes(unit + 1) ? [] : [{ price, category: line.category }]))
    })
    return { ...order, units: order.state === 'placed' ? all : [], paid: order.total - (order.returned?.refunded ?? 0) }
  })
  const placed = kept.filter(it => it.state === 'placed')
  const uses = shop
    .uses()
    .filter(use => use.holderId !== null && ids.includes(use.holderId) && use.state === 'redeemed')
  const grants = [...world.grants.values()].filter(it => ids.includes(it.holderId))
  const seen = events.filter(it => ids.includes(it.holder))
  return {
    orders: (days?: number) => placed.filter(it => within(it.occurredAt, days)).length,
    spend: (days?: number) =>
      sum(kept.filter(it => it.currency === currency && within(it.occurredAt, days)).map(it => it.paid)),
    ordersIn: (channel: string, days?: number) =>
      placed.filter(it => it.channel === channel && within(it.occurredAt, days)).length,
    spendIn: (channel: string, days?: number) =>
      sum(
        kept
          .filter(it => it.currency === currency && it.channel === channel && within(it.occurredAt, days))
          .map(it => it.paid),
      ),
    ordersOf: (category: string, days?: number) =>
      placed.filter(it => within(it.occurredAt, days) && it.units.some(unit => unit.category === category)).length,
    unitsOf: (category: string, days?: number) =>
      placed
        .filter(it => within(it.occurredAt, days))
        .flatMap(it => it.units)
        .filter(unit => unit.category === category).length,
    spendOf: (category: string, days?: number) =>
      sum(
        placed
          .filter(it => it.currency === currency && within(it.occurredAt, days))
          .flatMap(it => it.units)
          .filter(unit => unit.category === category)
          .map(unit => unit.price),
      ),
    returns: (days?: number) =>
      returned.filter(it => ids.includes(world.orders.get(it.order)!.holderId!) && within(it.at, days)).length,
    events: (_: string, days?: number) => seen.filter(it => within(it.at, days)).length,
    offersReceived: (days?: number) => grants.filter(it => within(it.issuedAt, days)).length,
    offersUsed: (days?: number) => uses.filter(it => within(it.at, days)).length,
    offersIgnored: (days?: number) =>
      grants.filter(({ id, state, expiresAt }) => {
        const isUsed = shop.uses().some(use => use.grantId === id && use.state === 'redeemed')
        return state !== 'revoked' && !isUsed && expiresAt! <= world.now && within(expiresAt!, days)
      }).length,
    placed,
    seen,
    within,
  }
}

const agree = (real: Real): void => {
  const world = real.shop.world()
  const today = localDay(world.now, zone)
  for (const ref of people)
    for (const currency of ['EUR', 'USD']) {
      const holders = holderIds(real, ref).map(id => world.holders.get(id)!)
      const of = holders.map(it => it.statistics)
      const told = inHistory({ currency, of }, today)
      const counted = recount(real, ref, currency)
      for (const days of [undefined, 1, 7, 30, 90, 365]) {
        const names = ['orders', 'spend', 'returns', 'offersReceived', 'offersUsed', 'offersIgnored'] as const
        for (const name of names) expect([name, days, told[name](days)]).toEqual([name, days, counted[name](days)])
        for (const [name, arg] of [
          ['ordersIn', 'web'],
          ['spendIn', 'store'],
          ['ordersOf', 'coffee'],
          ['unitsOf', 'constructor'],
          ['spendOf', 'coffee'],
          ['events', event],
        ] as const)
          expect([name, days, told[name](arg, days)]).toEqual([name, days, counted[name](arg, days)])
      }
      const { placed, seen, within } = counted
      const days = placed.map(it => localDay(it.occurredAt, zone)).sort((a, b) => a - b)
      const dayOf = (date: string | undefined) => (date ? Date.parse(date) / 86_400_000 : undefined)
      const buyer = { holder: holders[0]!, identifier: undefined, personId: holders[0]!.personId }
      const facts = personFacts(world, buyer, holders, currency, undefined)
      const isKept = of.every(({ from = -1 }) => (days[0] ?? from) >= from)
      if (isKept) expect([dayOf(facts.orders.firstAt), dayOf(facts.orders.lastAt)]).toEqual([days[0], days.at(-1)])
      const hours = placed.map(it =>
        new Date(it.occurredAt).toLocaleString('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }),
      )
      const most = Math.max(0, ...hours.map(hour => hours.filter(it => it === hour).length))
      const hour = preferredHour(of)
      expect(hours.filter(it => Number(it) === hour).length).toBe(most)
      const channels = placed.map(it => it.channel)
      const mostOf = Math.max(0, ...channels.map(channel => channels.filter(it => it === channel).length))
      expect(channels.filter(it => it === preferredChannel(of)).length).toBe(mostOf)

      const last = seen
        .filter(it => it.category !== undefined)
        .sort((a, b) => b.at - a.at || (String(a.category) < String(b.category) ? 1 : -1))[0]
      const frequent = seen.filter(it => it.category !== undefined && within(it.at, 90)).map(it => String(it.category))
      const timesOf = (category: string) => frequent.filter(it => it === category).length
      const [mostFrequent] = [...new Set(frequent)].sort((a, b) => timesOf(b) - timesOf(a) || (a < b ? -1 : 1))
      const views = counted.events(event, 30)
      expect(facts.computed).toEqual({
        views,
        busy: views > 1 && counted.orders(30) > 0,
        spent: Math.round(sum(seen.map(it => Math.round((it.price as number) * 10_000)))) / 10_000,
        ...(last && { last: last.category }),
        ...(mostFrequent !== undefined && { most: mostFrequent }),
      })
    }
}

type Step = (real: Real) => void
const person = fc.constantFrom(...people)
const id = fc.integer({ min: 1, max: 6 }).map(number => `order-${number}`)
const ago = fc.constantFrom(0, 0, 0, 1, 5, 29, 30, 31, 200, 364, 365, 366, 400)
const back = ({ shop }: Real, days: number): string => new Date(shop.world().now - days * 86_400_000).toISOString()
const basket = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 })
  .filter(it => it.some(n => n > 0))

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      id,
      person,
      basket,
      days: ago,
      channel: fc.constantFrom('store', 'web'),
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
      code: fc.boolean(),
    })
    .map(
      ({ id, person, basket, days, channel, currency, code }): Step =>
        real => {
          const codes = code ? ['REGULAR'] : []
          real.shop.put(id, {
            state: 'placed',
            person,
            channel,
            currency,
            codes,
            lines: lines(basket),
            occurredAt: back(real, days),
          })
        },
    ),
  id.map(
    (id): Step =>
      ({ shop }) =>
        void shop.put(id, { state: 'cancelled' }),
  ),
  fc.record({ id, line: fc.constantFrom('0', '1', '2'), quantity: fc.integer({ min: 1, max: 4 }), days: ago }).map(
    ({ id, line, quantity, days }): Step =>
      real => {
        const occurredAt = back(real, days)
        const returnId = `r${real.returned.length}-${real.shop.world().now}`
        const { answer } = real.shop.giveBack(id, { id: returnId, lines: [{ id: line, quantity }], occurredAt })
        if (answer) real.returned.push({ order: id, at: parseInstant(answer.at)! })
      },
  ),
  fc.record({ id, person, total: fc.integer({ min: 1, max: 90 }), days: ago }).map(
    ({ id, person, total, days }): Step =>
      real => {
        const [type, value] = person.split(':') as [string, string]
        real.shop.send('track', {
          event: 'Order Completed',
          timestamp: back(real, days),
          ...(type === 'userId' ? { userId: value } : { userId: `of-${value}`, context: { traits: { email: value } } }),
          properties: {
            order_id: id,
            currency: 'EUR',
            total,
            products: [{ sku: 'A', category: 'coffee', price: total, quantity: 1 }],
          },
        })
      },
  ),
  fc
    .record({
      days: ago,
      category: fc.constantFrom('coffee', 'tea', 7, true, undefined),
      price: fc.constantFrom(0.1, 0.2, 19.99),
    })
    .map(
      ({ days, category, price }): Step =>
        real => {
          const sent = back(real, days)
          const properties = { price, ...(category !== undefined && { category }) }
          real.shop.send('track', { userId: 'ana', event, timestamp: sent, properties })
          real.events.push({ holder: real.shop.holder('userId:ana').id, at: parseInstant(sent)!, category, price })
        },
    ),
  fc.constant<Step>(({ shop }) => void shop.send('identify', { userId: 'ana', traits: { email: 'ana@example.com' } })),
  fc.constantFrom(3600, 86_400, 4 * 86_400, 40 * 86_400).map(
    (seconds): Step =>
      ({ shop }) =>
        shop.later(seconds),
  ),
)

describe('statistics', () => {
  it('say what counting again over everything says, whatever came in whatever order', () => {
    let placed = 0
    let ignored = 0
    let cancelled = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), steps => {
        const shop = smallWorld({ ...setting, traits })
        const real: Real = { shop, events: [], returned: [] }
        for (const act of steps) act(real)
        shop.nextBatch()
        agree(real)
        const orders = [...shop.world().orders.values()]
        placed += orders.filter(it => it.state === 'placed').length
        cancelled += orders.filter(it => it.state === 'cancelled').length
        for (const ref of people) ignored += recount(real, ref, 'EUR').offersIgnored()
        expect(shop.uses().every(use => !isTaken(use) || use.holderId !== null)).toBe(true)
      }),
      { numRuns: 100 },
    )
    for (const count of [placed, cancelled, ignored]) expect(count).toBeGreaterThan(10)
  })

  it('of one day are those of the clock on the wall, also where it has 23 or 25 hours', () => {
    const shop = smallWorld({ ...setting, traits })
    const at = (text: string) => shop.later((parseInstant(text)! - shop.world().now) / 1000)
    const buy = (id: string) =>
      shop.put(id, { state: 'placed', person: people[0], channel: 'web', lines: lines([1, 0, 0]) })
    const today = () => {
      const world = shop.world()
      const of: Statistics[] = [shop.holder(people[0]!).statistics]
      return inHistory({ currency: 'EUR', of }, localDay(world.now, zone)).orders(1)
    }
    // 29 March 2026 has 23 hours in Rome, 25 October 25.
    at('2026-03-28T22:59:00Z')
    buy('A')
    expect(today()).toBe(1)
    at('2026-03-28T23:00:00Z')
    expect(today()).toBe(0)
    buy('B')
    at('2026-03-29T21:59:00Z')
    buy('C')
    expect(today()).toBe(2)
    at('2026-03-29T22:00:00Z')
    expect(today()).toBe(0)
    at('2026-10-24T22:00:00Z')
    buy('D')
    at('2026-10-25T22:59:00Z')
    expect(today()).toBe(1)
    at('2026-10-25T23:00:00Z')
    expect(today()).toBe(0)
  })

  it('do not count the order that is being decided, which an event told of before', () => {
    const none = { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 5 } }
    const shop = smallWorld({
      ...setting,
      codes: {},
      offers: { none: { ...none, when: "orders(30) == 0 && ordersOf('coffee') == 0" } },
    })
    const products = [{ sku: 'A', category: 'coffee', price: 10, quantity: 1 }]
    const properties = { order_id: 'A', currency: 'EUR', total: 10, products }
    shop.send('track', { userId: 'ana', event: 'Order Completed', properties })
    const put = (id: string) =>
      shop.put(id, { state: 'placed', person: 'userId:ana', channel: 'web', lines: lines([1, 0, 0]) }).answer?.applied
    expect(put('A')).toHaveLength(1)
    expect(put('B')).toHaveLength(0)
  })

  it('are kept with an order for its returns only where an offer that fitted asks for them', () => {
    const off = { benefit: { kind: 'percentOff', percent: 5 }, onReturn: 'reprice' }
    const shop = smallWorld({
      ...setting,
      offers: {
        plain: { ...off, trigger: { on: 'basket' } },
        regular: { ...off, trigger: { on: 'code' }, when: 'orders(30) >= 0' },
      },
    })
    const body = { state: 'placed', person: people[0], channel: 'web', lines: lines([2, 0, 0]) }
    shop.put('A', body)
    shop.put('B', { ...body, codes: ['REGULAR'] })
    const person = (id: string) => shop.world().orders.get(id)!.asThen!.person
    expect(person('A')).not.toHaveProperty('history')
    expect(person('B')).toHaveProperty('history')
  })

  it('leave out what nobody asks for: an order is decided without the past', () => {
    const { regular: _, ...offers } = setting.offers
    const shop = smallWorld({ ...setting, offers, codes: {} })
    shop.put('A', { state: 'placed', person: people[0], channel: 'web', lines: lines([1, 0, 0]) })
    const holder = shop.holder(people[0]!)
    const buyer = { holder, identifier: undefined, personId: holder.personId }
    expect(personFacts(shop.world(), buyer, [holder], 'EUR', undefined)).not.toHaveProperty('history')
    expect(holder.statistics).toHaveProperty('orders')
  })
})
