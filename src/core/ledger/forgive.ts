import type { Asset } from './account.ts'
import { balanceOf, type Cause, type Ledger, post, type Transaction } from './book.ts'

/**
 * Writes off what an owner owes of an asset; undefined where that is nothing.
 *
 *     forgive(ledger, 'hol_1', 'points:club', { reason: 'erased' })   // house/points:club/adjusted -40, hol_1/points:club/debt +40
 */
export const forgive = (ledger: Ledger, ownerId: string, asset: Asset, cause: Cause): Transaction | undefined => {
  const owed = -balanceOf(ledger.book, ownerId, asset, 'debt')
  if (owed === 0) return undefined
  return post(ledger, {
    ...cause,
    kind: 'adjust',
    legs: [
      { house: 'adjusted', asset, amount: -owed },
      { ownerId, asset, kind: 'debt', amount: owed },
    ],
  })
}
