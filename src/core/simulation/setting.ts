import type { Programme } from '../loyalty/schema.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import type { Combination } from '../workspaces/schema.ts'

export type SimulationSetting = {
  readonly drafts: readonly LiveOffer[]
  /** Offers that are there already and go on; none where left out. */
  readonly live?: readonly LiveOffer[]
  readonly combination: Combination
  /** By id; offers of points of others give nothing. */
  readonly programmes?: ReadonlyMap<string, Programme> | undefined
  /** How many of those who are named are members of them, in percent; everybody where left out, and whoever is not named then, too. */
  readonly members?: number | undefined
  readonly timeZone: string
  /** Orders in another one are set aside: amounts of several are never added. */
  readonly currency: string
  /** Of orders before it, it is only counted who bought what; epoch milliseconds. */
  readonly from?: number
  readonly maxOffPercent?: number
  readonly collectionsOf?: (sku: string) => ReadonlySet<string> | undefined
  /** What surprises are drawn with: the same bytes for the same text, 8 at least. */
  readonly dice?: (text: string) => Uint8Array
}
