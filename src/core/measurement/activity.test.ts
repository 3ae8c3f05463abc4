import { expect, it } from 'vitest'
import { parseInstant } from '../kernel/time.ts'
import { startActivity, usualOf } from './activity.ts'

const at = (text: string): number => parseInstant(text)!

it('is added up by the hour on the clock of the zone, group by group, and currencies stay apart', () => {
  const { add, rows } = startActivity('hour', 'Europe/Rome')
  add({ at: at('2026-03-01T08:10:00Z'), group: 'web', currency: 'EUR', orders: 1, sales: 900, discount: 100 })
  add({ at: at('2026-03-01T08:59:59Z'), group: 'web', currency: 'EUR', orders: 1, sales: 100, revenue: 100, used: 1 })
  add({ at: at('2026-03-01T08:30:00Z'), group: 'store', currency: 'CHF', orders: 1, sales: 5 })
  add({ at: at('2026-03-01T08:30:00Z'), group: 'store', currency: null, given: 3 })
  add({ at: at('2026-03-01T09:00:00Z'), group: 'store', currency: null, returned: 1 })
  const none = { orders: 0, used: 0, returned: 0, given: 0 }
  expect(rows()).toEqual([
    {
      ...none,
      bucket: '2026-03-01T09+01:00',
      group: 'store',
      orders: 1,
      given: 3,
      amounts: [{ currency: 'CHF', sales: 5, discount: 0, revenue: 0 }],
    },
    {
      ...none,
      bucket: '2026-03-01T09+01:00',
      group: 'web',
      orders: 2,
      used: 1,
      amounts: [{ currency: 'EUR', sales: 1000, discount: 100, revenue: 100 }],
    },
    { ...none, bucket: '2026-03-01T10+01:00', group: 'store', returned: 1, amounts: [] },
  ])
})

it('is usual as the mean of the same hours of earlier weeks, also where the clocks changed meanwhile, without weeks in which nothing was', () => {
  const rowsOf = (text: string, orders: number, sales: number) => {
    const { add, rows } = startActivity('hour', 'Europe/Rome')
    add({ at: at(text), group: null, currency: 'EUR', orders, sales })
    return rows()
  }
  // On 2026-03-29 summer time begins: nine o'clock is 07:00Z then, and was 08:00Z before.
  const weeks = [rowsOf('2026-03-24T08:00:00Z', 3, 300), rowsOf('2026-03-17T08:00:00Z', 4, 401), [], []]
  expect(usualOf(weeks)).toEqual({
    weeks: 2,
    rows: [
      {
        bucket: '2026-03-31T09',
        group: null,
        orders: 4,
        used: 0,
        returned: 0,
        given: 0,
        amounts: [{ currency: 'EUR', sales: 351, discount: 0, revenue: 0 }],
      },
    ],
  })
  expect(usualOf([[], []])).toEqual({ weeks: 0, rows: [] })
})
