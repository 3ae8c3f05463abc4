import { z } from 'zod'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { codeFound, codesInput, codeText, offerId } from '../core/offers/schema.ts'
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
    'Columns code, offer, shared, created_at, state. A unique code’s state is issued, held or redeemed; a shared one’s is always issued. A code that a spreadsheet would take for a formula is led by an apostrophe.',
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

export const lookupCode = defineEndpoint({
  name: 'lookupCode',
  method: 'GET',
  path: '/v1/codes/{code}',
  summary: 'What a code belongs to, and how often it was used',
  description: 'One entry for every offer the code belongs to. Case and separators do not count.',
  tag: 'Codes',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ code: codeText }),
  answer: { 200: z.strictObject({ data: z.array(codeFound) }) },
  refusals: [catalogueRefusals.code_not_found],
  example: {
    params: { code: 'ana-7kq2-9xwmc' },
    answer: {
      data: [
        {
          code: 'ANA-7KQ2-9XWMC',
          offer: offerExample,
          campaign: 'cmp_01kjm6jm000000000000000000',
          shared: false,
          grant: null,
          uses: 1,
          held: 0,
          createdAt: '2026-03-01T08:00:00.000Z',
        },
      ],
    },
  },
})

export const codeEndpoints = [createCodes, exportCodes, lookupCode] as const
