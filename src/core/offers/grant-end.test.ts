import { expect, it } from 'vitest'
import { formatInstant } from '../kernel/time.ts'
import { grantEnd } from './grant-end.ts'

it.each([
  ['in Rome over the start of summer time', '2026-03-01T09:00:00Z', 30, 'Europe/Rome', '2026-03-31T22:00:00.000Z'],
  ['late in the evening: already tomorrow there', '2026-03-01T23:30:00Z', 1, 'Europe/Rome', '2026-03-03T23:00:00.000Z'],
  ['over the end of a leap year’s February', '2028-02-28T12:00:00Z', 1, 'UTC', '2028-03-01T00:00:00.000Z'],
  [
    'where the day before is still yesterday',
    '2026-01-01T02:00:00Z',
    1,
    'America/New_York',
    '2026-01-02T05:00:00.000Z',
  ],
])('a grant ends %s with its last local day', (_, issued, days, zone, end) => {
  expect(formatInstant(grantEnd(Date.parse(issued), days, zone))).toBe(end)
})
