import { jobRefusals } from '../../contract/job-refusals.ts'
import type { cancelJob, getJob, listJobs, resumeJob } from '../../contract/jobs.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { type ChangeCall, change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { type JobRow, jobAnswer, jobColumns } from '../worker/job-store.ts'

/** Later than any id, so that "before it" is the first page. */
const lastId = '~'

export const jobsHandlers = (services: Services) => {
  const { database } = services

  const list: Handler<typeof listJobs> = async ({ query: { limit, cursor, state }, auth: { workspaceId } }) => {
    const before = startAfter(cursor)
    if (!before.ok) return before
    const { rows } = await database.query<JobRow>(
      `select ${jobColumns} from jobs
       where workspace_id = $1 and id < $2 and ($3::text is null or state = $3) order by id desc limit $4`,
      [workspaceId, before.value || lastId, state ?? null, limit + 1],
    )
    return { json: makePage(rows, limit, ({ id }) => id, jobAnswer) }
  }

  const get: Handler<typeof getJob> = async ({ params: { id }, auth: { workspaceId } }) => {
    const { rows } = await database.query<JobRow>(
      `select ${jobColumns} from jobs where workspace_id = $1 and id = $2`,
      [workspaceId, id],
    )
    return rows[0] ? { json: jobAnswer(rows[0]) } : { refusal: refuse(jobRefusals.job_not_found, { id }) }
  }

  /** A job that has reached the state already is answered as it is: asking twice is no mistake. */
  const move = (
    call: ChangeCall & { readonly params: { readonly id: string } },
    action: string,
    { from, to, asked }: { from: readonly JobRow['state'][]; to: 'cancelled' | 'queued'; asked: string },
  ) => {
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action, subject: id }, async tx => {
      const found = await tx.query<JobRow>(
        `select ${jobColumns} from jobs where workspace_id = $1 and id = $2 for update`,
        [workspaceId, id],
      )
      const job = found.rows[0]
      if (!job) return no(refuse(jobRefusals.job_not_found, { id }))
      // Nobody finds her any more, so nobody would see that what she wrote is still there.
      if (to === 'cancelled' && job.kind === 'erasePerson') return no(refuse(jobRefusals.job_must_end))
      if (job.state === to) return ok({ json: jobAnswer(job) })
      if (!from.includes(job.state)) return no(refuse(jobRefusals.job_state_conflict, { state: job.state, asked }))
      const { rows } = await tx.query<JobRow>(
        `update jobs set state = $3, error = null, claimed_by = null, claimed_until = null, updated_at = to_timestamp($4 / 1000.0)
         where workspace_id = $1 and id = $2 returning ${jobColumns}`,
        [workspaceId, id, to, call.now],
      )
      return ok({ json: jobAnswer(rows[0]!) })
    })
  }

  const cancel: Handler<typeof cancelJob> = call =>
    move(call, 'cancelJob', { from: ['queued', 'running'], to: 'cancelled', asked: 'cancelled' })

  const resume: Handler<typeof resumeJob> = call =>
    move(call, 'resumeJob', { from: ['failed', 'cancelled'], to: 'queued', asked: 'resumed' })

  return { listJobs: list, getJob: get, cancelJob: cancel, resumeJob: resume }
}
