import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import {
  campaign,
  campaignId,
  campaignInput,
  campaignPatch,
  lifeState,
  membersAdded,
  membersInput,
  membersToAdd,
} from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId } from '../core/people/schema.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { job } from './jobs.ts'

const tag = 'Campaigns'
const scopes = ['admin', 'secret'] as const
const id = 'cmp_01kjm6jm000000000000000000'
const params = z.strictObject({ id: campaignId })
const body = {
  name: 'Spring',
  goal: 'Second visit within a month',
  from: '2026-03-01T00:00:00Z',
  audience: 'members',
  holdout: 10,
} as const
const example = {
  id,
  name: 'Spring',
  goal: 'Second visit within a month',
  from: '2026-03-01T00:00:00.000Z',
  to: null,
  audience: 'members',
  state: 'live',
  tags: [],
  holdout: 10,
  createdAt: '2026-02-20T08:00:00.000Z',
  updatedAt: '2026-02-20T08:00:00.000Z',
} as const

export const createCampaign = defineEndpoint({
  name: 'createCampaign',
  method: 'POST',
  path: '/v1/campaigns',
  summary: 'Make a campaign',
  tag,
  scopes,
  body: campaignInput.meta({ id: 'CampaignInput' }),
  answer: { 201: campaign },
  refusals: [],
  example: { body, answer: example },
})

export const listCampaigns = defineEndpoint({
  name: 'listCampaigns',
  method: 'GET',
  path: '/v1/campaigns',
  summary: 'Campaigns, the oldest first',
  tag,
  scopes,
  query: pageQuery.extend({ state: lifeState.optional() }),
  answer: { 200: pageOf(campaign) },
  refusals: [],
  example: { query: { state: 'live' }, answer: { data: [example], nextCursor: null } },
})

export const getCampaign = defineEndpoint({
  name: 'getCampaign',
  method: 'GET',
  path: '/v1/campaigns/{id}',
  summary: 'A campaign',
  tag,
  scopes,
  params,
  answer: { 200: campaign },
  refusals: [catalogueRefusals.campaign_not_found],
  example: { params: { id }, answer: example },
})

export const updateCampaign = defineEndpoint({
  name: 'updateCampaign',
  method: 'PATCH',
  path: '/v1/campaigns/{id}',
  summary: 'Change a campaign',
  description:
    'Fields that are present replace the campaign’s; null takes one away. The change binds everywhere once it is answered.',
  tag,
  scopes,
  params,
  body: campaignPatch,
  answer: { 200: campaign },
  refusals: [catalogueRefusals.campaign_not_found],
  example: { params: { id }, body: { state: 'paused' }, answer: { ...example, state: 'paused' } },
})

const member = z
  .strictObject({ person: personId, addedAt: instant })
  .meta({ id: 'Member', description: 'Someone in the audience of a campaign' })

export const addMembers = defineEndpoint({
  name: 'addMembers',
  method: 'POST',
  path: '/v1/campaigns/{id}/members',
  summary: 'Add people to the audience of a campaign',
  description:
    'People who are not known yet are made. `added` counts those who were not members before, `members` all of this call who are members now. With ' +
    '`segment` everybody in it is added, by a job.',
  tag,
  scopes,
  params,
  body: membersToAdd,
  answer: { 200: membersAdded, 202: job },
  refusals: [
    catalogueRefusals.campaign_not_found,
    segmentRefusals.segment_not_found,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
  ],
  example: {
    params: { id },
    body: { people: ['email:ana@example.com', 'loyaltyCard:2001'] },
    answer: { added: 2, members: 2 },
  },
})

export const listMembers = defineEndpoint({
  name: 'listMembers',
  method: 'GET',
  path: '/v1/campaigns/{id}/members',
  summary: 'The audience of a campaign',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(member) },
  refusals: [catalogueRefusals.campaign_not_found],
  example: {
    params: { id },
    query: { limit: 100 },
    answer: {
      data: [{ person: 'per_01kjm6jm000000000000000000', addedAt: '2026-02-20T08:00:00.000Z' }],
      nextCursor: null,
    },
  },
})

export const removeMembers = defineEndpoint({
  name: 'removeMembers',
  method: 'POST',
  path: '/v1/campaigns/{id}/members/remove',
  summary: 'Take people out of the audience of a campaign',
  description:
    'A person is taken out whole, by whichever of their identifiers they were added. Offers already issued stay theirs.',
  tag,
  scopes,
  params,
  body: membersInput,
  answer: { 200: z.strictObject({ removed: z.int() }).meta({ id: 'MembersRemoved' }) },
  refusals: [catalogueRefusals.campaign_not_found, peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: { params: { id }, body: { people: ['loyaltyCard:2001'] }, answer: { removed: 1 } },
})

export const campaignEndpoints = [
  createCampaign,
  listCampaigns,
  getCampaign,
  updateCampaign,
  addMembers,
  listMembers,
  removeMembers,
] as const
