import { z } from 'zod'
import { consentStates, consentWays } from '../core/consent/consent.ts'
import { consentRefusals } from '../core/consent/refusals.ts'
import {
  consentInput,
  consentRequest,
  contactChannel,
  importedConsent,
  preferences,
  preferencesInput,
} from '../core/consent/schema.ts'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId, personRef } from '../core/people/schema.ts'
import { purposeOrTopic } from '../core/workspaces/contact.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Consents'
const params = z.strictObject({ ref: personRef })
const example = { ref: 'email:ana@example.com' }
const holderId = z.string().regex(/^hol_[0-9a-z]{26}$/)
const consentId = z.string().regex(/^con_[0-9a-z]{26}$/)
const permitted = z.array(z.string()).meta({
  description:
    'What conditions are answered by `consented(channel, purpose)`: some address has given it, none stands withdrawn, and the channel or topic is not turned off',
  examples: [['email/marketing']],
})

const entry = {
  address: z.string().meta({ description: 'As `type:value`' }),
  holder: holderId,
  channel: contactChannel,
  purpose: purposeOrTopic,
  state: z.enum(consentStates),
  at: instant,
  how: z.enum(consentWays),
  textVersion: z.string().nullable(),
  language: z.string().nullable(),
  by: z.string().meta({ description: 'A key’s id, or `person`' }),
}

export const consentStanding = z
  .strictObject({
    ...entry,
    contact: z
      .enum(['allowed', 'noConsent', 'requested', 'withdrawn', 'channelOff', 'topicOff', 'paused', 'quietHours'])
      .meta({ description: 'Whether this address may be contacted right now, or why not' }),
  })
  .meta({ id: 'ConsentStanding', description: 'What holds for an address, a channel and a purpose or topic' })

export const consentEvidence = z
  .strictObject({
    id: consentId,
    ...entry,
    evidence: z.record(z.string(), z.unknown()),
    recordedAt: instant,
    stands: z.boolean().meta({ description: 'Whether it is the entry that counts' }),
  })
  .meta({ id: 'ConsentEvidence', description: 'An entry of the ledger; nothing changes or deletes one' })

const standingExample = {
  address: 'email:ana@example.com',
  holder: 'hol_01kjm6jm000000000000000000',
  channel: 'email',
  purpose: 'marketing',
  state: 'given',
  at: '2026-03-01T08:00:00.000Z',
  how: 'form',
  textVersion: 'newsletter-2026-03',
  language: 'it',
  by: 'key_01kjm6jm000000000000000000',
} as const
const preferencesExample: z.output<typeof preferences> = {
  channelsOff: [],
  topicsOff: [],
  language: 'it',
  quietHours: [{ from: '21:00', to: '08:00' }],
  atMost: { messages: 2, days: 7 },
  pausedUntil: null,
}

export const getConsents = defineEndpoint({
  name: 'getConsents',
  method: 'GET',
  path: '/v1/people/{ref}/consents',
  summary: 'What somebody permitted on each of her addresses, and what she asked for',
  description: 'A publishable key reads only the person of its personToken.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  answer: {
    200: z
      .strictObject({ person: personId, consents: z.array(consentStanding), preferences, permitted })
      .meta({ id: 'Consents' }),
  },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    params: example,
    answer: {
      person: 'per_01kjm6jm000000000000000000',
      consents: [{ ...standingExample, contact: 'allowed' }],
      preferences: preferencesExample,
      permitted: ['email/marketing'],
    },
  },
})

export const putConsents = defineEndpoint({
  name: 'putConsents',
  method: 'PUT',
  path: '/v1/people/{ref}/consents',
  summary: 'Record what somebody permitted or withdrew, and what she asks for',
  description:
    'Entries are added to a ledger in which nothing changes: of what was said about an address, a channel and a purpose the newest counts. All of a call is recorded or nothing. With a publishable key a person speaks for herself: it takes her personToken, counts as said on the preference page, now, and only about addresses of hers.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  body: z
    .strictObject({
      consents: z.array(consentInput).max(100).default([]),
      preferences: preferencesInput.optional(),
    })
    .meta({ id: 'ConsentsPut' }),
  answer: {
    200: z
      .strictObject({
        person: personId,
        recorded: z.array(
          z.strictObject({
            id: consentId,
            holder: holderId,
            channel: contactChannel,
            purpose: purposeOrTopic,
            state: z.enum(consentStates),
            at: instant,
            stands: z.boolean().meta({ description: 'False: something newer is known' }),
          }),
        ),
        preferences,
        permitted,
      })
      .meta({ id: 'ConsentsRecorded' }),
  },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    consentRefusals.address_of_another,
    consentRefusals.channel_not_of_address,
    consentRefusals.topic_unknown,
    consentRefusals.consent_in_future,
  ],
  example: {
    params: example,
    body: {
      consents: [
        {
          channel: 'email',
          purpose: 'marketing',
          state: 'given',
          how: 'form',
          textVersion: 'newsletter-2026-03',
          language: 'it',
        },
      ],
      preferences: {
        language: 'it',
        quietHours: [{ from: '21:00', to: '08:00' }],
        atMost: { messages: 2, days: 7 },
      },
    },
    answer: {
      person: 'per_01kjm6jm000000000000000000',
      recorded: [
        {
          id: 'con_01kjm6jm000000000000000000',
          holder: 'hol_01kjm6jm000000000000000000',
          channel: 'email',
          purpose: 'marketing',
          state: 'given',
          at: '2026-03-01T08:00:00.000Z',
          stands: true,
        },
      ],
      preferences: preferencesExample,
      permitted: ['email/marketing'],
    },
  },
})

export const importConsents = defineEndpoint({
  name: 'importConsents',
  method: 'POST',
  path: '/v1/consents',
  summary: 'Record what people permitted elsewhere, up to 1,000 entries a call',
  description:
    'History: it makes no events. All of a call is recorded or nothing, and the refusal’s `errors` name every bad entry. An address that nobody was known by is made known.',
  tag,
  scopes: ['admin', 'secret'],
  body: z.strictObject({ consents: z.array(importedConsent).min(1).max(1000) }).meta({ id: 'ConsentsImport' }),
  answer: {
    200: z
      .strictObject({
        recorded: z.int(),
        standing: z.int().meta({ description: 'How many count: of the others something newer is known' }),
      })
      .meta({ id: 'ConsentsImported' }),
  },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    consentRefusals.channel_not_of_address,
    consentRefusals.topic_unknown,
    consentRefusals.consent_in_future,
  ],
  example: {
    body: {
      consents: [
        {
          address: 'email:ana@example.com',
          channel: 'email',
          purpose: 'marketing',
          state: 'given',
          at: '2024-05-01T10:00:00Z',
          how: 'form',
        },
      ],
    },
    answer: { recorded: 1, standing: 1 },
  },
})

export const requestConsent = defineEndpoint({
  name: 'requestConsent',
  method: 'POST',
  path: '/v1/people/{ref}/consents/requests',
  summary: 'Ask somebody to confirm her address and permission: double opt-in',
  description:
    'Notes the request, which permits nothing, and answers the path of a link to send to the address; your server’s own address stands before it. Opening the link changes nothing: she presses a button there. It ends after 7 days, and with her first answer.',
  tag,
  scopes: ['admin', 'secret'],
  params,
  body: consentRequest,
  answer: {
    201: z
      .strictObject({ id: consentId, path: z.string(), expiresAt: instant })
      .meta({ id: 'ConsentRequest', description: 'The path is all it takes to confirm: send it to the address only' }),
  },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    consentRefusals.address_of_another,
    consentRefusals.channel_not_of_address,
    consentRefusals.topic_unknown,
  ],
  example: {
    params: example,
    body: { channel: 'email', purpose: 'marketing', textVersion: 'newsletter-2026-03', language: 'it' },
    answer: {
      id: 'con_01kjm6jm000000000000000000',
      path: '/c/default.WyJob2xfMDFram02…',
      expiresAt: '2026-03-08T08:00:00.000Z',
    },
  },
})

export const createPreferenceLink = defineEndpoint({
  name: 'createPreferenceLink',
  method: 'POST',
  path: '/v1/people/{ref}/preference-links',
  summary: 'A link to somebody’s preference page, which takes no login',
  description:
    'For the foot of a message: whoever has the link sees and changes what this person permits, so send it to her only. With a `channel`, also the one-click link that RFC 8058 wants in List-Unsubscribe; that one does not end, and withdraws marketing on this address and channel when it is posted to.',
  tag,
  scopes: ['admin', 'secret'],
  params,
  body: z
    .strictObject({
      days: z.int().min(1).max(400).default(60).meta({ description: 'How long the page can be opened' }),
      channel: contactChannel.optional(),
    })
    .meta({ id: 'PreferenceLinkInput' }),
  answer: {
    201: z
      .strictObject({ path: z.string(), expiresAt: instant, unsubscribePath: z.string().nullable() })
      .meta({ id: 'PreferenceLink' }),
  },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    consentRefusals.channel_not_of_address,
  ],
  // Nothing is stored: the same request makes a link that is as good.
  idempotent: false,
  example: {
    params: example,
    body: { days: 60, channel: 'email' },
    answer: {
      path: '/p/default.WyJob2xfMDFram02…',
      expiresAt: '2026-04-30T08:00:00.000Z',
      unsubscribePath: '/u/default.WyJob2xfMDFram02…',
    },
  },
})

const evidenceExample = {
  id: 'con_01kjm6jm000000000000000000',
  ...standingExample,
  evidence: { form: 'paper-4711' },
  recordedAt: '2026-03-01T08:00:00.000Z',
  stands: true,
}

export const getConsentEvidence = defineEndpoint({
  name: 'getConsentEvidence',
  method: 'GET',
  path: '/v1/people/{ref}/consents/evidence',
  summary: 'Every entry of somebody’s ledger with its proof, oldest first',
  tag,
  scopes: ['admin', 'secret'],
  params,
  query: pageQuery,
  answer: { 200: pageOf(consentEvidence) },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    params: example,
    answer: { data: [evidenceExample], nextCursor: null },
  },
})

export const exportConsentEvidence = defineEndpoint({
  name: 'exportConsentEvidence',
  method: 'GET',
  path: '/v1/people/{ref}/consents/evidence.csv',
  summary: 'The same as CSV, for whoever has to show it',
  description: 'Cells that a spreadsheet would run as a formula are led by an apostrophe.',
  tag,
  scopes: ['admin', 'secret'],
  params,
  answer: { 200: { contentType: 'text/csv' } },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    params: example,
    answer:
      'id,address,channel,purpose,state,at,how,text_version,language,by,stands,recorded_at,evidence\r\ncon_01kjm6jm000000000000000000,email:ana@example.com,email,marketing,given,2026-03-01T08:00:00.000Z,form,newsletter-2026-03,it,key_01kjm6jm000000000000000000,true,2026-03-01T08:00:00.000Z,{}\r\n',
  },
})

export const consentEndpoints = [
  getConsents,
  putConsents,
  importConsents,
  requestConsent,
  createPreferenceLink,
  getConsentEvidence,
  exportConsentEvidence,
] as const
