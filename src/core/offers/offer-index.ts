import { cannotFail } from '../rules/cannot-fail.ts'
import type { PersonFacts } from '../rules/facts.ts'
import { necessaryKeys } from '../rules/necessary-keys.ts'
import type { LiveOffer } from './live-offer.ts'

/** What an order is about, as far as offers are found by it. */
export type Subject = {
  readonly skus: readonly string[]
  readonly categories: readonly string[]
  /** That hold any of the SKUs. */
  readonly collections: readonly string[]
  readonly channel: string
  readonly location: string | undefined
  readonly currency: string
  /** When it counts as happening. Left out where that is not known yet: offers of any time are found. */
  readonly at?: number
  /** Who buys; `nobody` where nobody is named. Left out where that is not known yet: offers for anybody are found. */
  readonly person?: Pick<PersonFacts, 'known' | 'identifiers' | 'segments'>
  /** The campaigns the person is a member of. Left out where that is not known yet: offers for members are found. */
  readonly memberOf?: readonly string[]
}

/** Offers by what an order must be about for them to apply at all. */
export type OfferIndex = {
  /** Every offer that has not ended, by id. */
  readonly all: readonly LiveOffer[]
  /**
   * Every offer that may apply, lack no more than an amount, or be worth a word for another reason; by id. A decision over these
   * is the decision over all of them that nobody claimed.
   */
  readonly matching: (subject: Subject) => readonly LiveOffer[]
}

/** At least one of these must be there. */
type Keys = readonly string[]

/** Stand for every key of a person, and for every campaign's, where they are not known. */
const anyPerson = '?person'
const anyMember = '?member'
const personal = /^(person$|identifier:|segment:)/

/**
 * What must be there for an offer to be worth looking at: of each set at least one key. It follows the order in which `check` asks, because
 * an error is told, also where something asked later would have been false: what comes after a filter that may fail is no reason to
 * leave the offer out. Nor is a condition about running prices, which is asked beside the other offers only.
 */
const keysOf = (offer: LiveOffer): readonly Keys[] => {
  const { terms, campaign, currency, filters, when } = offer
  const sets: Keys[] = []
  if (terms.channels.redeem) sets.push(terms.channels.redeem.map(channel => `channel:${channel}`))
  if (campaign.audience === 'members') sets.push([`member:${campaign.id}`, anyMember])
  if (currency !== undefined) sets.push([`currency:${currency}`])
  const conditions: Keys[] = []
  let isHeard = !offer.broken
  for (const filter of filters.values()) {
    if (!isHeard || filter.readsRunning) continue
    conditions.push(...necessaryKeys(filter))
    isHeard = cannotFail(filter)
  }
  if (isHeard && when && !when.readsRunning) conditions.push(...necessaryKeys(when))
  for (const keys of conditions) {
    // The weekday is another in each time zone, so orders have no key for it.
    if (keys.some(key => key.startsWith('weekday:'))) continue
    sets.push(keys.some(key => personal.test(key)) ? [...keys, anyPerson] : keys)
  }
  return sets
}

/** An offer is looked at by every change of the catalogue, and changes itself seldom. */
const known = new WeakMap<LiveOffer, readonly Keys[]>()
const keysOnce = (offer: LiveOffer): readonly Keys[] => {
  const before = known.get(offer)
  if (before) return before
  const keys = keysOf(offer)
  known.set(offer, keys)
  return keys
}

const subjectKeys = ({ person, memberOf, ...order }: Subject): ReadonlySet<string> => {
  const keys = new Set([`channel:${order.channel}`, `currency:${order.currency}`])
  if (order.location !== undefined) keys.add(`location:${order.location}`)
  for (const sku of order.skus) keys.add(`sku:${sku}`)
  for (const category of order.categories) keys.add(`category:${category}`)
  for (const collection of order.collections) keys.add(`collection:${collection}`)
  if (memberOf === undefined) keys.add(anyMember)
  for (const campaign of memberOf ?? []) keys.add(`member:${campaign}`)
  if (person === undefined) keys.add(anyPerson)
  if (person?.known) keys.add('person')
  for (const identifier of person?.identifiers ?? []) keys.add(`identifier:${identifier}`)
  for (const segment of person?.segments ?? []) keys.add(`segment:${segment}`)
  return keys
}

const isOn = ({ state, campaign, from, to }: LiveOffer, at: number): boolean =>
  state === 'live' && campaign.state === 'live' && (from === undefined || at >= from) && (to === undefined || at < to)

/**
 * Files each offer under one of the sets of keys that it cannot do without: the one that the fewest offers share, so that an order meets
 * few offers that are not for it. Those it does meet are looked at once more, by their other sets and their time.
 *
 *     makeOfferIndex(offers).matching({ skus: ['LATTE'], categories: ['coffee'], channel: 'store', … })
 */
export const makeOfferIndex = (offers: readonly LiveOffer[]): OfferIndex => {
  const all = offers
    .filter(({ state, campaign }) => state !== 'ended' && campaign.state !== 'ended')
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const sets = all.map(keysOnce)
  const counts = new Map<string, number>()
  for (const keys of sets.flat()) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const sharers = (keys: Keys): number =>
    keys.reduce((sum, key) => (key === anyPerson || key === anyMember ? sum : sum + counts.get(key)!), 0)

  /** Places in `all`, by key; `always` for offers that may apply to anything. */
  const places = new Map<string, number[]>()
  const always: number[] = []
  for (const [place, ofOffer] of sets.entries()) {
    let rarest: Keys | undefined
    let fewest = Number.POSITIVE_INFINITY
    for (const keys of ofOffer) {
      const count = sharers(keys)
      if (count < fewest) [rarest, fewest] = [keys, count]
    }
    if (rarest === undefined) always.push(place)
    for (const key of rarest ?? []) {
      const under = places.get(key)
      if (under) under.push(place)
      else places.set(key, [place])
    }
  }

  return {
    all,
    matching: subject => {
      const keys = subjectKeys(subject)
      const met = new Set(always)
      for (const key of keys) for (const place of places.get(key) ?? []) met.add(place)
      const { at } = subject
      return [...met]
        .filter(
          place =>
            (at === undefined || isOn(all[place]!, at)) && sets[place]!.every(set => set.some(key => keys.has(key))),
        )
        .sort((a, b) => a - b)
        .map(place => all[place]!)
    },
  }
}
