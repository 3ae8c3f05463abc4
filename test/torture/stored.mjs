import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

const ms = (/** @type {string} */ column) => `(extract(epoch from ${column}) * 1000)::float8`

const statements = {
  orders: `select id, holder_id, state, source, revision::int, currency, subtotal::float8, discount::float8, shipping::float8,
    total::float8, ${ms('held_until')} as held_until, ${ms('placed_at')} as placed_at, ${ms('opened_at')} as opened_at, answer from orders`,
  uses: `select order_id, seq::int, id, offer_id, holder_id, code, use_no::int, grant_id, channel, amount::float8, revenue::float8, state,
    ${ms('held_until')} as held_until, ${ms('at')} as at, ${ms('changed_at')} as changed_at from redemptions`,
  counters: 'select offer_id, used::float8, held::float8, budget_used::float8, budget_held::float8 from counters',
  holders: `select id, type, value, person_id, orders::int, spend::text as spend, ${ms('created_at')} as created_at from holders`,
  links: `select a, b, verified, cause, ${ms('created_at')} as created_at from links`,
  grants: 'select id, offer_id, holder_id, state, order_id from grants',
  messages: 'select message_id, kind, order_id from events',
  answers: 'select count(*)::int as count from idempotency',
  codes: 'select offer_id, count(*)::int as count from codes group by offer_id',
}

/**
 * @typedef {{ id: string, holder_id: string | null, state: string, source: string, revision: number, currency: string, subtotal: number, discount: number, shipping: number, total: number, held_until: number | null, placed_at: number | null, opened_at: number | null, answer: string }} OrderRow
 * @typedef {{ order_id: string, seq: number, id: string, offer_id: string, holder_id: string | null, code: string | null, use_no: number | null, grant_id: string | null, channel: string, amount: number, revenue: number, state: string, held_until: number | null, at: number, changed_at: number }} UseRow
 * @typedef {{ orders: OrderRow[], uses: UseRow[],
 *   counters: { offer_id: string, used: number, held: number, budget_used: number, budget_held: number }[],
 *   holders: { id: string, type: string, value: string, person_id: string, orders: number, spend: string, created_at: number }[],
 *   links: { a: string, b: string, verified: boolean, cause: string, created_at: number }[],
 *   grants: { id: string, offer_id: string, holder_id: string, state: string, order_id: string | null }[],
 *   messages: { message_id: string, kind: string, order_id: string | null }[],
 *   answers: { count: number }[], codes: { offer_id: string, count: number }[] }} Stored every row that the audit reads, as of one instant
 */

/** @param {(sql: string) => Promise<{ rows: unknown[] }>} query @returns {Promise<Stored>} */
const readAll = async query => {
  /** @type {Record<string, unknown[]>} */
  const stored = {}
  await query('begin isolation level repeatable read, read only')
  for (const [name, sql] of Object.entries(statements)) stored[name] = (await query(sql)).rows
  await query('commit')
  return /** @type {Stored} */ (/** @type {unknown} */ (stored))
}

/**
 * Reads a PostgreSQL store with a connection of its own; `deadlocks` is what PostgreSQL has counted in it so far.
 * @param {string} url
 */
export const readPostgres = async url => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const stored = await readAll(sql => client.query(sql))
    const { rows } = await client.query(
      'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
    )
    return { stored, deadlocks: /** @type {number} */ (rows[0].deadlocks) }
  } finally {
    await client.end()
  }
}

/**
 * Copies what a killed embedded store left, and reads the copy: the recovery of the original stays the server's, which may start
 * meanwhile.
 * @param {string} data the data folder
 */
export const copyPglite = data => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-torture-copy-'))
  cpSync(join(data, 'pglite'), join(folder, 'pglite'), { recursive: true })
  return () => readCopy(folder)
}

const readCopy = async (/** @type {string} */ folder) => {
  try {
    const pglite = new PGlite(join(folder, 'pglite'))
    try {
      return { stored: await readAll(sql => pglite.query(sql)), deadlocks: 0 }
    } finally {
      await pglite.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
