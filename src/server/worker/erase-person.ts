import { commonRefusals } from '../../contract/common-refusals.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { type EraseServices, goOnErasing } from '../people/erase-person.ts'
import type { ApartKind } from './job-runner.ts'
import { submitPatiently } from './submit-patiently.ts'

/** Erases what was too much for the commit that erased somebody; where it stands is stored with the erasure. */
export const erasePerson =
  (services: EraseServices): ApartKind =>
  async (job, signal) => {
    const { erasure } = job.params as { readonly erasure: string }
    const writer: EraseServices['writer'] = {
      submit: async item =>
        (await submitPatiently(services.writer, item, signal)) ?? { refusal: refuse(commonRefusals.overloaded, {}) },
    }
    const { rows, isDone } = await goOnErasing({ ...services, writer }, job.workspaceId, erasure)
    return { done: rows, ...(isDone && { result: { erasure } }) }
  }
