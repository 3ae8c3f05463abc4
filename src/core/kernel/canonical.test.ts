import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

test.each([
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [{ a: undefined, b: null }, '{"b":null}'],
  [[1, 'x', true, null, { z: [], y: {} }], '[1,"x",true,null,{"y":{},"z":[]}]'],
  [{ 10: 'ten', 9: 'nine' }, '{"10":"ten","9":"nine"}'],
  [{ '€': 1, '\r': 2, é: 3 }, '{"\\r":2,"é":3,"€":1}'],
  [-0, '0'],
  [1e21, '1e+21'],
  ['"\\\n\u2028', '"\\"\\\\\\n\u2028"'],
])('%j is written %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined, [undefined], () => 1])('%s has no JSON text', value => {
  expect(() => canonicalJson(value)).toThrow(TypeError)
})

it('means the same value, and does not depend on the order of keys', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, reversed(member)]),
    )
  }
  fc.assert(
    fc.property(fc.json(), json => {
      const value: unknown = JSON.parse(json)
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
    }),
  )
})
