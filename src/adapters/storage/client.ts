import type pg from 'pg'
import { columnTypes } from './column-types.ts'
import type { Queryable, Row } from './database.ts'

/**
 * Both stores speak the PostgreSQL protocol through one driver, so parameters, values, names of statements and errors
 * are the same by construction; only the transport differs (a socket, or a worker thread).
 *
 * `pipeline`: statements sent without waiting for each other's answer share a round trip, e.g. BEGIN and what follows.
 */
export const clientSettings = { types: columnTypes, pipeline: true } satisfies pg.ClientConfig

/**
 * Run first on every connection. Not by `options` in the start-up packet: poolers refuse that, and a URL may carry its own.
 *
 * Plans are made anew for each execution, also of named statements (which are still parsed only once). A cached plan fits
 * the table it was made for: made while a table was empty, it scanned the grown one, and a batch of 256 took 560 ms
 * where a new plan took 20; on tables of full size it saved some 10 % of a batch, and 1 ms of a lone request.
 */
export const sessionSettings =
  'SET TIME ZONE UTC; SET client_min_messages = warning; SET plan_cache_mode = force_custom_plan'

/**
 * The port's `query` and `script` on one connection.
 *
 *     await on(client).query('SELECT $1::int8 AS n', [1])   // { rows: [{ n: 1 }], affected: 1 }
 */
export const on = (client: pg.ClientBase): Queryable => ({
  query: async <R extends Row>(text: string, params: readonly unknown[] = [], name?: string) => {
    const values = params as unknown[] // the driver only reads them
    const result = await client.query<R>(name === undefined ? { text, values } : { text, values, name })
    return { rows: result.rows, affected: result.rowCount ?? 0 }
  },
  script: async sql => {
    await client.query(sql)
  },
})

/**
 * Runs `work` between BEGIN and COMMIT on one connection, as the port promises.
 *
 *     await inTransaction(client, tx => tx.query('DELETE FROM hold WHERE ends_at < now()'))
 */
export const inTransaction = async <T>(client: pg.ClientBase, work: (tx: Queryable) => Promise<T>): Promise<T> => {
  const connection = on(client)
  let over = false
  const open = () => {
    if (over) throw new Error('The transaction is over; a statement came too late')
  }
  const tx: Queryable = {
    query: async (sql, params, name) => {
      open()
      return connection.query(sql, params, name)
    },
    script: async sql => {
      open()
      return connection.script(sql)
    },
  }
  // Not awaited before the work starts, so that BEGIN travels with the first statement.
  const begun = client.query('BEGIN')
  begun.catch(() => {})
  let value: T
  try {
    value = await work(tx)
    await begun
  } catch (error) {
    over = true
    await client.query('ROLLBACK').catch(() => {}) // the connection is gone, and the transaction with it
    throw error
  }
  over = true
  const end = await client.query('COMMIT')
  // PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement failed and the work swallowed its error.
  if (end.command !== 'COMMIT')
    throw new Error('The transaction was rolled back: one of its statements failed, and its error was swallowed')
  return value
}
