import { splitLargestRemainder } from '../kernel/money.ts'
import { type Details, type Refusal, type RefusalKind, refuse } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { GrantState } from '../offers/schema.ts'
import { type CelFacts, forCampaign, forLine, toCelFacts } from '../rules/cel.ts'
import { type Condition, evaluateCondition, explainFalse } from '../rules/condition.ts'
import { type LineFacts, localFacts, nobody, type PersonFacts } from '../rules/facts.ts'
import { limitReached, type Usage, withUse } from './limits.ts'
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
  readonly order: {
    readonly id: string
    readonly currency: string
    readonly channel: string
    readonly location: string | undefined
    readonly lines: readonly OrderLine[]
    readonly shipping: number
  }
  /** Undefined: nobody was named. */
  readonly person: PersonFacts | undefined
  /** One entry a code, in the order the caller gave them; no candidates: nobody knows the code. */
  readonly codes: readonly {
    readonly given: string
    readonly code: string
    readonly candidates: readonly Candidate[]
  }[]
  /** Offers issued to the person without a code, and offers of any basket. */
  readonly unclaimed: readonly Candidate[]
  readonly inCollection: (sku: string, collection: string) => boolean
}

export type Candidate = {
  readonly offer: LiveOffer
  readonly usage: Usage
  /** Whether the person belongs to the campaign's audience of members. */
  readonly isMember: boolean
  readonly grant?: {
    readonly id: string
    readonly state: GrantState
    readonly expiresAt: number | null
    readonly isOwn: boolean
  }
}

export type Applied = {
  readonly offer: LiveOffer
  readonly given: string | undefined
  readonly code: string | undefined
  readonly grantId: string | undefined
  readonly amount: number
}

export type Refused = {
  readonly given: string | undefined
  readonly offer: LiveOffer | undefined
  readonly reason: Refusal
}

export type Decision = {
  readonly totals: {
    readonly subtotal: number
    readonly discount: number
    readonly shipping: number
    readonly total: number
  }
  readonly lines: readonly {
    readonly id: string
    readonly subtotal: number
    readonly discount: number
    readonly total: number
    readonly discounts: readonly { readonly offer: string; readonly amount: number }[]
  }[]
  readonly applied: readonly Applied[]
  readonly available: readonly { readonly offer: LiveOffer; readonly missing: Readonly<Record<string, number>> }[]
  readonly refused: readonly Refused[]
}

/** The refusals of an offer in the order they are checked: how far a candidate came is its place here. */
const checkOrder: readonly string[] = Object.keys(offerRefusals)

type Verdict =
  | { readonly ok: true; readonly lines: readonly number[] }
  | { readonly ok: false; readonly kind: RefusalKind; readonly details: Details }

const not = (kind: RefusalKind, details: Details = {}): Verdict => ({ ok: false, kind, details })

/** At most so many offers are named as "what else could apply". */
const maxAvailable = 20

export const decide = (input: DecisionInput): Decision => {
  const { order } = input
  const factsOf = factsByOffer(input)
  const verdicts = new Map<Candidate, Verdict>()
  const verdictOf = (candidate: Candidate): Verdict => {
    const verdict = verdicts.get(candidate) ?? check(candidate, input, factsOf)
    verdicts.set(candidate, verdict)
    return verdict
  }

  const out = new Map<Candidate, Verdict>()
  const lineUp = () =>
    [
      ...input.codes.map(claim => ({
        claim,
        candidate: bestOf(claim.candidates.filter(it => verdictOf(it).ok && !out.has(it))),
      })),
      ...input.unclaimed
        .filter(it => verdictOf(it).ok && !out.has(it))
        .map(candidate => ({ claim: undefined, candidate })),
    ]
      .flatMap(({ claim, candidate }) => (candidate ? [{ claim, candidate }] : []))
      .sort((a, b) => byPriority(a.candidate.offer, b.candidate.offer))

  // A candidate that turns out to change nothing or to overdraw a budget at the running price steps back, and the code's
  // next one gets its turn. All begins anew only where that one stands before what is priced already: pricing a thousand
  // lines again for each of hundreds of candidates would take seconds.
  for (;;) {
    let inPlay = lineUp()
    const prices = order.lines.map(lineSubtotal)
    const discounts: { offer: string; amount: number }[][] = order.lines.map(() => [])
    const applied: Applied[] = []
    const used = new Map<string, Usage>()
    let position = 0
    let isStale = false
    while (position < inPlay.length && !isStale) {
      const { claim, candidate } = inPlay[position]!
      const { offer, usage } = candidate
      const verdict = verdictOf(candidate)
      if (!verdict.ok) throw new Error('only candidates that pass are lined up')
      const benefitLines = verdict.lines.map(index => ({ index, price: prices[index]! }))
      const amount = kindOf(offer.terms.benefit).discount(offer.terms.benefit, benefitLines)
      // Uses of the same offer earlier in this order count; those per code do not, the code is another.
      const earlier = used.get(offer.id)
      const now = earlier ? { ...earlier, perCode: usage.perCode } : usage
      const limit = limitReached(offer.terms.limits, now, amount)
      if (amount === 0) out.set(candidate, not(offerRefusals.no_effect))
      else if (limit) out.set(candidate, not(offerRefusals.limit_reached, limit))
      if (out.has(candidate)) {
        const before = inPlay.slice(0, position)
        inPlay = lineUp()
        isStale = before.some((it, index) => it.candidate !== inPlay[index]?.candidate)
        continue
      }
      position += 1
      used.set(offer.id, withUse(now, amount))
      const parts = splitLargestRemainder(
        amount,
        benefitLines.map(line => line.price),
      )
      for (const [at, part] of parts.entries()) {
        if (part === 0) continue
        const { index } = benefitLines[at]!
        prices[index]! -= part
        discounts[index]!.push({ offer: offer.id, amount: part })
      }
      applied.push({ offer, given: claim?.given, code: claim?.code, grantId: candidate.grant?.id, amount })
    }
    if (isStale) continue

    const lines = order.lines.map((line, index) => {
      const subtotal = lineSubtotal(line)
      return {
        id: line.id,
        subtotal,
        discount: subtotal - prices[index]!,
        total: prices[index]!,
        discounts: discounts[index]!,
      }
    })
    const subtotal = lines.reduce((sum, line) => sum + line.subtotal, 0)
    const discount = lines.reduce((sum, line) => sum + line.discount, 0)
    return {
      totals: { subtotal, discount, shipping: order.shipping, total: subtotal - discount + order.shipping },
      lines,
      applied,
      available: available(input, verdictOf, factsOf),
      refused: refused(input, candidate => out.get(candidate) ?? verdictOf(candidate), applied),
    }
  }
}

/** From the highest priority to the lowest; equal ones by id, which is by age. */
const byPriority = (a: LiveOffer, b: LiveOffer): number =>
  b.terms.stacking.priority - a.terms.stacking.priority || compare(a.id, b.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of several offers of one code: the one that ends first, then the older. */
const byEnd = (a: Candidate, b: Candidate): number => {
  const [left, right] = [a.offer.to, b.offer.to]
  if (left === right) return compare(a.offer.id, b.offer.id)
  return left === undefined ? 1 : right === undefined ? -1 : left - right
}

const bestOf = (candidates: readonly Candidate[]): Candidate | undefined => [...candidates].sort(byEnd)[0]

/** Everything about a candidate that does not depend on the running price, in the order of `offerRefusals`. */
const check = (
  { offer, usage, isMember, grant }: Candidate,
  input: DecisionInput,
  factsOf: (offer: LiveOffer) => OfferFacts,
): Verdict => {
  const { at, order, person } = input
  const { terms, campaign } = offer
  if (offer.state === 'paused' || campaign.state === 'paused') return not(offerRefusals.offer_paused)
  if (offer.from !== undefined && at < offer.from)
    return not(offerRefusals.offer_not_started, { startsAt: formatInstant(offer.from) })
  if (offer.state === 'ended' || campaign.state === 'ended' || (offer.to !== undefined && at >= offer.to))
    return not(offerRefusals.offer_expired, {
      endedAt: offer.to !== undefined && at >= offer.to ? formatInstant(offer.to) : formatInstant(at),
    })
  const channels = terms.channels.redeem
  if (channels && !channels.includes(order.channel))
    return not(offerRefusals.channel_not_allowed, { channel: order.channel, channels: channels.join(', ') })
  const isPersonal = campaign.audience === 'members' || terms.limits.perPerson !== undefined || grant !== undefined
  if (isPersonal && !person) return not(offerRefusals.person_required)
  if (campaign.audience === 'members' && !isMember) return not(offerRefusals.not_in_audience)
  if (grant) {
    if (!grant.isOwn) return not(offerRefusals.grant_of_another)
    if (grant.state === 'revoked') return not(offerRefusals.grant_revoked)
    if (grant.state !== 'issued') return not(offerRefusals.grant_used)
    if (grant.expiresAt !== null && at >= grant.expiresAt)
      return not(offerRefusals.grant_expired, { endedAt: formatInstant(grant.expiresAt) })
  }
  if (offer.currency !== undefined && offer.currency !== order.currency)
    return not(offerRefusals.currency_mismatch, { offerCurrency: offer.currency, orderCurrency: order.currency })
  if (offer.broken) return not(offerRefusals.condition_error)
  const facts = factsOf(offer)
  const lines = matchingLines(offer.lines, facts, order.lines.length)
  if (lines === 'error') return not(offerRefusals.condition_error)
  if (lines.length === 0) return not(offerRefusals.lines_not_matching)
  if (offer.when) {
    const { value, error } = evaluateCondition(offer.when, facts.order)
    if (error !== undefined) return not(offerRefusals.condition_error)
    if (!value)
      return not(offerRefusals.condition_false, {
        part: explainFalse(offer.when, facts.order)[0]?.part ?? offer.when.source,
      })
  }
  const limit = limitReached(terms.limits, usage, 0)
  return limit ? not(offerRefusals.limit_reached, limit) : { ok: true, lines }
}

const matchingLines = (
  filter: Condition | undefined,
  facts: OfferFacts,
  count: number,
): readonly number[] | 'error' => {
  const all = Array.from({ length: count }, (_, index) => index)
  if (!filter) return all
  const verdicts = all.map(index => evaluateCondition(filter, forLine(facts.order, index)))
  // An error on one line must not hide the lines that fit; only where none does is the error the reason.
  const matching = all.filter(index => verdicts[index]!.value)
  return matching.length === 0 && verdicts.some(verdict => verdict.error !== undefined) ? 'error' : matching
}

type OfferFacts = { readonly order: CelFacts }

/** Facts are made once a time zone and campaign, and only when an offer has a condition that asks. */
const factsByOffer = (input: DecisionInput): ((offer: LiveOffer) => OfferFacts) => {
  const byZone = new Map<string, CelFacts>()
  const byCampaign = new Map<string, OfferFacts>()
  return offer => {
    const zone = offer.terms.validity.timeZone ?? input.timeZone
    const key = `${zone} ${offer.campaign.id}`
    const known = byCampaign.get(key)
    if (known) return known
    const base = byZone.get(zone) ?? makeFacts(input, zone)
    byZone.set(zone, base)
    const facts = { order: forCampaign(base, { id: offer.campaign.id, name: offer.campaign.name }) }
    byCampaign.set(key, facts)
    return facts
  }
}

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

/** Offers that need no claim, may be shown here and fail only by an amount that is missing. */
const available = (
  { unclaimed, order }: DecisionInput,
  verdictOf: (candidate: Candidate) => Verdict,
  factsOf: (offer: LiveOffer) => OfferFacts,
): Decision['available'] =>
  unclaimed
    .filter(({ offer: { when, terms }, usage }) => {
      const isShown = terms.channels.show?.includes(order.channel) ?? true
      return when !== undefined && isShown && !limitReached(terms.limits, usage, 0)
    })
    .flatMap(candidate => {
      const verdict = verdictOf(candidate)
      if (verdict.ok || verdict.kind !== offerRefusals.condition_false) return []
      const parts = explainFalse(candidate.offer.when!, factsOf(candidate.offer).order)
      if (parts.length === 0 || parts.some(part => part.missing === undefined)) return []
      const missing: Record<string, number> = {}
      for (const [measure, amount] of parts.flatMap(part => Object.entries(part.missing!)))
        missing[measure] = Math.max(missing[measure] ?? 0, amount)
      return [{ offer: candidate.offer, missing }]
    })
    .slice(0, maxAvailable)

/** Every code that did not apply, by the reason of its nearest offer; of the rest those that something specific stopped. */
const refused = (
  { codes, unclaimed }: DecisionInput,
  verdictOf: (candidate: Candidate) => Verdict,
  applied: readonly Applied[],
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
  const worthSaying = [
    offerRefusals.limit_reached,
    offerRefusals.no_effect,
    offerRefusals.condition_error,
    offerRefusals.grant_expired,
  ]
  const ofRest = unclaimed.flatMap((candidate): Refused[] => {
    const verdict = verdictOf(candidate)
    if (verdict.ok || !worthSaying.includes(verdict.kind as never)) return []
    return [{ given: undefined, offer: candidate.offer, reason: refuse(verdict.kind, verdict.details) }]
  })
  return [...ofCodes, ...ofRest]
}
