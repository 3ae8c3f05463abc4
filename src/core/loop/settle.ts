import { dayNumber, localDay, startOfLocalDate } from '../kernel/time.ts'
import { withComputed } from '../people/computed-traits.ts'
import { isErasedValue } from '../people/erased.ts'
import { holderIdOf } from '../people/union.ts'
import { type CelFacts, toCelFacts } from '../rules/cel.ts'
import { type Condition, evaluateCondition } from '../rules/condition.ts'
import { localFacts, type PersonFacts } from '../rules/facts.ts'
import { allReads, readsOf } from '../rules/reads.ts'
import { candidateDays, type Past } from '../segments/candidate-days.ts'
import { type Definition, membershipKey, type Touched } from '../segments/live-segments.ts'
import { LazyPerson } from './lazy-person.ts'
import { addMembership, removeMembership, rowsOf, segmentsOf, type View } from './memberships.ts'
import { rank } from './rank.ts'
import { tell } from './tell.ts'
import { behavioursOf, countHolder, type Holder, touch, type World } from './world.ts'

/** What offers can wait for: `{ on: 'event', event: 'Segment Entered' }`, with the properties segment, name and cause. */
export const segmentEvents = { entered: 'Segment Entered', left: 'Segment Left' } as const

/** What an offer gives may let somebody into a segment that gives something again; after so many times nothing more is given. */
const maxRounds = 10
/** So far ahead the clock is asked for in a sweep: so a condition about the date is no reason to look at everybody every night. */
const daysAhead = 40

/** How often a segment was asked, for tests and figures. */
export type Settled = { readonly asked: number; readonly changed: number }

type Person = { readonly root: Holder; readonly holders: readonly Holder[] }

const personOf = (world: World, personId: string): Person => {
  const holders = world.persons.get(personId)!.map(id => world.holders.get(id)!)
  return { root: world.holders.get(holderIdOf(personId))!, holders }
}

/** What changed by person. The behaviour of an anonymous visitor counts for whom she probably is, too. */
const takeTouched = (world: World): ReadonlyMap<string, ReadonlySet<Touched>> => {
  const byPerson = new Map<string, Set<Touched>>()
  const note = (personId: string, what: Iterable<Touched>): void => {
    // Who is erased is in no segment any more, whatever still happens to her orders.
    if (!world.persons.has(personId) || isErasedValue(world.holders.get(holderIdOf(personId))!.value)) return
    const known = byPerson.get(personId) ?? new Set()
    byPerson.set(personId, known)
    for (const each of what) known.add(each)
  }
  for (const [holderId, what] of world.touched) {
    const holder = world.holders.get(holderId)!
    note(holder.personId, what)
    const joined = holder.behaviourId === null ? undefined : world.holders.get(holder.behaviourId)
    if (joined) note(joined.personId, what)
  }
  world.touched.clear()
  return byPerson
}

const nowhere = { id: '', name: '' }
const inNoCollection = () => false

/** The person as segments see her, at a time; made when first asked for. When her segments change they alone are read anew. */
const factsOf = (world: World, { root, holders }: Person) => {
  const made = { counting: new Map<number, Seen>(), next: new Map<number, Seen>() }
  const seenAt = (ms: number, view: View): Seen => {
    const known = made[view].get(ms)
    if (known) return known
    const person = new LazyPerson(world, root, holders, ms, view)
    const local = localFacts(ms, world.workspace.timeZone)
    const facts = toCelFacts({ person, campaign: nowhere, channel: '', local, inCollection: inNoCollection })
    const seen = { person, facts }
    made[view].set(ms, seen)
    return seen
  }
  const forget = (): void => {
    for (const seen of [made.counting, made.next]) for (const { person } of seen.values()) person.forgetSegments()
  }
  return {
    at: (ms: number, view: View): CelFacts => seenAt(ms, view).facts,
    person: (): PersonFacts => seenAt(world.now, 'counting').person,
    forget,
  }
}
type Seen = { readonly person: LazyPerson; readonly facts: CelFacts }
type FactsAt = ReturnType<typeof factsOf>

const isTrue = (world: World, { when, isNext }: Definition, facts: FactsAt, ms = world.now): boolean =>
  evaluateCondition(when, facts.at(ms, isNext ? 'next' : 'counting')).value

/** Makes her a member or not, by the holder that names her; true when she was the other before. */
const become = (world: World, { root, holders }: Person, definition: Definition, is: boolean): boolean => {
  const { segment, generation, key } = definition
  const rows = rowsOf(world, holders, key)
  const kept = is ? rows.find(row => row.holderId === root.id) : undefined
  for (const row of rows) if (row !== kept) removeMembership(world, row)
  if (is && !kept)
    addMembership(world, {
      holderId: root.id,
      segmentId: segment.id,
      generation,
      enteredAt: Math.min(world.now, ...rows.map(row => row.enteredAt)),
    })
  return rows.length > 0 !== is
}

type News = { readonly segment: Definition['segment']; readonly name: string; readonly cause: Touched }

/** Tells that somebody is in a segment now, or no longer, and gives what offers wait for it to give. */
export const announce = (world: World, root: Holder, { segment, name, cause }: News, gives: boolean): void => {
  tell(
    world,
    root,
    { messageId: world.newId('seg'), name, properties: { segment: segment.id, name: segment.name, cause } },
    gives,
  )
}

/** Asks what a change can have changed, each after those it asks for, so that once is enough. */
const ask = (world: World, person: Person, facts: FactsAt, what: ReadonlySet<Touched>) => {
  const { definitions, touchedBy } = world.catalogue.segments
  /** By the place of the definition. */
  const causes: (Touched | undefined)[] = []
  const wants = (cause: Touched): void => {
    for (const place of touchedBy(cause)) causes[place] ??= cause
  }
  for (const each of what) wants(each)
  const news: News[] = []
  const asked: Definition[] = []
  let changed = 0
  // Whoever asks for a segment comes after it, so what is wanted meanwhile lies ahead.
  for (let place = 0; place < causes.length; place += 1) {
    const cause = causes[place]
    if (cause === undefined) continue
    const definition = definitions[place]!
    const { segment } = definition
    asked.push(definition)
    const is = isTrue(world, definition, facts)
    if (!become(world, person, definition, is)) continue
    changed += 1
    facts.forget()
    wants(`segment:${segment.id}`)
    // Members that are being found do not count yet, and that they were found is no news.
    if (definition.isNext || what.has('build')) continue
    news.push({ segment, name: is ? segmentEvents.entered : segmentEvents.left, cause })
  }
  return { news, asked, changed }
}

/** When the clock alone may change an answer about somebody, given what she did so far. */
const daysOf = (world: World, { root, holders }: Person, facts: FactsAt) => {
  const { timeZone } = world.workspace
  const today = localDay(world.now, timeZone)
  const past: Past = {
    of: holders.map(it => it.statistics),
    behaviour: behavioursOf(world, root.personId).map(it => it.statistics),
    // Few conditions ask for these, and who she is takes long to tell.
    get firstAt() {
      return dayNumber(facts.person().orders.firstAt ?? '')
    },
    get lastAt() {
      return dayNumber(facts.person().orders.lastAt ?? '')
    },
  }
  /** The first day from which a condition may have another answer; looks so many days ahead whether it has. */
  return (definition: Definition, ahead: number): number | undefined => {
    const isTrueOn = (day: number) =>
      isTrue(world, definition, facts, day === today ? world.now : startOfDay(day, timeZone))
    for (const day of candidateDays(definition.reads, today, past))
      if (day > today + ahead || isTrueOn(day) !== isTrueOn(today)) return day
    return undefined
  }
}

const startOfDay = (day: number, timeZone: string): number =>
  startOfLocalDate(new Date(day * 86_400_000).toISOString().slice(0, 10), timeZone)

/** Whether it is noted already that she is asked when the next day begins: the clock alone changes nothing sooner. */
const isDueTomorrow = (world: World, { root, holders }: Person): boolean => {
  const { timeZone } = world.workspace
  if (root.dueAt === null || holders.some(it => it !== root && it.dueAt !== null)) return false
  return localDay(root.dueAt, timeZone) <= localDay(world.now, timeZone) + 1
}

/** What somebody was asked in a settling, and why. */
type Asked = { readonly definitions: Set<Definition>; readonly what: Set<Touched> }

/**
 * Notes when the clock alone may change something about somebody, on the holder that names her. What was not asked changes no sooner than
 * was noted before, and whoever was to be asked anyway still is.
 */
const setDue = (world: World, person: Person, { definitions, what }: Asked): void => {
  const isAll = what.has('person') || what.has('clock')
  if (!isAll && isDueTomorrow(world, person)) return
  const ahead = what.has('clock') || what.has('build') ? daysAhead : 0
  const { clocked } = world.catalogue.segments
  const them = clocked.filter(it => definitions.has(it))
  const dayOfChange = them.length === 0 ? () => undefined : daysOf(world, person, factsOf(world, person))
  const days = them.flatMap(it => dayOfChange(it, ahead) ?? [])
  const noted = isAll ? [] : person.holders.flatMap(it => it.dueAt ?? [])
  const due = [...noted, ...(days.length === 0 ? [] : [startOfDay(Math.min(...days), world.workspace.timeZone)])]
  const dueAt = due.length === 0 ? null : Math.min(...due)
  for (const holder of person.holders) {
    const its = holder === person.root ? dueAt : null
    if (holder.dueAt !== its)
      countHolder(world, holder, it => {
        it.dueAt = its
      })
  }
}

/**
 * Asks segments about everybody who was touched since it was last called, those alone that what changed can change: memberships change
 * here and now, what offers give for it is given, and that is asked about again. Called after each item of a batch.
 *
 *     ingest(world, events, origin)
 *     settle(world)   // { asked: 2, changed: 1 }
 */
export const settle = (world: World): Settled => {
  let asked = 0
  let changed = 0
  const askedOf = new Map<string, Asked>()
  for (let round = 1; round <= maxRounds + 1; round += 1) {
    // Tiers first: a segment may ask for one.
    rank(world, round <= maxRounds)
    if (world.touched.size === 0) break
    for (const [personId, what] of takeTouched(world)) {
      const person = personOf(world, personId)
      const done = ask(world, person, factsOf(world, person), what)
      asked += done.asked.length
      changed += done.changed
      for (const news of done.news) announce(world, person.root, news, round <= maxRounds)
      const all = askedOf.get(personId) ?? { definitions: new Set(), what: new Set() }
      for (const definition of done.asked) all.definitions.add(definition)
      for (const each of what) all.what.add(each)
      askedOf.set(personId, all)
    }
  }
  world.touched.clear()
  for (const [personId, them] of askedOf)
    if (world.persons.has(personId)) setDue(world, personOf(world, personId), them)
  return { asked, changed }
}

/** Puts somebody on a list or takes her off, by the holder that was named, in the members that count and those being found; true: it changed. */
export const setListed = (world: World, holder: Holder, segmentId: string, is: boolean): boolean => {
  const segment = world.catalogue.segments.byId.get(segmentId)!
  const person = personOf(world, holder.personId)
  const wasIn = segmentsOf(world, person.holders).includes(segmentId)
  for (const generation of new Set([segment.generation, segment.nextGeneration ?? segment.generation])) {
    const rows = rowsOf(world, person.holders, membershipKey(segmentId, generation))
    if (is && !rows.some(row => row.holderId === holder.id))
      addMembership(world, { holderId: holder.id, segmentId, generation, enteredAt: world.now })
    if (!is) for (const row of rows) removeMembership(world, row)
    if (rows.length > 0 !== is) touch(world, holder.id, `segment:${segmentId}`)
  }
  if (wasIn === is) return false
  const name = is ? segmentEvents.entered : segmentEvents.left
  announce(world, person.root, { segment, name, cause: `segment:${segmentId}` }, true)
  return true
}

/**
 * Whether a condition that no segment has asked yet is true of somebody now, and which of her segments count: for previews, and to
 * explain it.
 *
 *     lookAt(world, condition, 'hol_01')   // { person: 'per_01', is: true, segments: ['vip'], facts, … }
 */
export const lookAt = (world: World, when: Condition, holderId: string) => {
  const { catalogue } = world
  const person = personOf(world, world.holders.get(holderId)!.personId)
  const asks = withComputed(allReads([catalogue.asks, readsOf(when)]), catalogue.traits)
  const facts = factsOf({ ...world, catalogue: { ...catalogue, asks } }, person).at(world.now, 'counting')
  return {
    person: person.root.personId,
    is: evaluateCondition(when, facts).value,
    segments: segmentsOf(world, person.holders),
    identifiers: [...new Set(person.holders.map(it => it.type))].sort(),
    facts,
  }
}
