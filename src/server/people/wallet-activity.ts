import type { Queryable } from '../../adapters/storage/database.ts'
import type { WalletActivityAnswer } from '../../contract/wallet.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { TransactionKind } from '../../core/ledger/book.ts'
import { isErasedValue } from '../../core/people/erased.ts'
import { masked } from '../../core/people/masked.ts'
import { firstNameOf } from '../../core/people/traits-of.ts'
import { namesOf } from './names-of.ts'

export type ActivityRow = {
  readonly transaction_id: string
  readonly booked_at: number
  readonly effective_at: number
  readonly asset: string
  readonly pending: boolean
  readonly amount: number
  readonly kind: TransactionKind
  readonly order_id: string | null
  readonly return_id: string | null
  readonly offer_id: string | null
  readonly offer_name: string | null
  readonly reason: string | null
  readonly location: string | null
  readonly location_name: string | null
  readonly channel: string | null
  /** Of a gift of points. */
  readonly from_holder: string | null
  readonly to_holder: string | null
  readonly note: string | null
}

/** A place in an activity: what was booked after it comes before it. */
export type ActivityPlace = Pick<ActivityRow, 'booked_at' | 'transaction_id'>

const placeText = /^(\d{1,15}) (txn_[0-9a-z]{26})$/

/** `1772352000000 txn_01kjm…`; undefined where it is none. */
export const activityPlaceOf = (text: string): ActivityPlace | undefined => {
  const [, booked_at, transaction_id] = placeText.exec(text) ?? []
  return transaction_id === undefined ? undefined : { booked_at: Number(booked_at), transaction_id }
}

export const activityKey = ({ booked_at, transaction_id }: ActivityPlace): string => `${booked_at} ${transaction_id}`

/**
 * What came into and went out of what somebody can spend, now or later (what counts for a tier alone is not spent): of her newest transactions before a place, so many at most, a row for each
 * asset and for what is pending of it. The newest of each account are found along its index, however many it has.
 */
export const readActivity = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  { before, limit }: { readonly before: ActivityPlace | undefined; readonly limit: number },
): Promise<readonly ActivityRow[]> => {
  const { rows } = await source.query<ActivityRow>(
    `with hers as (
       select id, asset, kind from accounts
       where workspace_id = $1 and owner_id = any($2::text[]) and kind in ('main', 'pending')
         and split_part(asset, ':', 1) in ('points', 'credit', 'cashback')),
     newest as (
       select distinct p.booked_at, p.transaction_id from hers cross join lateral (
         select distinct booked_at, transaction_id from postings
         where workspace_id = $1 and account_id = hers.id
           ${before ? 'and (booked_at, transaction_id) < (to_timestamp($4 / 1000.0), $5)' : ''}
         order by booked_at desc, transaction_id desc limit $3) p
       order by booked_at desc, transaction_id desc limit $3)
     select n.transaction_id, n.booked_at, t.effective_at, hers.asset, hers.kind = 'pending' as pending, sum(p.amount)::int8 as amount,
       t.kind, t.order_id, t.return_id, t.offer_id, o.body->>'name' as offer_name, t.reason, t.location, l.body->>'name' as location_name, t.channel,
       f.from_holder, f.to_holder, f.note
     from newest n
     join postings p on p.workspace_id = $1 and p.transaction_id = n.transaction_id
     join hers on hers.id = p.account_id
     join transactions t on t.workspace_id = $1 and t.id = n.transaction_id
     left join offers o on o.workspace_id = $1 and o.id = t.offer_id
     left join nouns l on l.workspace_id = $1 and l.kind = 'location' and l.id = t.location
     left join transfers f on f.workspace_id = $1 and f.id = t.details->>'transfer'
     group by n.transaction_id, n.booked_at, t.workspace_id, t.id, hers.asset, hers.kind, o.body->>'name', l.body->>'name',
       f.from_holder, f.to_holder, f.note
     having sum(p.amount) <> 0
     order by n.booked_at desc, n.transaction_id desc, hers.asset, hers.kind`,
    [workspaceId, holderIds, limit, ...(before ? [before.booked_at, before.transaction_id] : [])],
  )
  return rows
}

type Other = {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly given: string
  readonly person_id: string
}

/**
 * Who the other one of her gifts is, by transaction, as far as she may know it: the address that she gave to, masked, because she knew it
 * before; the first name of who gave to her, or her address, masked. Nobody who was erased.
 */
export const readOthers = async (
  source: Queryable,
  workspaceId: string,
  rows: readonly ActivityRow[],
  holderIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const gifts = rows.flatMap(({ transaction_id, from_holder, to_holder }) => {
    if (from_holder === null || to_holder === null) return []
    const isGiven = holderIds.includes(from_holder)
    return [{ transaction: transaction_id, isGiven, other: isGiven ? to_holder : from_holder }]
  })
  if (gifts.length === 0) return new Map()
  const found = await source.query<Other>(
    'select id, type, value, given, person_id from holders where workspace_id = $1 and id = any($2::text[])',
    [workspaceId, [...new Set(gifts.map(({ other }) => other))]],
  )
  const others = new Map(found.rows.filter(({ value }) => !isErasedValue(value)).map(other => [other.id, other]))
  const givers = gifts.flatMap(({ isGiven, other }) => (isGiven ? [] : [others.get(other)?.person_id ?? null]))
  const names = await namesOf(source, workspaceId, givers, firstNameOf)
  return new Map(
    gifts.flatMap(({ transaction, isGiven, other: id }) => {
      const other = others.get(id)
      const told = other && ((isGiven ? undefined : names.get(other.person_id)) ?? masked(other))
      return told === undefined ? [] : [[transaction, told] as const]
    }),
  )
}

export const activityAnswer = (row: ActivityRow, others: ReadonlyMap<string, string>): WalletActivityAnswer => ({
  transaction: row.transaction_id,
  at: formatInstant(row.effective_at),
  asset: row.asset,
  amount: row.amount,
  pending: row.pending,
  kind: row.kind,
  order: row.order_id,
  return: row.return_id,
  offer: row.offer_id === null ? null : { id: row.offer_id, name: row.offer_name ?? row.offer_id },
  reason: row.reason,
  location: row.location,
  locationName: row.location_name,
  channel: row.channel,
  with: others.get(row.transaction_id) ?? null,
  note: row.note,
})
