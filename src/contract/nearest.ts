/** Edit distance with transpositions counted as one, cut off early: names are short, mistakes are one or two letters. */
const distance = (a: string, b: string): number => {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}

/**
 * The known name that was probably meant, or undefined when none is close.
 *
 *     nearest('itmes', ['items', 'codes'])   // 'items'
 *     nearest('colour', ['items', 'codes'])  // undefined
 */
export const nearest = (given: string, known: Iterable<string>): string | undefined => {
  if (given.length > 64) return undefined
  const allowed = Math.max(1, Math.floor(given.length / 3))
  let best: string | undefined
  let least = allowed + 1
  for (const name of known) {
    if (Math.abs(name.length - given.length) >= least) continue
    const far = distance(given.toLowerCase(), name.toLowerCase())
    if (far < least) {
      least = far
      best = name
    }
  }
  return best
}
