import type { Ledger, Transaction } from './book.ts'
import { isOpenHold, release } from './lots.ts'

/** What an order holds and nothing has ended yet. */
export const openHoldsOf = ({ book }: Pick<Ledger, 'book'>, orderId: string): readonly Transaction[] =>
  (book.ofOrder.get(orderId) ?? []).map(id => book.transactions.get(id)!).filter(it => isOpenHold({ book }, it))

/** Ends them: what was held is free again. Where nothing is held, nothing happens. */
export const releaseHoldsOf = (ledger: Ledger, orderId: string, reason: string): void => {
  for (const it of openHoldsOf(ledger, orderId)) release(ledger, it, { reason })
}
