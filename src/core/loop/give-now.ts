import type { Basket, Given } from '../offers/kinds/benefit-kind.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import type { Candidate } from '../orders/check.ts'
import { armOf, type Circumstances, expose } from './candidates.ts'
import { giveApart } from './give.ts'
import { addUse, type Holder, type StoredRedemption, usesOfOrder, type World } from './world.ts'

/** Benefits that are given without an order look at no basket; there is one all the same, and nothing is in it. */
const noBasket: Basket = {
  currency: '',
  size: 0,
  sku: () => '',
  price: () => 0,
  left: () => 0,
  units: () => [],
  shipping: 0,
  matching: () => [],
  amount: () => undefined,
  choice: undefined,
  stock: () => 0,
}

const givenNow = ({ terms: { benefit } }: LiveOffer): readonly Given[] =>
  kindOf(benefit).apply(benefit, noBasket)?.gives ?? []

/**
 * Books that an offer is given without an order, as a use of `orderId` (`eventUse`, `claimUse`), and makes its grants. To somebody who
 * is held out nothing is given, and what it would have been is kept.
 */
export const giveNow = (
  world: World,
  here: Circumstances,
  holder: Holder,
  { offer, isHeldOut = false }: Candidate,
  orderId: string,
): StoredRedemption => {
  const gives = givenNow(offer)
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
  return use
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
