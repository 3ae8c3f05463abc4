import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { type Asset, accountId, assetParts, moneyOf, pointsOf } from '../ledger/account.ts'
import { balanceOf, type Cause, type Transaction } from '../ledger/book.ts'
import {
  type BurnOrder,
  burn,
  burnHeld,
  choose,
  chooseBack,
  giveBack,
  hold,
  isSpendable,
  lotsTouched,
  outstanding,
  slide,
  staying,
} from '../ledger/lots.ts'
import { openHoldsOf, releaseHoldsOf } from '../ledger/order-holds.ts'
import type { GiftCard } from '../loyalty/gift-card.ts'
import { expiryAt } from '../loyalty/lot-terms.ts'
import { type Asked, moneyPurse, type Part, partsOf, payOut, refundedTo, unitsFor } from '../loyalty/pay.ts'
import { payRefusals } from '../loyalty/pay-refusals.ts'
import type { Programme } from '../loyalty/schema.ts'
import { type CardTender, isStored, type PaidAnswer, type StoredTender, type Tender } from '../loyalty/tender.ts'
import { toldDecimals } from '../loyalty/told-decimals.ts'
import { zoneOf } from './book-points.ts'
import { cardOfTender } from './gift-cards.ts'
import { ownersOf } from './owners.ts'
import { type Catalogue, holdersOfPerson, ledgerOf, type World } from './world.ts'

/** Money that was paid and has ended since comes back for so many days; of points a programme says it. */
const moneyGraceDays = 90

/** An order as far as paying it goes. */
export type Payable = {
  readonly id: string
  readonly total: number
  readonly currency: string
  readonly tenders: readonly Tender[]
  /** Whoever pays: null where nobody knows her yet, undefined where nobody is named. */
  readonly personId: string | null | undefined
  /** Other open orders that end with this one, whose holds are free for it as its own are. */
  readonly ending: ReadonlySet<string>
}

/** What stored tenders will pay: nothing is booked yet. */
export type Payment = {
  readonly paid: readonly PaidAnswer[]
  readonly due: number
  readonly takes: readonly {
    /** Which of `paid`. */
    readonly tender: number
    readonly asset: Asset
    readonly ownerIds: readonly string[]
    readonly units: number
    readonly order: BurnOrder
  }[]
  /** Other open orders of the person whose holds are needed: they end, the newer order takes over. */
  readonly takesOver: ReadonlySet<string>
}

/** What a stored tender pays out of. */
type Source = Asked & {
  readonly asset: Asset
  readonly ownerIds: readonly string[]
  readonly order: BurnOrder
  readonly answer: (part: Part, left: number) => PaidAnswer
}

/** Which programme a tender is of: where it names none, the only one there is. */
const programmeNamed = ({ programmes }: Catalogue, id: string | undefined): Programme | undefined =>
  id === undefined ? (programmes.size === 1 ? programmes.values().next().value : undefined) : programmes.get(id)

/** Tenders that pay from here: without a programme in the workspace, points are those of another system. */
const storedAmong = ({ catalogue }: World, tenders: readonly Tender[]): readonly StoredTender[] =>
  tenders.flatMap(it =>
    isStored(it) && !(it.type === 'points' && it.programme === undefined && catalogue.programmes.size === 0) ? it : [],
  )

/** Value that an order may spend, for loading it: lots as far as they could pay `upTo`. */
export const valueWanted = (
  world: World,
  {
    tenders,
    upTo,
    currency,
  }: { readonly tenders: readonly Tender[]; readonly upTo: number; readonly currency: string },
): readonly { readonly asset: Asset; readonly amount: number; readonly ownerId?: string }[] =>
  storedAmong(world, tenders).flatMap(it => {
    if (it.type === 'giftCard') {
      const card = cardOfTender(world, it)
      return card ? [{ asset: moneyOf('giftCard', card.currency), amount: upTo, ownerId: card.id }] : []
    }
    if (it.type !== 'points') return [{ asset: moneyOf(it.type, currency), amount: upTo }]
    const programme = programmeNamed(world.catalogue, it.programme)
    const rate = programme?.terms.rate
    if (!programme || !rate) return []
    const most = unitsFor({ units: rate.points, worth: rate.worth.amount }, upTo)
    return [{ asset: pointsOf(programme.id), amount: it.points ?? most }]
  })

/**
 * Works out what the stored tenders of an order pay, as if the holds of the order itself and of those that end with it were free.
 * Where that is too little, older holds of the same person are taken over. Changes nothing.
 */
export const planPayment = (world: World, order: Payable): Result<Payment | undefined> => {
  const stored = storedAmong(world, order.tenders)
  if (stored.length === 0) return ok(undefined)
  const free = new Set([order.id, ...order.ending])
  const alone = planWith(world, order, stored, free)
  const rivals = heldByThePerson(world, order, free)
  if (rivals.size === 0) return alone.ok ? ok({ ...alone.value, takesOver: rivals }) : alone
  const withRivals = planWith(world, order, stored, new Set([...free, ...rivals]))
  if (!withRivals.ok || (alone.ok && alone.value.due <= withRivals.value.due))
    return alone.ok ? ok({ ...alone.value, takesOver: new Set() }) : alone
  return ok({ ...withRivals.value, takesOver: rivals })
}

const planWith = (
  world: World,
  order: Payable,
  stored: readonly StoredTender[],
  free: ReadonlySet<string>,
): Result<Omit<Payment, 'takesOver'>> => {
  const sources: Source[] = []
  for (const it of stored) {
    const source = sourceOf(world, order, it, free)
    if (!source.ok) return source
    if (sources.some(({ asset, ownerIds }) => asset === source.value.asset && isSame(ownerIds, source.value.ownerIds)))
      return no(notPayable(it.type, 'namedTwice', 'it is named twice'))
    sources.push(source.value)
  }
  const out = payOut(order.total, sources)
  if (!out.ok) return out
  const { parts, due } = out.value
  return ok({
    paid: sources.map(({ answer, purse }, index) => answer(parts[index]!, purse.available - parts[index]!.units)),
    due,
    takes: sources.map(({ asset, ownerIds, order }, index) => ({
      tender: index,
      asset,
      ownerIds,
      units: parts[index]!.units,
      order,
    })),
  })
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((it, i) => it === b[i])

/** `because` is what other languages go by. */
const notPayable = (type: string, because: string, reason: string): Refusal =>
  refuse(payRefusals.tender_not_payable, { type, because, reason })

const sourceOf = (world: World, order: Payable, it: StoredTender, free: ReadonlySet<string>): Result<Source> => {
  if (it.type === 'giftCard') return cardSource(world, order, it, free)
  if (order.personId === undefined) return no(notPayable(it.type, 'nobodyNamed', 'nobody is named whose it is'))
  if (it.type !== 'points') {
    const { type } = it
    const asset = moneyOf(type, order.currency)
    const ownerIds = order.personId === null ? [] : (world.persons.get(order.personId) ?? [])
    return ok({
      asset,
      ownerIds,
      order: 'soonestExpiring',
      purse: moneyPurse(type, order.currency, availableTo(world, ownerIds, asset, free)),
      amount: it.amount,
      answer: ({ amount }, left) => ({ type, amount, left }),
    })
  }
  const programme = programmeNamed(world.catalogue, it.programme)
  if (!programme)
    return no(
      it.programme === undefined
        ? notPayable('points', 'programmeNotSaid', 'say of which programme')
        : notPayable('points', 'programmeUnknown', 'there is no such programme'),
    )
  const { rate, burning } = programme.terms
  if (programme.state !== 'live')
    return no(notPayable('points', 'programmeNotLive', `the programme is ${programme.state}`))
  if (!rate) return no(notPayable('points', 'pointsPayNothing', 'points of this programme pay nothing'))
  if (rate.worth.currency !== order.currency)
    return no(
      notPayable(
        'points',
        'otherCurrency',
        `its points are worth ${rate.worth.currency}, the order is in ${order.currency}`,
      ),
    )
  const asset = pointsOf(programme.id)
  const ownerIds = order.personId === null ? [] : ownersOf(world, order.personId, programme.id)
  return ok({
    asset,
    ownerIds,
    order: burning.order,
    purse: {
      type: 'points',
      unit: 'points',
      ...toldDecimals(programme.terms),
      available: availableTo(world, ownerIds, asset, free),
      units: rate.points,
      worth: rate.worth.amount,
      minimum: burning.minimum,
      maximum: burning.maximum ?? Number.MAX_SAFE_INTEGER,
      maxPercent: burning.maxPercent,
    },
    units: it.points,
    amount: it.amount,
    answer: ({ amount, units }, left) => ({ type: 'points', programme: programme.id, points: units, amount, left }),
  })
}

const cardSource = (world: World, order: Payable, tender: CardTender, free: ReadonlySet<string>): Result<Source> => {
  const { amount } = tender
  const card = cardOfTender(world, tender)
  // An id is no secret, as a code is: whoever knows it learns nothing of the card, not even that there is one.
  if ('card' in tender && !(card && isKeptBy(world, card, order.personId)))
    return no(notPayable('giftCard', 'inNoWalletOfHers', 'by its id a card pays only for whoever has it in her wallet'))
  if (!card) return no(refuse(payRefusals.gift_card_unknown))
  const { id, state, expiresAt } = card
  if (state === 'issued') return no(refuse(payRefusals.gift_card_inactive, { card: id }))
  if (state === 'blocked') return no(refuse(payRefusals.gift_card_blocked, { card: id }))
  if (card.currency !== order.currency)
    return no(notPayable('giftCard', 'otherCurrency', `it holds ${card.currency}, the order is in ${order.currency}`))
  const asset = moneyOf('giftCard', card.currency)
  const available = availableTo(world, [id], asset, free)
  // What was refunded to it after its end is there for a while.
  if (available === 0 && expiresAt !== null && expiresAt <= world.now)
    return no(refuse(payRefusals.gift_card_expired, { card: id, endedAt: formatInstant(expiresAt) }))
  return ok({
    asset,
    ownerIds: [id],
    order: 'soonestExpiring',
    purse: moneyPurse('giftCard', card.currency, available),
    amount,
    answer: ({ amount }, left) => ({ type: 'giftCard', card: id, amount, left }),
  })
}

/** Whether a card lies in the wallet of this person. */
const isKeptBy = (world: World, { holderId }: GiftCard, personId: string | null | undefined): boolean =>
  holderId !== null && personId != null && (world.persons.get(personId) ?? []).includes(holderId)

/** What was lost or stolen pays nothing, whatever an order holds of it. */
export const cardBlocked = (world: World, paid: readonly PaidAnswer[] = []): Refusal | undefined => {
  const card = [...world.giftCards.values()].find(
    ({ id, state }) => state === 'blocked' && paid.some(it => it.type === 'giftCard' && it.card === id),
  )
  return card && refuse(payRefusals.gift_card_blocked, { card: card.id })
}

/** What owners can spend when the holds of these orders are free. What ended while it was held does not come back. */
const availableTo = (world: World, ownerIds: readonly string[], asset: Asset, orders: ReadonlySet<string>): number => {
  const own = new Set(ownerIds)
  const freed = [...orders]
    .flatMap(id => openHoldsOf(world, id))
    .flatMap(it => lotsTouched(world, it.id))
    .filter(
      ({ lot }) => lot.asset === asset && own.has(lot.ownerId) && isSpendable({ ...lot, remaining: 1 }, world.now),
    )
    .map(({ lot, amount }) => ({ lot, amount: -amount }))
  // What is freed pays first what any of them owes.
  const there = ownerIds.reduce(
    (sum, id) => sum + balanceOf(world.book, id, asset, 'main') + balanceOf(world.book, id, asset, 'debt'),
    0,
  )
  return Math.max(
    0,
    staying(freed).reduce((sum, { amount }) => sum + amount, there),
  )
}

/** Other open orders of the same person that hold value: the newer order takes over what it needs. */
const heldByThePerson = (world: World, { personId }: Payable, free: ReadonlySet<string>): ReadonlySet<string> =>
  personId == null
    ? new Set()
    : new Set(
        [...world.orders.values()]
          .filter(
            it =>
              !free.has(it.id) &&
              it.heldUntil !== null &&
              it.holderId !== null &&
              world.holders.get(it.holderId)?.personId === personId &&
              openHoldsOf(world, it.id).length > 0,
          )
          .map(it => it.id),
      )

/** Books a payment: as a hold of an open order, or spent. Whatever was to end for it must have ended. */
export const bookPayment = (
  world: World,
  { takes }: Payment,
  as: 'hold' | 'burn',
  cause: Cause & { readonly effectiveAt: number },
): void => {
  const ledger = ledgerOf(world)
  const { effectiveAt, ...ofHold } = cause
  for (const { tender, asset, ownerIds, units, order } of takes) {
    if (units === 0) continue
    const picks = choose(ledger, ownerIds, asset, units, order)
    if (!picks) throw new Error(`${units} ${asset} were to be spent and are not there`)
    const details = { tender }
    if (as === 'hold') hold(ledger, asset, picks, { ...ofHold, details })
    else {
      burn(ledger, asset, picks, { ...cause, details })
      keepAlive(world, asset, cause.holderId, effectiveAt)
    }
  }
}

/** Spending is what keeps points alive that end when nothing happens for long. */
export const keepAlive = (world: World, asset: Asset, holderId: string | undefined, at: number): void => {
  const { kind, of } = assetParts(asset)
  const programme = kind === 'points' ? world.catalogue.programmes.get(of) : undefined
  if (holderId === undefined || programme?.terms.expiry?.kind !== 'sliding') return
  const hers = holdersOfPerson(world, holderId).map(it => it.id)
  slide(ledgerOf(world), hers, asset, expiryAt(programme.terms.expiry, at, zoneOf(world, programme))!)
}

/** What an order holds is spent, now that it is placed. */
export const spendHeld = (world: World, orderId: string, cause: Cause & { readonly effectiveAt: number }): void => {
  for (const it of openHoldsOf(world, orderId)) {
    burnHeld(ledgerOf(world), it, { ...cause, details: it.details ?? undefined })
    keepAlive(world, world.book.postings.get(it.id)![0]!.asset, cause.holderId, cause.effectiveAt)
  }
}

const burnsOf = ({ book }: World, orderId: string): readonly Transaction[] =>
  (book.ofOrder.get(orderId) ?? []).map(id => book.transactions.get(id)!).filter(it => it.kind === 'burn')

/** The last day of grace is a whole one, as the last usable day of points always is. */
const graceMsOf = (world: World, asset: Asset): number => {
  const programme = asset.startsWith('points:')
    ? world.catalogue.programmes.get(asset.slice(asset.indexOf(':') + 1))
    : undefined
  const days = programme?.terms.returns.graceDays ?? (asset.startsWith('points:') ? 0 : moneyGraceDays)
  if (days === 0) return 0
  const timeZone = programme ? zoneOf(world, programme) : world.workspace.timeZone
  return expiryAt({ kind: 'after', days }, world.now, timeZone)! - world.now
}

/** Everything that an order paid or holds goes back to the lots it came from. */
export const unpay = (world: World, orderId: string, cause: Cause): void => {
  const ledger = ledgerOf(world)
  releaseHoldsOf(ledger, orderId, 'cancelled')
  for (const it of burnsOf(world, orderId)) giveBackBurned(world, it, cause)
}

/** All that is not back yet of what was spent goes back to its lots. */
export const giveBackBurned = (world: World, burned: Transaction, cause: Cause): void => {
  const picks = outstanding(ledgerOf(world), burned)
  if (picks.length > 0)
    giveBack(ledgerOf(world), picks, {
      ...cause,
      graceMs: graceMsOf(world, picks[0]!.lot.asset),
      reverses: burned.id,
    })
}

/** Gives back to the lots what stored tenders get when so much of the order is refunded in all; what is back already stays so. */
export const payBack = (
  world: World,
  orderId: string,
  paid: readonly PaidAnswer[],
  refunded: number,
  cause: Cause,
): void => {
  for (const { burned, picks, graceMs } of goingBack(world, orderId, paid, refunded))
    giveBack(ledgerOf(world), picks, { ...cause, graceMs, reverses: burned.id })
}

/** What `payBack` gives back, burn by burn. */
const goingBack = (world: World, orderId: string, paid: readonly PaidAnswer[], refunded: number) => {
  if (paid.length === 0) return []
  const ledger = ledgerOf(world)
  const parts = partsOf(paid)
  const back = refundedTo(parts, refunded)
  return burnsOf(world, orderId).flatMap(burned => {
    const index = burned.details?.tender as number
    const left = outstanding(ledger, burned).reduce((sum, it) => sum + it.amount, 0)
    const amount = back[index]!.units - (parts[index]!.units - left)
    if (amount <= 0) return []
    const picks = chooseBack(ledger, burned, amount)!
    return [{ burned, picks, graceMs: graceMsOf(world, picks[0]!.lot.asset) }]
  })
}

/** How much of each asset can be spent again once `payBack` has been booked: what comes back to lots that have ended is gone at once. */
export const comingBack = (
  world: World,
  orderId: string,
  paid: readonly PaidAnswer[],
  refunded: number,
): ReadonlyMap<Asset, number> => {
  const coming = new Map<Asset, number>()
  for (const { picks, graceMs } of goingBack(world, orderId, paid, refunded))
    for (const { lot, amount } of staying(picks)) {
      const account = world.book.accounts.get(accountId(lot.ownerId, lot.asset, 'main'))
      const end = lot.slides ? (account?.endsAt ?? null) : lot.expiresAt
      if (end === null || end > world.now || graceMs > 0) coming.set(lot.asset, (coming.get(lot.asset) ?? 0) + amount)
    }
  return coming
}
