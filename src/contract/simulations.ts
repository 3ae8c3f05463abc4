import type { z } from 'zod'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { simulationInput } from '../core/simulation/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { job, jobExample } from './jobs.ts'

export const createSimulation = defineEndpoint({
  name: 'createSimulation',
  method: 'POST',
  path: '/v1/simulations',
  summary: 'What drafts of offers would have done to past orders',
  description:
    'Answers 202 with a job that decides the placed orders again, in the order of time and with exact limits, as if the drafts had been live. Its `result` is the report; nothing else is stored. A draft is an offer as in `POST /v1/offers`, its campaign may be left out; its state and the dates of its validity do not count.',
  tag: 'Simulations',
  scopes: ['admin', 'secret'],
  body: simulationInput,
  answer: { 202: job },
  refusals: [catalogueRefusals.collection_not_found, catalogueRefusals.offer_not_found],
  example: {
    body: {
      offers: [
        {
          name: 'Spend 50, get 5',
          trigger: { on: 'basket' as const },
          benefit: { kind: 'tieredSpend' as const, currency: 'EUR', tiers: [{ spend: 5000, amount: 500 }] },
          limits: { budget: { amount: 1_000_000, currency: 'EUR' } },
        },
      ],
      withLive: true,
      replaces: ['off_01kjm6jm000000000000000000'],
      from: '2025-12-01T00:00:00.000Z',
      to: '2026-01-01T00:00:00.000Z',
    } satisfies z.input<typeof simulationInput>,
    answer: {
      ...jobExample,
      kind: 'simulateOrders',
      state: 'queued',
      done: 0,
      total: null,
      updatedAt: jobExample.createdAt,
    },
  },
})

export const simulationEndpoints = [createSimulation] as const
