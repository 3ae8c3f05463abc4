import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createDatabase, startPostgres } from '../../tools/postgres.mjs'
import { copyProgram } from './faults.mjs'
import { makeServer } from './servers.mjs'
import { copyPglite, readPostgres } from './stored.mjs'

let stands = 0

/** Two batches that wait for each other in a circle are to be found out while the load still runs. @param {string} url */
const shortenDeadlocks = async url => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select current_database() as name')
  await client.query(`alter database ${client.escapeIdentifier(rows[0].name)} set deadlock_timeout = '50ms'`)
  await client.end()
}

/**
 * What a run stands on: server processes of a copy of the program (not started yet), one on an embedded store or two on one PostgreSQL,
 * and a way to look at what is stored.
 *
 *     const { servers, remove } = await makeStand({ store: 'postgres' })
 *     await Promise.all(servers.map(server => server.start()))
 *     …
 *     await remove()   // kills and deletes everything
 *
 * @param {object} options
 * @param {'pglite' | 'postgres'} options.store
 * @param {string} [options.fault] planted in the copy
 * @param {string} [options.postgresUrl] a PostgreSQL server to use; else one is started
 * @param {(data: string) => Promise<unknown>} [options.prepare] puts an embedded store into the data folder, where one is at hand
 * @param {(name: string, line: string) => void} [options.onLine] hears what the servers log
 */
export const makeStand = async ({ store, fault, postgresUrl, prepare, onLine = () => {} }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-torture-'))
  const data = join(folder, 'one')
  const program = copyProgram(fault)
  /** @type {import('./servers.mjs').Server[]} */
  const servers = []
  /** @type {{ url: string, stop: () => Promise<void> } | undefined} */
  let postgres
  const remove = async () => {
    await Promise.all(servers.map(server => server.kill()))
    await postgres?.stop()
    program.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    /** @type {string | undefined} */
    let url
    if (store === 'postgres') {
      if (postgresUrl === undefined) postgres = await startPostgres({ durable: true })
      url = await createDatabase(postgresUrl ?? postgres?.url ?? '', `torture_${process.pid}_${stands++}`)
      await shortenDeadlocks(url)
    } else await prepare?.(data)
    for (const name of store === 'postgres' ? ['one', 'two'] : ['one']) {
      const env = { TESSERA_DATA: join(folder, name), ...(url ? { DATABASE_URL: url } : {}) }
      servers.push(await makeServer({ program: program.folder, name, env, onLine: line => onLine(name, line) }))
    }
    const look = () => (url ? () => readPostgres(/** @type {string} */ (url)) : copyPglite(data))
    return { servers, look, url, program: program.folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
