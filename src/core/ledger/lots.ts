import { type Asset, accountId, ownerOf } from './account.ts'
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
  openAccount,
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
  /** In the place of `expiresAt` where lots slide with activity: it ends with all others that do, then or, if that is later, when they do already. */
  readonly endsAt?: number | null
}

const never = Number.POSITIVE_INFINITY

const byAge = (a: Lot, b: Lot): number => a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1)
const order: Readonly<Record<BurnOrder, (a: Lot, b: Lot) => number>> = {
  soonestExpiring: (a, b) => (a.expiresAt ?? never) - (b.expiresAt ?? never) || byAge(a, b),
  oldestFirst: byAge,
}

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
  const isPending = terms.awaits !== null || (terms.activeAt !== null && terms.activeAt > ledger.now)
  const owed = isPending ? 0 : Math.min(amount, owes(ledger, ownerId, asset))
  const rest = amount - owed
  const lot = rest === 0 ? undefined : lotOf(ledger, it, rest, isPending)
  if (lot) addLot(ledger, lot)
  const transaction = post(ledger, {
    kind,
    effectiveAt,
    holderId: ownerId,
    ...cause,
    legs: [
      { house: from, asset, amount: -amount },
      ...(owed > 0 ? [{ ownerId, asset, kind: 'debt', amount: owed } as const] : []),
      ...(lot ? [inLeg(lot, rest)] : []),
    ],
  })
  if (terms.endsAt != null) slideOne(ledger, ownerId, asset, terms.endsAt)
  if (lot) {
    Object.assign(lot, { transactionId: transaction.id })
    arrive(ledger, [lot], transaction.effectiveAt)
    mature(ledger, [ownerId], [asset])
  }
  return { transaction, lot }
}

const owes = ({ book }: Ledger, ownerId: string, asset: Asset): number => -balanceOf(book, ownerId, asset, 'debt')

const lotOf = (
  ledger: Ledger,
  { ownerId, asset, terms, offerId, orderId }: Parameters<typeof earn>[1],
  amount: number,
  isPending: boolean,
): Lot => ({
  id: ledger.newId('lot'),
  ownerId,
  asset,
  kind: isPending ? 'pending' : 'main',
  amount,
  remaining: 0,
  short: 0,
  earnedAt: terms.earnedAt,
  activeAt: isPending ? terms.activeAt : null,
  awaits: isPending ? terms.awaits : null,
  expiresAt: terms.expiresAt,
  slides: terms.endsAt != null,
  // What waits for an event that does not come ends unspent.
  dueAt: (isPending ? terms.activeAt : null) ?? terms.expiresAt,
  fromLot: null,
  // Known only once it is booked.
  transactionId: '',
  offerId: offerId ?? null,
  orderId: orderId ?? null,
})

const addLot = ({ book }: Ledger, lot: Lot): void => {
  seeLot(book, lot)
  book.changes.newLots.add(lot.id)
}

/**
 * Puts off when the sliding lots of these owners end: they earned, spent, or did whatever else keeps points alive. Never brings it
 * forward, and nothing that has ended already comes back.
 */
export const slide = (ledger: Ledger, ownerIds: readonly string[], asset: Asset, endsAt: number): void => {
  for (const id of ownerIds)
    if (ledger.book.accounts.has(accountId(id, asset, 'main'))) slideOne(ledger, id, asset, endsAt)
}

const slideOne = ({ book, now }: Ledger, ownerId: string, asset: Asset, endsAt: number): void => {
  const account = openAccount(book, ownerId, asset, 'main', now)
  if (account.endsAt !== null && account.endsAt >= endsAt) return
  account.endsAt = endsAt
  changeAccount(book, account)
}

/** What came into an account may be due before all else in it. */
const wake = ({ book }: Ledger, lot: Lot): void => {
  const account = book.accounts.get(accountId(lot.ownerId, lot.asset, lot.kind))
  const dueAt = lot.slides && lot.kind === 'main' ? account?.endsAt : lot.dueAt
  if (!account || dueAt == null || (account.dueAt !== null && account.dueAt <= dueAt)) return
  account.dueAt = dueAt
  changeAccount(book, account)
}

/**
 * What comes into lots at an instant: one that has ended by then, or whose account slid out, has `graceMs` left, which is nothing
 * where it is 0. The clock takes it no sooner than it came, so that at no instant there was less than nothing.
 */
const arrive = (ledger: Ledger, lots: readonly Lot[], at: number, graceMs = 0): void => {
  for (const lot of lots) {
    const account = ledger.book.accounts.get(accountId(lot.ownerId, lot.asset, 'main'))
    const end = lot.slides ? (account?.endsAt ?? null) : lot.expiresAt
    if (lot.kind === 'main' && end !== null && end <= at) {
      if (lot.slides || graceMs > 0) lot.expiresAt = at + graceMs
      lot.slides = false
      lot.dueAt = at + graceMs
      changeLot(ledger.book, lot)
    }
    wake(ledger, lot)
  }
}

/** Whether the clock has nothing to do in an account, and when it will have stands there: whatever came in has woken it. */
export const isAsleep = ({ balance, endsAt, dueAt }: Account, at: number): boolean =>
  dueAt === null ? balance === 0 || endsAt === null : balance > 0 && endsAt === null && dueAt > at

/** What has ended as it came is gone before anybody asks what there is. */
const matureLots = (ledger: Ledger, lots: readonly Lot[]): void => {
  mature(ledger, [...new Set(lots.map(it => it.ownerId))], [...new Set(lots.map(it => it.asset))])
}

/**
 * Value that becomes spendable, in lots. What its owner owes is paid first, by what would end first, as postings of their own: so
 * what went into each lot stays to be seen.
 */
const incoming = (ledger: Ledger, picks: readonly Taken[]): readonly Leg[] => {
  const legs = picks.map(({ lot, amount }): Leg => ({ ...inMain(lot), amount }))
  const paid = new Map<string, number>()
  for (const { lot, amount } of [...picks].sort((a, b) => order.soonestExpiring(a.lot, b.lot))) {
    const { ownerId, asset } = lot
    const part = Math.min(amount, owes(ledger, ownerId, asset) - (paid.get(ownerId) ?? 0))
    if (part <= 0) continue
    paid.set(ownerId, (paid.get(ownerId) ?? 0) + part)
    legs.push({ ...inMain(lot), amount: -part }, { ownerId, asset, kind: 'debt', amount: part })
  }
  return legs
}

const inMain = ({ ownerId, asset, id }: Lot) => ({ ownerId, asset, kind: 'main', lot: id }) as const

/**
 * Chooses what is spent, over all owners of a person, in one order; undefined where there is not enough. Chooses of what the book holds:
 * the store loads as many lots, in this order, as items say they need (`Needs.value`).
 */
export const choose = (
  ledger: Ledger,
  ownerIds: readonly string[],
  asset: Asset,
  amount: number,
  by: BurnOrder,
  among: (lot: Lot) => boolean = () => true,
): readonly Taken[] | undefined => {
  if (amount > spendable(ledger, ownerIds, asset)) return undefined
  const lots = ownerIds.flatMap(id => lotsAt(ledger, id, asset).filter(it => isSpendable(it, ledger.now) && among(it)))
  let rest = amount
  const picks: Taken[] = []
  for (const lot of lots.sort(order[by])) {
    if (rest === 0) break
    const part = Math.min(rest, lot.remaining)
    picks.push({ lot, amount: part })
    rest -= part
  }
  if (rest > 0)
    throw new Error(`lots of ${rest} ${asset} are not in the book: the item did not say that it spends them`)
  return picks
}

/**
 * What the owners of a person can spend of an asset now: what they have, less what any of them owes. The clock's work must be booked
 * (`mature`).
 */
export const spendable = (ledger: Ledger, ownerIds: readonly string[], asset: Asset): number =>
  Math.max(
    0,
    ownerIds.reduce((all, id) => all + balanceOf(ledger.book, id, asset, 'main') - owes(ledger, id, asset), 0),
  )

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

/** What a hold set aside, out of its held accounts. */
const heldLegs = ({ book }: Ledger, transactionId: string): readonly Leg[] =>
  book.postings
    .get(transactionId)!
    .filter(it => it.accountId.endsWith('/held'))
    .map(it => ({ ownerId: ownerOf(it.accountId), asset: it.asset, kind: 'held', amount: -it.amount }))

/** Whether a transaction is a hold that nothing has ended. */
export const isOpenHold = ({ book }: Pick<Ledger, 'book'>, { id, kind }: Transaction): boolean =>
  kind === 'hold' && !book.endOf.has(id)

/** Where nothing else is said, what ends a hold is of the same people and order: so it is found where the hold is. */
const ofHold = ({ holderId, orderId }: Transaction, cause: Cause): Cause => ({
  ...cause,
  holderId: cause.holderId ?? holderId ?? undefined,
  orderId: cause.orderId ?? orderId ?? undefined,
})

/** What was held is spent after all. */
export const burnHeld = (
  ledger: Ledger,
  hold: Transaction,
  cause: Cause & { readonly effectiveAt?: number },
): Transaction => {
  const legs = heldLegs(ledger, hold.id)
  const burned = legs.map(({ asset, amount }) => ({ house: 'burned', asset, amount: -amount }) as const)
  return post(ledger, { ...cause, ...ofHold(hold, cause), kind: 'burn', endsHold: hold.id, legs: [...legs, ...burned] })
}

/** What was held goes back to the lots it came from; one that ended meanwhile ends as it comes back. */
export const release = (
  ledger: Ledger,
  hold: Transaction,
  cause: Cause & { readonly effectiveAt?: number },
): Transaction => {
  const back = lotsTouched(ledger, hold.id).map(({ lot, amount }) => ({ lot, amount: -amount }))
  const transaction = post(ledger, {
    ...cause,
    ...ofHold(hold, cause),
    kind: 'release',
    endsHold: hold.id,
    legs: [...heldLegs(ledger, hold.id), ...incoming(ledger, back)],
  })
  const lots = back.map(it => it.lot)
  arrive(ledger, lots, transaction.effectiveAt)
  takeShort(ledger, lots, transaction)
  matureLots(ledger, lots)
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
 * Of what a burn took, also out of a hold, what is not back yet; the last that was taken first, which in the usual order of spending
 * is what ends last: so what she can use longest is back first, and any split of what comes back ends with the same lots.
 */
export const outstanding = (ledger: Ledger, { id, endsHold }: Transaction): readonly Taken[] => {
  const back = new Map<string, number>()
  // What went out again at once paid what she owed: it was given back all the same.
  for (const reversal of ledger.book.reversalsOf.get(id) ?? [])
    for (const { lot, amount } of lotsTouched(ledger, reversal))
      if (amount > 0) back.set(lot.id, (back.get(lot.id) ?? 0) + amount)
  return lotsTouched(ledger, endsHold ?? id)
    .map(({ lot, amount }) => ({ lot, amount: -amount - (back.get(lot.id) ?? 0) }))
    .filter(it => it.amount > 0)
    .reverse()
}

/** So much of what a burn took and what is not back yet, for `giveBack`; undefined where that is less. */
export const chooseBack = (ledger: Ledger, burned: Transaction, amount: number): readonly Taken[] | undefined => {
  let rest = amount
  const picks = outstanding(ledger, burned).flatMap(it => {
    const part = Math.min(rest, it.amount)
    rest -= part
    return part === 0 ? [] : [{ lot: it.lot, amount: part }]
  })
  return rest === 0 ? picks : undefined
}

/**
 * Gives back what a burn took, to the lots it came from (`chooseBack`). A lot that is gone by now gets `graceMs` more, or ends again at
 * once.
 */
export const giveBack = (
  ledger: Ledger,
  picks: readonly Taken[],
  {
    graceMs,
    from = 'returned',
    ...cause
  }: Cause & {
    readonly graceMs: number
    readonly reverses: string
    readonly effectiveAt?: number | undefined
    /** `adjusted`: by hand. */
    readonly from?: 'returned' | 'adjusted'
  },
): Transaction => {
  const { asset } = picks[0]!.lot
  const transaction = post(ledger, {
    ...cause,
    kind: from === 'adjusted' ? 'adjust' : 'giveBack',
    legs: [{ house: from, asset, amount: -sum(picks) }, ...incoming(ledger, picks)],
  })
  const lots = picks.map(it => it.lot)
  arrive(ledger, lots, transaction.effectiveAt, graceMs)
  takeShort(ledger, lots, transaction)
  matureLots(ledger, lots)
  return transaction
}

/**
 * Notes what had to be taken back of a lot and was not there, so that nobody wins points by spending them on goods that come back, too,
 * or by setting them aside in an open order while she returns what earned them.
 */
export const noteShort = ({ book }: Ledger, lot: Lot, short: number): void => {
  if (lot.short === short) return
  lot.short = short
  changeLot(book, lot)
}

/** What had to be taken back of lots goes now that it is there, as a part of what took back the rest of them. */
const takeShort = (
  ledger: Ledger,
  lots: readonly Lot[],
  { effectiveAt, actor, channel, location }: Transaction,
): void => {
  for (const lot of new Set(lots)) {
    const amount = Math.min(lot.short, lot.remaining)
    if (amount === 0) continue
    noteShort(ledger, lot, lot.short - amount)
    takeBack(ledger, lot.asset, [{ lot, amount }], {
      holderId: lot.ownerId,
      orderId: lot.orderId ?? undefined,
      offerId: lot.offerId ?? undefined,
      actor: actor ?? undefined,
      channel: channel ?? undefined,
      location: location ?? undefined,
      reverses: lot.transactionId,
      effectiveAt,
    })
  }
}

/** Of what comes back to lots, or would, what stays there: the rest goes with goods that are back already. */
export const staying = (coming: readonly Taken[]): readonly Taken[] => {
  const gone = new Map<Lot, number>()
  return coming.map(({ lot, amount }) => {
    const part = Math.min(amount, lot.short - (gone.get(lot) ?? 0))
    gone.set(lot, (gone.get(lot) ?? 0) + part)
    return { lot, amount: amount - part }
  })
}

/** Takes back what was earned: out of these lots, and where `debt` is above zero also from what the owner has not got. */
export const takeBack = (
  ledger: Ledger,
  asset: Asset,
  picks: readonly Taken[],
  {
    debt,
    to = 'returned',
    ...cause
  }: Cause & {
    readonly reverses?: string | undefined
    readonly effectiveAt?: number | undefined
    /** `adjusted`: by hand. */
    readonly to?: 'returned' | 'adjusted'
    readonly debt?: { readonly ownerId: string; readonly amount: number } | undefined
  },
): Transaction =>
  post(ledger, {
    ...cause,
    kind: to === 'adjusted' ? 'adjust' : 'takeBack',
    legs: [
      ...out(asset, picks),
      ...(debt ? [{ ownerId: debt.ownerId, asset, kind: 'debt', amount: -debt.amount } as const] : []),
      { house: to, asset, amount: sum(picks) + (debt?.amount ?? 0) },
    ],
  })

/**
 * Moves value to another owner; lots keep their expiry, which for sliding ones is when they would end as it stands. What `fee` takes
 * goes to the house, out of the same lots.
 */
export const transfer = (
  ledger: Ledger,
  picks: readonly Taken[],
  { to, fee, ...cause }: Cause & { readonly to: string; readonly fee: number },
): Transaction => {
  const { asset } = picks[0]!.lot
  let rest = fee
  const arrived: Taken[] = []
  for (const { lot, amount } of picks) {
    const kept = Math.min(rest, amount)
    rest -= kept
    if (amount > kept) arrived.push({ lot: movedTo(ledger, to, lot, amount - kept), amount: amount - kept })
  }
  const lots = arrived.map(it => it.lot)
  for (const lot of lots) addLot(ledger, lot)
  const transaction = post(ledger, {
    ...cause,
    kind: 'transfer',
    legs: [
      ...out(asset, picks),
      ...incoming(ledger, arrived),
      ...(fee > 0 ? [{ house: 'fees', asset, amount: fee } as const] : []),
    ],
  })
  for (const lot of lots) Object.assign(lot, { transactionId: transaction.id })
  arrive(ledger, lots, transaction.effectiveAt)
  const account = ledger.book.accounts.get(accountId(to, asset, 'main'))
  // To look costs as much as there are lots: whoever is given something by everybody has very many.
  if (account && !isAsleep(account, ledger.now)) matureLots(ledger, lots)
  return transaction
}

const movedTo = (ledger: Ledger, ownerId: string, lot: Lot, amount: number): Lot => {
  const account = ledger.book.accounts.get(accountId(lot.ownerId, lot.asset, 'main'))!
  const expiresAt = lot.slides ? account.endsAt : lot.expiresAt
  const id = ledger.newId('lot')
  const fresh = { id, ownerId, amount, remaining: 0, short: 0, fromLot: lot.id }
  return { ...lot, ...fresh, expiresAt, dueAt: expiresAt, slides: false }
}

/**
 * Books what the clock has done to accounts of these owners: pending lots become active and ended ones go, each at its own instant, in
 * the order of time. Runs before anything is decided about them, so that nothing hangs on when the nightly job comes by; again it finds
 * nothing to do. `upTo` leaves what is due later for whoever looks at an instant in between. Answers how many transactions it booked.
 */
export const mature = (
  ledger: Ledger,
  ownerIds: readonly string[],
  assets: readonly Asset[],
  upTo = ledger.now,
): number => {
  let booked = 0
  for (const ownerId of ownerIds)
    for (const asset of assets) {
      for (let due = nextDue(ledger, ownerId, asset, upTo); due; due = nextDue(ledger, ownerId, asset, upTo)) {
        bookDue(ledger, ownerId, asset, due)
        booked += 1
      }
      for (const kind of ['main', 'pending'] as const) setDue(ledger, ownerId, asset, kind)
    }
  return booked
}

type Due = { readonly at: number; readonly what: 'activate' | 'expire'; readonly lots: readonly Lot[] }

/** The clock's next work on what somebody has of an asset: everything of one instant. */
const nextDue = (ledger: Ledger, ownerId: string, asset: Asset, upTo: number): Due | undefined => {
  const endsAt = ledger.book.accounts.get(accountId(ownerId, asset, 'main'))?.endsAt ?? null
  const dueOf = (lot: Lot): number => (lot.slides && lot.kind === 'main' ? endsAt : lot.dueAt) ?? never
  let at = never
  let lots: Lot[] = []
  for (const lot of lotsAt(ledger, ownerId, asset)) {
    const due = dueOf(lot)
    if (lot.remaining === 0 || due > upTo || due > at) continue
    if (due < at) lots = []
    at = due
    lots.push(lot)
  }
  if (lots.length === 0) return undefined
  // What becomes active comes first: a lot may end in the moment in which it becomes active.
  const active = lots.filter(lot => lot.kind === 'pending' && lot.activeAt !== null)
  return active.length > 0 ? { at, what: 'activate', lots: active } : { at, what: 'expire', lots }
}

const bookDue = (ledger: Ledger, ownerId: string, asset: Asset, { at, what, lots }: Due): void => {
  if (what === 'activate') {
    makeActive(ledger, lots, { holderId: ownerId, effectiveAt: at })
    return
  }
  const picks = lots.map(lot => ({ lot, amount: lot.remaining }))
  post(ledger, {
    kind: 'expire',
    effectiveAt: at,
    holderId: ownerId,
    legs: [...out(asset, picks), { house: 'expired', asset, amount: sum(picks) }],
  })
}

/**
 * Makes pending lots of one owner spendable; what she owes is paid off first. `until` says until when a lot is there that waited for an
 * event: left out, as was said when it was earned.
 */
export const activate = (
  ledger: Ledger,
  lots: readonly Lot[],
  {
    until,
    ...cause
  }: Cause & {
    readonly effectiveAt?: number
    readonly until?: (lot: Lot) => Pick<LotTerms, 'expiresAt' | 'endsAt'>
  },
): Transaction => {
  const transaction = makeActive(ledger, lots, cause, until)
  matureLots(ledger, lots)
  return transaction
}

const makeActive = (
  ledger: Ledger,
  lots: readonly Lot[],
  cause: Cause & { readonly effectiveAt?: number },
  until?: (lot: Lot) => Pick<LotTerms, 'expiresAt' | 'endsAt'>,
): Transaction => {
  const { ownerId, asset } = lots[0]!
  const whole = lots.map(lot => ({ lot, amount: lot.remaining }))
  const transaction = post(ledger, {
    ...cause,
    kind: 'activate',
    legs: [...out(asset, whole), ...incoming(ledger, whole)],
  })
  for (const lot of lots) {
    const { expiresAt, endsAt = null }: Pick<LotTerms, 'expiresAt' | 'endsAt'> = until?.(lot) ?? {
      expiresAt: lot.expiresAt,
    }
    Object.assign(lot, { kind: 'main', activeAt: null, awaits: null, expiresAt, dueAt: expiresAt })
    if (endsAt !== null) {
      lot.slides = true
      slideOne(ledger, ownerId, asset, endsAt)
    }
    changeLot(ledger.book, lot)
  }
  arrive(ledger, lots, transaction.effectiveAt)
  return transaction
}

/** When the clock has to look again: what is in the book says so (all lots that are due, and the next), or was known of what is not. */
const setDue = (ledger: Ledger, ownerId: string, asset: Asset, kind: 'main' | 'pending'): void => {
  const account = ledger.book.accounts.get(accountId(ownerId, asset, kind))
  if (!account) return
  const dueAt = account.balance === 0 ? null : dueOfAccount(ledger, account)
  if (dueAt === account.dueAt) return
  account.dueAt = dueAt
  changeAccount(ledger.book, account)
}

const dueOfAccount = (ledger: Ledger, { id, ownerId, asset, kind, endsAt }: Account): number | null => {
  const lots = lotsAt(ledger, ownerId, asset).filter(lot => lot.kind === kind && lot.remaining > 0)
  const sliding = endsAt !== null && endsAt > ledger.now ? endsAt : never
  const later = ledger.book.dueLater.get(id) ?? never
  const due = lots.reduce((first, lot) => Math.min(first, lot.dueAt ?? never), Math.min(sliding, later))
  return due === never ? null : due
}
