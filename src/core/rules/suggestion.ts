import { editDistance } from '../kernel/edit-distance.ts'

const isAbbreviation = (short: string, long: string): boolean => {
  let found = 0
  for (const character of long) if (character === short[found]) found++
  return short.length >= 4 && found === short.length
}

/**
 * The known word that was probably meant: the nearest within a third of its length, else one that contains the letters in
 * order. `suggestion('totl', ['id', 'subtotal'])` is 'subtotal', `suggestion('xyz', ['id'])` undefined.
 */
export const suggestion = (word: string, known: readonly string[]): string | undefined => {
  const lower = word.toLowerCase()
  const ranked = known
    .map(candidate => ({ candidate, edits: editDistance(lower, candidate.toLowerCase()) }))
    .sort((left, right) => left.edits - right.edits)
  const near = ranked.find(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
  return near?.candidate ?? ranked.find(({ candidate }) => isAbbreviation(lower, candidate.toLowerCase()))?.candidate
}
