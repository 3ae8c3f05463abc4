import fc from 'fast-check'
import type { TFunction } from 'i18next'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '../../core/rules/condition.ts'
import {
  type Asked,
  type ConditionRow,
  type Conditions,
  readConditions,
  writeConditions,
} from '../parts/condition-rows.ts'
import { segmentFields } from './segment-conditions.ts'

const t = ((key: string) => key) as TFunction
const club = { value: 'club', label: 'Club', tiers: [{ value: 'gold', label: 'Gold' }] }
const none = { channels: [], consentChannels: [], purposes: [], identifiers: [], segments: [], programmes: [club] }
const fields = segmentFields(none, t)
const row = (field: string, operator: ConditionRow['operator'], value: ConditionRow['value'], asked?: Asked) => ({
  field,
  operator,
  value,
  ...(asked && { asked }),
})

describe('the rows show', () => {
  it.each([
    ['orders(30) >= 2', row('orders', 'atLeast', 2, { days: '30' })],
    ['spend() < 5000', row('spend', 'lessThan', 5000, { days: '' })],
    ["(ordersIn('store') == 0)", row('ordersIn', 'is', 0, { channel: 'store', days: '' })],
    ["events('Product Viewed', 7) > 3", row('events', 'moreThan', 3, { event: 'Product Viewed', days: '7' })],
    ['person.points.club >= 500', row('points', 'atLeast', 500, { programme: 'club' })],
    ['returns() != 1', row('returns', 'isNot', 1, { days: '' })],
    ["!inSegment('vip')", row('segment', 'isNot', 'vip')],
    ["consented('email', 'marketing')", row('consent', 'is', undefined, { channel: 'email', purpose: 'marketing' })],
    ['birthdayWithin(3, 7)', row('birthday', 'is', undefined, { before: '3', after: '7' })],
    ["!('phone' in person.identifiers)", row('identifier', 'isNot', 'phone')],
    ["person.tiers.club != 'gold'", row('tier', 'isNot', 'gold', { programme: 'club' })],
    ["person.preferredChannel == 'app'", row('mostlyOn', 'is', 'app')],
    ["has(person.traits.plan) && person.traits.plan == 'it\\'s'", row('trait', 'is', "it's", { trait: 'plan' })],
    ["!(has(person.traits.plan) && person.traits.plan == 'x')", row('trait', 'isNot', 'x', { trait: 'plan' })],
  ])('%s', (cel, shown) => {
    expect(readConditions(cel, fields)).toEqual({ join: 'all', rows: [shown] })
  })

  it('several, of which all or one have to be true', () => {
    expect(readConditions("orders(30) >= 2 && !inSegment('a && b')", fields)?.join).toBe('all')
    expect(readConditions("((orders(30) >= 2) || (inSegment('vip')))", fields)).toMatchObject({
      join: 'any',
      rows: { length: 2 },
    })
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
    "has(person.traits.plan) && person.traits.other == 'x'",
  ])('%s', cel => {
    expect(readConditions(cel, fields)).toBeUndefined()
  })
})

it('a row that lacks what it asks for is not written', () => {
  const write = (asked: Asked) => writeConditions({ join: 'all', rows: [row('ordersIn', 'atLeast', 1, asked)] }, fields)
  expect(write({ channel: 'web', days: '' })).toBe("ordersIn('web') >= 1")
  expect(write({ channel: '', days: '30' })).toBeUndefined()
  expect(write({ channel: 'web', days: '30' })).toBe("ordersIn('web', 30) >= 1")
})

it('the tiers to choose from are those of the programme that is asked about', () => {
  const tier = fields.find(({ id }) => id === 'tier')
  expect(tier?.choicesFor?.({ programme: 'club' })).toEqual(club.tiers)
  expect(tier?.choicesFor?.({ programme: 'other' })).toEqual([])
})

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const words = fc.string({ minLength: 1, maxLength: 12 }).filter(it => !/[\n\r\u2028\u2029]/.test(it))
const asks: Readonly<Record<string, fc.Arbitrary<string>>> = {
  days: fc.oneof(
    fc.constant(''),
    fc.integer({ min: 1, max: 365 }).map(it => String(it)),
  ),
  before: fc.constant('3'),
  after: fc.constant('7'),
  channel: fc.constant('email'),
  purpose: fc.constant('marketing'),
}
const anyRow: fc.Arbitrary<ConditionRow> = fc.constantFrom(...fields).chain(field => {
  const asked = Object.fromEntries((field.asks ?? []).map(({ id }) => [id, asks[id] ?? word]))
  return fc
    .record({
      operator: fc.constantFrom(...(Object.keys(field.operators) as ConditionRow['operator'][])),
      number: fc.integer({ min: 0, max: 1_000_000 }),
      text: ['tier', 'trait'].includes(field.id) ? words : word,
      asked: fc.record(asked),
    })
    .map(it => ({
      field: field.id,
      operator: it.operator,
      value: field.value === 'none' ? undefined : field.value === 'text' ? it.text : it.number,
      ...(field.asks && { asked: { ...it.asked } }),
    }))
})
const rows: fc.Arbitrary<Conditions> = fc.record({
  join: fc.constantFrom('all', 'any'),
  rows: fc.array(anyRow, { minLength: 2, maxLength: 5 }),
})

describe('whatever the rows say', () => {
  it('they read as they wrote it', () => {
    fc.assert(
      fc.property(rows, it => {
        expect(readConditions(writeConditions(it, fields), fields)).toEqual(it)
      }),
    )
  })

  it('is a condition that can be saved', () => {
    fc.assert(
      fc.property(rows, it => {
        const compiled = compileCondition(writeConditions(it, fields) ?? '', 'segment')
        expect(compiled.ok ? 'ok' : compiled.refusal).toBe('ok')
      }),
    )
  })
})
