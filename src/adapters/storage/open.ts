import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from './database.ts'
import { snapshotPrefix } from './dump.ts'
import { lockFolder } from './folder-lock.ts'
import { migrate } from './migrate.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { StoreRefused } from './store-refused.ts'
import { startUpkeep } from './upkeep.ts'

export type StoreSettings = {
  /** A PostgreSQL server; without it the store is embedded and lives in the folder. */
  databaseUrl?: string | undefined
  /** The data folder, of this process alone when the store is embedded. */
  folder: string
  /** Where this process can be reached: told to another process that wants the same folder. */
  url?: string
  poolSize?: number
}

/** The layout of the data folder: 1 keeps the embedded PostgreSQL 18 under `pglite`. */
const layout = 1

const checkVersion = async (folder: string): Promise<void> => {
  const file = join(folder, 'version')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (text === undefined) {
    await writeFile(`${file}.new`, `${JSON.stringify({ version: layout })}\n`)
    await rename(`${file}.new`, file)
    return
  }
  const version = versionIn(text)
  if (version === undefined) {
    throw new StoreRefused(`${file} is damaged: it should hold {"version":${layout}}.`)
  }
  if (version > layout) {
    throw new StoreRefused(
      `The data folder ${folder} was written by a newer version of Tessera: its layout is ${version}, this version knows ${layout}. Update Tessera.`,
    )
  }
}

const versionIn = (text: string): number | undefined => {
  try {
    const { version } = JSON.parse(text) as { version?: unknown }
    return Number.isInteger(version) ? (version as number) : undefined
  } catch {
    return undefined
  }
}

const openEmbedded = async (folder: string, url: string): Promise<Database> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder, { url })
  try {
    await checkVersion(folder)
    const left = (await readdir(folder)).filter(name => name.startsWith(snapshotPrefix))
    await Promise.all(left.map(name => rm(join(folder, name), { recursive: true, force: true })))
    const database = await openPglite({ folder: join(folder, 'pglite') })
    const stopUpkeep = startUpkeep(database)
    return {
      ...database,
      close: async () => {
        await stopUpkeep()
        await database.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * Opens the store, with its schema up to date. Throws StoreRefused, with a sentence for the person who started us, when
 * the folder is in use, or folder or schema are of a newer Tessera.
 *
 *     const database = await openStore({ folder: './data', url: 'http://127.0.0.1:8080' })
 *     const database = await openStore({ databaseUrl: 'postgres://tessera@db/tessera', folder: './data' })
 */
export const openStore = async ({
  databaseUrl,
  folder,
  url = 'no address',
  poolSize,
}: StoreSettings): Promise<Database> => {
  const database = databaseUrl
    ? openPostgres({ url: databaseUrl, ...(poolSize === undefined ? {} : { poolSize }) })
    : await openEmbedded(folder, url)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}
