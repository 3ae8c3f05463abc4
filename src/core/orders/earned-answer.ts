import { formatInstant } from '../kernel/time.ts'
import { lotTermsOf } from '../loyalty/lot-terms.ts'
import type { Programme } from '../loyalty/schema.ts'
import type { Earned } from './decision.ts'
import type { EarnedAnswer } from './schema.ts'

/** When points are earned, and when it is now: an order may tell of before. */
type When = { readonly at: number; readonly now: number; readonly timeZone: string }

type Told = Pick<EarnedAnswer, 'programme' | 'points' | 'offers'>

/** What points of a programme come to if they are earned at a time. */
export const earnedAnswer = (
  programme: Programme | undefined,
  { programme: id, points, offers }: Told,
  { at, now, timeZone }: When,
): EarnedAnswer => {
  const {
    activeAt,
    awaits,
    expiresAt,
    endsAt = null,
  } = programme
    ? lotTermsOf(programme.terms, at, programme.terms.timeZone ?? timeZone)
    : { activeAt: null, awaits: null, expiresAt: null }
  const isPending = awaits !== null || (activeAt !== null && activeAt > now)
  const end = expiresAt ?? endsAt
  return {
    programme: id,
    points,
    state: isPending ? 'pending' : 'active',
    activeAt: isPending && activeAt !== null ? formatInstant(activeAt) : null,
    expiresAt: end === null ? null : formatInstant(end),
    offers,
  }
}

/** What a decision earns, as answers say it; undefined: nothing. */
export const earnedAnswers = (
  earned: readonly Earned[] | undefined,
  programmes: ReadonlyMap<string, Programme>,
  when: When,
): EarnedAnswer[] | undefined =>
  earned === undefined || earned.length === 0
    ? undefined
    : earned.map(({ programme, points, offers }) =>
        earnedAnswer(
          programmes.get(programme),
          { programme, points, offers: offers.map(it => ({ offer: it.offer.id, points: it.points })) },
          when,
        ),
      )
