import { formatInstant } from '../kernel/time.ts'
import type { Cause } from '../ledger/book.ts'
import { lotTermsOf } from '../loyalty/lot-terms.ts'
import type { PaidAnswer } from '../loyalty/tender.ts'
import type { Earned } from '../orders/decision.ts'
import { basisOf } from '../orders/points.ts'
import type { EarnedAnswer, OrderAnswer } from '../orders/schema.ts'
import { bookPoints, type EarnDetails, zoneOf } from './book-points.ts'
import { join } from './join.ts'
import { isMemberOf } from './members.ts'
import { type Holder, holdersOfPerson, usesOfOrder, type World } from './world.ts'

/** What points come to, as answers say it, if they are earned at a time. */
export const earnedAnswers = (
  world: World,
  earned: readonly Earned[] | undefined,
  at: number,
): EarnedAnswer[] | undefined =>
  earned === undefined || earned.length === 0
    ? undefined
    : earned.map(({ programme, points, offers }) =>
        answerAt(
          world,
          { programme, points, offers: offers.map(it => ({ offer: it.offer.id, points: it.points })) },
          at,
        ),
      )

/** The same for points that were promised, at the time at which they are earned after all. */
export const earnedAgain = (world: World, earned: OrderAnswer['earned'], at: number): EarnedAnswer[] | undefined =>
  earned?.map(it => answerAt(world, it, at))

const answerAt = (
  world: World,
  { programme, points, offers }: Pick<EarnedAnswer, 'programme' | 'points' | 'offers'>,
  at: number,
): EarnedAnswer => {
  const known = world.catalogue.programmes.get(programme)
  const {
    activeAt,
    awaits,
    expiresAt,
    endsAt = null,
  } = known ? lotTermsOf(known.terms, at, zoneOf(world, known)) : { activeAt: null, awaits: null, expiresAt: null }
  const isPending = awaits !== null || (activeAt !== null && activeAt > world.now)
  const end = expiresAt ?? endsAt
  return {
    programme,
    points,
    state: isPending ? 'pending' : 'active',
    activeAt: isPending && activeAt !== null ? formatInstant(activeAt) : null,
    expiresAt: end === null ? null : formatInstant(end),
    offers,
  }
}

/** Books what a placed order earns, as its uses and its answer say; who joins with her first order is a member before it. */
export const earnOrder = (
  world: World,
  holder: Holder | undefined,
  {
    id,
    totals,
    paid,
    earned = [],
  }: Pick<OrderAnswer, 'id' | 'totals' | 'earned'> & { readonly paid?: readonly PaidAnswer[] | undefined },
  at: number,
  cause: Cause,
): void => {
  if (!holder) return
  const uses = usesOfOrder(world, id).filter(use => use.state === 'redeemed')
  for (const { programme: programmeId } of earned) {
    const programme = world.catalogue.programmes.get(programmeId)
    if (!programme) continue
    if (!isMemberOf(world, holdersOfPerson(world, holder.id), programmeId))
      join(world, holder, programme, { source: 'order' })
    const { paidOtherwise, shipping } = basisOf(totals, programme.terms, paid)
    const details: EarnDetails = { paidOtherwise, shipping, rounding: programme.terms.rounding }
    bookPoints(world, holder, programme, uses, { ...cause, effectiveAt: at }, details)
  }
}
