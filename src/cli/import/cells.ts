import { pastInstantReader } from '../simulate/past-instant.ts'
import type { DateFormat } from './mapping.ts'

export type CellOptions = {
  /** What stands before the fraction of a number; undefined: a point, and a comma is refused, because 1,234 may be either. */
  readonly decimal: '.' | ',' | undefined
  /** Which of 3/4/2026 is the day; undefined: such a date is refused. */
  readonly dateFormat: DateFormat | undefined
  /** Whose clock times without a zone were read from. */
  readonly timeZone: string
}

/** A cell as text, without spaces around it; '' where nothing stands in it. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value.trim()
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const twoWays = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T,]+(.+))?$/
const yearFirst = /^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:[ T]+(.+))?$/
const clock = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?([ap])\.?m\.?)?$/i
/** Since 2001 in seconds, until 2286 in milliseconds: told apart by their length. */
const unixSeconds = /^1\d{9}$/
const unixMs = /^1\d{12}$/

/** Whether a date says one thing in one country and another elsewhere: `isTwoDates('3/4/2026')`. */
export const isTwoDates = (text: string): boolean => twoWays.test(text)

const two = (digits: string | number): string => String(digits).padStart(2, '0')

/** `local('2026', '3', '4', '9:05 pm')` is '2026-03-04 21:05:00', which `pastInstantReader` reads; undefined for no such time. */
const local = (year: string, month: string, day: string, time: string | undefined): string | undefined => {
  const date = `${year}-${two(month)}-${two(day)}`
  if (time === undefined) return date
  const [, hours = '', minutes = '', seconds = '0', half] = clock.exec(time.trim()) ?? []
  if (hours === '') return undefined
  const hour = Number(hours)
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined
  const of24 = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return `${date} ${two(of24)}:${minutes}:${two(seconds)}`
}

/**
 * Reads what stands in cells; undefined for what cannot be read.
 *
 *     const cells = cellReader({ decimal: ',', dateFormat: 'dmy', timeZone: 'Europe/Rome' })
 *     cells.decimal('1.234,50')           // '1234.50'
 *     cells.instant('3/4/2026 9:05')      // epoch milliseconds of 3 April, 09:05 in Rome
 *     cells.date('3.4.2026')              // '2026-04-03'
 *     cells.flag('yes')                   // true
 */
export const cellReader = ({ decimal, dateFormat, timeZone }: CellOptions) => {
  const read = pastInstantReader(timeZone)
  const [point, between] = decimal === ',' ? [',', '.'] : ['.', ',']
  const grouped = decimal === undefined ? '' : `|\\d{1,3}(?:\\${between}\\d{3})+`
  const number = new RegExp(`^[+-]?(?:\\d+${grouped})(?:\\${point}\\d+)?(?:[eE][+-]?\\d{1,2})?$`)
  /** As RFC 3339 or local time, which cannot be read in two ways. */
  const plain = (text: string, format: DateFormat | undefined): string | undefined => {
    const [, first, , second, year, time] = twoWays.exec(text) ?? []
    if (first !== undefined) {
      if (format !== 'dmy' && format !== 'mdy') return undefined
      return local(year!, format === 'dmy' ? second! : first, format === 'dmy' ? first : second!, time)
    }
    const [, leading, , month, day, hours] = yearFirst.exec(text) ?? []
    return leading === undefined ? text : local(leading, month!, day!, hours)
  }
  return {
    decimal: (text: string): string | undefined =>
      number.test(text) ? text.replaceAll(between, '').replace(point, '.') : undefined,
    flag: (text: string): boolean | undefined => {
      if (/^(true|yes|y|1|ja|si|sì|oui)$/i.test(text)) return true
      return /^(false|no|n|0|nein|non)$/i.test(text) ? false : undefined
    },
    instant: (text: string, format = dateFormat): number | undefined => {
      if (unixSeconds.test(text)) return Number(text) * 1000
      if (unixMs.test(text)) return Number(text)
      const clear = plain(text, format)
      return clear === undefined ? undefined : read(clear)
    },
    /** The day alone, as it stands there. */
    date: (text: string, format = dateFormat): string | undefined => {
      // A birthday without its year.
      if (/^\d\d-\d\d$/.test(text)) return text
      const clear = plain(text, format)
      if (clear === undefined || read(clear) === undefined) return undefined
      return clear.slice(0, 10)
    },
    json: (value: unknown): unknown => {
      if (typeof value !== 'string') return value
      try {
        return JSON.parse(value) as unknown
      } catch {
        return undefined
      }
    },
  }
}
export type Cells = ReturnType<typeof cellReader>
