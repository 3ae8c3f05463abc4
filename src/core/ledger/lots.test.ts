import { expect, test } from 'vitest'
import { accountId, houseId, pointsOf } from './account.ts'
import { balanceOf, emptyBook, type Ledger, type Lot, post } from './book.ts'
import { endLots } from './end-lots.ts'
import {
  activate,
  burn,
  burnHeld,
  choose,
  chooseBack,
  earn,
  giveBack,
  hold,
  isOpenHold,
  type LotTerms,
  lotsAt,
  mature,
  outstanding,
  release,
  slide,
  spendable,
  takeBack,
  transfer,
} from './lots.ts'

const club = pointsOf('club')
const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')

/** A ledger whose clock is set: `at` is days after the first of January. */
const clock = () => {
  const book = emptyBook()
  let ids = 0
  const ledger = (at: number): Ledger => ({
    book,
    now: start + at * day,
    newId: prefix => `${prefix}_${String(++ids).padStart(4, '0')}`,
    timeZone: 'UTC',
    closedThrough: null,
  })
  return { book, on: ledger }
}

const atOnce = (it: Partial<LotTerms> = {}): LotTerms => ({
  earnedAt: start,
  activeAt: null,
  awaits: null,
  expiresAt: null,
  ...it,
})
const points = (ledger: Ledger, amount: number, terms: Partial<LotTerms> = {}, ownerId = 'ana') =>
  earn(ledger, {
    ownerId,
    asset: club,
    amount,
    from: 'earned',
    kind: 'earn',
    orderId: 'web-1',
    terms: atOnce({ earnedAt: ledger.now, ...terms }),
  })
const onDay = (days: number): number => start + days * day
/** What lies where: `main 30 = 10+20` is an account and the lots in it. */
const stand = ({ book }: Pick<Ledger, 'book'>, ownerId = 'ana') =>
  (['main', 'pending', 'held', 'debt'] as const).flatMap(kind => {
    const balance = balanceOf(book, ownerId, club, kind)
    const lots = lotsAt({ book }, ownerId, club).filter(it => it.kind === kind && it.remaining > 0)
    return balance === 0 && lots.length === 0
      ? []
      : [`${kind} ${balance}${lots.length > 0 ? ` = ${lots.map(it => it.remaining).join('+')}` : ''}`]
  })
const kinds = ({ book }: Pick<Ledger, 'book'>) =>
  book.changes.newTransactions.map(it => `${it.kind} day ${(it.effectiveAt - start) / day}`)
const pick = (ledger: Ledger, amount: number, owners = ['ana']) =>
  choose(ledger, owners, club, amount, 'soonestExpiring')!

test('what is earned lies in a lot of its own, and the house has given it', () => {
  const { on, book } = clock()
  const { transaction, lot } = points(on(0), 100)
  expect(stand(on(0))).toEqual(['main 100 = 100'])
  expect(lot).toMatchObject({ amount: 100, remaining: 100, kind: 'main', transactionId: transaction.id })
  expect(book.postings.get(transaction.id)!.map(it => [it.accountId, it.amount])).toEqual([
    [houseId(club, 'earned'), -100],
    [accountId('ana', club, 'main'), 100],
  ])
  expect(transaction).toMatchObject({ kind: 'earn', holderId: 'ana', orderId: 'web-1', period: '2026-01' })
})

test('the lot that ends first is spent first, and one without an end last', () => {
  const { on } = clock()
  points(on(0), 10)
  points(on(1), 20, { expiresAt: onDay(90) })
  points(on(2), 30, { expiresAt: onDay(60) })
  expect(pick(on(3), 45).map(it => it.amount)).toEqual([30, 15])
  expect(choose(on(3), ['ana'], club, 25, 'oldestFirst')!.map(it => it.amount)).toEqual([10, 15])
  expect(pick(on(3), 60).map(it => it.amount)).toEqual([30, 20, 10])
  expect(choose(on(3), ['ana'], club, 61, 'soonestExpiring')).toBeUndefined()
})

test('one order of spending goes over all holders of a person', () => {
  const { on } = clock()
  points(on(0), 10, { expiresAt: onDay(90) }, 'ana')
  points(on(0), 10, { expiresAt: onDay(30) }, 'card')
  const picks = pick(on(1), 15, ['ana', 'card'])
  expect(picks.map(it => [it.lot.ownerId, it.amount])).toEqual([
    ['card', 10],
    ['ana', 5],
  ])
  burn(on(1), club, picks, {})
  expect([...stand(on(1)), ...stand(on(1), 'card')]).toEqual(['main 5 = 5'])
})

test('an ended lot cannot be spent although the clock’s work is not booked yet', () => {
  const { on } = clock()
  const { lot } = points(on(0), 10, { expiresAt: onDay(30) })
  mature(on(30), ['ana'], [club])
  expect(lot!.remaining).toBe(0)
  expect(spendable(on(30), ['ana'], club)).toBe(0)
  expect(kinds(on(30))).toEqual(['earn day 0', 'expire day 30'])
})

test('the clock books each thing at the instant it was due, whenever it comes by, and only once', () => {
  const { on } = clock()
  points(on(0), 10, { activeAt: onDay(14), expiresAt: onDay(30) })
  points(on(0), 20, { expiresAt: onDay(20) })
  expect(mature(on(400), ['ana'], [club])).toBe(3)
  expect(kinds(on(400)).slice(2)).toEqual(['activate day 14', 'expire day 20', 'expire day 30'])
  expect(mature(on(400), ['ana'], [club])).toBe(0)
  expect(stand(on(400))).toEqual([])
})

test('a lot that ends before it would become active is active first, and gone in the same moment', () => {
  const { on } = clock()
  points(on(0), 10, { activeAt: onDay(30), expiresAt: onDay(14) })
  mature(on(29), ['ana'], [club])
  expect(stand(on(29))).toEqual(['pending 10 = 10'])
  mature(on(40), ['ana'], [club])
  expect(kinds(on(40)).slice(1)).toEqual(['activate day 30', 'expire day 30'])
})

test('what waits for an event becomes active when it comes, and ends where it does not', () => {
  const { on } = clock()
  points(on(0), 10, { awaits: 'Review Written', expiresAt: onDay(30) })
  points(on(0), 20, { awaits: 'Review Written', expiresAt: onDay(30) })
  const [first] = lotsAt(on(1), 'ana', club) as [Lot]
  activate(on(1), [first], { messageId: 'msg-1', until: () => ({ expiresAt: onDay(365) }) })
  expect(stand(on(1))).toEqual(['main 10 = 10', 'pending 20 = 20'])
  mature(on(31), ['ana'], [club])
  expect(stand(on(31))).toEqual(['main 10 = 10'])
  expect(first).toMatchObject({ kind: 'main', awaits: null, expiresAt: onDay(365) })
})

test('sliding lots end together, so many days after whatever was done last', () => {
  const { on } = clock()
  points(on(0), 10, { endsAt: onDay(30) })
  points(on(20), 20, { endsAt: onDay(50) })
  mature(on(40), ['ana'], [club])
  expect(stand(on(40))).toEqual(['main 30 = 10+20'])
  slide(on(45), ['ana'], club, onDay(75))
  slide(on(45), ['ana'], club, onDay(60))
  mature(on(74), ['ana'], [club])
  expect(stand(on(74))).toEqual(['main 30 = 10+20'])
  mature(on(400), ['ana'], [club])
  expect(kinds(on(400)).at(-1)).toBe('expire day 75')
  // Something new begins a new life.
  points(on(400), 5, { endsAt: onDay(430) })
  mature(on(429), ['ana'], [club])
  expect(stand(on(429))).toEqual(['main 5 = 5'])
})

test('what is earned under other terms does not end when the sliding lots do', () => {
  const { on } = clock()
  points(on(0), 10, { endsAt: onDay(30) })
  points(on(10), 20)
  mature(on(31), ['ana'], [club])
  expect(stand(on(31))).toEqual(['main 20 = 20'])
  points(on(40), 5)
  expect(stand(on(40))).toEqual(['main 25 = 20+5'])
})

test('whoever leaves keeps her points until the end of her notice, unless they end sooner', () => {
  const { on, book } = clock()
  points(on(0), 10, { expiresAt: onDay(20) })
  points(on(0), 20)
  points(on(0), 30, { endsAt: onDay(40) })
  points(on(0), 40, { activeAt: onDay(10) })
  points(on(0), 50, { activeAt: onDay(70) })
  book.changes.accounts.clear()
  book.changes.newAccounts.clear()
  endLots(on(5), ['ana'], club, onDay(60))
  expect(lotsAt(on(5), 'ana', club).map(it => (it.expiresAt! - start) / day)).toEqual([20, 60, 40, 60, 60])
  // Whoever has read these lots without a lock must see that they changed.
  expect([...book.changes.accounts]).toEqual([accountId('ana', club, 'main'), accountId('ana', club, 'pending')])
  mature(on(60), ['ana'], [club])
  expect(kinds(on(60)).slice(5)).toEqual(['activate day 10', 'expire day 20', 'expire day 40', 'expire day 60'])
  expect(stand(on(60))).toEqual([])
})

test('a hold is not there to spend, and ends once', () => {
  const { on } = clock()
  points(on(0), 100)
  const held = hold(on(1), club, pick(on(1), 60), { orderId: 'web-2' })
  expect(stand(on(1))).toEqual(['main 40 = 40', 'held 60'])
  expect(isOpenHold(on(1), held)).toBe(true)
  const burned = burnHeld(on(2), held, { actor: 'key_1' })
  expect(stand(on(2))).toEqual(['main 40 = 40'])
  expect(isOpenHold(on(2), held)).toBe(false)
  // Found where the hold is, though nobody said of which order it is.
  expect(burned).toMatchObject({ orderId: 'web-2', endsHold: held.id, kind: 'burn' })
  expect(() => release(on(3), held, {})).toThrow('has ended')
  expect(() => burnHeld(on(3), held, {})).toThrow('has ended')
  expect(stand(on(3))).toEqual(['main 40 = 40'])
})

test('a released hold goes back to its lots; what ended meanwhile ends as it comes back', () => {
  const { on } = clock()
  points(on(0), 10, { expiresAt: onDay(5) })
  points(on(0), 20)
  const held = hold(on(1), club, pick(on(1), 15), { orderId: 'web-2' })
  expect(mature(on(6), ['ana'], [club])).toBe(0)
  release(on(6), held, {})
  expect(stand(on(6))).toEqual(['main 20 = 20'])
  expect(kinds(on(6)).slice(2)).toEqual(['hold day 1', 'release day 6', 'expire day 6'])
  expect(spendable(on(6), ['ana'], club)).toBe(20)
})

test('what was burned comes back to the lots it came from, the last taken first, in any number of parts', () => {
  const { on } = clock()
  points(on(0), 10, { expiresAt: onDay(30) })
  points(on(0), 20, { expiresAt: onDay(60) })
  const burned = burn(on(1), club, pick(on(1), 25), { orderId: 'web-2' })
  expect(stand(on(1))).toEqual(['main 5 = 5'])
  giveBack(on(2), chooseBack(on(2), burned, 10)!, { reverses: burned.id, graceMs: 0 })
  expect(stand(on(2))).toEqual(['main 15 = 15'])
  giveBack(on(3), chooseBack(on(3), burned, 7)!, { reverses: burned.id, graceMs: 0 })
  expect(stand(on(3))).toEqual(['main 22 = 2+20'])
  expect(outstanding(on(3), burned).map(it => it.amount)).toEqual([8])
  expect(chooseBack(on(3), burned, 9)).toBeUndefined()
})

test('what was burned out of a hold comes back to the lots that were held', () => {
  const { on } = clock()
  points(on(0), 10, { expiresAt: onDay(30) })
  points(on(0), 20)
  const burned = burnHeld(on(2), hold(on(1), club, pick(on(1), 15), { orderId: 'web-2' }), {})
  giveBack(on(3), chooseBack(on(3), burned, 15)!, { reverses: burned.id, graceMs: 0 })
  expect(stand(on(3))).toEqual(['main 30 = 10+20'])
  expect(outstanding(on(3), burned)).toEqual([])
})

test.each([
  { graceMs: 0, there: [], gone: 'expire day 40' },
  { graceMs: 7 * day, there: ['main 10 = 10'], gone: 'expire day 47' },
])('what comes back after its end has the days of grace, here $graceMs ms', ({ graceMs, there, gone }) => {
  const { on } = clock()
  points(on(0), 10, { expiresAt: onDay(30) })
  const burned = burn(on(1), club, pick(on(1), 10), { orderId: 'web-2' })
  giveBack(on(40), chooseBack(on(40), burned, 10)!, { reverses: burned.id, graceMs })
  expect(stand(on(40))).toEqual(there)
  mature(on(100), ['ana'], [club])
  expect(stand(on(100))).toEqual([])
  expect(kinds(on(100)).at(-1)).toBe(gone)
})

test('what she owes is paid by whatever can be spent next, and pending points pay when they become active', () => {
  const { on } = clock()
  const { transaction, lot } = points(on(0), 100)
  burn(on(1), club, pick(on(1), 80), {})
  takeBack(on(2), club, [{ lot: lot!, amount: 20 }], { reverses: transaction.id, debt: { ownerId: 'ana', amount: 80 } })
  expect(stand(on(2))).toEqual(['debt -80'])
  points(on(3), 30)
  expect(stand(on(3))).toEqual(['debt -50'])
  points(on(4), 70, { activeAt: onDay(18) })
  expect(stand(on(4))).toEqual(['pending 70 = 70', 'debt -50'])
  mature(on(18), ['ana'], [club])
  expect(stand(on(18))).toEqual(['main 20 = 20'])
})

test('points that come back pay what she owes first, and count as given back', () => {
  const { on } = clock()
  const { transaction } = points(on(0), 100)
  const burned = burn(on(1), club, pick(on(1), 100), { orderId: 'web-2' })
  takeBack(on(2), club, [], { reverses: transaction.id, debt: { ownerId: 'ana', amount: 30 } })
  giveBack(on(3), chooseBack(on(3), burned, 40)!, { reverses: burned.id, graceMs: 0 })
  expect(stand(on(3))).toEqual(['main 10 = 10'])
  expect(outstanding(on(3), burned).map(it => it.amount)).toEqual([60])
})

test('what another holder of the same person owes cannot be spent either', () => {
  const { on } = clock()
  const { transaction } = points(on(0), 30, {}, 'card')
  burn(on(1), club, pick(on(1), 30, ['card']), {})
  takeBack(on(2), club, [], { reverses: transaction.id, debt: { ownerId: 'card', amount: 30 } })
  points(on(3), 100)
  expect(spendable(on(3), ['ana', 'card'], club)).toBe(70)
  expect(choose(on(3), ['ana', 'card'], club, 71, 'soonestExpiring')).toBeUndefined()
  expect(pick(on(3), 70, ['ana', 'card'])).toHaveLength(1)
})

test('a transfer moves lots with their expiry, and the fee to the house', () => {
  const { on, book } = clock()
  points(on(0), 10, { expiresAt: onDay(30) })
  points(on(0), 20)
  const moved = transfer(on(1), pick(on(1), 25), { to: 'ben', fee: 3, holderId: 'ana' })
  expect([...stand(on(1)), ...stand(on(1), 'ben')]).toEqual(['main 5 = 5', 'main 22 = 7+15'])
  const lots = lotsAt(on(1), 'ben', club)
  expect(lots.map(it => [it.amount, it.expiresAt])).toEqual([
    [7, onDay(30)],
    [15, null],
  ])
  expect(lots.map(it => it.fromLot)).toEqual(lotsAt(on(1), 'ana', club).map(it => it.id))
  expect(book.postings.get(moved.id)!.find(it => it.accountId === houseId(club, 'fees'))!.amount).toBe(3)
  mature(on(30), ['ana', 'ben'], [club])
  expect([...stand(on(30)), ...stand(on(30), 'ben')]).toEqual(['main 5 = 5', 'main 15 = 15'])
})

test('given sliding points end when they would have, whatever the other person does', () => {
  const { on } = clock()
  points(on(0), 10, { endsAt: onDay(30) })
  points(on(0), 5, { endsAt: onDay(90) }, 'ben')
  transfer(on(1), pick(on(1), 10), { to: 'ben', fee: 0 })
  mature(on(30), ['ben'], [club])
  expect(stand(on(30), 'ben')).toEqual(['main 5 = 5'])
})

test('when the clock has to come by next stands on the account', () => {
  const { on, book } = clock()
  const due = (kind: 'main' | 'pending') => {
    const at = book.accounts.get(accountId('ana', club, kind))!.dueAt
    return at === null ? null : (at - start) / day
  }
  points(on(0), 10, { expiresAt: onDay(60) })
  expect(due('main')).toBe(60)
  points(on(0), 10, { expiresAt: onDay(30) })
  points(on(0), 10, { activeAt: onDay(14), expiresAt: onDay(20) })
  expect([due('main'), due('pending')]).toEqual([30, 14])
  mature(on(14), ['ana'], [club])
  expect([due('main'), due('pending')]).toEqual([20, null])
  mature(on(59), ['ana'], [club])
  expect(due('main')).toBe(60)
  mature(on(60), ['ana'], [club])
  expect(due('main')).toBeNull()
})

test('what would not balance, not fit, or take from lots that are not there is a bug, and changes nothing', () => {
  const { on, book } = clock()
  const { lot } = points(on(0), 10)
  const before = JSON.stringify([[...book.accounts], [...book.lots], book.changes.newPostings])
  const main = { ownerId: 'ana', asset: club, kind: 'main', lot: lot!.id } as const
  const wrong = (legs: Parameters<typeof post>[1]['legs']) => () => post(on(1), { kind: 'adjust', legs })
  expect(wrong([])).toThrow('without postings')
  expect(wrong([{ ...main, amount: -5 }])).toThrow('off by -5')
  expect(wrong([{ ...main, amount: 0.5 }])).toThrow('a posting of 0.5')
  const adjusted = { house: 'adjusted', asset: club } as const
  expect(
    wrong([
      { ...main, amount: -11 },
      { ...adjusted, amount: 11 },
    ]),
  ).toThrow('would stand at -1')
  expect(
    wrong([
      { ...main, amount: 5 },
      { ...adjusted, amount: -5 },
    ]),
  ).toThrow('would hold 15')
  expect(
    wrong([
      { ...main, lot: 'lot_none', amount: 5 },
      { ...adjusted, amount: -5 },
    ]),
  ).toThrow('not in the book')
  expect(
    wrong([
      { ...main, kind: 'pending', amount: 5 },
      { ...adjusted, amount: -5 },
    ]),
  ).toThrow('is not in ana')
  const debt = { ownerId: 'ana', asset: club, kind: 'debt', amount: 1 } as const
  expect(wrong([debt, { ...adjusted, amount: -1 }])).toThrow('would stand at 1')
  expect(JSON.stringify([[...book.accounts], [...book.lots], book.changes.newPostings])).toBe(before)
  book.lotsOf.clear()
  expect(() => choose(on(1), ['ana'], club, 10, 'oldestFirst')).toThrow('did not say that it spends them')
})

test('a closed month takes nothing more: what belongs to it is booked in the open one, with the time it counts from', () => {
  const { on } = clock()
  const february = { ...on(40), closedThrough: '2026-01' }
  points(on(0), 10, { expiresAt: onDay(20) })
  mature(february, ['ana'], [club])
  const [earned, expired] = february.book.changes.newTransactions
  expect(earned!.period).toBe('2026-01')
  expect(expired).toMatchObject({ period: '2026-02', effectiveAt: onDay(20), bookedAt: onDay(40) })
})
