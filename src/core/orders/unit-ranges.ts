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

/** The last so many units of a line that are not back yet: `lastUnits(5, new Set([4]), 2)` is `[5, 3]`. */
export const lastUnits = (quantity: number, back: ReadonlySet<number>, wanted: number): number[] => {
  const units: number[] = []
  for (let unit = quantity; unit > 0 && units.length < wanted; unit -= 1) if (!back.has(unit)) units.push(unit)
  return units
}
