import { z } from 'zod'
import { currencyCode, instant, minorUnits } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { campaignId, lifeState, offerId } from '../core/offers/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const figures = {
  held: z.int().meta({ description: 'Uses held right now' }),
  redeemed: z.int().meta({ description: 'Uses redeemed, and neither cancelled nor returned' }),
  returned: z.int().meta({ description: 'Uses of which nothing is left, because the goods came back' }),
  people: z.int().meta({ description: 'Distinct persons who redeemed' }),
  orders: z.int().meta({ description: 'Distinct orders that redeemed' }),
  amounts: z.array(z.strictObject({ currency: currencyCode, discount: minorUnits, revenue: minorUnits })).meta({
    description:
      'Discount given and total of the orders (each once), less what returns gave back; one entry a currency, never added up',
  }),
}
const issued = z.int().meta({ description: 'Grants and unique codes that were issued in the period' })
const redemptionRate = z.number().nullable().meta({
  description:
    'With members: the share of them who redeemed in the period; else of what was issued in the period the share that was used in it. Rounded to 4 decimals, never more than 1. null: there are no members and nothing was issued.',
})

export const channelRow = z.strictObject({ channel: z.string(), ...figures }).meta({ id: 'ChannelReport' })

export const offerRow = z
  .strictObject({
    offer: offerId,
    name: z.string(),
    state: lifeState,
    issued,
    redemptionRate,
    ...figures,
    overruns: z
      .array(z.strictObject({ limit: z.string(), uses: z.int(), budget: minorUnits }))
      .optional()
      .meta({ description: 'What tills gave beyond a limit after they had been written off, since ever' }),
    channels: z.array(channelRow),
  })
  .meta({ id: 'OfferReport' })

export const campaignRow = z
  .strictObject({
    campaign: campaignId,
    name: z.string(),
    state: lifeState,
    members: z.int().meta({ description: 'Persons in the audience' }),
    conflicts: z.int().meta({
      description:
        'Persons whom the campaign met in different arms, because links made them one since: what is measured of them says nothing',
    }),
    issued,
    redemptionRate,
    ...figures,
    channels: z.array(channelRow),
    offers: z.array(offerRow),
  })
  .meta({ id: 'CampaignReport' })
export type CampaignRow = z.output<typeof campaignRow>

const figuresExample = {
  held: 0,
  redeemed: 1,
  returned: 0,
  people: 1,
  orders: 1,
  amounts: [{ currency: 'EUR', discount: 180, revenue: 720 }],
}

export const getCampaignReport = defineEndpoint({
  name: 'getCampaignReport',
  method: 'GET',
  path: '/v1/reports/campaigns',
  summary: 'What came of campaigns, for each campaign, offer and channel',
  description:
    '`from` and `to` choose redemptions and holds by the time of their order; members and issued are those of all time.',
  tag: 'Reports',
  scopes: ['admin', 'secret'],
  query: z.strictObject({
    from: instant.optional().meta({ description: 'Inclusive' }),
    to: instant.optional().meta({ description: 'Exclusive' }),
    campaign: campaignId.optional(),
  }),
  answer: { 200: z.strictObject({ data: z.array(campaignRow) }) },
  refusals: [catalogueRefusals.campaign_not_found],
  example: {
    query: { from: '2026-03-01T00:00:00Z' },
    answer: {
      data: [
        {
          campaign: 'cmp_01kjm6jm000000000000000000',
          name: 'Spring',
          state: 'live',
          members: 4,
          conflicts: 0,
          issued: 0,
          redemptionRate: 0.25,
          ...figuresExample,
          channels: [{ channel: 'store', ...figuresExample }],
          offers: [
            {
              offer: 'off_01kjm6jm000000000000000000',
              name: '20% off coffee',
              state: 'live',
              issued: 0,
              redemptionRate: 0.25,
              ...figuresExample,
              channels: [{ channel: 'store', ...figuresExample }],
            },
          ],
        },
      ],
    },
  },
})

export const reportEndpoints = [getCampaignReport] as const
