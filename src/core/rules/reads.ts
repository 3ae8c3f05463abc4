import type { Ast } from './cel.ts'
import { historyFunction, mostDays } from './history.ts'

/**
 * What of a person an expression reads, known without running it: which changes can change its answer, and when the clock alone
 * can. `'*'` among the names stands for all of them.
 */
export type Reads = {
  readonly orders: boolean
  readonly returns: boolean
  readonly offers: boolean
  readonly traits: boolean
  readonly identifiers: boolean
  readonly consents: boolean
  /** Points that can be spent, and tiers. */
  readonly points: boolean
  readonly tiers: boolean
  readonly segments: readonly string[]
  readonly events: readonly string[]
  /** Computed traits; `withComputed` adds what these read themselves. */
  readonly computed: readonly string[]
  /** Whether it needs `person.history`, or what is worked out of it. */
  readonly history: boolean
  readonly clock: ReadsClock
}

export type ReadsClock = {
  /** Windows in days: a day that was within leaves it by itself. */
  readonly windows: readonly number[]
  /** Days after the first or latest order when the answer can change: `daysSince(person.orders.lastAt) > 60` does on the 61st. */
  readonly since: readonly { readonly of: 'firstAt' | 'lastAt'; readonly days: number }[]
  /** Whether it counts what was ignored: a grant that ends is ignored from then on. */
  readonly ending: boolean
  /** Whether any new day can change the answer, or any new hour. */
  readonly daily: boolean
  readonly hourly: boolean
}

export const readsNothing: Reads = {
  orders: false,
  returns: false,
  offers: false,
  traits: false,
  identifiers: false,
  consents: false,
  points: false,
  tiers: false,
  segments: [],
  events: [],
  computed: [],
  history: false,
  clock: { windows: [], since: [], ending: false, daily: false, hourly: false },
}

/** What an expression reads of the person, and when the clock alone can change its answer: `readsOf(condition).events`. */
export const readsOf = (expression: { readonly reads: Reads }): Reads => expression.reads

const union = <T>(all: readonly (readonly T[])[]): readonly T[] => [...new Set(all.flat())]

/**
 * What several expressions read together.
 *
 *     allReads([readsOf(coffee), readsOf(vip)]).events   // ['Product Viewed']
 */
export const allReads = (all: readonly Reads[]): Reads => ({
  orders: all.some(it => it.orders),
  returns: all.some(it => it.returns),
  offers: all.some(it => it.offers),
  traits: all.some(it => it.traits),
  identifiers: all.some(it => it.identifiers),
  consents: all.some(it => it.consents),
  points: all.some(it => it.points),
  tiers: all.some(it => it.tiers),
  segments: union(all.map(it => it.segments)),
  events: union(all.map(it => it.events)),
  computed: union(all.map(it => it.computed)),
  history: all.some(it => it.history),
  clock: {
    windows: union(all.map(it => it.clock.windows)),
    since: all.flatMap(it => it.clock.since),
    ending: all.some(it => it.clock.ending),
    daily: all.some(it => it.clock.daily),
    hourly: all.some(it => it.clock.hourly),
  },
})

const oneBy: Readonly<Record<string, readonly number[]>> = {
  '>': [1],
  '<=': [1],
  '>=': [0],
  '<': [0],
  '==': [0, 1],
  '!=': [0, 1],
}
const turned: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' }

/** 'firstAt' of `daysSince(person.orders.firstAt)`; undefined for anything else. */
const sinceOf = (node: Ast): 'firstAt' | 'lastAt' | undefined => {
  if (node.op !== 'call' || node.args[0] !== 'daysSince') return undefined
  const [date] = node.args[1]
  if (date?.op !== '.' || (date.args[1] !== 'firstAt' && date.args[1] !== 'lastAt')) return undefined
  const orders = date.args[0]
  if (orders.op !== '.' || orders.args[1] !== 'orders') return undefined
  return orders.args[0].op === 'id' && orders.args[0].args === 'person' ? date.args[1] : undefined
}

type Mark =
  | 'orders'
  | 'returns'
  | 'offers'
  | 'traits'
  | 'identifiers'
  | 'consents'
  | 'points'
  | 'tiers'
  | 'history'
  | 'ending'
  | 'daily'
  | 'hourly'

/** What is read with a field of the person. */
const marksOfPerson: Readonly<Record<string, readonly Mark[]>> = {
  identifiers: ['identifiers'],
  birthday: ['traits'],
  consents: ['consents'],
  points: ['points'],
  tier: ['tiers'],
  tiers: ['tiers'],
  traits: ['traits'],
  orders: ['orders'],
  returns: ['returns', 'history'],
  offers: ['offers', 'history'],
  preferredChannel: ['orders', 'history'],
  preferredHour: ['orders', 'history'],
}

/** Notes what an expression reads while `inspect` walks it. */
export const makeReads = () => {
  const marks = new Set<Mark>()
  const segments = new Set<string>()
  const events = new Set<string>()
  const computed = new Set<string>()
  const windows = new Set<number>()
  const since: { of: 'firstAt' | 'lastAt'; days: number }[] = []
  // Names that stand for the whole thing unless something of it is asked for.
  let persons = 0
  let clocks = 0
  let maps = 0
  let daysSince = 0
  const mark = (...names: readonly Mark[]): void => {
    for (const name of names) marks.add(name)
  }

  return {
    /** A name of this type stands in the expression. */
    name: (type: string): void => {
      if (type === 'Person') persons += 1
      if (type === 'Local') clocks += 1
    },
    /** A field of something of this type is asked for; undefined: it is computed which. */
    field: (type: string, field: unknown, object: Ast): void => {
      if (typeof field !== 'string') {
        if (type === 'PersonOffers') mark('ending')
        return
      }
      if (type === 'Person') {
        persons -= 1
        if (Object.hasOwn(marksOfPerson, field)) mark(...marksOfPerson[field]!)
        if (field === 'segments') segments.add('*')
        if (field === 'computed') maps += 1
      }
      if (type === 'PersonOffers' && field === 'ignored') mark('ending')
      if (type === 'Local') {
        clocks -= 1
        mark(field === 'hour' ? 'hourly' : 'daily')
      }
      if (type.startsWith('map') && object.op === '.' && object.args[1] === 'computed') {
        maps -= 1
        computed.add(field)
      }
    },
    /** A function is called, its arguments written out as `inspect` has made sure. */
    call: (name: string, args: readonly Ast[]): void => {
      if (name === 'daysSince') daysSince += 1
      if (name === 'birthdayWithin') mark('traits', 'daily')
      if (name === 'inSegment') segments.add(args[0]!.args as string)
      if (name === 'consented') mark('consents')
      const ofHistory = historyFunction(name)
      if (!ofHistory) return
      const { reads, takes } = ofHistory
      mark('history')
      if (reads === 'events') events.add(args[0]!.args as string)
      else mark(reads)
      if (name === 'offersIgnored') mark('ending')
      const days = args[takes === undefined ? 0 : 1]
      if (days) windows.add(Number(days.args))
    },
    /** Two things are compared: of days since an order it is known when the answer changes. */
    comparison: (by: string, left: Ast, right: Ast): void => {
      for (const [subject, bound, operator] of [
        [left, right, by],
        [right, left, turned[by]!],
      ] as const) {
        const of = sinceOf(subject)
        if (of === undefined || bound.op !== 'value' || typeof bound.args !== 'bigint') continue
        daysSince -= 1
        for (const more of oneBy[operator]!) since.push({ of, days: Number(bound.args) + more })
      }
    },
    result: (): Reads => {
      const whole = persons > 0
      const has = (name: Mark): boolean => whole || marks.has(name)
      return {
        orders: has('orders'),
        returns: has('returns'),
        offers: has('offers'),
        traits: has('traits'),
        identifiers: has('identifiers'),
        consents: has('consents'),
        points: has('points'),
        tiers: has('tiers'),
        segments: [...segments, ...(whole ? ['*'] : [])],
        events: [...events],
        computed: [...computed, ...(whole || maps > 0 ? ['*'] : [])],
        history: has('history'),
        clock: {
          windows: [...windows],
          since,
          ending: has('ending'),
          daily: has('daily') || daysSince > 0 || clocks > 0,
          hourly: has('hourly') || clocks > 0,
        },
      }
    },
  }
}

/** Whether so many days can be asked for. */
export const isWindow = (days: Ast): boolean =>
  days.op === 'value' && typeof days.args === 'bigint' && days.args >= 1n && days.args <= BigInt(mostDays)
