import { expect, it } from 'vitest'
import { masked } from './masked.ts'

it.each([
  ['email', ' ana.rossi@example.com ', 'a…@example.com'],
  ['email', 'ü@example.com', 'ü…@example.com'],
  ['phone', '+39 06 123456', '…56'],
  ['loyaltyCard', '4711000012', '…12'],
  ['userId', 'u-1', undefined],
])('of the %s %s it is enough to know it again: %s', (type, given, told) => {
  expect(masked({ type, given })).toBe(told)
})
