import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { teamRefusals } from '../core/team/refusals.ts'
import { roleWords } from '../core/team/roles.ts'
import { invitation, role, teamMember, teamMemberAdded, teamMemberInput, teamMemberPatch } from '../core/team/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

const tag = 'Team'
/** No secret key: a key that somebody made for herself would let in a second person of her own making. */
const scopes = ['admin'] as const
const id = 'tm_01kjm6jm000000000000000000'
const params = z.strictObject({ id: z.string().regex(/^tm_[0-9a-z]{26}$/, 'must be a team member id (tm_…)') })
const example: z.output<typeof teamMember> = {
  id,
  email: 'ana@example.com',
  name: 'Ana Rossi',
  role: 'marketer',
  operator: false,
  state: 'active',
  addedAt: '2026-03-01T08:00:00.000Z',
  signedInAt: '2026-03-01T09:00:00.000Z',
}
const link = {
  link: 'https://tessera.example/sign-in#token=tsi_3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo3yU0pZrCk1q',
  expiresAt: '2026-03-02T08:00:00.000Z',
}

export const listTeam = defineEndpoint({
  name: 'listTeam',
  method: 'GET',
  path: '/v1/team',
  summary: 'Who works in this workspace',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(teamMember) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const createTeamMember = defineEndpoint({
  name: 'createTeamMember',
  method: 'POST',
  path: '/v1/team',
  summary: 'Add somebody to the team of this workspace',
  description:
    'Give her the link of the answer: it works once and for 24 hours, and lets her set a password. Whoever works in another workspace of this installation already has one and gets no link.',
  tag,
  scopes,
  body: teamMemberInput.meta({ id: 'TeamMemberInput' }),
  answer: { 201: teamMemberAdded },
  refusals: [teamRefusals.team_member_exists],
  example: {
    body: { email: 'ana@example.com', name: 'Ana Rossi', role: 'marketer' },
    answer: { ...example, state: 'invited', signedInAt: null, invitation: link },
  },
})

export const updateTeamMember = defineEndpoint({
  name: 'updateTeamMember',
  method: 'PATCH',
  path: '/v1/team/{id}',
  summary: 'Change a team member’s role or name',
  description:
    'A new role binds everywhere after 5 seconds at the latest. Only an operator or the admin key makes somebody an operator, or ends it.',
  tag,
  scopes,
  params,
  body: teamMemberPatch.meta({ id: 'TeamMemberPatch' }),
  answer: { 200: teamMember },
  refusals: [teamRefusals.team_member_not_found, teamRefusals.team_member_elsewhere, teamRefusals.last_admin],
  example: { params: { id }, body: { role: 'analyst' }, answer: { ...example, role: 'analyst' } },
})

export const removeTeamMember = defineEndpoint({
  name: 'removeTeamMember',
  method: 'DELETE',
  path: '/v1/team/{id}',
  summary: 'Take somebody out of the team of this workspace',
  description: 'Her sessions end. What she did stays under her name. Without a workspace she has no password.',
  tag,
  scopes,
  params,
  answer: { 200: teamMember },
  refusals: [teamRefusals.team_member_not_found, teamRefusals.team_member_elsewhere, teamRefusals.last_admin],
  example: { params: { id }, answer: example },
})

export const inviteTeamMember = defineEndpoint({
  name: 'inviteTeamMember',
  method: 'POST',
  path: '/v1/team/{id}/invitation',
  summary: 'Make a link with which a team member sets a new password',
  description:
    'It works once and for 24 hours, and replaces the links she had before. Her password and sessions end when it is used.',
  tag,
  scopes,
  params,
  query: z.strictObject({
    visit: flag.optional().meta({
      description:
        'A link that signs her in as it is opened and asks for no password: only for who works in a demo and nowhere else',
    }),
  }),
  answer: { 201: invitation },
  refusals: [teamRefusals.team_member_not_found, teamRefusals.team_member_elsewhere, teamRefusals.visit_refused],
  example: { params: { id }, query: {}, answer: link },
})

export const signOutTeamMember = defineEndpoint({
  name: 'signOutTeamMember',
  method: 'DELETE',
  path: '/v1/team/{id}/sessions',
  summary: 'End every session of a team member',
  tag,
  scopes,
  params,
  answer: { 200: teamMember },
  refusals: [teamRefusals.team_member_not_found, teamRefusals.team_member_elsewhere],
  example: { params: { id }, answer: example },
})

const grants = z
  .strictObject({ tag: z.string(), calls: z.array(z.strictObject({ name: z.string(), summary: z.string() })) })
  .meta({ id: 'RoleCalls' })

export const listRoles = defineEndpoint({
  name: 'listRoles',
  method: 'GET',
  path: '/v1/roles',
  summary: 'Each role in words, and what it may call',
  tag,
  scopes: ['admin', 'secret'],
  answer: {
    200: z.strictObject({
      data: z.array(
        z
          .strictObject({ role, description: z.string(), reads: z.array(grants), changes: z.array(grants) })
          .meta({ id: 'RoleDescription' }),
      ),
    }),
  },
  refusals: [],
  example: {
    answer: {
      data: [
        {
          role: 'marketer',
          description: roleWords.marketer,
          reads: [{ tag: 'Offers', calls: [{ name: 'listOffers', summary: 'Offers' }] }],
          changes: [{ tag: 'Offers', calls: [{ name: 'createOffer', summary: 'Make an offer' }] }],
        },
      ],
    },
  },
})

export const teamEndpoints = [
  listTeam,
  createTeamMember,
  updateTeamMember,
  removeTeamMember,
  inviteTeamMember,
  signOutTeamMember,
  listRoles,
] as const
