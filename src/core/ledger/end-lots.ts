import { type Asset, accountId } from './account.ts'
import { changeLot, type Ledger } from './book.ts'
import { lotsAt, mature } from './lots.ts'

/**
 * Lets all that owners have of an asset end at an instant, what is pending too, unless it ends sooner anyway. Changes the lots that the
 * book holds.
 */
export const endLots = (ledger: Ledger, ownerIds: readonly string[], asset: Asset, at: number): void => {
  for (const lot of ownerIds.flatMap(id => lotsAt(ledger, id, asset))) {
    if (lot.remaining === 0) continue
    const slidesOut = lot.slides ? ledger.book.accounts.get(accountId(lot.ownerId, asset, 'main'))?.endsAt : null
    const ends = Math.min(at, lot.expiresAt ?? slidesOut ?? at)
    const isLater = lot.kind === 'pending' && lot.activeAt !== null && lot.activeAt < ends
    // What would become active after that never does.
    if (!isLater) Object.assign(lot, { activeAt: null, awaits: lot.kind === 'pending' ? lot.awaits : null })
    Object.assign(lot, { expiresAt: ends, slides: false, dueAt: isLater ? lot.activeAt : ends })
    changeLot(ledger.book, lot)
  }
  mature(ledger, ownerIds, [asset])
}
