import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import type { Cause } from '../ledger/book.ts'
import type { Basket, Given, GivenPoints } from '../offers/kinds/benefit-kind.ts'
import { kindOf } from '../offers/kinds/index.ts'
import { type Points, qualifyingTimes } from '../offers/kinds/points.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { Candidate } from '../orders/check.ts'
import type { CelFacts } from '../rules/cel.ts'
import { evaluateExpression } from '../rules/expression.ts'
import { bookPoints } from './book-points.ts'
import { armOf, type Circumstances, expose } from './candidates.ts'
import { giveApart } from './give.ts'
import { addUse, type Holder, type StoredRedemption, usesOfOrder, type World } from './world.ts'

/** Benefits that are given without an order look at no basket; there is one all the same, and nothing is in it. */
const noBasket: Omit<Basket, 'amount'> = {
  currency: '',
  size: 0,
  id: () => '',
  sku: () => '',
  price: () => 0,
  left: () => 0,
  units: () => [],
  shipping: 0,
  matching: () => [],
  choice: undefined,
  stock: () => 0,
}

/** What an offer gives without an order, or why it gives nothing after all. */
const givenNow = (
  { terms: { benefit }, amounts }: LiveOffer,
  { programme }: Candidate,
  facts: () => CelFacts,
): Result<readonly Given[]> => {
  const unknown = new Set<string>()
  const amount = (field: string): number | undefined => {
    const { value } = { value: undefined, ...evaluateExpression(amounts.get(field)!, facts()) }
    if (value === undefined) unknown.add(field)
    return value
  }
  const effect = kindOf(benefit).apply(benefit, { ...noBasket, amount })
  if (unknown.size > 0) return no(refuse(offerRefusals.condition_error))
  const left = programme?.cap ? programme.cap.allowed - programme.cap.used : Number.POSITIVE_INFINITY
  const gives = (effect?.gives ?? []).map(it => (it.what === 'points' ? pointsNow(it, benefit as Points, left) : it))
  return gives.length === 0 ? no(refuse(offerRefusals.no_effect)) : ok(gives)
}

/** A fixed number of points, as far as the offer's terms let it be given. */
const pointsNow = (
  given: GivenPoints,
  { max = Number.POSITIVE_INFINITY, ...benefit }: Points,
  left: number,
): GivenPoints => {
  const points = Math.min(given.points, max, left)
  const qualifying = Math.floor((points * Math.round(qualifyingTimes(benefit) * 100)) / 100)
  return { ...given, points, ...(qualifying !== points && { qualifying }) }
}

/**
 * Books that an offer is given without an order, as a use of `orderId` (`eventUse`, `claimUse`), and makes its grants. To somebody who
 * is held out nothing is given, and what it would have been is kept. `facts` are what amounts in CEL are asked of.
 */
export const giveNow = (
  world: World,
  here: Circumstances,
  holder: Holder,
  candidate: Candidate,
  orderId: string,
  facts: () => CelFacts,
  cause: Cause,
): Result<StoredRedemption> => {
  const { offer, isHeldOut = false } = candidate
  const given = givenNow(offer, candidate, facts)
  if (!given.ok) return given
  const gives = given.value
  const use: StoredRedemption = {
    orderId,
    seq: usesOfOrder(world, orderId).length + 1,
    id: world.newId('red'),
    offerId: offer.id,
    offerVersion: offer.version,
    campaignId: offer.campaign.id,
    holderId: holder.id,
    code: null,
    useNo: null,
    grantId: null,
    channel: here.channel,
    location: here.location,
    currency: offer.terms.worth?.currency ?? world.workspace.currency,
    amount: 0,
    given: isHeldOut ? gives : giveApart(world, holder, offer, gives),
    arm: armOf(world, here, offer.campaign) ?? null,
    revenue: 0,
    returned: 0,
    state: isHeldOut ? 'withheld' : 'redeemed',
    heldUntil: null,
    at: here.at,
  }
  addUse(world, use)
  expose(world, here, holder, [offer.campaign])
  const programme = offer.programme === undefined ? undefined : world.catalogue.programmes.get(offer.programme)
  if (programme && use.state === 'redeemed')
    bookPoints(world, holder, programme, [use], { ...cause, effectiveAt: here.at })
  return ok(use)
}

/** A use as stored decisions tell of it: what was given, by which version, in which arm, and what it is worth. */
export const useRecord = (
  { id, offerVersion, campaignId, arm, given }: StoredRedemption,
  { id: offer, terms }: LiveOffer,
) => ({
  offer,
  version: offerVersion,
  campaign: campaignId,
  name: terms.name,
  ...(arm && { arm }),
  redemption: id,
  gives: given ?? [],
  ...(terms.worth && { worth: terms.worth }),
})
