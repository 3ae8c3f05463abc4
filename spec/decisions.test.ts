import { describe, expect, it } from 'vitest'
import { decide } from '../src/core/orders/decide.ts'
import { casesByFile, inputOf, told } from './decision-case.ts'

it('has its cases, each with a name of its own', () => {
  const names = casesByFile.flatMap(([, cases]) => cases.map(it => it.name))
  expect(names.length).toBeGreaterThanOrEqual(390)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(casesByFile)('%s', (_file, cases) => {
  it.each(cases)('$name', given => {
    const { input, names } = inputOf(given)
    const decision = decide(input)
    const expected = { applied: [], available: [], refused: [], ...given.expect }
    expect(told(decision, names, expected)).toEqual(expected)

    // What holds for every case, said or not.
    const { subtotal, discount, shipping, shippingDiscount, total } = decision.totals
    expect(total).toBe(subtotal - discount + shipping - shippingDiscount)
    expect(decision.applied.reduce((sum, it) => sum + it.amount, 0)).toBe(discount + shippingDiscount)
    for (const line of decision.lines) {
      expect(line.total).toBeGreaterThanOrEqual(0)
      expect(line.units.reduce((sum, { quantity, each }) => sum + quantity * each, 0)).toBe(line.total)
    }
  })
})
