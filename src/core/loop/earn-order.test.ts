import { describe, expect, it } from 'vitest'
import { type Setting, type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { balanceOf } from '../ledger/book.ts'
import { join } from './join.ts'

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
const club = (terms: object = {}, offers: NonNullable<Setting['offers']> = { base }): SmallWorld =>
  smallWorld({ programmes: { club: terms }, offers, people: [[ana]] })
const joined = (terms: object = {}, offers?: NonNullable<Setting['offers']>): SmallWorld => {
  const shop = club(terms, offers)
  const programme = shop.world().catalogue.programmes.get('club')!
  join(shop.nextBatch(), shop.holder(ana), programme, { source: 'till' })
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
