import type { NewConsent } from '../consent/consent.ts'
import type { StoredTransfer } from '../loyalty/transfer.ts'
import type {
  Draw,
  Exposure,
  Holder,
  Membership,
  NeverMerge,
  NewAudit,
  NewDecision,
  NewEvent,
  StoredAnswer,
  StoredRedemption,
} from './rows.ts'

/** What a batch changed of the world: keys of rows that are there, and rows that nothing looks up. */
export type Changes = {
  readonly newHolders: Map<string, Holder>
  readonly holders: Map<string, Holder>
  /** Of these, those of whom nothing changed but what `countHolder` changes. */
  readonly onlyCounted: Set<string>
  readonly newLinks: Set<string>
  readonly links: Set<string>
  readonly newNeverMerge: NeverMerge[]
  readonly removedNeverMerge: NeverMerge[]
  readonly newConsents: NewConsent[]
  readonly newMemberships: Map<string, Membership>
  readonly removedMemberships: Map<string, Membership>
  readonly newOrders: Set<string>
  readonly orders: Set<string>
  readonly newRedemptions: Set<StoredRedemption>
  readonly redemptions: Set<StoredRedemption>
  readonly counters: Set<string>
  /** Counters in play that have no row yet. */
  readonly newCounters: Set<string>
  readonly newGrants: Set<string>
  readonly grants: Set<string>
  readonly newReturns: Set<string>
  readonly newExposures: Exposure[]
  readonly newDraws: Draw[]
  readonly newDecisions: NewDecision[]
  readonly newEvents: NewEvent[]
  /** Their codes. */
  readonly newGiftCards: Set<string>
  readonly giftCards: Set<string>
  /** By `pairKey(holder id, programme id)`. */
  readonly newProgrammeMembers: Set<string>
  readonly programmeMembers: Set<string>
  readonly newHouseholds: Set<string>
  readonly households: Set<string>
  readonly newHouseholdPeople: { readonly holderId: string; readonly householdId: string }[]
  readonly newTransfers: StoredTransfer[]
  readonly newAdjustments: Set<string>
  readonly adjustments: Set<string>
  readonly newPacks: Set<string>
  readonly packs: Set<string>
  readonly newLeases: Set<string>
  readonly leases: Set<string>
  readonly newEntries: Set<string>
  readonly entries: Set<string>
  readonly newAnswers: Map<string, StoredAnswer>
  readonly newAudits: NewAudit[]
}

export const noChanges = (): Changes => ({
  newHolders: new Map(),
  holders: new Map(),
  onlyCounted: new Set(),
  newLinks: new Set(),
  links: new Set(),
  newNeverMerge: [],
  removedNeverMerge: [],
  newConsents: [],
  newMemberships: new Map(),
  removedMemberships: new Map(),
  newOrders: new Set(),
  orders: new Set(),
  newRedemptions: new Set(),
  redemptions: new Set(),
  counters: new Set(),
  newCounters: new Set(),
  newGrants: new Set(),
  grants: new Set(),
  newReturns: new Set(),
  newExposures: [],
  newDraws: [],
  newDecisions: [],
  newEvents: [],
  newGiftCards: new Set(),
  giftCards: new Set(),
  newProgrammeMembers: new Set(),
  programmeMembers: new Set(),
  newHouseholds: new Set(),
  households: new Set(),
  newHouseholdPeople: [],
  newTransfers: [],
  newAdjustments: new Set(),
  adjustments: new Set(),
  newPacks: new Set(),
  packs: new Set(),
  newLeases: new Set(),
  leases: new Set(),
  newEntries: new Set(),
  entries: new Set(),
  newAnswers: new Map(),
  newAudits: [],
})
