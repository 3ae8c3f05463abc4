import type { ConsentStates } from '../consent/consent.ts'
import type { Preferences } from '../consent/preferences.ts'
import type { Tender } from '../loyalty/tender.ts'
import type { Given } from '../offers/kinds/benefit-kind.ts'
import type { Fulfilment, GrantState } from '../offers/schema.ts'
import type { OrderState } from '../orders/schema.ts'
import type { Standing } from '../people/links.ts'
import type { Statistics } from '../rules/history.ts'

/** The rows of a world, as they lie in the tables: `server/commit/tables.ts` says each field's SQL type. */
export type Holder = {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly given: string
  readonly createdAt: number
  personId: string
  revision: number
  orders: number
  spend: Record<string, number>
  firstOrderAt: number | null
  lastOrderAt: number | null
  traits: Record<string, unknown>
  /** Why no link through it unites; null: links do. */
  standing: Standing | null
  /** Of an anonymous one: the holder whose person its behaviour joins, because an unverified link says so. Persons unite and part, holders stay. */
  behaviourId: string | null
  statistics: Statistics
  /** What the entries of its ledger come to. */
  consents: ConsentStates
  preferences: Preferences
  /** On the holder that names the person: when the clock alone may change which segments she is in. */
  dueAt: number | null
}

export type CodeClaim = {
  readonly offerId: string
  readonly shared: boolean
  readonly grantId: string | null
  readonly isBlocked: boolean
}

export type Grant = {
  readonly id: string
  readonly offerId: string
  readonly holderId: string
  readonly code: string | null
  readonly issuedAt: number
  readonly expiresAt: number | null
  /** Of an entitlement: what the person may have. */
  readonly title: string | null
  fulfilment: Fulfilment | null
  state: GrantState
  orderId: string | null
}

export type Basket = {
  readonly lines: readonly unknown[]
  readonly shipping: number
  readonly codes: readonly string[]
  readonly tenders?: readonly Tender[]
  readonly choices?: Readonly<Record<string, string>>
  /** Who served: decides nothing. */
  readonly clerk?: string
}

export type StoredOrder = {
  readonly id: string
  readonly holderId: string | null
  readonly state: OrderState
  readonly source: 'put' | 'event'
  readonly revision: number
  /** Raised by every write: tells a reader without locks that it is stale. */
  readonly touched: number
  readonly channel: string
  readonly location: string | null
  readonly currency: string
  readonly subtotal: number
  readonly discount: number
  readonly shipping: number
  readonly total: number
  readonly occurredAt: number
  readonly openedAt: number | null
  readonly placedAt: number | null
  readonly cancelledAt: number | null
  readonly heldUntil: number | null
  readonly requestHash: string
  readonly basket: Basket
  readonly decisionId: string
  /** What has come back of it; null: nothing. */
  readonly returned: Returned | null
  /** What a return decides with, where it has to decide again; else null. */
  readonly asThen: AsThen | null
  /** Of the offers it was decided with: beside the basket, the answer and the uses' offer versions the rest of the evidence. */
  readonly catalogueVersion: number
  readonly answer: string
}

/** An order as tiers count it: of one that is all back, only what was not refunded. */
export type NearOrder = {
  readonly id: string
  readonly holderId: string
  readonly at: number
  readonly currency: string
  readonly orders: number
  readonly spend: number
}

/** Units that came back by line id, as ranges `[first, last]` counted from 1; gifts by offer; money refunded so far. */
export type Returned = {
  readonly units: Readonly<Record<string, readonly (readonly [number, number])[]>>
  readonly gifts: readonly string[]
  readonly shipping: boolean
  readonly refunded: number
}

/** Facts and offers as they were when an order was placed: personal, and kept only where an offer is decided again on a return. */
export type AsThen = {
  readonly person: unknown
  readonly location: string | null
  /** Offers that fitted, whether they applied or another was better: id, version, code and grant. */
  readonly offers: readonly (readonly [string, number, string | null, string | null])[]
}

export type StoredReturn = {
  readonly orderId: string
  readonly id: string
  readonly seq: number
  readonly refund: number
  readonly requestHash: string
  readonly at: number
  readonly answer: string
}

/** That a person was first met by a campaign, and in which arm: it stays whatever becomes of her identifiers. */
export type Exposure = {
  readonly holderId: string
  readonly campaignId: string
  readonly arm: Arm
  readonly at: number
}
export type Arm = 'treatment' | 'holdout'

/** A draw of a surprise, won or lost: there is one a person and period, so that nobody rolls twice. */
export type Draw = {
  readonly offerId: string
  readonly offerVersion: number
  readonly holderId: string
  readonly period: string
  readonly draw: number
  readonly wins: number
  readonly outOf: number
  /** The order or event it was drawn at. */
  readonly cause: string
  readonly at: number
}

/** `withheld`: what a person who is held out would have been given; it counts for nothing. */
/** `leased`: a use of a person or a code that a till without a network may make, and nobody else. It counts for her, but in no counter. */
export type UseState = 'held' | 'redeemed' | 'released' | 'expired' | 'cancelled' | 'returned' | 'withheld' | 'leased'

/** What was given besides money, with the grants it made. */
export type GivenRecord = Given & { readonly grants?: readonly string[] }

export type StoredRedemption = {
  /** Or what else used the offer: `event/<message id>`, `claim/<decision id>`. */
  readonly orderId: string
  readonly seq: number
  readonly id: string
  readonly offerId: string
  readonly offerVersion: number
  readonly campaignId: string
  readonly holderId: string | null
  readonly code: string | null
  readonly useNo: number | null
  readonly grantId: string | null
  readonly location: string | null
  readonly currency: string
  /** Money off, on lines and shipping. */
  readonly amount: number
  given: readonly GivenRecord[] | null
  readonly arm: Arm | null
  readonly at: number
  channel: string
  revenue: number
  /** Of `amount`, what goods that came back have given back. */
  returned: number
  state: UseState
  heldUntil: number | null
}

/** `leased`: what tills may use up without asking. `overrun`: what came of written-off packs and found no room: so much may be beyond the limit. */
export type Counter = {
  used: number
  held: number
  leased: number
  overrun: number
  budgetUsed: number
  budgetHeld: number
  budgetLeased: number
  budgetOverrun: number
}

export const noCount: Counter = {
  used: 0,
  held: 0,
  leased: 0,
  overrun: 0,
  budgetUsed: 0,
  budgetHeld: 0,
  budgetLeased: 0,
  budgetOverrun: 0,
}

/** What a till was given to decide by; `closing`: its last entry is there, and others before it are not. */
export type StoredPack = {
  readonly id: string
  readonly deviceKey: string
  readonly keyId: string
  readonly channel: string
  readonly location: string
  readonly hashKey: string
  readonly issuedAt: number
  state: 'open' | 'closing' | 'closed' | 'writtenOff'
  /** Of the text: how often it was renewed. */
  revision: number
  /** Raised by every write of it or its leases: tells a reader without locks that it is stale. */
  touched: number
  renewedAt: number
  expiresAt: number
  /** How many places of the journal are filled, and the last of them. */
  entries: number
  lastSequence: number
  /** The closing entry's. */
  closesAt: number | null
  endedAt: number | null
  endedBy: string | null
}

/** What a pack has of one limit: in all, used up by entries, and gone back. The rest counts as `leased`. */
export type Lease = {
  readonly packId: string
  readonly offerId: string
  readonly bucket: string
  uses: number
  charged: number
  back: number
  overrun: number
  budget: number
  budgetCharged: number
  budgetBack: number
  budgetOverrun: number
}

/** An entry of a journal; `waiting`: goods came back of an order that is not there yet. */
export type StoredEntry = {
  readonly packId: string
  readonly id: string
  readonly sequence: number
  readonly kind: string
  readonly previous: string
  readonly hash: string
  readonly orderId: string | null
  readonly at: number
  readonly receivedAt: number
  state: 'settled' | 'waiting'
  /** Of a waiting one, which names nobody; null once it is settled. */
  body: unknown
  differences: readonly unknown[]
}

export type StoredAnswer = { readonly bodyHash: string; readonly status: number; readonly answer: string }

export type NewEvent = {
  readonly messageId: string
  readonly holderId: string
  readonly kind: string
  readonly name: string
  readonly channel: string | null
  readonly orderId: string | null
  readonly occurredAt: number
  readonly receivedAt: number
  readonly properties: unknown
  readonly personal: unknown
  /** The key it came in by; null: made here. */
  readonly sourceId: string | null
  /** A browser's key said it, which proves nothing. */
  readonly hearsay?: boolean
}

/** That a person (by the holder that names her), or somebody who was listed, is in a segment of this generation. */
export type Membership = {
  readonly holderId: string
  readonly segmentId: string
  readonly generation: number
  readonly enteredAt: number
}

/** A pair that somebody said are two people. */
export type NeverMerge = { readonly a: string; readonly b: string; readonly cause: string }

/** Who did what, and why, beside what other writes leave in the audit log. Nothing personal: it is kept for ever. */
export type NewAudit = {
  readonly id: string
  readonly at: number
  readonly keyId: string
  readonly action: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** A decision without an order: what a moment or an event was answered. */
export type NewDecision = {
  readonly id: string
  readonly holderId: string | null
  readonly kind: 'request' | 'event'
  /** The moment's name, or the event's message id. */
  readonly cause: string
  readonly channel: string | null
  readonly location: string | null
  readonly shown: boolean
  readonly at: number
  readonly answer: string
}
