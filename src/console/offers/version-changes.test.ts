import { expect, it } from 'vitest'
import { wordsOf } from '../../../test/words.ts'
import { comparing, naming } from '../parts/condition-rows.ts'
import type { Draft } from './edit/offer-draft.ts'
import { changeWords, versionChanges } from './version-changes.ts'

const words = (await wordsOf('console')).words('en')
const here = {
  words,
  fields: [{ id: 'subtotal', label: 'Basket', value: 'money' as const, operators: comparing('order.subtotal') }],
  lineFields: [{ id: 'category', label: 'Category', value: 'text' as const, operators: naming('line.category') }],
  channels: [
    { value: 'web', label: 'Web shop' },
    { value: 'store', label: 'Stores' },
  ],
  currency: 'EUR',
  timeZone: 'Europe/Rome',
}

const draft: Draft = {
  campaign: 'cmp_1',
  name: 'Coffee',
  trigger: { on: 'basket' },
  benefit: { kind: 'percentOff', percent: 10, max: { amount: 500, currency: 'EUR' } },
  channels: { redeem: ['web'] },
  limits: { uses: 100, perPerson: 1 },
  validity: { from: '2026-03-01T00:00:00Z' },
}

const told = (after: Partial<Draft>, before: Partial<Draft> = {}): string[] =>
  versionChanges({ ...draft, ...before }, { ...draft, ...after }, here).map(change => changeWords(change, words))

it('two versions that say the same differ in nothing, also where one leaves out what is usual', () => {
  expect(told({})).toEqual([])
  expect(told({ stacking: { priority: 0, base: 'running', exclusive: false }, onReturn: 'proRata' })).toEqual([])
})

it.each<[string, Partial<Draft>, string[]]>([
  ['its name', { name: 'Tea' }, ['Name: Coffee → Tea']],
  [
    'a number of its benefit',
    { benefit: { kind: 'percentOff', percent: 15, max: { amount: 500, currency: 'EUR' } } },
    ['Percent: 10% → 15%'],
  ],
  [
    'what bounds its benefit',
    { benefit: { kind: 'percentOff', percent: 10, lines: "line.category == 'tea'" } },
    ['At most: removed €5.00', 'Items: added category is tea'],
  ],
  [
    'another benefit',
    { benefit: { kind: 'amountOff', amount: 250, currency: 'EUR' } },
    ['Gives: 10% off everything, at most €5.00 → €2.50 off everything'],
  ],
  ['a condition', { when: 'order.subtotal >= 2000' }, ['If: added basket is at least €20.00']],
  ['a condition that no row shows', { when: 'true && (false || true)' }, ['If: added true && (false || true)']],
  ['a channel more', { channels: { redeem: ['web', 'store'] } }, ['Redeemed on: added Stores']],
  ['no channels any more', { channels: {} }, ['Redeemed on: Web shop → Everywhere']],
  [
    'its limits',
    { limits: { uses: 200, per: { uses: 2, period: 'day', by: 'person' } } },
    [
      'Limits: 100 uses in all → 200 uses in all',
      'Limits: removed 1 use a person',
      'Limits: added 2 uses a person, a day',
    ],
  ],
  [
    'its dates',
    { validity: { to: '2026-04-01T00:00:00Z' } },
    ['Begins: removed Mar 1, 2026, 1:00 AM', 'Ends: added Apr 1, 2026, 2:00 AM'],
  ],
  [
    'how it stands beside others',
    { stacking: { priority: 5, exclusive: true } },
    ['Priority: 0 → 5', 'Beside other offers: Combines with others → Alone in the order'],
  ],
  ['a surprise', { chance: { wins: 1, outOf: 10, period: 'day' } }, ['Surprise: added 1 out of 10 win, a day']],
])('a change of %s is told in the words of the form', (_what, after, changes) => {
  expect(told(after)).toEqual(changes)
})

it('steps are told by the whole sentence, once', () => {
  const steps = (amount: number): Draft['benefit'] => ({
    kind: 'tieredSpend',
    currency: 'EUR',
    tiers: [{ spend: 1000, amount }],
  })
  expect(told({ benefit: steps(300) }, { benefit: steps(200) })).toEqual([
    'Gives: by what is spent on everything: €2.00 off from €10.00 → by what is spent on everything: €3.00 off from €10.00',
  ])
})

it('two conditions that read alike and ask otherwise are shown as they are written', () => {
  const twice = [
    { id: 'a', label: 'Basket', value: 'money' as const, operators: comparing('order.subtotal') },
    { id: 'b', label: 'Basket', value: 'money' as const, operators: comparing('order.total') },
  ]
  const [change] = versionChanges(
    { ...draft, when: 'order.subtotal > 5' },
    { ...draft, when: 'order.total > 5' },
    { ...here, fields: twice },
  )
  expect(change).toMatchObject({ before: 'order.subtotal > 5', after: 'order.total > 5' })
})
