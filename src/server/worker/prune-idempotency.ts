import type { Database } from '../../adapters/storage/database.ts'
import { idempotencyDays } from '../change.ts'

const rowsAtOnce = 1000

/** Forgets answers that are no longer given again, in short commits. */
export const pruneIdempotency = async (database: Database, now: number, signal: AbortSignal): Promise<void> => {
  let deleted = rowsAtOnce
  while (deleted === rowsAtOnce && !signal.aborted) {
    const { affected } = await database.query(
      `delete from idempotency where ctid = any(array(
         select ctid from idempotency where created_at < to_timestamp($1 / 1000.0) order by created_at limit $2))`,
      [now - idempotencyDays * 86_400_000, rowsAtOnce],
    )
    deleted = affected
  }
}
