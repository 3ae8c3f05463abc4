import type { Role } from '../core/team/roles.ts'
import { type AnyEndpoint, isWrite } from './endpoint.ts'

/** Besides admin, who may everything: the roles that may. `operator`: only whoever runs the installation. */
type Allowed = readonly Exclude<Role, 'admin'>[] | 'everyone' | 'operator'
type Placement = {
  readonly read: Allowed
  readonly write: Allowed
  /** Calls that differ from the rest of their tag. */
  readonly but?: Readonly<Record<string, Allowed>>
}

const nobodyElse: Allowed = []

/**
 * Which role may do what, by the tag and the method of a call, with exceptions by name. A new call falls under its tag; a new tag is
 * for admins alone until it is placed here, and a test asks for it.
 */
const placements: Readonly<Record<string, Placement>> = {
  Workspaces: {
    read: 'everyone',
    write: nobodyElse,
    but: { createWorkspace: 'operator', listWorkspaces: 'operator' },
  },
  Session: { read: 'everyone', write: 'everyone' },
  // Customers' own: no team member comes by them, whatever her role.
  Wallet: { read: 'everyone', write: 'everyone' },
  // Whoever reads a customer's code is that customer.
  Outbox: { read: nobodyElse, write: nobodyElse },
  Team: { read: 'everyone', write: nobodyElse },
  'Audit log': { read: ['finance'], write: nobodyElse },
  Requests: { read: ['support'], write: nobodyElse },
  Keys: { read: nobodyElse, write: nobodyElse },
  Sources: { read: ['marketer', 'analyst', 'support'], write: nobodyElse },
  Events: {
    read: nobodyElse,
    write: nobodyElse,
    // As the timeline tells them.
    but: { getEvent: ['marketer', 'analyst', 'clerk', 'finance', 'support'] },
  },
  People: {
    read: ['marketer', 'analyst', 'clerk', 'finance', 'support'],
    write: ['support'],
    but: { listQuarantine: ['support'], previewMerge: ['support'] },
  },
  Rights: { read: ['support'], write: ['support'] },
  Consents: {
    read: ['marketer', 'clerk', 'support'],
    write: ['clerk', 'support'],
    but: {
      requestConsent: ['marketer', 'clerk', 'support'],
      importConsents: ['support'],
      exportConsentEvidence: ['support'],
    },
  },
  Segments: {
    read: ['marketer', 'analyst', 'support'],
    write: ['marketer'],
    but: {
      previewSegment: ['marketer', 'analyst'],
      overlapSegments: ['marketer', 'analyst'],
      explainSegment: ['marketer', 'analyst', 'support'],
    },
  },
  'Computed traits': { read: ['marketer', 'analyst'], write: ['marketer'] },
  Campaigns: { read: 'everyone', write: ['marketer'], but: { listMembers: ['marketer', 'analyst', 'support'] } },
  Offers: {
    read: 'everyone',
    write: ['marketer'],
    but: { findOfferConflicts: ['marketer', 'analyst'], tryOffer: ['marketer', 'analyst'] },
  },
  Programmes: {
    read: 'everyone',
    write: ['marketer'],
    but: {
      previewProgramme: ['marketer', 'analyst', 'finance'],
      listProgrammeMembers: ['marketer', 'analyst', 'support'],
      joinProgramme: ['marketer', 'clerk', 'support'],
      leaveProgramme: ['clerk', 'support'],
      createTransfer: ['support'],
      createHousehold: ['clerk', 'support'],
      updateHousehold: ['clerk', 'support'],
    },
  },
  Collections: { read: 'everyone', write: ['marketer'] },
  Codes: {
    read: ['marketer'],
    write: ['marketer'],
    but: {
      lookupCode: ['marketer', 'analyst', 'clerk', 'finance', 'support'],
      listCodeRefusals: ['marketer', 'analyst', 'clerk', 'finance', 'support'],
      updateCode: ['marketer', 'support'],
    },
  },
  Grants: {
    read: ['marketer', 'analyst', 'support'],
    write: ['marketer', 'support'],
    but: { fulfilGrant: ['clerk', 'support'] },
  },
  Orders: { read: 'everyone', write: ['clerk', 'support'] },
  'Tills without a network': {
    read: ['analyst', 'finance', 'support'],
    write: ['finance', 'support'],
    but: { readWalletToken: ['clerk', 'support'], certifyWallet: ['support'] },
  },
  'Stored money': {
    read: ['finance', 'support'],
    write: ['finance', 'support'],
    but: {
      checkGiftCard: ['clerk', 'finance', 'support'],
      keepGiftCard: ['clerk', 'support'],
      activateGiftCard: ['clerk', 'support'],
      issueGiftCards: ['finance'],
    },
  },
  Decisions: {
    read: 'everyone',
    write: ['clerk', 'support'],
    but: { decideMoment: ['marketer', 'clerk', 'support'] },
  },
  Home: { read: 'everyone', write: nobodyElse },
  Reports: { read: ['marketer', 'analyst', 'finance'], write: ['marketer', 'analyst', 'finance'] },
  Finance: {
    read: ['analyst', 'finance', 'support'],
    write: ['finance'],
    but: { createAdjustment: ['finance', 'support'], rejectAdjustment: ['finance', 'support'] },
  },
  Ledger: { read: ['analyst', 'finance', 'support'], write: ['finance'] },
  Exports: {
    read: ['analyst'],
    write: nobodyElse,
    but: {
      exportSegments: ['marketer', 'analyst'],
      exportLiability: ['analyst', 'finance'],
      exportActivity: ['marketer', 'analyst', 'finance'],
    },
  },
  Simulations: { read: ['marketer', 'analyst'], write: ['marketer', 'analyst'] },
  Jobs: {
    read: ['marketer', 'analyst', 'finance', 'support'],
    write: ['marketer', 'finance'],
  },
  Operations: { read: 'operator', write: 'operator' },
}

/** Every tag that has a place in the table. */
export const placedTags: readonly string[] = Object.keys(placements)
/** Every exception, so that a test can ask whether there still is such a call. */
export const exceptions: readonly (readonly [tag: string, name: string])[] = Object.entries(placements).flatMap(
  ([tag, { but = {} }]) => Object.keys(but).map(name => [tag, name] as const),
)

const allowedOf = (endpoint: AnyEndpoint): Allowed => {
  const place = placements[endpoint.tag]
  if (!place) return nobodyElse
  return place.but?.[endpoint.name] ?? (isWrite(endpoint) ? place.write : place.read)
}

/**
 * Whether somebody of this role may call it. Operators may call everything.
 *
 *     mayCall({ role: 'clerk', operator: false }, createOffer)   // false
 */
export const mayCall = (
  { role, operator }: { readonly role: Role; readonly operator: boolean },
  endpoint: AnyEndpoint,
): boolean => {
  if (operator) return true
  const allowed = allowedOf(endpoint)
  if (allowed === 'operator') return false
  return role === 'admin' || allowed === 'everyone' || allowed.includes(role)
}

/** Who may, in words: `admin or marketer`. */
export const whoMayCall = (endpoint: AnyEndpoint): string => {
  const allowed = allowedOf(endpoint)
  if (allowed === 'operator') return 'an operator of the installation'
  return allowed === 'everyone' ? 'every role' : ['admin', ...allowed].join(' or ')
}
