import { earlier, orderWidth, own, type Series, type Statistics } from '../rules/history.ts'

/**
 * Keeps `Statistics` up to date. Everything here is a plain function from one state to the next: what was given is never
 * changed, because decisions keep it, and what is booked with 1 and then with −1 leaves nothing behind.
 */

/** An order as statistics count it; days and hours are of the workspace's clock. */
export type CountedOrder = {
  readonly day: number
  readonly hour: number
  readonly currency: string
  readonly channel: string
  /** 1, or 0 of one of which nothing is left but money that was not given back. */
  readonly orders: 0 | 1
  /** Units that did not come back. */
  readonly units: number
  /** What it cost less what was given back, minor units. */
  readonly spend: number
  /** Of the units that did not come back. */
  readonly categories: ReadonlyMap<string, { readonly units: number; readonly spend: number }>
}

/** So many days before the newest one are kept by themselves: the longest window, and a day for other time zones. */
const daysKept = 365

const isNothing = (numbers: readonly number[]): boolean => numbers.every(number => number === 0)

/** Adds up what lies before `from` in the entry of the day `earlier`. */
const fold = (series: Series, width: number, from: number): Series => {
  const start = series[0] === earlier ? width : 0
  let end = start
  while (end < series.length && series[end]! < from) end += width
  if (end === start) return series
  const sum = start === 0 ? Array<number>(width - 1).fill(0) : series.slice(1, width)
  for (let index = start; index < end; index += width)
    for (let number = 1; number < width; number += 1) sum[number - 1]! += series[index + number]!
  return [...(isNothing(sum) ? [] : [earlier, ...sum]), ...series.slice(end)]
}

/** The series with these numbers added to a day; a day of which nothing is left goes. */
const raise = (series: Series | undefined, day: number, by: readonly number[], from: number): Series => {
  const width = by.length + 1
  const next = series === undefined ? [] : fold(series, width, from).slice()
  const key = day < from ? earlier : day
  // From the end: what is booked is mostly of today.
  let index = next.length - width
  while (index >= 0 && next[index]! > key) index -= width
  if (index < 0 || next[index] !== key) {
    if (index + width === next.length) next.push(key, ...by)
    else next.splice(index + width, 0, key, ...by)
    return next
  }
  let isLeft = false
  for (let number = 1; number < width; number += 1) {
    next[index + number]! += by[number - 1]!
    isLeft ||= next[index + number] !== 0
  }
  if (!isLeft) next.splice(index, width)
  return next
}

type Named<T> = Readonly<Record<string, T>>

const isEmpty = (it: object): boolean => {
  if (Array.isArray(it)) return it.length === 0
  for (const _ in it) return false
  return true
}

/** The record with one member put in the place of what was there; an empty one goes. */
const withMember = <T extends object>(named: Named<T> | undefined, name: string, member: T): Named<T> | undefined => {
  if (!isEmpty(member)) return { ...named, [name]: member }
  const { [name]: _, ...rest } = named ?? {}
  return isEmpty(rest) ? undefined : rest
}

type Untidy = { readonly [K in keyof Statistics]: Statistics[K] | undefined }

/** Without the fields that hold nothing; mostly there is none. */
const tidy = (statistics: Untidy): Statistics => {
  const holds = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0)
  for (const field in statistics)
    if (!holds(statistics[field as keyof Statistics]))
      return Object.fromEntries(Object.entries(statistics).filter(([, value]) => holds(value)))
  return statistics as Statistics
}

/** From which day on days are kept by themselves, now that something happened on this one. */
const keptFrom = ({ from }: Statistics, day: number): number => Math.max(from ?? earlier, day - daysKept)

/**
 * Books an order, or takes it back with −1.
 *
 *     bookOrder({}, { day: 20514, hour: 9, currency: 'EUR', channel: 'web', orders: 1, units: 2, spend: 900, categories }, 1)
 *     // { from: 20149, orders: { EUR: [20514, 1, 2, 900] }, channels: { web: { EUR: [20514, 1, 2, 900] } }, hours: [9, 1], … }
 */
export const bookOrder = (statistics: Statistics, order: CountedOrder, direction: 1 | -1): Statistics => {
  const { day, currency } = order
  const from = keptFrom(statistics, day)
  const add = (series: Series | undefined, orders: number, units: number, spend: number): Series =>
    raise(series, day, [direction * orders, direction * units, direction * spend], from)
  const nested = (
    named: Named<Named<Series>> | undefined,
    name: string,
    orders: number,
    units: number,
    spend: number,
  ): Named<Named<Series>> | undefined => {
    const byCurrency = own(named, name)
    const series = add(byCurrency && own(byCurrency, currency), orders, units, spend)
    return withMember(named, name, withMember(byCurrency, currency, series) ?? {})
  }
  const { orders, units, spend } = order
  if (orders === 0 && units === 0 && spend === 0) return statistics
  let categories = statistics.categories
  for (const [category, of] of order.categories) categories = nested(categories, category, 1, of.units, of.spend)
  return tidy({
    ...statistics,
    from,
    orders: withMember(statistics.orders, currency, add(own(statistics.orders, currency), orders, units, spend)),
    channels: nested(statistics.channels, order.channel, orders, units, spend),
    categories,
    hours: orders === 0 ? statistics.hours : raise(statistics.hours, order.hour, [direction], 0),
  })
}

const bookDay = (
  statistics: Statistics,
  field: 'returns' | 'received' | 'used',
  day: number,
  by: 1 | -1,
): Statistics => {
  const from = keptFrom(statistics, day)
  return tidy({ ...statistics, from, [field]: raise(statistics[field], day, [by], from) })
}

/** Something came back on that day. */
export const bookReturn = (statistics: Statistics, day: number): Statistics => bookDay(statistics, 'returns', day, 1)

/** An offer was used on that day, or with −1 was not after all. */
export const bookUse = (statistics: Statistics, day: number, direction: 1 | -1): Statistics =>
  bookDay(statistics, 'used', day, direction)

/** Somebody paid so much less on that day, minor units; below zero where what saved it came back. */
export const bookSaved = (statistics: Statistics, currency: string, day: number, amount: number): Statistics => {
  if (amount === 0) return statistics
  const from = keptFrom(statistics, day)
  const series = raise(own(statistics.saved, currency), day, [amount], from)
  return tidy({ ...statistics, from, saved: withMember(statistics.saved, currency, series) })
}

/** A grant was issued on that day. */
export const bookGrant = (statistics: Statistics, day: number): Statistics => bookDay(statistics, 'received', day, 1)

/** An unused grant is gone from that day on; with −1 it was used, or taken back. Days ahead make no day old. */
export const bookEnding = (statistics: Statistics, day: number, direction: 1 | -1): Statistics => {
  const from = statistics.from ?? earlier
  return tidy({ ...statistics, ending: raise(statistics.ending, day, [direction], from) })
}

/** An event that conditions count happened on that day. */
export const bookEvent = (statistics: Statistics, name: string, day: number): Statistics => {
  const from = keptFrom(statistics, day)
  return {
    ...statistics,
    from,
    events: { ...statistics.events, [name]: raise(own(statistics.events, name), day, [1], from) },
  }
}

/** What a computed trait sums up happened on that day. */
export const bookSum = (statistics: Statistics, key: string, day: number, amount: number): Statistics => {
  const from = keptFrom(statistics, day)
  const series = raise(own(statistics.sums, key), day, [amount], from)
  return tidy({ ...statistics, from, sums: withMember(statistics.sums, key, series) })
}

type Value = string | number | boolean

/** Of two values the later one counts, of equally late ones the greater text, so that the order of arrival does not matter. */
export const isLater = (at: number, value: Value, than: readonly [number, Value] | undefined): boolean =>
  than === undefined || at > than[0] || (at === than[0] && String(value) > String(than[1]))

/** A computed trait's value at that time. */
export const bookLast = (statistics: Statistics, key: string, at: number, value: Value): Statistics =>
  isLater(at, value, own(statistics.last, key))
    ? { ...statistics, last: { ...statistics.last, [key]: [at, value] } }
    : statistics

/** So many different values of one trait are counted for each holder: of more, those that came least make room. */
export const mostValues = 100

/** A computed trait's value came once more on that day. */
export const bookValue = (statistics: Statistics, key: string, value: string, day: number): Statistics => {
  const from = keptFrom(statistics, day)
  const known = own(statistics.values, key) ?? {}
  const counted = { ...known, [value]: raise(own(known, value), day, [1], from) }
  const rest = Object.entries(counted).filter(([name]) => name !== value)
  const values =
    rest.length < mostValues
      ? counted
      : Object.fromEntries([...rest.sort(byTimes).slice(0, -1), [value, counted[value]!]])
  return { ...statistics, from, values: { ...statistics.values, [key]: values } }
}

const timesOf = (series: Series): number =>
  series.reduce((sum, number, index) => sum + (index % 2 === 1 ? number : 0), 0)
const byTimes = ([a, left]: readonly [string, Series], [b, right]: readonly [string, Series]): number =>
  timesOf(right) - timesOf(left) || right.at(-2)! - left.at(-2)! || (a < b ? -1 : 1)

/**
 * The first and the last day with an order; undefined where there is none, `earlier` where it lies before the days that are
 * kept by themselves.
 */
export const orderDays = ({
  orders = {},
}: Statistics): { readonly first: number; readonly last: number } | undefined => {
  const days = Object.values(orders).flatMap(series =>
    series.filter((_, index) => index % (orderWidth + 1) === 0 && series[index + 1]! > 0),
  )
  return days.length === 0 ? undefined : { first: Math.min(...days), last: Math.max(...days) }
}

/** The same as it was before its computed traits of other keys than these. */
export const onlyTraits = (statistics: Statistics, keys: ReadonlySet<string>): Statistics => {
  const only = <T>(named: Named<T> | undefined): Named<T> | undefined => {
    const kept = Object.entries(named ?? {}).filter(([key]) => keys.has(key))
    return kept.length === 0 ? undefined : Object.fromEntries(kept)
  }
  const { sums, last, values } = statistics
  if (!sums && !last && !values) return statistics
  return tidy({ ...statistics, sums: only(sums), last: only(last), values: only(values) })
}

/** The same without the events of these names. */
export const forget = (statistics: Statistics, names: readonly string[]): Statistics => {
  if (!statistics.events) return statistics
  const kept = Object.entries(statistics.events).filter(([name]) => !names.includes(name))
  return tidy({ ...statistics, events: kept.length === 0 ? undefined : Object.fromEntries(kept) })
}
