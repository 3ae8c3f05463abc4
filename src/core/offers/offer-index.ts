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

/** From when to when an offer is on; never, while it is paused. */
const timeOf = ({ state, campaign, from, to }: LiveOffer): readonly [number, number] =>
  state === 'live' && campaign.state === 'live'
    ? [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY]
    : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/**
 * Files each offer under one of the sets of keys that it cannot do without: the one that the fewest offers share, so that an order meets
 * few offers that are not for it. Those it does meet are looked at once more, by their other sets and their time. In a shop
 * with ten thousand offers that may be thousands, which share the order's categories: so keys and offers are numbered, and what is
 * looked at lies in a row. As lists of lists it takes ten times as long, when other work has emptied the processor's cache.
 *
 *     makeOfferIndex(offers).matching({ skus: ['LATTE'], categories: ['coffee'], channel: 'store', … })
 */
export const makeOfferIndex = (offers: readonly LiveOffer[]): OfferIndex => {
  const all = offers
    .filter(({ state, campaign }) => state !== 'ended' && campaign.state !== 'ended')
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const numbers = new Map<string, number>([
    [anyPerson, 0],
    [anyMember, 1],
  ])
  /** How many sets have a key. */
  const counts = [0, 0]
  const numberOf = (key: string): number => {
    let number = numbers.get(key)
    if (number === undefined) {
      number = counts.push(0) - 1
      numbers.set(key, number)
    }
    // What stands for any person is no more common for being in many sets: it is there only where nobody is known yet.
    if (number > 1) counts[number]! += 1
    return number
  }
  const sets = all.map(offer => keysOnce(offer).map(keys => keys.map(numberOf)))

  /** Places in `all`, by the number of the key; `always` for offers that may apply to anything. */
  const places: number[][] = counts.map(() => [])
  const always: number[] = []
  for (const [place, ofOffer] of sets.entries()) {
    let rarest: readonly number[] | undefined
    let fewest = Number.POSITIVE_INFINITY
    for (const keys of ofOffer) {
      let sharers = 0
      for (const key of keys) sharers += counts[key]!
      if (sharers < fewest) [rarest, fewest] = [keys, sharers]
    }
    if (rarest === undefined) always.push(place)
    for (const key of rarest ?? []) places[key]!.push(place)
  }

  /** The sets of the offer at a place lie from its start to the next one's: each its size, then its keys. */
  const starts = Int32Array.from({ length: all.length + 1 })
  for (const [place, ofOffer] of sets.entries())
    starts[place + 1] = starts[place]! + ofOffer.reduce((size, keys) => size + 1 + keys.length, 0)
  const laidOut = Int32Array.from(sets.flatMap(ofOffer => ofOffer.flatMap(keys => [keys.length, ...keys])))
  const times = Float64Array.from(all.flatMap(timeOf))

  return {
    all,
    matching: subject => {
      const { at } = subject
      const isThere = new Uint8Array(counts.length)
      const present: number[] = []
      for (const key of subjectKeys(subject)) {
        const number = numbers.get(key)
        if (number === undefined) continue
        isThere[number] = 1
        present.push(number)
      }
      const hasAll = (place: number): boolean => {
        const end = starts[place + 1]!
        for (let set = starts[place]!; set < end; ) {
          const next = set + 1 + laidOut[set]!
          let key = set + 1
          while (key < next && isThere[laidOut[key]!] === 0) key += 1
          if (key === next) return false
          set = next
        }
        return true
      }
      const isMet = new Uint8Array(all.length)
      const found: number[] = []
      const meet = (met: readonly number[]): void => {
        for (const place of met) {
          if (isMet[place] === 1) continue
          isMet[place] = 1
          if (at !== undefined && (at < times[2 * place]! || at >= times[2 * place + 1]!)) continue
          if (hasAll(place)) found.push(place)
        }
      }
      meet(always)
      for (const key of present) meet(places[key]!)
      return found.sort((a, b) => a - b).map(place => all[place]!)
    },
  }
}
