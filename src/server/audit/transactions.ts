import type { AuditFinding } from '../../contract/audits.ts'
import { type Audited, type Check, type FindingRow, findingsOf, type Piece } from './check.ts'

/**
 * About 20 ms of the embedded store. Rows of other tables are looked up in subqueries of their own, which the planner does not make
 * into joins: over old statistics it would read those tables whole, for each piece.
 */
const postingsAtOnce = 1000
const transactionsAtOnce = 500

const off = ({ is, should }: FindingRow): string => `${is > should ? '+' : ''}${is - should}`

/**
 * Promise 1 of transactions. A piece is so many postings, cut where a transaction ends, so a transaction that is larger takes a larger
 * piece.
 */
export const balanced: Check = {
  name: 'balanced',
  holds: 'The postings of each transaction sum to zero per asset and move accounts that exist',
  piece: async (audited, after) => {
    for (let size = postingsAtOnce; ; size *= 4) {
      const piece = await balancedPiece(audited, after, size)
      if (piece) return piece
    }
  },
}

const balancedPiece = async (
  { database, workspace }: Audited,
  after: string,
  size: number,
): Promise<Piece | undefined> => {
  const { rows } = await database.query<FindingRow & { n: number; next: string | null }>(
    `with p as materialized (
       select transaction_id, account_id, asset, amount, period from postings
       where workspace_id = $1 and transaction_id > $2 order by transaction_id, seq limit $3
     ), edge as (select count(*)::int as n, max(transaction_id) as last from p
     ), whole as (select p.* from p, edge where edge.n < $3 or p.transaction_id < edge.last
     ), grouped as (
       select g.*, (select t.period from transactions t where t.workspace_id = $1 and t.id = g.transaction_id) as period from (
         select transaction_id, asset, sum(amount)::int8 as sum, min(period) as first, max(period) as last from whole group by 1, 2) g
     ), found as (
       select 'notBalanced' as what, transaction_id as subject, sum as is, 0::int8 as should, asset as of from grouped where sum <> 0
       union all
       select 'noTransaction', g.transaction_id, count(*), 0, null from grouped g
       where period is null group by 2
       union all
       select 'otherMonth', transaction_id, 1, 0, first || ' ' || last from grouped where period <> first or period <> last
       union all
       select 'noAccount', account_id, sum, 0, null from (
         select account_id, sum(amount)::int8 as sum from whole where account_id not like 'house/%' group by account_id) w
       where (select 1 from accounts a where a.workspace_id = $1 and a.id = w.account_id) is null
     )
     select edge.n, (select max(transaction_id) from whole) as next, found.* from edge left join found on true`,
    [workspace.id, after, size],
  )
  const { n, next } = rows[0]!
  if (n === size && next === null) return undefined
  return { rows: n, after: n < size ? null : next, findings: findingsOf(1, rows, balancedSays) }
}

const balancedSays = {
  notBalanced: (it: FindingRow) => `Postings of ${it.of} in transaction ${it.subject} sum to ${it.is}, not to 0.`,
  noTransaction: (it: FindingRow) => `There are postings of transaction ${it.subject}, but no such transaction.`,
  otherMonth: (it: FindingRow) =>
    `Postings of transaction ${it.subject} are booked in another month (${it.of}) than it is.`,
  noAccount: (it: FindingRow) => `There are postings of ${it.is} to ${it.subject}, but no such account.`,
}

/** Promise 4, and that what a transaction says of another is so. */
export const holds: Check = {
  name: 'holds',
  holds:
    'Each hold ended at most once and with all that it held, none is open whose order is over, and all that is referred to is there',
  piece: async ({ database, workspace }, after) => {
    const { rows } = await database.query<FindingRow & { n: number; next: string | null }>(
      `with t as materialized (
         select id, kind, order_id, reverses, ends_hold from transactions
         where workspace_id = $1 and id > $2 order by id limit $3
       ), edge as (select count(*)::int as n, max(id) as next from t
       ), hold as materialized (
         select t.id, t.order_id,
           (select count(*) from transactions e where e.workspace_id = $1 and e.ends_hold = t.id) as ends
         from t where kind = 'hold'
       ), owner as materialized (
         select hold.id, hold.order_id, hold.ends, count(h.transaction_id) as listed from hold
         cross join lateral (
           select account_id from postings where workspace_id = $1 and transaction_id = hold.id and account_id like '%/held' offset 0) p
         left join open_holds h on h.workspace_id = $1 and h.owner_id = split_part(p.account_id, '/', 1) and h.transaction_id = hold.id
         group by hold.id, hold.order_id, hold.ends, p.account_id
       ), found as (
         select 'noPostings' as what, t.id as subject, 0::int8 as is, 2::int8 as should, t.kind as of from t
         where (select 1 from postings p where p.workspace_id = $1 and p.transaction_id = t.id limit 1) is null
         union all
         select 'endsNothing', t.id, 0, 1, ends_hold from t where ends_hold is not null
           and (select 1 from transactions h where h.workspace_id = $1 and h.id = t.ends_hold and h.kind = 'hold') is null
         union all
         select 'reversesNothing', t.id, 0, 1, reverses from t where reverses is not null
           and (select 1 from transactions r where r.workspace_id = $1 and r.id = t.reverses) is null
         union all
         select 'endedAgain', id, ends, 1, null from hold where ends > 1
         union all
         select 'endedInPart', hold.id, -sum(p.amount)::int8, 0, p.account_id from hold
           cross join lateral (
             select hold.id union all select e.id from transactions e where e.workspace_id = $1 and e.ends_hold = hold.id) part
           cross join lateral (
             select account_id, amount from postings where workspace_id = $1 and transaction_id = part.id and account_id like '%/held'
             offset 0) p
         where hold.ends = 1 group by hold.id, p.account_id having sum(p.amount) <> 0
         union all
         select 'orderIsOver', hold.id, 1, 0, hold.order_id || ' is ' || case when o.state = 'open' then 'not held any more' else o.state end
         from hold cross join lateral (
           select state, held_until from orders where workspace_id = $1 and id = hold.order_id offset 0) o
         where hold.ends = 0 and (o.state <> 'open' or o.held_until is null)
         union all
         select 'listedAsOpen', id, listed, 0, null from owner where ends > 0 and listed > 0
         union all
         select 'notListed', id, 0, 1, null from owner where ends = 0 and order_id is not null and listed = 0
       )
       select edge.*, found.* from edge left join found on true`,
      [workspace.id, after, transactionsAtOnce],
    )
    const { n, next } = rows[0]!
    return { rows: n, after: n < transactionsAtOnce ? null : next, findings: findingsOf(4, rows, holdSays) }
  },
}

const holdSays: Readonly<Record<AuditFinding['what'], (it: FindingRow) => string>> = {
  noPostings: it => `Transaction ${it.subject} (${it.of}) has no postings.`,
  endsNothing: it => `Transaction ${it.subject} ends the hold ${it.of}, which is none.`,
  reversesNothing: it => `Transaction ${it.subject} takes back ${it.of}, which is not there.`,
  endedAgain: it => `Hold ${it.subject} ended ${it.is} times.`,
  endedInPart: it => `Hold ${it.subject} has ended, and ${off({ ...it, is: -it.is })} of it are still in ${it.of}.`,
  orderIsOver: it => `Hold ${it.subject} is open, but its order ${it.of}.`,
  notListed: it => `Hold ${it.subject} is open and is not listed as open: orders would not find it.`,
  listedAsOpen: it => `Hold ${it.subject} has ended and is listed as open.`,
}
