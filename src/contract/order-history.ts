import { z } from 'zod'
import {
  callerId,
  channelName,
  codeText,
  currencyCode,
  instant,
  minorUnits,
  pageOf,
  pageQuery,
} from '../core/kernel/schema.ts'
import { momentRefusals } from '../core/loop/refusals.ts'
import { benefit } from '../core/offers/kinds/index.ts'
import { offerId } from '../core/offers/schema.ts'
import { orderRefusals } from '../core/orders/refusals.ts'
import { returnAnswer } from '../core/orders/return-schema.ts'
import { given, orderState } from '../core/orders/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId, personRef } from '../core/people/schema.ts'
import { leg, posting } from './accounts.ts'
import { defineEndpoint } from './endpoint.ts'
import { orderBasket, orderExample, orderNow } from './orders.ts'

const tag = 'Orders'
const scopes = ['admin', 'secret'] as const
const offer = 'off_01kjm6jm000000000000000000'
const redemption = 'red_01kjm6jm000000000000000000'
const at = '2026-03-01T09:00:00.000Z'

const useState = z
  .enum(['held', 'redeemed', 'released', 'expired', 'cancelled', 'returned', 'withheld', 'leased'])
  .meta({
    description:
      '`withheld`: what somebody who is held out would have been given. `leased`: of a till without a network; no use of an order is.',
  })

export const orderRow = z
  .strictObject({
    id: z.string(),
    state: orderState,
    source: z.enum(['put', 'event']).meta({ description: '`event`: only an `Order Completed` told of it' }),
    person: personId.nullable().meta({ description: 'Who the buyer is now' }),
    personName: z.string().nullable().meta({ description: 'As her traits tell it; null: they do not' }),
    channel: z.string(),
    location: z.string().nullable(),
    currency: currencyCode,
    totals: z.strictObject({ subtotal: minorUnits, discount: minorUnits, shipping: minorUnits, total: minorUnits }),
    refunded: minorUnits,
    uses: z.array(z.strictObject({ offer: offerId, code: z.string().nullable(), amount: minorUnits, state: useState })),
    at: instant.meta({ description: 'When it counts as happening' }),
  })
  .meta({ id: 'OrderRow', description: 'An order in a list' })

export const listOrders = defineEndpoint({
  name: 'listOrders',
  method: 'GET',
  path: '/v1/orders',
  summary: 'Orders, the newest first',
  description:
    'All filters must fit. A page looks at no more than ten thousand orders: where few of them fit it may be shorter than `limit`, even empty, and not be the last. A code is found where it was used or held.',
  tag,
  scopes,
  query: pageQuery.extend({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    person: personRef.optional(),
    channel: channelName.optional(),
    location: z.string().min(1).max(80).optional(),
    state: orderState.optional(),
    offer: offerId.optional().meta({ description: 'That it used, or holds' }),
    code: codeText.optional(),
    from: instant.optional().meta({ description: 'Inclusive' }),
    to: instant.optional().meta({ description: 'Exclusive' }),
  }),
  answer: { 200: pageOf(orderRow) },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    query: { channel: 'store', state: 'placed' },
    answer: {
      data: [
        {
          id: 'web-1001',
          state: 'placed',
          source: 'put',
          person: 'per_01kjm6jm000000000000000000',
          personName: 'Ana Rossi',
          channel: 'store',
          location: 'store-12',
          currency: 'EUR',
          totals: { subtotal: 900, discount: 180, shipping: 0, total: 720 },
          refunded: 0,
          uses: [{ offer, code: 'ANA7KQ2', amount: 180, state: 'redeemed' }],
          at,
        },
      ],
      nextCursor: null,
    },
  },
})

export const orderStory = z
  .strictObject({
    order: orderNow,
    source: orderRow.shape.source,
    personName: orderRow.shape.personName,
    location: z.string().nullable(),
    clerk: z
      .strictObject({
        id: z.string(),
        name: z.string().nullable().meta({ description: 'null: removed, or never known' }),
      })
      .nullable()
      .meta({ description: 'Who served; null: nobody was named' }),
    times: z.strictObject({
      occurredAt: instant,
      openedAt: instant.nullable(),
      placedAt: instant.nullable(),
      cancelledAt: instant.nullable(),
    }),
    basket: orderBasket,
    facts: z.record(z.string(), z.unknown()).nullable().meta({
      description:
        'What was known of the buyer then, where a return has to decide again; null: it was not kept, or is erased',
    }),
    offers: z
      .array(
        z.strictObject({
          offer: offerId,
          version: z.int().nullable().meta({ description: 'That was decided with; null: it used nothing' }),
          name: z.string(),
          sentence: z.string().meta({ description: 'In English; `benefit` holds what another language needs' }),
          benefit,
          outcome: z
            .enum(['applied', 'fitted', 'available', 'refused', 'withheld'])
            .meta({ description: '`fitted`: it would have applied by itself, and others were better' }),
        }),
      )
      .meta({ description: 'All that the decision names, those that applied first' }),
    uses: z.array(
      z.strictObject({
        id: z.string(),
        offer: offerId,
        version: z.int(),
        code: z.string().nullable(),
        grant: z.string().nullable(),
        amount: minorUnits,
        returned: minorUnits.meta({ description: 'Of the amount, what returns gave back' }),
        gives: z.array(given),
        arm: z.enum(['treatment', 'holdout']).nullable(),
        state: useState,
        at: instant,
      }),
    ),
    returns: z.array(returnAnswer),
    events: z
      .array(z.strictObject({ id: z.string(), name: z.string(), channel: channelName.nullable(), at: instant }))
      .meta({ description: 'That name it, by its holder, the oldest first; at most 100' }),
    transactions: z
      .array(
        z.strictObject({
          id: z.string(),
          kind: posting.shape.kind,
          offer: offerId.nullable(),
          return: z.string().nullable(),
          reason: z.string().nullable(),
          effectiveAt: instant,
          bookedAt: instant,
          postings: z.array(leg),
        }),
      )
      .meta({ description: 'What it moved in the ledger, the oldest first; at most 200, and 1,000 postings' }),
  })
  .meta({ id: 'OrderStory', description: 'How an order came to what it is' })

export const getOrderStory = defineEndpoint({
  name: 'getOrderStory',
  method: 'GET',
  path: '/v1/orders/{id}/story',
  summary: 'How an order was decided, and what became of it',
  description:
    'The decision with its offers, winners and losers, as it was answered; the basket; the uses; the returns; and what was posted.',
  tag,
  scopes,
  params: z.strictObject({ id: callerId }),
  answer: { 200: orderStory },
  refusals: [orderRefusals.order_not_found],
  example: {
    params: { id: 'web-1001' },
    answer: {
      order: orderExample,
      source: 'put',
      personName: 'Ana Rossi',
      location: 'store-12',
      clerk: { id: 'clk_01kjm6jm000000000000000000', name: 'Kim' },
      times: { occurredAt: at, openedAt: null, placedAt: at, cancelledAt: null },
      basket: {
        lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
        shipping: 0,
        codes: ['ANA-7KQ2', 'SUMMER'],
        tenders: [],
      },
      facts: null,
      offers: [
        {
          offer,
          version: 1,
          name: '20% off coffee',
          sentence: '20 % off chosen items',
          benefit: { kind: 'percentOff' as const, percent: 20, lines: "line.category == 'coffee'" },
          outcome: 'applied',
        },
      ],
      uses: [
        {
          id: redemption,
          offer,
          version: 1,
          code: 'ANA7KQ2',
          grant: null,
          amount: 180,
          returned: 0,
          gives: [],
          arm: null,
          state: 'redeemed',
          at,
        },
      ],
      returns: [],
      events: [{ id: 'm-1', name: 'Order Completed', channel: 'web', at }],
      transactions: [],
    },
  },
})

export const storedDecision = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['request', 'event']),
    cause: z.string().meta({ description: 'The moment, or the message id of the event' }),
    person: personId.nullable().meta({ description: 'Who it is now' }),
    personName: orderRow.shape.personName,
    channel: z.string().nullable(),
    location: z.string().nullable(),
    shown: z.boolean(),
    at: instant,
    answer: z.record(z.string(), z.unknown()).meta({ description: 'As it was answered' }),
  })
  .meta({ id: 'StoredDecision' })

export const getDecision = defineEndpoint({
  name: 'getDecision',
  method: 'GET',
  path: '/v1/decisions/{id}',
  summary: 'What a moment or an event was answered',
  description: 'Of an order the decision is in its story: `GET /v1/orders/{id}/story`.',
  tag: 'Decisions',
  scopes,
  params: z.strictObject({ id: z.string().regex(/^dec_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a decision id (dec_…)') }),
  answer: { 200: storedDecision },
  refusals: [momentRefusals.decision_not_found],
  example: {
    params: { id: 'dec_01kjm6jm000000000000000000' },
    answer: {
      id: 'dec_01kjm6jm000000000000000000',
      kind: 'request',
      cause: 'app home',
      person: 'per_01kjm6jm000000000000000000',
      personName: 'Ana Rossi',
      channel: 'app',
      location: null,
      shown: true,
      at,
      answer: { offers: [], claimed: [], refused: [] },
    },
  },
})

export const orderHistoryEndpoints = [listOrders, getOrderStory, getDecision] as const
