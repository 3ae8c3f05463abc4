import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Effect } from '../offers/kinds/benefit-kind.ts'
import { applyEffect, basketAt, type Prices, pricesOf, type Run, runsOf, shareOut } from './prices.ts'
import type { OrderLine } from './schema.ts'

type Order = Parameters<typeof pricesOf>[0]

/** '3 x 450' is three units at 4.50, '980' an amount for the whole line. */
const orderOf = (text: string, shipping = 0): Order => ({
  currency: 'EUR',
  shipping,
  lines: text.split(', ').map((line, index): OrderLine => {
    const [quantity, unitPrice] = line.split(' x ').map(Number)
    const named = { id: String(index), sku: 'LATTE' }
    return unitPrice === undefined ? { ...named, amount: quantity! } : { ...named, quantity: quantity!, unitPrice }
  }),
})

/** '1 at 300 taken + 2 at 450': units that are alike, dots where nothing told them apart. */
const runsText = (runs: readonly Run[] | undefined): string =>
  runs?.map(({ count, left, taken }) => `${count} at ${left}${taken ? ' taken' : ''}`).join(' + ') ?? '…'

const told = ({ lines, runs, shipping, total }: Prices) => ({ lines, runs: runs.map(runsText), shipping, total })

const lines = (...lines: number[]) => ({ lines })
const units = (...picks: [line: number, run: number, count: number][]) => ({
  units: picks.map(([line, run, count]) => ({ line, run, count })),
})
const takes = (...picks: [line: number, run: number, count: number][]) => units(...picks).units

describe('what an effect comes to', () => {
  test.each<[string, string, Effect, { lines: number[]; runs: string[]; amount: number }]>([
    ['nothing', '2 x 450', {}, { lines: [900], runs: ['…'], amount: 0 }],
    [
      'over lines by largest remainder, ties by line order',
      '1 x 100, 1 x 100, 1 x 100',
      { off: [{ amount: 100, over: lines(0, 1, 2) }] },
      { lines: [66, 67, 67], runs: ['…', '…', '…'], amount: 100 },
    ],
    [
      'no more than its lines cost',
      '1 x 100, 1 x 50, 1 x 900',
      { off: [{ amount: 500, over: lines(0, 1) }] },
      { lines: [0, 0, 900], runs: ['…', '…', '…'], amount: 150 },
    ],
    [
      'nothing off what is free',
      '1 x 0, 2 x 0',
      { off: [{ amount: 500, over: lines(0, 1) }] },
      { lines: [0, 0], runs: ['…', '…'], amount: 0 },
    ],
    [
      'one after the other, each to what the one before left',
      '1 x 100',
      { off: [70, 70].map(amount => ({ amount, over: lines(0) })) },
      { lines: [0], runs: ['…'], amount: 100 },
    ],
    [
      'over no lines at all',
      '1 x 100',
      { off: [{ amount: 5, over: lines() }] },
      { lines: [100], runs: ['…'], amount: 0 },
    ],
    [
      'off the first units of a line',
      '3 x 450',
      { off: [{ amount: 300, over: units([0, 0, 1]) }] },
      { lines: [1050], runs: ['1 at 150 + 2 at 450'], amount: 300 },
    ],
    [
      'over units, what does not divide to the first of them',
      '3 x 450',
      { off: [{ amount: 100, over: units([0, 0, 3]) }] },
      { lines: [1250], runs: ['1 at 416 + 2 at 417'], amount: 100 },
    ],
    [
      'over units of several lines, by what they cost',
      '2 x 300, 1 x 400',
      { off: [{ amount: 100, over: units([1, 0, 1], [0, 0, 2]) }] },
      { lines: [540, 360], runs: ['2 at 270', '1 at 360'], amount: 100 },
    ],
    [
      'no more than its units cost',
      '3 x 10',
      { off: [{ amount: 25, over: units([0, 0, 2]) }] },
      { lines: [10], runs: ['2 at 0 + 1 at 10'], amount: 20 },
    ],
    [
      'units that are taken, at their price',
      '3 x 450',
      { takes: takes([0, 0, 2]) },
      { lines: [1350], runs: ['2 at 450 taken + 1 at 450'], amount: 0 },
    ],
    [
      'units that are got and paid: first the one it takes money off',
      '3 x 450',
      { off: [{ amount: 450, over: units([0, 0, 1]) }], takes: takes([0, 0, 3]) },
      { lines: [900], runs: ['1 at 0 taken + 2 at 450 taken'], amount: 450 },
    ],
    [
      'two amounts over one run: one unit after the other',
      '4 x 100',
      {
        off: [
          { amount: 100, over: units([0, 0, 1]) },
          { amount: 51, over: units([0, 0, 2]) },
        ],
      },
      { lines: [249], runs: ['1 at 0 + 1 at 74 + 1 at 75 + 1 at 100'], amount: 151 },
    ],
    [
      'a weighed line as one unit',
      '980',
      { off: [{ amount: 80, over: units([0, 0, 1]) }], takes: takes([0, 0, 1]) },
      { lines: [900], runs: ['1 at 900 taken'], amount: 80 },
    ],
  ])('%s', (_, text, effect, { lines, runs, amount }) => {
    const order = orderOf(text)
    const change = applyEffect(order, pricesOf(order), effect, 7)
    const total = lines.reduce((sum, price) => sum + price, 0)
    expect(told(change.prices)).toEqual({ lines, runs, shipping: 0, total })
    expect([change.amount, change.shipping, change.gives]).toEqual([amount, 0, []])
    expect(change.offLines.reduce((sum, it) => sum + it.amount, 0)).toBe(amount)
  })

  test.each([
    ['less than it costs', 300, 300],
    ['what it costs', 490, 490],
    ['no more than it costs', 900, 490],
  ])('off shipping: %s', (_, shipping, off) => {
    const order = orderOf('1 x 100', 490)
    const change = applyEffect(order, pricesOf(order), { shipping }, 0)
    expect([change.amount, change.shipping, change.prices.shipping, change.prices.total]).toEqual([
      off,
      off,
      490 - off,
      100,
    ])
  })

  it('leaves the prices it was given alone, and takes what was told apart further apart', () => {
    const order = orderOf('4 x 100')
    const start = pricesOf(order)
    const first = applyEffect(order, start, { off: [{ amount: 100, over: units([0, 0, 2]) }] }, 1).prices
    const second = applyEffect(order, first, { off: [{ amount: 30, over: units([0, 0, 1], [0, 1, 1]) }] }, 2).prices
    expect(told(start)).toEqual({ lines: [400], runs: ['…'], shipping: 0, total: 400 })
    expect(told(first)).toEqual({ lines: [300], runs: ['2 at 50 + 2 at 100'], shipping: 0, total: 300 })
    expect(told(second)).toEqual({
      lines: [270],
      runs: ['1 at 40 + 1 at 50 + 1 at 80 + 1 at 100'],
      shipping: 0,
      total: 270,
    })
    expect(second.runs[0]!.map(run => run.shares.map(({ by, amount }) => [by, amount]))).toEqual([
      [
        [1, 50],
        [2, 10],
      ],
      [[1, 50]],
      [[2, 20]],
      [],
    ])
  })

  it('is exact for ten thousand units, in no more runs than there are prices', () => {
    const order = orderOf('10000 x 333')
    const { prices } = applyEffect(
      order,
      pricesOf(order),
      { off: [{ amount: 1_234_567, over: units([0, 0, 9_999]) }] },
      0,
    )
    expect(told(prices)).toEqual({
      lines: [3_330_000 - 1_234_567],
      runs: ['4690 at 209 + 5309 at 210 + 1 at 333'],
      shipping: 0,
      total: 3_330_000 - 1_234_567,
    })
  })

  it('is exact near 2^53', () => {
    const most = Number.MAX_SAFE_INTEGER
    const order = orderOf(`3 x ${(most - 1) / 6}, ${(most - 1) / 2}`)
    const start = pricesOf(order)
    expect(start.total).toBe(most - 1)
    const half = (most - 1) / 2
    expect(applyEffect(order, start, { off: [{ amount: half, over: lines(0, 1) }] }, 0).prices.total).toBe(half)
    const { prices } = applyEffect(order, start, { off: [{ amount: half - 1, over: units([0, 0, 3]) }] }, 0)
    expect(told(prices)).toEqual({ lines: [1, half], runs: ['2 at 0 + 1 at 1', '…'], shipping: 0, total: half + 1 })
  })
})

describe('the basket as a benefit sees it', () => {
  const order = orderOf('3 x 450, 980', 490)
  const asked = { matching: () => [0], amount: () => undefined, choice: undefined, stock: () => 0 }
  const off = applyEffect(order, pricesOf(order), { off: [{ amount: 300, over: units([0, 0, 1]) }], shipping: 90 }, 0)

  it('reckons with what is left, or with what it cost before anything', () => {
    const [initial, running] = (['initial', 'running'] as const).map(base => {
      const { size, currency, price, left, units, shipping } = basketAt(order, off.prices, base, asked)
      return { size, currency, price: [price(0), price(1)], left: [left(0), left(1)], units: units(0), shipping }
    })
    const common = { size: 2, currency: 'EUR', left: [1050, 980], shipping: 400 }
    const first = { count: 1, left: 150, taken: false }
    const rest = { count: 2, left: 450, taken: false }
    expect(running).toEqual({
      ...common,
      price: [1050, 980],
      units: [
        { ...first, price: 150 },
        { ...rest, price: 450 },
      ],
    })
    expect(initial).toEqual({
      ...common,
      price: [1350, 980],
      units: [
        { ...first, price: 450 },
        { ...rest, price: 450 },
      ],
    })
  })
})

describe('the shares of units in what came off their line', () => {
  const run = (count: number, left: number): Run => ({ count, initial: left, left, taken: false, shares: [] })
  const third = 2 ** 51 - (2 ** 52 - 1) / 3
  test.each<[string, Run[], number, string]>([
    ['nothing', [run(3, 450)], 0, '3 at 450'],
    ['off what is free', [run(3, 0)], 0, '3 at 0'],
    ['alike', [run(3, 450)], 300, '3 at 350'],
    ['what does not divide, to the first', [run(3, 450)], 100, '1 at 416 + 2 at 417'],
    ['all there is', [run(2, 5), run(1, 7)], 17, '2 at 0 + 1 at 0'],
    ['by what each costs', [run(1, 300), run(1, 100)], 100, '1 at 225 + 1 at 75'],
    ['by the largest remainder, though it comes last', [run(1, 2), run(1, 1)], 2, '1 at 1 + 1 at 0'],
    ['ties to the earlier', [run(1, 3), run(1, 3)], 3, '1 at 1 + 1 at 2'],
    ['nothing to units that are free', [run(2, 0), run(3, 10)], 10, '2 at 0 + 1 at 6 + 2 at 7'],
    ['of ten thousand', [run(9_999, 333), run(1, 1)], 7, '7 at 332 + 9992 at 333 + 1 at 1'],
    ['near 2^53', [run(2, 2 ** 51), run(1, 2 ** 51)], 2 ** 52 + 1, `2 at ${third - 1} + 1 at ${third}`],
  ])('%s', (_, runs, amount, expected) => {
    const shared = shareOut(runs, amount, 4)
    expect(runsText(shared)).toBe(expected)
    const cost = (of: readonly Run[]) => of.reduce((sum, { count, left }) => sum + BigInt(count) * BigInt(left), 0n)
    expect(cost(shared)).toBe(cost(runs) - BigInt(amount))
    expect(shared.every(({ left, initial, shares }) => shares.every(it => it.amount === initial - left))).toBe(true)
  })

  it('are those of the exact quotients, whether or not plain numbers could hold them', () => {
    const anyRun = fc.record({ count: fc.integer({ min: 1, max: 50 }), left: fc.oneof(fc.nat(99), fc.nat(2 ** 46)) })
    fc.assert(
      fc.property(
        fc.array(anyRun, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, part) => {
          const runs = of.map(({ count, left }) => run(count, left))
          const singles = runs.flatMap(({ count, left }) => Array.from({ length: count }, () => left))
          const all = singles.reduce((sum, left) => sum + left, 0)
          const amount = Math.floor(all * part)
          const shared = shareOut(runs, amount, 0).flatMap(({ count, initial, left }) =>
            Array.from({ length: count }, () => initial - left),
          )
          expect(shared.reduce((sum, share) => sum + share, 0)).toBe(amount)
          for (const [unit, share] of shared.entries()) {
            const exact = all === 0 ? 0n : (BigInt(amount) * BigInt(singles[unit]!)) / BigInt(all)
            expect([exact, exact + 1n]).toContain(BigInt(share))
            expect(share).toBeLessThanOrEqual(singles[unit]!)
          }
        },
      ),
    )
  })
})

test('a line is told apart as it stands in the order', () => {
  const [coffee, apples] = orderOf('3 x 450, 980').lines
  expect([runsOf(coffee!, undefined), runsOf(apples!, undefined)].map(runsText)).toEqual(['3 at 450', '1 at 980'])
})
