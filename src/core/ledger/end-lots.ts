import { type Asset, accountId } from './account.ts'
import { changeLot, type Ledger, type Lot } from './book.ts'
import { isOpenHold, lotsAt, lotsTouched, mature } from './lots.ts'

/**
 * Lets all that owners have of an asset end at an instant, what is pending too, unless it ends sooner anyway; what an open order holds
 * ends then with its lot, or as it comes back later. Changes the lots that the book holds.
 */
export const endLots = (ledger: Ledger, ownerIds: readonly string[], asset: Asset, at: number): void => {
  for (const lot of lotsLeft(ledger, ownerIds, asset)) {
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

/** Lots in which something remains, or to which a hold may still give something back. */
const lotsLeft = (ledger: Ledger, ownerIds: readonly string[], asset: Asset): readonly Lot[] => {
  const held = [...ledger.book.transactions.values()]
    .filter(it => isOpenHold(ledger, it))
    .flatMap(it => lotsTouched(ledger, it.id).map(({ lot }) => lot))
    .filter(lot => lot.asset === asset && ownerIds.includes(lot.ownerId))
  const there = ownerIds.flatMap(id => lotsAt(ledger, id, asset).filter(lot => lot.remaining > 0))
  return [...new Set([...there, ...held])]
}
