// A programme with very many members, made by SQL as the group commit would have left it: the auditor finds nothing.
import { asset, member, programme } from './requests.mjs'

/** Members a statement: more would hold the embedded store's memory. */
const atOnce = 50_000
const dayMs = 86_400_000

/** The terms that the rows below are of: tiers by points of a month, of which the last one ends when the clock strikes. */
export const club = {
  name: 'Club',
  timeZone: 'UTC',
  rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
  tiers: {
    by: 'points',
    period: { calendar: 'month' },
    levels: [
      { id: 'bronze', name: 'Bronze', threshold: 0 },
      { id: 'silver', name: 'Silver', threshold: 100 },
      { id: 'gold', name: 'Gold', threshold: 200 },
    ],
  },
}

/**
 * Fills the default workspace. At `end`, a month's end: of ten, one is gold and two are silver and have their period end, half of these
 * with enough for the next one; a fifth loses a lot, a tenth has points that become active, and half have qualifying points that end.
 *
 * @param {{ query: (sql: string, params?: unknown[]) => Promise<unknown> }} database
 * @param {{ members: number, end: number, say: (text: string) => void }} options
 */
export const fillMembers = async (database, { members, end, say }) => {
  const [begin, hourBefore, qualifying] = [end - 25 * dayMs, end - 3_600_000, `qualifying:${programme}`]
  const at = (/** @type {number} */ ms) => `'${new Date(ms).toISOString()}'::timestamptz`
  const month = new Date(begin).toISOString().slice(0, 7)
  for (let from = 1; from <= members; from += atOnce) {
    const to = Math.min(members, from + atOnce - 1)
    const each = `(select n, lpad(n::text, 26, '0') as id, n % 10 as grade,
        case when n % 10 = 0 then 'gold' when n % 10 < 3 then 'silver' else 'bronze' end as tier,
        case when n % 10 = 0 then 100 + 100 * (n / 10 % 2) when n % 10 < 3 then 100 * (n / 10 % 2) when n % 2 = 0 then 50 else 0 end as qualified,
        ${at(begin)} - (n % 330) * interval '1 day' as since
      from generate_series(${from}, ${to}) as n) m`
    // One to three lots that can be spent, one that is pending with some, and one of qualifying points.
    const lots = `(
      select m.*, 'lot_' || id || k as lot, '${asset}' as asset, 'main' as kind, 100 + n % 50 as amount, null::timestamptz as active_at,
        ${at(end)} + case when k = 1 and n % 5 = 0 then 0 else k * 30 + n % 300 end * interval '1 day' as expires_at
      from ${each} cross join lateral generate_series(1, 1 + n % 3) as k
      union all
      select m.*, 'lot_' || id || 'p', '${asset}', 'pending', 70, ${at(hourBefore)}, ${at(end)} + interval '200 days' from ${each} where n % 10 = 3
      union all
      select m.*, 'lot_' || id || 'q', '${qualifying}', 'main', qualified, null, ${at(end)} from ${each} where qualified > 0) l`
    for (const sql of [
      `insert into holders (workspace_id, id, type, value, given, person_id, created_at)
       select 'default', 'hol_' || id, 'loyaltyCard', value, value, 'per_' || id, since
       from (select *, '${member(0).slice(0, -6)}' || lpad((n - 1)::text, 6, '0') as value from ${each}) m`,
      `insert into programme_members (workspace_id, holder_id, programme_id, joined_at, source, tier, tier_since, tier_until, due_at)
       select 'default', 'hol_' || id, '${programme}', since, 'import', tier, since, case when grade < 3 then ${at(end)} end,
         case when grade < 3 then ${at(end)} else date_trunc('day', since at time zone 'UTC') at time zone 'UTC' + interval '1 year' end
       from ${each}`,
      `insert into lots (workspace_id, id, owner_id, asset, kind, amount, remaining, earned_at, active_at, expires_at, due_at, transaction_id)
       select 'default', lot, 'hol_' || id, asset, kind, amount, amount, ${at(begin)}, active_at, expires_at, coalesce(active_at, expires_at),
         'txn_' || id from ${lots}`,
      `insert into accounts (workspace_id, id, owner_id, asset, kind, balance, floor, due_at, revision, opened_at)
       select 'default', 'hol_' || id || '/' || asset || '/' || kind, 'hol_' || id, asset, kind, sum(amount), 0,
         min(coalesce(active_at, expires_at)), 1, ${at(begin)} from ${lots} group by id, asset, kind`,
      `insert into transactions (workspace_id, id, kind, effective_at, booked_at, period, holder_id, reason, schema_version)
       select 'default', 'txn_' || id, 'adjust', ${at(begin)}, ${at(begin)}, '${month}', 'hol_' || id, 'import', 1 from ${each}`,
      `insert into postings (workspace_id, transaction_id, seq, account_id, asset, amount, lot_id, period, effective_at, booked_at)
       select 'default', 'txn_' || id, row_number() over (partition by id order by lot nulls first, asset) - 1, account, asset, amount, lot,
         '${month}', ${at(begin)}, ${at(begin)}
       from (
         select id, 'hol_' || id || '/' || asset || '/' || kind as account, asset, amount, lot from ${lots}
         union all
         select id, 'house/' || asset || '/adjusted', asset, -sum(amount), null from ${lots} group by id, asset) p`,
    ])
      await database.query(sql)
    say(`${to.toLocaleString('en')} members`)
  }
  await database.query('analyze')
}
