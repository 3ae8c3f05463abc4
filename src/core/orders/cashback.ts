import { refuse } from '../kernel/refusal.ts'
import { type EarningSale, earnedOn, type Kept, type Reckoning } from '../loyalty/earn.ts'
import type { PaidAnswer } from '../loyalty/tender.ts'
import type { GivenCashback } from '../offers/kinds/benefit-kind.ts'
import type { Cashback } from '../offers/kinds/cashback.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { Applied, Decision, Refused } from './decision.ts'
import { placesOf } from './points.ts'

const reckoningOf = (
  { terms }: LiveOffer,
  { lines }: Pick<GivenCashback, 'lines'>,
  places: ReadonlyMap<string, number>,
): Reckoning => {
  const { percent, amount, max } = terms.benefit as Cashback
  return {
    // A percentage has at most four decimals.
    ...(percent !== undefined && { per: { amount: 1_000_000, points: Math.round(percent * 10_000) } }),
    ...(amount !== undefined && { fixed: amount }),
    qualifying: 1,
    lines: lines && new Set(lines.flatMap(id => places.get(id) ?? [])),
    most: max,
  }
}

/**
 * What an offer gives back of an order, or of what is kept of it, in minor units, rounded down: of what is paid with money, so neither
 * of shipping nor of what stored tenders paid.
 */
export const cashbackOn = (
  offer: LiveOffer,
  given: Pick<GivenCashback, 'lines'>,
  sale: Omit<EarningSale, 'shipping'> & { readonly ids: readonly { readonly id: string }[] },
  kept?: Kept,
): number => {
  const { points } = earnedOn(
    { lines: sale.lines, paidOtherwise: sale.paidOtherwise, shipping: 0 },
    [reckoningOf(offer, given, placesOf(sale.ids))],
    'down',
    kept,
  )
  // A fixed amount is never more than what was paid.
  const paid = sale.lines.reduce((sum, { units }) => sum + units.reduce((all, it) => all + it.quantity * it.each, 0), 0)
  return Math.min(points, Math.max(0, paid - sale.paidOtherwise))
}

export const storedPaid = (paid: readonly PaidAnswer[] = []): number =>
  paid.reduce((sum, { amount }) => sum + amount, 0)

const cashbackIn = ({ gives }: Applied): GivenCashback | undefined => gives.find(it => it.what === 'cashback')

/**
 * Fills in how much cashback the offers of a decision give, now that all prices and what stored tenders pay are known. Offers whose
 * cashback comes to nothing are refused.
 */
export const withCashback = (decision: Decision, paid?: readonly PaidAnswer[] | undefined): Decision => {
  if (![...decision.applied, ...decision.withheld].some(cashbackIn)) return decision
  const sale = { lines: decision.lines, ids: decision.lines, paidOtherwise: storedPaid(paid) }
  const filled = (it: Applied): Applied | Refused => {
    const given = cashbackIn(it)
    if (!given) return it
    const amount = cashbackOn(it.offer, given, sale)
    return amount > 0
      ? { ...it, gives: [{ ...given, amount }] }
      : { given: it.given, offer: it.offer, reason: refuse(offerRefusals.no_effect) }
  }
  const isApplied = (it: Applied | Refused): it is Applied => 'gives' in it
  const applied = decision.applied.map(filled)
  return {
    ...decision,
    applied: applied.filter(isApplied),
    withheld: decision.withheld.map(filled).filter(isApplied),
    refused: [...decision.refused, ...applied.flatMap(it => (isApplied(it) ? [] : [it]))],
  }
}
