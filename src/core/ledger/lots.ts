import { type Asset, accountId } from './account.ts'
import {
  type Account,
  balanceOf,
  type Cause,
  changeAccount,
  changeLot,
  type Ledger,
  type Leg,
  type Lot,
  lotsKey,
  post,
  seeLot,
  type Transaction,
} from './book.ts'

/** Which lots are spent first. */
export const burnOrders = ['soonestExpiring', 'oldestFirst'] as const
export type BurnOrder = (typeof burnOrders)[number]

/** An amount taken out of one lot. */
export type Taken = { readonly lot: Lot; readonly amount: number }

/** When a lot of it may be spent and until when it is there. */
export type LotTerms = {
  readonly earnedAt: number
  /** Null: at once, or when the event comes that it `awaits`. */
  readonly activeAt: number | null
  readonly awaits: string | null
  /** The first instant at which it is gone. */
  readonly expiresAt: number | null
}

const never = Number.POSITIVE_INFINITY

const byAge = (a: Lot, b: Lot): number => a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1)
const order: Readonly<Record<BurnOrder, (a: Lot, b: Lot) => number>> = {
  soonestExpiring: (a, b) => (a.expiresAt ?? never) - (b.expiresAt ?? never) || byAge(a, b),
  oldestFirst: byAge,
}

/** What waits for an event that does not come ends unspent. */
const dueOf = ({ kind, activeAt, expiresAt }: Pick<Lot, 'kind' | 'activeAt' | 'expiresAt'>): number | null =>
  kind === 'pending' ? (activeAt ?? expiresAt) : expiresAt

/** The lots of one owner that the book holds. */
export const lotsAt = ({ book }: Pick<Ledger, 'book'>, ownerId: string, asset: Asset): readonly Lot[] =>
  [...(book.lotsOf.get(lotsKey(ownerId, asset)) ?? [])].map(id => book.lots.get(id)!)

/** Whether a lot can be spent at an instant, whether or not the clock's work on it is booked already. */
export const isSpendable = (lot: Lot, at: number): boolean =>
  lot.remaining > 0 && lot.kind === 'main' && (lot.expiresAt === null || lot.expiresAt > at)

/**
 * Puts value into an owner's account, as a lot of its own. What she owes (`debt`) is paid off first, and only by what she can
 * spend at once; undefined where nothing is left for a lot.
 *
 *     earn(ledger, { ownerId: 'hol_1', asset: 'points:club', amount: 100, from: 'earned', kind: 'earn', terms, orderId: 'web-1' })
 */
export const earn = (
  ledger: Ledger,
  it: Cause & {
    readonly ownerId: string
    readonly asset: Asset
    readonly amount: number
    readonly from: 'earned' | 'issued' | 'adjusted' | 'returned'
    readonly kind: 'earn' | 'issue' | 'adjust'
    readonly effectiveAt?: number
    readonly terms: LotTerms
  },
): { readonly transaction: Transaction; readonly lot: Lot | undefined } => {
  const { ownerId, asset, amount, from, kind, effectiveAt, terms, ...cause } = it
  const { book } = ledger
  const isPending = terms.awaits !== null || (terms.activeAt !== null && terms.activeAt > ledger.now)
  const owed = isPending ? 0 : Math.min(amount, -balanceOf(book, ownerId, asset, 'debt'))
  const rest = amount - owed
  const lot: Lot | undefined =
    rest === 0
      ? undefined
      : {
          id: ledger.newId('lot'),
          ownerId,
          asset,
          kind: isPending ? 'pending' : 'main',
          amount: rest,
          remaining: 0,
          earnedAt: terms.earnedAt,
          activeAt: isPending ? terms.activeAt : null,
          awaits: isPending ? terms.awaits : null,
          expiresAt: terms.expiresAt,
          dueAt: dueOf({ ...terms, kind: isPending ? 'pending' : 'main' }),
          fromLot: null,
          // Known only once it is booked.
          transactionId: '',
          offerId: cause.offerId ?? null,
          orderId: cause.orderId ?? null,
        }
  if (lot) addLot(ledger, lot)
  const transaction = post(ledger, {
    kind,
    effectiveAt,
    holderId: ownerId,
    ...cause,
    legs: [
      { house: from, asset, amount: -amount },
      ...(owed > 0 ? [{ ownerId, asset, kind: 'debt', amount: owed } as const] : []),
      ...(lot ? [{ ownerId, asset, kind: lot.kind, amount: rest, lot: lot.id } as const] : []),
    ],
  })
  if (lot) {
    Object.assign(lot, { transactionId: transaction.id })
    bringForward(ledger, lot)
  }
  return { transaction, lot }
}

const addLot = ({ book }: Ledger, lot: Lot): void => {
  seeLot(book, lot)
  book.changes.newLots.add(lot.id)
}

/** The account's due time is never later than that of a lot in it. */
const bringForward = ({ book }: Ledger, lot: Lot): void => {
  const account = book.accounts.get(accountId(lot.ownerId, lot.asset, lot.kind))
  if (!account || lot.dueAt === null || (account.dueAt !== null && account.dueAt <= lot.dueAt)) return
  account.dueAt = lot.dueAt
  changeAccount(book, account)
}

/**
 * Chooses what is spent, over all owners of a person, in one order; undefined where there is not enough. Holds what the book holds:
 * the store loads as many lots, in this order, as the batch asks for.
 */
export const choose = (
  ledger: Ledger,
  ownerIds: readonly string[],
  asset: Asset,
  amount: number,
  by: BurnOrder,
): readonly Taken[] | undefined => {
  const lots = ownerIds.flatMap(id => lotsAt(ledger, id, asset).filter(lot => isSpendable(lot, ledger.now)))
  let rest = amount
  const picks: Taken[] = []
  for (const lot of lots.sort(order[by])) {
    if (rest === 0) break
    const part = Math.min(rest, lot.remaining)
    picks.push({ lot, amount: part })
    rest -= part
  }
  return rest === 0 ? picks : undefined
}

/** What the owners of a person can spend of an asset now; the clock's work must be booked (`mature`). */
export const spendable = ({ book }: Ledger, ownerIds: readonly string[], asset: Asset): number =>
  ownerIds.reduce((sum, id) => sum + balanceOf(book, id, asset, 'main'), 0)

const out = (asset: Asset, picks: readonly Taken[]): readonly Leg[] =>
  picks.map(({ lot, amount }) => ({ ownerId: lot.ownerId, asset, kind: lot.kind, amount: -amount, lot: lot.id }))

const sum = (picks: readonly Taken[]): number => picks.reduce((all, it) => all + it.amount, 0)

/** Spends lots: what is burned goes to the house. */
export const burn = (
  ledger: Ledger,
  asset: Asset,
  picks: readonly Taken[],
  cause: Cause & { readonly effectiveAt?: number },
): Transaction =>
  post(ledger, { ...cause, kind: 'burn', legs: [...out(asset, picks), { house: 'burned', asset, amount: sum(picks) }] })

/** Sets lots aside; ended once by `burnHeld` or `release`. */
export const hold = (ledger: Ledger, asset: Asset, picks: readonly Taken[], cause: Cause): Transaction => {
  const byOwner = new Map<string, number>()
  for (const { lot, amount } of picks) byOwner.set(lot.ownerId, (byOwner.get(lot.ownerId) ?? 0) + amount)
  const held = [...byOwner].map(([ownerId, amount]) => ({ ownerId, asset, kind: 'held', amount }) as const)
  return post(ledger, { ...cause, kind: 'hold', legs: [...out(asset, picks), ...held] })
}

/** Where a hold is still open: the legs of its held accounts. */
const heldLegs = ({ book }: Ledger, transactionId: string): readonly Leg[] =>
  book.postings
    .get(transactionId)!
    .filter(it => it.accountId.endsWith('/held'))
    .map(it => ({ ownerId: it.accountId.split('/', 1)[0]!, asset: it.asset, kind: 'held', amount: -it.amount }))

/** Whether a transaction is a hold that nothing has ended. */
export const isOpenHold = ({ book }: Pick<Ledger, 'book'>, { id, kind, orderId }: Transaction): boolean =>
  kind === 'hold' &&
  !(orderId === null ? [] : (book.ofOrder.get(orderId) ?? [])).some(it => book.transactions.get(it)!.endsHold === id)

/** What was held is spent after all. */
export const burnHeld = (ledger: Ledger, { id }: Transaction, cause: Cause): Transaction => {
  const legs = heldLegs(ledger, id)
  const burned = legs.map(({ asset, amount }) => ({ house: 'burned', asset, amount: -amount }) as const)
  return post(ledger, { ...cause, kind: 'burn', endsHold: id, legs: [...legs, ...burned] })
}

/** What was held goes back to the lots it came from; one that ended meanwhile is expired by the next `mature`. */
export const release = (ledger: Ledger, { id }: Transaction, cause: Cause): Transaction => {
  const back = lotsTouched(ledger, id).map(({ lot, amount }) => inLeg(lot, -amount))
  const transaction = post(ledger, {
    ...cause,
    kind: 'release',
    endsHold: id,
    legs: [...heldLegs(ledger, id), ...back],
  })
  for (const { lot } of lotsTouched(ledger, id)) bringForward(ledger, lot)
  return transaction
}

const inLeg = (lot: Lot, amount: number): Leg => ({
  ownerId: lot.ownerId,
  asset: lot.asset,
  kind: lot.kind,
  amount,
  lot: lot.id,
})

/** What a transaction did to lots: amounts below zero were taken out of them. */
export const lotsTouched = ({ book }: Pick<Ledger, 'book'>, transactionId: string): readonly Taken[] =>
  (book.postings.get(transactionId) ?? []).flatMap(({ lotId, amount }) =>
    lotId === null ? [] : [{ lot: book.lots.get(lotId)!, amount }],
  )

/**
 * Gives back so much of what a burn took, to the lots it came from: those that end last get theirs first, so that what she can use
 * longest is back first. A lot that is gone by now gets `graceMs` more, or ends again at once.
 */
export const giveBack = (
  ledger: Ledger,
  picks: readonly Taken[],
  { graceMs, ...cause }: Cause & { readonly graceMs: number; readonly reverses: string; readonly effectiveAt?: number },
): Transaction => {
  const { asset } = picks[0]!.lot
  for (const { lot } of picks) {
    if (lot.kind !== 'main' || lot.expiresAt === null || lot.expiresAt > ledger.now) continue
    if (graceMs > 0) lot.expiresAt = ledger.now + graceMs
    lot.dueAt = lot.expiresAt
    changeLot(ledger.book, lot)
  }
  const transaction = post(ledger, {
    ...cause,
    kind: 'giveBack',
    legs: [{ house: 'returned', asset, amount: -sum(picks) }, ...picks.map(({ lot, amount }) => inLeg(lot, amount))],
  })
  for (const { lot } of picks) bringForward(ledger, lot)
  return transaction
}

/** Takes back what was earned: out of these lots, and where `debt` is above zero also from what the owner has not got. */
export const takeBack = (
  ledger: Ledger,
  asset: Asset,
  picks: readonly Taken[],
  {
    debt,
    ...cause
  }: Cause & {
    readonly reverses: string
    readonly effectiveAt?: number
    readonly debt?: { readonly ownerId: string; readonly amount: number } | undefined
  },
): Transaction =>
  post(ledger, {
    ...cause,
    kind: 'takeBack',
    legs: [
      ...out(asset, picks),
      ...(debt ? [{ ownerId: debt.ownerId, asset, kind: 'debt', amount: -debt.amount } as const] : []),
      { house: 'returned', asset, amount: sum(picks) + (debt?.amount ?? 0) },
    ],
  })

/** Moves value to another owner; lots keep their expiry. What `fee` takes goes to the house, out of the same lots. */
export const transfer = (
  ledger: Ledger,
  picks: readonly Taken[],
  { to, fee, ...cause }: Cause & { readonly to: string; readonly fee: number },
): Transaction => {
  const { asset } = picks[0]!.lot
  let rest = fee
  const legs: Leg[] = [...out(asset, picks)]
  const made: Lot[] = []
  for (const { lot, amount } of picks) {
    const kept = Math.min(rest, amount)
    rest -= kept
    if (amount === kept) continue
    const next: Lot = {
      ...lot,
      id: ledger.newId('lot'),
      ownerId: to,
      amount: amount - kept,
      remaining: 0,
      fromLot: lot.id,
      transactionId: '',
    }
    addLot(ledger, next)
    made.push(next)
    legs.push(inLeg(next, amount - kept))
  }
  if (fee > 0) legs.push({ house: 'fees', asset, amount: fee })
  const transaction = post(ledger, { ...cause, kind: 'transfer', legs })
  for (const lot of made) {
    Object.assign(lot, { transactionId: transaction.id })
    bringForward(ledger, lot)
  }
  return transaction
}

type Due = { readonly at: number; readonly what: 'activate' | 'expire'; readonly lots: Lot[] }

/**
 * Books what the clock has done to accounts of these owners: pending lots become active and ended ones go, each at its own instant, in
 * the order of time. Runs before anything is decided about them, so that nothing hangs on when the nightly job comes by; again it finds
 * nothing to do.
 */
export const mature = (ledger: Ledger, ownerIds: readonly string[], assets: readonly Asset[]): number => {
  let booked = 0
  for (const ownerId of ownerIds)
    for (const asset of assets) {
      for (let due = nextDue(ledger, ownerId, asset); due; due = nextDue(ledger, ownerId, asset)) {
        book(ledger, ownerId, asset, due)
        booked += 1
      }
      for (const kind of ['main', 'pending'] as const) setDue(ledger, ownerId, asset, kind)
    }
  return booked
}

const nextDue = (ledger: Ledger, ownerId: string, asset: Asset): Due | undefined => {
  const live = lotsAt(ledger, ownerId, asset).filter(lot => lot.remaining > 0)
  const endsAt = ledger.book.accounts.get(accountId(ownerId, asset, 'main'))?.endsAt ?? null
  let at = never
  for (const lot of live) at = Math.min(at, dueOf(lot) ?? never, lot.kind === 'main' ? (endsAt ?? never) : never)
  if (at > ledger.now) return undefined
  // At one instant what becomes active comes first: a lot may end in the moment in which it becomes active.
  const active = live.filter(lot => lot.kind === 'pending' && lot.activeAt === at)
  if (active.length > 0) return { at, what: 'activate', lots: active }
  return {
    at,
    what: 'expire',
    lots: live.filter(lot => (dueOf(lot) ?? never) <= at || (lot.kind === 'main' && (endsAt ?? never) <= at)),
  }
}

const book = (ledger: Ledger, ownerId: string, asset: Asset, { at, what, lots }: Due): void => {
  if (what === 'expire') {
    const picks = lots.map(lot => ({ lot, amount: lot.remaining }))
    post(ledger, {
      kind: 'expire',
      effectiveAt: at,
      holderId: ownerId,
      legs: [...out(asset, picks), { house: 'expired', asset, amount: sum(picks) }],
    })
    return
  }
  activate(ledger, lots, { holderId: ownerId, effectiveAt: at })
}

/** Makes pending lots of one owner spendable; what she owes is paid off first. */
export const activate = (
  ledger: Ledger,
  lots: readonly Lot[],
  cause: Cause & { readonly effectiveAt?: number },
): Transaction => {
  const { ownerId, asset } = lots[0]!
  const whole = lots.map(lot => ({ lot, amount: lot.remaining }))
  let owed = Math.min(sum(whole), -balanceOf(ledger.book, ownerId, asset, 'debt'))
  const legs: Leg[] = [...out(asset, whole)]
  if (owed > 0) legs.push({ ownerId, asset, kind: 'debt', amount: owed })
  for (const { lot, amount } of whole) {
    const kept = Math.min(owed, amount)
    owed -= kept
    if (amount > kept) legs.push({ ownerId, asset, kind: 'main', amount: amount - kept, lot: lot.id })
  }
  const transaction = post(ledger, { ...cause, kind: 'activate', legs })
  for (const lot of lots) {
    lot.kind = 'main'
    lot.activeAt = null
    lot.awaits = null
    lot.dueAt = lot.expiresAt
    changeLot(ledger.book, lot)
    bringForward(ledger, lot)
  }
  return transaction
}

/** When the clock has to look again: what is in the book says so, as far as lots are loaded (all that are due, and the next). */
const setDue = (ledger: Ledger, ownerId: string, asset: Asset, kind: 'main' | 'pending'): void => {
  const account = ledger.book.accounts.get(accountId(ownerId, asset, kind))
  if (!account) return
  const dueAt = dueOfAccount(ledger, account)
  if (dueAt === account.dueAt) return
  account.dueAt = dueAt
  changeAccount(ledger.book, account)
}

const dueOfAccount = (ledger: Ledger, { ownerId, asset, kind, balance, endsAt }: Account): number | null => {
  if (balance === 0) return null
  const lots = lotsAt(ledger, ownerId, asset).filter(lot => lot.kind === kind && lot.remaining > 0)
  const due = lots.reduce((first, lot) => Math.min(first, dueOf(lot) ?? never), endsAt ?? never)
  return due === never ? null : due
}
