/** Numbers of units, counted from 1, as ranges `[first, last]`: ten thousand units that came back are one pair. */
export type UnitRanges = readonly (readonly [number, number])[]

/** `unitsIn([[2, 4]])` is the set of 2, 3 and 4. */
export const unitsIn = (ranges: UnitRanges): Set<number> =>
  new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index)))

/** `rangesOf([4, 2, 3, 7])` is `[[2, 4], [7, 7]]`. */
export const rangesOf = (units: Iterable<number>): UnitRanges => {
  const ranges: [number, number][] = []
  for (const unit of [...units].sort((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range && unit === range[1] + 1) range[1] = unit
    else ranges.push([unit, unit])
  }
  return ranges
}

/**
 * The units of a line that come back where nobody says which: of those that are not back yet the cheapest, so that whoever got one free for two
 * does not keep it when she gives one back; of equals the last. `each` is what the units cost, from the first on.
 *
 *     cheapestUnits([0, 450, 450], new Set(), 2)   // [1, 3]
 */
export const cheapestUnits = (each: readonly number[], back: ReadonlySet<number>, wanted: number): number[] =>
  each
    .map((cost, index) => ({ cost, unit: index + 1 }))
    .filter(({ unit }) => !back.has(unit))
    .sort((a, b) => a.cost - b.cost || b.unit - a.unit)
    .slice(0, wanted)
    .map(({ unit }) => unit)
