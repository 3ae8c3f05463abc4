import fc from 'fast-check'
import { expect, test } from 'vitest'
import { belowNothing, bookFindings, standOf } from '../../../test/book-audit.ts'
import { pointsOf } from './account.ts'
import { type Book, emptyBook, type Ledger, type Transaction } from './book.ts'
import {
  activate,
  burn,
  burnHeld,
  choose,
  chooseBack,
  earn,
  giveBack,
  hold,
  lotsAt,
  mature,
  release,
  slide,
} from './lots.ts'

const club = pointsOf('club')
const msADay = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const lastDay = 400

type Deed =
  | { readonly kind: 'earn'; readonly amount: number; readonly pending: number; readonly life: number | null }
  | { readonly kind: 'earnSliding'; readonly amount: number; readonly pending: number }
  | { readonly kind: 'await'; readonly amount: number; readonly life: number | null }
  | { readonly kind: 'event' | 'release' | 'burnHeld' }
  | { readonly kind: 'burn' | 'hold' | 'back'; readonly percent: number }

const amount = fc.integer({ min: 1, max: 1000 })
const percent = fc.integer({ min: 1, max: 100 })
const life = fc.option(fc.integer({ min: 1, max: 90 }))
const pending = fc.constantFrom(0, 0, 5, 30)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('earn' as const), amount, pending, life }),
  fc.record({ kind: fc.constant('earnSliding' as const), amount, pending }),
  fc.record({ kind: fc.constant('await' as const), amount, life }),
  fc.record({ kind: fc.constantFrom('event' as const, 'release' as const, 'burnHeld' as const) }),
  fc.record({ kind: fc.constantFrom('burn' as const, 'hold' as const, 'back' as const), percent }),
)
/** What one person does on which day. */
const story = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 200 }), deed), { minLength: 1, maxLength: 25 })
  .map(all => all.sort(([a], [b]) => a - b))

/** Lives a story; the clock comes by when she does something, on the days given, and in the end. */
const live = (all: readonly (readonly [number, Deed])[], comesBy: (day: number) => boolean): Book => {
  const book = emptyBook()
  const ids = new Map<string, number>()
  const on = (day: number): Ledger => ({
    book,
    now: start + day * msADay,
    newId: prefix => {
      ids.set(prefix, (ids.get(prefix) ?? 0) + 1)
      return `${prefix}_${String(ids.get(prefix)).padStart(5, '0')}`
    },
    timeZone: 'UTC',
    closedThrough: null,
  })
  const holds: Transaction[] = []
  const burned: Transaction[] = []
  let next = 0
  for (let day = 0; day <= lastDay; day += 1) {
    if (comesBy(day)) mature(on(day), ['ana'], [club])
    for (; next < all.length && all[next]![0] === day; next += 1) act(on(day), all[next]![1], holds, burned)
  }
  mature(on(lastDay), ['ana'], [club])
  return book
}

const act = (ledger: Ledger, it: Deed, holds: Transaction[], burned: Transaction[]): void => {
  mature(ledger, ['ana'], [club])
  const { now, book } = ledger
  const inDays = (days: number): number => now + days * msADay
  const earned = { ownerId: 'ana', asset: club, from: 'earned', kind: 'earn' } as const
  const there = book.accounts.get(`ana/${club}/main`)?.balance ?? 0
  const take = (share: number) =>
    there === 0 ? undefined : choose(ledger, ['ana'], club, Math.ceil((there * share) / 100), 'soonestExpiring')
  switch (it.kind) {
    case 'earn': {
      const activeAt = it.pending === 0 ? null : inDays(it.pending)
      const expiresAt = it.life === null ? null : inDays(it.life)
      earn(ledger, { ...earned, amount: it.amount, terms: { earnedAt: now, activeAt, awaits: null, expiresAt } })
      return
    }
    case 'earnSliding': {
      const activeAt = it.pending === 0 ? null : inDays(it.pending)
      const terms = { earnedAt: now, activeAt, awaits: null, expiresAt: null, endsAt: inDays(it.pending + 40) }
      earn(ledger, { ...earned, amount: it.amount, terms })
      return
    }
    case 'await': {
      const expiresAt = it.life === null ? null : inDays(it.life)
      const terms = { earnedAt: now, activeAt: null, awaits: 'Review Written', expiresAt }
      earn(ledger, { ...earned, amount: it.amount, terms })
      return
    }
    case 'event': {
      const lots = lotsAt(ledger, 'ana', club).filter(lot => lot.awaits !== null && lot.remaining > 0)
      if (lots.length > 0) activate(ledger, lots, { until: () => ({ expiresAt: inDays(20) }) })
      return
    }
    case 'burn': {
      const picks = take(it.percent)
      if (picks) burned.push(burn(ledger, club, picks, {}))
      slide(ledger, ['ana'], club, inDays(40))
      return
    }
    case 'hold': {
      const picks = take(it.percent)
      if (picks) holds.push(hold(ledger, club, picks, {}))
      return
    }
    case 'release': {
      const held = holds.pop()
      if (held) release(ledger, held, {})
      return
    }
    case 'burnHeld': {
      const held = holds.pop()
      if (held) burned.push(burnHeld(ledger, held, {}))
      return
    }
    case 'back': {
      const last = burned.at(-1)
      const taken = last ? (book.postings.get(last.id)!.find(p => p.accountId.endsWith('/burned'))?.amount ?? 0) : 0
      const picks = last && taken > 0 && chooseBack(ledger, last, Math.ceil((taken * it.percent) / 100))
      if (picks) giveBack(ledger, picks, { reverses: last.id, graceMs: it.percent > 50 ? 7 * msADay : 0 })
    }
  }
}

/** Everything that counts: what was booked for when, and what lies where. When it was booked is not asked. */
const told = (book: Book) => ({
  stands: standOf(book, 'ana'),
  lots: [...book.lots.values()].map(({ transactionId: _, ...lot }) => lot),
  booked: [...book.transactions.values()]
    .map(({ id, kind, effectiveAt }) =>
      [
        effectiveAt,
        kind,
        ...book.postings
          .get(id)!
          .map(p => `${p.accountId} ${p.lotId} ${p.amount}`)
          .sort(),
      ].join(' | '),
    )
    .sort(),
})

test('the clock may come by every day, now and then, or once after 400 days: the same lots, for the same instants', () => {
  let byTheClock = 0
  fc.assert(
    fc.property(story, fc.integer({ min: 2, max: 60 }), (all, every) => {
      const once = live(all, () => false)
      const expected = told(once)
      expect(told(live(all, () => true))).toEqual(expected)
      expect(told(live(all, day => day % every === 0))).toEqual(expected)
      byTheClock += [...once.transactions.values()].filter(it => it.kind === 'expire' || it.kind === 'activate').length
    }),
    { numRuns: 150 },
  )
  expect(byTheClock).toBeGreaterThan(150)
})

test('whatever is done: sums are zero, balances are sums, lots are balances, and nothing is ever below its floor', () => {
  fc.assert(
    fc.property(story, all => {
      const book = live(all, day => day % 7 === 0)
      expect(bookFindings(book)).toEqual([])
      expect(belowNothing(book)).toEqual([])
    }),
    { numRuns: 200 },
  )
})
