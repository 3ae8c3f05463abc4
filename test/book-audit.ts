import { accountId, ownerOf } from '../src/core/ledger/account.ts'
import type { Account, Book, Posting } from '../src/core/ledger/book.ts'

const sums = (postings: readonly Posting[], key: (it: Posting) => string | null): Map<string, number> => {
  const all = new Map<string, number>()
  for (const posting of postings) {
    const of = key(posting)
    if (of !== null) all.set(of, (all.get(of) ?? 0) + posting.amount)
  }
  return all
}

/**
 * What is off in a book that holds all that was ever posted: promises 1, 4 and 14 from its rows alone, as `tessera audit` asks them of
 * the stored ones. Empty: nothing is.
 */
export const bookFindings = (book: Book): string[] => {
  const findings: string[] = []
  const expect = (what: string, is: number, should: number): void => {
    if (is !== should) findings.push(`${what} is ${is}, and should be ${should}`)
  }
  const postings = [...book.postings.values()].flat()
  const lots = [...book.lots.values()]

  for (const [key, sum] of sums(postings, it => `${it.transactionId} ${it.asset}`)) expect(`the sum of ${key}`, sum, 0)

  const posted = sums(postings, it => it.accountId)
  for (const { id, balance, floor, kind } of book.accounts.values()) {
    expect(`the balance of ${id}`, balance, posted.get(id) ?? 0)
    if (balance < floor || (kind === 'debt' && balance > 0)) findings.push(`${id} stands at ${balance}`)
  }
  for (const id of posted.keys())
    if (!id.startsWith('house/') && !book.accounts.has(id)) findings.push(`${id} is no account`)

  const remaining = new Map<string, number>()
  for (const lot of lots) {
    const id = accountId(lot.ownerId, lot.asset, lot.kind)
    remaining.set(id, (remaining.get(id) ?? 0) + lot.remaining)
    if (lot.remaining < 0 || lot.remaining > lot.amount)
      findings.push(`${lot.id} has ${lot.remaining} of ${lot.amount}`)
  }
  for (const { id, kind, balance } of book.accounts.values())
    if (kind === 'main' || kind === 'pending') expect(`what remains in lots of ${id}`, remaining.get(id) ?? 0, balance)
  const byLot = sums(postings, it => it.lotId)
  for (const { id, remaining: is } of lots) expect(`what remains of ${id}`, is, byLot.get(id) ?? 0)
  const first = sums(
    postings.filter(
      it => it.amount > 0 && it.lotId !== null && book.lots.get(it.lotId)?.transactionId === it.transactionId,
    ),
    it => it.lotId,
  )
  for (const { id, amount } of lots) expect(`what ${id} began with`, amount, first.get(id) ?? 0)

  const ended = new Map<string, number>()
  for (const { endsHold } of book.transactions.values())
    if (endsHold !== null) ended.set(endsHold, (ended.get(endsHold) ?? 0) + 1)
  for (const [hold, times] of ended) expect(`how often ${hold} ended`, times, 1)
  const open = [...book.transactions.values()].filter(it => it.kind === 'hold' && !ended.has(it.id))
  const held = sums(
    open.flatMap(it => book.postings.get(it.id)!).filter(it => it.accountId.endsWith('/held')),
    it => it.accountId,
  )
  for (const { id, kind, balance } of book.accounts.values())
    if (kind === 'held') expect(`what open holds hold of ${id}`, held.get(id) ?? 0, balance)
  return findings
}

/**
 * Where at some instant less than nothing would have been there, going by when things count from: only right where nothing was booked
 * for the past by hand.
 */
export const belowNothing = (book: Book): string[] => {
  const running = new Map<string, number>()
  const isBounded = (id: string): boolean => ['main', 'pending', 'held'].includes(id.slice(id.lastIndexOf('/') + 1))
  const below: string[] = []
  const moments = new Map<string, Map<string, number>>()
  const inTime = [...book.postings.values()].flat().sort((a, b) => a.effectiveAt - b.effectiveAt)
  for (const { accountId: id, amount, effectiveAt } of inTime) {
    if (ownerOf(id) === 'house' || !isBounded(id)) continue
    const moment = moments.get(String(effectiveAt)) ?? new Map<string, number>()
    moments.set(String(effectiveAt), moment.set(id, (moment.get(id) ?? 0) + amount))
  }
  for (const [at, moment] of moments)
    for (const [id, amount] of moment) {
      const balance = (running.get(id) ?? 0) + amount
      running.set(id, balance)
      if (balance < 0) below.push(`${id} at ${new Date(Number(at)).toISOString()}: ${balance}`)
    }
  return below
}

/** What lies where, for an owner: balances and lots as `amount until`, in a fixed order. */
export const standOf = (book: Book, ownerId: string): Readonly<Record<string, readonly string[]>> => {
  const lotsIn = ({ kind, id }: Account): string[] =>
    [...book.lots.values()]
      .filter(it => it.remaining > 0 && it.kind === kind && accountId(it.ownerId, it.asset, it.kind) === id)
      .map(it => `${it.remaining} until ${it.expiresAt ?? (it.slides ? 'it slides out' : 'ever')}`)
      .sort()
  return Object.fromEntries(
    [...book.accounts.values()]
      .filter(it => it.ownerId === ownerId && it.balance !== 0)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(it => [it.id, [String(it.balance), ...lotsIn(it)]]),
  )
}
