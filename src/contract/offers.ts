import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { campaignId, lifeState, offer, offerId, offerInput, offerPatch } from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { ruleRefusals } from '../core/rules/refusals.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Offers'
const scopes = ['admin', 'secret'] as const
const id = 'off_01kjm6jm000000000000000000'
const campaign = 'cmp_01kjm6jm000000000000000000'
const params = z.strictObject({ id: offerId })
const terms = {
  name: '20% off coffee',
  trigger: { on: 'code' as const },
  when: 'person.orders.count >= 1',
  benefit: {
    kind: 'percentOff' as const,
    percent: 20,
    lines: "line.category == 'coffee'",
    max: { amount: 500, currency: 'EUR' },
  },
  channels: { show: ['email', 'web'], redeem: ['store', 'web'] },
  stacking: { priority: 10 },
  limits: { uses: 10_000, perPerson: 1, budget: { amount: 100_000, currency: 'EUR' } },
  validity: { from: '2026-03-01T00:00:00.000Z', timeZone: 'Europe/Rome' },
}
const example = {
  ...terms,
  id,
  campaign,
  state: 'live' as const,
  version: 1,
  sentence: '20 % off chosen items, at most 5.00 EUR',
  createdAt: '2026-02-20T08:00:00.000Z',
  updatedAt: '2026-02-20T08:00:00.000Z',
}

export const createOffer = defineEndpoint({
  name: 'createOffer',
  method: 'POST',
  path: '/v1/offers',
  summary: 'Make an offer in a campaign',
  description:
    'Below, `Benefit` lists the kinds, each with examples, and “Conditions and amounts” what they may ask. These are checked here: a mistake is refused with its line and column. What is left out is no restriction.',
  tag,
  scopes,
  body: offerInput,
  answer: { 201: offer },
  refusals: [
    peopleRefusals.trait_not_found,
    catalogueRefusals.campaign_not_found,
    ruleRefusals.condition_invalid,
    catalogueRefusals.collection_not_found,
    segmentRefusals.segment_not_found,
    catalogueRefusals.offer_not_found,
    programmeRefusals.programme_not_found,
    catalogueRefusals.trigger_mismatch,
  ],
  example: { body: { ...terms, campaign }, answer: example },
})

export const listOffers = defineEndpoint({
  name: 'listOffers',
  method: 'GET',
  path: '/v1/offers',
  summary: 'Offers, the oldest first',
  tag,
  scopes,
  query: pageQuery.extend({ campaign: campaignId.optional(), state: lifeState.optional() }),
  answer: { 200: pageOf(offer) },
  refusals: [],
  example: { query: { campaign, state: 'live' }, answer: { data: [example], nextCursor: null } },
})

export const getOffer = defineEndpoint({
  name: 'getOffer',
  method: 'GET',
  path: '/v1/offers/{id}',
  summary: 'An offer',
  tag,
  scopes,
  params,
  answer: { 200: offer },
  refusals: [catalogueRefusals.offer_not_found],
  example: { params: { id }, answer: example },
})

export const updateOffer = defineEndpoint({
  name: 'updateOffer',
  method: 'PATCH',
  path: '/v1/offers/{id}',
  summary: 'Change an offer',
  description:
    'Changed terms make a new version; a changed state does not. Either binds everywhere once it is answered. Uses so far keep counting. `ended` is for ever.',
  tag,
  scopes,
  params,
  body: offerPatch,
  answer: { 200: offer },
  refusals: [
    peopleRefusals.trait_not_found,
    catalogueRefusals.offer_not_found,
    catalogueRefusals.offer_ended,
    ruleRefusals.condition_invalid,
    catalogueRefusals.collection_not_found,
    segmentRefusals.segment_not_found,
    programmeRefusals.programme_not_found,
    catalogueRefusals.trigger_mismatch,
  ],
  example: { params: { id }, body: { state: 'paused' }, answer: { ...example, state: 'paused' } },
})

const offerVersion = offer
  .omit({ id: true, campaign: true, state: true, createdAt: true, updatedAt: true })
  .extend({
    changedBy: z.string().meta({ description: 'The id of the key' }),
    changedAt: instant,
  })
  .meta({ id: 'OfferVersion' })

export const listOfferVersions = defineEndpoint({
  name: 'listOfferVersions',
  method: 'GET',
  path: '/v1/offers/{id}/versions',
  summary: 'All versions of an offer, the first one first',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(offerVersion) },
  refusals: [catalogueRefusals.offer_not_found],
  example: {
    params: { id },
    query: { limit: 100 },
    answer: {
      data: [
        { ...terms, version: 1, sentence: example.sentence, changedBy: 'admin', changedAt: '2026-02-20T08:00:00.000Z' },
      ],
      nextCursor: null,
    },
  },
})

export const offerEndpoints = [createOffer, listOffers, getOffer, updateOffer, listOfferVersions] as const
