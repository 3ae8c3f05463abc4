import { formatInstant } from '../kernel/time.ts'
import { type Asset, moneyOf } from '../ledger/account.ts'
import type { Cause, Transaction } from '../ledger/book.ts'
import { earn, type LotTerms, spendable, takeBack } from '../ledger/lots.ts'
import { lotTermsOf } from '../loyalty/lot-terms.ts'
import type { PaidAnswer } from '../loyalty/tender.ts'
import type { GivenCashback } from '../offers/kinds/benefit-kind.ts'
import type { Cashback } from '../offers/kinds/cashback.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { cashbackOn, storedPaid } from '../orders/cashback.ts'
import type { Applied } from '../orders/decide.ts'
import type { CashbackAnswer } from '../orders/schema.ts'
import type { BackSoFar } from './take-back.ts'
import { amountOf, lotOf, noteShortOf, ownersOfEarned, picksFor, takenOf } from './take-back.ts'
import { type Holder, instantOrNull, ledgerOf, type StoredRedemption, usesOfOrder, type World } from './world.ts'

const termsAt = (world: World, { terms }: LiveOffer, at: number): LotTerms =>
  lotTermsOf(terms.benefit as Cashback, at, terms.validity.timeZone ?? world.workspace.timeZone)

const answerAt = (world: World, offer: LiveOffer, { amount, currency }: GivenCashback, at: number): CashbackAnswer => {
  const { activeAt, expiresAt, endsAt = null } = termsAt(world, offer, at)
  const isPending = activeAt !== null && activeAt > world.now
  return {
    offer: offer.id,
    amount,
    currency,
    state: isPending ? 'pending' : 'active',
    activeAt: isPending ? formatInstant(activeAt) : null,
    expiresAt: instantOrNull(expiresAt ?? endsAt),
  }
}

/** The cashback of a decision, as answers say it, if it is given at a time. */
export const cashbackAnswers = (
  world: World,
  applied: readonly Applied[],
  at: number,
): CashbackAnswer[] | undefined => {
  const all = applied.flatMap(({ offer, gives }) =>
    gives.flatMap(it => (it.what === 'cashback' ? [answerAt(world, offer, it, at)] : [])),
  )
  return all.length > 0 ? all : undefined
}

type Giving = { readonly use: StoredRedemption; readonly given: GivenCashback; readonly offer: LiveOffer }

/** The uses of a placed order that gave cashback, each with its offer: where that has changed meanwhile, as it is now. */
const givingsOf = (world: World, orderId: string): readonly Giving[] =>
  usesOfOrder(world, orderId).flatMap(use =>
    use.state !== 'redeemed'
      ? []
      : (use.given ?? []).flatMap(given => {
          const offer = world.catalogue.offers.get(use.offerId)
          const isCashback = given.what === 'cashback' && offer?.terms.benefit.kind === 'cashback'
          return isCashback ? [{ use, given, offer }] : []
        }),
  )

/** What was promised with a hold, at the time at which it is given after all. */
export const cashbackAgain = (world: World, orderId: string, at: number): CashbackAnswer[] | undefined => {
  const all = usesOfOrder(world, orderId).flatMap(use =>
    use.state !== 'held'
      ? []
      : (use.given ?? []).flatMap(it => {
          const offer = world.catalogue.offers.get(use.offerId)
          return it.what === 'cashback' && offer ? [answerAt(world, offer, it, at)] : []
        }),
  )
  return all.length > 0 ? all : undefined
}

/** Books the cashback of a placed order, a lot for each offer that gave some. */
export const bookCashback = (
  world: World,
  holder: Holder | undefined,
  orderId: string,
  paid: readonly PaidAnswer[] | undefined,
  cause: Cause & { readonly effectiveAt: number },
): void => {
  if (!holder) return
  for (const { use, given, offer } of givingsOf(world, orderId))
    earn(ledgerOf(world), {
      ...cause,
      offerId: offer.id,
      offerVersion: use.offerVersion,
      details: { redemption: use.id, paidOtherwise: storedPaid(paid) },
      ownerId: holder.id,
      asset: moneyOf('cashback', given.currency),
      amount: given.amount,
      from: 'earned',
      kind: 'earn',
      terms: termsAt(world, offer, cause.effectiveAt),
    })
}

/** Cashback that goods coming back take with them. */
export type CashbackBack = {
  readonly offer: string
  readonly asset: Asset
  readonly earned: Transaction
  /** What is taken: no more than there is. */
  readonly amount: number
  /** What should be, and is not there any more. */
  readonly short: number
}

/**
 * What has to be taken back of an order's cashback: what its offers give for all of it, less what they give for what is kept, and less what
 * was taken (promise 6). Taken is what is there; nobody owes cashback. `coming` is what the same return gives back, by asset.
 */
export const planCashbackBack = (
  world: World,
  orderId: string,
  so: BackSoFar,
  coming: ReadonlyMap<Asset, number>,
): readonly CashbackBack[] => {
  const there = new Map<Asset, number>()
  return (world.book.ofOrder.get(orderId) ?? []).flatMap((id): CashbackBack[] => {
    const earned = world.book.transactions.get(id)!
    const { asset } = world.book.postings.get(id)![0]!
    const use = usesOfOrder(world, orderId).find(it => it.id === earned.details?.redemption)
    if (earned.kind !== 'earn' || !asset.startsWith('cashback:') || !use) return []
    const stays = so ? staysOf(use, earned.details!.paidOtherwise as number, so) : 0
    const asked = Math.max(0, amountOf(world, earned) - stays - takenOf(world, earned))
    if (asked === 0) return []
    const lot = lotOf(world, earned)
    const pending = lot?.kind === 'pending' ? lot.remaining : 0
    const free =
      there.get(asset) ?? spendable(ledgerOf(world), ownersOfEarned(world, earned), asset) + (coming.get(asset) ?? 0)
    const amount = Math.min(asked, pending + free)
    there.set(asset, free - Math.max(0, amount - pending))
    return [{ offer: use.offerId, asset, earned, amount, short: asked - amount }]
  })
}

const staysOf = (
  use: StoredRedemption,
  paidOtherwise: number,
  { sale, back, refund }: NonNullable<BackSoFar>,
): number => {
  const at = sale.applied.findIndex(it => it.offer.id === use.offerId)
  const given = (use.given ?? []).find(it => it.what === 'cashback')
  if (at < 0 || given?.what !== 'cashback') return 0
  const ids = sale.lines.map(({ line }) => line)
  return Math.min(
    given.amount,
    cashbackOn(
      sale.applied[at]!.offer,
      given,
      { lines: sale.lines, ids, paidOtherwise },
      {
        units: (line, first, count) =>
          count - [...back.units[line]!].filter(unit => unit >= first && unit < first + count).length,
        shipping: false,
        fixed: () => refund.offers[at]!.stays.includes(given),
      },
    ),
  )
}

export const bookCashbackBack = (world: World, plans: readonly CashbackBack[], cause: Cause): void => {
  for (const { asset, earned, amount, short } of plans) {
    noteShortOf(world, earned, short)
    if (amount === 0) continue
    const picks = picksFor(world, asset, 'soonestExpiring', earned, amount)
    takeBack(ledgerOf(world), asset, picks, { ...cause, reverses: earned.id })
  }
}
