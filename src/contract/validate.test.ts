import { expect, test } from 'vitest'
import { z } from 'zod'
import { nearest } from './nearest.ts'
import { validate } from './validate.ts'

const order = z.strictObject({
  lines: z
    .array(
      z.union([
        z.strictObject({ sku: z.string(), quantity: z.int(), price: z.int() }),
        z.strictObject({ sku: z.string(), amount: z.int() }),
      ]),
    )
    .max(2),
  benefit: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('percentOff'), percent: z.number().gt(0).max(100) }),
      z.strictObject({ kind: z.literal('amountOff'), amount: z.int() }),
    ])
    .optional(),
  codes: z.array(z.string()).max(3).optional(),
  choices: z.record(z.string().regex(/^off_/, 'must be an offer id (off_…)'), z.string()).optional(),
  labels: z.record(z.string(), z.strictObject({ text: z.string() })).default({}),
})

test.each([
  [{ lines: [{ sku: 'A', quantity: 1, price: 'x' }] }, '/lines/0/price', 'expected number, received string'],
  [{ lines: [{ sku: 'A', ammount: 1 }] }, '/lines/0/ammount', 'is not a known field; did you mean "amount"?'],
  [
    { lines: [{ sku: 'A', quantity: 1, price: 1, amuont: 2 }] },
    '/lines/0/amuont',
    'is not a known field; did you mean "amount"?',
  ],
  [
    { lines: [], benefit: { kind: 'percentOff', percnet: 1 } },
    '/benefit/percnet',
    'is not a known field; did you mean "percent"?',
  ],
  [{ lines: [], benefit: { kind: 'percentOff', amount: 1 } }, '/benefit/amount', 'is not a known field'],
  [{ lines: [], benefit: { kind: 'percentOff', percent: 0 } }, '/benefit/percent', 'must be more than 0'],
  [{ lines: [], benefit: { kind: 'percentOff', percent: 120 } }, '/benefit/percent', 'must be at most 100'],
  [
    { lines: [], benefit: { kind: 'amountOff', amount: 5.5 } },
    '/benefit/amount',
    'must be a whole number; money is in minor units, 5.50 EUR is 550',
  ],
  [{ lines: [], codes: ['A', 'B', 'C', 'D'] }, '/codes', 'must have at most 3 items'],
  [{ lines: [], choices: { mug: 'MUG' } }, '/choices/mug', 'must be an offer id (off_…)'],
  [{ lines: [], benefit: { kind: 'free' } }, '/benefit/kind', "expected 'percentOff' | 'amountOff'"],
  [
    { lines: [], labels: { 'a/b~c': { txet: '' } } },
    '/labels/a~1b~0c/txet',
    'is not a known field; did you mean "text"?',
  ],
  [{ lines: [1] }, '/lines/0', 'expected object, received number'],
  [[], '', 'expected object, received array'],
  [undefined, '', 'is required (object)'],
])('%j is wrong at %s: %s', (value, pointer, message) => {
  const read = validate(order, value, 'body')
  expect(read.ok ? [] : read.errors).toContainEqual(expect.objectContaining({ pointer, message }))
})

test('a mistake deep in one option of a union is told instead of that the other options do not fit', () => {
  const nested = z.union([z.strictObject({ a: z.strictObject({ b: z.int() }) }), z.strictObject({ c: z.int() })])
  const read = validate(nested, { a: { b: 'x' } }, 'body')
  expect(read).toEqual({ ok: false, errors: [{ pointer: '/a/b', message: 'expected number, received string' }] })
})

test('of a text in the place of a list only that is told', () => {
  const read = validate(order, { lines: [], codes: 'SUMMER' }, 'body')
  expect(read).toEqual({ ok: false, errors: [{ pointer: '/codes', message: 'expected array, received string' }] })
})

test('the number of mistakes told is bounded', () => {
  const read = validate(z.array(z.int()), Array(1000).fill('x'), 'body')
  expect(read.ok ? 0 : read.errors.length).toBe(50)
})

test.each([
  ['itmes', 'items'],
  ['Items', 'items'],
  ['unitprice', 'unitPrice'],
  ['sk', 'sku'],
  ['colour', undefined],
  ['x'.repeat(100), undefined],
])('%s was probably meant as %s', (given, meant) => {
  expect(nearest(given, ['items', 'unitPrice', 'sku', 'codes'])).toBe(meant)
})
