import type { Database } from '../../adapters/storage/database.ts'

const hourMs = 3_600_000
const rowsAtOnce = 1000

/**
 * Sums what is older than two hours by the hour, and forgets what is older than a day, so that a source has some 150 rows however long
 * it sends. What it did last stays for ever: a till that was last heard of in spring should say so.
 */
export const compactMinutes = async (
  database: Pick<Database, 'query'>,
  now: number,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted && (await sumHours(database, now)) === rowsAtOnce);
  await forgetOld(database, now)
}

/** Tells how many rows it summed. Rows that another process has at hand are left to it: each is summed once. */
const sumHours = async (database: Pick<Database, 'query'>, now: number): Promise<number> => {
  const { rows } = await database.query<{ summed: number }>(
    `with old as (
       delete from source_minutes where ctid = any(array(
         select ctid from source_minutes
         where minute < date_trunc('hour', to_timestamp($1 / 1000.0), 'UTC')
           and minute <> date_trunc('hour', minute, 'UTC')
         limit ${rowsAtOnce} for update skip locked))
       returning *),
     summed as (insert into source_minutes as m
       (workspace_id, source_id, minute, events, errors, last_event_at, last_error_at, last_error)
     select workspace_id, source_id, date_trunc('hour', minute, 'UTC'), sum(events)::int8, sum(errors)::int8,
            max(last_event_at), max(last_error_at),
            (array_agg(last_error order by last_error_at desc nulls last))[1]
     from old group by 1, 2, 3 order by 1, 2, 3
     on conflict (workspace_id, source_id, minute) do update set
       events = m.events + excluded.events,
       errors = m.errors + excluded.errors,
       last_event_at = greatest(m.last_event_at, excluded.last_event_at),
       last_error_at = greatest(m.last_error_at, excluded.last_error_at),
       last_error = case when m.last_error_at > excluded.last_error_at then m.last_error
                    else coalesce(excluded.last_error, m.last_error) end)
     select count(*)::int8 as summed from old`,
    [now - 2 * hourMs],
  )
  return rows[0]!.summed
}

const forgetOld = async (database: Pick<Database, 'query'>, now: number): Promise<void> => {
  await database.query(
    `delete from source_minutes m where m.minute < to_timestamp($1 / 1000.0)
       and (m.last_event_at is null or exists (select 1 from source_minutes n
         where n.workspace_id = m.workspace_id and n.source_id = m.source_id and n.minute > m.minute
           and n.last_event_at is not null))
       and (m.last_error_at is null or exists (select 1 from source_minutes n
         where n.workspace_id = m.workspace_id and n.source_id = m.source_id and n.minute > m.minute
           and n.last_error_at is not null))`,
    [now - 25 * hourMs],
  )
}
