import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseInstant } from '../kernel/time.ts'
import type { BucketLimit, OfferTerms } from '../offers/schema.ts'
import {
  bucketOf,
  bucketsOf,
  isCounted,
  type LimitReached,
  limitReached,
  noUsage,
  periodOf,
  stockOf,
  type Usage,
  type UsePlace,
  withUse,
} from './limits.ts'

type Limits = OfferTerms['limits']
const place: UsePlace = { at: 0, timeZone: 'UTC', location: 'store-12', channel: 'store' }
const benefit: OfferTerms['benefit'] = { kind: 'percentOff', percent: 10 }
const budget = (amount: number): Limits => ({ budget: { amount, currency: 'EUR' } })

describe('one more use', () => {
  test.each<[string, Limits, Partial<Usage>, number, LimitReached | undefined]>([
    ['fits where nothing is limited', {}, { uses: 9_999, budget: 9_999 }, 500, undefined],
    ['is the last of the uses', { uses: 3 }, { uses: 2 }, 0, undefined],
    ['is one too many', { uses: 3 }, { uses: 3 }, 0, { limit: 'uses', allowed: 3, used: 3 }],
    [
      'is one too many for the person',
      { perPerson: 1 },
      { perPerson: 1 },
      0,
      { limit: 'perPerson', allowed: 1, used: 1 },
    ],
    ['is one too many for the code', { perCode: 2 }, { perCode: 2 }, 0, { limit: 'perCode', allowed: 2, used: 2 }],
    ['takes the last of the budget', budget(1000), { budget: 600 }, 400, undefined],
    ['does not fit whole', budget(1000), { budget: 600 }, 401, { limit: 'budget', allowed: 1000, used: 600 }],
    ['finds the budget empty', budget(1000), { budget: 1000 }, 0, { limit: 'budget', allowed: 1000, used: 1000 }],
    [
      'is refused where a limit was lowered below what is used',
      { uses: 2 },
      { uses: 5 },
      0,
      { limit: 'uses', allowed: 2, used: 5 },
    ],
    [
      'names the first limit in order',
      { uses: 1, perPerson: 1, perCode: 1, ...budget(1) },
      { uses: 1, perPerson: 1, perCode: 1, budget: 1 },
      1,
      { limit: 'uses', allowed: 1, used: 1 },
    ],
    [
      'names perPerson before perCode',
      { perPerson: 1, perCode: 1 },
      { perPerson: 1, perCode: 1 },
      0,
      { limit: 'perPerson', allowed: 1, used: 1 },
    ],
  ])('%s', (_name, limits, usage, amount, reached) => {
    expect(limitReached({ limits }, { ...noUsage, ...usage }, amount, place)).toEqual(reached)
  })

  it('counts everywhere', () => {
    const usage = { uses: 1, perPerson: 2, perCode: 3, budget: 4 }
    expect(withUse({ limits: {}, benefit }, usage, 5, place)).toEqual({
      uses: 2,
      perPerson: 3,
      perCode: 4,
      budget: 9,
    })
  })
})

describe('the counter of a limit', () => {
  const at = (text: string, zone = 'Europe/Rome'): UsePlace => ({ ...place, at: parseInstant(text)!, timeZone: zone })
  const noon = at('2026-03-02T11:00:00Z')

  test.each<[string, BucketLimit, UsePlace, string | undefined]>([
    ['a day', { uses: 1, period: 'day' }, noon, 'day=2026-03-02'],
    ['a day of a location', { uses: 1, period: 'day', by: 'location' }, noon, 'location=store-12 day=2026-03-02'],
    ['a location, for ever', { uses: 1, by: 'location' }, noon, 'location=store-12'],
    ['a channel, for ever', { uses: 1, by: 'channel' }, noon, 'channel=store'],
    ['the offer, said so', { uses: 1, period: 'month', by: 'offer' }, noon, 'month=2026-03'],
    ['a person, who is counted use by use', { uses: 1, period: 'day', by: 'person' }, noon, undefined],
    ['no location', { uses: 1, period: 'day', by: 'location' }, { ...noon, location: null }, undefined],
    // The clocks go forward at 01:00 UTC on the 29th: that day has 23 hours, and the 25th of October 25.
    ['the last of the 28th', { uses: 1, period: 'day' }, at('2026-03-28T22:59:59.999Z'), 'day=2026-03-28'],
    ['the first of the 29th', { uses: 1, period: 'day' }, at('2026-03-28T23:00:00Z'), 'day=2026-03-29'],
    ['the last of the 29th', { uses: 1, period: 'day' }, at('2026-03-29T21:59:59.999Z'), 'day=2026-03-29'],
    ['the first of the 30th', { uses: 1, period: 'day' }, at('2026-03-29T22:00:00Z'), 'day=2026-03-30'],
    ['the 24th hour of the long day', { uses: 1, period: 'day' }, at('2026-10-25T22:30:00Z'), 'day=2026-10-25'],
    ['02:30 in summer', { uses: 1, period: 'hour' }, at('2026-10-25T00:30:00Z'), 'hour=2026-10-25T02+02:00'],
    ['02:30 in winter', { uses: 1, period: 'hour' }, at('2026-10-25T01:30:00Z'), 'hour=2026-10-25T02+01:00'],
    // ISO 8601: a week begins on Monday and belongs to the year of its Thursday.
    ['a sunday', { uses: 1, period: 'week' }, at('2026-03-01T22:59:59Z'), 'week=2026-W09'],
    ['the monday after', { uses: 1, period: 'week' }, at('2026-03-01T23:00:00Z'), 'week=2026-W10'],
    ['New Year’s Day of 2027', { uses: 1, period: 'week' }, at('2027-01-01T12:00:00Z'), 'week=2026-W53'],
    ['New Year’s Eve of 2029', { uses: 1, period: 'week' }, at('2029-12-31T12:00:00Z'), 'week=2030-W01'],
    ['the zone of the offer', { uses: 1, period: 'day' }, at('2026-03-01T23:30:00Z', 'Asia/Tokyo'), 'day=2026-03-02'],
  ])('%s', (_, limit, where, bucket) => {
    expect(bucketOf(limit, where)).toBe(bucket)
  })

  it('is named once, however many limits share it', () => {
    const per: BucketLimit[] = [
      { uses: 5, period: 'day' },
      { uses: 9, period: 'day', by: 'offer' },
      { uses: 2, period: 'day', by: 'person' },
      { uses: 3, by: 'channel' },
    ]
    expect(bucketsOf({ limits: { per }, benefit }, noon)).toEqual(['day=2026-03-02', 'channel=store'])
  })

  it('of a person is kept by the period, or for ever', () => {
    expect(periodOf('month', noon.at, noon.timeZone)).toBe('month=2026-03')
    expect(periodOf(undefined, noon.at, noon.timeZone)).toBe('ever')
  })

  it('of the whole offer has a row where uses or money are limited', () => {
    const limits: Limits[] = [{}, { perPerson: 1 }, { per: { uses: 1, period: 'day' } }, { uses: 1 }, budget(1)]
    expect(limits.map(limits => isCounted({ limits }))).toEqual([false, false, false, true, true])
  })

  it('of gifts is there for gifts of which there are only so many', () => {
    expect(stockOf({ benefit })).toEqual({})
    const items = [{ sku: 'MUG', stock: 2 }, { sku: 'TOTE' }, { sku: 'PEN', stock: 0 }]
    expect(stockOf({ benefit: { kind: 'freeItem', items } })).toEqual({ MUG: 2, PEN: 0 })
  })
})

describe('one more use in a period', () => {
  const where: UsePlace = { at: parseInstant('2026-03-02T11:00:00Z')!, timeZone: 'UTC', location: 'A', channel: 'till' }
  const day = 'day=2026-03-02'
  test.each<[string, Limits['per'], Partial<Usage>, Partial<UsePlace>, LimitReached | undefined]>([
    ['is the last', { uses: 2, period: 'day' }, { buckets: { [day]: 1 } }, {}, undefined],
    [
      'is one too many',
      { uses: 2, period: 'day' },
      { buckets: { [day]: 2 } },
      {},
      { limit: 'per', allowed: 2, used: 2, period: 'day' },
    ],
    ['begins again the day after', { uses: 2, period: 'day' }, { buckets: { 'day=2026-03-01': 2 } }, {}, undefined],
    [
      'is one too many at the location',
      { uses: 1, by: 'location' },
      { buckets: { 'location=A': 1 } },
      {},
      { limit: 'per location', allowed: 1, used: 1 },
    ],
    ['is free at another', { uses: 1, by: 'location' }, { buckets: { 'location=A': 1 } }, { location: 'B' }, undefined],
    ['is not counted at none', { uses: 1, by: 'location' }, { buckets: {} }, { location: null }, undefined],
    [
      'is one too many on the channel',
      { uses: 1, period: 'day', by: 'channel' },
      { buckets: { [`channel=till ${day}`]: 1 } },
      {},
      { limit: 'per channel', allowed: 1, used: 1, period: 'day' },
    ],
    [
      'is one too many for the person',
      { uses: 1, period: 'day', by: 'person' },
      { person: { [day]: 1 } },
      {},
      { limit: 'per person', allowed: 1, used: 1, period: 'day' },
    ],
    [
      'names the first as they are written',
      [
        { uses: 9, period: 'day' },
        { uses: 1, period: 'month' },
        { uses: 1, period: 'day' },
      ],
      { buckets: { [day]: 1, 'month=2026-03': 1 } },
      {},
      { limit: 'per', allowed: 1, used: 1, period: 'month' },
    ],
  ])('%s', (_, per, usage, elsewhere, reached) => {
    expect(limitReached({ limits: { per } }, { ...noUsage, ...usage }, 0, { ...where, ...elsewhere })).toEqual(reached)
  })

  it('raises each counter once, and leaves the others', () => {
    const per: BucketLimit[] = [
      { uses: 5, period: 'day' },
      { uses: 9, period: 'day', by: 'offer' },
      { uses: 2, period: 'week', by: 'person' },
    ]
    const usage = { ...noUsage, buckets: { [day]: 1, 'day=2026-03-01': 4 }, gifts: { MUG: 1 } }
    expect(withUse({ limits: { per }, benefit }, usage, 7, where)).toEqual({
      uses: 1,
      perPerson: 1,
      perCode: 1,
      budget: 7,
      buckets: { [day]: 2, 'day=2026-03-01': 4 },
      person: { 'week=2026-W10': 1 },
      gifts: { MUG: 1 },
    })
  })
})

describe('any sequence of uses', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined })
  const limits = fc.record({
    uses: limit,
    perPerson: limit,
    perCode: limit,
    budget: fc.option(fc.record({ amount: fc.integer({ min: 0, max: 30 }), currency: fc.constant('EUR') }), {
      nil: undefined,
    }),
  })
  const attempts = fc.array(fc.record({ person: fc.nat(2), code: fc.nat(2), amount: fc.nat(12) }), {
    minLength: 1,
    maxLength: 30,
  })

  it('never exceeds a limit, and refuses only what would', () => {
    fc.assert(
      fc.property(limits, attempts, (limits, attempts) => {
        const taken: typeof attempts = []
        for (const attempt of attempts) {
          const count = (keep: (it: typeof attempt) => boolean) => taken.filter(keep).length
          const usage = {
            uses: taken.length,
            perPerson: count(it => it.person === attempt.person),
            perCode: count(it => it.code === attempt.code),
            budget: taken.reduce((sum, it) => sum + it.amount, 0),
          }
          const accepted = limitReached({ limits }, usage, attempt.amount, place) === undefined
          // The plain model: take it, look at the whole, and see whether every limit still holds.
          const after = [...taken, attempt]
          const spent = after.reduce((sum, it) => sum + it.amount, 0)
          const most = (key: 'person' | 'code') =>
            Math.max(...after.map(it => after.filter(other => other[key] === it[key]).length))
          const holds =
            after.length <= (limits.uses ?? Infinity) &&
            most('person') <= (limits.perPerson ?? Infinity) &&
            most('code') <= (limits.perCode ?? Infinity) &&
            spent <= (limits.budget?.amount ?? Infinity)
          // Worth nothing, a use would still fit an empty budget; but an empty budget is the end of an offer.
          const isEmpty = limits.budget !== undefined && usage.budget >= limits.budget.amount
          expect(accepted).toBe(holds && !isEmpty)
          if (accepted) taken.push(attempt)
        }
      }),
    )
  })
})
