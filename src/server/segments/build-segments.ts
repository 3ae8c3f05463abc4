import { setTimeout as wait } from 'node:timers/promises'
import type { Queryable } from '../../adapters/storage/database.ts'
import { touch } from '../../core/loop/world.ts'
import { personIdOf } from '../../core/people/union.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import type { Services } from '../services.ts'
import type { ApartKind, Step } from '../worker/job-runner.ts'
import { submitPatiently } from '../worker/submit-patiently.ts'
import { clearMembers } from './clear-members.ts'

/** Where a build stands: after which holder, or done with all of them and clearing up. */
export type BuildSegments = { readonly after: string; readonly total?: number; readonly built?: readonly string[] }

type Used = Pick<Services, 'database' | 'writer' | 'clock' | 'workspaces'>

/** Holders a step: people loaded and asked in 10 to 20 ms, beside whom orders have room in the batch. */
const peopleAtOnce = 250
const countedAtOnce = 20_000
const pauseMs = 300

/** Counts the holders of a workspace in pieces, so that the embedded store is never held long. */
export const countHolders = async (source: Queryable, workspaceId: string): Promise<number> => {
  let total = 0
  for (let after = ''; ; ) {
    const { rows } = await source.query<{ count: number; last: string | null }>(
      `select count(*)::int as count, max(id) as last from (
         select id from holders where workspace_id = $1 and id > $2 order by id limit ${countedAtOnce}) as piece`,
      [workspaceId, after],
    )
    const { count, last } = rows[0]!
    total += count
    if (last === null) return total
    after = last
  }
}

/** The next holders by id, and those of them that name a person who was not erased. */
export const nextPeople = async (source: Queryable, workspaceId: string, after: string) => {
  const { rows } = await source.query<{ id: string; person: string | null }>(
    `select id, case when erased_at is null then person_id end as person from holders
     where workspace_id = $1 and id > $2 order by id limit ${peopleAtOnce}`,
    [workspaceId, after],
  )
  return { count: rows.length, last: rows.at(-1)?.id, roots: rows.filter(it => personIdOf(it.id) === it.person) }
}

/**
 * Finds the members of all segments of a workspace that are being built: asks everybody, in pieces through the writer, while what happens
 * meanwhile is asked of these segments as it is of those that count. Then they begin to count, all in one transaction, and the members
 * before them are deleted. Whoever is asked twice is a member once, so a step may be done again.
 */
export const buildSegments = ({ database, writer, clock, workspaces }: Used): ApartKind => {
  /** Segments ask for events that are still being counted: before they are, nobody can be told to have done none. */
  const isCounting = async (workspaceId: string): Promise<boolean> => {
    const { rows } = await database.query(
      `select 1 from jobs where workspace_id = $1 and kind = 'countEvents' and state in ('queued', 'running') limit 1`,
      [workspaceId],
    )
    return rows.length > 0
  }

  /** Answers which segments the job found; done twice it comes to the same. */
  const switchTo = (workspaceId: string, jobId: string): Promise<readonly string[]> =>
    database.transaction(async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      await tx.query(
        `update segments set condition = next_condition, generation = next_generation, next_condition = null,
           next_generation = null, catalogue_version = $3, updated_at = to_timestamp($4 / 1000.0)
         where workspace_id = $1 and job_id = $2 and next_generation is not null and not removed`,
        [workspaceId, jobId, version, clock(workspaceId)],
      )
      const { rows } = await tx.query<{ id: string }>(
        'select id from segments where workspace_id = $1 and job_id = $2 and not removed order by id',
        [workspaceId, jobId],
      )
      return rows.map(({ id }) => id)
    })

  const clear = async (workspaceId: string, built: readonly string[]): Promise<number> => {
    let cleared = 0
    for (const id of built) {
      const { rows } = await database.query<{ generation: number }>(
        'select generation from segments where workspace_id = $1 and id = $2',
        [workspaceId, id],
      )
      cleared += await clearMembers(database, workspaceId, {
        segment: id,
        from: 0,
        upTo: rows[0]!.generation - 1,
      })
    }
    return cleared
  }

  return async (job, signal): Promise<Step> => {
    const { workspaceId, id } = job
    const params = job.params as BuildSegments
    await workspaces.get(workspaceId)
    if (params.built) {
      const cleared = await clear(workspaceId, params.built)
      return { done: 0, ...(cleared === 0 && { result: { built: params.built } }) }
    }
    const { rows: mine } = await database.query(
      'select 1 from segments where workspace_id = $1 and job_id = $2 limit 1',
      [workspaceId, id],
    )
    if (mine.length === 0) return { done: 0, result: { superseded: true } }
    if (params.after === '') {
      if (await isCounting(workspaceId)) {
        await wait(pauseMs, undefined, { signal }).catch(() => undefined)
        return { done: 0 }
      }
      if (job.total === null) return { done: 0, total: await countHolders(database, workspaceId) }
    }
    const people = await nextPeople(database, workspaceId, params.after)
    if (people.last === undefined) return { done: 0, params: { ...params, built: await switchTo(workspaceId, id) } }
    const holders = people.roots.map(it => it.id)
    const outcome = await submitPatiently(
      writer,
      {
        workspaceId,
        needs: { holders },
        weight: holders.length,
        bytes: holders.length * 200,
        fromBrowser: false,
        decide: world => {
          for (const holder of holders) if (world.holders.has(holder)) touch(world, holder, 'build')
          return { text: '', status: 200 }
        },
      },
      signal,
    )
    if (outcome === undefined) return { done: 0 }
    return { done: people.count, params: { ...params, after: people.last } }
  }
}
