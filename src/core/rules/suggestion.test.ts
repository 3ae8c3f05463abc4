import { expect, test } from 'vitest'
import { suggestion } from './suggestion.ts'

const known = ['id', 'subtotal', 'quantity', 'channel', 'weekday', 'weekdayName']

test.each([
  ['subtotl', 'subtotal'],
  ['SubTotal', 'subtotal'],
  ['quantiyt', 'quantity'],
  ['di', 'id'],
  ['totl', 'subtotal'],
  ['weekdayname', 'weekdayName'],
  ['weekdy', 'weekday'],
  ['chanel', 'channel'],
  ['xyz', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(suggestion(word, known)).toBe(meant)
})
