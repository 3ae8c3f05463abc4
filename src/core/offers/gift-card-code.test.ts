import { expect, test } from 'vitest'
import { isMistyped } from './gift-card-code.ts'

test.each([
  ['7KQ2-9XWM-3FTH-AV', false],
  ['7kq2 9xwm 3fth av', false],
  ['7KQ2-9XWM-3FTH-AZ', true],
  ['7KQ2-9XWM-3FHT-AV', true],
  ['PRINTED-1', false],
])('the code %s is mistyped: %s', (code, expected) => {
  expect(isMistyped(code)).toBe(expected)
})
