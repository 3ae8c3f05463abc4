/** Days on the wall of a time zone, by Intl: faces carry no calendar of their own. */

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

/** What the wall says, read as if it were UTC. */
const wallMs = (atMs: number, timeZone: string): number => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** `dateIn(Date.parse('2026-03-01T23:30:00Z'), 'Europe/Rome')` is '2026-03-02'. */
export const dateIn = (atMs: number, timeZone: string): string =>
  new Date(wallMs(atMs, timeZone)).toISOString().slice(0, 10)

/**
 * When a day begins, as epoch milliseconds. Where its first hour is left out by a change of the clock, the first instant that there is.
 *
 *     startOfDate('2026-03-02', 'Europe/Rome')   // Date.parse('2026-03-01T23:00:00Z')
 */
export const startOfDate = (date: string, timeZone: string): number => {
  const wanted = Date.parse(`${date}T00:00:00Z`)
  // Twice: the offset of the first guess may be that of the other side of a change.
  const first = wanted - (wallMs(wanted, timeZone) - wanted)
  const second = wanted - (wallMs(first, timeZone) - first)
  return dateIn(second, timeZone) === date ? second : Math.max(first, second)
}

/** `plusDays('2026-02-28', 1)` is '2026-03-01'. */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Of a date as one finds it in an address. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && plusDays(text, 0) === text
