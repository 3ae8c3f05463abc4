import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Catalogue } from '../../core/loop/world.ts'
import { type Asking, asksFor, withReaders } from '../../core/segments/check-segment.ts'
import type { segment } from '../../core/segments/schema.ts'
import { addJob } from '../worker/job-store.ts'

export type SegmentRow = {
  id: string
  kind: 'live' | 'list'
  name: string
  description: string
  condition: string | null
  generation: number
  next_condition: string | null
  next_generation: number | null
  last_generation: number
  job_id: string | null
  removed: boolean
  created_at: number
  updated_at: number
  done: number | null
  total: number | null
}

const columns = `s.id, s.kind, s.name, s.description, s.condition, s.generation, s.next_condition, s.next_generation,
  s.last_generation, s.job_id, s.removed, s.created_at, s.updated_at, j.done, j.total`
const tables = 'segments s left join jobs j on j.workspace_id = s.workspace_id and j.id = s.job_id'

export const segmentAnswer = (row: SegmentRow): z.output<typeof segment> => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  description: row.description,
  when: row.condition,
  generation: row.generation,
  state: row.next_generation === null ? 'ready' : 'building',
  next:
    row.next_generation === null
      ? null
      : { when: row.next_condition, job: row.job_id, done: row.done ?? 0, total: row.total },
  createdAt: formatInstant(row.created_at),
  updatedAt: formatInstant(row.updated_at),
})

/** A segment; also one that was taken away, whose generations a later one of the same name goes on counting. */
export const readStored = async (
  source: Queryable,
  workspaceId: string,
  id: string,
): Promise<SegmentRow | undefined> => {
  const { rows } = await source.query<SegmentRow>(
    `select ${columns} from ${tables} where s.workspace_id = $1 and s.id = $2`,
    [workspaceId, id],
  )
  return rows[0]
}

export const readSegment = async (
  source: Queryable,
  workspaceId: string,
  id: string,
): Promise<SegmentRow | undefined> => {
  const row = await readStored(source, workspaceId, id)
  return row?.removed ? undefined : row
}

export const readSegments = async (
  source: Queryable,
  workspaceId: string,
  after: string,
  limit: number,
): Promise<SegmentRow[]> => {
  const { rows } = await source.query<SegmentRow>(
    `select ${columns} from ${tables} where s.workspace_id = $1 and s.id > $2 and not s.removed order by s.id limit $3`,
    [workspaceId, after, limit],
  )
  return rows
}

/** Which segments each asks for, as they are or are about to be. */
export const askingIn = async (source: Queryable, workspaceId: string): Promise<Asking> => {
  const { rows } = await source.query<{ id: string; condition: string | null }>(
    `select id, coalesce(next_condition, condition) as condition from segments
     where workspace_id = $1 and not removed order by id`,
    [workspaceId],
  )
  return new Map(rows.map(({ id, condition }) => [id, asksFor(condition ?? undefined)]))
}

type Building = {
  readonly workspaceId: string
  /** Those whose members change all at once; whoever asks for them is found anew, too. */
  readonly ids: readonly string[]
  readonly jobId: string
  /** Of the catalogue, raised in this transaction. */
  readonly version: number
  readonly now: number
}

/**
 * Has the members of segments found anew, each as its next condition says, with those of the segments that ask for them. Everything that
 * is being found in a workspace is found by one job, the latest, and begins to count together: so nothing ever counts that was
 * asked of members which do not.
 */
export const startBuilding = async (
  tx: Queryable,
  { workspaceId, ids, jobId, version, now }: Building,
): Promise<void> => {
  const anew = withReaders(ids, await askingIn(tx, workspaceId))
  await tx.query(
    `update segments set next_condition = coalesce(next_condition, condition),
       next_generation = last_generation + 1, last_generation = last_generation + 1
     where workspace_id = $1 and id = any($2::text[]) and kind = 'live'`,
    [workspaceId, anew],
  )
  await tx.query(
    `update segments set job_id = $2, catalogue_version = $3
     where workspace_id = $1 and next_generation is not null and not removed`,
    [workspaceId, jobId, version],
  )
  await addJob(tx, { workspaceId, id: jobId, kind: 'buildSegments', params: { after: '' }, total: null, now })
}

/** The segments whose conditions read a trait, by itself or through others. */
export const segmentsReading = (
  { segments }: Pick<Catalogue, 'segments'>,
  names: readonly string[],
): readonly string[] => [
  ...new Set(
    segments.definitions
      .filter(({ reads }) => reads.computed.includes('*') || names.some(name => reads.computed.includes(name)))
      .map(({ segment }) => segment.id),
  ),
]
