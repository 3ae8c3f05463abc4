import { no, type Result, refuse } from '../kernel/refusal.ts'
import { dateOf, localDay } from '../kernel/time.ts'
import { type Asset, assetParts } from '../ledger/account.ts'
import { alonePerDay } from '../loyalty/adjustment.ts'
import { moneyRefusals } from '../loyalty/money-refusals.ts'
import { toldDecimals } from '../loyalty/told-decimals.ts'
import { type Counter, counterKey, type World } from './world.ts'

/** What stands in the place of an offer where somebody's own limit is counted. No offer has it for an id. */
const byHand = 'by-hand'

/**
 * Who gives value by hand, and of what. A hand is somebody with all the keys that she was given, made, or changed for new ones, so that no new
 * key begins the day anew.
 */
export type Hand = { readonly hand: string; readonly asset: Asset }

/** The counter of what a hand gives, takes and issues of an asset on the workspace's day. */
export const handCounter = ({ now, workspace }: Pick<World, 'now' | 'workspace'>, { hand, asset }: Hand): string =>
  counterKey(byHand, `${hand}/${asset}/${dateOf(localDay(now, workspace.timeZone))}`)

type Allowance = { readonly key: string; readonly counter: Counter; readonly most: number }

/** Undefined: nothing is set for the asset, and nothing is counted. */
const allowanceOf = (world: World, hand: Hand): Allowance | undefined => {
  const most = alonePerDay(world.catalogue.adjustments, hand.asset)
  if (most === undefined) return undefined
  const key = handCounter(world, hand)
  const counter = world.counters.get(key)
  if (!counter) throw new Error(`the counter ${key} was not loaded`)
  return { key, counter, most }
}

/** Whether so much more stays within what one person may do alone in a day. */
export const isWithinDay = (world: World, hand: Hand, amount: number): boolean => {
  const allowance = allowanceOf(world, hand)
  return allowance === undefined || allowance.counter.budgetUsed + Math.abs(amount) <= allowance.most
}

/** What was taken counts as what was given: one does not make room for the other. */
export const countByHand = (world: World, hand: Hand, amount: number): void => {
  const allowance = allowanceOf(world, hand)
  if (!allowance) return
  allowance.counter.used += 1
  allowance.counter.budgetUsed += Math.abs(amount)
  world.changes.counters.add(allowance.key)
}

/** Gives so much where the day has room for it, and counts it where it was given. */
export const giveWithinDay = <T>(world: World, hand: Hand, amount: number, give: () => Result<T>): Result<T> => {
  const allowance = allowanceOf(world, hand)
  if (allowance && !isWithinDay(world, hand, amount)) {
    const { most, counter } = allowance
    const { asset } = hand
    const { kind, of } = assetParts(asset)
    const programme = kind === 'points' ? world.catalogue.programmes.get(of) : undefined
    const decimals = programme ? toldDecimals(programme.terms) : {}
    return no(refuse(moneyRefusals.given_too_much_today, { asset, most, given: counter.budgetUsed, ...decimals }))
  }
  const given = give()
  if (given.ok) countByHand(world, hand, amount)
  return given
}
