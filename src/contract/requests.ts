import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { actor } from '../core/team/audit-entry.ts'
import { teamRefusals } from '../core/team/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Requests'
const scopes = ['admin', 'secret'] as const
const id = 'rql_01kjm6jm000000000000000000'

const issue = z.strictObject({ pointer: z.string(), message: z.string() })

const request = z
  .strictObject({
    id: z.string(),
    at: instant,
    call: z.string().meta({ description: 'Its name', examples: ['putOrder'] }),
    method: z.string(),
    path: z.string().meta({ description: 'Without what may be personal or secret: `/v1/people/email:…`' }),
    status: z.int(),
    ms: z.number().min(0),
    actor,
    requestId: z.string(),
    refusal: z
      .strictObject({ code: z.string(), sentence: z.string(), errors: z.array(issue) })
      .nullable()
      .meta({ description: 'Where it was refused; `…` stands for what may be personal' }),
    replayable: z.boolean().meta({ description: 'Its body is kept: it says nothing of a person and holds no secret' }),
  })
  .meta({ id: 'LoggedRequest' })

const example: z.output<typeof request> = {
  id,
  at: '2026-03-01T08:00:00.000Z',
  call: 'createOffer',
  method: 'POST',
  path: '/v1/offers',
  status: 400,
  ms: 3.2,
  actor: { id: 'key_01kjm6jm000000000000000000', kind: 'key', name: 'Web shop' },
  requestId: 'req_5f2c6a1b9d3e0',
  refusal: {
    code: 'invalid_input',
    sentence: 'The request is not valid: …',
    errors: [{ pointer: '/benefit/percent', message: 'is required' }],
  },
  replayable: true,
}

export const listRequests = defineEndpoint({
  name: 'listRequests',
  method: 'GET',
  path: '/v1/requests',
  summary: 'The last calls to this workspace, the newest first',
  description:
    'Calls by keys, and what team members change. The last 2,000 of seven days; of many a second only some are kept, refused ones rather than others. It shows a call about a second after its answer.',
  tag,
  scopes,
  query: pageQuery.extend({
    actor: z.string().max(100).optional().meta({ description: 'Id of a key or a team member' }),
    call: z.string().max(60).optional().meta({ description: 'Name of a call' }),
    outcome: z.enum(['done', 'refused']).optional(),
  }),
  answer: { 200: pageOf(request) },
  refusals: [],
  example: { query: { outcome: 'refused' }, answer: { data: [example], nextCursor: null } },
})

export const replayRequest = defineEndpoint({
  name: 'replayRequest',
  method: 'POST',
  path: '/v1/requests/{id}/replay',
  summary: 'Make a call of the log again, as whoever asks',
  description:
    'It is decided anew, with the rights of the one who replays, and counts as her call. Only calls whose body was kept.',
  tag,
  scopes,
  idempotent: false,
  params: z.strictObject({ id: z.string().regex(/^rql_[0-9a-z]{26}$/, 'must be the id of a logged request (rql_…)') }),
  answer: { 200: z.strictObject({ status: z.int(), body: z.unknown() }).meta({ id: 'ReplayedRequest' }) },
  refusals: [teamRefusals.request_not_found, teamRefusals.request_not_kept],
  example: { params: { id }, answer: { status: 201, body: { id: 'off_01kjm6jm000000000000000000' } } },
})

/**
 * Calls whose address and body say nothing of a person and hold no secret, so that they may be kept to be made again. What is left out is
 * left out on purpose: orders, events and lists of people name people, and have to be gone when she is erased.
 */
export const replayable: ReadonlySet<string> = new Set([
  'createCampaign',
  'updateCampaign',
  'getCampaign',
  'listCampaigns',
  'createOffer',
  'updateOffer',
  'getOffer',
  'listOffers',
  'listOfferVersions',
  'putProgramme',
  'getProgramme',
  'listProgrammes',
  'listProgrammeVersions',
  'previewProgramme',
  'putSegment',
  'getSegment',
  'listSegments',
  'deleteSegment',
  'putTrait',
  'getTrait',
  'listTraits',
  'deleteTrait',
  'getCollection',
  'listCollections',
  'getWorkspace',
  'updateWorkspace',
  'getCampaignReport',
  'getLiability',
])

export const requestEndpoints = [listRequests, replayRequest] as const
