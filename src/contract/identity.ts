import { z } from 'zod'
import { currencyCode, instant, minorUnits, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { giftCardId } from '../core/loyalty/gift-card-schema.ts'
import { programmeId, tierId } from '../core/loyalty/schema.ts'
import { campaignId, grantState, offerId } from '../core/offers/schema.ts'
import { suppressions } from '../core/people/links.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { identifier, personId, personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

const tag = 'People'
const scopes = ['admin', 'secret'] as const
const dryRun = z.strictObject({ dryRun: flag.default(false).describe('Answers without storing anything') })

export const holderId = z.string().regex(/^hol_[0-9a-hjkmnp-tv-z]{26}$/)

export const standing = z.enum(['blocked', 'shared', 'quarantined'])

/** An identifier as a person has it. */
export const heldIdentifier = identifier.safeExtend({
  holder: holderId.meta({ description: 'What events and orders belong to' }),
  standing: standing.nullable().meta({
    description:
      'Why links through it do not unite: a value that is nobody’s, too many people’s, or part of too large a component; null: they do',
  }),
})

export const suppression = z.enum(suppressions).meta({ description: 'Why a link does not unite' })

export const link = z
  .strictObject({
    a: holderId,
    b: holderId,
    verified: z.boolean(),
    source: z.enum(['event', 'order', 'clerk', 'import', 'split']),
    cause: z.string().meta({ description: 'Id of the message, order, request or split' }),
    firstSeenAt: instant.meta({ description: 'Of the earliest evidence' }),
    suppressed: suppression.nullable(),
    removedAt: instant.nullable().meta({ description: 'Somebody took it away; later evidence does not bring it back' }),
  })
  .meta({ id: 'Link', description: 'Evidence that two holders are one human; verified links unite.' })

const personNow = z
  .strictObject({ id: personId, identifiers: z.array(heldIdentifier) })
  .meta({ id: 'PersonNow', description: 'A person and whom she consists of' })

const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({ description: 'Why, for the audit log, which is kept for ever: so nothing personal' })

const pair = {
  a: personRef.meta({ description: 'An identifier; a person id stands for the identifier that names her' }),
  b: personRef,
}

const persons = z
  .array(personNow)
  .meta({ description: 'Everybody whom the identifiers and their persons of before are now' })

export const linkInput = z
  .strictObject({
    ...pair,
    verified: z.boolean().default(true).meta({ description: 'Only verified links unite' }),
    source: z.enum(['clerk', 'import']).default('clerk'),
    reason: reason.optional(),
  })
  .meta({ id: 'LinkInput' })

const linked = z
  .strictObject({
    person: personId.meta({ description: 'Of `a`; in a dry run that would make her, an id that she will not have' }),
    merged: z.boolean().meta({ description: 'Whether both are one person' }),
    suppressed: suppression.nullable().meta({ description: 'Why the link does not unite' }),
    sentence: z.string().nullable().meta({ description: 'The same for people to read' }),
    links: z.array(link).meta({ description: 'Between the two' }),
    persons,
  })
  .meta({ id: 'Linked' })

const separated = z
  .strictObject({
    separated: z.boolean().meta({ description: 'False: other evidence still makes them one' }),
    links: z.array(link),
    persons,
  })
  .meta({ id: 'Unlinked' })

const splitId = z.string().regex(/^spl_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a split id (spl_…)')

export const splitInput = z
  .strictObject({
    person: personRef,
    groups: z
      .array(z.array(personRef).min(1).max(1000))
      .min(2)
      .max(100)
      .meta({
        description: 'Her identifiers, one group for each human; what is not named stays with the first',
        examples: [[['email:ana@example.com'], ['email:ben@example.com', 'loyaltyCard:4711']]],
      }),
    reason,
  })
  .meta({ id: 'SplitInput' })

const splitDone = z
  .strictObject({ id: splitId.nullable().meta({ description: 'null in a dry run' }), persons })
  .meta({ id: 'Split' })

const undone = z.strictObject({ id: splitId, persons }).meta({ id: 'SplitUndone' })

const had = z.strictObject({
  balance: z.int().meta({ description: 'That can be spent, in the smallest unit; what is owed is paid first' }),
  pending: z.int(),
  held: z.int(),
  debt: z.int(),
})
const pointsOf = had.extend({
  member: z.boolean(),
  tier: tierId.nullable().meta({ description: 'Together: what both have qualified for, at once' }),
})

const sides = <T extends z.ZodType>(of: T) => ({ first: of, second: of })

export const mergePreview = z
  .strictObject({
    merged: z.boolean().meta({ description: 'Whether a verified link would make them one person (or they are)' }),
    already: z.boolean().meta({ description: 'They are one person now' }),
    suppressed: suppression.nullable(),
    sentence: z.string(),
    person: personId.meta({ description: 'Of the first, afterwards' }),
    persons,
    orders: z.strictObject({ ...sides(z.int()), together: z.int() }),
    spend: z
      .record(currencyCode, z.strictObject({ ...sides(minorUnits), together: minorUnits }))
      .meta({ description: 'Minor units for each currency' }),
    offers: z
      .array(
        z.strictObject({
          offer: offerId,
          name: z.string(),
          limit: z.int().meta({ description: 'Uses for each person' }),
          period: z.string().nullable().meta({ description: 'In which they count, such as `day`; null: ever' }),
          ...sides(z.int()),
          together: z.int(),
          nextRefused: z.boolean().meta({ description: 'Nothing is taken back, but the next use is refused' }),
        }),
      )
      .meta({ description: 'Offers with a limit for each person that either has used; at most 1,000' }),
    grants: z
      .array(
        z.strictObject({
          grant: z.string(),
          offer: offerId,
          name: z.string(),
          of: z.enum(['first', 'second']),
          state: grantState,
          issuedAt: instant,
          duplicate: z.boolean().meta({ description: 'Of an offer for once, and the other has one that came earlier' }),
        }),
      )
      .meta({ description: 'What both hold, oldest first; at most 1,000' }),
    consents: z
      .array(
        z.strictObject({
          channel: z.string(),
          purpose: z.string(),
          ...sides(z.boolean()),
          together: z.boolean().meta({ description: 'The most restrictive of both' }),
        }),
      )
      .meta({ description: 'What is permitted, where either was asked' }),
    arms: z
      .array(
        z.strictObject({
          campaign: campaignId.nullable().meta({ description: 'null: the hold-out of the whole workspace' }),
          ...sides(z.enum(['treatment', 'holdout'])),
          together: z.enum(['treatment', 'holdout']).meta({ description: 'Of the first exposure' }),
        }),
      )
      .meta({ description: 'Campaigns that met the two in different arms' }),
    segments: z.strictObject(sides(z.array(z.string()))),
    points: z
      .array(
        z.strictObject({
          programme: programmeId,
          name: z.string(),
          first: pointsOf,
          second: pointsOf,
          together: pointsOf.meta({ description: 'What one person would have. Nothing moves: a split parts it again' }),
        }),
      )
      .meta({ description: 'Of programmes that either is in or has points of' }),
    money: z
      .array(
        z.strictObject({
          kind: z.enum(['credit', 'cashback']),
          currency: currencyCode,
          first: had,
          second: had,
          together: had,
        }),
      )
      .meta({ description: 'Store credit and cashback that either has' }),
    giftCards: z
      .array(
        z.strictObject({
          card: giftCardId,
          of: z.enum(['first', 'second']),
          lastFour: z.string(),
          state: z.enum(['issued', 'active', 'blocked']),
          currency: currencyCode,
          balance: minorUnits,
        }),
      )
      .meta({ description: 'In the wallet of either, and of both when they are one; at most 1,000' }),
  })
  .meta({ id: 'MergePreview', description: 'What a verified link of two people would do. Nothing is stored.' })

const quarantineEntry = z
  .strictObject({
    kind: z.enum(['component', 'shared']).meta({
      description: 'Too many identifiers that hang together, or one that is linked to too many people’s',
    }),
    identifier: heldIdentifier.meta({ description: 'The shared one; of a component its oldest' }),
    size: z.int().meta({ description: 'Identifiers of the component, or those the shared one is linked to' }),
    types: z.record(z.string(), z.int()).meta({ description: 'How many of each type' }),
    since: instant.nullable(),
  })
  .meta({ id: 'QuarantineEntry' })
export type QuarantineEntry = z.output<typeof quarantineEntry>

const ana = 'per_01kjm6jm000000000000000000'
const [anaHolder, cardHolder] = ['hol_01kjm6jm000000000000000000', 'hol_01kjm6jm000000000000000001']
const email = { type: 'email', value: 'ana@example.com', given: 'ana@example.com', holder: anaHolder, standing: null }
const card = { type: 'loyaltyCard', value: '4711', given: '4711', holder: cardHolder, standing: null }
export const linkExample = {
  a: anaHolder,
  b: cardHolder,
  verified: true,
  source: 'clerk' as const,
  cause: 'req_01kjm6jm000000000000000000',
  firstSeenAt: '2026-03-01T09:00:00.000Z',
  suppressed: null,
  removedAt: null,
}
const together = [{ id: ana, identifiers: [email, card] }]
const apart = [
  { id: ana, identifiers: [email] },
  { id: 'per_01kjm6jm000000000000000001', identifiers: [card] },
]
const refs = { a: 'email:ana@example.com', b: 'loyaltyCard:4711' }
const who = [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found] as const
const splitExampleId = 'spl_01kjm6jm000000000000000000'

export const linkPeople = defineEndpoint({
  name: 'linkPeople',
  method: 'POST',
  path: '/v1/people/links',
  summary: 'Say that two identifiers belong to one human',
  description:
    'Identifiers that nobody knows yet are made. A link that a rule forbids is kept and says why it does not unite. What was taken away before is brought back.',
  tag,
  scopes,
  query: dryRun,
  body: linkInput,
  answer: { 200: linked },
  refusals: who,
  example: {
    body: { ...refs, reason: 'Showed her card and her ID at the desk' },
    answer: { person: ana, merged: true, suppressed: null, sentence: null, links: [linkExample], persons: together },
  },
})

export const unlinkPeople = defineEndpoint({
  name: 'unlinkPeople',
  method: 'POST',
  path: '/v1/people/unlink',
  summary: 'Take the evidence away that two identifiers belong to one human',
  description:
    'Undoes what the link did. Later events that say the same do not bring it back; POST /v1/people/links does. Where other evidence still makes them one, split them.',
  tag,
  scopes,
  query: dryRun,
  body: z.strictObject({ ...pair, reason }).meta({ id: 'UnlinkInput' }),
  answer: { 200: separated },
  refusals: [...who, peopleRefusals.link_not_found],
  example: {
    body: { ...refs, reason: 'The card was her sister’s' },
    answer: {
      separated: true,
      links: [{ ...linkExample, suppressed: 'removed', removedAt: '2026-03-02T09:00:00.000Z' }],
      persons: apart,
    },
  },
})

export const splitPerson = defineEndpoint({
  name: 'splitPerson',
  method: 'POST',
  path: '/v1/people/split',
  summary: 'Say that identifiers of one person belong to several humans',
  description:
    'Identifiers of two groups never become one person again, whatever evidence comes, until the split is undone. Orders, grants and uses stay with the identifiers they came in by.',
  tag,
  scopes,
  query: dryRun,
  body: splitInput,
  answer: { 200: splitDone },
  refusals: [...who, peopleRefusals.identifier_of_another, peopleRefusals.split_too_large],
  example: {
    body: {
      person: 'email:ana@example.com',
      groups: [['email:ana@example.com'], ['loyaltyCard:4711']],
      reason: 'Two sisters with one account',
    },
    answer: { id: splitExampleId, persons: apart },
  },
})

export const undoSplit = defineEndpoint({
  name: 'undoSplit',
  method: 'DELETE',
  path: '/v1/people/splits/{id}',
  summary: 'Undo a split',
  description: 'The evidence there was, and what came since, counts again.',
  tag,
  scopes,
  params: z.strictObject({ id: splitId }),
  query: dryRun,
  answer: { 200: undone },
  refusals: [peopleRefusals.split_not_found],
  example: { params: { id: splitExampleId }, answer: { id: splitExampleId, persons: together } },
})

export const previewMerge = defineEndpoint({
  name: 'previewMerge',
  method: 'GET',
  path: '/v1/people/{ref}/merge-preview',
  summary: 'What it would do to say that two people are one',
  tag,
  scopes,
  params: z.strictObject({ ref: personRef }),
  query: z.strictObject({ with: personRef }),
  answer: { 200: mergePreview },
  refusals: who,
  example: {
    params: { ref: 'email:ana@example.com' },
    query: { with: 'loyaltyCard:4711' },
    answer: {
      merged: true,
      already: false,
      suppressed: null,
      sentence: 'The link makes them one person.',
      person: ana,
      persons: together,
      orders: { first: 2, second: 1, together: 3 },
      spend: { EUR: { first: 1440, second: 720, together: 2160 } },
      offers: [
        {
          offer: 'off_01kjm6jm000000000000000000',
          name: 'A coffee on us',
          limit: 1,
          period: null,
          first: 1,
          second: 1,
          together: 2,
          nextRefused: true,
        },
      ],
      grants: [
        {
          grant: 'gra_01kjm6jm000000000000000000',
          offer: 'off_01kjm6jm000000000000000000',
          name: 'A coffee on us',
          of: 'first',
          state: 'issued',
          issuedAt: '2026-03-01T09:00:00.000Z',
          duplicate: false,
        },
      ],
      consents: [{ channel: 'email', purpose: 'marketing', first: true, second: false, together: false }],
      arms: [
        {
          campaign: 'cmp_01kjm6jm000000000000000000',
          first: 'treatment',
          second: 'holdout',
          together: 'treatment',
        },
      ],
      segments: { first: ['vip'], second: [] },
      points: [
        {
          programme: 'club',
          name: 'Club',
          first: { member: true, balance: 640, pending: 90, held: 0, debt: 0, tier: 'silver' },
          second: { member: true, balance: 500, pending: 0, held: 0, debt: 0, tier: null },
          together: { member: true, balance: 1140, pending: 90, held: 0, debt: 0, tier: 'gold' },
        },
      ],
      money: [],
      giftCards: [],
    },
  },
})

export const listQuarantine = defineEndpoint({
  name: 'listQuarantine',
  method: 'GET',
  path: '/v1/identity/quarantine',
  summary: 'Identifiers that no longer unite people, because too much hangs together through them',
  description:
    'They go on working: orders, offers and limits count for smaller persons. Split them, take links away, or block what is nobody’s (`identity.blocked` of the workspace).',
  tag,
  scopes,
  query: pageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  answer: { 200: pageOf(quarantineEntry) },
  refusals: [],
  example: {
    query: { limit: 20 },
    answer: {
      data: [
        {
          kind: 'shared',
          identifier: { ...email, type: 'device', value: 'kiosk-1', given: 'kiosk-1', standing: 'shared' },
          size: 41,
          types: { email: 36, phone: 5 },
          since: '2026-03-01T09:00:00.000Z',
        },
      ],
      nextCursor: null,
    },
  },
})

export const identityEndpoints = [
  linkPeople,
  unlinkPeople,
  splitPerson,
  undoSplit,
  previewMerge,
  listQuarantine,
] as const
