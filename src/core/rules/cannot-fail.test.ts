import { describe, expect, it } from 'vitest'
import { cannotFail } from './cannot-fail.ts'
import { compileExpression } from './expression.ts'

const answer = (source: string): boolean => {
  const compiled = compileExpression(source, 'line', 'bool')
  if (!compiled.ok) throw new Error(compiled.refusal.message)
  return cannotFail(compiled.value)
}

describe('an expression that only compares what is always there cannot fail', () => {
  it.each([
    "line.sku == 'LATTE' || line.category in ['coffee', 'tea']",
    "inCollection(line.sku, 'breakfast') && !(line.unitPrice < 300)",
    "inSegment('vip') || 'phone' in person.identifiers",
    'between(line.subtotal, 100, 200)',
    "line.sku.startsWith('A') && order.lines.exists(item, item.quantity >= 2)",
  ])('%s', source => {
    expect(answer(source)).toBe(true)
  })
})

describe('one that reckons, or asks for what may be missing, may fail', () => {
  it.each([
    "line.attributes.color == 'red'",
    "has(line.attributes.color) && line.sku == 'LATTE'",
    "person.traits.plan == 'gold'",
    'line.subtotal / line.quantity > 5',
    'line.subtotal * 9007199254740991 > 5',
    "order.lines[0].sku == 'LATTE'",
    "daysSince(person.orders.lastAt) > 3 || line.sku == 'LATTE'",
    "order.lines.exists(item, item.attributes.color == 'red')",
    'birthdayWithin(3, 3)',
    "line.sku.substring(0, 3) == 'LAT'",
  ])('%s', source => {
    expect(answer(source)).toBe(false)
  })
})
