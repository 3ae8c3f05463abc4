import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { fulfilment, grant, grantsInput, offerId } from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { job } from './jobs.ts'

export const grantId = z.string().regex(/^gra_[0-9a-z]{26}$/, 'must be a grant id (gra_…)')

export const grantExample = {
  id: 'gra_01kjm6jm000000000000000000',
  offer: 'off_01kjm6jm000000000000000000',
  name: 'A free coffee',
  sentence: '100 % off chosen items',
  benefit: { kind: 'percentOff' as const, percent: 100, lines: '…' },
  person: 'per_01kjm6jm000000000000000000',
  state: 'issued' as const,
  code: null,
  issuedAt: '2026-03-01T08:00:00.000Z',
  expiresAt: '2026-03-31T22:00:00.000Z',
}

export const createGrants = defineEndpoint({
  name: 'createGrants',
  method: 'POST',
  path: '/v1/offers/{id}/grants',
  summary: 'Issue an offer to people',
  description:
    'One grant for each entry of `people`, in that order; who is not known yet becomes known. With `withCode` each grant carries a code of its own. All or none. ' +
    'With `segment` everybody in it is given one, by a job.',
  tag: 'Grants',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: offerId }),
  body: grantsInput,
  answer: { 201: z.strictObject({ data: z.array(grant) }).meta({ id: 'GrantsCreated' }), 202: job },
  refusals: [
    catalogueRefusals.offer_not_found,
    catalogueRefusals.offer_ended,
    catalogueRefusals.trigger_mismatch,
    segmentRefusals.segment_not_found,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
  ],
  example: {
    params: { id: grantExample.offer },
    body: { people: ['email:ana@example.com'] },
    answer: { data: [grantExample] },
  },
})

const grantOfOffer = grant
  .extend({ personName: z.string().nullable().meta({ description: 'As her traits tell it; null: they do not' }) })
  .meta({ id: 'GrantOfOffer' })

export const listGrants = defineEndpoint({
  name: 'listGrants',
  method: 'GET',
  path: '/v1/offers/{id}/grants',
  summary: 'The grants of an offer, oldest first',
  description:
    'With `fulfilment=pending` the entitlements that are to be handed over now: neither taken back nor ended.',
  tag: 'Grants',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: offerId }),
  query: pageQuery.extend({ fulfilment: fulfilment.optional() }),
  answer: { 200: pageOf(grantOfOffer) },
  refusals: [catalogueRefusals.offer_not_found],
  example: {
    params: { id: grantExample.offer },
    answer: { data: [{ ...grantExample, personName: 'Ana Rossi' }], nextCursor: null },
  },
})

export const revokeGrant = defineEndpoint({
  name: 'revokeGrant',
  method: 'POST',
  path: '/v1/grants/{id}/revoke',
  summary: 'Take a grant back that was not used yet',
  tag: 'Grants',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: grantId }),
  answer: { 200: grant },
  refusals: [catalogueRefusals.grant_not_found, catalogueRefusals.grant_state_conflict],
  example: { params: { id: grantExample.id }, answer: { ...grantExample, state: 'revoked' } },
})

export const fulfilGrant = defineEndpoint({
  name: 'fulfilGrant',
  method: 'POST',
  path: '/v1/grants/{id}/fulfilment',
  summary: 'Say that an entitlement has been handed over, or, by mistake, has not',
  tag: 'Grants',
  scopes: ['admin', 'secret', 'till'],
  params: z.strictObject({ id: grantId }),
  body: z.strictObject({ state: fulfilment }).meta({ id: 'FulfilmentInput' }),
  answer: { 200: grant },
  refusals: [catalogueRefusals.grant_not_found, catalogueRefusals.fulfilment_conflict],
  example: {
    params: { id: grantExample.id },
    body: { state: 'fulfilled' },
    answer: {
      ...grantExample,
      name: 'A night with a view',
      sentence: 'Free upgrade: Ocean view suite',
      benefit: { kind: 'entitlement' as const, entitlement: 'upgrade' as const, title: 'Ocean view suite' },
      title: 'Ocean view suite',
      fulfilment: 'fulfilled',
    },
  },
})

export const grantEndpoints = [createGrants, listGrants, revokeGrant, fulfilGrant] as const
