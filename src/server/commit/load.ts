import type { Queryable, Row } from '../../adapters/storage/database.ts'
import {
  type Catalogue,
  type CodeClaim,
  type Counter,
  emptyWorld,
  type Grant,
  type Holder,
  isTaken,
  type StoredAnswer,
  type StoredOrder,
  type StoredRedemption,
  seeGrant,
  seeHolder,
  seeOnlooker,
  seeRedemption,
  usesOfOrder,
  type World,
} from '../../core/loop/world.ts'
import type { LiveOffer } from '../../core/offers/live-offer.ts'
import { collectionsIn } from '../../core/rules/condition.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import { idempotencyDays } from '../change.ts'
import type { Item } from './item.ts'
import { grantColumns, holderColumns, orderColumns, redemptionColumns, selectList } from './tables.ts'

type Known = { readonly workspace: Workspace; readonly now: number; readonly newId: (prefix: string) => string }
type CatalogueAt = (version: number) => Promise<Catalogue>

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

const sql = {
  version: 'select catalogue_version as version from workspaces where id = $1',
  orders: `select ${selectList(orderColumns, 'o')} from ${each(ids, 'orders', 'id = k.id')} o`,
  usesOfOrders: `select ${selectList(redemptionColumns, 'r')} from ${each(ids, 'redemptions', 'order_id = k.id')} r`,
  grantsById: `select ${selectList(grantColumns, 'g')} from ${each(ids, 'grants', 'id = k.id')} g`,
  holders: `select ${selectList(holderColumns, 'h')} from ${each(persons, 'holders', 'person_id = p.person_id')} h`,
  subjects: `select ${selectList(holderColumns, 'h')} from ${each(pairs, 'holders', 'type = k.a and value = k.b')} h`,
  members: `select m.holder_id as "holderId", m.campaign_id as "campaignId" from ${each(ids, 'members', 'holder_id = k.id')} m`,
  grants: `select ${selectList(grantColumns, 'g')}
    from ${each(ids, 'grants', "holder_id = k.id and state in ('issued', 'held')")} g`,
  codes: `select c.code, c.offer_id as "offerId", c.shared, c.grant_id as "grantId" from ${each(ids, 'codes', 'code = k.id')} c
    order by c.code, c.offer_id`,
  messages: `select e.message_id as "messageId" from ${each(ids, 'events', 'message_id = k.id')} e`,
  answers: `select a.key_hash as "keyHash", a.body_hash as "bodyHash", a.status, a.answer
    from ${each(ids, 'idempotency', 'key_hash = k.id and created_at >= to_timestamp($3 / 1000.0)')} a`,
  // The offer is compared outside, else the index that begins with it would do too, and walk all that the offer ever gave.
  usesOfCodes: `select ${selectList(redemptionColumns, 'r')}
    from ${each(pairs, 'redemptions', "code = k.a and (use_no is not null or state in ('held', 'redeemed'))")} r
    where r.offer_id = k.b`,
  usesOfPersons: `select ${selectList(redemptionColumns, 'r')}
    from ${each(pairs, 'redemptions', "offer_id = k.a and holder_id = k.b and state in ('held', 'redeemed')")} r`,
  counters: `select c.offer_id as "offerId", c.used, c.held, c.budget_used as "budgetUsed", c.budget_held as "budgetHeld"
    from ${each(ids, 'counters', 'offer_id = k.id')} c`,
  expired: `select ${selectList(redemptionColumns, 'r')}
    from ${each(ids, 'redemptions', "offer_id = k.id and state = 'held' and held_until <= to_timestamp($3 / 1000.0)")} r
    limit ${maxExpired}`,
  collections: `select k.a as sku, k.b as "collectionId" from ${each(pairs, 'collections', 'id = k.b')} c
    where exists (select from collection_items i where i.workspace_id = $1 and i.sku = k.a and i.collection_id = k.b and i.generation = c.generation)`,
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)]

/**
 * Looked up by a whole unique key: one plan is as good as another, so it is made once and kept (`plan_cache_mode` in the writer). The
 * others choose between indexes that begin alike, and a choice made while the table was empty read all of it once it was full: 1.7 s
 * a batch instead of 2 ms. They are planned each time.
 */
const keepsPlan: ReadonlySet<keyof typeof sql> = new Set([
  'version',
  'orders',
  'grantsById',
  'messages',
  'answers',
  'counters',
])

/** Runs a statement only when it has something to look for. */
const reader =
  (tx: Queryable, workspaceId: string) =>
  async <R>(name: keyof typeof sql, lists: readonly (readonly string[])[], ...rest: unknown[]): Promise<R[]> => {
    if (lists.length > 0 && lists.every(list => list.length === 0)) return []
    const plan = keepsPlan.has(name) ? `load ${name}` : undefined
    const { rows } = await tx.query<R & Row>(sql[name], [workspaceId, ...lists, ...rest], plan)
    return rows
  }

/**
 * Reads the world that a batch needs: first everything that the calls name, then what belongs to the orders and people found, then
 * what the offers in play ask for. A statement that has nothing to look for is not sent, so a lone order of a new id takes few.
 */
export const load = async (
  tx: Queryable,
  known: Known,
  items: readonly Item[],
  catalogueAt: CatalogueAt,
): Promise<World> => {
  const workspaceId = known.workspace.id
  const read = reader(tx, workspaceId)
  const needs = items.map(item => item.needs)
  const identifiers = new Map(needs.flatMap(need => need.identifiers ?? []).map(it => [`${it.type}:${it.value}`, it]))
  const who = [
    [...identifiers.values()].map(it => it.type),
    [...identifiers.values()].map(it => it.value),
    unique(needs.flatMap(need => need.holders ?? [])),
  ]
  const subjects = new Map(needs.flatMap(need => need.subjects ?? []).map(it => [`${it.type}:${it.value}`, it]))
  const [[row], orders, holders, onlookers, claims, messages, answers] = await Promise.all([
    read<{ version: number }>('version', []),
    read<StoredOrder>('orders', [unique(needs.flatMap(need => need.orders ?? []))]),
    read<Holder>('holders', who),
    read<Holder>('subjects', [[...subjects.values()].map(it => it.type), [...subjects.values()].map(it => it.value)]),
    read<CodeClaim & { code: string }>('codes', [unique(needs.flatMap(need => need.codes ?? []))]),
    read<{ messageId: string }>('messages', [needs.flatMap(need => need.messages ?? [])]),
    read<StoredAnswer & { keyHash: string }>(
      'answers',
      [items.flatMap(item => item.idempotency?.keyHash ?? [])],
      known.now - idempotencyDays * 86_400_000,
    ),
  ])
  const world = emptyWorld({ ...known, catalogue: await catalogueAt(row!.version) })
  for (const order of orders) world.orders.set(order.id, order)
  for (const holder of holders) seeHolder(world, holder)
  for (const holder of onlookers) seeOnlooker(world, holder)
  for (const { code, ...claim } of claims) world.codes.set(code, [...(world.codes.get(code) ?? []), claim])
  for (const { messageId } of messages) world.messages.add(messageId)
  for (const { keyHash, ...answer } of answers) world.idempotency.set(keyHash, answer)
  const decides = needs.some(need => need.decides)
  await loadBelongings(world, decides, read)
  if (decides) await loadOffers(world, items, read)
  if (world.orders.size > 0) await loadRest(world, read)
  return world
}

/** The uses of the orders found; for those who buy, what they were issued and where they are invited. */
const loadBelongings = async (world: World, decides: boolean, read: Read): Promise<void> => {
  const { offers, basket, issuesGrants } = world.catalogue
  const claims = [...world.codes.values()].flat()
  const inPlay = [...claims.map(claim => offers.get(claim.offerId)), ...basket]
  const isByInvitation = inPlay.some(offer => offer?.campaign.audience === 'members')
  const holderIds = decides ? [...world.holders.keys()] : []
  const [uses, members, grants, grantsOfCodes] = await Promise.all([
    read<StoredRedemption>('usesOfOrders', [[...world.orders.keys()]]),
    read<{ holderId: string; campaignId: string }>('members', [isByInvitation ? holderIds : []]),
    read<Grant>('grants', [issuesGrants ? holderIds : []]),
    read<Grant>('grantsById', [unique(claims.flatMap(claim => claim.grantId ?? []))]),
  ])
  for (const use of uses) seeRedemption(world, use)
  for (const { holderId, campaignId } of members) {
    const campaigns = world.members.get(holderId)
    if (campaigns) campaigns.add(campaignId)
    else world.members.set(holderId, new Set([campaignId]))
  }
  for (const grant of [...grants, ...grantsOfCodes]) seeGrant(world, grant)
}

type Read = ReturnType<typeof reader>

/** What the offers in play ask for: uses so far, counters, collections, and holds that stand in the way. */
const loadOffers = async (world: World, items: readonly Item[], read: Read): Promise<void> => {
  const { offers, basket } = world.catalogue
  const byCode = new Map<string, readonly [string, string]>()
  const byHolder = new Map<string, readonly [string, string]>()
  const bySku = new Map<string, readonly [string, string]>()
  const counted = new Set<string>()
  const mayBeOne = personsByThen(world, items)
  for (const { needs } of items) {
    if (!needs.decides) continue
    const holderIds = personsNamed(world, needs)
      .flatMap(mayBeOne)
      .flatMap(person => world.persons.get(person) ?? [])
    const claimed = (needs.codes ?? []).flatMap(code =>
      (world.codes.get(code) ?? []).map(claim => ({ code, offer: offers.get(claim.offerId) })),
    )
    const granted = holderIds.flatMap(id => world.grantsOfHolder.get(id) ?? []).map(grant => offers.get(grant.offerId))
    for (const { code, offer } of claimed)
      if (offer?.terms.limits.perCode !== undefined) byCode.set(`${code}\n${offer.id}`, [code, offer.id])
    for (const offer of new Set([...claimed.map(it => it.offer), ...granted, ...basket])) {
      if (!offer) continue
      const { perPerson, perCode } = offer.terms.limits
      if (isCounted(offer)) counted.add(offer.id)
      // Also where nothing is limited per person: her own hold on a limited offer is hers to take over.
      if (isCounted(offer) || perPerson !== undefined || perCode !== undefined)
        for (const id of holderIds) byHolder.set(`${offer.id}\n${id}`, [offer.id, id])
      for (const collection of collectionsOf(offer))
        for (const sku of needs.skus ?? []) bySku.set(`${sku}\n${collection}`, [sku, collection])
    }
  }
  const pairs = (map: Map<string, readonly [string, string]>) => [
    [...map.values()].map(it => it[0]),
    [...map.values()].map(it => it[1]),
  ]
  const counterIds = [...counted]
  const [usesOfCodes, usesOfPersons, counters, expired, inCollections] = await Promise.all([
    read<StoredRedemption>('usesOfCodes', pairs(byCode)),
    read<StoredRedemption>('usesOfPersons', pairs(byHolder)),
    read<Counter & { offerId: string }>('counters', [counterIds]),
    read<StoredRedemption>('expired', [counterIds], world.now),
    read<{ sku: string; collectionId: string }>('collections', pairs(bySku)),
  ])
  for (const use of [...usesOfCodes, ...usesOfPersons, ...expired]) seeRedemption(world, use)
  for (const { offerId, ...counter } of counters) world.counters.set(offerId, counter)
  for (const { sku, collectionId } of inCollections)
    world.collections.set(sku, new Set([...(world.collections.get(sku) ?? []), collectionId]))

  // Holds of other orders that may end here, because their time is over or their person takes over: they end as a whole.
  const others = unique(
    [...usesOfCodes, ...usesOfPersons, ...expired]
      .filter(
        use =>
          use.state === 'held' &&
          (use.heldUntil! <= world.now || (use.holderId !== null && world.holders.has(use.holderId))),
      )
      .map(use => use.orderId)
      .filter(id => !world.orders.has(id)),
  )
  const [orders, uses] = await Promise.all([
    read<StoredOrder>('orders', [others]),
    read<StoredRedemption>('usesOfOrders', [others]),
  ])
  for (const order of orders) world.orders.set(order.id, order)
  for (const use of uses) seeRedemption(world, use)
}

/** Ending a use changes its holder, its grant and its offer's counter: whatever of these the orders at hand need and nobody named. */
const loadRest = async (world: World, read: Read): Promise<void> => {
  const uses = [...world.orders.keys()].flatMap(id => usesOfOrder(world, id)).filter(isTaken)
  const holderIds = [...uses, ...world.orders.values()]
    .flatMap(it => it.holderId ?? [])
    .filter(id => !world.holders.has(id) || world.onlookers.has(id))
  const grantIds = uses.flatMap(use => use.grantId ?? []).filter(id => !world.grants.has(id))
  const counterIds = uses
    .map(use => use.offerId)
    .filter(id => isCounted(world.catalogue.offers.get(id)) && !world.counters.has(id))
  const [holders, grants, counters] = await Promise.all([
    read<Holder>('holders', [[], [], unique(holderIds)]),
    read<Grant>('grantsById', [unique(grantIds)]),
    read<Counter & { offerId: string }>('counters', [unique(counterIds)]),
  ])
  for (const holder of holders)
    if (!world.holders.has(holder.id) || world.onlookers.has(holder.id)) seeHolder(world, holder)
  for (const grant of grants) seeGrant(world, grant)
  for (const { offerId, ...counter } of counters) world.counters.set(offerId, counter)
}

/** Only what is limited in all is counted in a row of its own. */
const isCounted = (offer: LiveOffer | undefined): boolean =>
  offer?.terms.limits.uses !== undefined || offer?.terms.limits.budget !== undefined

/** The person of an identifier; of one that nobody knows yet the identifier itself. */
const personOf = (world: World, identifier: string): string => {
  const holder = world.identifiers.get(identifier)
  return holder === undefined ? identifier : world.holders.get(holder)!.personId
}

const personsNamed = (world: World, needs: Item['needs']): string[] => [
  ...(needs.identifiers ?? []).map(it => personOf(world, `${it.type}:${it.value}`)),
  ...(needs.holders ?? []).flatMap(id => world.holders.get(id)?.personId ?? []),
]

/**
 * Whom a person may have become by the time an item is decided, because items before it in the batch link her to others: without
 * their uses, a limit per person would be overrun by whoever is linked and buys at once.
 */
const personsByThen = (world: World, items: readonly Item[]): ((person: string) => readonly string[]) => {
  const groups = new Map<string, Set<string>>()
  const groupOf = (person: string): Set<string> => {
    const group = groups.get(person) ?? new Set([person])
    groups.set(person, group)
    return group
  }
  for (const [a, b] of items.flatMap(item => item.needs.links ?? [])) {
    const [left, right] = [groupOf(personOf(world, a)), groupOf(personOf(world, b))]
    // The larger one grows, so that a long chain of links costs little.
    const [small, large] = left.size < right.size ? [left, right] : [right, left]
    for (const person of small) {
      large.add(person)
      groups.set(person, large)
    }
  }
  return person => [...groupOf(person)]
}

const collectionsOf = ({ when, lines }: LiveOffer): readonly string[] => [
  ...(when ? collectionsIn(when) : []),
  ...(lines ? collectionsIn(lines) : []),
]
