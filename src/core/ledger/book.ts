import { localParts } from '../kernel/time.ts'
import { type AccountKind, type Asset, accountId, ceilingOf, floorOf, type HouseAccount, houseId } from './account.ts'

/** The rows of a ledger, as they lie in the tables. */
export type Account = {
  readonly id: string
  readonly ownerId: string
  readonly asset: Asset
  readonly kind: AccountKind
  readonly openedAt: number
  balance: number
  /** The balance never falls below it. */
  readonly floor: number
  /** Where lots slide with activity: all those that are left end then. */
  endsAt: number | null
  /** Nothing in it becomes active or ends before; null: nothing ever does. */
  dueAt: number | null
  revision: number
}

/** Value that came in together and ends together. */
export type Lot = {
  readonly id: string
  readonly ownerId: string
  readonly asset: Asset
  readonly amount: number
  readonly earnedAt: number
  readonly fromLot: string | null
  readonly transactionId: string
  readonly offerId: string | null
  readonly orderId: string | null
  kind: 'pending' | 'main'
  remaining: number
  /** What had to go back with goods and was spent or held then: it goes as soon as it comes back. Above 0, nothing remains. */
  short: number
  /** Of a pending one: from when it can be spent. */
  activeAt: number | null
  /** Of a pending one without a time: the name of the event that makes it active. */
  awaits: string | null
  /** The first instant at which it is gone; null: it stays, or slides. */
  expiresAt: number | null
  /** Ends when its account does (`endsAt`), which every activity puts off. */
  slides: boolean
  /** When the clock has something to do with it: it becomes active or ends. Where it came back after its end: when it came back. */
  dueAt: number | null
}

export const transactionKinds = [
  'earn',
  'activate',
  'expire',
  'burn',
  'hold',
  'release',
  'takeBack',
  'giveBack',
  'reverse',
  'transfer',
  'adjust',
  'issue',
] as const
export type TransactionKind = (typeof transactionKinds)[number]

/** What a transaction came of. Ids only: nothing here names a human. */
export type Cause = {
  readonly holderId?: string | undefined
  readonly orderId?: string | undefined
  readonly returnId?: string | undefined
  readonly messageId?: string | undefined
  readonly decisionId?: string | undefined
  readonly offerId?: string | undefined
  readonly offerVersion?: number | undefined
  readonly channel?: string | undefined
  readonly location?: string | undefined
  /** Key id; left out: the clock did it. */
  readonly actor?: string | undefined
  readonly reason?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

export type Transaction = { readonly [K in keyof Cause]-?: Exclude<Cause[K], undefined> | null } & {
  readonly id: string
  readonly kind: TransactionKind
  /** When it counts as happening, epoch milliseconds. */
  readonly effectiveAt: number
  readonly bookedAt: number
  /** The month it is booked in, '2026-10'. */
  readonly period: string
  /** The transaction that this one takes back, or a part of it. */
  readonly reverses: string | null
  /** The hold that this one ends. */
  readonly endsHold: string | null
}

export type Posting = {
  readonly transactionId: string
  readonly seq: number
  readonly accountId: string
  readonly asset: Asset
  readonly amount: number
  readonly lotId: string | null
  readonly period: string
  readonly effectiveAt: number
  readonly bookedAt: number
}

/**
 * As much of a ledger as a group commit needs: accounts whole, lots as far as they may change. Transactions of before are
 * there for the orders at hand.
 */
export type Book = {
  readonly accounts: Map<string, Account>
  readonly lots: Map<string, Lot>
  /** `lotsKey` → lot ids */
  readonly lotsOf: Map<string, Set<string>>
  readonly transactions: Map<string, Transaction>
  /** transaction id → its postings */
  readonly postings: Map<string, Posting[]>
  /** order id → transaction ids, the oldest first */
  readonly ofOrder: Map<string, string[]>
  /** account id → when the first of its lots is due, where none is yet: those that are not asked for are not here */
  readonly dueLater: Map<string, number>
  /** hold → the transaction that ended it */
  readonly endOf: Map<string, string>
  /** transaction id → those that take it back, or parts of it, the oldest first */
  readonly reversalsOf: Map<string, string[]>
  readonly changes: {
    readonly newAccounts: Set<string>
    readonly accounts: Set<string>
    readonly newLots: Set<string>
    readonly lots: Set<string>
    /** Of which nothing but what remains changed, unless they are among `lots`, too. */
    readonly movedLots: Set<string>
    readonly newTransactions: Transaction[]
    readonly newPostings: Posting[]
  }
}

export const emptyBook = (): Book => ({
  accounts: new Map(),
  lots: new Map(),
  lotsOf: new Map(),
  transactions: new Map(),
  postings: new Map(),
  ofOrder: new Map(),
  dueLater: new Map(),
  endOf: new Map(),
  reversalsOf: new Map(),
  changes: {
    newAccounts: new Set(),
    accounts: new Set(),
    newLots: new Set(),
    lots: new Set(),
    movedLots: new Set(),
    newTransactions: [],
    newPostings: [],
  },
})

/** A ledger at an instant: the book and what writing into it needs. */
export type Ledger = {
  readonly book: Book
  readonly now: number
  readonly newId: (prefix: string) => string
  /** Months are the workspace's. */
  readonly timeZone: string
  /** The last month that is closed, '2026-10'; null: none is. */
  readonly closedThrough: string | null
}

export const lotsKey = (ownerId: string, asset: Asset): string => `${ownerId}/${asset}`

/** Puts a loaded account into the book; seeing it twice changes nothing. */
export const seeAccount = (book: Book, account: Account): void => {
  if (!book.accounts.has(account.id)) book.accounts.set(account.id, account)
}

export const seeLot = (book: Book, lot: Lot): void => {
  if (book.lots.has(lot.id)) return
  book.lots.set(lot.id, lot)
  const key = lotsKey(lot.ownerId, lot.asset)
  const known = book.lotsOf.get(key)
  if (known) known.add(lot.id)
  else book.lotsOf.set(key, new Set([lot.id]))
}

export const seeTransaction = (book: Book, transaction: Transaction, postings: readonly Posting[]): void => {
  if (book.transactions.has(transaction.id)) return
  book.transactions.set(transaction.id, transaction)
  book.postings.set(transaction.id, [...postings])
  const { id, orderId, reverses, endsHold } = transaction
  if (orderId !== null) push(book.ofOrder, orderId, id)
  if (reverses !== null) push(book.reversalsOf, reverses, id)
  if (endsHold !== null) book.endOf.set(endsHold, id)
}

const push = (lists: Map<string, string[]>, key: string, id: string): void => {
  const list = lists.get(key)
  if (list) list.push(id)
  else lists.set(key, [id])
}

/** One side of a transaction. What lies in main and pending accounts lies in lots. */
export type Leg =
  | { readonly house: HouseAccount; readonly asset: Asset; readonly amount: number }
  | {
      readonly ownerId: string
      readonly asset: Asset
      readonly kind: 'main' | 'pending'
      readonly amount: number
      readonly lot: string
    }
  | { readonly ownerId: string; readonly asset: Asset; readonly kind: 'held' | 'debt'; readonly amount: number }

export type Entry = Cause & {
  readonly kind: TransactionKind
  /** Now where it is left out. */
  readonly effectiveAt?: number | undefined
  readonly reverses?: string | undefined
  readonly endsHold?: string | undefined
  readonly legs: readonly Leg[]
}

/** The month of an instant: `monthOf(Date.parse('2026-10-31T23:30:00Z'), 'Europe/Rome')` is '2026-11'. */
export const monthOf = (at: number, timeZone: string): string => localParts(at, timeZone).date.slice(0, 7)

/** `nextMonth('2026-12')` is '2027-01'. */
export const nextMonth = (period: string): string => {
  const [year, month] = period.split('-').map(Number) as [number, number]
  const [nextYear, next] = month === 12 ? [year + 1, 1] : [year, month + 1]
  return `${String(nextYear).padStart(4, '0')}-${String(next).padStart(2, '0')}`
}

/** The month that something of `month` is booked in: this one where that is closed, or where a clock is so far behind that this one is too, the first that is open. */
const openMonth = (month: string, thisMonth: string, closedThrough: string | null): string => {
  if (closedThrough === null || month > closedThrough) return month
  return thisMonth > closedThrough ? thisMonth : nextMonth(closedThrough)
}

/**
 * Books a transaction: the only way any balance changes. Callers decide first and refuse what may not be; what does not
 * balance, would leave an account below its floor, a lot below zero or above what it began with, or ends a hold again, is a
 * bug and throws, before anything has changed.
 *
 *     post(ledger, { kind: 'earn', orderId: 'web-1', legs: [
 *       { house: 'earned', asset: 'points:club', amount: -100 },
 *       { ownerId: 'hol_1', asset: 'points:club', kind: 'main', amount: 100, lot: 'lot_1' } ] })
 */
export const post = (ledger: Ledger, { kind, effectiveAt, reverses, endsHold, legs, ...cause }: Entry): Transaction => {
  const { book, now, newId, timeZone, closedThrough } = ledger
  mustBalance(legs)
  if (endsHold !== undefined) mustBeOpen(book, endsHold)
  mustFit(book, kind, legs)
  const at = effectiveAt ?? now
  const month = monthOf(at, timeZone)
  const transaction: Transaction = {
    id: newId('txn'),
    kind,
    effectiveAt: at,
    bookedAt: now,
    period: openMonth(month, monthOf(now, timeZone), closedThrough),
    holderId: cause.holderId ?? null,
    orderId: cause.orderId ?? null,
    returnId: cause.returnId ?? null,
    messageId: cause.messageId ?? null,
    decisionId: cause.decisionId ?? null,
    offerId: cause.offerId ?? null,
    offerVersion: cause.offerVersion ?? null,
    channel: cause.channel ?? null,
    location: cause.location ?? null,
    actor: cause.actor ?? null,
    reason: cause.reason ?? null,
    reverses: reverses ?? null,
    endsHold: endsHold ?? null,
    details: cause.details ?? null,
  }
  const { period } = transaction
  const postings = legs.map(
    (leg, seq): Posting => ({
      transactionId: transaction.id,
      seq,
      accountId: idOf(leg),
      asset: leg.asset,
      amount: leg.amount,
      lotId: 'lot' in leg ? leg.lot : null,
      period,
      effectiveAt: at,
      bookedAt: now,
    }),
  )
  for (const leg of legs) {
    if ('house' in leg) continue
    const account = accountOf(book, leg, now)
    account.balance += leg.amount
    changeAccount(book, account)
    if ('lot' in leg) {
      const lot = book.lots.get(leg.lot)!
      lot.remaining += leg.amount
      if (!book.changes.newLots.has(lot.id)) book.changes.movedLots.add(lot.id)
    }
  }
  seeTransaction(book, transaction, postings)
  book.changes.newTransactions.push(transaction)
  book.changes.newPostings.push(...postings)
  return transaction
}

const idOf = (leg: Leg): string =>
  'house' in leg ? houseId(leg.asset, leg.house) : accountId(leg.ownerId, leg.asset, leg.kind)

/** Promise 1. */
const mustBalance = (legs: readonly Leg[]): void => {
  const sums = new Map<Asset, number>()
  for (const { asset, amount } of legs) {
    if (!Number.isSafeInteger(amount) || amount === 0) throw new Error(`a posting of ${amount} ${asset} is none`)
    sums.set(asset, (sums.get(asset) ?? 0) + amount)
  }
  if (sums.size === 0) throw new Error('a transaction without postings')
  for (const [asset, sum] of sums) if (sum !== 0) throw new Error(`postings of ${asset} are off by ${sum}`)
}

const mustFit = (book: Book, kind: TransactionKind, legs: readonly Leg[]): void => {
  const balances = new Map<string, number>()
  const lots = new Map<string, number>()
  for (const leg of legs) {
    if ('house' in leg) continue
    const id = idOf(leg)
    const account = book.accounts.get(id)
    const balance = (balances.get(id) ?? account?.balance ?? 0) + leg.amount
    balances.set(id, balance)
    if ('lot' in leg) lots.set(leg.lot, (lots.get(leg.lot) ?? lotOf(book, kind, leg).remaining) + leg.amount)
  }
  for (const leg of legs) {
    if ('house' in leg) continue
    const id = idOf(leg)
    const balance = balances.get(id)!
    if (balance < (book.accounts.get(id)?.floor ?? floorOf(leg.kind)) || balance > ceilingOf(leg.kind))
      throw new Error(`${id} would stand at ${balance}`)
  }
  for (const [id, remaining] of lots)
    if (remaining < 0 || remaining > book.lots.get(id)!.amount) throw new Error(`${id} would hold ${remaining}`)
}

/** The lot of a leg. It lies in the account that the leg names, unless becoming active brings it there. */
const lotOf = (book: Book, kind: TransactionKind, leg: Extract<Leg, { lot: string }>): Lot => {
  const lot = book.lots.get(leg.lot)
  if (!lot) throw new Error(`${leg.lot} is not in the book`)
  const isThere = lot.kind === leg.kind || (kind === 'activate' && leg.kind === 'main')
  if (lot.ownerId !== leg.ownerId || lot.asset !== leg.asset || !isThere)
    throw new Error(`${leg.lot} is not in ${idOf(leg)}`)
  return lot
}

/** Promise 4. */
const mustBeOpen = (book: Book, hold: string): void => {
  if (book.transactions.get(hold)?.kind !== 'hold') throw new Error(`${hold} is not a hold of the book`)
  if (book.endOf.has(hold)) throw new Error(`${hold} has ended`)
}

const accountOf = (book: Book, leg: Exclude<Leg, { house: HouseAccount }>, now: number): Account =>
  openAccount(book, leg.ownerId, leg.asset, leg.kind, now)

/** The account of an owner, opened where there is none. */
export const openAccount = (book: Book, ownerId: string, asset: Asset, kind: AccountKind, now: number): Account => {
  const id = accountId(ownerId, asset, kind)
  const known = book.accounts.get(id)
  if (known) return known
  const floor = floorOf(kind)
  const account = { id, ownerId, asset, kind, openedAt: now, balance: 0, floor, endsAt: null, dueAt: null, revision: 0 }
  book.accounts.set(id, account)
  book.changes.newAccounts.add(id)
  return account
}

export const changeAccount = (book: Book, account: Account): void => {
  if (book.changes.newAccounts.has(account.id)) return
  // Once a commit is enough: the number only tells other processes that something changed.
  if (!book.changes.accounts.has(account.id)) account.revision += 1
  book.changes.accounts.add(account.id)
}

/** Also tells by the account, which is what is locked, that whoever read the lot must read it again. */
export const changeLot = (book: Book, lot: Lot): void => {
  if (!book.changes.newLots.has(lot.id)) book.changes.lots.add(lot.id)
  const account = book.accounts.get(accountId(lot.ownerId, lot.asset, lot.kind))
  if (account) changeAccount(book, account)
}

/** A balance as it stands in the book: `balanceOf(book, 'hol_1', 'points:club', 'main')`. */
export const balanceOf = (book: Book, ownerId: string, asset: Asset, kind: AccountKind): number =>
  book.accounts.get(accountId(ownerId, asset, kind))?.balance ?? 0
