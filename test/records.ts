import type { Queryable } from '../src/adapters/storage/database.ts'
import { createCampaign } from '../src/contract/campaigns.ts'
import { createOffer } from '../src/contract/offers.ts'
import { campaignsHandlers } from '../src/server/resources/campaigns.ts'
import { offersHandlers } from '../src/server/resources/offers.ts'
import { ask, type TestServices } from './calls.ts'

/** Campaigns, offers and uses for the tests of what reads them. */

export const newCampaign = async (services: TestServices, body: object = {}): Promise<string> => {
  const { createCampaign: handler } = campaignsHandlers(services)
  const { json } = await ask(services, createCampaign, handler, { body: { name: 'Spring', ...body } })
  return String(json.id)
}

export const newOffer = async (services: TestServices, body: object = {}): Promise<string> => {
  const { createOffer: handler } = offersHandlers(services)
  const offer = { name: 'Coffee', trigger: { on: 'code' }, benefit: { kind: 'percentOff', percent: 20 }, ...body }
  const campaign = 'campaign' in body ? body.campaign : await newCampaign(services)
  const { json } = await ask(services, createOffer, handler, { body: { campaign, ...offer } })
  return String(json.id)
}

export type Use = {
  readonly order: string
  readonly seq?: number
  readonly offer: string
  readonly campaign: string
  readonly holder?: string | null
  readonly code?: string
  readonly grant?: string
  readonly channel?: string
  readonly currency?: string
  readonly amount?: number
  readonly revenue?: number
  readonly state?: 'held' | 'redeemed' | 'released' | 'expired' | 'cancelled'
  readonly heldUntil?: number
  readonly at: number
}

/** Stores uses as the group commit would, without the orders they belong to. */
export const storeUses = async (source: Queryable, uses: readonly Use[]): Promise<void> => {
  await source.query(
    `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, holder_id, code, grant_id, channel,
       currency, amount, revenue, state, held_until, at, changed_at)
     select 'default', u."order", coalesce(u.seq, 1), 'red_' || u."order" || coalesce(u.seq, 1), u.offer, 1, u.campaign, u.holder, u.code, u."grant",
       coalesce(u.channel, 'store'), coalesce(u.currency, 'EUR'), coalesce(u.amount, 100), coalesce(u.revenue, 1000),
       coalesce(u.state, 'redeemed'), to_timestamp(u."heldUntil" / 1000.0), to_timestamp(u.at / 1000.0), to_timestamp(u.at / 1000.0)
     from json_to_recordset($1::json) as u("order" text, seq int, offer text, campaign text, holder text, code text, "grant" text, channel text,
       currency text, amount int8, revenue int8, state text, "heldUntil" int8, at int8)`,
    [JSON.stringify(uses)],
  )
}

/** Stores a placed or open order without lines. */
export const storeOrder = async (
  source: Queryable,
  order: {
    readonly id: string
    readonly holder: string
    readonly source?: 'put' | 'event'
    readonly openedAt?: number
    readonly placedAt?: number
    readonly cancelledAt?: number
  },
): Promise<void> => {
  const at = order.placedAt ?? order.openedAt
  await source.query(
    `insert into orders (workspace_id, id, holder_id, state, source, revision, channel, currency, subtotal, discount, shipping, total,
       occurred_at, opened_at, placed_at, cancelled_at, request_hash, basket, decision_id, catalogue_version, schema_version, answer)
     values ('default', $1, $2, 'placed', $3, 1, 'store', 'EUR', 900, 180, 0, 720, to_timestamp($4::int8 / 1000.0),
       to_timestamp($5::int8 / 1000.0), to_timestamp($6::int8 / 1000.0), to_timestamp($7::int8 / 1000.0), '', '{}', 'dec_1', 1, 1, '{}')`,
    [
      order.id,
      order.holder,
      order.source ?? 'put',
      at,
      order.openedAt ?? null,
      order.placedAt ?? null,
      order.cancelledAt ?? null,
    ],
  )
}
