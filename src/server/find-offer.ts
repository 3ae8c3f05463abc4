import type { Queryable } from '../adapters/storage/database.ts'
import { no, ok, type Result, refuse } from '../core/kernel/refusal.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import type { LifeState, OfferTerms } from '../core/offers/schema.ts'

export type FoundOffer = { readonly id: string; readonly state: LifeState; readonly terms: OfferTerms }

/** An offer as it is stored, or the refusal that there is none. */
export const findOffer = async (source: Queryable, workspaceId: string, id: string): Promise<Result<FoundOffer>> => {
  const { rows } = await source.query<{ state: LifeState; body: OfferTerms }>(
    'select state, body from offers where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  const row = rows[0]
  return row ? ok({ id, state: row.state, terms: row.body }) : no(refuse(catalogueRefusals.offer_not_found, { id }))
}

/** Codes and grants belong to offers that are claimed by them. */
export const findOfferTriggeredBy = async (
  source: Queryable,
  workspaceId: string,
  id: string,
  needed: OfferTerms['trigger']['on'],
): Promise<Result<FoundOffer>> => {
  const found = await findOffer(source, workspaceId, id)
  if (!found.ok) return found
  const trigger = found.value.terms.trigger.on
  return trigger === needed ? found : no(refuse(catalogueRefusals.trigger_mismatch, { id, trigger, needed }))
}
