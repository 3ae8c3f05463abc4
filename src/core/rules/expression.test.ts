import { describe, expect, it, test } from 'vitest'
import { type CelFacts, forLine, toCelFacts, withRunning } from './cel.ts'
import { compileExpression, type Expression, evaluateExpression } from './expression.ts'
import { type Facts, localFacts, type Scope } from './facts.ts'

const line = (id: string, subtotal: number) => ({
  id,
  sku: `SKU-${id}`,
  quantity: 2,
  unitPrice: subtotal / 2,
  subtotal,
  attributes: { milk: 'oat' },
})
const facts: Facts = {
  order: {
    id: 'web-1',
    currency: 'EUR',
    subtotal: 1505,
    quantity: 4,
    shipping: 0,
    channel: 'web',
    lines: [line('1', 905), line('2', 600)],
  },
  person: {
    known: true,
    identifiers: ['email'],
    orders: { count: 3, spend: 1000 },
    traits: { level: 3, factor: 1.9, name: 'Ana' },
  },
  campaign: { id: 'cmp_1', name: 'Spring' },
  channel: 'web',
  local: localFacts(0, 'UTC'),
  inCollection: () => false,
}
const celFacts = toCelFacts(facts)

const amount = (source: string, scope: Scope = 'order'): Expression<'int'> => {
  const result = compileExpression(source, scope, 'int')
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}
const ask = (source: string, about: CelFacts = celFacts, scope: Scope = 'order') =>
  evaluateExpression(amount(source, scope), about)

describe('an amount', () => {
  test.each<[string, number]>([
    ['order.subtotal / 10', 150],
    ['-order.subtotal / 10', -150],
    ['100 * order.quantity', 400],
    ['order.subtotal >= 1000 ? 500 : 0', 500],
    ['int(person.traits.level) * 100', 300],
    ['int(double(order.subtotal) * 0.1)', 150],
    ['order.lines.filter(item, item.subtotal > 700).size() * 50', 50],
    ['person.orders.averageValue', 333],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is %i', (source, value) => {
    expect(ask(source)).toEqual({ value })
  })

  test.each<[string, string]>([
    ['order.subtotal / order.shipping', 'division_by_zero in `order.subtotal / order.shipping`'],
    ['int(person.traits.none)', 'no_such_key in `person.traits.none`'],
    ['9007199254740991 + order.quantity', 'not a safe whole number'],
  ])('%s is the error %s', (source, error) => {
    expect(ask(source)).toEqual({ error })
  })

  test.each(['int(person.traits.name)', '9007199254740991 * 9007199254740991 * order.quantity'])(
    '%s is an error, no crash',
    source => {
      expect(ask(source)).toEqual({ error: expect.stringContaining(' in `') })
    },
  )

  test.each<[string, number, string]>([
    ['order.subtotl / 10', 7, 'did you mean `order.subtotal`?'],
    ['order.subtotal > 10', 1, 'An amount must be a whole number, this one is of type bool.'],
    ['double(order.subtotal) * 0.1', 1, 'An amount must be a whole number, this one is of type double.'],
    ['person.traits.level', 1, 'it is not known what this one is: use `int(…)`'],
    ['order.subtotal * 0.1', 1, 'The types do not fit: int * double.'],
    ['order.subtotal /', 17, 'The expression ends too early.'],
  ])('%s is refused at column %i: %s', (source, column, mistake) => {
    const result = compileExpression(source, 'order', 'int')
    expect(result).toMatchObject({ ok: false, refusal: { code: 'condition_invalid', details: { source, column } } })
    expect(result.ok || result.refusal.message).toContain(mistake)
  })
})

describe('the running price', () => {
  const running = withRunning(celFacts, 1200, [700, 500])

  test.each<[string, number]>([
    ['order.total', 1200],
    ['order.subtotal', 1505],
    ['order.lines[1].total', 500],
    ['order.lines.filter(item, item.total < item.subtotal).size()', 2],
    ['order.quantity', 4],
  ])('makes %s %i', (source, value) => {
    expect(ask(source, running)).toEqual({ value })
  })

  it('is the subtotal before, and the facts before stay as they are', () => {
    expect(ask('order.total + order.lines[0].total')).toEqual({ value: 1505 + 905 })
  })

  it('is seen by a line, whichever was said first', () => {
    const source = 'line.total + (line.attributes.milk == "oat" ? 0 : 1) + order.total'
    expect(ask(source, forLine(running, 1), 'line')).toEqual({ value: 500 + 1200 })
    expect(ask(source, withRunning(forLine(celFacts, 1), 1200, [700, 500]), 'line')).toEqual({ value: 500 + 1200 })
  })

  it('falls again and again', () => {
    const again = withRunning(running, 0, [0, 0])
    expect(ask('order.total + order.lines[0].total', again)).toEqual({ value: 0 })
    expect(ask('order.total + order.lines[0].total', running)).toEqual({ value: 1900 })
  })

  it('has a total for each line', () => {
    expect(() => withRunning(celFacts, 1200, [1200])).toThrow('1 totals for 2 lines')
  })
})

describe('what an expression reads is known without running it', () => {
  const scopeOf = (source: string): Scope => (/\b(line|event)\b/.exec(source)?.[1] as Scope | undefined) ?? 'order'
  const all = [
    // source, reads a running price, reads the person
    ['order.total', true, false],
    ['line.total', true, false],
    ["size(order['total'] == 1 ? 'a' : '')", true, false],
    ['order.lines[0].total', true, false],
    ['order.lines.filter(item, item.total > 1).size()', true, false],
    ['int((order.lines + order.lines)[0].total)', true, false],
    ['int(order.lines.map(item, item)[0].total)', true, false],
    ['order.subtotal + order.lines[0].subtotal', false, false],
    ['line.subtotal', false, false],
    ['int(line.attributes.total)', false, false],
    ['int(event.properties.total)', false, false],
    ['int(person.traits.total)', false, true],
    ['size(person.id)', false, true],
    ["inSegment('vip') ? 1 : 0", false, true],
    ['birthdayWithin(0, 0) ? 1 : 0', false, true],
    ['order.lines.filter(person, person.total > 1).size()', true, false],
    ["daysSince('2026-01-01')", false, false],
  ] as const

  test.each(all)('%s: running price %s, person %s', (source, readsRunning, readsPerson) => {
    expect(amount(source, scopeOf(source))).toMatchObject({ readsRunning, readsPerson, gives: 'int' })
  })
})
