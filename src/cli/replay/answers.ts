import type { Order } from '../../sdk/index.ts'

/** An offer in the words of the data. */
export type OfferName = { readonly campaign: string; readonly code: string }

/** An answer in the words of the data: which coupon of which campaign applied, or what refused it. */
export const readAnswer = (answer: Order, names: ReadonlyMap<string, OfferName>) => {
  const [applied] = answer.applied
  const [refused] = answer.refused
  return {
    chosen: applied && names.get(applied.offer),
    refusal: applied ? undefined : refused?.reason,
    nearest: refused?.offer === undefined ? undefined : names.get(refused.offer),
  }
}
