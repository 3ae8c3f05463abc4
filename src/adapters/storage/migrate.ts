import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { StoreRefused } from './store-refused.ts'

// Any number will do, as long as nothing else in the database takes an advisory lock by it: "TESSERA" on a phone's keys.
const lockKey = 8_377_372

const createTable = `CREATE TABLE IF NOT EXISTS tessera_migration (
  id int4 PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`

/**
 * Brings the schema up to date and returns the number of its last migration. Several processes may start at once.
 *
 *     await migrate(database)   // 3
 */
export const migrate = async (database: Database, all: readonly Migration[] = migrations): Promise<number> => {
  const known = all.length
  let done = await step(database, all)
  while (done < known) done = await step(database, all)
  if (done > known) {
    throw new StoreRefused(
      `The store was written by a newer version of Tessera: it is at migration ${done}, this version knows ${known}. Update Tessera.`,
    )
  }
  return done
}

// One migration, one transaction, so a long list that fails at the end keeps what was done. The lock ends with the transaction.
const step = (database: Database, all: readonly Migration[]): Promise<number> =>
  database.transaction(async tx => {
    if (database.kind === 'postgres') await tx.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
    await tx.script(createTable)
    const { rows } = await tx.query<{ done: number }>('SELECT coalesce(max(id), 0) AS done FROM tessera_migration')
    const { done } = rows[0]!
    const next = all[done]
    if (!next) return done
    await tx.script(next.sql)
    await tx.query('INSERT INTO tessera_migration (id, name) VALUES ($1, $2)', [next.id, next.name])
    return next.id
  })
