import { offerRefusals } from '../offers/refusals.ts'
import type { Combination } from '../workspaces/schema.ts'
import { type Candidate, check, not, type Verdict } from './check.ts'
import { bestForCustomer, byPriority, type Combined, type Player, type Turn, withoutIdle } from './combine.ts'
import type { Applied, Claim, DecidedLine, Decision, DecisionInput, Refused, UnitShares } from './decision.ts'
import { available, bestOf, refused, whyNot } from './explain.ts'
import { type Entrant, type Field, makeField } from './field.ts'
import { makeLook } from './look.ts'
import { type Prices, pricesOf, type Run, runsOf, shareOut } from './prices.ts'
import { lineSubtotal } from './schema.ts'

export type { Applied, Candidate, Claim, DecidedLine, Decision, DecisionInput, Refused, UnitShares }

/**
 * Decides an order. For a person who is held out of a campaign it is decided twice: as for everybody, which tells what is withheld,
 * and without the campaign's offers, which is what she gets.
 */
export const decide = (input: DecisionInput): Decision => {
  const isWithheld = ({ isHeldOut = false }: Candidate) => isHeldOut
  const isConcerned = input.codes.some(it => it.candidates.some(isWithheld)) || input.unclaimed.some(isWithheld)
  if (!isConcerned) return decideFor(input, () => false)
  const would = decideFor(input, () => false)
  const heldOut = new Map([...would.fitted].filter(it => it.isHeldOut).map(it => [it.offer.id, it]))
  const withheld = would.applied.filter(it => heldOut.has(it.offer.id))
  return { ...decideFor(input, candidate => candidate.isHeldOut === true), withheld }
}

const decideFor = (input: DecisionInput, isWithheld: (candidate: Candidate) => boolean): Decision => {
  const { order } = input
  const look = makeLook(input)
  const verdicts = new Map<Candidate, Verdict>()
  const verdictOf = (candidate: Candidate): Verdict => {
    const known = verdicts.get(candidate)
    if (known) return known
    const checked = check(candidate, look.hereOf(candidate.offer))
    const verdict = checked.ok && isWithheld(candidate) ? not(offerRefusals.held_out) : checked
    verdicts.set(candidate, verdict)
    return verdict
  }

  // Of the offers behind one code one is in play; where it comes to nothing, the next gets its turn.
  const passed = new Set<Candidate>()
  const start = pricesOf(order)
  for (;;) {
    const entrants: Entrant[] = [
      ...input.codes.flatMap(claim => {
        const candidate = bestOf(claim.candidates.filter(it => verdictOf(it).ok && !passed.has(it)))
        return candidate ? [{ candidate, claim }] : []
      }),
      ...input.unclaimed.filter(it => verdictOf(it).ok).map(candidate => ({ candidate, claim: undefined })),
    ]
    const earners = entrants.filter(givesPoints)
    const others = earners.length === 0 ? entrants : entrants.filter(it => !givesPoints(it))
    const field = makeField(others, input, look, start)
    const isClaimed = (player: Player) => {
      const { claim, candidate } = field.entrantOf(player)
      return claim !== undefined || candidate.grant !== undefined
    }
    const combined =
      input.combination.policy === 'priority'
        ? byPriority(field.players, start, field.conflicts, input.combination)
        : withoutIdle(bestForCustomer(field.players, start, field.conflicts, input.combination), start, isClaimed)
    // Points take nothing off and so do not stand in the way of what does: they only exclude each other.
    const end = combined.turns.at(-1)?.applied.prices ?? start
    const ofPoints = earners.length === 0 ? field : makeField(earners, input, look, end)
    const earning = earners.length === 0 ? noTurns : byPriority(ofPoints.players, end, ofPoints.conflicts, noLimits)
    const appliedBy = ({ turns }: Combined, by: Field) =>
      turns.map(({ player, applied }) => ({ ...by.entrantOf(player), applied }))
    const all = [...appliedBy(combined, field), ...appliedBy(earning, ofPoints)]
    const isApplied = new Set(all.map(it => it.candidate))
    const reasonOf = (entrant: Entrant): Verdict =>
      givesPoints(entrant) ? whyNot(entrant, ofPoints, earning, end) : whyNot(entrant, field, combined, start)
    const next = entrants.find(
      ({ candidate, claim }) =>
        claim !== undefined &&
        !isApplied.has(candidate) &&
        claim.candidates.some(other => other !== candidate && verdictOf(other).ok && !passed.has(other)),
    )
    if (next) {
      passed.add(next.candidate)
      verdicts.set(next.candidate, reasonOf(next))
      continue
    }
    for (const entrant of entrants)
      if (!isApplied.has(entrant.candidate)) verdicts.set(entrant.candidate, reasonOf(entrant))
    const applied = all.map(({ candidate, claim, applied: { amount, shipping, gives } }): Applied => {
      const { offer, grant } = candidate
      return { offer, given: claim?.given, code: claim?.code, grantId: grant?.id, amount, shipping, gives }
    })
    let lines: readonly DecidedLine[] | undefined
    // Written out: properties added after a spread cost a microsecond each.
    return {
      totals: totalsOf(order, combined.turns, start),
      // Only when somebody looks: who tries a year of orders needs totals, and shares of units are half of the work.
      get lines() {
        lines ??= linesOf(order, combined.turns, start)
        return lines
      },
      applied,
      available: available(input, verdictOf, look),
      refused: refused(input, verdictOf, applied, look),
      withheld: [],
      fitted: entrants.map(it => it.candidate),
      search: { isExact: combined.isExact, value: combined.value, bound: combined.bound },
    }
  }
}

const givesPoints = ({ candidate }: Entrant): boolean => candidate.offer.programme !== undefined
const noTurns: Combined = { turns: [], value: 0, bound: 0, isExact: true }
const noLimits: Combination = { policy: 'priority', perGroup: {} }

const totalsOf = ({ shipping }: DecisionInput['order'], turns: readonly Turn[], start: Prices): Decision['totals'] => {
  const end = turns.at(-1)?.applied.prices ?? start
  return {
    subtotal: start.total,
    discount: start.total - end.total,
    shipping,
    shippingDiscount: shipping - end.shipping,
    total: end.total + end.shipping,
  }
}

/** What each line and unit costs in the end. */
const linesOf = (order: DecisionInput['order'], turns: readonly Turn[], start: Prices): readonly DecidedLine[] => {
  const offers = new Map(turns.map(({ player }) => [player.index, player.offerId]))
  const discounts: { offer: string; amount: number }[][] = order.lines.map(() => [])
  const end = turns.at(-1)?.applied.prices ?? start
  // Single units were told apart by the first stage; what came off whole lines after it is shared out over them.
  const units: (readonly Run[])[] = order.lines.map((line, index) => runsOf(line, end.runs[index]))
  for (const { player, applied } of turns) {
    const ofLine = new Map<number, number>()
    for (const { line, amount, isShared } of applied.offLines) {
      ofLine.set(line, (ofLine.get(line) ?? 0) + amount)
      if (isShared) units[line] = shareOut(units[line]!, amount, player.index)
    }
    for (const [line, amount] of ofLine) discounts[line]!.push({ offer: player.offerId, amount })
  }
  return order.lines.map((line, index): DecidedLine => {
    const subtotal = lineSubtotal(line)
    const total = end.lines[index]!
    return {
      id: line.id,
      subtotal,
      discount: subtotal - total,
      total,
      discounts: discounts[index]!,
      units: unitShares(units[index]!, offers),
    }
  })
}

const unitShares = (runs: readonly Run[], offers: ReadonlyMap<number, string>): UnitShares[] => {
  const shares: UnitShares[] = []
  for (const { count, left, shares: own } of runs) {
    const discounts = own.map(({ by, amount }) => ({ offer: offers.get(by)!, each: amount }))
    const last = shares.at(-1)
    if (last && last.each === left && JSON.stringify(last.discounts) === JSON.stringify(discounts))
      shares[shares.length - 1] = { ...last, quantity: last.quantity + count }
    else shares.push({ quantity: count, each: left, discounts })
  }
  return shares
}
