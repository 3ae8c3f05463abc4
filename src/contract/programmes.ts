import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import {
  joinInput,
  programme,
  programmeId,
  programmeInput,
  programmeMember,
  programmePut,
} from '../core/loyalty/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { grantExample } from './grants.ts'
import { job, jobExample } from './jobs.ts'

const tag = 'Programmes'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: programmeId })
const path = { params: { id: 'club' } }

const input = {
  name: 'Coffee Club',
  rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
  join: { terms: '2026-03', thanks: 'Welcome to the club!' },
  pending: { days: 14 },
  expiry: { kind: 'after', months: 12 },
} as const
const terms = programmeInput.parse(input)
const example = {
  id: 'club',
  version: 1,
  state: 'live' as const,
  ...terms,
  createdAt: '2026-03-01T08:00:00.000Z',
  updatedAt: '2026-03-01T08:00:00.000Z',
}

export const putProgramme = defineEndpoint({
  name: 'putProgramme',
  method: 'PUT',
  path: '/v1/programmes/{id}',
  summary: 'Make or change a programme of points',
  description:
    'Other terms make a new version and count from the next order on; points that people have keep when they can be spent and until when. One that is ended stays so: nothing more is earned, what people have stays.',
  tag,
  scopes,
  params,
  body: programmePut,
  answer: { 200: programme },
  refusals: [programmeRefusals.programme_ended, programmeRefusals.programme_unit_fixed],
  example: { ...path, body: input, answer: example },
})

export const listProgrammes = defineEndpoint({
  name: 'listProgrammes',
  method: 'GET',
  path: '/v1/programmes',
  summary: 'Programmes by id',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(programme) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

const clock = z
  .strictObject({
    overdue: z
      .int()
      .meta({ description: 'Accounts and tiers of it that are due and not done; 10,000 of either are counted' }),
    since: instant.nullable().meta({ description: 'Since when the oldest is' }),
  })
  .meta({
    id: 'ProgrammeClock',
    description:
      'How far the clock is: points that become active or end, and tiers. Whoever shops has hers done first, so nothing hangs on it.',
  })

export const getProgramme = defineEndpoint({
  name: 'getProgramme',
  method: 'GET',
  path: '/v1/programmes/{id}',
  summary: 'A programme, and how far the clock is with it',
  tag,
  scopes,
  params,
  answer: { 200: programme.extend({ clock }) },
  refusals: [programmeRefusals.programme_not_found],
  example: { ...path, answer: { ...example, clock: { overdue: 0, since: null } } },
})

const version = programmeInput
  .extend({ version: z.int(), changedBy: z.string().meta({ description: 'A key’s id' }), changedAt: instant })
  .meta({ id: 'ProgrammeVersion' })

export const listProgrammeVersions = defineEndpoint({
  name: 'listProgrammeVersions',
  method: 'GET',
  path: '/v1/programmes/{id}/versions',
  summary: 'Every version of a programme, oldest first',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(version) },
  refusals: [programmeRefusals.programme_not_found],
  example: {
    ...path,
    answer: {
      data: [{ ...terms, version: 1, changedBy: 'key_01kjm6jm000000000000000000', changedAt: example.createdAt }],
      nextCursor: null,
    },
  },
})

export const previewProgramme = defineEndpoint({
  name: 'previewProgramme',
  method: 'POST',
  path: '/v1/programmes/{id}/preview',
  summary: 'Who would move to which tier by other terms, before they are saved',
  description:
    'Asks every member, beside all other work, and changes nothing. The job’s result has `people`, `moves` (how many from which tier to ' +
    'which, `null` for none; also those who stay) and `sample` (20 of those who move). Once the terms are saved a job moves them so; ' +
    'nobody falls before her period ends.',
  tag,
  scopes,
  params,
  body: programmePut,
  answer: { 202: job },
  refusals: [programmeRefusals.programme_not_found],
  example: {
    ...path,
    body: input,
    answer: {
      ...jobExample,
      kind: 'previewProgramme',
      state: 'queued',
      done: 0,
      total: null,
      updatedAt: jobExample.createdAt,
    },
  },
})

const member = z.strictObject({ id: programmeId, ref: personRef })
const memberPath = { params: { id: 'club', ref: 'email:ana@example.com' } }
const memberExample = {
  programme: 'club',
  person: grantExample.person,
  joinedAt: '2026-03-01T09:00:00.000Z',
  leftAt: null,
  source: 'till',
  terms: '2026-03',
  tier: null,
}

export const joinProgramme = defineEndpoint({
  name: 'joinProgramme',
  method: 'PUT',
  path: '/v1/programmes/{id}/members/{ref}',
  summary: 'Somebody joins a programme',
  description:
    'Who is in it already stays in it. Makes the event `Programme Joined`, or `Programme Rejoined` of somebody who had left, for which offers may wait. Who is not known yet becomes known. A publishable key lets only the person of its personToken join.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params: member,
  body: joinInput,
  answer: { 200: programmeMember },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    programmeRefusals.programme_ended,
  ],
  example: {
    ...memberPath,
    body: { source: 'till' },
    answer: { ...memberExample, thanks: 'Welcome to the club!' },
  },
})

export const leaveProgramme = defineEndpoint({
  name: 'leaveProgramme',
  method: 'DELETE',
  path: '/v1/programmes/{id}/members/{ref}',
  summary: 'Somebody leaves a programme',
  description:
    'She earns nothing more. Her points stay until they end, or end after the notice that the programme gives (`leaving`). Makes the event `Programme Left`. A publishable key lets only the person of its personToken leave.',
  tag,
  scopes: ['admin', 'secret', 'publishable'],
  params: member,
  answer: { 200: programmeMember },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    programmeRefusals.member_not_found,
  ],
  example: { ...memberPath, answer: { ...memberExample, leftAt: '2026-06-01T09:00:00.000Z' } },
})

export const getProgrammeMember = defineEndpoint({
  name: 'getProgrammeMember',
  method: 'GET',
  path: '/v1/programmes/{id}/members/{ref}',
  summary: 'Whether somebody is in a programme, and since when',
  description: 'A publishable key reads only the person of its personToken.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params: member,
  answer: { 200: programmeMember },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    programmeRefusals.member_not_found,
  ],
  example: { ...memberPath, answer: memberExample },
})

export const createJoinLink = defineEndpoint({
  name: 'createJoinLink',
  method: 'POST',
  path: '/v1/programmes/{id}/join-links',
  summary: 'A link by which somebody joins a programme without a login',
  description:
    'For a message: the page it opens asks her, in her language, and joins when she says yes; opening it changes nothing. Whoever has the link joins as this person, so send it to her only.',
  tag,
  scopes,
  params,
  body: z
    .strictObject({
      person: personRef,
      source: joinInput.shape.source.removeDefault().default('link'),
      days: z.int().min(1).max(400).default(30).meta({ description: 'How long it can be opened' }),
    })
    .meta({ id: 'JoinLinkInput' }),
  answer: { 201: z.strictObject({ path: z.string(), expiresAt: instant }).meta({ id: 'JoinLink' }) },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    programmeRefusals.programme_ended,
  ],
  // Nothing is stored: the same request makes a link that is as good.
  idempotent: false,
  example: {
    ...path,
    body: { person: 'email:ana@example.com', source: 'link', days: 30 },
    answer: { path: '/j/default.eyJob2xkZXIiOi…', expiresAt: '2026-03-31T08:00:00.000Z' },
  },
})

export const listProgrammeMembers = defineEndpoint({
  name: 'listProgrammeMembers',
  method: 'GET',
  path: '/v1/programmes/{id}/members',
  summary: 'Who is in a programme',
  description: 'Somebody who joined by two of her identifiers stands there twice.',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(programmeMember) },
  refusals: [programmeRefusals.programme_not_found],
  example: { ...path, query: { limit: 100 }, answer: { data: [memberExample], nextCursor: null } },
})

export const programmeEndpoints = [
  putProgramme,
  listProgrammes,
  getProgramme,
  listProgrammeVersions,
  previewProgramme,
  joinProgramme,
  leaveProgramme,
  getProgrammeMember,
  createJoinLink,
  listProgrammeMembers,
] as const
