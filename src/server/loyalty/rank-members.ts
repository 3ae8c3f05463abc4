import type { Queryable } from '../../adapters/storage/database.ts'
import { canonicalJson } from '../../core/kernel/canonical.ts'
import { rankAgain, tierUnder } from '../../core/loop/rank.ts'
import { rowsOf, tierOf } from '../../core/loop/standing.ts'
import type { Programme, ProgrammeInput } from '../../core/loyalty/schema.ts'
import type { Services } from '../services.ts'
import type { ApartKind, Step } from '../worker/job-runner.ts'
import { submitPatiently } from '../worker/submit-patiently.ts'
import { sizeAfter } from './sweep-value.ts'

/** Members of the first step: loaded and asked in some 10 ms, beside whom orders have room. How long that takes says how many the next has. */
const atFirst = 100
const sampled = 20

/** Whether these terms may give somebody another tier than those. */
export const changesTiers = (before: ProgrammeInput, after: ProgrammeInput): boolean =>
  canonicalJson([before.tiers ?? null, before.timeZone ?? null, before.rate?.worth.currency ?? null]) !==
  canonicalJson([after.tiers ?? null, after.timeZone ?? null, after.rate?.worth.currency ?? null])

type Place = { readonly programme: string; readonly after: string; readonly atOnce?: number }
export type RankMembers = Place

const membersAfter = `select holder_id as id from programme_members
  where workspace_id = $1 and programme_id = $2 and holder_id > $3 order by holder_id limit $4`

/** Everybody who is or was in a programme, counted in pieces. */
export const countMembers = async (
  source: Queryable,
  workspaceId: string,
  programme: string,
  countedAtOnce = 10_000,
): Promise<number> => {
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await source.query<{ count: number; last: string | null }>(
      `select count(*)::int4 as count, max(id) as last from (${membersAfter}) m`,
      [workspaceId, programme, after, countedAtOnce],
    )
    const [{ count: found, last }] = rows as [{ count: number; last: string | null }]
    count += found
    if (last === null || found < countedAtOnce) return count
    after = last
  }
}

const nextMembers = async (
  source: Queryable,
  workspaceId: string,
  { programme, after, atOnce = atFirst }: Place,
): Promise<string[]> =>
  (await source.query<{ id: string }>(membersAfter, [workspaceId, programme, after, atOnce])).rows.map(row => row.id)

/** Where the next step begins, and how many it takes. */
const onwards = ({ programme, atOnce = atFirst }: Place, last: string, started: number): Place => ({
  programme,
  after: last,
  atOnce: sizeAfter(atOnce, performance.now() - started),
})

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
    const started = performance.now()
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
    return outcome ? { done: ids.length, params: onwards(place, last, started) } : { done: 0 }
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
    const { programme, after, atOnce, terms, ...before } = params as PreviewProgramme
    const place = { programme, after, ...(atOnce !== undefined && { atOnce }) }
    await workspaces.get(workspaceId)
    if (total === null) return { done: 0, total: await countMembers(database, workspaceId, programme) }
    const ids = await nextMembers(database, workspaceId, place)
    const last = ids.at(-1)
    if (last === undefined) return { done: 0, result: before }
    const started = performance.now()
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
    return { done: ids.length, params: { ...onwards(place, last, started), terms, ...count(before, found) } }
  }
