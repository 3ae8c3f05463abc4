import { pointsAwaiting } from '../../core/loop/awaited.ts'
import { mayApplyOffline } from '../../core/loop/issue-pack.ts'
import { programmeEvents } from '../../core/loop/join.ts'
import { tierEvents } from '../../core/loop/rank.ts'
import { segmentEvents } from '../../core/loop/settle.ts'
import {
  claimUse,
  counterKey,
  giftsOf,
  isTaken,
  packUse,
  placeOfUse,
  type StoredRedemption,
  usesOfOrder,
  type World,
} from '../../core/loop/world.ts'
import type { LiveOffer } from '../../core/offers/live-offer.ts'
import { bucketsOf, isCounted, stockBucket, stockOf } from '../../core/orders/limits.ts'
import { leasable } from '../../core/packs/journal.ts'
import type { Item, Needs, Place } from './item.ts'

/** Something of a batch that will be decided: an order, a moment without a basket, or an event that offers wait for. */
export type Deciding = {
  readonly place: Required<Place>
  /** Of whom it is for, and of whom she may have become by then. */
  readonly holderIds: readonly string[]
  readonly claimed: readonly { readonly code: string; readonly offer: LiveOffer }[]
  /** Every offer in play: claimed, issued to the person, and those that need no claim. */
  readonly offers: ReadonlySet<LiveOffer>
}

/** The events of a batch that any offer waits for, or any points. */
export const eventsInPlay = (
  { catalogue }: World,
  items: readonly Pick<Item, 'needs'>[],
): NonNullable<Needs['events']> => {
  const { byEvent, programmes } = catalogue
  if (byEvent.size === 0 && programmes.size === 0) return []
  return items.flatMap(({ needs }) =>
    (needs.events ?? []).filter(({ name }) => byEvent.has(name) || pointsAwaiting(catalogue, name).length > 0),
  )
}

/** Whom of a batch the events are about that conditions count. */
export const countedInPlay = (world: World, items: readonly Item[]): NonNullable<Needs['happenings']> =>
  world.catalogue.counted.size === 0
    ? []
    : items.flatMap(({ needs }) => (needs.happenings ?? []).filter(({ name }) => world.catalogue.counted.has(name)))

/** Everything of a batch that will be decided, with the offers in play. */
export const decidingOf = (world: World, items: readonly Item[]): readonly Deciding[] => {
  const { offers, basket, byEvent, onRequest } = world.catalogue
  const mayBeOne = personsByThen(world, items)
  const deciding = (
    { at = world.now, channel, location }: Place,
    named: readonly string[],
    found: (here: Deciding) => Pick<Deciding, 'offers'> & Partial<Pick<Deciding, 'claimed'>>,
  ): Deciding => {
    const persons = [...new Set(named.flatMap(mayBeOne))]
    const holderIds = persons.flatMap(person => world.persons.get(person) ?? [])
    const here = { place: { at, channel, location }, holderIds, claimed: [], offers: new Set<LiveOffer>() }
    return { ...here, ...found(here) }
  }
  const claimedBy = (codes: readonly string[]) =>
    codes.flatMap(code =>
      (world.codes.get(code) ?? []).flatMap(({ offerId }) => {
        const offer = offers.get(offerId)
        return offer ? [{ code, offer }] : []
      }),
    )
  const grantedTo = (holderIds: readonly string[]) =>
    holderIds.flatMap(id => world.grantsOfHolder.get(id) ?? []).flatMap(grant => offers.get(grant.offerId) ?? [])

  return items.flatMap(({ needs }) => {
    const { place, request, codes = [], skus = [], events = [] } = needs
    const all: Deciding[] = []
    if (place)
      all.push(
        deciding(place, personsNamed(world, needs), ({ place: { at }, holderIds }) => {
          const claimed = claimedBy(codes)
          const subject = () => ({
            skus,
            categories: place.categories,
            collections: skus.flatMap(sku => [...(world.collections.get(sku) ?? [])]),
            memberOf: holderIds.flatMap(id => [...(world.members.get(id) ?? [])]),
            channel: place.channel,
            location: place.location ?? undefined,
            currency: place.currency,
            at,
          })
          const inBasket = basket.all.length === 0 ? [] : basket.matching(subject())
          const told = (place.told ?? []).flatMap(id => offers.get(id) ?? [])
          return {
            claimed,
            offers: new Set([...claimed.map(it => it.offer), ...grantedTo(holderIds), ...inBasket, ...told]),
          }
        }),
      )
    if (request)
      all.push(
        deciding(request, personsNamed(world, needs), ({ holderIds }) => ({
          offers: new Set([...onRequest, ...grantedTo(holderIds), ...basket.all]),
        })),
      )
    const { issues } = needs
    if (issues)
      all.push(
        deciding(issues, personsNamed(world, needs), () => ({
          claimed: claimedBy(codes),
          offers: new Set(leasableOffers(world, issues)),
        })),
      )
    for (const event of events) {
      const waiting = byEvent.get(event.name)
      if (waiting)
        all.push(
          deciding(event, [personOf(world, `${event.type}:${event.value}`)], () => ({ offers: new Set(waiting) })),
        )
    }
    return all
  })
}

/** Whether anybody of a batch may join a programme, or leave one: asked to, or by a first order. */
const joins = ({ catalogue }: World, items: readonly Item[]): boolean => {
  if (catalogue.programmes.size === 0) return false
  const isByOrder = [...catalogue.programmes.values()].some(({ terms }) => terms.join.on === 'firstOrder')
  return items.some(({ needs }) => needs.joins === true || (isByOrder && needs.place !== undefined))
}

/**
 * What offers wait for segments, tiers and programmes to give, to whomever of the batch they may give it: everybody who is loaded
 * whole.
 */
export const givenBySettling = (world: World, items: readonly Item[]): readonly Deciding[] => {
  const names = [
    ...Object.values(segmentEvents),
    ...Object.values(tierEvents),
    ...(joins(world, items) ? Object.values(programmeEvents) : []),
  ]
  const waiting = names.flatMap(name => world.catalogue.byEvent.get(name) ?? [])
  if (waiting.length === 0) return []
  return [
    {
      place: { at: world.now, channel: 'unknown', location: null },
      holderIds: [...world.persons.values()].flat(),
      claimed: [],
      offers: new Set(waiting),
    },
  ]
}

/** The counters that a use of an offer at a place would raise, and those of its gifts. */
export const countersInPlay = (
  world: World,
  offer: LiveOffer,
  place: Pick<StoredRedemption, 'at' | 'channel' | 'location'>,
): readonly string[] => [
  ...whereCounted(world, offer, place),
  ...Object.keys(stockOf(offer.terms)).map(sku => counterKey(offer.id, stockBucket(sku))),
]

const whereCounted = (
  world: World,
  offer: LiveOffer,
  place: Pick<StoredRedemption, 'at' | 'channel' | 'location'>,
): readonly string[] => [
  ...(isCounted(offer.terms) ? [counterKey(offer.id)] : []),
  ...(offer.terms.limits.per === undefined
    ? []
    : bucketsOf(offer.terms, placeOfUse(world, place, offer)).map(bucket => counterKey(offer.id, bucket))),
]

const leasableOffers = (world: World, { at, until, channel }: NonNullable<Needs['issues']>): LiveOffer[] =>
  [...world.catalogue.offers.values()].filter(offer => mayApplyOffline(offer, { channel, from: at, until }))

/** The counters that change when slices are leased, and when they go back. */
export const countersOfSlices = (world: World, items: readonly Item[]): readonly string[] =>
  items.flatMap(({ needs: { counters = [], issues, endsPacks, packs = [] } }) => [
    ...counters.map(({ offerId, bucket }) => counterKey(offerId, bucket)),
    ...(endsPacks
      ? [...world.leases.values()].flatMap(it => (packs.includes(it.packId) ? [counterKey(it.offerId, it.bucket)] : []))
      : []),
    ...(issues
      ? leasableOffers(world, issues).flatMap(offer => {
          const place = { ...issues, timeZone: offer.terms.validity.timeZone ?? world.workspace.timeZone }
          const buckets = leasable(offer.terms, place, issues.at, issues.until).keys()
          return [...buckets].map(bucket => counterKey(offer.id, bucket))
        })
      : []),
  ])

/** Where uses stand that may end: the orders at hand, claims that are given back, and what is leased to tills. */
export const usePlaces = (world: World, needs: readonly Needs[]): readonly string[] => [
  ...world.orders.keys(),
  ...needs.flatMap(need => (need.claimed ?? []).map(claimUse)),
  ...[...world.packs.keys()].map(packUse),
]

/** The counters that change when uses of the orders at hand end, or are booked on the channel of an order that now places them. */
export const countersOfUses = (world: World, items: readonly Item[]): readonly string[] => {
  const channels = new Map(items.flatMap(({ needs: { orders = [], place } }) => orders.map(id => [id, place?.channel])))
  return usePlaces(
    world,
    items.map(item => item.needs),
  ).flatMap(id =>
    usesOfOrder(world, id)
      .filter(isTaken)
      .flatMap(use => {
        const offer = world.catalogue.offers.get(use.offerId)
        if (!offer) return []
        const stock = stockOf(offer.terms)
        const channel = channels.get(id)
        return [
          ...whereCounted(world, offer, use),
          ...(channel === undefined ? [] : whereCounted(world, offer, { ...use, channel })),
          ...giftsOf(use).flatMap(([sku]) =>
            stock[sku] === undefined ? [] : [counterKey(offer.id, stockBucket(sku))],
          ),
        ]
      }),
  )
}

/** The person of an identifier or of a holder's id; of one that nobody knows yet the identifier itself. */
const personOf = (world: World, identifier: string): string => {
  const holder = world.identifiers.get(identifier) ?? identifier
  return world.holders.get(holder)?.personId ?? identifier
}

const personsNamed = (world: World, needs: Needs): string[] => [
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
  // Whatever hangs together may be parted otherwise when a link comes, so all its persons count.
  const stored = [...world.links.values()].filter(link => link.verified && link.removedAt === null)
  const coming = items.flatMap(item => item.needs.links ?? [])
  for (const { 0: a, 1: b } of [...coming, ...stored.map(link => [link.a, link.b] as const)]) {
    const [left, right] = [groupOf(personOf(world, a)), groupOf(personOf(world, b))]
    if (left === right) continue
    // The larger one grows, so that a long chain of links costs little.
    const [small, large] = left.size < right.size ? [left, right] : [right, left]
    for (const person of small) {
      large.add(person)
      groups.set(person, large)
    }
  }
  return person => [...groupOf(person)]
}
