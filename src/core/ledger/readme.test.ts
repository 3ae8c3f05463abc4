import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bookFindings } from '../../../test/book-audit.ts'
import { parseInstant } from '../kernel/time.ts'
import { houseAccounts, houseId, pointsOf } from './account.ts'
import { balanceOf, emptyBook, type Ledger } from './book.ts'
import { burn, choose, chooseBack, earn, giveBack, mature, type Taken } from './lots.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const { earned, spent, back, then } = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

const at = (text: string): number => parseInstant(text)!

test('the example of the README: what is spent, what comes back, and where', () => {
  const book = emptyBook()
  const asset = pointsOf('club')
  let ids = 0
  const on = (text: string): Ledger => ({
    book,
    now: at(text),
    newId: prefix => `${prefix}_${++ids}`,
    timeZone: 'UTC',
    closedThrough: null,
  })
  const start = on('2026-03-01T00:00:00Z')
  const lots = earned.map(({ points, expiresAt }: { points: number; expiresAt: string }) => {
    const terms = { earnedAt: start.now, activeAt: null, awaits: null, expiresAt: at(expiresAt) }
    return earn(start, { ownerId: 'ana', asset, amount: points, from: 'earned', kind: 'earn', terms }).lot!
  })
  const amounts = (picks: readonly Taken[]) => picks.map(it => it.amount)

  const picks = choose(on(spent.on), ['ana'], asset, spent.points, 'soonestExpiring')!
  expect(amounts(picks)).toEqual(spent.of)
  const burned = burn(on(spent.on), asset, picks, {})

  mature(on(back.on), ['ana'], [asset])
  const returned = chooseBack(on(back.on), burned, back.points)!
  expect(returned.map(({ lot, amount }) => [amount, lot.expiresAt])).toEqual(
    back.to.map(([amount, expiresAt]: [number, string]) => [amount, at(expiresAt)]),
  )
  giveBack(on(back.on), returned, { reverses: burned.id, graceMs: 0 })

  expect(balanceOf(book, 'ana', asset, 'main')).toBe(then.main)
  expect(lots.map((lot: { remaining: number }) => lot.remaining)).toEqual(then.lots)
  const postings = [...book.postings.values()].flat()
  const house = houseAccounts.flatMap(kind => {
    const own = postings.filter(it => it.accountId === houseId(asset, kind))
    return own.length === 0 ? [] : [[kind, own.reduce((sum, it) => sum + it.amount, 0)]]
  })
  expect(Object.fromEntries(house)).toEqual(then.house)
  expect(bookFindings(book)).toEqual([])
})
