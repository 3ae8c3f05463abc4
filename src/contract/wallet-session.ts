import { z } from 'zod'
import { currencyCode, instant, minorUnits, name } from '../core/kernel/schema.ts'
import { programmeId, tiers, transfers } from '../core/loyalty/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId } from '../core/people/schema.ts'
import { walletRefusals } from '../core/people/wallet-refusals.ts'
import { topics } from '../core/workspaces/contact.ts'
import { colours, workspaceId } from '../core/workspaces/schema.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Wallet'

/** The languages that faces and messages speak. */
export const walletLanguages = ['en', 'id', 'it', 'ms', 'ar'] as const

const address = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .meta({ description: 'An e-mail address, or a phone number', examples: ['ana@example.com', '+393331234567'] })
const inWorkspace = workspaceId.default('default').meta({ description: 'Whose customer she is' })
export const code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'must be the six digits of the message')
  .meta({ examples: ['042917'] })

export const codePurpose = z.enum(['signIn', 'erase'])
export type CodePurpose = z.output<typeof codePurpose>

const id = 'wse_01kjm6jm000000000000000000'
const person = 'per_01kjm6jm000000000000000000'

export const createWalletCode = defineEndpoint({
  name: 'createWalletCode',
  method: 'POST',
  path: '/v1/wallet/codes',
  summary: 'Send a customer a code that proves an address is hers',
  description:
    'The answer is the same whoever is known, so nobody learns who a customer is. The code is good for ten minutes and five tries; a new one replaces it. The message lies in the outbox.',
  tag,
  scopes: 'public',
  idempotent: false,
  body: z
    .strictObject({
      address,
      workspace: inWorkspace,
      purpose: codePurpose.default('signIn').meta({ description: 'A code is good for that alone' }),
      language: z
        .enum(walletLanguages)
        .optional()
        .meta({ description: 'Of the message; left out, the workspace’s, else English' }),
    })
    .meta({ id: 'WalletCodeInput' }),
  answer: { 202: z.strictObject({ endsAt: instant }).meta({ id: 'WalletCodeSent' }) },
  refusals: [commonRefusals.too_many_attempts, commonRefusals.workspace_not_found, peopleRefusals.identifier_invalid],
  example: { body: { address: 'ana@example.com' }, answer: { endsAt: '2026-03-01T08:10:00.000Z' } },
})

const signedIn = z
  .strictObject({
    id: z.string(),
    person: personId,
    address: z.string().meta({ description: 'What she signed in with', examples: ['email:ana@example.com'] }),
    workspace: z.strictObject({ id: z.string(), name }),
    startedAt: instant,
    endsAt: instant.meta({ description: 'Unless it is used before' }),
  })
  .meta({ id: 'WalletSession' })
const example: z.output<typeof signedIn> = {
  id,
  person,
  address: 'email:ana@example.com',
  workspace: { id: 'default', name: 'Acme Coffee' },
  startedAt: '2026-03-01T08:00:00.000Z',
  endsAt: '2026-05-30T08:00:00.000Z',
}

export const createWalletSession = defineEndpoint({
  name: 'createWalletSession',
  method: 'POST',
  path: '/v1/wallet/session',
  summary: 'Sign a customer in by the code that she was sent',
  description:
    'Sets the cookie `tessera_wallet` (`HttpOnly`, `SameSite=Strict`). With it and the header `Tessera-Face: wallet` she may make every call that a publishable key with her personToken may, about herself alone; calls that change something must come from a page of this server. An address that nobody was known by becomes somebody.',
  tag,
  scopes: 'public',
  setsCookie: true,
  idempotent: false,
  body: z.strictObject({ address, code, workspace: inWorkspace }).meta({ id: 'WalletSignIn' }),
  answer: {
    201: signedIn
      .extend({ isNew: z.boolean().meta({ description: 'Nobody was known by this address before' }) })
      .meta({ id: 'WalletSessionStarted' }),
  },
  refusals: [
    commonRefusals.too_many_attempts,
    commonRefusals.workspace_not_found,
    peopleRefusals.identifier_invalid,
    walletRefusals.wallet_code_wrong,
  ],
  example: { body: { address: 'ana@example.com', code: '042917' }, answer: { ...example, isNew: false } },
})

export const getWalletSession = defineEndpoint({
  name: 'getWalletSession',
  method: 'GET',
  path: '/v1/wallet/session',
  summary: 'Which customer is signed in',
  tag,
  scopes: 'wallet',
  answer: { 200: signedIn },
  refusals: [],
  example: { answer: example },
})

export const endWalletSession = defineEndpoint({
  name: 'endWalletSession',
  method: 'DELETE',
  path: '/v1/wallet/session',
  summary: 'Sign out of the wallet',
  description: 'Ends the session of the cookie, where there still is one, and the cookie.',
  tag,
  scopes: 'public',
  setsCookie: true,
  idempotent: false,
  answer: { 200: z.strictObject({ ended: z.boolean() }) },
  refusals: [],
  example: { answer: { ended: true } },
})

export const listWalletSessions = defineEndpoint({
  name: 'listWalletSessions',
  method: 'GET',
  path: '/v1/wallet/sessions',
  summary: 'Where a customer is signed in, the newest first',
  tag,
  scopes: 'wallet',
  answer: {
    200: z.strictObject({
      data: z.array(
        z
          .strictObject({
            id: z.string(),
            startedAt: instant,
            seenAt: instant.meta({ description: 'Last call, to about five minutes' }),
            endsAt: instant,
            userAgent: z.string().nullable(),
            address: z.string().nullable().meta({ description: 'From where, as the network says' }),
            current: z.boolean().meta({ description: 'The one that asks' }),
          })
          .meta({ id: 'WalletDevice' }),
      ),
    }),
  },
  refusals: [],
  example: {
    answer: {
      data: [
        {
          id,
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

export const revokeWalletSession = defineEndpoint({
  name: 'revokeWalletSession',
  method: 'DELETE',
  path: '/v1/wallet/sessions/{id}',
  summary: 'Sign a customer’s device out',
  description: 'Every process refuses it after 5 seconds at the latest.',
  tag,
  scopes: 'wallet',
  idempotent: false,
  params: z.strictObject({ id: z.string().regex(/^wse_[0-9a-z]{26}$/, 'must be a session id (wse_…)') }),
  answer: { 200: z.strictObject({ ended: z.boolean() }) },
  refusals: [walletRefusals.wallet_session_not_found],
  example: { params: { id }, answer: { ended: true } },
})

const tierLevels = tiers.shape.levels
const club = z
  .strictObject({
    id: programmeId,
    name,
    unit: z.strictObject({ one: z.string(), many: z.string(), decimals: z.int() }),
    rate: z
      .strictObject({ points: z.int(), worth: z.strictObject({ amount: minorUnits, currency: currencyCode }) })
      .nullable()
      .meta({ description: 'What points are worth where they pay; null: they pay nothing' }),
    joinOn: z.enum(['asking', 'firstOrder']),
    terms: z.string().nullable().meta({ description: 'The version people agree to' }),
    transfers,
    tiers: z.strictObject({ by: tiers.shape.by, levels: tierLevels }).nullable(),
  })
  .meta({ id: 'ProgrammeToJoin' })

export const getWalletSettings = defineEndpoint({
  name: 'getWalletSettings',
  method: 'GET',
  path: '/v1/wallet/settings',
  summary: 'What a wallet shows before anybody is signed in',
  tag,
  scopes: 'public',
  query: z.strictObject({ workspace: inWorkspace }),
  answer: {
    200: z
      .strictObject({
        workspace: z.strictObject({
          id: z.string(),
          name,
          currency: currencyCode,
          language: z.string(),
          timeZone: z.string(),
          country: z.string().nullable(),
        }),
        colours: colours.nullable(),
        languages: z.array(z.enum(walletLanguages)),
        topics,
        programmes: z.array(club).meta({ description: 'Those that are live' }),
      })
      .meta({ id: 'WalletSettings' }),
  },
  refusals: [commonRefusals.workspace_not_found],
  example: {
    query: { workspace: 'default' },
    answer: {
      workspace: {
        id: 'default',
        name: 'Acme Coffee',
        currency: 'EUR',
        language: 'it',
        timeZone: 'Europe/Rome',
        country: 'IT',
      },
      colours: { accent: '#8a4b2a' },
      languages: ['en', 'id', 'it', 'ms', 'ar'],
      topics: [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }],
      programmes: [
        {
          id: 'club',
          name: 'Club',
          unit: { one: 'point', many: 'points', decimals: 0 },
          rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
          joinOn: 'asking',
          terms: '2026-01',
          transfers: { between: 'anyone', minimum: 1, waitingDays: 0, feePercent: 0 },
          tiers: { by: 'points', levels: [{ id: 'gold', name: 'Gold', threshold: 1000, benefits: [] }] },
        },
      ],
    },
  },
})

export const walletSessionEndpoints = [
  createWalletCode,
  createWalletSession,
  getWalletSession,
  endWalletSession,
  listWalletSessions,
  revokeWalletSession,
  getWalletSettings,
] as const
