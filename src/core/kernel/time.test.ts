import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it, test } from 'vitest'
import {
  dayNumber,
  formatInstant,
  isTimeZone,
  localParts,
  type Period,
  parseInstant,
  periodKey,
  startOfLocalDate,
} from './time.ts'

const at = (text: string): number => parseInstant(text)!

describe('an instant', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5Z', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T10:00:00.123999Z', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T00:30:00-05:30', '2026-03-01T06:00:00.000Z'],
    ['2026-03-01T10:00:00-00:00', '2026-03-01T10:00:00.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(formatInstant(at(text))).toBe(utc)
  })

  test.each([
    '2026-03-01T10:00:00',
    '2026-03-01 10:00:00Z',
    '2026-03-01',
    '2026-02-29T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T10:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-03-01T10:00Z',
    '2026-03-01T10:00:00+0200',
    '2026-03-01T10:00:00.Z',
    ' 2026-03-01T10:00:00Z',
    '2026-03-01T10:00:00Z\n',
    '+012026-03-01T10:00:00Z',
    'yesterday',
    '',
  ])('%j is none', text => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), date => {
        expect(parseInstant(formatInstant(date.getTime()))).toBe(date.getTime())
      }),
    )
  })
})

describe('local time', () => {
  test.each([
    ['2026-03-01T08:00:00Z', 'Asia/Tokyo', '2026-03-01', 17, 0, 7, 'sunday'],
    ['2026-03-01T20:00:00Z', 'Asia/Tokyo', '2026-03-02', 5, 0, 1, 'monday'],
    ['2026-03-01T02:10:00Z', 'America/New_York', '2026-02-28', 21, 10, 6, 'saturday'],
    ['2026-03-01T08:00:00Z', 'Asia/Kathmandu', '2026-03-01', 13, 45, 7, 'sunday'],
    // Rome springs forward at 01:00 UTC on 2026-03-29 (02:00 → 03:00) and back at 01:00 UTC on 2026-10-25.
    ['2026-03-29T00:59:59.999Z', 'Europe/Rome', '2026-03-29', 1, 59, 7, 'sunday'],
    ['2026-03-29T01:00:00Z', 'Europe/Rome', '2026-03-29', 3, 0, 7, 'sunday'],
    ['2026-10-25T00:30:00Z', 'Europe/Rome', '2026-10-25', 2, 30, 7, 'sunday'],
    ['2026-10-25T01:30:00Z', 'Europe/Rome', '2026-10-25', 2, 30, 7, 'sunday'],
    // Lord Howe Island moves by half an hour, in the middle of a UTC hour (2026-10-03T15:30Z, 02:00 → 02:30).
    ['2026-10-03T15:29:00Z', 'Australia/Lord_Howe', '2026-10-04', 1, 59, 7, 'sunday'],
    ['2026-10-03T15:31:00Z', 'Australia/Lord_Howe', '2026-10-04', 2, 31, 7, 'sunday'],
    // Samoa jumped over 2011-12-30.
    ['2011-12-30T10:30:00Z', 'Pacific/Apia', '2011-12-31', 0, 30, 6, 'saturday'],
  ])('%s in %s', (text, timeZone, date, hour, minute, weekday, weekdayName) => {
    const [year, month, day] = date.split('-').map(Number)
    expect(localParts(at(text), timeZone)).toEqual({ date, year, month, day, hour, minute, weekday, weekdayName })
  })

  const zones = [
    'UTC',
    'Europe/Rome',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'America/Havana',
    'Africa/Casablanca',
  ]

  it('is what Temporal says, whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (date, timeZone) => {
          const zoned = Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(timeZone)
          expect(localParts(date.getTime(), timeZone)).toMatchObject({
            date: zoned.toPlainDate().toString(),
            hour: zoned.hour,
            minute: zoned.minute,
            weekday: zoned.dayOfWeek,
          })
          const week = `${zoned.yearOfWeek}-W${String(zoned.weekOfYear).padStart(2, '0')}`
          expect(periodKey(date.getTime(), timeZone, 'week')).toBe(week)
        },
      ),
    )
  })

  test.each<[string, string, Period, string]>([
    ['2026-03-01T08:00:00Z', 'Europe/Rome', 'hour', '2026-03-01T09+01:00'],
    ['2026-10-25T00:30:00Z', 'Europe/Rome', 'hour', '2026-10-25T02+02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Rome', 'hour', '2026-10-25T02+01:00'],
    ['2026-02-28T23:30:00Z', 'Europe/Rome', 'day', '2026-03-01'],
    ['2026-02-28T23:30:00Z', 'Europe/Rome', 'month', '2026-03'],
    ['2026-03-01T08:00:00Z', 'Europe/Rome', 'week', '2026-W09'],
    ['2027-01-01T12:00:00Z', 'Europe/Rome', 'week', '2026-W53'],
    ['2024-12-30T12:00:00Z', 'Europe/Rome', 'week', '2025-W01'],
    ['2026-07-01T12:00:00Z', 'America/St_Johns', 'hour', '2026-07-01T09-02:30'],
  ])('%s in %s falls in the %s %s', (text, timeZone, period, key) => {
    expect(periodKey(at(text), timeZone, period)).toBe(key)
  })

  test.each([
    ['2026-03-01', 'Europe/Rome', '2026-02-28T23:00:00.000Z'],
    ['2026-03-29', 'Europe/Rome', '2026-03-28T23:00:00.000Z'],
    // Cuba springs forward at midnight: 2026-03-08 begins at 01:00.
    ['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
    ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
  ])('%s begins in %s at %s', (date, timeZone, utc) => {
    expect(formatInstant(startOfLocalDate(date, timeZone))).toBe(utc)
  })

  it('has no beginning for a date that does not exist', () => {
    expect(() => startOfLocalDate('2026-02-30', 'Europe/Rome')).toThrow(RangeError)
  })
})

test.each([
  ['1970-01-01', 0],
  ['2026-03-01', 20513],
  ['1969-12-31', -1],
  ['2026-02-30', undefined],
  ['2026-3-1', undefined],
  ['', undefined],
])('%j is day %s', (date, day) => {
  expect(dayNumber(date)).toBe(day)
})

test.each(['UTC', 'Europe/Rome', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a time zone', name => {
  expect(isTimeZone(name)).toBe(true)
})

test.each(['', 'Rome', 'Europe/Nowhere', '+02:00', '2026-01-01T00:00[Europe/Rome]', 'Europe/Rome '])(
  '%j is no time zone',
  name => {
    expect(isTimeZone(name)).toBe(false)
  },
)

describe("the process's own time zone", () => {
  const before = process.env.TZ
  afterEach(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })

  it('changes nothing (promise 8)', () => {
    const answers = ['UTC', 'America/New_York', 'Asia/Kolkata'].map((timeZone, index) => {
      process.env.TZ = timeZone
      // Proves that the zone really changed: minutes behind UTC on 1970-01-01.
      expect(new Date(0).getTimezoneOffset()).toBe([0, 300, -330][index])
      // Weeks that the other runs did not ask for, so that nothing is answered from memory; the clocks say the same.
      const ms = at('2031-05-04T07:30:00Z') + index * 7 * 86_400_000
      const [rome, newYork] = [localParts(ms, 'Europe/Rome'), localParts(ms, 'America/New_York')]
      return [
        rome.hour,
        rome.weekdayName,
        newYork.hour,
        startOfLocalDate(rome.date, 'Europe/Rome') - ms,
        dayNumber(rome.date)! - index * 7,
        formatInstant(ms).slice(10),
        periodKey(ms, 'America/New_York', 'hour').slice(10),
      ]
    })
    expect(answers[0]).toEqual([9, 'sunday', 3, -9.5 * 3_600_000, 22403, 'T07:30:00.000Z', 'T03-04:00'])
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })
})
