import { describe, expect, it } from 'vitest'
import { ledgerCasesByFile, runLedgerCase } from './ledger-case.ts'

it('has its cases, each with a name of its own', () => {
  const names = ledgerCasesByFile.flatMap(([, cases]) => cases.map(it => it.name))
  expect(names.length).toBeGreaterThanOrEqual(150)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(ledgerCasesByFile)('%s', (_file, cases) => {
  it.each(cases)('$name', given => {
    const steps = runLedgerCase(given)
    expect(steps.length).toBeGreaterThan(0)
    for (const [index, { expected, is, findings }] of steps.entries()) {
      expect(is, `step ${index + 1}`).toEqual(expected)
      // What holds after every step, said or not.
      expect(findings).toEqual([])
    }
  })
})
