import type { Queryable } from '../../adapters/storage/database.ts'
import { handCounter } from '../../core/loop/by-hand.ts'
import { seeGiftCard } from '../../core/loop/gift-cards.ts'
import { seeEntry, seeLease } from '../../core/loop/leases.ts'
import { idNamed, isNothing, type Missing, missingFor } from '../../core/loop/link-region.ts'
import {
  type Catalogue,
  type CodeClaim,
  counterKey,
  type Draw,
  drawKey,
  type Exposure,
  emptyWorld,
  eventUse,
  type Grant,
  type Holder,
  isTaken,
  type Lease,
  type NeverMerge,
  noCount,
  pairKey,
  placeOfUse,
  type StoredAnswer,
  type StoredEntry,
  type StoredOrder,
  type StoredPack,
  type StoredRedemption,
  type StoredReturn,
  seeGrant,
  seeHolder,
  seeLink,
  seeMembership,
  seeNeverMerge,
  seeOnlooker,
  seeRedemption,
  usesOfOrder,
  versionKey,
  type World,
} from '../../core/loop/world.ts'
import type { GiftCard } from '../../core/loyalty/gift-card.ts'
import { liveOffer, type StoredOffer } from '../../core/offers/live-offer.ts'
import { periodOf } from '../../core/orders/limits.ts'
import { linkKey, type StoredLink } from '../../core/people/links.ts'
import { isAnonymous } from '../../core/people/traits-of.ts'
import { idempotencyDays } from '../change.ts'
import {
  countedInPlay,
  countersInPlay,
  countersOfSlices,
  countersOfUses,
  type Deciding,
  decidingOf,
  eventsInPlay,
  givenBySettling,
  usePlaces,
} from './in-play.ts'
import type { Item, Needs } from './item.ts'
import { type KnownPeople, type KnownPerson, stamp, type WholePersons } from './known-people.ts'
import { loadPools, loadValue, ordersHolding } from './load-value.ts'
import { type Read, reader } from './statements.ts'
import { type CounterRow, counterParts } from './tables.ts'

type Known = Pick<World, 'workspace' | 'now' | 'newId' | 'dice'>

type Sources = {
  readonly catalogueAt: (version: number) => Promise<Catalogue>
  /** What this process knows of the offers, which may be old; undefined: nothing. */
  readonly expected: Catalogue | undefined
  /** Undefined: everybody is read from the store. */
  readonly people: KnownPeople | undefined
}
type Loaded = { readonly world: World; readonly whole: WholePersons }

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)]

type Pairs = Map<string, readonly [string, string]>
const columnsOf = (pairs: Pairs): readonly (readonly string[])[] => [
  [...pairs.values()].map(it => it[0]),
  [...pairs.values()].map(it => it[1]),
]
const addPair = (pairs: Pairs, left: string, right: string): void => {
  pairs.set(pairKey(left, right), [left, right])
}
const identifiersOf = (all: readonly { readonly type: string; readonly value: string }[]): Pairs =>
  new Map(all.map(it => [`${it.type}:${it.value}`, [it.type, it.value]]))

/**
 * Reads the world that a batch needs: first everything that the calls name, then what belongs to the orders and people found, then
 * what the offers in play ask for. A statement that has nothing to look for is not sent, so a lone order of a new id takes few.
 */
export const load = async (
  tx: Queryable,
  known: Known,
  items: readonly Item[],
  { catalogueAt, expected, people }: Sources,
): Promise<Loaded> => {
  const read = reader(tx, known.workspace.id)
  const needs = items.map(item => item.needs)
  const isCounted = ({ name }: { readonly name: string }): boolean => expected?.counted.has(name) ?? false
  const named = identifiersOf(
    needs.flatMap(need => [...(need.identifiers ?? []), ...(need.happenings ?? []).filter(isCounted)]),
  )
  const remembered = people?.take(known.workspace.id, named.keys()) ?? []
  const identifiers = new Map(named)
  for (const identifier of remembered.flatMap(identifiersIn)) identifiers.delete(identifier)
  const subjects = identifiersOf(needs.flatMap(need => need.subjects ?? []))
  for (const identifier of named.keys()) subjects.delete(identifier)
  const asked: Pairs = new Map()
  for (const { orderId, id } of needs.flatMap(need => need.returns ?? [])) addPair(asked, orderId, id)
  const entries = needs.flatMap(need => need.entries ?? [])
  const [
    [row],
    changed,
    orders,
    returns,
    holders,
    onlookers,
    claims,
    cards,
    cardsById,
    packs,
    kept,
    messages,
    answers,
  ] = await Promise.all([
    read<{ version: number }>('version', []),
    read<{ id: string }>('changedPersons', [remembered.map(it => it.id), remembered.map(stamp)]),
    read<StoredOrder>('orders', [unique(needs.flatMap(need => need.orders ?? []))]),
    read<StoredReturn>('returns', columnsOf(asked)),
    read<Holder>('holders', [...columnsOf(identifiers), unique(needs.flatMap(need => need.holders ?? []))]),
    read<Holder>('subjects', columnsOf(subjects)),
    read<CodeClaim & { code: string }>('codes', [unique(needs.flatMap(need => need.codes ?? []))]),
    read<GiftCard>('giftCards', [unique(needs.flatMap(need => need.giftCards ?? []))]),
    read<GiftCard>('giftCardsById', [unique(needs.flatMap(need => need.giftCardIds ?? []))]),
    loadPacks(needs, read),
    Promise.all([
      read<StoredEntry>('entries', [entries.map(it => it.packId), entries.map(it => it.id)]),
      read<StoredEntry>('entriesBeside', [entries.map(it => it.packId), entries.map(it => it.sequence)]),
    ]),
    read<{ messageId: string }>('messages', [needs.flatMap(need => need.messages ?? [])]),
    read<StoredAnswer & { keyHash: string }>(
      'answers',
      [items.flatMap(item => item.idempotency?.keyHash ?? [])],
      known.now - idempotencyDays * 86_400_000,
    ),
  ])
  const world = emptyWorld({ ...known, catalogue: await catalogueAt(row!.version) })
  const gone = new Set(changed.map(it => it.id))
  const isStill = ({ id, version }: KnownPerson): boolean => version === row!.version && !gone.has(id)
  for (const person of remembered.filter(isStill)) seePerson(world, person)
  for (const order of orders) world.orders.set(order.id, order)
  for (const it of returns) world.returns.set(pairKey(it.orderId, it.id), it)
  for (const holder of holders) seeHolder(world, holder)
  for (const holder of onlookers) seeOnlooker(world, holder)
  for (const { code, ...claim } of claims) world.codes.set(code, [...(world.codes.get(code) ?? []), claim])
  for (const card of [...cards, ...cardsById]) seeGiftCard(world, card)
  for (const pack of packs) world.packs.set(pack.id, pack)
  for (const lease of await read<Lease>('leases', [[...world.packs.keys()]])) seeLease(world, lease)
  for (const entry of kept.flat()) seeEntry(world, entry)
  for (const { messageId } of messages) world.messages.add(messageId)
  for (const { keyHash, ...answer } of answers) world.idempotency.set(keyHash, answer)
  const forgotten = remembered
    .filter(it => !isStill(it))
    .flatMap(identifiersIn)
    .filter(it => named.has(it))
  seeWhole(world, await read<Holder>('holders', [...columnsOf(new Map(forgotten.map(it => [it, named.get(it)!]))), []]))
  await loadLinks(world, needs, read)
  const events = eventsInPlay(world, items)
  if (events.length > 0) await loadSubjects(world, events, read)
  const happenings = countedInPlay(world, items)
  if (happenings.length > 0) await loadCounted(world, happenings, read)
  seeWhole(world, await loadPools(world, needs, read))
  const bySettling = givenBySettling(world, items)
  const decides =
    events.length > 0 || bySettling.length > 0 || needs.some(need => need.place ?? need.request ?? need.issues)
  const whole = new Map([...world.persons].map(([id, ids]) => [id, [...ids].sort()]))
  await loadBelongings(world, items, decides, read)
  const inTime = new Set(wholeHolders(world))
  if (decides) await loadOffers(world, [...decidingOf(world, items), ...bySettling], read)
  await seeOrders(world, await ordersHolding(world, needs, read), read)
  if (usePlaces(world, needs).length > 0) await loadRest(world, items, read)
  await loadCounters(world, countersOfSlices(world, items), read)
  if (world.catalogue.segments.all.length > 0 || bySettling.length > 0) await loadLate(world, inTime, items, read)
  const hands = needs.flatMap(need => need.hands ?? [])
  if (hands.length > 0)
    await loadCounters(
      world,
      hands.map(hand => handCounter(world, hand)),
      read,
    )
  await loadValue(world, needs, read)
  return { world, whole }
}

/** Those that are named, and the open ones of devices. */
const loadPacks = async (needs: readonly Needs[], read: Read): Promise<readonly StoredPack[]> => {
  const found = await Promise.all([
    read<StoredPack>('packs', [unique(needs.flatMap(need => need.packs ?? []))]),
    read<StoredPack>('packsOfDevices', [unique(needs.flatMap(need => need.devices ?? []))]),
  ])
  return found.flat()
}

const identifiersIn = ({ holders }: KnownPerson): readonly string[] =>
  holders.map(({ holder: { type, value } }) => `${type}:${value}`)

/** Her memberships are there with her, also where there are none: they are not read again. */
const seePerson = (world: World, { holders }: KnownPerson): void => {
  for (const { holder, memberships } of holders) {
    seeHolder(world, holder)
    world.memberships.set(holder.id, memberships)
  }
}

/**
 * What links between the named need: nothing where a stored link says the same already, else as much of their components as they can
 * change, round by round. One round is the rule: a component is mostly one person, and she is there.
 */
const loadLinks = async (world: World, needs: readonly Needs[], read: Read): Promise<void> => {
  const said = needs.flatMap(need => need.links ?? [])
  const components = unique(needs.flatMap(need => need.components ?? []))
  if (said.length === 0 && components.length === 0) return
  const pairs: Pairs = new Map()
  const idsOf = ([a, b]: (typeof said)[number]) => [a, b].map(it => idNamed(world, it)).sort()
  for (const it of said) {
    const [a, b] = idsOf(it)
    if (a !== undefined && b !== undefined) addPair(pairs, a, b)
  }
  for (const link of await read<StoredLink>('links', columnsOf(pairs))) seeLink(world, link)
  const coming = said.flatMap(it => {
    const [a, b, { verified = true, at = Number.NEGATIVE_INFINITY } = {}] = it
    const [left, right] = idsOf(it)
    const known = left && right ? world.links.get(linkKey({ a: left, b: right, verified })) : undefined
    return known && known.firstSeenAt <= at && known.source !== 'split' ? [] : [{ a, b, verified }]
  })
  for (;;) {
    const missing = missingFor(world, coming, components)
    if (isNothing(missing)) return
    await loadMissing(world, missing, read)
  }
}

const loadMissing = async (world: World, missing: Missing, read: Read): Promise<void> => {
  const ids = [...missing.links]
  const anonymous = ids.filter(id => isAnonymous(world.holders.get(id)!.type))
  const [holders, ...rows] = await Promise.all([
    read<Holder>('holders', [[], [], [...missing.holders]]),
    read<StoredLink>('linksOfA', [ids]),
    read<StoredLink>('linksOfB', [ids]),
    read<StoredLink>('hearsayOfA', [anonymous]),
    read<StoredLink>('hearsayOfB', [anonymous]),
  ])
  const pairs = await Promise.all([read<NeverMerge>('neverMergeOfA', [ids]), read<NeverMerge>('neverMergeOfB', [ids])])
  seeWhole(world, holders)
  for (const link of rows.flat()) seeLink(world, link)
  for (const pair of pairs.flat()) seeNeverMerge(world, pair)
  for (const id of ids) world.linked.add(id)
  for (const id of missing.holders)
    if (!world.holders.has(id)) throw new Error(`a link leads to ${id}, which is no holder`)
}

const wholeHolders = (world: World): string[] => [...world.holders.keys()].filter(id => !world.onlookers.has(id))

/** As the statement lists them; a segment's id has neither spaces nor commas. */
type MembershipsOf = { readonly holderId: string; readonly listed: string }

const seeMemberships = (world: World, all: readonly MembershipsOf[]): void => {
  for (const { holderId, listed } of all)
    for (const one of listed.split(',')) {
      const [segmentId, generation, seconds] = one.split(' ') as [string, string, string]
      const enteredAt = Math.round(Number(seconds) * 1000)
      seeMembership(world, { holderId, segmentId, generation: Number(generation), enteredAt })
    }
}

/** Of whom only the orders at hand brought in: the segments, and what offers may give for changing them. */
const loadLate = async (
  world: World,
  known: ReadonlySet<string>,
  items: readonly Item[],
  read: Read,
): Promise<void> => {
  const late = wholeHolders(world).filter(id => !known.has(id))
  if (late.length === 0) return
  seeMemberships(world, await read<MembershipsOf>('memberships', [late]))
  const bySettling = givenBySettling(world, items)
  if (bySettling.length === 0) return
  const orders = world.orders.size
  await loadOffers(world, bySettling, read)
  if (world.orders.size > orders) await loadRest(world, items, read)
}

const seeWhole = (world: World, holders: readonly Holder[]): void => {
  for (const holder of holders)
    if (!world.holders.has(holder.id) || world.onlookers.has(holder.id)) seeHolder(world, holder)
}

/** Who does what offers wait for is given something: the rest of her person is needed, and what the event gave before. */
const loadSubjects = async (world: World, events: ReturnType<typeof eventsInPlay>, read: Read): Promise<void> => {
  const [holders, uses] = await Promise.all([
    read<Holder>('holders', [...columnsOf(identifiersOf(events)), []]),
    read<StoredRedemption>('usesOfOrders', [unique(events.map(event => eventUse(event.messageId)))]),
  ])
  seeWhole(world, holders)
  for (const use of uses) seeRedemption(world, use)
}

/** Events count for whoever does them, and of an anonymous visitor for whom she probably is: both are needed whole. */
const loadCounted = async (world: World, happenings: ReturnType<typeof countedInPlay>, read: Read): Promise<void> => {
  const isMissing = ({ type, value }: (typeof happenings)[number]): boolean => {
    const id = world.identifiers.get(`${type}:${value}`)
    return id !== undefined && world.onlookers.has(id)
  }
  const missing = identifiersOf(happenings.filter(isMissing))
  seeWhole(world, await read<Holder>('holders', [...columnsOf(missing), []]))
  const joined = unique(
    happenings.flatMap(({ type, value }) => {
      const id = world.identifiers.get(`${type}:${value}`)
      return (id !== undefined && world.holders.get(id)!.behaviourId) || []
    }),
  )
  const unseen = joined.filter(id => !world.holders.has(id) || world.onlookers.has(id))
  seeWhole(world, await read<Holder>('holders', [[], [], unseen]))
}

/** The uses of the orders found; for those who buy, what they were issued, where they are invited, and what is in the basket. */
const loadBelongings = async (world: World, items: readonly Item[], decides: boolean, read: Read): Promise<void> => {
  const { offers, invites, issuesGrants, asksCollections } = world.catalogue
  const claims = [...world.codes.values()].flat()
  const isByInvitation = invites || claims.some(claim => offers.get(claim.offerId)?.campaign.audience === 'members')
  const touched = wholeHolders(world)
  const holderIds = decides ? touched : []
  const [uses, browsers, memberships, members, grants, grantsOfCodes, collections] = await Promise.all([
    read<StoredRedemption>('usesOfOrders', [
      usePlaces(
        world,
        items.map(item => item.needs),
      ),
    ]),
    read<Holder>('behaviours', [world.catalogue.counted.size > 0 ? touched : []]),
    read<MembershipsOf>('memberships', [
      world.catalogue.segments.all.length > 0 ? touched.filter(id => !world.memberships.has(id)) : [],
    ]),
    read<{ holderId: string; campaignId: string }>('members', [isByInvitation ? holderIds : []]),
    read<Grant>('grants', [issuesGrants ? holderIds : []]),
    read<Grant>('grantsById', [unique(claims.flatMap(claim => claim.grantId ?? []))]),
    read<{ sku: string; collectionId: string }>('collections', [asksCollections ? skusIn(world, items) : []]),
  ])
  for (const use of uses) seeRedemption(world, use)
  for (const browser of browsers) seeHolder(world, browser)
  const see = (sets: Map<string, Set<string>>, key: string, value: string) => {
    const set = sets.get(key)
    if (set) set.add(value)
    else sets.set(key, new Set([value]))
  }
  seeMemberships(world, memberships)
  for (const { holderId, campaignId } of members) see(world.members, holderId, campaignId)
  for (const grant of [...grants, ...grantsOfCodes]) seeGrant(world, grant)
  const bySku = new Map<string, Set<string>>()
  for (const { sku, collectionId } of collections) see(bySku, sku, collectionId)
  for (const [sku, ids] of bySku) world.collections.set(sku, ids)
}

/** Of what is ordered, and of what comes back from an order that may have to be decided again. */
const skusIn = (world: World, items: readonly Item[]): string[] =>
  unique(
    items.flatMap(({ needs: { skus = [], returns = [] } }) => [
      ...skus,
      ...returns.flatMap(({ orderId }) => {
        const order = world.orders.get(orderId)
        return order?.asThen ? (order.basket.lines as readonly { sku: string }[]).map(line => line.sku) : []
      }),
    ]),
  )

/** What the offers in play ask for: uses so far, counters, arms and draws so far, and holds that stand in the way. */
const loadOffers = async (world: World, all: readonly Deciding[], read: Read): Promise<void> => {
  const byCode: Pairs = new Map()
  const byHolder: Pairs = new Map()
  const met: Pairs = new Map()
  const draws = new Map<string, Pick<Draw, 'offerId' | 'offerVersion' | 'holderId' | 'period'>>()
  const counters = new Set<string>()
  for (const { place, holderIds, claimed, offers } of all) {
    for (const { code, offer } of claimed) if (offer.terms.limits.perCode !== undefined) addPair(byCode, code, offer.id)
    for (const offer of offers) {
      const { limits, chance } = offer.terms
      const counted = countersInPlay(world, offer, place)
      for (const key of counted) counters.add(key)
      // Also where nothing is limited per person: her own hold on a limited offer is hers to take over.
      const asksUses =
        counted.length > 0 ||
        limits.perPerson !== undefined ||
        limits.perCode !== undefined ||
        chance !== undefined ||
        offer.countsPersons
      if (asksUses) for (const id of holderIds) addPair(byHolder, offer.id, id)
      if (offer.campaign.holdout > 0) for (const id of holderIds) addPair(met, id, offer.campaign.id)
      if (chance) {
        const period = periodOf(chance.period, place.at, placeOfUse(world, place, offer).timeZone)
        for (const holderId of holderIds) {
          const draw = { offerId: offer.id, offerVersion: offer.version, holderId, period }
          draws.set(drawKey(draw), draw)
        }
      }
    }
    if (world.catalogue.holdout > 0) for (const id of holderIds) addPair(met, id, '')
  }
  const drawn = [...draws.values()]
  const [usesOfCodes, usesOfPersons, expired, exposures, earlierDraws] = await Promise.all([
    read<StoredRedemption>('usesOfCodes', columnsOf(byCode)),
    read<StoredRedemption>('usesOfPersons', columnsOf(byHolder)),
    read<StoredRedemption>('expired', [unique([...counters].map(key => counterParts(key).offerId))], world.now),
    read<Exposure>('exposures', columnsOf(met)),
    read<Draw>('draws', [
      drawn.map(it => it.offerId),
      drawn.map(it => it.offerVersion),
      drawn.map(it => it.holderId),
      drawn.map(it => it.period),
    ]),
    loadCounters(world, counters, read),
  ])
  for (const use of [...usesOfCodes, ...usesOfPersons, ...expired]) seeRedemption(world, use)
  for (const exposure of exposures) {
    const ofHolder = world.exposures.get(exposure.holderId) ?? new Map<string, Exposure>()
    world.exposures.set(exposure.holderId, ofHolder.set(exposure.campaignId, exposure))
  }
  for (const draw of earlierDraws) world.draws.set(drawKey(draw), draw)

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
  await seeOrders(world, others, read)
}

/** Orders that nobody named, with their uses. */
const seeOrders = async (world: World, ids: readonly string[], read: Read): Promise<void> => {
  const [orders, uses] = await Promise.all([
    read<StoredOrder>('orders', [ids]),
    read<StoredRedemption>('usesOfOrders', [ids]),
  ])
  for (const order of orders) world.orders.set(order.id, order)
  for (const use of uses) seeRedemption(world, use)
}

/** Reads counters; one that has no row yet counts from zero, and its row is made when something is counted. */
const loadCounters = async (world: World, keys: Iterable<string>, read: Read): Promise<void> => {
  const wanted = unique(keys).filter(key => !world.counters.has(key))
  const parts = wanted.map(counterParts)
  const rows = await read<CounterRow>('counters', [parts.map(it => it.offerId), parts.map(it => it.bucket)])
  for (const { offerId, bucket, ...counter } of rows) world.counters.set(counterKey(offerId, bucket), counter)
  for (const key of wanted) {
    if (world.counters.has(key)) continue
    world.counters.set(key, { ...noCount })
    world.changes.newCounters.add(key)
  }
}

/**
 * Ending a use changes its holder, its grant, the grants it made, and its offer's counters: whatever of these the orders at hand need and
 * nobody named. A return also asks the offers as they were.
 */
const loadRest = async (world: World, items: readonly Item[], read: Read): Promise<void> => {
  const places = usePlaces(
    world,
    items.map(item => item.needs),
  )
  const uses = places.flatMap(id => usesOfOrder(world, id)).filter(isTaken)
  const unseen = (holderIds: readonly (string | null)[]): string[] =>
    unique(holderIds.flatMap(id => (id !== null && (!world.holders.has(id) || world.onlookers.has(id)) ? id : [])))
  const made = uses.flatMap(use => (use.given ?? []).flatMap(it => it.grants ?? []))
  const grantIds = [...uses.flatMap(use => use.grantId ?? []), ...made].filter(id => !world.grants.has(id))
  const older = olderVersions(world, items)
  const [holders, grants, versions] = await Promise.all([
    read<Holder>('holders', [[], [], unseen([...uses, ...world.orders.values()].map(it => it.holderId))]),
    read<Grant>('grantsById', [unique(grantIds)]),
    read<StoredOffer>('versions', [older.map(([id]) => id), older.map(([, version]) => version)]),
    loadCounters(world, countersOfUses(world, items), read),
  ])
  seeWhole(world, holders)
  for (const grant of grants) seeGrant(world, grant)
  for (const it of versions)
    world.versions.set(versionKey(it.id, it.version), liveOffer(it, world.catalogue.offers.get(it.id)!.campaign))
  // A grant is taken back from whoever has it, which is a line in her books.
  const keepers = [...made, ...grantIds].map(id => world.grants.get(id)?.holderId ?? null)
  seeWhole(world, await read<Holder>('holders', [[], [], unseen(keepers)]))
}

/** Versions of offers that are no longer the current ones, as far as orders of which something comes back were decided with them. */
const olderVersions = (world: World, items: readonly Item[]): readonly (readonly [string, number])[] => {
  const decidedWith = items
    .flatMap(({ needs }) => needs.returns ?? [])
    .flatMap(({ orderId }): (readonly [string, number])[] => [
      ...usesOfOrder(world, orderId).map(use => [use.offerId, use.offerVersion] as const),
      ...(world.orders.get(orderId)?.asThen?.offers ?? []).map(([id, version]) => [id, version] as const),
    ])
  const byKey = new Map(decidedWith.map(it => [versionKey(...it), it]))
  return [...byKey.values()].filter(([id, version]) => world.catalogue.offers.get(id)?.version !== version)
}
