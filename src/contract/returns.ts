import { z } from 'zod'
import { callerId } from '../core/kernel/schema.ts'
import { orderRefusals, returnRefusals } from '../core/orders/refusals.ts'
import { returnAnswer, returnInput } from '../core/orders/return-schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

export const createReturn = defineEndpoint({
  name: 'createReturn',
  method: 'POST',
  path: '/v1/orders/{id}/returns',
  summary: 'Takes back some of an order, and says what to pay out, why, and what to ask for',
  description:
    'Each unit gives back what it cost in the end. Where what is kept no longer meets the condition of an offer, the offer’s `onReturn` says what becomes of it. However the same units are split into returns, the refunds end at the same sum. The return id makes retries safe for ever.',
  tag: 'Orders',
  scopes: ['admin', 'secret', 'till'],
  params: z.strictObject({ id: callerId.meta({ description: 'Of the order' }) }),
  query: z.strictObject({ dryRun: flag.default(false).describe('Answers without storing anything') }),
  body: returnInput,
  answer: { 200: returnAnswer },
  refusals: [
    orderRefusals.order_not_found,
    orderRefusals.occurred_at_not_allowed,
    orderRefusals.occurred_at_in_future,
    orderRefusals.order_state_conflict,
    ...Object.values(returnRefusals),
  ],
  example: {
    params: { id: 'web-1001' },
    body: { id: 'ret-1', lines: [{ id: 'coat', quantity: 1 }], reason: 'too-small' },
    answer: {
      id: 'ret-1',
      order: 'web-1001',
      at: '2026-03-05T10:00:00.000Z',
      currency: 'EUR',
      reason: 'too-small',
      refund: 5000,
      lines: [{ id: 'coat', quantity: 1, units: [1], subtotal: 6000, refund: 5400 }],
      shipping: 0,
      chargedBack: 400,
      carried: 0,
      offers: [
        {
          offer: 'off_01kjm6jm000000000000000000',
          name: '10 % off over 100.00',
          policy: 'reprice',
          condition: 'fails',
          givenBack: 1000,
          usesBack: 1,
        },
      ],
      takeBack: [],
      revoked: [],
      totals: { paid: 9000, refunded: 5000, remaining: 4000 },
      state: 'placed',
    },
  },
})

export const returnEndpoints = [createReturn] as const
