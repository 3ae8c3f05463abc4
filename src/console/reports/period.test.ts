import { expect, it } from 'vitest'
import { monthsTo, spansOf } from './period.ts'

const now = Date.parse('2026-03-08T10:20:00Z')

it('compares days with as many before them, up to the same hour', () => {
  const { now: its, before, buckets, bucketsBefore, bucket } = spansOf('7d', now, 'Europe/Rome')
  expect(its).toEqual({ from: '2026-03-01T23:00:00.000Z', to: '2026-03-08T11:00:00.000Z' })
  expect(before).toEqual({ from: '2026-02-22T23:00:00.000Z', to: '2026-03-01T11:00:00.000Z' })
  expect(bucket).toBe('day')
  expect([buckets[0], buckets[6], buckets.length]).toEqual(['2026-03-02', '2026-03-08', 7])
  expect([bucketsBefore[0], bucketsBefore[6], bucketsBefore.length]).toEqual(['2026-02-23', '2026-03-01', 7])
})

it('compares twelve months with the twelve before them', () => {
  const { now: its, before, buckets, bucketsBefore, bucket } = spansOf('12m', now, 'UTC')
  expect(its).toEqual({ from: '2025-04-01T00:00:00.000Z', to: '2026-03-08T11:00:00.000Z' })
  expect(before).toEqual({ from: '2024-04-01T00:00:00.000Z', to: '2025-03-08T11:00:00.000Z' })
  expect(bucket).toBe('month')
  expect([buckets[0], buckets[11]]).toEqual(['2025-04', '2026-03'])
  expect([bucketsBefore[0], bucketsBefore[11]]).toEqual(['2024-04', '2025-03'])
})

it('counts months over the end of a year', () => {
  expect(monthsTo('2026-02-28', 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
})
