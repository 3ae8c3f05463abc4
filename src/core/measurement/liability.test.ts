import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addSums,
  type MonthSums,
  monthsBetween,
  movements,
  noSums,
  type RateFrom,
  rollForward,
  sumsOf,
  worthOf,
} from './liability.ts'

const sums = (some: Partial<MonthSums>): MonthSums => ({ ...noSums, ...some })
const eur = (amount: number, points = 100): RateFrom['rate'] => ({ points, worth: { amount, currency: 'EUR' } })
const months = (...all: MonthSums[]) =>
  all.map((it, index) => ({ period: `2026-0${index + 1}`, end: (index + 1) * 100, sums: it }))
const club = { asset: 'points:club', before: noSums, start: 0 } as const

describe('a roll-forward', () => {
  it('is what house accounts say, the other way round, and what lies with people', () => {
    expect(
      sumsOf([
        { account: 'earned', amount: -100, above: 0 },
        { account: 'returned', amount: 10, above: 30 },
        { account: 'burned', amount: 40, above: 40 },
        { account: 'adjusted', amount: -5, above: 1 },
        { account: 'main', amount: 50, above: 90 },
        { account: 'pending', amount: 5, above: 5 },
        { account: 'debt', amount: 0, above: 3 },
      ]),
    ).toEqual(sums({ earned: 100, takenBack: -30, givenBack: 20, burned: -40, adjusted: 5, spendable: 50, pending: 5 }))
  })

  it('does not know an account that is none', () => {
    expect(() => sumsOf([{ account: 'elsewhere', amount: 1, above: 1 }])).toThrow('elsewhere is no account')
  })

  it('opens with what the month before closed with', () => {
    const rows = rollForward({
      ...club,
      before: sums({ spendable: 30 }),
      rates: [],
      months: months(sums({ earned: 100, pending: 100 }), sums({ burned: -20, spendable: 80, pending: -100 })),
    })
    expect(
      rows.map(({ opening, earned, burned, closing, spendable, pending, unexplained }) => ({
        opening,
        earned,
        burned,
        closing,
        spendable,
        pending,
        unexplained,
      })),
    ).toEqual([
      { opening: 30, earned: 100, burned: 0, closing: 130, spendable: 30, pending: 100, unexplained: 0 },
      { opening: 130, earned: 0, burned: -20, closing: 110, spendable: 110, pending: 0, unexplained: 0 },
    ])
  })

  it('says by how much a closing is not what its lines come to', () => {
    const [row] = rollForward({ ...club, rates: [], months: months(sums({ earned: 100, spendable: 101 })) })
    expect(row!.unexplained).toBe(1)
  })

  it('has the rate that stood at the end of each month, and what a new one makes of the opening on a line of its own', () => {
    const rates = [
      { from: 0, rate: eur(100) },
      { from: 150, rate: eur(50) },
    ]
    const rows = rollForward({
      ...club,
      rates,
      months: months(sums({ earned: 1000, spendable: 1000 }), sums({ burned: -200, spendable: -200 })),
    })
    expect(rows.map(it => it.money)).toMatchObject([
      { opening: 0, earned: 1000, revalued: 0, closing: 1000 },
      { opening: 1000, burned: -100, revalued: -500, closing: 400 },
    ])
  })

  it('takes the first rate for months before there was one, and no money where points are worth none', () => {
    const late = rollForward({
      ...club,
      rates: [{ from: 900, rate: eur(100) }],
      months: months(sums({ earned: 7, spendable: 7 })),
    })
    expect(late[0]!.money).toMatchObject({ closing: 7 })
    const never = rollForward({
      ...club,
      rates: [{ from: 0, rate: null }],
      months: months(sums({ earned: 7, spendable: 7 })),
    })
    expect(never[0]).toMatchObject({ rate: null, money: null, closing: 7 })
    const standing = rollForward({
      ...club,
      asset: 'qualifying:club',
      rates: [{ from: 0, rate: eur(1) }],
      months: months(noSums),
    })
    expect(standing[0]!.money).toBe(null)
  })

  it('counts stored money as what it is', () => {
    const [row] = rollForward({
      ...club,
      asset: 'giftCard:JPY',
      rates: [],
      months: months(sums({ issued: 5000, spendable: 5000 })),
    })
    expect(row!.money).toMatchObject({ currency: 'JPY', issued: 5000, closing: 5000, revalued: 0 })
  })

  it('begins anew where the currency of the rate is another', () => {
    const rates = [
      { from: 0, rate: eur(100) },
      { from: 150, rate: { points: 100, worth: { amount: 200, currency: 'USD' } } },
    ]
    const rows = rollForward({ ...club, rates, months: months(sums({ earned: 100, spendable: 100 }), noSums) })
    expect(rows[1]!.money).toMatchObject({ currency: 'USD', opening: 0, revalued: 200, closing: 200 })
  })

  it('adds up in points and in money, whatever moved and whatever the rates', () => {
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 })
    const month = fc
      .record({ earned: amount, burned: amount, expired: amount, adjusted: amount, pending: amount, held: amount })
      .map(({ pending, held, ...moved }) => {
        const all = Object.values(moved).reduce((left, right) => left + right, 0)
        return sums({ ...moved, pending, held, spendable: all - pending - held })
      })
    const rate = fc.option(
      fc.record({ points: fc.integer({ min: 1, max: 1000 }), amount: fc.integer({ min: 0, max: 1000 }) }),
    )
    fc.assert(
      fc.property(fc.array(month, { minLength: 1, maxLength: 9 }), fc.array(rate, { maxLength: 5 }), (all, rates) => {
        const rows = rollForward({
          ...club,
          rates: rates.map((it, index) => ({ from: index * 170, rate: it && eur(it.amount, it.points) })),
          months: months(...all),
        })
        let before = 0
        for (const row of rows) {
          expect(row.opening).toBe(before)
          expect(row.unexplained).toBe(0)
          before = row.closing
          const { money } = row
          if (money)
            expect(money.opening + movements.reduce((sum, it) => sum + money[it], 0) + money.revalued).toBe(
              money.closing,
            )
        }
        expect(before).toBe(
          all.reduce(addSums, noSums).spendable +
            all.reduce(addSums, noSums).pending +
            all.reduce(addSums, noSums).held,
        )
      }),
    )
  })
})

it('values points exactly, half to even', () => {
  expect([25, 35, -25, 0, 9_007_199_254_740_991].map(points => worthOf(points, eur(10)!))).toEqual([
    2, 4, -2, 0, 900_719_925_474_099,
  ])
})

it('counts months over the turn of a year', () => {
  expect(monthsBetween('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
})
