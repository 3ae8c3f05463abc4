import { expect, it } from 'vitest'
import { readAmount } from './read-amount.ts'

it.each([
  ['4.5', 'EUR', 450],
  ['4,50', 'EUR', 450],
  ['1.234,50', 'EUR', 123_450],
  ['1,234.5', 'EUR', 123_450],
  ['1’234', 'CHF', 123_400],
  ['15.000', 'IDR', 1_500_000],
  ['1.234', 'KWD', 1234],
  ['500', 'JPY', 500],
  ['5.', 'EUR', 500],
  ['free', 'EUR', undefined],
  ['-1', 'EUR', undefined],
  ['', 'EUR', undefined],
  ['99999999999999999', 'EUR', undefined],
])('%s %s', (text, currency, minor) => {
  expect(readAmount(text, currency)).toBe(minor)
})
