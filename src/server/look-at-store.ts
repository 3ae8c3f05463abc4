import { join } from 'node:path'
import type { Database } from '../adapters/storage/database.ts'
import { lockFolder } from '../adapters/storage/folder-lock.ts'
import { migrations } from '../adapters/storage/migrations/index.ts'
import { openPglite } from '../adapters/storage/pglite.ts'
import { openPostgres } from '../adapters/storage/postgres.ts'
import { migrationOf } from '../adapters/storage/tables.ts'
import type { Config } from './config.ts'

export type StoreLook =
  | {
      readonly kind: Database['kind']
      /** Of PostgreSQL: `18.0`. */
      readonly version: string
      /** The last one the store has had, 0 where it is empty; `known` of them exist. */
      readonly migration: number
      readonly known: number
      /** The store's clock, epoch milliseconds. */
      readonly now: number
    }
  | { readonly problem: string; readonly todo: string }

const oldestPostgres = 15

/**
 * Looks at a store that no server of this machine has open, and changes nothing: unlike a start it does not migrate.
 *
 *     await lookAtStore({ folder: './data', databaseUrl: undefined })   // { kind: 'pglite', version: '18.0', migration: 1, known: 1, … }
 */
export const lookAtStore = async ({
  databaseUrl,
  folder,
}: Pick<Config, 'databaseUrl' | 'folder'>): Promise<StoreLook> => {
  try {
    if (databaseUrl !== undefined) return await look(openPostgres({ url: databaseUrl, poolSize: 1 }))
    const unlock = lockFolder(folder, { url: 'no address' })
    try {
      return await look(await openPglite({ folder: join(folder, 'pglite') }))
    } finally {
      unlock()
    }
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    const todo =
      databaseUrl === undefined
        ? 'If it is not in use, restore it from a dump into a new folder.'
        : 'Check DATABASE_URL, and that the server runs and takes connections from here.'
    return { problem: message || code || 'it cannot be opened', todo }
  }
}

const look = async (database: Database): Promise<StoreLook> => {
  try {
    const { rows } = await database.query<{ version: string; now: number; migrated: boolean }>(
      `select current_setting('server_version') as version, now() as now, to_regclass('tessera_migration') is not null as migrated`,
    )
    const { version, now, migrated } = rows[0]!
    if (Number.parseInt(version, 10) < oldestPostgres)
      return { problem: `PostgreSQL ${version}`, todo: `Tessera needs PostgreSQL ${oldestPostgres} or newer.` }
    const migration = migrated ? await migrationOf(database) : 0
    const known = migrations.length
    return migration > known
      ? { problem: `written by a newer Tessera (migration ${migration}, known ${known})`, todo: 'Update Tessera.' }
      : { kind: database.kind, version, migration, known, now }
  } finally {
    await database.close()
  }
}
