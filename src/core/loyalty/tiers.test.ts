import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { type Tiers, tiers as tiersSchema } from './schema.ts'
import { anniversaryAfter, nextTier, noRank, pass, type Rank, rise, tierPeriod } from './tiers.ts'

const rome = 'Europe/Rome'
const at = (text: string): number => parseInstant(text.length === 10 ? `${text}T10:00:00Z` : text)!
const shown = (ms: number | null): string | null => (ms === null ? null : formatInstant(ms))

const terms = (more: Partial<Tiers> = {}): Tiers =>
  tiersSchema.parse({
    by: 'points',
    period: { calendar: 'year' },
    levels: [
      { id: 'bronze', name: 'Bronze', threshold: 0 },
      { id: 'silver', name: 'Silver', threshold: 500 },
      { id: 'gold', name: 'Gold', threshold: 1000 },
    ],
    ...more,
  })
const told = ({ tier, tierSince, tierUntil, fallsTo }: Rank) => [tier, shown(tierSince), shown(tierUntil), fallsTo]

const newYear = '2026-12-31T23:00:00.000Z'
const noon = '2026-03-02T10:00:00.000Z'

describe('the period of an instant', () => {
  it.each([
    [{ calendar: 'month' as const }, '2026-05-20', '2026-05-01', '2026-05-31T22:00:00.000Z'],
    [{ calendar: 'quarter' as const }, '2026-05-20', '2026-04-01', '2026-06-30T22:00:00.000Z'],
    [{ calendar: 'quarter' as const }, '2026-12-31', '2026-10-01', newYear],
    [{ calendar: 'year' as const }, '2026-05-20', '2026-01-01', newYear],
    // Half past midnight in Rome, and still the old year in UTC.
    [{ calendar: 'year' as const }, '2026-12-31T23:30:00Z', '2027-01-01', '2027-12-31T23:00:00.000Z'],
    [{ rolling: { days: 30 } }, '2026-05-20', '2026-04-21', '2026-06-18T22:00:00.000Z'],
    // Over the change to summer time: the day still ends at midnight.
    [{ rolling: { days: 30 } }, '2026-03-20', '2026-02-19', '2026-04-18T22:00:00.000Z'],
  ])('%j on %s begins on %s and ends at %s', (period, date, first, end) => {
    const found = tierPeriod(period, at(date), rome)
    expect(new Date(found.first * 86_400_000).toISOString().slice(0, 10)).toBe(first)
    expect(shown(found.end)).toBe(end)
  })
})

describe('up at once', () => {
  it.each<[string, Rank, number, unknown[]]>([
    ['whoever joins has the tier that takes nothing, for ever', noRank, 0, ['bronze', noon, null, null]],
    ['enough for the highest skips those between', noRank, 1000, ['gold', noon, newYear, null]],
    ['one less is not enough', noRank, 999, ['silver', noon, newYear, null]],
    [
      'less than her tier takes is no reason to fall within the period',
      { tier: 'gold', tierSince: at('2026-01-05'), tierUntil: at(newYear), fallsTo: null },
      10,
      ['gold', '2026-01-05T10:00:00.000Z', newYear, null],
    ],
    [
      'in her days of grace, enough for her tier keeps it',
      { tier: 'gold', tierSince: at('2025-05-05'), tierUntil: at('2026-03-10'), fallsTo: 'silver' },
      1000,
      ['gold', '2025-05-05T10:00:00.000Z', newYear, null],
    ],
    [
      'in her days of grace, less does not',
      { tier: 'gold', tierSince: at('2025-05-05'), tierUntil: at('2026-03-10'), fallsTo: 'silver' },
      999,
      ['gold', '2025-05-05T10:00:00.000Z', '2026-03-10T10:00:00.000Z', 'silver'],
    ],
    [
      'a tier that the programme does not have any more gives way to what is reached',
      { tier: 'jade', tierSince: at('2025-05-05'), tierUntil: null, fallsTo: null },
      600,
      ['silver', noon, newYear, null],
    ],
  ])('%s', (_, rank, amount, expected) => {
    expect(told(rise(terms(), rank, amount, at('2026-03-02'), rome))).toEqual(expected)
  })

  it('a tier ends from now on where the programme no longer keeps it for ever', () => {
    const rank = { tier: 'gold', tierSince: at('2025-05-05'), tierUntil: null, fallsTo: null }
    expect(told(rise(terms(), rank, 0, at('2026-03-02'), rome))[2]).toBe(newYear)
    expect(told(rise(terms({ down: 'none' }), { ...rank, tierUntil: at(newYear) }, 0, at('2026-03-02'), rome))[2]).toBe(
      null,
    )
  })

  it('without a tier for nothing, nobody has one before she earns it', () => {
    const levels = terms().levels.slice(1)
    expect(rise(terms({ levels }), noRank, 499, at('2026-03-02'), rome)).toEqual(noRank)
  })
})

describe('at the end of a period', () => {
  const gold: Rank = { tier: 'gold', tierSince: at('2026-03-02'), tierUntil: at(newYear), fallsTo: null }
  const nextYear = '2027-12-31T23:00:00.000Z'
  it.each<[string, Partial<Tiers>, number, unknown[]]>([
    ['enough keeps the tier for another one', {}, 1000, ['gold', noon, nextYear, null]],
    ['all: she falls to where she belongs', {}, 10, ['bronze', newYear, null, null]],
    ['all: and that may be one below', {}, 700, ['silver', newYear, nextYear, null]],
    ['one: she falls one level however little it was', { down: 'one' }, 10, ['silver', newYear, nextYear, null]],
    ['none: she stays', { down: 'none' }, 10, ['gold', noon, null, null]],
    [
      'grace: she keeps it so many days longer',
      { graceDays: 31 },
      700,
      ['gold', noon, '2027-01-31T23:00:00.000Z', 'silver'],
    ],
    [
      'grace, before she falls to nothing',
      { graceDays: 1, levels: terms().levels.slice(1) },
      10,
      ['gold', noon, '2027-01-01T23:00:00.000Z', ''],
    ],
  ])('%s', (_, more, amount, expected) => {
    expect(told(pass(terms(more), gold, amount, rome))).toEqual(expected)
  })

  it.each([
    ['silver', ['silver', '2027-01-31T23:00:00.000Z', nextYear, null]],
    ['', [null, null, null, null]],
  ])('when the days of grace end she falls to what was said then: %j', (fallsTo, expected) => {
    const rank = { ...gold, tierUntil: at('2027-01-31T23:00:00Z'), fallsTo }
    expect(told(pass(terms({ graceDays: 31 }), rank, 0, rome))).toEqual(expected)
  })

  it('a rolling period of 90 days lasts 90 days from the day it begins', () => {
    const rolling = terms({ period: { rolling: { days: 90 } } })
    const up = rise(rolling, noRank, 1000, at('2026-03-02'), rome)
    expect(shown(up.tierUntil)).toBe('2026-05-30T22:00:00.000Z')
    expect(shown(pass(rolling, up, 1000, rome).tierUntil)).toBe('2026-08-28T22:00:00.000Z')
  })
})

it.each([
  ['2026-03-02T10:00:00Z', '2026-06-01', '2027-03-01T23:00:00.000Z', 1],
  ['2026-03-02T10:00:00Z', '2027-03-02', '2028-03-01T23:00:00.000Z', 2],
  ['2024-02-29T10:00:00Z', '2026-06-01', '2027-02-27T23:00:00.000Z', 3],
  ['2024-02-29T10:00:00Z', '2027-06-01', '2028-02-28T23:00:00.000Z', 4],
])('the anniversary of %s after %s is %s', (since, after, expected, years) => {
  const found = anniversaryAfter(at(since), at(after), rome)
  expect([shown(found.at), found.years]).toEqual([expected, years])
})

it('the next tier says how much is missing, and the highest has none', () => {
  expect(nextTier(terms(), 'bronze', 120)).toEqual({ tier: 'silver', name: 'Silver', needed: 380 })
  expect(nextTier(terms(), 'silver', 120)).toEqual({ tier: 'gold', name: 'Gold', needed: 880 })
  expect(nextTier(terms(), 'gold', 120)).toBeUndefined()
})
