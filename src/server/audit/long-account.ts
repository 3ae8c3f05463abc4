import { postingRanges } from '../accounts/posting-ranges.ts'
import type { Audited, FindingRow } from './check.ts'

/** What was booked before has long been committed. */
const settledMs = 60_000

/**
 * An account with more postings than one short statement sums up: those of long ago, which nothing changes any more, piece by piece, and
 * then, in one statement, what has come since and what there is now. So it is exact while everybody goes on posting.
 */
export const auditLongAccount = async ({ database, workspace, now }: Audited, id: string): Promise<FindingRow[]> => {
  const until = now - settledMs
  /** By lot; '' for what names none. */
  const sums = new Map<string, number>()
  for await (const { where, params } of postingRanges(database, workspace.id, id, { until })) {
    const { rows } = await database.query<{ lot_id: string; sum: number }>(
      `select coalesce(lot_id, '') as lot_id, sum(amount)::int8 as sum from postings where ${where} group by 1`,
      params,
    )
    for (const { lot_id, sum } of rows) sums.set(lot_id, (sums.get(lot_id) ?? 0) + sum)
  }
  const known = [...sums]
  const { rows } = await database.query<FindingRow>(
    `with a as materialized (
       select id, owner_id, asset, kind, balance, floor from accounts where workspace_id = $1 and id = $2
     ), by_lot as materialized (
       select lot_id, sum(amount)::int8 as sum, sum(n)::int8 as n from (
         select * from unnest($4::text[], $5::int8[], $6::int8[]) as known(lot_id, amount, n)
         union all select coalesce(lot_id, ''), amount, 1 from postings
         where workspace_id = $1 and account_id = $2 and booked_at > to_timestamp($3 / 1000.0)) p group by lot_id
     ), l as materialized (
       select lots.id as lot_id, lots.remaining from a join lots
         on lots.workspace_id = $1 and lots.owner_id = a.owner_id and lots.asset = a.asset and lots.kind = a.kind
       where a.kind in ('main', 'pending')
     ), total as (select coalesce(sum(sum), 0)::int8 as sum from by_lot
     ), remains as (select coalesce(sum(remaining), 0)::int8 as sum from l)
     select 'balance' as what, a.id as subject, a.balance as is, total.sum as should, null as of from a, total where a.balance <> total.sum
     union all select 'belowFloor', id, balance, floor, null from a where balance < floor
     union all select 'aboveNothing', id, balance, 0, null from a where kind = 'debt' and balance > 0
     union all select 'lots', a.id, remains.sum, a.balance, null from a, remains
       where a.kind in ('main', 'pending') and remains.sum <> a.balance
     union all select 'lot', coalesce(l.lot_id, b.lot_id), coalesce(l.remaining, 0), coalesce(b.sum, 0), $2
       from l full join (select * from by_lot where lot_id <> '') b using (lot_id) where coalesce(l.remaining, 0) <> coalesce(b.sum, 0)
     union all select 'withoutLot', a.id, by_lot.n, 0, null from a, by_lot where a.kind in ('main', 'pending') and by_lot.lot_id = ''`,
    [workspace.id, id, until, known.map(it => it[0]), known.map(it => it[1]), known.map(() => 1)],
  )
  return rows
}
