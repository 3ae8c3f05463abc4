import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { moneyPurse, type Part, type Purse, paidByType, payOut, refundedTo, refundsOf } from './pay.ts'

const points = (available: number, more: Partial<Purse> = {}): Purse => ({
  type: 'points',
  unit: 'points',
  available,
  units: 100,
  worth: 100,
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  maxPercent: 100,
  ...more,
})
const euros = (available: number) => moneyPurse('credit', 'EUR', available)

describe('what one tender pays of 10.00', () => {
  /** 100 points are 1.00; 3 points are 0.01; 1 point is 0.50. */
  const third = { units: 3, worth: 1 }
  const half = { units: 1, worth: 50 }
  test.each<[string, Parameters<typeof payOut>[1][number], Part | string]>([
    ['all there are', { purse: points(250) }, { units: 250, amount: 250 }],
    ['no more than the total', { purse: points(5000) }, { units: 1000, amount: 1000 }],
    ['a part of it', { purse: points(5000), units: 300 }, { units: 300, amount: 300 }],
    ['a part of it in money', { purse: points(5000), amount: 300 }, { units: 300, amount: 300 }],
    ['as many as are worth a cent, and no point lost', { purse: points(8, third) }, { units: 6, amount: 2 }],
    ['those asked for, though one is lost', { purse: points(8, third), units: 8 }, { units: 8, amount: 2 }],
    ['whole points for an amount', { purse: points(100, half), amount: 60 }, { units: 2, amount: 60 }],
    ['whole points below the total', { purse: points(100, { units: 1, worth: 300 }) }, { units: 3, amount: 900 }],
    ['nothing where there are too few to be worth a cent', { purse: points(2, third) }, { units: 0, amount: 0 }],
    ['nothing where there are fewer than the least', { purse: points(99, { minimum: 100 }) }, { units: 0, amount: 0 }],
    ['at most so many', { purse: points(5000, { maximum: 400 }) }, { units: 400, amount: 400 }],
    ['at most a share of the total', { purse: points(5000, { maxPercent: 33 }) }, { units: 330, amount: 330 }],
    ['nothing where nothing is asked', { purse: euros(0), amount: 0 }, { units: 0, amount: 0 }],
    ['money for money', { purse: euros(700) }, { units: 700, amount: 700 }],
    ['more points than there are', { purse: points(9), units: 10 }, 'balance_insufficient'],
    ['more money than the points are worth', { purse: points(100, half), amount: 5001 }, 'balance_insufficient'],
    ['fewer than the least', { purse: points(500, { minimum: 100 }), units: 99 }, 'points_below_minimum'],
    ['fewer than a cent’s worth', { purse: points(500, third), units: 2 }, 'points_below_minimum'],
    ['more than the most', { purse: points(5000, { maximum: 400 }), units: 401 }, 'tender_too_much'],
    ['more than the total', { purse: points(5000), units: 1001 }, 'tender_too_much'],
    ['more than its share', { purse: points(5000, { maxPercent: 50 }), amount: 501 }, 'tender_too_much'],
    ['more money than the total', { purse: euros(5000), amount: 1001 }, 'tender_too_much'],
  ])('%s', (_name, asked, expected) => {
    const out = payOut(1000, [asked])
    expect(out.ok ? out.value.parts[0] : out.refusal.code).toEqual(expected)
    if (out.ok) expect(out.value.due).toBe(1000 - out.value.parts[0]!.amount)
  })

  it('each pays of what those before it left, and shares are of the whole', () => {
    const out = payOut(1000, [{ purse: euros(600) }, { purse: points(900, { maxPercent: 50 }) }, { purse: euros(900) }])
    expect(out).toEqual({
      ok: true,
      value: {
        parts: [
          { amount: 600, units: 600 },
          { amount: 400, units: 400 },
          { amount: 0, units: 0 },
        ],
        due: 0,
      },
    })
  })

  it('never pays more than there is, than is due, or than its points are worth', () => {
    const purse = fc.record({
      available: fc.nat(5000),
      units: fc.integer({ min: 1, max: 400 }),
      worth: fc.integer({ min: 1, max: 400 }),
      minimum: fc.nat(50),
      maximum: fc.integer({ min: 1, max: 4000 }),
      maxPercent: fc.integer({ min: 1, max: 100 }),
    })
    const asked = fc.record({
      purse,
      by: fc.constantFrom('nothing', 'nothing', 'units', 'amount'),
      value: fc.nat(1500),
    })
    let paying = 0
    fc.assert(
      fc.property(fc.nat(2000), fc.array(asked, { maxLength: 4 }), (total, all) => {
        const out = payOut(
          total,
          all.map(({ purse, by, value }) => ({ purse: points(0, purse), ...(by !== 'nothing' && { [by]: value }) })),
        )
        if (!out.ok) return
        const { parts, due } = out.value
        expect(parts.reduce((sum, it) => sum + it.amount, due)).toBe(total)
        expect(due).toBeGreaterThanOrEqual(0)
        for (const [index, { amount, units }] of parts.entries()) {
          const { purse } = all[index]!
          paying += Number(amount > 0)
          expect(units).toBeLessThanOrEqual(Math.min(purse.available, purse.maximum))
          expect(amount * purse.units).toBeLessThanOrEqual(units * purse.worth)
          expect(amount * 100).toBeLessThanOrEqual(total * purse.maxPercent)
          if (units > 0) expect(units).toBeGreaterThanOrEqual(purse.minimum)
        }
      }),
      { numRuns: 500 },
    )
    expect(paying).toBeGreaterThan(20)
  })
})

describe('what goes back to tenders', () => {
  it('rises with what is refunded, stored value first, and ends with all of it', () => {
    const part = fc.record({ amount: fc.nat(60), units: fc.nat(90) })
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(30), (paid, other) => {
        const all = paid.reduce((sum, it) => sum + it.amount, other)
        let before = refundedTo(paid, 0)
        for (let refunded = 1; refunded <= all; refunded += 1) {
          const now = refundedTo(paid, refunded)
          for (const [index, it] of now.entries()) {
            expect(it.units).toBeGreaterThanOrEqual(before[index]!.units)
            expect(it.amount).toBeGreaterThanOrEqual(before[index]!.amount)
          }
          before = now
        }
        const isPaying = paid.filter(it => it.amount > 0)
        expect(refundedTo(paid, all).filter((_, index) => paid[index]!.amount > 0)).toEqual(isPaying)
      }),
      { numRuns: 30 },
    )
  })

  it('is told for one return of several', () => {
    const paid = [
      { type: 'points' as const, programme: 'club', points: 100, amount: 150, left: 0 },
      { type: 'giftCard' as const, card: 'gc_1', amount: 100, left: 0 },
    ]
    expect(refundsOf(paid, 0, 100)).toEqual([{ type: 'points', programme: 'club', amount: 100, points: 66 }])
    expect(refundsOf(paid, 100, 300)).toEqual([
      { type: 'points', programme: 'club', amount: 50, points: 34 },
      { type: 'giftCard', card: 'gc_1', amount: 100 },
      { type: 'other', amount: 50 },
    ])
    expect(paidByType(paid)).toEqual({ points: 150, giftCard: 100, credit: 0, cashback: 0 })
  })
})
