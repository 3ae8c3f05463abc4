import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isBirthdayWithin } from './birthday.ts'

describe('a birthday', () => {
  test.each<[string, string, number, number, boolean | undefined]>([
    ['1990-03-04', '2026-03-04', 0, 0, true],
    ['1990-03-04', '2026-03-03', 0, 0, false],
    ['03-04', '2026-03-01', 3, 0, true],
    ['03-04', '2026-02-28', 3, 0, false],
    ['03-04', '2026-03-11', 0, 7, true],
    ['03-04', '2026-03-12', 0, 7, false],
    // Over New Year, both ways.
    ['01-02', '2025-12-30', 3, 0, true],
    ['01-02', '2025-12-29', 3, 0, false],
    ['12-30', '2026-01-02', 0, 3, true],
    ['12-30', '2026-01-03', 0, 3, false],
    // 29 February is kept on the 28th in other years.
    ['1996-02-29', '2028-02-29', 0, 0, true],
    ['1996-02-29', '2028-02-28', 0, 0, false],
    ['1996-02-29', '2026-02-28', 0, 0, true],
    ['02-29', '2026-03-01', 0, 0, false],
    ['02-29', '2026-03-01', 0, 1, true],
    ['2026-02-29', '2026-02-28', 0, 0, true],
    ['02-30', '2026-02-28', 9, 9, undefined],
    ['13-01', '2026-02-28', 9, 9, undefined],
    ['4 March', '2026-03-04', 9, 9, undefined],
    ['03-04', 'today', 9, 9, undefined],
  ])('on %s is, on %s, within %i days before and %i after: %s', (birthday, today, before, after, answer) => {
    expect(isBirthdayWithin(birthday, today, before, after)).toBe(answer)
  })

  it('comes once a year: a window of w days holds on w days of any year', () => {
    const day = fc.date({ min: new Date('2001-01-01'), max: new Date('2098-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.nat(60), fc.nat(60), (born, before, after) => {
        const birthday = born.toISOString().slice(0, 10)
        const days = Array.from({ length: 365 }, (_, index) =>
          new Date(Date.UTC(2030, 0, 1 + index)).toISOString().slice(0, 10),
        )
        const within = days.filter(today => isBirthdayWithin(birthday, today, before, after))
        expect(within).toHaveLength(before + 1 + after)
      }),
      { numRuns: 40 },
    )
  })
})
