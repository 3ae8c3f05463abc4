import { Temporal } from 'temporal-polyfill'
import { dayNumber, parseInstant } from '../../core/kernel/time.ts'

const dayMs = 86_400_000
const local = /^\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?$/

/**
 * Reads the times that exports write: RFC 3339 with its zone, or date and time (or a date alone: its midnight) as the clock
 * of the given time zone showed them. Of an hour that comes twice the first is meant; one that summer time skips counts on.
 * `12/1/2010` is no time here: it is December in one country and January in another.
 *
 *     const read = pastInstantReader('Europe/London')
 *     read('2011-07-01T08:26:00Z')   // 1309508760000
 *     read('2011-07-01 09:26:00')    // 1309508760000
 *     read('1/7/2011 9:26')          // undefined
 */
export const pastInstantReader = (timeZone: string): ((text: string) => number | undefined) => {
  const exactOffset = (localMs: number): number =>
    localMs -
    Temporal.Instant.fromEpochMilliseconds(localMs)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
      .toZonedDateTime(timeZone).epochMilliseconds

  // Temporal takes long beside the rest of reading an order, and nearly every day has one offset from end to end.
  const offsets = new Map<number, number>()
  const offsetAtStart = (day: number): number => {
    let offset = offsets.get(day)
    if (offset === undefined) {
      offset = exactOffset(day * dayMs)
      offsets.set(day, offset)
    }
    return offset
  }

  return text => {
    if (!local.test(text)) return parseInstant(text.length > 10 ? `${text.slice(0, 10)}T${text.slice(11)}` : text)
    const day = dayNumber(text.slice(0, 10))
    if (day === undefined) return undefined
    const minutes = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16))
    const milliseconds = Number(text.slice(20, 23).padEnd(3, '0'))
    const localMs = day * dayMs + minutes * 60_000 + Number(text.slice(17, 19)) * 1000 + milliseconds
    const offset = offsetAtStart(day)
    return localMs - (offset === offsetAtStart(day + 1) ? offset : exactOffset(localMs))
  }
}
