import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { adjustmentSettings, defaultAdjustmentSettings } from '../core/loyalty/adjustment.ts'
import { defaultIdentityRules, identityRules, identitySettings } from '../core/people/identity-rules.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import {
  clockMove,
  workspacePatch as patchOfCore,
  workspaceId,
  workspaceInput,
  workspace as workspaceOfCore,
} from '../core/workspaces/schema.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { job, jobExample } from './jobs.ts'

const tag = 'Workspaces'

const workspace = workspaceOfCore
  .extend({ identity: identityRules, adjustments: adjustmentSettings })
  .meta({ id: 'Workspace', description: 'One business using Tessera; nothing crosses workspaces.' })

const workspacePatch = patchOfCore
  .extend({
    identity: identitySettings.optional().meta({
      description:
        'Which links unite; replaces what the workspace has set, so `{}` goes back to the defaults. Everybody is resolved again by a job `resolveIdentities`.',
    }),
    adjustments: adjustmentSettings.optional().meta({
      description:
        'What of value one key may adjust by hand alone; replaces the workspace’s. Only the admin key may change it',
    }),
  })
  .meta({ id: 'WorkspacePatch' })

const example: z.output<typeof workspace> = {
  id: 'acme',
  name: 'Acme Coffee',
  currency: 'EUR',
  timeZone: 'Europe/Rome',
  language: 'it',
  country: 'IT',
  taxIncluded: true,
  combination: { policy: 'bestForCustomer', perGroup: {} },
  holdout: 0,
  topics: [],
  retention: {},
  colours: null,
  adjustments: defaultAdjustmentSettings,
  identity: defaultIdentityRules,
  demo: null,
  createdAt: '2026-03-01T08:00:00.000Z',
}

export const createWorkspace = defineEndpoint({
  name: 'createWorkspace',
  method: 'POST',
  path: '/v1/workspaces',
  summary: 'Make a workspace',
  description: 'One business using Tessera. The workspace `default` is there from the first start.',
  tag,
  scopes: ['admin'],
  body: workspaceInput.meta({ id: 'WorkspaceInput' }),
  answer: { 201: workspace },
  refusals: [workspaceRefusals.workspace_taken],
  example: {
    body: { id: 'acme', name: 'Acme Coffee', currency: 'EUR', timeZone: 'Europe/Rome', language: 'it', country: 'IT' },
    answer: example,
  },
})

export const listWorkspaces = defineEndpoint({
  name: 'listWorkspaces',
  method: 'GET',
  path: '/v1/workspaces',
  summary: 'All workspaces',
  tag,
  scopes: ['admin'],
  query: pageQuery,
  answer: { 200: pageOf(workspace) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const getWorkspace = defineEndpoint({
  name: 'getWorkspace',
  method: 'GET',
  path: '/v1/workspaces/{id}',
  summary: 'A workspace',
  description: 'A secret key sees its own workspace only.',
  tag,
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: workspaceId }),
  answer: { 200: workspace },
  refusals: [commonRefusals.workspace_not_found],
  example: { params: { id: 'acme' }, answer: example },
})

export const updateWorkspace = defineEndpoint({
  name: 'updateWorkspace',
  method: 'PATCH',
  path: '/v1/workspaces/{id}',
  summary: 'Change how offers combine, the hold-out, the topics, who is who or the name of a workspace',
  description:
    'Fields that are present replace the workspace’s. The change binds everywhere once it is answered. A secret key changes its own workspace only.',
  tag,
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: workspaceId }),
  body: workspacePatch,
  answer: { 200: workspace },
  refusals: [commonRefusals.workspace_not_found],
  example: {
    params: { id: 'acme' },
    body: {
      combination: { policy: 'priority', perOrder: 3, perGroup: { drinks: 1 } },
      holdout: 5,
      topics: [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }],
      identity: { shared: 5, types: { seatNumber: { atMost: 2, priority: 25 } } },
    },
    answer: {
      ...example,
      combination: { policy: 'priority', perOrder: 3, perGroup: { drinks: 1 } },
      holdout: 5,
      topics: [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }],
      identity: {
        ...defaultIdentityRules,
        shared: 5,
        types: { ...defaultIdentityRules.types, seatNumber: { atMost: 2, priority: 25 } },
      },
    },
  },
})

export const moveClock = defineEndpoint({
  name: 'moveClock',
  method: 'POST',
  path: '/v1/workspaces/{id}/clock',
  summary: 'Move the clock of a demo forward',
  description:
    'From then on everything in the workspace sees the later time: offers end, points expire, tiers change, holds are over. What the clock brings about is done within seconds. It goes on from there as time goes by, and never back. Sign-in, keys and links go by the real time.',
  tag,
  scopes: ['admin'],
  params: z.strictObject({ id: workspaceId }),
  body: clockMove,
  answer: { 200: workspace },
  refusals: [commonRefusals.workspace_not_found, workspaceRefusals.not_a_demo, workspaceRefusals.clock_not_forward],
  example: {
    params: { id: 'acme' },
    body: { forward: 'P7D' },
    answer: { ...example, demo: { now: '2026-03-08T08:00:00.000Z', aheadSeconds: 604_800 } },
  },
})

export const deleteWorkspace = defineEndpoint({
  name: 'deleteWorkspace',
  method: 'DELETE',
  path: '/v1/workspaces/{id}',
  summary: 'Delete a demo with all that is in it',
  description:
    'Once this is answered nobody sees the workspace any more, and its keys are refused; its rows go in a job of the workspace `default`, and with them the accounts of team members who have worked nowhere else. There is no way back. A workspace that was not made as a demo cannot be deleted.',
  tag,
  scopes: ['admin'],
  params: z.strictObject({ id: workspaceId }),
  answer: { 202: job },
  refusals: [commonRefusals.workspace_not_found, workspaceRefusals.not_a_demo],
  example: {
    params: { id: 'acme' },
    answer: { ...jobExample, kind: 'deleteWorkspace', state: 'queued', done: 0, total: null },
  },
})

export const workspaceEndpoints = [
  createWorkspace,
  listWorkspaces,
  getWorkspace,
  updateWorkspace,
  moveClock,
  deleteWorkspace,
] as const
