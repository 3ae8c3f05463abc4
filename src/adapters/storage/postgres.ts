import pg from 'pg'
import { clientSettings, inTransaction, on, sessionSettings } from './client.ts'
import type { Database } from './database.ts'

/**
 * Opens a pool of connections to a PostgreSQL server, of version 15 or newer. Connects when first used.
 *
 *     const database = openPostgres({ url: 'postgres://tessera@db/tessera' })
 */
export const openPostgres = ({ url, poolSize = 10 }: { url: string; poolSize?: number }): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'tessera',
    connectionTimeoutMillis: 30_000,
    ...clientSettings,
    onConnect: async client => {
      client.on('error', () => {}) // a lost connection also rejects what runs on it; nobody else needs to hear
      await client.query(`${sessionSettings}; SET jit = off`) // to compile a plan takes longer than our statements do
    },
  })
  pool.on('error', () => {}) // an idle connection was lost; the pool has dropped it and opens another when asked

  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    try {
      return await work(client)
    } finally {
      // Whatever left a transaction open must not reach the next user. The pool itself discards what lost its server.
      client.release(client.getTransactionStatus() !== 'I')
    }
  }

  return {
    kind: 'postgres',
    query: (sql, params, name) => withClient(client => on(client).query(sql, params, name)),
    script: sql => withClient(client => on(client).script(sql)),
    transaction: work => withClient(client => inTransaction(client, work)),
    close: () => pool.end(),
  }
}
