import { z } from 'zod'
import { orderPut } from '../core/orders/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { putOrder } from './orders.ts'

/**
 * The benches' yardstick: the key, parsing and validation of an order, and then nothing. Served only for a bench; its handler is
 * `() => ({ text: '{"done":true}' })`.
 */
export const noop = defineEndpoint({
  name: 'noop',
  method: 'POST',
  path: '/v1/noop',
  summary: 'Reads an order and does nothing',
  tag: 'Operations',
  scopes: putOrder.scopes,
  body: orderPut,
  answer: { 200: z.strictObject({ done: z.literal(true) }) },
  refusals: [],
  example: { body: putOrder.example.body, answer: { done: true } },
  hidden: true,
})
