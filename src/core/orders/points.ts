import { refuse } from '../kernel/refusal.ts'
import { type EarnedShares, type EarningSale, earnedOn, type Reckoning } from '../loyalty/earn.ts'
import { paidByType } from '../loyalty/pay.ts'
import type { Programme } from '../loyalty/schema.ts'
import type { PaidAnswer } from '../loyalty/tender.ts'
import type { GivenPoints } from '../offers/kinds/benefit-kind.ts'
import { type Points, qualifyingTimes } from '../offers/kinds/points.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { Applied, Candidate, Decision, Earned, Refused } from './decision.ts'

/** How an offer that gave points reckons them; `lines` by their ids, as the order has them. */
export const reckoningOf = (
  { terms: { benefit } }: LiveOffer,
  given: Pick<GivenPoints, 'points' | 'lines' | 'most'>,
  lines: ReadonlyMap<string, number>,
): Reckoning => {
  const { per, perUnit, fixed, multiply, max, ...rest } = benefit as Points
  const limits = [max, given.most].filter(it => it !== undefined)
  return {
    ...(per && { per }),
    ...(perUnit !== undefined && { perUnit }),
    // What an expression came to then stays.
    ...(fixed !== undefined && { fixed: given.points }),
    ...(multiply !== undefined && { multiply }),
    qualifying: qualifyingTimes(rest),
    lines: given.lines && new Set(given.lines.flatMap(id => lines.get(id) ?? [])),
    most: limits.length === 0 ? undefined : Math.min(...limits),
  }
}

/** Lines by their ids. */
export const placesOf = (lines: readonly { readonly id: string }[]): ReadonlyMap<string, number> =>
  new Map(lines.map(({ id }, index) => [id, index]))

/** What beside the lines makes out how much an order earns in a programme: shipping, where it earns, and what was paid with what does not. */
export const basisOf = (
  { shipping, shippingDiscount }: Pick<Decision['totals'], 'shipping' | 'shippingDiscount'>,
  { earnsOn }: Pick<Programme['terms'], 'earnsOn'>,
  paid: readonly PaidAnswer[] = [],
): Omit<EarningSale, 'lines'> => {
  const { points, giftCard, credit, cashback } = paidByType(paid)
  return {
    shipping: earnsOn.shipping ? shipping - shippingDiscount : 0,
    paidOtherwise:
      (earnsOn.points ? 0 : points) + (earnsOn.giftCards ? 0 : giftCard) + (earnsOn.credit ? 0 : credit + cashback),
  }
}

const pointsIn = ({ gives }: Applied): GivenPoints | undefined => gives.find(it => it.what === 'points')

/**
 * Fills in how many points the offers of a decision give, now that all prices and what stored tenders pay are known; everything else
 * stays. Offers whose points come to nothing, and those of programmes that the person is not in, are refused: those with the points
 * that she would get if she joined.
 *
 *     withPoints(decision, catalogue.programmes, payment.paid).earned
 */
export const withPoints = (
  decision: Decision,
  programmes: ReadonlyMap<string, Programme>,
  paid?: readonly PaidAnswer[] | undefined,
): Decision => {
  const all = [...decision.applied, ...decision.withheld].filter(it => pointsIn(it) !== undefined)
  if (all.length === 0) return decision
  const candidates = new Map(decision.fitted.map(it => [it.offer.id, it]))
  const lines = placesOf(decision.lines)
  const became = new Map<Applied, Applied | Refused>()
  const earned: Earned[] = []
  for (const id of new Set(all.map(it => pointsIn(it)!.programme))) {
    const programme = programmes.get(id)
    if (!programme) continue
    const { rounding } = programme.terms
    const sale = { lines: decision.lines, ...basisOf(decision.totals, programme.terms, paid) }
    const its = all.filter(it => pointsIn(it)!.programme === id).map(it => limited(it, candidates.get(it.offer.id)))
    const reckon = (them: readonly Limited[]): EarnedShares =>
      earnedOn(
        sale,
        them.map(it => reckoningOf(it.applied.offer, it.given, lines)),
        rounding,
      )
    const isHers = ({ applied, candidate }: Limited): boolean =>
      decision.applied.includes(applied) && isIn(candidate?.programme)
    const hers = its.filter(isHers)
    const given = reckon(hers)
    const would = hers.length === its.length ? given : reckon(its)
    for (const [index, it] of its.entries()) {
      const place = hers.indexOf(it)
      const share = place < 0 ? would.shares[index]! : given.shares[place]!
      became.set(
        it.applied,
        place < 0 && decision.applied.includes(it.applied) ? notJoined(it, share.points) : filled(it, share),
      )
    }
    if (given.points > 0)
      earned.push({
        programme: id,
        points: given.points,
        qualifying: given.qualifying,
        offers: hers.flatMap(({ applied: { offer } }, index) => {
          const { points } = given.shares[index]!
          return points > 0 ? [{ offer, points }] : []
        }),
      })
  }
  const isApplied = (it: Applied | Refused): it is Applied => 'gives' in it
  const applied = decision.applied.map(it => became.get(it) ?? it)
  return {
    ...decision,
    applied: applied.filter(isApplied),
    withheld: decision.withheld.map(it => became.get(it) ?? it).filter(isApplied),
    refused: [...decision.refused, ...applied.flatMap(it => (isApplied(it) ? [] : [it]))],
    earned,
  }
}

type Limited = { readonly applied: Applied; readonly given: GivenPoints; readonly candidate: Candidate | undefined }

/** What an offer gives, with what is left of its cap. */
const limited = (applied: Applied, candidate: Candidate | undefined): Limited => {
  const cap = candidate?.programme?.cap
  const given = { ...pointsIn(applied)!, ...(cap && { most: Math.max(0, cap.allowed - cap.used) }) }
  return { applied, given, candidate }
}

const isIn = (programme: Candidate['programme']): boolean =>
  programme === undefined || programme.isMember || programme.joins

const filled = ({ applied, given }: Limited, share: EarnedShares['shares'][number]): Applied | Refused => {
  if (share.points === 0) return refusedBy(applied, refuse(offerRefusals.no_effect))
  const { points, qualifying } = share
  return { ...applied, gives: [{ ...given, points, ...(qualifying !== points && { qualifying }) }] }
}

const notJoined = ({ applied, candidate }: Limited, points: number): Refused =>
  refusedBy(
    applied,
    points === 0
      ? refuse(offerRefusals.no_effect)
      : refuse(offerRefusals.programme_not_joined, { name: candidate!.programme!.name, points }),
  )

const refusedBy = ({ offer, given }: Applied, reason: Refused['reason']): Refused => ({ given, offer, reason })
