import { formatInstant, localDay } from '../kernel/time.ts'
import { type Book, emptyBook, type Ledger } from '../ledger/book.ts'
import { type AdjustmentSettings, defaultAdjustmentSettings, type StoredAdjustment } from '../loyalty/adjustment.ts'
import type { GiftCard } from '../loyalty/gift-card.ts'
import type { Household } from '../loyalty/household.ts'
import type { Programme, ProgrammeMember } from '../loyalty/schema.ts'
import type { StoredTransfer } from '../loyalty/transfer.ts'
import { collectionsOf, type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import { makeOfferIndex, type OfferIndex } from '../offers/offer-index.ts'
import { bucketsOf, stockBucket, type UsePlace } from '../orders/limits.ts'
import { isBlocked } from '../people/blocked.ts'
import { type ComputedTraits, countedEvents, noTraits, withComputed } from '../people/computed-traits.ts'
import { defaultIdentityRules, type IdentityRules } from '../people/identity-rules.ts'
import { linkKey, type StoredLink } from '../people/links.ts'
import { bookEnding, bookGrant, bookSaved, bookUse } from '../people/statistics.ts'
import { personIdOf } from '../people/union.ts'
import { allReads, type Reads } from '../rules/reads.ts'
import { type LiveSegments, membershipKey, noSegments, type Touched } from '../segments/live-segments.ts'
import type { Topic } from '../workspaces/contact.ts'
import { type Combination, defaultCombination, type Workspace } from '../workspaces/schema.ts'
import { type Changes, noChanges } from './changes.ts'
import type {
  CodeClaim,
  Counter,
  Draw,
  Exposure,
  Grant,
  Holder,
  Lease,
  Membership,
  NearOrder,
  NeverMerge,
  StoredAnswer,
  StoredEntry,
  StoredOrder,
  StoredPack,
  StoredRedemption,
  StoredReturn,
  UseState,
} from './rows.ts'

export type * from './rows.ts'
export { noCount } from './rows.ts'

/**
 * What one group commit sees and changes: the rows that its items may touch, in memory. Items are decided one after the
 * other against it, so that they see each other; what they changed is saved in one go. Everything here is plain data; the
 * functions below are the only ones that write to it, and keep look-ups, counters and the list of changes in step.
 */
export type World = {
  readonly workspace: Workspace
  readonly now: number
  readonly newId: (prefix: string) => string
  /** 32 bytes that nobody can guess and that are the same for the same text: a hash keyed with the workspace's secret. */
  readonly dice: (text: string) => Uint8Array
  readonly catalogue: Catalogue
  readonly holders: Map<string, Holder>
  /** Holders that plain events belong to and nothing else: looked up, not locked, without the rest of their person, never changed. */
  readonly onlookers: Set<string>
  /** `type:value` → holder id */
  readonly identifiers: Map<string, string>
  /** person id → holder ids */
  readonly persons: Map<string, string[]>
  /** holder id → anonymous holders of others whose behaviour joins that of its person (`behavioursOf`) */
  readonly behaviours: Map<string, Set<string>>
  /** By `linkKey`: what the batch needs of the components that it may change, also links that do not unite. */
  readonly links: Map<string, StoredLink>
  /** holder id → keys of its links */
  readonly linksOf: Map<string, Set<string>>
  /** Holders all of whose links are here that may matter: verified ones, of anonymous holders also the others. */
  readonly linked: Set<string>
  /** By `pairKey`, of the same components. */
  readonly neverMerge: Map<string, NeverMerge>
  /** holder id → keys of its pairs */
  readonly strangersOf: Map<string, Set<string>>
  /** holder id → by `membershipKey`, the segments it is in, of the generations that count and those being built */
  readonly memberships: Map<string, Map<string, Membership>>
  /** What changed about whom since segments were last asked: holder id → what conditions may read (`touch`). */
  readonly touched: Map<string, Set<Touched>>
  readonly members: Map<string, Set<string>>
  readonly codes: Map<string, readonly CodeClaim[]>
  readonly grants: Map<string, Grant>
  readonly grantsOfHolder: Map<string, Grant[]>
  readonly orders: Map<string, StoredOrder>
  /** By `counterKey`. */
  readonly counters: Map<string, Counter>
  /** By `pairKey(order id, return id)`. */
  readonly returns: Map<string, StoredReturn>
  /** Older versions of offers, by `versionKey`: those that orders were decided with of which something comes back. */
  readonly versions: Map<string, LiveOffer>
  /** holder id → campaign id (`''`: the workspace) → the first exposure */
  readonly exposures: Map<string, Map<string, Exposure>>
  /** By `drawKey`. */
  readonly draws: Map<string, Draw>
  readonly redemptions: {
    readonly byOrder: Map<string, StoredRedemption[]>
    readonly byCode: Map<string, StoredRedemption[]>
    readonly byHolder: Map<string, StoredRedemption[]>
  }
  readonly collections: Map<string, ReadonlySet<string>>
  /** Accounts and lots of everybody whose value is in play. */
  readonly book: Book
  /** By code, as it is matched. */
  readonly giftCards: Map<string, GiftCard>
  /** holder id → programme id → that she is, or was, in it */
  readonly programmeMembers: Map<string, Map<string, ProgrammeMember>>
  readonly households: Map<string, Household>
  /** By `pairKey(holder id, programme id)` of whoever gave: transfers of the last two days, where an item gives points. */
  readonly transfers: Map<string, StoredTransfer[]>
  /** holder id → order id → orders near the ends of a tier's period, where a programme has a clock of its own (`spansBeside`) */
  readonly nearOrders: Map<string, Map<string, NearOrder>>
  /** Holders of whom something changed that tiers go by since tiers were last given (`rank`), and the postings looked at by then. */
  readonly ranking: { readonly holders: Set<string>; postings: number }
  /** What somebody adjusts by hand: those named, and those that take them back. */
  readonly adjustments: Map<string, StoredAdjustment>
  readonly packs: Map<string, StoredPack>
  /** By `leaseKey`: all leases of the packs at hand. */
  readonly leases: Map<string, Lease>
  /** By `pairKey(pack id, entry id)`: the entries at hand, and those beside them. */
  readonly entries: Map<string, StoredEntry>
  readonly messages: Set<string>
  readonly idempotency: Map<string, StoredAnswer>
  readonly changes: Changes
}

export type Catalogue = {
  readonly version: number
  readonly offers: ReadonlyMap<string, LiveOffer>
  /** Offers that need no claim, found by what an order is about. */
  readonly basket: OfferIndex
  /** Offers that an event gives, by the event's name. */
  readonly byEvent: ReadonlyMap<string, readonly LiveOffer[]>
  /** Offers that may be shown and claimed without a basket, by id. */
  readonly onRequest: readonly LiveOffer[]
  /** Whether any offer is one that is issued to people. */
  readonly issuesGrants: boolean
  /** Whether any offer that comes without a code is for the members of its campaign only. */
  readonly invites: boolean
  /** Whether conditions of live offers ask for collections at all. */
  readonly asksCollections: boolean
  readonly combination: Combination
  /** Percent of all people who are held out of every campaign. */
  readonly holdout: number
  /** Which links unite. */
  readonly identity: IdentityRules
  readonly segments: LiveSegments
  /** Names of events that conditions count: the statistics keep them, and whoever does one is loaded whole. */
  readonly counted: ReadonlySet<string>
  readonly traits: ComputedTraits
  /** What conditions of offers and segments read of people: the rest is not worked out. */
  readonly asks: Reads
  /** What people may want to hear of, or not. */
  readonly topics: readonly Topic[]
  /** Programmes of points, the oldest first. */
  readonly programmes: ReadonlyMap<string, Programme>
  /** Whether any offer gives money to spend later. */
  readonly givesMoney: boolean
  /** Whether any of them has tiers. */
  readonly tiered: boolean
  /** The last month whose books are closed, '2026-10'; null: none is. */
  readonly closedThrough: string | null
  /** What one key may adjust alone. */
  readonly adjustments: AdjustmentSettings
}

type Settings = Pick<
  Catalogue,
  | 'combination'
  | 'holdout'
  | 'identity'
  | 'segments'
  | 'traits'
  | 'topics'
  | 'programmes'
  | 'closedThrough'
  | 'adjustments'
>

/** What a batch needs to know of all offers, worked out once a version. */
export const makeCatalogue = (
  version: number,
  offers: ReadonlyMap<string, LiveOffer>,
  {
    combination = defaultCombination,
    holdout = 0,
    identity = defaultIdentityRules,
    segments = noSegments,
    traits = noTraits,
    topics = [],
    programmes = new Map(),
    closedThrough = null,
    adjustments = defaultAdjustmentSettings,
  }: Partial<Settings> = {},
): Catalogue => {
  const going = [...offers.values()].filter(offer => offer.state !== 'ended').sort((a, b) => (a.id < b.id ? -1 : 1))
  const asks = allReads([...going.map(readsOfOffer), ...segments.definitions.map(it => it.reads)])
  const byEvent = new Map<string, LiveOffer[]>()
  for (const offer of going) if (offer.terms.trigger.on === 'event') push(byEvent, offer.terms.trigger.event, offer)
  return {
    version,
    offers,
    basket: makeOfferIndex(going.filter(offer => offer.terms.trigger.on === 'basket')),
    byEvent,
    onRequest: going.filter(offer => offer.terms.trigger.on === 'request'),
    issuesGrants: [...offers.values()].some(offer => offer.terms.trigger.on === 'grant'),
    invites: going.some(({ terms, campaign }) => campaign.audience === 'members' && terms.trigger.on !== 'code'),
    asksCollections: going.some(offer => collectionsOf(offer).length > 0),
    combination,
    holdout,
    identity,
    segments,
    counted: countedEvents(asks, traits),
    traits,
    asks: withComputed(asks, traits),
    topics,
    programmes,
    givesMoney: [...offers.values()].some(({ terms }) => terms.benefit.kind === 'cashback'),
    tiered: [...programmes.values()].some(({ terms }) => terms.tiers !== undefined),
    closedThrough,
    adjustments,
  }
}

export const emptyWorld = (known: Pick<World, 'workspace' | 'now' | 'newId' | 'dice' | 'catalogue'>): World => ({
  ...known,
  holders: new Map(),
  onlookers: new Set(),
  identifiers: new Map(),
  persons: new Map(),
  behaviours: new Map(),
  links: new Map(),
  linksOf: new Map(),
  linked: new Set(),
  neverMerge: new Map(),
  strangersOf: new Map(),
  memberships: new Map(),
  touched: new Map(),
  members: new Map(),
  codes: new Map(),
  grants: new Map(),
  grantsOfHolder: new Map(),
  orders: new Map(),
  counters: new Map(),
  returns: new Map(),
  versions: new Map(),
  exposures: new Map(),
  draws: new Map(),
  redemptions: { byOrder: new Map(), byCode: new Map(), byHolder: new Map() },
  collections: new Map(),
  book: emptyBook(),
  giftCards: new Map(),
  programmeMembers: new Map(),
  households: new Map(),
  transfers: new Map(),
  nearOrders: new Map(),
  ranking: { holders: new Set(), postings: 0 },
  adjustments: new Map(),
  packs: new Map(),
  leases: new Map(),
  entries: new Map(),
  messages: new Set(),
  idempotency: new Map(),
  changes: noChanges(),
})

/** The counter of an offer as a whole, or of one bucket of it (`bucketsOf`, `stockBucket`). */
export const counterKey = (offerId: string, bucket = ''): string => `${offerId}\n${bucket}`

export const drawKey = ({
  offerId,
  offerVersion,
  holderId,
  period,
}: Omit<Draw, 'draw' | 'wins' | 'outOf' | 'cause' | 'at'>): string =>
  `${offerId}\n${offerVersion}\n${holderId}\n${period}`

/** What stands in the place of an order where an event gives an offer: `eventUse('msg-1')` is 'event/msg-1'. No order has a slash in its id. */
export const eventUse = (messageId: string): string => `event/${messageId}`

/** The same where an offer is claimed at a moment without a basket: `claim/dec_…`. */
export const claimUse = (decisionId: string): string => `claim/${decisionId}`

/** The same of what is leased to a till: `pack/pck_…`. */
export const packUse = (packId: string): string => `pack/${packId}`

export const versionKey = (offerId: string, version: number): string => `${offerId}\n${version}`

export const pairKey = (left: string, right: string): string => `${left}\n${right}`

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Puts a loaded holder into the world; seeing it twice changes nothing. */
export const seeHolder = (world: World, holder: Holder): void => {
  if (world.holders.has(holder.id) && !world.onlookers.has(holder.id)) return
  world.holders.set(holder.id, holder)
  world.onlookers.delete(holder.id)
  world.identifiers.set(`${holder.type}:${holder.value}`, holder.id)
  push(world.persons, holder.personId, holder.id)
  if (holder.behaviourId !== null) addTo(world.behaviours, holder.behaviourId, holder.id)
}

const addTo = (sets: Map<string, Set<string>>, key: string, value: string): void => {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

/** Puts a loaded link into the world; what is there stays, because the batch may have changed it. */
export const seeLink = (world: World, link: StoredLink): void => {
  const key = linkKey(link)
  if (world.links.has(key)) return
  world.links.set(key, link)
  addTo(world.linksOf, link.a, key)
  addTo(world.linksOf, link.b, key)
}

/** Puts a loaded pair of strangers into the world. */
export const seeNeverMerge = (world: World, pair: NeverMerge): void => {
  const key = pairKey(pair.a, pair.b)
  if (world.neverMerge.has(key)) return
  world.neverMerge.set(key, pair)
  addTo(world.strangersOf, pair.a, key)
  addTo(world.strangersOf, pair.b, key)
}

/** Says whose behaviour an anonymous holder's own joins: that of the person of this holder, or nobody's. */
export const joinBehaviour = (world: World, holder: Holder, behaviourId: string | null): void => {
  if (holder.behaviourId === behaviourId) return
  if (holder.behaviourId !== null) world.behaviours.get(holder.behaviourId)?.delete(holder.id)
  if (behaviourId !== null) addTo(world.behaviours, behaviourId, holder.id)
  for (const id of [holder.behaviourId, behaviourId])
    if (id !== null && world.holders.has(id)) touch(world, id, 'person')
  changeHolder(world, holder, it => {
    it.behaviourId = behaviourId
  })
}

/** The anonymous holders of others whose behaviour joins that of this person; loaded where conditions count events. */
export const behavioursOf = (world: World, personId: string): readonly Holder[] =>
  (world.persons.get(personId) ?? []).flatMap(id =>
    [...(world.behaviours.get(id) ?? [])].map(other => world.holders.get(other)!),
  )

/** Puts a loaded membership into the world. */
export const seeMembership = (world: World, membership: Membership): void => {
  const { holderId, segmentId, generation } = membership
  const known = world.memberships.get(holderId)
  const key = membershipKey(segmentId, generation)
  if (known) known.set(key, membership)
  else world.memberships.set(holderId, new Map([[key, membership]]))
}

/** Notes what changed about somebody, so that the tiers and segments it can touch are asked again when the item is done. */
export const touch = (world: World, holderId: string, what: Touched): void => {
  if (world.catalogue.tiered && (what === 'orders' || what === 'person')) world.ranking.holders.add(holderId)
  if (world.catalogue.segments.all.length === 0) return
  const known = world.touched.get(holderId)
  if (known) known.add(what)
  else world.touched.set(holderId, new Set([what]))
}

/** Puts a holder into the world whom an event belongs to and whom nothing else in the batch asks about. */
export const seeOnlooker = (world: World, holder: Holder): void => {
  if (world.holders.has(holder.id)) return
  world.holders.set(holder.id, holder)
  world.onlookers.add(holder.id)
  world.identifiers.set(`${holder.type}:${holder.value}`, holder.id)
}

/** Puts a loaded membership of a programme into the world; seeing it twice changes nothing. */
export const seeProgrammeMember = (world: World, member: ProgrammeMember): void => {
  const ofHolder = world.programmeMembers.get(member.holderId) ?? new Map<string, ProgrammeMember>()
  world.programmeMembers.set(member.holderId, ofHolder)
  if (!ofHolder.has(member.programmeId)) ofHolder.set(member.programmeId, member)
}

export const addProgrammeMember = (world: World, member: ProgrammeMember): void => {
  seeProgrammeMember(world, member)
  world.ranking.holders.add(member.holderId)
  world.changes.newProgrammeMembers.add(pairKey(member.holderId, member.programmeId))
}

export const seeNearOrder = (world: World, order: NearOrder): void => {
  const known = world.nearOrders.get(order.holderId)
  if (known) known.set(order.id, order)
  else world.nearOrders.set(order.holderId, new Map([[order.id, order]]))
}

/** Puts a loaded transfer into the world. */
export const seeTransfer = (world: World, transfer: StoredTransfer): void =>
  push(world.transfers, pairKey(transfer.fromHolder, transfer.programmeId), transfer)

export const changeProgrammeMember = (
  world: World,
  member: ProgrammeMember,
  to: Partial<Omit<ProgrammeMember, 'holderId' | 'programmeId' | 'joinedAt'>>,
): void => {
  Object.assign(member, to)
  // Who comes or goes has another tier.
  if (to.leftAt !== undefined) {
    world.ranking.holders.add(member.holderId)
    touch(world, member.holderId, 'tiers')
  }
  const key = pairKey(member.holderId, member.programmeId)
  if (world.changes.newProgrammeMembers.has(key)) return
  if (!world.changes.programmeMembers.has(key)) member.revision += 1
  world.changes.programmeMembers.add(key)
}

/** The ledger as it stands in the world. */
export const ledgerOf = ({ book, now, newId, workspace, catalogue }: World): Ledger => ({
  book,
  now,
  newId,
  timeZone: workspace.timeZone,
  closedThrough: catalogue.closedThrough,
})

/** Puts a loaded grant into the world; seeing it twice changes nothing. */
export const seeGrant = (world: World, grant: Grant): void => {
  if (world.grants.has(grant.id)) return
  world.grants.set(grant.id, grant)
  push(world.grantsOfHolder, grant.holderId, grant)
}

/** Puts a loaded redemption into the world; seeing it twice changes nothing. */
export const seeRedemption = (world: World, use: StoredRedemption): void => {
  const ofOrder = world.redemptions.byOrder.get(use.orderId)
  if (ofOrder?.some(other => other.seq === use.seq)) return
  push(world.redemptions.byOrder, use.orderId, use)
  if (use.code !== null) push(world.redemptions.byCode, pairKey(use.code, use.offerId), use)
  if (use.holderId !== null) push(world.redemptions.byHolder, pairKey(use.offerId, use.holderId), use)
}

export const changeHolder = (world: World, holder: Holder, change: (holder: Holder) => void): void => {
  noteChange(world, holder)
  change(holder)
  world.changes.onlyCounted.delete(holder.id)
}

/** The same where only statistics change, or when the clock may change something: most changes, and a third of what is written else. */
export const countHolder = (
  world: World,
  holder: Holder,
  change: (holder: Pick<Holder, 'statistics' | 'dueAt'>) => void,
): void => {
  if (noteChange(world, holder)) world.changes.onlyCounted.add(holder.id)
  change(holder)
}

/** True when it is the first change of a stored holder. */
const noteChange = (world: World, holder: Holder): boolean => {
  if (world.onlookers.has(holder.id)) throw new Error('a holder that was read without a lock must not change')
  // Once a commit is enough: the number only tells whoever has read the row that something changed.
  if (world.changes.newHolders.has(holder.id) || world.changes.holders.has(holder.id)) return false
  holder.revision += 1
  world.changes.holders.set(holder.id, holder)
  return true
}

/** The holder of an identifier, made when it is new. */
export const holderOf = (world: World, identifier: { type: string; value: string; given: string }): Holder => {
  const known = world.identifiers.get(`${identifier.type}:${identifier.value}`)
  if (known !== undefined) return world.holders.get(known)!
  const id = world.newId('hol')
  const holder: Holder = {
    id,
    type: identifier.type,
    value: identifier.value,
    given: identifier.given,
    createdAt: world.now,
    personId: personIdOf(id),
    revision: 0,
    orders: 0,
    spend: {},
    firstOrderAt: null,
    lastOrderAt: null,
    traits: {},
    standing: isBlocked(identifier, world.catalogue.identity) ? 'blocked' : null,
    behaviourId: null,
    statistics: {},
    consents: {},
    preferences: {},
    dueAt: null,
  }
  seeHolder(world, holder)
  world.linked.add(id)
  world.changes.newHolders.set(id, holder)
  touch(world, id, 'person')
  return holder
}

export const holdersOfPerson = (world: World, holderId: string): readonly Holder[] =>
  (world.persons.get(world.holders.get(holderId)!.personId) ?? []).map(id => world.holders.get(id)!)

export const saveOrder = (world: World, order: StoredOrder): void => {
  const isNew = !world.orders.has(order.id) || world.changes.newOrders.has(order.id)
  world.orders.set(order.id, order)
  if (isNew) world.changes.newOrders.add(order.id)
  else world.changes.orders.add(order.id)
}

const counts = { held: ['held', 'budgetHeld'], redeemed: ['used', 'budgetUsed'] } as const

/** Which counters a use moves, and by how much: those that the offer's terms of today count. A missing counter counts nothing. */
const count = (world: World, use: StoredRedemption, direction: 1 | -1): void => {
  if (use.state !== 'held' && use.state !== 'redeemed') return
  const offer = world.catalogue.offers.get(use.offerId)
  if (!offer) return
  const [uses, budget] = counts[use.state]
  const raise = (bucket: string, by: number, money: number) => {
    const key = counterKey(use.offerId, bucket)
    const counter = world.counters.get(key)
    if (!counter) return
    counter[uses] += direction * by
    counter[budget] += direction * money
    world.changes.counters.add(key)
  }
  raise('', 1, use.amount - use.returned)
  for (const bucket of bucketsOf(offer.terms, placeOfUse(world, use, offer))) raise(bucket, 1, 0)
  for (const [sku, quantity] of giftsOf(use)) raise(stockBucket(sku), quantity, 0)
}

export const placeOfUse = (
  world: World,
  use: Pick<StoredRedemption, 'at' | 'location' | 'channel'>,
  { terms }: LiveOffer,
): UsePlace => ({
  at: use.at,
  location: use.location,
  channel: use.channel,
  timeZone: terms.validity.timeZone ?? world.workspace.timeZone,
})

/** The gifts a use gave, by SKU. */
export const giftsOf = ({ given }: Pick<StoredRedemption, 'given'>): readonly (readonly [string, number])[] =>
  (given ?? []).flatMap(it => (it.what === 'gift' ? [[it.sku, it.quantity] as const] : []))

const grantStates = {
  held: 'held',
  redeemed: 'redeemed',
  released: 'issued',
  expired: 'issued',
  cancelled: 'issued',
  // Usable again: what came back was her use of it.
  returned: 'returned',
  withheld: 'issued',
  leased: 'held',
} as const

/** The day from which on a grant is gone, as long as nobody used it; undefined: it does not end, or is not hers to ignore any more. */
export const endingOf = (
  { expiresAt, state, fulfilment }: Pick<Grant, 'expiresAt' | 'state' | 'fulfilment'>,
  timeZone: string,
): number | undefined =>
  expiresAt === null || fulfilment === 'fulfilled' || !['issued', 'held', 'returned'].includes(state)
    ? undefined
    : localDay(expiresAt - 1, timeZone) + 1

/** Changes a grant, and what its holder's statistics say of it. */
const moveGrant = (world: World, grant: Grant, to: Partial<Grant>): void => {
  const before = endingOf(grant, world.workspace.timeZone)
  Object.assign(grant, to)
  const after = endingOf(grant, world.workspace.timeZone)
  if (before === after) return
  countHolder(world, world.holders.get(grant.holderId)!, it => {
    if (before !== undefined) it.statistics = bookEnding(it.statistics, before, -1)
    if (after !== undefined) it.statistics = bookEnding(it.statistics, after, 1)
  })
  touch(world, grant.holderId, 'offers')
}

/** What follows of a use that was `before`: its grant, and the books of whoever used it. */
const follow = (world: World, use: StoredRedemption, before: UseState | undefined, saved: number): void => {
  if (use.grantId !== null) {
    const grant = world.grants.get(use.grantId)
    if (grant) {
      moveGrant(world, grant, { state: grantStates[use.state], orderId: isTaken(use) ? use.orderId : null })
      if (!world.changes.newGrants.has(grant.id)) world.changes.grants.add(grant.id)
    }
  }
  if (use.holderId === null) return
  const used = Number(use.state === 'redeemed') - Number(before === 'redeemed')
  // Also where nothing is counted: whoever read this person's uses without a lock must read them again.
  countHolder(world, world.holders.get(use.holderId)!, it => {
    const day = localDay(use.at, world.workspace.timeZone)
    if (used !== 0) it.statistics = bookUse(it.statistics, day, used > 0 ? 1 : -1)
    it.statistics = bookSaved(it.statistics, use.currency, day, saved)
  })
  if (used !== 0) touch(world, use.holderId, 'offers')
}

/** What a use has taken off an order, less what goods that came back have given back. */
const savedBy = ({ state, amount, returned }: StoredRedemption): number =>
  state === 'redeemed' ? amount - returned : 0

export const addUse = (world: World, use: StoredRedemption): void => {
  seeRedemption(world, use)
  world.changes.newRedemptions.add(use)
  count(world, use, 1)
  follow(world, use, undefined, savedBy(use))
}

export const changeUse = (
  world: World,
  use: StoredRedemption,
  to: UseState,
  also?: Partial<Pick<StoredRedemption, 'channel' | 'revenue' | 'returned' | 'given'>>,
): void => {
  const before = use.state
  const savedBefore = savedBy(use)
  count(world, use, -1)
  Object.assign(use, also)
  use.state = to
  use.heldUntil = to === 'held' ? use.heldUntil : null
  count(world, use, 1)
  follow(world, use, before, savedBy(use) - savedBefore)
  if (!world.changes.newRedemptions.has(use)) world.changes.redemptions.add(use)
}

export const usesOfOrder = (world: World, orderId: string): readonly StoredRedemption[] =>
  world.redemptions.byOrder.get(orderId) ?? []

export const isTaken = (use: StoredRedemption): boolean =>
  use.state === 'held' || use.state === 'redeemed' || use.state === 'leased'

/** Makes a grant. */
export const addGrant = (world: World, grant: Grant): void => {
  seeGrant(world, grant)
  world.changes.newGrants.add(grant.id)
  const ending = endingOf(grant, world.workspace.timeZone)
  // This also tells whoever read this person's grants without a lock to read them again.
  countHolder(world, world.holders.get(grant.holderId)!, it => {
    it.statistics = bookGrant(it.statistics, localDay(grant.issuedAt, world.workspace.timeZone))
    if (ending !== undefined) it.statistics = bookEnding(it.statistics, ending, 1)
  })
  touch(world, grant.holderId, 'offers')
}

/** Changes a grant that is there. */
export const changeGrant = (world: World, grant: Grant, to: Partial<Pick<Grant, 'state' | 'fulfilment'>>): void => {
  moveGrant(world, grant, to)
  if (!world.changes.newGrants.has(grant.id)) world.changes.grants.add(grant.id)
  countHolder(world, world.holders.get(grant.holderId)!, () => undefined)
}

/** Remembers the first exposure of a holder to a campaign. */
export const addExposure = (world: World, exposure: Exposure): void => {
  const ofHolder = world.exposures.get(exposure.holderId) ?? new Map<string, Exposure>()
  world.exposures.set(exposure.holderId, ofHolder)
  if (ofHolder.has(exposure.campaignId)) return
  ofHolder.set(exposure.campaignId, exposure)
  world.changes.newExposures.push(exposure)
}

export const addDraw = (world: World, draw: Draw): void => {
  world.draws.set(drawKey(draw), draw)
  world.changes.newDraws.push(draw)
}

export const addReturn = (world: World, stored: StoredReturn): void => {
  const key = pairKey(stored.orderId, stored.id)
  world.returns.set(key, stored)
  world.changes.newReturns.add(key)
}

export const instantOrNull = (ms: number | null): string | null => (ms === null ? null : formatInstant(ms))
