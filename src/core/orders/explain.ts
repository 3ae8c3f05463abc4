import { refuse } from '../kernel/refusal.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { explainFalse, type Missing } from '../rules/condition.ts'
import { type Candidate, checkCondition, not, type Verdict } from './check.ts'
import { type Combined, isIdle, tryBeside } from './combine.ts'
import type { Applied, Decision, DecisionInput, Refused } from './decision.ts'
import { compare, type Entrant, excludes, type Field } from './field.ts'
import { limitReached } from './limits.ts'
import type { Look } from './look.ts'
import type { Prices } from './prices.ts'

/** The refusals of an offer in the order they are checked: how far a candidate came is its place here. */
const checkOrder: readonly string[] = Object.keys(offerRefusals)

/** At most so many offers are named as "what else could apply". */
const maxAvailable = 20

/** Of several offers of one code: the one that ends first, then the older. */
const byEnd = (a: Candidate, b: Candidate): number => {
  const [left, right] = [a.offer.to, b.offer.to]
  if (left === right) return compare(a.offer.id, b.offer.id)
  return left === undefined ? 1 : right === undefined ? -1 : left - right
}

export const bestOf = (candidates: readonly Candidate[]): Candidate | undefined => [...candidates].sort(byEnd)[0]

/** Why an offer that fits did not apply beside those that did. */
export const whyNot = (entrant: Entrant, field: Field, { turns, value }: Combined, start: Prices): Verdict => {
  const player = field.playerOf(entrant)
  // What would come to nothing by itself did not lose to anybody.
  const alone = player?.try(start, [])
  if (alone && 'failed' in alone) return not(offerRefusals[alone.failed], alone.details)
  const winners = turns.map(turn => ({ turn, offer: field.entrantOf(turn.player).candidate.offer }))
  const { offer } = entrant.candidate
  const lostTo = (kind: typeof offerRefusals.beaten_by | typeof offerRefusals.excluded_by, winner: LiveOffer) =>
    not(kind, { offer: winner.id, name: winner.terms.name, value })
  const excluding = winners.find(it => excludes(it.offer, offer) && !excludes(offer, it.offer))
  if (excluding) return lostTo(offerRefusals.excluded_by, excluding.offer)
  const opposing = winners.find(it => excludes(offer, it.offer))
  if (opposing) return lostTo(offerRefusals.beaten_by, opposing.offer)
  const change = player && tryBeside(player, start, turns)
  if (change && 'failed' in change) return not(offerRefusals[change.failed], change.details)
  if (player && isIdle(player, start, turns)) return not(offerRefusals.no_effect)
  const sameGroup = winners.find(it => it.offer.terms.stacking.group === (offer.terms.stacking.group ?? ''))
  const winner = sameGroup ?? winners[0]
  return winner ? lostTo(offerRefusals.beaten_by, winner.offer) : not(offerRefusals.no_effect)
}

/** What is missing as far as it is money or units: a basket can grow, but nobody waits for a date. */
const amountsIn = (missing: Missing = {}): readonly (readonly [measure: string, amount: number])[] =>
  Object.entries(missing).flatMap(([measure, it]) => (typeof it === 'number' ? [[measure, it] as const] : []))

/** Offers that need no claim, may be shown here and fail only by an amount that is missing. */
export const available = (
  { unclaimed, order }: DecisionInput,
  verdictOf: (candidate: Candidate) => Verdict,
  look: Look,
): Decision['available'] =>
  unclaimed
    .filter(
      ({ offer: { when, terms } }) => when !== undefined && (terms.channels.show?.includes(order.channel) ?? true),
    )
    .flatMap(candidate => {
      const verdict = verdictOf(candidate)
      const { offer, usage } = candidate
      if (verdict.ok || verdict.kind !== offerRefusals.condition_false) return []
      if (limitReached(offer.terms, usage, 0, look.placeOf(offer))) return []
      const lacks = explainFalse(offer.when!, look.factsOf(offer)).map(part => amountsIn(part.missing))
      if (lacks.length === 0 || lacks.some(amounts => amounts.length === 0)) return []
      const missing: Record<string, number> = {}
      for (const [measure, amount] of lacks.flat()) missing[measure] = Math.max(missing[measure] ?? 0, amount)
      return [{ offer, missing }]
    })
    .slice(0, maxAvailable)

const heldAtFirst = (offer: LiveOffer, look: Look): boolean =>
  offer.when !== undefined && checkCondition(offer.when, look.factsOf(offer)).ok

/** Reasons worth telling about an offer that nobody claimed: it would have applied, had not something stopped it. */
const worthSaying: readonly string[] = [
  offerRefusals.online_only,
  offerRefusals.limit_reached,
  offerRefusals.no_effect,
  offerRefusals.condition_error,
  offerRefusals.grant_expired,
  offerRefusals.drawn_later,
  offerRefusals.draw_lost,
  offerRefusals.programme_not_joined,
  offerRefusals.excluded_by,
  offerRefusals.beaten_by,
  offerRefusals.held_out,
].map(kind => kind.code)

/** Every code that did not apply, by the reason of its nearest offer; of the rest those that something specific stopped. */
export const refused = (
  { codes, unclaimed }: DecisionInput,
  verdictOf: (candidate: Candidate) => Verdict,
  applied: readonly Applied[],
  look: Look,
): Refused[] => {
  const appliedCodes = new Set(applied.map(it => it.code))
  const ofCodes = codes
    .filter(claim => !appliedCodes.has(claim.code))
    .map(({ given, candidates }): Refused => {
      const nearest = candidates
        .flatMap(candidate => {
          const verdict = verdictOf(candidate)
          return verdict.ok ? [] : [{ candidate, verdict }]
        })
        .sort(
          (a, b) =>
            checkOrder.indexOf(b.verdict.kind.code) - checkOrder.indexOf(a.verdict.kind.code) ||
            byEnd(a.candidate, b.candidate),
        )[0]
      if (!nearest) return { given, offer: undefined, reason: refuse(offerRefusals.code_unknown) }
      return { given, offer: nearest.candidate.offer, reason: refuse(nearest.verdict.kind, nearest.verdict.details) }
    })
  const ofRest = unclaimed.flatMap((candidate): Refused[] => {
    const verdict = verdictOf(candidate)
    if (verdict.ok) return []
    // What was issued to a person she may ask about; of offers to anybody only near misses matter, such as a condition that held
    // until a discount spoiled it.
    const isTold =
      worthSaying.includes(verdict.kind.code) ||
      (verdict.kind === offerRefusals.condition_false &&
        (candidate.grant !== undefined || (candidate.offer.when?.readsRunning && heldAtFirst(candidate.offer, look))))
    return isTold ? [{ given: undefined, offer: candidate.offer, reason: refuse(verdict.kind, verdict.details) }] : []
  })
  return [...ofCodes, ...ofRest]
}
