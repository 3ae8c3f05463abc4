import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { type Setting, type SmallWorld, smallWorld, start } from '../../../test/small-world.ts'
import { orderRefusals } from '../orders/refusals.ts'
import { noCount } from './world.ts'

const latte = { id: '1', sku: 'LATTE', category: 'coffee', quantity: 1, unitPrice: 1000 }
const bread = { id: '1', sku: 'BREAD', category: 'bakery', quantity: 1, unitPrice: 500 }
const open = (fields: object = {}) => ({ state: 'open', lines: [latte], ...fields })
const placed = (fields: object = {}) => ({ state: 'placed', lines: [latte], ...fields })
const held = (fields: object = {}) => open({ hold: { seconds: 900 }, ...fields })
const cancelled = { state: 'cancelled' }

const coffee = {
  trigger: { on: 'code' },
  benefit: { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'" },
}
const euro = { trigger: { on: 'basket' }, benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' } }
const once = { ...coffee, limits: { perCode: 1, uses: 10, budget: { amount: 1000, currency: 'EUR' } } }
const [ana, ben] = ['email:ana@example.com', 'email:ben@example.com']
const setting = (more: Setting = {}): Setting => ({ offers: { coffee: once }, codes: { SUMMER: ['coffee'] }, ...more })
const withCode = { codes: ['SUMMER'], person: ana }

const statesOf = (shop: SmallWorld, order: string) =>
  (shop.world().redemptions.byOrder.get(order) ?? []).map(it => it.state)

/** A call that must leave no trace: the world before and after is the same, deeply. */
const withoutTrace = (shop: SmallWorld, call: () => ReturnType<SmallWorld['put']>) => {
  shop.nextBatch()
  const before = shop.snapshot()
  const outcome = call()
  expect(shop.snapshot()).toEqual(before)
  return outcome
}

describe('every refusal of a PUT, and nothing changed by it', () => {
  type Ask = (shop: SmallWorld) => ReturnType<SmallWorld['put']>
  const cases: Record<keyof typeof orderRefusals, [Ask, object][]> = {
    order_not_found: [[shop => shop.put('nowhere', cancelled), { id: 'nowhere' }]],
    occurred_at_not_allowed: [
      [shop => shop.put('A', placed({ occurredAt: start }), { scope: 'till' }), {}],
      [shop => shop.put('A', placed({ occurredAt: start }), { scope: 'publishable', dryRun: true }), {}],
    ],
    occurred_at_in_future: [
      [shop => shop.put('A', placed({ occurredAt: '2026-03-02T10:05:00.001Z' })), { seconds: 301 }],
    ],
    dry_run_only: [
      [shop => shop.put('A', placed(), { scope: 'publishable' }), {}],
      [shop => shop.put('held', cancelled, { scope: 'publishable' }), {}],
    ],
    channel_missing: [[shop => shop.put('A', placed(), { channel: undefined }), {}]],
    revision_outdated: [
      [shop => shop.put('held', open({ revision: 4 })), { stored: 5, given: 4 }],
      [shop => shop.put('held', { ...cancelled, revision: 4 }), { stored: 5, given: 4 }],
    ],
    order_state_conflict: [
      [shop => shop.put('placed', open()), { state: 'placed', asked: 'open' }],
      [shop => shop.put('placed', placed({ lines: [bread] })), { state: 'placed', asked: 'placed' }],
      [shop => shop.put('gone', open()), { state: 'cancelled', asked: 'open' }],
      [shop => shop.put('gone', placed()), { state: 'cancelled', asked: 'placed' }],
      [shop => shop.put('told', open()), { state: 'placed', asked: 'open' }],
    ],
    codes_refused: [
      [
        shop => shop.put('held', held({ codes: ['WINTER'], requireCodes: true })),
        { refused: [{ code: 'WINTER', reason: expect.objectContaining({ code: 'code_unknown' }) }] },
      ],
    ],
    total_changed: [
      [shop => shop.put('held', placed({ ...withCode, expectTotal: 999 })), { total: 800, expected: 999 }],
      [
        shop => shop.put('A', placed({ person: 'email:new@example.com', expectTotal: 1 })),
        { total: 1000, expected: 1 },
      ],
    ],
  }

  test.each(
    Object.entries(cases).flatMap(([code, asks]) =>
      asks.map(([ask, details], index) => ({ code, index, ask, details })),
    ),
  )('$code $index', ({ code, ask, details }) => {
    const shop = smallWorld(setting())
    shop.put('held', held({ ...withCode, revision: 5 }))
    shop.put('placed', placed())
    shop.put('gone', placed())
    shop.put('gone', cancelled)
    shop.send('track', { userId: 'u1', event: 'Order Completed', properties: { order_id: 'told', total: 5 } })
    expect(withoutTrace(shop, () => ask(shop))).toEqual({ refusal: code, details })
  })

  it('covers the catalogue', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(orderRefusals).sort())
  })

  test.each([
    ['per_00000000000000000000000000', 'person_not_found', { type: 'id' }],
    ['email:nobody', 'identifier_invalid', { type: 'email', because: 'email', reason: 'it is not an e-mail address' }],
  ])('a person %s is %s', (person, refusal, details) => {
    const shop = smallWorld()
    expect(withoutTrace(shop, () => shop.put('A', placed({ person })))).toEqual({ refusal, details })
  })

  it('a time five minutes ahead is still a clock that is a little wrong', () => {
    expect(smallWorld().put('A', placed({ occurredAt: '2026-03-02T10:05:00Z' })).answer?.state).toBe('placed')
  })
})

describe('a dry run', () => {
  test.each<[string, string, object]>([
    ['of a new order of a new person', 'A', placed({ person: 'email:new@example.com', codes: ['SUMMER'] })],
    ['with a hold', 'A', held(withCode)],
    ['of placing what is held', 'held', placed(withCode)],
    ['that would take over a hold', 'B', placed({ ...withCode, lines: [latte, { ...bread, id: '2' }] })],
    ['of cancelling', 'held', cancelled],
    ['of a PUT after an event', 'told', placed()],
  ])('%s changes nothing and answers the same', (_name, order, body) => {
    const shop = smallWorld(setting())
    shop.put('held', held(withCode))
    shop.send('track', { userId: 'u1', event: 'Order Completed', properties: { order_id: 'told', total: 5 } })
    const tried = withoutTrace(shop, () => shop.put(order, body, { dryRun: true })).answer!
    const real = shop.put(order, body).answer!
    expect({ ...tried, lines: real.lines }).toEqual({
      ...real,
      decision: tried.decision,
      person: tried.person,
      heldUntil: null,
      applied: real.applied.map(({ redemption: _redemption, ...it }, index) =>
        'redemption' in tried.applied[index]! ? real.applied[index] : it,
      ),
    })
    expect(tried.totals).toEqual(real.totals)
  })

  it('of a publishable key is allowed', () => {
    const shop = smallWorld(setting())
    expect(shop.put('A', placed(), { dryRun: true, scope: 'publishable' }).answer?.totals.total).toBe(1000)
  })
})

describe('an order', () => {
  it('takes channel and location of the key, and its own first', () => {
    const shop = smallWorld()
    shop.put('A', placed(), { channel: 'store', location: 'store-12' })
    shop.put('B', placed({ channel: 'web', location: 'shop' }), { channel: 'store', location: 'store-12' })
    const [a, b] = ['A', 'B'].map(id => shop.world().orders.get(id)!)
    expect([a!.channel, a!.location, b!.channel, b!.location]).toEqual(['store', 'store-12', 'web', 'shop'])
  })

  it('belongs to whom the token stands for, whoever the body names', () => {
    const shop = smallWorld({ people: [[ana], [ben]] })
    const { answer } = shop.put('A', placed({ person: ben }), { person: ana })
    expect(answer?.person).toBe(shop.holder(ana).personId)
  })

  it('placed twice with the same body is answered with the same bytes, also when the offer has ended since', () => {
    const shop = smallWorld(setting())
    const first = shop.put('A', placed(withCode))
    shop.offer({ offers: { coffee: { ...once, state: 'ended' } } })
    shop.later(86_400)
    expect(withoutTrace(shop, () => shop.put('A', placed(withCode))).text).toBe(first.text)
  })

  it('cancelled twice is answered with the same bytes', () => {
    const shop = smallWorld(setting())
    shop.put('A', placed(withCode))
    const first = shop.put('A', cancelled)
    expect(withoutTrace(shop, () => shop.put('A', cancelled)).text).toBe(first.text)
  })

  it('opened twice is decided twice', () => {
    const shop = smallWorld(setting())
    shop.put('A', open(withCode))
    shop.offer({ offers: { coffee: { ...once, state: 'paused' } } })
    expect(shop.put('A', open(withCode)).answer).toMatchObject({ revision: 2, totals: { total: 1000 }, applied: [] })
  })

  it('counts its revisions, or takes the caller’s', () => {
    const shop = smallWorld()
    const revisions = [open(), open({ revision: 7 }), open({ revision: 7 }), open(), placed()].map(
      body => shop.put('A', body).answer?.revision,
    )
    expect(revisions).toEqual([1, 7, 7, 8, 9])
  })

  it('of long ago is judged by its own time, and its hold by the clock', () => {
    const over = { ...coffee, validity: { to: '2026-01-01T00:00:00Z' } }
    const shop = smallWorld({ offers: { coffee: over }, codes: { SUMMER: ['coffee'] } })
    const { answer } = shop.put('A', held({ ...withCode, occurredAt: '2025-12-31T23:59:59Z' }))
    expect(answer).toMatchObject({ totals: { total: 800 }, heldUntil: '2026-03-02T10:15:00.000Z' })
  })

  it('open without a hold uses nothing', () => {
    const shop = smallWorld(setting())
    shop.put('A', open(withCode))
    expect([shop.uses(), shop.counter('coffee')]).toEqual([[], noCount])
  })

  it('open again without a hold lets go of what it held', () => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    shop.put('A', open(withCode))
    expect([statesOf(shop, 'A'), shop.counter('coffee')]).toEqual([['released'], noCount])
  })
})

describe('while a hold lives', () => {
  const changes: [string, Setting['offers']][] = [
    ['ended', { coffee: { ...once, state: 'ended' } }],
    ['was paused', { coffee: { ...once, state: 'paused' } }],
    ['became better', { coffee: { ...once, benefit: { kind: 'percentOff', percent: 90 } } }],
    ['asks for more', { coffee: { ...once, when: 'order.subtotal >= 100000' } }],
  ]
  test.each(changes)('the held decision is booked though the offer %s', (_name, offers) => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    shop.offer({ offers })
    shop.later(899)
    const { answer } = shop.put('A', placed({ ...withCode, expectTotal: 800, channel: 'web' }))
    expect(answer).toMatchObject({ state: 'placed', channel: 'web', heldUntil: null, totals: { total: 800 } })
    expect(answer?.applied).toMatchObject([{ amount: 200, redemption: expect.stringMatching(/^red_/) }])
    expect(shop.uses()).toMatchObject([
      { state: 'redeemed', channel: 'web', amount: 200, revenue: 800, heldUntil: null },
    ])
    expect(shop.counter('coffee')).toEqual({ ...noCount, used: 1, budgetUsed: 200 })
    expect(shop.holder(ana)).toMatchObject({ orders: 1, spend: { EUR: 800 } })
  })

  it('a limit per channel counts the use where it was held, so that placing it elsewhere overruns nothing', () => {
    const perChannel = { ...once, limits: { per: { uses: 1, by: 'channel' } } }
    const shop = smallWorld({ ...setting(), offers: { coffee: perChannel } })
    shop.put('A', held({ ...withCode, channel: 'web' }))
    shop.put('B', placed({ ...withCode, person: 'email:ben@example.com', channel: 'store' }))
    expect(shop.put('A', placed({ ...withCode, channel: 'store' })).answer).toMatchObject({
      channel: 'store',
      applied: [{ amount: 200 }],
    })
    expect(shop.uses().map(use => [use.orderId, use.state, use.channel])).toEqual([
      ['A', 'redeemed', 'web'],
      ['B', 'redeemed', 'store'],
    ])
  })

  test.each(changes.slice(0, 2))('once it is over, and the offer %s, the order is decided again', (_name, offers) => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    shop.offer({ offers })
    shop.later(900)
    expect(shop.put('A', placed({ ...withCode, expectTotal: 800 }))).toMatchObject({ refusal: 'total_changed' })
    expect(shop.put('A', placed(withCode)).answer?.totals.total).toBe(1000)
    expect([statesOf(shop, 'A'), shop.counter('coffee')]).toEqual([['expired'], noCount])
  })

  it('other lines are decided again, and what was held is free', () => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    const { answer } = shop.put('A', placed({ ...withCode, lines: [{ ...latte, quantity: 2 }] }))
    expect(answer?.totals.total).toBe(1600)
    expect([statesOf(shop, 'A'), shop.counter('coffee')?.used]).toEqual([['released', 'redeemed'], 1])
  })

  it('what others hold is taken, and free when the hold is over', () => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    const asked = { codes: ['SUMMER'], person: ben }
    expect(shop.put('B', open(asked)).answer?.refused).toMatchObject([{ reason: { code: 'limit_reached' } }])
    shop.later(900)
    expect(shop.put('B', open(asked)).answer?.applied).toHaveLength(1)
  })

  it('requireCodes is asked of the held decision too', () => {
    const shop = smallWorld(setting())
    shop.put('A', held({ ...withCode, codes: ['SUMMER', 'WINTER'] }))
    const body = placed({ ...withCode, codes: ['SUMMER', 'WINTER'], requireCodes: true })
    expect(withoutTrace(shop, () => shop.put('A', body))).toMatchObject({ refusal: 'codes_refused' })
  })

  it('a basket of nobody is booked on whom the till then names, also somebody new', () => {
    const shop = smallWorld(setting())
    shop.put('A', held({ codes: ['SUMMER'] }))
    shop.offer({ offers: { coffee: { ...once, state: 'ended' } } })
    const { answer } = shop.put('A', placed(withCode))
    const { id, personId, orders } = shop.holder(ana)
    expect([answer?.totals.total, answer?.person, orders]).toEqual([800, personId, 1])
    expect(shop.world().orders.get('A')?.holderId).toBe(id)
  })

  it('opened with an e-mail and placed with the card of the same person: booked, on whom it was opened for', () => {
    const card = 'loyaltyCard:4711'
    const shop = smallWorld(setting({ people: [[ana, card]] }))
    shop.put('A', held(withCode))
    shop.offer({ offers: { coffee: { ...once, state: 'ended' } } })
    expect(shop.put('A', placed({ ...withCode, person: card })).answer?.totals.total).toBe(800)
    expect([shop.holder(ana).orders, shop.holder(card).orders]).toEqual([1, 0])
  })

  it('placed for somebody else is decided again', () => {
    const shop = smallWorld(setting({ people: [[ana], [ben]] }))
    shop.put('A', held(withCode))
    shop.offer({ offers: { coffee: { ...once, state: 'ended' } } })
    expect(shop.put('A', placed({ ...withCode, person: ben })).answer?.totals.total).toBe(1000)
  })
})

describe("a person's newer order", () => {
  it('takes over her own hold on a code, and the older order holds nothing more', () => {
    const shop = smallWorld(setting())
    shop.put('phone', held(withCode))
    const { answer } = shop.put('till', placed(withCode))
    expect(answer?.applied).toHaveLength(1)
    expect([statesOf(shop, 'phone'), statesOf(shop, 'till')]).toEqual([['released'], ['redeemed']])
    expect(shop.world().orders.get('phone')).toMatchObject({ state: 'open', heldUntil: null })
    expect(shop.put('phone', placed(withCode)).answer?.refused).toMatchObject([{ reason: { code: 'limit_reached' } }])
  })

  it('takes it over with any identifier of hers', () => {
    const shop = smallWorld(setting({ people: [[ana, 'loyaltyCard:4711']] }))
    shop.put('phone', held(withCode))
    expect(shop.put('till', placed({ ...withCode, person: 'loyaltyCard:4711' })).answer?.applied).toHaveLength(1)
  })

  it('leaves the older hold alone where the code does not apply, and does not count what it holds as free', () => {
    const shop = smallWorld(setting({ offers: { coffee: once, euro: { ...euro, limits: { uses: 1 } } } }))
    shop.put('phone', held(withCode))
    const { answer } = shop.put('till', placed({ ...withCode, lines: [bread] }))
    expect(answer).toMatchObject({ applied: [], totals: { total: 500 } })
    expect(statesOf(shop, 'phone')).toEqual(['held', 'held'])
    expect(shop.counter('euro')).toMatchObject({ used: 0, held: 1 })
  })

  it('gets all that the older order held, where it takes over its code', () => {
    const shop = smallWorld(setting({ offers: { coffee: once, euro: { ...euro, limits: { uses: 1 } } } }))
    shop.put('phone', held(withCode))
    expect(shop.put('till', placed(withCode)).answer?.applied).toHaveLength(2)
    expect(shop.counter('euro')).toMatchObject({ used: 1, held: 0 })
  })
})

describe('cancelling', () => {
  it('gives uses, budget, grant and statistics back, exactly once', () => {
    const gift = { trigger: { on: 'grant' }, benefit: { kind: 'amountOff', amount: 300, currency: 'EUR' } }
    const shop = smallWorld(
      setting({ offers: { coffee: once, gift }, grants: { gra_1: { offer: 'gift', of: ana } }, people: [[ana]] }),
    )
    const { answer } = shop.put('A', placed(withCode))
    expect(answer?.totals.total).toBe(500)
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'redeemed', orderId: 'A' })

    expect(shop.put('A', cancelled).answer).toMatchObject({ state: 'cancelled', revision: 2, totals: { total: 500 } })
    const after = shop.snapshot()
    expect(shop.counter('coffee')).toEqual(noCount)
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'issued', orderId: null })
    expect(shop.holder(ana)).toMatchObject({ orders: 0, spend: { EUR: 0 } })
    expect(statesOf(shop, 'A')).toEqual(['cancelled', 'cancelled'])

    shop.put('A', cancelled)
    expect({ ...shop.snapshot(), changes: after.changes }).toEqual(after)
    expect(shop.put('B', placed(withCode)).answer?.applied).toHaveLength(2)
  })

  it('an open order lets go of its hold', () => {
    const shop = smallWorld(setting())
    shop.put('A', held(withCode))
    expect(shop.put('A', cancelled).answer).toMatchObject({ state: 'cancelled', heldUntil: null })
    expect([statesOf(shop, 'A'), shop.counter('coffee')]).toEqual([['released'], noCount])
    expect(shop.holder(ana)).toMatchObject({ orders: 0, spend: {} })
  })

  it('a use of a code goes to the next number, so the number is never taken twice', () => {
    const shop = smallWorld(setting())
    shop.put('A', placed(withCode))
    shop.put('A', cancelled)
    shop.put('B', placed(withCode))
    expect(shop.uses().map(it => it.useNo)).toEqual([1, 2])
  })
})

describe('a grant', () => {
  const gift = { trigger: { on: 'grant' }, benefit: { kind: 'amountOff', amount: 300, currency: 'EUR' } }

  it('that is over does not stand in front of a good one of the same offer', () => {
    const shop = smallWorld({
      offers: { gift },
      grants: {
        gra_1: { offer: 'gift', of: ana, expiresAt: '2026-03-02T10:00:00Z' },
        gra_2: { offer: 'gift', of: ana, expiresAt: '2026-04-01T00:00:00Z' },
        gra_3: { offer: 'gift', of: ana },
      },
    })
    const applied = ['A', 'B', 'C'].map(id => shop.put(id, placed({ person: ana })).answer?.applied.map(it => it.grant))
    expect(applied).toEqual([['gra_2'], ['gra_3'], []])
  })

  it('is held with its order and issued again when the hold is over', () => {
    const shop = smallWorld({ offers: { gift }, grants: { gra_1: { offer: 'gift', of: ana } } })
    shop.put('A', held({ person: ana }))
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'held', orderId: 'A' })
    shop.later(900)
    shop.nextBatch()
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'issued', orderId: null })
  })

  it('with a code is refused to another and given to its person', () => {
    const shop = smallWorld({ offers: { gift }, grants: { gra_1: { offer: 'gift', of: ana, code: 'ANA-7KQ2' } } })
    const asked = (person: string) => shop.put(person, placed({ person, codes: ['ana7kq2'] })).answer
    expect(asked(ben)?.refused).toMatchObject([{ reason: { code: 'grant_of_another' } }])
    expect(asked(ana)?.applied).toMatchObject([{ grant: 'gra_1', code: 'ana7kq2' }])
  })
})

describe('an event and a PUT of the same order', () => {
  const told = { userId: 'u1', event: 'Order Completed', properties: { order_id: 'A', total: 7, currency: 'EUR' } }
  const welcome = { ...euro, when: 'person.orders.count == 0' }
  const buyer = { person: 'userId:u1' }

  it('are one order: the PUT replaces what the event told', () => {
    const shop = smallWorld()
    shop.send('track', told)
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 1, spend: { EUR: 700 } })
    expect(shop.put('A', placed(buyer)).answer).toMatchObject({ state: 'placed', revision: 2 })
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 1, spend: { EUR: 1000 } })
    expect(shop.world().orders.get('A')).toMatchObject({ source: 'put', total: 1000 })
  })

  it('are one order: the event after the PUT adds nothing', () => {
    const shop = smallWorld()
    shop.put('A', placed(buyer))
    const before = shop.world().orders.get('A')
    shop.send('track', told)
    expect(shop.world().orders.get('A')).toBe(before)
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 1, spend: { EUR: 1000 } })
    expect(shop.world().changes.newEvents).toMatchObject([{ orderId: 'A' }])
  })

  it('is still her first order when the event came first', () => {
    const shop = smallWorld({
      offers: { welcome: { ...welcome, when: `${welcome.when} && person.orders.spend == 0` } },
    })
    shop.send('track', told)
    expect(shop.put('A', placed(buyer)).answer?.applied).toHaveLength(1)
    expect(shop.put('B', placed(buyer)).answer?.applied).toEqual([])
  })

  it('of an event alone can be cancelled', () => {
    const shop = smallWorld()
    shop.send('track', told)
    shop.put('A', cancelled)
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 0, spend: { EUR: 0 } })
    shop.send('track', told)
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 0 })
  })
})

it('the example of the README: the second order with a code for once is told so and still costs 10.00', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const { offers, codes, orders } = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)
  const shop = smallWorld({ offers, codes })
  expect(orders).toHaveLength(2)
  for (const { id, put, total, refused } of orders) {
    const { answer } = shop.put(id, put)
    expect([answer?.totals.total, answer?.refused.map(it => it.reason.code)]).toEqual([total, refused])
  }
})

describe('an offer that gives another one', () => {
  const give = { trigger: { on: 'code' }, benefit: { kind: 'giveOffer', offer: 'coupon' } }
  const coupon = { ...coffee, trigger: { on: 'grant' } }
  const offers = { give, coupon }

  it('makes a grant when the order is placed, and takes it back when it is cancelled', () => {
    const shop = smallWorld({ offers, codes: { SUMMER: ['give'] }, people: [[ana]] })
    shop.put('A', placed(withCode))
    const given = () => [...shop.world().grants.values()].map(({ offerId, state }) => [offerId, state])
    expect(given()).toEqual([[shop.offerId('coupon'), 'issued']])
    shop.put('A', cancelled)
    expect(given()).toEqual([[shop.offerId('coupon'), 'revoked']])
  })

  it('is not used up where that one has ended', () => {
    const shop = smallWorld({ offers, codes: { SUMMER: ['give'] }, people: [[ana]] })
    shop.offer({ offers: { give, coupon: { ...coupon, state: 'ended' } } })
    expect(shop.put('A', placed(withCode)).answer).toMatchObject({
      applied: [],
      refused: [{ code: 'SUMMER', reason: { code: 'no_effect' } }],
    })
    expect(shop.world().grants.size).toBe(0)
  })
})
