import { expect, it } from 'vitest'
import { changeOf, sumOf } from './measures.ts'

const row = (used: number, discounts: Record<string, number>) => ({
  bucket: '2026-03-01',
  group: null,
  orders: 1,
  used,
  returned: 0,
  given: 0,
  amounts: Object.entries(discounts).map(([currency, discount]) => ({ currency, discount, sales: 0, revenue: 0 })),
})

it('adds up what is counted, and money of one currency only', () => {
  const rows = [row(2, { EUR: 300, USD: 50 }), row(3, { EUR: 120 }), row(1, {})]
  expect(sumOf(rows, 'used', 'EUR')).toBe(6)
  expect(sumOf(rows, 'discount', 'EUR')).toBe(420)
  expect(sumOf(rows, 'discount', 'USD')).toBe(50)
  expect(sumOf([], 'used', 'EUR')).toBe(0)
})

it.each([
  [12, 10, 0.2],
  [5, 10, -0.5],
  [5, 0, undefined],
  [5, undefined, undefined],
])('%s where %s is usual is %s more', (now, before, change) => {
  const its = changeOf(now, before)
  expect(its === undefined ? its : Math.round(its * 100) / 100).toBe(change)
})
