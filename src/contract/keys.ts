import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { key, keyCreated, keyInput, personToken, personTokenInput } from '../core/workspaces/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { keyParams, keyRotation } from './fields.ts'

const tag = 'Keys'
const scopes = ['admin', 'secret'] as const
const id = 'key_01kjm6jm000000000000000000'
const params = keyParams('key')
const example = {
  id,
  name: 'Till of store 12',
  scope: 'till',
  channel: 'store',
  location: 'store-12',
  createdAt: '2026-03-01T08:00:00.000Z',
  revokedAt: null,
} as const
const created = { ...example, key: 'ts_t_3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo' }

export const createKey = defineEndpoint({
  name: 'createKey',
  method: 'POST',
  path: '/v1/keys',
  summary: 'Make a key',
  description:
    'The key itself is in this answer only. `secret` is for servers, `publishable` for browsers, `till` for one location.',
  tag,
  scopes,
  body: keyInput.meta({ id: 'KeyInput' }),
  answer: { 201: keyCreated },
  refusals: [],
  example: {
    body: { name: 'Till of store 12', scope: 'till', channel: 'store', location: 'store-12' },
    answer: created,
  },
})

export const listKeys = defineEndpoint({
  name: 'listKeys',
  method: 'GET',
  path: '/v1/keys',
  summary: 'The keys of the workspace, without their secrets',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(key) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const revokeKey = defineEndpoint({
  name: 'revokeKey',
  method: 'DELETE',
  path: '/v1/keys/{id}',
  summary: 'End a key for good',
  description: 'Every process refuses it after 5 seconds at the latest. Revoking it again changes nothing.',
  tag,
  scopes,
  params,
  answer: { 200: key },
  refusals: [workspaceRefusals.key_not_found],
  example: { params: { id }, answer: { ...example, revokedAt: '2026-03-02T08:00:00.000Z' } },
})

export const rotateKey = defineEndpoint({
  name: 'rotateKey',
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  summary: 'Replace a key by a new one of the same kind',
  description: 'The answer is the new key. The old one ends at once, or `graceSeconds` later.',
  tag,
  scopes,
  params,
  body: keyRotation.meta({ id: 'KeyRotation' }),
  answer: { 201: keyCreated },
  refusals: [workspaceRefusals.key_not_found, workspaceRefusals.key_revoked],
  example: { params: { id: 'key_01kjm6jm000000000000000001' }, body: { graceSeconds: 3600 }, answer: created },
})

export const createPersonToken = defineEndpoint({
  name: 'createPersonToken',
  method: 'POST',
  path: '/v1/person-tokens',
  summary: 'Let a browser speak for one person for a while',
  description:
    'Mint it on your server for who is signed in, and send it from the browser as the header `Tessera-Person-Token` beside a publishable key, with events also as their `context.personToken`. ' +
    'It cannot be revoked, so keep it short.',
  tag,
  scopes,
  body: personTokenInput.meta({ id: 'PersonTokenInput' }),
  answer: { 201: personToken },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    body: { person: 'userId:4711', seconds: 3600 },
    answer: {
      token:
        'tpt_WyJwZXJfMDFram02am0wMDAwMDAwMDAwMDAwMDAwMDAiLDE3NzIzNTU2MDAwMDBd.3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo0123456789A',
      expiresAt: '2026-03-01T09:00:00.000Z',
    },
  },
})

export const keyEndpoints = [createKey, listKeys, revokeKey, rotateKey, createPersonToken] as const
