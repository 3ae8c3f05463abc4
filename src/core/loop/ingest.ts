import type { OrderFacts } from '../events/commerce.ts'
import type { NormalEvent } from '../events/normalize.ts'
import { isAnonymous } from '../people/traits-of.ts'
import { addLink, changeHolder, countOrder, type Holder, holderOf, saveOrder, type World } from './world.ts'

/** What became of a batch of events; a message that was here before adds nothing. */
export type Ingested = { readonly stored: number; readonly duplicates: number }

/**
 * Books events: each belongs to the holder of its subject, identifiers become holders, what it says of two identifiers becomes
 * a link. `channel` is the key's own, for events that name none. An `Order Completed` is the order itself where no PUT has
 * told of it: it counts in the statistics, the PUT stays the authority. Hearsay is stored and no more: else anybody could
 * become a good customer, or take the id of an order to come, by saying so.
 */
export const ingest = (world: World, events: readonly NormalEvent[], channel: string | undefined): Ingested => {
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
      addLink(world, { a: left.id, b: right.id, verified, source: 'event', cause: event.messageId })
    }
    if (event.kind === 'identify' && !(event.hearsay && !isAnonymous(event.subject.type)))
      learnTraits(world, subject, event)
    const eventChannel = event.channel ?? channel ?? null
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
    })
    if (event.order && !event.hearsay && !world.orders.has(event.order.orderId))
      bookOrder(world, event, event.order, subject, eventChannel ?? 'unknown')
  }
  return { stored: events.length - duplicates, duplicates }
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
