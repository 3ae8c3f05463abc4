import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { simulationReport } from '../core/simulation/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { jobRefusals } from './job-refusals.ts'

export const jobId = z.string().regex(/^job_[0-9a-z]{26}$/, 'must be a job id (job_…)')
const jobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])

export const job = z
  .strictObject({
    id: jobId,
    kind: z.string(),
    state: jobState,
    done: z.int().meta({ description: 'How much of `total` is stored' }),
    total: z.int().nullable(),
    result: z
      .union([simulationReport, z.record(z.string(), z.unknown())])
      .nullable()
      .meta({ description: 'Once done; of a simulation its report' }),
    error: z
      .strictObject({
        message: z.string(),
        code: z.string().optional(),
        details: z.record(z.string(), z.unknown()).optional(),
      })
      .nullable()
      .meta({ description: 'Why it failed; with `code` and `details` where it is a refusal' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Job', description: 'Long work, done in small commits; it goes on where it stood after a crash.' })
export type Job = z.output<typeof job>

const params = z.strictObject({ id: jobId })

export const jobExample: Job = {
  id: 'job_01kjm6jm000000000000000000',
  kind: 'generateCodes',
  state: 'running',
  done: 250_000,
  total: 1_000_000,
  result: null,
  error: null,
  createdAt: '2026-03-01T08:00:00.000Z',
  updatedAt: '2026-03-01T08:00:07.000Z',
}
const example = { params: { id: jobExample.id }, answer: jobExample }

export const listJobs = defineEndpoint({
  name: 'listJobs',
  method: 'GET',
  path: '/v1/jobs',
  summary: 'Long work, newest first',
  tag: 'Jobs',
  scopes: ['admin', 'secret'],
  query: pageQuery.extend({ state: jobState.optional() }),
  answer: { 200: pageOf(job) },
  refusals: [],
  example: { query: { state: 'running' }, answer: { data: [jobExample], nextCursor: null } },
})

export const getJob = defineEndpoint({
  name: 'getJob',
  method: 'GET',
  path: '/v1/jobs/{id}',
  summary: 'How far a job is',
  tag: 'Jobs',
  scopes: ['admin', 'secret'],
  params,
  answer: { 200: job },
  refusals: [jobRefusals.job_not_found],
  example,
})

export const cancelJob = defineEndpoint({
  name: 'cancelJob',
  method: 'POST',
  path: '/v1/jobs/{id}/cancel',
  summary: 'Stop a job',
  description: 'What it has done so far stays; POST …/resume goes on from there.',
  tag: 'Jobs',
  scopes: ['admin', 'secret'],
  params,
  answer: { 200: job },
  refusals: [jobRefusals.job_not_found, jobRefusals.job_must_end, jobRefusals.job_state_conflict],
  example: { params: { id: jobExample.id }, answer: { ...jobExample, state: 'cancelled' } },
})

export const resumeJob = defineEndpoint({
  name: 'resumeJob',
  method: 'POST',
  path: '/v1/jobs/{id}/resume',
  summary: 'Go on with a job that failed or was cancelled',
  tag: 'Jobs',
  scopes: ['admin', 'secret'],
  params,
  answer: { 200: job },
  refusals: [jobRefusals.job_not_found, jobRefusals.job_state_conflict],
  example: { params: { id: jobExample.id }, answer: { ...jobExample, state: 'queued' } },
})

export const jobEndpoints = [listJobs, getJob, cancelJob, resumeJob] as const
