import { expect, test } from 'vitest'
import { formatInstant } from '../../core/kernel/time.ts'
import { pastInstantReader } from './past-instant.ts'

test.each([
  ['2010-12-01 08:26:00', 'Europe/London', '2010-12-01T08:26:00.000Z'],
  ['2011-07-01 09:26:00', 'Europe/London', '2011-07-01T08:26:00.000Z'],
  ['2011-07-01T09:26', 'Europe/Rome', '2011-07-01T07:26:00.000Z'],
  ['2011-07-01 09:26:01.5', 'Asia/Kolkata', '2011-07-01T03:56:01.500Z'],
  ['2011-07-01', 'America/New_York', '2011-07-01T04:00:00.000Z'],
  ['2011-07-01T09:26:00Z', 'Europe/Rome', '2011-07-01T09:26:00.000Z'],
  ['2011-07-01 09:26:00+02:00', 'Asia/Tokyo', '2011-07-01T07:26:00.000Z'],
  // Days on which the clocks change: before, in the hour that is skipped or comes twice, and after.
  ['2011-03-27 00:30', 'Europe/London', '2011-03-27T00:30:00.000Z'],
  ['2011-03-27 01:30', 'Europe/London', '2011-03-27T01:30:00.000Z'],
  ['2011-03-27 02:30', 'Europe/London', '2011-03-27T01:30:00.000Z'],
  ['2011-10-30 01:30', 'Europe/London', '2011-10-30T00:30:00.000Z'],
  ['2011-10-30 02:30', 'Europe/London', '2011-10-30T02:30:00.000Z'],
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('%s on the clock of %s is %s', (text, timeZone, instant) => {
  expect(formatInstant(pastInstantReader(timeZone)(text)!)).toBe(instant)
})

test.each(['12/1/2010 8:26', '2011-02-29 10:00', '2011-07-01 24:00', '2011-07-01 9:26', '20110701', 'yesterday', ''])(
  '%j is no time',
  text => {
    expect(pastInstantReader('Europe/London')(text)).toBeUndefined()
  },
)
