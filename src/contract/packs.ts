import { z } from 'zod'
import { callerId, instant, minorUnits, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { codeText, offerId } from '../core/offers/schema.ts'
import { refusalAnswer } from '../core/orders/schema.ts'
import { journalRefusals } from '../core/packs/refusals.ts'
import { bytes32, difference, journalEntry, packId } from '../core/packs/schema.ts'
import { personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Tills without a network'
const params = z.strictObject({ id: packId })
const id = 'pck_01kjm6jm000000000000000000'
const offer = 'off_01kjm6jm000000000000000000'
const device = 'MCowBQYDK2VwAyEAdGVzc2VyYS1leGFtcGxlLWtleSE'

const packState = z.enum(['open', 'closing', 'closed', 'writtenOff']).meta({
  description:
    '`closing`: the last entry is there and others before it are not. `writtenOff`: an operator took back what was unknown.',
})

const signedPack = z
  .strictObject({
    pack: z.record(z.string(), z.unknown()).meta({
      description:
        'What the till decides by: offers, slices, codes and people that are leased to it, offsets from UTC. Its bytes are JSON with sorted keys (RFC 8785).',
    }),
    signature: z.string().meta({ description: 'Ed25519 over these bytes by the workspace’s key, base64url' }),
    publicKey: z.string().meta({ description: 'The workspace’s key: a till keeps it from the first pack on' }),
    unknown: z.array(z.string()).meta({ description: 'People and codes that were asked for and that nobody knows' }),
  })
  .meta({ id: 'SignedPack' })

export const issuePack = defineEndpoint({
  name: 'issuePack',
  method: 'POST',
  path: '/v1/packs',
  summary: 'Give a till what it needs to sell without a network, or renew it',
  description:
    'A device has one pack at a time: asked again it is renewed, with the offers of now and slices topped up. So much of each limit as is leased counts as used for everybody else until the till has used it up, gives it back (`giveBack`, `close`), or an operator writes it off. People and codes that are named are leased too: what limits count of them is this till’s alone. Send the journal first: then what was sold is known.',
  tag,
  scopes: ['till'],
  // Asked again it answers what the device has by then, so nothing is remembered.
  idempotent: false,
  body: z
    .strictObject({
      device: bytes32.meta({
        description: 'The device’s public key (Ed25519, 32 bytes, base64url); signs the journal',
      }),
      sequence: z.int().min(0).default(0).meta({
        description: 'The last entry of the device’s journal; 0: it begins. Less than what is settled is refused.',
      }),
      hours: z.int().min(1).max(72).default(24).meta({ description: 'How long the pack can be used' }),
      people: z.array(personRef).max(50).default([]),
      codes: z.array(codeText).max(200).default([]),
    })
    .meta({ id: 'PackInput' }),
  answer: { 200: signedPack },
  refusals: [
    journalRefusals.pack_location_missing,
    journalRefusals.pack_journal_behind,
    journalRefusals.pack_state_conflict,
  ],
  example: {
    body: { device, people: ['loyaltyCard:4711'] },
    answer: {
      pack: { engine: 'decide-1', id, revision: 1, workspace: 'default' },
      signature: 'c2lnbmF0dXJl',
      publicKey: device,
      unknown: [],
    },
  },
})

const slice = z
  .strictObject({
    offer: offerId,
    limit: z.string().meta({
      description:
        'The counter: empty for uses and budget in all, else as `location=store-12 day=2026-03-01` or `gift=CUP`',
    }),
    leased: z.int(),
    used: z.int(),
    back: z.int(),
    left: z.int(),
    overrun: z.int().meta({ description: 'Uses that came after a write-off and found no room' }),
    budget: z
      .strictObject({
        leased: minorUnits,
        used: minorUnits,
        back: minorUnits,
        left: minorUnits,
        overrun: minorUnits,
      })
      .optional(),
  })
  .meta({ id: 'PackSlice' })

const packSeen = z
  .strictObject({
    id: packId,
    key: z.string().meta({ description: 'The till’s key' }),
    name: z.string().nullable().meta({ description: 'Of the key' }),
    device: z.string(),
    channel: z.string(),
    location: z.string(),
    state: packState,
    revision: z.int(),
    issuedAt: instant,
    renewedAt: instant,
    expiresAt: instant,
    endedAt: instant.nullable(),
    endedBy: z.string().nullable(),
    entries: z.int().meta({ description: 'Of the journal, that have arrived' }),
    missing: z.int().meta({ description: 'Entries before the last that have not' }),
    waiting: z.int().meta({ description: 'Returns of orders that have not arrived' }),
    differences: z.int().meta({ description: 'Entries that differ from what would be decided now' }),
    people: z.int().meta({ description: 'Uses of people and codes that are leased' }),
    slices: z.array(slice),
  })
  .meta({ id: 'PackHeld' })
export type PackSeen = z.output<typeof packSeen>

const seenExample: PackSeen = {
  id,
  key: 'key_01kjm6jm000000000000000000',
  name: 'Till 3',
  device,
  channel: 'store',
  location: 'store-12',
  state: 'open',
  revision: 1,
  issuedAt: '2026-03-01T08:00:00.000Z',
  renewedAt: '2026-03-01T08:00:00.000Z',
  expiresAt: '2026-03-02T08:00:00.000Z',
  endedAt: null,
  endedBy: null,
  entries: 3,
  missing: 0,
  waiting: 0,
  differences: 0,
  people: 0,
  slices: [{ offer, limit: '', leased: 10, used: 3, back: 0, left: 7, overrun: 0 }],
}

export const listPacks = defineEndpoint({
  name: 'listPacks',
  method: 'GET',
  path: '/v1/packs',
  summary: 'Which till holds what of which limit, since when',
  tag,
  scopes: ['admin', 'secret'],
  query: pageQuery.extend({ state: packState.optional(), limit: z.coerce.number().int().min(1).max(100).default(20) }),
  answer: { 200: pageOf(packSeen) },
  refusals: [],
  example: { query: { limit: 20 }, answer: { data: [seenExample], nextCursor: null } },
})

export const getPack = defineEndpoint({
  name: 'getPack',
  method: 'GET',
  path: '/v1/packs/{id}',
  summary: 'A pack with all that is leased to it',
  tag,
  scopes: ['admin', 'secret'],
  params,
  answer: { 200: packSeen },
  refusals: [journalRefusals.pack_not_found],
  example: { params: { id }, answer: seenExample },
})

const settled = z
  .strictObject({
    id: callerId,
    state: z.enum(['settled', 'waiting', 'known', 'refused']).meta({
      description: '`waiting`: goods came back of an order that has not arrived. `known`: it was settled before.',
    }),
    differences: z.array(difference),
    refusal: refusalAnswer.optional(),
  })
  .meta({ id: 'EntrySettled' })

export const settleJournal = defineEndpoint({
  name: 'settleJournal',
  method: 'POST',
  path: '/v1/packs/{id}/journal',
  summary: 'Settle what a till did without a network',
  description:
    'Entries may come in any order and more than once: each is settled once. What was given is booked as it was told, also of a pack that has expired or was written off; how it differs from what would be decided now is answered and kept. Only what the device has not signed is refused.',
  tag,
  scopes: ['till', 'secret', 'admin'],
  // Each entry is its own key.
  idempotent: false,
  bodyLimit: 4 * 1024 * 1024,
  params,
  body: z.strictObject({ entries: z.array(journalEntry).max(200) }).meta({ id: 'JournalInput' }),
  answer: {
    200: z
      .strictObject({
        entries: z.array(settled),
        pack: z.strictObject({ state: packState, entries: z.int(), last: z.int(), missing: z.int() }),
        wanted: z
          .array(z.strictObject({ offer: offerId, bucket: z.string(), uses: z.int(), budget: minorUnits }))
          .meta({ description: 'What others have nothing left of: the till may give so much back (`giveBack`)' }),
      })
      .meta({ id: 'JournalSettled' }),
  },
  refusals: [journalRefusals.pack_not_found],
  example: {
    params: { id },
    body: {
      entries: [
        {
          kind: 'close',
          id: 'till-3-0004',
          sequence: 4,
          previous: 'jRHKeJVMBNmOUgjdKKNi5Wrvrp2NVG40pIt3EAu0Kto',
          at: '2026-03-01T20:00:00Z',
          signature: 'A'.repeat(86),
        },
      ],
    },
    answer: {
      entries: [{ id: 'till-3-0004', state: 'settled', differences: [] }],
      pack: { state: 'closed', entries: 4, last: 4, missing: 0 },
      wanted: [],
    },
  },
})

const entrySeen = z
  .strictObject({
    id: callerId,
    sequence: z.int(),
    kind: z.enum(['sale', 'return', 'giveBack', 'close']),
    order: z.string().nullable(),
    at: instant,
    receivedAt: instant,
    state: z.enum(['settled', 'waiting']),
    differences: z.array(difference),
  })
  .meta({ id: 'EntrySeen' })

export const listJournal = defineEndpoint({
  name: 'listJournal',
  method: 'GET',
  path: '/v1/packs/{id}/journal',
  summary: 'What a till did by a pack, and how it differs from what would have been decided',
  tag,
  scopes: ['admin', 'secret'],
  params,
  query: pageQuery,
  answer: { 200: pageOf(entrySeen) },
  refusals: [journalRefusals.pack_not_found],
  example: {
    params: { id },
    query: { limit: 100 },
    answer: {
      data: [
        {
          id: 'till-3-0001',
          sequence: 1,
          kind: 'sale',
          order: 'till-3-1001',
          at: '2026-03-01T09:00:00.000Z',
          receivedAt: '2026-03-01T09:30:00.000Z',
          state: 'settled',
          differences: [{ what: 'applied', subject: offer, told: 180, now: 0 }],
        },
      ],
      nextCursor: null,
    },
  },
})

export const writeOffPack = defineEndpoint({
  name: 'writeOffPack',
  method: 'POST',
  path: '/v1/packs/{id}/write-off',
  summary: 'Take back what a lost till may still have',
  description:
    'What is left of its slices, people and codes is everybody’s again. If the till turns up, what it sold is booked all the same; what finds no room in a limit then is counted as overrun.',
  tag,
  scopes: ['admin', 'secret'],
  params,
  body: z
    .strictObject({
      reason: z
        .string()
        .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short code such as "lost"')
        .meta({ description: 'A code of your own; no free text', examples: ['lost'] }),
    })
    .meta({ id: 'WriteOffInput' }),
  answer: { 200: packSeen },
  refusals: [journalRefusals.pack_not_found, journalRefusals.pack_state_conflict],
  example: {
    params: { id },
    body: { reason: 'lost' },
    answer: {
      ...seenExample,
      state: 'writtenOff',
      endedAt: '2026-03-03T08:00:00.000Z',
      endedBy: 'key_01kjm6jm000000000000000001',
      slices: [{ offer, limit: '', leased: 10, used: 3, back: 7, left: 0, overrun: 0 }],
    },
  },
})

export const packEndpoints = [issuePack, listPacks, getPack, settleJournal, listJournal, writeOffPack] as const
