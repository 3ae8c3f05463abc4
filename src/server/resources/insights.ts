import type {
  findOfferConflicts,
  getPersonLimits,
  getTierPopulation,
  overlapSegments,
} from '../../contract/insights.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { programmeRefusals } from '../../core/loyalty/refusals.ts'
import { liveOffer } from '../../core/offers/live-offer.ts'
import { termsCollections, termsMistakes, termsOf } from '../../core/offers/terms.ts'
import { conflictsOf } from '../../core/orders/conflicts.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { draftCampaign, draftId } from '../../core/simulation/drafts.ts'
import { catalogueNow } from '../catalogue-now.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { countTiers } from '../loyalty/tier-population.ts'
import { findPerson } from '../people/find-person.ts'
import { readLimitsUsed } from '../people/limits-used.ts'
import { countOverlap } from '../segments/segment-overlap.ts'
import type { Services } from '../services.ts'

export const insightsHandlers = (services: Services) => {
  const { database, workspaces } = services

  const tiers: Handler<typeof getTierPopulation> = async ({ params: { id }, auth: { workspaceId } }) => {
    const programme = (await catalogueNow(services, workspaceId)).programmes.get(id)
    if (!programme) return { refusal: refuse(programmeRefusals.programme_not_found, { id }) }
    const { tiers: ladder } = programme.terms
    const counts = new Map(await countTiers(database, workspaceId, id, ladder))
    const people = [...counts.values()].reduce((all, it) => all + it, 0)
    const take = (tier: string): number => {
      const count = counts.get(tier) ?? 0
      counts.delete(tier)
      return count
    }
    const none = take('')
    const levels = (ladder?.levels ?? []).map(({ id: tier, name, threshold }) => ({
      tier,
      name,
      threshold,
      people: take(tier),
    }))
    const removed = [...counts].filter(([, count]) => count > 0).map(([tier, count]) => ({ tier, people: count }))
    return { json: { people, none, tiers: levels, removed } }
  }

  const overlap: Handler<typeof overlapSegments> = async ({ body: { segments }, auth: { workspaceId } }) => {
    const { rows } = await database.query<{ id: string }>(
      'select id from segments where workspace_id = $1 and id = any($2::text[]) and not removed',
      [workspaceId, segments],
    )
    const missing = segments.find(id => !rows.some(row => row.id === id))
    if (missing !== undefined) return { refusal: refuse(segmentRefusals.segment_not_found, { id: missing }) }
    const [a, b, c] = segments as [string, string, string | undefined]
    const first = await countOverlap(database, workspaceId, a, [b, c ?? b])
    const second = await countOverlap(database, workspaceId, b, [c ?? a, c ?? a])
    const sizes = [first.n, second.n]
    const overlaps = [{ segments: [a, b], people: first.b }]
    if (c !== undefined) {
      sizes.push((await countOverlap(database, workspaceId, c, [a, a])).n)
      overlaps.push({ segments: [a, c], people: first.c }, { segments: [b, c], people: second.b })
      overlaps.push({ segments: [a, b, c], people: first.bc })
    }
    return { json: { segments: segments.map((segment, index) => ({ segment, people: sizes[index]! })), overlaps } }
  }

  const conflicts: Handler<typeof findOfferConflicts> = async ({
    body: { draft, replaces },
    auth: { workspaceId },
  }) => {
    const terms = termsOf({ ...draft, campaign: '' })
    const conditions = termsCollections(terms)
    const mistakes = [...termsMistakes(terms), ...(conditions.ok ? [] : (conditions.refusal.errors ?? []))]
    if (mistakes.length > 0)
      return { refusal: invalidInput(mistakes.map(it => ({ ...it, pointer: `/draft${it.pointer}` }))) }
    const { offers } = await catalogueNow(services, workspaceId)
    const made = liveOffer({ id: draftId(0), version: 1, state: 'live', body: terms }, draftCampaign)
    const others = [...offers.values()].filter(({ id }) => id !== replaces)
    // The draft comes first, so that it is compared with as many as there is room for.
    const data = conflictsOf([made, ...others])
      .filter(({ offers: [a] }) => a.id === draftId(0))
      .map(({ kind, offers: [, { id, terms }] }) => ({ kind, offer: id, name: terms.name }))
    return { json: { data } }
  }

  const limits: Handler<typeof getPersonLimits> = async ({ params: { ref }, auth, now }) => {
    const { workspace } = workspaces.known(auth.workspaceId)
    const found = await findPerson(database, workspace, auth, ref, now)
    if (!found.ok) return found
    const { offers } = await catalogueNow(services, workspace.id)
    const holderIds = found.value.holders.map(({ id }) => id)
    return { json: { data: await readLimitsUsed(database, workspace, offers.values(), holderIds, now) } }
  }

  return { getTierPopulation: tiers, overlapSegments: overlap, findOfferConflicts: conflicts, getPersonLimits: limits }
}
