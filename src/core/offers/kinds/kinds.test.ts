import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isPercent } from '../../kernel/money.ts'
import { type Benefit, benefit, benefitKinds, kindOf } from './index.ts'

const basket = (...prices: number[]) => prices.map((price, index) => ({ index, price }))
const percentOff = (fields: object = {}): Benefit => benefit.parse({ kind: 'percentOff', percent: 20, ...fields })
const amountOff = (fields: object = {}): Benefit =>
  benefit.parse({ kind: 'amountOff', amount: 100, currency: 'EUR', ...fields })
const max = { amount: 150, currency: 'EUR' }

test.each<[string, Benefit, number[], number]>([
  ['20 % of 9.00 and 3.80', percentOff(), [900, 380], 256],
  ['20 %, at most 1.50', percentOff({ max }), [900, 380], 150],
  ['20 % below the cap', percentOff({ max }), [500], 100],
  ['a cap of nothing gives nothing', percentOff({ max: { ...max, amount: 0 } }), [900], 0],
  ['100 %', percentOff({ percent: 100 }), [900, 380], 1280],
  ['half a cent to the even one', percentOff({ percent: 10 }), [25], 2],
  ['20 % of no line', percentOff(), [], 0],
  ['1.00 off', amountOff(), [900, 380], 100],
  ['1.00 off what costs less', amountOff(), [30, 20], 50],
  ['1.00 off of no line', amountOff(), [], 0],
])('%s', (_name, benefit, prices, discount) => {
  expect(kindOf(benefit).discount(benefit, basket(...prices))).toBe(discount)
})

test.each<[Benefit, string]>([
  [percentOff(), '20 % off'],
  [percentOff({ percent: 12.5, lines: 'true' }), '12.5 % off chosen items'],
  [percentOff({ max }), '20 % off, at most 1.50 EUR'],
  [amountOff(), '1.00 EUR off'],
  [amountOff({ amount: 500, currency: 'JPY', lines: 'true' }), '500 JPY off chosen items'],
  [amountOff({ amount: 1250, currency: 'KWD' }), '1.250 KWD off'],
])('%o reads "%s"', (benefit, sentence) => {
  expect(kindOf(benefit).sentence(benefit)).toBe(sentence)
})

describe('a benefit is refused when it is saved', () => {
  test.each([
    ['no percent at all', { kind: 'percentOff', percent: 0 }],
    ['more than all', { kind: 'percentOff', percent: 100.01 }],
    ['five decimals', { kind: 'percentOff', percent: 33.33333 }],
    ['a fifth decimal far behind, which broke every order it met', { kind: 'percentOff', percent: 12.34560000001 }],
    ['a percentage too small to calculate with', { kind: 'percentOff', percent: 1e-11 }],
    ['an amount of nothing', { kind: 'amountOff', amount: 0, currency: 'EUR' }],
    ['half a cent', { kind: 'amountOff', amount: 0.5, currency: 'EUR' }],
    ['an amount without its currency', { kind: 'amountOff', amount: 100 }],
    ['a field that nobody knows', { kind: 'amountOff', amount: 100, currency: 'EUR', limit: 5 }],
    ['a kind that nobody knows', { kind: 'freeShipping' }],
  ])('%s', (_name, body) => {
    expect(benefit.safeParse(body).success).toBe(false)
  })
})

describe('every kind', () => {
  const kinds = Object.entries(benefitKinds)

  it.each(kinds)('%s goes by its name and has examples of its own', (name, kind) => {
    expect(kind.kind).toBe(name)
    expect(kind.examples.length).toBeGreaterThan(0)
    for (const example of kind.examples) expect(benefit.parse(example)).toEqual(example)
  })

  it('takes off between nothing and everything, whatever is saved', () => {
    const any = fc.oneof(
      fc.record({
        kind: fc.constant('percentOff'),
        percent: fc.double({ min: 0, max: 100, noNaN: true }),
        max: fc.option(fc.record({ amount: fc.nat(5000), currency: fc.constant('EUR') }), { nil: undefined }),
      }),
      fc.record({
        kind: fc.constant('percentOff'),
        percent: fc.integer({ min: 1, max: 1_000_000 }).map(units => units / 10_000),
      }),
      fc.record({ kind: fc.constant('amountOff'), amount: fc.integer({ min: 1 }), currency: fc.constant('JPY') }),
    )
    let saved = 0
    fc.assert(
      fc.property(any, fc.array(fc.nat(2 ** 40), { maxLength: 5 }), (body, prices) => {
        const parsed = benefit.safeParse(body)
        if ('percent' in body) expect(parsed.success).toBe(body.percent > 0 && isPercent(body.percent))
        if (!parsed.success) return
        saved += 1
        const discount = kindOf(parsed.data).discount(parsed.data, basket(...prices))
        expect(Number.isSafeInteger(discount)).toBe(true)
        expect(discount).toBeGreaterThanOrEqual(0)
        expect(discount).toBeLessThanOrEqual(prices.reduce((sum, price) => sum + price, 0))
      }),
    )
    expect(saved).toBeGreaterThan(20)
  })
})
