import { z } from 'zod'
import { eventRefusals } from '../core/events/refusals.ts'
import { batchBody, type EventKind, eventBodies, eventKinds } from '../core/events/schema.ts'
import { channelName, instant } from '../core/kernel/schema.ts'
import { personId } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const stored = z
  .strictObject({
    success: z.literal(true),
    stored: z.int().meta({ description: 'Events that are new' }),
    known: z.int().meta({ description: 'Events whose messageId had come before; they count once' }),
  })
  .meta({ id: 'EventsStored' })

const common = {
  method: 'POST',
  tag: 'Events',
  scopes: ['admin', 'secret', 'publishable', 'till'],
  ingest: true,
  // `messageId` deduplicates each event, also over calls; a record of the whole call would only double the work.
  idempotent: false,
  answer: { 200: stored },
  refusals: [eventRefusals.events_invalid],
} as const

const one = { success: true, stored: 1, known: 0 }
const who = { userId: '4711', messageId: 'm-1', timestamp: '2026-03-01T09:00:00Z' }

export const batch = defineEndpoint({
  ...common,
  name: 'batch',
  path: '/v1/batch',
  summary: 'Takes events of any kind, all or none',
  description:
    'The Segment HTTP tracking API: its SDKs work unmodified, with the key as write key. At most 500 KB, and 32 KB an event; the body may be gzipped. Unknown fields and event names are kept.',
  body: batchBody,
  example: {
    body: {
      batch: [
        { type: 'identify', ...who, traits: { email: 'ana@example.com' } },
        { type: 'track', ...who, messageId: 'm-2', event: 'Product Viewed', properties: { sku: 'LATTE' } },
      ],
      sentAt: '2026-03-01T09:00:01Z',
    },
    answer: { success: true, stored: 2, known: 0 },
  },
})

const single = <const K extends EventKind, B extends (typeof eventBodies)[K]>(
  name: K,
  summary: string,
  body: B,
  example: z.input<B>,
) => defineEndpoint({ ...common, name, path: `/v1/${name}`, summary, body, example: { body: example, answer: one } })

const { track, identify, page, screen, group, alias } = eventBodies

const storedEvent = z
  .strictObject({
    id: z.string().meta({ description: 'Its messageId' }),
    kind: z.enum(eventKinds),
    name: z.string().meta({ description: 'What a track call is called; of others their kind' }),
    person: personId.nullable().meta({ description: 'Who it is now' }),
    personName: z.string().nullable().meta({ description: 'As her traits tell it; null: they do not' }),
    channel: channelName.nullable(),
    order: z.string().nullable().meta({ description: 'That it tells of' }),
    occurredAt: instant,
    receivedAt: instant,
    properties: z.record(z.string(), z.unknown()).meta({ description: 'Without what is personal' }),
  })
  .meta({ id: 'StoredEvent' })
export type StoredEvent = z.output<typeof storedEvent>

export const getEvent = defineEndpoint({
  name: 'getEvent',
  method: 'GET',
  path: '/v1/events/{id}',
  summary: 'An event, by its messageId',
  description: 'As it was stored: a posting or a decision that came of an event names it so.',
  tag: 'Events',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: z.string().min(1).max(255) }),
  answer: { 200: storedEvent },
  refusals: [eventRefusals.event_not_found],
  example: {
    params: { id: 'm-1' },
    answer: {
      id: 'm-1',
      kind: 'track',
      name: 'Order Completed',
      person: 'per_01kjm6jm000000000000000000',
      personName: 'Ana Rossi',
      channel: 'web',
      order: 'web-1001',
      occurredAt: '2026-03-01T09:00:00.000Z',
      receivedAt: '2026-03-01T09:00:01.000Z',
      properties: { order_id: 'web-1001', currency: 'EUR', total: 7.2 },
    },
  },
})

export const eventEndpoints = [
  getEvent,
  batch,
  single('track', 'Something happened', track, {
    ...who,
    event: 'Order Completed',
    properties: { order_id: 'web-1001', currency: 'EUR', total: 7.2 },
  }),
  single('identify', 'Who somebody is', identify, { ...who, traits: { email: 'ana@example.com' } }),
  single('page', 'A page was seen', page, { ...who, name: 'Menu' }),
  single('screen', 'A screen of an app was seen', screen, { ...who, name: 'Menu' }),
  single('group', 'Somebody belongs to a group', group, { ...who, groupId: 'acme' }),
  single('alias', 'Two ids are the same user', alias, { ...who, previousId: 'anonymous-1' }),
] as const
