import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type EarningSale, earnedOn, type Kept, type Reckoning, type Rounding } from './earn.ts'

const sale = (lines: readonly (readonly [quantity: number, each: number])[], more: Partial<EarningSale> = {}) => ({
  lines: lines.map(([quantity, each]) => ({ units: [{ quantity, each }] })),
  shipping: 0,
  paidOtherwise: 0,
  ...more,
})
const offer = (fields: Partial<Reckoning>): Reckoning => ({
  qualifying: 1,
  lines: undefined,
  most: undefined,
  ...fields,
})
/** So many points per so many minor units. */
const per = (points: number, amount: number, more: Partial<Reckoning> = {}) =>
  offer({ per: { points, amount }, ...more })
const pointsOf = (of: EarningSale, offers: readonly Reckoning[], rounding: Rounding = 'down', kept?: Kept) => {
  const { points, shares } = earnedOn(of, offers, rounding, kept)
  expect(shares.reduce((sum, it) => sum + it.points, 0)).toBe(points)
  return [points, ...shares.map(it => it.points)]
}
const only = (...lines: number[]) => ({ lines: new Set(lines) })

describe('what an order earns', () => {
  test.each<[string, EarningSale, Reckoning[], number[]]>([
    ['a point per euro', sale([[2, 1995]]), [per(1, 100)], [39, 39]],
    [
      'of lines together, not of each',
      sale([
        [1, 150],
        [1, 150],
      ]),
      [per(1, 100)],
      [3, 3],
    ],
    ['5 points per 10.00 in fractions', sale([[1, 1999]]), [per(5, 1000)], [9, 9]],
    ['5 points per whole 10.00', sale([[1, 1999]]), [offer({ per: { points: 5, amount: 1000, whole: true } })], [5, 5]],
    [
      '3 points a unit',
      sale([
        [4, 250],
        [1, 990],
      ]),
      [offer({ perUnit: 3 })],
      [15, 15],
    ],
    [
      'nothing for units that cost nothing',
      sale([
        [4, 0],
        [1, 990],
      ]),
      [offer({ perUnit: 3 })],
      [3, 3],
    ],
    ['a fixed number', sale([[1, 1]]), [offer({ fixed: 100 })], [100, 100]],
    [
      'some lines only',
      sale([
        [1, 1000],
        [1, 500],
      ]),
      [per(1, 100, only(1))],
      [5, 5],
    ],
    ['at most', sale([[1, 100_000]]), [per(1, 100, { most: 500 })], [500, 500]],
    ['double', sale([[1, 1050]]), [per(1, 100), offer({ multiply: 2 })], [21, 11, 10]],
    [
      'double on one line',
      sale([
        [1, 1000],
        [1, 500],
      ]),
      [per(1, 100), offer({ multiply: 2, ...only(1) })],
      [20, 15, 5],
    ],
    [
      'double and triple add up to four times',
      sale([[1, 1000]]),
      [per(1, 100), offer({ multiply: 2 }), offer({ multiply: 3 })],
      [40, 10, 10, 20],
    ],
    ['one and a half times', sale([[1, 1000]]), [per(1, 100), offer({ multiply: 1.5 })], [15, 10, 5]],
    [
      'double of what is given by amount and unit, not of what is fixed',
      sale([[2, 500]]),
      [per(1, 100), offer({ perUnit: 5 }), offer({ fixed: 7 }), offer({ multiply: 2 })],
      [47, 10, 10, 7, 20],
    ],
    [
      'double of as much as is given at most',
      sale([[1, 100_000]]),
      [per(1, 100, { most: 500 }), offer({ multiply: 2 })],
      [1000, 500, 500],
    ],
    ['nothing to multiply', sale([[1, 1000]]), [offer({ multiply: 2 })], [0, 0]],
    ['shipping, where it earns', sale([[1, 1000]], { shipping: 500 }), [per(1, 100)], [15, 15]],
    ['shipping is on no line', sale([[1, 1000]], { shipping: 500 }), [per(1, 100, only(0))], [10, 10]],
  ])('%s', (_name, of, offers, points) => {
    expect(pointsOf(of, offers)).toEqual(points)
  })

  test.each<[Rounding, number[]]>([
    // 3.75 and 3.75: 7.5 in all.
    ['down', [7, 4, 3]],
    ['nearest', [8, 4, 4]],
    ['up', [8, 4, 4]],
  ])('is rounded %s once, and offers share what comes of it by their fractions', (rounding, points) => {
    const of = sale([
      [1, 375],
      [1, 375],
    ])
    expect(pointsOf(of, [per(1, 100, only(0)), per(1, 100, only(1))], rounding)).toEqual(points)
  })

  it('gives what is left over to whoever’s fraction is largest', () => {
    expect(pointsOf(sale([[1, 1]]), [per(25, 10), per(28, 10), per(27, 10)])).toEqual([8, 2, 3, 3])
  })

  it('is nothing on what was paid otherwise, spread over all that earns', () => {
    const of = sale(
      [
        [3, 1000],
        [1, 1000],
      ],
      { paidOtherwise: 1000 },
    )
    expect(pointsOf(of, [per(1, 100)])).toEqual([30, 30])
    expect(pointsOf(of, [per(1, 1, only(1))])).toEqual([750, 750])
    // 10 over three alike: 4, 3 and 3.
    expect(pointsOf(sale([[3, 100]], { paidOtherwise: 10 }), [per(1, 1)])).toEqual([290, 290])
    expect(pointsOf({ ...of, paidOtherwise: 9999 }, [per(1, 1), offer({ perUnit: 1 })])).toEqual([0, 0, 0])
  })

  it('counts towards tiers as its offers say', () => {
    const { points, qualifying, shares } = earnedOn(
      sale([[1, 1050]]),
      [per(1, 100), offer({ fixed: 10, qualifying: 0 }), offer({ multiply: 2, qualifying: 0.5 })],
      'down',
    )
    // 10.5 + 10 + 10.5, and 10.5 + 0 + 5.25.
    expect([points, qualifying]).toEqual([31, 15])
    expect(shares.map(it => it.qualifying)).toEqual([10, 0, 5])
  })

  it('is exact where products pass 2^53, and bounded where what comes of them would', () => {
    const of = sale([[1, 9_007_199_254_740_991]])
    expect(pointsOf(of, [per(999_999, 1_000_000_000_000)])).toEqual([9_007_190_247, 9_007_190_247])
    expect(pointsOf(of, [per(999_999, 1)])).toEqual([1_000_000_000_000, 1_000_000_000_000])
  })
})

describe('what is kept of an order', () => {
  const quantities = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 5 }), each: fc.nat(700) }), {
    minLength: 1,
    maxLength: 3,
  })
  const sales = fc.record({
    lines: fc.array(
      quantities.map(units => ({ units })),
      { minLength: 1, maxLength: 3 },
    ),
    shipping: fc.constantFrom(0, 490),
    paidOtherwise: fc.constantFrom(0, 0, 137, 1999),
  })
  const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const lines = some(fc.uniqueArray(fc.nat(2), { minLength: 1 }).map(it => new Set(it)))
  const most = some(fc.nat(60))
  const qualifying = fc.constantFrom(1, 1, 0, 0.5, 2)
  const offers = fc.array(
    fc.oneof(
      fc.record({
        per: fc.record({
          points: fc.integer({ min: 1, max: 9 }),
          amount: fc.integer({ min: 1, max: 900 }),
          whole: fc.boolean(),
        }),
        lines,
        most,
        qualifying,
      }),
      fc.record({ perUnit: fc.integer({ min: 1, max: 9 }), lines, most, qualifying }),
      fc.record({ multiply: fc.constantFrom(1.25, 2, 3), lines, most, qualifying }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  const rounding = fc.constantFrom<Rounding>('down', 'nearest', 'up')

  /** Which units are kept, by their numbers. */
  const keeping = (kept: readonly ReadonlySet<number>[], shipping: boolean): Kept => ({
    units: (line, first, count) => [...kept[line]!].filter(unit => unit >= first && unit < first + count).length,
    shipping,
    fixed: () => true,
  })
  const unitsOf = (of: EarningSale) =>
    of.lines.map(
      ({ units }) =>
        new Set(Array.from({ length: units.reduce((sum, it) => sum + it.quantity, 0) }, (_, unit) => unit + 1)),
    )

  it('earns never more than with more of it kept, of points and of qualifying ones, and nothing with nothing', () => {
    let falls = 0
    fc.assert(
      fc.property(sales, offers, rounding, fc.infiniteStream(fc.boolean()), (of, offers, rounding, coins) => {
        const kept = unitsOf(of)
        let before = earnedOn(of, offers, rounding, keeping(kept, true))
        expect(before).toEqual(earnedOn(of, offers, rounding))
        const all = kept.flatMap((units, line) => [...units].map(unit => ({ line, unit })))
        for (const { line, unit } of all.sort(() => (coins.next().value ? 1 : -1))) {
          kept[line]!.delete(unit)
          const now = earnedOn(of, offers, rounding, keeping(kept, true))
          expect(now.points).toBeLessThanOrEqual(before.points)
          expect(now.qualifying).toBeLessThanOrEqual(before.qualifying)
          if (now.points < before.points) falls += 1
          before = now
        }
        expect(earnedOn(of, offers, rounding, keeping(kept, false)).points).toBe(0)
      }),
      { numRuns: 200 },
    )
    expect(falls).toBeGreaterThan(100)
  })
})
