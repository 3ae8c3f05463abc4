import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { Effect, Given } from '../offers/kinds/benefit-kind.ts'
import { stages } from '../offers/kinds/benefit-kind.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { type CelFacts, forCampaign, toCelFacts, withRunning } from '../rules/cel.ts'
import { type Condition, explainFalse, type Missing } from '../rules/condition.ts'
import { evaluateExpression } from '../rules/expression.ts'
import { type LineFacts, localFacts, nobody, type PersonFacts } from '../rules/facts.ts'
import type { Combination } from '../workspaces/schema.ts'
import { type Candidate, check, checkCondition, type Here, matchingLines, not, type Verdict } from './check.ts'
import {
  bestForCustomer,
  byPriority,
  type Combined,
  type Conflicts,
  type Failure,
  isIdle,
  maxTie,
  type Player,
  type Turn,
  tryBeside,
  withoutIdle,
} from './combine.ts'
import { limitReached, stockOf, type Usage, type UsePlace, withUse } from './limits.ts'
import { mayLineMatch } from './line-keys.ts'
import {
  applyEffect,
  basketAt,
  type Applied as Change,
  type Prices,
  pricesOf,
  type Run,
  runsOf,
  shareOut,
} from './prices.ts'
import { lineQuantity, lineSubtotal, type OrderLine } from './schema.ts'

/**
 * The decision: a pure function of everything it is given. Same input, bit-identical answer, on any machine and under
 * any process time zone (promise 8).
 */
export type DecisionInput = {
  /** When it counts as happening, epoch milliseconds: validity, local date and conditions read it. */
  readonly at: number
  /** The workspace's, for offers without one of their own. */
  readonly timeZone: string
  /** How offers combine. */
  readonly combination: Combination
  readonly order: {
    readonly id: string
    readonly currency: string
    readonly channel: string
    readonly location: string | undefined
    readonly lines: readonly OrderLine[]
    readonly shipping: number
    /** Types of payment, as far as the caller named them. */
    readonly tenders?: readonly string[]
    /** The item that was chosen where an offer lets one choose, by offer id. */
    readonly choices?: Readonly<Record<string, string>>
  }
  /** Undefined: nobody was named. */
  readonly person: PersonFacts | undefined
  /** One entry a code, in the order the caller gave them; no candidates: nobody knows the code. */
  readonly codes: readonly Claim[]
  /** Offers issued to the person without a code, and offers of any basket. */
  readonly unclaimed: readonly Candidate[]
  readonly inCollection: (sku: string, collection: string) => boolean
}

export type Claim = { readonly given: string; readonly code: string; readonly candidates: readonly Candidate[] }
export type { Candidate }

export type Applied = {
  readonly offer: LiveOffer
  readonly given: string | undefined
  readonly code: string | undefined
  readonly grantId: string | undefined
  /** Money off, lines and shipping. */
  readonly amount: number
  readonly shipping: number
  readonly gives: readonly Given[]
}

export type Refused = {
  readonly given: string | undefined
  readonly offer: LiveOffer | undefined
  readonly reason: Refusal
}

/** Units of a line that cost the same and for the same reasons; `each` is of one unit. */
export type UnitShares = {
  readonly quantity: number
  readonly each: number
  readonly discounts: readonly { readonly offer: string; readonly each: number }[]
}

export type DecidedLine = {
  readonly id: string
  readonly subtotal: number
  readonly discount: number
  readonly total: number
  readonly discounts: readonly { readonly offer: string; readonly amount: number }[]
  /** In the order of the units. */
  readonly units: readonly UnitShares[]
}

export type Decision = {
  readonly totals: {
    readonly subtotal: number
    readonly discount: number
    readonly shipping: number
    readonly shippingDiscount: number
    readonly total: number
  }
  readonly lines: readonly DecidedLine[]
  readonly applied: readonly Applied[]
  readonly available: readonly { readonly offer: LiveOffer; readonly missing: Readonly<Record<string, unknown>> }[]
  readonly refused: readonly Refused[]
  /** What a person who is held out would have been given. */
  readonly withheld: readonly Applied[]
  /** Every offer that fitted by itself, whether it applied or not. */
  readonly fitted: readonly Candidate[]
  /** Whether no combination saves the customer more; if not known, none can save more than the bound. */
  readonly search: { readonly isExact: boolean; readonly value: number; readonly bound: number }
}

/** The refusals of an offer in the order they are checked: how far a candidate came is its place here. */
const checkOrder: readonly string[] = Object.keys(offerRefusals)

/** At most so many offers are named as "what else could apply". */
const maxAvailable = 20
/** At most so many that fit are combined: the rest, which saves least by itself, is beaten. */
const maxPlayers = 200

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

/** An offer on its way into the order: who it is for is checked, and `claim` tells the code it came by. */
type Entrant = { readonly candidate: Candidate; readonly claim: Claim | undefined }

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
    const field = makeField(entrants, input, look, start)
    const isClaimed = (player: Player) => {
      const { claim, candidate } = field.entrantOf(player)
      return claim !== undefined || candidate.grant !== undefined
    }
    const combined =
      input.combination.policy === 'priority'
        ? byPriority(field.players, start, field.conflicts, input.combination)
        : withoutIdle(bestForCustomer(field.players, start, field.conflicts, input.combination), start, isClaimed)
    const isApplied = new Set(combined.turns.map(turn => field.entrantOf(turn.player).candidate))
    const next = entrants.find(
      ({ candidate, claim }) =>
        claim !== undefined &&
        !isApplied.has(candidate) &&
        claim.candidates.some(other => other !== candidate && verdictOf(other).ok && !passed.has(other)),
    )
    if (next) {
      passed.add(next.candidate)
      verdicts.set(next.candidate, whyNot(next, field, combined, start))
      continue
    }
    for (const entrant of entrants)
      if (!isApplied.has(entrant.candidate)) verdicts.set(entrant.candidate, whyNot(entrant, field, combined, start))
    const applied = combined.turns.map(({ player, applied: { amount, shipping, gives } }): Applied => {
      const { candidate, claim } = field.entrantOf(player)
      const { offer, grant } = candidate
      return { offer, given: claim?.given, code: claim?.code, grantId: grant?.id, amount, shipping, gives }
    })
    const { totals, lines } = settle(order, combined.turns, start)
    // Written out: properties added after a spread cost a microsecond each.
    return {
      totals,
      lines,
      applied,
      available: available(input, verdictOf, look),
      refused: refused(input, verdictOf, applied, look),
      withheld: [],
      fitted: entrants.map(it => it.candidate),
      search: { isExact: combined.isExact, value: combined.value, bound: combined.bound },
    }
  }
}

/** From the highest priority to the lowest; equal ones by id, which is by age. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of several offers of one code: the one that ends first, then the older. */
const byEnd = (a: Candidate, b: Candidate): number => {
  const [left, right] = [a.offer.to, b.offer.to]
  if (left === right) return compare(a.offer.id, b.offer.id)
  return left === undefined ? 1 : right === undefined ? -1 : left - right
}

const bestOf = (candidates: readonly Candidate[]): Candidate | undefined => [...candidates].sort(byEnd)[0]

/** Facts are made once a time zone and campaign, filters asked once, and each only when an offer has a condition that asks. */
const makeLook = (input: DecisionInput) => {
  const { order, person, at, timeZone, inCollection } = input
  const byZone = new Map<string, CelFacts>()
  const byCampaign = new Map<string, CelFacts>()
  const factsOf = (offer: LiveOffer): CelFacts => {
    const zone = offer.terms.validity.timeZone ?? timeZone
    const key = `${zone} ${offer.campaign.id}`
    const made = byCampaign.get(key)
    if (made) return made
    const base = byZone.get(zone) ?? makeFacts(input, zone)
    byZone.set(zone, base)
    const facts = forCampaign(base, { id: offer.campaign.id, name: offer.campaign.name })
    byCampaign.set(key, facts)
    return facts
  }
  const known = new Map<Condition, readonly number[] | 'error'>()
  const matching = (filter: Condition, facts: () => CelFacts): readonly number[] | 'error' => {
    const before = known.get(filter)
    if (before) return before
    const lines = all.filter(index => mayLineMatch(filter, order.lines[index]!, inCollection))
    const result = lines.length === 0 ? [] : matchingLines(filter, facts(), lines)
    // Conditions about running prices get other facts each time.
    if (!filter.readsRunning) known.set(filter, result)
    return result
  }
  const all = order.lines.map((_, index) => index)
  const placeOf = (offer: LiveOffer): UsePlace => ({
    at,
    timeZone: offer.terms.validity.timeZone ?? timeZone,
    location: order.location ?? null,
    channel: order.channel,
  })
  const hereOf = (offer: LiveOffer): Here => ({
    at,
    channel: order.channel,
    currency: order.currency,
    lines: order.lines.length,
    isPersonKnown: person !== undefined,
    place: placeOf(offer),
    facts: () => factsOf(offer),
    matching: filter => matching(filter, () => factsOf(offer)),
  })
  const bits = all.map(line => 1n << BigInt(line))
  const bitsOf = (lines: ReadonlySet<number>): bigint => [...lines].reduce((set, line) => set | bits[line]!, 0n)
  return { factsOf, matching, bitsOf, placeOf, hereOf, all }
}
type Look = ReturnType<typeof makeLook>

const makeFacts = ({ order, person, at, inCollection }: DecisionInput, timeZone: string): CelFacts =>
  toCelFacts({
    order: {
      id: order.id,
      currency: order.currency,
      subtotal: order.lines.reduce((sum, line) => sum + lineSubtotal(line), 0),
      quantity: order.lines.reduce((sum, line) => sum + lineQuantity(line), 0),
      shipping: order.shipping,
      channel: order.channel,
      location: order.location ?? '',
      lines: order.lines.map(lineFacts),
      tenders: order.tenders ?? [],
    },
    person: person ?? nobody,
    campaign: { id: '', name: '' },
    channel: order.channel,
    location: order.location ?? '',
    local: localFacts(at, timeZone),
    inCollection,
  })

const lineFacts = (line: OrderLine): LineFacts => ({
  id: line.id,
  sku: line.sku,
  name: line.name,
  category: line.category,
  quantity: lineQuantity(line),
  unitPrice: 'amount' in line ? line.amount : line.unitPrice,
  subtotal: lineSubtotal(line),
  attributes: line.attributes,
})

type Field = {
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
const excludes = (a: LiveOffer, b: LiveOffer): boolean => {
  const exclusivity = exclusivityOf(a)
  if (exclusivity === 'order') return true
  const group = a.terms.stacking.group
  if (exclusivity === 'group' && group !== undefined && group === b.terms.stacking.group) return true
  const allowed = a.terms.stacking.combinesWith
  const groupOfB = b.terms.stacking.group
  return allowed !== undefined && !allowed.includes(b.id) && (groupOfB === undefined || !allowed.includes(groupOfB))
}

const makeField = (entrants: readonly Entrant[], input: DecisionInput, look: Look, start: Prices): Field => {
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

/** Why an offer that fits did not apply beside those that did. */
const whyNot = (entrant: Entrant, field: Field, { turns, value }: Combined, start: Prices): Verdict => {
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

/** What each line and unit costs in the end. */
const settle = (
  order: DecisionInput['order'],
  turns: readonly Turn[],
  start: Prices,
): Pick<Decision, 'totals' | 'lines'> => {
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
  const lines = order.lines.map((line, index): DecidedLine => {
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
  const subtotal = sum(lines.map(line => line.subtotal))
  const discount = sum(lines.map(line => line.discount))
  const shippingDiscount = order.shipping - end.shipping
  const total = subtotal - discount + end.shipping
  return { totals: { subtotal, discount, shipping: order.shipping, shippingDiscount, total }, lines }
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

/** What is missing as far as it is money or units: a basket can grow, but nobody waits for a date. */
const amountsIn = (missing: Missing = {}): readonly (readonly [measure: string, amount: number])[] =>
  Object.entries(missing).flatMap(([measure, it]) => (typeof it === 'number' ? [[measure, it] as const] : []))

/** Offers that need no claim, may be shown here and fail only by an amount that is missing. */
const available = (
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
  offerRefusals.limit_reached,
  offerRefusals.no_effect,
  offerRefusals.condition_error,
  offerRefusals.grant_expired,
  offerRefusals.drawn_later,
  offerRefusals.draw_lost,
  offerRefusals.excluded_by,
  offerRefusals.beaten_by,
  offerRefusals.held_out,
].map(kind => kind.code)

/** Every code that did not apply, by the reason of its nearest offer; of the rest those that something specific stopped. */
const refused = (
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
