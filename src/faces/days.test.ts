import { describe, expect, it } from 'vitest'
import { dateIn, isDate, plusDays, startOfDate } from './days.ts'

describe('a day', () => {
  it.each([
    ['2026-03-02', 'Europe/Rome', '2026-03-01T23:00:00.000Z'],
    ['2026-03-29', 'Europe/Rome', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Rome', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Rome', '2026-10-24T22:00:00.000Z'],
    ['2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['2026-07-01', 'Asia/Jakarta', '2026-06-30T17:00:00.000Z'],
    ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z'],
  ])('%s in %s begins at %s', (date, timeZone, at) => {
    expect(new Date(startOfDate(date, timeZone)).toISOString()).toBe(at)
    expect(dateIn(Date.parse(at), timeZone)).toBe(date)
    expect(dateIn(Date.parse(at) - 1, timeZone)).toBe(plusDays(date, -1))
  })

  it('without a midnight begins at its first instant', () => {
    // In Beirut the clock went from 23:59:59 of the 28th to 01:00 of the 29th.
    expect(new Date(startOfDate('2026-03-29', 'Asia/Beirut')).toISOString()).toBe('2026-03-28T22:00:00.000Z')
  })
})

it.each([
  ['2026-02-28', true],
  ['2026-02-30', false],
  ['2026-2-3', false],
  ['today', false],
])('%s is a date: %s', (text, is) => {
  expect(isDate(text)).toBe(is)
})
