import { expect, it } from 'vitest'
import { formatAgo, formatList, formatMoney, formatMonth, formatNumber, formatShare, formatTime } from './format.ts'
import type { Language } from './languages.ts'

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u200e\u200f\u061c]/g, '')

it.each<[number, string, Language, string]>([
  [123_456, 'EUR', 'en', '€1,234.56'],
  [123_400, 'EUR', 'en', '€1,234.00'],
  [-5, 'EUR', 'en', '-€0.05'],
  [1_234_567, 'EUR', 'it', '12.345,67 €'],
  [500, 'JPY', 'en', '¥500'],
  [1234, 'KWD', 'en', 'KWD 1.234'],
  [1_500_000, 'IDR', 'id', 'Rp 15.000'],
  [1_500_050, 'IDR', 'id', 'Rp 15.000,50'],
  [1050, 'MYR', 'ms', 'RM 10.50'],
  [1050, 'SAR', 'ar', '10.50 ر.س.'],
])('%i minor units of %s are written in %s as %s', (minor, currency, language, text) => {
  expect(plain(formatMoney(minor, currency, language))).toBe(text)
})

it('numbers, shares and lists are written as the language does', () => {
  expect(formatNumber(12_345.678, 'it')).toBe('12.345,68')
  expect(formatNumber(12_345, 'ar')).toBe('12,345')
  expect(formatShare(0.125, 'en')).toBe('12.5%')
  expect(formatList(['web', 'app', 'store'], 'id')).toBe('web, app, dan store')
})

it('a time is that of the wall it hangs on', () => {
  const at = '2026-03-01T23:30:00Z'
  expect(plain(formatTime(at, 'dateTime', 'en', 'Europe/Rome'))).toBe('Mar 2, 2026, 12:30 AM')
  expect(plain(formatTime(at, 'date', 'it', 'America/New_York'))).toBe('1 mar 2026')
})

it.each([
  ['2026-03-01T09:59:40Z', '20 seconds ago'],
  ['2026-03-01T08:00:00Z', '2 hours ago'],
  ['2026-03-02T10:00:00Z', 'tomorrow'],
  ['2026-03-22T10:00:00Z', 'in 3 weeks'],
  ['2020-03-01T10:00:00Z', '6 years ago'],
])('seen from ten in the morning of the first of March, %s is %s', (at, text) => {
  expect(formatAgo(at, Date.parse('2026-03-01T10:00:00Z'), 'en')).toBe(text)
})

it('names a month whatever the clock of the reader says', () => {
  expect(formatMonth('2026-10', 'en')).toBe('October 2026')
  expect(formatMonth('2026-01', 'it', 'short')).toBe('gen 2026')
})
