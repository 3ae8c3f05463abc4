import type { Details, RefusalKind } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { GrantState } from '../offers/schema.ts'
import { type CelFacts, forLine } from '../rules/cel.ts'
import { type Condition, evaluateCondition, explainFalse } from '../rules/condition.ts'
import { limitReached, type Usage, type UsePlace } from './limits.ts'

/** An offer in play: claimed by a code, issued to the person, or open to anybody. */
export type Candidate = {
  readonly offer: LiveOffer
  readonly usage: Usage
  /** Whether the person belongs to the campaign's audience of members. */
  readonly isMember: boolean
  /** The code that claims it is blocked. */
  readonly isBlocked?: boolean
  readonly grant?: {
    readonly id: string
    readonly state: GrantState
    readonly expiresAt: number | null
    readonly isOwn: boolean
  }
  /** Of a surprise: not drawn yet (it is when the order is placed), won, lost, or won and used before. */
  readonly draw?: 'later' | 'won' | 'lost' | 'used'
  /** Of an offer that gives points: the programme, as it stands for the person. */
  readonly programme?: {
    readonly name: string
    readonly state: 'live' | 'paused' | 'ended'
    readonly isMember: boolean
    /** She becomes a member by placing an order. */
    readonly joins: boolean
    /** What she may get of the offer in a period, and has got. */
    readonly cap?: { readonly allowed: number; readonly used: number; readonly period: string }
  }
  /** The person is in the part of the campaign's audience that gets nothing. */
  readonly isHeldOut?: boolean
  /** All that it would issue has ended: it changes nothing. */
  readonly isSpent?: boolean
  /** At a till without a network: what of it only the server can tell. */
  readonly onlineOnly?: OnlineOnly
}

/**
 * Why an offer waits for the network: it is for people whom the till knows nothing of, or counts what each of them used; it keeps some
 * people out; it is a surprise; what it gives needs the server; or its code is not at this till.
 */
export type OnlineOnly = 'person' | 'holdout' | 'chance' | 'benefit' | 'code'

/** Where and when a candidate is looked at. */
export type Here = {
  readonly at: number
  readonly channel: string
  /** undefined: a moment without an order, where there is no currency to fit. */
  readonly currency: string | undefined
  /** How many lines the order has; undefined: there is no order. */
  readonly lines: number | undefined
  readonly isPersonKnown: boolean
  readonly place: UsePlace
  readonly facts: () => CelFacts
  /** The lines that a filter of the offer matches. */
  readonly matching: (filter: Condition) => readonly number[] | 'error'
}

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly kind: RefusalKind; readonly details: Details }

const fits: Verdict = { ok: true }

/** `why` of an offer that waits for the network; `because` beside it is what other languages go by. */
const onlineWords: Readonly<Record<OnlineOnly, string>> = {
  person: 'it depends on who buys, and the till knows nothing of this person',
  holdout: 'it keeps some people out, and only the server knows whom',
  chance: 'it is drawn by the server',
  benefit: 'what it gives is made by the server',
  code: 'this code is not at this till',
}

export const waitsFor = (because: OnlineOnly): Details => ({ because, why: onlineWords[because] })

export const not = (kind: RefusalKind, details: Details = {}): Verdict => ({ ok: false, kind, details })

/**
 * Everything about a candidate that does not depend on what else applies, in the order of `offerRefusals`. A condition that reads the
 * running price is asked when its turn comes.
 */
export const check = (candidate: Candidate, here: Here): Verdict => {
  const { offer, usage, isMember, grant, draw } = candidate
  const { at, channel } = here
  const { terms, campaign } = offer
  if (candidate.isBlocked) return not(offerRefusals.code_blocked)
  if (offer.state === 'paused' || campaign.state === 'paused') return not(offerRefusals.offer_paused)
  if (offer.from !== undefined && at < offer.from)
    return not(offerRefusals.offer_not_started, { startsAt: formatInstant(offer.from) })
  if (offer.state === 'ended' || campaign.state === 'ended' || (offer.to !== undefined && at >= offer.to))
    return not(offerRefusals.offer_expired, {
      endedAt: offer.to !== undefined && at >= offer.to ? formatInstant(offer.to) : formatInstant(at),
    })
  const channels = terms.channels.redeem
  if (channels && !channels.includes(channel))
    return not(offerRefusals.channel_not_allowed, { channel, channels: channels.join(', ') })
  if (candidate.onlineOnly) return not(offerRefusals.online_only, waitsFor(candidate.onlineOnly))
  if (isPersonal(candidate) && !here.isPersonKnown) return not(offerRefusals.person_required)
  if (campaign.audience === 'members' && !isMember) return not(offerRefusals.not_in_audience)
  if (grant) {
    if (!grant.isOwn) return not(offerRefusals.grant_of_another)
    if (grant.state === 'revoked') return not(offerRefusals.grant_revoked)
    if (grant.state !== 'issued' && grant.state !== 'returned') return not(offerRefusals.grant_used)
    if (grant.expiresAt !== null && at >= grant.expiresAt)
      return not(offerRefusals.grant_expired, { endedAt: formatInstant(grant.expiresAt) })
  }
  if (offer.currency !== undefined && here.currency !== undefined && offer.currency !== here.currency)
    return not(offerRefusals.currency_mismatch, { offerCurrency: offer.currency, orderCurrency: here.currency })
  if (offer.broken) return not(offerRefusals.condition_error)
  for (const filter of offer.filters.values()) {
    if (filter.readsRunning) continue
    const lines = here.matching(filter)
    if (lines === 'error') return not(offerRefusals.condition_error)
    if (lines.length === 0) return not(offerRefusals.lines_not_matching)
  }
  if (offer.when && !offer.when.readsRunning) {
    const verdict = checkCondition(offer.when, here.facts())
    if (!verdict.ok) return verdict
  }
  if (draw === 'later') return not(offerRefusals.drawn_later, { wins: terms.chance!.wins, outOf: terms.chance!.outOf })
  if (draw === 'lost') return not(offerRefusals.draw_lost, { wins: terms.chance!.wins, outOf: terms.chance!.outOf })
  if (draw === 'used') return not(offerRefusals.limit_reached, { limit: 'chance', allowed: 1, used: 1 })
  const limit = limitReached(terms, usage, 0, here.place)
  if (limit) return not(offerRefusals.limit_reached, limit)
  if (candidate.isSpent) return not(offerRefusals.no_effect)
  const { programme } = candidate
  if (!programme) return fits
  const { name, state, isMember: hasJoined, cap } = programme
  if (state !== 'live') return not(offerRefusals.programme_not_live, { name, state })
  if (cap && cap.used >= cap.allowed) return not(offerRefusals.limit_reached, { limit: 'cap', ...cap })
  // At an order it is told at the end, with the points that a member would get (`withPoints`); without one nobody can count them.
  return hasJoined || here.lines !== undefined ? fits : not(offerRefusals.programme_not_joined, { name })
}

/** Whether an offer can only be given to somebody: nobody in particular cannot be counted, drawn for, or handed a grant. */
const isPersonal = ({ offer, grant }: Candidate): boolean =>
  offer.campaign.audience === 'members' ||
  offer.terms.limits.perPerson !== undefined ||
  offer.countsPersons ||
  offer.terms.chance !== undefined ||
  offer.terms.price !== undefined ||
  (offer.programme === undefined && kindOf(offer.terms.benefit).givesToSomebody === true) ||
  offer.givesGrants ||
  grant !== undefined

/** Asks a condition; where it is false, the first false part of it is the reason, with all that is missing. */
export const checkCondition = (condition: Condition, facts: CelFacts): Verdict => {
  const { value, error } = evaluateCondition(condition, facts)
  if (error !== undefined) return not(offerRefusals.condition_error)
  if (value) return fits
  const parts = explainFalse(condition, facts)
  const missing = Object.assign({}, ...parts.map(part => part.missing).reverse()) as Details
  return not(offerRefusals.condition_false, {
    part: parts[0]?.part ?? condition.source,
    ...(Object.keys(missing).length > 0 && { missing }),
  })
}

/** The lines that a filter matches; an error on one line does not hide the lines that fit, only where none does is it the reason. */
export const matchingLines = (
  filter: Condition,
  facts: CelFacts,
  lines: readonly number[],
): readonly number[] | 'error' => {
  const verdicts = lines.map(index => evaluateCondition(filter, forLine(facts, index)))
  const matching = lines.filter((_, index) => verdicts[index]!.value)
  return matching.length === 0 && verdicts.some(verdict => verdict.error !== undefined) ? 'error' : matching
}
