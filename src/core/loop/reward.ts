import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { pointsOf } from '../ledger/account.ts'
import type { Cause } from '../ledger/book.ts'
import { burn, choose } from '../ledger/lots.ts'
import { payRefusals } from '../loyalty/pay-refusals.ts'
import { toldDecimals } from '../loyalty/told-decimals.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { Price } from '../offers/schema.ts'
import { unusedGrants } from './give.ts'
import { ownersOf } from './owners.ts'
import { giveBackBurned, keepAlive } from './pay-order.ts'
import { momentRefusals } from './refusals.ts'
import type { ClaimBackAnswer } from './schema.ts'
import { pointsToSpend } from './standing.ts'
import {
  changeGrant,
  changeUse,
  claimUse,
  type Holder,
  ledgerOf,
  type StoredRedemption,
  usesOfOrder,
  type World,
} from './world.ts'

/** Points that somebody lacks for a reward; 0: she can have it. */
export const lacksFor = (world: World, personId: string | undefined, { programme, points }: Price): number =>
  Math.max(0, points - pointsToSpend(world, personId, programme))

/** Why somebody cannot pay what an offer costs; undefined: she can, or it costs nothing. */
export const priceProblem = (
  world: World,
  holder: Holder | undefined,
  { terms: { price } }: Pick<LiveOffer, 'terms'>,
): Refusal | undefined => {
  if (!price) return undefined
  const programme = world.catalogue.programmes.get(price.programme)
  if (programme?.state !== 'live')
    return refuse(offerRefusals.programme_not_live, {
      name: programme?.terms.name ?? price.programme,
      state: programme?.state ?? 'gone',
    })
  const available = pointsToSpend(world, holder?.personId, price.programme)
  return available < price.points
    ? refuse(payRefusals.balance_insufficient, {
        type: 'points',
        unit: 'points',
        ...toldDecimals(programme.terms),
        asked: price.points,
        available,
      })
    : undefined
}

/** Takes what a claimed offer costs, once: with the use that the claim made. */
export const payPrice = (
  world: World,
  holder: Holder,
  { terms: { price } }: LiveOffer,
  use: StoredRedemption,
  cause: Cause,
): void => {
  const programme = price && world.catalogue.programmes.get(price.programme)
  if (!price || !programme) return
  const asset = pointsOf(price.programme)
  const ledger = ledgerOf(world)
  const owners = ownersOf(world, holder.personId, price.programme)
  const picks = choose(ledger, owners, asset, price.points, programme.terms.burning.order)
  if (!picks) throw new Error(`${price.points} ${asset} were to be spent and are not there`)
  burn(ledger, asset, picks, {
    ...cause,
    holderId: holder.id,
    orderId: use.orderId,
    offerId: use.offerId,
    offerVersion: use.offerVersion,
    details: { redemption: use.id },
  })
  keepAlive(world, asset, holder.id, use.at)
}

/**
 * A claim is given back: its grants are void, its use is free again, and its points go back to the lots they came from. Asked again, it
 * answers the same. Where a grant of it is used already, nothing happens.
 */
export const giveClaimBack = (
  world: World,
  decisionId: string,
  offerId: string,
  cause: Cause,
): Result<ClaimBackAnswer> => {
  const use = usesOfOrder(world, claimUse(decisionId)).find(
    it => it.offerId === offerId && (it.state === 'redeemed' || it.state === 'returned'),
  )
  if (!use) return no(refuse(momentRefusals.claim_not_found, { id: decisionId, offer: offerId }))
  const made = (use.given ?? []).flatMap(it => ('grants' in it ? (it.grants ?? []) : []))
  const burned = (world.book.ofOrder.get(use.orderId) ?? [])
    .map(id => world.book.transactions.get(id)!)
    .find(it => it.kind === 'burn' && it.details?.redemption === use.id)
  const points = burned
    ? (world.book.postings.get(burned.id) ?? []).reduce((sum, it) => sum + Math.max(0, it.amount), 0)
    : 0
  if (use.state === 'redeemed') {
    const unused = unusedGrants(world, use.given)
    const used = made.find(id => !unused.some(grant => grant.id === id) && world.grants.get(id)?.state !== 'revoked')
    if (used !== undefined) return no(refuse(momentRefusals.claim_used, { grant: used }))
    for (const grant of unused) changeGrant(world, grant, { state: 'revoked' })
    changeUse(world, use, 'returned')
    if (burned) giveBackBurned(world, burned, { ...cause, holderId: use.holderId ?? undefined, orderId: use.orderId })
  }
  const asset = burned && world.book.postings.get(burned.id)![0]!.asset
  return ok({
    decision: decisionId,
    offer: offerId,
    redemption: use.id,
    ...(asset && { price: { programme: asset.slice('points:'.length), points } }),
    revoked: made,
  })
}
