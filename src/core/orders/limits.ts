import type { OfferInput } from '../offers/schema.ts'

/**
 * Uses that are taken (held or redeemed) at this instant, not counting what the deciding order holds itself.
 * `budget` is in minor units of the offer's currency.
 */
export type Usage = {
  readonly uses: number
  readonly perPerson: number
  readonly perCode: number
  readonly budget: number
}

export const noUsage: Usage = { uses: 0, perPerson: 0, perCode: 0, budget: 0 }

export type LimitReached = {
  readonly limit: 'uses' | 'perPerson' | 'perCode' | 'budget'
  readonly allowed: number
  readonly used: number
}

/**
 * The first limit that one more use of `amount` would break, in the order uses, perPerson, perCode, budget; undefined when it fits.
 * A budget is never overdrawn and never split: a use that does not fit whole is refused.
 *
 *     limitReached({ uses: 100 }, { ...noUsage, uses: 100 }, 0)   // { limit: 'uses', allowed: 100, used: 100 }
 */
export const limitReached = (limits: OfferInput['limits'], usage: Usage, amount: number): LimitReached | undefined => {
  for (const limit of ['uses', 'perPerson', 'perCode'] as const) {
    const allowed = limits[limit]
    if (allowed !== undefined && usage[limit] + 1 > allowed) return { limit, allowed, used: usage[limit] }
  }
  const budget = limits.budget?.amount
  if (budget !== undefined && (usage.budget >= budget || usage.budget + amount > budget))
    return { limit: 'budget', allowed: budget, used: usage.budget }
  return undefined
}

/** The usage after one more use of `amount`. */
export const withUse = (usage: Usage, amount: number): Usage => ({
  uses: usage.uses + 1,
  perPerson: usage.perPerson + 1,
  perCode: usage.perCode + 1,
  budget: usage.budget + amount,
})
