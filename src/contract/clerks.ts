import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { clerk, clerkId, clerkInput, clerkPatch } from '../core/workspaces/clerk.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Workspaces'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: clerkId })
const id = 'clk_01kjm6jm000000000000000000'

const example: z.output<typeof clerk> = {
  id,
  name: 'Kim',
  supervisor: false,
  locations: ['store-12'],
  active: true,
  createdAt: '2026-03-01T08:00:00.000Z',
  updatedAt: '2026-03-01T08:00:00.000Z',
}

export const listClerks = defineEndpoint({
  name: 'listClerks',
  method: 'GET',
  path: '/v1/clerks',
  summary: 'Who stands at the tills',
  description:
    'A till’s key gets those who serve at its location now, with what it needs to check a PIN without a network. Nobody else is told that. Whoever steals a till with what it has stored can try all PINs of four digits within an hour: a PIN says who did something, and what a till may do is for its key to say, which can be revoked.',
  tag,
  scopes: ['admin', 'secret', 'till'],
  query: pageQuery,
  answer: { 200: pageOf(clerk) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const createClerk = defineEndpoint({
  name: 'createClerk',
  method: 'POST',
  path: '/v1/clerks',
  summary: 'Let somebody serve at tills',
  tag,
  scopes,
  body: clerkInput,
  answer: { 201: clerk },
  refusals: [],
  example: { body: { name: 'Kim', pin: '4711', locations: ['store-12'] }, answer: example },
})

export const updateClerk = defineEndpoint({
  name: 'updateClerk',
  method: 'PATCH',
  path: '/v1/clerks/{id}',
  summary: 'Change a clerk, or the PIN',
  description:
    'Fields that are present replace the clerk’s. A till knows it once it has asked again, which it does when it has a network.',
  tag,
  scopes,
  params,
  body: clerkPatch,
  answer: { 200: clerk },
  refusals: [workspaceRefusals.setting_not_found],
  example: { params: { id }, body: { supervisor: true }, answer: { ...example, supervisor: true } },
})

export const deleteClerk = defineEndpoint({
  name: 'deleteClerk',
  method: 'DELETE',
  path: '/v1/clerks/{id}',
  summary: 'Remove a clerk',
  description: 'Orders keep the id of who served, without a name.',
  tag,
  scopes,
  params,
  answer: { 200: clerk },
  refusals: [workspaceRefusals.setting_not_found],
  example: { params: { id }, answer: example },
})

export const clerkEndpoints = [listClerks, createClerk, updateClerk, deleteClerk] as const
