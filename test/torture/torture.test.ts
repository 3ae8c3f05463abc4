import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newCluster } from '../clusters.ts'
import { torture } from './torture.mjs'

// The short form of `npm run torture`. A violation prints the seed that repeats it. Five of the planted faults stand here for the fourteen, one
// for each way of finding out; `TESSERA_TORTURE=whole npm test -- test/torture` plants them all.
const isWhole = process.env.TESSERA_TORTURE === 'whole'
const inShort = [
  'no-limit-check',
  'answer-before-commit',
  'unsorted-locks',
  'return-not-idempotent',
  'merge-forgets-a-link',
]
const seed = Math.floor(Date.now() / 1000) % 1_000_000
const shared = {
  seed,
  postgresUrl: process.env.TEST_DATABASE_URL,
  prepare: (data: string) => newCluster(join(data, 'pglite')),
}

it.each(['pglite', 'postgres'] as const)(
  'on %s, every promise holds over three cycles of racing load, SIGKILL and restart',
  async store => {
    const run = await torture({ ...shared, store, cycles: 3 })
    expect({ seed, violations: run.violations }).toEqual({ seed, violations: [] })
    expect(run.cycles).toBe(3)
    // The run did what it is for: it killed, cut requests off in the middle, and uses were fought over.
    expect(run.kills).toBeGreaterThanOrEqual(3)
    expect(run.interrupted).toBeGreaterThan(0)
    expect(run.redemptions).toBeGreaterThan(50)
    expect(run.returns).toBeGreaterThan(0)
    expect(run.merges).toBeGreaterThan(0)
    expect(run.splits).toBeGreaterThan(0)
  },
  240_000,
)

const planted: readonly (readonly [string, RegExp])[] = [
  ['no-limit-check', /allows \d+ uses|has a budget of/],
  ['no-idempotency-record', /^key |keys are remembered/],
  ['answer-before-commit', /was acknowledged and is not there|is lost|not as it was acknowledged/],
  ['unsorted-locks', /deadlock/],
  ['unlocked-counters', /counts used, held and their budget|allows \d+ uses/],
  ['no-stock-check', /has \d+ (CUP|BAG|PIN) to give/],
  ['unit-returned-twice', /are back, and not as many came/],
  ['return-not-idempotent', /^return \S+: |return \S+ sums up wrongly/],
  ['merge-forgets-a-link', /its links say|all links say/],
  ['merge-without-lock', /its links say|all links say|the rows say/],
  ['limit-counts-one-holder', /allows \d uses a person/],
  ['segment-not-followed', /should (not )?be in segment|should not be/],
  ['late-consent-counts', /its ledger comes to/],
  ['return-not-counted', /the rows say/],
]

it.each(planted.filter(([fault]) => isWhole || inShort.includes(fault)))(
  'the harness sees a planted fault: %s',
  async (fault, account) => {
    const run = await torture({ ...shared, store: 'postgres', cycles: 12, fault })
    expect(run.violations).toEqual(expect.arrayContaining([expect.stringMatching(account)]))
  },
  240_000,
)
