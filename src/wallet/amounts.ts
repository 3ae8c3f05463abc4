import { formatMoney, formatNumber, formatTime } from '../faces/format.ts'
import { formatPoints, type Unit } from '../faces/points.ts'
import { useWords } from '../faces/words.ts'
import { useSession, useSettings } from './session.ts'

/** Writers of what a page shows: in the reader's language, times on her clock, last days on the business's. */
export const useFormats = () => {
  const words = useWords()
  const { language } = words
  const { workspace } = useSession()
  const zone = useSettings(workspace.id).data?.workspace.timeZone
  return {
    number: (value: number) => formatNumber(value, language),
    points: (amount: number, unit: Unit) => formatPoints(amount, unit, words),
    money: (minor: number, currency: string) => formatMoney(minor, currency, language),
    date: (instant: string) => formatTime(instant, 'date', language),
    /** The last day of what ends at an instant: what ends at midnight ends with the day before. */
    lastDay: (instant: string) => formatTime(new Date(Date.parse(instant) - 1).toISOString(), 'date', language, zone),
    /** A day on a calendar, which is the same day everywhere. */
    day: (isoDate: string) => formatTime(`${isoDate}T12:00:00Z`, 'date', language, 'UTC'),
    dateTime: (instant: string) => formatTime(instant, 'dateTime', language),
  }
}
