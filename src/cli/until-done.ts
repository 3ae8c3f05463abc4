import { performance } from 'node:perf_hooks'
import type { Job, Tessera } from '../sdk/index.ts'
import { CommandFailed, type Terminal } from './command.ts'
import { makeProgress } from './progress.ts'

const pollMs = 250

/**
 * Waits for a job and shows how far it is; answers with it when it is done.
 *
 *     const job = await untilDone(tessera, await tessera.startAudit(), terminal, { what: 'rows' })
 */
export const untilDone = async (
  tessera: Tessera,
  started: Job,
  { err, stop }: Pick<Terminal, 'err' | 'stop'>,
  {
    what,
    stopped = async job => `The job ${job.id} goes on in the server.`,
  }: {
    /** What it counts. */
    readonly what: string
    /** What to say, and do, where the user stops waiting. */
    readonly stopped?: (job: Job) => Promise<string>
  },
): Promise<Job> => {
  const progress = makeProgress(err, () => performance.now())
  try {
    let job = started
    while (job.state === 'queued' || job.state === 'running') {
      if (stop.aborted) throw new CommandFailed(await stopped(job))
      progress.step(what, job.done, job.total ?? undefined)
      await new Promise(done => setTimeout(done, pollMs))
      job = await tessera.getJob(job.id)
    }
    if (job.state !== 'done')
      throw new CommandFailed(`The job ${job.id} ${job.state}: ${job.error?.message ?? 'stopped'}`)
    return job
  } finally {
    progress.end()
  }
}
