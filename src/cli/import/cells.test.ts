import { describe, expect, it } from 'vitest'
import { type CellOptions, cellReader, isTwoDates } from './cells.ts'

const options: CellOptions = { decimal: undefined, dateFormat: undefined, timeZone: 'Europe/Rome' }
const instant = (text: string, more: Partial<CellOptions> = {}) => {
  const ms = cellReader({ ...options, ...more }).instant(text)
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

describe('a time in a cell', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01 10:00', '2026-03-01T09:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026/3/1 9:05 PM', '2026-03-01T20:05:00.000Z'],
    ['2026.3.1', '2026-02-28T23:00:00.000Z'],
    ['1772359200', '2026-03-01T10:00:00.000Z'],
    ['1772359200123', '2026-03-01T10:00:00.123Z'],
    ['2026-02-30', undefined],
    ['3/4/2026', undefined],
    ['yesterday', undefined],
    ['20260301', undefined],
  ])('%s is %s', (text, read) => {
    expect(instant(text)).toBe(read)
  })

  it.each([
    ['3/4/2026', '2026-04-02T22:00:00.000Z', '2026-03-03T23:00:00.000Z'],
    ['3.4.2026 9:05', '2026-04-03T07:05:00.000Z', '2026-03-04T08:05:00.000Z'],
    ['03-04-2026, 12:30 am', '2026-04-02T22:30:00.000Z', '2026-03-03T23:30:00.000Z'],
    ['31/12/2026', '2026-12-30T23:00:00.000Z', undefined],
    ['3/4/2026 25:00', undefined, undefined],
    ['3/4/2026 13:00 pm', undefined, undefined],
    ['3/4-2026', undefined, undefined],
  ])('%s is %s where the day stands first, and %s where the month does', (text, dayFirst, monthFirst) => {
    expect([instant(text, { dateFormat: 'dmy' }), instant(text, { dateFormat: 'mdy' })]).toEqual([dayFirst, monthFirst])
    expect(instant(text, { dateFormat: 'iso' })).toBeUndefined()
  })

  it('is told to be unclear wherever it could be two, also where it could be one only', () => {
    expect(['3/4/2026', '31/12/2026 10:00', '2026-03-04', '2026/3/4', '3/4/26'].map(isTwoDates)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is a day where a day is asked for, and a birthday may lack its year', () => {
    const { date } = cellReader({ ...options, dateFormat: 'dmy' })
    expect(['3/4/1990', '1990-04-03', '04-03', '31/2/1990', 'x'].map(it => date(it))).toEqual([
      '1990-04-03',
      '1990-04-03',
      '04-03',
      undefined,
      undefined,
    ])
  })
})

describe('a number in a cell', () => {
  it.each([
    ['12.50', '12.50', '12.50', undefined],
    ['-3', '-3', '-3', '-3'],
    ['1,234', undefined, '1234', '1.234'],
    ['1.234', '1.234', '1.234', '1234'],
    ['1,234.5', undefined, '1234.5', undefined],
    ['1.234,5', undefined, undefined, '1234.5'],
    ['12,50', undefined, undefined, '12.50'],
    ['1,23,4', undefined, undefined, undefined],
    ['4.4e-16', '4.4e-16', '4.4e-16', undefined],
    ['€5', undefined, undefined, undefined],
    ['', undefined, undefined, undefined],
  ])('%j is %s where nothing is said, %s with a decimal point, %s with a comma', (text, unsaid, point, comma) => {
    const read = (decimal: CellOptions['decimal']) => cellReader({ ...options, decimal }).decimal(text)
    expect([read(undefined), read('.'), read(',')]).toEqual([unsaid, point, comma])
  })
})

it.each([
  ['yes', true],
  ['TRUE', true],
  ['1', true],
  ['no', false],
  ['0', false],
  ['maybe', undefined],
])('%s is %s', (text, flag) => {
  expect(cellReader(options).flag(text)).toBe(flag)
})
