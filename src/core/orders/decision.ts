import type { Refusal } from '../kernel/refusal.ts'
import type { Given } from '../offers/kinds/benefit-kind.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import type { PersonFacts } from '../rules/facts.ts'
import type { Combination } from '../workspaces/schema.ts'
import type { Candidate } from './check.ts'
import type { OrderLine } from './schema.ts'

/**
 * The decision: a pure function of everything it is given. Same input, bit-identical answer, on any machine and under
 * any process time zone (promise 8).
 */
export type DecisionInput = {
  /** When it counts as happening, epoch milliseconds: validity, local date and conditions read it. */
  readonly at: number
  /** The workspace's, for offers without one of their own. */
  readonly timeZone: string
  /** How offers combine. */
  readonly combination: Combination
  readonly order: {
    readonly id: string
    readonly currency: string
    readonly channel: string
    readonly location: string | undefined
    readonly lines: readonly OrderLine[]
    readonly shipping: number
    /** Types of payment, as far as the caller named them. */
    readonly tenders?: readonly string[]
    /** The item that was chosen where an offer lets one choose, by offer id. */
    readonly choices?: Readonly<Record<string, string>>
  }
  /** Undefined: nobody was named. */
  readonly person: PersonFacts | undefined
  /** One entry a code, in the order the caller gave them; no candidates: nobody knows the code. */
  readonly codes: readonly Claim[]
  /** Offers issued to the person without a code, and offers of any basket. */
  readonly unclaimed: readonly Candidate[]
  readonly inCollection: (sku: string, collection: string) => boolean
}

export type Claim = { readonly given: string; readonly code: string; readonly candidates: readonly Candidate[] }
export type { Candidate }

export type Applied = {
  readonly offer: LiveOffer
  readonly given: string | undefined
  readonly code: string | undefined
  readonly grantId: string | undefined
  /** Money off, lines and shipping. */
  readonly amount: number
  readonly shipping: number
  readonly gives: readonly Given[]
}

export type Refused = {
  readonly given: string | undefined
  readonly offer: LiveOffer | undefined
  readonly reason: Refusal
}

/** Units of a line that cost the same and for the same reasons; `each` is of one unit. */
export type UnitShares = {
  readonly quantity: number
  readonly each: number
  readonly discounts: readonly { readonly offer: string; readonly each: number }[]
}

/** Points of a programme that an order earns, and what each offer has to do with it. */
export type Earned = {
  readonly programme: string
  readonly points: number
  readonly qualifying: number
  readonly offers: readonly { readonly offer: LiveOffer; readonly points: number }[]
}

export type DecidedLine = {
  readonly id: string
  readonly subtotal: number
  readonly discount: number
  readonly total: number
  readonly discounts: readonly { readonly offer: string; readonly amount: number }[]
  /** In the order of the units. */
  readonly units: readonly UnitShares[]
}

export type Decision = {
  readonly totals: {
    readonly subtotal: number
    readonly discount: number
    readonly shipping: number
    readonly shippingDiscount: number
    readonly total: number
  }
  readonly lines: readonly DecidedLine[]
  readonly applied: readonly Applied[]
  readonly available: readonly { readonly offer: LiveOffer; readonly missing: Readonly<Record<string, unknown>> }[]
  readonly refused: readonly Refused[]
  /** What a person who is held out would have been given. */
  readonly withheld: readonly Applied[]
  /** The points that it earns, by programme, the order of offers kept; left out: none (`withPoints`). */
  readonly earned?: readonly Earned[]
  /** Every offer that fitted by itself, whether it applied or not. */
  readonly fitted: readonly Candidate[]
  /** Whether no combination saves the customer more; if not known, none can save more than the bound. */
  readonly search: { readonly isExact: boolean; readonly value: number; readonly bound: number }
}
