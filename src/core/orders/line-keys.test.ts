import { expect, test } from 'vitest'
import { compileCondition } from '../rules/condition.ts'
import { mayLineMatch } from './line-keys.ts'

const inCollection = (sku: string, collection: string) => collection === 'breakfast' && sku === 'BREAD'

test.each<[string, sku: string, category: string | undefined, boolean]>([
  ["line.sku == 'LATTE'", 'LATTE', undefined, true],
  ["line.sku == 'LATTE'", 'BREAD', undefined, false],
  ["line.sku in ['LATTE', 'BREAD']", 'BREAD', undefined, true],
  ["line.category == 'coffee'", 'LATTE', 'coffee', true],
  ["line.category == 'coffee'", 'LATTE', undefined, false],
  ["line.category == 'coffee' && line.sku == 'LATTE'", 'LATTE', 'tea', false],
  ["line.category == 'coffee' || line.sku == 'LATTE'", 'LATTE', 'tea', true],
  ["inCollection(line.sku, 'breakfast')", 'BREAD', undefined, true],
  ["inCollection(line.sku, 'breakfast')", 'LATTE', undefined, false],
  // A look cannot tell: CEL is asked.
  ["line.sku != 'LATTE'", 'LATTE', undefined, true],
  ['line.quantity > 3', 'LATTE', undefined, true],
  // What is not about the line does not speak for or against it.
  ["channel == 'web'", 'LATTE', undefined, true],
  ["line.sku == 'LATTE' || channel == 'web'", 'BREAD', undefined, true],
])('%s may match %s of category %s: %s', (source, sku, category, may) => {
  const filter = compileCondition(source, 'line')
  if (!filter.ok) throw new Error(filter.refusal.message)
  const line = { id: '1', sku, ...(category !== undefined && { category }), quantity: 1, unitPrice: 100 }
  // Twice, because what a filter needs is remembered.
  expect([1, 2].map(() => mayLineMatch(filter.value, line, inCollection))).toEqual([may, may])
})
