import type { Basket, UnitPick, UnitRun } from './benefit-kind.ts'

/** A run of units and where it stands. With a smaller `count` it means the first ones of the run. */
export type PlacedRun = UnitRun & { readonly line: number; readonly run: number }

/** The units of some lines, dearest first by what they still cost or by the price reckoned with; ties by line order. */
export const dearestUnits = (basket: Basket, lines: readonly number[], by: 'left' | 'price'): PlacedRun[] =>
  lines
    .flatMap(line => basket.units(line).map((units, run) => ({ ...units, line, run })))
    .sort((a, b) => b[by] - a[by] || a.line - b.line || a.run - b.run)

/** The first units in the order given: `firstUnits([3 lattes, 2 teas], 4)` is 3 lattes and 1 tea. */
export const firstUnits = (runs: readonly PlacedRun[], wanted: number): PlacedRun[] => {
  let rest = wanted
  return runs.flatMap(run => {
    const count = Math.min(run.count, rest)
    rest -= count
    return count === 0 ? [] : [{ ...run, count }]
  })
}

export const countOf = (runs: readonly PlacedRun[]): number => runs.reduce((sum, { count }) => sum + count, 0)

/** What units cost together. */
export const moneyOf = (runs: readonly PlacedRun[], by: 'left' | 'price'): number =>
  runs.reduce((sum, run) => sum + run[by] * run.count, 0)

/** Units as an effect names them; parts of one run become one pick, because a pick is always the first ones of its run. */
export const picksOf = (runs: readonly PlacedRun[]): UnitPick[] => {
  const picks = new Map<string, UnitPick>()
  for (const { line, run, count } of runs) {
    const place = `${line}/${run}`
    picks.set(place, { line, run, count: count + (picks.get(place)?.count ?? 0) })
  }
  return [...picks.values()]
}
