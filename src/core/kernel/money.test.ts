import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { currencyDecimals, formatMoney, isCurrency, isPercent, percentOf, splitLargestRemainder } from './money.ts'

test.each([
  ['EUR', 2],
  ['USD', 2],
  ['IDR', 2],
  ['JPY', 0],
  ['XOF', 0],
  ['KWD', 3],
  ['TND', 3],
  ['CLF', 4],
])('%s has %i decimals (ISO 4217)', (code, decimals) => {
  expect(isCurrency(code)).toBe(true)
  expect(currencyDecimals(code)).toBe(decimals)
})

test.each(['eur', 'EURO', 'XXX', '', 'ZZZ', '__proto__'])('%j is no currency', code => {
  expect(isCurrency(code)).toBe(false)
})

test.each([
  [1234, 'EUR', '12.34'],
  [5, 'EUR', '0.05'],
  [0, 'EUR', '0.00'],
  [-5, 'EUR', '-0.05'],
  [1234, 'JPY', '1234'],
  [1234, 'KWD', '1.234'],
  [Number.MAX_SAFE_INTEGER, 'EUR', '90071992547409.91'],
])('%i minor units of %s read %s', (minor, currency, text) => {
  expect(formatMoney(minor, currency)).toBe(text)
})

test('the example of the README: 20 % off 900, 450 and 30', () => {
  expect(splitLargestRemainder(percentOf(1380, 20), [900, 450, 30])).toEqual([180, 90, 6])
})

describe('a split', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [10, [900, 0, 100], [9, 0, 1]],
    [2, [0, 0, 0], [1, 1, 0]],
    [0, [3, 4], [0, 0]],
    [0, [], []],
    [1, [1, 2, 2], [0, 1, 0]],
    [Number.MAX_SAFE_INTEGER, [1, 1], [4503599627370496, 4503599627370495]],
  ])('of %i over %j is %j', (total, weights, parts) => {
    expect(splitLargestRemainder(total, weights)).toEqual(parts)
  })

  const amount = fc.oneof(fc.integer(), fc.maxSafeInteger())
  const weight = fc.oneof(fc.constant(0), fc.nat(5000), fc.maxSafeNat())

  it('adds up, and each part is within one unit of its exact share (promise 7)', () => {
    fc.assert(
      fc.property(amount, fc.array(weight, { minLength: 1, maxLength: 40 }), (total, weights) => {
        const parts = splitLargestRemainder(total, weights)
        const allZero = weights.every(each => each === 0)
        const shares = weights.map(each => (allZero ? 1n : BigInt(each)))
        const sum = shares.reduce((left, right) => left + right, 0n)
        expect(parts.reduce((left, part) => left + BigInt(part), 0n)).toBe(BigInt(total))
        parts.forEach((part, index) => {
          const gap = BigInt(part) * sum - BigInt(total) * shares[index]!
          expect(gap < sum && gap > -sum).toBe(true)
        })
        if (!allZero) expect(parts.filter((part, index) => weights[index] === 0 && part !== 0)).toEqual([])
      }),
    )
  })

  it('gives the odd unit of equal weights to the earlier parts', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), weight, (total, count, each) => {
        const parts = splitLargestRemainder(total, Array<number>(count).fill(each))
        expect(parts).toEqual([...parts].sort((left, right) => right - left))
      }),
    )
  })

  it('of something over nothing, or by a fraction, is a bug', () => {
    expect(() => splitLargestRemainder(1, [])).toThrow(RangeError)
    expect(() => splitLargestRemainder(1.5, [1])).toThrow(RangeError)
    expect(() => splitLargestRemainder(1, [0.5])).toThrow(RangeError)
    expect(() => splitLargestRemainder(1, [-1, 2])).toThrow(RangeError)
  })
})

describe('a percentage', () => {
  test.each([
    [900, 20, 180],
    [25, 10, 2],
    [35, 10, 4],
    [-25, 10, -2],
    [-35, 10, -4],
    [26, 10, 3],
    [100_000, 1.005, 1005],
    [1, 100, 1],
    [999, 33.3333, 333],
    [Number.MAX_SAFE_INTEGER, 99.9999, 9007190247541736],
  ])('of %s at %s percent is %s', (amount, percent, result) => {
    expect(percentOf(amount, percent)).toBe(result)
  })

  it('is the decimal calculation, for every percent of four decimals', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(1_000_000), (amount, scaled) => {
        const result = BigInt(percentOf(amount, Number(`${scaled}e-4`)))
        const twiceGap = 2n * (result * 1_000_000n - BigInt(amount) * BigInt(scaled))
        expect(twiceGap <= 1_000_000n && twiceGap >= -1_000_000n).toBe(true)
        if (twiceGap === 1_000_000n || twiceGap === -1_000_000n) expect(result % 2n).toBe(0n)
      }),
    )
  })

  test.each([1 / 3, 0.00001, -1, Number.NaN, Number.POSITIVE_INFINITY])('%s is not one we calculate', percent => {
    expect(isPercent(percent)).toBe(false)
    expect(() => percentOf(100, percent)).toThrow(RangeError)
  })
})
