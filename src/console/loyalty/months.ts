import type { Closing, LiabilityRow } from '../../sdk/index.ts'

/** `monthAfter('2026-12', 1)` is '2027-01'. */
const monthAfter = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}

/** A month of the books: as it was closed, or as it stands. */
export type Month = Pick<Closing, 'period' | 'state' | 'rows' | 'closedAt' | 'closedBy'> & {
  /** Only then it can be closed. */
  readonly isOver: boolean
}

/** The first month that is open, as far as closings tell. */
export const firstOpen = (closings: readonly Pick<Closing, 'period' | 'state'>[]): string | undefined => {
  const [newest] = closings
  return newest && (newest.state === 'closed' ? monthAfter(newest.period, 1) : newest.period)
}

/**
 * The months of the books, the newest first: the open ones up to this one, then those that are closed. `moved` is what moved since the
 * first open one; a month in which nothing did is there too, without rows.
 */
export const monthsOf = (
  closings: readonly Closing[],
  moved: readonly LiabilityRow[],
  thisMonth: string,
): readonly Month[] => {
  const first = firstOpen(closings) ?? moved.map(({ period }) => period).sort()[0] ?? thisMonth
  const open: Month[] = []
  for (let period = first; period <= thisMonth; period = monthAfter(period, 1)) {
    const begun = closings.find(it => it.period === period)
    open.push({
      period,
      state: begun?.state ?? 'open',
      rows: moved.filter(row => row.period === period),
      closedAt: null,
      closedBy: null,
      isOver: period < thisMonth,
    })
  }
  return [...open.reverse(), ...closings.filter(({ state }) => state === 'closed').map(it => ({ ...it, isOver: true }))]
}
