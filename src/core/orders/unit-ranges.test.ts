import { expect, it } from 'vitest'
import { cheapestUnits, rangesOf, unitsIn } from './unit-ranges.ts'

it.each([
  [[], []],
  [[3], [[3, 3]]],
  [
    [4, 2, 3, 7],
    [
      [2, 4],
      [7, 7],
    ],
  ],
])('units %j are the ranges %j, and back', (units, ranges) => {
  expect(rangesOf(units)).toEqual(ranges)
  expect(unitsIn(ranges as [number, number][])).toEqual(new Set(units))
})

it('the cheapest units that are not back come back first, of equals the last', () => {
  expect(cheapestUnits([450, 450, 450, 450, 450], new Set([4]), 3)).toEqual([5, 3, 2])
  expect(cheapestUnits([0, 450, 450], new Set(), 2)).toEqual([1, 3])
  expect(cheapestUnits([450, 450], new Set([1, 2]), 1)).toEqual([])
})
