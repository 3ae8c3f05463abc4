// Generated from the contract by tools/generate-sdk.mjs; a test compares. Do not edit.
import type { CallFacts, CallOptions, List, StreamBody } from './call.ts'

export type Account = {
  /** owner/asset/kind */
  id: string
  /** A holder, a gift card, or `house` */
  owner: string
  asset: string
  kind:
    | 'main'
    | 'pending'
    | 'held'
    | 'debt'
    | 'issued'
    | 'earned'
    | 'burned'
    | 'expired'
    | 'returned'
    | 'adjusted'
    | 'fees'
  /** As it is booked. What the clock has to do by now is booked before anything else happens to the account. */
  balance: number
  /** It never falls below; null: nothing bounds it */
  floor: number | null
  /** Nothing in it becomes active or ends before */
  dueAt: string | null
  /** null: of the house */
  openedAt: string | null
}

export type Activity = {
  from: string
  to: string
  timeZone: string
  /** By bucket, then group; where nothing happened there is none */
  data: readonly ActivityRow[]
  usual?: {
    /** Of the four before, those in which anything happened */
    weeks: number
    /** Means of these weeks, under the buckets of now; hours without the offset */
    data: readonly UsualActivityRow[]
  }
}

export type ActivityRow = {
  /** On the clock of the time zone: 2026-03-01T09+01:00, 2026-03-01, 2026-W09 or 2026-03 */
  bucket: string
  /** The channel, location, campaign or offer; null: of all, or of none */
  group: string | null
  /** Placed and not cancelled; of offers and campaigns those that used them */
  orders: number
  /** Uses of offers, also those whose goods came back */
  used: number
  /** Of these, uses of which nothing is left */
  returned: number
  /** Grants issued; by channel and location nothing, for they have none */
  given: number
  /** One entry a currency, never added up */
  amounts: readonly {
    /** ISO 4217 code */
    currency: string
    /** Totals of all orders, less what was refunded; of offers 0 */
    sales: number
    /** What offers cost, less what returns gave back */
    discount: number
    /** Totals of orders that used an offer, less what was refunded */
    revenue: number
  }[]
}

export type Actor = {
  id: string
  kind: 'member' | 'key' | 'admin' | 'customer' | 'nobody'
  name: string | null
}

/** Value that somebody gave or took by hand, and why */
export type Adjustment = {
  id: string
  /** `proposed` waits for a second key, because it is above what one may adjust alone */
  state: 'proposed' | 'booked' | 'rejected'
  /** Who holds it now */
  person: string
  asset: string
  amount: number
  reason: 'goodwill' | 'complaint' | 'correction' | 'migration' | 'fraud' | 'other'
  note: string | null
  effectiveAt: string | null
  /** Key id */
  proposedBy: string
  proposedAt: string
  /** The second key; null where one was enough */
  decidedBy: string | null
  decidedAt: string | null
  /** In the ledger */
  transaction: string | null
  /** The adjustment that this one takes back */
  reverses: string | null
}

export type AdjustmentInput = {
  person: string
  /** Its points */
  programme?: string
  /** Instead of `programme` */
  asset?: string
  /** Points or minor units; below zero it takes away */
  amount: number
  reason: 'goodwill' | 'complaint' | 'correction' | 'migration' | 'fraud' | 'other'
  /** In words, for the auditor: with `other` it must be there. Name nobody in it: it is kept for ever */
  note?: string
  /** When it counts as happening, in the past; now where it is left out. The month it is booked in is that of this time, or the open one where that is closed */
  effectiveAt?: string
}

export type AdjustmentReversalInput = {
  reason: 'goodwill' | 'complaint' | 'correction' | 'migration' | 'fraud' | 'other'
  /** In words, for the auditor: with `other` it must be there. Name nobody in it: it is kept for ever */
  note?: string
}

export type AdjustmentSettings = {
  /** By asset, in points or minor units: an adjustment of more, up or down, waits for a second key. What is not named never does */
  secondPersonAbove: Record<string, number>
  /** By asset: what one person, with whichever of her keys, adjusts up and down, gives as store credit or issues on gift cards in a day of the workspace, added up. An adjustment beyond it waits for a second key, the others are refused. Left out for an asset, 10 times what it needs a second key for; where nothing does, no limit */
  alonePerDay?: Record<string, number>
}

export type AdjustmentSettingsGiven = {
  /** By asset, in points or minor units: an adjustment of more, up or down, waits for a second key. What is not named never does */
  secondPersonAbove?: Record<string, number>
  /** By asset: what one person, with whichever of her keys, adjusts up and down, gives as store credit or issues on gift cards in a day of the workspace, added up. An adjustment beyond it waits for a second key, the others are refused. Left out for an asset, 10 times what it needs a second key for; where nothing does, no limit */
  alonePerDay?: Record<string, number>
}

export type Alias = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'alias' | null
  previousId: string | number
  [more: string]: unknown
}

/** A fixed amount off the order, chosen items, or each of their units */
export type AmountOff = {
  kind: 'amountOff'
  /** Minor units, or CEL over `order` that gives them */
  amount: number | string
  /** ISO 4217 code */
  currency: string
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** `order` (where left out): once. `unit`: off every unit that matches. */
  each?: 'order' | 'unit'
  /** With `unit`: at most so many, the dearest first */
  maxUnits?: number
}

export type AttentionItem = {
  code:
    | 'audit_finding'
    | 'job_failed'
    | 'source_failing'
    | 'limit_used_up'
    | 'limit_nearly_used'
    | 'budget_gone'
    | 'budget_nearly_gone'
    | 'codes_used_up'
    | 'codes_nearly_used_up'
    | 'offers_conflict'
    | 'points_expiring'
    | 'closing_overdue'
    | 'holdout_running'
  severity: 'problem' | 'warning' | 'notice'
  /** A sentence in English; `details` hold what another language needs */
  message: string
  details: Record<string, unknown>
  link: LinkTarget
}

/** The stored rows of value, added up again */
export type Audit = {
  job: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  startedAt: string
  updatedAt: string
  /** How much is off; 0 is the only good answer */
  found: number
  checks: readonly {
    name: string
    /** What holds where nothing is found */
    holds: string
    /** How many it has looked at */
    rows: number
    found: number
  }[]
  /** The first 100 */
  findings: readonly AuditFinding[]
}

/** Of a field that is too long to be kept here, before and after are null */
export type AuditChange = {
  field: string
  before: unknown
  after: unknown
}

export type AuditEntry = {
  id: string
  at: string
  actor: Actor
  /** The name of the call */
  action: string
  /** The id of what it was about */
  subject: string
  outcome: 'done' | 'refused'
  /** The code, where it was refused: sign-ins only */
  refusal: string | null
  requestId: string | null
  /** Where the call asks for one out of a list */
  reason: string | null
  /** Of settings, offers, programmes and the like: what is different now */
  changes: readonly AuditChange[]
}

export type AuditFinding = {
  /** 1: transactions sum to zero, balances are sums of postings; 2: limits count what was used; 4: a hold ends once; 14: lots are what balances are */
  promise: 1 | 2 | 4 | 14
  /** A word for what is off, such as "balance" */
  what: string
  /** The account, lot, transaction or offer */
  subject: string
  is: number
  should: number
  /** The same as a sentence */
  says: string
}

export type Batch = {
  batch: readonly Event[]
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  [more: string]: unknown
}

/** What is given */
export type Benefit =
  | PercentOff
  | AmountOff
  | FixedPrice
  | TieredSpend
  | BuyXGetY
  | Bundle
  | FreeItem
  | FreeShipping
  | ShippingOff
  | GiveOffer
  | Entitlement
  | Cashback
  | Points

/** What is given */
export type BenefitGiven =
  | PercentOff
  | AmountOff
  | FixedPrice
  | TieredSpend
  | BuyXGetY
  | Bundle
  | FreeItem
  | FreeShipping
  | ShippingOff
  | GiveOffer
  | Entitlement
  | CashbackGiven
  | Points

/** A kind of benefit, as it describes itself */
export type BenefitKind = {
  kind: string
  title: string
  about: string
  form: readonly {
    /** Where it stands in the benefit */
    field: string
    label: string
    input: 'percent' | 'money' | 'number' | 'lines' | 'choice' | 'text' | 'offer' | 'tiers' | 'items' | 'switch'
    help: string
  }[]
  examples: readonly Record<string, unknown>[]
  /** Where an offer may give it: at a basket, at an event, asked for without a basket */
  moments: readonly ('order' | 'event' | 'request')[]
  /** JSON Schema of the benefit */
  schema: Record<string, unknown>
}

export type Brand = {
  id: string
  name: string
  website?: string
  createdAt: string
  updatedAt: string
}

/** A name that customers know, where a business has several */
export type BrandInput = {
  name: string
  website?: string
}

/** These items together for one price: a menu, a set, 3 for 10 */
export type Bundle = {
  kind: 'bundle'
  items: readonly {
    /** CEL over `line`: which lines. All where left out. */
    lines?: string
    quantity: number
  }[]
  /** What one of each item, in its quantity, costs together */
  price: number
  /** ISO 4217 code */
  currency: string
  /** At most so many bundles an order; no limit where left out */
  times?: number
}

/** Who buys some items gets others, or more of the same, free or for less */
export type BuyXGetY = {
  kind: 'buyXGetY'
  buy: {
    quantity: number
    /** CEL over `line`: which lines. All where left out. */
    lines?: string
  }
  get: {
    quantity: number
    /** CEL over `line`: what is got. The same items where left out. */
    lines?: string
    /** Off what is got; 100, which is free, where left out */
    percent?: number
    /** Which units are got; the cheapest where left out */
    pick?: 'cheapest' | 'dearest'
  }
  /** At most so many times an order; no limit where left out */
  times?: number
}

/** A purpose with a schedule and an audience; owns offers. */
export type Campaign = {
  id: string
  name: string
  goal: string | null
  from: string | null
  to: string | null
  audience: 'everyone' | 'members'
  state: 'live' | 'paused' | 'ended'
  tags: readonly string[]
  /** Percent of the people who are held out: decided for as everybody, and given nothing */
  holdout?: number
  createdAt: string
  updatedAt: string
}

export type CampaignInput = {
  name: string
  goal?: string
  /** Inclusive. No offer of the campaign applies before it. */
  from?: string
  /** Exclusive. */
  to?: string
  /** `members`: only people added to the campaign. */
  audience?: 'everyone' | 'members'
  state?: 'live' | 'paused' | 'ended'
  tags?: readonly string[]
  /** Percent of the people who are held out: decided for as everybody, and given nothing */
  holdout?: number
}

export type CampaignPatch = {
  name?: string
  goal?: string | null
  from?: string | null
  to?: string | null
  audience?: 'everyone' | 'members'
  state?: 'live' | 'paused' | 'ended'
  tags?: readonly string[]
  /** Percent of the people who are held out: decided for as everybody, and given nothing */
  holdout?: number
}

export type CampaignReport = {
  campaign: string
  name: string
  state: 'live' | 'paused' | 'ended'
  /** Persons in the audience */
  members: number
  /** Persons whom the campaign met in different arms, because links made them one since: what is measured of them says nothing */
  conflicts: number
  /** Grants and unique codes that were issued in the period */
  issued: number
  /** With members: the share of them who redeemed in the period; else of what was issued in the period the share that was used in it. Rounded to 4 decimals, never more than 1. null: there are no members and nothing was issued. */
  redemptionRate: number | null
  /** Uses held right now */
  held: number
  /** Uses redeemed, and neither cancelled nor returned */
  redeemed: number
  /** Uses of which nothing is left, because the goods came back */
  returned: number
  /** Distinct persons who redeemed */
  people: number
  /** Distinct orders that redeemed */
  orders: number
  /** Discount given and total of the orders (each once), less what returns gave back; one entry a currency, never added up */
  amounts: readonly {
    /** ISO 4217 code */
    currency: string
    discount: number
    revenue: number
  }[]
  channels: readonly ChannelReport[]
  offers: readonly OfferReport[]
}

/** Gives uses and budget back */
export type CancelInput = {
  state: 'cancelled'
  revision?: number
}

/** A part of what is paid comes back as money for later orders */
export type Cashback = {
  kind: 'cashback'
  /** Of what is paid with money */
  percent?: number
  /** Minor units, in the place of `percent` */
  amount?: number
  /** Of `amount` and `max`, which need it; the order must have it */
  currency?: string
  /** At most so much an order */
  max?: number
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** Can be spent so many days later: a return window. At once where left out */
  pending?: {
    days: number
  }
  /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
  expiry?:
    | {
        kind: 'after'
        days?: number
        months?: number
      }
    | {
        kind: 'endOf'
        period: 'month' | 'year'
        /** So many periods after the one it is earned in */
        periods: number
      }
    | {
        kind: 'sliding'
        /** All that is left ends so many days after she last earned or spent */
        days: number
      }
}

/** A part of what is paid comes back as money for later orders */
export type CashbackGiven = {
  kind: 'cashback'
  /** Of what is paid with money */
  percent?: number
  /** Minor units, in the place of `percent` */
  amount?: number
  /** Of `amount` and `max`, which need it; the order must have it */
  currency?: string
  /** At most so much an order */
  max?: number
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** Can be spent so many days later: a return window. At once where left out */
  pending?: {
    days: number
  }
  /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
  expiry?:
    | {
        kind: 'after'
        days?: number
        months?: number
      }
    | {
        kind: 'endOf'
        period: 'month' | 'year'
        /** So many periods after the one it is earned in */
        periods?: number
      }
    | {
        kind: 'sliding'
        /** All that is left ends so many days after she last earned or spent */
        days: number
      }
}

export type CashbackOfOrder = {
  offer: string
  amount: number
  /** ISO 4217 code */
  currency: string
  state: 'active' | 'pending'
  /** Of what is pending */
  activeAt: string | null
  /** From when on it is gone; null: it stays */
  expiresAt: string | null
}

export type Channel = {
  /** Where contact happens */
  id: string
  name: string
  /** Offers can be shown there */
  canShow: boolean
  /** Orders come from there */
  canRedeem: boolean
  /** Messages can be sent by it */
  canContact: boolean
  /** Of one message */
  costPerContact?: Money
  createdAt: string
  updatedAt: string
}

/** Where contact happens, and what can be done there */
export type ChannelInput = {
  name: string
  /** Offers can be shown there */
  canShow?: boolean
  /** Orders come from there */
  canRedeem?: boolean
  /** Messages can be sent by it */
  canContact?: boolean
  /** Of one message */
  costPerContact?: Money
}

export type ChannelReport = {
  channel: string
  /** Uses held right now */
  held: number
  /** Uses redeemed, and neither cancelled nor returned */
  redeemed: number
  /** Uses of which nothing is left, because the goods came back */
  returned: number
  /** Distinct persons who redeemed */
  people: number
  /** Distinct orders that redeemed */
  orders: number
  /** Discount given and total of the orders (each once), less what returns gave back; one entry a currency, never added up */
  amounts: readonly {
    /** ISO 4217 code */
    currency: string
    discount: number
    revenue: number
  }[]
}

export type ClaimBack = {
  decision: string
  offer: string
  redemption: string
  /** Points that went back to the lots they came from */
  price?: {
    programme: string
    points: number
  }
  /** Grants that the claim made and that are void now */
  revoked: readonly string[]
}

export type ClaimBackInput = {
  offer: string
}

export type Clerk = {
  id: string
  name: string
  /** May allow what a clerk may not, such as another price, with a reason */
  supervisor: boolean
  /** Where she serves; none: everywhere */
  locations: readonly string[]
  active: boolean
  /** For a till’s key alone */
  pinCheck?: PinCheck
  createdAt: string
  updatedAt: string
}

export type ClerkInput = {
  name: string
  /** What the clerk types; only a slow hash of it is kept */
  pin: string
  /** May allow what a clerk may not, such as another price, with a reason */
  supervisor?: boolean
  /** Where she serves; none: everywhere */
  locations?: readonly string[]
}

export type ClerkPatch = {
  name?: string
  /** What the clerk types; only a slow hash of it is kept */
  pin?: string
  /** May allow what a clerk may not, such as another price, with a reason */
  supervisor?: boolean
  /** Where she serves; none: everywhere */
  locations?: readonly string[]
  /** false: no till takes the PIN any more */
  active?: boolean
}

export type ClockMove =
  | {
      /** By so much (ISO 8601); months and years as the workspace’s time zone counts them */
      forward: string
    }
  | {
      /** To this instant */
      to: string
    }

/** A month whose books are closed */
export type Closing = {
  /** A month in the time zone of the workspace */
  period: string
  /** `closing`: it takes nothing more and is being added up; ask again to close it to go on. `open`: it was only looked at, or a job found something in the way */
  state: 'open' | 'closing' | 'closed'
  /** Key id */
  closedBy: string | null
  closedAt: string | null
  /** As they were when it was closed */
  rows: readonly LiabilityRow[]
  /** Of a dry run or a job: why it is refused */
  blockers: readonly {
    code: string
    message: string
    details: Record<string, unknown>
  }[]
}

export type ClosingInput = {
  /** A month in the time zone of the workspace */
  period: unknown & unknown
}

export type Code = {
  code: string
  offer: string
  campaign: string
  shared: boolean
  grant: string | null
  uses: number
  held: number
  createdAt: string
  /** Since when it cannot be used; null: it is not blocked */
  blockedAt: string | null
}

export type CodeRefusal = {
  order: string
  /** When the order counts as happening */
  at: string
  /** Of the order, now */
  state: 'open' | 'placed' | 'returned' | 'cancelled'
  channel: string
  location: string | null
  person: string | null
  personName: string | null
  /** Of several the nearest; null: nobody knew the code */
  offer: string | null
  reason: Refusal
}

export type CodeSet = {
  /** `issued`: each came with a grant, to somebody */
  kind: 'generated' | 'imported' | 'issued'
  /** That made them */
  job: string | null
  shared: boolean
  codes: number
  /** Codes that are redeemed or held at least once */
  used: number
  blocked: number
  /** One of them */
  example: string
  /** Of the first */
  createdAt: string
}

export type CodeUpdate = {
  blocked: boolean
  /** Only for this offer; for all that it belongs to where left out */
  offer?: string
}

export type CodesImported = {
  imported: number
}

/** Generate unique codes (a job), or import given ones. */
export type CodesInput =
  | {
      count: number
      /** Each # becomes a random character; the rest stands as it is; a check character is appended. */
      pattern?: string
    }
  | {
      codes: readonly string[]
      shared?: boolean
    }

/** A named set of SKUs that offers refer to: inCollection(line.sku, "coffee"). */
export type Collection = {
  id: string
  description: string
  size: number
  createdAt: string
  updatedAt: string
}

export type CollectionInput = {
  description?: string
  skus?: readonly string[]
}

export type Combination = {
  /** The legal combination that saves the customer most, or the offers of the highest priority */
  policy: 'bestForCustomer' | 'priority'
  /** At most so many offers an order */
  perOrder?: number
  /** At most so many offers of a group an order */
  perGroup: Record<string, number>
}

export type CombinationGiven = {
  /** The legal combination that saves the customer most, or the offers of the highest priority */
  policy?: 'bestForCustomer' | 'priority'
  /** At most so many offers an order */
  perOrder?: number
  /** At most so many offers of a group an order */
  perGroup?: Record<string, number>
}

export type ComputedTrait = {
  /** Conditions read it as `person.computed.<name>` */
  name: string
  /** What answers now; null while the first is counted */
  definition: ComputedTraitDefinition | null
  /** What answers as soon as all past events are counted for it */
  next: ComputedTraitDefinition | null
  state: 'ready' | 'building'
  /** Raised by every change; 0 while the first is counted */
  generation: number
  createdAt: string
  updatedAt: string
}

export type ComputedTraitDefinition =
  | {
      kind: 'cel'
      /** About `person` and `local` */
      expression: string
    }
  | {
      kind: 'count'
      /** The name of the events */
      event: string
      /** What of the event; of a list or an object nothing is kept */
      property?: string
      /** Only of today and the days before it; left out, ever */
      days?: number
      /** Whether events count that a browser’s key reports: anybody may send any. Left out, only those of servers and tills, so that what is worth money can hang on it */
      browsers?: boolean
    }
  | {
      kind: 'sum'
      /** The name of the events */
      event: string
      /** What of the event; of a list or an object nothing is kept */
      property: string
      /** Only of today and the days before it; left out, ever */
      days?: number
      /** Whether events count that a browser’s key reports: anybody may send any. Left out, only those of servers and tills, so that what is worth money can hang on it */
      browsers?: boolean
    }
  | {
      kind: 'last'
      /** The name of the events */
      event: string
      /** What of the event; of a list or an object nothing is kept */
      property: string
      /** Only of today and the days before it; left out, ever */
      days?: number
      /** Whether events count that a browser’s key reports: anybody may send any. Left out, only those of servers and tills, so that what is worth money can hang on it */
      browsers?: boolean
    }
  | {
      kind: 'mostFrequent'
      /** The name of the events */
      event: string
      /** What of the event; of a list or an object nothing is kept */
      property: string
      /** Only of today and the days before it; left out, ever */
      days?: number
      /** Whether events count that a browser’s key reports: anybody may send any. Left out, only those of servers and tills, so that what is worth money can hang on it */
      browsers?: boolean
    }

export type ConflictsInput = {
  draft: DraftOffer
  /** The offer that the draft is a new version of */
  replaces?: string
}

/** An entry of the ledger; nothing changes or deletes one */
export type ConsentEvidence = {
  id: string
  /** As `type:value` */
  address: string
  holder: string
  channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  purpose: string
  state: 'requested' | 'given' | 'withdrawn'
  at: string
  how: 'form' | 'doubleOptIn' | 'clerk' | 'call' | 'reply' | 'oneClick' | 'preferencePage' | 'import' | 'api'
  textVersion: string | null
  language: string | null
  /** A key’s id, or `person` */
  by: string
  evidence: Record<string, unknown>
  recordedAt: string
  /** Whether it is the entry that counts */
  stands: boolean
}

export type ConsentImported = {
  address: PersonRef
  channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  purpose: string
  state: 'given' | 'withdrawn'
  /** When she said it; of secret and admin keys. Now where left out, and then newer than what is known */
  at?: string
  how?: 'form' | 'doubleOptIn' | 'clerk' | 'call' | 'reply' | 'oneClick' | 'preferencePage' | 'import' | 'api'
  /** Which text she agreed to */
  textVersion?: string
  /** Of that text */
  language?: string
  /** What proves it: kept apart, because it may name her, and gone when she is erased */
  evidence?: Record<string, string | number | boolean>
}

export type ConsentInput = {
  /** As `type:value`; the reference in the path where left out */
  address?: PersonRef
  channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  purpose: string
  state: 'given' | 'withdrawn'
  /** When she said it; of secret and admin keys. Now where left out, and then newer than what is known */
  at?: string
  /** `api` where left out */
  how?: 'form' | 'doubleOptIn' | 'clerk' | 'call' | 'reply' | 'oneClick' | 'preferencePage' | 'import' | 'api'
  /** Which text she agreed to */
  textVersion?: string
  /** Of that text */
  language?: string
  /** What proves it: kept apart, because it may name her, and gone when she is erased */
  evidence?: Record<string, string | number | boolean>
}

/** The path is all it takes to confirm: send it to the address only */
export type ConsentRequest = {
  id: string
  path: string
  expiresAt: string
}

export type ConsentRequestInput = {
  /** As `type:value`; the reference in the path where left out */
  address?: PersonRef
  channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  purpose: string
  /** Which text she agreed to */
  textVersion?: string
  /** Of that text */
  language?: string
}

/** What holds for an address, a channel and a purpose or topic */
export type ConsentStanding = {
  /** As `type:value` */
  address: string
  holder: string
  channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  purpose: string
  state: 'requested' | 'given' | 'withdrawn'
  at: string
  how: 'form' | 'doubleOptIn' | 'clerk' | 'call' | 'reply' | 'oneClick' | 'preferencePage' | 'import' | 'api'
  textVersion: string | null
  language: string | null
  /** A key’s id, or `person` */
  by: string
  /** Whether this address may be contacted right now, or why not */
  contact: 'allowed' | 'noConsent' | 'requested' | 'withdrawn' | 'channelOff' | 'topicOff' | 'paused' | 'quietHours'
}

export type Consents = {
  person: string
  consents: readonly ConsentStanding[]
  preferences: Preferences
  /** What conditions are answered by `consented(channel, purpose)`: some address has given it, none stands withdrawn, and the channel or topic is not turned off */
  permitted: readonly string[]
}

export type ConsentsImport = {
  consents: readonly ConsentImported[]
}

export type ConsentsImported = {
  recorded: number
  /** How many count: of the others something newer is known */
  standing: number
}

export type ConsentsPut = {
  consents?: readonly ConsentInput[]
  preferences?: PreferencesInput
}

export type ConsentsRecorded = {
  person: string
  recorded: readonly {
    id: string
    holder: string
    channel: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
    /** One of marketing, service, research, profiling, or a topic of the workspace */
    purpose: string
    state: 'requested' | 'given' | 'withdrawn'
    at: string
    /** False: something newer is known */
    stands: boolean
  }[]
  preferences: Preferences
  /** What conditions are answered by `consented(channel, purpose)`: some address has given it, none stands withdrawn, and the channel or topic is not turned off */
  permitted: readonly string[]
}

/** Store credit given to somebody */
export type Credit = {
  /** Of the transaction */
  id: string
  person: string
  amount: number
  /** ISO 4217 code */
  currency: string
  reason: string
  expiresAt: string | null
  /** Credit of this currency that the person can spend now */
  balance: number
}

export type CreditInput = {
  person: PersonRef
  amount: number
  /** The workspace’s where left out */
  currency?: string
  /** A code of your own; no free text, which might name somebody */
  reason: string
  /** Left out, it does not end */
  expiresAt?: string
}

/** Marks it as a demo, for ever: it has a clock of its own that can be moved forward, and it can be deleted. No other workspace can become one */
export type DemoInput = {
  /** What its clock shows at first: an instant of the last 20 years. Left out, now */
  startsAt?: string
}

export type DemoState = {
  /** What its clock shows */
  now: string
  /** So far is it ahead of the real time; below 0: behind */
  aheadSeconds: number
}

/** An offer as in `POST /v1/offers`; its campaign may be left out. The first draft has the id off_draft000000000000000000001, the second …2, should one give another. */
export type DraftOffer = {
  campaign?: string
  name: string
  /** `code`: a code in the order claims it. `grant`: it was issued to the person. `basket`: any basket that fits. `event`: an event of that name gives it, once an event. `request`: shown, and claimed, at a moment without a basket (`POST /v1/decisions`). */
  trigger:
    | {
        on: 'code' | 'grant' | 'basket'
      }
    | {
        on: 'event'
        event: string
      }
    | {
        on: 'request'
        /** Only at these moments */
        moments?: readonly string[]
      }
  /** CEL over order (or event, or moment, as it is triggered), person, campaign, channel, location, local */
  when?: string
  benefit: BenefitGiven
  channels?: {
    show?: readonly string[]
    redeem?: readonly string[]
  }
  /** How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest. */
  stacking?: {
    priority?: number
    group?: string
    /** `group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none. */
    exclusive?: boolean | 'group' | 'order'
    /** The price it reckons with: before any discount, or after those before it (where left out) */
    base?: 'initial' | 'running'
    /** Applies only beside these groups and offers; any where left out, none where empty */
    combinesWith?: readonly string[]
  }
  /** A surprise: drawn when the order is placed or the event comes, never at a question */
  chance?: {
    wins: number
    outOf: number
    /** One draw a person and period; one for ever where left out */
    period?: 'hour' | 'day' | 'week' | 'month'
  }
  /** What gifts, grants and entitlements count for when the best combination is sought; nothing where left out */
  worth?: Money
  /** A reward: claiming it at a moment (`request`) costs so many points */
  price?: {
    programme: string
    points: number
  }
  /** When goods come back and the condition no longer holds: `keep` what was given, `proRata` (where left out), or `reprice` what remains as of then. Returned units give back their share of a discount in any case. */
  onReturn?: 'keep' | 'proRata' | 'reprice'
  limits?: {
    uses?: number
    perPerson?: number
    perCode?: number
    /** So many uses in a period, at a location, on a channel; one or several */
    per?:
      | {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }
      | readonly {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }[]
    /** Discount given in all, in the offer’s currency. */
    budget?: Money
  }
  validity?: {
    /** Inclusive */
    from?: string
    /** Exclusive */
    to?: string
    /** A grant ends so many local days after it was issued. */
    grantDays?: number
    /** IANA name; the workspace’s where left out */
    timeZone?: string
  }
  state?: 'live' | 'paused' | 'ended'
}

export type Draw = {
  person: string
  /** Of the offer */
  version: number
  /** `ever`, or the period of the offer, in which there is one draw a person */
  period: string
  /** From 0; the lowest `wins` numbers of `outOf` win */
  draw: number
  wins: number
  outOf: number
  won: boolean
  /** Drawn again for this answer, from the workspace’s secret, the offer’s version, the person’s oldest identifier of then and the period, and it is the same */
  verified: boolean
  /** The order it was drawn at, or `event/` and the message */
  cause: string
  at: string
}

export type Draws = {
  data: readonly Draw[]
  nextCursor: string | null
  totals: {
    drawn: number
    won: number
    /** Wins that the odds promise for so many draws */
    expected: number
  }
}

export type Earned = {
  programme: string
  points: number
  state: 'active' | 'pending'
  /** Of pending ones; null: when what they wait for happens */
  activeAt: string | null
  /** From when on they are gone; null: they stay */
  expiresAt: string | null
  offers: readonly {
    offer: string
    points: number
  }[]
}

/** A free upgrade, a membership, an experience or merchandise, to be fulfilled */
export type Entitlement = {
  kind: 'entitlement'
  entitlement: 'upgrade' | 'membership' | 'experience' | 'merchandise'
  /** What it is, as customers read it */
  title: string
  /** Valid for so many days; without end where left out */
  days?: number
}

export type EntrySeen = {
  id: string
  sequence: number
  kind: 'sale' | 'return' | 'giveBack' | 'close'
  order: string | null
  at: string
  receivedAt: string
  state: 'settled' | 'waiting'
  differences: readonly JournalDifference[]
}

export type EntrySettled = {
  id: string
  /** `waiting`: goods came back of an order that has not arrived. `known`: it was settled before. */
  state: 'settled' | 'waiting' | 'known' | 'refused'
  differences: readonly JournalDifference[]
  refusal?: Refusal
}

/** That somebody was erased: who asked, when and why; nothing personal. */
export type Erasure = {
  /** Null for a dry run: nothing is erased */
  id: string | null
  workspace: string
  /** `erasing`: nobody finds her any more, and a job erases the rest of the browsers that are probably hers and empties what was left behind */
  state: 'dryRun' | 'erasing' | 'done'
  at: string
  /** The key that asked for it */
  by: string
  reason: string
  requestId: string | null
  person: string
  /** Her identifiers, by what is left of them */
  holders: readonly string[]
  /** Rows that held something about her */
  counts: {
    identifiers: number
    links: number
    segments: number
    consents: number
    /** Not used; they are void, and so are their codes */
    grants: number
    orders: number
    events: number
    /** That she was in */
    programmes: number
    /** Out of her wallet: they pay for whoever holds the code, as before */
    giftCards: number
    /** What she had and nobody can spend any more, by asset: `{ "points:club": 640, "credit:EUR": 500 }` */
    value: Record<string, number>
  }
  /** Of what was too much for one commit */
  job: string | null
}

export type ErasureInput = {
  /** A code of your own; no free text, which might name somebody. It is kept for ever */
  reason: string
  /** Chosen by the caller, such as a ticket: the same id is one erasure for ever */
  requestId?: string
}

export type Event =
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'track'
      event: string
      properties?: Record<string, unknown> | null
      [more: string]: unknown
    }
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'identify'
      traits?: Record<string, unknown> | null
      [more: string]: unknown
    }
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'page'
      name?: string | null
      properties?: Record<string, unknown> | null
      [more: string]: unknown
    }
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'screen'
      name?: string | null
      properties?: Record<string, unknown> | null
      [more: string]: unknown
    }
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'group'
      groupId: string | number
      traits?: Record<string, unknown> | null
      [more: string]: unknown
    }
  | {
      /** Sent twice, an event counts once. */
      messageId?: string | null
      userId?: string | number | null
      anonymousId?: string | number | null
      timestamp?: string | null
      originalTimestamp?: string | null
      /** The sender’s clock when it sent; corrects its skew. */
      sentAt?: string | null
      context?: {
        channel?: string | null
        /** false: identifiers that come together are not proven one human */
        verified?: boolean | null
        /** true: it tells of the past, as an import does; it counts, and no offer answers it */
        history?: boolean | null
        traits?: Record<string, unknown> | null
        /** Of who sits at the browser; is not stored */
        personToken?: string | null
        [more: string]: unknown
      } | null
      type: 'alias'
      previousId: string | number
      [more: string]: unknown
    }

export type EventsStored = {
  success: true
  /** Events that are new */
  stored: number
  /** Events whose messageId had come before; they count once */
  known: number
}

export type ExplainedPart = {
  part: string
  depth: number
  /** What it makes of the parts under it, if any */
  is: 'all' | 'any' | 'not' | 'part'
  value: boolean
  error?: string
  /** What was read of the person, and what it was */
  reads?: readonly {
    what: string
    value: unknown
  }[]
}

/** Chosen items cost a fixed price, each unit or the whole line */
export type FixedPrice = {
  kind: 'fixedPrice'
  price: number
  /** ISO 4217 code */
  currency: string
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** `unit` (where left out): each unit costs the price. `line`: each line as a whole does. */
  each?: 'unit' | 'line'
  /** At most so many units, the dearest first */
  maxUnits?: number
}

/** A gift or sample, of the customer’s choice where there are several */
export type FreeItem = {
  kind: 'freeItem'
  items: readonly {
    sku: string
    /** What customers read; the SKU where left out */
    name?: string
    /** How many there are; no limit where left out */
    stock?: number
  }[]
  /** How many of the item; 1 where left out */
  quantity?: number
}

/** No charge for shipping, or none up to an amount */
export type FreeShipping = {
  kind: 'freeShipping'
  /** At most this much of the shipping */
  upTo?: Money
}

export type FulfilmentInput = {
  state: 'pending' | 'fulfilled'
}

/** Money on a code: whoever holds the code may spend it */
export type GiftCard = {
  id: string
  code: string
  /** ISO 4217 code */
  currency: string
  /** On it once it is activated */
  initial: number
  /** That can be spent */
  balance: number
  /** Set aside by open orders */
  held: number
  state: 'issued' | 'active' | 'blocked'
  /** In whose wallet it is */
  person: string | null
  issuedAt: string
  activatedAt: string | null
  /** Null before it is activated, or where it does not end */
  expiresAt: string | null
  /** Null: it is not blocked */
  blockedAt: string | null
  /** What was said when it was blocked */
  blockedFor: 'lost' | 'stolen' | 'fraud' | 'mistake' | 'other' | null
}

export type GiftCardBalance = {
  /** ISO 4217 code */
  currency: string
  balance: number
  expiresAt: string | null
}

export type GiftCardToCheck = {
  code: string
}

export type GiftCardToKeep = {
  code: string
  /** Left out: whoever the token stands for */
  person?: PersonRef
}

export type GiftCards = {
  data: readonly GiftCard[]
}

export type GiftCardsInput = {
  /** Minor units on each, once it is activated */
  amount: number
  /** The workspace’s where left out */
  currency?: string
  /** More than 150 are issued by a job */
  count?: number
  /** Codes that are printed already, in the place of `count`: nobody may be able to guess them */
  codes?: readonly string[]
  /** Ready to pay; else a till activates it when it is sold */
  active?: boolean
  /** Lasts so many days from its activation */
  days?: number
  /** Or until then. Without either it does not end */
  expiresAt?: string
}

/** Issues another offer to the person, such as a coupon for the next visit */
export type GiveOffer = {
  kind: 'giveOffer'
  /** The offer that is issued to the person; its trigger is `grant` */
  offer: string
  /** How many grants of it; 1 where left out */
  quantity?: number
}

/** An offer issued to someone. */
export type Grant = {
  id: string
  offer: string
  name: string
  /** In English; `benefit` holds what another language needs */
  sentence: string
  /** What it gives; `…` stands for a condition over items or a formula */
  benefit: Benefit
  person: string
  state: 'issued' | 'held' | 'redeemed' | 'returned' | 'expired' | 'revoked'
  code: string | null
  issuedAt: string
  expiresAt: string | null
  /** Of an entitlement: what the person may have */
  title?: string
  /** Of an entitlement: whether it has been handed over */
  fulfilment?: 'pending' | 'fulfilled'
}

export type GrantOfOffer = {
  id: string
  offer: string
  name: string
  /** In English; `benefit` holds what another language needs */
  sentence: string
  /** What it gives; `…` stands for a condition over items or a formula */
  benefit: Benefit
  person: string
  state: 'issued' | 'held' | 'redeemed' | 'returned' | 'expired' | 'revoked'
  code: string | null
  issuedAt: string
  expiresAt: string | null
  /** Of an entitlement: what the person may have */
  title?: string
  /** Of an entitlement: whether it has been handed over */
  fulfilment?: 'pending' | 'fulfilled'
  /** As her traits tell it; null: they do not */
  personName: string | null
}

export type GrantsCreated = {
  data: readonly Grant[]
}

export type GrantsInput =
  | {
      people: readonly string[]
      withCode?: boolean
    }
  | {
      segment: string
      withCode?: boolean
    }

export type Group = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'group' | null
  groupId: string | number
  traits?: Record<string, unknown> | null
  [more: string]: unknown
}

export type Health = {
  /** ok: it can serve right now */
  status: 'ok' | 'unavailable'
  version: string
  /** What was looked at, and what was found */
  checks: Record<string, string>
}

/** People who share one pool of a programme’s points. Nothing moves into it. */
export type Household = {
  id: string
  programme: string
  name: string
  members: readonly {
    person: string
    mayBurn: boolean
    since: string
    /** Points of hers that can be spent */
    balance: number
  }[]
  /** What all have together */
  balance: number
  createdAt: string
  updatedAt: string
}

export type HouseholdInput = {
  programme: string
  name: string
  members: readonly {
    person: PersonRef
    /** Whether she may spend what the others have */
    mayBurn?: boolean
  }[]
}

export type HouseholdPatch = {
  name?: string
  /** Who is in it from now on; whoever is left out leaves and keeps what is hers */
  members?: readonly {
    person: PersonRef
    /** Whether she may spend what the others have */
    mayBurn?: boolean
  }[]
}

/** A typed value that points to someone. */
export type Identifier = {
  /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
  type: string
  value: string
  given: string
}

export type IdentifierTypeRule = {
  /** So many of a person; 1: it is unique */
  atMost: number
  /** Links of types with lower numbers are believed first */
  priority: number
}

export type Identify = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'identify' | null
  traits?: Record<string, unknown> | null
  [more: string]: unknown
}

/** Which links unite */
export type IdentityRules = {
  /** By type; one that is not named: 50, priority 60 */
  types: Record<string, IdentifierTypeRule>
  /** An identifier that is linked to more different people’s identifiers of one type than this stops linking */
  shared: number
  /** Identifiers that may hang together before they are quarantined */
  component: number
  /** `value` or `type:value` that is nobody’s, `*` for any text */
  blocked: readonly string[]
}

/** Laid over the defaults: types one by one, the others as a whole */
export type IdentitySettings = {
  /** By type; one that is not named: 50, priority 60 */
  types?: Record<string, IdentifierTypeRule>
  /** An identifier that is linked to more different people’s identifiers of one type than this stops linking */
  shared?: number
  /** Identifiers that may hang together before they are quarantined */
  component?: number
  /** `value` or `type:value` that is nobody’s, `*` for any text */
  blocked?: readonly string[]
}

export type Invitation = {
  /** Shown this once; opens a page that sets a password and signs in. */
  link: string
  expiresAt: string
}

/** Long work, done in small commits; it goes on where it stood after a crash. */
export type Job = {
  id: string
  kind: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  /** How much of `total` is stored */
  done: number
  total: number | null
  /** Once done; of a simulation its report */
  result: SimulationReport | Record<string, unknown> | null
  /** Why it failed; with `code` and `details` where it is a refusal */
  error: {
    message: string
    code?: string
    details?: Record<string, unknown>
  } | null
  createdAt: string
  updatedAt: string
}

export type JoinInput = {
  /** Where she joined */
  source?: string
  /** The version of the terms that she agreed to; the programme’s where left out */
  terms?: string
  /** For members of before; secret and admin keys only */
  joinedAt?: string
}

export type JoinLink = {
  path: string
  expiresAt: string
}

export type JoinLinkInput = {
  person: PersonRef
  source?: string
  /** How long it can be opened */
  days?: number
}

/** `applied`, `not_applied`: an offer that the server would (not) have applied, with its amount. `overrun`: more than the limit had left, which only happens after a write-off. `chain`: the entries before or after it are others. */
export type JournalDifference = {
  what:
    | 'applied'
    | 'not_applied'
    | 'amount'
    | 'total'
    | 'points'
    | 'refund'
    | 'order_known'
    | 'order_over'
    | 'offer_unknown'
    | 'person_unknown'
    | 'tender_not_taken'
    | 'time'
    | 'chain'
    | 'overrun'
    | 'not_returned'
  /** The offer, order, programme or limit that it is about */
  subject: string
  told: number
  now: number
}

/** `sale`: what was sold, and what the till decided. `return`: goods that came back. `giveBack`: slices that the till does without from now on. `close`: the last entry; all that is left goes back. */
export type JournalEntry =
  | {
      /** The till’s own: the same entry is settled once, for ever */
      id: string
      /** Counts up from 1 in the pack */
      sequence: number
      /** SHA-256 of the entry before it, base64url; of the first the pack’s id */
      previous: string
      at: string
      /** The device’s, Ed25519, over the entry without its signature as JSON with sorted keys (RFC 8785) */
      signature: string
      kind: 'sale'
      order: string
      /** Who served */
      clerk?: string
      person?: string
      /** The leased person that the till took the buyer for */
      leased?: string
      /** ISO 4217 code */
      currency: string
      lines: readonly OrderLine[]
      shipping?: number
      codes?: readonly string[]
      tenders?: readonly string[]
      choices?: Record<string, string>
      told: ToldDecision
    }
  | {
      /** The till’s own: the same entry is settled once, for ever */
      id: string
      /** Counts up from 1 in the pack */
      sequence: number
      /** SHA-256 of the entry before it, base64url; of the first the pack’s id */
      previous: string
      at: string
      /** The device’s, Ed25519, over the entry without its signature as JSON with sorted keys (RFC 8785) */
      signature: string
      kind: 'return'
      order: string
      return: ReturnInput
      /** What was paid out */
      refund: number
    }
  | {
      /** The till’s own: the same entry is settled once, for ever */
      id: string
      /** Counts up from 1 in the pack */
      sequence: number
      /** SHA-256 of the entry before it, base64url; of the first the pack’s id */
      previous: string
      at: string
      /** The device’s, Ed25519, over the entry without its signature as JSON with sorted keys (RFC 8785) */
      signature: string
      kind: 'giveBack'
      slices: readonly {
        offer: string
        bucket: string
        uses?: number
        budget?: number
      }[]
    }
  | {
      /** The till’s own: the same entry is settled once, for ever */
      id: string
      /** Counts up from 1 in the pack */
      sequence: number
      /** SHA-256 of the entry before it, base64url; of the first the pack’s id */
      previous: string
      at: string
      /** The device’s, Ed25519, over the entry without its signature as JSON with sorted keys (RFC 8785) */
      signature: string
      kind: 'close'
    }

export type JournalInput = {
  entries: readonly JournalEntry[]
}

export type JournalSettled = {
  entries: readonly EntrySettled[]
  pack: {
    /** `closing`: the last entry is there and others before it are not. `writtenOff`: an operator took back what was unknown. */
    state: 'open' | 'closing' | 'closed' | 'writtenOff'
    entries: number
    last: number
    missing: number
  }
  /** What others have nothing left of: the till may give so much back (`giveBack`) */
  wanted: readonly {
    offer: string
    bucket: string
    uses: number
    budget: number
  }[]
}

export type Key = {
  id: string
  name: string
  scope: 'secret' | 'publishable' | 'till'
  channel: string | null
  location: string | null
  createdAt: string
  revokedAt: string | null
}

export type KeyCreated = {
  id: string
  name: string
  scope: 'secret' | 'publishable' | 'till'
  channel: string | null
  location: string | null
  createdAt: string
  revokedAt: string | null
  /** Shown this once; only its hash is kept. */
  key: string
}

export type KeyInput = {
  name: string
  scope: 'secret' | 'publishable' | 'till'
  /** The channel of what this key sends when the call names none. */
  channel?: string
  /** A till key belongs to one location. */
  location?: string
}

export type KeyRotation = {
  /** How long the old key still works */
  graceSeconds?: number
}

/** What is owed in one asset, and what moved it in one month */
export type LiabilityRow = {
  /** `points:<programme>`, or money: `credit:`, `cashback:`, `giftCard:` and a currency */
  asset: string
  /** A month in the time zone of the workspace */
  period: string
  /** The month takes nothing more */
  closed: boolean
  /** The closing of the month before */
  opening: number
  /** Put on gift cards and given as store credit */
  issued: number
  earned: number
  /** What had been spent and came back with goods */
  givenBack: number
  /** What had been earned and went back with goods; below zero */
  takenBack: number
  /** Spent; below zero */
  burned: number
  /** Ended unspent; below zero */
  expired: number
  /** By hand, up and down */
  adjusted: number
  /** Kept by the house when people give to each other; below zero */
  fees: number
  /** What is owed at the end: the four below together */
  closing: number
  spendable: number
  /** Earned, and cannot be spent yet */
  pending: number
  /** Set aside for orders that are open */
  held: number
  /** What people owe in turn; never above zero */
  debt: number
  /** Closing less opening and what moved it: 0, unless rows were changed by hand */
  unexplained: number
  /** What it is worth at the end of the month; null: nothing */
  rate: {
    points: number
    worth: {
      amount: number
      /** ISO 4217 code */
      currency: string
    }
  } | null
  /** The same in minor units, each at the rate at the end of the month, so that opening and movements add up to closing */
  money: {
    /** ISO 4217 code */
    currency: string
    opening: number
    /** Put on gift cards and given as store credit */
    issued: number
    earned: number
    /** What had been spent and came back with goods */
    givenBack: number
    /** What had been earned and went back with goods; below zero */
    takenBack: number
    /** Spent; below zero */
    burned: number
    /** Ended unspent; below zero */
    expired: number
    /** By hand, up and down */
    adjusted: number
    /** Kept by the house when people give to each other; below zero */
    fees: number
    /** What another rate than that of the month before made of the opening, and what rounding leaves over */
    revalued: number
    /** What is owed at the end: the four below together */
    closing: number
    spendable: number
    /** Earned, and cannot be spent yet */
    pending: number
    /** Set aside for orders that are open */
    held: number
    /** What people owe in turn; never above zero */
    debt: number
  } | null
}

export type LimitUsed = {
  offer: string
  name: string
  limit: 'perPerson' | 'per'
  /** null: ever */
  period: 'hour' | 'day' | 'week' | 'month' | null
  allowed: number
  /** Held uses too */
  used: number
  left: number
  endsAt: string | null
}

/** Evidence that two holders are one human; verified links unite. */
export type Link = {
  a: string
  b: string
  verified: boolean
  source: 'event' | 'order' | 'clerk' | 'import' | 'split'
  /** Id of the message, order, request or split */
  cause: string
  /** Of the earliest evidence */
  firstSeenAt: string
  suppressed:
    | 'unverified'
    | 'removed'
    | 'blocked'
    | 'shared'
    | 'uniqueType'
    | 'tooMany'
    | 'differentPeople'
    | 'neverMerge'
    | 'quarantined'
    | null
  /** Somebody took it away; later evidence does not bring it back */
  removedAt: string | null
}

export type LinkInput = {
  /** An identifier; a person id stands for the identifier that names her */
  a: PersonRef
  b: PersonRef
  /** Only verified links unite */
  verified?: boolean
  source?: 'clerk' | 'import'
  /** Why, for the audit log, which is kept for ever: so nothing personal */
  reason?: string
}

/** Where one looks further */
export type LinkTarget = {
  to: 'offer' | 'source' | 'audits' | 'job' | 'closings' | 'programme' | 'order' | 'person' | 'key' | 'workspace'
  id: string | null
}

export type Linked = {
  /** Of `a`; in a dry run that would make her, an id that she will not have */
  person: string
  /** Whether both are one person */
  merged: boolean
  /** Why the link does not unite */
  suppressed:
    | 'unverified'
    | 'removed'
    | 'blocked'
    | 'shared'
    | 'uniqueType'
    | 'tooMany'
    | 'differentPeople'
    | 'neverMerge'
    | 'quarantined'
    | null
  /** The same for people to read */
  sentence: string | null
  /** Between the two */
  links: readonly Link[]
  /** Everybody whom the identifiers and their persons of before are now */
  persons: readonly PersonNow[]
}

export type Location = {
  id: string
  name: string
  /** IANA name; the workspace’s where left out */
  timeZone?: string
  /** Id of a brand */
  brand?: string
  address?: string
  tills: readonly {
    id: string
    name: string
  }[]
  createdAt: string
  updatedAt: string
}

/** A store, a counter, a machine */
export type LocationInput = {
  name: string
  /** IANA name; the workspace’s where left out */
  timeZone?: string
  /** Id of a brand */
  brand?: string
  address?: string
  tills?: readonly {
    id: string
    name: string
  }[]
}

export type LoggedRequest = {
  id: string
  at: string
  /** Its name */
  call: string
  method: string
  /** Without what may be personal or secret: `/v1/people/email:…` */
  path: string
  status: number
  ms: number
  actor: Actor
  requestId: string
  /** Where it was refused; `…` stands for what may be personal */
  refusal: {
    code: string
    sentence: string
    errors: readonly {
      pointer: string
      message: string
    }[]
  } | null
  /** Its body is kept: it says nothing of a person and holds no secret */
  replayable: boolean
}

/** Someone in the audience of a campaign */
export type Member = {
  person: string
  addedAt: string
}

export type MembersAdded = {
  added: number
  members: number
}

export type MembersInput = {
  people: readonly string[]
}

export type MembersRemoved = {
  removed: number
}

export type MembersToAdd =
  | MembersInput
  | {
      segment: string
    }

/** What a verified link of two people would do. Nothing is stored. */
export type MergePreview = {
  /** Whether a verified link would make them one person (or they are) */
  merged: boolean
  /** They are one person now */
  already: boolean
  suppressed:
    | 'unverified'
    | 'removed'
    | 'blocked'
    | 'shared'
    | 'uniqueType'
    | 'tooMany'
    | 'differentPeople'
    | 'neverMerge'
    | 'quarantined'
    | null
  sentence: string
  /** Of the first, afterwards */
  person: string
  /** Everybody whom the identifiers and their persons of before are now */
  persons: readonly PersonNow[]
  orders: {
    first: number
    second: number
    together: number
  }
  /** Minor units for each currency */
  spend: Record<
    string,
    {
      first: number
      second: number
      together: number
    }
  >
  /** Offers with a limit for each person that either has used; at most 1,000 */
  offers: readonly {
    offer: string
    name: string
    /** Uses for each person */
    limit: number
    /** In which they count, such as `day`; null: ever */
    period: string | null
    first: number
    second: number
    together: number
    /** Nothing is taken back, but the next use is refused */
    nextRefused: boolean
  }[]
  /** What both hold, oldest first; at most 1,000 */
  grants: readonly {
    grant: string
    offer: string
    name: string
    of: 'first' | 'second'
    state: 'issued' | 'held' | 'redeemed' | 'returned' | 'expired' | 'revoked'
    issuedAt: string
    /** Of an offer for once, and the other has one that came earlier */
    duplicate: boolean
  }[]
  /** What is permitted, where either was asked */
  consents: readonly {
    channel: string
    purpose: string
    first: boolean
    second: boolean
    /** The most restrictive of both */
    together: boolean
  }[]
  /** Campaigns that met the two in different arms */
  arms: readonly {
    /** null: the hold-out of the whole workspace */
    campaign: string | null
    first: 'treatment' | 'holdout'
    second: 'treatment' | 'holdout'
    /** Of the first exposure */
    together: 'treatment' | 'holdout'
  }[]
  segments: {
    first: readonly string[]
    second: readonly string[]
  }
  /** Of programmes that either is in or has points of */
  points: readonly {
    programme: string
    name: string
    first: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
      member: boolean
      /** Together: what both have qualified for, at once */
      tier: string | null
    }
    second: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
      member: boolean
      /** Together: what both have qualified for, at once */
      tier: string | null
    }
    /** What one person would have. Nothing moves: a split parts it again */
    together: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
      member: boolean
      /** Together: what both have qualified for, at once */
      tier: string | null
    }
  }[]
  /** Store credit and cashback that either has */
  money: readonly {
    kind: 'credit' | 'cashback'
    /** ISO 4217 code */
    currency: string
    first: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
    }
    second: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
    }
    together: {
      /** That can be spent, in the smallest unit; what is owed is paid first */
      balance: number
      pending: number
      held: number
      debt: number
    }
  }[]
  /** In the wallet of either, and of both when they are one; at most 1,000 */
  giftCards: readonly {
    card: string
    of: 'first' | 'second'
    lastFour: string
    state: 'issued' | 'active' | 'blocked'
    /** ISO 4217 code */
    currency: string
    balance: number
  }[]
}

export type MomentDecision = {
  /** Null where nothing is stored */
  id: string | null
  person: string | null
  moment: string
  channel: string
  offers: readonly {
    /** From 1: priority, then worth, then what ends first */
    rank: number
    offer: string
    name: string
    /** In English; `benefit` holds what another language needs */
    sentence: string
    /** What it gives; `…` stands for a condition over items or a formula */
    benefit: Benefit
    campaign: string
    /** `claim`: taken by naming it under `claim`. `grant`, `code`: was issued to the person, and redeemed in an order by itself or by its code. `basket`: applies by itself to a basket that fits. */
    how: 'claim' | 'grant' | 'code' | 'basket'
    claimable: boolean
    grant?: string
    code?: string
    expiresAt: string | null
    worth?: Money
    /** A reward: claiming it at a moment (`request`) costs so many points */
    price?: {
      programme: string
      points: number
    }
    /** What a basket needs for it, as far as that is a number; of a reward the points that it lacks */
    missing?: Record<string, unknown>
  }[]
  claimed: readonly {
    offer: string
    name: string
    redemption: string
    gives: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Points that it took */
    price?: {
      programme: string
      points: number
    }
  }[]
  /** Of what was to be claimed, and of what was issued to the person; with `explain` of up to 500 offers that are not shown */
  refused: readonly {
    offer: string
    /** Left out where there is no such offer */
    name?: string
    grant?: string
    reason: Refusal
  }[]
  /** What somebody who is held out would have seen or been given; secret and admin keys only */
  withheld?: readonly {
    offer: string
    name: string
  }[]
}

export type MomentInput = {
  /** A person id or type:value */
  person?: string
  /** The key’s where left out */
  channel?: string
  location?: string
  /** Only offers that fit it; where left out offers of any are shown, and worth counts in the workspace’s */
  currency?: string
  /** Where the person is now, in your words */
  moment: string
  /** At most so many offers */
  limit?: number
  /** Keep that this was shown */
  record?: boolean
  /** Tell of every offer that could be shown on this channel why it is not; for all but publishable keys */
  explain?: boolean
  /** Offers that the person takes now; of what was shown those that are claimable */
  claim?: readonly string[]
}

/** Integer minor units and their currency: 500 EUR is 5.00 euros. */
export type Money = {
  amount: number
  /** ISO 4217 code */
  currency: string
}

/** A rule that gives value. A change of its terms makes a new version. */
export type Offer = {
  campaign: string
  name: string
  /** `code`: a code in the order claims it. `grant`: it was issued to the person. `basket`: any basket that fits. `event`: an event of that name gives it, once an event. `request`: shown, and claimed, at a moment without a basket (`POST /v1/decisions`). */
  trigger:
    | {
        on: 'code' | 'grant' | 'basket'
      }
    | {
        on: 'event'
        event: string
      }
    | {
        on: 'request'
        /** Only at these moments */
        moments?: readonly string[]
      }
  /** CEL over order (or event, or moment, as it is triggered), person, campaign, channel, location, local */
  when?: string
  benefit: Benefit
  channels: {
    show?: readonly string[]
    redeem?: readonly string[]
  }
  /** How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest. */
  stacking: {
    priority: number
    group?: string
    /** `group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none. */
    exclusive?: boolean | 'group' | 'order'
    /** The price it reckons with: before any discount, or after those before it (where left out) */
    base?: 'initial' | 'running'
    /** Applies only beside these groups and offers; any where left out, none where empty */
    combinesWith?: readonly string[]
  }
  /** A surprise: drawn when the order is placed or the event comes, never at a question */
  chance?: {
    wins: number
    outOf: number
    /** One draw a person and period; one for ever where left out */
    period?: 'hour' | 'day' | 'week' | 'month'
  }
  /** What gifts, grants and entitlements count for when the best combination is sought; nothing where left out */
  worth?: Money
  /** A reward: claiming it at a moment (`request`) costs so many points */
  price?: {
    programme: string
    points: number
  }
  /** When goods come back and the condition no longer holds: `keep` what was given, `proRata` (where left out), or `reprice` what remains as of then. Returned units give back their share of a discount in any case. */
  onReturn?: 'keep' | 'proRata' | 'reprice'
  limits: {
    uses?: number
    perPerson?: number
    perCode?: number
    /** So many uses in a period, at a location, on a channel; one or several */
    per?:
      | {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }
      | readonly {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }[]
    /** Discount given in all, in the offer’s currency. */
    budget?: Money
  }
  validity: {
    /** Inclusive */
    from?: string
    /** Exclusive */
    to?: string
    /** A grant ends so many local days after it was issued. */
    grantDays?: number
    /** IANA name; the workspace’s where left out */
    timeZone?: string
  }
  state: 'live' | 'paused' | 'ended'
  id: string
  version: number
  /** The benefit in plain words */
  sentence: string
  createdAt: string
  updatedAt: string
}

export type OfferConflict = {
  kind: 'exclusive' | 'duplicate'
  offer: string
  name: string
}

export type OfferInput = {
  campaign: string
  name: string
  /** `code`: a code in the order claims it. `grant`: it was issued to the person. `basket`: any basket that fits. `event`: an event of that name gives it, once an event. `request`: shown, and claimed, at a moment without a basket (`POST /v1/decisions`). */
  trigger:
    | {
        on: 'code' | 'grant' | 'basket'
      }
    | {
        on: 'event'
        event: string
      }
    | {
        on: 'request'
        /** Only at these moments */
        moments?: readonly string[]
      }
  /** CEL over order (or event, or moment, as it is triggered), person, campaign, channel, location, local */
  when?: string
  benefit: BenefitGiven
  channels?: {
    show?: readonly string[]
    redeem?: readonly string[]
  }
  /** How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest. */
  stacking?: {
    priority?: number
    group?: string
    /** `group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none. */
    exclusive?: boolean | 'group' | 'order'
    /** The price it reckons with: before any discount, or after those before it (where left out) */
    base?: 'initial' | 'running'
    /** Applies only beside these groups and offers; any where left out, none where empty */
    combinesWith?: readonly string[]
  }
  /** A surprise: drawn when the order is placed or the event comes, never at a question */
  chance?: {
    wins: number
    outOf: number
    /** One draw a person and period; one for ever where left out */
    period?: 'hour' | 'day' | 'week' | 'month'
  }
  /** What gifts, grants and entitlements count for when the best combination is sought; nothing where left out */
  worth?: Money
  /** A reward: claiming it at a moment (`request`) costs so many points */
  price?: {
    programme: string
    points: number
  }
  /** When goods come back and the condition no longer holds: `keep` what was given, `proRata` (where left out), or `reprice` what remains as of then. Returned units give back their share of a discount in any case. */
  onReturn?: 'keep' | 'proRata' | 'reprice'
  limits?: {
    uses?: number
    perPerson?: number
    perCode?: number
    /** So many uses in a period, at a location, on a channel; one or several */
    per?:
      | {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }
      | readonly {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }[]
    /** Discount given in all, in the offer’s currency. */
    budget?: Money
  }
  validity?: {
    /** Inclusive */
    from?: string
    /** Exclusive */
    to?: string
    /** A grant ends so many local days after it was issued. */
    grantDays?: number
    /** IANA name; the workspace’s where left out */
    timeZone?: string
  }
  state?: 'live' | 'paused' | 'ended'
}

/** Fields that are present replace the offer’s. */
export type OfferPatch = {
  name?: string
  when?: string | null
  benefit?: BenefitGiven
  channels?: {
    show?: readonly string[]
    redeem?: readonly string[]
  }
  /** How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest. */
  stacking?: {
    priority?: number
    group?: string
    /** `group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none. */
    exclusive?: boolean | 'group' | 'order'
    /** The price it reckons with: before any discount, or after those before it (where left out) */
    base?: 'initial' | 'running'
    /** Applies only beside these groups and offers; any where left out, none where empty */
    combinesWith?: readonly string[]
  }
  chance?: {
    wins: number
    outOf: number
    /** One draw a person and period; one for ever where left out */
    period?: 'hour' | 'day' | 'week' | 'month'
  } | null
  worth?: Money | null
  price?: {
    programme: string
    points: number
  } | null
  onReturn?: 'keep' | 'proRata' | 'reprice'
  limits?: {
    uses?: number
    perPerson?: number
    perCode?: number
    /** So many uses in a period, at a location, on a channel; one or several */
    per?:
      | {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }
      | readonly {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }[]
    /** Discount given in all, in the offer’s currency. */
    budget?: Money
  }
  validity?: {
    /** Inclusive */
    from?: string
    /** Exclusive */
    to?: string
    /** A grant ends so many local days after it was issued. */
    grantDays?: number
    /** IANA name; the workspace’s where left out */
    timeZone?: string
  }
  state?: 'live' | 'paused' | 'ended'
}

export type OfferReport = {
  offer: string
  name: string
  state: 'live' | 'paused' | 'ended'
  /** Grants and unique codes that were issued in the period */
  issued: number
  /** With members: the share of them who redeemed in the period; else of what was issued in the period the share that was used in it. Rounded to 4 decimals, never more than 1. null: there are no members and nothing was issued. */
  redemptionRate: number | null
  /** Uses held right now */
  held: number
  /** Uses redeemed, and neither cancelled nor returned */
  redeemed: number
  /** Uses of which nothing is left, because the goods came back */
  returned: number
  /** Distinct persons who redeemed */
  people: number
  /** Distinct orders that redeemed */
  orders: number
  /** Discount given and total of the orders (each once), less what returns gave back; one entry a currency, never added up */
  amounts: readonly {
    /** ISO 4217 code */
    currency: string
    discount: number
    revenue: number
  }[]
  /** What tills gave beyond a limit after they had been written off, since ever */
  overruns?: readonly {
    limit: string
    uses: number
    budget: number
  }[]
  channels: readonly ChannelReport[]
}

export type OfferVersion = {
  name: string
  /** `code`: a code in the order claims it. `grant`: it was issued to the person. `basket`: any basket that fits. `event`: an event of that name gives it, once an event. `request`: shown, and claimed, at a moment without a basket (`POST /v1/decisions`). */
  trigger:
    | {
        on: 'code' | 'grant' | 'basket'
      }
    | {
        on: 'event'
        event: string
      }
    | {
        on: 'request'
        /** Only at these moments */
        moments?: readonly string[]
      }
  /** CEL over order (or event, or moment, as it is triggered), person, campaign, channel, location, local */
  when?: string
  benefit: Benefit
  channels: {
    show?: readonly string[]
    redeem?: readonly string[]
  }
  /** How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest. */
  stacking: {
    priority: number
    group?: string
    /** `group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none. */
    exclusive?: boolean | 'group' | 'order'
    /** The price it reckons with: before any discount, or after those before it (where left out) */
    base?: 'initial' | 'running'
    /** Applies only beside these groups and offers; any where left out, none where empty */
    combinesWith?: readonly string[]
  }
  /** A surprise: drawn when the order is placed or the event comes, never at a question */
  chance?: {
    wins: number
    outOf: number
    /** One draw a person and period; one for ever where left out */
    period?: 'hour' | 'day' | 'week' | 'month'
  }
  /** What gifts, grants and entitlements count for when the best combination is sought; nothing where left out */
  worth?: Money
  /** A reward: claiming it at a moment (`request`) costs so many points */
  price?: {
    programme: string
    points: number
  }
  /** When goods come back and the condition no longer holds: `keep` what was given, `proRata` (where left out), or `reprice` what remains as of then. Returned units give back their share of a discount in any case. */
  onReturn?: 'keep' | 'proRata' | 'reprice'
  limits: {
    uses?: number
    perPerson?: number
    perCode?: number
    /** So many uses in a period, at a location, on a channel; one or several */
    per?:
      | {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }
      | readonly {
          uses: number
          /** In the offer’s time zone; weeks begin on Monday. Ever where left out. */
          period?: 'hour' | 'day' | 'week' | 'month'
          /** Counted for the offer as a whole (where left out), each person, location or channel */
          by?: 'offer' | 'person' | 'location' | 'channel'
        }[]
    /** Discount given in all, in the offer’s currency. */
    budget?: Money
  }
  validity: {
    /** Inclusive */
    from?: string
    /** Exclusive */
    to?: string
    /** A grant ends so many local days after it was issued. */
    grantDays?: number
    /** IANA name; the workspace’s where left out */
    timeZone?: string
  }
  version: number
  /** The benefit in plain words */
  sentence: string
  /** The id of the key */
  changedBy: string
  changedAt: string
}

export type Order = {
  id: string
  state: 'open' | 'placed' | 'returned' | 'cancelled'
  revision: number
  /** Null for a dry run: nothing is stored */
  decision: string | null
  person: string | null
  channel: string
  /** ISO 4217 code */
  currency: string
  heldUntil: string | null
  totals: {
    subtotal: number
    /** Off the lines */
    discount: number
    /** As the caller gave it */
    shipping: number
    shippingDiscount: number
    total: number
  }
  lines: readonly {
    id: string
    subtotal: number
    discount: number
    total: number
    discounts: readonly {
      offer: string
      amount: number
    }[]
    /** What each unit costs, in their order; left out where all cost the same */
    units?: readonly {
      quantity: number
      each: number
      discounts: readonly {
        offer: string
        each: number
      }[]
    }[]
  }[]
  applied: readonly {
    offer: string
    name: string
    code?: string
    grant?: string
    /** Money off, lines and shipping */
    amount: number
    /** Of it, off shipping */
    shipping?: number
    /** What is given besides money */
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Once placed or held */
    redemption?: string
  }[]
  /** Points it earns; where it is open, points it would */
  earned?: readonly Earned[]
  available: readonly {
    offer: string
    name: string
    missing: Record<string, unknown>
  }[]
  refused: readonly {
    code?: string
    offer?: string
    reason: Refusal
  }[]
  /** What somebody who is held out would have been given; secret and admin keys only */
  withheld?: readonly {
    offer: string
    name: string
    code?: string
    grant?: string
    /** Money off, lines and shipping */
    amount: number
    /** Of it, off shipping */
    shipping?: number
    /** What is given besides money */
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Once placed or held */
    redemption?: string
  }[]
  /** Where so many offers could apply that not every combination was tried: what the chosen one is worth, and what none can exceed */
  combination?: {
    exact: false
    value: number
    bound: number
  }
  /** Money to spend later that it gives */
  cashback?: readonly CashbackOfOrder[]
  /** What points, gift cards, credit and cashback pay; `open` only holds it where asked */
  paid?: readonly (
    | {
        type: 'points'
        programme: string
        points: number
        /** What it pays of the total, in minor units */
        amount: number
        /** Points that can be spent after this */
        left: number
      }
    | {
        type: 'giftCard'
        card: string
        /** What it pays of the total, in minor units */
        amount: number
        /** Money that is left on it after this */
        left: number
      }
    | {
        type: 'credit' | 'cashback'
        /** What it pays of the total, in minor units */
        amount: number
        left: number
      }
  )[]
  /** With `paid`: what is left to pay otherwise */
  due?: number
  /** What has come back so far */
  returned?: {
    refunded: number
    /** Units that came back, by line */
    lines: Record<string, number>
  }
}

export type OrderBasket = {
  /** As they were sent: sku, name, category, quantity, price */
  lines: readonly Record<string, unknown>[]
  shipping: number
  codes: readonly string[]
  /** How it was to be paid, without numbers of cards */
  tenders: readonly {
    type: string
    amount?: number
  }[]
}

export type OrderInput = {
  /** A person id or type:value */
  person?: string
  /** What else the buyer showed, as type:value; linked with `person` once the order is placed */
  identifiers?: readonly string[]
  /** The key’s where left out */
  channel?: string
  location?: string
  /** Who served; told with the order, and decides nothing */
  clerk?: string
  /** The workspace’s where left out */
  currency?: string
  state: 'open' | 'placed'
  codes?: readonly string[]
  lines: readonly OrderLine[]
  shipping?: number
  /** How it is paid; conditions ask for the types. Points, gift cards by their code (or their id, where they lie in the buyer’s wallet), credit and cashback pay from here, in this order. */
  tenders?: readonly (
    | {
        type: 'points'
        /** May be left out where there is one programme */
        programme?: string
        points?: number
        /** Left out, as much as is there and may be paid */
        amount?: number
      }
    | {
        type: 'giftCard'
        code: string
        /** Left out, as much as is there and may be paid */
        amount?: number
      }
    | {
        type: 'giftCard'
        /** In the place of its code: a card in the wallet of whoever buys */
        card: string
        /** Left out, as much as is there and may be paid */
        amount?: number
      }
    | {
        type: 'credit' | 'cashback'
        /** Left out, as much as is there and may be paid */
        amount?: number
      }
    | {
        type: string
        amount?: number
      }
  )[]
  /** The SKU chosen where an offer gives one of several, by offer */
  choices?: Record<string, string>
  /** With `open`: keeps what applies for so long */
  hold?: {
    seconds: number
  }
  /** Refuse the order (409) where a code cannot apply */
  requireCodes?: boolean
  /** Refuse (409 total_changed) where the total is another */
  expectTotal?: number
  /** The caller’s counter; an older PUT is refused */
  revision?: number
  /** History and late tills; secret and admin keys only */
  occurredAt?: string
}

export type OrderLine =
  | {
      id: string
      sku: string
      category?: string
      name?: string
      /** Whole numbers, text and true or false; conditions read them as line.attributes.x */
      attributes?: Record<string, string | number | boolean>
      quantity: number
      unitPrice: number
    }
  | {
      id: string
      sku: string
      category?: string
      name?: string
      /** Whole numbers, text and true or false; conditions read them as line.attributes.x */
      attributes?: Record<string, string | number | boolean>
      /** For the whole line: weighed goods. It is one unit. */
      amount: number
      /** Information only */
      measure?: string
    }

export type OrderNow = {
  id: string
  state: 'open' | 'placed' | 'returned' | 'cancelled'
  revision: number
  /** Null for a dry run: nothing is stored */
  decision: string | null
  person: string | null
  channel: string
  /** ISO 4217 code */
  currency: string
  heldUntil: string | null
  totals: {
    subtotal: number
    /** Off the lines */
    discount: number
    /** As the caller gave it */
    shipping: number
    shippingDiscount: number
    total: number
  }
  lines: readonly {
    id: string
    subtotal: number
    discount: number
    total: number
    discounts: readonly {
      offer: string
      amount: number
    }[]
    /** What each unit costs, in their order; left out where all cost the same */
    units?: readonly {
      quantity: number
      each: number
      discounts: readonly {
        offer: string
        each: number
      }[]
    }[]
  }[]
  applied: readonly {
    offer: string
    name: string
    code?: string
    grant?: string
    /** Money off, lines and shipping */
    amount: number
    /** Of it, off shipping */
    shipping?: number
    /** What is given besides money */
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Once placed or held */
    redemption?: string
  }[]
  /** Points it earns; where it is open, points it would */
  earned?: readonly Earned[]
  available: readonly {
    offer: string
    name: string
    missing: Record<string, unknown>
  }[]
  refused: readonly {
    code?: string
    offer?: string
    reason: Refusal
  }[]
  /** What somebody who is held out would have been given; secret and admin keys only */
  withheld?: readonly {
    offer: string
    name: string
    code?: string
    grant?: string
    /** Money off, lines and shipping */
    amount: number
    /** Of it, off shipping */
    shipping?: number
    /** What is given besides money */
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Once placed or held */
    redemption?: string
  }[]
  /** Where so many offers could apply that not every combination was tried: what the chosen one is worth, and what none can exceed */
  combination?: {
    exact: false
    value: number
    bound: number
  }
  /** Money to spend later that it gives */
  cashback?: readonly CashbackOfOrder[]
  /** What points, gift cards, credit and cashback pay; `open` only holds it where asked */
  paid?: readonly (
    | {
        type: 'points'
        programme: string
        points: number
        /** What it pays of the total, in minor units */
        amount: number
        /** Points that can be spent after this */
        left: number
      }
    | {
        type: 'giftCard'
        card: string
        /** What it pays of the total, in minor units */
        amount: number
        /** Money that is left on it after this */
        left: number
      }
    | {
        type: 'credit' | 'cashback'
        /** What it pays of the total, in minor units */
        amount: number
        left: number
      }
  )[]
  /** With `paid`: what is left to pay otherwise */
  due?: number
  /** What has come back so far */
  returned?: {
    refunded: number
    /** Units that came back, by line */
    lines: Record<string, number>
  }
  /** Who the buyer is now, where links or splits have made her another person since */
  personNow?: string
}

/** An order in a list */
export type OrderRow = {
  id: string
  state: 'open' | 'placed' | 'returned' | 'cancelled'
  /** `event`: only an `Order Completed` told of it */
  source: 'put' | 'event'
  /** Who the buyer is now */
  person: string | null
  /** As her traits tell it; null: they do not */
  personName: string | null
  channel: string
  location: string | null
  /** ISO 4217 code */
  currency: string
  totals: {
    subtotal: number
    discount: number
    shipping: number
    total: number
  }
  refunded: number
  uses: readonly {
    offer: string
    code: string | null
    amount: number
    /** `withheld`: what somebody who is held out would have been given. `leased`: of a till without a network; no use of an order is. */
    state: 'held' | 'redeemed' | 'released' | 'expired' | 'cancelled' | 'returned' | 'withheld' | 'leased'
  }[]
  /** When it counts as happening */
  at: string
}

/** How an order came to what it is */
export type OrderStory = {
  order: OrderNow
  /** `event`: only an `Order Completed` told of it */
  source: 'put' | 'event'
  /** As her traits tell it; null: they do not */
  personName: string | null
  location: string | null
  /** Who served; null: nobody was named */
  clerk: {
    id: string
    /** null: removed, or never known */
    name: string | null
  } | null
  times: {
    occurredAt: string
    openedAt: string | null
    placedAt: string | null
    cancelledAt: string | null
  }
  basket: OrderBasket
  /** What was known of the buyer then, where a return has to decide again; null: it was not kept, or is erased */
  facts: Record<string, unknown> | null
  /** All that the decision names, those that applied first */
  offers: readonly {
    offer: string
    /** That was decided with; null: it used nothing */
    version: number | null
    name: string
    /** In English; `benefit` holds what another language needs */
    sentence: string
    benefit: Benefit
    /** `fitted`: it would have applied by itself, and others were better */
    outcome: 'applied' | 'fitted' | 'available' | 'refused' | 'withheld'
  }[]
  uses: readonly {
    id: string
    offer: string
    version: number
    code: string | null
    grant: string | null
    amount: number
    /** Of the amount, what returns gave back */
    returned: number
    gives: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    arm: 'treatment' | 'holdout' | null
    /** `withheld`: what somebody who is held out would have been given. `leased`: of a till without a network; no use of an order is. */
    state: 'held' | 'redeemed' | 'released' | 'expired' | 'cancelled' | 'returned' | 'withheld' | 'leased'
    at: string
  }[]
  returns: readonly Return[]
  /** That name it, by its holder, the oldest first; at most 100 */
  events: readonly {
    id: string
    name: string
    channel: string | null
    at: string
  }[]
  /** What it moved in the ledger, the oldest first; at most 200, and 1,000 postings */
  transactions: readonly {
    id: string
    kind:
      | 'earn'
      | 'activate'
      | 'expire'
      | 'burn'
      | 'hold'
      | 'release'
      | 'takeBack'
      | 'giveBack'
      | 'reverse'
      | 'transfer'
      | 'adjust'
      | 'issue'
    offer: string | null
    return: string | null
    reason: string | null
    effectiveAt: string
    bookedAt: string
    postings: readonly {
      account: string
      asset: string
      amount: number
      lot: string | null
    }[]
  }[]
}

/** A message that would have been sent */
export type OutboxMessage = {
  id: string
  at: string
  channel: 'email' | 'sms'
  to: string
  text: string
  purpose: 'signIn' | 'erase'
}

export type Overlap = {
  segments: readonly {
    segment: string
    people: number
  }[]
  overlaps: readonly {
    segments: readonly string[]
    people: number
  }[]
}

export type OverlapInput = {
  segments: readonly string[]
}

export type PackHeld = {
  id: string
  /** The till’s key */
  key: string
  /** Of the key */
  name: string | null
  device: string
  channel: string
  location: string
  /** `closing`: the last entry is there and others before it are not. `writtenOff`: an operator took back what was unknown. */
  state: 'open' | 'closing' | 'closed' | 'writtenOff'
  revision: number
  issuedAt: string
  renewedAt: string
  expiresAt: string
  endedAt: string | null
  endedBy: string | null
  /** Of the journal, that have arrived */
  entries: number
  /** Entries before the last that have not */
  missing: number
  /** Returns of orders that have not arrived */
  waiting: number
  /** Entries that differ from what would be decided now */
  differences: number
  /** Uses of people and codes that are leased */
  people: number
  slices: readonly PackSlice[]
}

export type PackInput = {
  /** The device’s public key (Ed25519, 32 bytes, base64url); signs the journal */
  device: string
  /** The last entry of the device’s journal; 0: it begins. Less than what is settled is refused. */
  sequence?: number
  /** How long the pack can be used */
  hours?: number
  people?: readonly PersonRef[]
  codes?: readonly string[]
}

export type PackSlice = {
  offer: string
  /** The counter: empty for uses and budget in all, else as `location=store-12 day=2026-03-01` or `gift=CUP` */
  limit: string
  leased: number
  used: number
  back: number
  left: number
  /** Uses that came after a write-off and found no room */
  overrun: number
  budget?: {
    leased: number
    used: number
    back: number
    left: number
    overrun: number
  }
}

export type Page = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'page' | null
  name?: string | null
  properties?: Record<string, unknown> | null
  [more: string]: unknown
}

export type PasswordChange = {
  current: string
  password: string
}

/** A percentage of the order or of chosen items */
export type PercentOff = {
  kind: 'percentOff'
  percent: number
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** At most this much off, per order */
  max?: Money
}

/** One human: the holders that verified links unite. Computed. */
export type Person = {
  id: string
  /** Other ids that lead to her: of persons that her identifiers were before, or could have been */
  formerly: readonly string[]
  identifiers: readonly {
    /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
    type: string
    value: string
    given: string
    /** What events and orders belong to */
    holder: string
    /** Why links through it do not unite: a value that is nobody’s, too many people’s, or part of too large a component; null: they do */
    standing: 'blocked' | 'shared' | 'quarantined' | null
  }[]
  /** Anonymous identifiers that unverified links tie to her, at most 1,000: what they look at counts as her behaviour, nothing else of them is hers */
  likely: readonly {
    /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
    type: string
    value: string
    given: string
    /** What events and orders belong to */
    holder: string
    /** Why links through it do not unite: a value that is nobody’s, too many people’s, or part of too large a component; null: they do */
    standing: 'blocked' | 'shared' | 'quarantined' | null
  }[]
  /** Evidence of her identifiers, at most 1,000; those that do not unite say why */
  links: readonly {
    a: string
    b: string
    verified: boolean
    source: 'event' | 'order' | 'clerk' | 'import' | 'split'
    /** Id of the message, order, request or split */
    cause: string
    /** Of the earliest evidence */
    firstSeenAt: string
    suppressed:
      | 'unverified'
      | 'removed'
      | 'blocked'
      | 'shared'
      | 'uniqueType'
      | 'tooMany'
      | 'differentPeople'
      | 'neverMerge'
      | 'quarantined'
      | null
    /** Somebody took it away; later evidence does not bring it back */
    removedAt: string | null
    createdAt: string
  }[]
  /** Campaigns that met her identifiers in different arms before they were known to be one; for admin and secret keys */
  armConflicts?: readonly {
    /** null: the hold-out of the whole workspace */
    campaign: string | null
    /** Of the first exposure, which stays */
    arm: 'treatment' | 'holdout'
  }[]
  /** Those she is in; for admin and secret keys */
  segments?: readonly {
    segment: string
    name: string
    enteredAt: string
  }[]
  /** Her computed traits as they are now; for admin and secret keys */
  computed?: Record<string, unknown>
  /** What she did, in days of the workspace’s clock; for admin and secret keys */
  statistics?: PersonStatistics
  /** Of all holders; a later holder’s wins */
  traits: Record<string, unknown>
  /** Placed and not cancelled */
  orders: number
  /** Minor units for each currency */
  spend: Record<string, number>
  firstOrderAt: string | null
  lastOrderAt: string | null
  createdAt: string
}

/** Everything that is kept about a person. */
export type PersonExport = {
  schemaVersion: 1
  exportedAt: string
  workspace: string
  /** Who she is */
  person: {
    id: string
    identifiers: readonly {
      /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
      type: string
      value: string
      given: string
      holder: string
      /** False: a browser that says it is hers; only what it did counts as hers, no order and no value */
      proven: boolean
      createdAt: string
      erasedAt: string | null
    }[]
    traits: Record<string, unknown>
    computedTraits: Record<string, unknown>
    orders: number
    spend: Record<string, number>
    firstOrderAt: string | null
    lastOrderAt: string | null
  }
  /** Evidence that two of her identifiers, or one of hers and another, are one human */
  links: readonly Record<string, unknown>[]
  /** Pairs that somebody said are two people */
  differentPeople: readonly Record<string, unknown>[]
  /** What is counted of each identifier, by day */
  statistics: readonly Record<string, unknown>[]
  /** Which she is in */
  segments: readonly Record<string, unknown>[]
  /** What she asked for, by address */
  preferences: readonly Record<string, unknown>[]
  /** The ledger, with its evidence */
  consents: readonly Record<string, unknown>[]
  /** Which she is invited to */
  campaigns: readonly Record<string, unknown>[]
  /** Which she met, and whether she is held out */
  exposures: readonly Record<string, unknown>[]
  /** Surprises that were drawn for her */
  draws: readonly Record<string, unknown>[]
  /** What was issued to her, with its codes */
  grants: readonly Record<string, unknown>[]
  /** With lines, what was answered, uses and returns */
  orders: readonly Record<string, unknown>[]
  /** What moments and events were answered, and gave */
  decisions: readonly Record<string, unknown>[]
  /** What she did; `body` is what was sent, its personal parts in their places */
  events: readonly Record<string, unknown>[]
  /** Which she is in or was, with her tiers */
  programmes: readonly Record<string, unknown>[]
  /** Whose points she shares; of the others only that they are there */
  households: readonly Record<string, unknown>[]
  /** What she has of points, credit and cashback, as it is booked */
  accounts: readonly Record<string, unknown>[]
  /** What came in together and ends together, and what is left of it */
  lots: readonly Record<string, unknown>[]
  /** Every change of her accounts, with what it came of */
  postings: readonly Record<string, unknown>[]
  /** In her wallet */
  giftCards: readonly Record<string, unknown>[]
  /** Points that she gave or got */
  transfers: readonly Record<string, unknown>[]
  /** What was given to her or taken by hand */
  adjustments: readonly Record<string, unknown>[]
  /** When something of her was erased */
  erasures: readonly Record<string, unknown>[]
}

/** Somebody in a list of people */
export type PersonFound = {
  id: string
  /** From the traits name, firstName and lastName */
  name: string | null
  /** What was found by: an identifier, or `name` or `lastName`, in small letters */
  matched: {
    type: string
    value: string
  } | null
  /** At most 20, browsers and devices last */
  identifiers: readonly Identifier[]
  /** Where she was seen lately */
  channels: readonly string[]
  tiers: readonly {
    programme: string
    /** null: none yet */
    tier: string | null
  }[]
  /** Placed and not cancelled */
  orders: number
  /** Of her newest event, order or identifier */
  lastSeenAt: string
  createdAt: string
}

/** A person and whom she consists of */
export type PersonNow = {
  id: string
  identifiers: readonly {
    /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
    type: string
    value: string
    given: string
    /** What events and orders belong to */
    holder: string
    /** Why links through it do not unite: a value that is nobody’s, too many people’s, or part of too large a component; null: they do */
    standing: 'blocked' | 'shared' | 'quarantined' | null
  }[]
}

/** A person id, or an identifier as `type:value` */
export type PersonRef = string

export type PersonStatistics = {
  windows: {
    /** Today and the 6 days before */
    last7Days: {
      /** Without those that were cancelled or came back whole */
      orders: number
      /** Less what was given back */
      spend: Record<string, number>
      averageValue: Record<string, number>
      returns: number
      offers: {
        /** Grants that were issued to her */
        received: number
        /** Uses of offers, of those for everybody too */
        used: number
        /** Grants that ended without being used */
        ignored: number
      }
    }
    last30Days: {
      /** Without those that were cancelled or came back whole */
      orders: number
      /** Less what was given back */
      spend: Record<string, number>
      averageValue: Record<string, number>
      returns: number
      offers: {
        /** Grants that were issued to her */
        received: number
        /** Uses of offers, of those for everybody too */
        used: number
        /** Grants that ended without being used */
        ignored: number
      }
    }
    last90Days: {
      /** Without those that were cancelled or came back whole */
      orders: number
      /** Less what was given back */
      spend: Record<string, number>
      averageValue: Record<string, number>
      returns: number
      offers: {
        /** Grants that were issued to her */
        received: number
        /** Uses of offers, of those for everybody too */
        used: number
        /** Grants that ended without being used */
        ignored: number
      }
    }
    last365Days: {
      /** Without those that were cancelled or came back whole */
      orders: number
      /** Less what was given back */
      spend: Record<string, number>
      averageValue: Record<string, number>
      returns: number
      offers: {
        /** Grants that were issued to her */
        received: number
        /** Uses of offers, of those for everybody too */
        used: number
        /** Grants that ended without being used */
        ignored: number
      }
    }
    ever: {
      /** Without those that were cancelled or came back whole */
      orders: number
      /** Less what was given back */
      spend: Record<string, number>
      averageValue: Record<string, number>
      returns: number
      offers: {
        /** Grants that were issued to her */
        received: number
        /** Uses of offers, of those for everybody too */
        used: number
        /** Grants that ended without being used */
        ignored: number
      }
    }
  }
  channels: readonly {
    /** Where contact happens */
    channel: string
    orders: number
    spend: Record<string, number>
  }[]
  /** At most 50, those with the most orders */
  categories: readonly {
    category: string
    orders: number
    units: number
    spend: Record<string, number>
  }[]
  preferredChannel: string | null
  /** Of the day, on the workspace’s clock */
  preferredHour: number | null
}

export type PersonToken = {
  token: string
  expiresAt: string
}

export type PersonTokenInput = {
  person: string
  seconds?: number
}

export type PinCheck = {
  /** base64 */
  salt: string
  /** PBKDF2-HMAC-SHA-256 of the PIN as UTF-8, 32 bytes, base64 */
  hash: string
  rounds: number
}

/** Points of a programme: per amount spent, per item, a fixed number, or times what others give */
export type Points = {
  kind: 'points'
  programme: string
  /** So many points for each amount that is paid */
  per?: {
    amount: number
    /** ISO 4217 code */
    currency: string
    points: number
    /** Only whole amounts count: of 19.99, at 5 points per 10.00, 10.00 */
    whole?: boolean
  }
  /** So many points for each unit that is paid for */
  perUnit?: number
  /** So many points, or CEL over `order` or `event` that gives them */
  fixed?: number | string
  /** Times what other offers of the programme give by amount and unit; 2 doubles it. Several add up. */
  multiply?: number
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
  /** At most so many points an order */
  max?: number
  /** At most so many points a person and period, in the offer’s time zone */
  cap?: {
    points: number
    period: 'day' | 'week' | 'month'
  }
  /** Whether they count towards a tier, or how many times; they do, once, where left out */
  qualifying?: boolean | number
}

export type Posting = {
  transaction: string
  kind:
    | 'earn'
    | 'activate'
    | 'expire'
    | 'burn'
    | 'hold'
    | 'release'
    | 'takeBack'
    | 'giveBack'
    | 'reverse'
    | 'transfer'
    | 'adjust'
    | 'issue'
  amount: number
  /** Of the account after it; null: not told of the house */
  balance: number | null
  /** In main and pending accounts */
  lot: string | null
  /** When it counts from */
  effectiveAt: string
  bookedAt: string
  /** The month it is booked in */
  period: string
  cause: {
    holder?: string
    order?: string
    return?: string
    /** Of the event */
    message?: string
    decision?: string
    offer?: string
    offerVersion?: number
    channel?: string
    location?: string
    /** Key id; left out: the clock */
    actor?: string
    reason?: string
  }
  /** The transaction it takes back, or a part of it */
  reverses: string | null
  endsHold: string | null
}

export type PreferenceLink = {
  path: string
  expiresAt: string
  unsubscribePath: string | null
}

export type PreferenceLinkInput = {
  /** How long the page can be opened */
  days?: number
  channel?: 'email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post'
}

/** What a person asked for: of her addresses the most restrictive */
export type Preferences = {
  /** Not to be contacted on */
  channelsOff: readonly ('email' | 'sms' | 'call' | 'whatsapp' | 'push' | 'app' | 'web' | 'social' | 'store' | 'post')[]
  /** Topics not wanted on any channel */
  topicsOff: readonly string[]
  language: string | null
  quietHours: readonly QuietHours[]
  /** At most so many messages in so many days */
  atMost: {
    messages: number
    days: number
  } | null
  /** Nothing is sent before */
  pausedUntil: string | null
}

/** Fields that are present replace what she asked for before; an empty list or null: no wish */
export type PreferencesInput = {
  /** Not to be contacted on */
  channelsOff?: readonly (
    | 'email'
    | 'sms'
    | 'call'
    | 'whatsapp'
    | 'push'
    | 'app'
    | 'web'
    | 'social'
    | 'store'
    | 'post'
  )[]
  /** Topics not wanted on any channel */
  topicsOff?: readonly string[]
  language?: string | null
  quietHours?: readonly QuietHours[]
  /** At most so many messages in so many days */
  atMost?: {
    messages: number
    days: number
  } | null
  /** Nothing is sent before */
  pausedUntil?: string | null
}

/** Points that people earn, hold and spend, and the tiers they rise to */
export type Programme = {
  id: string
  version: number
  state: 'live' | 'paused' | 'ended'
  name: string
  /** IANA name; the workspace’s where left out */
  timeZone?: string
  unit: {
    one: string
    many: string
    /** Points are kept to so many decimals */
    decimals: number
  }
  /** What fractions of the smallest unit become, once an order */
  rounding: 'down' | 'nearest' | 'up'
  /** What points are worth where they pay, and in the books; in smallest units. Left out, they pay nothing. */
  rate?: {
    points: number
    worth: Money
  }
  join: {
    on: 'asking' | 'firstOrder'
    /** The version people agree to now */
    terms?: string
    /** Told whoever joins */
    thanks?: string
  }
  leaving: {
    /** What whoever leaves has: she may use it as long as it lasts, or it ends */
    points: 'keep' | 'forfeit'
    /** With `forfeit`: after so many days of notice */
    days: number
  }
  /** What is earned cannot be spent at once. Left out, it can. */
  pending?:
    | {
        days: number
      }
    | {
        event: string
        /** Gone where the event has not come by then; left out, it waits */
        days?: number
      }
  /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
  expiry?:
    | {
        kind: 'after'
        days?: number
        months?: number
      }
    | {
        kind: 'endOf'
        period: 'month' | 'year'
        /** So many periods after the one it is earned in */
        periods: number
      }
    | {
        kind: 'sliding'
        /** All that is left ends so many days after she last earned or spent */
        days: number
      }
  burning: {
    /** Which points are spent first */
    order: 'soonestExpiring' | 'oldestFirst'
    /** No fewer points at once */
    minimum: number
    /** No more points at once */
    maximum?: number
    /** Of an order’s total, what points may pay */
    maxPercent: number
  }
  returns: {
    /** What goods that come back take with them: points that are pending still, what she has, or all, so that she may owe points */
    earned: 'pendingOnly' | 'withinBalance' | 'unlimited'
    /** With `unlimited`: she never owes more */
    maxDebt?: number
    /** Points that were spent and have ended since come back for so many days; 0: they are gone */
    graceDays: number
  }
  /** Whether what is paid with these, and what is paid for shipping, earns too */
  earnsOn: {
    points: boolean
    giftCards: boolean
    credit: boolean
    shipping: boolean
  }
  tiers?: {
    /** `points` are qualifying points; `visits` are orders */
    by: 'points' | 'spend' | 'visits'
    period:
      | {
          rolling: {
            days: number
          }
        }
      | {
          calendar: 'month' | 'quarter' | 'year'
        }
    /** From the lowest to the highest */
    levels: readonly {
      id: string
      name: string
      /** Of what the tiers go by: qualifying points, money in minor units, or visits */
      threshold: number
      /** In words, for screens */
      benefits: readonly string[]
    }[]
    /** At the end of a period: stay, fall one level, or fall to where she belongs */
    down: 'none' | 'one' | 'all'
    /** She keeps a tier so many days longer */
    graceDays: number
  }
  transfers: {
    between: 'nobody' | 'household' | 'anyone'
    minimum: number
    /** Points a person may give away a day */
    dailyLimit?: number
    /** So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost */
    minimumAgeDays?: number
    /** After joining, before she may give */
    waitingDays: number
    /** Of what is given, kept by the house; rounded down, once for all of a day */
    feePercent: number
  }
  /** Several people may share one pool; left out, nobody may */
  households?: {
    members: number
  }
  createdAt: string
  updatedAt: string
}

/** How far the clock is: points that become active or end, and tiers. Whoever shops has hers done first, so nothing hangs on it. */
export type ProgrammeClock = {
  /** Accounts and tiers of it that are due and not done; 10,000 of either are counted */
  overdue: number
  /** Since when the oldest is */
  since: string | null
}

export type ProgrammeMember = {
  programme: string
  person: string
  joinedAt: string
  /** Null: she is in it */
  leftAt: string | null
  source: string
  /** The version of the terms that she agreed to */
  terms: string | null
  tier: string | null
  /** For whoever has just joined */
  thanks?: string
}

export type ProgrammePut = {
  name: string
  /** IANA name; the workspace’s where left out */
  timeZone?: string
  unit?: {
    one: string
    many: string
    /** Points are kept to so many decimals */
    decimals?: number
  }
  /** What fractions of the smallest unit become, once an order */
  rounding?: 'down' | 'nearest' | 'up'
  /** What points are worth where they pay, and in the books; in smallest units. Left out, they pay nothing. */
  rate?: {
    points: number
    worth: Money
  }
  join?: {
    on?: 'asking' | 'firstOrder'
    /** The version people agree to now */
    terms?: string
    /** Told whoever joins */
    thanks?: string
  }
  leaving?: {
    /** What whoever leaves has: she may use it as long as it lasts, or it ends */
    points?: 'keep' | 'forfeit'
    /** With `forfeit`: after so many days of notice */
    days?: number
  }
  /** What is earned cannot be spent at once. Left out, it can. */
  pending?:
    | {
        days: number
      }
    | {
        event: string
        /** Gone where the event has not come by then; left out, it waits */
        days?: number
      }
  /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
  expiry?:
    | {
        kind: 'after'
        days?: number
        months?: number
      }
    | {
        kind: 'endOf'
        period: 'month' | 'year'
        /** So many periods after the one it is earned in */
        periods?: number
      }
    | {
        kind: 'sliding'
        /** All that is left ends so many days after she last earned or spent */
        days: number
      }
  burning?: {
    /** Which points are spent first */
    order?: 'soonestExpiring' | 'oldestFirst'
    /** No fewer points at once */
    minimum?: number
    /** No more points at once */
    maximum?: number
    /** Of an order’s total, what points may pay */
    maxPercent?: number
  }
  returns?: {
    /** What goods that come back take with them: points that are pending still, what she has, or all, so that she may owe points */
    earned?: 'pendingOnly' | 'withinBalance' | 'unlimited'
    /** With `unlimited`: she never owes more */
    maxDebt?: number
    /** Points that were spent and have ended since come back for so many days; 0: they are gone */
    graceDays?: number
  }
  /** Whether what is paid with these, and what is paid for shipping, earns too */
  earnsOn?: {
    points?: boolean
    giftCards?: boolean
    credit?: boolean
    shipping?: boolean
  }
  tiers?: {
    /** `points` are qualifying points; `visits` are orders */
    by: 'points' | 'spend' | 'visits'
    period:
      | {
          rolling: {
            days: number
          }
        }
      | {
          calendar: 'month' | 'quarter' | 'year'
        }
    /** From the lowest to the highest */
    levels: readonly {
      id: string
      name: string
      /** Of what the tiers go by: qualifying points, money in minor units, or visits */
      threshold: number
      /** In words, for screens */
      benefits?: readonly string[]
    }[]
    /** At the end of a period: stay, fall one level, or fall to where she belongs */
    down?: 'none' | 'one' | 'all'
    /** She keeps a tier so many days longer */
    graceDays?: number
  }
  transfers?: {
    between?: 'nobody' | 'household' | 'anyone'
    minimum?: number
    /** Points a person may give away a day */
    dailyLimit?: number
    /** So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost */
    minimumAgeDays?: number
    /** After joining, before she may give */
    waitingDays?: number
    /** Of what is given, kept by the house; rounded down, once for all of a day */
    feePercent?: number
  }
  /** Several people may share one pool; left out, nobody may */
  households?: {
    members: number
  }
  /** Left out, it stays; a new one is live */
  state?: 'live' | 'paused' | 'ended'
}

export type ProgrammeToJoin = {
  id: string
  name: string
  unit: {
    one: string
    many: string
    decimals: number
  }
  /** What points are worth where they pay; null: they pay nothing */
  rate: {
    points: number
    worth: {
      amount: number
      /** ISO 4217 code */
      currency: string
    }
  } | null
  joinOn: 'asking' | 'firstOrder'
  /** The version people agree to */
  terms: string | null
  transfers: {
    between: 'nobody' | 'household' | 'anyone'
    minimum: number
    /** Points a person may give away a day */
    dailyLimit?: number
    /** So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost */
    minimumAgeDays?: number
    /** After joining, before she may give */
    waitingDays: number
    /** Of what is given, kept by the house; rounded down, once for all of a day */
    feePercent: number
  }
  tiers: {
    /** `points` are qualifying points; `visits` are orders */
    by: 'points' | 'spend' | 'visits'
    /** From the lowest to the highest */
    levels: readonly {
      id: string
      name: string
      /** Of what the tiers go by: qualifying points, money in minor units, or visits */
      threshold: number
      /** In words, for screens */
      benefits: readonly string[]
    }[]
  } | null
}

export type ProgrammeVersion = {
  name: string
  /** IANA name; the workspace’s where left out */
  timeZone?: string
  unit: {
    one: string
    many: string
    /** Points are kept to so many decimals */
    decimals: number
  }
  /** What fractions of the smallest unit become, once an order */
  rounding: 'down' | 'nearest' | 'up'
  /** What points are worth where they pay, and in the books; in smallest units. Left out, they pay nothing. */
  rate?: {
    points: number
    worth: Money
  }
  join: {
    on: 'asking' | 'firstOrder'
    /** The version people agree to now */
    terms?: string
    /** Told whoever joins */
    thanks?: string
  }
  leaving: {
    /** What whoever leaves has: she may use it as long as it lasts, or it ends */
    points: 'keep' | 'forfeit'
    /** With `forfeit`: after so many days of notice */
    days: number
  }
  /** What is earned cannot be spent at once. Left out, it can. */
  pending?:
    | {
        days: number
      }
    | {
        event: string
        /** Gone where the event has not come by then; left out, it waits */
        days?: number
      }
  /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
  expiry?:
    | {
        kind: 'after'
        days?: number
        months?: number
      }
    | {
        kind: 'endOf'
        period: 'month' | 'year'
        /** So many periods after the one it is earned in */
        periods: number
      }
    | {
        kind: 'sliding'
        /** All that is left ends so many days after she last earned or spent */
        days: number
      }
  burning: {
    /** Which points are spent first */
    order: 'soonestExpiring' | 'oldestFirst'
    /** No fewer points at once */
    minimum: number
    /** No more points at once */
    maximum?: number
    /** Of an order’s total, what points may pay */
    maxPercent: number
  }
  returns: {
    /** What goods that come back take with them: points that are pending still, what she has, or all, so that she may owe points */
    earned: 'pendingOnly' | 'withinBalance' | 'unlimited'
    /** With `unlimited`: she never owes more */
    maxDebt?: number
    /** Points that were spent and have ended since come back for so many days; 0: they are gone */
    graceDays: number
  }
  /** Whether what is paid with these, and what is paid for shipping, earns too */
  earnsOn: {
    points: boolean
    giftCards: boolean
    credit: boolean
    shipping: boolean
  }
  tiers?: {
    /** `points` are qualifying points; `visits` are orders */
    by: 'points' | 'spend' | 'visits'
    period:
      | {
          rolling: {
            days: number
          }
        }
      | {
          calendar: 'month' | 'quarter' | 'year'
        }
    /** From the lowest to the highest */
    levels: readonly {
      id: string
      name: string
      /** Of what the tiers go by: qualifying points, money in minor units, or visits */
      threshold: number
      /** In words, for screens */
      benefits: readonly string[]
    }[]
    /** At the end of a period: stay, fall one level, or fall to where she belongs */
    down: 'none' | 'one' | 'all'
    /** She keeps a tier so many days longer */
    graceDays: number
  }
  transfers: {
    between: 'nobody' | 'household' | 'anyone'
    minimum: number
    /** Points a person may give away a day */
    dailyLimit?: number
    /** So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost */
    minimumAgeDays?: number
    /** After joining, before she may give */
    waitingDays: number
    /** Of what is given, kept by the house; rounded down, once for all of a day */
    feePercent: number
  }
  /** Several people may share one pool; left out, nobody may */
  households?: {
    members: number
  }
  version: number
  /** A key’s id */
  changedBy: string
  changedAt: string
}

export type QuarantineEntry = {
  /** Too many identifiers that hang together, or one that is linked to too many people’s */
  kind: 'component' | 'shared'
  /** The shared one; of a component its oldest */
  identifier: {
    /** One of email, phone, userId, anonymousId, device, loyaltyCard, posCustomer, whatsapp, social, or the workspace’s own */
    type: string
    value: string
    given: string
    /** What events and orders belong to */
    holder: string
    /** Why links through it do not unite: a value that is nobody’s, too many people’s, or part of too large a component; null: they do */
    standing: 'blocked' | 'shared' | 'quarantined' | null
  }
  /** Identifiers of the component, or those the shared one is linked to */
  size: number
  /** How many of each type */
  types: Record<string, number>
  since: string | null
}

/** Local times between which nothing is sent; over midnight where `from` is later */
export type QuietHours = {
  from: string
  to: string
  /** The workspace’s where left out */
  timeZone?: string
}

export type Refusal = {
  code: string
  message: string
  details: Record<string, unknown>
}

export type ReplayedRequest = {
  status: number
  body: unknown
}

/** Days after which events of a kind, or of a name, are emptied: what is left is that they happened. Their rows go after 90 days at the earliest. What is not named is kept. */
export type Retention = {
  track?: number | Record<string, number>
  page?: number | Record<string, number>
  screen?: number | Record<string, number>
  identify?: number | Record<string, number>
  group?: number | Record<string, number>
  alias?: number | Record<string, number>
}

export type Return = {
  id: string
  order: string
  at: string
  /** ISO 4217 code */
  currency: string
  reason?: string
  /** To pay out now: lines and shipping, less what is charged back */
  refund: number
  /** Where stored tenders paid: whom it goes back to, those first; `other` is paid out */
  refunds?: readonly {
    type: 'points' | 'giftCard' | 'credit' | 'cashback' | 'other'
    programme?: string
    card?: string
    amount: number
    /** That go back to the lots they came from */
    points?: number
  }[]
  /** Points that the goods earned */
  pointsBack?: readonly {
    programme: string
    /** That are taken back now */
    points: number
    /** Of these, what she has not got and owes */
    debt?: number
    /** That would have to go back and stay, by the policy of the programme */
    short?: number
  }[]
  lines: readonly {
    id: string
    quantity: number
    /** Which ones, counted from 1: they may have cost differently */
    units: readonly number[]
    /** Of these units, before discounts */
    subtotal: number
    /** What these units cost in the end */
    refund: number
  }[]
  /** Paid for shipping, where it is refunded */
  shipping: number
  /** Because offers no longer hold for what is kept; never more than the refund. Negative where an earlier charge is given back. */
  chargedBack: number
  /** What would be charged beyond that; a later return may still charge it */
  carried: number
  offers: readonly {
    offer: string
    name: string
    policy: 'keep' | 'proRata' | 'reprice'
    /** Whether it holds for what is kept. `notAsked`: it makes no difference, or the facts of then were not kept */
    condition: 'holds' | 'fails' | 'notAsked'
    /** Of its discount, by this return */
    givenBack: number
    /** Uses that are free again */
    usesBack: number
  }[]
  /** Cashback that is taken back; `short` is what was spent already */
  cashbackBack?: readonly {
    offer: string
    amount: number
    short?: number
  }[]
  /** Gifts to ask for: their offer no longer holds. Nothing is charged for one that stays away. */
  takeBack: readonly {
    offer: string
    sku: string
    name?: string
    quantity: number
  }[]
  /** Grants that the order made, unused, and that are void now */
  revoked: readonly {
    offer: string
    grant: string
  }[]
  /** Of the order, this return included */
  totals: {
    paid: number
    refunded: number
    remaining: number
  }
  /** Of the order: `returned` once every unit is back */
  state: 'open' | 'placed' | 'returned' | 'cancelled'
}

export type ReturnInput = {
  /** Chosen by the caller; the same id is one return for ever */
  id: string
  lines?: readonly {
    id: string
    quantity: number
    /** Which of the line’s units, from 1, where they cost differently; the cheapest where left out */
    units?: readonly number[]
  }[]
  /** The shipping is refunded too */
  shipping?: true
  /** The offers whose gift came back */
  gifts?: readonly string[]
  /** A code of your own; no free text, which might name somebody */
  reason?: string
  /** History and late tills; secret and admin keys only */
  occurredAt?: string
}

export type RoleCalls = {
  tag: string
  calls: readonly {
    name: string
    summary: string
  }[]
}

export type RoleDescription = {
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
  description: string
  reads: readonly RoleCalls[]
  changes: readonly RoleCalls[]
}

export type Screen = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'screen' | null
  name?: string | null
  properties?: Record<string, unknown> | null
  [more: string]: unknown
}

/** A set of people: those of whom a condition is true, or a list. */
export type Segment = {
  id: string
  kind: 'live' | 'list'
  name: string
  description: string
  /** What the members that count were asked; null for a list */
  when: string | null
  /** Of the members that count; 0 while the first are being found */
  generation: number
  /** `building`: other members are being found, and count all at once when all are */
  state: 'building' | 'ready'
  /** What is being built */
  next: {
    when: string | null
    /** GET /v1/jobs/{id} tells how far it is */
    job: string | null
    done: number
    total: number | null
  } | null
  createdAt: string
  updatedAt: string
}

export type SegmentExplain =
  | {
      segment: string
      person: PersonRef
    }
  | {
      /** CEL about `person` and `local` */
      when: string
      person: PersonRef
    }

export type SegmentExplained = {
  person: string
  /** Of a segment that is saved: whether she counts as a member */
  in: boolean
  enteredAt: string | null
  /** The condition and its parts; empty for a list */
  parts: readonly ExplainedPart[]
}

export type SegmentInput =
  | {
      kind: 'live'
      name?: string
      description?: string
      /** CEL about `person` and `local` */
      when: string
    }
  | {
      kind: 'list'
      name?: string
      description?: string
    }

export type SegmentMember = {
  person: string
  /** The types of identifiers she is known by */
  identifiers: readonly string[]
  enteredAt: string
}

export type SegmentPeopleChange = {
  add?: readonly PersonRef[]
  remove?: readonly PersonRef[]
}

export type SegmentPeopleChanged = {
  added: number
  removed: number
}

export type SegmentPreview = {
  /** CEL about `person` and `local` */
  when: string
}

export type SegmentWithSize = {
  id: string
  kind: 'live' | 'list'
  name: string
  description: string
  /** What the members that count were asked; null for a list */
  when: string | null
  /** Of the members that count; 0 while the first are being found */
  generation: number
  /** `building`: other members are being found, and count all at once when all are */
  state: 'building' | 'ready'
  /** What is being built */
  next: {
    when: string | null
    /** GET /v1/jobs/{id} tells how far it is */
    job: string | null
    done: number
    total: number | null
  } | null
  createdAt: string
  updatedAt: string
  /** People, counted now */
  size: number
}

export type Setup = {
  done: boolean
  steps: readonly SetupStep[]
}

export type SetupStep = {
  step: 'key' | 'event' | 'offer' | 'redemption'
  done: boolean
  /** Since when, as far as it is known */
  at: string | null
  /** What to do; null: it is done */
  next: string | null
}

/** A percentage or an amount off the shipping */
export type ShippingOff = {
  kind: 'shippingOff'
  percent?: number
  /** Minor units; with `currency` */
  amount?: number
  /** ISO 4217 code */
  currency?: string
}

export type SignIn = SignInByPassword | SignInByLink

export type SignInByLink = {
  /** The part of a sign-in link behind `#token=` */
  signInToken: string
  /** The new password; a visit needs none and sets none */
  password?: string
  /** Of the first link only, which is nobody’s yet */
  email?: string
  /** Of the first link: required. Of an invitation: replaces what was written there */
  name?: string
}

export type SignInByPassword = {
  email: string
  password: string
}

export type SignInLink = {
  /** `first`: of an installation that nobody was let into yet; `visit`: of a demo, signs in without a password */
  kind: 'first' | 'invitation' | 'visit'
  email: string | null
  name: string | null
  expiresAt: string
}

export type SignInLinkGiven = {
  /** The part of a sign-in link behind `#token=` */
  signInToken: string
}

export type SignedIn = {
  id: string
  member: {
    id: string
    email: string
    name: string
    /** Runs the installation: is an admin in every workspace, makes workspaces and takes dumps */
    operator: boolean
  }
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
  workspace: {
    id: string
    name: string
  }
  /** Where she may work: `Tessera-Workspace` chooses */
  workspaces: readonly WorkspaceOfMember[]
  /** Names of the calls that her role may make here */
  permissions: readonly string[]
  startedAt: string
  /** Unless it is used before */
  endsAt: string
}

export type SignedPack = {
  /** What the till decides by: offers, slices, codes and people that are leased to it, offsets from UTC. Its bytes are JSON with sorted keys (RFC 8785). */
  pack: Record<string, unknown>
  /** Ed25519 over these bytes by the workspace’s key, base64url */
  signature: string
  /** The workspace’s key: a till keeps it from the first pack on */
  publicKey: string
  /** People and codes that were asked for and that nobody knows */
  unknown: readonly string[]
}

export type SimulationInput = {
  offers: readonly DraftOffer[]
  /** Decide beside the offers that are live now */
  withLive?: boolean
  /** Live offers that drafts are new versions of: they are not decided beside them */
  replaces?: readonly string[]
  /** Inclusive; of the orders before it it is only counted who bought what */
  from?: string
  /** Exclusive; now where left out */
  to?: string
  /** Orders that get more than this off are counted */
  maxOffPercent?: number
  /** How offers combine; as in the workspace where left out */
  combination?: CombinationGiven
  /** Who is a member of the programmes whose points are given: everybody, nobody, or so many percent of those who are named. Whoever joins with the first order does */
  members?: 'all' | 'none' | number
}

/** What drafts of offers would have done to past orders */
export type SimulationReport = {
  /** ISO 4217 code */
  currency: string
  firstAt: string | null
  lastAt: string | null
  orders: number
  people: number
  /** That do not say who bought */
  ordersWithoutPerson: number
  /** That get anything */
  ordersTouched: number
  revenue: {
    /** What the orders cost with their shipping, before any offer */
    before: number
    after: number
  }
  discount: number
  /** Discount by revenue before */
  effectiveRate: number
  /** Price less cost of the lines whose cost is known; null where none is */
  margin: {
    /** Of the lines whose cost is known, before any offer */
    revenue: number
    before: number
    after: number
  } | null
  offers: readonly {
    offer: string
    name: string
    sentence: string
    isDraft: boolean
    redemptions: number
    people: number
    /** Of all orders, those it applied to */
    share: number
    /** Lines and shipping */
    discount: number
    /** Gifts, grants and entitlements */
    given: number
    /** Of an offer that gives points */
    points?: {
      programme: string
      points: number
      /** At the programme’s rate; null where it has none */
      worth: Money | null
    }
    /** Of an offer that gives cashback: money that is owed then */
    cashback?: number
    revenue: {
      /** What the orders cost with their shipping, before any offer */
      before: number
      after: number
    }
    /** Price less cost of the lines whose cost is known; null where none is */
    margin: {
      /** Of the lines whose cost is known, before any offer */
      revenue: number
      before: number
      after: number
    } | null
    firstUseAt: string | null
    lastUseAt: string | null
    limits: readonly {
      limit: string
      allowed: number
      /** Of a limit for each `day`, `week`…; left out: for ever */
      period?: string
      /** When it was used up, or first turned an order away */
      ranDryAt: string
      /** Orders that met its conditions when it was used up */
      turnedAway: number
    }[]
  }[]
  /** Which offer applied in the place of which, and how often; the most frequent ones */
  beats: readonly {
    winner: string
    loser: string
    beaten: number
    excluded: number
  }[]
  /** Orders that get more than so much off */
  over: {
    percent: number
    orders: number
  }
  /** The orders that get the largest discounts */
  mostExpensive: readonly {
    id: string
    at: string
    before: number
    discount: number
    offers: readonly {
      offer: string
      amount: number
    }[]
  }[]
  days: readonly {
    date: string
    orders: number
    revenueBefore: number
    discount: number
  }[]
  /** Orders with so many fitting offers that not every combination was tried */
  notProved: number
  setAside: {
    /** Orders before `from` */
    before: number
    otherCurrency: number
  }
  /** What it takes for granted */
  assumptions: readonly {
    code:
      | 'same_purchases'
      | 'past_discounts_left_out'
      | 'no_holdout_no_returns'
      | 'everybody_has_code'
      | 'everybody_has_grant'
      | 'live_codes_as_used'
      | 'live_grants_left_out'
      | 'orders_only'
      | 'everybody_member'
      | 'some_members'
      | 'nobody_member'
      | 'programme_unknown'
      | 'earlier_orders_counted'
      | 'dice_of_simulation'
    message: string
    details: Record<string, unknown>
  }[]
}

export type Source = {
  id: string
  name: string
  kind: 'web' | 'app' | 'till' | 'server' | 'file'
  channel: string | null
  location: string | null
  createdAt: string
  revokedAt: string | null
  health: SourceHealth
}

export type SourceCreated = {
  id: string
  name: string
  kind: 'web' | 'app' | 'till' | 'server' | 'file'
  channel: string | null
  location: string | null
  createdAt: string
  revokedAt: string | null
  health: SourceHealth
  /** Shown this once; only its hash is kept. */
  key: string
}

export type SourceHealth = {
  lastEventAt: string | null
  lastErrorAt: string | null
  /** Events and orders a minute: in the last minute, and on average over the last hour and day */
  perMinute: {
    now: number
    hour: number
    day: number
  }
  /** Refused calls among all that came in the last hour; null when nothing came */
  errorRate: number | null
  /** The last of each minute, at most 5, the newest first */
  lastErrors: readonly {
    at: string
    /** Of the refusal, or `internal_error` */
    code: string
    /** The place of the first mistake in the body */
    pointer: string | null
    message: string
  }[]
}

export type SourceInput = {
  name: string
  kind: 'web' | 'app' | 'till' | 'server' | 'file'
  /** The channel of what this source sends when the call names none. */
  channel?: string
  /** A till stands at one location. */
  location?: string
}

export type SourcePatch = {
  name?: string
  channel?: string | null
}

export type SourceRotation = {
  /** How long the old key still works */
  graceSeconds?: number
}

export type SourceTail = {
  data: readonly SourceTailRow[]
  cursor: string
}

export type SourceTailRow = {
  id: string
  at: string
  /** known: its messageId had come before */
  outcome: 'stored' | 'known' | 'refused'
  /** track, identify, page, screen, group, alias, order; of a refused call its name */
  kind: string
  /** Of the event; of an order its state */
  name: string | null
  messageId: string | null
  /** The type of the identifier it is about */
  subject: string | null
  /** Why it was refused */
  code: string | null
  issues: readonly {
    pointer: string
    message: string
  }[]
  latencyMs: number
}

export type Split = {
  /** null in a dry run */
  id: string | null
  /** Everybody whom the identifiers and their persons of before are now */
  persons: readonly PersonNow[]
}

export type SplitInput = {
  person: PersonRef
  /** Her identifiers, one group for each human; what is not named stays with the first */
  groups: readonly (readonly PersonRef[])[]
  /** Why, for the audit log, which is kept for ever: so nothing personal */
  reason: string
}

export type SplitUndone = {
  id: string
  /** Everybody whom the identifiers and their persons of before are now */
  persons: readonly PersonNow[]
}

export type StoredDecision = {
  id: string
  kind: 'request' | 'event'
  /** The moment, or the message id of the event */
  cause: string
  /** Who it is now */
  person: string | null
  /** As her traits tell it; null: they do not */
  personName: string | null
  channel: string | null
  location: string | null
  shown: boolean
  at: string
  /** As it was answered */
  answer: Record<string, unknown>
}

export type StoredEvent = {
  /** Its messageId */
  id: string
  kind: 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias'
  /** What a track call is called; of others their kind */
  name: string
  /** Who it is now */
  person: string | null
  /** As her traits tell it; null: they do not */
  personName: string | null
  channel: string | null
  /** That it tells of */
  order: string | null
  occurredAt: string
  receivedAt: string
  /** Without what is personal */
  properties: Record<string, unknown>
}

export type TeamMember = {
  id: string
  email: string
  name: string
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
  /** Runs the installation: is an admin in every workspace, makes workspaces and takes dumps */
  operator: boolean
  /** invited: has no password yet */
  state: 'invited' | 'active'
  addedAt: string
  /** Last time */
  signedInAt: string | null
}

export type TeamMemberAdded = {
  id: string
  email: string
  name: string
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
  /** Runs the installation: is an admin in every workspace, makes workspaces and takes dumps */
  operator: boolean
  /** invited: has no password yet */
  state: 'invited' | 'active'
  addedAt: string
  /** Last time */
  signedInAt: string | null
  /** Null for somebody who has a password here already */
  invitation: Invitation | null
}

export type TeamMemberInput = {
  email: string
  name: string
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
}

export type TeamMemberPatch = {
  name?: string
  role?: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
  /** Runs the installation: is an admin in every workspace, makes workspaces and takes dumps */
  operator?: boolean
}

export type TeamSession = {
  id: string
  startedAt: string
  /** Last call, to about five minutes */
  seenAt: string
  /** Unless it is used before */
  endsAt: string
  userAgent: string | null
  address: string | null
  /** The one that asks */
  current: boolean
}

export type Ticker = {
  /** The newest first */
  data: readonly TickerItem[]
  cursor: string
}

export type TickerItem = {
  at: string
  what: 'order' | 'event' | 'person' | 'value'
  /** Of the order, message, person or transaction */
  id: string
  /** In English; `details` hold what another language needs */
  sentence: string
  details: Record<string, unknown>
}

export type TierPopulation = {
  /** In the programme */
  people: number
  /** Of these, with no tier yet */
  none: number
  tiers: readonly {
    tier: string
    name: string
    threshold: number
    people: number
  }[]
  /** On tiers that the programme has no more, until the job has moved them */
  removed: readonly {
    tier: string
    people: number
  }[]
}

/** The more the order or chosen items cost, the more comes off */
export type TieredSpend = {
  kind: 'tieredSpend'
  tiers: readonly {
    /** Reached when the items cost so much or more */
    spend: number
    /** Minor units off */
    amount?: number
    /** Or a percentage of what the items cost */
    percent?: number
  }[]
  /** ISO 4217 code */
  currency: string
  /** CEL over `line`: which lines. All where left out. */
  lines?: string
}

export type TimelineEntry = {
  at: string
  what: 'event' | 'orderOpened' | 'orderPlaced' | 'orderCancelled' | 'redemption' | 'decision' | 'grant' | 'campaign'
  channel: string | null
  /** Of the event, order, redemption, decision, grant or campaign */
  id: string
  details: Record<string, unknown>
}

export type ToldDecision = {
  totals: {
    subtotal: number
    discount: number
    shipping: number
    shippingDiscount: number
    total: number
  }
  lines: readonly {
    id: string
    subtotal: number
    discount: number
    total: number
    discounts: readonly {
      offer: string
      amount: number
    }[]
    units?: readonly {
      quantity: number
      each: number
      discounts: readonly {
        offer: string
        each: number
      }[]
    }[]
  }[]
  applied: readonly {
    offer: string
    version: number
    name: string
    code?: string
    hash?: string
    grant?: string
    amount: number
    shipping?: number
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
  }[]
  earned?: readonly {
    programme: string
    points: number
  }[]
  available?: readonly {
    offer: string
    name: string
    missing: Record<string, unknown>
  }[]
  refused?: readonly {
    code?: string
    offer?: string
    reason: Refusal
  }[]
}

/** What people may want to hear of, or not: a part of a purpose. */
export type Topic = {
  /** One of marketing, service, research, profiling, or a topic of the workspace */
  id: string
  name: string
  /** What it is a part of */
  purpose: 'marketing' | 'service' | 'research' | 'profiling'
}

export type Track = {
  /** Sent twice, an event counts once. */
  messageId?: string | null
  userId?: string | number | null
  anonymousId?: string | number | null
  timestamp?: string | null
  originalTimestamp?: string | null
  /** The sender’s clock when it sent; corrects its skew. */
  sentAt?: string | null
  context?: {
    channel?: string | null
    /** false: identifiers that come together are not proven one human */
    verified?: boolean | null
    /** true: it tells of the past, as an import does; it counts, and no offer answers it */
    history?: boolean | null
    traits?: Record<string, unknown> | null
    /** Of who sits at the browser; is not stored */
    personToken?: string | null
    [more: string]: unknown
  } | null
  type?: 'track' | null
  event: string
  properties?: Record<string, unknown> | null
  [more: string]: unknown
}

export type Transaction = {
  id: string
  kind:
    | 'earn'
    | 'activate'
    | 'expire'
    | 'burn'
    | 'hold'
    | 'release'
    | 'takeBack'
    | 'giveBack'
    | 'reverse'
    | 'transfer'
    | 'adjust'
    | 'issue'
  /** When it counts from */
  effectiveAt: string
  bookedAt: string
  /** The month it is booked in */
  period: string
  cause: {
    holder?: string
    order?: string
    return?: string
    /** Of the event */
    message?: string
    decision?: string
    offer?: string
    offerVersion?: number
    channel?: string
    location?: string
    /** Key id; left out: the clock */
    actor?: string
    reason?: string
  }
  /** By hand: what was adjusted */
  adjustment: string | null
  /** Given by one person to another */
  transfer: string | null
  /** The transaction it takes back, or a part of it */
  reverses: string | null
  /** Transactions that take it back, or parts of it, the oldest first; at most 100 */
  reversedBy: readonly string[]
  endsHold: string | null
  /** Of a hold: the transaction that ended it; null: none did */
  endedBy: string | null
  /** They sum to zero for each asset; the first 1,000 */
  postings: readonly {
    account: string
    asset: string
    amount: number
    lot: string | null
  }[]
  /** So many there are */
  postingsTotal: number
}

/** Points that one person gave another; their lots keep their expiry */
export type Transfer = {
  /** null: it was only tried */
  id: string | null
  programme: string
  from: string
  to: string
  points: number
  /** Of them, what the house keeps */
  fee: number
  received: number
  note: string | null
  at: string
  /** Of the ledger */
  transaction: string | null
}

export type TransferInput = {
  from: PersonRef
  to: PersonRef
  programme: string
  /** In the smallest unit; the fee is taken out of them */
  points: number
  note?: string
}

export type Trial = {
  draft: {
    /** The id that stands for the draft in `with` */
    offer: string
    sentence: string
    /** `available`: it lacks no more than an amount. `withheld`: the person is held out of its campaign. */
    outcome: 'applied' | 'available' | 'refused' | 'withheld'
    missing?: Record<string, unknown>
    reason?: Refusal
  }
  with: TrialDecision
  without: TrialDecision
}

export type TrialBasket = {
  /** A person id or type:value */
  person?: string
  /** Where contact happens */
  channel: string
  location?: string
  /** The workspace’s where left out */
  currency?: string
  /** Of other offers */
  codes?: readonly string[]
  lines: readonly OrderLine[]
  shipping?: number
  /** When it is bought, also in the future; now where left out */
  at?: string
}

export type TrialDecision = {
  totals: {
    subtotal: number
    /** Off the lines */
    discount: number
    /** As the caller gave it */
    shipping: number
    shippingDiscount: number
    total: number
  }
  lines: readonly {
    id: string
    subtotal: number
    discount: number
    total: number
    discounts: readonly {
      offer: string
      amount: number
    }[]
    /** What each unit costs, in their order; left out where all cost the same */
    units?: readonly {
      quantity: number
      each: number
      discounts: readonly {
        offer: string
        each: number
      }[]
    }[]
  }[]
  applied: readonly {
    offer: string
    name: string
    code?: string
    grant?: string
    /** Money off, lines and shipping */
    amount: number
    /** Of it, off shipping */
    shipping?: number
    /** What is given besides money */
    gives?: readonly (
      | {
          what: 'gift'
          sku: string
          name?: string
          quantity: number
        }
      | {
          what: 'offer'
          offer: string
          quantity: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'entitlement'
          entitlement: string
          title: string
          days?: number
          /** Once placed */
          grants?: readonly string[]
        }
      | {
          what: 'cashback'
          amount: number
          /** ISO 4217 code */
          currency: string
          /** The lines that it is given for; all where left out */
          lines?: readonly string[]
        }
      | {
          what: 'points'
          programme: string
          points: number
          /** Points that count towards a tier, where they are others */
          qualifying?: number
          /** The lines that they are given for; all where left out */
          lines?: readonly string[]
          /** What was left of the offer’s cap */
          most?: number
        }
    )[]
    /** Once placed or held */
    redemption?: string
  }[]
  available: readonly {
    offer: string
    name: string
    missing: Record<string, unknown>
  }[]
  /** Points it earns; where it is open, points it would */
  earned?: readonly Earned[]
  /** Money to spend later that it gives */
  cashback?: readonly CashbackOfOrder[]
  refused: readonly {
    code?: string
    offer?: string
    name?: string
    reason: Refusal
  }[]
}

export type TrialInput = {
  draft: DraftOffer
  /** The offer that the draft is a new version of */
  replaces?: string
  basket: TrialBasket
}

export type UnlinkInput = {
  /** An identifier; a person id stands for the identifier that names her */
  a: PersonRef
  b: PersonRef
  /** Why, for the audit log, which is kept for ever: so nothing personal */
  reason: string
}

export type Unlinked = {
  /** False: other evidence still makes them one */
  separated: boolean
  links: readonly Link[]
  /** Everybody whom the identifiers and their persons of before are now */
  persons: readonly PersonNow[]
}

export type UsualActivityRow = ActivityRow

export type Wallet = {
  person: string
  /** Newest first, at most 1,000; those that ended too, with their state */
  grants: readonly WalletGrant[]
  /** Of campaigns that the person is a member of, live now, with uses left */
  offers: readonly WalletOffer[]
  /** Those she is in, or has points of; the oldest first */
  programmes: readonly WalletProgramme[]
  /** Store credit and cashback */
  money: readonly WalletMoney[]
  /** That were put into her wallet */
  giftCards: readonly WalletGiftCard[]
  received: WalletReceived
}

/** A plus or a minus of what somebody has, and why */
export type WalletActivity = {
  transaction: string
  /** When it counts from */
  at: string
  asset: string
  /** What came (above 0) or went, in smallest units */
  amount: number
  /** Into or out of what cannot be spent yet */
  pending: boolean
  kind:
    | 'earn'
    | 'activate'
    | 'expire'
    | 'burn'
    | 'hold'
    | 'release'
    | 'takeBack'
    | 'giveBack'
    | 'reverse'
    | 'transfer'
    | 'adjust'
    | 'issue'
  order: string | null
  return: string | null
  offer: {
    id: string
    name: string
  } | null
  reason: string | null
  location: string | null
  /** Where the location is known by one */
  locationName: string | null
  channel: string | null
  /** Of a gift of points, who the other one is. To who got it: the first name of who gave it, or, where it is not known, her address, masked. To who gave it: the address it went to, masked; never a name, which whoever knows an address may not know */
  with: string | null
  /** What was written with a gift of points */
  note: string | null
}

export type WalletCertificate = {
  certificate: string
  /** The workspace’s key */
  publicKey: string
  expiresAt: string
}

export type WalletCodeInput = {
  /** An e-mail address, or a phone number */
  address: string
  /** Whose customer she is */
  workspace?: string
  /** A code is good for that alone */
  purpose?: 'signIn' | 'erase'
  /** Of the message; left out, the workspace’s, else English */
  language?: 'en' | 'id' | 'it' | 'ms' | 'ar'
}

export type WalletCodeSent = {
  endsAt: string
}

export type WalletColours = {
  /** Of its card and buttons */
  accent: string
}

export type WalletDevice = {
  id: string
  startedAt: string
  /** Last call, to about five minutes */
  seenAt: string
  endsAt: string
  userAgent: string | null
  /** From where, as the network says */
  address: string | null
  /** The one that asks */
  current: boolean
}

export type WalletDeviceInput = {
  /** The device’s public key (Ed25519, 32 bytes, base64url) */
  device: string
  /** Left out, the person of the personToken */
  person?: PersonRef
  /** How long the certificate is good */
  days?: number
}

export type WalletErasure = {
  code: string
}

export type WalletGiftCard = {
  /** Names it as a tender of its holder’s own orders */
  id: string
  /** Of its code: the whole code spends it */
  lastFour: string
  state: 'issued' | 'active' | 'blocked'
  /** ISO 4217 code */
  currency: string
  balance: number
  held: number
  expiresAt: string | null
}

export type WalletGrant = {
  id: string
  offer: string
  name: string
  /** In English; `benefit` holds what another language needs */
  sentence: string
  /** What it gives; `…` stands for a condition over items or a formula */
  benefit: Benefit
  person: string
  state: 'issued' | 'held' | 'redeemed' | 'returned' | 'expired' | 'revoked'
  code: string | null
  issuedAt: string
  expiresAt: string | null
  /** Of an entitlement: what the person may have */
  title?: string
  /** Of an entitlement: whether it has been handed over */
  fulfilment?: 'pending' | 'fulfilled'
  /** Of an offer for once, and she has one that came earlier: only one can be used */
  duplicate?: true
}

export type WalletLot = {
  id: string
  asset: string
  /** At this instant */
  state: 'spendable' | 'pending' | 'ended'
  /** At first */
  amount: number
  remaining: number
  earnedAt: string
  /** Of a pending one: from when it can be spent */
  activeAt: string | null
  /** The event that makes it spendable */
  awaits: string | null
  /** From then on it is gone */
  expiresAt: string | null
  order: string | null
  offer: string | null
  /** The lot of another owner that it was given out of */
  fromLot: string | null
}

export type WalletMoney = {
  kind: 'credit' | 'cashback'
  /** ISO 4217 code */
  currency: string
  balance: number
  pending: number
  held: number
  debt: number
  expiring: readonly {
    /** From then on it is gone */
    at: string
    /** The last day on which it can be spent */
    lastDay: string
    amount: number
  }[]
}

export type WalletOffer = {
  offer: string
  campaign: string
  name: string
  /** In English; `benefit` holds what another language needs */
  sentence: string
  /** What it gives; `…` stands for a condition over items or a formula */
  benefit: Benefit
  /** The shared code that claims it */
  code: string | null
  /** Uses left for this person; null: no limit for a person */
  remaining: number | null
  endsAt: string | null
}

export type WalletProfile = {
  name: string
}

export type WalletProgramme = {
  programme: string
  name: string
  unit: {
    one: string
    many: string
    decimals: number
  }
  /** null: she is not in it, or not any more */
  memberSince: string | null
  /** Points of her own that can be spent now, in the smallest unit */
  balance: number
  /** What she may spend: her own points less what she owes, and her household’s where she may burn */
  toSpend: number
  /** What they pay at the programme’s rate; null: nothing */
  worth: Money | null
  pending: {
    amount: number
    /** Which can be spent from when on, the next 10 dates */
    next: readonly {
      at: string
      amount: number
    }[]
    /** Of them those that wait for an event */
    awaiting: number
  }
  /** Set aside for orders that are open */
  held: number
  /** Points that were taken back after they were spent: what is earned next pays them off */
  debt: number
  /** What ends when, the next 10 dates */
  expiring: readonly {
    /** From then on it is gone */
    at: string
    /** The last day on which it can be spent */
    lastDay: string
    amount: number
  }[]
  tier: {
    tier: string
    name: string
    since: string
    /** She keeps it at least until then; null: nothing takes it away */
    until: string | null
    benefits: readonly string[]
  } | null
  /** null: she has the highest, or there are none */
  next: {
    tier: string
    name: string
    by: 'points' | 'spend' | 'visits'
    /** Qualifying points, minor units or orders in the period */
    have: number
    /** How many more it takes */
    needed: number
    /** Then counting begins anew; null: the days roll */
    until: string | null
  } | null
  household: {
    household: string
    name: string
    members: number
    /** Whether she may spend what the others have */
    mayBurn: boolean
    /** What all have together */
    balance: number
  } | null
}

/** What it gave her, in money: discounts of offers she used, and what points (at the programme’s rate) and cashback paid, less what of it goods that came back have given back */
export type WalletReceived = {
  ever: Record<string, number>
  /** Since 1 January on the workspace’s clock */
  thisYear: Record<string, number>
}

export type WalletSession = {
  id: string
  person: string
  /** What she signed in with */
  address: string
  workspace: {
    id: string
    name: string
  }
  startedAt: string
  /** Unless it is used before */
  endsAt: string
}

export type WalletSessionStarted = {
  id: string
  person: string
  /** What she signed in with */
  address: string
  workspace: {
    id: string
    name: string
  }
  startedAt: string
  /** Unless it is used before */
  endsAt: string
  /** Nobody was known by this address before */
  isNew: boolean
}

export type WalletSettings = {
  workspace: {
    id: string
    name: string
    /** ISO 4217 code */
    currency: string
    language: string
    timeZone: string
    country: string | null
  }
  colours: WalletColours | null
  languages: readonly ('en' | 'id' | 'it' | 'ms' | 'ar')[]
  topics: readonly Topic[]
  /** Those that are live */
  programmes: readonly ProgrammeToJoin[]
}

export type WalletShown = {
  person: string
  card: string | null
}

export type WalletSignIn = {
  /** An e-mail address, or a phone number */
  address: string
  code: string
  /** Whose customer she is */
  workspace?: string
}

export type WalletTokenInput = {
  token: string
}

/** One business using Tessera; nothing crosses workspaces. */
export type Workspace = {
  id: string
  name: string
  /** ISO 4217 code */
  currency: string
  /** IANA name */
  timeZone: string
  language: string
  country: string | null
  taxIncluded: boolean
  /** null: it is no demo */
  demo: DemoState | null
  combination: Combination
  /** Percent of the people who are held out: decided for as everybody, and given nothing */
  holdout: number
  topics: readonly Topic[]
  retention: Retention
  /** Of the wallet; null: Tessera’s */
  colours: WalletColours | null
  createdAt: string
  identity: IdentityRules
  adjustments: AdjustmentSettings
}

export type WorkspaceInput = {
  id: string
  name: string
  /** ISO 4217 code */
  currency?: string
  /** IANA name */
  timeZone?: string
  language?: string
  /** Reads phone numbers given without a country code. */
  country?: string
  taxIncluded?: boolean
  demo?: DemoInput
}

export type WorkspaceOfMember = {
  id: string
  name: string
  role: 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'
}

export type WorkspacePatch = {
  name?: string
  /** Replaces the workspace’s */
  combination?: CombinationGiven
  /** Percent of all people who are held out of every campaign */
  holdout?: number
  /** Replaces the workspace’s */
  retention?: Retention
  /** Of the wallet; null: Tessera’s */
  colours?: WalletColours | null
  /** What people may want to hear of, or not; replaces the workspace’s */
  topics?: readonly Topic[]
  /** Which links unite; replaces what the workspace has set, so `{}` goes back to the defaults. Everybody is resolved again by a job `resolveIdentities`. */
  identity?: IdentitySettings
  /** What of value one key may adjust by hand alone; replaces the workspace’s. Only the admin key may change it */
  adjustments?: AdjustmentSettingsGiven
}

export type WriteOffInput = {
  /** A code of your own; no free text */
  reason: string
}

/** RFC 9457. `code` is one of the catalogue; `errors` name the places of mistakes by JSON pointer. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  details: Record<string, unknown>
  errors?: readonly {
    pointer: string
    message: string
    code?: string
    details?: Record<string, unknown>
  }[]
  requestId: string
}

export type TesseraApi = {
  /** Make a workspace. */
  createWorkspace(body: WorkspaceInput, options?: CallOptions): Promise<Workspace>
  /** All workspaces. */
  listWorkspaces(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Workspace>
  /** A workspace. */
  getWorkspace(id: string, options?: CallOptions): Promise<Workspace>
  /** Change how offers combine, the hold-out, the topics, who is who or the name of a workspace. */
  updateWorkspace(id: string, body: WorkspacePatch, options?: CallOptions): Promise<Workspace>
  /** Delete a demo with all that is in it. */
  deleteWorkspace(id: string, options?: CallOptions): Promise<Job>
  /** Move the clock of a demo forward. */
  moveClock(id: string, body: ClockMove, options?: CallOptions): Promise<Workspace>
  /** Sign in, with a password or a sign-in link. */
  createSession(body: SignIn, options?: CallOptions): Promise<SignedIn>
  /** Who is signed in, where, and what she may do. */
  getSession(options?: CallOptions): Promise<SignedIn>
  /** Sign out. */
  endSession(options?: CallOptions): Promise<{
    ended: boolean
  }>
  /** What a sign-in link is for, without using it. */
  lookAtSignInLink(body: SignInLinkGiven, options?: CallOptions): Promise<SignInLink>
  /** Change your password. */
  changePassword(body: PasswordChange, options?: CallOptions): Promise<SignedIn>
  /** Your sessions, the newest first. */
  listSessions(options?: CallOptions): Promise<{
    data: readonly TeamSession[]
  }>
  /** End a session of yours. */
  revokeSession(
    id: string,
    options?: CallOptions,
  ): Promise<{
    ended: boolean
  }>
  /** Who works in this workspace. */
  listTeam(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<TeamMember>
  /** Add somebody to the team of this workspace. */
  createTeamMember(body: TeamMemberInput, options?: CallOptions): Promise<TeamMemberAdded>
  /** Change a team member’s role or name. */
  updateTeamMember(id: string, body: TeamMemberPatch, options?: CallOptions): Promise<TeamMember>
  /** Take somebody out of the team of this workspace. */
  removeTeamMember(id: string, options?: CallOptions): Promise<TeamMember>
  /** Make a link with which a team member sets a new password. */
  inviteTeamMember(
    id: string,
    query?: {
      /** A link that signs her in as it is opened and asks for no password: only for who works in a demo and nowhere else */
      visit?: boolean
    },
    options?: CallOptions,
  ): Promise<Invitation>
  /** End every session of a team member. */
  signOutTeamMember(id: string, options?: CallOptions): Promise<TeamMember>
  /** Each role in words, and what it may call. */
  listRoles(options?: CallOptions): Promise<{
    data: readonly RoleDescription[]
  }>
  /** Who changed what, the newest first. */
  listAuditLog(
    query?: {
      limit?: number
      cursor?: string
      /** Id of a team member or a key; `admin` is the admin key */
      actor?: string
      /** Id of what was changed */
      subject?: string
      /** Name of a call */
      action?: string
      from?: string
      /** The first instant that no longer counts */
      to?: string
    },
    options?: CallOptions,
  ): List<AuditEntry>
  /** Names of team members and keys by their ids, also of those who are gone. */
  listActors(
    query: {
      /** At most 100, with commas between */
      ids: string
    },
    options?: CallOptions,
  ): Promise<{
    data: readonly Actor[]
  }>
  /** The last calls to this workspace, the newest first. */
  listRequests(
    query?: {
      limit?: number
      cursor?: string
      /** Id of a key or a team member */
      actor?: string
      /** Name of a call */
      call?: string
      outcome?: 'done' | 'refused'
    },
    options?: CallOptions,
  ): List<LoggedRequest>
  /** Make a call of the log again, as whoever asks. */
  replayRequest(id: string, options?: CallOptions): Promise<ReplayedRequest>
  /** The brands of a business. */
  listBrands(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Brand>
  /** A brand. */
  getBrand(id: string, options?: CallOptions): Promise<Brand>
  /** Describe a brand. */
  putBrand(id: string, body: BrandInput, options?: CallOptions): Promise<Brand>
  /** Remove a brand. */
  deleteBrand(id: string, options?: CallOptions): Promise<Brand>
  /** Stores and their tills. */
  listLocations(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Location>
  /** A store and its tills. */
  getLocation(id: string, options?: CallOptions): Promise<Location>
  /** Describe a store and its tills. */
  putLocation(id: string, body: LocationInput, options?: CallOptions): Promise<Location>
  /** Remove a store. */
  deleteLocation(id: string, options?: CallOptions): Promise<Location>
  /** Channels and what can be done there. */
  listChannels(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Channel>
  /** A channel and what can be done there. */
  getChannel(id: string, options?: CallOptions): Promise<Channel>
  /** Describe a channel and what can be done there. */
  putChannel(id: string, body: ChannelInput, options?: CallOptions): Promise<Channel>
  /** Remove what was said of a channel. */
  deleteChannel(id: string, options?: CallOptions): Promise<Channel>
  /** Who stands at the tills. */
  listClerks(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Clerk>
  /** Let somebody serve at tills. */
  createClerk(body: ClerkInput, options?: CallOptions): Promise<Clerk>
  /** Change a clerk, or the PIN. */
  updateClerk(id: string, body: ClerkPatch, options?: CallOptions): Promise<Clerk>
  /** Remove a clerk. */
  deleteClerk(id: string, options?: CallOptions): Promise<Clerk>
  /** Make a key. */
  createKey(body: KeyInput, options?: CallOptions): Promise<KeyCreated>
  /** The keys of the workspace, without their secrets. */
  listKeys(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Key>
  /** End a key for good. */
  revokeKey(id: string, options?: CallOptions): Promise<Key>
  /** Replace a key by a new one of the same kind. */
  rotateKey(id: string, body: KeyRotation, options?: CallOptions): Promise<KeyCreated>
  /** Let a browser speak for one person for a while. */
  createPersonToken(body: PersonTokenInput, options?: CallOptions): Promise<PersonToken>
  /** Name a place that events and orders come from, and make its key. */
  createSource(body: SourceInput, options?: CallOptions): Promise<SourceCreated>
  /** The sources of the workspace, and how each of them is doing. */
  listSources(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Source>
  /** A source, and how it is doing. */
  getSource(id: string, options?: CallOptions): Promise<Source>
  /** Change the name or the channel of a source. */
  updateSource(id: string, body: SourcePatch, options?: CallOptions): Promise<Source>
  /** End a source for good, with every key it had. */
  revokeSource(id: string, options?: CallOptions): Promise<Source>
  /** Give a source a new key. */
  rotateSource(id: string, body: SourceRotation, options?: CallOptions): Promise<SourceCreated>
  /** What a source sends right now. */
  tailSource(
    id: string,
    query?: {
      /** The `cursor` of the answer before */
      after?: string
      /** Seconds */
      wait?: number
    },
    options?: CallOptions,
  ): Promise<SourceTail>
  /** An event, by its messageId. */
  getEvent(id: string, options?: CallOptions): Promise<StoredEvent>
  /** Takes events of any kind, all or none. */
  batch(body: Batch, options?: CallOptions): Promise<EventsStored>
  /** Something happened. */
  track(body: Track, options?: CallOptions): Promise<EventsStored>
  /** Who somebody is. */
  identify(body: Identify, options?: CallOptions): Promise<EventsStored>
  /** A page was seen. */
  page(body: Page, options?: CallOptions): Promise<EventsStored>
  /** A screen of an app was seen. */
  screen(body: Screen, options?: CallOptions): Promise<EventsStored>
  /** Somebody belongs to a group. */
  group(body: Group, options?: CallOptions): Promise<EventsStored>
  /** Two ids are the same user. */
  alias(body: Alias, options?: CallOptions): Promise<EventsStored>
  /** People by anything they are known by, or those who did something last. */
  listPeople(
    query?: {
      search?: string
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<PersonFound>
  /** Who somebody is, by person id or any identifier. */
  getPerson(ref: PersonRef, options?: CallOptions): Promise<Person>
  /** What happened with somebody, newest first. */
  getTimeline(
    ref: PersonRef,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<TimelineEntry>
  /** What somebody has: points, tiers, stored money, grants, and offers of the campaigns she is a member of. */
  getWallet(ref: PersonRef, options?: CallOptions): Promise<Wallet>
  /** The lots of what somebody has: what came in together and ends together. */
  listWalletLots(
    ref: PersonRef,
    query?: {
      limit?: number
      cursor?: string
      /** Points of this programme alone */
      programme?: string
    },
    options?: CallOptions,
  ): List<WalletLot>
  /** What came into and went out of what somebody has, and why, newest first. */
  listWalletActivity(
    ref: PersonRef,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<WalletActivity>
  /** Everything that is kept about somebody. */
  exportPerson(
    ref: PersonRef,
    query?: {
      format?: 'json' | 'html'
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** Erase somebody, for good. */
  erasePerson(
    ref: PersonRef,
    body: ErasureInput,
    query?: {
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Erasure>
  /** Who was erased, the oldest first. */
  listErasures(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Erasure>
  /** Say that two identifiers belong to one human. */
  linkPeople(
    body: LinkInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Linked>
  /** Take the evidence away that two identifiers belong to one human. */
  unlinkPeople(
    body: UnlinkInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Unlinked>
  /** Say that identifiers of one person belong to several humans. */
  splitPerson(
    body: SplitInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Split>
  /** Undo a split. */
  undoSplit(
    id: string,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<SplitUndone>
  /** What it would do to say that two people are one. */
  previewMerge(
    ref: PersonRef,
    query: {
      with: PersonRef
    },
    options?: CallOptions,
  ): Promise<MergePreview>
  /** Identifiers that no longer unite people, because too much hangs together through them. */
  listQuarantine(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<QuarantineEntry>
  /** What somebody permitted on each of her addresses, and what she asked for. */
  getConsents(ref: PersonRef, options?: CallOptions): Promise<Consents>
  /** Record what somebody permitted or withdrew, and what she asks for. */
  putConsents(ref: PersonRef, body: ConsentsPut, options?: CallOptions): Promise<ConsentsRecorded>
  /** Record what people permitted elsewhere, up to 1,000 entries a call. */
  importConsents(body: ConsentsImport, options?: CallOptions): Promise<ConsentsImported>
  /** Ask somebody to confirm her address and permission: double opt-in. */
  requestConsent(ref: PersonRef, body: ConsentRequestInput, options?: CallOptions): Promise<ConsentRequest>
  /** A link to somebody’s preference page, which takes no login. */
  createPreferenceLink(ref: PersonRef, body: PreferenceLinkInput, options?: CallOptions): Promise<PreferenceLink>
  /** Every entry of somebody’s ledger with its proof, oldest first. */
  getConsentEvidence(
    ref: PersonRef,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<ConsentEvidence>
  /** The same as CSV, for whoever has to show it. */
  exportConsentEvidence(ref: PersonRef, options?: CallOptions): Promise<ReadableStream<Uint8Array>>
  /** Make or change a segment. */
  putSegment(id: string, body: SegmentInput, options?: CallOptions): Promise<Segment>
  /** A segment, and how many people are in it. */
  getSegment(id: string, options?: CallOptions): Promise<SegmentWithSize>
  /** Take a segment away. */
  deleteSegment(id: string, options?: CallOptions): Promise<Segment>
  /** Segments by id. */
  listSegments(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Segment>
  /** Who is in a segment. */
  listSegmentPeople(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<SegmentMember>
  /** Replace the people of a list by a CSV file. */
  importSegmentPeople(id: string, body: StreamBody, options?: CallOptions): Promise<Segment>
  /** Put people on a list, or take them off. */
  changeSegmentPeople(id: string, body: SegmentPeopleChange, options?: CallOptions): Promise<SegmentPeopleChanged>
  /** Count whom a condition is true of, before it is saved. */
  previewSegment(body: SegmentPreview, options?: CallOptions): Promise<Job>
  /** Why somebody is in a segment or not, condition by condition. */
  explainSegment(body: SegmentExplain, options?: CallOptions): Promise<SegmentExplained>
  /** Declare or change a computed trait. */
  putTrait(name: string, body: ComputedTraitDefinition, options?: CallOptions): Promise<ComputedTrait>
  /** A computed trait. */
  getTrait(name: string, options?: CallOptions): Promise<ComputedTrait>
  /** Remove a computed trait. */
  deleteTrait(name: string, options?: CallOptions): Promise<ComputedTrait>
  /** Computed traits, by name. */
  listTraits(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<ComputedTrait>
  /** Make a campaign. */
  createCampaign(body: CampaignInput, options?: CallOptions): Promise<Campaign>
  /** Campaigns, the oldest first. */
  listCampaigns(
    query?: {
      limit?: number
      cursor?: string
      state?: 'live' | 'paused' | 'ended'
    },
    options?: CallOptions,
  ): List<Campaign>
  /** A campaign. */
  getCampaign(id: string, options?: CallOptions): Promise<Campaign>
  /** Change a campaign. */
  updateCampaign(id: string, body: CampaignPatch, options?: CallOptions): Promise<Campaign>
  /** Add people to the audience of a campaign. */
  addMembers(id: string, body: MembersToAdd, options?: CallOptions): Promise<MembersAdded | Job>
  /** The audience of a campaign. */
  listMembers(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Member>
  /** Take people out of the audience of a campaign. */
  removeMembers(id: string, body: MembersInput, options?: CallOptions): Promise<MembersRemoved>
  /** Make an offer in a campaign. */
  createOffer(body: OfferInput, options?: CallOptions): Promise<Offer>
  /** Offers, the oldest first. */
  listOffers(
    query?: {
      limit?: number
      cursor?: string
      campaign?: string
      state?: 'live' | 'paused' | 'ended'
    },
    options?: CallOptions,
  ): List<Offer>
  /** An offer. */
  getOffer(id: string, options?: CallOptions): Promise<Offer>
  /** Change an offer. */
  updateOffer(id: string, body: OfferPatch, options?: CallOptions): Promise<Offer>
  /** All versions of an offer, the first one first. */
  listOfferVersions(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<OfferVersion>
  /** The kinds of benefits, with what a form needs to ask for them. */
  listBenefitKinds(options?: CallOptions): Promise<{
    data: readonly BenefitKind[]
  }>
  /** What a draft of an offer would do to a basket beside the offers that are live. */
  tryOffer(body: TrialInput, options?: CallOptions): Promise<Trial>
  /** The draws of a surprise, by version and person, and whether the odds were kept. */
  listDraws(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): Promise<Draws>
  /** Make or change a programme of points. */
  putProgramme(id: string, body: ProgrammePut, options?: CallOptions): Promise<Programme>
  /** A programme, and how far the clock is with it. */
  getProgramme(
    id: string,
    options?: CallOptions,
  ): Promise<{
    id: string
    version: number
    state: 'live' | 'paused' | 'ended'
    name: string
    /** IANA name; the workspace’s where left out */
    timeZone?: string
    unit: {
      one: string
      many: string
      /** Points are kept to so many decimals */
      decimals: number
    }
    /** What fractions of the smallest unit become, once an order */
    rounding: 'down' | 'nearest' | 'up'
    /** What points are worth where they pay, and in the books; in smallest units. Left out, they pay nothing. */
    rate?: {
      points: number
      worth: Money
    }
    join: {
      on: 'asking' | 'firstOrder'
      /** The version people agree to now */
      terms?: string
      /** Told whoever joins */
      thanks?: string
    }
    leaving: {
      /** What whoever leaves has: she may use it as long as it lasts, or it ends */
      points: 'keep' | 'forfeit'
      /** With `forfeit`: after so many days of notice */
      days: number
    }
    /** What is earned cannot be spent at once. Left out, it can. */
    pending?:
      | {
          days: number
        }
      | {
          event: string
          /** Gone where the event has not come by then; left out, it waits */
          days?: number
        }
    /** Until when points last: 31 January and 1 month is the last day of February. Left out, for ever. */
    expiry?:
      | {
          kind: 'after'
          days?: number
          months?: number
        }
      | {
          kind: 'endOf'
          period: 'month' | 'year'
          /** So many periods after the one it is earned in */
          periods: number
        }
      | {
          kind: 'sliding'
          /** All that is left ends so many days after she last earned or spent */
          days: number
        }
    burning: {
      /** Which points are spent first */
      order: 'soonestExpiring' | 'oldestFirst'
      /** No fewer points at once */
      minimum: number
      /** No more points at once */
      maximum?: number
      /** Of an order’s total, what points may pay */
      maxPercent: number
    }
    returns: {
      /** What goods that come back take with them: points that are pending still, what she has, or all, so that she may owe points */
      earned: 'pendingOnly' | 'withinBalance' | 'unlimited'
      /** With `unlimited`: she never owes more */
      maxDebt?: number
      /** Points that were spent and have ended since come back for so many days; 0: they are gone */
      graceDays: number
    }
    /** Whether what is paid with these, and what is paid for shipping, earns too */
    earnsOn: {
      points: boolean
      giftCards: boolean
      credit: boolean
      shipping: boolean
    }
    tiers?: {
      /** `points` are qualifying points; `visits` are orders */
      by: 'points' | 'spend' | 'visits'
      period:
        | {
            rolling: {
              days: number
            }
          }
        | {
            calendar: 'month' | 'quarter' | 'year'
          }
      /** From the lowest to the highest */
      levels: readonly {
        id: string
        name: string
        /** Of what the tiers go by: qualifying points, money in minor units, or visits */
        threshold: number
        /** In words, for screens */
        benefits: readonly string[]
      }[]
      /** At the end of a period: stay, fall one level, or fall to where she belongs */
      down: 'none' | 'one' | 'all'
      /** She keeps a tier so many days longer */
      graceDays: number
    }
    transfers: {
      between: 'nobody' | 'household' | 'anyone'
      minimum: number
      /** Points a person may give away a day */
      dailyLimit?: number
      /** So old are points that an order earned before they can be given: until then its goods may come back and take them along. Left out, 14 where `returns.earned` is `withinBalance`, else 0: there nothing is lost */
      minimumAgeDays?: number
      /** After joining, before she may give */
      waitingDays: number
      /** Of what is given, kept by the house; rounded down, once for all of a day */
      feePercent: number
    }
    /** Several people may share one pool; left out, nobody may */
    households?: {
      members: number
    }
    createdAt: string
    updatedAt: string
    clock: ProgrammeClock
  }>
  /** Programmes by id. */
  listProgrammes(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Programme>
  /** Every version of a programme, oldest first. */
  listProgrammeVersions(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<ProgrammeVersion>
  /** Who would move to which tier by other terms, before they are saved. */
  previewProgramme(id: string, body: ProgrammePut, options?: CallOptions): Promise<Job>
  /** Somebody joins a programme. */
  joinProgramme(id: string, ref: PersonRef, body: JoinInput, options?: CallOptions): Promise<ProgrammeMember>
  /** Somebody leaves a programme. */
  leaveProgramme(id: string, ref: PersonRef, options?: CallOptions): Promise<ProgrammeMember>
  /** Whether somebody is in a programme, and since when. */
  getProgrammeMember(id: string, ref: PersonRef, options?: CallOptions): Promise<ProgrammeMember>
  /** A link by which somebody joins a programme without a login. */
  createJoinLink(id: string, body: JoinLinkInput, options?: CallOptions): Promise<JoinLink>
  /** Who is in a programme. */
  listProgrammeMembers(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<ProgrammeMember>
  /** Give points of one person to another. */
  createTransfer(
    body: TransferInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Transfer>
  /** A transfer. */
  getTransfer(id: string, options?: CallOptions): Promise<Transfer>
  /** Let members of a programme share what they have. */
  createHousehold(body: HouseholdInput, options?: CallOptions): Promise<Household>
  /** A household and what its members have. */
  getHousehold(id: string, options?: CallOptions): Promise<Household>
  /** Say anew who is in a household, or who may spend. */
  updateHousehold(id: string, body: HouseholdPatch, options?: CallOptions): Promise<Household>
  /** Make or replace a collection of SKUs. */
  createCollection(id: string, body: CollectionInput, options?: CallOptions): Promise<Collection>
  /** A collection. */
  getCollection(id: string, options?: CallOptions): Promise<Collection>
  /** Replace the items of a collection by a CSV file. */
  importCollection(id: string, body: StreamBody, options?: CallOptions): Promise<Collection>
  /** The SKUs of a collection. */
  listCollectionItems(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<string>
  /** Collections by id. */
  listCollections(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Collection>
  /** Import codes, or have unique ones made. */
  createCodes(id: string, body: CodesInput, options?: CallOptions): Promise<CodesImported | Job>
  /** The codes of an offer as CSV. */
  exportCodes(
    id: string,
    query?: {
      /** Only the codes that this job made */
      job?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What a code belongs to, and how often it was used. */
  lookupCode(
    code: string,
    options?: CallOptions,
  ): Promise<{
    data: readonly Code[]
  }>
  /** Block a code, or let it be used again. */
  updateCode(
    code: string,
    body: CodeUpdate,
    options?: CallOptions,
  ): Promise<{
    data: readonly Code[]
  }>
  /** Orders that refused a code and why, the newest first. */
  listCodeRefusals(
    query: {
      limit?: number
      cursor?: string
      code: string
    },
    options?: CallOptions,
  ): List<CodeRefusal>
  /** The codes of an offer by where they came from, the newest first. */
  listCodeSets(
    id: string,
    options?: CallOptions,
  ): Promise<{
    data: readonly CodeSet[]
  }>
  /** Issue an offer to people. */
  createGrants(id: string, body: GrantsInput, options?: CallOptions): Promise<GrantsCreated | Job>
  /** The grants of an offer, oldest first. */
  listGrants(
    id: string,
    query?: {
      limit?: number
      cursor?: string
      fulfilment?: 'pending' | 'fulfilled'
    },
    options?: CallOptions,
  ): List<GrantOfOffer>
  /** Take a grant back that was not used yet. */
  revokeGrant(id: string, options?: CallOptions): Promise<Grant>
  /** Say that an entitlement has been handed over, or, by mistake, has not. */
  fulfilGrant(id: string, body: FulfilmentInput, options?: CallOptions): Promise<Grant>
  /** Tries, opens, places or cancels an order, and says what applies and why. */
  putOrder(
    id: string,
    body: OrderInput | CancelInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Order>
  /** An order as it was last answered. */
  getOrder(id: string, options?: CallOptions): Promise<OrderNow>
  /** What an order sold, as it was sent. */
  getOrderBasket(id: string, options?: CallOptions): Promise<OrderBasket>
  /** Orders, the newest first. */
  listOrders(
    query?: {
      limit?: number
      cursor?: string
      person?: PersonRef
      /** Where contact happens */
      channel?: string
      location?: string
      state?: 'open' | 'placed' | 'returned' | 'cancelled'
      /** That it used, or holds */
      offer?: string
      code?: string
      /** Inclusive */
      from?: string
      /** Exclusive */
      to?: string
    },
    options?: CallOptions,
  ): List<OrderRow>
  /** How an order was decided, and what became of it. */
  getOrderStory(id: string, options?: CallOptions): Promise<OrderStory>
  /** What a moment or an event was answered. */
  getDecision(id: string, options?: CallOptions): Promise<StoredDecision>
  /** Takes back some of an order, and says what to pay out, why, and what to ask for. */
  createReturn(
    id: string,
    body: ReturnInput,
    query?: {
      /** Answers without storing anything */
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Return>
  /** Give a till what it needs to sell without a network, or renew it. */
  issuePack(body: PackInput, options?: CallOptions): Promise<SignedPack>
  /** Which till holds what of which limit, since when. */
  listPacks(
    query?: {
      limit?: number
      cursor?: string
      /** `closing`: the last entry is there and others before it are not. `writtenOff`: an operator took back what was unknown. */
      state?: 'open' | 'closing' | 'closed' | 'writtenOff'
    },
    options?: CallOptions,
  ): List<PackHeld>
  /** A pack with all that is leased to it. */
  getPack(id: string, options?: CallOptions): Promise<PackHeld>
  /** Settle what a till did without a network. */
  settleJournal(id: string, body: JournalInput, options?: CallOptions): Promise<JournalSettled>
  /** What a till did by a pack, and how it differs from what would have been decided. */
  listJournal(
    id: string,
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<EntrySeen>
  /** Take back what a lost till may still have. */
  writeOffPack(id: string, body: WriteOffInput, options?: CallOptions): Promise<PackHeld>
  /** Send a customer a code that proves an address is hers. */
  createWalletCode(body: WalletCodeInput, options?: CallOptions): Promise<WalletCodeSent>
  /** Sign a customer in by the code that she was sent. */
  createWalletSession(body: WalletSignIn, options?: CallOptions): Promise<WalletSessionStarted>
  /** Which customer is signed in. */
  getWalletSession(options?: CallOptions): Promise<WalletSession>
  /** Sign out of the wallet. */
  endWalletSession(options?: CallOptions): Promise<{
    ended: boolean
  }>
  /** Where a customer is signed in, the newest first. */
  listWalletSessions(options?: CallOptions): Promise<{
    data: readonly WalletDevice[]
  }>
  /** Sign a customer’s device out. */
  revokeWalletSession(
    id: string,
    options?: CallOptions,
  ): Promise<{
    ended: boolean
  }>
  /** What a wallet shows before anybody is signed in. */
  getWalletSettings(
    query?: {
      /** Whose customer she is */
      workspace?: string
    },
    options?: CallOptions,
  ): Promise<WalletSettings>
  /** How a customer wants to be called. */
  putWalletProfile(
    body: WalletProfile,
    options?: CallOptions,
  ): Promise<{
    name: string
  }>
  /** Everything that is kept about the customer who asks. */
  exportMyself(
    query?: {
      format?: 'json' | 'html'
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** Erase the customer who asks, for good. */
  eraseMyself(body: WalletErasure, options?: CallOptions): Promise<Erasure>
  /** Certify a wallet’s device, so that tills know whose it is without a network. */
  certifyWallet(body: WalletDeviceInput, options?: CallOptions): Promise<WalletCertificate>
  /** Whose wallet shows a code. */
  readWalletToken(body: WalletTokenInput, options?: CallOptions): Promise<WalletShown>
  /** Messages to customers of the last seven days, the newest first. */
  listOutbox(
    query?: {
      limit?: number
      cursor?: string
      /** An e-mail address or a phone number */
      to?: string
    },
    options?: CallOptions,
  ): List<OutboxMessage>
  /** Issue gift cards, with codes made here or printed already. */
  issueGiftCards(body: GiftCardsInput, options?: CallOptions): Promise<GiftCards | Job>
  /** Gift cards, the oldest first where nothing else is asked for. */
  listGiftCards(
    query?: {
      limit?: number
      cursor?: string
      /** Only those that this job issued */
      job?: string
      /** The newest first */
      newest?: boolean
    },
    options?: CallOptions,
  ): List<GiftCard>
  /** What is left on a gift card. */
  checkGiftCard(body: GiftCardToCheck, options?: CallOptions): Promise<GiftCardBalance>
  /** Put a gift card into somebody’s wallet. */
  keepGiftCard(body: GiftCardToKeep, options?: CallOptions): Promise<GiftCardBalance>
  /** A gift card with all that is known of it. */
  getGiftCard(code: string, options?: CallOptions): Promise<GiftCard>
  /** A gift card is sold: from now on it pays. */
  activateGiftCard(code: string, options?: CallOptions): Promise<GiftCard>
  /** Stop a gift card that was lost or stolen; what is on it stays. */
  blockGiftCard(
    code: string,
    query?: {
      reason?: 'lost' | 'stolen' | 'fraud' | 'mistake' | 'other'
    },
    options?: CallOptions,
  ): Promise<GiftCard>
  /** Let a blocked gift card pay again. */
  unblockGiftCard(code: string, options?: CallOptions): Promise<GiftCard>
  /** Give somebody store credit. */
  createCredit(body: CreditInput, options?: CallOptions): Promise<Credit>
  /** What somebody may be shown or claim at a moment without a basket, the best first. */
  decideMoment(body: MomentInput, options?: CallOptions): Promise<MomentDecision>
  /** Give back what was claimed: its grants are void, its points are back. */
  returnClaim(id: string, body: ClaimBackInput, options?: CallOptions): Promise<ClaimBack>
  /** What came of campaigns, for each campaign, offer and channel. */
  getCampaignReport(
    query?: {
      /** Inclusive */
      from?: string
      /** Exclusive */
      to?: string
      campaign?: string
    },
    options?: CallOptions,
  ): Promise<{
    data: readonly CampaignReport[]
  }>
  /** Orders, uses, what was given, cost and revenue over time. */
  getActivity(
    query?: {
      /** Inclusive; left out, a week before `to` */
      from?: string
      /** Exclusive; left out, now */
      to?: string
      bucket?: 'hour' | 'day' | 'week' | 'month'
      /** IANA name; the workspace’s where left out */
      timeZone?: string
      by?: 'channel' | 'location' | 'campaign' | 'offer'
      /** Where contact happens */
      channel?: string
      location?: string
      campaign?: string
      offer?: string
      /** Of hours and days, in a period of a week at most */
      usual?: boolean
    },
    options?: CallOptions,
  ): Promise<Activity>
  /** Activity over time as a file. */
  exportActivity(
    query?: {
      format?: 'csv' | 'ndjson'
      /** Inclusive; left out, a week before `to` */
      from?: string
      /** Exclusive; left out, now */
      to?: string
      bucket?: 'hour' | 'day' | 'week' | 'month'
      /** IANA name; the workspace’s where left out */
      timeZone?: string
      by?: 'channel' | 'location' | 'campaign' | 'offer'
      /** Where contact happens */
      channel?: string
      location?: string
      campaign?: string
      offer?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What needs attention, the worst first. */
  getAttention(options?: CallOptions): Promise<{
    data: readonly AttentionItem[]
  }>
  /** How far the set-up is, and what comes next. */
  getSetup(options?: CallOptions): Promise<Setup>
  /** What happened last: orders with what they used, events, new people, movements of value. */
  getTicker(
    query?: {
      /** The `cursor` of an answer before */
      after?: string
    },
    options?: CallOptions,
  ): Promise<Ticker>
  /** How many people have each tier of a programme now. */
  getTierPopulation(id: string, options?: CallOptions): Promise<TierPopulation>
  /** How many people are in two or three segments at once. */
  overlapSegments(body: OverlapInput, options?: CallOptions): Promise<Overlap>
  /** Live offers that a draft would stand in the way of, or they in its. */
  findOfferConflicts(
    body: ConflictsInput,
    options?: CallOptions,
  ): Promise<{
    data: readonly OfferConflict[]
  }>
  /** How much somebody has used of the limits that a person has. */
  getPersonLimits(
    ref: PersonRef,
    options?: CallOptions,
  ): Promise<{
    data: readonly LimitUsed[]
  }>
  /** Give or take value by hand, with a reason. */
  createAdjustment(body: AdjustmentInput, options?: CallOptions): Promise<Adjustment>
  /** Adjustments by hand, the newest first. */
  listAdjustments(
    query?: {
      limit?: number
      cursor?: string
      state?: 'proposed' | 'booked' | 'rejected'
      person?: PersonRef
    },
    options?: CallOptions,
  ): List<Adjustment>
  /** An adjustment by hand. */
  getAdjustment(id: string, options?: CallOptions): Promise<Adjustment>
  /** Book what somebody else proposed. */
  approveAdjustment(id: string, options?: CallOptions): Promise<Adjustment>
  /** Let a proposed adjustment go. */
  rejectAdjustment(id: string, options?: CallOptions): Promise<Adjustment>
  /** Take a booked adjustment back. */
  reverseAdjustment(id: string, body: AdjustmentReversalInput, options?: CallOptions): Promise<Adjustment>
  /** What the business owes in points and stored money, month by month. */
  getLiability(
    query?: {
      /** Only its points */
      programme?: string
      /** Only this one; left out, all that the business owes */
      asset?: string
      /** The first month; left out, the first in which anything moved */
      from?: unknown & unknown
      /** The last; left out, this one */
      to?: unknown & unknown
    },
    options?: CallOptions,
  ): Promise<{
    data: readonly LiabilityRow[]
  }>
  /** Close the books of a month. */
  createClosing(
    body: ClosingInput,
    query?: {
      dryRun?: boolean
    },
    options?: CallOptions,
  ): Promise<Closing | Job>
  /** Months whose books are closed, the newest first. */
  listClosings(
    query?: {
      limit?: number
    },
    options?: CallOptions,
  ): Promise<{
    data: readonly Closing[]
  }>
  /** Accounts of a person, of an owner, of the house, or all. */
  listAccounts(
    query?: {
      limit?: number
      cursor?: string
      /** Those of all her holders */
      person?: PersonRef
      /** Of one holder or gift card, or `house` */
      owner?: string
      asset?: string
      /** The balance as it was then, by when it was booked */
      at?: string
      /** With `at`: by when things count from, so that what was booked late, or by the clock, counts when it was due */
      effective?: boolean
    },
    options?: CallOptions,
  ): List<Account>
  /** An account, now or as of any instant. */
  getAccount(
    owner: string,
    asset: string,
    kind:
      | 'main'
      | 'pending'
      | 'held'
      | 'debt'
      | 'issued'
      | 'earned'
      | 'burned'
      | 'expired'
      | 'returned'
      | 'adjusted'
      | 'fees',
    query?: {
      /** The balance as it was then, by when it was booked */
      at?: string
      /** With `at`: by when things count from, so that what was booked late, or by the clock, counts when it was due */
      effective?: boolean
    },
    options?: CallOptions,
  ): Promise<Account>
  /** The statement of an account, newest first. */
  listPostings(
    owner: string,
    asset: string,
    kind:
      | 'main'
      | 'pending'
      | 'held'
      | 'debt'
      | 'issued'
      | 'earned'
      | 'burned'
      | 'expired'
      | 'returned'
      | 'adjusted'
      | 'fees',
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Posting>
  /** A transaction of the ledger: all its postings, and what it came of. */
  getTransaction(id: string, options?: CallOptions): Promise<Transaction>
  /** Add up the stored rows of value again. */
  startAudit(options?: CallOptions): Promise<Job>
  /** Audits and what they found, newest first. */
  listAudits(
    query?: {
      limit?: number
      cursor?: string
    },
    options?: CallOptions,
  ): List<Audit>
  /** Everybody, one person a row. */
  exportPeople(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only people of whom an identifier came in at this time or later */
      since?: string
      /** Only of people who are in this segment */
      segment?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What happened, one event a row, person by person. */
  exportEvents(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only what happened at this time or later */
      since?: string
      /** Only of people who are in this segment */
      segment?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** Orders by time, one line of an order a row. */
  exportOrders(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only orders of this time or later */
      since?: string
      /** Only of people who are in this segment */
      segment?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** Who is in which segment, one member a row. */
  exportSegments(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only members who came in at this time or later */
      since?: string
      /** Only this segment */
      segment?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** The ledger of consents, one entry a row, person by person. */
  exportConsents(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only entries of this time or later */
      since?: string
      /** Only of people who are in this segment */
      segment?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What the business owes, one asset and month a row. */
  exportLiability(
    query?: {
      /** Only its points */
      programme?: string
      /** Only this one; left out, all that the business owes */
      asset?: string
      /** The first month; left out, the first in which anything moved */
      from?: unknown & unknown
      /** The last; left out, this one */
      to?: unknown & unknown
      format?: 'csv' | 'ndjson'
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** Adjustments by hand, the oldest first. */
  exportAdjustments(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Only what was proposed at this time or later */
      since?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What everybody has of everything that is owed, one owner and asset a row. */
  exportBalances(
    query?: {
      /** A header and rows, or one JSON object a line */
      format?: 'csv' | 'ndjson'
      /** Now where it is left out */
      at?: string
      /** Only this one */
      asset?: string
    },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** What drafts of offers would have done to past orders. */
  createSimulation(body: SimulationInput, options?: CallOptions): Promise<Job>
  /** Long work, newest first. */
  listJobs(
    query?: {
      limit?: number
      cursor?: string
      state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
    },
    options?: CallOptions,
  ): List<Job>
  /** How far a job is. */
  getJob(id: string, options?: CallOptions): Promise<Job>
  /** Stop a job. */
  cancelJob(id: string, options?: CallOptions): Promise<Job>
  /** Go on with a job that failed or was cancelled. */
  resumeJob(id: string, options?: CallOptions): Promise<Job>
  /** Everything of every workspace, as it is at one instant. */
  dump(options?: CallOptions): Promise<ReadableStream<Uint8Array>>
  /** Whether this process can serve. */
  getHealth(options?: CallOptions): Promise<Health>
}

export const calls: Readonly<Record<keyof TesseraApi, CallFacts>> = {
  createWorkspace: { method: 'POST', path: '/v1/workspaces', body: 'json', answer: 'json', idempotent: true },
  listWorkspaces: { method: 'GET', path: '/v1/workspaces', query: true, answer: 'list' },
  getWorkspace: { method: 'GET', path: '/v1/workspaces/{id}', answer: 'json' },
  updateWorkspace: { method: 'PATCH', path: '/v1/workspaces/{id}', body: 'json', answer: 'json', idempotent: true },
  deleteWorkspace: { method: 'DELETE', path: '/v1/workspaces/{id}', answer: 'json', idempotent: true },
  moveClock: { method: 'POST', path: '/v1/workspaces/{id}/clock', body: 'json', answer: 'json', idempotent: true },
  createSession: { method: 'POST', path: '/v1/session', body: 'json', answer: 'json' },
  getSession: { method: 'GET', path: '/v1/session', answer: 'json' },
  endSession: { method: 'DELETE', path: '/v1/session', answer: 'json' },
  lookAtSignInLink: { method: 'POST', path: '/v1/session/link', body: 'json', answer: 'json' },
  changePassword: { method: 'PUT', path: '/v1/session/password', body: 'json', answer: 'json' },
  listSessions: { method: 'GET', path: '/v1/sessions', answer: 'json' },
  revokeSession: { method: 'DELETE', path: '/v1/sessions/{id}', answer: 'json' },
  listTeam: { method: 'GET', path: '/v1/team', query: true, answer: 'list' },
  createTeamMember: { method: 'POST', path: '/v1/team', body: 'json', answer: 'json', idempotent: true },
  updateTeamMember: { method: 'PATCH', path: '/v1/team/{id}', body: 'json', answer: 'json', idempotent: true },
  removeTeamMember: { method: 'DELETE', path: '/v1/team/{id}', answer: 'json', idempotent: true },
  inviteTeamMember: { method: 'POST', path: '/v1/team/{id}/invitation', query: true, answer: 'json', idempotent: true },
  signOutTeamMember: { method: 'DELETE', path: '/v1/team/{id}/sessions', answer: 'json', idempotent: true },
  listRoles: { method: 'GET', path: '/v1/roles', answer: 'json' },
  listAuditLog: { method: 'GET', path: '/v1/audit-log', query: true, answer: 'list' },
  listActors: { method: 'GET', path: '/v1/actors', query: true, answer: 'json' },
  listRequests: { method: 'GET', path: '/v1/requests', query: true, answer: 'list' },
  replayRequest: { method: 'POST', path: '/v1/requests/{id}/replay', answer: 'json' },
  listBrands: { method: 'GET', path: '/v1/brands', query: true, answer: 'list' },
  getBrand: { method: 'GET', path: '/v1/brands/{id}', answer: 'json' },
  putBrand: { method: 'PUT', path: '/v1/brands/{id}', body: 'json', answer: 'json', idempotent: true },
  deleteBrand: { method: 'DELETE', path: '/v1/brands/{id}', answer: 'json', idempotent: true },
  listLocations: { method: 'GET', path: '/v1/locations', query: true, answer: 'list' },
  getLocation: { method: 'GET', path: '/v1/locations/{id}', answer: 'json' },
  putLocation: { method: 'PUT', path: '/v1/locations/{id}', body: 'json', answer: 'json', idempotent: true },
  deleteLocation: { method: 'DELETE', path: '/v1/locations/{id}', answer: 'json', idempotent: true },
  listChannels: { method: 'GET', path: '/v1/channels', query: true, answer: 'list' },
  getChannel: { method: 'GET', path: '/v1/channels/{id}', answer: 'json' },
  putChannel: { method: 'PUT', path: '/v1/channels/{id}', body: 'json', answer: 'json', idempotent: true },
  deleteChannel: { method: 'DELETE', path: '/v1/channels/{id}', answer: 'json', idempotent: true },
  listClerks: { method: 'GET', path: '/v1/clerks', query: true, answer: 'list' },
  createClerk: { method: 'POST', path: '/v1/clerks', body: 'json', answer: 'json', idempotent: true },
  updateClerk: { method: 'PATCH', path: '/v1/clerks/{id}', body: 'json', answer: 'json', idempotent: true },
  deleteClerk: { method: 'DELETE', path: '/v1/clerks/{id}', answer: 'json', idempotent: true },
  createKey: { method: 'POST', path: '/v1/keys', body: 'json', answer: 'json', idempotent: true },
  listKeys: { method: 'GET', path: '/v1/keys', query: true, answer: 'list' },
  revokeKey: { method: 'DELETE', path: '/v1/keys/{id}', answer: 'json', idempotent: true },
  rotateKey: { method: 'POST', path: '/v1/keys/{id}/rotate', body: 'json', answer: 'json', idempotent: true },
  createPersonToken: { method: 'POST', path: '/v1/person-tokens', body: 'json', answer: 'json', idempotent: true },
  createSource: { method: 'POST', path: '/v1/sources', body: 'json', answer: 'json', idempotent: true },
  listSources: { method: 'GET', path: '/v1/sources', query: true, answer: 'list' },
  getSource: { method: 'GET', path: '/v1/sources/{id}', answer: 'json' },
  updateSource: { method: 'PATCH', path: '/v1/sources/{id}', body: 'json', answer: 'json', idempotent: true },
  revokeSource: { method: 'DELETE', path: '/v1/sources/{id}', answer: 'json', idempotent: true },
  rotateSource: { method: 'POST', path: '/v1/sources/{id}/rotate', body: 'json', answer: 'json', idempotent: true },
  tailSource: { method: 'GET', path: '/v1/sources/{id}/tail', query: true, answer: 'json' },
  getEvent: { method: 'GET', path: '/v1/events/{id}', answer: 'json' },
  batch: { method: 'POST', path: '/v1/batch', body: 'events', answer: 'json' },
  track: { method: 'POST', path: '/v1/track', body: 'events', answer: 'json' },
  identify: { method: 'POST', path: '/v1/identify', body: 'events', answer: 'json' },
  page: { method: 'POST', path: '/v1/page', body: 'events', answer: 'json' },
  screen: { method: 'POST', path: '/v1/screen', body: 'events', answer: 'json' },
  group: { method: 'POST', path: '/v1/group', body: 'events', answer: 'json' },
  alias: { method: 'POST', path: '/v1/alias', body: 'events', answer: 'json' },
  listPeople: { method: 'GET', path: '/v1/people', query: true, answer: 'list' },
  getPerson: { method: 'GET', path: '/v1/people/{ref}', answer: 'json' },
  getTimeline: { method: 'GET', path: '/v1/people/{ref}/timeline', query: true, answer: 'list' },
  getWallet: { method: 'GET', path: '/v1/people/{ref}/wallet', answer: 'json' },
  listWalletLots: { method: 'GET', path: '/v1/people/{ref}/wallet/lots', query: true, answer: 'list' },
  listWalletActivity: { method: 'GET', path: '/v1/people/{ref}/wallet/activity', query: true, answer: 'list' },
  exportPerson: { method: 'GET', path: '/v1/people/{ref}/export', query: true, answer: 'stream' },
  erasePerson: {
    method: 'POST',
    path: '/v1/people/{ref}/erase',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  listErasures: { method: 'GET', path: '/v1/erasures', query: true, answer: 'list' },
  linkPeople: { method: 'POST', path: '/v1/people/links', body: 'json', query: true, answer: 'json', idempotent: true },
  unlinkPeople: {
    method: 'POST',
    path: '/v1/people/unlink',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  splitPerson: {
    method: 'POST',
    path: '/v1/people/split',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  undoSplit: { method: 'DELETE', path: '/v1/people/splits/{id}', query: true, answer: 'json', idempotent: true },
  previewMerge: { method: 'GET', path: '/v1/people/{ref}/merge-preview', query: true, answer: 'json' },
  listQuarantine: { method: 'GET', path: '/v1/identity/quarantine', query: true, answer: 'list' },
  getConsents: { method: 'GET', path: '/v1/people/{ref}/consents', answer: 'json' },
  putConsents: { method: 'PUT', path: '/v1/people/{ref}/consents', body: 'json', answer: 'json', idempotent: true },
  importConsents: { method: 'POST', path: '/v1/consents', body: 'json', answer: 'json', idempotent: true },
  requestConsent: {
    method: 'POST',
    path: '/v1/people/{ref}/consents/requests',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  createPreferenceLink: { method: 'POST', path: '/v1/people/{ref}/preference-links', body: 'json', answer: 'json' },
  getConsentEvidence: { method: 'GET', path: '/v1/people/{ref}/consents/evidence', query: true, answer: 'list' },
  exportConsentEvidence: { method: 'GET', path: '/v1/people/{ref}/consents/evidence.csv', answer: 'stream' },
  putSegment: { method: 'PUT', path: '/v1/segments/{id}', body: 'json', answer: 'json', idempotent: true },
  getSegment: { method: 'GET', path: '/v1/segments/{id}', answer: 'json' },
  deleteSegment: { method: 'DELETE', path: '/v1/segments/{id}', answer: 'json', idempotent: true },
  listSegments: { method: 'GET', path: '/v1/segments', query: true, answer: 'list' },
  listSegmentPeople: { method: 'GET', path: '/v1/segments/{id}/people', query: true, answer: 'list' },
  importSegmentPeople: {
    method: 'POST',
    path: '/v1/segments/{id}/people',
    body: 'stream',
    contentType: 'text/csv',
    answer: 'json',
    idempotent: true,
  },
  changeSegmentPeople: {
    method: 'PATCH',
    path: '/v1/segments/{id}/people',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  previewSegment: { method: 'POST', path: '/v1/segments/preview', body: 'json', answer: 'json', idempotent: true },
  explainSegment: { method: 'POST', path: '/v1/segments/explain', body: 'json', answer: 'json' },
  putTrait: { method: 'PUT', path: '/v1/traits/{name}', body: 'json', answer: 'json', idempotent: true },
  getTrait: { method: 'GET', path: '/v1/traits/{name}', answer: 'json' },
  deleteTrait: { method: 'DELETE', path: '/v1/traits/{name}', answer: 'json', idempotent: true },
  listTraits: { method: 'GET', path: '/v1/traits', query: true, answer: 'list' },
  createCampaign: { method: 'POST', path: '/v1/campaigns', body: 'json', answer: 'json', idempotent: true },
  listCampaigns: { method: 'GET', path: '/v1/campaigns', query: true, answer: 'list' },
  getCampaign: { method: 'GET', path: '/v1/campaigns/{id}', answer: 'json' },
  updateCampaign: { method: 'PATCH', path: '/v1/campaigns/{id}', body: 'json', answer: 'json', idempotent: true },
  addMembers: { method: 'POST', path: '/v1/campaigns/{id}/members', body: 'json', answer: 'json', idempotent: true },
  listMembers: { method: 'GET', path: '/v1/campaigns/{id}/members', query: true, answer: 'list' },
  removeMembers: {
    method: 'POST',
    path: '/v1/campaigns/{id}/members/remove',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  createOffer: { method: 'POST', path: '/v1/offers', body: 'json', answer: 'json', idempotent: true },
  listOffers: { method: 'GET', path: '/v1/offers', query: true, answer: 'list' },
  getOffer: { method: 'GET', path: '/v1/offers/{id}', answer: 'json' },
  updateOffer: { method: 'PATCH', path: '/v1/offers/{id}', body: 'json', answer: 'json', idempotent: true },
  listOfferVersions: { method: 'GET', path: '/v1/offers/{id}/versions', query: true, answer: 'list' },
  listBenefitKinds: { method: 'GET', path: '/v1/benefit-kinds', answer: 'json' },
  tryOffer: { method: 'POST', path: '/v1/offers/try', body: 'json', answer: 'json' },
  listDraws: { method: 'GET', path: '/v1/offers/{id}/draws', query: true, answer: 'json' },
  putProgramme: { method: 'PUT', path: '/v1/programmes/{id}', body: 'json', answer: 'json', idempotent: true },
  getProgramme: { method: 'GET', path: '/v1/programmes/{id}', answer: 'json' },
  listProgrammes: { method: 'GET', path: '/v1/programmes', query: true, answer: 'list' },
  listProgrammeVersions: { method: 'GET', path: '/v1/programmes/{id}/versions', query: true, answer: 'list' },
  previewProgramme: {
    method: 'POST',
    path: '/v1/programmes/{id}/preview',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  joinProgramme: {
    method: 'PUT',
    path: '/v1/programmes/{id}/members/{ref}',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  leaveProgramme: { method: 'DELETE', path: '/v1/programmes/{id}/members/{ref}', answer: 'json', idempotent: true },
  getProgrammeMember: { method: 'GET', path: '/v1/programmes/{id}/members/{ref}', answer: 'json' },
  createJoinLink: { method: 'POST', path: '/v1/programmes/{id}/join-links', body: 'json', answer: 'json' },
  listProgrammeMembers: { method: 'GET', path: '/v1/programmes/{id}/members', query: true, answer: 'list' },
  createTransfer: {
    method: 'POST',
    path: '/v1/transfers',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  getTransfer: { method: 'GET', path: '/v1/transfers/{id}', answer: 'json' },
  createHousehold: { method: 'POST', path: '/v1/households', body: 'json', answer: 'json', idempotent: true },
  getHousehold: { method: 'GET', path: '/v1/households/{id}', answer: 'json' },
  updateHousehold: { method: 'PATCH', path: '/v1/households/{id}', body: 'json', answer: 'json', idempotent: true },
  createCollection: { method: 'PUT', path: '/v1/collections/{id}', body: 'json', answer: 'json', idempotent: true },
  getCollection: { method: 'GET', path: '/v1/collections/{id}', answer: 'json' },
  importCollection: {
    method: 'POST',
    path: '/v1/collections/{id}/items',
    body: 'stream',
    contentType: 'text/csv',
    answer: 'json',
    idempotent: true,
  },
  listCollectionItems: { method: 'GET', path: '/v1/collections/{id}/items', query: true, answer: 'list' },
  listCollections: { method: 'GET', path: '/v1/collections', query: true, answer: 'list' },
  createCodes: { method: 'POST', path: '/v1/offers/{id}/codes', body: 'json', answer: 'json', idempotent: true },
  exportCodes: { method: 'GET', path: '/v1/offers/{id}/codes', query: true, answer: 'stream' },
  lookupCode: { method: 'GET', path: '/v1/codes/{code}', answer: 'json' },
  updateCode: { method: 'PATCH', path: '/v1/codes/{code}', body: 'json', answer: 'json', idempotent: true },
  listCodeRefusals: { method: 'GET', path: '/v1/code-refusals', query: true, answer: 'list' },
  listCodeSets: { method: 'GET', path: '/v1/offers/{id}/code-sets', answer: 'json' },
  createGrants: { method: 'POST', path: '/v1/offers/{id}/grants', body: 'json', answer: 'json', idempotent: true },
  listGrants: { method: 'GET', path: '/v1/offers/{id}/grants', query: true, answer: 'list' },
  revokeGrant: { method: 'POST', path: '/v1/grants/{id}/revoke', answer: 'json', idempotent: true },
  fulfilGrant: { method: 'POST', path: '/v1/grants/{id}/fulfilment', body: 'json', answer: 'json', idempotent: true },
  putOrder: { method: 'PUT', path: '/v1/orders/{id}', body: 'json', query: true, answer: 'json', idempotent: true },
  getOrder: { method: 'GET', path: '/v1/orders/{id}', answer: 'json' },
  getOrderBasket: { method: 'GET', path: '/v1/orders/{id}/basket', answer: 'json' },
  listOrders: { method: 'GET', path: '/v1/orders', query: true, answer: 'list' },
  getOrderStory: { method: 'GET', path: '/v1/orders/{id}/story', answer: 'json' },
  getDecision: { method: 'GET', path: '/v1/decisions/{id}', answer: 'json' },
  createReturn: {
    method: 'POST',
    path: '/v1/orders/{id}/returns',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  issuePack: { method: 'POST', path: '/v1/packs', body: 'json', answer: 'json' },
  listPacks: { method: 'GET', path: '/v1/packs', query: true, answer: 'list' },
  getPack: { method: 'GET', path: '/v1/packs/{id}', answer: 'json' },
  settleJournal: { method: 'POST', path: '/v1/packs/{id}/journal', body: 'json', answer: 'json' },
  listJournal: { method: 'GET', path: '/v1/packs/{id}/journal', query: true, answer: 'list' },
  writeOffPack: { method: 'POST', path: '/v1/packs/{id}/write-off', body: 'json', answer: 'json', idempotent: true },
  createWalletCode: { method: 'POST', path: '/v1/wallet/codes', body: 'json', answer: 'json' },
  createWalletSession: { method: 'POST', path: '/v1/wallet/session', body: 'json', answer: 'json' },
  getWalletSession: { method: 'GET', path: '/v1/wallet/session', answer: 'json' },
  endWalletSession: { method: 'DELETE', path: '/v1/wallet/session', answer: 'json' },
  listWalletSessions: { method: 'GET', path: '/v1/wallet/sessions', answer: 'json' },
  revokeWalletSession: { method: 'DELETE', path: '/v1/wallet/sessions/{id}', answer: 'json' },
  getWalletSettings: { method: 'GET', path: '/v1/wallet/settings', query: true, answer: 'json' },
  putWalletProfile: { method: 'PUT', path: '/v1/wallet/profile', body: 'json', answer: 'json', idempotent: true },
  exportMyself: { method: 'GET', path: '/v1/wallet/export', query: true, answer: 'stream' },
  eraseMyself: { method: 'POST', path: '/v1/wallet/erasure', body: 'json', answer: 'json' },
  certifyWallet: { method: 'POST', path: '/v1/wallet/devices', body: 'json', answer: 'json', idempotent: true },
  readWalletToken: { method: 'POST', path: '/v1/wallet-tokens/read', body: 'json', answer: 'json' },
  listOutbox: { method: 'GET', path: '/v1/outbox', query: true, answer: 'list' },
  issueGiftCards: { method: 'POST', path: '/v1/gift-cards', body: 'json', answer: 'json', idempotent: true },
  listGiftCards: { method: 'GET', path: '/v1/gift-cards', query: true, answer: 'list' },
  checkGiftCard: { method: 'POST', path: '/v1/gift-cards/balance', body: 'json', answer: 'json', idempotent: true },
  keepGiftCard: { method: 'POST', path: '/v1/gift-cards/keep', body: 'json', answer: 'json', idempotent: true },
  getGiftCard: { method: 'GET', path: '/v1/gift-cards/{code}', answer: 'json' },
  activateGiftCard: { method: 'POST', path: '/v1/gift-cards/{code}/activate', answer: 'json', idempotent: true },
  blockGiftCard: { method: 'POST', path: '/v1/gift-cards/{code}/block', query: true, answer: 'json', idempotent: true },
  unblockGiftCard: { method: 'POST', path: '/v1/gift-cards/{code}/unblock', answer: 'json', idempotent: true },
  createCredit: { method: 'POST', path: '/v1/credits', body: 'json', answer: 'json', idempotent: true },
  decideMoment: { method: 'POST', path: '/v1/decisions', body: 'json', answer: 'json', idempotent: true },
  returnClaim: { method: 'POST', path: '/v1/decisions/{id}/return', body: 'json', answer: 'json', idempotent: true },
  getCampaignReport: { method: 'GET', path: '/v1/reports/campaigns', query: true, answer: 'json' },
  getActivity: { method: 'GET', path: '/v1/reports/activity', query: true, answer: 'json' },
  exportActivity: { method: 'GET', path: '/v1/exports/activity', query: true, answer: 'stream' },
  getAttention: { method: 'GET', path: '/v1/attention', answer: 'json' },
  getSetup: { method: 'GET', path: '/v1/setup', answer: 'json' },
  getTicker: { method: 'GET', path: '/v1/activity', query: true, answer: 'json' },
  getTierPopulation: { method: 'GET', path: '/v1/programmes/{id}/tiers', answer: 'json' },
  overlapSegments: { method: 'POST', path: '/v1/segments/overlap', body: 'json', answer: 'json' },
  findOfferConflicts: { method: 'POST', path: '/v1/offers/conflicts', body: 'json', answer: 'json' },
  getPersonLimits: { method: 'GET', path: '/v1/people/{ref}/limits', answer: 'json' },
  createAdjustment: { method: 'POST', path: '/v1/adjustments', body: 'json', answer: 'json', idempotent: true },
  listAdjustments: { method: 'GET', path: '/v1/adjustments', query: true, answer: 'list' },
  getAdjustment: { method: 'GET', path: '/v1/adjustments/{id}', answer: 'json' },
  approveAdjustment: { method: 'POST', path: '/v1/adjustments/{id}/approve', answer: 'json', idempotent: true },
  rejectAdjustment: { method: 'POST', path: '/v1/adjustments/{id}/reject', answer: 'json', idempotent: true },
  reverseAdjustment: {
    method: 'POST',
    path: '/v1/adjustments/{id}/reverse',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  getLiability: { method: 'GET', path: '/v1/reports/liability', query: true, answer: 'json' },
  createClosing: { method: 'POST', path: '/v1/closings', body: 'json', query: true, answer: 'json', idempotent: true },
  listClosings: { method: 'GET', path: '/v1/closings', query: true, answer: 'json' },
  listAccounts: { method: 'GET', path: '/v1/accounts', query: true, answer: 'list' },
  getAccount: { method: 'GET', path: '/v1/accounts/{owner}/{asset}/{kind}', query: true, answer: 'json' },
  listPostings: { method: 'GET', path: '/v1/accounts/{owner}/{asset}/{kind}/postings', query: true, answer: 'list' },
  getTransaction: { method: 'GET', path: '/v1/transactions/{id}', answer: 'json' },
  startAudit: { method: 'POST', path: '/v1/audits', answer: 'json', idempotent: true },
  listAudits: { method: 'GET', path: '/v1/audits', query: true, answer: 'list' },
  exportPeople: { method: 'GET', path: '/v1/exports/people', query: true, answer: 'stream' },
  exportEvents: { method: 'GET', path: '/v1/exports/events', query: true, answer: 'stream' },
  exportOrders: { method: 'GET', path: '/v1/exports/orders', query: true, answer: 'stream' },
  exportSegments: { method: 'GET', path: '/v1/exports/segments', query: true, answer: 'stream' },
  exportConsents: { method: 'GET', path: '/v1/exports/consents', query: true, answer: 'stream' },
  exportLiability: { method: 'GET', path: '/v1/exports/liability', query: true, answer: 'stream' },
  exportAdjustments: { method: 'GET', path: '/v1/exports/adjustments', query: true, answer: 'stream' },
  exportBalances: { method: 'GET', path: '/v1/exports/balances', query: true, answer: 'stream' },
  createSimulation: { method: 'POST', path: '/v1/simulations', body: 'json', answer: 'json', idempotent: true },
  listJobs: { method: 'GET', path: '/v1/jobs', query: true, answer: 'list' },
  getJob: { method: 'GET', path: '/v1/jobs/{id}', answer: 'json' },
  cancelJob: { method: 'POST', path: '/v1/jobs/{id}/cancel', answer: 'json', idempotent: true },
  resumeJob: { method: 'POST', path: '/v1/jobs/{id}/resume', answer: 'json', idempotent: true },
  dump: { method: 'GET', path: '/v1/dump', answer: 'stream' },
  getHealth: { method: 'GET', path: '/health', answer: 'json' },
}
