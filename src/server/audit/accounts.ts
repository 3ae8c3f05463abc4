import type { AuditFinding } from '../../contract/audits.ts'
import type { Audited, Check } from './check.ts'
import { type FindingRow, findingsOf } from './check.ts'
import { auditLongAccount } from './long-account.ts'

const accountsAtOnce = 75
/** An account with more postings than this is looked at by itself. */
export const longFrom = 1000
const lotsAtOnce = 500

/**
 * Promises 1 and 14 of accounts: the balance is the sum of the postings and of what remains in lots, and what remains in each lot is the
 * sum of its postings. A lot that is not in an account has nothing left there.
 */
export const accounts: Check = {
  name: 'accounts',
  holds:
    'Each balance is the sum of its postings, within its bounds, and in main and pending accounts what remains in lots, each of which has what was posted to it',
  piece: async (audited, after) => {
    const { database, workspace } = audited
    const { rows } = await database.query<FindingRow & { n: number; next: string | null; long: string[] | null }>(
      `with a as materialized (
         select id, owner_id, asset, kind, balance, floor from accounts
         where workspace_id = $1 and id > $2 order by id limit $3
       ), p as materialized (
         select a.id, x.lot_id, x.amount from a cross join lateral (
           select lot_id, amount from postings where workspace_id = $1 and account_id = a.id limit $4 + 1 offset 0) x
       ), posted as materialized (
         select id, count(*) as n, sum(amount)::int8 as sum, count(lot_id) as with_lot from p group by id
       ), short as materialized (
         select a.*, coalesce(posted.sum, 0) as sum, coalesce(posted.n, 0) as n, coalesce(posted.with_lot, 0) as with_lot
         from a left join posted using (id) where coalesce(posted.n, 0) <= $4
       ), by_lot as (
         select id, lot_id, sum(amount)::int8 as sum from p where lot_id is not null group by id, lot_id
       ), l as materialized (
         select s.id, lots.id as lot_id, lots.remaining from short s cross join lateral (
           select id, remaining from lots where workspace_id = $1 and owner_id = s.owner_id and asset = s.asset and kind = s.kind
           offset 0) lots
         where s.kind in ('main', 'pending')
       ), found as (
         select 'balance' as what, id as subject, balance as is, sum as should, null::text as of from short where balance <> sum
         union all select 'belowFloor', id, balance, floor, null from short where balance < floor
         union all select 'aboveNothing', id, balance, 0, null from short where kind = 'debt' and balance > 0
         union all
         select 'lots', s.id, coalesce(sum(l.remaining), 0)::int8, s.balance, null from short s left join l using (id)
         where s.kind in ('main', 'pending') group by s.id, s.balance having coalesce(sum(l.remaining), 0) <> s.balance
         union all
         select 'lot', coalesce(l.lot_id, b.lot_id), coalesce(l.remaining, 0), coalesce(b.sum, 0), coalesce(l.id, b.id)
         from l full join (select by_lot.* from by_lot join short using (id)) b using (id, lot_id)
         where coalesce(l.remaining, 0) <> coalesce(b.sum, 0)
         union all
         select 'withoutLot', id, n - with_lot, 0, null from short where kind in ('main', 'pending') and with_lot < n
       )
       select e.n, e.next, (select array_agg(id order by id) from posted where n > $4) as long, found.*
       from (select count(*)::int as n, max(id) as next from a) e left join found on true`,
      [workspace.id, after, accountsAtOnce, longFrom],
    )
    const { n, next, long } = rows[0]!
    const findings = accountFindings(rows)
    for (const id of long ?? []) findings.push(...accountFindings(await auditLongAccount(audited, id)))
    return { rows: n, after: n < accountsAtOnce ? null : next, findings }
  },
}

const accountFindings = (rows: readonly FindingRow[]): AuditFinding[] =>
  rows.flatMap(row =>
    row.what === null
      ? []
      : findingsOf(row.what.startsWith('lot') || row.what === 'withoutLot' ? 14 : 1, [row], accountSays),
  )

const accountSays: Readonly<Record<string, (it: FindingRow) => string>> = {
  balance: it =>
    `The balance of ${it.subject} is ${it.is}; its postings sum to ${it.should}: ${it.is - it.should} too many.`,
  belowFloor: it => `The balance of ${it.subject} is ${it.is}, below its floor of ${it.should}.`,
  aboveNothing: it => `What is owed on ${it.subject} is ${it.is}, above 0.`,
  lots: it => `What remains in the lots of ${it.subject} is ${it.is}; its balance is ${it.should}.`,
  lot: it => `In lot ${it.subject} there remain ${it.is}; its postings in ${it.of} sum to ${it.should}.`,
  withoutLot: it => `Of the postings of ${it.subject} ${it.is} name no lot.`,
}

/** Promise 14 of lots: something between nothing and all of it remains, all of it came with one transaction, and it lies in an account. */
export const lots: Check = {
  name: 'lots',
  holds: 'Of each lot something between nothing and all remains, and it began with what its transaction put there',
  piece: async ({ database, workspace }: Audited, after) => {
    const { rows } = await database.query<FindingRow & { n: number; next: string | null }>(
      `with l as materialized (
         select id, owner_id, asset, kind, amount, remaining, transaction_id from lots
         where workspace_id = $1 and id > $2 order by id limit $3
       ), first as materialized (
         select l.id, coalesce((select sum(p.amount) from postings p
           where p.workspace_id = $1 and p.transaction_id = l.transaction_id and p.lot_id = l.id and p.amount > 0), 0)::int8 as sum from l
       ), found as (
         select 'bounds' as what, id as subject, remaining as is, case when remaining < 0 then 0 else amount end as should, null as of
         from l where remaining < 0 or remaining > amount
         union all
         select 'began', l.id, l.amount, first.sum, l.transaction_id from l join first using (id) where l.amount <> first.sum
         union all
         select 'nowhere', l.id, l.remaining, 0, l.owner_id || '/' || l.asset || '/' || l.kind from l
         where (
           select 1 from accounts a where a.workspace_id = $1 and a.id = l.owner_id || '/' || l.asset || '/' || l.kind) is null
       )
       select e.n, e.next, found.* from (select count(*)::int as n, max(id) as next from l) e left join found on true`,
      [workspace.id, after, lotsAtOnce],
    )
    const { n, next } = rows[0]!
    return { rows: n, after: n < lotsAtOnce ? null : next, findings: findingsOf(14, rows, lotSays) }
  },
}

const lotSays = {
  bounds: (it: FindingRow) =>
    `In lot ${it.subject} there remain ${it.is}, ${it.is < 0 ? 'less than nothing' : `more than the ${it.should} that it began with`}.`,
  began: (it: FindingRow) =>
    `Lot ${it.subject} began with ${it.is}; its transaction ${it.of} put ${it.should} into it.`,
  nowhere: (it: FindingRow) => `Lot ${it.subject} lies in ${it.of}, which is no account.`,
}
