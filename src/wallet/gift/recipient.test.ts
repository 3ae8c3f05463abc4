import { expect, it } from 'vitest'
import { recipientOf } from './recipient.ts'

it.each([
  [' ben@example.com ', 'email:ben@example.com'],
  ['+39 333 123 4567', 'phone:+39 333 123 4567'],
  ['0812-3456-789', 'phone:0812-3456-789'],
  ['00393331234567', 'phone:00393331234567'],
  ['C-4711', 'loyaltyCard:C-4711'],
  ['4711000012', 'loyaltyCard:4711000012'],
])('%s is understood', (typed, recipient) => {
  expect(recipientOf(typed)).toBe(recipient)
})
