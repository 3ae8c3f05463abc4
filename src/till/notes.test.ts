import { expect, it } from 'vitest'
import { likelyNotes } from './notes.ts'

it.each([
  ['a coffee in euros', 450, 2, [500, 1000, 2000, 5000]],
  ['a bag of groceries', 2310, 2, [2500, 3000, 4000, 5000]],
  ['a round sum, which is not told again', 2000, 2, [5000]],
  ['a large one', 12_300, 2, [15_000, 20_000, 50_000]],
  ['rupiah, which have no small notes', 4_512_300, 2, [5_000_000, 6_000_000]],
  ['yen, which have no decimals', 640, 0, [650, 700, 800, 1000]],
  ['three decimals', 1750, 3, [5000, 10_000, 20_000, 50_000]],
] as const)('offers what is handed over for %s', (_, due, decimals, notes) => {
  expect(likelyNotes(due, decimals)).toEqual(notes)
})
