import { expect, it } from 'vitest'
import { wordsOf } from '../../../test/words.ts'
import { segmentFields } from '../segments/segment-conditions.ts'
import { conditionWords } from './condition-words.ts'

const words = (await wordsOf('console')).words('en')
const named = (value: string, label: string) => ({ value, label })
const nouns = {
  channels: [named('web', 'Web shop')],
  consentChannels: [named('email', 'E-mail')],
  purposes: [named('marketing', 'Marketing')],
  identifiers: [],
  segments: [named('vip', 'Best customers')],
  programmes: [{ ...named('club', 'Coffee Club'), tiers: [named('gold', 'Gold')] }],
}
const told = (cel: string): string | undefined =>
  conditionWords(cel, { words, fields: segmentFields(nouns, words.t), currency: 'EUR' })

it.each([
  ['orders(30) >= 3', 'orders (in the last 30 days) is at least 3'],
  ['orders(60) == 0 && orders() >= 2', 'orders (in the last 60 days) is 0 and orders is at least 2'],
  ["ordersIn('web', 180) >= 1", 'orders on a channel (Web shop, in the last 180 days) is at least 1'],
  ['spend() > 5000', 'spent is more than €50.00'],
  ["consented('email', 'marketing')", 'may be contacted (E-mail, Marketing)'],
  ["!consented('email', 'marketing')", 'not: may be contacted (E-mail, Marketing)'],
  [
    "person.tiers.club == 'gold' || inSegment('vip')",
    'has the tier (Coffee Club) is Gold or in another segment is Best customers',
  ],
])('%s reads: %s', (cel, words) => {
  expect(told(cel)).toBe(words)
})

it('what no row can show has no words', () => {
  expect(told('orders(30) >= spend(30)')).toBeUndefined()
})
