import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, localDay, parseInstant } from '../kernel/time.ts'
import { refundsOf } from '../loyalty/pay.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { type Back, type Benefited, type Refund, refundOf, type Sale, type Then } from '../orders/refund.ts'
import { orderRefusals, returnRefusals } from '../orders/refusals.ts'
import type { ReturnAnswer, ReturnInput } from '../orders/return-schema.ts'
import { lineQuantity, type OrderAnswer, type OrderLine } from '../orders/schema.ts'
import { cheapestUnits, rangesOf, unitsIn } from '../orders/unit-ranges.ts'
import { bookReturn } from '../people/statistics.ts'
import type { PersonFacts } from '../rules/facts.ts'
import type { Scope } from '../workspaces/schema.ts'
import { bookCashbackBack, type CashbackBack, planCashbackBack } from './cashback.ts'
import { countOrder } from './count-order.ts'
import { unusedGrants } from './give.ts'
import { comingBack, payBack } from './pay-order.ts'
import { maxFutureMs } from './put-order.ts'
import { bookTakeBack, type PointsBack, planTakeBack } from './take-back.ts'
import {
  type AsThen,
  addReturn,
  changeGrant,
  changeHolder,
  changeUse,
  type GivenRecord,
  type Grant,
  pairKey,
  type Returned,
  type StoredOrder,
  type StoredRedemption,
  saveOrder,
  touch,
  usesOfOrder,
  versionKey,
  type World,
} from './world.ts'

/** Goods that come back, with everything about the call that matters to them. */
export type ReturnCall = {
  readonly order: string
  readonly body: ReturnInput
  readonly scope: Scope
  /** The key that calls. */
  readonly actor?: string
  readonly dryRun: boolean
  /** Keyed hash of the body: the same body under the same return id gets the same answer, for ever. */
  readonly requestHash: string
}

const nothingBack: Returned = { units: {}, gifts: [], shipping: false, refunded: 0 }

/** The units of a line that are back. Callers choose line ids, and every object has a `constructor`. */
const unitsBack = ({ units }: Returned, line: string): ReadonlySet<number> =>
  unitsIn(Object.hasOwn(units, line) ? units[line]! : [])

/**
 * Decides and books one return against the world; the answer is JSON text, kept byte for byte. A refusal has changed nothing; `dryRun`
 * answers the same and changes nothing either.
 */
export const returnOrder = (world: World, call: ReturnCall): Result<string> => {
  const { body, scope } = call
  // In the order of the refusals: the order's own, then `returnRefusals`.
  const order = world.orders.get(call.order)
  if (!order) return no(refuse(orderRefusals.order_not_found, { id: call.order }))
  const at = body.occurredAt === undefined ? world.now : parseInstant(body.occurredAt)!
  if (body.occurredAt !== undefined && scope !== 'secret' && scope !== 'admin')
    return no(refuse(orderRefusals.occurred_at_not_allowed))
  if (at > world.now + maxFutureMs)
    return no(refuse(orderRefusals.occurred_at_in_future, { seconds: Math.ceil((at - world.now) / 1000) }))
  if (order.state !== 'placed' && order.state !== 'returned')
    return no(refuse(orderRefusals.order_state_conflict, { state: order.state, asked: 'returned' }))
  const before = world.returns.get(pairKey(order.id, body.id))
  if (before)
    return before.requestHash === call.requestHash
      ? ok(before.answer)
      : no(refuse(returnRefusals.return_id_reused, { id: body.id }))
  if (order.source !== 'put') return no(refuse(returnRefusals.order_not_itemized, { id: order.id }))
  const coming = whatComesBack(order, body)
  if (!coming.ok) return coming
  const missing = giftNotLeft(world, order, body)
  if (missing) return no(missing)

  const returned = order.returned ?? nothingBack
  const lines = linesOf(order)
  const sale = saleOf(world, order)
  const units = lines.map(({ id }) => unitsBack(returned, id))
  const soFar = refundOf(sale, { units, shipping: returned.shipping })
  const back: Back = {
    units: units.map((set, index) => new Set([...set, ...coming.value[index]!])),
    shipping: returned.shipping || body.shipping === true,
  }
  const refund = refundOf(sale, back)
  const isAllBack = lines.every((line, index) => back.units[index]!.size === lineQuantity(line))
  // The rules may have changed since the return before it: what was paid out is not asked back.
  const refunded = Math.max(refund.refund, returned.refunded)
  const gifts = [...returned.gifts, ...(body.gifts ?? [])]
  const effects = sale.applied.map((benefited, index) =>
    effectOf(world, order, benefited, refund.offers[index]!, gifts.includes(benefited.offer.id)),
  )
  const free = comingBack(world, order.id, answerOf(order).paid ?? [], refunded)
  const pointsBack = planTakeBack(world, order.id, { sale, back, refund }, free)
  const cashbackBack = planCashbackBack(world, order.id, { sale, back, refund }, free)
  const answer = answerFor({
    call,
    order,
    at,
    sale,
    coming: coming.value,
    soFar,
    refund,
    refunded,
    effects,
    isAllBack,
    pointsBack,
    cashbackBack,
  })
  const text = JSON.stringify(answer)
  if (call.dryRun) return ok(text)

  for (const { uses, revoked } of effects) {
    for (const grant of revoked) changeGrant(world, grant, { state: 'revoked' })
    for (const { use, state, returned } of uses)
      changeUse(world, use, state, { returned, revenue: order.total - refunded })
  }
  const next: Returned = {
    units: Object.fromEntries(
      lines.flatMap(({ id }, index) => (back.units[index]!.size === 0 ? [] : [[id, rangesOf(back.units[index]!)]])),
    ),
    gifts,
    shipping: back.shipping,
    refunded,
  }
  book(world, order, next, isAllBack, at)
  const cause = { orderId: order.id, returnId: body.id, holderId: order.holderId ?? undefined, actor: call.actor }
  payBack(world, order.id, answerOf(order).paid ?? [], refunded, cause)
  bookTakeBack(world, pointsBack, cause)
  bookCashbackBack(world, cashbackBack, cause)
  addReturn(world, {
    orderId: order.id,
    id: body.id,
    seq: order.touched + 1,
    refund: answer.refund,
    requestHash: call.requestHash,
    at,
    answer: text,
  })
  return ok(text)
}

const linesOf = (order: StoredOrder): readonly OrderLine[] => order.basket.lines as readonly OrderLine[]
const answerOf = (order: StoredOrder): OrderAnswer => JSON.parse(order.answer) as OrderAnswer

/** What each unit of a line costs, from the first on. */
const eachOf = ({ units, total }: OrderAnswer['lines'][number], quantity: number): readonly number[] =>
  units
    ? units.flatMap(({ quantity: alike, each }) => Array.from({ length: alike }, () => each))
    : Array.from({ length: quantity }, () => total / quantity)

/** The units that come back, for each line of the order; those that nobody named are the cheapest of their line. */
const whatComesBack = (
  order: StoredOrder,
  { lines, shipping }: ReturnInput,
): Result<readonly (readonly number[])[]> => {
  const ordered = linesOf(order)
  const unknown = lines.find(({ id }) => !ordered.some(line => line.id === id))
  if (unknown) return no(refuse(returnRefusals.return_line_unknown, { line: unknown.id }))
  const coming: (readonly number[])[] = ordered.map(() => [])
  const answered = answerOf(order).lines
  for (const { id, quantity: asked, units } of lines) {
    const index = ordered.findIndex(line => line.id === id)
    const quantity = lineQuantity(ordered[index]!)
    const back = unitsBack(order.returned ?? nothingBack, id)
    const left = quantity - back.size
    if (asked > left) return no(refuse(returnRefusals.return_exceeds_line, { line: id, asked, left }))
    const gone = units?.find(unit => unit > quantity || back.has(unit))
    if (gone !== undefined) return no(refuse(returnRefusals.return_unit_not_left, { line: id, unit: gone, quantity }))
    coming[index] = units ?? cheapestUnits(eachOf(answered[index]!, quantity), back, asked)
  }
  if (shipping && order.returned?.shipping) return no(refuse(returnRefusals.return_shipping_not_left))
  return ok(coming)
}

const giftNotLeft = (world: World, order: StoredOrder, { gifts = [] }: ReturnInput): Refusal | undefined => {
  const isGiven = (offer: string) =>
    usesOfOrder(world, order.id).some(
      use => use.offerId === offer && use.state === 'redeemed' && (use.given ?? []).some(it => it.what === 'gift'),
    )
  const offer = gifts.find(gift => !isGiven(gift))
  return offer === undefined ? undefined : refuse(returnRefusals.return_gift_not_left, { offer })
}

const offerAt = (world: World, id: string, version: number): LiveOffer => {
  const current = world.catalogue.offers.get(id)
  const offer = current?.version === version ? current : world.versions.get(versionKey(id, version))
  if (!offer) throw new Error(`version ${version} of the offer ${id} was not loaded`)
  return offer
}

const usesThatGave = (world: World, order: StoredOrder): readonly StoredRedemption[] =>
  usesOfOrder(world, order.id).filter(use => use.state === 'redeemed' || use.state === 'returned')

/** The order as it was answered, with the offers as they were. */
const saleOf = (world: World, order: StoredOrder): Sale => {
  const { lines, totals, applied } = answerOf(order)
  const uses = usesThatGave(world, order)
  return {
    lines: linesOf(order).map((line, index) => {
      const { units, total, discounts } = lines[index]!
      const quantity = lineQuantity(line)
      const alike = discounts.map(({ offer, amount }) => ({ offer, each: amount / quantity }))
      return { line, units: units ?? [{ quantity, each: total / quantity, discounts: alike }] }
    }),
    shipping: totals.shipping,
    shippingDiscount: totals.shippingDiscount,
    applied: [...new Set(applied.map(it => it.offer))].map((id): Benefited => {
      const all = applied.filter(it => it.offer === id)
      const ofOffer = uses.filter(use => use.offerId === id)
      return {
        offer: offerAt(world, id, ofOffer[0]!.offerVersion),
        amount: all.reduce((sum, it) => sum + it.amount, 0),
        shipping: all.reduce((sum, it) => sum + (it.shipping ?? 0), 0),
        gives: ofOffer.flatMap(use => use.given ?? []),
      }
    }),
    asThen: order.asThen ? thenOf(world, order, order.asThen) : undefined,
  }
}

const thenOf = (world: World, order: StoredOrder, { person, location, offers }: AsThen): Then => ({
  at: order.occurredAt,
  timeZone: world.workspace.timeZone,
  combination: world.catalogue.combination,
  person: (person ?? undefined) as PersonFacts | undefined,
  inCollection: (sku, collection) => world.collections.get(sku)?.has(collection) ?? false,
  order: {
    id: order.id,
    currency: order.currency,
    channel: order.channel,
    location: location ?? undefined,
    tenders: (order.basket.tenders ?? []).map(tender => tender.type),
    ...(order.basket.choices && { choices: order.basket.choices }),
  },
  offers: offers.map(([id, version]) => offerAt(world, id, version)),
})

/** What a return does to one offer's uses, gifts and grants. */
type Effect = {
  readonly uses: readonly {
    readonly use: StoredRedemption
    readonly state: 'redeemed' | 'returned'
    readonly returned: number
  }[]
  readonly takeBack: readonly Extract<GivenRecord, { what: 'gift' }>[]
  readonly revoked: readonly Grant[]
}

const effectOf = (
  world: World,
  order: StoredOrder,
  { offer }: Benefited,
  { givenBack, stays }: Refund['offers'][number],
  isGiftBack: boolean,
): Effect => {
  const ofOffer = usesThatGave(world, order).filter(use => use.offerId === offer.id)
  const isUndone = (given: GivenRecord): boolean => !stays.includes(given)
  const revoked = ofOffer.flatMap(use => unusedGrants(world, (use.given ?? []).filter(isUndone)))
  const isVoid = (id: string): boolean =>
    revoked.some(grant => grant.id === id) || world.grants.get(id)?.state === 'revoked'
  let rest = givenBack
  const uses = ofOffer
    .map(use => {
      const returned = Math.max(use.returned, Math.min(rest, use.amount))
      rest = Math.max(0, rest - use.amount)
      const isLeft = (it: GivenRecord): boolean =>
        it.what === 'gift' ? !isGiftBack : !isUndone(it) || (it.grants ?? []).some(id => !isVoid(id))
      const state = returned === use.amount && !(use.given ?? []).some(isLeft) ? 'returned' : 'redeemed'
      return { use, state, returned } as const
    })
    .filter(({ use }) => use.state === 'redeemed')
  const takeBack = uses.flatMap(({ use }) =>
    (use.given ?? []).flatMap(it => (it.what === 'gift' && !isGiftBack && isUndone(it) ? [it] : [])),
  )
  return { uses, takeBack, revoked }
}

const answerFor = (it: {
  readonly call: ReturnCall
  readonly order: StoredOrder
  readonly at: number
  readonly sale: Sale
  readonly coming: readonly (readonly number[])[]
  readonly soFar: Refund
  readonly refund: Refund
  readonly refunded: number
  readonly effects: readonly Effect[]
  readonly isAllBack: boolean
  readonly pointsBack: readonly PointsBack[]
  readonly cashbackBack: readonly CashbackBack[]
}): ReturnAnswer => {
  const { pointsBack, cashbackBack } = it
  const { call, order, at, sale, coming, soFar, refund, refunded, effects, isAllBack } = it
  const now = refunded - (order.returned?.refunded ?? 0)
  const { paid } = answerOf(order)
  const shipping = refund.shipping - soFar.shipping
  const lines = sale.lines.flatMap(({ line, units }, index) => {
    const numbers = coming[index]!.toSorted((a, b) => a - b)
    if (numbers.length === 0) return []
    const subtotal = 'amount' in line ? line.amount : line.unitPrice * numbers.length
    return [{ id: line.id, quantity: numbers.length, units: numbers, subtotal, refund: priceOf(units, numbers) }]
  })
  return {
    id: call.body.id,
    order: order.id,
    at: formatInstant(at),
    currency: order.currency,
    ...(call.body.reason !== undefined && { reason: call.body.reason }),
    refund: now,
    ...(paid && { refunds: [...refundsOf(paid, refunded - now, refunded)] }),
    lines,
    shipping,
    chargedBack: lines.reduce((sum, line) => sum + line.refund, shipping) - now,
    carried: refund.carried,
    offers: sale.applied.map(({ offer }, index) => {
      const { policy, condition, givenBack } = refund.offers[index]!
      return {
        offer: offer.id,
        name: offer.terms.name,
        policy,
        condition,
        givenBack: givenBack - soFar.offers[index]!.givenBack,
        usesBack: effects[index]!.uses.filter(use => use.state === 'returned').length,
      }
    }),
    ...(pointsBack.length > 0 && {
      pointsBack: pointsBack.map(({ programme, points, debt, short }) => ({
        programme: programme.id,
        points,
        ...(debt > 0 && { debt }),
        ...(short > 0 && { short }),
      })),
    }),
    ...(cashbackBack.length > 0 && {
      cashbackBack: cashbackBack.map(({ offer, amount, short }) => ({ offer, amount, ...(short > 0 && { short }) })),
    }),
    takeBack: effects.flatMap(({ takeBack }, index) =>
      takeBack.map(({ sku, name, quantity }) => ({
        offer: sale.applied[index]!.offer.id,
        sku,
        ...(name !== undefined && { name }),
        quantity,
      })),
    ),
    revoked: effects.flatMap(({ revoked }, index) =>
      revoked.map(grant => ({ offer: sale.applied[index]!.offer.id, grant: grant.id })),
    ),
    totals: { paid: order.total, refunded, remaining: order.total - refunded },
    state: isAllBack ? 'returned' : 'placed',
  }
}

/** What units of a line cost together, by their numbers. */
const priceOf = (units: Sale['lines'][number]['units'], numbers: readonly number[]): number => {
  const prices = units.flatMap(({ quantity, each }) => Array<number>(quantity).fill(each))
  return numbers.reduce((sum, unit) => sum + prices[unit - 1]!, 0)
}

/** The order's row and its holder's statistics: what is paid back was not spent, and what is all back is no order. */
const book = (world: World, order: StoredOrder, returned: Returned, isAllBack: boolean, at: number): void => {
  const state = isAllBack ? 'returned' : 'placed'
  const lines = Object.fromEntries(Object.entries(returned.units).map(([id, ranges]) => [id, unitsIn(ranges).size]))
  const answer: OrderAnswer = { ...answerOf(order), state, returned: { refunded: returned.refunded, lines } }
  const next = { ...order, state, touched: order.touched + 1, returned, answer: JSON.stringify(answer) } as const
  saveOrder(world, next)
  countOrder(world, order, -1)
  countOrder(world, next, 1)
  if (order.holderId === null) return
  changeHolder(world, world.holders.get(order.holderId)!, holder => {
    holder.statistics = bookReturn(holder.statistics, localDay(at, world.workspace.timeZone))
  })
  touch(world, order.holderId, 'returns')
}
