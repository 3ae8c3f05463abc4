import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '../src/adapters/storage/pglite.ts'
import { freshFolder } from './stores.ts'

const manifest = new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url)

/** Made once per machine and version, since making a cluster takes PGlite four seconds of a core and copying one a tenth. */
const template = async (): Promise<string> => {
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const ready = join(tmpdir(), `tessera-cluster-${version}`)
  if (existsSync(ready)) return ready
  const making = await mkdtemp(join(tmpdir(), 'tessera-cluster-making-'))
  const database = await openPglite({ folder: join(making, 'pglite') })
  await database.close()
  await rename(join(making, 'pglite'), ready).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another test was first
  })
  await rm(making, { recursive: true })
  return ready
}

/**
 * Puts an empty embedded PostgreSQL where a test wants one, quickly; returns the folder.
 *
 *     const database = await openPglite({ folder: await newCluster(freshFolder()) })
 *     await newCluster(join(data, 'pglite')); const store = await openStore({ folder: data })
 */
export const newCluster = async (folder: string): Promise<string> => {
  await cp(await template(), folder, { recursive: true })
  return folder
}

/**
 * A new data folder with an empty embedded PostgreSQL in it, removed after the test file.
 *
 *     const store = await openStore({ folder: await freshData() })
 */
export const freshData = async (): Promise<string> => {
  const folder = freshFolder()
  await newCluster(join(folder, 'pglite'))
  return folder
}
