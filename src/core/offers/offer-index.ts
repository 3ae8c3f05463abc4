import type { LiveOffer } from './live-offer.ts'

/** What an order is about, as far as offers are found by it. */
export type Subject = {
  readonly skus: readonly string[]
  readonly categories: readonly string[]
  readonly collections: readonly string[]
  readonly channel: string
  readonly location: string | undefined
  readonly currency: string
}

/** Offers by what an order must be about for them to apply at all. */
export type OfferIndex = {
  readonly all: readonly LiveOffer[]
  /** Every offer that may apply, or lack no more than an amount; by id. Never leaves one out that does. */
  readonly matching: (subject: Subject) => readonly LiveOffer[]
}

export const makeOfferIndex = (offers: readonly LiveOffer[]): OfferIndex => ({ all: offers, matching: () => offers })
