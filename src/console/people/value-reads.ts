import type { CallName } from '../../faces/api.ts'

/** What may read otherwise after value was given or taken. */
export const valueReads: readonly CallName[] = [
  'getWallet',
  'listWalletLots',
  'listAdjustments',
  'getTimeline',
  'getPerson',
  'getPersonLimits',
  'decideMoment',
]
