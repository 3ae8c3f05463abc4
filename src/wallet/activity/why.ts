import type { api } from '../api.ts'

export type Entry = Awaited<ReturnType<typeof api.listWalletActivity>>['data'][number]

/** What an entry of the activity says of why, as the key of its words. */
export type Why =
  | 'earned'
  | 'earnedOnOrder'
  | 'onTheWay'
  | 'active'
  | 'expired'
  | 'paid'
  | 'held'
  | 'released'
  | 'takenBack'
  | 'givenBack'
  | 'corrected'
  | 'given'
  | 'givenTo'
  | 'received'
  | 'receivedFrom'
  | 'adjusted'
  | 'issued'

/**
 * Why it was booked, as somebody would say it at the counter; undefined where there is nothing to say: what becomes active leaves what was
 * pending, and only its arrival is told.
 *
 *     whyOf({ kind: 'earn', amount: 39, pending: false, order: 'web-1001', … })   // 'earnedOnOrder'
 */
export const whyOf = ({ kind, amount, pending, order, with: other }: Entry): Why | undefined => {
  switch (kind) {
    case 'earn':
      return pending ? 'onTheWay' : order === null ? 'earned' : 'earnedOnOrder'
    case 'activate':
      return pending ? undefined : 'active'
    case 'expire':
      return 'expired'
    case 'burn':
      return 'paid'
    case 'hold':
      return 'held'
    case 'release':
      return 'released'
    case 'takeBack':
      return 'takenBack'
    case 'giveBack':
      return 'givenBack'
    case 'reverse':
      return 'corrected'
    case 'transfer':
      // Undefined in what was kept before answers told it.
      if (other === null || other === undefined) return amount < 0 ? 'given' : 'received'
      return amount < 0 ? 'givenTo' : 'receivedFrom'
    case 'adjust':
      return 'adjusted'
    case 'issue':
      return 'issued'
  }
}
