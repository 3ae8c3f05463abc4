import { isCountedEvent } from '../../core/loop/ingest.ts'
import { lookAt } from '../../core/loop/settle.ts'
import type { World } from '../../core/loop/world.ts'
import { countEvent, noTraits, withComputed } from '../../core/people/computed-traits.ts'
import { personIdOf } from '../../core/people/union.ts'
import { type Condition, compileCondition } from '../../core/rules/condition.ts'
import { readsOf } from '../../core/rules/reads.ts'
import { Refused } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { eventsOf } from '../worker/count-events.ts'
import type { ApartKind, Step } from '../worker/job-runner.ts'
import { hashFor } from '../workspaces.ts'
import { countHolders, nextPeople } from './build-segments.ts'

type Sampled = { readonly person: string; readonly identifiers: readonly string[]; readonly lot: string }
type Counted = {
  readonly count: number
  readonly of: number
  readonly sample: readonly Sampled[]
  readonly overlap: Readonly<Record<string, number>>
}
/** Where a preview stands: after which holder, with what it has counted so far. */
export type PreviewSegment = { readonly when: string; readonly after: string } & Counted

export const nothingCounted: Counted = { count: 0, of: 0, sample: [], overlap: {} }

const sampled = 20

/**
 * Counts whom a condition is true of, and how many of these are in each segment; nobody is locked and nothing is changed. The sample is of
 * those whose lots are lowest, drawn by a keyed hash: everybody is as likely, and asking again picks the same.
 */
export const previewSegment = ({
  database,
  writer,
  workspaces,
}: Pick<Services, 'database' | 'writer' | 'workspaces'>): ApartKind => {
  /** What nobody has asked for until now, no statistics hold: for this look it is counted from the events. */
  const countUncounted = async (world: World, when: Condition): Promise<void> => {
    const { catalogue, workspace } = world
    const asked = withComputed(readsOf(when), catalogue.traits).events
    const names = asked.filter(name => !catalogue.counted.has(name))
    if (names.length === 0) return
    const events = await eventsOf(database, workspace.id, [...world.holders.keys()], names)
    for (const { holderId, name, occurredAt, properties, hearsay } of events) {
      const holder = world.holders.get(holderId)!
      const told = { name, subject: holder, ...(hearsay && { hearsay: true as const }) }
      if (!isCountedEvent({ counted: new Set(names) }, told)) continue
      const happened = { name, at: occurredAt, properties, byBrowser: hearsay !== null }
      holder.statistics = countEvent(holder.statistics, happened, noTraits, workspace.timeZone)
    }
  }

  const count = async (
    workspaceId: string,
    ids: readonly string[],
    when: Condition,
    before: Counted,
  ): Promise<Counted> => {
    const { secret } = workspaces.known(workspaceId)
    const world = await writer.look(workspaceId, { holders: ids, pools: true }, it => it)
    await countUncounted(world, when)
    // Who was united with somebody meanwhile is counted where that one is.
    const people = ids.flatMap(id => {
      const looked = world.holders.has(id) ? lookAt(world, when, id) : undefined
      return looked?.person === personIdOf(id) ? [looked] : []
    })
    const found = people.filter(({ is }) => is)
    const overlap = Object.fromEntries(
      world.catalogue.segments.all.map(({ id }) => [
        id,
        (before.overlap[id] ?? 0) + found.filter(({ segments }) => segments.includes(id)).length,
      ]),
    )
    const lots = found.map(({ person, identifiers }) => ({
      person,
      identifiers,
      lot: hashFor(secret, `segment-sample\n${person}`),
    }))
    return {
      count: before.count + found.length,
      of: before.of + people.length,
      sample: [...before.sample, ...lots].sort((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, sampled),
      overlap,
    }
  }

  return async (job): Promise<Step> => {
    const { workspaceId } = job
    const { when, after, ...before } = job.params as PreviewSegment
    await workspaces.get(workspaceId)
    if (job.total === null) return { done: 0, total: await countHolders(database, workspaceId) }
    const condition = compileCondition(when, 'segment')
    if (!condition.ok) throw new Refused(condition.refusal)
    const people = await nextPeople(database, workspaceId, after)
    if (people.last === undefined) {
      const sample = before.sample.map(({ person, identifiers }) => ({ person, identifiers }))
      return { done: 0, result: { ...before, sample } }
    }
    const counted = await count(
      workspaceId,
      people.roots.map(({ id }) => id),
      condition.value,
      before,
    )
    return { done: people.count, params: { when, after: people.last, ...counted } }
  }
}
