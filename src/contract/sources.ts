import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { source, sourceCreated, sourceInput, sourcePatch, tailRow } from '../core/workspaces/source.ts'
import { defineEndpoint } from './endpoint.ts'
import { keyParams, keyRotation } from './fields.ts'

const tag = 'Sources'
const scopes = ['admin', 'secret'] as const
const id = 'key_01kjm6jm000000000000000000'
const params = keyParams('source')

const example = {
  id,
  name: 'Web shop',
  kind: 'web',
  channel: 'web',
  location: null,
  createdAt: '2026-03-01T08:00:00.000Z',
  revokedAt: null,
  health: {
    lastEventAt: '2026-03-01T09:00:00.000Z',
    lastErrorAt: '2026-03-01T08:58:12.000Z',
    perMinute: { now: 12, hour: 9.5, day: 4.2 },
    errorRate: 0.002,
    lastErrors: [
      {
        at: '2026-03-01T08:58:12.000Z',
        code: 'events_invalid',
        pointer: '/batch/0/event',
        message: '/batch/0/event is not valid: must be a string',
      },
    ],
  },
} as const
const fresh = {
  ...example,
  health: {
    lastEventAt: null,
    lastErrorAt: null,
    perMinute: { now: 0, hour: 0, day: 0 },
    errorRate: null,
    lastErrors: [],
  },
}
const created = { ...fresh, key: 'ts_p_3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo' }

export const createSource = defineEndpoint({
  name: 'createSource',
  method: 'POST',
  path: '/v1/sources',
  summary: 'Name a place that events and orders come from, and make its key',
  description:
    'The key itself is in this answer only. Web pages and apps get a publishable key, a till one for its location, servers and files a secret one.',
  tag,
  scopes,
  body: sourceInput.meta({ id: 'SourceInput' }),
  answer: { 201: sourceCreated },
  refusals: [],
  example: { body: { name: 'Web shop', kind: 'web', channel: 'web' }, answer: created },
})

export const listSources = defineEndpoint({
  name: 'listSources',
  method: 'GET',
  path: '/v1/sources',
  summary: 'The sources of the workspace, and how each of them is doing',
  description: 'Keys that were made as keys are sources too; what they are is told from their scope.',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(source) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const getSource = defineEndpoint({
  name: 'getSource',
  method: 'GET',
  path: '/v1/sources/{id}',
  summary: 'A source, and how it is doing',
  tag,
  scopes,
  params,
  answer: { 200: source },
  refusals: [workspaceRefusals.source_not_found],
  example: { params: { id }, answer: example },
})

export const updateSource = defineEndpoint({
  name: 'updateSource',
  method: 'PATCH',
  path: '/v1/sources/{id}',
  summary: 'Change the name or the channel of a source',
  description: 'Every process sends under the new channel after 5 seconds at the latest; what was stored stays.',
  tag,
  scopes,
  params,
  body: sourcePatch.meta({ id: 'SourcePatch' }),
  answer: { 200: source },
  refusals: [workspaceRefusals.source_not_found, workspaceRefusals.source_revoked],
  example: { params: { id }, body: { name: 'Web shop' }, answer: example },
})

export const rotateSource = defineEndpoint({
  name: 'rotateSource',
  method: 'POST',
  path: '/v1/sources/{id}/rotate',
  summary: 'Give a source a new key',
  description:
    'The source stays the same: its id, its health, its tail. The old key ends at once, or `graceSeconds` later.',
  tag,
  scopes,
  params,
  body: keyRotation.meta({ id: 'SourceRotation' }),
  answer: { 201: sourceCreated },
  refusals: [workspaceRefusals.source_not_found, workspaceRefusals.source_revoked],
  example: { params: { id }, body: { graceSeconds: 3600 }, answer: { ...created, ...example } },
})

export const revokeSource = defineEndpoint({
  name: 'revokeSource',
  method: 'DELETE',
  path: '/v1/sources/{id}',
  summary: 'End a source for good, with every key it had',
  description: 'Every process refuses its keys after 5 seconds at the latest. Revoking it again changes nothing.',
  tag,
  scopes,
  params,
  answer: { 200: source },
  refusals: [workspaceRefusals.source_not_found],
  example: { params: { id }, answer: { ...example, revokedAt: '2026-03-02T08:00:00.000Z' } },
})

const cursor = z.string().regex(/^tail_[0-9a-z]{26}$/, 'must be the `cursor` of an answer before')

export const tailSource = defineEndpoint({
  name: 'tailSource',
  method: 'GET',
  path: '/v1/sources/{id}/tail',
  summary: 'What a source sends right now',
  description:
    'The newest 100 lines, the oldest of them first; with `after` only what came since, and with `wait` the answer waits so long for the next line. ' +
    'For eyes, not for accounts: at most 50 lines a second are kept, and the last 1,000 of a source.',
  tag,
  scopes,
  params,
  query: z.strictObject({
    after: cursor.optional().meta({ description: 'The `cursor` of the answer before' }),
    wait: z.coerce.number().int().min(0).max(30).default(0).meta({ description: 'Seconds' }),
  }),
  answer: {
    200: z.strictObject({ data: z.array(tailRow), cursor: z.string() }).meta({ id: 'SourceTail' }),
  },
  refusals: [workspaceRefusals.source_not_found],
  example: {
    params: { id },
    query: { wait: 25 },
    answer: {
      data: [
        {
          id: 'tail_01kjm9zd800000000000000000',
          at: '2026-03-01T09:00:00.000Z',
          outcome: 'stored',
          kind: 'track',
          name: 'Product Viewed',
          messageId: 'ajs-next-1772355600000-1',
          subject: 'anonymousId',
          code: null,
          issues: [],
          latencyMs: 3,
        },
      ],
      cursor: 'tail_01kjm9zd800000000000000000',
    },
  },
})

export const sourceEndpoints = [
  createSource,
  listSources,
  getSource,
  updateSource,
  rotateSource,
  revokeSource,
  tailSource,
] as const
