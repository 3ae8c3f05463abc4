import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type LiveOffer, liveCampaign, liveOffer } from '../offers/live-offer.ts'
import { offerInput } from '../offers/schema.ts'
import { termsMistakes, termsOf } from '../offers/terms.ts'
import { nobody } from '../rules/facts.ts'
import { type Combination, defaultCombination } from '../workspaces/schema.ts'
import { type DecisionInput, decide } from './decide.ts'
import { noUsage } from './limits.ts'
import { type Back, type Refund, refundOf, type Sale } from './refund.ts'
import { lineQuantity, orderInput } from './schema.ts'

const campaign = liveCampaign({ id: 'cmp_1', name: 'Spring', state: 'live', body: { audience: 'everyone' } })

const offerOf = (body: object, index: number): LiveOffer => {
  const input = offerInput.parse({
    trigger: { on: 'basket' },
    name: `o${index}`,
    campaign: `cmp_${'0'.repeat(26)}`,
    ...body,
  })
  const terms = termsOf(input)
  expect(termsMistakes(terms)).toEqual([])
  return liveOffer({ id: `off_${String(index).padStart(26, '0')}`, version: 1, state: 'live', body: terms }, campaign)
}

/** An order as it is decided, the way it is kept for returns. */
const sell = (
  order: { readonly lines: readonly object[]; readonly shipping?: number },
  bodies: readonly object[],
  combination: Combination = defaultCombination,
): Sale => {
  const { lines, shipping } = orderInput.parse({ state: 'placed', ...order })
  const offers = bodies.map(offerOf)
  const rest = { id: 'order-1', currency: 'EUR', channel: 'store', location: undefined }
  const input: DecisionInput = {
    at: Date.UTC(2026, 2, 2, 10),
    timeZone: 'Europe/Rome',
    combination,
    order: { ...rest, lines, shipping },
    person: { ...nobody, known: true },
    codes: [],
    unclaimed: offers.map(offer => ({ offer, usage: noUsage, isMember: true })),
    inCollection: () => false,
  }
  const { totals, applied, fitted, lines: decided } = decide(input)
  return {
    lines: lines.map((line, index) => ({ line, units: decided[index]!.units })),
    shipping,
    shippingDiscount: totals.shippingDiscount,
    applied,
    asThen: { ...input, order: rest, offers: fitted.map(it => it.offer) },
  }
}

const quantitiesOf = (sale: Sale): number[] => sale.lines.map(({ line }) => lineQuantity(line))
/** `[2, 0]`: two units of the first line are back, the last ones of it. */
const lastOf = (sale: Sale, counts: readonly number[], shipping = false): Back => ({
  units: quantitiesOf(sale).map(
    (quantity, line) => new Set(Array.from({ length: counts[line] ?? 0 }, (_, index) => quantity - index)),
  ),
  shipping,
})

const euros = (unitPrice: number, quantity = 1, sku = `S${unitPrice}`) => ({ id: sku, sku, quantity, unitPrice })
const over = (subtotal: number, benefit: object, onReturn?: string) => ({
  when: `order.subtotal >= ${subtotal}`,
  benefit,
  ...(onReturn && { onReturn }),
})
const tenth = { kind: 'percentOff', percent: 10 }

describe('what a return pays', () => {
  const spend100 = { lines: [euros(6000), euros(4000)], shipping: 500 }
  type Row = [
    string,
    { order: Parameters<typeof sell>[0]; offers: object[]; back: number[]; shipping?: true },
    Partial<Refund>,
  ]
  test.each<Row>([
    [
      '10 % off over 100, 60 returned, keep: the share of what is back',
      { order: spend100, offers: [over(10_000, tenth, 'keep')], back: [1] },
      { refund: 5400, charged: 0 },
    ],
    [
      'proRata: the same, money off goes by units',
      { order: spend100, offers: [over(10_000, tenth)], back: [1] },
      { refund: 5400, charged: 0 },
    ],
    [
      'reprice: what is kept costs its full price',
      { order: spend100, offers: [over(10_000, tenth, 'reprice')], back: [1] },
      { refund: 5000, goods: 5400, charged: 400, carried: 0 },
    ],
    [
      'reprice, and what is kept gets the next best that fitted then',
      {
        order: spend100,
        offers: [
          over(10_000, tenth, 'reprice'),
          { benefit: { kind: 'percentOff', percent: 5 }, stacking: { exclusive: 'order' } },
        ],
        back: [1],
      },
      { refund: 5200, charged: 200 },
    ],
    [
      'reprice, never more than the refund: the rest is carried',
      { order: { lines: [euros(500), euros(10_000)] }, offers: [over(10_500, tenth, 'reprice')], back: [1] },
      { refund: 0, goods: 450, charged: 450, carried: 550 },
    ],
    [
      'reprice, a cheap one more does not cost what was paid out for the one before',
      {
        order: { lines: [euros(4000), euros(900), euros(200), euros(4900)] },
        offers: [over(5000, tenth, 'reprice')],
        back: [1, 1, 1],
      },
      { refund: 4410, goods: 4590, charged: 180, carried: 310 },
    ],
    [
      'reprice takes nothing of what another offer leaves on the lines that are kept',
      {
        order: spend100,
        offers: [
          over(10_000, tenth, 'reprice'),
          over(9000, { kind: 'amountOff', amount: 1000, currency: 'EUR' }, 'keep'),
        ],
        back: [1],
      },
      { refund: 4400, goods: 4800, charged: 400 },
    ],
    [
      'nor of what it leaves on shipping',
      {
        order: spend100,
        offers: [over(10_000, tenth, 'reprice'), over(8000, { kind: 'shippingOff', percent: 40 }, 'keep')],
        back: [1],
      },
      { refund: 5000, goods: 5400, charged: 400 },
    ],
    [
      'buy 2 get 1 free, the free one returned: nothing',
      {
        order: { lines: [euros(1000, 3)] },
        offers: [{ benefit: { kind: 'buyXGetY', buy: { quantity: 2 }, get: { quantity: 1 } } }],
        back: [3],
      },
      { refund: 2000 },
    ],
    [
      'a bundle: each unit gives back its share',
      {
        order: { lines: [euros(600), euros(300)] },
        offers: [
          {
            benefit: {
              kind: 'bundle',
              items: [
                { lines: "line.sku == 'S600'", quantity: 1 },
                { lines: "line.sku == 'S300'", quantity: 1 },
              ],
              price: 600,
              currency: 'EUR',
            },
          },
        ],
        back: [0, 1],
      },
      { refund: 200 },
    ],
    [
      'free shipping over 80, 60 of 100 returned: three fifths of the shipping are charged',
      { order: spend100, offers: [over(8000, { kind: 'freeShipping' })], back: [1] },
      { refund: 5700, goods: 6000, charged: 300 },
    ],
    [
      'free shipping kept',
      { order: spend100, offers: [over(8000, { kind: 'freeShipping' }, 'keep')], back: [1] },
      { refund: 6000, charged: 0 },
    ],
    [
      'free shipping priced again',
      { order: spend100, offers: [over(8000, { kind: 'freeShipping' }, 'reprice')], back: [1] },
      { refund: 5500, charged: 500 },
    ],
    [
      'everything: all that was paid, whatever the shipping was',
      { order: spend100, offers: [over(8000, { kind: 'freeShipping' })], back: [1, 1] },
      { refund: 10_000, charged: 0 },
    ],
    [
      'everything with shipping',
      { order: spend100, offers: [over(8000, { kind: 'shippingOff', percent: 40 })], back: [1, 1], shipping: true },
      { refund: 10_300, shipping: 300 },
    ],
    [
      'an offer that still holds gives back the share of its units alone',
      { order: spend100, offers: [over(4000, tenth, 'reprice')], back: [1] },
      { refund: 5400, charged: 0 },
    ],
  ])('%s', (_, { order, offers, back, shipping }, expected) => {
    const sale = sell(order, offers)
    expect(refundOf(sale, lastOf(sale, back, shipping))).toMatchObject(expected)
  })

  it('the free unit of buy 2 get 1 is the first of its line', () => {
    const sale = sell({ lines: [euros(1000, 3)] }, [
      { benefit: { kind: 'buyXGetY', buy: { quantity: 2 }, get: { quantity: 1 } } },
    ])
    const backWith = (unit: number) => refundOf(sale, { units: [new Set([unit])], shipping: false }).refund
    expect([1, 2, 3].map(backWith)).toEqual([0, 1000, 1000])
  })

  it('without the facts of then, what would be priced again goes pro rata, and nothing is asked', () => {
    const sale = { ...sell(spend100, [over(10_000, tenth, 'reprice')]), asThen: undefined }
    expect(refundOf(sale, lastOf(sale, [1]))).toMatchObject({
      refund: 5400,
      offers: [{ policy: 'proRata', condition: 'notAsked', givenBack: 600 }],
    })
  })

  it('an offer that has ended since, and its limits, do not matter: it is asked as of then', () => {
    const sale = sell(spend100, [over(4000, tenth, 'reprice')])
    const ended = (offer: LiveOffer): LiveOffer => ({ ...offer, state: 'ended', to: 0 })
    const applied = sale.applied.map(it => ({ ...it, offer: ended(it.offer) }))
    const later = { ...sale, applied, asThen: { ...sale.asThen!, offers: sale.asThen!.offers.map(ended) } }
    expect(refundOf(later, lastOf(sale, [1])).offers[0]?.condition).toBe('holds')
  })

  it('a condition that asks what the order costs by then asks it after the offers before it', () => {
    const sale = sell(spend100, [
      { benefit: { kind: 'percentOff', percent: 50, lines: "line.sku == 'S4000'" } },
      { when: 'order.total >= 2500', benefit: { kind: 'freeShipping' } },
    ])
    expect(sale.applied.map(it => it.amount)).toEqual([2000, 500])
    // 40.00 are kept, which cost 20.00 by then.
    expect(refundOf(sale, lastOf(sale, [1]))).toMatchObject({ charged: 300, offers: [{}, { condition: 'fails' }] })
  })

  test.each([
    ['keep', 'fails', 1],
    ['proRata', 'fails', 0],
    ['reprice', 'fails', 0],
  ])('a gift of an offer that no longer holds under %s', (onReturn, condition, stays) => {
    const sale = sell(spend100, [over(8000, { kind: 'freeItem', items: [{ sku: 'MUG', stock: 1 }] }, onReturn)])
    const { refund, offers } = refundOf(sale, lastOf(sale, [1]))
    expect(refund).toBe(6000)
    expect([offers[0]?.condition, offers[0]?.stays.length]).toEqual([condition, stays])
    expect(refundOf(sale, lastOf(sale, [1, 1])).offers[0]?.stays).toEqual([])
  })

  it('what is charged back is given back by the offers it is charged for', () => {
    const sale = sell(spend100, [over(10_000, tenth, 'reprice'), over(10_000, { kind: 'freeShipping' })])
    const { charged, offers } = refundOf(sale, lastOf(sale, [1]))
    expect(charged).toBeGreaterThan(0)
    expect(offers.map(it => it.givenBack)).toEqual([1000, 300])
  })
})

describe('promise 6: returns conserve', () => {
  const lines = fc.constantFrom(undefined, "line.sku == 'A'", "line.sku in ['A', 'B']", 'line.total >= 100')
  const kind = (kind: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ kind: fc.constant(kind), ...fields })
  const few = fc.integer({ min: 1, max: 3 })
  const percent = fc.constantFrom(1, 7.5, 20, 33.3333, 100)
  const currency = fc.constant('EUR')
  const benefit = fc.oneof(
    kind('percentOff', { percent, lines }),
    kind('amountOff', {
      amount: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant('order.total / 5')),
      currency,
      lines,
    }),
    kind('amountOff', { amount: few, currency, lines, each: fc.constant('unit') }),
    kind('fixedPrice', { price: fc.nat(60), currency, lines }),
    fc.constant({
      kind: 'tieredSpend',
      currency: 'EUR',
      tiers: [
        { spend: 100, amount: 7 },
        { spend: 250, amount: 60 },
      ],
    }),
    kind('buyXGetY', { buy: fc.record({ quantity: few, lines }), get: fc.record({ quantity: few, lines, percent }) }),
    kind('bundle', {
      items: fc.array(fc.record({ lines, quantity: few }), { minLength: 2, maxLength: 2 }),
      price: fc.nat(90),
      currency,
    }),
    fc.constantFrom(
      { kind: 'freeItem', items: [{ sku: 'MUG', stock: 1 }] },
      { kind: 'freeShipping' },
      { kind: 'shippingOff', percent: 50 },
      { kind: 'giveOffer', offer: `off_${'9'.repeat(26)}` },
      { kind: 'entitlement', entitlement: 'upgrade', title: 'Suite' },
    ),
  )
  const offer = fc.record(
    {
      benefit,
      when: fc.constantFrom(
        'order.subtotal >= 150',
        'order.subtotal >= 400',
        'order.total >= 250',
        'order.quantity >= 4',
        // Worse than anybody would write: it holds again when more comes back.
        'order.quantity != 3',
        "order.lines.exists(it, it.sku == 'B')",
      ),
      onReturn: fc.constantFrom('keep', 'proRata', 'reprice', 'reprice'),
      stacking: fc.record({
        priority: fc.constantFrom(0, 0, 1),
        base: fc.constantFrom('running' as const, 'initial' as const),
      }),
    },
    { requiredKeys: ['benefit', 'stacking', 'when'] },
  )
  const line = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        sku: fc.constantFrom('A', 'B', 'C'),
        quantity: few,
        unitPrice: fc.oneof(fc.nat(12), fc.nat(250)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ sku: fc.constantFrom('A', 'B'), amount: fc.nat(300) }) },
  )
  const anySale = fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
      shipping: fc.constantFrom(0, 5, 49, 300),
      offers: fc.array(offer, { minLength: 1, maxLength: 4 }),
    })
    .map(({ lines, shipping, offers }) =>
      sell({ lines: lines.map((it, index) => ({ id: `${index}`, ...it })), shipping }, offers),
    )

  type Step = readonly [line: number, unit: number] | 'shipping'
  const backAfter = (sale: Sale, steps: readonly Step[]): Back => ({
    units: sale.lines.map(
      (_, line) => new Set(steps.flatMap(it => (it !== 'shipping' && it[0] === line ? [it[1]] : []))),
    ),
    shipping: steps.includes('shipping'),
  })
  /** An order, some of what can come back of it in one order and in another, and where the first is cut into returns. */
  const anyReturns = anySale.chain(sale => {
    const all: Step[] = [
      'shipping',
      ...quantitiesOf(sale).flatMap((quantity, line) =>
        Array.from({ length: quantity }, (_, index): Step => [line, index + 1]),
      ),
    ]
    return fc
      .shuffledSubarray(all, { minLength: 1 })
      .chain(steps =>
        fc.tuple(
          fc.constant(sale),
          fc.constant(steps),
          fc.array(fc.boolean(), { minLength: steps.length, maxLength: steps.length }),
        ),
      )
  })

  const paidFor = ({ lines, shipping, shippingDiscount }: Sale): number =>
    lines.reduce(
      (sum, { units }) => units.reduce((sum, it) => sum + it.quantity * it.each, sum),
      shipping - shippingDiscount,
    )

  it('however it is split, the end is that of a single return; no return costs money, and none pays more than was paid', () => {
    let [charging, carrying] = [0, 0]
    fc.assert(
      fc.property(anyReturns, ([sale, steps, cuts]) => {
        let refunded = 0
        for (const [index] of steps.entries()) {
          if (!cuts[index] && index + 1 < steps.length) continue
          const { refund, goods, shipping, charged, carried, offers } = refundOf(
            sale,
            backAfter(sale, steps.slice(0, index + 1)),
          )
          expect(refund).toBeGreaterThanOrEqual(refunded)
          expect(refund).toBe(goods + shipping - charged)
          for (const [at, { givenBack }] of offers.entries()) {
            expect(givenBack).toBeGreaterThanOrEqual(0)
            expect(givenBack).toBeLessThanOrEqual(sale.applied[at]!.amount)
          }
          expect(carried).toBeGreaterThanOrEqual(0)
          charging += charged > 0 ? 1 : 0
          carrying += carried > 0 ? 1 : 0
          refunded = refund
        }
        const once = refundOf(sale, backAfter(sale, steps))
        expect(refunded).toBe(once.refund)
        expect(refunded).toBeLessThanOrEqual(paidFor(sale))
      }),
      { numRuns: 400, seed: 6 },
    )
    // Worth the name only where charges come up, and hit the floor.
    expect(charging).toBeGreaterThan(30)
    expect(carrying).toBeGreaterThan(10)
  })

  it('when everything is back, everything is paid back and every discount is given back', () => {
    fc.assert(
      fc.property(anySale, sale => {
        const { refund, offers } = refundOf(sale, lastOf(sale, quantitiesOf(sale), true))
        expect(refund).toBe(paidFor(sale))
        expect(offers.map(it => it.givenBack)).toEqual(sale.applied.map(it => it.amount))
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  it('where too much would have to be compared nothing is charged, and the splits still end alike', () => {
    const sale = sell({ lines: Array.from({ length: 12 }, (_, index) => euros(100 + index)) }, [
      over(1200, { kind: 'percentOff', percent: 90 }, 'reprice'),
    ])
    const back = (lines: number) => refundOf(sale, lastOf(sale, Array<number>(lines).fill(1)))
    const all = Array.from({ length: 13 }, (_, lines) => back(lines))
    expect(all.map(it => it.refund)).toEqual(all.map(it => it.refund).toSorted((a, b) => a - b))
    expect(all[6]).toMatchObject({ refund: 0 })
    expect(all[9]).toMatchObject({ charged: 0, refund: all[9]!.goods })
    expect(all[9]!.carried).toBeGreaterThan(0)
  })
})
