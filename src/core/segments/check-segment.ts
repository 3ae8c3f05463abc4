import { type Details, no, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { type Condition, compileCondition, segmentsIn } from '../rules/condition.ts'
import { ruleRefusals } from '../rules/refusals.ts'
import { segmentRefusals } from './refusals.ts'

/** For each segment of a workspace, as it is or is about to be, those that it asks for; a list asks for none. */
export type Asking = ReadonlyMap<string, readonly string[]>

/** The segments that a condition asks for; none where it cannot be read. */
export const asksFor = (when: string | undefined): readonly string[] => {
  if (when === undefined) return []
  const compiled = compileCondition(when, 'segment')
  return compiled.ok ? segmentsIn(compiled.value) : []
}

const atWhen = (details: Details): Refusal =>
  refuse(ruleRefusals.condition_invalid, details, [{ pointer: '/when', message: String(details.mistake) }])

/** What other conditions may ask and a segment cannot. */
const mistakeIn = ({ source, reads, collections }: Condition): Refusal | undefined => {
  const mistakes: readonly (readonly [boolean, string, string])[] = [
    [reads.segments.includes('*'), 'person', "A segment asks for others one by one: `inSegment('regulars')`."],
    [reads.clock.hourly, 'hour', 'A segment changes from day to day, not from hour to hour.'],
    [collections.length > 0, 'inCollection', 'A segment is about people; ask for categories of what they bought.'],
  ]
  const found = mistakes.find(([is]) => is)
  if (!found) return undefined
  const [, word, mistake] = found
  const offset = Math.max(0, source.indexOf(word))
  const before = source.slice(0, offset).split('\n')
  return atWhen({ source, line: before.length, column: before.at(-1)!.length + 1, offset, mistake })
}

/** The way back to `id` from a segment that it asks for; undefined: there is none. */
const circleOf = (id: string, asking: Asking): readonly string[] | undefined => {
  const seen = new Set<string>()
  const follow = (at: string, trail: readonly string[]): readonly string[] | undefined => {
    if (at === id && trail.length > 0) return [...trail, at]
    if (seen.has(at)) return undefined
    seen.add(at)
    for (const next of asking.get(at) ?? []) {
      const circle = follow(next, [...trail, at])
      if (circle) return circle
    }
    return undefined
  }
  return follow(id, [])
}

/**
 * What must hold before a condition becomes a segment's: it can be read, the segments it asks for exist, and none of them asks
 * for this one in turn. `others` are all segments.
 *
 *     checkSegment('vip', "inSegment('regulars') && spend(365) >= 50000", others)
 *     // refusal segment_cycle: …in a circle: vip → regulars → vip.
 */
export const checkSegment = (id: string, when: string, others: Asking): Result<Condition> => {
  const compiled = compileCondition(when, 'segment')
  if (!compiled.ok) {
    return no(atWhen(compiled.refusal.details))
  }
  const mistake = mistakeIn(compiled.value)
  if (mistake) return no(mistake)
  const asked = segmentsIn(compiled.value)
  const missing = asked.find(it => it !== id && !others.has(it))
  if (missing !== undefined) return no(refuse(segmentRefusals.segment_not_found, { id: missing }))
  const circle = circleOf(id, new Map([...others, [id, asked]]))
  if (circle) return no(refuse(segmentRefusals.segment_cycle, { circle: circle.join(' → ') }))
  return compiled
}

/**
 * Segments and all that ask for them, also through others: what becomes wrong when their members change all at once.
 *
 *     withReaders(['regulars'], asking)   // ['regulars', 'vip']
 */
export const withReaders = (ids: readonly string[], asking: Asking): readonly string[] => {
  const found = new Set(ids)
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const [id, asked] of asking) if (asked.some(it => found.has(it))) found.add(id)
  }
  return [...found]
}
