import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { codeFound, codesInput, codeText, codeUpdate, offerId } from '../core/offers/schema.ts'
import { refusalAnswer } from '../core/orders/schema.ts'
import { personId } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { job, jobExample, jobId } from './jobs.ts'

const offerExample = 'off_01kjm6jm000000000000000000'
const offerParams = z.strictObject({ id: offerId })

export const createCodes = defineEndpoint({
  name: 'createCodes',
  method: 'POST',
  path: '/v1/offers/{id}/codes',
  summary: 'Import codes, or have unique ones made',
  description:
    'With `codes`: imports them all or none. With `count`: answers 202 with a job that makes so many unique codes from `pattern`.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: offerParams,
  body: codesInput,
  // 10,000 codes of 64 characters
  bodyLimit: 1024 * 1024,
  answer: { 201: z.strictObject({ imported: z.int() }).meta({ id: 'CodesImported' }), 202: job },
  refusals: [
    catalogueRefusals.offer_not_found,
    catalogueRefusals.trigger_mismatch,
    catalogueRefusals.pattern_too_small,
    catalogueRefusals.code_taken,
  ],
  example: {
    params: { id: offerExample },
    body: { count: 1_000_000, pattern: 'ANA-####-####' },
    answer: { ...jobExample, state: 'queued', done: 0, updatedAt: jobExample.createdAt },
  },
})

export const exportCodes = defineEndpoint({
  name: 'exportCodes',
  method: 'GET',
  path: '/v1/offers/{id}/codes',
  summary: 'The codes of an offer as CSV',
  description:
    'Columns code, offer, shared, created_at, state. A unique code’s state is issued, held, redeemed or, where nobody used it, blocked; a shared one’s is issued or blocked. A code that a spreadsheet would take for a formula is led by an apostrophe.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: offerParams,
  query: z.strictObject({ job: jobId.optional().meta({ description: 'Only the codes that this job made' }) }),
  answer: { 200: { contentType: 'text/csv' } },
  refusals: [catalogueRefusals.offer_not_found],
  example: {
    params: { id: offerExample },
    answer: `code,offer,shared,created_at,state\r\nANA-7KQ2-9XWMC,${offerExample},false,2026-03-01T08:00:00.000Z,issued\r\n`,
  },
})

const codesFound = z.strictObject({ data: z.array(codeFound) })
const foundExample = {
  code: 'ANA-7KQ2-9XWMC',
  offer: offerExample,
  campaign: 'cmp_01kjm6jm000000000000000000',
  shared: false,
  grant: null,
  uses: 1,
  held: 0,
  createdAt: '2026-03-01T08:00:00.000Z',
  blockedAt: null,
}

export const lookupCode = defineEndpoint({
  name: 'lookupCode',
  method: 'GET',
  path: '/v1/codes/{code}',
  summary: 'What a code belongs to, and how often it was used',
  description: 'One entry for every offer the code belongs to. Case and separators do not count.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ code: codeText }),
  answer: { 200: codesFound },
  refusals: [catalogueRefusals.code_not_found],
  example: {
    params: { code: 'ana-7kq2-9xwmc' },
    answer: {
      data: [foundExample],
    },
  },
})

export const updateCode = defineEndpoint({
  name: 'updateCode',
  method: 'PATCH',
  path: '/v1/codes/{code}',
  summary: 'Block a code, or let it be used again',
  description:
    'From then on orders refuse it with `code_blocked`. What it gave stays, and what an open order holds by it stays until the hold ends. A till without a network applies it until its pack ends.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ code: codeText }),
  body: codeUpdate,
  answer: { 200: codesFound },
  refusals: [catalogueRefusals.code_not_found],
  example: {
    params: { code: 'ana-7kq2-9xwmc' },
    body: { blocked: true },
    answer: { data: [{ ...foundExample, blockedAt: '2026-03-02T08:00:00.000Z' }] },
  },
})

export const codeRefusal = z
  .strictObject({
    order: z.string(),
    at: instant.meta({ description: 'When the order counts as happening' }),
    state: z.enum(['open', 'placed', 'returned', 'cancelled']).meta({ description: 'Of the order, now' }),
    channel: z.string(),
    location: z.string().nullable(),
    person: personId.nullable(),
    personName: z.string().nullable(),
    offer: offerId.nullable().meta({ description: 'Of several the nearest; null: nobody knew the code' }),
    reason: refusalAnswer,
  })
  .meta({ id: 'CodeRefusal' })

export const listCodeRefusals = defineEndpoint({
  name: 'listCodeRefusals',
  method: 'GET',
  path: '/v1/code-refusals',
  summary: 'Orders that refused a code and why, the newest first',
  description:
    'Also of a code that nobody knows. It tells of orders as they were last answered; a dry run, and an order that was refused as a whole, are not kept. A page looks at no more than ten thousand orders: where few of them fit it may be shorter than `limit`, even empty, and not be the last.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  query: pageQuery.extend({
    code: codeText,
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  answer: { 200: pageOf(codeRefusal) },
  refusals: [],
  example: {
    query: { code: 'SUMMER' },
    answer: {
      data: [
        {
          order: 'web-1001',
          at: '2026-03-01T09:00:00.000Z',
          state: 'placed',
          channel: 'store',
          location: 'store-12',
          person: 'per_01kjm6jm000000000000000000',
          personName: 'Ana Rossi',
          offer: offerExample,
          reason: {
            code: 'offer_expired',
            message: 'The offer ended at 2026-02-28T23:00:00.000Z.',
            details: { endedAt: '2026-02-28T23:00:00.000Z' },
          },
        },
      ],
      nextCursor: null,
    },
  },
})

export const codeSet = z
  .strictObject({
    kind: z
      .enum(['generated', 'imported', 'issued'])
      .meta({ description: '`issued`: each came with a grant, to somebody' }),
    job: jobId.nullable().meta({ description: 'That made them' }),
    shared: z.boolean(),
    codes: z.int(),
    used: z.int().meta({ description: 'Codes that are redeemed or held at least once' }),
    blocked: z.int(),
    example: z.string().meta({ description: 'One of them' }),
    createdAt: instant.meta({ description: 'Of the first' }),
  })
  .meta({ id: 'CodeSet' })

export const listCodeSets = defineEndpoint({
  name: 'listCodeSets',
  method: 'GET',
  path: '/v1/offers/{id}/code-sets',
  summary: 'The codes of an offer by where they came from, the newest first',
  description: 'An import is a set, what a job made is one, and all codes that came with grants are one.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: offerParams,
  answer: { 200: z.strictObject({ data: z.array(codeSet) }) },
  refusals: [catalogueRefusals.offer_not_found],
  example: {
    params: { id: offerExample },
    answer: {
      data: [
        {
          kind: 'generated',
          job: jobExample.id,
          shared: false,
          codes: 1_000_000,
          used: 250,
          blocked: 0,
          example: 'ANA-7KQ2-9XWMC',
          createdAt: '2026-03-01T08:00:00.000Z',
        },
      ],
    },
  },
})

export const codeEndpoints = [createCodes, exportCodes, lookupCode, updateCode, listCodeRefusals, listCodeSets] as const
