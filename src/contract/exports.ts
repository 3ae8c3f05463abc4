import { z } from 'zod'
import { instant } from '../core/kernel/schema.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { segmentId } from '../core/segments/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { liabilityQuery, owedAsset } from './finance.ts'

export const exportFormats = ['csv', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** `since` means another time for each kind of row. */
const query = (since: string) =>
  z.strictObject({
    format: z.enum(exportFormats).default('csv').meta({ description: 'A header and rows, or one JSON object a line' }),
    since: instant.optional().meta({ description: since }),
    segment: segmentId.optional().meta({ description: 'Only of people who are in this segment' }),
  })

const common = {
  method: 'GET',
  tag: 'Exports',
  scopes: ['admin', 'secret'],
  answer: { 200: { contentType: 'text/csv', or: 'application/x-ndjson' } },
  refusals: [segmentRefusals.segment_not_found],
} as const

const about =
  'Streamed in pieces while reads and writes go on, so what changes meanwhile is in it or not. It holds personal data. In CSV a text that a spreadsheet would take for a formula is led by an apostrophe, which `tessera import` takes away. Of erased people nothing but the id and `erased_at` is left.'

const person = 'per_01kjm6jm000000000000000000'

export const exportPeople = defineEndpoint({
  ...common,
  name: 'exportPeople',
  path: '/v1/exports/people',
  summary: 'Everybody, one person a row',
  description: `${about} \`identifiers\`, \`traits\` and \`spend\` (minor units for each currency) are JSON.`,
  query: query('Only people of whom an identifier came in at this time or later'),
  example: {
    query: { format: 'csv' },
    answer:
      'person,user_id,email,phone,loyalty_card,identifiers,traits,orders,spend,first_order_at,last_order_at,created_at,erased_at\r\n' +
      `${person},4711,ana@example.com,,,"[""userId:4711"",""email:ana@example.com""]","{""firstName"":""Ana""}",1,"{""EUR"":720}",2026-03-01T09:00:00.000Z,2026-03-01T09:00:00.000Z,2026-03-01T08:00:00.000Z,\r\n`,
  },
})

export const exportEvents = defineEndpoint({
  ...common,
  name: 'exportEvents',
  path: '/v1/exports/events',
  summary: 'What happened, one event a row, person by person',
  description: `${about} \`identifier\` is whose it was; \`properties\` and \`body\`, what came beside them, are JSON.`,
  query: query('Only what happened at this time or later'),
  example: {
    query: { format: 'csv', since: '2026-03-01T00:00:00Z' },
    answer:
      'message_id,type,event,timestamp,received_at,identifier,person,channel,order_id,properties,body,erased_at\r\n' +
      `m-2,track,Product Viewed,2026-03-01T09:00:00.000Z,2026-03-01T09:00:01.000Z,userId:4711,${person},web,,"{""sku"":""LATTE""}",{},\r\n`,
  },
})

export const exportOrders = defineEndpoint({
  ...common,
  name: 'exportOrders',
  path: '/v1/exports/orders',
  summary: 'Orders by time, one line of an order a row',
  description: `${about} Amounts are in major units (\`4.50\`); what belongs to the whole order stands in each of its rows. With \`segment\` they come person by person.`,
  query: query('Only orders of this time or later'),
  example: {
    query: { format: 'csv' },
    answer:
      'order_id,order_state,date,identifier,person,channel,location,currency,line,sku,name,category,quantity,unit_price,subtotal,discount,shipping,total,codes,source,erased_at\r\n' +
      `web-1001,placed,2026-03-01T09:00:00.000Z,email:ana@example.com,${person},store,store-12,EUR,1,LATTE,,coffee,2,4.50,9.00,1.80,0.00,7.20,ANA-7KQ2,put,\r\n`,
  },
})

export const exportSegments = defineEndpoint({
  ...common,
  name: 'exportSegments',
  path: '/v1/exports/segments',
  summary: 'Who is in which segment, one member a row',
  description: `${about} \`identifier\` is the one that was listed; of a live segment any that names the person.`,
  query: query('Only members who came in at this time or later').extend({
    segment: segmentId.optional().meta({ description: 'Only this segment' }),
  }),
  example: {
    query: { format: 'csv', segment: 'vip' },
    answer: `segment,identifier,person,entered_at,erased_at\r\nvip,email:ana@example.com,${person},2026-03-01T09:00:00.000Z,\r\n`,
  },
})

export const exportConsents = defineEndpoint({
  ...common,
  name: 'exportConsents',
  path: '/v1/exports/consents',
  summary: 'The ledger of consents, one entry a row, person by person',
  description: `${about} \`evidence\` is JSON.`,
  query: query('Only entries of this time or later'),
  example: {
    query: { format: 'csv' },
    answer:
      'address,channel,purpose,state,at,how,text_version,language,by,evidence,person,erased_at\r\n' +
      `email:ana@example.com,email,marketing,given,2026-03-01T09:00:00.000Z,form,newsletter-2026-03,it,key_01kjm6jm000000000000000000,{},${person},\r\n`,
  },
})

export const exportLiability = defineEndpoint({
  ...common,
  name: 'exportLiability',
  path: '/v1/exports/liability',
  summary: 'What the business owes, one asset and month a row',
  description:
    'The rows of `/v1/reports/liability`. Points are in smallest units, what is in `money_` columns is in major units (`4.5`). In CSV a text that a spreadsheet would take for a formula is led by an apostrophe.',
  query: liabilityQuery.extend({ format: z.enum(exportFormats).default('csv') }),
  refusals: [programmeRefusals.programme_not_found],
  example: {
    query: { format: 'csv', programme: 'club', from: '2026-10', to: '2026-10' },
    answer:
      'asset,period,closed,opening,issued,earned,given_back,taken_back,burned,expired,adjusted,fees,closing,spendable,pending,held,debt,unexplained,rate_points,rate_worth,currency,money_opening,money_issued,money_earned,money_given_back,money_taken_back,money_burned,money_expired,money_adjusted,money_fees,money_revalued,money_closing\r\n' +
      'points:club,2026-10,false,0,0,1200,0,-100,-500,0,50,0,650,450,200,0,0,0,100,1,EUR,0,0,12,0,-1,-5,0,0.5,0,0,6.5\r\n',
  },
})

const format = z
  .enum(exportFormats)
  .default('csv')
  .meta({ description: 'A header and rows, or one JSON object a line' })

export const exportAdjustments = defineEndpoint({
  ...common,
  name: 'exportAdjustments',
  path: '/v1/exports/adjustments',
  summary: 'Adjustments by hand, the oldest first',
  description:
    'With who proposed and who decided, for the auditor. `amount` is in smallest units, `money` in major units (`4.5`). In CSV a text that a spreadsheet would take for a formula is led by an apostrophe.',
  query: z.strictObject({
    format,
    since: instant.optional().meta({ description: 'Only what was proposed at this time or later' }),
  }),
  refusals: [],
  example: {
    query: { format: 'csv' },
    answer:
      'id,state,person,asset,amount,currency,money,reason,note,effective_at,proposed_by,proposed_at,decided_by,decided_at,transaction,reverses\r\n' +
      `adj_01kjm6jm000000000000000000,proposed,${person},points:club,8000,,,complaint,Parcel 4711 came broken,,key_01kjm6jm000000000000000000,2026-03-01T08:00:00.000Z,,,,\r\n`,
  },
})

export const exportBalances = defineEndpoint({
  ...common,
  name: 'exportBalances',
  path: '/v1/exports/balances',
  summary: 'What everybody has of everything that is owed, one owner and asset a row',
  description:
    'Points, store credit, cashback and gift cards, by owner (somebody’s identifier, or a gift card), as booked by an instant; who has nothing is left out. Points and minor units; `money` is in major units (`4.5`). What became active or ended by then and was booked by the clock later stands as it was. It holds personal data. In CSV a text that a spreadsheet would take for a formula is led by an apostrophe.',
  query: z.strictObject({
    format,
    at: instant.optional().meta({ description: 'Now where it is left out' }),
    asset: owedAsset.optional().meta({ description: 'Only this one' }),
  }),
  refusals: [],
  example: {
    query: { format: 'csv', at: '2026-03-31T22:00:00Z' },
    answer:
      'owner,person,identifier,asset,spendable,pending,held,debt,balance,currency,money\r\n' +
      `hol_01kjm6jm000000000000000000,${person},email:ana@example.com,credit:EUR,450,0,0,0,450,EUR,4.5\r\n`,
  },
})

export const exportEndpoints = [
  exportPeople,
  exportEvents,
  exportOrders,
  exportSegments,
  exportConsents,
  exportLiability,
  exportAdjustments,
  exportBalances,
] as const
