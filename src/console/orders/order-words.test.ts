import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInstance } from 'i18next'
import { expect, it } from 'vitest'
import { missingWords } from './order-words.ts'

const wordsIn = (path: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as Record<string, unknown>
const i18n = createInstance()
await i18n.init({
  lng: 'en',
  defaultNS: 'words',
  ns: ['words'],
  resources: {
    en: { words: { orders: wordsIn('../words/en/orders.json'), gives: wordsIn('../../faces/words/en/gives.json') } },
  },
  interpolation: { escapeValue: false },
})
const words = { t: i18n.getFixedT('en', 'words'), language: 'en' as const }

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
  expect(missingWords(missing, 'EUR', words)).toBe(told)
})
