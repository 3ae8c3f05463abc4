import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { actor, auditEntry } from '../core/team/audit-entry.ts'
import { defineEndpoint } from './endpoint.ts'

const scopes = ['admin', 'secret'] as const
const ana = { id: 'tm_01kjm6jm000000000000000000', kind: 'member', name: 'Ana Rossi' } as const

export const listAuditLog = defineEndpoint({
  name: 'listAuditLog',
  method: 'GET',
  path: '/v1/audit-log',
  summary: 'Who changed what, the newest first',
  description:
    'Every change of what is set up and what the staff did by hand, with sign-ins and those that were refused; not the events and orders that come in. It holds ids, never a personal value or a secret.',
  tag: 'Audit log',
  scopes,
  query: pageQuery.extend({
    actor: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'Id of a team member or a key; `admin` is the admin key' }),
    subject: z.string().max(200).optional().meta({ description: 'Id of what was changed' }),
    action: z.string().max(60).optional().meta({ description: 'Name of a call' }),
    from: instant.optional(),
    to: instant.optional().meta({ description: 'The first instant that no longer counts' }),
  }),
  answer: { 200: pageOf(auditEntry) },
  refusals: [],
  example: {
    query: { subject: 'off_01kjm6jm000000000000000000' },
    answer: {
      data: [
        {
          id: 'aud_01kjm6jm000000000000000000',
          at: '2026-03-01T08:00:00.000Z',
          actor: ana,
          action: 'updateOffer',
          subject: 'off_01kjm6jm000000000000000000',
          outcome: 'done',
          refusal: null,
          requestId: 'req_5f2c6a1b9d3e0',
          reason: null,
          changes: [{ field: 'state', before: 'live', after: 'paused' }],
        },
      ],
      nextCursor: null,
    },
  },
})

export const listActors = defineEndpoint({
  name: 'listActors',
  method: 'GET',
  path: '/v1/actors',
  summary: 'Names of team members and keys by their ids, also of those who are gone',
  description: 'For `changedBy`, `proposedBy`, `closedBy`, `actor` and the like.',
  tag: 'Team',
  scopes,
  query: z.strictObject({
    ids: z
      .string()
      .max(4000)
      .meta({ description: 'At most 100, with commas between', examples: [ana.id] }),
  }),
  answer: { 200: z.strictObject({ data: z.array(actor) }) },
  refusals: [],
  example: { query: { ids: ana.id }, answer: { data: [ana] } },
})

export const auditLogEndpoints = [listAuditLog, listActors] as const
