import type { Queryable } from '../../adapters/storage/database.ts'
import { canonicalJson } from '../../core/kernel/canonical.ts'
import { rankAgain, tierUnder } from '../../core/loop/rank.ts'
import { rowsOf, tierOf } from '../../core/loop/standing.ts'
import type { Programme, ProgrammeInput } from '../../core/loyalty/schema.ts'
import type { Services } from '../services.ts'
import type { ApartKind, Step } from '../worker/job-runner.ts'
import { submitPatiently } from '../worker/submit-patiently.ts'

/** Members a step: loaded and asked in 10 to 20 ms, beside whom orders have room. */
const atOnce = 250
const sampled = 20

/** Whether these terms may give somebody another tier than those. */
export const changesTiers = (before: ProgrammeInput, after: ProgrammeInput): boolean =>
  canonicalJson([before.tiers ?? null, before.timeZone ?? null, before.rate?.worth.currency ?? null]) !==
  canonicalJson([after.tiers ?? null, after.timeZone ?? null, after.rate?.worth.currency ?? null])

type Place = { readonly programme: string; readonly after: string }
export type RankMembers = Place

const countMembers = async (source: Queryable, workspaceId: string, programme: string): Promise<number> => {
  const { rows } = await source.query<{ count: number }>(
    'select count(*)::int4 as count from programme_members where workspace_id = $1 and programme_id = $2',
    [workspaceId, programme],
  )
  return rows[0]!.count
}

const nextMembers = async (source: Queryable, workspaceId: string, { programme, after }: Place): Promise<string[]> => {
  const { rows } = await source.query<{ id: string }>(
    `select holder_id as id from programme_members
     where workspace_id = $1 and programme_id = $2 and holder_id > $3 order by holder_id limit ${atOnce}`,
    [workspaceId, programme, after],
  )
  return rows.map(row => row.id)
}

/** Asks all members of a programme again, after its tiers were changed. A step that is done twice finds nothing to do. */
export const rankMembers =
  ({ database, writer, workspaces }: Pick<Services, 'database' | 'writer' | 'workspaces'>): ApartKind =>
  async ({ workspaceId, params, total }, signal): Promise<Step> => {
    const place = params as RankMembers
    await workspaces.get(workspaceId)
    if (total === null) return { done: 0, total: await countMembers(database, workspaceId, place.programme) }
    const ids = await nextMembers(database, workspaceId, place)
    const last = ids.at(-1)
    if (last === undefined) return { done: 0, result: {} }
    const outcome = await submitPatiently(
      writer,
      {
        workspaceId,
        needs: { holders: ids },
        fromBrowser: false,
        weight: ids.length,
        bytes: ids.length * 200,
        decide: world => {
          for (const id of ids) rankAgain(world, id, place.programme)
          return { text: '', status: 200 }
        },
      },
      signal,
    )
    return outcome ? { done: ids.length, params: { ...place, after: last } } : { done: 0 }
  }

type Move = { readonly from: string | null; readonly to: string | null }
type Counted = {
  readonly people: number
  readonly moves: readonly (Move & { readonly people: number })[]
  readonly sample: readonly (Move & { readonly person: string })[]
}
export type PreviewProgramme = Place & { readonly terms: ProgrammeInput } & Counted

export const nobodyMoved: Counted = { people: 0, moves: [], sample: [] }

const count = (before: Counted, found: readonly (Move & { readonly person: string })[]): Counted => {
  const moves = new Map(before.moves.map(it => [`${it.from} ${it.to}`, it]))
  for (const { from, to } of found) {
    const key = `${from} ${to}`
    moves.set(key, { from, to, people: (moves.get(key)?.people ?? 0) + 1 })
  }
  const moved = found.filter(({ from, to }) => from !== to)
  return {
    people: before.people + found.length,
    moves: [...moves.values()].sort((a, b) => b.people - a.people),
    sample: [...before.sample, ...moved].slice(0, sampled),
  }
}

/** Tells who would have which tier by other terms; nobody is locked and nothing is changed. */
export const previewProgramme =
  ({ database, writer, workspaces }: Pick<Services, 'database' | 'writer' | 'workspaces'>): ApartKind =>
  async ({ workspaceId, params, total }): Promise<Step> => {
    const { programme, after, terms, ...before } = params as PreviewProgramme
    await workspaces.get(workspaceId)
    if (total === null) return { done: 0, total: await countMembers(database, workspaceId, programme) }
    const ids = await nextMembers(database, workspaceId, { programme, after })
    const last = ids.at(-1)
    if (last === undefined) return { done: 0, result: before }
    const found = await writer.look(workspaceId, { holders: ids, terms: [{ id: programme, terms }] }, world =>
      ids.flatMap(id => {
        const now = world.catalogue.programmes.get(programme)!
        const then: Programme = { ...now, terms }
        const personId = world.holders.get(id)?.personId
        const holderIds = personId === undefined ? [] : world.persons.get(personId)!
        // Whoever joined by two of her identifiers is counted once.
        const first = rowsOf(world, holderIds, now)
          .map(row => row.holderId)
          .sort()[0]
        if (personId === undefined || first !== id) return []
        return { person: personId, from: tierOf(world, holderIds, now), to: tierUnder(world, personId, then) }
      }),
    )
    return { done: ids.length, params: { programme, after: last, terms, ...count(before, found) } }
  }
