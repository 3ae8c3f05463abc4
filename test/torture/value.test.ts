import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newCluster } from '../clusters.ts'
import { tortureValue } from './value.mjs'

// A violation prints the seed that repeats it.
const seed = Math.floor(Date.now() / 1000) % 1_000_000
const shared = {
  seed,
  postgresUrl: process.env.TEST_DATABASE_URL,
  prepare: (data: string) => newCluster(join(data, 'pglite')),
}

it.each(['pglite', 'postgres'] as const)(
  'on %s, points are what was answered, over holds, returns, transfers and joins with SIGKILL and restart',
  async store => {
    const run = await tortureValue({ ...shared, store, cycles: 3 })
    expect({ seed, violations: run.violations }).toEqual({ seed, violations: [] })
    expect(run.cycles).toBe(3)
    // The run did what it is for.
    expect(run.interrupted).toBeGreaterThan(0)
    for (const kind of ['putOrder', 'return', 'transfer', 'adjust', 'join'])
      expect([kind, run.acknowledged[kind] ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 5)])
  },
  240_000,
)

it.each([
  ['no-floor-check', /auditor/],
  ['lot-not-updated', /auditor/],
  ['hold-not-ended', /auditor/],
  ['accounts-overwritten', /auditor/],
])(
  'the harness sees a planted fault: %s',
  async (fault, account) => {
    const run = await tortureValue({ ...shared, store: 'postgres', cycles: 6, fault })
    expect(run.violations).toEqual(expect.arrayContaining([expect.stringMatching(account)]))
  },
  240_000,
)
