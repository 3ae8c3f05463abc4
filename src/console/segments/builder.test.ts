import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../core/rules/condition.ts'
import { numberFacts, operators, type Rule, type Rules, readRules, writeRules, yesNoFacts } from './builder.ts'

describe('the builder shows', () => {
  it.each([
    ['orders(30) >= 2', { fact: 'orders', of: '', days: 30, operator: '>=', value: 2 }],
    ['spend() < 5000', { fact: 'spend', of: '', days: undefined, operator: '<', value: 5000 }],
    ["(ordersIn('store') == 0)", { fact: 'ordersIn', of: 'store', days: undefined, operator: '==', value: 0 }],
    ["events('Product Viewed', 7) > 3", { fact: 'events', of: 'Product Viewed', days: 7, operator: '>', value: 3 }],
    ['person.points.club >= 500', { fact: 'points', of: 'club', days: undefined, operator: '>=', value: 500 }],
    ["!inSegment('vip')", { fact: 'segment', of: 'vip', more: '', is: false }],
    ["consented('email', 'marketing')", { fact: 'consent', of: 'email', more: 'marketing', is: true }],
    ['birthdayWithin(3, 7)', { fact: 'birthday', of: '3', more: '7', is: true }],
    ["!('phone' in person.identifiers)", { fact: 'identifier', of: 'phone', more: '', is: false }],
    ["person.tiers.club != 'gold'", { fact: 'tier', of: 'club', more: 'gold', is: false }],
    ["person.preferredChannel == 'app'", { fact: 'mostlyOn', of: 'app', more: '', is: true }],
    [
      "has(person.traits.plan) && person.traits.plan == 'it\\'s'",
      { fact: 'trait', of: 'plan', more: "it's", is: true },
    ],
  ] satisfies [string, Rule][])('%s', (cel, rule) => {
    expect(readRules(cel)).toEqual({ join: 'all', rules: [rule] })
  })

  it('several, of which all or one have to be true', () => {
    expect(readRules("orders(30) >= 2 && !inSegment('a && b')")?.join).toBe('all')
    expect(readRules("(orders(30) >= 2) || inSegment('vip')")).toMatchObject({ join: 'any', rules: { length: 2 } })
  })
})

describe('stays text', () => {
  it.each([
    'orders(30) >= 2 && returns() == 0 || spend() > 1',
    'orders(30) >= 2 && (returns() == 0 || spend() > 1)',
    'orders(30) >= spend(30)',
    "orders('web') >= 2",
    'daysSince(person.orders.lastAt) > 60',
    'orders(30) >= 2)',
    'orders(30',
  ])('%s', cel => {
    expect(readRules(cel)).toBeUndefined()
  })
})

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const words = fc.string({ minLength: 1, maxLength: 12 }).filter(it => !/[\n\r\u2028\u2029]/.test(it))
const days = fc.integer({ min: 1, max: 365 })
const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc
    .record({
      fact: fc.constantFrom(...(Object.keys(numberFacts) as (keyof typeof numberFacts)[])),
      of: word,
      days: fc.option(days, { nil: undefined }),
      operator: fc.constantFrom(...operators),
      value: fc.integer({ min: 0, max: 1_000_000 }),
    })
    .map(it => ({
      ...it,
      of: 'of' in numberFacts[it.fact] ? it.of : '',
      days: numberFacts[it.fact].days ? it.days : undefined,
    })),
  fc
    .record({ fact: fc.constantFrom(...yesNoFacts), of: word, more: words, is: fc.boolean() })
    .map(it => ({ ...it, more: ['consent', 'tier', 'trait'].includes(it.fact) ? it.more : '' }))
    .map(it => (it.fact === 'birthday' ? { ...it, of: '3', more: '7' } : it))
    .map(it => (it.fact === 'consent' ? { ...it, of: 'email', more: 'marketing' } : it)),
)
const rules: fc.Arbitrary<Rules> = fc.record({
  join: fc.constantFrom('all', 'any'),
  rules: fc.array(rule, { minLength: 2, maxLength: 5 }),
})

describe('whatever the builder says', () => {
  it('it reads as it wrote it', () => {
    fc.assert(
      fc.property(rules, it => {
        expect(readRules(writeRules(it))).toEqual(it)
      }),
    )
  })

  it('is a condition that can be saved', () => {
    fc.assert(
      fc.property(rules, it => {
        const compiled = compileCondition(writeRules(it), 'segment')
        expect(compiled.ok ? 'ok' : compiled.refusal).toBe('ok')
      }),
    )
  })
})
