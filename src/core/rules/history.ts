/**
 * What somebody did, in days of the workspace's clock, so that windows end by themselves: nothing has to happen for the last
 * 30 days to be other days tomorrow. One of each holder; a person's is the sum of her holders'. Plain data, as small as it can
 * be, because it is read and written with every order: what is zero is left out.
 *
 * A series is flat: a day (since 1970-01-01) and its numbers, the next day and its numbers, in the order of days. It has an
 * entry for each of the last 366 days on which something happened; what was before is added up in one, of the day `earlier`.
 */
export type Series = readonly number[]
type Named<T> = Readonly<Record<string, T>>

export type Statistics = {
  /** The first day that is kept by itself; earlier ones are added up. It never goes back. */
  readonly from?: number
  /** By currency: day, orders, units, minor units spent. */
  readonly orders?: Named<Series>
  /** The same by channel, then currency. */
  readonly channels?: Named<Named<Series>>
  /** The same by category, then currency: orders that have it, its units, what these cost. */
  readonly categories?: Named<Named<Series>>
  /** Hour of the day, orders. */
  readonly hours?: Series
  /** Day, returns. */
  readonly returns?: Series
  /** Day, grants that were issued. */
  readonly received?: Series
  /** Day, uses. */
  readonly used?: Series
  /** By currency: day, minor units that offers, points and cashback took off what she would have paid. */
  readonly saved?: Named<Series>
  /** Day, grants that are gone from that day on and were not used: as long as it lies ahead nobody has ignored them. */
  readonly ending?: Series
  /** Events that conditions count, by name: day, events. */
  readonly events?: Named<Series>
  /** Counts and sums of computed traits by key: day, amount (of sums, in ten thousandths). */
  readonly sums?: Named<Series>
  /** Of computed traits by key: the last value and when it came. */
  readonly last?: Named<readonly [at: number, value: string | number | boolean]>
  /** Of computed traits by key: how often each value came: day, times. */
  readonly values?: Named<Named<Series>>
}

/** The history of a person as conditions read it. */
export type History = {
  /** The currency that amounts are read in. */
  readonly currency: string
  /** Of each of her holders. */
  readonly of: readonly Statistics[]
  /** Of anonymous holders whose behaviour is probably hers: only their events count. */
  readonly behaviour?: readonly Statistics[]
}

/** The day that stands for all those before the ones that are kept. */
export const earlier = -1_000_000

/** Numbers an entry has beside its day. */
export const orderWidth = 3
const place = { orders: 1, units: 2, spend: 3 } as const
type What = keyof typeof place

/** Days from the first to the last, both included. */
type Window = { readonly first: number; readonly last: number }
const ever: Window = { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY }

/** `windowOf(20514, 30)`: that day and the 29 before it; without days everything. */
const windowOf = (today: number, days: number | undefined): Window =>
  days === undefined ? ever : { first: today - days + 1, last: today }

/** Names come from outside, and every object has a `constructor`. */
export const own = <T>(named: Named<T> | undefined, name: string): T | undefined =>
  named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined

/** From the end, because windows end today. */
const sumOf = (series: Series | undefined, { first, last }: Window, at = 1, width = 1): number => {
  if (series === undefined) return 0
  let sum = 0
  for (let index = series.length - width - 1; index >= 0; index -= width + 1) {
    const day = series[index]!
    if (day < first) break
    if (day <= last) sum += series[index + at]!
  }
  return sum
}

const ordersSum = (byCurrency: Named<Series> | undefined, window: Window, what: What, currency?: string): number => {
  if (byCurrency === undefined) return 0
  if (currency !== undefined) return sumOf(own(byCurrency, currency), window, place[what], orderWidth)
  let sum = 0
  for (const series of Object.values(byCurrency)) sum += sumOf(series, window, place[what], orderWidth)
  return sum
}

const overAll = (all: readonly Statistics[], of: (statistics: Statistics) => number): number => {
  let sum = 0
  for (const statistics of all) sum += of(statistics)
  return sum
}

/** Made once for each number that a condition asks for: as thirteen closures that took longer than to add up. */
class Asked {
  readonly #history: History
  readonly #today: number
  constructor(history: History, today: number) {
    this.#history = history
    this.#today = today
  }
  #within(days: number | undefined): Window {
    return windowOf(this.#today, days)
  }
  #orders(what: What, days?: number, inCurrency?: string): number {
    return overAll(this.#history.of, it => ordersSum(it.orders, this.#within(days), what, inCurrency))
  }
  #of(field: 'channels' | 'categories', name: string, what: What, days?: number, inCurrency?: string): number {
    return overAll(this.#history.of, it => ordersSum(own(it[field], name), this.#within(days), what, inCurrency))
  }
  #each(field: 'returns' | 'received' | 'used' | 'ending', window: Window): number {
    return overAll(this.#history.of, it => sumOf(it[field], window))
  }
  orders(days?: number): number {
    return this.#orders('orders', days)
  }
  spend(days?: number): number {
    return this.#orders('spend', days, this.#history.currency)
  }
  averageValue(days?: number): number {
    const count = this.#orders('orders', days, this.#history.currency)
    return count === 0 ? 0 : Math.trunc(this.spend(days) / count)
  }
  ordersIn(channel: string, days?: number): number {
    return this.#of('channels', channel, 'orders', days)
  }
  spendIn(channel: string, days?: number): number {
    return this.#of('channels', channel, 'spend', days, this.#history.currency)
  }
  ordersOf(category: string, days?: number): number {
    return this.#of('categories', category, 'orders', days)
  }
  unitsOf(category: string, days?: number): number {
    return this.#of('categories', category, 'units', days)
  }
  spendOf(category: string, days?: number): number {
    return this.#of('categories', category, 'spend', days, this.#history.currency)
  }
  returns(days?: number): number {
    return this.#each('returns', this.#within(days))
  }
  /** Of a person's holders and of the anonymous ones that are probably hers. */
  events(name: string, days?: number): number {
    const { of, behaviour } = this.#history
    const window = this.#within(days)
    const count = (it: Statistics): number => sumOf(own(it.events, name), window)
    return overAll(of, count) + (behaviour ? overAll(behaviour, count) : 0)
  }
  offersReceived(days?: number): number {
    return this.#each('received', this.#within(days))
  }
  offersUsed(days?: number): number {
    return this.#each('used', this.#within(days))
  }
  offersIgnored(days?: number): number {
    return this.#each('ending', { first: this.#within(days).first, last: this.#today })
  }
}

/**
 * The numbers that a history holds, for a day and a number of days; without days, ever. "30 days" are `today` and the 29 days
 * before it, whatever the hour.
 *
 *     inHistory(history, 20514).ordersIn('store', 30)   // 2
 */
export const inHistory = (history: History, today: number): Asked => new Asked(history, today)

/**
 * What offers, points and cashback saved somebody, by currency, from a day on; without it, ever.
 *
 *     savedSince([{ saved: { EUR: [20000, 180, 20400, 100] } }], 20300)   // { EUR: 100 }
 */
export const savedSince = (all: readonly Statistics[], first = Number.NEGATIVE_INFINITY): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { saved = {} } of all)
    for (const [currency, series] of Object.entries(saved))
      sums[currency] = (sums[currency] ?? 0) + sumOf(series, { first, last: Number.POSITIVE_INFINITY })
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0))
}

/** What each function of a condition takes before the days, what it reads, and what it answers. */
type HistoryFunction = {
  readonly takes?: 'channel' | 'category' | 'event'
  readonly reads: 'orders' | 'returns' | 'offers' | 'events'
}

/** The functions of conditions that read the history; each is one of `inHistory`, and takes a number of days at the end. */
export const historyFunctions = {
  orders: { reads: 'orders' },
  spend: { reads: 'orders' },
  averageValue: { reads: 'orders' },
  ordersIn: { reads: 'orders', takes: 'channel' },
  spendIn: { reads: 'orders', takes: 'channel' },
  ordersOf: { reads: 'orders', takes: 'category' },
  unitsOf: { reads: 'orders', takes: 'category' },
  spendOf: { reads: 'orders', takes: 'category' },
  returns: { reads: 'returns' },
  events: { reads: 'events', takes: 'event' },
  offersReceived: { reads: 'offers' },
  offersUsed: { reads: 'offers' },
  offersIgnored: { reads: 'offers' },
} as const satisfies Record<keyof Asked, HistoryFunction>
export type HistoryFunctionName = keyof typeof historyFunctions

export const historyFunction = (name: string): HistoryFunction | undefined =>
  Object.hasOwn(historyFunctions, name) ? historyFunctions[name as HistoryFunctionName] : undefined

/** Answers one of `historyFunctions` with its arguments as they are written. */
export const askHistory = (
  name: HistoryFunctionName,
  args: readonly (string | number)[],
  history: History | undefined,
  today: number,
): number => {
  if (!history) return 0
  const asked = inHistory(history, today) as Record<
    HistoryFunctionName,
    (...args: readonly (string | number)[]) => number
  >
  return asked[name](...args)
}

/** The longest window a condition may ask for. */
export const mostDays = 365

/**
 * The channel of most of her orders, of equals the one of her latest order, then the name; empty if there is none.
 *
 *     preferredChannel([{ channels: { store: { EUR: [20000, 2, 3, 900] }, web: { EUR: [20001, 1, 1, 500] } } }])   // 'store'
 */
export const preferredChannel = (all: readonly Statistics[]): string => {
  const found = new Map<string, { orders: number; last: number }>()
  for (const { channels = {} } of all)
    for (const [name, byCurrency] of Object.entries(channels)) {
      const known = found.get(name) ?? { orders: 0, last: earlier }
      found.set(name, known)
      known.orders += ordersSum(byCurrency, ever, 'orders')
      for (const series of Object.values(byCurrency))
        for (let index = 0; index < series.length; index += orderWidth + 1)
          if (series[index + 1]! > 0) known.last = Math.max(known.last, series[index]!)
    }
  const [first] = [...found]
    .filter(([, { orders }]) => orders > 0)
    .sort(([a, left], [b, right]) => right.orders - left.orders || right.last - left.last || (a < b ? -1 : 1))
  return first?.[0] ?? ''
}

/** The hour of the day of most of her orders, of equals the earliest; −1 if there is none. */
export const preferredHour = (all: readonly Statistics[]): number => {
  const hours = Array<number>(24).fill(0)
  for (const { hours: series = [] } of all)
    for (let index = 0; index < series.length; index += 2) hours[series[index]!]! += series[index + 1]!
  const most = Math.max(...hours)
  return most > 0 ? hours.indexOf(most) : -1
}

/** What somebody was ever given: `offersIn(inHistory(history, today)).used`. */
export const offersIn = (asked: Asked) => ({
  received: asked.offersReceived(),
  used: asked.offersUsed(),
  ignored: asked.offersIgnored(),
})

/**
 * The facts about a person with those that are worked out of her history on a day of the workspace's clock.
 *
 *     withPast(nobody, { currency: 'EUR', of: [{ returns: [20000, 1] }] }, 20514).returns   // 1
 */
export const withPast = <P extends object>(person: P, history: History, today: number) => {
  const asked = inHistory(history, today)
  return {
    ...person,
    returns: asked.returns(),
    offers: offersIn(asked),
    preferredChannel: preferredChannel(history.of),
    preferredHour: preferredHour(history.of),
    history,
  }
}

/** The windows that people are shown in. */
const shownWindows = { last7Days: 7, last30Days: 30, last90Days: 90, last365Days: 365, ever: undefined } as const
/** Of categories so many are shown, those with the most orders. */
const categoriesShown = 50

/**
 * Somebody's history in words for who looks at her: by window, by channel, by category, amounts by currency.
 *
 *     summaryOf([statistics], 20514).windows.last30Days.orders   // 2
 */
export const summaryOf = (all: readonly Statistics[], today: number) => {
  const currencies = [...new Set(all.flatMap(({ orders = {} }) => Object.keys(orders)))].sort()
  const byCurrency = (of: (asked: Asked) => number): Record<string, number> =>
    Object.fromEntries(currencies.map(currency => [currency, of(inHistory({ currency, of: all }, today))]))
  const asked = inHistory({ currency: '', of: all }, today)
  const within = (days: number | undefined) => ({
    orders: asked.orders(days),
    spend: byCurrency(it => it.spend(days)),
    averageValue: byCurrency(it => it.averageValue(days)),
    returns: asked.returns(days),
    offers: {
      received: asked.offersReceived(days),
      used: asked.offersUsed(days),
      ignored: asked.offersIgnored(days),
    },
  })
  const names = (field: 'channels' | 'categories'): readonly string[] => [
    ...new Set(all.flatMap(it => Object.keys(it[field] ?? {}))),
  ]
  const mostFirst = <T extends { readonly name: string; readonly orders: number }>(rows: readonly T[]): readonly T[] =>
    rows.toSorted((a, b) => b.orders - a.orders || (a.name < b.name ? -1 : 1))
  const hour = preferredHour(all)
  return {
    windows: {
      last7Days: within(shownWindows.last7Days),
      last30Days: within(shownWindows.last30Days),
      last90Days: within(shownWindows.last90Days),
      last365Days: within(shownWindows.last365Days),
      ever: within(shownWindows.ever),
    },
    channels: mostFirst(
      names('channels').map(name => ({
        name,
        orders: asked.ordersIn(name),
        spend: byCurrency(it => it.spendIn(name)),
      })),
    ),
    categories: mostFirst(
      names('categories').map(name => ({
        name,
        orders: asked.ordersOf(name),
        units: asked.unitsOf(name),
        spend: byCurrency(it => it.spendOf(name)),
      })),
    ).slice(0, categoriesShown),
    preferredChannel: preferredChannel(all) || null,
    preferredHour: hour < 0 ? null : hour,
  }
}
