import { type ComputedTraits, noTraits, withComputed } from '../people/computed-traits.ts'
import { type Condition, compileCondition, segmentsIn } from '../rules/condition.ts'
import { type Reads, readsOf } from '../rules/reads.ts'

/**
 * What of a person changed. `person`: who she is, so everything. `clock`: nothing but the time. `build`: nothing, she is asked
 * because members are being found.
 */
export type Touched =
  | 'person'
  | 'build'
  | 'clock'
  | 'identifiers'
  | 'traits'
  | 'orders'
  | 'returns'
  | 'offers'
  | 'consents'
  | 'points'
  | 'tiers'
  | `segment:${string}`
  | `event:${string}`

export type StoredSegment = {
  readonly id: string
  readonly kind: 'live' | 'list'
  readonly name: string
  /** Of the members that count; null: a list, or none count yet. */
  readonly condition: string | null
  /** The members that count; 0: the first are being found. */
  readonly generation: number
  /** The same of those that are being found; null: none are. */
  readonly nextCondition: string | null
  readonly nextGeneration: number | null
}

export type LiveSegment = {
  readonly id: string
  readonly name: string
  readonly kind: 'live' | 'list'
  /** The members that count. */
  readonly generation: number
  /** Those that are being found. */
  readonly nextGeneration: number | null
}

/** Under which a holder's row of a segment is found: `membershipKey('vip', 2)`. */
export const membershipKey = (segmentId: string, generation: number): string => `${segmentId} ${generation}`

/** What a person is asked to be a member of one generation. */
export type Definition = {
  readonly segment: LiveSegment
  readonly generation: number
  /** The `membershipKey`, made once: it is looked up for every event that touches the segment. */
  readonly key: string
  /** Of the members that are being found: it sees other segments as they will be when all of these begin to count. */
  readonly isNext: boolean
  readonly when: Condition
  readonly reads: Reads
}

/** The segments of a workspace as a batch asks them. */
export type LiveSegments = {
  readonly all: readonly LiveSegment[]
  readonly byId: ReadonlyMap<string, LiveSegment>
  /** Each after those that its condition asks for. */
  readonly definitions: readonly Definition[]
  /** The places in `definitions` of those whose answer a change may change. */
  readonly touchedBy: (what: Touched) => readonly number[]
  /** Those that the clock alone may change. */
  readonly clocked: readonly Definition[]
}

/** Whether time alone may change an answer. */
const isClocked = ({ clock }: Reads): boolean =>
  clock.daily || clock.ending || clock.windows.length > 0 || clock.since.length > 0

const keysOf = ({ isNext, reads }: Definition): readonly string[] => [
  'person',
  ...(isNext ? ['build'] : []),
  ...(isClocked(reads) ? ['clock'] : []),
  ...(['identifiers', 'traits', 'orders', 'returns', 'offers', 'consents', 'points', 'tiers'] as const).filter(
    it => reads[it],
  ),
  ...reads.segments.map(id => `segment:${id}`),
  ...reads.events.map(name => `event:${name}`),
]

/** Conditions that an older version stored and the rules of today refuse are not asked: whoever is a member stays one. */
const definitionsOf = (stored: StoredSegment, segment: LiveSegment, traits: ComputedTraits): readonly Definition[] => {
  const made = (source: string | null, generation: number | null, isNext: boolean): readonly Definition[] => {
    if (source === null || generation === null || generation === 0) return []
    const when = compileCondition(source, 'segment')
    if (!when.ok) return []
    const reads = withComputed(readsOf(when.value), traits)
    return [{ segment, generation, key: membershipKey(segment.id, generation), isNext, when: when.value, reads }]
  }
  return [
    ...made(stored.condition, stored.generation, false),
    ...made(stored.nextCondition, stored.nextGeneration, true),
  ]
}

/** Each after those it asks for; what is being built asks for what is being built. No circle is ever stored. */
const inOrder = (all: readonly Definition[]): readonly Definition[] => {
  const byKey = new Map(all.map(it => [`${it.segment.id} ${it.isNext}`, it]))
  const done = new Set<Definition>()
  const visit = (it: Definition | undefined): void => {
    if (!it || done.has(it)) return
    for (const id of segmentsIn(it.when))
      visit((it.isNext ? byKey.get(`${id} true`) : undefined) ?? byKey.get(`${id} false`))
    done.add(it)
  }
  for (const it of all) visit(it)
  return [...done]
}

/**
 * Compiles the segments of a workspace and files them by what they read, so that a change is asked of those alone that it can
 * change.
 *
 *     makeSegments([{ id: 'vip', kind: 'live', name: 'VIP', condition: 'spend(365) >= 50000', generation: 1, … }])
 *       .touchedBy('orders')   // [0]
 */
export const makeSegments = (stored: Iterable<StoredSegment>, traits = noTraits): LiveSegments => {
  const sorted = [...stored].sort((a, b) => (a.id < b.id ? -1 : 1))
  const all = sorted.map(
    ({ id, kind, name, generation, nextGeneration }): LiveSegment => ({
      id,
      name,
      kind,
      generation,
      nextGeneration,
    }),
  )
  const definitions = inOrder(sorted.flatMap((it, index) => definitionsOf(it, all[index]!, traits)))
  const byKey = new Map<string, number[]>()
  for (const [place, definition] of definitions.entries())
    for (const key of keysOf(definition)) {
      const places = byKey.get(key)
      if (places) places.push(place)
      else byKey.set(key, [place])
    }
  return {
    all,
    byId: new Map(all.map(it => [it.id, it])),
    definitions,
    touchedBy: what => byKey.get(what) ?? [],
    clocked: definitions.filter(it => isClocked(it.reads)),
  }
}

export const noSegments: LiveSegments = makeSegments([])
