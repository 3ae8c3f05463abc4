import { dateOf, dayNumber, type Period, periodKey } from '../kernel/time.ts'

type Counts = { orders: number; used: number; returned: number; given: number }
type Money = { sales: number; discount: number; revenue: number }
/** What happened in one place at about one time; minor units. What is left out is 0. */
export type ActivityFact = Readonly<Partial<Counts & Money>> & {
  readonly at: number
  /** Of the group that is asked for, such as a channel; null: of all. */
  readonly group: string | null
  /** null: it is not about money. */
  readonly currency: string | null
}
export type ActivityRow = Readonly<Counts> & {
  readonly bucket: string
  readonly group: string | null
  readonly amounts: readonly (Readonly<Money> & { readonly currency: string })[]
}

const counts = ['orders', 'used', 'returned', 'given'] as const
const moneys = ['sales', 'discount', 'revenue'] as const

/** Adds up by bucket and group; currencies stay apart. */
const startSums = () => {
  const sums = new Map<string, Counts & { bucket: string; group: string | null; money: Map<string, Money> }>()
  const sumOf = (bucket: string, group: string | null) => {
    const key = `${bucket}\n${group ?? ''}`
    const sum = sums.get(key) ?? { bucket, group, orders: 0, used: 0, returned: 0, given: 0, money: new Map() }
    sums.set(key, sum)
    return sum
  }
  return {
    add: (bucket: string, group: string | null, currency: string | null, its: Partial<Counts & Money>): void => {
      const sum = sumOf(bucket, group)
      for (const count of counts) sum[count] += its[count] ?? 0
      if (currency === null) return
      const money = sum.money.get(currency) ?? { sales: 0, discount: 0, revenue: 0 }
      sum.money.set(currency, money)
      for (const of of moneys) money[of] += its[of] ?? 0
    },
    rows: (): ActivityRow[] =>
      [...sums]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { money, ...sum }]) => ({
          ...sum,
          amounts: [...money].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, its]) => ({ currency, ...its })),
        })),
  }
}

/**
 * What happened by local hour, day, ISO week or month (`periodKey`) and by group. Rows come by bucket, then group; what did not happen has none.
 *
 *     const activity = startActivity('day', 'Europe/Rome')
 *     activity.add({ at, group: 'store', currency: 'EUR', orders: 1, sales: 900 })
 *     activity.rows()   // [{ bucket: '2026-03-01', group: 'store', orders: 1, …, amounts: [{ currency: 'EUR', sales: 900, … }] }]
 */
export const startActivity = (bucket: Period, timeZone: string) => {
  const { add, rows } = startSums()
  return {
    add: ({ at, group, currency, ...its }: ActivityFact): void =>
      add(periodKey(at, timeZone, bucket), group, currency, its),
    rows,
  }
}

/** The same day so many weeks later, or the same hour, whatever the zone's offset is then: `weeksLater('2026-03-01T09+01:00', 1)` is '2026-03-08T09'. */
export const weeksLater = (bucket: string, weeks: number): string =>
  dateOf(dayNumber(bucket.slice(0, 10))! + 7 * weeks) + bucket.slice(10, 13)

/**
 * What is usual: the mean of the same hours or days of earlier weeks, of those in which anything happened at all. `weeks[0]` is one week
 * before, and so on. Whole numbers, rounded half up.
 */
export const usualOf = (weeks: readonly (readonly ActivityRow[])[]): { weeks: number; rows: ActivityRow[] } => {
  const sums = startSums()
  for (const [index, week] of weeks.entries()) {
    for (const { bucket, group, amounts, ...its } of week) {
      sums.add(weeksLater(bucket, index + 1), group, null, its)
      for (const { currency, ...money } of amounts) sums.add(weeksLater(bucket, index + 1), group, currency, money)
    }
  }
  const counted = weeks.filter(week => week.length > 0).length
  const mean = <T extends Record<string, unknown>>(its: T): T =>
    Object.fromEntries(
      Object.entries(its).map(([name, it]) => [name, typeof it === 'number' ? Math.round(it / counted) : it]),
    ) as T
  return { weeks: counted, rows: sums.rows().map(row => ({ ...mean(row), amounts: row.amounts.map(mean) })) }
}
