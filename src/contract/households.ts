import { z } from 'zod'
import { household, householdId, householdInput, householdPatch, householdRefusals } from '../core/loyalty/household.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Programmes'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: householdId })
const id = 'hsh_01kjm6jm000000000000000000'
const at = '2026-03-01T09:00:00.000Z'
const example = {
  id,
  programme: 'club',
  name: 'The Bakers',
  members: [
    { person: 'per_01kjm6jm000000000000000000', mayBurn: true, since: at, balance: 640 },
    { person: 'per_01kjm6jm000000000000000001', mayBurn: false, since: at, balance: 120 },
  ],
  balance: 760,
  createdAt: at,
  updatedAt: at,
}
const refusals = [
  peopleRefusals.identifier_invalid,
  peopleRefusals.person_not_found,
  programmeRefusals.programme_not_found,
  programmeRefusals.programme_ended,
  householdRefusals.households_not_offered,
  householdRefusals.household_full,
  householdRefusals.household_needs_member,
  householdRefusals.household_elsewhere,
]

export const createHousehold = defineEndpoint({
  name: 'createHousehold',
  method: 'POST',
  path: '/v1/households',
  summary: 'Let members of a programme share what they have',
  description:
    'Nothing moves: the pool is what they have together, and whoever may spend it pays out of everybody’s points, those that end soonest first. Everybody earns, and rises to a tier, by herself.',
  tag,
  scopes,
  body: householdInput,
  answer: { 201: household },
  refusals,
  example: {
    body: {
      programme: 'club',
      name: 'The Bakers',
      members: [{ person: 'email:ana@example.com' }, { person: 'email:ben@example.com', mayBurn: false }],
    },
    answer: example,
  },
})

export const getHousehold = defineEndpoint({
  name: 'getHousehold',
  method: 'GET',
  path: '/v1/households/{id}',
  summary: 'A household and what its members have',
  tag,
  scopes,
  params,
  answer: { 200: household },
  refusals: [householdRefusals.household_not_found],
  example: { params: { id }, answer: example },
})

export const updateHousehold = defineEndpoint({
  name: 'updateHousehold',
  method: 'PATCH',
  path: '/v1/households/{id}',
  summary: 'Say anew who is in a household, or who may spend',
  tag,
  scopes,
  params,
  body: householdPatch,
  answer: { 200: household },
  refusals: [householdRefusals.household_not_found, ...refusals],
  example: { params: { id }, body: { name: 'The Bakers' }, answer: example },
})

export const householdEndpoints = [createHousehold, getHousehold, updateHousehold] as const
