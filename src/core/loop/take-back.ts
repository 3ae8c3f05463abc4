import { type Asset, pointsOf, qualifyingOf } from '../ledger/account.ts'
import { balanceOf, type Cause, type Lot, type Transaction } from '../ledger/book.ts'
import { type BurnOrder, choose, lotsTouched, noteShort, spendable, type Taken, takeBack } from '../ledger/lots.ts'
import { type EarnedShares, earnedOn } from '../loyalty/earn.ts'
import type { Programme } from '../loyalty/schema.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { placesOf, reckoningOf } from '../orders/points.ts'
import type { Back, Refund, Sale } from '../orders/refund.ts'
import { isErasedValue } from '../people/erased.ts'
import type { EarnDetails } from './book-points.ts'
import { ledgerOf, type StoredRedemption, usesOfOrder, type World } from './world.ts'

/** What is back of an order; undefined: all of it, it is cancelled. */
export type BackSoFar = { readonly sale: Sale; readonly back: Back; readonly refund: Refund } | undefined

/** Points of one programme that goods coming back take with them. */
export type PointsBack = {
  readonly programme: Programme
  /** What is taken, of which `debt` is what she has not got. */
  readonly points: number
  readonly debt: number
  /** What should be, and is not because of the programme's policy. */
  readonly short: number
}

type Plan = PointsBack & {
  readonly earned: Transaction
  readonly qualifying: number
  readonly qualified: Transaction | undefined
}

export const amountOf = ({ book }: World, { id }: Transaction): number =>
  -book.postings
    .get(id)!
    .filter(it => it.accountId.startsWith('house/'))
    .reduce((sum, it) => sum + it.amount, 0)

/** What has been taken back of an earning transaction. */
export const takenOf = (world: World, { id }: Transaction): number =>
  (world.book.reversalsOf.get(id) ?? [])
    .map(it => world.book.transactions.get(it)!)
    .reduce((sum, it) => sum - amountOf(world, it), 0)

const earnedFor = (world: World, orderId: string, asset: string): Transaction | undefined =>
  (world.book.ofOrder.get(orderId) ?? [])
    .map(id => world.book.transactions.get(id)!)
    .find(it => it.kind === 'earn' && world.book.postings.get(it.id)![0]!.asset === asset)

/**
 * What an order's points come to when so much of it is back: what the same offers earn on what is kept. A pure function of all that is
 * back, so the split into returns and their order do not matter (promise 6).
 */
const staysOf = (
  { id }: Programme,
  uses: readonly StoredRedemption[],
  { paidOtherwise, shipping, rounding }: EarnDetails,
  { sale, back, refund }: NonNullable<BackSoFar>,
): EarnedShares => {
  const places = placesOf(sale.lines.map(({ line }) => line))
  const gave = uses.flatMap(use => {
    const given = (use.given ?? []).find(it => it.what === 'points' && it.programme === id)
    const offer = sale.applied.findIndex(it => it.offer.id === use.offerId)
    return given?.what === 'points' && offer >= 0 ? [{ given, offer }] : []
  })
  const offerOf = (index: number): LiveOffer => sale.applied[gave[index]!.offer]!.offer
  const stays = (index: number): boolean => refund.offers[gave[index]!.offer]!.stays.includes(gave[index]!.given)
  return earnedOn(
    { lines: sale.lines, shipping, paidOtherwise },
    gave.map(({ given }, index) => reckoningOf(offerOf(index), given, places)),
    rounding,
    {
      units: (line, first, count) =>
        count - [...back.units[line]!].filter(unit => unit >= first && unit < first + count).length,
      shipping: !back.shipping,
      fixed: stays,
    },
  )
}

/** The holders of whoever earned, by whose account it was. */
export const ownersOfEarned = (world: World, { holderId }: Transaction): readonly string[] =>
  world.persons.get(world.holders.get(holderId!)!.personId)!

export const lotOf = (world: World, { id }: Transaction): Lot | undefined => lotsTouched(world, id).at(0)?.lot

/**
 * What has to be taken back of the points that an order earned, and what the programme's policy lets be taken. `coming` are points that
 * the same return gives back, by asset: they are there when this is booked.
 */
export const planTakeBack = (
  world: World,
  orderId: string,
  so: BackSoFar,
  coming: ReadonlyMap<Asset, number>,
): readonly Plan[] => {
  if (!world.book.ofOrder.has(orderId)) return []
  const uses = usesOfOrder(world, orderId)
  return [...world.catalogue.programmes.values()].flatMap(programme => {
    const earned = earnedFor(world, orderId, pointsOf(programme.id))
    if (!earned) return []
    const qualified = earnedFor(world, orderId, qualifyingOf(programme.id))
    const stays = so ? staysOf(programme, uses, earned.details as EarnDetails, so) : { points: 0, qualifying: 0 }
    const asked = Math.max(0, amountOf(world, earned) - stays.points - takenOf(world, earned))
    const may = mostTaken(world, programme, earned, coming.get(pointsOf(programme.id)) ?? 0)
    const points = Math.min(asked, may.there + may.debt)
    const qualifying = qualified
      ? Math.max(0, amountOf(world, qualified) - stays.qualifying - takenOf(world, qualified))
      : 0
    if (asked === 0 && qualifying === 0) return []
    return [
      {
        programme,
        earned,
        qualified,
        qualifying,
        points,
        debt: Math.max(0, points - may.there),
        short: asked - points,
      },
    ]
  })
}

/** What may be taken: of what is there, and beyond it. */
const mostTaken = (
  world: World,
  { id, terms: { returns } }: Programme,
  earned: Transaction,
  coming: number,
): { readonly there: number; readonly debt: number } => {
  const asset = pointsOf(id)
  const lot = lotOf(world, earned)
  const pending = lot?.kind === 'pending' ? lot.remaining : 0
  if (returns.earned === 'pendingOnly') return { there: pending, debt: 0 }
  const owners = ownersOfEarned(world, earned)
  const owed = owners.reduce((sum, owner) => sum - balanceOf(world.book, owner, asset, 'debt'), 0)
  // What she owes is paid first of what comes.
  const there = pending + spendable(ledgerOf(world), owners, asset) + Math.max(0, coming - owed)
  // Whoever is erased earns nothing any more that would pay it off.
  const isErased = owners.some(id => isErasedValue(world.holders.get(id)!.value))
  const maxDebt = isErased ? 0 : (returns.maxDebt ?? Number.MAX_SAFE_INTEGER)
  return { there, debt: returns.earned === 'unlimited' ? Math.max(0, maxDebt - Math.max(0, owed - coming)) : 0 }
}

/**
 * Takes the points back: out of the order's own lot first, then out of what she would spend next; the rest she owes.
 */
export const bookTakeBack = (world: World, plans: readonly Plan[], cause: Cause): void => {
  for (const { programme, earned, points, debt, short, qualified, qualifying } of plans) {
    const asset = pointsOf(programme.id)
    const ledger = ledgerOf(world)
    if (points > 0)
      takeBack(ledger, asset, picksFor(world, asset, programme.terms.burning.order, earned, points - debt), {
        ...cause,
        reverses: earned.id,
        ...(debt > 0 && { debt: { ownerId: earned.holderId!, amount: debt } }),
      })
    noteShortOf(world, earned, programme.terms.returns.earned === 'pendingOnly' ? 0 : short)
    const lot = qualified && lotOf(world, qualified)
    const amount = Math.min(qualifying, lot?.remaining ?? 0)
    if (lot && amount > 0)
      takeBack(ledger, qualifyingOf(programme.id), [{ lot, amount }], { ...cause, reverses: qualified.id })
  }
}

/** What of an earning transaction could not be taken goes when it comes back to the lot that it made. */
export const noteShortOf = (world: World, earned: Transaction, short: number): void => {
  const lot = lotOf(world, earned)
  if (lot) noteShort(ledgerOf(world), lot, short)
}

/** What is taken of an earning transaction: its own lot first, then what would be spent next. */
export const picksFor = (
  world: World,
  asset: Asset,
  order: BurnOrder,
  earned: Transaction,
  amount: number,
): readonly Taken[] => {
  const ledger = ledgerOf(world)
  const own = lotOf(world, earned)
  const ofOwn = own ? Math.min(own.remaining, amount) : 0
  const first = own && ofOwn > 0 ? [{ lot: own, amount: ofOwn }] : []
  const rest = amount - ofOwn
  if (rest === 0) return first
  const owners = ownersOfEarned(world, earned)
  // Its own lot is taken whole by now: of what could be spent, that is left out.
  const all = choose(ledger, owners, asset, rest + (own?.kind === 'main' ? ofOwn : 0), order) ?? []
  let left = rest
  return [
    ...first,
    ...all
      .filter(it => it.lot !== own)
      .map(({ lot, amount }) => {
        const part = Math.min(left, amount)
        left -= part
        return { lot, amount: part }
      })
      .filter(it => it.amount > 0),
  ]
}
