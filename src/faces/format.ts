import { currencyDecimals } from '../core/kernel/money.ts'
import { type Language, localeOf } from './languages.ts'

/** How many decimals amounts of a currency have: what somebody types becomes minor units by it. */
export { currencyDecimals }

const cache = new Map<string, unknown>()

/** Making an Intl object costs more than using it a hundred times. */
const once = <T>(key: string, make: () => T): T => {
  const known = cache.get(key) as T | undefined
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}

/**
 * Minor units as people write them. A whole amount has the decimals that its currency is written with, any other all that it has: the
 * rupiah has two by ISO 4217 and nobody writes them.
 *
 *     formatMoney(123456, 'EUR', 'it')   // '1234,56 €'
 *     formatMoney(1500000, 'IDR', 'id')  // 'Rp 15.000'
 *     formatMoney(500, 'EUR', 'en', { isSigned: true })   // '+€5.00'
 */
export const formatMoney = (
  minor: number,
  currency: string,
  language: Language,
  { isSigned = false }: { readonly isSigned?: boolean } = {},
): string => {
  const decimals = currencyDecimals(currency)
  const unit = 10 ** decimals
  const whole = minor % unit === 0
  const format = once(`money ${language} ${currency} ${whole} ${isSigned}`, () => {
    const usual = new Intl.NumberFormat(localeOf(language), { style: 'currency', currency })
    const written = Math.min(usual.resolvedOptions().maximumFractionDigits ?? decimals, decimals)
    return new Intl.NumberFormat(localeOf(language), {
      style: 'currency',
      currency,
      minimumFractionDigits: whole ? written : decimals,
      maximumFractionDigits: decimals,
      signDisplay: isSigned ? 'exceptZero' : 'auto',
    })
  })
  return format.format(minor / unit)
}

/** `formatNumber(12345.6, 'it')` is `12.345,6`. */
export const formatNumber = (value: number, language: Language, options: Intl.NumberFormatOptions = {}): string =>
  once(
    `number ${language} ${JSON.stringify(options)}`,
    () => new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 2, ...options }),
  ).format(value)

/** How many decimals an amount is typed with: `decimalsOf('EUR')` is 2. */
export const decimalsOf = (currency: string): number => currencyDecimals(currency)

/** What stands before the decimals: `,` in Italian. */
export const decimalSeparator = (language: Language): string =>
  new Intl.NumberFormat(localeOf(language)).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.'

/** A part of one: `formatShare(0.125, 'en')` is `12.5%`. */
export const formatShare = (part: number, language: Language): string =>
  formatNumber(part, language, { style: 'percent', maximumFractionDigits: 1 })

const styles = {
  day: { dateStyle: 'full' },
  date: { dateStyle: 'medium' },
  time: { timeStyle: 'short' },
  dateTime: { dateStyle: 'medium', timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** An RFC 3339 time on the wall of `timeZone`, of the browser where it is left out. */
export const formatTime = (
  instant: string,
  style: keyof typeof styles,
  language: Language,
  timeZone?: string,
): string =>
  once(
    `time ${language} ${style} ${timeZone}`,
    () => new Intl.DateTimeFormat(localeOf(language), { ...styles[style], timeZone }),
  ).format(new Date(instant))

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
  ['week', 4.348],
  ['month', 12],
  ['year', Number.POSITIVE_INFINITY],
]

/**
 * How far from now, in the largest unit that fits.
 *
 *     formatAgo('2026-03-01T08:00:00Z', Date.parse('2026-03-01T10:00:00Z'), 'en')   // '2 hours ago'
 */
export const formatAgo = (instant: string, nowMs: number, language: Language): string => {
  const format = once(`ago ${language}`, () => new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }))
  let distance = (Date.parse(instant) - nowMs) / 1000
  for (const [unit, size] of steps) {
    if (Math.abs(distance) < size) return format.format(Math.round(distance), unit)
    distance /= size
  }
  return instant // no distance is longer than the last step
}

/** The name of a day of the week by its number from 1, Monday: `formatWeekday(7, 'it')` is `domenica`. */
export const formatWeekday = (day: number, language: Language): string =>
  once(
    `weekday ${language}`,
    () => new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', timeZone: 'UTC' }),
  ).format(new Date(Date.UTC(2026, 5, day)))

/** A month of the calendar: `formatMonth('2026-10', 'en')` is `October 2026`, short `Oct 2026`. */
export const formatMonth = (month: string, language: Language, length: 'long' | 'short' = 'long'): string =>
  once(
    `month ${language} ${length}`,
    () => new Intl.DateTimeFormat(localeOf(language), { year: 'numeric', month: length, timeZone: 'UTC' }),
  ).format(new Date(`${month}-15T00:00:00Z`))

/** `formatList(['web', 'store'], 'en')` is `web and store`; as a disjunction `web or store`. */
export const formatList = (
  items: readonly string[],
  language: Language,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string => once(`list ${language} ${type}`, () => new Intl.ListFormat(localeOf(language), { type })).format(items)
