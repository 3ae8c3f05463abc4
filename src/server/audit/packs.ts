import { type Check, type FindingRow, findingsOf } from './check.ts'

const packsAtOnce = 20

/** Promise 2 of tills without a network: what is left of a lease is never below nothing, and nothing is left of one whose pack has ended. */
export const packs: Check = {
  name: 'packs',
  holds: 'No till has used up more than was leased to it, and what ended has gone back',
  piece: async ({ database, workspace }, after) => {
    const { rows } = await database.query<FindingRow & { n: number; next: string | null }>(
      `with p as materialized (
         select id, state from packs where workspace_id = $1 and id > $2 order by id limit $3
       ), l as materialized (
         select p.id, p.state, l.offer_id || ' ' || l.bucket as limited, l.uses - l.charged - l.back as uses,
           l.budget - l.budget_charged - l.budget_back as budget
         from p cross join lateral (select * from leases where workspace_id = $1 and pack_id = p.id offset 0) l
       ), found as (
         select 'left' as what, id as subject, least(uses, budget) as is, 0::int8 as should, limited as of from l
         where uses < 0 or budget < 0
         union all select 'notBack', id, greatest(uses, budget), 0, limited from l
         where state in ('closed', 'writtenOff') and (uses > 0 or budget > 0)
         union all select 'stillLeased', p.id, count(*), 0, null from p cross join lateral (
             select 1 from redemptions where workspace_id = $1 and order_id = 'pack/' || p.id and state = 'leased' offset 0) r
           where p.state in ('closed', 'writtenOff') group by p.id
       )
       select f.what, coalesce(f.subject, '') as subject, coalesce(f.is, 0)::int8 as is, coalesce(f.should, 0)::int8 as should, f.of,
         (select count(*) from p)::int4 as n, (select max(id) from p) as next
       from (select 1) as one left join found f on true`,
      [workspace.id, after, packsAtOnce],
    )
    const { n, next } = rows[0]!
    return {
      rows: n,
      after: n < packsAtOnce ? null : next,
      findings: findingsOf(2, rows, {
        left: ({ subject, is, of }) => `Pack ${subject} has ${is} left of ${of}: more was used up than was leased.`,
        notBack: ({ subject, is, of }) => `Pack ${subject} has ended and still has ${is} of ${of?.trim()}.`,
        stillLeased: ({ subject, is }) =>
          `Pack ${subject} has ended and ${is} uses of people or codes are still leased to it.`,
      }),
    }
  },
}
