import type { Queryable } from '../adapters/storage/database.ts'
import type { Period } from '../core/kernel/time.ts'
import type { OfferTerms } from '../core/offers/schema.ts'
import { bucketLimits, stockBucket, stockOf } from '../core/orders/limits.ts'

/** The names of `periodKey`, of a use `r`. An hour has its offset from UTC, because the one that summer time repeats is two. */
const periodSql: Readonly<Record<Period, string>> = {
  hour: `to_char(r.local, 'YYYY-MM-DD"T"HH24') || case when r.east < 0 then '-' else '+' end
    || lpad((abs(r.east) / 3600)::text, 2, '0') || ':' || lpad((abs(r.east) / 60 % 60)::text, 2, '0')`,
  day: `to_char(r.local, 'YYYY-MM-DD')`,
  week: `to_char(r.local, 'IYYY-"W"IW')`,
  month: `to_char(r.local, 'YYYY-MM')`,
}

/** For each limit that is counted in buckets the name that `bucketOf` gives a use; NULL where it counts none. */
const bucketNames = (terms: OfferTerms): ReadonlySet<string> =>
  new Set(
    bucketLimits(terms).flatMap(({ by, period }) => {
      if (by === 'person') return []
      const where = by === 'location' || by === 'channel' ? [`'${by}=' || r.${by}`] : []
      const when = period ? [`'${period}=' || ${periodSql[period]}`] : []
      return [[...where, ...when].join(` || ' ' || `)]
    }),
  )

/** What is counted, in the order of the columns of `countedSql`; those of the table `counters` are called alike. */
export const counts = [
  'used',
  'held',
  'leased',
  'overrun',
  'budget_used',
  'budget_held',
  'budget_leased',
  'budget_overrun',
] as const

/** What of an offer's redemptions is counted: all, or so much of them as a piece holds. */
export type Uses = { readonly where: string; readonly params: readonly unknown[] }

/** What of an offer is leased, apart from its redemptions: the same columns. */
export const leasedSql = `select bucket, 0 as used, 0 as held, sum(uses - charged - back)::int8 as leased, sum(overrun)::int8 as overrun,
    0 as budget_used, 0 as budget_held, sum(budget - budget_charged - budget_back)::int8 as budget_leased,
    sum(budget_overrun)::int8 as budget_overrun
  from leases where workspace_id = $1 and offer_id = $2 and bucket not like '!%' group by bucket`

/** What tills have of an offer's limits, and what came beyond. Limits of people and codes have no counter. */
const amongCounted = `union all select l.bucket, s.state, case s.state when 'leased' then l.uses - l.charged - l.back else l.overrun end,
         case s.state when 'leased' then l.budget - l.budget_charged - l.budget_back else l.budget_overrun end
         from leases l cross join (values ('leased'), ('overrun')) as s(state)
         where l.workspace_id = $1 and l.offer_id = $2 and l.bucket not like '!%'`

/**
 * What the counters of an offer come to, by its redemptions and what is leased of it, for whatever its terms limit now: rows of `bucket, used,
 * held, …`, that of the whole offer always among them. `where` narrows down the redemptions, and leaves out what is leased; its parameters follow the sixth.
 */
export const countedSql = (
  workspaceId: string,
  offerId: string,
  terms: OfferTerms,
  workspaceTimeZone: string,
  uses?: Uses,
): { readonly sql: string; readonly params: readonly unknown[] } => {
  const gifts = Object.keys(stockOf(terms))
  return {
    sql: `with taken as (
       select location, channel, given, state,
         case when $3::text is null or currency = $3 then amount - returned else 0 end as budget,
         at at time zone $4 as local,
         extract(epoch from (at at time zone $4) - (at at time zone 'UTC'))::int as east
       from redemptions where workspace_id = $1 and offer_id = $2 and state in ('redeemed', 'held') and ${uses?.where ?? 'true'}
     ), counted as (
       select '' as bucket, state, 0 as uses, 0 as budget from (values ('redeemed')) as none(state)
       union all select '', r.state, 1, r.budget from taken r
       ${[...bucketNames(terms)].map(name => `union all select ${name}, r.state, 1, 0 from taken r`).join('\n')}
       ${uses ? '' : amongCounted}
       union all select s.bucket, r.state, (g->>'quantity')::int, 0
         from unnest($5::text[], $6::text[]) as s(sku, bucket) cross join taken r cross join lateral json_array_elements(r.given) g
         where g->>'what' = 'gift' and g->>'sku' = s.sku
     )
     select bucket,
       ${['uses', 'budget']
         .flatMap(what =>
           ['redeemed', 'held', 'leased', 'overrun'].map(
             state => `coalesce(sum(${what}) filter (where state = '${state}'), 0)::int8`,
           ),
         )
         .map((sum, index) => `${sum} as ${counts[index]}`)
         .join(',\n       ')}
     from counted where bucket is not null group by bucket`,
    params: [
      workspaceId,
      offerId,
      terms.limits.budget?.currency ?? null,
      terms.validity.timeZone ?? workspaceTimeZone,
      gifts,
      gifts.map(stockBucket),
      ...(uses?.params ?? []),
    ],
  }
}

/**
 * Makes the counters of an offer anew from its redemptions, for whatever its terms limit now. They are exact because whoever raised the
 * catalogue's version holds its lock, and hot writes check the version under it.
 */
export const countAgain = async (
  tx: Queryable,
  workspaceId: string,
  offerId: string,
  terms: OfferTerms,
  workspaceTimeZone: string,
): Promise<void> => {
  await tx.query('delete from counters where workspace_id = $1 and offer_id = $2', [workspaceId, offerId])
  const { sql, params } = countedSql(workspaceId, offerId, terms, workspaceTimeZone)
  await tx.query(
    `insert into counters (workspace_id, offer_id, bucket, ${counts.join(', ')})
     select $1, $2, * from (${sql}) as counted`,
    params,
  )
}
