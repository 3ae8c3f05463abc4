import type { Queryable } from '../../adapters/storage/database.ts'
import type { createSimulation } from '../../contract/simulations.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { collectionsOf } from '../../core/offers/live-offer.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { draftId, draftMistakes, liveDrafts, offersGiven } from '../../core/simulation/drafts.ts'
import type { SimulationInput } from '../../core/simulation/schema.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import type { Services } from '../services.ts'
import type { SimulateOrders } from '../simulations/simulate-orders.ts'
import { addJob } from '../worker/job-store.ts'

/** The first of the ids that a table does not have. */
const firstMissing = async (
  tx: Queryable,
  table: 'collections' | 'offers',
  workspaceId: string,
  ids: readonly string[],
): Promise<string | undefined> => {
  const isThere = table === 'collections' ? 'and t.generation > 0' : ''
  const { rows } = await tx.query<{ id: string }>(
    `select wanted.id from unnest($2::text[]) with ordinality as wanted(id, place)
     where not exists (select 1 from ${table} t where t.workspace_id = $1 and t.id = wanted.id ${isThere})
     order by wanted.place limit 1`,
    [workspaceId, ids],
  )
  return rows[0]?.id
}

/** Everything that must hold before drafts are simulated. */
const checkDrafts = async (
  tx: Queryable,
  workspaceId: string,
  { offers: drafts, replaces }: SimulationInput,
): Promise<Result<true>> => {
  const mistakes = draftMistakes(drafts)
  if (mistakes.length > 0) return no(invalidInput(mistakes))
  const collection = await firstMissing(tx, 'collections', workspaceId, liveDrafts(drafts).flatMap(collectionsOf))
  if (collection !== undefined) return no(refuse(catalogueRefusals.collection_not_found, { id: collection }))
  const own = new Set(drafts.map((_, index) => draftId(index)))
  const given = offersGiven(drafts).filter(({ id }) => !own.has(id))
  const offer = await firstMissing(tx, 'offers', workspaceId, [...given.map(({ id }) => id), ...replaces])
  return offer === undefined ? ok(true) : no(refuse(catalogueRefusals.offer_not_found, { id: offer }))
}

export const simulationsHandlers = (services: Services) => {
  const create: Handler<typeof createSimulation> = async call => {
    const { body, now } = call
    const { workspaceId } = call.auth
    const id = makeId('job', now, services.random(10))
    const answer = await change(services, call, { action: 'createSimulation', subject: id }, async tx => {
      const checked = await checkDrafts(tx, workspaceId, body)
      if (!checked.ok) return checked
      const params: SimulateOrders = { ...body, to: body.to ?? formatInstant(now) }
      return ok({
        status: 202,
        json: await addJob(tx, { workspaceId, id, kind: 'simulateOrders', params, total: null, now }),
      })
    })
    if ('refusal' in answer) return answer
    // Read from the answer, which under a used Idempotency-Key is an earlier one.
    const started = JSON.parse(answer.text) as { id: string }
    return { ...answer, headers: { location: `/v1/jobs/${started.id}` } }
  }
  return { createSimulation: create }
}
