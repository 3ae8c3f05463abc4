import type { OrderFacts } from '../events/commerce.ts'
import type { NormalEvent } from '../events/normalize.ts'
import { no, refuse } from '../kernel/refusal.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { check } from '../orders/check.ts'
import { countEvent } from '../people/computed-traits.ts'
import { isAnonymous } from '../people/traits-of.ts'
import { activateAwaited } from './awaited.ts'
import { personFacts } from './buyer.ts'
import {
  anchorOf,
  anchorText,
  armOf,
  type Circumstances,
  drawnAndRefused,
  keepDraw,
  makeCandidate,
} from './candidates.ts'
import { countOrder } from './count-order.ts'
import { giveNow, useRecord } from './give-now.ts'
import { hereWithoutOrder } from './here-without-order.ts'
import { addLink } from './link.ts'
import {
  type Catalogue,
  changeHolder,
  countHolder,
  eventUse,
  type Holder,
  holderOf,
  holdersOfPerson,
  saveOrder,
  touch,
  usesOfOrder,
  type World,
} from './world.ts'

/** What became of a batch of events; a message that was here before adds nothing. */
export type Ingested = { readonly stored: number; readonly duplicates: number }

/** What the key says of where its events come from. */
export type Origin = {
  readonly channel: string | undefined
  readonly location: string | undefined
  /** The key's id. */
  readonly sourceId?: string
  /** Offers take its events as happening when they come: whoever could date them back would draw anew for each past day. */
  readonly isNow?: boolean
}

/** What of an event counts where it gives something; also of one that comes about here. */
export type Happening = Pick<
  NormalEvent,
  'messageId' | 'name' | 'properties' | 'order' | 'occurredAt' | 'receivedAt' | 'channel' | 'hearsay'
>

/** When and where an event counts as happening, for the offers that wait for it. */
export const placeOfEvent = (event: Happening, origin: Origin) => ({
  at: origin.isNow ? event.receivedAt : event.occurredAt,
  channel: event.channel ?? origin.channel ?? 'unknown',
  location: event.order?.location ?? origin.location ?? null,
})

/**
 * Books events: each belongs to the holder of its subject, identifiers become holders, what it says of two identifiers becomes
 * a link. `origin` is for events that do not say where they come from. An `Order Completed` is the order itself where no PUT has
 * told of it: it counts in the statistics, the PUT stays the authority. Hearsay is stored and no more: else anybody could
 * become a good customer, take the id of an order to come, or earn coupons by saying so.
 */
export const ingest = (world: World, events: readonly NormalEvent[], origin: Origin): Ingested => {
  let duplicates = 0
  for (const event of events) {
    if (world.messages.has(event.messageId)) {
      duplicates += 1
      continue
    }
    world.messages.add(event.messageId)
    const subject = holderOf(world, event.subject)
    const holders = new Map(
      event.identifiers.map(identifier => [`${identifier.type}:${identifier.value}`, holderOf(world, identifier)]),
    )
    for (const { a, b, verified } of event.links) {
      const [left, right] = [a, b].map(it => holders.get(`${it.type}:${it.value}`)!) as [Holder, Holder]
      addLink(world, {
        a: left.id,
        b: right.id,
        verified,
        source: 'event',
        cause: event.messageId,
        firstSeenAt: event.occurredAt,
      })
    }
    if (event.kind === 'identify' && !(event.hearsay && !isAnonymous(event.subject.type)))
      learnTraits(world, subject, event)
    const eventChannel = event.channel ?? origin.channel ?? null
    world.changes.newEvents.push({
      messageId: event.messageId,
      holderId: subject.id,
      kind: event.kind,
      name: event.name,
      channel: eventChannel,
      orderId: event.order?.orderId ?? null,
      occurredAt: event.occurredAt,
      receivedAt: event.receivedAt,
      properties: event.properties,
      personal: event.personal,
      sourceId: origin.sourceId ?? null,
      ...(event.hearsay && { hearsay: !event.vouched }),
    })
    if (isCountedEvent(world.catalogue, event)) countFor(world, subject, event)
    if (event.order && !event.hearsay && !world.orders.has(event.order.orderId))
      bookOrder(world, event, event.order, subject, eventChannel ?? 'unknown')
    if (!event.hearsay && !event.history)
      activateAwaited(world, subject, event, { messageId: event.messageId, channel: eventChannel ?? undefined })
    const waiting = event.hearsay || event.history ? undefined : world.catalogue.byEvent.get(event.name)
    if (waiting) giveForEvent(world, event, subject, waiting, origin)
  }
  return { stored: events.length - duplicates, duplicates }
}

/**
 * Whether statistics count an event: conditions ask for its name. What a browser's key says of somebody it merely names does not count:
 * of an anonymous visitor it does, and then for whom she probably is; so does what a token vouches for.
 */
export const isCountedEvent = (
  { counted }: Pick<Catalogue, 'counted'>,
  {
    name,
    hearsay,
    vouched,
    subject,
  }: Pick<NormalEvent, 'name' | 'hearsay' | 'vouched'> & {
    readonly subject: { readonly type: string }
  },
): boolean => counted.has(name) && !(hearsay && !vouched && !isAnonymous(subject.type))

export const countFor = (world: World, holder: Holder, event: Happening): void => {
  const { name, occurredAt, properties, hearsay } = event
  const { catalogue, workspace } = world
  countHolder(world, holder, it => {
    it.statistics = countEvent(
      it.statistics,
      { name, at: occurredAt, properties, byBrowser: hearsay === true },
      catalogue.traits,
      workspace.timeZone,
    )
  })
  touch(world, holder.id, `event:${name}`)
}

/** A person keeps so many traits; what an event says beyond is kept in the event. */
const maxTraits = 100

const learnTraits = (world: World, holder: Holder, event: NormalEvent): void => {
  const said = event.personal.traits
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return
  const traits = Object.fromEntries(Object.entries({ ...holder.traits, ...said }).slice(0, maxTraits))
  changeHolder(world, holder, it => {
    it.traits = traits
  })
  touch(world, holder.id, 'traits')
}

const bookOrder = (world: World, event: NormalEvent, facts: OrderFacts, holder: Holder, channel: string): void => {
  const shipping = facts.shippingMinor ?? 0
  const lines = facts.lines.map((line, index) => ({ id: String(index + 1), ...line }))
  const subtotal =
    lines.length > 0
      ? lines.reduce((sum, line) => sum + line.amountMinor, 0)
      : (facts.subtotalMinor ?? facts.totalMinor)
  const discount = facts.discountMinor ?? 0
  const decisionId = world.newId('dec')
  const order = {
    id: facts.orderId,
    holderId: holder.id,
    state: 'placed',
    source: 'event',
    revision: 1,
    touched: 0,
    channel,
    location: facts.location ?? null,
    currency: facts.currency,
    subtotal,
    discount,
    shipping,
    total: facts.totalMinor,
    occurredAt: event.occurredAt,
    openedAt: null,
    placedAt: world.now,
    cancelledAt: null,
    heldUntil: null,
    requestHash: '',
    basket: { lines, shipping, codes: [] },
    returned: null,
    asThen: null,
    decisionId,
    catalogueVersion: world.catalogue.version,
    answer: JSON.stringify({
      id: facts.orderId,
      state: 'placed',
      revision: 1,
      decision: decisionId,
      person: holder.personId,
      channel,
      currency: facts.currency,
      heldUntil: null,
      totals: { subtotal, discount, shipping, shippingDiscount: 0, total: facts.totalMinor },
      lines: lines.map(line => ({
        id: line.id,
        subtotal: line.amountMinor,
        discount: 0,
        total: line.amountMinor,
        discounts: [],
      })),
      applied: [],
      available: [],
      refused: [],
    }),
  } as const
  saveOrder(world, order)
  countOrder(world, order, 1)
}

/**
 * Gives what offers wait for an event to give, each at most once an event: also where the event comes again after its row is gone, its
 * uses tell. Each offer is decided by itself, in the order of ids; what became of it is a decision of its own.
 */
export const giveForEvent = (
  world: World,
  event: Happening,
  holder: Holder,
  waiting: readonly LiveOffer[],
  origin: Origin,
): void => {
  const orderId = eventUse(event.messageId)
  if (usesOfOrder(world, orderId).length > 0) return
  const holders = holdersOfPerson(world, holder.id)
  const here: Circumstances = {
    ...placeOfEvent(event, origin),
    holders,
    anchor: anchorText(anchorOf(holders)!),
    draws: true,
    free: [],
  }
  const { order } = event
  const told = order && world.orders.get(order.orderId)
  const counted = told?.state === 'placed' && holders.some(it => it.id === told.holderId) ? told : undefined
  const buyer = { holder, identifier: undefined, personId: holder.personId }
  const lookAt = hereWithoutOrder(world, here, {
    person: personFacts(world, buyer, holders, order?.currency ?? world.workspace.currency, counted),
    currency: undefined,
    event: { id: event.messageId, name: event.name, properties: event.properties },
  })
  const decisionId = world.newId('dec')
  const cause = { messageId: event.messageId, decisionId, channel: here.channel, location: here.location ?? undefined }
  const outcomes = waiting.map(offer => {
    const candidate = makeCandidate(world, here, offer)
    const at = lookAt(offer)
    const verdict = check(candidate, at)
    if (offer.terms.chance && (verdict.ok || drawnAndRefused.has(verdict.kind.code)))
      keepDraw(world, here, offer, holder, orderId)
    const given = verdict.ok
      ? giveNow(world, here, holder, candidate, orderId, at.facts, cause)
      : no(refuse(verdict.kind, verdict.details))
    if (given.ok) {
      const use = given.value
      return { became: use.state === 'withheld' ? 'withheld' : 'applied', record: useRecord(use, offer) }
    }
    const arm = armOf(world, here, offer.campaign)
    const record = {
      offer: offer.id,
      version: offer.version,
      campaign: offer.campaign.id,
      ...(arm && { arm }),
      reason: given.refusal,
    }
    return { became: 'refused', record }
  })
  const all = (became: string) => outcomes.flatMap(it => (it.became === became ? [it.record] : []))
  const withheld = all('withheld')
  world.changes.newDecisions.push({
    id: decisionId,
    holderId: holder.id,
    kind: 'event',
    cause: event.messageId,
    channel: here.channel,
    location: here.location,
    shown: false,
    at: here.at,
    answer: JSON.stringify({
      event: event.name,
      applied: all('applied'),
      refused: all('refused'),
      ...(withheld.length > 0 && { withheld }),
    }),
  })
}
