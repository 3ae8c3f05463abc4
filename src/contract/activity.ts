import { z } from 'zod'
import { channelName, currencyCode, instant, minorUnits } from '../core/kernel/schema.ts'
import { campaignId, offerId } from '../core/offers/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { exportFormats } from './exports.ts'
import { flag } from './fields.ts'

export const activityRow = z
  .strictObject({
    bucket: z.string().meta({
      description: 'On the clock of the time zone: 2026-03-01T09+01:00, 2026-03-01, 2026-W09 or 2026-03',
    }),
    group: z
      .string()
      .nullable()
      .meta({ description: 'The channel, location, campaign or offer; null: of all, or of none' }),
    orders: z.int().meta({ description: 'Placed and not cancelled; of offers and campaigns those that used them' }),
    used: z.int().meta({ description: 'Uses of offers, also those whose goods came back' }),
    returned: z.int().meta({ description: 'Of these, uses of which nothing is left' }),
    given: z.int().meta({ description: 'Grants issued; by channel and location nothing, for they have none' }),
    amounts: z
      .array(
        z.strictObject({
          currency: currencyCode,
          sales: z.int().meta({ description: 'Totals of all orders, less what was refunded; of offers 0' }),
          discount: minorUnits.meta({ description: 'What offers cost, less what returns gave back' }),
          revenue: z.int().meta({ description: 'Totals of orders that used an offer, less what was refunded' }),
        }),
      )
      .meta({ description: 'One entry a currency, never added up' }),
  })
  .meta({ id: 'ActivityRow' })

const usualRow = activityRow.meta({ id: 'UsualActivityRow' })

export const activity = z
  .strictObject({
    from: instant,
    to: instant,
    timeZone: z.string(),
    data: z.array(activityRow).meta({ description: 'By bucket, then group; where nothing happened there is none' }),
    usual: z
      .strictObject({
        weeks: z.int().meta({ description: 'Of the four before, those in which anything happened' }),
        data: z
          .array(usualRow)
          .meta({ description: 'Means of these weeks, under the buckets of now; hours without the offset' }),
      })
      .optional(),
  })
  .meta({ id: 'Activity' })

const query = {
  from: instant.optional().meta({ description: 'Inclusive; left out, a week before `to`' }),
  to: instant.optional().meta({ description: 'Exclusive; left out, now' }),
  bucket: z.enum(['hour', 'day', 'week', 'month']).default('day'),
  timeZone: z.string().max(64).optional().meta({ description: 'IANA name; the workspace’s where left out' }),
  by: z.enum(['channel', 'location', 'campaign', 'offer']).optional(),
  channel: channelName.optional(),
  location: z.string().min(1).max(80).optional(),
  campaign: campaignId.optional(),
  offer: offerId.optional(),
}

export const getActivity = defineEndpoint({
  name: 'getActivity',
  method: 'GET',
  path: '/v1/reports/activity',
  summary: 'Orders, uses, what was given, cost and revenue over time',
  description:
    'Everything lies at the time of its order, so a return changes the day of what it returns. With `usual` the same hours or days of the four weeks before are told as well, on the mean. Long periods of a large business take long: it is added up from orders and uses, in short statements.',
  tag: 'Reports',
  scopes: ['admin', 'secret'],
  query: z.strictObject({
    ...query,
    usual: flag.optional().meta({ description: 'Of hours and days, in a period of a week at most' }),
  }),
  answer: { 200: activity },
  refusals: [],
  example: {
    query: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', by: 'channel' },
    answer: {
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
      timeZone: 'Europe/Rome',
      data: [
        {
          bucket: '2026-03-01',
          group: 'store',
          orders: 2,
          used: 1,
          returned: 0,
          given: 0,
          amounts: [{ currency: 'EUR', sales: 1620, discount: 180, revenue: 720 }],
        },
      ],
    },
  },
})

export const exportActivity = defineEndpoint({
  name: 'exportActivity',
  method: 'GET',
  path: '/v1/exports/activity',
  summary: 'Activity over time as a file',
  description: 'As `GET /v1/reports/activity`, a row a bucket, group and currency; money in major units.',
  tag: 'Exports',
  scopes: ['admin', 'secret'],
  query: z.strictObject({ format: z.enum(exportFormats).default('csv'), ...query }),
  answer: { 200: { contentType: 'text/csv', or: 'application/x-ndjson' } },
  refusals: [],
  example: {
    query: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', by: 'channel' },
    answer:
      'bucket,group,orders,used,returned,given,currency,sales,discount,revenue\r\n2026-03-01,store,2,1,0,0,EUR,16.2,1.8,7.2\r\n',
  },
})

export const activityEndpoints = [getActivity, exportActivity] as const
