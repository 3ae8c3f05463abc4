import type { Cause } from '../ledger/book.ts'
import type { PaidAnswer } from '../loyalty/tender.ts'
import type { Decision } from '../orders/decision.ts'
import { earnedAnswer, earnedAnswers } from '../orders/earned-answer.ts'
import { basisOf } from '../orders/points.ts'
import type { EarnedAnswer, OrderAnswer } from '../orders/schema.ts'
import { bookPoints, type EarnDetails } from './book-points.ts'
import { join } from './join.ts'
import { hasBeenIn } from './members.ts'
import { type Holder, holdersOfPerson, usesOfOrder, type World } from './world.ts'

const whenOf = ({ now, workspace }: World, at: number) => ({ at, now, timeZone: workspace.timeZone })

/** What a decision earns, as answers say it, if it is earned at a time. */
export const earnedNow = (world: World, { earned }: Decision, at: number): EarnedAnswer[] | undefined =>
  earnedAnswers(earned, world.catalogue.programmes, whenOf(world, at))

/** The same for points that were promised, at the time at which they are earned after all. */
export const earnedAgain = (world: World, earned: OrderAnswer['earned'], at: number): EarnedAnswer[] | undefined =>
  earned?.map(it => earnedAnswer(world.catalogue.programmes.get(it.programme), it, whenOf(world, at)))

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
    // Who has left since it was held gets what was promised, and is not in it again.
    if (!hasBeenIn(world, holdersOfPerson(world, holder.id), programmeId))
      join(world, holder, programme, { source: 'order', at: Math.min(at, world.now) })
    const { paidOtherwise, shipping } = basisOf(totals, programme.terms, paid)
    const details: EarnDetails = { paidOtherwise, shipping, rounding: programme.terms.rounding }
    bookPoints(world, holder, programme, uses, { ...cause, effectiveAt: at }, details)
  }
}
