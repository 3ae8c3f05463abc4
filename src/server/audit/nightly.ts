import { createHash } from 'node:crypto'
import { makeId } from '../../core/kernel/id.ts'
import { dateOf, localDay, startOfLocalDate } from '../../core/kernel/time.ts'
import type { Services } from '../services.ts'
import { freshAudit } from './audit-store.ts'

const hourMs = 3_600_000
/** When the night before is over everywhere in the business, and nobody buys. */
const atHour = 3

/** The last time at which the clocks of a place showed the hour of the nightly audit. */
export const lastNight = (now: number, timeZone: string): number => {
  const onDay = (day: number): number => startOfLocalDate(dateOf(day), timeZone) + atHour * hourMs
  const today = localDay(now, timeZone)
  return onDay(today) <= now ? onDay(today) : onDay(today - 1)
}

/**
 * Puts an audit in line for each workspace once a night, in its own time zone; whenever this comes by, and whichever process does: the job
 * of a night has one id. A night that nothing ran in is caught up with the next morning.
 */
export const auditNightly = async (
  { database, clock, workspaces }: Pick<Services, 'database' | 'clock' | 'workspaces'>,
  signal: AbortSignal,
): Promise<void> => {
  const { rows } = await database.query<{ id: string; created_at: number }>(
    `select id, created_at from workspaces w
     where exists (select 1 from transactions where workspace_id = w.id) or exists (select 1 from counters where workspace_id = w.id)
     order by id`,
  )
  for (const { id, created_at } of rows) {
    if (signal.aborted) return
    const known = await workspaces.get(id)
    const night = known && lastNight(clock(id), known.workspace.timeZone)
    if (night === undefined || night < created_at) continue
    const chance = createHash('sha256').update(`audit ${id} ${night}`).digest().subarray(0, 10)
    await database.query(
      `insert into jobs (workspace_id, id, kind, state, params, created_at, updated_at)
       values ($1, $2, 'audit', 'queued', $3::json, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0)) on conflict do nothing`,
      [id, makeId('job', night, chance), JSON.stringify(freshAudit), clock(id)],
    )
  }
}
