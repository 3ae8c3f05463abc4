import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import type { Services } from '../services.ts'
import type { CountEvents } from '../worker/count-events.ts'
import { addJob } from '../worker/job-store.ts'

type Counting = {
  readonly workspaceId: string
  /** Of the catalogue, raised in this transaction. */
  readonly version: number
  /** Events that what is about to be saved asks for. */
  readonly names: readonly string[]
  readonly traits?: CountEvents['traits']
  readonly now: number
}

/**
 * What is saved asks for events that nobody asked for until now: those that came before are counted by a job, those that come are counted
 * from this version on. Call it right after the version was raised, before anything is written: it asks what counted so far.
 *
 *     const version = await raiseCatalogueVersion(tx, workspaceId)
 *     await countNew(services, tx, { workspaceId, version, names: ['Product Viewed'], now })
 */
export const countNew = async (
  { catalogues, random }: Pick<Services, 'catalogues' | 'random'>,
  tx: Queryable,
  { workspaceId, version, names, traits = [], now }: Counting,
): Promise<void> => {
  if (names.length === 0 && traits.length === 0) return
  const { counted } = await catalogues.atLeast(tx, workspaceId, version - 1)
  const fresh = traits.length > 0 ? names : names.filter(name => !counted.has(name))
  if (fresh.length === 0) return
  const params: CountEvents = { names: fresh, traits }
  await addJob(tx, { workspaceId, id: makeId('job', now, random(10)), kind: 'countEvents', params, total: null, now })
}
