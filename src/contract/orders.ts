import { z } from 'zod'
import { callerId, minorUnits } from '../core/kernel/schema.ts'
import { payRefusals } from '../core/loyalty/pay-refusals.ts'
import { orderRefusals } from '../core/orders/refusals.ts'
import { orderAnswer, orderPut } from '../core/orders/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

const params = z.strictObject({ id: callerId.meta({ description: 'Chosen by the caller; it makes retries safe' }) })
const offer = 'off_01kjm6jm000000000000000000'

export const orderExample = {
  id: 'web-1001',
  state: 'placed' as const,
  revision: 1,
  decision: 'dec_01kjm6jm000000000000000000',
  person: 'per_01kjm6jm000000000000000000',
  channel: 'store',
  currency: 'EUR',
  heldUntil: null,
  totals: { subtotal: 900, discount: 180, shipping: 0, shippingDiscount: 0, total: 720 },
  lines: [{ id: '1', subtotal: 900, discount: 180, total: 720, discounts: [{ offer, amount: 180 }] }],
  applied: [
    {
      offer,
      name: '20% off coffee',
      code: 'ANA-7KQ2',
      amount: 180,
      redemption: 'red_01kjm6jm000000000000000000',
    },
  ],
  available: [{ offer, name: 'Free shipping over 20.00', missing: { subtotal: 1100 } }],
  refused: [
    {
      code: 'SUMMER',
      offer,
      reason: {
        code: 'offer_expired',
        message: 'The offer ended at 2026-02-28T23:00:00.000Z.',
        details: { endedAt: '2026-02-28T23:00:00.000Z' },
      },
    },
  ],
}

export const putOrder = defineEndpoint({
  name: 'putOrder',
  method: 'PUT',
  path: '/v1/orders/{id}',
  summary: 'Tries, opens, places or cancels an order, and says what applies and why',
  description:
    '`open` evaluates and, where asked, holds; only `placed` redeems; `cancelled` gives uses and budget back. A code that cannot apply does not fail the order, it is listed under `refused`, unless `requireCodes` is true. The same body as the last accepted PUT gets the stored answer. A publishable key may only try with `?dryRun=true`.',
  tag: 'Orders',
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  query: z.strictObject({ dryRun: flag.default(false).describe('Answers without storing anything') }),
  body: orderPut,
  answer: { 200: orderAnswer },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    ...Object.values(orderRefusals),
    ...Object.values(payRefusals),
  ],
  example: {
    params: { id: 'web-1001' },
    body: {
      person: 'email:ana@example.com',
      channel: 'store',
      location: 'store-12',
      currency: 'EUR',
      state: 'placed',
      codes: ['ANA-7KQ2', 'SUMMER'],
      lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
    },
    answer: orderExample,
  },
})

export const orderNow = orderAnswer
  .extend({
    personNow: personId
      .optional()
      .meta({ description: 'Who the buyer is now, where links or splits have made her another person since' }),
  })
  .meta({ id: 'OrderNow' })

export type OrderNow = z.output<typeof orderNow>

export const getOrder = defineEndpoint({
  name: 'getOrder',
  method: 'GET',
  path: '/v1/orders/{id}',
  summary: 'An order as it was last answered',
  tag: 'Orders',
  scopes: ['admin', 'secret', 'till'],
  params,
  answer: { 200: orderNow },
  refusals: [orderRefusals.order_not_found],
  example: { params: { id: 'web-1001' }, answer: orderExample },
})

export const orderBasket = z
  .strictObject({
    lines: z
      .array(z.record(z.string(), z.unknown()))
      .meta({ description: 'As they were sent: sku, name, category, quantity, price' }),
    shipping: minorUnits,
    codes: z.array(z.string()),
    tenders: z
      .array(z.strictObject({ type: z.string(), amount: minorUnits.optional() }))
      .meta({ description: 'How it was to be paid, without numbers of cards' }),
  })
  .meta({ id: 'OrderBasket' })

export const getOrderBasket = defineEndpoint({
  name: 'getOrderBasket',
  method: 'GET',
  path: '/v1/orders/{id}/basket',
  summary: 'What an order sold, as it was sent',
  description: 'A till shows it when goods come back: what each line was called, and how much of it there was.',
  tag: 'Orders',
  scopes: ['admin', 'secret', 'till'],
  params,
  answer: { 200: orderBasket },
  refusals: [orderRefusals.order_not_found],
  example: {
    params: { id: 'web-1001' },
    answer: {
      lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
      shipping: 0,
      codes: ['ANA-7KQ2'],
      tenders: [{ type: 'card' }],
    },
  },
})

export const orderEndpoints = [putOrder, getOrder, getOrderBasket] as const
