import { z } from 'zod'
import { callerId, currencyCode, instant, minorUnits, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { identifier, personId, personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'
import { jobExample, jobId } from './jobs.ts'

const tag = 'Rights'
const holderId = z.string().regex(/^hol_[0-9a-hjkmnp-tv-z]{26}$/)
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ ref: personRef })
const ref = 'email:ana@example.com'
const example = {
  person: 'per_01kjm6jm000000000000000000',
  holder: 'hol_01kjm6jm000000000000000000',
  at: '2026-03-01T09:00:00.000Z',
}

const whole = z.int().min(0)

export const erasure = z
  .strictObject({
    id: z.string().nullable().meta({ description: 'Null for a dry run: nothing is erased' }),
    workspace: z.string(),
    state: z.enum(['dryRun', 'erasing', 'done']).meta({
      description:
        '`erasing`: nobody finds her any more, and a job erases the rest of the browsers that are probably hers and empties what was left behind',
    }),
    at: instant,
    by: z.string().meta({ description: 'The key that asked for it' }),
    reason: z.string(),
    requestId: callerId.nullable(),
    person: personId,
    holders: z.array(holderId).meta({ description: 'Her identifiers, by what is left of them' }),
    counts: z
      .strictObject({
        identifiers: whole,
        links: whole,
        segments: whole,
        consents: whole,
        grants: whole.meta({ description: 'Not used; they are void, and so are their codes' }),
        orders: whole,
        events: whole,
        programmes: whole.meta({ description: 'That she was in' }),
        giftCards: whole.meta({
          description: 'Out of her wallet: they pay for whoever holds the code, as before',
        }),
        value: z.record(z.string(), whole).meta({
          description:
            'What she had and nobody can spend any more, by asset: `{ "points:club": 640, "credit:EUR": 500 }`',
        }),
      })
      .meta({ description: 'Rows that held something about her' }),
    job: jobId.nullable().meta({ description: 'Of what was too much for one commit' }),
  })
  .meta({ id: 'Erasure', description: 'That somebody was erased: who asked, when and why; nothing personal.' })
export type Erasure = z.output<typeof erasure>

export const erasureExample: Erasure = {
  id: 'ers_01kjm6jm000000000000000000',
  workspace: 'default',
  state: 'done',
  at: example.at,
  by: 'key_01kjm6jm000000000000000000',
  reason: 'requested',
  requestId: 'ticket-4711',
  person: example.person,
  holders: [example.holder],
  counts: {
    identifiers: 1,
    links: 0,
    segments: 2,
    consents: 1,
    grants: 1,
    orders: 3,
    events: 41,
    programmes: 1,
    giftCards: 0,
    value: { 'points:club': 640 },
  },
  job: null,
}

const record = z.record(z.string(), z.unknown())
const records = (description: string) => z.array(record).meta({ description })

/** What `schemaVersion` stands for: it is raised when a field goes or changes its meaning; new fields may come at any time. */
export const exportVersion = 1

export const personExport = z
  .object({
    schemaVersion: z.literal(exportVersion),
    exportedAt: instant,
    workspace: z.string(),
    person: z
      .object({
        id: personId,
        identifiers: z.array(
          identifier.extend({
            holder: holderId,
            proven: z.boolean().meta({
              description:
                'False: a browser that says it is hers; only what it did counts as hers, no order and no value',
            }),
            createdAt: instant,
            erasedAt: instant.nullable(),
          }),
        ),
        traits: record,
        computedTraits: record,
        orders: z.int(),
        spend: z.record(currencyCode, minorUnits),
        firstOrderAt: instant.nullable(),
        lastOrderAt: instant.nullable(),
      })
      .meta({ description: 'Who she is' }),
    links: records('Evidence that two of her identifiers, or one of hers and another, are one human'),
    differentPeople: records('Pairs that somebody said are two people'),
    statistics: records('What is counted of each identifier, by day'),
    segments: records('Which she is in'),
    preferences: records('What she asked for, by address'),
    consents: records('The ledger, with its evidence'),
    campaigns: records('Which she is invited to'),
    exposures: records('Which she met, and whether she is held out'),
    draws: records('Surprises that were drawn for her'),
    grants: records('What was issued to her, with its codes'),
    orders: records('With lines, what was answered, uses and returns'),
    decisions: records('What moments and events were answered, and gave'),
    events: records('What she did; `body` is what was sent, its personal parts in their places'),
    programmes: records('Which she is in or was, with her tiers'),
    households: records('Whose points she shares; of the others only that they are there'),
    accounts: records('What she has of points, credit and cashback, as it is booked'),
    lots: records('What came in together and ends together, and what is left of it'),
    postings: records('Every change of her accounts, with what it came of'),
    giftCards: records('In her wallet'),
    transfers: records('Points that she gave or got'),
    adjustments: records('What was given to her or taken by hand'),
    erasures: records('When something of her was erased'),
  })
  .meta({ id: 'PersonExport', description: 'Everything that is kept about a person.' })

export const exportExample: z.input<typeof personExport> = {
  schemaVersion: exportVersion,
  exportedAt: example.at,
  workspace: 'default',
  person: {
    id: example.person,
    identifiers: [
      {
        type: 'email',
        value: 'ana@example.com',
        given: 'Ana@example.com',
        holder: example.holder,
        proven: true,
        createdAt: '2026-03-01T08:00:00.000Z',
        erasedAt: null,
      },
    ],
    traits: { firstName: 'Ana' },
    computedTraits: {},
    orders: 1,
    spend: { EUR: 720 },
    firstOrderAt: example.at,
    lastOrderAt: example.at,
  },
  links: [],
  differentPeople: [],
  statistics: [],
  segments: [],
  preferences: [],
  consents: [],
  campaigns: [],
  exposures: [],
  draws: [],
  grants: [],
  orders: [],
  decisions: [],
  events: [
    {
      messageId: 'm-1',
      holder: example.holder,
      kind: 'track',
      name: 'Product Viewed',
      occurredAt: example.at,
      body: { properties: { sku: 'LATTE' }, context: { ip: '203.0.113.7' } },
    },
  ],
  programmes: [{ holder: example.holder, programme: 'club', joinedAt: example.at, leftAt: null, source: 'till' }],
  households: [],
  accounts: [{ account: `${example.holder}/points:club/main`, asset: 'points:club', kind: 'main', balance: 640 }],
  lots: [],
  postings: [],
  giftCards: [],
  transfers: [],
  adjustments: [],
  erasures: [],
}

export const exportPerson = defineEndpoint({
  name: 'exportPerson',
  method: 'GET',
  path: '/v1/people/{ref}/export',
  summary: 'Everything that is kept about somebody',
  description:
    'One JSON document, or with `format=html` a page to read and print. Streamed in pieces, because somebody may have a hundred thousand events: an answer that breaks off is no whole document. What is written meanwhile is in it or not.',
  tag,
  scopes,
  params,
  query: z.strictObject({ format: z.enum(['json', 'html']).default('json') }),
  answer: { 200: { contentType: 'application/json', or: 'text/html', schema: personExport } },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: { params: { ref }, query: { format: 'json' }, answer: JSON.stringify(exportExample) },
})

export const erasePerson = defineEndpoint({
  name: 'erasePerson',
  method: 'POST',
  path: '/v1/people/{ref}/erase',
  summary: 'Erase somebody, for good',
  description:
    'Overwrites everything personal of all her identifiers: values, traits, preferences, what her events and orders say beyond amounts and goods, evidence of consents. Holds of her open orders are released first, what was issued to her and not used is void, she is out of programmes, and points, credit and cashback that she has end. Amounts, counts, uses and entries of ledgers stay, so that books and reports still add up. The same identifier coming later is somebody new. `dryRun` answers what it would do. 202: there is more than one commit takes, and a job does the rest.',
  tag,
  scopes,
  params,
  query: z.strictObject({ dryRun: flag.default(false) }),
  body: z
    .strictObject({
      reason: z
        .string()
        .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short code such as "requested"')
        .meta({
          description: 'A code of your own; no free text, which might name somebody. It is kept for ever',
          examples: ['requested'],
        }),
      requestId: callerId
        .optional()
        .meta({ description: 'Chosen by the caller, such as a ticket: the same id is one erasure for ever' }),
    })
    .meta({ id: 'ErasureInput' }),
  answer: { 200: erasure, 202: erasure },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.erasure_request_taken, peopleRefusals.person_not_found],
  example: {
    params: { ref },
    body: { reason: 'requested', requestId: 'ticket-4711' },
    answer: erasureExample,
  },
})

export const listErasures = defineEndpoint({
  name: 'listErasures',
  method: 'GET',
  path: '/v1/erasures',
  summary: 'Who was erased, the oldest first',
  description:
    '`tessera load` of an older dump erases these people again. Each is a line that `tessera load --erasures` reads.',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(erasure) },
  refusals: [],
  example: {
    query: { limit: 100 },
    answer: { data: [{ ...erasureExample, state: 'erasing', job: jobExample.id }], nextCursor: null },
  },
})

export const rightsEndpoints = [exportPerson, erasePerson, listErasures] as const
