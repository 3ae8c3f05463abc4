import type { Queryable } from './database.ts'
import type { EmbeddedDatabase } from './pglite.ts'

/** What PostgreSQL knows of one table of ours. */
export type TableState = {
  name: string
  pages: number
  /** Size when it was last analysed or vacuumed; 0 if never. */
  pagesThen: number
  rowsThen: number
  changed: number
  live: number
  dead: number
}

export type Chore = { readonly sql: string }

const MB = 1 << 20

/**
 * What a store without autovacuum and checkpointer needs most, if anything; one table at a time, because the one
 * connection is held meanwhile. What can wait is done only when it is quiet.
 *
 * - ANALYZE when half as much again was written as there was, or the table has doubled: with the statistics of an empty
 *   table the planner chose plans that ran 3–5 × slower. (The counter of changes is lost in a crash, the size is not.)
 * - VACUUM when a fifth is dead; at once when there is twice as much dead as alive.
 * - CHECKPOINT per 16 MB of write-ahead log, at the latest at 64 MB, which takes 100 ms: a single-user PostgreSQL never does it by itself, and
 *   the log would grow for ever and make the next start slow.
 *
 *     nextChore([{ name: 'event', pages: 90, pagesThen: 0, rowsThen: 0, changed: 4000, live: 4000, dead: 0 }], 0, false)
 *     // { sql: 'ANALYZE "event"' }
 */
export const nextChore = (tables: readonly TableState[], walBytes: number, quiet: boolean): Chore | undefined => {
  if (walBytes > (quiet ? 16 : 64) * MB) return { sql: 'CHECKPOINT' }
  const stale = tables.find(table => table.changed > 200 + table.rowsThen / 2 || table.pages > 16 + table.pagesThen * 2)
  if (stale) return { sql: `ANALYZE "${stale.name}"` }
  const littered = tables.find(table => table.dead > (quiet ? 1_000 + table.live / 5 : 10_000 + table.live * 2))
  // Giving the free space at the end back to the file system is not worth holding the connection for.
  if (littered) return { sql: `VACUUM (TRUNCATE false) "${littered.name}"` }
  return undefined
}

const tableStates = `SELECT c.relname AS name, pg_relation_size(c.oid) / 8192 AS pages, c.relpages AS "pagesThen",
  greatest(c.reltuples, 0)::float8 AS "rowsThen", s.n_mod_since_analyze AS changed, s.n_live_tup AS live, s.n_dead_tup AS dead
  FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE c.relkind = 'r' AND c.relpersistence = 'p'`

const walBytes = `SELECT (pg_current_wal_insert_lsn() - redo_lsn)::int8 AS bytes FROM pg_control_checkpoint()`

/**
 * Looks after an embedded store: does at most one chore, and returns it.
 *
 *     await doChore(database, true)   // { sql: 'ANALYZE "event"' }
 */
export const doChore = async (database: Queryable, quiet: boolean): Promise<Chore | undefined> => {
  const tables = await database.query<TableState>(tableStates, [], 'upkeep-tables')
  const wal = await database.query<{ bytes: number }>(walBytes, [], 'upkeep-wal')
  const chore = nextChore(tables.rows, wal.rows[0]!.bytes, quiet)
  if (chore) await database.script(chore.sql)
  return chore
}

/**
 * Looks once in `everyMs` whether a chore is due, and does it. It is quiet when nobody asked for anything since the last look;
 * when then nothing was due either, it does not look again. The function returned stops it, and waits for the chore at hand.
 */
export const startUpkeep = (
  database: Queryable & Pick<EmbeddedDatabase, 'load'>,
  everyMs = 1_000,
): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  let busy = false
  let taken = 0
  let settled = false
  const look = async () => {
    const load = database.load()
    const quiet = load.taken === taken && load.waiting === 0
    if (!quiet || !settled) {
      const chore = await doChore(database, quiet)
      settled = quiet && chore === undefined
    }
    taken = database.load().taken
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    last = look()
      .catch(() => {}) // tried again at the next look; a store that is broken tells so to those who use it
      .finally(() => {
        busy = false
      })
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await last
  }
}
