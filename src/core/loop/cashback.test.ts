import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { moneyOf } from '../ledger/account.ts'
import { balanceOf } from '../ledger/book.ts'
import { savedSince } from '../rules/history.ts'

const ana = 'email:ana@example.com'
const asset = moneyOf('cashback', 'EUR')
const line = (id: string, unitPrice: number, quantity = 1, category = 'coffee') => ({
  id,
  sku: id,
  category,
  quantity,
  unitPrice,
})
const order = (fields: object = {}) => ({ state: 'placed', person: ana, lines: [line('1', 1000)], ...fields })
const giving = (benefit: object, more: object = {}) =>
  smallWorld({
    people: [[ana]],
    offers: { back: { trigger: { on: 'basket' }, benefit: { kind: 'cashback', ...benefit }, ...more } },
  })
const has = (shop: SmallWorld) => {
  const { book } = shop.world()
  const owner = shop.holder(ana).id
  return { main: balanceOf(book, owner, asset, 'main'), pending: balanceOf(book, owner, asset, 'pending') }
}
const back = (shop: SmallWorld, id: string, lines: object[]) => shop.giveBack('A', { id, lines }).answer
const tender = { type: 'cashback' }

describe('cashback', () => {
  it('is a part of what is paid, rounded down, and pays the next order', () => {
    const shop = giving({ percent: 5 })
    const { answer } = shop.put('A', order({ lines: [line('1', 1999)] }))
    expect(answer?.cashback).toEqual([
      { offer: shop.offerId('back'), amount: 99, currency: 'EUR', state: 'active', activeAt: null, expiresAt: null },
    ])
    expect(has(shop)).toEqual({ main: 99, pending: 0 })
    const next = shop.put('B', order({ tenders: [tender] })).answer
    expect(next).toMatchObject({ paid: [{ type: 'cashback', amount: 99, left: 0 }], due: 901 })
    // What was paid with cashback gives none: 5 % of 9.01.
    expect(next?.cashback).toMatchObject([{ amount: 45 }])
  })

  it('is value that she received, also where there is no programme, until what it paid for comes back', () => {
    const shop = giving({ percent: 50 })
    const received = () => savedSince([shop.holder(ana).statistics])
    shop.put('A', order())
    expect(received()).toEqual({})
    shop.put('B', order({ tenders: [tender] }))
    expect(received()).toEqual({ EUR: 500 })
    shop.giveBack('B', { id: 'r', lines: [{ id: '1', quantity: 1 }] })
    expect(received()).toEqual({})
  })

  it('counts the items it is for, and at most so much', () => {
    const shop = giving({ percent: 10, lines: "line.category == 'coffee'", max: 150, currency: 'EUR' })
    const mixed = (price: number) => order({ lines: [line('1', price), line('2', 5000, 1, 'tea')] })
    expect(shop.put('A', mixed(1000)).answer?.cashback).toMatchObject([{ amount: 100 }])
    expect(shop.put('B', mixed(2000)).answer?.cashback).toMatchObject([{ amount: 150 }])
  })

  it('waits where it is pending, and ends where it ends', () => {
    const shop = giving({ amount: 200, currency: 'EUR', pending: { days: 14 }, expiry: { kind: 'after', days: 30 } })
    expect(shop.put('A', order()).answer?.cashback).toMatchObject([
      { amount: 200, state: 'pending', activeAt: '2026-03-15T23:00:00.000Z', expiresAt: '2026-04-01T22:00:00.000Z' },
    ])
    expect(has(shop)).toEqual({ main: 0, pending: 200 })
    shop.later(14 * 86_400)
    shop.nextBatch()
    expect(has(shop)).toEqual({ main: 200, pending: 0 })
    shop.later(17 * 86_400)
    shop.nextBatch()
    expect(has(shop)).toEqual({ main: 0, pending: 0 })
  })

  it('is shown by an open order, and booked by a held one when it is placed', () => {
    const shop = giving({ percent: 5 })
    const open = order({ state: 'open', hold: { seconds: 60 } })
    expect(shop.put('A', open).answer?.cashback).toMatchObject([{ amount: 50 }])
    expect(has(shop)).toEqual({ main: 0, pending: 0 })
    expect(shop.put('A', order()).answer?.cashback).toMatchObject([{ amount: 50 }])
    expect(has(shop)).toEqual({ main: 50, pending: 0 })
  })

  it('is for somebody, and for something', () => {
    const shop = giving({ percent: 5 })
    const codeOf = (body: object) => shop.put('X', body).answer?.refused[0]?.reason.code
    expect(shop.put('N', order({ person: undefined })).answer).not.toHaveProperty('cashback')
    expect(codeOf(order({ lines: [line('1', 19)] }))).toBe('no_effect')
  })

  it('goes with a cancelled order, as far as it is there', () => {
    const shop = giving({ percent: 50 })
    shop.put('A', order())
    shop.put('B', order({ lines: [line('1', 300)], tenders: [tender] }))
    expect(has(shop).main).toBe(200)
    shop.put('A', { state: 'cancelled' })
    expect(has(shop).main).toBe(0)
  })

  it('goes with what comes back, and says what was spent already', () => {
    const shop = giving({ percent: 10 })
    shop.put('A', order({ lines: [line('1', 1000, 2)] }))
    shop.put('B', order({ lines: [line('1', 150)], tenders: [tender] }))
    expect(has(shop).main).toBe(50)
    const one = back(shop, 'r1', [{ id: '1', quantity: 1 }])
    expect(one?.cashbackBack).toEqual([{ offer: shop.offerId('back'), amount: 50, short: 50 }])
    expect(has(shop).main).toBe(0)
  })

  it('ends the same whatever the split and order of what comes back', () => {
    const asked = fc.record({
      percent: fc.integer({ min: 1, max: 9900 }).map(it => it / 100),
      prices: fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 6 }),
      kept: fc.integer({ min: 0, max: 3 }),
      cut: fc.integer({ min: 1, max: 4 }),
      reverse: fc.boolean(),
    })
    let taken = 0
    fc.assert(
      fc.property(asked, ({ percent, prices, kept, cut, reverse }) => {
        const ended = [[prices.length], [cut, 1, prices.length]].map((split, turn) => {
          const shop = giving({ percent })
          const lines = prices.map((price, index) => line(`${index}`, price))
          shop.put('A', order({ lines }))
          const given = has(shop).main
          const coming = lines.slice(0, Math.max(1, prices.length - kept)).map(it => ({ id: it.id, quantity: 1 }))
          if (turn > 0 && reverse) coming.reverse()
          for (const [index, size] of split.entries()) {
            const now = coming.splice(0, size)
            if (now.length > 0) back(shop, `r${index}`, now)
          }
          expect(coming).toEqual([])
          taken += given - has(shop).main
          if (kept === 0) expect(has(shop).main).toBe(0)
          return has(shop)
        })
        expect(ended[0]).toEqual(ended[1])
      }),
      { numRuns: 60 },
    )
    expect(taken).toBeGreaterThan(1000)
  })
})
