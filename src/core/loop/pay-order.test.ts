import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Setting, type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { type Asset, moneyOf, pointsOf } from '../ledger/account.ts'
import { balanceOf } from '../ledger/book.ts'
import { earn } from '../ledger/lots.ts'
import { addGiftCard } from './gift-cards.ts'
import { join } from './join.ts'
import { ledgerOf } from './world.ts'

const ana = 'email:ana@example.com'
const club = pointsOf('club')
const rate = { points: 100, worth: { amount: 100, currency: 'EUR' } }
const line = (unitPrice: number, quantity = 1) => ({ id: '1', sku: 'LATTE', quantity, unitPrice })
const order = (state: string, tenders: object[], fields: object = {}) => ({
  state,
  person: ana,
  lines: [line(1000)],
  tenders,
  ...fields,
})
const points = (fields: object = {}) => ({ type: 'points', programme: 'club', ...fields })

const shopWith = (terms: object = {}, setting: Setting = {}) =>
  smallWorld({ people: [[ana]], programmes: { club: { rate, ...terms } }, ...setting })

/** Value that is there without any offer having given it. */
const give = (shop: SmallWorld, ownerId: string, asset: Asset, amount: number, expiresAt: number | null = null) => {
  const world = shop.nextBatch()
  return earn(ledgerOf(world), {
    ownerId,
    asset,
    amount,
    from: 'issued',
    kind: 'issue',
    terms: { earnedAt: world.now, activeAt: null, awaits: null, expiresAt },
  }).lot!
}
const rich = (amount: number, terms: object = {}) => {
  const shop = shopWith(terms)
  give(shop, shop.holder(ana).id, club, amount)
  return shop
}
const has = (shop: SmallWorld, asset: Asset = club, owner = shop.holder(ana).id) => ({
  main: balanceOf(shop.world().book, owner, asset, 'main'),
  held: balanceOf(shop.world().book, owner, asset, 'held'),
})
const card = (shop: SmallWorld, code: string, amount: number, more: object = {}) => {
  const world = shop.nextBatch()
  const id = world.newId('gc')
  const made = {
    id,
    code,
    currency: 'EUR',
    initial: amount,
    issuedAt: world.now,
    offerId: null,
    jobId: null,
    days: null,
  }
  const state = {
    state: 'active' as const,
    holderId: null,
    activatedAt: world.now,
    expiresAt: null,
    blockedAt: null,
    blockedFor: null,
    revision: 0,
  }
  addGiftCard(world, { ...made, ...state, ...more })
  if (amount > 0) give(shop, id, moneyOf('giftCard', 'EUR'), amount)
  return id
}

describe('an order that points pay', () => {
  it('placed burns them, and says what is left of them and left to pay', () => {
    const shop = rich(400)
    const { answer } = shop.put('A', order('placed', [points(), { type: 'card' }]))
    expect(answer).toMatchObject({
      paid: [{ type: 'points', programme: 'club', points: 400, amount: 400, left: 0 }],
      due: 600,
    })
    expect(has(shop)).toEqual({ main: 0, held: 0 })
  })

  it('open shows what they would pay and takes nothing', () => {
    const shop = rich(400)
    expect(shop.put('A', order('open', [points({ points: 300 })])).answer).toMatchObject({
      paid: [{ points: 300, left: 100 }],
      due: 700,
      heldUntil: null,
    })
    expect(has(shop)).toEqual({ main: 400, held: 0 })
  })

  it('held sets them aside, placed with the same tenders spends what was held', () => {
    const shop = rich(400)
    shop.put('A', order('open', [points()], { hold: { seconds: 60 } }))
    expect(has(shop)).toEqual({ main: 0, held: 400 })
    expect(shop.put('A', order('placed', [points()])).answer).toMatchObject({ paid: [{ points: 400 }], due: 600 })
    expect(has(shop)).toEqual({ main: 0, held: 0 })
  })

  it('placed with other tenders gives back what it held, and is paid anew', () => {
    const shop = rich(400)
    shop.put('A', order('open', [points()], { hold: { seconds: 60 } }))
    shop.put('A', order('placed', [points({ points: 150 })]))
    expect(has(shop)).toEqual({ main: 250, held: 0 })
  })

  it('whose time is over gives its hold back', () => {
    const shop = rich(400)
    shop.put('A', order('open', [points()], { hold: { seconds: 60 } }))
    shop.later(60)
    shop.nextBatch()
    expect(has(shop)).toEqual({ main: 400, held: 0 })
  })

  test.each([
    ['open', 0],
    ['placed', 0],
  ])('cancelled when it was %s gives all of it back', state => {
    const shop = rich(400)
    shop.put('A', order(state, [points()], state === 'open' ? { hold: { seconds: 60 } } : {}))
    shop.put('A', { state: 'cancelled' })
    expect(has(shop)).toEqual({ main: 400, held: 0 })
    const [lot] = [...shop.world().book.lots.values()]
    expect(lot).toMatchObject({ amount: 400, remaining: 400 })
  })

  it('opened again pays with what it holds itself, whoever it is for', () => {
    const shop = shopWith()
    const id = card(shop, 'CARD', 700)
    const held = order('open', [{ type: 'giftCard', code: 'CARD', amount: 700 }], {
      person: undefined,
      hold: { seconds: 60 },
    })
    shop.put('A', held)
    expect(shop.put('A', { ...held, lines: [line(2000)] }).answer).toMatchObject({ due: 1300 })
    expect(has(shop, moneyOf('giftCard', 'EUR'), id)).toEqual({ main: 0, held: 700 })
  })

  it('of the same person takes over what an older one holds, where it needs it', () => {
    const shop = rich(1000)
    shop.put('web', order('open', [points({ points: 700 })], { hold: { seconds: 600 } }))
    shop.put('till', order('placed', [points({ points: 200 })]))
    expect(has(shop)).toEqual({ main: 100, held: 700 })
    expect(shop.put('till2', order('placed', [points({ points: 500 })])).answer?.due).toBe(500)
    expect(has(shop)).toEqual({ main: 300, held: 0 })
    expect(shop.world().orders.get('web')?.heldUntil).toBeNull()
  })

  it('keeps what is left alive, where points end after days without any', () => {
    const shop = shopWith({ expiry: { kind: 'sliding', days: 10 } })
    const world = shop.nextBatch()
    const day = 86_400_000
    const terms = { earnedAt: world.now, activeAt: null, awaits: null, expiresAt: null, endsAt: world.now + 10 * day }
    earn(ledgerOf(world), {
      ownerId: shop.holder(ana).id,
      asset: club,
      amount: 400,
      from: 'earned',
      kind: 'earn',
      terms,
    })
    shop.later(9 * 86_400)
    shop.put('A', order('open', [points({ points: 100 })], { hold: { seconds: 60 } }))
    shop.put('A', order('placed', [points({ points: 100 })]))
    shop.later(9 * 86_400)
    shop.nextBatch()
    expect(has(shop).main).toBe(300)
    shop.later(2 * 86_400)
    shop.nextBatch()
    expect(has(shop).main).toBe(0)
  })

  it('in a dry run changes nothing', () => {
    const shop = rich(400)
    shop.nextBatch()
    const before = shop.snapshot()
    expect(shop.put('A', order('placed', [points()]), { dryRun: true }).answer?.due).toBe(600)
    expect(shop.snapshot()).toEqual(before)
  })

  it('spends across all that she goes by, what ends soonest first', () => {
    const card = 'loyaltyCard:4711'
    const shop = shopWith({}, { people: [[ana, card]] })
    const later = give(shop, shop.holder(ana).id, club, 100, shop.world().now + 9e9)
    const sooner = give(shop, shop.holder(card).id, club, 100, shop.world().now + 8e9)
    shop.put('A', order('placed', [points({ points: 150 })]))
    expect([sooner.remaining, later.remaining]).toEqual([0, 50])
  })

  it('with a promise that it costs so much is refused before anything is spent', () => {
    const shop = rich(400)
    expect(shop.put('A', order('placed', [points()], { expectTotal: 1 })).refusal).toBe('total_changed')
    expect(has(shop)).toEqual({ main: 400, held: 0 })
  })
})

describe('a gift card that is named by its id', () => {
  const phone = 'phone:+393331234567'
  const ben = 'email:ben@example.com'
  const shopOf = () => smallWorld({ people: [[ana, phone], [ben]] })
  const byId = (card: string) => ({ type: 'giftCard', card })

  it('pays for whoever has it in her wallet, by whatever she goes', () => {
    const shop = shopOf()
    const id = card(shop, 'CARD', 300, { holderId: shop.holder(ana).id })
    shop.nextBatch()
    expect(shop.put('A', order('placed', [byId(id)], { person: phone })).answer).toMatchObject({
      paid: [{ type: 'giftCard', card: id, amount: 300, left: 0 }],
      due: 700,
    })
  })

  test.each<[string, string, object]>([
    ['somebody else', 'hers', { person: ben }],
    ['somebody who was never here', 'hers', { person: 'email:new@example.com' }],
    ['nobody in particular', 'hers', { person: undefined }],
    ['anybody, where it lies in no wallet', 'nobodys', {}],
    ['anybody, where there is none', 'none', {}],
  ])('pays nothing for %s, and says no more to one than to another', (_name, which, fields) => {
    const shop = shopOf()
    const hers = card(shop, 'CARD', 300, { holderId: shop.holder(ana).id })
    const ids: Readonly<Record<string, string>> = {
      hers,
      nobodys: card(shop, 'LOOSE', 300),
      none: 'gc_01kjm6jm000000000000000000',
    }
    shop.nextBatch()
    const before = shop.snapshot()
    expect(shop.put('A', order('placed', [byId(ids[which]!)], fields))).toMatchObject({
      refusal: 'tender_not_payable',
      details: { type: 'giftCard', reason: 'by its id a card pays only for whoever has it in her wallet' },
    })
    expect(shop.snapshot()).toEqual(before)
  })

  it('is the card of that code: both together are one card named twice', () => {
    const shop = shopOf()
    const id = card(shop, 'CARD', 300, { holderId: shop.holder(ana).id })
    shop.nextBatch()
    const twice = order('placed', [byId(id), { type: 'giftCard', code: 'CARD' }])
    expect(shop.put('A', twice).refusal).toBe('tender_not_payable')
  })
})

describe('tenders that cannot pay change nothing', () => {
  const nobody = { person: undefined }
  const cases: [string, object[], object, string, object][] = [
    [
      'more points than there are',
      [points({ points: 401 })],
      {},
      'balance_insufficient',
      { asked: 401, available: 400 },
    ],
    ['more money than points are worth', [points({ amount: 401 })], {}, 'balance_insufficient', { asked: 401 }],
    ['another programme', [points({ programme: 'other' })], {}, 'tender_not_payable', {}],
    ['points of nobody', [points()], nobody, 'tender_not_payable', {}],
    ['credit of nobody', [{ type: 'credit' }], nobody, 'tender_not_payable', {}],
    ['credit that is not there', [{ type: 'credit', amount: 1 }], {}, 'balance_insufficient', { available: 0 }],
    ['another currency', [points()], { currency: 'USD' }, 'tender_not_payable', {}],
    ['points twice', [points({ points: 1 }), points({ points: 1 })], {}, 'tender_not_payable', {}],
    [
      'a card twice',
      [
        { type: 'giftCard', code: 'CARD' },
        { type: 'giftCard', code: 'ca-rd' },
      ],
      {},
      'tender_not_payable',
      {},
    ],
    ['fewer points than may be', [points({ points: 9 })], {}, 'points_below_minimum', { minimum: 10 }],
    ['more points than may be', [points({ points: 301 })], {}, 'tender_too_much', { most: 300, asked: 301 }],
    ['more than the order costs', [points({ points: 200 })], { lines: [line(199)] }, 'tender_too_much', { most: 199 }],
    ['a card nobody issued', [{ type: 'giftCard', code: 'NONE' }], {}, 'gift_card_unknown', {}],
    ['a card that is not active', [{ type: 'giftCard', code: 'NEW' }], {}, 'gift_card_inactive', {}],
    ['a card that is blocked', [{ type: 'giftCard', code: 'STOLEN' }], {}, 'gift_card_blocked', {}],
    ['a card that has ended', [{ type: 'giftCard', code: 'OLD' }], {}, 'gift_card_expired', {}],
    [
      'more than is on a card',
      [{ type: 'giftCard', code: 'CARD', amount: 51 }],
      {},
      'balance_insufficient',
      { available: 50 },
    ],
  ]
  test.each(cases)('%s', (_name, tenders, fields, refusal, details) => {
    const shop = rich(400, { burning: { minimum: 10, maximum: 300 } })
    card(shop, 'CARD', 50)
    card(shop, 'NEW', 0, { state: 'issued' })
    card(shop, 'STOLEN', 50, { state: 'blocked' })
    card(shop, 'OLD', 0, { expiresAt: shop.world().now })
    shop.nextBatch()
    const before = shop.snapshot()
    expect(shop.put('A', order('placed', tenders, fields))).toMatchObject({ refusal, details })
    expect(shop.snapshot()).toEqual(before)
  })

  it('but without a programme in the workspace, and of cards of another system, only the type counts', () => {
    const shop = smallWorld()
    const { answer } = shop.put('A', { ...order('placed', [{ type: 'points' }, { type: 'giftCard', amount: 5 }]) })
    expect(answer).not.toHaveProperty('paid')
  })
})

describe('several tenders of one order', () => {
  it('pay in the order given, each as much as is there and left', () => {
    const shop = rich(300)
    const id = card(shop, 'CARD', 250)
    give(shop, shop.holder(ana).id, moneyOf('credit', 'EUR'), 1000)
    const tenders = [{ type: 'giftCard', code: 'card' }, points(), { type: 'credit' }, { type: 'card' }]
    expect(shop.put('A', order('placed', tenders)).answer).toMatchObject({
      paid: [
        { type: 'giftCard', card: id, amount: 250, left: 0 },
        { type: 'points', points: 300, amount: 300 },
        { type: 'credit', amount: 450, left: 550 },
      ],
      due: 0,
    })
    expect(has(shop, moneyOf('credit', 'EUR')).main).toBe(550)
  })
})

describe('what comes back of an order that stored tenders paid', () => {
  it('goes to them first, points in proportion, and the rest is paid out', () => {
    const shop = rich(300)
    shop.put('A', order('placed', [points(), { type: 'card' }], { lines: [line(250, 4)] }))
    const back = (id: string) => shop.giveBack('A', { id, lines: [{ id: '1', quantity: 1 }] }).answer?.refunds
    expect(back('r1')).toEqual([{ type: 'points', programme: 'club', points: 250, amount: 250 }])
    expect(has(shop).main).toBe(250)
    expect(back('r2')).toEqual([
      { type: 'points', programme: 'club', points: 50, amount: 50 },
      { type: 'other', amount: 200 },
    ])
    expect(has(shop).main).toBe(300)
    expect(back('r3')).toEqual([{ type: 'other', amount: 250 }])
  })

  it('asked in a dry run changes nothing', () => {
    const shop = rich(300)
    shop.put('A', order('placed', [points()]))
    shop.nextBatch()
    const before = shop.snapshot()
    const { answer } = shop.giveBack('A', { id: 'r', lines: [{ id: '1', quantity: 1 }] }, { dryRun: true })
    expect(answer?.refunds).toHaveLength(2)
    expect(shop.snapshot()).toEqual(before)
  })

  it('ends again at once where its lot has ended, or after the grace of the programme', () => {
    const day = 86_400_000
    for (const graceDays of [0, 10]) {
      const shop = shopWith({ returns: { graceDays } })
      give(shop, shop.holder(ana).id, club, 300, shop.world().now + day)
      shop.put('A', order('placed', [points()]))
      shop.later(2 * 86_400)
      shop.giveBack('A', { id: 'r', lines: [{ id: '1', quantity: 1 }] })
      shop.nextBatch()
      expect(has(shop).main).toBe(graceDays === 0 ? 0 : 300)
      // The last day of grace is a whole one.
      shop.later(11 * 86_400)
      shop.nextBatch()
      expect(has(shop).main).toBe(0)
    }
  })

  it('ends with the same lots whatever the split and order of the returns', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 })
    const asked = fc.record({
      lots: sizes,
      cards: fc.integer({ min: 0, max: 200 }),
      prices: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 6 }),
      worth: fc.integer({ min: 1, max: 250 }),
      kept: fc.integer({ min: 0, max: 3 }),
      cut: fc.integer({ min: 1, max: 5 }),
      reverse: fc.boolean(),
    })
    fc.assert(
      fc.property(asked, ({ lots, cards, prices, worth, kept, cut, reverse }) => {
        const count = Math.max(1, prices.length - kept)
        const ended = [[count], [cut, 1, count]].map((split, turn) => {
          const shop = shopWith({ rate: { points: 100, worth: { amount: worth, currency: 'EUR' } } })
          for (const [index, amount] of lots.entries())
            give(shop, shop.holder(ana).id, club, amount, shop.world().now + 9e9 + index)
          card(shop, 'CARD', cards)
          const lines = prices.map((unitPrice, index) => ({ ...line(unitPrice), id: `${index}` }))
          const tenders = [points(), { type: 'giftCard', code: 'CARD' }].slice(0, cards > 0 ? 2 : 1)
          shop.put('A', order('placed', tenders, { lines }))
          const coming = lines.slice(0, count).map(it => ({ id: it.id, quantity: 1 }))
          if (turn > 0 && reverse) coming.reverse()
          for (const [index, size] of split.entries()) {
            const now = coming.splice(0, size)
            if (now.length > 0) shop.giveBack('A', { id: `r${index}`, lines: now })
          }
          expect(coming).toEqual([])
          return [...shop.world().book.lots.values()].map(it => [it.asset, it.amount, it.remaining, it.expiresAt])
        })
        expect(ended[0]).toEqual(ended[1])
        const isWhole = ended[0]!.every(([, amount, remaining]) => amount === remaining)
        if (count === prices.length) expect(isWhole).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

it('points that an open order holds pay what she owes by now, and not the order that is asked for anew', () => {
  const per = { amount: 1, currency: 'EUR', points: 1 }
  const earning = { trigger: { on: 'basket' as const }, benefit: { kind: 'points' as const, programme: 'club', per } }
  const shop = shopWith({ returns: { earned: 'unlimited' } }, { offers: { earning } })
  join(shop.nextBatch(), shop.holder(ana), shop.world().catalogue.programmes.get('club')!, { source: 'till' })
  shop.put('A', order('placed', [], { lines: [line(60)] }))
  const hold = { seconds: 600 }
  expect(shop.put('B', order('open', [points()], { lines: [line(60)], hold })).answer?.paid).toMatchObject([
    { points: 60 },
  ])
  shop.giveBack('A', { id: 'r', lines: [{ id: '1', quantity: 1 }] })
  expect(shop.put('B', order('open', [points()], { lines: [line(80)], hold })).answer?.paid).toMatchObject([
    { points: 0, left: 0 },
  ])
  expect(shop.put('C', order('placed', [points({ points: 1 })])).refusal).toBe('balance_insufficient')
})
