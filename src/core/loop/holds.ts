import { releaseHoldsOf } from '../ledger/order-holds.ts'
import { changeUse, ledgerOf, type StoredOrder, saveOrder, usesOfOrder, type World } from './world.ts'

/** Ends the hold of an open order: its uses, and value held to pay it, are free again. Does nothing where there is no hold, so a hold ends once (promise 4). */
export const endHold = (world: World, order: StoredOrder, as: 'released' | 'expired'): void => {
  if (order.heldUntil === null) return
  for (const use of usesOfOrder(world, order.id)) if (use.state === 'held') changeUse(world, use, as)
  releaseHoldsOf(ledgerOf(world), order.id, as)
  saveOrder(world, { ...order, heldUntil: null, touched: order.touched + 1 })
}

/** Ends every loaded hold whose time is over; runs first in a batch, so that no limit is refused because of a dead hold. */
export const expireHolds = (world: World): number => {
  const over = [...world.orders.values()].filter(order => order.heldUntil !== null && order.heldUntil <= world.now)
  for (const order of over) endHold(world, order, 'expired')
  return over.length
}
