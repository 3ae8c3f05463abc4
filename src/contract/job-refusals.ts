import { defineRefusals } from '../core/kernel/refusal.ts'

export const jobRefusals = defineRefusals({
  job_not_found: { status: 404, title: 'Job not found', sentence: 'There is no job {id}.' },
  job_state_conflict: {
    status: 409,
    title: 'Job state conflict',
    sentence: 'The job is {state}; it cannot be {asked}.',
  },
  job_must_end: {
    status: 409,
    title: 'Job must end',
    sentence: 'The job erases somebody and goes on until nothing of hers is left; it cannot be cancelled.',
  },
})
