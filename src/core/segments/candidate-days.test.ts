import { describe, expect, it } from 'vitest'
import { compileCondition } from '../rules/condition.ts'
import { readsOf } from '../rules/reads.ts'
import { candidateDays, type Past } from './candidate-days.ts'

const nothing: Past = { of: [{}], behaviour: [], firstAt: undefined, lastAt: undefined }
const daysOf = (when: string, past: Partial<Past>, atMost = 5): number[] => {
  const condition = compileCondition(when, 'segment')
  if (!condition.ok) throw new Error(condition.refusal.message)
  const days: number[] = []
  for (const day of candidateDays(readsOf(condition.value), 100, { ...nothing, ...past })) {
    if (days.length === atMost) break
    days.push(day)
  }
  return days
}

describe('the clock alone may change an answer', () => {
  it.each<[string, Partial<Past>, number[]]>([
    ['orders(30) >= 1', { of: [{ orders: { EUR: [60, 1, 1, 1, 90, 1, 1, 1] } }] }, [120]],
    ['orders(30) >= 1', { of: [{ orders: { EUR: [75, 1, 1, 1] } }, { orders: { CHF: [80, 1, 1, 1] } }] }, [105, 110]],
    ['orders(30) >= 1 && orders(7) == 0', { of: [{ orders: { EUR: [98, 1, 1, 1] } }] }, [105, 128]],
    ['orders(30) >= 1', { of: [{ orders: { EUR: [101, 1, 1, 1] } }] }, [101, 131]],
    ['orders() >= 1', { of: [{ orders: { EUR: [98, 1, 1, 1] } }] }, []],
    ['returns(10) >= 1', { of: [{ returns: [95, 1], orders: { EUR: [98, 1, 1, 1] } }] }, [105]],
    [
      "events('A', 10) >= 1",
      { of: [{ events: { A: [95, 1], B: [96, 1] } }], behaviour: [{ events: { A: [97, 2] } }] },
      [105, 107],
    ],
    ["events('constructor', 10) >= 1", { of: [{ events: { A: [95, 1] } }] }, []],
    ['offersUsed(10) >= 1', { of: [{ used: [95, 1], received: [96, 1] }] }, [105, 106]],
    ['person.offers.ignored >= 1', { of: [{ ending: [90, 1, 103, 1] }] }, [103]],
    ['offersIgnored(10) >= 1', { of: [{ ending: [95, 1, 103, 1] }] }, [103, 105, 113]],
    ['person.orders.count > 0 && daysSince(person.orders.lastAt) > 60', { firstAt: 20, lastAt: 50 }, [111]],
    ["local.date >= '2026-03-01'", {}, [101, 102, 103, 104, 105]],
    ['person.known', { of: [{ orders: { EUR: [98, 1, 1, 1] } }] }, []],
  ])('%s', (when, past, days) => {
    expect(daysOf(when, past)).toEqual(days)
  })
})
