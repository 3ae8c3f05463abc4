import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { wallet } from '../../contract/people.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { duplicateGrants } from '../../core/offers/duplicate-grants.ts'
import { kindOf, shownBenefit } from '../../core/offers/kinds/index.ts'
import { type LiveOffer, liveCampaign, liveOffer, type StoredCampaign } from '../../core/offers/live-offer.ts'
import type { LifeState, OfferTerms } from '../../core/offers/schema.ts'
import type { Services } from '../services.ts'
import type { FoundPerson } from './find-person.ts'
import { type GrantRow, grantAnswer, grantColumns, grantStateAt, grantTables } from './grant-answer.ts'
import { readWalletValue } from './wallet-value.ts'

export type Wallet = z.output<typeof wallet>

type OfferRow = {
  id: string
  version: number
  state: LifeState
  body: OfferTerms
  campaign: StoredCampaign
  code: string | null
  uses: number
  used: number
  budget_used: number
}

const mostGrants = 1000

const isLive = (offer: LiveOffer, now: number): boolean =>
  offer.state === 'live' &&
  offer.campaign.state === 'live' &&
  (offer.from ?? -Infinity) <= now &&
  now < (offer.to ?? Infinity)

/** Held uses count as used: they cannot be promised to anybody. */
const remaining = ({ body: { limits }, uses, used, budget_used }: OfferRow): number | null => {
  if (used >= (limits.uses ?? Infinity) || budget_used >= (limits.budget?.amount ?? Infinity)) return 0
  return limits.perPerson === undefined ? null : Math.max(0, limits.perPerson - uses)
}

const readGrants = async (source: Queryable, workspaceId: string, holderIds: readonly string[], now: number) => {
  const { rows } = await source.query<GrantRow>(
    `select ${grantColumns} from ${grantTables}
     where g.workspace_id = $1 and g.holder_id = any($2::text[]) order by g.issued_at desc, g.id desc limit ${mostGrants}`,
    [workspaceId, holderIds],
  )
  const duplicates = duplicateGrants(
    rows.map(row => ({
      id: row.id,
      offer: row.offer_id,
      perPerson: row.body.limits.perPerson,
      state: grantStateAt(row, now),
      issuedAt: row.issued_at,
    })),
  )
  return rows.map(row => ({ ...grantAnswer(row, now), ...(duplicates.has(row.id) && { duplicate: true as const }) }))
}

const readOffers = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  now: number,
  channel: string | undefined,
): Promise<Wallet['offers']> => {
  // An offer has shared codes or unique ones, so its first code tells; a unique one is somebody else's to hand out.
  const { rows } = await source.query<OfferRow>(
    `select o.id, o.version, o.state, o.body,
       json_build_object('id', c.id, 'name', c.name, 'state', c.state, 'body', c.body) as campaign,
       (select case when shared then given end from codes
        where workspace_id = $1 and offer_id = o.id order by code limit 1) as code,
       (select count(*) from redemptions where workspace_id = $1 and offer_id = o.id and holder_id = any($2::text[])
        and (state in ('redeemed', 'leased') or (state = 'held' and held_until > to_timestamp($3 / 1000.0)))) as uses,
       n.used + n.held + n.leased as used, n.budget_used + n.budget_held + n.budget_leased as budget_used
     from campaigns c
     join offers o on o.workspace_id = c.workspace_id and o.campaign_id = c.id
     join counters n on n.workspace_id = o.workspace_id and n.offer_id = o.id and n.bucket = ''
     where c.workspace_id = $1 and c.state = 'live' and o.state = 'live'
       and c.id in (select campaign_id from members where workspace_id = $1 and holder_id = any($2::text[]))
     order by o.id`,
    [workspaceId, holderIds, now],
  )
  return rows.flatMap(row => {
    const { terms, ...offer } = liveOffer(row, liveCampaign(row.campaign))
    const left = remaining(row)
    const isShown = channel === undefined || terms.channels.show === undefined || terms.channels.show.includes(channel)
    // What must have been granted is in the wallet as its grant.
    if (terms.trigger.on === 'grant' || left === 0 || !isShown || !isLive({ terms, ...offer }, now)) return []
    return {
      offer: row.id,
      campaign: offer.campaign.id,
      name: terms.name,
      sentence: kindOf(terms.benefit).sentence(terms.benefit),
      benefit: shownBenefit(terms.benefit),
      code: row.code,
      remaining: left,
      endsAt: offer.to === undefined ? null : formatInstant(offer.to),
    }
  })
}

/** What a person has, as it is shown on a channel (all, where the key belongs to none). */
export const readWallet = async (
  services: Pick<Services, 'database' | 'writer' | 'catalogues' | 'workspaces'>,
  workspaceId: string,
  person: FoundPerson,
  now: number,
  channel: string | undefined,
): Promise<Wallet> => {
  const { database } = services
  const holderIds = person.holders.map(holder => holder.id)
  const [grants, offers, value] = await Promise.all([
    readGrants(database, workspaceId, holderIds, now),
    readOffers(database, workspaceId, holderIds, now, channel),
    readWalletValue(services, workspaceId, person, now),
  ])
  return { person: person.id, grants, offers, ...value }
}
