import { z } from 'zod'
import { instant } from '../core/kernel/schema.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { programmeId, tierId } from '../core/loyalty/schema.ts'
import { offerId } from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personRef } from '../core/people/schema.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { segmentId } from '../core/segments/schema.ts'
import { draft } from '../core/simulation/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const scopes = ['admin', 'secret'] as const
const offer = 'off_01kjm6jm000000000000000000'
const people = z.int().min(0)

export const getTierPopulation = defineEndpoint({
  name: 'getTierPopulation',
  method: 'GET',
  path: '/v1/programmes/{id}/tiers',
  summary: 'How many people have each tier of a programme now',
  description:
    'From the lowest level to the highest. Whoever joined by several identifiers counts once, by the highest.',
  tag: 'Programmes',
  scopes,
  params: z.strictObject({ id: programmeId }),
  answer: {
    200: z
      .strictObject({
        people: people.meta({ description: 'In the programme' }),
        none: people.meta({ description: 'Of these, with no tier yet' }),
        tiers: z.array(z.strictObject({ tier: tierId, name: z.string(), threshold: z.int(), people })),
        removed: z
          .array(z.strictObject({ tier: z.string(), people }))
          .meta({ description: 'On tiers that the programme has no more, until the job has moved them' }),
      })
      .meta({ id: 'TierPopulation' }),
  },
  refusals: [programmeRefusals.programme_not_found],
  example: {
    params: { id: 'club' },
    answer: {
      people: 120,
      none: 100,
      tiers: [{ tier: 'silver', name: 'Silver', threshold: 1000, people: 20 }],
      removed: [],
    },
  },
})

export const overlapSegments = defineEndpoint({
  name: 'overlapSegments',
  method: 'POST',
  path: '/v1/segments/overlap',
  summary: 'How many people are in two or three segments at once',
  description: 'Counted when it is asked, in short pieces: of a million people it takes a while.',
  tag: 'Segments',
  scopes,
  body: z
    .strictObject({
      segments: z
        .array(segmentId)
        .min(2)
        .max(3)
        .refine(ids => new Set(ids).size === ids.length, 'names a segment twice'),
    })
    .meta({ id: 'OverlapInput' }),
  answer: {
    200: z
      .strictObject({
        segments: z.array(z.strictObject({ segment: segmentId, people })),
        overlaps: z.array(z.strictObject({ segments: z.array(segmentId), people })),
      })
      .meta({ id: 'Overlap' }),
  },
  refusals: [segmentRefusals.segment_not_found],
  idempotent: false,
  example: {
    body: { segments: ['regulars', 'winners'] },
    answer: {
      segments: [
        { segment: 'regulars', people: 40 },
        { segment: 'winners', people: 9 },
      ],
      overlaps: [{ segments: ['regulars', 'winners'], people: 4 }],
    },
  },
})

export const findOfferConflicts = defineEndpoint({
  name: 'findOfferConflicts',
  method: 'POST',
  path: '/v1/offers/conflicts',
  summary: 'Live offers that a draft would stand in the way of, or they in its',
  description:
    'Told from the terms alone: offers that nobody has to claim, with the same trigger, condition and lines as far as they are written alike. `exclusive`: only one of both can apply. `duplicate`: both give the same, one on top of the other.',
  tag: 'Offers',
  scopes,
  body: z
    .strictObject({
      draft,
      replaces: offerId.optional().meta({ description: 'The offer that the draft is a new version of' }),
    })
    .meta({ id: 'ConflictsInput' }),
  answer: {
    200: z.strictObject({
      data: z.array(
        z
          .strictObject({ kind: z.enum(['exclusive', 'duplicate']), offer: offerId, name: z.string() })
          .meta({ id: 'OfferConflict' }),
      ),
    }),
  },
  refusals: [],
  idempotent: false,
  example: {
    body: {
      draft: {
        name: '10% off',
        trigger: { on: 'basket' },
        benefit: { kind: 'percentOff', percent: 10 },
        stacking: { exclusive: 'order' },
      },
    },
    answer: { data: [{ kind: 'exclusive', offer, name: '20% off' }] },
  },
})

export const getPersonLimits = defineEndpoint({
  name: 'getPersonLimits',
  method: 'GET',
  path: '/v1/people/{ref}/limits',
  summary: 'How much somebody has used of the limits that a person has',
  description: 'Of offers that are live, as a decision would count it now; what she used most of comes first.',
  tag: 'People',
  scopes,
  params: z.strictObject({ ref: personRef }),
  answer: {
    200: z.strictObject({
      data: z.array(
        z
          .strictObject({
            offer: offerId,
            name: z.string(),
            limit: z.enum(['perPerson', 'per']),
            period: z.enum(['hour', 'day', 'week', 'month']).nullable().meta({ description: 'null: ever' }),
            allowed: z.int(),
            used: z.int().meta({ description: 'Held uses too' }),
            left: z.int(),
            endsAt: instant.nullable(),
          })
          .meta({ id: 'LimitUsed' }),
      ),
    }),
  },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    params: { ref: 'email:ana@example.com' },
    answer: {
      data: [
        { offer, name: '20% off coffee', limit: 'perPerson', period: null, allowed: 1, used: 1, left: 0, endsAt: null },
      ],
    },
  },
})

export const insightEndpoints = [getTierPopulation, overlapSegments, findOfferConflicts, getPersonLimits] as const
