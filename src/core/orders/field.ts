import type { Effect } from '../offers/kinds/benefit-kind.ts'
import { stages } from '../offers/kinds/benefit-kind.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { type CelFacts, withRunning } from '../rules/cel.ts'
import { evaluateExpression } from '../rules/expression.ts'
import { type Candidate, checkCondition } from './check.ts'
import { type Conflicts, type Failure, maxTie, type Player, type Turn } from './combine.ts'
import type { Claim, DecisionInput } from './decision.ts'
import { limitReached, stockOf, type Usage, withUse } from './limits.ts'
import type { Look } from './look.ts'
import { applyEffect, basketAt, type Applied as Change, type Prices } from './prices.ts'

/** At most so many that fit are combined: the rest, which saves least by itself, is beaten. */
const maxPlayers = 200

/** An offer on its way into the order: who it is for is checked, and `claim` tells the code it came by. */
export type Entrant = { readonly candidate: Candidate; readonly claim: Claim | undefined }

/** By code units, which of ids is by age. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Offers that fit, made into players: in the order they apply, with what each can take off at most and whom it excludes. */
export type Field = {
  readonly players: readonly Player[]
  readonly conflicts: Conflicts
  readonly entrantOf: (player: Player) => Entrant
  readonly playerOf: (entrant: Entrant) => Player | undefined
}

const baseOf = ({ terms }: LiveOffer): 'initial' | 'running' => terms.stacking.base ?? 'running'
const exclusivityOf = ({ terms: { stacking } }: LiveOffer): 'group' | 'order' | undefined =>
  stacking.exclusive === true
    ? stacking.group === undefined
      ? 'order'
      : 'group'
    : stacking.exclusive === false
      ? undefined
      : stacking.exclusive

/**
 * In the order they apply: by stage, the initial price before the running one, from the highest priority, then the older. Of equals those
 * whose conditions ask for the running price come last, or an offer that does not could stand between them and keep them from being a tie.
 */
const byApplication = ({ candidate: { offer: a } }: Entrant, { candidate: { offer: b } }: Entrant): number =>
  stages.indexOf(a.stage) - stages.indexOf(b.stage) ||
  Number(baseOf(a) === 'running') - Number(baseOf(b) === 'running') ||
  b.terms.stacking.priority - a.terms.stacking.priority ||
  Number(a.readsRunning) - Number(b.readsRunning) ||
  compare(a.id, b.id)

/** Whether `a` does not suffer `b` beside it. */
export const excludes = (a: LiveOffer, b: LiveOffer): boolean => {
  const exclusivity = exclusivityOf(a)
  if (exclusivity === 'order') return true
  const group = a.terms.stacking.group
  if (exclusivity === 'group' && group !== undefined && group === b.terms.stacking.group) return true
  const allowed = a.terms.stacking.combinesWith
  const groupOfB = b.terms.stacking.group
  return allowed !== undefined && !allowed.includes(b.id) && (groupOfB === undefined || !allowed.includes(groupOfB))
}

export const makeField = (entrants: readonly Entrant[], input: DecisionInput, look: Look, start: Prices): Field => {
  const make = (sorted: readonly Entrant[]): readonly Contender[] => {
    const ties = tiesOf(sorted.map(it => it.candidate.offer))
    return sorted.map((entrant, index) => makePlayer(entrant, index, ties[index]!, input, look, start))
  }
  const all = [...entrants].sort(byApplication)
  const made = make(all)
  const strongest = new Set(
    [...made]
      .sort((a, b) => b.priority - a.priority || b.most + b.worth - a.most - a.worth || a.index - b.index)
      .slice(0, maxPlayers),
  )
  const inPlay = all.filter((_, index) => strongest.has(made[index]!))
  const contenders = inPlay.length === all.length ? made : make(inPlay)
  const offerOf = ({ index }: Player) => inPlay[index]!.candidate.offer
  const conflicts: Conflicts = (a, b) => excludes(offerOf(a), offerOf(b)) || excludes(offerOf(b), offerOf(a))
  const isUnlimited = input.combination.perOrder === undefined && Object.keys(input.combination.perGroup).length === 0
  const isFree = (player: Contender): boolean =>
    isUnlimited &&
    contenders.every(other => {
      if (other === player) return true
      if (conflicts(player, other) || other.offerId === player.offerId) return false
      const isBefore = other.index < player.index && other.tie !== player.tie
      return isBefore || isIndifferent(offerOf(other), player.reach, other.reach)
    })
  const players = contenders.map(player => ({ ...player, isFree: isFree(player) }))
  return {
    players,
    conflicts,
    entrantOf: player => inPlay[player.index]!,
    playerOf: entrant => players[inPlay.indexOf(entrant)],
  }
}

/**
 * Whether what an offer leaves of the order can only fall when an offer before it takes something off: it looks at other lines, or at
 * the total alone, and its condition does not ask what is left.
 */
const isIndifferent = (offer: LiveOffer, before: bigint, own: bigint): boolean => {
  if (asksRunning(offer)) return false
  const { benefit } = offer.terms
  return (own & before) === 0n || kindOf(benefit).ofTotal(benefit)
}

const asksRunning = (offer: LiveOffer): boolean => offer.when?.readsRunning === true || readsRunningInside(offer)

const readsRunningInside = ({ filters, amounts }: LiveOffer): boolean =>
  [...filters.values(), ...amounts.values()].some(it => it.readsRunning)

/** Numbers the ties: neighbours of equal priority that read the running price, if they are not too many. */
const tiesOf = (offers: readonly LiveOffer[]): readonly number[] => {
  const ties = offers.map((_, index) => index)
  for (let first = 0; first < offers.length; ) {
    const leader = offers[first]!
    let end = first + 1
    while (end < offers.length && isTie(leader, offers[end]!)) end += 1
    if (end - first <= maxTie) ties.fill(first, first, end)
    first = end
  }
  return ties
}

const isTie = (a: LiveOffer, b: LiveOffer): boolean =>
  a.stage === b.stage &&
  a.stage !== 'extra' &&
  baseOf(a) === baseOf(b) &&
  a.terms.stacking.priority === b.terms.stacking.priority &&
  a.readsRunning &&
  b.readsRunning

/** A player with the lines it looks at, each a bit: what it takes off, counts and takes lies within. */
type Contender = Player & { readonly reach: bigint }

const makePlayer = (
  { candidate }: Entrant,
  index: number,
  tie: number,
  { order }: DecisionInput,
  look: Look,
  start: Prices,
): Contender => {
  const { offer, usage } = candidate
  const { terms } = offer
  const { benefit } = terms
  const kind = kindOf(benefit)
  const place = look.placeOf(offer)
  const stock = stockOf(terms)
  const factsAt = (prices: Prices) => withRunning(look.factsOf(offer), prices.total, prices.lines)
  const amounts = new Map<string, number | undefined>()
  let isAmountUnknown = false

  const effectAt = (prices: Prices, now: Usage, asked?: (lines: readonly number[]) => void): Effect | undefined => {
    let running: CelFacts | undefined
    isAmountUnknown = false
    const facts = (isRunning: boolean) => {
      if (!isRunning) return look.factsOf(offer)
      running ??= factsAt(prices)
      return running
    }
    const basket = basketAt(order, prices, baseOf(offer), {
      matching: field => {
        const filter = offer.filters.get(field)
        const found = filter ? look.matching(filter, () => facts(filter.readsRunning)) : look.all
        const lines = found === 'error' ? [] : found
        asked?.(lines)
        return lines
      },
      amount: field => {
        const expression = offer.amounts.get(field)!
        const isKnown = !expression.readsRunning && amounts.has(field)
        const { value } = isKnown
          ? { value: amounts.get(field) }
          : { value: undefined, ...evaluateExpression(expression, facts(expression.readsRunning)) }
        if (!expression.readsRunning) amounts.set(field, value)
        isAmountUnknown ||= value === undefined
        return value === undefined ? undefined : Math.max(0, value)
      },
      choice: order.choices?.[offer.id],
      stock: sku => (stock[sku] === undefined ? Number.POSITIVE_INFINITY : stock[sku] - (now.gifts?.[sku] ?? 0)),
    })
    return kind.apply(benefit, basket)
  }

  const usageAfter = (before: readonly Turn[]): Usage =>
    before
      .filter(turn => turn.player.offerId === offer.id)
      .reduce((now, turn) => {
        const gifts = turn.applied.gives.flatMap(it => (it.what === 'gift' ? [it] : []))
        // Uses per code do not add up: the other use is another code's.
        const next = { ...withUse(terms, now, turn.applied.amount, place), perCode: usage.perCode }
        return gifts.length === 0
          ? next
          : {
              ...next,
              gifts: {
                ...next.gifts,
                ...Object.fromEntries(gifts.map(it => [it.sku, (next.gifts?.[it.sku] ?? 0) + it.quantity])),
              },
            }
      }, usage)

  const attempt = (prices: Prices, before: readonly Turn[]): Change | Failure => {
    if (offer.when?.readsRunning) {
      const verdict = checkCondition(offer.when, factsAt(prices))
      if (!verdict.ok) return { failed: verdict.kind.code as Failure['failed'], details: verdict.details }
    }
    const now = usageAfter(before)
    const isFirst = prices === start && now === usage
    const effect = isFirst ? first : effectAt(prices, now)
    if (!effect && (isFirst ? isFirstUnknown : isAmountUnknown)) return { failed: 'condition_error', details: {} }
    if (!effect && Object.keys(stock).length > 0) {
      const [allowed, used] = [sum(Object.values(stock)), sum(Object.values(now.gifts ?? {}))]
      return { failed: 'limit_reached', details: { limit: 'stock', allowed, used } }
    }
    if (!effect) return { failed: 'no_effect', details: {} }
    const change = isFirst && atStart ? atStart : applyEffect(order, prices, effect, index)
    if (change.amount === 0 && change.gives.length === 0) return { failed: 'no_effect', details: {} }
    const limit = limitReached(terms, now, change.amount, place)
    return limit ? { failed: 'limit_reached', details: limit } : change
  }

  // What it asks for at the full prices it always asks for, but for conditions about running prices: those may match any line then.
  const reach = new Set<number>()
  const first = effectAt(start, usage, lines => {
    for (const line of lines) reach.add(line)
  })
  const isFirstUnknown = isAmountUnknown
  if (readsRunningInside(offer)) for (const line of look.all) reach.add(line)
  const atStart = first && applyEffect(order, start, first, index)
  const most = (): number => {
    if (offer.stage === 'extra') return 0
    if (offer.stage === 'shipping') return start.shipping
    if (kind.shrinks(benefit) && !readsRunningInside(offer)) return atStart?.amount ?? 0
    return sum([...reach].map(line => start.lines[line]!))
  }
  return {
    index,
    offerId: offer.id,
    group: terms.stacking.group,
    priority: terms.stacking.priority,
    tie,
    isGift: offer.stage === 'extra',
    worth: terms.worth?.currency === order.currency ? terms.worth.amount : 0,
    most: most(),
    isFree: false,
    isOfTotal: !asksRunning(offer) && (reach.size === 0 || kind.ofTotal(benefit)),
    steps: stepsOf(offer, reach.size),
    try: attempt,
    reach: look.bitsOf(reach),
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

/** What applying an offer costs: a condition asked of a line is dear, and so is ranking its units. */
const stepsOf = (offer: LiveOffer, lines: number): number =>
  (asksRunning(offer) ? 40 : 20) + lines * (readsRunningInside(offer) ? 40 : offer.stage === 'unit' ? 25 : 1)
