import { plusDays } from '../../faces/days.ts'
import type { SimulationReport } from '../../sdk/index.ts'

type Day = SimulationReport['days'][number]

/** So many bars can be told apart on a phone. */
const mostDays = 62

const mondayOf = (date: string): string => plusDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7))

/**
 * Days as a chart shows them: as they are, or in weeks from their Mondays where they are too many to be told apart.
 *
 *     weeksOf(report.days)   // { by: 'week', steps: [{ date: '2026-03-02', orders: 140, revenueBefore: 98000, discount: 4100 }] }
 */
export const weeksOf = (days: readonly Day[]): { readonly by: 'day' | 'week'; readonly steps: readonly Day[] } => {
  if (days.length <= mostDays) return { by: 'day', steps: days }
  const weeks = new Map<string, Day>()
  for (const { date, orders, revenueBefore, discount } of days) {
    const monday = mondayOf(date)
    const sofar = weeks.get(monday) ?? { date: monday, orders: 0, revenueBefore: 0, discount: 0 }
    weeks.set(monday, {
      date: monday,
      orders: sofar.orders + orders,
      revenueBefore: sofar.revenueBefore + revenueBefore,
      discount: sofar.discount + discount,
    })
  }
  return { by: 'week', steps: [...weeks.values()] }
}
