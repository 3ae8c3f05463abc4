import type { LiveOffer } from '../offers/live-offer.ts'
import { necessaryKeys } from '../rules/necessary-keys.ts'

/** The items that offers are found by; an order is about nothing else to them. */
export type ItemsAsked = {
  readonly skus: ReadonlySet<string>
  readonly categories: ReadonlySet<string>
  readonly collections: ReadonlySet<string>
}

/**
 * Few of the items of a shop are named by an offer, and to look up each line of each order under all of them took as long as to decide.
 *
 *     itemsAsked(offers).skus.has('LATTE')   // some offer is found by it
 */
export const itemsAsked = (offers: readonly LiveOffer[]): ItemsAsked => {
  const keys = offers.flatMap(({ when, filters }) =>
    [...(when ? [when] : []), ...filters.values()].flatMap(condition => necessaryKeys(condition).flat()),
  )
  const under = (prefix: string) =>
    new Set(keys.flatMap(key => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])))
  return { skus: under('sku:'), categories: under('category:'), collections: under('collection:') }
}
