import { lookAt } from '../../core/loop/settle.ts'
import { type Condition, compileCondition } from '../../core/rules/condition.ts'
import type { Services } from '../services.ts'
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
  const count = async (
    workspaceId: string,
    holders: readonly string[],
    when: Condition,
    before: Counted,
  ): Promise<Counted> => {
    const { secret } = workspaces.known(workspaceId)
    const seen = await writer.look(workspaceId, { holders }, world => ({
      segments: world.catalogue.segments.all.map(({ id }) => id),
      // Who was united with somebody meanwhile is counted where that one is.
      people: holders
        .filter(id => world.holders.has(id))
        .map(id => ({ id, ...lookAt(world, when, id) }))
        .filter(({ id, person }) => person.slice(4) === id.slice(4)),
    }))
    const found = seen.people.filter(({ is }) => is)
    const overlap = Object.fromEntries(
      seen.segments.map(id => [
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
      of: before.of + seen.people.length,
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
    if (!condition.ok) throw new Error(condition.refusal.message)
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
