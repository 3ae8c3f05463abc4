import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDecimal, toMinorUnits } from '../../core/events/decimal.ts'
import { moneyReader, quantityReader, weighedAmount } from './past-cells.ts'

test.each([
  ['2.55', 2, 255, true],
  ['2.5', 2, 250, true],
  ['3', 2, 300, true],
  ['3.', 2, 300, true],
  [' 3.10 ', 2, 310, true],
  ['2.550', 2, 255, true],
  ['1e3', 2, 100_000, true],
  ['-9.5', 2, -950, true],
  ['0.125', 2, 12, false],
  ['0.135', 2, 14, false],
  ['1.00000000000000001', 2, 100, false],
  ['99999999999', 4, 999_999_999_990_000, true],
])('an amount of %s with %i decimals is %i minor units, exactly: %s', (text, decimals, minor, isExact) => {
  expect(moneyReader(decimals)(text)).toEqual({ minor, isExact })
})

test.each(['', ' ', '.', '.5', '2,55', '1.2.3', '2-', '£2.55', 'NaN', 'Infinity', '0x10', '99999999999999999'])(
  '%j is no amount',
  text => {
    expect(moneyReader(2)(text)).toBeUndefined()
  },
)

test('short and long ways to read an amount agree', () => {
  const decimal = fc.stringMatching(/^\d{1,9}(\.\d{0,5})?$/)
  fc.assert(
    fc.property(decimal, fc.integer({ min: 0, max: 4 }), (text, decimals) => {
      expect(moneyReader(decimals)(text)?.minor).toBe(toMinorUnits(parseDecimal(text)!, decimals))
    }),
  )
})

test.each([
  ['6', 6],
  ['6.0', 6],
  ['-6', -6],
  ['0.734', 0.734],
  ['12 pcs', undefined],
  ['', undefined],
])('a quantity of %j is %s', (text, quantity) => {
  expect(quantityReader()(text)).toBe(quantity)
})

test('a weighed line is rounded once', () => {
  expect(weighedAmount('0.734', '12.50', 2)).toBe(918)
  expect(weighedAmount('0.5', '0.05', 2)).toBe(2)
  expect(weighedAmount('a', '1', 2)).toBeUndefined()
})
