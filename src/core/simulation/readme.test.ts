import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { defaultCombination } from '../workspaces/schema.ts'
import { liveDrafts } from './drafts.ts'
import { draft } from './schema.ts'
import { makeSimulation } from './simulate.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

it('the example of the README: a budget lasts for two orders', () => {
  const drafts = liveDrafts([draft.parse(example.draft)])
  const simulation = makeSimulation({ drafts, combination: defaultCombination, timeZone: 'UTC', currency: 'EUR' })
  const line = { id: '1', sku: 'LATTE', quantity: 1, unitPrice: 1000 }
  for (const at of example.orders)
    simulation.add({ id: at, at: Date.parse(at), channel: 'web', currency: 'EUR', lines: [line], shipping: 0 })
  const { limits, ...report } = example.report
  expect(simulation.report()).toMatchObject({ ...report, offers: [{ limits }] })
})
