import type { z } from 'zod'
import { type Details, type Refusal, refuse } from '../kernel/refusal.ts'
import { localDay } from '../kernel/time.ts'
import { toCelFacts } from '../rules/cel.ts'
import { compileExpression, type Expression, runExpression } from '../rules/expression.ts'
import { localFacts, type PersonFacts } from '../rules/facts.ts'
import { own, type Series, type Statistics } from '../rules/history.ts'
import { allReads, type Reads, readsNothing, readsOf } from '../rules/reads.ts'
import { ruleRefusals } from '../rules/refusals.ts'
import type { computedTrait } from './computed-trait.ts'
import { bookEvent, bookLast, bookSum, bookValue, isLater } from './statistics.ts'

/**
 * Traits that are worked out instead of said, read as `person.computed.<name>`. One of the kind `cel` is an expression, answered when it
 * is asked for; the others are kept with the statistics as events come, under a key that every change makes anew: what was counted for
 * one definition never mixes with another.
 */
export type TraitBody = z.output<typeof computedTrait>
type EventTrait = Exclude<TraitBody, { kind: 'cel' }>

export type StoredTrait = {
  readonly name: string
  /** The definition that answers, and its generation; 0 and null: the first is still being counted. */
  readonly generation: number
  readonly body: TraitBody | null
  /** The definition that is being counted. */
  readonly nextGeneration: number | null
  readonly nextBody: TraitBody | null
}

/** Where the numbers of one definition stand: `coffees#2`. */
export const traitKey = (name: string, generation: number): string => `${name}#${generation}`

type Computed = {
  readonly name: string
  readonly key: string
  readonly body: TraitBody
  readonly expression: Expression<'value'> | undefined
}

type Counted = { readonly key: string; readonly body: EventTrait }

export type CountedTraits = ReadonlyMap<string, readonly Counted[]>

export type ComputedTraits = {
  /** Those that answer, each after those it reads. */
  readonly all: readonly Computed[]
  readonly byName: ReadonlyMap<string, Computed>
  /** What an event counts for, also for definitions that are still being counted. */
  readonly byEvent: CountedTraits
  /** The keys under which holders keep anything. */
  readonly keys: ReadonlySet<string>
}

/**
 * Compiles the computed traits of a workspace.
 *
 *     makeComputedTraits([{ name: 'regular', generation: 1, body: { kind: 'cel', expression: 'orders(30) >= 4' }, … }])
 */
export const makeComputedTraits = (stored: Iterable<StoredTrait>): ComputedTraits => {
  const sorted = [...stored].sort((a, b) => (a.name < b.name ? -1 : 1))
  const answering = new Map<string, Computed>()
  const byEvent = new Map<string, Counted[]>()
  const keys = new Set<string>()
  for (const { name, generation, body, nextGeneration, nextBody } of sorted) {
    if (body) {
      const compiled = body.kind === 'cel' ? compileExpression(body.expression, 'segment', 'value') : undefined
      const expression = compiled?.ok ? compiled.value : undefined
      answering.set(name, { name, key: traitKey(name, generation), body, expression })
    }
    for (const [it, number] of [
      [body, generation],
      [nextBody, nextGeneration],
    ] as const) {
      if (!it || it.kind === 'cel' || number === null) continue
      const counted = { key: traitKey(name, number), body: it }
      keys.add(counted.key)
      const known = byEvent.get(it.event)
      if (known) known.push(counted)
      else byEvent.set(it.event, [counted])
    }
  }
  const all = new Set<Computed>()
  const visit = (trait: Computed | undefined): void => {
    if (!trait || all.has(trait)) return
    for (const name of traitsIn(trait)) visit(answering.get(name))
    all.add(trait)
  }
  for (const trait of answering.values()) visit(trait)
  return { all: [...all], byName: answering, byEvent, keys }
}

export const noTraits: ComputedTraits = makeComputedTraits([])

/** The computed traits an expression of one reads; `*` is refused when it is saved. */
const traitsIn = ({ expression }: Computed): readonly string[] => (expression ? readsOf(expression).computed : [])

/** What is read where a trait is read: the statistics kept for it, or what its expression reads. */
const readsOfTrait = ({ body, expression }: Computed): Reads => {
  if (body.kind === 'cel') return expression ? readsOf(expression) : readsNothing
  const windows = body.days === undefined ? [] : [body.days]
  return { ...readsNothing, events: [body.event], history: true, clock: { ...readsNothing.clock, windows } }
}

/**
 * What an expression reads, with what the computed traits it asks for read themselves.
 *
 *     withComputed(readsOf(condition), traits).events   // ['Product Viewed'], because person.computed.views counts them
 */
export const withComputed = (reads: Reads, { all, byName }: ComputedTraits): Reads => {
  const found = new Set<Computed>()
  const visit = (names: readonly string[]): void => {
    for (const trait of names.includes('*') ? all : names.flatMap(name => byName.get(name) ?? [])) {
      if (found.has(trait)) continue
      found.add(trait)
      visit(traitsIn(trait))
    }
  }
  visit(reads.computed)
  return found.size === 0 ? reads : allReads([reads, ...[...found].map(readsOfTrait)])
}

/**
 * Checks an expression before it becomes a trait's: what it reads of other traits and of events, or why it cannot be read.
 *
 *     checkTrait('regular', 'orders(30) >= 4 && person.computed.views > 3').reads   // ['views']
 */
export const checkTrait = (
  name: string,
  expression: string,
): { readonly reads: readonly string[]; readonly events: readonly string[]; readonly refusal?: Refusal } => {
  const compiled = compileExpression(expression, 'segment', 'value')
  const told = (details: Details): Refusal =>
    refuse(ruleRefusals.condition_invalid, details, [{ pointer: '/expression', message: String(details.mistake) }])
  if (!compiled.ok) return { reads: [], events: [], refusal: told(compiled.refusal.details) }
  const { computed, events, segments, clock } = readsOf(compiled.value)
  const mistakes: readonly (readonly [boolean, string])[] = [
    [segments.length > 0, 'A computed trait asks for no segments, because segments ask for computed traits.'],
    [computed.includes('*'), `A computed trait asks for others one by one, as \`person.computed.${name}\`.`],
    [clock.hourly, 'A computed trait changes from day to day, not from hour to hour.'],
    [
      compiled.value.collections.length > 0,
      'A computed trait is about people; ask for categories of what they bought.',
    ],
  ]
  const mistake = mistakes.find(([is]) => is)?.[1]
  if (mistake === undefined) return { reads: computed, events }
  return { reads: [], events: [], refusal: told({ source: expression, line: 1, column: 1, offset: 0, mistake }) }
}

/** The events whose statistics are kept: those that conditions or expressions of traits count, and those traits are about. */
export const countedEvents = (asks: Reads, { all, byEvent }: ComputedTraits): ReadonlySet<string> =>
  new Set([
    ...asks.events,
    ...all.flatMap(({ expression }) => (expression ? readsOf(expression).events : [])),
    ...byEvent.keys(),
  ])

/** Sums are kept in ten thousandths, so that they add up whatever the order. */
const fraction = 10_000

/** The longest text that a trait keeps. */
const longestValue = 200

/** A value that a trait can keep; undefined: none that it could. */
const keptValue = (value: unknown): string | number | boolean | undefined => {
  if (typeof value === 'string') return value.slice(0, longestValue)
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined
}

/** An event as statistics count it. */
export type CountedEvent = {
  readonly name: string
  readonly at: number
  readonly properties: Readonly<Record<string, unknown>>
  /** A browser's key reported it, whoever its token speaks for: for traits it counts only where they say so. */
  readonly byBrowser: boolean
}

const bookTrait = (statistics: Statistics, { key, body }: Counted, day: number, event: CountedEvent): Statistics => {
  const { property } = body
  const value = property === undefined ? undefined : keptValue(own(event.properties, property))
  switch (body.kind) {
    case 'count':
      return property !== undefined && value === undefined ? statistics : bookSum(statistics, key, day, 1)
    case 'sum':
      return typeof value === 'number' ? bookSum(statistics, key, day, Math.round(value * fraction)) : statistics
    case 'last':
      return value === undefined ? statistics : bookLast(statistics, key, event.at, value)
    case 'mostFrequent':
      return value === undefined ? statistics : bookValue(statistics, key, String(value), day)
  }
}

/**
 * Counts an event for its holder: by its name, and for the computed traits about it.
 *
 *     countEvent({}, { name: 'Product Viewed', at, properties: {}, byBrowser: false }, traits, 'Europe/Rome')
 *     // { from: 20149, events: { 'Product Viewed': [20514, 1] } }
 */
export const countEvent = (
  statistics: Statistics,
  event: CountedEvent,
  { byEvent }: Pick<ComputedTraits, 'byEvent'>,
  timeZone: string,
): Statistics => {
  const day = localDay(event.at, timeZone)
  let next = bookEvent(statistics, event.name, day)
  for (const counted of byEvent.get(event.name) ?? [])
    if (!event.byBrowser || counted.body.browsers) next = bookTrait(next, counted, day, event)
  return next
}

const sumWithin = (series: Series | undefined, first: number, last: number): number => {
  let sum = 0
  for (let index = 0; series && index < series.length; index += 2)
    if (series[index]! >= first && series[index]! <= last) sum += series[index + 1]!
  return sum
}

/** What a trait that is counted comes to on a day; undefined: there is no value. */
const readTrait = (
  { key, body }: { readonly key: string; readonly body: EventTrait },
  all: readonly Statistics[],
  today: number,
  timeZone: string,
): unknown => {
  const first = body.days === undefined ? Number.NEGATIVE_INFINITY : today - body.days + 1
  const last = body.days === undefined ? Number.POSITIVE_INFINITY : today
  switch (body.kind) {
    case 'count':
      return all.reduce((sum, it) => sum + sumWithin(own(it.sums, key), first, last), 0)
    case 'sum':
      return all.reduce((sum, it) => sum + sumWithin(own(it.sums, key), first, last), 0) / fraction
    case 'last': {
      let latest: readonly [number, string | number | boolean] | undefined
      for (const it of all) {
        const known = own(it.last, key)
        if (known && isLater(...known, latest)) latest = known
      }
      return latest && localDay(latest[0], timeZone) >= first ? latest[1] : undefined
    }
    case 'mostFrequent': {
      const times = new Map<string, number>()
      for (const it of all)
        for (const [value, series] of Object.entries(own(it.values, key) ?? {}))
          times.set(value, (times.get(value) ?? 0) + sumWithin(series, first, last))
      return [...times].filter(([, n]) => n > 0).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0]
    }
  }
}

/**
 * The values of computed traits for somebody: those that are asked for, with what they need. Where there is none, or its
 * expression fails, it is left out.
 *
 *     computeTraits(traits, ['regular'], person, at, 'Europe/Rome')   // { regular: true }
 */
export const computeTraits = (
  traits: ComputedTraits,
  names: readonly string[],
  person: PersonFacts,
  at: number,
  timeZone: string,
): Record<string, unknown> => {
  const wanted = wantedOf(traits, names)
  const computed: [string, unknown][] = []
  const { of = [], behaviour = [] } = person.history ?? {}
  const local = localFacts(at, timeZone)
  for (const trait of traits.all) {
    if (!wanted.has(trait)) continue
    const { body, key, expression } = trait
    if (body.kind !== 'cel') {
      const value = readTrait({ key, body }, [...of, ...behaviour], localDay(at, timeZone), timeZone)
      if (value !== undefined) computed.push([trait.name, value])
    } else if (expression) {
      const about = { ...person, computed: Object.fromEntries(computed) }
      const campaign = { id: '', name: '' }
      const facts = toCelFacts({ person: about, campaign, channel: '', local, inCollection: () => false })
      const result = runExpression(expression, facts)
      const value = result.error === undefined ? plain(result.value) : undefined
      if (value !== undefined) computed.push([trait.name, value])
    }
  }
  return Object.fromEntries(computed)
}

const wantedOf = ({ all, byName }: ComputedTraits, names: readonly string[]): ReadonlySet<Computed> => {
  const wanted = new Set<Computed>()
  const visit = (name: string): void => {
    const trait = byName.get(name)
    if (!trait || wanted.has(trait)) return
    wanted.add(trait)
    for (const other of traitsIn(trait)) visit(other)
  }
  if (names.includes('*')) return new Set(all)
  for (const name of names) visit(name)
  return wanted
}

const plain = (value: unknown): unknown => {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : undefined
}
