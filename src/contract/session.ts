import { z } from 'zod'
import { instant, name } from '../core/kernel/schema.ts'
import { teamRefusals } from '../core/team/refusals.ts'
import { operator, passwordGiven, role, session as sessionOfCore, signInToken, teamEmail } from '../core/team/schema.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Session'

const byPassword = z.strictObject({ email: teamEmail, password: passwordGiven }).meta({ id: 'SignInByPassword' })
const byLink = z
  .strictObject({
    signInToken,
    password: passwordGiven.optional().meta({ description: 'The new password; a visit needs none and sets none' }),
    email: teamEmail.optional().meta({ description: 'Of the first link only, which is nobody’s yet' }),
    name: name
      .optional()
      .meta({ description: 'Of the first link: required. Of an invitation: replaces what was written there' }),
  })
  .meta({ id: 'SignInByLink' })

const inWorkspace = z.strictObject({ id: z.string(), name: z.string(), role }).meta({ id: 'WorkspaceOfMember' })

const signedIn = z
  .strictObject({
    id: z.string(),
    member: z.strictObject({ id: z.string(), email: z.string(), name, operator }),
    role,
    workspace: z.strictObject({ id: z.string(), name: z.string() }),
    workspaces: z.array(inWorkspace).meta({ description: 'Where she may work: `Tessera-Workspace` chooses' }),
    permissions: z.array(z.string()).meta({ description: 'Names of the calls that her role may make here' }),
    startedAt: instant,
    endsAt: instant.meta({ description: 'Unless it is used before' }),
  })
  .meta({ id: 'SignedIn' })

const session = 'ses_01kjm6jm000000000000000000'
const example: z.output<typeof signedIn> = {
  id: session,
  member: { id: 'tm_01kjm6jm000000000000000000', email: 'ana@example.com', name: 'Ana Rossi', operator: false },
  role: 'marketer',
  workspace: { id: 'default', name: 'default' },
  workspaces: [{ id: 'default', name: 'default', role: 'marketer' }],
  permissions: ['createOffer', 'listOffers'],
  startedAt: '2026-03-01T08:00:00.000Z',
  endsAt: '2026-03-02T08:00:00.000Z',
}
const cookieWords =
  'The answer sets a cookie (`HttpOnly`, `SameSite=Strict`) that stands for the session in calls without a key. Calls that change something must then come from a page of this server.'

export const createSession = defineEndpoint({
  name: 'createSession',
  method: 'POST',
  path: '/v1/session',
  summary: 'Sign in, with a password or a sign-in link',
  description: `${cookieWords} A link is used up by this call, which sets a new password, except of a visit to a demo; opening the link changes nothing.`,
  tag,
  scopes: 'public',
  setsCookie: true,
  idempotent: false,
  body: z.union([byPassword, byLink]).meta({ id: 'SignIn' }),
  answer: { 201: signedIn },
  refusals: [
    commonRefusals.too_many_attempts,
    commonRefusals.overloaded,
    teamRefusals.sign_in_failed,
    teamRefusals.sign_in_link_invalid,
    teamRefusals.password_too_weak,
  ],
  example: { body: { email: 'ana@example.com', password: 'till at the corner' }, answer: example },
})

export const lookAtSignInLink = defineEndpoint({
  name: 'lookAtSignInLink',
  method: 'POST',
  path: '/v1/session/link',
  summary: 'What a sign-in link is for, without using it',
  tag,
  scopes: 'public',
  idempotent: false,
  body: z.strictObject({ signInToken }).meta({ id: 'SignInLinkGiven' }),
  answer: {
    200: z
      .strictObject({
        kind: z.enum(['first', 'invitation', 'visit']).meta({
          description:
            '`first`: of an installation that nobody was let into yet; `visit`: of a demo, signs in without a password',
        }),
        email: z.string().nullable(),
        name: z.string().nullable(),
        expiresAt: instant,
      })
      .meta({ id: 'SignInLink' }),
  },
  refusals: [commonRefusals.too_many_attempts, teamRefusals.sign_in_link_invalid],
  example: {
    body: { signInToken: 'tsi_3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo3yU0pZrCk1q' },
    answer: { kind: 'invitation', email: 'ana@example.com', name: 'Ana Rossi', expiresAt: '2026-03-02T08:00:00.000Z' },
  },
})

export const getSession = defineEndpoint({
  name: 'getSession',
  method: 'GET',
  path: '/v1/session',
  summary: 'Who is signed in, where, and what she may do',
  tag,
  scopes: 'session',
  answer: { 200: signedIn },
  refusals: [],
  example: { answer: example },
})

export const endSession = defineEndpoint({
  name: 'endSession',
  method: 'DELETE',
  path: '/v1/session',
  summary: 'Sign out',
  description: 'Ends the session of the cookie, where there still is one, and the cookie.',
  tag,
  scopes: 'public',
  setsCookie: true,
  idempotent: false,
  answer: { 200: z.strictObject({ ended: z.boolean() }) },
  refusals: [],
  example: { answer: { ended: true } },
})

export const changePassword = defineEndpoint({
  name: 'changePassword',
  method: 'PUT',
  path: '/v1/session/password',
  summary: 'Change your password',
  description: 'Every session of yours ends, this one too; the answer brings a new one.',
  tag,
  scopes: 'session',
  idempotent: false,
  body: z.strictObject({ current: passwordGiven, password: passwordGiven }).meta({ id: 'PasswordChange' }),
  answer: { 200: signedIn },
  refusals: [commonRefusals.too_many_attempts, teamRefusals.password_wrong, teamRefusals.password_too_weak],
  example: { body: { current: 'till at the corner', password: 'till by the window' }, answer: example },
})

export const listSessions = defineEndpoint({
  name: 'listSessions',
  method: 'GET',
  path: '/v1/sessions',
  summary: 'Your sessions, the newest first',
  tag,
  scopes: 'session',
  answer: { 200: z.strictObject({ data: z.array(sessionOfCore) }) },
  refusals: [],
  example: {
    answer: {
      data: [
        {
          id: session,
          startedAt: example.startedAt,
          seenAt: '2026-03-01T09:00:00.000Z',
          endsAt: example.endsAt,
          userAgent: 'Mozilla/5.0',
          address: '203.0.113.7',
          current: true,
        },
      ],
    },
  },
})

export const revokeSession = defineEndpoint({
  name: 'revokeSession',
  method: 'DELETE',
  path: '/v1/sessions/{id}',
  summary: 'End a session of yours',
  description: 'Every process refuses it after 5 seconds at the latest.',
  tag,
  scopes: 'session',
  idempotent: false,
  params: z.strictObject({ id: z.string().regex(/^ses_[0-9a-z]{26}$/, 'must be a session id (ses_…)') }),
  answer: { 200: z.strictObject({ ended: z.boolean() }) },
  refusals: [teamRefusals.session_not_found],
  example: { params: { id: session }, answer: { ended: true } },
})

export const sessionEndpoints = [
  createSession,
  lookAtSignInLink,
  getSession,
  endSession,
  changePassword,
  listSessions,
  revokeSession,
] as const
