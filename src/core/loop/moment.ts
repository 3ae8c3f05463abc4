import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { kindOf, shownBenefit } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { catalogueRefusals, offerRefusals } from '../offers/refusals.ts'
import { type Candidate, check, type Here, not, type Verdict } from '../orders/check.ts'
import { orderRefusals } from '../orders/refusals.ts'
import { explainFalse, holdsWithoutOrder } from '../rules/condition.ts'
import type { PersonFacts } from '../rules/facts.ts'
import { type Buyer, bookedHolder, personFacts, whoBuys } from './buyer.ts'
import { anchorOf, anchorText, armOf, type Circumstances, expose, makeCandidate } from './candidates.ts'
import { giveNow, useRecord } from './give-now.ts'
import { hereWithoutOrder } from './here-without-order.ts'
import { momentRefusals } from './refusals.ts'
import { lacksFor, payPrice, priceProblem } from './reward.ts'
import type { MomentAnswer, MomentInput } from './schema.ts'
import { claimUse, type Grant, type Holder, holdersOfPerson, type StoredRedemption, type World } from './world.ts'

/** A question about a moment with everything about the call that matters to it. */
export type MomentCall = {
  readonly input: MomentInput
  /** The key's own, for calls that do not say. */
  readonly channel: string | undefined
  readonly location: string | undefined
  /** The key that calls. */
  readonly actor?: string
  /** Whoever the key's token stands for, as a ref; it is then that person and nobody else. */
  readonly person: string | undefined
  /** For whoever only says who she is: an id that somebody else sent must not show what was issued to that person. */
  readonly hidesGrants: boolean
}

/**
 * Answers a moment without a basket: what the person may be shown or claim here and now, the best first. Claims are given first, so
 * that what they gave is among what is shown. Changes nothing unless it is recorded or something is to be claimed. The answer is
 * JSON text; a refusal has changed nothing.
 *
 *     decideMoment(world, { input: { moment: 'app home', person: 'email:ana@example.com', … }, … })
 *     // { ok: true, value: '{"id":null,"person":"per_…","offers":[{"rank":1,"how":"claim",…}],…}' }
 */
export const decideMoment = (world: World, call: MomentCall): Result<string> => {
  const { input } = call
  const channel = input.channel ?? call.channel
  if (channel === undefined) return no(refuse(orderRefusals.channel_missing))
  const who = whoBuys(world, call.person ?? input.person)
  if (!who.ok) return who

  const decisionId = input.record || input.claim.length > 0 ? world.newId('dec') : null
  const holder = decisionId === null ? who.value?.holder : bookedHolder(world, who.value)
  const look = lookAt(world, call, channel, who.value, holder)
  const claims = input.claim.map(id => claim(world, look, call, holder, id, decisionId!))
  const shown = show(world, look, call)
  const offers = shown.offers.filter(it => !it.candidate.isHeldOut).slice(0, input.limit)
  const withheld = [
    ...claims.flatMap(it => (it.use?.state === 'withheld' ? [it.offer!] : [])),
    ...shown.offers.flatMap(it => (it.candidate.isHeldOut ? [it.candidate.offer] : [])),
  ]
  const answer: MomentAnswer = {
    id: decisionId,
    person: holder?.personId ?? null,
    moment: input.moment,
    channel,
    offers: offers.map(shownAnswer),
    claimed: claims.flatMap(({ offer, use }) =>
      offer && use?.state === 'redeemed' ? [claimedAnswer(offer, use)] : [],
    ),
    refused: [...claims, ...shown.refused].flatMap(it => (it.refused ? [it.refused] : [])),
    ...(withheld.length > 0 && {
      withheld: [...new Set(withheld)].map(({ id, terms }) => ({ offer: id, name: terms.name })),
    }),
  }
  if (decisionId !== null) {
    if (holder && input.record)
      expose(
        world,
        look.here,
        holder,
        [...offers.map(it => it.candidate.offer), ...withheld].map(it => it.campaign),
      )
    world.changes.newDecisions.push({
      id: decisionId,
      holderId: holder?.id ?? null,
      kind: 'request',
      cause: input.moment,
      channel,
      location: look.here.location,
      shown: input.record,
      at: world.now,
      answer: JSON.stringify({
        ...answer,
        // What a baseline needs to be compared with later: which version, in which arm.
        offers: offers.map((it, index) => ({
          ...shownAnswer(it, index),
          ...evidence(world, look, it.candidate.offer),
        })),
        claimed: claims.flatMap(({ offer, use }) =>
          offer && use?.state === 'redeemed' ? [useRecord(use, offer)] : [],
        ),
        ...(withheld.length > 0 && {
          withheld: withheld.map(offer => ({ offer: offer.id, ...evidence(world, look, offer) })),
        }),
      }),
    })
  }
  return ok(JSON.stringify(answer))
}

/** Who looks at offers, and how. */
type Look = {
  readonly here: Circumstances
  readonly person: PersonFacts | undefined
  readonly hereOf: (offer: LiveOffer) => Here
  /** What worth is compared in. */
  readonly currency: string
}

const lookAt = (
  world: World,
  { input, location }: MomentCall,
  channel: string,
  buyer: Buyer | undefined,
  holder: Holder | undefined,
): Look => {
  const holders = holder ? holdersOfPerson(world, holder.id) : []
  const anchor = anchorOf(holders) ?? buyer?.identifier
  const currency = input.currency ?? world.workspace.currency
  const here: Circumstances = {
    holders,
    anchor: anchor && anchorText(anchor),
    at: world.now,
    channel,
    location: input.location ?? location ?? null,
    draws: false,
    free: [],
  }
  const person = buyer && personFacts(world, buyer, holders, currency, undefined)
  const { moment } = input
  return { here, person, currency, hereOf: hereWithoutOrder(world, here, { person, currency: input.currency, moment }) }
}

const evidence = (world: World, { here }: Look, { version, campaign }: LiveOffer) => {
  const arm = armOf(world, here, campaign)
  return { version, campaign: campaign.id, ...(arm && { arm }) }
}

const isAt = ({ terms: { trigger } }: LiveOffer, moment: string): boolean =>
  trigger.on === 'request' && (trigger.moments === undefined || trigger.moments.includes(moment))

type RefusedHere = MomentAnswer['refused'][number]
type Claimed = { readonly offer?: LiveOffer; readonly use?: StoredRedemption; readonly refused?: RefusedHere }

const claim = (
  world: World,
  look: Look,
  { input: { moment }, actor }: MomentCall,
  holder: Holder | undefined,
  id: string,
  decisionId: string,
): Claimed => {
  const offer = world.catalogue.offers.get(id)
  const refused = (reason: Refusal): Claimed => ({ refused: refusedHere(offer ?? { id }, reason) })
  if (!offer) return refused(refuse(catalogueRefusals.offer_not_found, { id }))
  if (!isAt(offer, moment)) return refused(refuse(momentRefusals.not_at_this_moment, { moment }))
  const candidate = makeCandidate(world, look.here, offer)
  const at = look.hereOf(offer)
  const verdict = check(candidate, at)
  if (!verdict.ok) return refused(refuse(verdict.kind, verdict.details))
  const unpaid = candidate.isHeldOut ? undefined : priceProblem(world, holder, offer)
  if (unpaid) return refused(unpaid)
  const { channel, location } = look.here
  const cause = { decisionId, channel, location: location ?? undefined, actor }
  // Nobody in particular can neither be handed a grant nor be a member, so a claim that fits has somebody.
  const given = giveNow(world, look.here, holder!, candidate, claimUse(decisionId), at.facts, cause)
  if (!given.ok) return refused(given.refusal)
  if (given.value.state === 'redeemed') payPrice(world, holder!, offer, given.value, cause)
  return { offer, use: given.value }
}

const refusedHere = (
  { id, terms }: { readonly id: string; readonly terms?: LiveOffer['terms'] },
  { code, message, details }: Refusal,
  grant?: string,
): RefusedHere => ({
  offer: id,
  ...(terms && { name: terms.name }),
  ...(grant !== undefined && { grant }),
  reason: { code, message, details: { ...details } },
})

/** An offer that may be shown, held out or not. */
type Shown = {
  readonly candidate: Candidate
  readonly how: MomentAnswer['offers'][number]['how']
  readonly grant?: Grant
  readonly missing?: Readonly<Record<string, unknown>>
}

const show = (world: World, look: Look, { input: { moment, explain }, hidesGrants }: MomentCall) => {
  const { here, hereOf } = look
  const losers: { readonly refused: RefusedHere }[] = []
  const lose = (offer: LiveOffer, verdict: Verdict): void => {
    if (explain && !verdict.ok && losers.length < mostExplained)
      losers.push({ refused: refusedHere(offer, refuse(verdict.kind, verdict.details)) })
  }
  const isShownHere = ({ terms: { channels } }: LiveOffer): boolean =>
    channels.show === undefined || channels.show.includes(here.channel)

  const claimable = world.catalogue.onRequest.flatMap((offer): Shown[] => {
    if (!isAt(offer, moment) || !isShownHere(offer)) return []
    const candidate = makeCandidate(world, here, offer)
    const verdict = check(candidate, hereOf(offer))
    lose(offer, verdict)
    if (!verdict.ok) return []
    const points = offer.terms.price ? lacksFor(world, here.holders[0]?.personId, offer.terms.price) : 0
    return [{ candidate, how: 'claim', ...(points > 0 && { missing: { points } }) }]
  })
  const inBasket = world.catalogue.basket.all.flatMap((offer): Shown[] => {
    if (!isShownHere(offer)) return []
    const candidate = makeCandidate(world, here, offer)
    const { verdict, missing } = checkBesideOrder(candidate, hereOf(offer))
    lose(offer, verdict)
    return verdict.ok ? [{ candidate, how: 'basket', ...(missing && { missing }) }] : []
  })
  const refused: { readonly refused: RefusedHere }[] = []
  const own = (hidesGrants ? [] : ownGrants(world, here)).flatMap((grant): Shown[] => {
    const offer = world.catalogue.offers.get(grant.offerId)
    if (!offer || !isShownHere(offer)) return []
    const candidate = makeCandidate(world, here, offer, undefined, grant.id)
    const { verdict, missing } = checkBesideOrder(candidate, hereOf(offer))
    if (verdict.ok)
      return [{ candidate, how: grant.code === null ? 'grant' : 'code', grant, ...(missing && { missing }) }]
    if (refused.length < mostRefused)
      refused.push({ refused: refusedHere(offer, refuse(verdict.kind, verdict.details), grant.id) })
    return []
  })
  return { offers: [...claimable, ...own, ...inBasket].sort(byRank(look.currency)), refused: [...refused, ...losers] }
}

/** Of offers that are not shown, where somebody asks why. */
const mostExplained = 500

/** Of grants that cannot be used now so many are named, the newest. */
const mostRefused = 50

/** What was issued to the person and is not used, newest first. An entitlement is handed over, not redeemed: the wallet shows it. */
const ownGrants = (world: World, { holders }: Circumstances): readonly Grant[] =>
  holders
    .flatMap(holder => world.grantsOfHolder.get(holder.id) ?? [])
    .filter(({ state, fulfilment }) => (state === 'issued' || state === 'returned') && fulfilment === null)
    .sort((a, b) => (a.id < b.id ? 1 : -1))

/**
 * `check` for an offer that applies in an order, while there is none: everything that does not ask about the order must hold. What it asks
 * of lines is open; of its condition the parts about the order are, and what they lack is `missing`.
 */
const checkBesideOrder = (
  candidate: Candidate,
  here: Here,
): { readonly verdict: Verdict; readonly missing?: Shown['missing'] } => {
  const { when, ...offer } = candidate.offer
  const verdict = check({ ...candidate, offer: { ...offer, when: undefined, filters: new Map() } }, here)
  if (!verdict.ok || !when) return { verdict }
  const parts = explainFalse(when, here.facts())
  if (!holdsWithoutOrder(when, here.facts()))
    return { verdict: not(offerRefusals.condition_false, { part: parts[0]?.part ?? when.source }) }
  const missing = parts.find(part => part.missing !== undefined)?.missing
  return { verdict, ...(missing && { missing }) }
}

const endOf = ({ candidate: { offer }, grant }: Shown): number =>
  Math.min(offer.to ?? Number.POSITIVE_INFINITY, grant?.expiresAt ?? Number.POSITIVE_INFINITY)

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** Priority, worth in the currency asked for, what ends first; then ids, so that the same question has the same answer. */
const byRank = (currency: string) => {
  const worthOf = ({ candidate: { offer } }: Shown): number =>
    offer.terms.worth?.currency === currency ? offer.terms.worth.amount : 0
  return (a: Shown, b: Shown): number =>
    b.candidate.offer.terms.stacking.priority - a.candidate.offer.terms.stacking.priority ||
    worthOf(b) - worthOf(a) ||
    compare(endOf(a), endOf(b)) ||
    compare(a.candidate.offer.id, b.candidate.offer.id) ||
    compare(a.grant?.id ?? '', b.grant?.id ?? '')
}

const shownAnswer = (shown: Shown, index: number): MomentAnswer['offers'][number] => {
  const { candidate, how, grant, missing } = shown
  const { id, terms, campaign } = candidate.offer
  const end = endOf(shown)
  return {
    rank: index + 1,
    offer: id,
    name: terms.name,
    sentence: kindOf(terms.benefit).sentence(terms.benefit),
    benefit: shownBenefit(terms.benefit),
    campaign: campaign.id,
    how,
    claimable: how === 'claim' && missing === undefined,
    ...(grant && { grant: grant.id }),
    ...(grant && grant.code !== null && { code: grant.code }),
    expiresAt: Number.isFinite(end) ? formatInstant(end) : null,
    ...(terms.worth && { worth: terms.worth }),
    ...(terms.price && { price: terms.price }),
    ...(missing && { missing: { ...missing } }),
  }
}

const claimedAnswer = (
  { id, terms }: LiveOffer,
  { id: redemption, given }: StoredRedemption,
): MomentAnswer['claimed'][number] => ({
  offer: id,
  name: terms.name,
  redemption,
  gives: (given ?? []) as MomentAnswer['claimed'][number]['gives'],
  ...(terms.price && { price: terms.price }),
})
