import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '../dist/adapters/storage/pglite.js'
import { createDatabase, startPostgres } from '../tools/postgres.mjs'

/**
 * Empty stores for a bench, each told as the environment that a server reads. All is gone after `remove`.
 *
 * @typedef {Awaited<ReturnType<typeof makeStores>>} Stores
 */
export const makeStores = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  /** @type {Promise<{ url: string, stop: () => Promise<void> }> | undefined} */
  let postgres
  /** @type {Promise<string> | undefined} */
  let cluster
  let count = 0

  // Made once and copied, because making one takes seconds.
  const makeCluster = async () => {
    const made = join(folder, 'cluster')
    await (await openPglite({ folder: made })).close()
    return made
  }
  const freshDatabase = async () => {
    postgres ??= startPostgres({ durable: true })
    return createDatabase((await postgres).url, `bench_${++count}`)
  }

  return {
    freshDatabase,
    /**
     * @param {'pglite' | 'postgres'} kind
     * @returns {Promise<Record<string, string>>}
     */
    fresh: async kind => {
      const data = join(folder, `data-${++count}`)
      if (kind === 'postgres') return { TESSERA_DATA: data, DATABASE_URL: await freshDatabase() }
      cluster ??= makeCluster()
      const made = await cluster
      await mkdir(data)
      await cp(made, join(data, 'pglite'), { recursive: true })
      return { TESSERA_DATA: data, DATABASE_URL: '' }
    },
    remove: async () => {
      await (await postgres)?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
