import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { job, jobExample, jobId } from './jobs.ts'

const tag = 'Ledger'
const scopes = ['admin', 'secret'] as const

export const auditFinding = z
  .strictObject({
    promise: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(14)]).meta({
      description:
        '1: transactions sum to zero, balances are sums of postings; 2: limits count what was used; 4: a hold ends once; 14: lots are what balances are',
    }),
    what: z.string().meta({ description: 'A word for what is off, such as "balance"', examples: ['balance'] }),
    subject: z.string().meta({ description: 'The account, lot, transaction or offer' }),
    is: z.int(),
    should: z.int(),
    says: z.string().meta({ description: 'The same as a sentence' }),
  })
  .meta({ id: 'AuditFinding' })
export type AuditFinding = z.output<typeof auditFinding>

export const auditCheck = z.strictObject({
  name: z.string(),
  holds: z.string().meta({ description: 'What holds where nothing is found' }),
  rows: z.int().meta({ description: 'How many it has looked at' }),
  found: z.int(),
})
export type AuditCheck = z.output<typeof auditCheck>

export const audit = z
  .strictObject({
    job: jobId,
    state: job.shape.state,
    startedAt: instant,
    updatedAt: instant,
    found: z.int().meta({ description: 'How much is off; 0 is the only good answer' }),
    checks: z.array(auditCheck),
    findings: z.array(auditFinding).meta({ description: 'The first 100' }),
  })
  .meta({ id: 'Audit', description: 'The stored rows of value, added up again' })
export type Audit = z.output<typeof audit>

const example: Audit = {
  job: jobExample.id,
  state: 'done',
  startedAt: '2026-03-01T02:00:00.000Z',
  updatedAt: '2026-03-01T02:00:09.000Z',
  found: 1,
  checks: [
    {
      name: 'accounts',
      holds: 'Each balance is the sum of its postings',
      rows: 48_210,
      found: 1,
    },
  ],
  findings: [
    {
      promise: 1,
      what: 'balance',
      subject: 'hol_01kjm6jm000000000000000000/points:club/main',
      is: 700,
      should: 600,
      says: 'The balance of hol_01kjm6jm000000000000000000/points:club/main is 700; its postings sum to 600: 100 too many.',
    },
  ],
}

export const startAudit = defineEndpoint({
  name: 'startAudit',
  method: 'POST',
  path: '/v1/audits',
  summary: 'Add up the stored rows of value again',
  description: 'In short pieces, while everybody goes on working. It also runs every night.',
  tag,
  scopes,
  answer: { 202: job },
  refusals: [],
  example: { answer: { ...jobExample, kind: 'audit', state: 'queued', done: 0, total: null } },
})

export const listAudits = defineEndpoint({
  name: 'listAudits',
  method: 'GET',
  path: '/v1/audits',
  summary: 'Audits and what they found, newest first',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(audit) },
  refusals: [],
  example: { query: { limit: 10 }, answer: { data: [example], nextCursor: null } },
})

export const auditEndpoints = [startAudit, listAudits] as const
