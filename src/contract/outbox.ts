import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { codePurpose } from './wallet-session.ts'

export const outboxMessage = z
  .strictObject({
    id: z.string(),
    at: instant,
    channel: z.enum(['email', 'sms']),
    to: z.string(),
    text: z.string(),
    purpose: codePurpose,
  })
  .meta({ id: 'OutboxMessage', description: 'A message that would have been sent' })

export const listOutbox = defineEndpoint({
  name: 'listOutbox',
  method: 'GET',
  path: '/v1/outbox',
  summary: 'Messages to customers of the last seven days, the newest first',
  description:
    'Nothing is sent yet: whoever reads these signs in as the customer, so it is for admins alone. A message goes with the erasure of whom it was for.',
  tag: 'Outbox',
  scopes: ['admin', 'secret'],
  query: pageQuery.extend({
    to: z.string().trim().min(3).max(200).optional().meta({ description: 'An e-mail address or a phone number' }),
  }),
  answer: { 200: pageOf(outboxMessage) },
  refusals: [peopleRefusals.identifier_invalid],
  example: {
    query: { to: 'ana@example.com' },
    answer: {
      data: [
        {
          id: 'msg_01kjm6jm000000000000000000',
          at: '2026-03-01T08:00:00.000Z',
          channel: 'email',
          to: 'ana@example.com',
          text: '042917 is your code for Acme Coffee.',
          purpose: 'signIn',
        },
      ],
      nextCursor: null,
    },
  },
})

export const outboxEndpoints = [listOutbox] as const
