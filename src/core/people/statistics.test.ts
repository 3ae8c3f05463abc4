import { describe, expect, it } from 'vitest'
import { earlier, inHistory, type Statistics } from '../rules/history.ts'
import { bookLast, bookOrder, bookValue, type CountedOrder, mostValues, orderDays } from './statistics.ts'

const order = (day: number, more: Partial<CountedOrder> = {}): CountedOrder => ({
  day,
  hour: 9,
  currency: 'EUR',
  channel: 'web',
  orders: 1,
  units: 2,
  spend: 900,
  categories: new Map([['coffee', { units: 2, spend: 900 }]]),
  ...more,
})
const booked = (...days: readonly number[]): Statistics =>
  days.reduce((statistics, day) => bookOrder(statistics, order(day), 1), {})

describe('an order', () => {
  it('is a few numbers a day', () => {
    expect(booked(20514)).toEqual({
      from: 20149,
      orders: { EUR: [20514, 1, 2, 900] },
      channels: { web: { EUR: [20514, 1, 2, 900] } },
      categories: { coffee: { EUR: [20514, 1, 2, 900] } },
      hours: [9, 1],
    })
  })

  it('that is taken back leaves nothing behind, also when its day is long gone', () => {
    for (const days of [[20514], [20514, 20514], [20000, 20514, 21000]]) {
      const taken = days.reduce((statistics, day) => bookOrder(statistics, order(day), -1), booked(...days))
      expect(taken).toEqual({ from: Math.max(...days) - 365 })
    }
  })

  it('lies with those of the 365 days before the newest; earlier ones are added up, in whatever order they come', () => {
    const days = Array.from({ length: 1000 }, (_, index) => 20_000 + ((index * 7) % 1000))
    const statistics = booked(...days)
    expect(statistics.from).toBe(20_999 - 365)
    const kept = statistics.orders!.EUR!.filter((_, index) => index % 4 === 0)
    expect(kept).toEqual([earlier, ...Array.from({ length: 366 }, (_, index) => 20_634 + index)])
    expect(statistics.orders!.EUR!.slice(0, 4)).toEqual([earlier, 634, 1268, 634 * 900])
    expect(inHistory({ currency: 'EUR', of: [statistics] }, 20_999).orders()).toBe(1000)
    expect(orderDays(statistics)).toEqual({ first: earlier, last: 20_999 })
    expect(booked(...days.toReversed())).toEqual(statistics)
  })

  it('of long ago does not lie between the days that are kept', () => {
    expect(booked(20_999, 20_000, 20_001).orders).toEqual({ EUR: [earlier, 2, 4, 1800, 20_999, 1, 2, 900] })
  })

  it('may be of a channel, a category and a currency by any name', () => {
    const odd = order(1, { channel: '__proto__', categories: new Map([['constructor', { units: 1, spend: 5 }]]) })
    const asked = inHistory({ currency: 'EUR', of: [bookOrder({}, odd, 1)] }, 1)
    expect([asked.ordersIn('__proto__'), asked.ordersIn('constructor'), asked.unitsOf('constructor')]).toEqual([
      1, 0, 1,
    ])
  })
})

describe('what a trait keeps', () => {
  it('is the last value, whatever comes late', () => {
    const values: readonly (readonly [at: number, value: string])[] = [
      [2, 'b'],
      [3, 'a'],
      [3, 'c'],
      [1, 'd'],
    ]
    for (const all of [values, values.toReversed()]) {
      const none: Statistics = {}
      expect(all.reduce((it, [at, value]) => bookLast(it, 'k', at, value), none).last).toEqual({ k: [3, 'c'] })
    }
  })

  it('is up to 100 different values; of more those that came least make room', () => {
    let statistics = bookValue(bookValue({}, 'k', 'often', 1), 'k', 'often', 2)
    for (let number = 0; number < mostValues + 20; number += 1) statistics = bookValue(statistics, 'k', `v${number}`, 3)
    const { k } = statistics.values!
    expect(Object.keys(k!)).toHaveLength(mostValues)
    expect(k!.often).toEqual([1, 1, 2, 1])
    expect(k![`v${mostValues + 19}`]).toEqual([3, 1])
  })
})
