import type { Queryable, Row } from '../adapters/storage/database.ts'
import { type Catalogue, makeCatalogue } from '../core/loop/world.ts'
import type { Programme, ProgrammeInput } from '../core/loyalty/schema.ts'
import {
  type LiveCampaign,
  type LiveOffer,
  liveCampaign,
  liveOffer,
  type StoredCampaign,
  type StoredOffer,
} from '../core/offers/live-offer.ts'
import { type ComputedTraits, makeComputedTraits, noTraits, type StoredTrait } from '../core/people/computed-traits.ts'
import { type LiveSegments, makeSegments, noSegments, type StoredSegment } from '../core/segments/live-segments.ts'
import { type StoredSettings, settingsOf } from './workspaces.ts'

type Known = {
  version: number
  campaigns: Map<string, LiveCampaign>
  stored: Map<string, { offer: StoredOffer; campaignId: string }>
  storedSegments: Map<string, StoredSegment>
  segments: LiveSegments
  storedTraits: Map<string, StoredTrait>
  traits: ComputedTraits
  programmes: Map<string, Programme>
  catalogue: Catalogue
}

const empty = (): Known => ({
  version: -1,
  campaigns: new Map(),
  stored: new Map(),
  storedSegments: new Map(),
  segments: noSegments,
  storedTraits: new Map(),
  traits: noTraits,
  programmes: new Map(),
  catalogue: makeCatalogue(-1, new Map()),
})

/**
 * The offers of each workspace, compiled and in memory. A batch names the catalogue version it read from the store; what this
 * process does not know yet is loaded first, only the rows that changed, so that a pause acknowledged anywhere binds here.
 */
export type LiveCatalogues = {
  atLeast(source: Queryable, workspaceId: string, version: number): Promise<Catalogue>
  /** What this process knows already, without a wait; undefined: nothing yet. */
  known(workspaceId: string): Catalogue | undefined
  /** Of a workspace that ended: there may be another one of its name. */
  forget(workspaceId: string): void
}

type OfferRow = StoredOffer & Row & { campaignId: string }
type CampaignRow = StoredCampaign & Row
type TraitRow = StoredTrait & Row & { removed: boolean }
type ProgrammeRow = Row & Omit<Programme, 'terms'> & { body: ProgrammeInput }
type SegmentRow = StoredSegment & Row & { removed: boolean }

/** So many changed offers a statement, because the embedded store must not be held long. */
const pageSize = 1000

export const makeCatalogues = (): LiveCatalogues => {
  const byWorkspace = new Map<string, Known>()
  return {
    known: workspaceId => {
      const known = byWorkspace.get(workspaceId)
      return known && known.version >= 0 ? known.catalogue : undefined
    },
    forget: workspaceId => void byWorkspace.delete(workspaceId),
    atLeast: async (source, workspaceId, version) => {
      const known = byWorkspace.get(workspaceId) ?? empty()
      byWorkspace.set(workspaceId, known)
      if (known.version >= version) return known.catalogue
      // Offers before campaigns: a campaign that appears between the two statements is then known to its offers. What is newer
      // than `version` is taken too, and read once more next time.
      const changed = new Set<string>()
      for (let after = ''; ; ) {
        const { rows } = await source.query<OfferRow>(
          `select id, version, state, body, campaign_id as "campaignId" from offers
           where workspace_id = $1 and catalogue_version > $2 and id > $3 order by id limit ${pageSize}`,
          [workspaceId, known.version, after],
        )
        for (const { campaignId, ...offer } of rows) {
          known.stored.set(offer.id, { offer, campaignId })
          changed.add(offer.id)
        }
        if (rows.length < pageSize) break
        after = rows.at(-1)!.id
      }
      const { rows: campaigns } = await source.query<CampaignRow>(
        'select id, name, state, body from campaigns where workspace_id = $1 and catalogue_version > $2',
        [workspaceId, known.version],
      )
      const changedCampaigns = new Set(campaigns.map(row => row.id))
      for (const row of campaigns) known.campaigns.set(row.id, liveCampaign(row))
      for (const [id, { campaignId }] of known.stored) if (changedCampaigns.has(campaignId)) changed.add(id)
      const offers = new Map<string, LiveOffer>(known.catalogue.offers)
      for (const id of changed) {
        const { offer, campaignId } = known.stored.get(id)!
        offers.set(id, liveOffer(offer, known.campaigns.get(campaignId)!))
      }
      const { rows: settings } = await source.query<{ settings: StoredSettings }>(
        'select settings from workspaces where id = $1',
        [workspaceId],
      )
      const { rows: segments } = await source.query<SegmentRow>(
        `select id, kind, name, condition, generation, next_condition as "nextCondition",
           next_generation as "nextGeneration", removed
         from segments where workspace_id = $1 and catalogue_version > $2`,
        [workspaceId, known.version],
      )
      for (const { removed, ...segment } of segments)
        if (removed) known.storedSegments.delete(segment.id)
        else known.storedSegments.set(segment.id, segment)
      const { rows: traits } = await source.query<TraitRow>(
        `select name, generation, body, next_generation as "nextGeneration", next_body as "nextBody", removed
         from computed_traits where workspace_id = $1 and catalogue_version > $2`,
        [workspaceId, known.version],
      )
      for (const { removed, ...trait } of traits)
        if (removed) known.storedTraits.delete(trait.name)
        else known.storedTraits.set(trait.name, trait)
      const { rows: programmes } = await source.query<ProgrammeRow>(
        `select id, version, state, body, (select coalesce(json_agg(distinct v.body -> 'pending' ->> 'event'), '[]') from programme_versions v
           where v.workspace_id = programmes.workspace_id and v.programme_id = programmes.id
             and v.body -> 'pending' ->> 'event' is not null) as awaited
         from programmes where workspace_id = $1 and catalogue_version > $2 order by created_at, id`,
        [workspaceId, known.version],
      )
      for (const { body, ...programme } of programmes) known.programmes.set(programme.id, { ...programme, terms: body })
      const { rows: closings } = await source.query<Row & { period: string | null }>(
        'select max(period) as period from closings where workspace_id = $1',
        [workspaceId],
      )
      if (traits.length > 0) known.traits = makeComputedTraits(known.storedTraits.values())
      if (segments.length + traits.length > 0)
        known.segments = makeSegments(known.storedSegments.values(), known.traits)
      known.catalogue = makeCatalogue(version, offers, {
        ...settingsOf(settings[0]!.settings),
        segments: known.segments,
        traits: known.traits,
        programmes: new Map(known.programmes),
        closedThrough: closings[0]!.period,
      })
      known.version = version
      return known.catalogue
    },
  }
}
