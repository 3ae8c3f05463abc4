import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

const ms = (/** @type {string} */ column) => `(extract(epoch from ${column}) * 1000)::float8`

const statements = {
  workspaces: 'select id, secret, time_zone from workspaces',
  orders: `select id, holder_id, state, source, channel, revision::int, currency, subtotal::float8, discount::float8, shipping::float8,
    total::float8, ${ms('held_until')} as held_until, ${ms('placed_at')} as placed_at, ${ms('opened_at')} as opened_at, ${ms('occurred_at')} as occurred_at,
    basket::text as basket, returned::text as returned, answer from orders`,
  uses: `select order_id, seq::int, id, offer_id, offer_version::int, holder_id, code, use_no::int, grant_id, channel, location, amount::float8,
    returned::float8, given::text as given, arm, revenue::float8, state,
    ${ms('held_until')} as held_until, ${ms('at')} as at, ${ms('changed_at')} as changed_at from redemptions`,
  counters:
    'select offer_id, bucket, used::float8, held::float8, budget_used::float8, budget_held::float8 from counters',
  holders: `select id, type, value, person_id, orders::int, spend::text as spend, standing, behaviour_id,
    statistics::text as statistics, consents::text as consents, ${ms('created_at')} as created_at from holders`,
  links: `select a, b, verified, source, cause, suppressed, ${ms('first_seen_at')} as first_seen_at, ${ms('removed_at')} as removed_at,
    ${ms('created_at')} as created_at from links`,
  neverMerge: 'select a, b, cause from never_merge',
  consents: `select id, holder_id, channel, purpose, state, ${ms('at')} as at from consents`,
  segments: 'select id, kind, condition, generation::int, next_condition, removed from segments',
  members: 'select holder_id, segment_id, generation::int from segment_members',
  grants: `select id, offer_id, holder_id, state, order_id, title, fulfilment, ${ms('issued_at')} as issued_at from grants`,
  returns: `select order_id, id, seq::int, refund::float8, answer, ${ms('at')} as at from returns order by order_id, seq`,
  exposures: `select holder_id, campaign_id, arm, ${ms('at')} as at from exposures`,
  draws: `select offer_id, offer_version::int, holder_id, period, draw::int, wins::int, out_of::int, cause, ${ms('at')} as at from draws`,
  decisions: 'select id, holder_id, kind, cause, answer from decisions',
  messages: `select message_id, kind, name, order_id, holder_id, ${ms('occurred_at')} as occurred_at from events`,
  answers: 'select count(*)::int as count from idempotency',
  codes: 'select offer_id, count(*)::int as count from codes group by offer_id',
}

/**
 * @typedef {{ id: string, holder_id: string | null, state: string, source: string, channel: string, revision: number, currency: string, subtotal: number, discount: number, shipping: number, total: number, held_until: number | null, placed_at: number | null, opened_at: number | null, occurred_at: number, basket: string, returned: string | null, answer: string }} OrderRow
 * @typedef {{ order_id: string, seq: number, id: string, offer_id: string, offer_version: number, holder_id: string | null, code: string | null, use_no: number | null, grant_id: string | null, channel: string, location: string | null, amount: number, returned: number, given: string | null, arm: string | null, revenue: number, state: string, held_until: number | null, at: number, changed_at: number }} UseRow
 * @typedef {{ order_id: string, id: string, seq: number, refund: number, answer: string, at: number }} ReturnRow
 * @typedef {{ id: string, type: string, value: string, person_id: string, orders: number, spend: string, standing: string | null, behaviour_id: string | null, statistics: string, consents: string, created_at: number }} HolderRow
 * @typedef {{ a: string, b: string, verified: boolean, source: string, cause: string, suppressed: string | null, first_seen_at: number, removed_at: number | null, created_at: number }} LinkRow
 * @typedef {{ workspaces: { id: string, secret: string, time_zone: string }[], orders: OrderRow[], uses: UseRow[], returns: ReturnRow[],
 *   counters: { offer_id: string, bucket: string, used: number, held: number, budget_used: number, budget_held: number }[],
 *   holders: HolderRow[], links: LinkRow[], neverMerge: { a: string, b: string, cause: string }[],
 *   consents: { id: string, holder_id: string, channel: string, purpose: string, state: string, at: number }[],
 *   segments: { id: string, kind: string, condition: string | null, generation: number, next_condition: string | null, removed: boolean }[],
 *   members: { holder_id: string, segment_id: string, generation: number }[],
 *   grants: { id: string, offer_id: string, holder_id: string, state: string, order_id: string | null, title: string | null, fulfilment: string | null, issued_at: number }[],
 *   exposures: { holder_id: string, campaign_id: string, arm: string, at: number }[],
 *   draws: { offer_id: string, offer_version: number, holder_id: string, period: string, draw: number, wins: number, out_of: number, cause: string, at: number }[],
 *   decisions: { id: string, holder_id: string | null, kind: string, cause: string, answer: string }[],
 *   messages: { message_id: string, kind: string, name: string, order_id: string | null, holder_id: string, occurred_at: number }[],
 *   answers: { count: number }[], codes: { offer_id: string, count: number }[] }} Stored every row that the audit reads, as of one instant
 */

/** @param {UseRow} use */
export const isTaken = use => use.state === 'held' || use.state === 'redeemed'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** When a row with an id of ours was made, by the server's clock: `at` may be the caller's. @param {string} id */
export const madeAt = id =>
  [...id.slice(id.indexOf('_') + 1).slice(0, 10)].reduce((all, character) => all * 32 + alphabet.indexOf(character), 0)

/** What a use gave besides money. @param {UseRow} use @returns {{ what: string, sku?: string, offer?: string, quantity?: number, grants?: string[] }[]} */
export const givenBy = use => JSON.parse(use.given ?? '[]')

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
