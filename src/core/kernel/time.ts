import { Temporal } from 'temporal-polyfill'

/**
 * Instants are epoch milliseconds; local time is always asked for with an IANA time zone. Nothing here reads a clock or
 * the process's own zone (promise 8).
 */
const dayMs = 86_400_000
const hourMs = 3_600_000

export type LocalParts = {
  /** '2026-03-01' */
  readonly date: string
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  /** 1 is Monday, 7 is Sunday (ISO 8601). */
  readonly weekday: number
  readonly weekdayName: string
}

export const periods = ['hour', 'day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

// RFC 3339 section 5.6. Seconds of 60 are refused: epoch milliseconds have no room for a leap second.
const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/**
 * Reads an RFC 3339 time with its zone; digits past the millisecond are cut off, anything else is undefined.
 *
 *     parseInstant('2026-03-01T10:00:00+02:00')   // 1772352000000
 *     parseInstant('2026-03-01T10:00:00')         // undefined: no zone
 */
export const parseInstant = (text: string): number | undefined => {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const day = dayNumber(text.slice(0, 10))
  if (day === undefined) return undefined
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const local =
    day * dayMs + Number(match[4]) * hourMs + Number(match[5]) * 60_000 + Number(match[6]) * 1000 + milliseconds
  if (match[8] === undefined) return local
  const offset = Number(match[9]) * hourMs + Number(match[10]) * 60_000
  return match[8] === '+' ? local - offset : local + offset
}

/** RFC 3339 in UTC, always with milliseconds so that texts sort as times do: '2026-03-01T08:00:00.000Z'. */
export const formatInstant = (ms: number): string => {
  // Rows of a batch mostly bear the time of the batch.
  if (ms !== latestInstant.ms) latestInstant = { ms, text: new Date(ms).toISOString() }
  return latestInstant.text
}

let latestInstant: { readonly ms: number; readonly text: string } = { ms: 0, text: '1970-01-01T00:00:00.000Z' }

/** Days since 1970-01-01 of a date 'YYYY-MM-DD', undefined if there is no such date: `dayNumber('2026-02-30')`. */
export const dayNumber = (date: string): number | undefined => {
  // Times come in runs of one day, and a batch of events asks three times an event.
  if (date === latest.date) return latest.day
  const day = countDays(date)
  if (day !== undefined) latest = { date, day }
  return day
}

let latest: { readonly date: string; readonly day: number } = { date: '1970-01-01', day: 0 }

const countDays = (date: string): number | undefined => {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined
  // A date alone is read as UTC (ECMA-262 21.4.1.32), and the 30th of February rolls over in V8: so compare.
  const ms = Date.parse(`${date}T00:00:00.000Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : ms / dayMs
}

const ianaName = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/

/** `isTimeZone('Europe/Rome')`; offsets ('+02:00') are none, they do not know summer time. */
export const isTimeZone = (timeZone: string): boolean => {
  // Temporal would also take a whole date-time text and use the zone inside it.
  if (!ianaName.test(timeZone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
    return true
  } catch {
    return false
  }
}

/** The offsets from UTC of a zone over some time: from each instant on so many milliseconds, the first of them from `from` on. */
export type ZoneOffsets = {
  readonly from: number
  /** Exclusive. */
  readonly until: number
  readonly offsets: readonly (readonly [from: number, offset: number])[]
}

const learned = new Map<string, ZoneOffsets>()

/**
 * Takes a zone's offsets from somebody who knows them: a till reckons with those of the server that gave it its offers, whatever its
 * browser believes of summer time, and needs no table of zones of its own.
 *
 *     learnOffsets('Europe/Rome', offsetsOf('Europe/Rome', now, now + 86_400_000))
 */
export const learnOffsets = (timeZone: string, known: ZoneOffsets): void => {
  learned.set(timeZone, known)
  offsetsByZone.delete(timeZone)
}

/** The offsets of a zone over whole hours that hold a span: `{ from, until, offsets: [[1772348400000, 3600000]] }`. */
export const offsetsOf = (timeZone: string, from: number, until: number): ZoneOffsets => {
  const first = Math.floor(from / hourMs) * hourMs
  const end = (Math.floor(until / hourMs) + 1) * hourMs
  const offsets: [number, number][] = [[first, exactOffset(first, timeZone)]]
  for (let hour = first; hour < end; hour += hourMs) {
    if (exactOffset(hour + hourMs - 1, timeZone) === offsets.at(-1)![1]) continue
    // Offsets change on a minute.
    for (let minute = hour; minute < hour + hourMs; minute += 60_000) {
      const offset = exactOffset(minute, timeZone)
      if (offset !== offsets.at(-1)![1]) offsets.push([minute, offset])
    }
  }
  return { from: first, until: end, offsets }
}

const exactOffset = (ms: number, timeZone: string): number => {
  const known = learned.get(timeZone)
  if (known && known.from <= ms && ms < known.until) return known.offsets.findLast(([from]) => from <= ms)![1]
  return temporalOffset(ms, timeZone)
}

const temporalOffset = (ms: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).offsetNanoseconds / 1_000_000

/**
 * Every order and every condition asks for local time and Temporal takes microseconds to answer, so offsets are
 * remembered by zone and UTC hour; an hour in which the offset changes (summer time, and the odd zone of the past) is
 * remembered as such and asked again. Memory is bounded by forgetting all at once: 100,000 hours are eleven years.
 */
const hoursRemembered = 100_000
const offsetsByZone = new Map<string, Map<number, number | 'changes'>>()

const offsetAt = (ms: number, timeZone: string): number => {
  let offsets = offsetsByZone.get(timeZone)
  if (!offsets) {
    offsets = new Map()
    offsetsByZone.set(timeZone, offsets)
  }
  const hour = Math.floor(ms / hourMs)
  let offset = offsets.get(hour)
  if (offset === undefined) {
    const first = exactOffset(hour * hourMs, timeZone)
    offset = first === exactOffset((hour + 1) * hourMs - 1, timeZone) ? first : 'changes'
    if (offsets.size >= hoursRemembered) offsets.clear()
    offsets.set(hour, offset)
  }
  return offset === 'changes' ? exactOffset(ms, timeZone) : offset
}

const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

type DateParts = Omit<LocalParts, 'hour' | 'minute'> & { readonly week: string }
const datesRemembered = 100_000
const dates = new Map<number, DateParts>()

const datePartsOf = (day: number): DateParts => {
  const known = dates.get(day)
  if (known) return known
  const utc = new Date(day * dayMs)
  const weekday = utc.getUTCDay() || 7
  // A week belongs to the year of its Thursday (ISO 8601).
  const thursday = day + 4 - weekday
  const weekYear = new Date(thursday * dayMs).getUTCFullYear()
  const week = 1 + Math.floor((thursday - Date.UTC(weekYear, 0, 1) / dayMs) / 7)
  const parts: DateParts = {
    date: utc.toISOString().split('T', 1)[0]!,
    year: utc.getUTCFullYear(),
    month: utc.getUTCMonth() + 1,
    day: utc.getUTCDate(),
    weekday,
    weekdayName: weekdayNames[weekday - 1]!,
    week: `${weekYear}-W${String(week).padStart(2, '0')}`,
  }
  if (dates.size >= datesRemembered) dates.clear()
  dates.set(day, parts)
  return parts
}

/** What the clock on the wall says. `localParts(1772352000000, 'Asia/Tokyo')` is 17:00 on 2026-03-01, a sunday. */
export const localParts = (ms: number, timeZone: string): LocalParts => {
  const local = ms + offsetAt(ms, timeZone)
  const day = Math.floor(local / dayMs)
  const inDay = local - day * dayMs
  // Field by field: a spread here took 6 µs, forty times as long.
  const { date, year, month, day: dayOfMonth, weekday, weekdayName } = datePartsOf(day)
  return {
    date,
    year,
    month,
    day: dayOfMonth,
    weekday,
    weekdayName,
    hour: Math.floor(inDay / hourMs),
    minute: Math.floor(inDay / 60_000) % 60,
  }
}

/** Days since 1970-01-01 of the local date: `localDay(1772352000000, 'Asia/Tokyo')` is 20513. */
export const localDay = (ms: number, timeZone: string): number => Math.floor((ms + offsetAt(ms, timeZone)) / dayMs)

/** The date of a day: `dateOf(20513)` is '2026-03-01'. */
export const dateOf = (day: number): string => datePartsOf(day).date

/**
 * The name of the local hour, day, ISO week or month an instant falls in; limits per period count by it.
 *
 *     periodKey(1772352000000, 'Europe/Rome', 'week')   // '2026-W09'
 */
export const periodKey = (ms: number, timeZone: string, period: Period): string => {
  const offset = offsetAt(ms, timeZone)
  const { date, week } = datePartsOf(Math.floor((ms + offset) / dayMs))
  switch (period) {
    case 'hour': {
      // With the offset, because the hour that summer time repeats is two hours.
      const { hour } = localParts(ms, timeZone)
      return `${date}T${String(hour).padStart(2, '0')}${offsetText(offset)}`
    }
    case 'day':
      return date
    case 'week':
      return week
    case 'month':
      return date.slice(0, 7)
  }
}

const offsetText = (offset: number): string => {
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/**
 * An instant later by an ISO 8601 duration, its days and months counted in a time zone; undefined past the end of all calendars.
 *
 *     formatInstant(laterBy(parseInstant('2026-01-31T08:00:00Z')!, 'P1M', 'UTC')!)   // '2026-02-28T08:00:00.000Z'
 */
export const laterBy = (ms: number, duration: string, timeZone: string): number | undefined => {
  try {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).add(duration).epochMilliseconds
  } catch {
    return undefined
  }
}

/**
 * The first instant of a local date, which is not midnight where summer time starts at midnight.
 *
 *     formatInstant(startOfLocalDate('2026-03-01', 'Europe/Rome'))   // '2026-02-28T23:00:00.000Z'
 */
export const startOfLocalDate = (date: string, timeZone: string): number => {
  if (dayNumber(date) === undefined) throw new RangeError(`no such date: ${date}`)
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds
}
