import { Readable } from 'node:stream'
import type { exportActivity, getActivity } from '../../contract/activity.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { type InputError, no, ok, type Result } from '../../core/kernel/refusal.ts'
import { dateOf, formatInstant, isTimeZone, localDay, parseInstant, startOfLocalDate } from '../../core/kernel/time.ts'
import { type ActivityRow, usualOf } from '../../core/measurement/activity.ts'
import { type ExportRow, textOf } from '../exports/rows.ts'
import type { Call, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { type ActivityAsked, readActivity } from '../reports/read-activity.ts'
import type { Services } from '../services.ts'

const dayMs = 86_400_000
const usualWeeks = [1, 2, 3, 4]

/** The same time on the clock so many weeks before. */
const weeksBefore = (at: number, weeks: number, timeZone: string): number => {
  const day = localDay(at, timeZone)
  const inDay = at - startOfLocalDate(dateOf(day), timeZone)
  return startOfLocalDate(dateOf(day - 7 * weeks), timeZone) + inDay
}

const columns = [
  'bucket',
  'group',
  'orders',
  'used',
  'returned',
  'given',
  'currency',
  'sales',
  'discount',
  'revenue',
] as const

const cellsOf = ({
  amounts,
  bucket,
  group,
  orders,
  used,
  returned,
  given,
}: ActivityRow): ExportRow<(typeof columns)[number]>[] => {
  const counts = { bucket, group, orders, used, returned, given }
  const none = { orders: 0, used: 0, returned: 0, given: 0 }
  if (amounts.length === 0) return [{ ...counts, currency: null, sales: null, discount: null, revenue: null }]
  // Counts are of all currencies: they stand once, so that whoever adds a column up has the sum.
  return amounts.map(({ currency, ...its }, index) => ({
    ...counts,
    ...(index === 0 ? {} : none),
    currency,
    sales: Number(formatMoney(its.sales, currency)),
    discount: Number(formatMoney(its.discount, currency)),
    revenue: Number(formatMoney(its.revenue, currency)),
  }))
}

export const activityHandlers = ({ database, workspaces }: Services) => {
  const askedBy = ({
    query,
    auth,
    now,
  }: Pick<Call<typeof getActivity>, 'query' | 'auth' | 'now'>): Result<ActivityAsked> => {
    const { timeZone = workspaces.known(auth.workspaceId).workspace.timeZone } = query
    const to = query.to === undefined ? now : parseInstant(query.to)!
    const from = query.from === undefined ? to - 7 * dayMs : parseInstant(query.from)!
    const { bucket, by, channel, location, campaign, offer } = query
    const errors: InputError[] = []
    if (!isTimeZone(timeZone)) errors.push({ pointer: '?timeZone', message: 'is no time zone' })
    if (from >= to) errors.push({ pointer: '?from', message: 'is not before `to`' })
    if (from < 0) errors.push({ pointer: '?from', message: 'is before 1970' })
    if (query.usual && (bucket === 'week' || bucket === 'month' || to - from > 7 * dayMs))
      errors.push({ pointer: '?usual', message: 'is told of hours or days, in a period of a week at most' })
    return errors.length > 0
      ? no(invalidInput(errors))
      : ok({ from, to, bucket, timeZone, by, channel, location, campaign, offer })
  }

  const get: Handler<typeof getActivity> = async call => {
    const found = askedBy(call)
    if (!found.ok) return found
    const asked = found.value
    const { from, to, timeZone } = asked
    const { workspaceId } = call.auth
    const data = await readActivity(database, workspaceId, asked)
    const weeks = []
    for (const week of call.query.usual ? usualWeeks : []) {
      const [start, end] = [from, to].map(at => weeksBefore(at, week, timeZone))
      weeks.push(await readActivity(database, workspaceId, { ...asked, from: start!, to: end! }))
    }
    const usual = usualOf(weeks)
    return {
      json: {
        from: formatInstant(from),
        to: formatInstant(to),
        timeZone,
        data,
        ...(call.query.usual && { usual: { weeks: usual.weeks, data: usual.rows } }),
      },
    }
  }

  const exported: Handler<typeof exportActivity> = async ({ query, auth, now }) => {
    const asked = askedBy({ query, auth, now })
    if (!asked.ok) return asked
    const rows = async function* () {
      yield (await readActivity(database, auth.workspaceId, asked.value)).flatMap(cellsOf)
    }
    return {
      stream: Readable.from(textOf(columns, query.format, rows())),
      contentType: query.format === 'csv' ? 'text/csv' : 'application/x-ndjson',
    }
  }

  return { getActivity: get, exportActivity: exported }
}
