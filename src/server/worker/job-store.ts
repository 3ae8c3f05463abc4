import type { Queryable } from '../../adapters/storage/database.ts'
import type { Job } from '../../contract/jobs.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { ChangeAnswer } from '../change.ts'
import type { Answer } from '../http/call.ts'

/** A job as a runner works on it. */
export type WorkedJob = {
  readonly workspaceId: string
  readonly id: string
  readonly kind: string
  readonly params: unknown
  readonly done: number
  readonly total: number | null
}

export type JobRow = {
  workspace_id: string
  id: string
  kind: string
  state: Job['state']
  params: unknown
  done: number
  total: number | null
  result: Job['result']
  error: Job['error']
  created_at: number
  updated_at: number
}

export const jobColumns = 'workspace_id, id, kind, state, params, done, total, result, error, created_at, updated_at'

export const workedJob = ({ workspace_id, id, kind, params, done, total }: JobRow): WorkedJob => ({
  workspaceId: workspace_id,
  id,
  kind,
  params,
  done,
  total,
})

/** A stored job as the API shows it. */
export const jobAnswer = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  done: row.done,
  total: row.total,
  result: row.result,
  error: row.error,
  createdAt: formatInstant(row.created_at),
  updatedAt: formatInstant(row.updated_at),
})

/** Puts a job in line; a runner of any process takes it up within a second of the commit. */
export const addJob = async (tx: Queryable, job: Omit<WorkedJob, 'done'> & { readonly now: number }): Promise<Job> => {
  const { rows } = await tx.query<JobRow>(
    `insert into jobs (workspace_id, id, kind, state, params, total, created_at, updated_at)
     values ($1, $2, $3, 'queued', $4::json, $5, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0))
     returning ${jobColumns}`,
    [job.workspaceId, job.id, job.kind, JSON.stringify(job.params), job.total, job.now],
  )
  return jobAnswer(rows[0]!)
}

/** A job that was taken up says where it is looked at. Read from the answer, which under a used Idempotency-Key is an earlier one. */
export const withLocation = (answer: ChangeAnswer): Answer => {
  if ('refusal' in answer || answer.status !== 202) return answer
  const { id } = JSON.parse(answer.text) as { id: string }
  return { ...answer, headers: { location: `/v1/jobs/${id}` } }
}
