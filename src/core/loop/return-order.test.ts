import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Setting, type SmallWorld, smallWorld, start } from '../../../test/small-world.ts'
import { orderRefusals, returnRefusals } from '../orders/refusals.ts'

const coat = { id: 'coat', sku: 'COAT', quantity: 1, unitPrice: 6000 }
const socks = { id: 'socks', sku: 'SOCKS', quantity: 4, unitPrice: 1000 }
const ana = 'email:ana@example.com'
const placed = (fields: object = {}) => ({ state: 'placed', person: ana, lines: [coat, socks], ...fields })

const tenth = {
  trigger: { on: 'basket' },
  when: 'order.subtotal >= 10000',
  benefit: { kind: 'percentOff', percent: 10 },
  limits: { uses: 10, perPerson: 1, budget: { amount: 100_000, currency: 'EUR' } },
}
const mug = {
  trigger: { on: 'basket' },
  when: 'order.subtotal >= 8000',
  benefit: { kind: 'freeItem', items: [{ sku: 'MUG', stock: 3 }] },
}
const coupon = { trigger: { on: 'grant' }, benefit: { kind: 'amountOff', amount: 500, currency: 'EUR' } }

/** A shop where an order A of 100.00 is placed. */
const shopWith = (offers: Setting['offers'], put: object = {}, more: Setting = {}): SmallWorld => {
  const shop = smallWorld({ offers: offers ?? {}, ...more })
  expect(shop.put('A', placed(put)).answer?.state).toBe('placed')
  return shop
}
const back = (id: string, ...lines: [string, number, number[]?][]) => ({
  id,
  lines: lines.map(([id, quantity, units]) => ({ id, quantity, ...(units && { units }) })),
})
const all = back('all', ['coat', 1], ['socks', 4])
const useOf = (shop: SmallWorld) => shop.uses().map(({ state, returned }) => ({ state, returned }))
const holderOf = (shop: SmallWorld) => {
  const { orders, spend } = shop.holder(ana)
  return { orders, spend: spend.EUR }
}

describe('every refusal of a return, and nothing changed by it', () => {
  type Ask = (shop: SmallWorld) => ReturnType<SmallWorld['giveBack']>
  const cases: Record<keyof typeof returnRefusals, [Ask, object][]> = {
    return_id_reused: [[shop => shop.giveBack('A', back('r1', ['coat', 1])), { id: 'r1' }]],
    order_not_itemized: [[shop => shop.giveBack('told', back('r', ['coat', 1])), { id: 'told' }]],
    return_line_unknown: [[shop => shop.giveBack('A', back('r', ['hat', 1])), { line: 'hat' }]],
    return_exceeds_line: [
      [shop => shop.giveBack('A', back('r', ['socks', 4])), { line: 'socks', asked: 4, left: 3 }],
      [shop => shop.giveBack('A', back('r', ['coat', 1], ['socks', 4])), { line: 'socks', asked: 4, left: 3 }],
    ],
    return_unit_not_left: [
      [shop => shop.giveBack('A', back('r', ['socks', 1, [4]])), { line: 'socks', unit: 4, quantity: 4 }],
      [shop => shop.giveBack('A', back('r', ['socks', 1, [5]])), { line: 'socks', unit: 5, quantity: 4 }],
    ],
    return_shipping_not_left: [[shop => shop.giveBack('A', { id: 'r', shipping: true }), {}]],
    return_gift_not_left: [
      [
        shop => shop.giveBack('A', { id: 'r', gifts: [shop.offerId('tenth')] }),
        { offer: expect.stringMatching(/^off_/) },
      ],
      [
        shop => shop.giveBack('A', { id: 'r', gifts: [shop.offerId('mug')] }),
        { offer: expect.stringMatching(/^off_/) },
      ],
    ],
  }
  const common: [string, Ask, object][] = [
    ['order_not_found', shop => shop.giveBack('nowhere', all), { id: 'nowhere' }],
    [
      'occurred_at_not_allowed',
      shop => shop.giveBack('A', { ...back('r', ['coat', 1]), occurredAt: start }, { scope: 'till' }),
      {},
    ],
    [
      'occurred_at_in_future',
      shop => shop.giveBack('A', { ...back('r', ['coat', 1]), occurredAt: '2026-03-02T10:05:00.001Z' }),
      { seconds: 301 },
    ],
    ['order_state_conflict', shop => shop.giveBack('open', all), { state: 'open', asked: 'returned' }],
    ['order_state_conflict', shop => shop.giveBack('gone', all), { state: 'cancelled', asked: 'returned' }],
  ]

  test.each([
    ...common,
    ...Object.entries(cases).flatMap(([code, asks]) => asks.map(([ask, details]) => [code, ask, details] as const)),
  ])('%s', (code, ask, details) => {
    const shop = shopWith({ tenth, mug }, { shipping: 500 })
    shop.put('open', { state: 'open', lines: [coat] })
    shop.put('gone', placed({ person: undefined }))
    shop.put('gone', { state: 'cancelled' })
    shop.send('track', { userId: 'u1', event: 'Order Completed', properties: { order_id: 'told', total: 5 } })
    const first = { ...back('r1', ['socks', 1]), shipping: true, gifts: [shop.offerId('mug')] }
    expect(shop.giveBack('A', first).answer?.refund).toBe(1400)
    shop.nextBatch()
    const before = shop.snapshot()
    expect(ask(shop)).toEqual({ refusal: code, details })
    expect(shop.snapshot()).toEqual(before)
  })

  it('covers the catalogue', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(returnRefusals).sort())
    expect(common.map(([code]) => code).filter(code => !(code in orderRefusals))).toEqual([])
  })
})

describe('a return', () => {
  it('tells the clerk what to pay out and why, and is kept byte for byte', () => {
    const shop = shopWith({ tenth: { ...tenth, onReturn: 'reprice' } })
    const body = { ...back('r1', ['coat', 1]), reason: 'too-small' }
    const tried = shop.giveBack('A', body, { dryRun: true })
    expect(useOf(shop)).toEqual([{ state: 'redeemed', returned: 0 }])
    const { text, answer } = shop.giveBack('A', body)
    expect(tried.text).toBe(text)
    expect(answer).toEqual({
      id: 'r1',
      order: 'A',
      at: start,
      currency: 'EUR',
      reason: 'too-small',
      refund: 5000,
      lines: [{ id: 'coat', quantity: 1, units: [1], subtotal: 6000, refund: 5400 }],
      shipping: 0,
      chargedBack: 400,
      carried: 0,
      offers: [
        {
          offer: shop.offerId('tenth'),
          name: 'tenth',
          policy: 'reprice',
          condition: 'fails',
          givenBack: 1000,
          usesBack: 1,
        },
      ],
      takeBack: [],
      revoked: [],
      totals: { paid: 9000, refunded: 5000, remaining: 4000 },
      state: 'placed',
    })
    shop.later(10 * 86_400)
    shop.nextBatch()
    const before = shop.snapshot()
    expect(shop.giveBack('A', body).text).toBe(text)
    expect(shop.snapshot()).toEqual(before)
  })

  it('of a line with a name that every object has is one like others', () => {
    const lines = [
      { ...socks, id: 'constructor' },
      { ...socks, id: 'toString' },
    ]
    const shop = shopWith({}, { lines })
    expect(shop.giveBack('A', back('r1', ['toString', 1])).answer?.refund).toBe(1000)
    expect(shop.giveBack('A', back('r2', ['constructor', 4], ['toString', 3])).answer?.state).toBe('returned')
  })

  it('shows in the order, whose own PUT is still answered; it can no longer be cancelled', () => {
    const shop = shopWith({ tenth })
    shop.giveBack('A', back('r1', ['socks', 2]))
    expect(shop.put('A', placed()).answer).toMatchObject({
      state: 'placed',
      returned: { refunded: 1800, lines: { socks: 2 } },
    })
    shop.giveBack('A', back('r2', ['coat', 1], ['socks', 2]))
    expect(shop.put('A', placed()).answer).toMatchObject({
      state: 'returned',
      returned: { refunded: 9000, lines: { coat: 1, socks: 4 } },
    })
    for (const dryRun of [true, false])
      expect(shop.put('A', { state: 'cancelled' }, { dryRun })).toMatchObject({ refusal: 'order_state_conflict' })
    expect(shop.world().orders.get('A')?.returned).toEqual({
      units: { coat: [[1, 1]], socks: [[1, 4]] },
      gifts: [],
      shipping: false,
      refunded: 9000,
    })
  })

  it('takes what is paid back from what the person has spent, and the order when all is back', () => {
    const shop = shopWith({ tenth }, { shipping: 500 })
    expect(holderOf(shop)).toEqual({ orders: 1, spend: 9500 })
    shop.giveBack('A', back('r1', ['coat', 1]))
    expect(holderOf(shop)).toEqual({ orders: 1, spend: 4100 })
    shop.giveBack('A', back('r2', ['socks', 4]))
    expect(holderOf(shop)).toEqual({ orders: 0, spend: 500 })
    shop.giveBack('A', { id: 'r3', shipping: true })
    expect(holderOf(shop)).toEqual({ orders: 0, spend: 0 })
  })

  it('pays the shipping once, with the return that says so', () => {
    const shop = shopWith({}, { shipping: 500 })
    const answers = [{ id: 'r1', shipping: true }, back('r2', ['coat', 1])].map(body => shop.giveBack('A', body).answer)
    expect(answers).toMatchObject([
      { refund: 500, shipping: 500, chargedBack: 0 },
      { refund: 6000, shipping: 0, chargedBack: 0 },
    ])
  })

  it('gives the budget back pro rata, and the use when nothing of the benefit is left', () => {
    const shop = shopWith({ tenth })
    const counter = () => shop.counter('tenth')
    expect(counter()).toMatchObject({ used: 1, budgetUsed: 1000 })
    expect(shop.giveBack('A', back('r1', ['coat', 1])).answer?.offers).toMatchObject([{ givenBack: 600, usesBack: 0 }])
    expect(counter()).toMatchObject({ used: 1, budgetUsed: 400 })
    expect(shop.put('B', placed()).answer?.applied).toEqual([])
    expect(shop.giveBack('A', back('r2', ['socks', 4])).answer?.offers).toMatchObject([{ givenBack: 400, usesBack: 1 }])
    expect(counter()).toMatchObject({ used: 0, budgetUsed: 0 })
    expect(useOf(shop)).toEqual([{ state: 'returned', returned: 1000 }])
    // Once a person, and she has it before her again.
    expect(shop.put('C', placed()).answer?.applied).toHaveLength(1)
  })

  it('makes the coupon that the order used good again', () => {
    const shop = shopWith({ coupon }, {}, { grants: { gra_1: { offer: 'coupon', of: ana } } })
    expect(shop.world().grants.get('gra_1')?.state).toBe('redeemed')
    shop.giveBack('A', back('r1', ['coat', 1]))
    expect(shop.world().grants.get('gra_1')?.state).toBe('redeemed')
    shop.giveBack('A', back('r2', ['socks', 4]))
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'returned', orderId: null })
    expect(shop.put('B', placed()).answer?.applied).toMatchObject([{ grant: 'gra_1', amount: 500 }])
  })

  it('a use of several codes of one offer comes back code by code', () => {
    const shop = shopWith(
      { coupon: { ...coupon, trigger: { on: 'code' }, limits: { perCode: 1 } } },
      { codes: ['ONE', 'TWO'] },
      { codes: { ONE: ['coupon'], TWO: ['coupon'] } },
    )
    expect(useOf(shop)).toHaveLength(2)
    expect(shop.giveBack('A', back('r1', ['coat', 1])).answer?.offers).toMatchObject([{ givenBack: 600, usesBack: 1 }])
    expect(useOf(shop)).toEqual([
      { state: 'returned', returned: 500 },
      { state: 'redeemed', returned: 100 },
    ])
  })
})

describe('a gift', () => {
  const stock = (shop: SmallWorld) => shop.counter('mug', 'gift=MUG')?.used
  it('is asked for when its offer no longer holds, and nothing is charged for one that stays away', () => {
    const shop = shopWith({ mug })
    const { answer } = shop.giveBack('A', back('r1', ['coat', 1]))
    expect(answer).toMatchObject({
      refund: 6000,
      takeBack: [{ offer: shop.offerId('mug'), sku: 'MUG', quantity: 1 }],
      offers: [{ policy: 'proRata', condition: 'fails', givenBack: 0, usesBack: 0 }],
    })
    expect(stock(shop)).toBe(1)
    const gift = { id: 'r2', gifts: [shop.offerId('mug')] }
    expect(shop.giveBack('A', gift).answer).toMatchObject({ refund: 0, takeBack: [], offers: [{ usesBack: 1 }] })
    expect(stock(shop)).toBe(0)
    expect(useOf(shop)).toEqual([{ state: 'returned', returned: 0 }])
  })

  it('of an offer that keeps stays with her, until all is back', () => {
    const shop = shopWith({ mug: { ...mug, onReturn: 'keep' } })
    expect(shop.giveBack('A', back('r1', ['coat', 1])).answer?.takeBack).toEqual([])
    expect(shop.giveBack('A', back('r2', ['socks', 4])).answer?.takeBack).toHaveLength(1)
    expect(stock(shop)).toBe(1)
  })

  it('that came back with the goods goes back into stock', () => {
    const shop = shopWith({ mug })
    const { answer } = shop.giveBack('A', { ...all, gifts: [shop.offerId('mug')] })
    expect(answer).toMatchObject({ refund: 10_000, takeBack: [], state: 'returned' })
    expect(stock(shop)).toBe(0)
  })
})

describe('a coupon for later that the order gave', () => {
  const offers = (onReturn?: string) => ({
    coupon,
    giver: {
      trigger: { on: 'basket' },
      when: 'order.subtotal >= 8000',
      benefit: { kind: 'giveOffer', offer: 'coupon' },
      ...(onReturn && { onReturn }),
    },
  })
  const made = (shop: SmallWorld) => [...shop.world().grants.values()].map(it => it.state)

  test.each([
    [undefined, ['revoked'], 'returned'],
    ['reprice', ['revoked'], 'returned'],
    ['keep', ['issued'], 'redeemed'],
  ])('under %s, when the order no longer deserves it', (onReturn, states, use) => {
    const shop = shopWith(offers(onReturn))
    const { answer } = shop.giveBack('A', back('r1', ['coat', 1]))
    expect(answer?.revoked).toHaveLength(states[0] === 'revoked' ? 1 : 0)
    expect(made(shop)).toEqual(states)
    expect(useOf(shop)).toEqual([{ state: use, returned: 0 }])
  })

  it('stays where the offer still holds', () => {
    const shop = shopWith(offers())
    expect(shop.giveBack('A', back('r1', ['socks', 1])).answer?.revoked).toEqual([])
    expect(made(shop)).toEqual(['issued'])
  })

  it('that was used is not taken back, and its use stays counted', () => {
    const shop = shopWith(offers())
    expect(shop.put('B', placed({ lines: [socks] })).answer?.applied).toMatchObject([{ amount: 500 }])
    expect(shop.giveBack('A', all).answer).toMatchObject({ refund: 10_000, revoked: [] })
    expect(made(shop)).toEqual(['redeemed'])
    expect(shop.uses().find(use => use.orderId === 'A')?.state).toBe('redeemed')
  })
})

it('an order that was held first is priced again as well', () => {
  const shop = smallWorld({ offers: { tenth: { ...tenth, onReturn: 'reprice' } } })
  shop.put('A', placed({ state: 'open', hold: { seconds: 900 } }))
  shop.put('A', placed())
  expect(shop.giveBack('A', back('r1', ['coat', 1])).answer?.refund).toBe(5000)
})

it('the person is asked about as she was then', () => {
  const first = { ...tenth, when: 'person.orders.count == 0 && order.subtotal >= 4000', onReturn: 'reprice' }
  const shop = shopWith({ first })
  shop.put('B', placed())
  expect(shop.giveBack('A', back('r1', ['coat', 1])).answer).toMatchObject({
    refund: 5400,
    offers: [{ condition: 'holds' }],
  })
})

describe('promise 6, booked', () => {
  const policy = fc.constantFrom('keep', 'proRata', 'reprice')
  const lineOfUnits = ['coat 1', 'socks 1', 'socks 2', 'socks 3', 'socks 4']
  it('after any split and order of returns of everything, all is refunded, every use is free and every counter zero', () => {
    fc.assert(
      fc.property(
        fc.tuple(policy, policy, policy, policy),
        fc.shuffledSubarray(lineOfUnits, { minLength: 5 }),
        fc.nat(4),
        ([first, second, third, fourth], units, shippingAt) => {
          const limits = { uses: 5, budget: { amount: 50_000, currency: 'EUR' }, per: { uses: 3, period: 'day' } }
          const offers = {
            tenth: { ...tenth, onReturn: first, limits },
            shipping: { ...mug, benefit: { kind: 'freeShipping' }, onReturn: second, limits },
            mug: { ...mug, onReturn: third, limits: { uses: 5 } },
            coupon,
            giver: { ...mug, benefit: { kind: 'giveOffer', offer: 'coupon' }, onReturn: fourth, limits: { uses: 5 } },
          }
          const shop = shopWith(offers, { shipping: 500 })
          expect(useOf(shop)).toHaveLength(4)
          let refunded = 0
          for (const [index, unit] of units.entries()) {
            const [line, number] = unit.split(' ') as [string, string]
            const { answer } = shop.giveBack('A', {
              ...back(`r${index}`, [line, 1, [Number(number)]]),
              ...(index === shippingAt && { shipping: true }),
              ...(index === 4 && { gifts: [shop.offerId('mug')] }),
            })
            refunded += answer!.refund
            expect(answer!.lines.reduce((sum, it) => sum + it.refund, answer!.shipping)).toBe(
              answer!.refund + answer!.chargedBack,
            )
            expect(answer!.totals).toEqual({ paid: 9000, refunded, remaining: 9000 - refunded })
          }
          expect(refunded).toBe(9000)
          expect(useOf(shop).map(it => it.state)).toEqual(Array(4).fill('returned'))
          expect([...shop.world().counters.values()].map(it => [it.used, it.budgetUsed])).toEqual(
            Array(shop.world().counters.size).fill([0, 0]),
          )
          expect(shop.world().counters.size).toBeGreaterThan(4)
          expect(holderOf(shop)).toEqual({ orders: 0, spend: 0 })
          expect(shop.world().orders.get('A')?.state).toBe('returned')
        },
      ),
      { numRuns: 100, seed: 6 },
    )
  })
})
