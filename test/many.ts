import type { Queryable } from '../src/adapters/storage/database.ts'

/**
 * So many orders, uses and grants, of 1,000 people and 20 offers over 100 days until now, that a plan which would not carry a large business is
 * not taken here either.
 */
export const storeMany = async (database: Queryable, count = 20_000): Promise<void> => {
  await database.query(
    `insert into orders (workspace_id, id, holder_id, state, source, revision, channel, currency, subtotal, discount, shipping, total,
       occurred_at, placed_at, request_hash, basket, decision_id, catalogue_version, schema_version, answer)
     select 'default', 'many-' || n, 'hol_' || n % 1000, 'placed', 'put', 1, case n % 3 when 0 then 'store' else 'web' end, 'EUR',
       1000, 100, 0, 900, date_trunc('milliseconds', now() - make_interval(secs => n * 8640000.0 / $1)), now(), '', '{"lines":[],"shipping":0,"codes":[]}', 'dec_1',
       1, 1, '{}'
     from generate_series(1, $1::int) n`,
    [count],
  )
  await database.query(
    `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, holder_id, code, channel,
       currency, amount, revenue, state, at, changed_at)
     select 'default', 'many-' || n, 1, 'red_many' || n, 'off_' || lpad((n % 20)::text, 26, '0'), 1, 'cmp_many', 'hol_' || n % 1000,
       'MANY' || n, 'web', 'EUR', 100, 900, 'redeemed', date_trunc('milliseconds', now() - make_interval(secs => n * 8640000.0 / $1)), now()
     from generate_series(1, $1::int) n`,
    [count],
  )
  for (const table of ['orders', 'redemptions']) await database.query(`analyze ${table}`)
}
