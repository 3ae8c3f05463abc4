import { dateIn, plusDays, startOfDate } from '../../faces/days.ts'

/** How far back a report looks, today included. */
export const periods = ['7d', '28d', '90d', '12m'] as const
export type Period = (typeof periods)[number]

const dayCounts = { '7d': 7, '28d': 28, '90d': 90 } as const
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** From inclusive, to exclusive, RFC 3339. */
type Span = { readonly from: string; readonly to: string }
export type Spans = {
  readonly now: Span
  /** As long, and as far into its last day. */
  readonly before: Span
  readonly bucket: 'day' | 'month'
  /** As the API names them, oldest first: also those in which nothing happened. */
  readonly buckets: readonly string[]
  /** Those of the period before, place for place; of days there are as many, of months too. */
  readonly bucketsBefore: readonly string[]
}

/** `monthBack('2026-03', 4)` is '2025-11'. */
const monthBack = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7)
}

/** The months up to the one of this date, oldest first. */
export const monthsTo = (date: string, count: number): string[] =>
  Array.from({ length: count }, (_, place) => monthBack(date.slice(0, 7), count - 1 - place))

const daysTo = (date: string, count: number): string[] =>
  Array.from({ length: count }, (_, place) => plusDays(date, place - count + 1))

/**
 * What a period is on the wall of a time zone, up to the next full hour, so that the same is asked for within an hour.
 *
 *     spansOf('7d', Date.parse('2026-03-08T10:20:00Z'), 'UTC').now   // from 2026-03-02T00:00, to 2026-03-08T11:00
 */
export const spansOf = (period: Period, nowMs: number, timeZone: string): Spans => {
  const date = dateIn(nowMs, timeZone)
  const intoDayMs = Math.min(Math.ceil((nowMs - startOfDate(date, timeZone)) / hourMs) * hourMs, dayMs)
  const until = (last: string) => new Date(startOfDate(last, timeZone) + intoDayMs).toISOString()
  const since = (first: string) => new Date(startOfDate(first, timeZone)).toISOString()
  if (period === '12m') {
    const months = monthsTo(date, 24)
    const [bucketsBefore, buckets] = [months.slice(0, 12), months.slice(12)]
    return {
      now: { from: since(`${buckets[0]}-01`), to: until(date) },
      before: { from: since(`${bucketsBefore[0]}-01`), to: until(plusDays(date, -365)) },
      bucket: 'month',
      buckets,
      bucketsBefore,
    }
  }
  const count = dayCounts[period]
  const dateBefore = plusDays(date, -count)
  const [buckets, bucketsBefore] = [daysTo(date, count), daysTo(dateBefore, count)]
  return {
    now: { from: since(plusDays(date, 1 - count)), to: until(date) },
    before: { from: since(plusDays(dateBefore, 1 - count)), to: until(dateBefore) },
    bucket: 'day',
    buckets,
    bucketsBefore,
  }
}
