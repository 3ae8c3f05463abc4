import type { CallName } from '../../faces/api.ts'

/** What may read otherwise after it was said who is who. */
export const identityReads: readonly CallName[] = [
  'getPerson',
  'listPeople',
  'getTimeline',
  'getWallet',
  'listWalletLots',
  'getConsents',
  'getConsentEvidence',
  'getPersonLimits',
  'decideMoment',
  'previewMerge',
  'explainSegment',
]
