import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decide } from '../src/core/orders/decide.ts'
import { type DecisionCase, inputOf, mergePatch, told } from './decision-case.ts'

type CaseFile = { readonly about: string; readonly given: unknown; readonly cases: readonly unknown[] }

const folder = new URL('decisions/', import.meta.url)
const files = readdirSync(folder).map(
  name => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CaseFile] as const,
)
const casesOf = ({ given, cases }: CaseFile) => cases.map(it => mergePatch(given, it) as DecisionCase)

it('has its cases, each with a name of its own', () => {
  const names = files.flatMap(([, file]) => casesOf(file).map(it => it.name))
  expect(names.length).toBeGreaterThanOrEqual(98)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(files)('%s', (_name, file) => {
  it.each(casesOf(file))('$name', given => {
    const { input, names } = inputOf(given)
    const decision = decide(input)
    const expected = { applied: [], available: [], refused: [], ...given.expect }
    expect(told(decision, names, expected)).toEqual(expected)

    // What holds for every case, said or not.
    const { subtotal, discount, shipping, total } = decision.totals
    expect(total).toBe(subtotal - discount + shipping)
    expect(decision.applied.reduce((sum, it) => sum + it.amount, 0)).toBe(discount)
  })
})
