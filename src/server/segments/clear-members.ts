import type { Queryable } from '../../adapters/storage/database.ts'
import type { JobKind } from '../worker/job-runner.ts'

/** So many rows a statement, so that the embedded store is never held long. */
const atOnce = 500

/** Generations whose members nobody reads any more. */
export type Cleared = { readonly segment: string; readonly from: number; readonly upTo: number }

/** Deletes some of their members; answers how many. */
export const clearMembers = async (
  source: Queryable,
  workspaceId: string,
  { segment, from, upTo }: Cleared,
): Promise<number> => {
  const { affected } = await source.query(
    `delete from segment_members where ctid = any(array(
       select ctid from segment_members
       where workspace_id = $1 and segment_id = $2 and generation between $3 and $4 limit ${atOnce}))`,
    [workspaceId, segment, from, upTo],
  )
  return affected
}

/** The same as a job. */
export const clearSegment: JobKind = async (tx, job) => {
  const done = await clearMembers(tx, job.workspaceId, job.params as Cleared)
  return done === 0 ? { done, result: {} } : { done }
}
