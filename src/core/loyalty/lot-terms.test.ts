import { describe, expect, it, test } from 'vitest'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { expiryAt, lotTermsOf, qualifyingTermsOf } from './lot-terms.ts'
import type { Expiry, Pending, Tiers } from './schema.ts'

const rome = 'Europe/Rome'
const at = (text: string) => parseInstant(text)!
const text = (ms: number | null | undefined) => (ms == null ? null : formatInstant(ms))

/** The last instant of a day in Rome, or another zone, as the first at which points are gone. */
const after = (expiry: Expiry, earned: string, timeZone = rome) => text(expiryAt(expiry, at(earned), timeZone))

describe('until when points last', () => {
  test.each<[string, Expiry, string, string]>([
    // The last usable day is inclusive: earned on the 1st, a day later is the 2nd, all of it.
    ['a day', { kind: 'after', days: 1 }, '2026-03-01T12:00:00Z', '2026-03-02T23:00:00.000Z'],
    [
      'a day, earned in the last minute of it',
      { kind: 'after', days: 1 },
      '2026-03-01T22:59:00Z',
      '2026-03-02T23:00:00.000Z',
    ],
    [
      'a day, earned in the first of the next',
      { kind: 'after', days: 1 },
      '2026-03-01T23:00:00Z',
      '2026-03-03T23:00:00.000Z',
    ],
    ['90 days', { kind: 'after', days: 90 }, '2026-01-01T12:00:00Z', '2026-04-01T22:00:00.000Z'],
    [
      'a day over the hour that summer time takes',
      { kind: 'after', days: 1 },
      '2026-03-28T12:00:00Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'a day over the hour that winter time gives',
      { kind: 'after', days: 1 },
      '2026-10-24T12:00:00Z',
      '2026-10-25T23:00:00.000Z',
    ],
    ['a month from 31 January', { kind: 'after', months: 1 }, '2026-01-31T12:00:00Z', '2026-02-28T23:00:00.000Z'],
    [
      'a month from 31 January of a leap year',
      { kind: 'after', months: 1 },
      '2028-01-31T12:00:00Z',
      '2028-02-29T23:00:00.000Z',
    ],
    ['a month from 30 January', { kind: 'after', months: 1 }, '2026-01-30T12:00:00Z', '2026-02-28T23:00:00.000Z'],
    ['a month from 28 February', { kind: 'after', months: 1 }, '2026-02-28T12:00:00Z', '2026-03-28T23:00:00.000Z'],
    [
      'twelve months from a leap day',
      { kind: 'after', months: 12 },
      '2028-02-29T12:00:00Z',
      '2029-02-28T23:00:00.000Z',
    ],
    [
      'thirteen months over two years',
      { kind: 'after', months: 13 },
      '2026-12-31T12:00:00Z',
      '2028-01-31T23:00:00.000Z',
    ],
    [
      'the end of the month',
      { kind: 'endOf', period: 'month', periods: 0 },
      '2026-02-01T12:00:00Z',
      '2026-02-28T23:00:00.000Z',
    ],
    [
      'the end of the month, earned on its last day',
      { kind: 'endOf', period: 'month', periods: 0 },
      '2026-03-31T21:59:00Z',
      '2026-03-31T22:00:00.000Z',
    ],
    [
      'the end of the third month after',
      { kind: 'endOf', period: 'month', periods: 3 },
      '2026-11-10T12:00:00Z',
      '2027-02-28T23:00:00.000Z',
    ],
    [
      'the end of the year',
      { kind: 'endOf', period: 'year', periods: 0 },
      '2026-12-31T22:59:00Z',
      '2026-12-31T23:00:00.000Z',
    ],
    [
      'the end of the next year',
      { kind: 'endOf', period: 'year', periods: 1 },
      '2026-12-31T23:00:00Z',
      '2028-12-31T23:00:00.000Z',
    ],
    [
      '30 days after she was last active',
      { kind: 'sliding', days: 30 },
      '2026-03-01T12:00:00Z',
      '2026-03-31T22:00:00.000Z',
    ],
  ])('%s', (_name, expiry, earned, ends) => {
    expect(after(expiry, earned)).toBe(ends)
  })

  it('is the day of the programme’s time zone, also where it starts after midnight', () => {
    expect(after({ kind: 'after', days: 1 }, '2026-03-01T20:00:00Z', 'Asia/Tokyo')).toBe('2026-03-03T15:00:00.000Z')
    // In Beirut summer time takes the first hour of 29 March: the 28th ends when the clock shows 1:00.
    expect(after({ kind: 'after', days: 1 }, '2026-03-27T12:00:00Z', 'Asia/Beirut')).toBe('2026-03-28T22:00:00.000Z')
  })

  it('is for ever where nothing is said', () => {
    expect(expiryAt(undefined, at('2026-03-01T12:00:00Z'), rome)).toBeNull()
  })
})

describe('from when on points can be spent', () => {
  const earned = '2026-03-01T15:00:00Z'
  const terms = (pending?: Pending, expiry?: Expiry) => {
    const { activeAt, awaits, expiresAt, endsAt } = lotTermsOf({ pending, expiry }, at(earned), rome)
    return { activeAt: text(activeAt), awaits, expiresAt: text(expiresAt), endsAt: text(endsAt) }
  }
  const never = { activeAt: null, awaits: null, expiresAt: null, endsAt: null }

  test.each<[string, Pending | undefined, Expiry | undefined, object]>([
    ['at once', undefined, undefined, {}],
    [
      'at the start of the day that is 14 days later',
      { days: 14 },
      undefined,
      { activeAt: '2026-03-14T23:00:00.000Z' },
    ],
    ['when the event comes', { event: 'Order Delivered' }, undefined, { awaits: 'Order Delivered' }],
    [
      'when it comes within 30 days; the last of them is inclusive',
      { event: 'Order Delivered', days: 30 },
      undefined,
      { awaits: 'Order Delivered', expiresAt: '2026-03-31T22:00:00.000Z' },
    ],
    [
      'within 30 days, or before they end anyway',
      { event: 'Order Delivered', days: 30 },
      { kind: 'after', days: 10 },
      { awaits: 'Order Delivered', expiresAt: '2026-03-11T23:00:00.000Z' },
    ],
    [
      'after 14 days; the days until they end count from when they were earned',
      { days: 14 },
      { kind: 'after', days: 14 },
      { activeAt: '2026-03-14T23:00:00.000Z', expiresAt: '2026-03-15T23:00:00.000Z' },
    ],
    ['at once, sliding', undefined, { kind: 'sliding', days: 30 }, { endsAt: '2026-03-31T22:00:00.000Z' }],
  ])('%s', (_name, pending, expiry, expected) => {
    expect(terms(pending, expiry)).toEqual({ ...never, ...expected })
  })
})

describe('qualifying points end', () => {
  test.each<[string, Tiers['period'], string]>([
    // So many days, that on which they were earned among them.
    ['with a rolling year', { rolling: { days: 365 } }, '2027-05-19T22:00:00.000Z'],
    ['with a rolling day, which is today', { rolling: { days: 1 } }, '2026-05-20T22:00:00.000Z'],
    ['with the month', { calendar: 'month' }, '2026-05-31T22:00:00.000Z'],
    ['with the quarter', { calendar: 'quarter' }, '2026-06-30T22:00:00.000Z'],
    ['with the year', { calendar: 'year' }, '2026-12-31T23:00:00.000Z'],
  ])('%s', (_name, period, ends) => {
    const terms = qualifyingTermsOf({ period }, at('2026-05-20T12:00:00Z'), rome)
    expect([terms.activeAt, terms.awaits, text(terms.expiresAt)]).toEqual([null, null, ends])
  })
})
