import { expect, it } from 'vitest'
import { openingHours, timeZone } from './chain.ts'
import { makeYear, meantBy } from './year.ts'

const options = { seed: 3, people: 80, endsAt: Date.UTC(2026, 10, 23, 10), days: 365 }

it('is the same year for the same seed, and another for another', () => {
  expect(makeYear(options)).toEqual(makeYear(options))
  expect(meantBy(makeYear({ ...options, seed: 4 }))).not.toEqual(meantBy(makeYear(options)))
})

it('grows, keeps opening hours, and goes until the morning on which it ends', () => {
  const { days, customers } = makeYear(options)
  const sales = days.flatMap(it => it.sales)
  const half = days.slice(0, 182).flatMap(it => it.sales).length
  expect(sales.length - half).toBeGreaterThan(half)
  const hour = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' })
  const inStores = sales.filter(it => it.channel === 'store').map(it => Number(hour.format(it.at)))
  expect(Math.min(...inStores)).toBe(openingHours.store[0])
  expect(Math.max(...inStores)).toBe(openingHours.store[1])
  expect(days.at(-1)!.date).toBe('2026-11-23')
  expect(Math.max(...sales.map(it => it.at))).toBeLessThanOrEqual(options.endsAt)
  expect(days.at(-1)!.sales.length).toBeGreaterThan(0)
  expect(new Set(sales.flatMap(it => it.customer ?? [])).size).toBeLessThanOrEqual(customers.length)
})

it('has somebody who is not known at first and tells who she is once', () => {
  const { days } = makeYear(options)
  const told = days.flatMap(it => it.sales).filter(it => it.introduces)
  expect(told.length).toBeGreaterThan(20)
  expect(new Set(told.map(it => it.customer)).size).toBe(told.length)
})
