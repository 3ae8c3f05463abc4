import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { parseInstant } from '../kernel/time.ts'
import type { Cause } from '../ledger/book.ts'
import { normalizeCode } from '../offers/code.ts'
import { kindOf } from '../offers/kinds/index.ts'
import { type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import type { Subject } from '../offers/offer-index.ts'
import { withCashback } from '../orders/cashback.ts'
import { type Applied, type Candidate, type Decision, decide } from '../orders/decide.ts'
import { bucketLimits } from '../orders/limits.ts'
import { withPoints } from '../orders/points.ts'
import { orderRefusals } from '../orders/refusals.ts'
import type { CancelInput, OrderAnswer, OrderInput, OrderPut } from '../orders/schema.ts'
import { nobody, type PersonFacts } from '../rules/facts.ts'
import type { Scope } from '../workspaces/schema.ts'
import { type Buyer, bookedHolder, personFacts, whoBuys } from './buyer.ts'
import {
  anchorOf,
  anchorText,
  armOf,
  type Circumstances,
  drawnAndRefused,
  expose,
  keepDraw,
  makeCandidate,
} from './candidates.ts'
import { bookCashback, bookCashbackBack, cashbackAgain, cashbackAnswers, planCashbackBack } from './cashback.ts'
import { countOrder } from './count-order.ts'
import { earnedAgain, earnedNow, earnOrder } from './earn-order.ts'
import { giveApart, takeBackGrants } from './give.ts'
import { endHold } from './holds.ts'
import { identifiersNamed, linkBuyer } from './link-buyer.ts'
import { type Answered, answerFor, givenAnswer, refusedAnswer } from './order-answer.ts'
import { bookPayment, cardBlocked, type Payment, planPayment, spendHeld, unpay } from './pay-order.ts'
import { bookTakeBack, planTakeBack } from './take-back.ts'
import {
  type AsThen,
  addUse,
  type Basket,
  changeUse,
  type GivenRecord,
  type Grant,
  type Holder,
  holdersOfPerson,
  isTaken,
  pairKey,
  type StoredOrder,
  type StoredRedemption,
  saveOrder,
  usesOfOrder,
  type World,
} from './world.ts'

/** A PUT of an order with everything about the call that matters to it. */
export type OrderCall = {
  readonly id: string
  readonly put: OrderPut
  readonly scope: Scope
  /** The key's own, for orders that do not say. */
  readonly channel: string | undefined
  readonly location: string | undefined
  /** The key that calls. */
  readonly actor?: string
  /** Whoever the key's token stands for, as a ref; it is then that person and nobody else. */
  readonly person: string | undefined
  readonly dryRun: boolean
  /** Keyed hash of the body: the same body as last time gets the same answer. */
  readonly requestHash: string
  /** A till decided it without a network, and the goods are gone. */
  readonly offline?: OfflineSale
}

/** How an order is booked that a till decided: as it was told. */
export type OfflineSale = {
  readonly slices: NonNullable<Circumstances['slices']>
  /** Uses that are leased to the till. */
  readonly free: readonly StoredRedemption[]
  /** What is booked, beside what would be decided now. */
  readonly told: (decided: Decision, here: Circumstances) => Decision
  /** Just before a use is booked, and just after. */
  readonly releases: (applied: Applied, holder: Holder | undefined) => void
  readonly charges: (use: StoredRedemption, offer: LiveOffer) => void
}

/** How far ahead of ours the caller's clock may be. */
export const maxFutureMs = 5 * 60_000

/**
 * Decides and books one PUT of an order against the world; the answer is JSON text, kept byte for byte. A refusal has
 * changed nothing. `dryRun` answers the same and changes nothing either.
 */
export const putOrder = (world: World, call: OrderCall): Result<string> => {
  const stored = world.orders.get(call.id)
  if (call.put.state === 'cancelled') return cancel(world, call, call.put, stored)
  return openOrPlace(world, call, call.put, stored)
}

const cancel = (world: World, call: OrderCall, put: CancelInput, stored: StoredOrder | undefined): Result<string> => {
  if (call.scope === 'publishable') return no(refuse(orderRefusals.dry_run_only))
  if (!stored) return no(refuse(orderRefusals.order_not_found, { id: call.id }))
  if (put.revision !== undefined && put.revision < stored.revision)
    return no(refuse(orderRefusals.revision_outdated, { stored: stored.revision, given: put.revision }))
  if (stored.state === 'cancelled') return ok(stored.answer)
  if (stored.returned !== null)
    return no(refuse(orderRefusals.order_state_conflict, { state: stored.state, asked: 'cancelled' }))
  const revision = put.revision ?? stored.revision + 1
  const answer = JSON.stringify({ ...answerOf(stored), state: 'cancelled', revision, heldUntil: null })
  if (call.dryRun) return ok(answer)

  for (const use of usesOfOrder(world, stored.id)) {
    if (use.state === 'redeemed') takeBackGrants(world, use)
    if (isTaken(use)) changeUse(world, use, use.state === 'held' ? 'released' : 'cancelled')
  }
  unpay(world, stored.id, causeOf(call, stored))
  bookTakeBack(world, planTakeBack(world, stored.id, undefined, new Map()), causeOf(call, stored))
  bookCashbackBack(world, planCashbackBack(world, stored.id, undefined, new Map()), causeOf(call, stored))
  if (stored.state === 'placed') countOrder(world, stored, -1)
  saveOrder(world, {
    ...stored,
    state: 'cancelled',
    revision,
    touched: stored.touched + 1,
    cancelledAt: world.now,
    heldUntil: null,
    requestHash: call.requestHash,
    answer,
  })
  return ok(answer)
}

/** What moves value of an order is told of it. */
const causeOf = (
  { actor }: OrderCall,
  {
    id,
    holderId,
    decisionId,
    channel,
    location,
  }: Pick<StoredOrder, 'id' | 'holderId' | 'decisionId' | 'channel' | 'location'>,
): Cause => ({
  orderId: id,
  holderId: holderId ?? undefined,
  decisionId,
  channel,
  location: location ?? undefined,
  actor,
})

const isBought = ({ state }: StoredOrder): boolean => state === 'placed' || state === 'returned'

const answerOf = (order: StoredOrder): OrderAnswer => JSON.parse(order.answer) as OrderAnswer

const openOrPlace = (
  world: World,
  call: OrderCall,
  put: OrderInput,
  stored: StoredOrder | undefined,
): Result<string> => {
  const { now } = world
  // Refusals in the order of `orderRefusals`.
  const at = put.occurredAt === undefined ? now : parseInstant(put.occurredAt)!
  if (put.occurredAt !== undefined && call.scope !== 'secret' && call.scope !== 'admin')
    return no(refuse(orderRefusals.occurred_at_not_allowed))
  if (at > now + maxFutureMs)
    return no(refuse(orderRefusals.occurred_at_in_future, { seconds: Math.ceil((at - now) / 1000) }))
  if (call.scope === 'publishable' && !call.dryRun) return no(refuse(orderRefusals.dry_run_only))
  if (call.scope === 'publishable' && stored && !isOwnOrder(world, stored, call.person ?? put.person))
    return no(refuse(orderRefusals.order_not_found, { id: call.id }))
  const channel = put.channel ?? call.channel
  if (channel === undefined) return no(refuse(orderRefusals.channel_missing))
  const isPut = stored?.source === 'put'
  if (isPut && isBought(stored) && put.state === 'placed' && stored.requestHash === call.requestHash)
    return ok(stored.answer)
  if (isPut && put.revision !== undefined && put.revision < stored.revision)
    return no(refuse(orderRefusals.revision_outdated, { stored: stored.revision, given: put.revision }))
  const isOver = stored?.state === 'cancelled' || stored?.state === 'returned'
  if (stored && (isOver || (stored.state === 'placed' && (isPut || put.state === 'open'))))
    return no(refuse(orderRefusals.order_state_conflict, { state: stored.state, asked: put.state }))
  const who = whoBuys(world, call.person ?? put.person)
  if (!who.ok) return who
  const others = identifiersNamed(world, call.dryRun || put.state === 'open' ? [] : (put.identifiers ?? []))
  if (!others.ok) return others

  const currency = put.currency ?? world.workspace.currency
  const location = put.location ?? call.location ?? null
  const basket: Basket = {
    lines: put.lines,
    shipping: put.shipping,
    codes: uniqueCodes(put.codes).map(it => it.code),
    ...(put.tenders && { tenders: put.tenders }),
    ...(put.choices && { choices: put.choices }),
    ...(put.clerk !== undefined && { clerk: put.clerk }),
  }
  const next = {
    call,
    put,
    stored,
    at,
    channel,
    location,
    currency,
    basket,
    revision: put.revision ?? (stored ? stored.revision + 1 : 1),
  }

  // While its hold lives, the same lines and codes are booked as they were decided, whatever became of the offers.
  const booksHold =
    stored !== undefined &&
    call.offline === undefined &&
    put.state === 'placed' &&
    stored.heldUntil !== null &&
    stored.heldUntil > now &&
    stored.currency === currency &&
    isBuyerOf(world, stored, who.value) &&
    isSameBasket(stored.basket, basket)
  const answer = booksHold ? placeHeld(world, next, stored, who.value) : decideAndBook(world, next, who.value)
  if (answer.ok && others.value.length > 0)
    linkBuyer(world, bookedHolder(world, who.value)!, world.orders.get(call.id)!, others.value)
  return answer
}

/** One clerk may hold an order and another finish it. */
const isSameBasket = ({ clerk: _, ...a }: Basket, { clerk: __, ...b }: Basket): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const decideAndBook = (world: World, next: Next, buyer: Buyer | undefined): Result<string> => {
  const { call, put } = next
  const { decision: now, ...rest } = decideAndTakeOver(world, next, buyer)
  const decided = { ...rest, decision: call.offline ? call.offline.told(now, rest.here) : now }
  const { totals, refused } = decided.decision
  const unwanted = contrary(put, totals.total, refused.map(refusedAnswer))
  if (unwanted) return no(unwanted)
  const payment = planPayment(world, {
    id: call.id,
    total: totals.total,
    currency: next.currency,
    tenders: next.basket.tenders ?? [],
    // A browser's own word for who she is shows nobody's balance.
    personId: call.scope === 'publishable' && call.person === undefined ? buyer && null : buyer?.personId,
    ending: decided.rivals,
  })
  if (!payment.ok) return payment
  const paid = payment.value?.paid
  const decision = withCashback(withPoints(decided.decision, world.catalogue.programmes, paid), paid)
  const unearned = contrary(put, decision.totals.total, decision.refused.map(refusedAnswer))
  if (unearned) return no(unearned)
  const earning = {
    ...next,
    earned: earnedNow(world, decision, next.at),
    cashback: cashbackAnswers(world, decision.applied, next.at),
  }
  return ok(
    call.dryRun
      ? JSON.stringify(answerFor(answeredOf(earning), decision, payment.value, [], null, buyer?.personId ?? null, null))
      : book(world, earning, { ...decided, decision }, payment.value, buyer),
  )
}

type Next = {
  readonly call: OrderCall
  readonly put: OrderInput
  readonly stored: StoredOrder | undefined
  readonly at: number
  readonly channel: string
  readonly location: string | null
  readonly currency: string
  readonly basket: Basket
  readonly revision: number
  /** Points that come of it. */
  readonly earned?: OrderAnswer['earned']
  readonly cashback?: OrderAnswer['cashback']
}

const answeredOf = ({ call, put, revision, channel, currency, earned, cashback }: Next): Answered => ({
  id: call.id,
  state: put.state,
  revision,
  channel,
  currency,
  earned,
  cashback,
})

const uniqueCodes = (codes: readonly string[]): { given: string; code: string }[] => {
  const byCode = new Map<string, string>()
  for (const given of codes) {
    const code = normalizeCode(given)
    if (!byCode.has(code)) byCode.set(code, given)
  }
  return [...byCode].map(([code, given]) => ({ given, code }))
}

/** What the caller said must hold and does not. */
const contrary = (put: OrderInput, total: number, refused: OrderAnswer['refused']): Refusal | undefined => {
  const codes = refused.filter(it => it.code !== undefined)
  if (put.requireCodes && codes.length > 0) return refuse(orderRefusals.codes_refused, { refused: codes })
  return put.expectTotal !== undefined && put.expectTotal !== total
    ? refuse(orderRefusals.total_changed, { total, expected: put.expectTotal })
    : undefined
}

/** Whether who places may be who opened: one of them was not named, or they are one person (a card, an e-mail). */
const isBuyerOf = (world: World, order: StoredOrder, buyer: Buyer | undefined): boolean =>
  order.holderId === null || !buyer || world.holders.get(order.holderId)!.personId === buyer.personId

/** Whether a browser may look at an order: it is nobody's yet, or that of the person it speaks for. */
const isOwnOrder = (world: World, order: StoredOrder, ref: string | undefined): boolean => {
  if (order.holderId === null) return true
  const who = whoBuys(world, ref)
  return who.ok && who.value !== undefined && isBuyerOf(world, order, who.value)
}

const placeHeld = (world: World, next: Next, stored: StoredOrder, buyer: Buyer | undefined): Result<string> => {
  const held = answerOf(stored)
  const unwanted = contrary(next.put, stored.total, held.refused) ?? cardBlocked(world, held.paid)
  if (unwanted) return no(unwanted)
  const { call, at, channel, location, revision } = next
  const known = stored.holderId === null ? buyer?.holder : world.holders.get(stored.holderId)
  const holder = call.dryRun ? known : (known ?? bookedHolder(world, buyer))
  const person = holder?.personId ?? null
  const earned = earnedAgain(world, held.earned, at)
  const cashback = cashbackAgain(world, stored.id, at)
  const answerWith = (applied: OrderAnswer['applied']) =>
    JSON.stringify({ ...held, state: 'placed', revision, person, channel, heldUntil: null, applied, earned, cashback })
  if (call.dryRun) return ok(answerWith(held.applied))
  const given = new Map<string, readonly GivenRecord[]>()
  for (const use of usesOfOrder(world, stored.id)) {
    if (use.state !== 'held') continue
    // What was held is promised: grants are made now, that somebody has bought.
    const giver = world.catalogue.offers.get(use.offerId)
    const gives = use.given && giver ? giveApart(world, holder, giver, use.given) : null
    if (gives) given.set(use.id, gives)
    // A limit per channel goes on counting the use where it was held: there was room for it, here there may be none.
    const staysThere = giver && bucketLimits(giver.terms).some(limit => limit.by === 'channel')
    changeUse(world, use, 'redeemed', {
      ...(!staysThere && { channel }),
      revenue: stored.total,
      ...(gives && { given: gives }),
    })
  }
  const answer = answerWith(
    held.applied.map(it => {
      const gives = it.redemption === undefined ? undefined : given.get(it.redemption)
      return gives ? { ...it, gives: gives.map(givenAnswer) } : it
    }),
  )
  const order: StoredOrder = {
    ...stored,
    state: 'placed',
    revision,
    touched: stored.touched + 1,
    channel,
    location: location ?? stored.location,
    holderId: holder?.id ?? null,
    occurredAt: at,
    placedAt: world.now,
    heldUntil: null,
    requestHash: call.requestHash,
    basket: { ...stored.basket, ...next.basket },
    answer,
  }
  saveOrder(world, order)
  spendHeld(world, order.id, { ...causeOf(call, order), effectiveAt: at })
  if (earned) earnOrder(world, holder, { ...held, earned }, at, causeOf(call, order))
  if (cashback) bookCashback(world, holder, order.id, held.paid, { ...causeOf(call, order), effectiveAt: at })
  countOrder(world, order, 1)
  return ok(answer)
}

/** A decision with what it was decided on. */
type Decided = {
  readonly decision: Decision
  readonly here: Circumstances
  readonly person: PersonFacts | undefined
  /** Other orders of the person whose holds end with this one. */
  readonly rivals: ReadonlySet<string>
}

/**
 * Decides as if every older hold of the person on one of the codes were free, and again without those whose code then does
 * not apply: an order that is not taken over keeps its hold, so nothing of it may be counted as free.
 */
const decideAndTakeOver = (world: World, next: Next, buyer: Buyer | undefined): Decided => {
  let rivals = heldByThePerson(world, next.call.id, buyer?.holder, next.basket.codes)
  for (;;) {
    const decided = decideOrder(world, next, buyer, rivals)
    const { decision } = decided
    const codes = new Set(decision.applied.map(it => it.code))
    const takenOver = [...rivals].filter(id =>
      usesOfOrder(world, id).some(use => use.state === 'held' && use.code !== null && codes.has(use.code)),
    )
    if (takenOver.length === rivals.size) return decided
    rivals = new Set(takenOver)
  }
}

/** Other open orders of the same person that hold one of these codes: the newer order takes over. */
const heldByThePerson = (
  world: World,
  orderId: string,
  holder: Holder | undefined,
  codes: readonly string[],
): ReadonlySet<string> => {
  if (!holder || codes.length === 0) return new Set()
  const own = new Set(holdersOfPerson(world, holder.id).map(it => it.id))
  const held = codes.flatMap(code =>
    (world.codes.get(code) ?? []).flatMap(claim =>
      [...own]
        .flatMap(id => world.redemptions.byHolder.get(pairKey(claim.offerId, id)) ?? [])
        .filter(use => use.code === code && use.state === 'held'),
    ),
  )
  return new Set(held.map(use => use.orderId).filter(id => id !== orderId && world.orders.has(id)))
}

const decideOrder = (world: World, next: Next, buyer: Buyer | undefined, rivals: ReadonlySet<string>): Decided => {
  const { call, put, at, channel, location, currency } = next
  const holders = buyer?.holder ? holdersOfPerson(world, buyer.holder.id) : []
  const claims = uniqueCodes(put.codes)
  const anchor = anchorOf(holders) ?? buyer?.identifier
  const here: Circumstances = {
    holders,
    anchor: anchor && anchorText(anchor),
    at,
    channel,
    location,
    draws: put.state === 'placed' && !call.dryRun && !call.offline,
    // What this order holds itself, or takes over, is free for it.
    free: [
      ...[call.id, ...rivals].flatMap(id => usesOfOrder(world, id)).filter(use => use.state === 'held'),
      ...(call.offline?.free ?? []),
    ],
    ...(call.offline && { slices: call.offline.slices }),
  }
  const person = buyer && personFacts(world, buyer, holders, next.currency, countedBefore(next, holders))
  const inCollection = (sku: string, collection: string) => world.collections.get(sku)?.has(collection) ?? false
  const { basket } = world.catalogue
  const decision = decide({
    at,
    timeZone: world.workspace.timeZone,
    combination: world.catalogue.combination,
    order: {
      id: call.id,
      currency,
      channel,
      location: location ?? undefined,
      lines: put.lines,
      shipping: put.shipping,
      tenders: (put.tenders ?? []).map(tender => tender.type),
      ...(put.choices && { choices: put.choices }),
    },
    person,
    codes: claims.map(({ given, code }) => ({
      given,
      code,
      candidates: (world.codes.get(code) ?? []).flatMap(claim => {
        const offer = world.catalogue.offers.get(claim.offerId)
        if (!offer) return []
        const candidate = makeCandidate(world, here, offer, code, claim.grantId)
        return [claim.isBlocked ? { ...candidate, isBlocked: true } : candidate]
      }),
    })),
    unclaimed: [
      ...grantedTo(world, here),
      ...(basket.all.length === 0 ? [] : basket.matching(subjectOf(world, next, holders, person))).map(offer =>
        makeCandidate(world, here, offer),
      ),
    ],
    inCollection,
  })
  return { decision, here, person, rivals }
}

/** An event that came before the PUT has counted this order already; what is asked is what was before it. */
const countedBefore = ({ stored }: Next, holders: readonly Holder[]): StoredOrder | undefined =>
  stored?.source === 'event' && holders.some(holder => holder.id === stored.holderId) ? stored : undefined

/** What an order is about, for the index of offers. */
const subjectOf = (
  world: World,
  { put, at, channel, location, currency }: Next,
  holders: readonly Holder[],
  person: PersonFacts | undefined,
): Subject => ({
  at,
  person: person ?? nobody,
  skus: put.lines.map(line => line.sku),
  categories: put.lines.flatMap(line => line.category ?? []),
  collections:
    world.collections.size === 0 ? [] : put.lines.flatMap(line => [...(world.collections.get(line.sku) ?? [])]),
  memberOf: world.members.size === 0 ? [] : holders.flatMap(holder => [...(world.members.get(holder.id) ?? [])]),
  channel,
  location: location ?? undefined,
  currency,
})

/** What was issued to somebody without a code; of one offer a grant an order, the one that ends first. */
export const grantedTo = (world: World, here: Circumstances): readonly Candidate[] => {
  const usable = here.holders
    .flatMap(holder => world.grantsOfHolder.get(holder.id) ?? [])
    // An entitlement is handed over, not redeemed in an order.
    .filter(grant => grant.code === null && grant.fulfilment === null)
    // An ended one last, so that it never stands in front of one that is good.
    .sort(
      (a, b) =>
        Number(endOf(a) <= here.at) - Number(endOf(b) <= here.at) ||
        compare(endOf(a), endOf(b)) ||
        (a.id < b.id ? -1 : 1),
    )
  const seen = new Set<string>()
  return usable.flatMap(grant => {
    const offer = world.catalogue.offers.get(grant.offerId)
    if (!offer || seen.has(offer.id)) return []
    const candidate = makeCandidate(world, here, offer, undefined, grant.id)
    // Of a used grant there is nothing to say.
    if (candidate.grant?.state !== 'issued' && candidate.grant?.state !== 'returned') return []
    seen.add(offer.id)
    return [candidate]
  })
}

const endOf = (grant: Grant): number => grant.expiresAt ?? Number.POSITIVE_INFINITY
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

const book = (
  world: World,
  next: Next,
  { decision, rivals, here, person }: Decided,
  payment: Payment | undefined,
  buyer: Buyer | undefined,
): string => {
  const { call, put, stored, at, channel, location, currency } = next
  const { now } = world
  const holder = bookedHolder(world, buyer)
  if (stored) endHold(world, stored, 'released')
  for (const id of new Set([...rivals, ...(payment?.takesOver ?? [])]))
    endHold(world, world.orders.get(id)!, 'released')
  if (stored?.source === 'event') countOrder(world, stored, -1)

  const isPlaced = put.state === 'placed'
  const hasToHold = decision.applied.length > 0 || payment?.takes.some(it => it.units > 0)
  const heldUntil = !isPlaced && put.hold && hasToHold ? now + put.hold.seconds * 1000 : null
  const takes = isPlaced || heldUntil !== null
  let seq = usesOfOrder(world, call.id).reduce((most, use) => Math.max(most, use.seq), 0)
  const useOf = (applied: Applied, state: StoredRedemption['state']) => {
    const { offer, code, grantId, amount, gives } = applied
    if (state === 'redeemed') call.offline?.releases(applied, holder)
    seq += 1
    // Only who has bought gets a grant; of what is held, and what is withheld, it is kept what it would be.
    const given = isPlaced && state === 'redeemed' ? giveApart(world, holder, offer, gives) : gives
    const isNumbered = state !== 'withheld' && code !== undefined && offer.terms.limits.perCode !== undefined
    const use: StoredRedemption = {
      orderId: call.id,
      seq,
      id: world.newId('red'),
      offerId: offer.id,
      offerVersion: offer.version,
      campaignId: offer.campaign.id,
      holderId: holder?.id ?? null,
      code: code ?? null,
      useNo: isNumbered ? nextUseNo(world, code, offer.id) : null,
      grantId: grantId ?? null,
      channel,
      location,
      currency,
      amount,
      given: given.length > 0 ? given : null,
      arm: state === 'withheld' ? 'holdout' : (armOf(world, here, offer.campaign) ?? null),
      revenue: decision.totals.total,
      returned: 0,
      state,
      heldUntil: state === 'held' ? heldUntil : null,
      at,
    }
    addUse(world, use)
    if (state === 'redeemed') call.offline?.charges(use, offer)
    return use
  }
  const uses = takes ? decision.applied.map(it => useOf(it, isPlaced ? 'redeemed' : 'held')) : []
  if (takes) {
    for (const it of decision.withheld) useOf(it, 'withheld')
    const met = new Map(
      [...decision.applied, ...decision.withheld].map(({ offer: { campaign } }) => [campaign.id, campaign]),
    )
    if (holder) expose(world, here, holder, met.values())
  }
  if (isPlaced && holder && !call.offline) keepDraws(world, here, decision, holder, call.id)
  const decisionId = world.newId('dec')
  const answer = JSON.stringify(
    answerFor(answeredOf(next), decision, payment, uses, decisionId, holder?.personId ?? null, heldUntil),
  )
  // `endHold` may have stored a newer row of this order: it is replaced whole, only its counters go on.
  const touched = (world.orders.get(call.id)?.touched ?? -1) + 1
  const order: StoredOrder = {
    id: call.id,
    holderId: holder?.id ?? null,
    state: put.state,
    source: 'put',
    revision: next.revision,
    touched,
    channel,
    location,
    currency,
    subtotal: decision.totals.subtotal,
    discount: decision.totals.discount,
    shipping: decision.totals.shipping,
    total: decision.totals.total,
    occurredAt: at,
    openedAt: stored?.openedAt ?? (isPlaced ? null : now),
    placedAt: isPlaced ? now : null,
    cancelledAt: null,
    heldUntil,
    requestHash: call.requestHash,
    basket: next.basket,
    returned: null,
    asThen: takes ? asThenOf(decision, person, location) : null,
    decisionId,
    catalogueVersion: world.catalogue.version,
    answer,
  }
  saveOrder(world, order)
  if (payment && takes)
    bookPayment(world, payment, isPlaced ? 'burn' : 'hold', {
      ...causeOf(call, order),
      effectiveAt: isPlaced ? at : now,
    })
  if (next.earned && isPlaced)
    earnOrder(
      world,
      holder,
      { id: call.id, totals: decision.totals, paid: payment?.paid, earned: next.earned },
      at,
      causeOf(call, order),
    )
  if (next.cashback && isPlaced)
    bookCashback(world, holder, call.id, payment?.paid, { ...causeOf(call, order), effectiveAt: at })
  if (isPlaced) countOrder(world, order, 1)
  return answer
}

/** Every surprise that was drawn, won or lost, so that the odds can be checked afterwards. */
const keepDraws = (world: World, here: Circumstances, decision: Decision, holder: Holder, orderId: string): void => {
  const refused = decision.refused.flatMap(({ offer, reason }) =>
    offer && drawnAndRefused.has(reason.code) ? [offer] : [],
  )
  for (const offer of [...decision.fitted.map(it => it.offer), ...refused])
    keepDraw(world, here, offer, holder, orderId)
}

/** Returns decide again only where an offer says so, or gave something that hangs on no unit; else nothing personal is kept. */
const asThenOf = (
  { applied, fitted }: Decision,
  person: PersonFacts | undefined,
  location: string | null,
): AsThen | null => {
  const decidesAgain = applied.some(({ offer: { terms }, shipping, gives }) => {
    const policy = terms.onReturn ?? 'proRata'
    if (kindOf(terms.benefit).goesWithUnits?.(terms.benefit)) return false
    return policy === 'reprice' || (policy === 'proRata' && (shipping > 0 || gives.length > 0))
  })
  if (!decidesAgain) return null
  const codeOf = new Map(applied.map(it => [it.offer.id, it.code ?? null]))
  // The days of a year are many, and most offers ask for none of them.
  const { history: _, ...withoutHistory } = person ?? {}
  const asksHistory = fitted.some(({ offer }) => readsOfOffer(offer).history)
  return {
    person: person ? (asksHistory ? person : withoutHistory) : null,
    location,
    offers: fitted.map(({ offer, grant }) => [
      offer.id,
      offer.version,
      codeOf.get(offer.id) ?? null,
      grant?.id ?? null,
    ]),
  }
}

/** Uses of a code are numbered for ever, so that two processes that take the same number collide at the unique key. */
const nextUseNo = (world: World, code: string, offerId: string): number =>
  (world.redemptions.byCode.get(pairKey(code, offerId)) ?? []).reduce(
    (most, use) => Math.max(most, use.useNo ?? 0),
    0,
  ) + 1
