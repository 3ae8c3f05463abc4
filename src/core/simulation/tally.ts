import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import type { Applied } from '../orders/decide.ts'
import { bucketLimits, bucketsOf, periodOf, stockOf, type Usage, type UsePlace } from '../orders/limits.ts'
import type { Statistics } from '../rules/history.ts'

/** What a person has bought and been given so far in the simulation. */
export type Buyer = {
  orders: number
  /** Minor units, in the simulation's currency. */
  spend: number
  firstAt: number
  lastAt: number
  /** By the day; undefined where no offer asks for it. */
  statistics: Statistics | undefined
  /** Ends of the grants that other offers gave, by the offer granted. */
  grants: Map<string, number[]> | undefined
}

export const newBuyer = (): Buyer => ({
  orders: 0,
  spend: 0,
  firstAt: Number.POSITIVE_INFINITY,
  lastAt: Number.NEGATIVE_INFINITY,
  statistics: undefined,
  grants: undefined,
})

/** Price less cost of the lines whose cost is known. */
export type Margin = { revenue: number; before: number; after: number }

/** What an order cost before any offer and after all, and its margin where the cost of a line is known. */
export type Outcome = { readonly before: number; readonly after: number; readonly margin: Margin | undefined }

/** A limit of an offer as refusals name it. */
export type ToldLimit = { readonly limit: string; readonly allowed: number; readonly period?: string }
type Reached = ToldLimit & { readonly at: number; turnedAway: number }

/** An offer, its uses as exact as the store counts them, and what is told of it. Grows with its people and periods, never with orders. */
export type Tally = {
  readonly offer: LiveOffer
  readonly isDraft: boolean
  readonly buckets: Map<string, number>
  readonly gifts: Map<string, number>
  readonly people: Map<Buyer, number>
  readonly periods: Map<Buyer, Map<string, number>>
  readonly codes: Map<string, number>
  /** Points given in the period of the cap that was last: orders come in the order of time. */
  readonly capped: Map<Buyer, { readonly period: string; readonly points: number }>
  readonly reached: Map<string, Reached>
  uses: number
  discount: number
  given: number
  points: number
  cashback: number
  before: number
  after: number
  margin: Margin | undefined
  firstAt: number | undefined
  lastAt: number | undefined
}

export const newTally = (offer: LiveOffer, isDraft: boolean): Tally => ({
  offer,
  isDraft,
  buckets: new Map(),
  gifts: new Map(),
  people: new Map(),
  periods: new Map(),
  codes: new Map(),
  capped: new Map(),
  reached: new Map(),
  uses: 0,
  discount: 0,
  given: 0,
  points: 0,
  cashback: 0,
  before: 0,
  after: 0,
  margin: undefined,
  firstAt: undefined,
  lastAt: undefined,
})

const raise = <K>(counts: Map<K, number>, key: K, by = 1): void => void counts.set(key, (counts.get(key) ?? 0) + by)

/** The periods that a person's uses are counted by: those of limits, and that of the draw. */
const periodsAt = ({ offer: { terms, countsPersons } }: Tally, { at, timeZone }: UsePlace): readonly string[] => {
  if (!countsPersons && !terms.chance) return []
  const limits = bucketLimits(terms).flatMap(limit => (limit.by === 'person' ? [limit.period] : []))
  return [...new Set([...limits, ...(terms.chance ? [terms.chance.period] : [])].map(it => periodOf(it, at, timeZone)))]
}

/** What is used of an offer at a place, for a buyer and a code. */
export const usageOf = (tally: Tally, place: UsePlace, buyer: Buyer | undefined, code: string | undefined): Usage => {
  const { terms } = tally.offer
  const usage = {
    uses: tally.uses,
    budget: tally.discount,
    perPerson: buyer ? (tally.people.get(buyer) ?? 0) : 0,
    perCode: code === undefined ? 0 : (tally.codes.get(code) ?? 0),
  }
  const stock = Object.keys(stockOf(terms))
  if (terms.limits.per === undefined && stock.length === 0) return usage
  return {
    ...usage,
    buckets: Object.fromEntries(bucketsOf(terms, place).map(bucket => [bucket, tally.buckets.get(bucket) ?? 0])),
    person: Object.fromEntries(periodsAt(tally, place).map(period => [period, usesIn(tally, buyer, period)])),
    gifts: Object.fromEntries(stock.map(sku => [sku, tally.gifts.get(sku) ?? 0])),
  }
}

export const usesIn = (tally: Tally, buyer: Buyer | undefined, period: string): number =>
  (buyer && tally.periods.get(buyer)?.get(period)) ?? 0

const capOf = ({ terms: { benefit } }: LiveOffer) => kindOf(benefit).cap?.(benefit)

/** What a buyer may get of an offer of points in a period, and has got; undefined: as many as she likes. */
export const capAt = (tally: Tally, { at, timeZone }: UsePlace, buyer: Buyer | undefined) => {
  const cap = capOf(tally.offer)
  if (!cap) return undefined
  const last = buyer && tally.capped.get(buyer)
  const used = last?.period === periodOf(cap.period, at, timeZone) ? last.points : 0
  return { allowed: cap.points, used, period: cap.period }
}

/** Counts a use. */
export const countUse = (
  tally: Tally,
  { amount, code, gives }: Pick<Applied, 'amount' | 'code' | 'gives'>,
  place: UsePlace,
  buyer: Buyer | undefined,
  { before, after, margin }: Outcome,
): void => {
  const { limits } = tally.offer.terms
  tally.uses += 1
  tally.discount += amount
  tally.before += before
  tally.after += after
  if (margin) tally.margin = addMargin(tally.margin, margin)
  if (tally.firstAt === undefined || place.at < tally.firstAt) tally.firstAt = place.at
  if (tally.lastAt === undefined || place.at > tally.lastAt) tally.lastAt = place.at
  if (code !== undefined && limits.perCode !== undefined) raise(tally.codes, code)
  if (limits.per !== undefined) for (const bucket of bucketsOf(tally.offer.terms, place)) raise(tally.buckets, bucket)
  if (buyer) {
    raise(tally.people, buyer)
    for (const period of periodsAt(tally, place)) {
      const counts = tally.periods.get(buyer) ?? new Map<string, number>()
      tally.periods.set(buyer, counts)
      raise(counts, period)
    }
  }
  for (const it of gives) {
    if (it.what === 'points') {
      const cap = capAt(tally, place, buyer)
      tally.points += it.points
      if (cap && buyer) {
        const period = periodOf(cap.period, place.at, place.timeZone)
        tally.capped.set(buyer, { period, points: cap.used + it.points })
      }
    } else if (it.what === 'cashback') tally.cashback += it.amount
    else tally.given += it.what === 'entitlement' ? 1 : it.quantity
    if (it.what === 'gift') raise(tally.gifts, it.sku, it.quantity)
  }
  if (limits.uses !== undefined && tally.uses >= limits.uses)
    reach(tally, { limit: 'uses', allowed: limits.uses }, place.at)
  if (limits.budget !== undefined && tally.discount >= limits.budget.amount)
    reach(tally, { limit: 'budget', allowed: limits.budget.amount }, place.at)
  const stock = Object.entries(stockOf(tally.offer.terms))
  if (gives.length > 0 && stock.length > 0 && stock.every(([sku, most]) => (tally.gifts.get(sku) ?? 0) >= most))
    reach(tally, { limit: 'stock', allowed: stock.reduce((sum, [, most]) => sum + most, 0) }, place.at)
}

const reach = (tally: Tally, { limit, allowed, period }: ToldLimit, at: number): Reached => {
  const key = `${limit} ${period} ${allowed}`
  const known = tally.reached.get(key) ?? { limit, allowed, ...(period && { period }), at, turnedAway: 0 }
  tally.reached.set(key, known)
  return known
}

/** Counts an order that met an offer's conditions when a limit of it was reached. */
export const turnAway = (tally: Tally, limit: ToldLimit, at: number): void => {
  reach(tally, limit, at).turnedAway += 1
}

export const addMargin = (sum: Margin | undefined, more: Margin): Margin =>
  sum
    ? { revenue: sum.revenue + more.revenue, before: sum.before + more.before, after: sum.after + more.after }
    : { ...more }
