import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiply, parseDecimal, toMinorUnits } from './decimal.ts'

const minor = (value: unknown, decimals: number): number | undefined => {
  const decimal = parseDecimal(value)
  return decimal && toMinorUnits(decimal, decimals)
}

test.each<[unknown, number, number | undefined]>([
  [3.86, 2, 386],
  ['3.86', 2, 386],
  [' 3.860 ', 2, 386],
  [0.29, 2, 29],
  [1.005, 2, 100],
  ['1.015', 2, 102],
  ['1.0150001', 2, 102],
  ['-1.005', 2, -100],
  [-0.5, 0, 0],
  [1500, 0, 1500],
  ['1.2345', 3, 1234],
  [1e-7, 2, 0],
  ['1e3', 2, 100_000],
  ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
  ['90071992547409.92', 2, undefined],
  ['3,86', 2, undefined],
  ['€3', 2, undefined],
  ['', 2, undefined],
  [Number.POSITIVE_INFINITY, 2, undefined],
  [true, 2, undefined],
])('%j with %i decimals is %j minor units', (value, decimals, expected) => {
  // Object.is would tell 0 from -0; money does not.
  expect(minor(value, decimals)).toEqual(expected === undefined ? undefined : expected + 0)
})

test('an amount written with its own decimals comes back exactly, as text and as number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.constantFrom(0, 2, 3), (amount, decimals) => {
      const digits = String(amount).padStart(decimals + 1, '0')
      const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
      expect(minor(text, decimals)).toBe(amount)
      expect(minor(Number(text), decimals)).toBe(amount)
    }),
  )
})

test('a product is rounded once: 40 litres at 1.859 are 74.36', () => {
  expect(toMinorUnits(multiply(parseDecimal('1.859')!, parseDecimal(40)!), 2)).toBe(7436)
})
