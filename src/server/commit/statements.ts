import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { maxHearsay } from '../../core/people/resolve.ts'
import {
  accountColumns,
  adjustmentColumns,
  counterColumns,
  drawColumns,
  entryColumns,
  exposureColumns,
  giftCardColumns,
  grantColumns,
  holderColumns,
  householdColumns,
  leaseColumns,
  linkColumns,
  listOf,
  lotColumns,
  neverMergeColumns,
  openHoldColumns,
  orderColumns,
  packColumns,
  postingColumns,
  programmeMemberColumns,
  redemptionColumns,
  returnColumns,
  selectList,
  transactionColumns,
  transferColumns,
} from './tables.ts'

/** At most so many dead holds of one batch's offers are released by it; the sweeper gets the rest. */
const maxExpired = 500

/**
 * Looks up each of the keys in one table. `offset 0` keeps the planner from making a join of it, so it stays an index scan a
 * key whatever the statistics say. Where they were missing or old, as after an import or in a burst, joins over the same keys
 * read all rows of the workspace: orders of known people ran at half the rate, and on a new store at a tenth.
 *
 * What `where` compares must leave one index with the most columns, else the planner may take the other.
 */
const each = (keys: string, table: string, where: string): string =>
  `${keys} cross join lateral (select * from ${table} where workspace_id = $1 and ${where} offset 0)`
const ids = 'unnest($2::text[]) as k(id)'
const pairs = 'unnest($2::text[], $3::text[]) as k(a, b)'

const persons = `(select h.person_id from ${each(pairs, 'holders', 'type = k.a and value = k.b')} h
  union select h.person_id from ${each('unnest($4::text[]) as k(id)', 'holders', 'id = k.id')} h) p`

/** One more than shows that an identifier tells too much, and one that is being added. */
const hearsay = (end: string): string => `${end} = k.id and not verified and removed_at is null limit ${maxHearsay + 2}`

/** Lots of each account that are read at first, for whoever spends. */
export const lotsAtFirst = 8

const liveLots = 'lots.owner_id = k.owner and lots.asset = k.asset and live'

/** Of how many browsers the behaviour joins that of one identifier: the oldest. */
const maxBehaviours = 200

const sql = {
  version: 'select catalogue_version as version from workspaces where id = $1',
  orders: `select ${selectList(orderColumns, 'o')} from ${each(ids, 'orders', 'id = k.id')} o`,
  usesOfOrders: `select ${selectList(redemptionColumns, 'r')} from ${each(ids, 'redemptions', 'order_id = k.id')} r`,
  returns: `select ${selectList(returnColumns, 'r')} from ${each(pairs, 'returns', 'order_id = k.a and id = k.b')} r`,
  versions: `select v.offer_id as id, v.version, v.state, v.body
    from ${each('unnest($2::text[], $3::int4[]) as k(a, b)', 'offer_versions', 'offer_id = k.a and version = k.b')} v`,
  grantsById: `select ${selectList(grantColumns, 'g')} from ${each(ids, 'grants', 'id = k.id')} g`,
  holders: `select ${selectList(holderColumns, 'h')} from ${each(persons, 'holders', 'person_id = p.person_id')} h`,
  // Of those who are remembered, whoever is no longer made of the same holders at the same revisions (`stamp`).
  changedPersons: `select k.a as id from ${pairs} cross join lateral (
      select string_agg(id || ' ' || revision, ',' order by id collate "C") as stamp
      from holders where workspace_id = $1 and person_id = k.a) h
    where h.stamp is distinct from k.b`,
  subjects: `select ${selectList(holderColumns, 'h')} from ${each(pairs, 'holders', 'type = k.a and value = k.b')} h`,
  behaviours: `select ${selectList(holderColumns, 'h')}
    from ${each(ids, 'holders', `behaviour_id = k.id order by id limit ${maxBehaviours}`)} h`,
  // A text a holder, `segment generation seconds,…`: with a hundred segments she is in dozens, and as rows they took half of the time that
  // the store had for an event. As JSON, or as arrays, they took longer.
  memberships: `select k.id as "holderId", m.listed from ${ids} cross join lateral (
      select string_agg(segment_id || ' ' || generation || ' ' || date_part('epoch', entered_at), ',') as listed
      from segment_members where workspace_id = $1 and holder_id = k.id) m
    where m.listed is not null`,
  links: `select ${selectList(linkColumns, 'l')} from ${each(pairs, 'links', 'a = k.a and verified = any(array[true, false]) and b = k.b')} l`,
  linksOfA: `select ${selectList(linkColumns, 'l')} from ${each(ids, 'links', 'a = k.id and verified')} l`,
  linksOfB: `select ${selectList(linkColumns, 'l')} from ${each(ids, 'links', 'b = k.id and verified')} l`,
  hearsayOfA: `select ${selectList(linkColumns, 'l')} from ${each(ids, 'links', hearsay('a'))} l`,
  hearsayOfB: `select ${selectList(linkColumns, 'l')} from ${each(ids, 'links', hearsay('b'))} l`,
  neverMergeOfA: `select ${selectList(neverMergeColumns, 'n')} from ${each(ids, 'never_merge', 'a = k.id')} n`,
  neverMergeOfB: `select ${selectList(neverMergeColumns, 'n')} from ${each(ids, 'never_merge', 'b = k.id')} n`,
  members: `select m.holder_id as "holderId", m.campaign_id as "campaignId" from ${each(ids, 'members', 'holder_id = k.id')} m`,
  grants: `select ${selectList(grantColumns, 'g')}
    from ${each(ids, 'grants', "holder_id = k.id and state in ('issued', 'held', 'returned')")} g`,
  codes: `select c.code, c.offer_id as "offerId", c.shared, c.grant_id as "grantId", c.blocked_at is not null as "isBlocked"
    from ${each(ids, 'codes', 'code = k.id')} c
    order by c.code, c.offer_id`,
  accounts: `select ${selectList(accountColumns, 'a')} from ${each(ids, 'accounts', 'owner_id = k.id')} a`,
  programmeMembers: `select ${selectList(programmeMemberColumns, 'm')} from ${each(ids, 'programme_members', 'holder_id = k.id')} m`,
  households: `select ${selectList(householdColumns, 'h')} from ${each(ids, 'households', 'id = k.id')} h`,
  giftCards: `select ${selectList(giftCardColumns, 'g')} from ${each(ids, 'gift_cards', 'code = k.id')} g`,
  giftCardsById: `select ${selectList(giftCardColumns, 'g')} from ${each(ids, 'gift_cards', 'id = k.id')} g`,
  openHolds: `select ${selectList(openHoldColumns, 'h')} from ${each(ids, 'open_holds', 'owner_id = k.id')} h`,
  transfers: `select ${selectList(transferColumns, 't')}
    from ${each(ids, 'transfers', 'from_holder = k.id and at >= to_timestamp($3 / 1000.0)')} t`,
  nearOrders: `select o.id, o.holder_id as "holderId", o.occurred_at as at, o.currency, case o.state when 'placed' then 1 else 0 end as orders,
      o.total - coalesce((o.returned->>'refunded')::int8, 0) as spend
    from ${each(
      'unnest($2::text[], $3::int8[], $4::int8[]) as k(id, since, until)',
      'orders',
      `holder_id = k.id and occurred_at >= to_timestamp(k.since / 1000.0) and occurred_at < to_timestamp(k.until / 1000.0)
        and state in ('placed', 'returned')`,
    )} o`,
  adjustments: `select ${selectList(adjustmentColumns, 'a')} from ${each(ids, 'adjustments', 'id = k.id')} a`,
  adjustmentsReversing: `select ${selectList(adjustmentColumns, 'a')}
    from ${each(ids, 'adjustments', "reverses = k.id and state <> 'rejected'")} a`,
  transactionsById: `select ${selectList(transactionColumns, 't')} from ${each(ids, 'transactions', 'id = k.id')} t`,
  transactionsOfOrders: `select ${selectList(transactionColumns, 't')} from ${each(ids, 'transactions', 'order_id = k.id')} t
    order by t.id`,
  postings: `select ${selectList(postingColumns, 'p')} from ${each(ids, 'postings', 'transaction_id = k.id')} p
    order by p.transaction_id, p.seq`,
  lotsById: `select ${selectList(lotColumns, 'l')} from ${each(ids, 'lots', 'id = k.id')} l`,
  // Those whose time has come, and the next: so that when an account is due again can be told from what is there.
  lotsDue: `select ${selectList(lotColumns, 'l')} from unnest($2::text[], $3::text[]) as k(owner, asset) cross join lateral (
      (select * from lots where workspace_id = $1 and ${liveLots} and kind in ('main', 'pending')
        and due_at <= to_timestamp($4 / 1000.0))
      union all (select * from lots where workspace_id = $1 and ${liveLots} and due_at > to_timestamp($4 / 1000.0)
        and kind = 'main' order by due_at, id limit 1)
      union all (select * from lots where workspace_id = $1 and ${liveLots} and due_at > to_timestamp($4 / 1000.0)
        and kind = 'pending' order by due_at, id limit 1)
      union all (select lots.* from accounts a join lots on lots.workspace_id = a.workspace_id and ${liveLots} and lots.slides
          and lots.kind = 'main' and lots.due_at is null
        where a.workspace_id = $1 and a.id = k.owner || '/' || k.asset || '/main' and a.ends_at <= to_timestamp($4 / 1000.0))) l`,
  lotsPending: `select ${selectList(lotColumns, 'l')} from unnest($2::text[], $3::text[]) as k(owner, asset) cross join lateral (
      select * from lots where workspace_id = $1 and ${liveLots} and kind = 'pending') l`,
  // The first ones that end, straight from the index.
  lotsFirst: `select ${selectList(lotColumns, 'l')} from unnest($2::text[], $3::text[]) as k(owner, asset) cross join lateral (
      select * from lots where workspace_id = $1 and ${liveLots} and kind = 'main'
        and (expires_at is null or expires_at > to_timestamp($4 / 1000.0))
      order by due_at, id limit ${lotsAtFirst}) l`,
  // As many as the amount takes, in the order in which they are spent.
  lotsWanted: `select ${selectList(lotColumns, 'l')}
    from unnest($2::text[], $3::text[], $4::int8[], $5::bool[]) as k(owner, asset, wanted, oldest_first) cross join lateral (
      select * from (
        select lots.*, sum(remaining) over (
          order by case when k.oldest_first then earned_at else coalesce(expires_at, 'infinity') end, earned_at, id
          rows between unbounded preceding and 1 preceding) as before
        from lots where workspace_id = $1 and ${liveLots} and kind = 'main'
          and (expires_at is null or expires_at > to_timestamp($6 / 1000.0))) ranked
      where coalesce(before, 0) < k.wanted) l`,
  packs: `select ${selectList(packColumns, 'p')} from ${each(ids, 'packs', 'id = k.id')} p`,
  packsOfDevices: `select ${selectList(packColumns, 'p')}
    from ${each(ids, 'packs', "device_key = k.id and state in ('open', 'closing')")} p`,
  leases: `select ${selectList(leaseColumns, 'l')} from ${each(ids, 'leases', 'pack_id = k.id')} l`,
  entries: `select ${selectList(entryColumns, 'e')} from ${each(pairs, 'pack_entries', 'pack_id = k.a and id = k.b')} e`,
  // Those that stand beside them in the journal, or in their place.
  entriesBeside: `select ${selectList(entryColumns, 'e')} from unnest($2::text[], $3::int4[]) as k(a, b) cross join lateral (
      select * from pack_entries where workspace_id = $1 and pack_id = k.a and sequence between k.b - 1 and k.b + 1 offset 0) e`,
  messages: `select e.message_id as "messageId" from ${each(ids, 'events', 'message_id = k.id')} e`,
  answers: `select a.key_hash as "keyHash", a.body_hash as "bodyHash", a.status, a.answer
    from ${each(ids, 'idempotency', 'key_hash = k.id and created_at >= to_timestamp($3 / 1000.0)')} a`,
  // The offer is compared outside, else the index that begins with it would do too, and walk all that the offer ever gave.
  usesOfCodes: `select ${selectList(redemptionColumns, 'r')}
    from ${each(pairs, 'redemptions', "code = k.a and (use_no is not null or state in ('held', 'redeemed', 'leased'))")} r
    where r.offer_id = k.b`,
  usesOfPersons: `select ${selectList(redemptionColumns, 'r')}
    from ${each(pairs, 'redemptions', "offer_id = k.a and holder_id = k.b and state in ('held', 'redeemed', 'leased')")} r`,
  counters: `select ${selectList(counterColumns, 'c')} from ${each(pairs, 'counters', 'offer_id = k.a and bucket = k.b')} c`,
  exposures: `select ${selectList(exposureColumns, 'e')} from ${each(pairs, 'exposures', 'holder_id = k.a and campaign_id = k.b')} e`,
  draws: `select ${selectList(drawColumns, 'd')}
    from ${each(
      'unnest($2::text[], $3::int4[], $4::text[], $5::text[]) as k(offer, version, holder, period)',
      'draws',
      'offer_id = k.offer and offer_version = k.version and holder_id = k.holder and period = k.period',
    )} d`,
  expired: `select ${selectList(redemptionColumns, 'r')}
    from ${each(ids, 'redemptions', "offer_id = k.id and state = 'held' and held_until <= to_timestamp($3 / 1000.0)")} r
    limit ${maxExpired}`,
  collections: `select i.sku, i.collection_id as "collectionId" from ${each(ids, 'collection_items', 'sku = k.id')} i
    cross join lateral (
      select 1 from collections where workspace_id = $1 and id = i.collection_id and generation = i.generation offset 0) c`,
}

/**
 * Looked up by a whole unique key: one plan is as good as another, so it is made once and kept (`plan_cache_mode` in the writer). The
 * others choose between indexes that begin alike, and a choice made while the table was empty read all of it once it was full: 1.7 s
 * a batch instead of 2 ms. They are planned each time.
 */
const keepsPlan: ReadonlySet<keyof typeof sql> = new Set([
  'version',
  'orders',
  'returns',
  'versions',
  'grantsById',
  'messages',
  'answers',
  'counters',
  'exposures',
  'draws',
  'lotsById',
  'households',
])

/** Runs one of the statements that load a batch, unless none of its lists has anything to look for. */
export type Read = <R>(
  name: keyof typeof sql,
  lists: readonly (readonly (string | number | boolean)[])[],
  ...rest: unknown[]
) => Promise<R[]>

export const reader =
  (tx: Queryable, workspaceId: string): Read =>
  async <R>(
    name: keyof typeof sql,
    lists: readonly (readonly (string | number | boolean)[])[],
    ...rest: unknown[]
  ): Promise<R[]> => {
    if (lists.length > 0 && lists.every(list => list.length === 0)) return []
    const plan = keepsPlan.has(name) ? `load ${name}` : undefined
    const { rows } = await tx.query<R & Row>(sql[name], [workspaceId, ...lists.map(listOf), ...rest], plan)
    return rows
  }
