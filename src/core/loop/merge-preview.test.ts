import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import { armConflicts, compareSides, type PersonLimit, personLimits, type Side } from './merge-preview.ts'
import type { Exposure } from './world.ts'

const now = Date.UTC(2026, 2, 2, 10)
const day = 86_400_000
const holder: Side['holders'][number] = { orders: 0, spend: {}, consents: {}, preferences: {} }
const nothing: Side = { holders: [holder], uses: [], grants: [], exposures: [], segments: [] }
const once: PersonLimit = { offer: 'off_1', name: 'A coffee', limit: 1, period: undefined, timeZone: 'Europe/Rome' }
const setting = { limits: [once], topics: [], now }
const met = (campaignId: string, arm: Exposure['arm'], at: number): Exposure => ({
  holderId: `hol_${at}`,
  campaignId,
  arm,
  at,
})
const grant = (id: string, issuedAt: number) => ({
  id,
  offer: 'off_1',
  name: 'A coffee',
  perPerson: 1,
  state: 'issued' as const,
  issuedAt,
})

describe('of two people who would be one', () => {
  test('orders and spend are summed, currency by currency', () => {
    const first: Side = {
      ...nothing,
      holders: [
        { ...holder, orders: 2, spend: { EUR: 500 } },
        { ...holder, spend: { CHF: 7 } },
      ],
    }
    const second = { ...nothing, holders: [{ ...holder, orders: 1, spend: { EUR: 80 } }] }
    expect(compareSides(first, second, setting)).toMatchObject({
      orders: { first: 2, second: 1, together: 3 },
      spend: { CHF: { first: 7, second: 0, together: 7 }, EUR: { first: 500, second: 80, together: 580 } },
    })
  })

  test('uses count over both, so the next one may be refused; what neither has used is left out', () => {
    const limits = [
      once,
      { ...once, offer: 'off_2', limit: 2 },
      { ...once, offer: 'off_3', limit: 2, period: 'day' as const },
      { ...once, offer: 'off_4' },
    ]
    const used = (...uses: [string, number][]) => ({ ...nothing, uses: uses.map(([offer, at]) => ({ offer, at })) })
    const first = used(['off_1', now], ['off_2', now - day], ['off_3', now])
    const second = used(['off_1', now - day], ['off_2', now], ['off_3', now - day])
    expect(compareSides(first, second, { ...setting, limits }).offers).toMatchObject([
      { offer: 'off_1', period: null, first: 1, second: 1, together: 2, nextRefused: true },
      { offer: 'off_2', period: null, limit: 2, together: 2, nextRefused: true },
      // Yesterday's does not count today.
      { offer: 'off_3', period: 'day', limit: 2, first: 1, second: 0, together: 1, nextRefused: false },
    ])
  })

  test('the earliest grant of an offer for once stays', () => {
    const compared = compareSides(
      { ...nothing, grants: [grant('gra_2', 2)] },
      { ...nothing, grants: [grant('gra_1', 1)] },
      setting,
    )
    expect(compared.grants).toMatchObject([
      { grant: 'gra_1', of: 'second', duplicate: false },
      { grant: 'gra_2', of: 'first', duplicate: true },
    ])
  })

  test('a no outweighs a yes, and silence does not', () => {
    const said = (consents: Side['holders'][number]['consents']) => ({ ...nothing, holders: [{ ...holder, consents }] })
    const first = said({ 'email/marketing': ['given', 1], 'email/research': ['given', 1] })
    const second = said({ 'email/marketing': ['withdrawn', 0] })
    expect(compareSides(first, second, setting).consents).toEqual([
      { channel: 'email', purpose: 'marketing', first: true, second: false, together: false },
      { channel: 'email', purpose: 'research', first: true, second: false, together: true },
    ])
  })

  test('arms in conflict are told, and that of the first exposure stays', () => {
    const first = {
      ...nothing,
      exposures: [met('cmp_1', 'treatment', 2), met('cmp_2', 'treatment', 1), met('', 'treatment', 9)],
    }
    const second = {
      ...nothing,
      exposures: [met('cmp_1', 'holdout', 1), met('cmp_2', 'treatment', 2), met('', 'holdout', 10)],
    }
    expect(compareSides(first, second, setting).arms).toEqual([
      { campaign: null, first: 'treatment', second: 'holdout', together: 'treatment' },
      { campaign: 'cmp_1', first: 'treatment', second: 'holdout', together: 'holdout' },
    ])
    expect([...armConflicts([...first.exposures, ...second.exposures])]).toEqual([
      ['', 'treatment'],
      ['cmp_1', 'holdout'],
    ])
  })
})

test('the limits for each person are those of offers that go on, ever and by the period', () => {
  const terms = { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 5 } } as const
  const shop = smallWorld({
    offers: {
      coffee: {
        ...terms,
        limits: {
          perPerson: 2,
          per: [
            { uses: 1, period: 'day', by: 'person' },
            { uses: 9, period: 'day' },
          ],
        },
      },
      tea: terms,
    },
  })
  const offer = shop.offerId('coffee')
  expect(personLimits(shop.world().catalogue, 'Europe/Rome')).toEqual([
    { offer, name: 'coffee', limit: 2, period: undefined, timeZone: 'Europe/Rome' },
    { offer, name: 'coffee', limit: 1, period: 'day', timeZone: 'Europe/Rome' },
  ])
})
