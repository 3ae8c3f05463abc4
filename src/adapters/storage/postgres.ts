import pg from 'pg'
import { clientSettings, inTransaction, on } from './client.ts'
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
    // Set here and not by `options` in the start-up packet: poolers refuse that, and a URL may carry its own.
    // Compiling a plan (jit) costs more than our short statements take.
    onConnect: async client => {
      client.on('error', () => {}) // a lost connection also rejects what runs on it; nobody else needs to hear
      await client.query('SET TIME ZONE UTC; SET jit = off; SET client_min_messages = warning')
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
