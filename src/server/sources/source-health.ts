import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { SourceError, SourceHealth } from '../../core/workspaces/source.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

type Row = {
  id: string
  this_minute: number
  minute_before: number
  hour_events: number
  hour_errors: number
  day_events: number
  last_event_at: number | null
  last_error_at: number | null
  errors: SourceError[] | null
}

/** To four digits: an event a day is still more than none. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000
const time = (at: number | null): string | null => (at === null ? null : formatInstant(at))

const healthOf = (row: Row, now: number): SourceHealth => {
  // The last 60 seconds: this minute so far, and as much of the one before as lies within them.
  const share = 1 - (now % minuteMs) / minuteMs
  const calls = row.hour_events + row.hour_errors
  return {
    lastEventAt: time(row.last_event_at),
    lastErrorAt: time(row.last_error_at),
    perMinute: {
      now: rounded(row.this_minute + row.minute_before * share),
      hour: rounded(row.hour_events / 60),
      day: rounded(row.day_events / (24 * 60)),
    },
    errorRate: calls === 0 ? null : rounded(row.hour_errors / calls),
    lastErrors: row.errors ?? [],
  }
}

/** How each of these sources is doing, as far as it was written down: the last second may be missing. */
export const readHealth = async (
  source: Queryable,
  workspaceId: string,
  ids: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, SourceHealth>> => {
  if (ids.length === 0) return new Map()
  const minute = now - (now % minuteMs)
  const { rows } = await source.query<Row>(
    `select k.id, coalesce(c.this_minute, 0) as this_minute, coalesce(c.minute_before, 0) as minute_before,
            coalesce(c.hour_events, 0) as hour_events, coalesce(c.hour_errors, 0) as hour_errors,
            coalesce(c.day_events, 0) as day_events, c.last_event_at, c.last_error_at, e.errors
     from unnest($2::text[]) as k(id)
     left join lateral (
       select sum(events) filter (where minute >= to_timestamp($3 / 1000.0))::int8 as this_minute,
              sum(events) filter (where minute = to_timestamp($4 / 1000.0))::int8 as minute_before,
              sum(events) filter (where minute > to_timestamp($5 / 1000.0))::int8 as hour_events,
              sum(errors) filter (where minute > to_timestamp($5 / 1000.0))::int8 as hour_errors,
              sum(events) filter (where minute > to_timestamp($6 / 1000.0))::int8 as day_events,
              max(last_event_at) as last_event_at, max(last_error_at) as last_error_at
       from source_minutes where workspace_id = $1 and source_id = k.id) c on true
     left join lateral (
       select json_agg(l.last_error) as errors from (
         select last_error from source_minutes
         where workspace_id = $1 and source_id = k.id and last_error is not null
         order by last_error_at desc limit 5) l) e on true`,
    [workspaceId, ids, minute, minute - minuteMs, now - hourMs, now - 24 * hourMs],
  )
  return new Map(rows.map(row => [row.id, healthOf(row, now)]))
}
