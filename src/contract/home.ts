import { z } from 'zod'
import { instant } from '../core/kernel/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Home'
const scopes = ['admin', 'secret'] as const
const at = '2026-03-01T09:00:00.000Z'
const offer = 'off_01kjm6jm000000000000000000'

const link = z
  .strictObject({
    to: z.enum(['offer', 'source', 'audits', 'job', 'closings', 'programme', 'order', 'person', 'key', 'workspace']),
    id: z.string().nullable(),
  })
  .meta({ id: 'LinkTarget', description: 'Where one looks further' })

export const attentionItem = z
  .strictObject({
    code: z.enum([
      'audit_finding',
      'job_failed',
      'source_failing',
      'limit_used_up',
      'limit_nearly_used',
      'budget_gone',
      'budget_nearly_gone',
      'codes_used_up',
      'codes_nearly_used_up',
      'offers_conflict',
      'points_expiring',
      'closing_overdue',
      'holdout_running',
    ]),
    severity: z.enum(['problem', 'warning', 'notice']),
    message: z.string().meta({ description: 'A sentence in English; `details` hold what another language needs' }),
    details: z.record(z.string(), z.unknown()),
    link,
  })
  .meta({ id: 'AttentionItem' })
export type AttentionItem = z.output<typeof attentionItem>

export const getAttention = defineEndpoint({
  name: 'getAttention',
  method: 'GET',
  path: '/v1/attention',
  summary: 'What needs attention, the worst first',
  description:
    'Worked out when it is asked: findings of the last audit, failed jobs of a week, sources of which a tenth fails, limits, budgets and codes of which less than a fifth is left, live offers in conflict, points that end within 7 and 30 days, an overdue closing, hold-outs. At most 50 of a kind.',
  tag,
  scopes,
  answer: { 200: z.strictObject({ data: z.array(attentionItem) }) },
  refusals: [],
  example: {
    answer: {
      data: [
        {
          code: 'budget_nearly_gone',
          severity: 'warning',
          message: 'Of the budget of “20% off coffee” 12 % is left.',
          details: { name: '20% off coffee', used: 88000, allowed: 100000, currency: 'EUR' },
          link: { to: 'offer', id: offer },
        },
      ],
    },
  },
})

export const setupStep = z
  .strictObject({
    step: z.enum(['key', 'event', 'offer', 'redemption']),
    done: z.boolean(),
    at: instant.nullable().meta({ description: 'Since when, as far as it is known' }),
    next: z.string().nullable().meta({ description: 'What to do; null: it is done' }),
  })
  .meta({ id: 'SetupStep' })

export const getSetup = defineEndpoint({
  name: 'getSetup',
  method: 'GET',
  path: '/v1/setup',
  summary: 'How far the set-up is, and what comes next',
  tag,
  scopes,
  answer: { 200: z.strictObject({ done: z.boolean(), steps: z.array(setupStep) }).meta({ id: 'Setup' }) },
  refusals: [],
  example: {
    answer: {
      done: false,
      steps: [
        { step: 'key', done: true, at, next: null },
        { step: 'event', done: true, at, next: null },
        { step: 'offer', done: true, at, next: null },
        {
          step: 'redemption',
          done: false,
          at: null,
          next: 'Place an order to which the offer applies: PUT /v1/orders/{id}.',
        },
      ],
    },
  },
})

export const tickerItem = z
  .strictObject({
    at: instant,
    what: z.enum(['order', 'event', 'person', 'value']),
    id: z.string().meta({ description: 'Of the order, message, person or transaction' }),
    sentence: z.string().meta({ description: 'In English; `details` hold what another language needs' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TickerItem' })
export type TickerItem = z.output<typeof tickerItem>

export const getTicker = defineEndpoint({
  name: 'getTicker',
  method: 'GET',
  path: '/v1/activity',
  summary: 'What happened last: orders with what they used, events, new people, movements of value',
  description:
    'Polled every few seconds with the `cursor` of the answer before. It is two seconds behind, so that nothing that is being committed is lost. At most 50 of the newest; events as far as their source’s tail shows them, without anything personal.',
  tag,
  scopes,
  query: z.strictObject({
    after: z.string().max(200).optional().meta({ description: 'The `cursor` of an answer before' }),
  }),
  answer: {
    200: z
      .strictObject({ data: z.array(tickerItem).meta({ description: 'The newest first' }), cursor: z.string() })
      .meta({ id: 'Ticker' }),
  },
  refusals: [],
  example: {
    query: {},
    answer: {
      data: [
        {
          at,
          what: 'order',
          id: 'web-1001',
          sentence: 'An order of 7.20 EUR on store used 20% off coffee.',
          details: {
            state: 'placed',
            channel: 'store',
            location: 'store-12',
            total: 720,
            discount: 180,
            currency: 'EUR',
            offers: [{ offer, name: '20% off coffee' }],
          },
        },
      ],
      cursor: 'MjAyNi0wMy0wMVQwOTowMDowMC4wMDBa',
    },
  },
})

export const homeEndpoints = [getAttention, getSetup, getTicker] as const
