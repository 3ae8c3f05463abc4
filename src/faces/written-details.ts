import { formatMoney, formatMonth, formatNumber, formatTime } from './format.ts'
import type { Language } from './languages.ts'

type Reader = {
  readonly language: Language
  readonly currency: string | undefined
  /** Points with their unit; without it they are a number. */
  readonly points?: (value: number) => string
}
type Details = Readonly<Record<string, unknown>>

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)
const isMonth = (text: string): boolean => /^\d{4}-\d\d$/.test(text)

/** Minor units of the order's currency. */
const isOfOrder = new Set(['total', 'expected'])
/** Amounts of what `asset` (`credit:EUR`, `points:club`) or `unit` (`EUR`, `points`) names; without these, of points. */
const isOfAsset = new Set(['asked', 'available', 'given', 'limit', 'minimum', 'most', 'points', 'settled'])
const spans: Readonly<Record<string, 'second' | 'day'>> = {
  retryAfterSeconds: 'second',
  seconds: 'second',
  days: 'day',
}

/** The currency that amounts are in; undefined: they are points, or just a number. */
const currencyOf = ({ asset, unit }: Details): string | undefined => {
  if (typeof asset === 'string') return /^(points|qualifying):/.test(asset) ? undefined : asset.split(':')[1]
  return typeof unit === 'string' && unit !== 'points' ? unit : undefined
}

const amount = (value: number, details: Details, { language, points }: Reader): string => {
  const currency = currencyOf(details)
  if (currency !== undefined) return formatMoney(value, currency, language)
  const { decimals } = details
  const whole = typeof decimals === 'number' ? value / 10 ** decimals : value
  return points && (details.asset ?? details.unit) !== undefined ? points(whole) : formatNumber(whole, language)
}

const writtenNumber = (name: string, value: number, details: Details, reader: Reader): string => {
  const { language, currency } = reader
  if (isOfOrder.has(name) && currency !== undefined) return formatMoney(value, currency, language)
  if (isOfAsset.has(name)) return amount(value, details, reader)
  const unit = spans[name]
  return formatNumber(value, language, unit === undefined ? {} : { style: 'unit', unit, unitDisplay: 'long' })
}

const writtenText = (text: string, language: Language): string =>
  isTime(text) ? formatTime(text, 'dateTime', language) : isMonth(text) ? formatMonth(text, language) : text

/**
 * Details of a refusal as the reader writes them: times on her clock, lists with commas, months, spans of time, amounts with their
 * currency.
 *
 *     writtenDetails({ endedAt: '2026-02-28T23:00:00Z' }, reader)   // { endedAt: '1 Mar 2026, 00:00' }
 *     writtenDetails({ retryAfterSeconds: 5 }, reader)              // { retryAfterSeconds: '5 seconds' }
 *     writtenDetails({ asked: 500, asset: 'credit:EUR' }, reader)   // { asked: '€5.00', asset: 'credit:EUR' }
 */
export const writtenDetails = (details: Details, reader: Reader): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? writtenNumber(name, value, details, reader)
        : typeof value === 'string'
          ? writtenText(value, reader.language)
          : Array.isArray(value)
            ? value.join(', ')
            : String(value),
    ]),
  )
