import { describe, expect, it, test } from 'vitest'
import { type Setting, smallWorld } from '../../../test/small-world.ts'
import { makeTill, type Till } from '../../../test/till.ts'
import { closePack } from './settle-entry.ts'

const latte = { id: '1', sku: 'LATTE', category: 'coffee', quantity: 1, unitPrice: 1000 }
const ana = 'email:ana@example.com'
const euro = { trigger: { on: 'basket' }, benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' } }
const shopWith = (offer: object, more: Setting = {}) =>
  smallWorld({ people: [[ana, 'loyaltyCard:4711']], offers: { euro: { ...euro, ...offer } }, ...more })
const sale = (id: string, fields: object = {}) => ({ id, lines: [latte], ...fields })
const left = (till: Till) => till.pack().slices.map(({ bucket, uses, budget }) => [bucket, uses, budget])

describe('slices', () => {
  test('a till gets half of its claim, which counts as used for everybody else', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    // Two tills and the shops with a network have four each.
    expect(left(till)).toEqual([['', 2, 0]])
    expect(shop.counter('euro')).toMatchObject({ used: 0, leased: 2 })
    const answers = Array.from({ length: 11 }, (_, index) =>
      shop.put(`web-${index}`, { state: 'placed', lines: [latte] }),
    )
    expect(answers.map(it => it.answer!.applied.length)).toEqual([...Array(10).fill(1), 0])
    expect(answers[10]!.answer!.refused[0]!.reason.code).toBe('limit_reached')
  })

  test('the till uses up its slice and no more; settled, it is used and no longer leased', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    expect([1, 2, 3].map(number => till.sell(sale(`till-${number}`)).totals.total)).toEqual([900, 900, 1000])
    expect(till.decide(sale('till-4')).refused[0]!.reason.code).toBe('slice_used_up')
    expect(till.send()).toEqual(
      Array(3)
        .fill({ state: 'settled', differences: [] })
        .map((it, index) =>
          index < 2
            ? it
            : {
                state: 'settled',
                differences: [
                  { what: 'not_applied', subject: shop.offerId('euro'), told: 0, now: 100 },
                  { what: 'total', subject: '', told: 1000, now: 900 },
                ],
              },
        ),
    )
    expect(shop.counter('euro')).toMatchObject({ used: 2, leased: 0, overrun: 0 })
    expect(till.send().map(it => it.state)).toEqual(['known', 'known', 'known'])
    expect(shop.counter('euro')).toMatchObject({ used: 2, leased: 0 })
  })

  test('every kind of limit is sliced: budget, place, period, stock', () => {
    const cup = { kind: 'freeItem', items: [{ sku: 'CUP', stock: 9 }] }
    const shop = smallWorld({
      offers: {
        euro: {
          ...euro,
          limits: {
            budget: { amount: 3000, currency: 'EUR' },
            per: [
              { uses: 30, period: 'day' },
              { uses: 6, by: 'location' },
            ],
          },
        },
        cup: { trigger: { on: 'basket' }, benefit: cup },
      },
    })
    const till = makeTill(shop, 'till-1')
    till.renew()
    expect(left(till)).toEqual([
      ['', 0, 500],
      ['day=2026-03-02', 5, 0],
      ['day=2026-03-03', 5, 0],
      ['location=store-12', 1, 0],
      ['gift=CUP', 2, 0],
    ])
    const sold = [1, 2, 3].map(number => till.sell(sale(`till-${number}`)))
    expect(sold.map(it => it.applied.map(({ amount, gives }) => [amount, gives?.length ?? 0]))).toEqual([
      [
        [100, 0],
        [0, 1],
      ],
      [[0, 1]],
      [],
    ])
    till.send()
    expect(shop.counter('euro')).toMatchObject({ budgetUsed: 100, budgetLeased: 400 })
    expect(shop.counter('euro', 'location=store-12')).toMatchObject({ used: 1, leased: 0 })
    expect(shop.counter('cup', 'gift=CUP')).toMatchObject({ used: 2, leased: 0 })
  })

  test('renewed, a till that sells gets twice what it used, and never less than it has', () => {
    const shop = shopWith({ limits: { uses: 120 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    expect(left(till)).toEqual([['', 20, 0]])
    shop.later(86_400)
    till.sell(sale('A'))
    till.send()
    till.renew()
    expect(left(till)).toEqual([['', 20, 0]])
    for (let number = 0; number < 15; number += 1) till.sell(sale(`B${number}`))
    till.send()
    till.renew()
    // 16 in a day; it has 4 and may have 32.
    expect(left(till)).toEqual([['', 48, 0]])
    expect(till.pack().revision).toBe(3)
  })

  test('an answer that is lost does no harm: the till sells by what it knows, and asks again', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew({}, { lost: true })
    expect(till.hasPack()).toBe(false)
    till.renew()
    expect(left(till)).toEqual([['', 2, 0]])
    expect(shop.counter('euro')).toMatchObject({ leased: 2 })
  })

  test('a till that has lost its journal gets no more by the same pack', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    till.sell(sale('A'))
    till.send()
    expect(till.renew({ sequence: 0 })).toBe('pack_journal_behind')
    expect(till.renew()).toBeUndefined()
  })
})

describe('what goes back', () => {
  test('only a closing entry and all before it', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    till.sell(sale('A'))
    till.close()
    const [sold, close] = till.journal()
    const end = () => shop.inBatch(world => closePack(world, till.pack().id))
    till.send([close!])
    expect(end()).toBe(false)
    shop.later(365 * 86_400)
    expect(shop.counter('euro')).toMatchObject({ used: 0, leased: 2 })
    till.send([sold!])
    expect(end()).toBe(true)
    expect(shop.counter('euro')).toMatchObject({ used: 1, leased: 0 })
    expect(end()).toBe(false)
  })

  test('a till that has closed gives nothing that is limited any more, before anybody has heard of it', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    till.close()
    expect(till.decide(sale('A')).refused[0]!.reason.code).toBe('slice_used_up')
  })

  test('slices that the till does without', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    const slices = [{ offer: shop.offerId('euro'), bucket: '', uses: 1, budget: 0 }]
    till.write({ kind: 'giveBack', id: 'back-1', at: new Date(shop.world().now).toISOString(), slices })
    expect([1, 2].map(number => till.sell(sale(`till-${number}`)).totals.total)).toEqual([900, 1000])
    till.send()
    expect(shop.counter('euro')).toMatchObject({ used: 1, leased: 0 })
  })

  test('a write-off; what comes later is booked, and what finds no room is an overrun', () => {
    const shop = shopWith({ limits: { uses: 3 } })
    const till = makeTill(shop, 'till-1', { tills: 1 })
    till.renew()
    till.sell(sale('till-1'))
    till.writeOff()
    expect(shop.counter('euro')).toMatchObject({ used: 0, leased: 0 })
    for (const id of ['web-1', 'web-2', 'web-3']) shop.put(id, { state: 'placed', lines: [latte] })
    expect(till.send()).toMatchObject([
      {
        state: 'settled',
        differences: [{ what: 'applied' }, { what: 'total' }, { what: 'overrun', told: 1 }],
      },
    ])
    expect(shop.counter('euro')).toMatchObject({ used: 4, leased: 0, overrun: 1 })
    expect(shop.put('web-4', { state: 'placed', lines: [latte] }).answer!.applied).toEqual([])
    expect(till.writeOff()).toMatchObject({ ok: false, refusal: { code: 'pack_state_conflict' } })
  })

  test('what comes after a write-off and finds room is no overrun', () => {
    const shop = shopWith({ limits: { uses: 3 } })
    const till = makeTill(shop, 'till-1', { tills: 1 })
    till.renew()
    till.sell(sale('till-1'))
    till.writeOff()
    expect(till.send()).toEqual([{ state: 'settled', differences: [] }])
    expect(shop.counter('euro')).toMatchObject({ used: 1, overrun: 0 })
  })
})

describe('settling books what was given', () => {
  test('an offer that has ended since, and tells it', () => {
    const shop = shopWith({})
    const till = makeTill(shop, 'till-1')
    till.renew()
    till.sell(sale('till-1', { person: ana }))
    shop.offer({ offers: { euro: { ...euro, state: 'ended' } } })
    expect(till.send()).toEqual([
      {
        state: 'settled',
        differences: [
          { what: 'applied', subject: shop.offerId('euro'), told: 100, now: 0 },
          { what: 'total', subject: '', told: 900, now: 1000 },
        ],
      },
    ])
    const order = JSON.parse(shop.world().orders.get('till-1')!.answer)
    expect(order).toMatchObject({ state: 'placed', totals: { total: 900, discount: 100 }, lines: [{ total: 900 }] })
    expect(shop.uses().map(it => [it.orderId, it.state, it.amount, it.location])).toEqual([
      ['till-1', 'redeemed', 100, 'store-12'],
    ])
    expect(shop.holder(ana).spend).toEqual({ EUR: 900 })
  })

  test('an order that got through before the line was cut is not booked again', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    shop.put('till-1', { state: 'placed', lines: [latte], location: 'store-12' })
    till.sell(sale('till-1'))
    expect(till.send()).toEqual([{ state: 'settled', differences: [] }])
    expect(shop.counter('euro')).toMatchObject({ used: 1, leased: 2 })
  })

  test('a return waits for its order, whatever arrives first', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    till.sell(sale('till-1'))
    const at = new Date(shop.world().now).toISOString()
    const back = { id: 'back-1', lines: [{ id: '1', quantity: 1 }] }
    till.write({ kind: 'return', id: 'return-1', at, order: 'till-1', return: back, refund: 800 })
    const [sold, returned] = till.journal()
    expect(till.send([returned!])).toEqual([{ state: 'waiting', differences: [] }])
    till.send([sold!])
    expect(till.send([returned!])).toEqual([
      { state: 'settled', differences: [{ what: 'refund', subject: 'till-1', told: 800, now: 900 }] },
    ])
    expect(shop.world().orders.get('till-1')!.state).toBe('returned')
    expect(till.send([returned!]).map(it => it.state)).toEqual(['known'])
  })

  test('a sale that was undone with a network and, for want of an answer, again without one is undone once', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    shop.put('till-1', { state: 'placed', lines: [latte] })
    shop.put('till-1', { state: 'cancelled' })
    const back = { id: 'till-1-back', lines: [{ id: '1', quantity: 1 }], reason: 'undo' }
    const at = new Date(shop.world().now).toISOString()
    till.write({ kind: 'return', id: 'undo-1', at, order: 'till-1', return: back, refund: 900 })
    expect(till.send()).toEqual([{ state: 'settled', differences: [] }])
    expect(shop.world().orders.get('till-1')!.state).toBe('cancelled')
    // Anything else that comes back of a sale that never was is told.
    const goods = { ...back, id: 'till-1-goods', reason: 'unwanted' }
    till.write({ kind: 'return', id: 'return-1', at, order: 'till-1', return: goods, refund: 900 })
    expect(till.send().at(-1)!.differences).toMatchObject([{ what: 'not_returned', told: 900 }])
  })

  test('entries that stand for others are told, and both are booked', () => {
    const shop = shopWith({ limits: { uses: 12 } })
    const till = makeTill(shop, 'till-1')
    till.renew()
    till.sell(sale('A'))
    const [first] = till.journal()
    till.send()
    const twin = { ...first!, id: 'other', order: 'B' } as typeof first
    expect(till.send([twin!])).toMatchObject([{ state: 'settled', differences: [{ what: 'chain' }] }])
    expect(shop.counter('euro')).toMatchObject({ used: 2, leased: 0 })
    const same = { ...first!, order: 'C' } as typeof first
    expect(till.send([same!])).toEqual([{ state: 'journal_entry_reused', differences: [] }])
  })

  test('points that the till could not tell are added', () => {
    const shop = smallWorld({
      people: [[ana, 'loyaltyCard:4711']],
      programmes: { club: { join: { on: 'firstOrder' } } },
      offers: {
        points: {
          trigger: { on: 'basket' },
          benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
        },
      },
    })
    const till = makeTill(shop, 'till-1')
    till.renew()
    const told = till.sell(sale('till-1', { person: 'loyaltyCard:4711' }))
    expect([told.earned, told.onlineOnly.map(it => it.name)]).toEqual([undefined, ['points']])
    expect(till.send()).toEqual([{ state: 'settled', differences: [] }])
    expect(JSON.parse(shop.world().orders.get('till-1')!.answer).earned).toMatchObject([
      { programme: 'club', points: 10 },
    ])
  })
})

describe('people and codes', () => {
  const once = { limits: { perPerson: 1 } }
  test('limited for each person, an offer waits for the network unless she is leased', () => {
    const shop = shopWith(once)
    const till = makeTill(shop, 'till-1')
    till.renew()
    const told = till.decide(sale('A', { person: ana }))
    expect(told.totals.total).toBe(1000)
    expect(told.onlineOnly.map(it => it.name)).toEqual(['euro'])
    till.renew({ people: [ana] })
    expect(till.decide(sale('A', { person: 'loyaltyCard:4711' })).totals.total).toBe(900)
  })

  test('leased, her uses are this till’s alone, and hers once', () => {
    const shop = shopWith(once)
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    const other = makeTill(shop, 'till-2')
    other.renew({ people: [ana] })
    expect(other.decide(sale('X', { person: ana })).refused[0]!.reason).toMatchObject({
      code: 'limit_reached',
      details: { limit: 'perPerson' },
    })
    expect(shop.put('web-1', { state: 'placed', lines: [latte], person: ana }).answer!.applied).toEqual([])
    expect([1, 2].map(number => till.sell(sale(`till-${number}`, { person: ana })).totals.total)).toEqual([900, 1000])
    expect(till.send()).toEqual(Array(2).fill({ state: 'settled', differences: [] }))
    expect(
      shop
        .uses()
        .filter(it => it.state === 'redeemed')
        .map(it => it.orderId),
    ).toEqual(['till-1'])
    expect(shop.uses().filter(it => it.state === 'leased')).toEqual([])
    till.renew({ people: [ana] })
    expect(till.decide(sale('till-3', { person: ana })).totals.total).toBe(1000)
  })

  test('closing gives her back to everybody', () => {
    const shop = shopWith(once)
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    till.close()
    till.send()
    shop.inBatch(world => closePack(world, till.pack().id))
    expect(shop.put('web-1', { state: 'placed', lines: [latte], person: ana }).answer!.totals.total).toBe(900)
  })

  test('what she was told after a write-off and had used meanwhile is an overrun', () => {
    const shop = shopWith(once)
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    till.sell(sale('till-1', { person: ana }))
    till.writeOff()
    shop.put('web-1', { state: 'placed', lines: [latte], person: ana })
    expect(till.send()[0]!.differences).toContainEqual({
      what: 'overrun',
      subject: `${shop.offerId('euro')} perPerson`,
      told: 1,
      now: 0,
    })
  })

  test('a code with a limit of its own applies where it is leased; its text is not in the pack', () => {
    const shop = shopWith({ trigger: { on: 'code' }, limits: { perCode: 1 } }, { codes: { 'ANA-7KQ2': ['euro'] } })
    const till = makeTill(shop, 'till-1', { sharedCodes: [] })
    till.renew()
    const [refused] = till.decide(sale('A', { codes: ['ana7kq2'] })).refused
    expect([refused!.code, refused!.reason.code]).toEqual(['ana7kq2', 'online_only'])
    till.renew({ codes: ['ANA-7KQ2'] })
    expect(JSON.stringify(till.pack())).not.toMatch(/ANA-?7KQ2/)
    const codes = ['ana 7kq2']
    expect([1, 2].map(number => till.sell(sale(`till-${number}`, { codes })).totals.total)).toEqual([900, 1000])
    expect(shop.put('web-1', { state: 'placed', lines: [latte], codes: ['ANA-7KQ2'] }).answer!.applied).toEqual([])
    expect(till.send()).toEqual(Array(2).fill({ state: 'settled', differences: [] }))
  })

  test('a grant is leased with its person, and used once', () => {
    const shop = shopWith({ trigger: { on: 'grant' } }, { grants: { gra_1: { offer: 'euro', of: ana } } })
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    expect(shop.world().grants.get('gra_1')!.state).toBe('held')
    expect([1, 2].map(number => till.sell(sale(`till-${number}`, { person: ana })).totals.total)).toEqual([900, 1000])
    expect(till.send()).toEqual(Array(2).fill({ state: 'settled', differences: [] }))
    expect(shop.world().grants.get('gra_1')).toMatchObject({ state: 'redeemed', orderId: 'till-1' })
  })

  it.each([
    ['a surprise', { chance: { wins: 1, outOf: 2 } }, {}, 'drawn by the server'],
    ['a condition about her', { when: 'person.orders.count == 0' }, {}, 'knows nothing of this person'],
    [
      'a campaign that keeps some people out',
      {},
      { campaigns: { spring: { holdout: 10 } } },
      'only the server knows whom',
    ],
    ['stored money', { benefit: { kind: 'cashback', percent: 5, currency: 'EUR' } }, {}, 'made by the server'],
  ])('%s waits for the network where she is a stranger', (_, offer, more, why) => {
    const shop = shopWith('campaigns' in more ? { ...offer, campaign: 'spring' } : offer, more)
    const till = makeTill(shop, 'till-1')
    till.renew()
    const told = till.decide(sale('A', { person: ana }))
    expect(told.totals.total).toBe(1000)
    expect(told.onlineOnly.map(it => it.message)).toEqual([expect.stringContaining(why)])
  })

  test('whoever is held out is held out at a till that she is leased to', () => {
    const shop = shopWith({ campaign: 'spring' }, { campaigns: { spring: { holdout: 100 } } })
    const till = makeTill(shop, 'till-1')
    till.renew({ people: [ana] })
    expect(till.sell(sale('A', { person: ana })).totals.total).toBe(1000)
    expect(till.send()).toEqual([{ state: 'settled', differences: [] }])
    expect(shop.uses().map(it => it.state)).toEqual(['withheld'])
  })
})
