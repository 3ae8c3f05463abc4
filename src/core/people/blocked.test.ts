import { expect, it } from 'vitest'
import { isBlocked } from './blocked.ts'
import { defaultIdentityRules } from './identity-rules.ts'

const isNobodys = (pattern: string, value: string, type = 'email'): boolean =>
  isBlocked({ type, value }, { ...defaultIdentityRules, blocked: [pattern] })

it.each([
  ['info@*', 'info@shop.example', true],
  ['info@*', 'my-info@shop.example', false],
  ['*@shop.example', 'Ana@SHOP.example', true],
  ['*@shop.example', 'ana@shop.example.com', false],
  ['test*@*.example', 'test+7@shop.example', true],
  ['test*@*.example', 'test.example', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*a', 'aba', true],
  ['a*b*a', 'ab', false],
  ['*', 'anything', true],
  ['**x**', 'axb', true],
  ['phone:+39*', '+39333', false],
  ['email:a.c', 'abc', false],
])('the pattern %s is about %s: %s', (pattern, value, expected) => {
  expect(isNobodys(pattern, value)).toBe(expected)
})

it('a pattern of many stars keeps nobody busy', () => {
  // As a regular expression this would go on for longer than the world has stood.
  expect(isNobodys(`${'*a'.repeat(90)}*c`, 'ab'.repeat(125))).toBe(false)
  expect(isNobodys(`${'*a'.repeat(90)}*`, 'ab'.repeat(125), 'userId')).toBe(true)
})
