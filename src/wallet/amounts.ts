import { formatMoney, formatNumber, formatTime } from '../faces/format.ts'
import { directionOf, type Language } from '../faces/languages.ts'
import { useWords } from '../faces/words.ts'
import { useSession, useSettings } from './session.ts'

export type Unit = { readonly one: string; readonly many: string; readonly decimals: number }

/** Points are kept in their smallest unit: 1250 of two decimals are 12.5. */
export const pointsOf = (amount: number, { decimals }: Pick<Unit, 'decimals'>): number => amount / 10 ** decimals

/** A part of a sentence that may run the other way: it keeps its own direction (U+2068 isolates, U+2069 ends that). */
export const isolated = (text: string): string => `\u2068${text}\u2069`

/**
 * Points with their unit, as the business calls it.
 *
 *     formatPoints(1, { one: 'star', many: 'stars', decimals: 0 }, 'en')   // '1 star'
 */
export const formatPoints = (amount: number, unit: Unit, language: Language): string => {
  const points = pointsOf(amount, unit)
  const text = `${formatNumber(points, language)} ${points === 1 ? unit.one : unit.many}`
  // Within a sentence that runs the other way the number stays before its unit.
  return directionOf(language) === 'rtl' ? isolated(text) : text
}

/** Writers of what a page shows: in the reader's language, times on her clock, last days on the business's. */
export const useFormats = () => {
  const { language } = useWords()
  const { workspace } = useSession()
  const zone = useSettings(workspace.id).data?.workspace.timeZone
  return {
    number: (value: number) => formatNumber(value, language),
    points: (amount: number, unit: Unit) => formatPoints(amount, unit, language),
    money: (minor: number, currency: string) => formatMoney(minor, currency, language),
    date: (instant: string) => formatTime(instant, 'date', language),
    /** The last day of what ends at an instant: what ends at midnight ends with the day before. */
    lastDay: (instant: string) => formatTime(new Date(Date.parse(instant) - 1).toISOString(), 'date', language, zone),
    /** A day on a calendar, which is the same day everywhere. */
    day: (isoDate: string) => formatTime(`${isoDate}T12:00:00Z`, 'date', language, 'UTC'),
    dateTime: (instant: string) => formatTime(instant, 'dateTime', language),
  }
}
