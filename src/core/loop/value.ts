import type { Asset } from '../ledger/account.ts'
import { lotsKey } from '../ledger/book.ts'
import { isAsleep, mature } from '../ledger/lots.ts'
import { rankByClock } from './rank.ts'
import { ledgerOf, type World } from './world.ts'

/**
 * Books what the clock has done to every tier and account in the world; runs first in a batch, so that nobody spends what has ended. Tiers
 * come first: what a period was enough for often ends with it.
 */
export const matureValue = (world: World): void => {
  rankByClock(world)
  const { book } = world
  if (book.accounts.size === 0) return
  const ledger = ledgerOf(world)
  const pairs = new Map<string, { readonly ownerId: string; readonly asset: Asset }>()
  for (const account of book.accounts.values())
    if (!isAsleep(account, world.now)) pairs.set(lotsKey(account.ownerId, account.asset), account)
  for (const { ownerId, asset } of pairs.values()) mature(ledger, [ownerId], [asset])
}
