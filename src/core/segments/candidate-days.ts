import { orderWidth, own, type Series, type Statistics } from '../rules/history.ts'
import type { Reads } from '../rules/reads.ts'

/** What somebody did, as far as windows can end of it. */
export type Past = {
  readonly of: readonly Statistics[]
  readonly behaviour: readonly Statistics[]
  /** Days of the first and the latest order; undefined: there is none. */
  readonly firstAt: number | undefined
  readonly lastAt: number | undefined
}

const width = orderWidth + 1
const daysIn = (series: Series | undefined, step = 2): readonly number[] =>
  (series ?? []).filter((_, index) => index % step === 0)
const daysInEach = (named: Readonly<Record<string, Series>> | undefined, step = 2): readonly number[] =>
  Object.values(named ?? {}).flatMap(series => daysIn(series, step))

/** The days on which something happened that a condition reads. */
const daysRead = (reads: Reads, { of, behaviour }: Past): readonly number[] => [
  ...of.flatMap(it => [
    ...(reads.orders ? daysInEach(it.orders, width) : []),
    ...(reads.returns ? daysIn(it.returns) : []),
    ...(reads.offers ? [...daysIn(it.received), ...daysIn(it.used)] : []),
    ...(reads.computed.length > 0
      ? [...daysInEach(it.sums), ...Object.values(it.values ?? {}).flatMap(values => daysInEach(values))]
      : []),
  ]),
  ...[...of, ...behaviour].flatMap(it => reads.events.flatMap(name => daysIn(own(it.events, name)))),
]

/**
 * The days after `today` on which the clock alone may change what a condition answers, in their order: every one where it reads the
 * date; where it reads windows, those on which something it reads leaves one. None after the last.
 *
 *     candidateDays(readsOf(twiceIn30Days), 20514, { of: [{ orders: { EUR: [20500, 1, 2, 900] } }], … })   // [20530]
 */
export const candidateDays = (reads: Reads, today: number, past: Past): Iterable<number> => {
  const { daily, windows, since, ending } = reads.clock
  if (daily) return everyDayAfter(today)
  const days = new Set<number>()
  // What is dated in the future comes into a window, too.
  if (windows.length > 0)
    for (const day of daysRead(reads, past)) for (const window of [0, ...windows]) days.add(day + window)
  for (const it of since) {
    const day = past[it.of]
    if (day !== undefined) days.add(day + it.days)
  }
  if (ending)
    for (const day of past.of.flatMap(it => daysIn(it.ending)))
      for (const window of [0, ...windows]) days.add(day + window)
  return [...days].filter(day => day > today).sort((a, b) => a - b)
}

function* everyDayAfter(today: number): Generator<number> {
  for (let day = today + 1; ; day += 1) yield day
}
