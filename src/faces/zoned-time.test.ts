import { expect, it } from 'vitest'
import { instantAt, wallTime } from './zoned-time.ts'

it.each([
  ['2026-03-01T09:00', 'Europe/Rome', '2026-03-01T08:00:00.000Z'],
  ['2026-07-01T00:00', 'Europe/Rome', '2026-06-30T22:00:00.000Z'],
  ['2026-01-01T00:00', 'Asia/Jakarta', '2025-12-31T17:00:00.000Z'],
  ['2026-12-31T23:59', 'America/Los_Angeles', '2027-01-01T07:59:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Rome', '2026-10-25T00:30:00.000Z'],
])('%s in %s is %s, and back', (wall, zone, instant) => {
  expect(instantAt(wall, zone)).toBe(instant)
  expect(wallTime(instant, zone)).toBe(wall)
})

it('takes a time that the clocks skip for one an hour later', () => {
  expect(instantAt('2026-03-29T02:30', 'Europe/Rome')).toBe('2026-03-29T01:30:00.000Z')
  expect(wallTime('2026-03-29T01:30:00Z', 'Europe/Rome')).toBe('2026-03-29T03:30')
})

it('is no time where nothing is written', () => {
  expect(instantAt('', 'Europe/Rome')).toBeUndefined()
})
