/** Edits (insert, delete, replace, swap two neighbours) from one word to another: optimal string alignment. */
const editDistance = (from: string, to: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, beforeLast[column - 2]! + 1)
      }
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}

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
