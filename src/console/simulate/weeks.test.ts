import { expect, it } from 'vitest'
import { plusDays } from '../../faces/days.ts'
import { weeksOf } from './weeks.ts'

const days = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    date: plusDays('2026-03-04', index),
    orders: 1,
    revenueBefore: 1000,
    discount: 100,
  }))

it('few days are shown as they are', () => {
  expect(weeksOf(days(62))).toEqual({ by: 'day', steps: days(62) })
})

it('many days are added up by weeks, which begin on Mondays; none is lost', () => {
  const { by, steps } = weeksOf(days(63))
  expect(by).toBe('week')
  expect(steps[0]).toEqual({ date: '2026-03-02', orders: 5, revenueBefore: 5000, discount: 500 })
  expect(steps[1]).toEqual({ date: '2026-03-09', orders: 7, revenueBefore: 7000, discount: 700 })
  expect(steps.reduce((sum, { orders }) => sum + orders, 0)).toBe(63)
})
