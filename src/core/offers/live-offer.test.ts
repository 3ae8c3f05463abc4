import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { kindOf } from './kinds/index.ts'
import { liveCampaign, liveOffer, offerCurrency, type StoredCampaign, type StoredOffer } from './live-offer.ts'
import { offerInput } from './schema.ts'
import { termsOf } from './terms.ts'

const terms = (fields: Record<string, unknown>): StoredOffer['body'] =>
  termsOf(
    offerInput.parse({
      campaign: `cmp_${'0'.repeat(26)}`,
      name: 'Deal',
      trigger: { on: 'basket' },
      benefit: { kind: 'percentOff', percent: 20 },
      ...fields,
    }),
  )

const campaign = (body: Partial<StoredCampaign['body']> = {}) =>
  liveCampaign({ id: 'cmp_1', name: 'Spring', state: 'live', body: { audience: 'everyone', ...body } })

const live = (fields: Record<string, unknown>, schedule: Partial<StoredCampaign['body']> = {}) =>
  liveOffer({ id: 'off_1', version: 3, state: 'live', body: terms(fields) }, campaign(schedule))

describe('an offer is valid where its own validity and its campaign overlap', () => {
  const [march, april] = ['2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z']
  test.each([
    ['without either, always', {}, {}, undefined, undefined],
    ['its own alone', { from: march, to: april }, {}, march, april],
    ["the campaign's alone", {}, { from: march, to: april }, march, april],
    ['null, as a campaign stores what is open', {}, { from: null, to: null }, undefined, undefined],
    ['the later start', { from: march }, { from: april }, april, undefined],
    ['the later start, the other way', { from: april }, { from: march }, april, undefined],
    ['the earlier end', { to: april }, { to: march }, undefined, march],
    ['the earlier end, the other way', { to: march }, { to: april }, undefined, march],
  ])('%s', (_name, validity, schedule, from, to) => {
    const offer = live({ validity }, schedule)
    expect([offer.from, offer.to]).toEqual([from && parseInstant(from), to && parseInstant(to)])
  })
})

describe('the currency of an offer', () => {
  const budget = { amount: 1000, currency: 'USD' }
  test.each([
    ['a pure percentage has none', {}, undefined],
    [
      'a percentage with a cap has that of the cap',
      { benefit: { kind: 'percentOff', percent: 20, max: { amount: 5, currency: 'EUR' } } },
      'EUR',
    ],
    ['an amount has its own', { benefit: { kind: 'amountOff', amount: 5, currency: 'KWD' } }, 'KWD'],
    ['a percentage with a budget has that of the budget', { limits: { budget } }, 'USD'],
  ])('%s', (_name, fields, currency) => {
    expect(offerCurrency(terms(fields))).toBe(currency)
    expect(live(fields).currency).toBe(currency)
  })
})

describe('conditions', () => {
  it('are compiled once, of the order and of lines', () => {
    const offer = live({
      when: 'order.subtotal > 0',
      benefit: { kind: 'percentOff', percent: 20, lines: "line.sku == 'TEA'" },
    })
    expect([offer.when?.scope, offer.filters.get('lines')?.scope, offer.broken]).toEqual(['order', 'line', false])
  })

  test.each([
    ['of the order', { when: 'order.subtotl > 0' }],
    ['of lines', { benefit: { kind: 'percentOff', percent: 20, lines: 'order.subtotl > 0' } }],
  ])('%s that the rules no longer accept break the offer', (_name, fields) => {
    expect(live(fields)).toMatchObject({ broken: true })
  })
})

it('the example of the README: what is stored, and what the decision sees', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const { campaign: schedule, offer, sees } = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)
  const seen = live(offer, schedule)
  expect({
    sentence: kindOf(seen.terms.benefit).sentence(seen.terms.benefit),
    from: formatInstant(seen.from!),
    to: formatInstant(seen.to!),
    currency: seen.currency,
  }).toEqual(sees)
})
