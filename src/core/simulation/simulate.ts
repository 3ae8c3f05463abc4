import { fnv1a32 } from '../kernel/hash.ts'
import { formatInstant, localDay, localParts } from '../kernel/time.ts'
import type { Programme } from '../loyalty/schema.ts'
import { chanceSeed, drawOf } from '../offers/chance.ts'
import { grantEnd } from '../offers/grant-end.ts'
import { kindOf } from '../offers/kinds/index.ts'
import { type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import { makeOfferIndex } from '../offers/offer-index.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { withCashback } from '../orders/cashback.ts'
import type { Candidate } from '../orders/check.ts'
import { type Decision, decide } from '../orders/decide.ts'
import { periodOf, type UsePlace } from '../orders/limits.ts'
import { withPoints } from '../orders/points.ts'
import { lineQuantity, lineSubtotal } from '../orders/schema.ts'
import { bookEnding, bookGrant, bookOrder, bookUse, type CountedOrder } from '../people/statistics.ts'
import { nobody, type PersonFacts } from '../rules/facts.ts'
import { type Statistics, withPast } from '../rules/history.ts'
import { assumptions } from './assumptions.ts'
import { itemsAsked } from './items-asked.ts'
import type { PastOrder } from './past-order.ts'
import type { SimulationReport } from './schema.ts'
import type { SimulationSetting } from './setting.ts'
import {
  addMargin,
  type Buyer,
  capAt,
  countUse,
  type Margin,
  newBuyer,
  newTally,
  type Outcome,
  type Tally,
  type ToldLimit,
  turnAway,
  usageOf,
  usesIn,
} from './tally.ts'

export type Simulation = {
  /** Decides one order after those before it; undefined where no offer is about it. */
  add(order: PastOrder): Decision | undefined
  report(): SimulationReport
}

/** The dice of a simulation: no secret is needed where nobody can win by knowing them. Two rounds, as of hold-outs. */
export const simulationDice = (text: string): Uint8Array => {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, fnv1a32(String(fnv1a32(text))))
  view.setUint32(4, fnv1a32(String(fnv1a32(`${text}\n`))))
  return bytes
}

const mostExpensiveKept = 20
const beatsTold = 50

type Expensive = SimulationReport['mostExpensive'][number]
type Beat = { readonly winner: string; readonly loser: string; beaten: number; excluded: number }
type Day = { orders: number; before: number; discount: number }

const nothing: ReadonlySet<string> = new Set()

/**
 * Past orders through offers that are not made yet, decided by the same code that decides live ones, on a clock that shows the time of
 * each order, with limits as exact. Orders come in the order of time. Nothing is kept of an order itself, so millions
 * of them need the memory of their people and what these used.
 *
 *     const simulation = makeSimulation({ drafts, combination: defaultCombination, timeZone: 'Europe/London', currency: 'GBP' })
 *     for await (const order of orders) simulation.add(order)
 *     simulation.report().offers[0].redemptions   // 4711
 */
export const makeSimulation = (setting: SimulationSetting): Simulation => {
  const {
    combination,
    programmes = new Map<string, Programme>(),
    timeZone,
    currency,
    from = Number.NEGATIVE_INFINITY,
    maxOffPercent = 50,
    members = 100,
  } = setting
  const { dice = simulationDice, collectionsOf = () => undefined } = setting
  const live = setting.live ?? []
  const tallies = new Map<string, Tally>([
    ...live.map(offer => [offer.id, newTally(offer, false)] as const),
    ...setting.drafts.map(offer => [offer.id, newTally(offer, true)] as const),
  ])
  const issued = new Set(setting.drafts.flatMap(({ terms: { benefit } }) => kindOf(benefit).issues?.(benefit) ?? []))
  // A live offer with a code is claimed by the code; of one that was issued it is not known to whom.
  const unclaimed = [
    ...live.filter(offer => offer.terms.trigger.on === 'basket' || issued.has(offer.id)),
    ...setting.drafts,
  ]
  const index = makeOfferIndex(unclaimed)
  const asked = itemsAsked(unclaimed)
  // Kept only where an offer asks for it: a day of each buyer is more than the rest of her.
  const asksHistory = [...live, ...setting.drafts].some(offer => readsOfOffer(offer).history)
  const inCollection = (sku: string, collection: string): boolean => collectionsOf(sku)?.has(collection) ?? false

  const buyers = new Map<string, Buyer>()
  const days = new Map<string, Day>()
  const beats = new Map<string, Beat>()
  const expensive: Expensive[] = []
  const total = {
    orders: 0,
    withoutPerson: 0,
    touched: 0,
    before: 0,
    after: 0,
    over: 0,
    notProved: 0,
    earlier: 0,
    otherCurrency: 0,
    firstAt: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
    margin: undefined as Margin | undefined,
  }
  const people = new Set<Buyer>()

  const placeOf = (order: PastOrder, { terms }: LiveOffer): UsePlace => ({
    at: order.at,
    timeZone: terms.validity.timeZone ?? timeZone,
    location: order.location ?? null,
    channel: order.channel,
  })

  const drawState = (order: PastOrder, tally: Tally, buyer: Buyer | undefined): Candidate['draw'] => {
    const { chance } = tally.offer.terms
    if (!chance) return undefined
    if (order.person === undefined) return 'later'
    const period = periodOf(chance.period, order.at, placeOf(order, tally.offer).timeZone)
    const { id: offerId, version } = tally.offer
    const bytes = dice(chanceSeed({ offerId, version, anchor: order.person, period }))
    if (drawOf(bytes, chance.outOf) >= chance.wins) return 'lost'
    return usesIn(tally, buyer, period) > 0 ? 'used' : 'won'
  }

  /** The draw is of the person, so whoever is a member of a fifth is one of a half, too. */
  const isMember = (programme: string, person: string | undefined): boolean => {
    if (members >= 100) return true
    if (person === undefined) return false
    const [high = 0, low = 0] = simulationDice(`member\n${programme}\n${person}`)
    return (high * 256 + low) / 65_536 < members / 100
  }

  /** Its state does not count, as that of a draft does not. One that is not known is not asked, and nothing is reckoned. */
  const programmeFor = (order: PastOrder, tally: Tally, buyer: Buyer | undefined): Candidate['programme'] => {
    const { programme: id } = tally.offer
    const programme = id === undefined ? undefined : programmes.get(id)
    if (!programme) return undefined
    const cap = capAt(tally, placeOf(order, tally.offer), buyer)
    return {
      name: programme.terms.name,
      state: 'live',
      isMember: isMember(programme.id, order.person),
      joins: programme.terms.join.on === 'firstOrder' && order.person !== undefined,
      ...(cap && { cap }),
    }
  }

  const makeCandidate = (
    order: PastOrder,
    tally: Tally,
    buyer: Buyer | undefined,
    code?: string,
    grant?: Candidate['grant'],
  ): Candidate => {
    // Written out, here and below: properties added after a spread cost a microsecond each.
    return {
      offer: tally.offer,
      usage: usageOf(tally, placeOf(order, tally.offer), buyer, code),
      isMember: order.about?.memberOf.includes(tally.offer.campaign.id) ?? false,
      draw: drawState(order, tally, buyer),
      grant,
      programme: programmeFor(order, tally, buyer),
    }
  }

  /** An offer that needs no code as it stands for the buyer; undefined where there is nothing to use. */
  const candidateFor = (order: PastOrder, offer: LiveOffer, buyer: Buyer | undefined): Candidate | undefined => {
    const tally = tallies.get(offer.id)!
    const { on } = offer.terms.trigger
    if (on === 'basket') return makeCandidate(order, tally, buyer)
    if (issued.has(offer.id)) {
      // As of several grants in life: the one that ends first.
      const ends = buyer?.grants?.get(offer.id) ?? []
      const expiresAt = ends.reduce((first, end) => (end > order.at && end < first ? end : first), Infinity)
      if (!ends.some(end => end > order.at)) return undefined
      const end = Number.isFinite(expiresAt) ? expiresAt : null
      return makeCandidate(order, tally, buyer, undefined, {
        id: grantOf(offer),
        state: 'issued',
        expiresAt: end,
        isOwn: true,
      })
    }
    // Everybody has the code or the grant once.
    if (buyer && tally.people.has(buyer)) return undefined
    const grant = { id: grantOf(offer), state: 'issued', expiresAt: null, isOwn: true } as const
    return makeCandidate(order, tally, buyer, undefined, on === 'grant' ? grant : undefined)
  }
  const grantOf = ({ id }: LiveOffer): string => `gra_${id}`

  const personFacts = ({ person, about, at }: PastOrder, buyer: Buyer | undefined): PersonFacts | undefined => {
    if (person === undefined) return undefined
    const count = buyer?.orders ?? 0
    const date = (at: number): string => localParts(at, timeZone).date
    const facts: PersonFacts = {
      id: buyer ? person : '',
      known: buyer !== undefined,
      identifiers: about ? [...about.identifiers].sort() : [person.slice(0, Math.max(person.indexOf(':'), 0))],
      orders: {
        count,
        spend: buyer?.spend ?? 0,
        firstAt: buyer && count > 0 ? date(buyer.firstAt) : '',
        lastAt: buyer && count > 0 ? date(buyer.lastAt) : '',
      },
      traits: about?.traits ?? {},
    }
    return asksHistory ? withPast(facts, { currency, of: [buyer?.statistics ?? {}] }, localDay(at, timeZone)) : facts
  }

  const decideOrder = (order: PastOrder, buyer: Buyer | undefined): Decision | undefined => {
    const person = personFacts(order, buyer)
    const skus = new Set<string>()
    const categories = new Set<string>()
    const collections = new Set<string>()
    for (const { sku, category } of order.lines) {
      if (asked.skus.has(sku)) skus.add(sku)
      if (category !== undefined && asked.categories.has(category)) categories.add(category)
      if (asked.collections.size > 0)
        for (const collection of collectionsOf(sku) ?? nothing) collections.add(collection)
    }
    const found = index
      .matching({
        skus: [...skus],
        categories: [...categories],
        collections: [...collections],
        channel: order.channel,
        location: order.location,
        currency: order.currency,
        at: order.at,
        person: person ?? nobody,
        memberOf: order.about?.memberOf ?? [],
      })
      .flatMap(offer => candidateFor(order, offer, buyer) ?? [])
    const codes = (order.claims ?? []).map(({ code, offers }) => ({
      given: code,
      code,
      candidates: offers.flatMap(id => {
        const tally = tallies.get(id)
        return tally ? [makeCandidate(order, tally, buyer, code)] : []
      }),
    }))
    if (found.length === 0 && codes.length === 0) return undefined
    const decision = decide({
      at: order.at,
      timeZone,
      combination,
      order: {
        id: order.id,
        currency: order.currency,
        channel: order.channel,
        location: order.location,
        lines: order.lines,
        shipping: order.shipping,
        tenders: order.tenders ?? [],
        choices: order.choices,
      },
      person,
      codes,
      unclaimed: found,
      inCollection,
    })
    return withCashback(withPoints(decision, programmes))
  }

  /** Uses up the grant that ends first, and hands out those the offer gives. */
  const moveGrants = (
    order: PastOrder,
    offer: LiveOffer,
    gives: Decision['applied'][number]['gives'],
    buyer: Buyer,
  ) => {
    const today = localDay(order.at, timeZone)
    const book = (change: (statistics: Statistics) => Statistics): void => {
      if (asksHistory) buyer.statistics = change(buyer.statistics ?? {})
    }
    const endingOf = (end: number): number | undefined =>
      Number.isFinite(end) ? localDay(end - 1, timeZone) + 1 : undefined
    book(it => bookUse(it, today, 1))
    const own = issued.has(offer.id) ? buyer.grants?.get(offer.id) : undefined
    if (own) {
      const end = Math.min(...own.filter(it => it > order.at))
      own.splice(own.indexOf(end), 1)
      const ending = endingOf(end)
      if (ending !== undefined) book(it => bookEnding(it, ending, -1))
    }
    for (const it of gives) {
      const given = it.what === 'offer' ? tallies.get(it.offer)?.offer : undefined
      if (it.what !== 'offer' || !given) continue
      const { grantDays, timeZone: zone = timeZone } = given.terms.validity
      const end = grantDays === undefined ? Number.POSITIVE_INFINITY : grantEnd(order.at, grantDays, zone)
      buyer.grants ??= new Map()
      buyer.grants.set(it.offer, [...(buyer.grants.get(it.offer) ?? []), ...Array(it.quantity).fill(end)])
      const ending = endingOf(end)
      for (let grant = 0; grant < it.quantity; grant += 1) {
        book(statistics => bookGrant(statistics, today))
        if (ending !== undefined) book(statistics => bookEnding(statistics, ending, 1))
      }
    }
  }

  const remember = (order: PastOrder, paid: number, decision?: Decision): Buyer | undefined => {
    if (order.person === undefined) return undefined
    const buyer = buyers.get(order.person) ?? newBuyer()
    buyers.set(order.person, buyer)
    buyer.orders += 1
    buyer.spend += paid
    buyer.firstAt = Math.min(buyer.firstAt, order.at)
    buyer.lastAt = Math.max(buyer.lastAt, order.at)
    if (asksHistory) buyer.statistics = bookOrder(buyer.statistics ?? {}, countedOrder(order, paid, decision), 1)
    return buyer
  }

  /** A past order as statistics count it, at what its lines cost after the offers. */
  const countedOrder = (order: PastOrder, spend: number, decision: Decision | undefined): CountedOrder => {
    const categories = new Map<string, { units: number; spend: number }>()
    for (const [index, line] of order.lines.entries()) {
      if (!line.category) continue
      const known = categories.get(line.category) ?? { units: 0, spend: 0 }
      categories.set(line.category, {
        units: known.units + lineQuantity(line),
        spend: known.spend + (decision ? decision.lines[index]!.total : lineSubtotal(line)),
      })
    }
    return {
      day: localDay(order.at, timeZone),
      hour: localParts(order.at, timeZone).hour,
      currency,
      channel: order.channel,
      orders: 1,
      units: order.lines.reduce((sum, line) => sum + lineQuantity(line), 0),
      spend,
      categories,
    }
  }

  /** Keeps the orders with the largest discounts; of equals the earlier. */
  const keepExpensive = (order: PastOrder, discount: number, before: number, { applied }: Decision): void => {
    const last = expensive.at(-1)
    if (expensive.length === mostExpensiveKept && last && last.discount >= discount) return
    const place = expensive.findIndex(it => it.discount < discount)
    const offers = applied.map(({ offer, amount }) => ({ offer: offer.id, amount }))
    const entry = { id: order.id, at: formatInstant(order.at), before, discount, offers }
    expensive.splice(place < 0 ? expensive.length : place, 0, entry)
    expensive.length = Math.min(expensive.length, mostExpensiveKept)
  }

  const countRefused = (order: PastOrder, { refused }: Decision): void => {
    for (const { offer, reason } of refused) {
      if (!offer) continue
      if (reason.code === offerRefusals.limit_reached.code) {
        turnAway(tallies.get(offer.id)!, reason.details as ToldLimit, order.at)
      } else if (reason.code === offerRefusals.beaten_by.code || reason.code === offerRefusals.excluded_by.code) {
        const winner = reason.details.offer as string
        const key = `${winner}\n${offer.id}`
        const beat = beats.get(key) ?? { winner, loser: offer.id, beaten: 0, excluded: 0 }
        beats.set(key, beat)
        if (reason.code === offerRefusals.beaten_by.code) beat.beaten += 1
        else beat.excluded += 1
      }
    }
  }

  const add = (order: PastOrder): Decision | undefined => {
    if (order.currency !== currency) {
      total.otherCurrency += 1
      return undefined
    }
    let before = order.shipping
    for (const line of order.lines) before += lineSubtotal(line)
    if (order.at < from) {
      total.earlier += 1
      remember(order, before)
      return undefined
    }
    const known = order.person === undefined ? undefined : buyers.get(order.person)
    const decision = decideOrder(order, known)
    const after = decision ? decision.totals.total : before
    const buyer = remember(order, after, decision)
    const discount = before - after
    const outcome: Outcome = { before, after, margin: marginOf(order, decision) }

    total.orders += 1
    if (buyer) people.add(buyer)
    else total.withoutPerson += 1
    total.before += before
    total.after += after
    total.firstAt = Math.min(total.firstAt, order.at)
    total.lastAt = Math.max(total.lastAt, order.at)
    if (outcome.margin) total.margin = addMargin(total.margin, outcome.margin)
    if (discount * 100 > maxOffPercent * before) total.over += 1
    const { date } = localParts(order.at, timeZone)
    const day = days.get(date) ?? { orders: 0, before: 0, discount: 0 }
    days.set(date, day)
    day.orders += 1
    day.before += before
    day.discount += discount
    if (!decision) return undefined

    if (!decision.search.isExact) total.notProved += 1
    if (decision.applied.length > 0) total.touched += 1
    for (const applied of decision.applied) {
      countUse(tallies.get(applied.offer.id)!, applied, placeOf(order, applied.offer), buyer, outcome)
      if (buyer) moveGrants(order, applied.offer, applied.gives, buyer)
    }
    countRefused(order, decision)
    if (discount > 0) keepExpensive(order, discount, before, decision)
    return decision
  }

  const report = (): SimulationReport => ({
    currency,
    firstAt: instantOf(total.firstAt),
    lastAt: instantOf(total.lastAt),
    orders: total.orders,
    people: people.size,
    ordersWithoutPerson: total.withoutPerson,
    ordersTouched: total.touched,
    revenue: { before: total.before, after: total.after },
    discount: total.before - total.after,
    effectiveRate: rate(total.before - total.after, total.before),
    margin: total.margin ?? null,
    offers: [...tallies.values()].map(tally => offerTold(tally, total.orders, programmes)),
    beats: [...beats.values()]
      .sort(
        (a, b) =>
          b.beaten + b.excluded - a.beaten - a.excluded ||
          (`${a.winner} ${a.loser}` < `${b.winner} ${b.loser}` ? -1 : 1),
      )
      .slice(0, beatsTold),
    over: { percent: maxOffPercent, orders: total.over },
    mostExpensive: expensive.map(it => ({ ...it, offers: it.offers.map(offer => ({ ...offer })) })),
    days: [...days]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, { orders, before, discount }]) => ({ date, orders, revenueBefore: before, discount })),
    notProved: total.notProved,
    setAside: { before: total.earlier, otherCurrency: total.otherCurrency },
    assumptions: assumptions(setting),
  })
  return { add, report }
}

const instantOf = (ms: number | undefined): string | null =>
  ms === undefined || !Number.isFinite(ms) ? null : formatInstant(ms)

/** Six decimals, so that equal inputs print equal digits and no reader needs more. */
const rate = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1e6) / 1e6)

/** What an offer gave in points, and what they are worth where they pay. */
const pointsTold = (
  { offer, points }: Tally,
  programmes: ReadonlyMap<string, Programme>,
): SimulationReport['offers'][number]['points'] => {
  if (offer.programme === undefined) return undefined
  const rate = programmes.get(offer.programme)?.terms.rate
  const worth = rate && {
    amount: Number((BigInt(points) * BigInt(rate.worth.amount)) / BigInt(rate.points)),
    currency: rate.worth.currency,
  }
  return { programme: offer.programme, points, worth: worth ?? null }
}

const offerTold = (
  tally: Tally,
  orders: number,
  programmes: ReadonlyMap<string, Programme>,
): SimulationReport['offers'][number] => {
  const points = pointsTold(tally, programmes)
  const { offer, isDraft, uses, people, discount, given, before, after, margin, firstAt, lastAt, reached } = tally
  return {
    offer: offer.id,
    name: offer.terms.name,
    sentence: kindOf(offer.terms.benefit).sentence(offer.terms.benefit),
    isDraft,
    redemptions: uses,
    people: people.size,
    share: rate(uses, orders),
    discount,
    given,
    ...(points && { points }),
    ...(offer.terms.benefit.kind === 'cashback' && { cashback: tally.cashback }),
    revenue: { before, after },
    margin: margin ?? null,
    firstUseAt: instantOf(firstAt),
    lastUseAt: instantOf(lastAt),
    limits: [...reached.values()].map(({ at, ...it }) => ({ ...it, ranDryAt: formatInstant(at) })),
  }
}

const marginOf = ({ lines }: PastOrder, decision: Decision | undefined): Margin | undefined => {
  let margin: Margin | undefined
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!
    if (line.unitCost === undefined) continue
    const revenue = lineSubtotal(line)
    const cost = line.unitCost * lineQuantity(line)
    const after = decision ? decision.lines[index]!.total : revenue
    margin = addMargin(margin, { revenue, before: revenue - cost, after: after - cost })
  }
  return margin
}
