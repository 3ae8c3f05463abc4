import { type Period, periodKey } from '../kernel/time.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { BucketLimit, OfferTerms } from '../offers/schema.ts'

type Limited = Pick<OfferTerms, 'limits' | 'benefit'>

/** What a use is counted by: when and where it happened, and the gifts it gave. */
export type UsePlace = {
  readonly at: number
  readonly timeZone: string
  readonly location: string | null
  readonly channel: string
}

/** The limits of an offer that are counted in buckets, as a list. */
export const bucketLimits = ({ limits: { per } }: Pick<OfferTerms, 'limits'>): readonly BucketLimit[] =>
  per === undefined ? [] : Array.isArray(per) ? per : [per]

/**
 * The counter of a limit that a use falls into; undefined for limits per person, whose uses are counted one by one, and for a use
 * without a location, which no limit per location counts.
 *
 *     bucketOf({ uses: 100, period: 'day', by: 'location' }, place)   // 'location=store-12 day=2026-03-02'
 */
export const bucketOf = ({ period, by }: BucketLimit, place: UsePlace): string | undefined => {
  if (by === 'person' || (by === 'location' && place.location === null)) return undefined
  const where =
    by === 'location' ? [`location=${place.location}`] : by === 'channel' ? [`channel=${place.channel}`] : []
  return [...where, ...(period ? [`${period}=${periodKey(place.at, place.timeZone, period)}`] : [])].join(' ')
}

export const stockBucket = (sku: string): string => `gift=${sku}`

/** Every counter that a use of the offer raises, beside those of the offer as a whole; each once. */
export const bucketsOf = (terms: Limited, place: UsePlace): readonly string[] =>
  terms.limits.per === undefined ? [] : [...new Set(bucketLimits(terms).flatMap(limit => bucketOf(limit, place) ?? []))]

/** The gifts of an offer that are limited in number, by SKU. */
export const stockOf = ({ benefit }: Pick<OfferTerms, 'benefit'>): Readonly<Record<string, number>> =>
  // Without a prototype, so that a gift called "constructor" is not found where there is none.
  Object.assign(Object.create(null), kindOf(benefit).stock?.(benefit))

/** Whether uses in all, or the budget, are kept in a row of their own. */
export const isCounted = ({ limits }: Pick<OfferTerms, 'limits'>): boolean =>
  limits.uses !== undefined || limits.budget !== undefined

/** The period a time falls into; one for ever where there is none. */
export const periodOf = (period: Period | undefined, at: number, timeZone: string): string =>
  period === undefined ? 'ever' : `${period}=${periodKey(at, timeZone, period)}`

/**
 * Uses that are taken (held or redeemed) at this instant, not counting what the deciding order holds itself.
 * `budget` is in minor units of the offer's currency; `buckets` by the name of the counter, `person` by the period as `periodOf` writes
 * it, `gifts` by SKU.
 */
export type Usage = {
  readonly uses: number
  readonly perPerson: number
  readonly perCode: number
  readonly budget: number
  readonly buckets?: Readonly<Record<string, number>>
  readonly person?: Readonly<Record<string, number>>
  readonly gifts?: Readonly<Record<string, number>>
}

export const noUsage: Usage = { uses: 0, perPerson: 0, perCode: 0, budget: 0 }

export type LimitReached = {
  readonly limit: string
  readonly allowed: number
  readonly used: number
  readonly period?: string
}

/**
 * The first limit that one more use of `amount` would break, in the order uses, perPerson, perCode, per (as written), budget; undefined
 * when it fits. A budget is never overdrawn and never split: a use that does not fit whole is refused.
 *
 *     limitReached({ limits: { uses: 100 } }, { ...noUsage, uses: 100 }, 0, place)   // { limit: 'uses', allowed: 100, used: 100 }
 */
export const limitReached = (
  terms: Pick<OfferTerms, 'limits'>,
  usage: Usage,
  amount: number,
  place: UsePlace,
): LimitReached | undefined => {
  const { limits } = terms
  for (const limit of ['uses', 'perPerson', 'perCode'] as const) {
    const allowed = limits[limit]
    if (allowed !== undefined && usage[limit] + 1 > allowed) return { limit, allowed, used: usage[limit] }
  }
  for (const limit of bucketLimits(terms)) {
    const used = usedOf(limit, usage, place)
    if (used + 1 <= limit.uses) continue
    const limitName = limit.by === undefined || limit.by === 'offer' ? 'per' : `per ${limit.by}`
    return { limit: limitName, allowed: limit.uses, used, ...(limit.period && { period: limit.period }) }
  }
  const budget = limits.budget?.amount
  if (budget !== undefined && (usage.budget >= budget || usage.budget + amount > budget))
    return { limit: 'budget', allowed: budget, used: usage.budget }
  return undefined
}

const usedOf = (limit: BucketLimit, usage: Usage, place: UsePlace): number => {
  if (limit.by === 'person') return usage.person?.[periodOf(limit.period, place.at, place.timeZone)] ?? 0
  const bucket = bucketOf(limit, place)
  return bucket === undefined ? Number.NEGATIVE_INFINITY : (usage.buckets?.[bucket] ?? 0)
}

const raised = (counts: Readonly<Record<string, number>> = {}, names: readonly string[], by = 1) => ({
  ...counts,
  ...Object.fromEntries(names.map(name => [name, (counts[name] ?? 0) + by])),
})

/** The usage after one more use of `amount`. */
export const withUse = (terms: Limited, usage: Usage, amount: number, place: UsePlace): Usage => {
  const { uses, perPerson, perCode, budget } = usage
  const more = { uses: uses + 1, perPerson: perPerson + 1, perCode: perCode + 1, budget: budget + amount }
  const limits = bucketLimits(terms)
  if (limits.length === 0) return { ...usage, ...more }
  const periods = limits.filter(it => it.by === 'person').map(it => periodOf(it.period, place.at, place.timeZone))
  return {
    ...usage,
    ...more,
    buckets: raised(usage.buckets, bucketsOf(terms, place)),
    person: raised(usage.person, [...new Set(periods)]),
  }
}
