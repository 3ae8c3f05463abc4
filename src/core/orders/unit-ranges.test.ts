import { expect, it } from 'vitest'
import { lastUnits, rangesOf, unitsIn } from './unit-ranges.ts'

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

it('the last units are those with the highest numbers that are not back', () => {
  expect(lastUnits(5, new Set([4]), 3)).toEqual([5, 3, 2])
  expect(lastUnits(2, new Set([1, 2]), 1)).toEqual([])
})
