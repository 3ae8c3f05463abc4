import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addArticle,
  changePrice,
  emptySale,
  orderLines,
  setQuantity,
  subtotalOf,
  takeOff,
  toggleTender,
  withCustomer,
} from './basket.ts'

const latte = { sku: 'LATTE', name: 'Caffè latte', price: 450, category: 'coffee' }
const mug = { sku: 'MUG', name: 'Mug', price: 900 }
const by = { reason: 'goodwill', supervisor: 'clk_1' } as const

it('puts the same article onto one line, and none of it is no line', () => {
  const sale = addArticle(addArticle(addArticle(emptySale('A-0001'), latte), mug), latte, 2)
  expect(sale.lines.map(({ id, sku, quantity }) => [id, sku, quantity])).toEqual([
    ['1', 'LATTE', 3],
    ['2', 'MUG', 1],
  ])
  expect(setQuantity(sale, '1', 0).lines.map(it => it.sku)).toEqual(['MUG'])
})

it('lets nobody pay out of the wallet of the customer before; a card whose code was shown stays', () => {
  const code = { type: 'giftCard', code: '7KQ2' } as const
  const hers = [{ type: 'points', programme: 'club' }, { type: 'giftCard', card: 'gc_1' }, { type: 'credit' }] as const
  const ana = withCustomer(emptySale('A-0001'), { ref: 'email:ana@example.com', isKnown: true })
  const paying = [...hers, code].reduce(toggleTender, ana)
  expect(toggleTender(paying, { type: 'giftCard', card: 'gc_1' }).tenders).toEqual([hers[0], hers[2], code])
  expect(withCustomer(paying, { ref: 'email:ben@example.com', isKnown: true }).tenders).toEqual([code])
  expect(withCustomer(paying)).toEqual({ ...emptySale('A-0001'), tenders: [code] })
})

it('keeps what a supervisor allowed with the line, and what the price was at first', () => {
  const sale = addArticle(emptySale('A-0001'), latte)
  const twice = changePrice(changePrice(sale, '1', 400, { reason: 'damaged' }), '1', 300, by)
  expect(orderLines(twice.lines)).toEqual([
    {
      id: '1',
      sku: 'LATTE',
      name: 'Caffè latte',
      category: 'coffee',
      quantity: 1,
      unitPrice: 300,
      attributes: { priceWas: 450, priceReason: 'goodwill', supervisor: 'clk_1' },
    },
  ])
  // The next one of it is sold at the price of the list.
  expect(addArticle(twice, latte).lines.map(it => it.unitPrice)).toEqual([300, 450])
})

it('parts units that cannot share an amount evenly', () => {
  const sale = takeOff(addArticle(emptySale('A-0001'), latte, 3), 100, by)
  expect(sale.lines.map(({ id, quantity, unitPrice }) => [id, quantity, unitPrice])).toEqual([
    ['1', 2, 417],
    ['2', 1, 416],
  ])
})

it('takes exactly so much off as was allowed, never a price below nothing, and no unit away', () => {
  const article = fc.record({ quantity: fc.integer({ min: 1, max: 40 }), price: fc.integer({ min: 0, max: 5000 }) })
  fc.assert(
    fc.property(fc.array(article, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 60_000 }), (all, off) => {
      const sale = all.reduce(
        (it, { quantity, price }, index) => addArticle(it, { sku: `S${index}`, name: 'x', price }, quantity),
        emptySale('A-0001'),
      )
      const less = takeOff(sale, off, by)
      expect(subtotalOf(less)).toBe(subtotalOf(sale) - Math.min(off, subtotalOf(sale)))
      expect(less.lines.every(it => it.unitPrice >= 0 && it.quantity > 0)).toBe(true)
      const units = (lines: typeof sale.lines) => lines.reduce((sum, it) => sum + it.quantity, 0)
      expect(units(less.lines)).toBe(units(sale.lines))
      expect(new Set(less.lines.map(it => it.id)).size).toBe(less.lines.length)
    }),
  )
})
