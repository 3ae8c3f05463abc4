import { goOnErasing } from '../people/erase-person.ts'
import type { JobKind } from './job-runner.ts'

/** Empties what was too much for the commit that erased somebody; where it stands is stored with the erasure. */
export const erasePerson: JobKind = async (tx, job) => {
  const { erasure } = job.params as { readonly erasure: string }
  const { rows, isDone } = await goOnErasing(tx, job.workspaceId, erasure)
  return { done: rows, ...(isDone && { result: { erasure } }) }
}
