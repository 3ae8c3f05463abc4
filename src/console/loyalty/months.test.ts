import { expect, it } from 'vitest'
import { getLiability, listClosings } from '../../contract/finance.ts'
import type { Closing, LiabilityRow } from '../../sdk/index.ts'
import { firstOpen, monthsOf } from './months.ts'

const {
  data: [row],
} = getLiability.example.answer as { readonly data: readonly [LiabilityRow] }
const {
  data: [closed],
} = listClosings.example.answer as { readonly data: readonly [Closing] }
const inMonth = (period: string): LiabilityRow => ({ ...row, period })
const told = (closings: readonly Closing[], moved: readonly LiabilityRow[], thisMonth: string) =>
  monthsOf(closings, moved, thisMonth).map(({ period, state, isOver, rows }) => [period, state, isOver, rows.length])

it('has every month since the last that was closed, over the new year and also where nothing moved', () => {
  expect(told([closed], [inMonth('2026-12'), inMonth('2026-12')], '2027-01')).toEqual([
    ['2027-01', 'open', false, 0],
    ['2026-12', 'open', true, 2],
    ['2026-11', 'open', true, 0],
    ['2026-10', 'closed', true, 1],
  ])
})

it('begins where something moved first, as long as nothing is closed', () => {
  expect(told([], [inMonth('2026-03'), inMonth('2026-02')], '2026-03')).toEqual([
    ['2026-03', 'open', false, 1],
    ['2026-02', 'open', true, 1],
  ])
  expect(told([], [], '2026-03')).toEqual([['2026-03', 'open', false, 0]])
})

it('has a month that is being added up once, as one to go on with', () => {
  const half: Closing = { ...closed, period: '2026-11', state: 'closing', rows: [] }
  expect(firstOpen([half, closed])).toBe('2026-11')
  expect(told([half, closed], [inMonth('2026-11')], '2026-12')).toEqual([
    ['2026-12', 'open', false, 0],
    ['2026-11', 'closing', true, 1],
    ['2026-10', 'closed', true, 1],
  ])
})
