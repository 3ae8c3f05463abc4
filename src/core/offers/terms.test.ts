import { describe, expect, it } from 'vitest'
import type { OfferTerms } from './schema.ts'
import { countsAnew, patchTerms, sameTerms, termsCollections, termsMistakes, termsOf } from './terms.ts'

const terms: OfferTerms = {
  name: 'Coffee',
  trigger: { on: 'code' },
  when: 'order.subtotal >= 1000',
  benefit: { kind: 'percentOff', percent: 20, lines: "inCollection(line.sku, 'coffee')" },
  channels: {},
  stacking: { priority: 0 },
  limits: { uses: 10 },
  validity: { from: '2026-03-01T08:00:00.000Z' },
}

describe('the terms of an offer', () => {
  it('are all but its campaign and state, with times in UTC', () => {
    const input = { ...terms, validity: { from: '2026-03-01T09:00:00+01:00' } }
    expect(termsOf({ ...input, campaign: 'cmp_1', state: 'live' })).toEqual(terms)
  })

  it('are replaced field by field', () => {
    expect(patchTerms(terms, { limits: { perPerson: 1 }, state: 'paused' })).toEqual({
      ...terms,
      limits: { perPerson: 1 },
    })
    const { when: _, ...rest } = terms
    expect(patchTerms(terms, { when: null })).toEqual(rest)
    expect(patchTerms(terms, { when: 'order.quantity > 1' }).when).toBe('order.quantity > 1')
  })

  it('are the same whatever the order of their fields or the zone of their times', () => {
    const { name, ...rest } = terms
    expect(sameTerms(terms, { ...rest, name })).toBe(true)
    expect(sameTerms(terms, patchTerms(terms, { validity: { from: '2026-03-01T10:00:00+02:00' } }))).toBe(true)
    expect(sameTerms(terms, patchTerms(terms, { name: 'Tea' }))).toBe(false)
  })

  it.each<[string, Partial<OfferTerms>, string[]]>([
    ['nothing', {}, []],
    ['a pure percentage with a budget', { limits: { budget: { amount: 1, currency: 'JPY' } } }, []],
    [
      'a benefit in no currency',
      { benefit: { kind: 'amountOff', amount: 1, currency: 'XXX' } },
      ['/benefit is in XXX, which is no currency of ISO 4217'],
    ],
    [
      'a budget in another currency than the benefit',
      {
        benefit: { kind: 'amountOff', amount: 1, currency: 'EUR' },
        limits: { budget: { amount: 1, currency: 'USD' } },
      },
      ['/limits/budget/currency is USD, but the benefit is in EUR'],
    ],
    [
      'a present for the asking that nothing limits for a person',
      {
        trigger: { on: 'request' },
        benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A tour' },
        limits: { uses: 10 },
      },
      [
        '/limits/perPerson is needed, or a limit "per" period "by" person: whoever asks could claim this offer without end; a "price" in points would do too',
      ],
    ],
    [
      'a zone that is none and a second that is none',
      { validity: { timeZone: '+02:00', to: '2026-06-30T23:59:60Z' } },
      ['/validity/timeZone is no IANA time zone such as "Europe/Rome"', '/validity/to is no time that exists'],
    ],
  ])('have %s to complain about', (_, changed, mistakes) => {
    const found = termsMistakes({ ...terms, ...changed }).map(({ pointer, message }) => `${pointer} ${message}`)
    expect(found).toEqual(mistakes)
  })

  it('name their collections once', () => {
    const when = "order.lines.exists(item, inCollection(item.sku, 'tea')) && order.subtotal > 1"
    expect(termsCollections({ ...terms, when })).toEqual({ ok: true, value: ['tea', 'coffee'] })
  })

  it('point to a condition with a mistake', () => {
    expect(termsCollections({ ...terms, when: 'order.subtotl > 1' })).toMatchObject({
      ok: false,
      refusal: { code: 'condition_invalid', details: { line: 1, column: 7 }, errors: [{ pointer: '/when' }] },
    })
  })

  it.each<[string, OfferTerms['limits'], OfferTerms['limits'], boolean]>([
    ['no limit stays none', {}, { perPerson: 1 }, false],
    ['a first limit', {}, { uses: 1 }, true],
    ['another number', { uses: 1 }, { uses: 2 }, false],
    ['a budget beside uses', { uses: 1 }, { uses: 1, budget: { amount: 1, currency: 'EUR' } }, true],
    ['a larger budget', { budget: { amount: 1, currency: 'EUR' } }, { budget: { amount: 2, currency: 'EUR' } }, false],
    ['another currency', { budget: { amount: 1, currency: 'EUR' } }, { budget: { amount: 1, currency: 'USD' } }, true],
    ['a limit that goes', { uses: 1 }, {}, true],
    ['a limit of periods', {}, { per: { uses: 1, period: 'day' } }, true],
    ['more uses a period', { per: { uses: 1, period: 'day' } }, { per: { uses: 2, period: 'day' } }, false],
    ['another period', { per: { uses: 1, period: 'day' } }, { per: { uses: 1, period: 'week' } }, true],
  ])('are counted anew after a change of limits or not: %s', (_, before, after, anew) => {
    expect(countsAnew({ ...terms, limits: before }, { ...terms, limits: after })).toBe(anew)
  })
})
