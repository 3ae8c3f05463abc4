import fc from 'fast-check'
import { expect, test } from 'vitest'
import { belowNothing, bookFindings } from '../../../test/book-audit.ts'
import { at, club, commands, compare, Model, owners, Real } from '../../../test/ledger-model.ts'
import { type Book, emptyBook, type Ledger } from './book.ts'
import { mature } from './lots.ts'

class InMemory extends Real {
  readonly book = emptyBook()
  ids = 0

  get ledger(): Ledger {
    const newId = (prefix: string): string => `${prefix}_${String(++this.ids).padStart(8, '0')}`
    return { book: this.book, now: at(this.day), newId, timeZone: 'UTC', closedThrough: null }
  }

  override async act(who: readonly string[], _: readonly string[], run: (ledger: Ledger) => void): Promise<void> {
    mature(this.ledger, who, [club])
    run(this.ledger)
  }

  override async look(): Promise<Book> {
    return this.book
  }

  override async findings(): Promise<readonly string[]> {
    return bookFindings(this.book)
  }
}

test('whatever happens, the ledger and heaps that somebody looks through every morning say the same', async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async all => {
      const model = new Model()
      const real = new InMemory()
      await fc.asyncModelRun(() => ({ model, real }), all)
      mature(real.ledger, owners, [club])
      compare(model, real.book, owners)
      expect(bookFindings(real.book)).toEqual([])
      expect(belowNothing(real.book)).toEqual([])
      expect(mature(real.ledger, owners, [club])).toBe(0)
      steps += real.book.transactions.size
    }),
    { numRuns: 300 },
  )
  expect(steps).toBeGreaterThan(300)
})
