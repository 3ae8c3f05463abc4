import { expect, it } from 'vitest'
import { wordsOf } from '../../../test/words.ts'
import { missingWords } from './order-words.ts'

const { words } = await wordsOf('console')

it.each([
  [{ subtotal: 1100 }, '€11.00 more'],
  [{ quantity: 2 }, '2 more units'],
  [{ item: "line.sku == 'GRINDER' || line.sku == 'KETTLE'" }, 'an item: GRINDER or KETTLE'],
  [{ item: "item.category in ['coffee', 'tea']" }, 'an item: coffee and tea'],
  [{ item: 'item.unitPrice > 500' }, 'an item: chosen items'],
  [{ weekday: [1, 2] }, 'a Monday or Tuesday'],
  [{ hour: [7, 8, 9, 15] }, 'an hour of 7:00–10:00, 15:00–16:00'],
  [{ date: '2026-12-03' }, 'the date Dec 3, 2026'],
  [{ tide: 'low' }, 'tide: low'],
])('%j is told as %s', (missing, told) => {
  expect(missingWords(missing, 'EUR', words('en'))).toBe(told)
})
