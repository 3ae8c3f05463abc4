import { grantEnd } from '../offers/grant-end.ts'
import type { Given } from '../offers/kinds/benefit-kind.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import {
  addGrant,
  changeGrant,
  type GivenRecord,
  type Grant,
  type Holder,
  type StoredRedemption,
  type World,
} from './world.ts'

/**
 * Makes the grants of what an offer gives besides money: one for each offer given, one to be fulfilled for an entitlement. Gifts go over
 * the counter, they need none.
 */
export const giveApart = (
  world: World,
  holder: Holder | undefined,
  giver: LiveOffer,
  gives: readonly Given[],
): readonly GivenRecord[] =>
  gives.map((given): GivenRecord => {
    if (given.what === 'gift' || given.what === 'points' || given.what === 'cashback' || !holder) return given
    if (given.what === 'entitlement') {
      const { title, days } = given
      return { ...given, grants: [issue(world, holder, giver, days, { title, fulfilment: 'pending' })] }
    }
    const offer = world.catalogue.offers.get(given.offer)
    if (!offer || offer.state === 'ended') return { ...given, grants: [] }
    const { grantDays } = offer.terms.validity
    return {
      ...given,
      grants: Array.from({ length: given.quantity }, () =>
        issue(world, holder, offer, grantDays, { title: null, fulfilment: null }),
      ),
    }
  })

const issue = (
  world: World,
  holder: Holder,
  offer: LiveOffer,
  days: number | undefined,
  also: { readonly title: string | null; readonly fulfilment: 'pending' | null },
): string => {
  const id = world.newId('gra')
  const timeZone = offer.terms.validity.timeZone ?? world.workspace.timeZone
  addGrant(world, {
    id,
    offerId: offer.id,
    holderId: holder.id,
    code: null,
    issuedAt: world.now,
    expiresAt: days === undefined ? null : grantEnd(world.now, days, timeZone),
    state: 'issued',
    orderId: null,
    ...also,
  })
  return id
}

/** The grants that a use made and that nobody has used, or been handed what they promise. */
export const unusedGrants = (world: World, given: readonly GivenRecord[] | null): readonly Grant[] =>
  (given ?? []).flatMap(it =>
    (it.grants ?? []).flatMap(id => {
      const grant = world.grants.get(id)
      return grant?.state === 'issued' && grant.fulfilment !== 'fulfilled' ? [grant] : []
    }),
  )

/** Takes back the grants that a use made, as far as they are unused. */
export const takeBackGrants = (world: World, { given }: Pick<StoredRedemption, 'given'>): void => {
  for (const grant of unusedGrants(world, given)) changeGrant(world, grant, { state: 'revoked' })
}
