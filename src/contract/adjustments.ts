import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import {
  adjustment,
  adjustmentId,
  adjustmentInput,
  adjustmentStates,
  reversalInput,
} from '../core/loyalty/adjustment.ts'
import { adjustmentRefusals } from '../core/loyalty/finance-refusals.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Finance'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: adjustmentId })
const id = 'adj_01kjm6jm000000000000000000'
const path = { params: { id } }

const example: z.output<typeof adjustment> = {
  id,
  state: 'proposed',
  person: 'per_01kjm6jm000000000000000000',
  asset: 'points:club',
  amount: 8000,
  reason: 'complaint',
  note: 'Parcel 4711 came broken',
  effectiveAt: null,
  proposedBy: 'key_01kjm6jm000000000000000000',
  proposedAt: '2026-03-01T08:00:00.000Z',
  decidedBy: null,
  decidedAt: null,
  transaction: null,
  reverses: null,
}
const booked = {
  ...example,
  state: 'booked' as const,
  decidedBy: 'key_01kjm6jm000000000000000001',
  decidedAt: '2026-03-01T09:00:00.000Z',
  transaction: 'txn_01kjm6jm000000000000000000',
}

export const createAdjustment = defineEndpoint({
  name: 'createAdjustment',
  method: 'POST',
  path: '/v1/adjustments',
  summary: 'Give or take value by hand, with a reason',
  description:
    'Booked at once, unless it is more than one key may adjust alone (`adjustments.secondPersonAbove` of the workspace, and `alonePerDay` for all that one person does in a day): then it is `proposed`, changes nothing, and waits for another key. Points that are given last as if they were earned at `effectiveAt`. What is taken is never more than what can be spent, unless the programme lets people owe points.',
  tag,
  scopes,
  body: adjustmentInput,
  answer: { 201: adjustment },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    adjustmentRefusals.adjustment_too_much,
  ],
  example: {
    body: {
      person: 'email:ana@example.com',
      programme: 'club',
      amount: 8000,
      reason: 'complaint',
      note: 'Parcel 4711 came broken',
    },
    answer: example,
  },
})

export const listAdjustments = defineEndpoint({
  name: 'listAdjustments',
  method: 'GET',
  path: '/v1/adjustments',
  summary: 'Adjustments by hand, the newest first',
  tag,
  scopes,
  query: pageQuery.extend({ state: z.enum(adjustmentStates).optional(), person: personRef.optional() }),
  answer: { 200: pageOf(adjustment) },
  refusals: [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: { query: { state: 'proposed' }, answer: { data: [example], nextCursor: null } },
})

export const getAdjustment = defineEndpoint({
  name: 'getAdjustment',
  method: 'GET',
  path: '/v1/adjustments/{id}',
  summary: 'An adjustment by hand',
  tag,
  scopes,
  params,
  answer: { 200: adjustment },
  refusals: [adjustmentRefusals.adjustment_not_found],
  example: { ...path, answer: example },
})

export const approveAdjustment = defineEndpoint({
  name: 'approveAdjustment',
  method: 'POST',
  path: '/v1/adjustments/{id}/approve',
  summary: 'Book what somebody else proposed',
  description:
    'With another key than the one that proposed it, that was there before, and of another hand: neither of the two made the other, nor did one key make both. Nobody makes a second key to approve alone. By a team member likewise: another than who proposed it or made its key, who was in the team before.',
  tag,
  scopes,
  params,
  answer: { 200: adjustment },
  refusals: [
    adjustmentRefusals.adjustment_not_found,
    adjustmentRefusals.adjustment_state_conflict,
    adjustmentRefusals.second_person_needed,
    programmeRefusals.programme_not_found,
    adjustmentRefusals.adjustment_too_much,
  ],
  example: { ...path, answer: booked },
})

export const rejectAdjustment = defineEndpoint({
  name: 'rejectAdjustment',
  method: 'POST',
  path: '/v1/adjustments/{id}/reject',
  summary: 'Let a proposed adjustment go',
  description: 'Also with the key that proposed it.',
  tag,
  scopes,
  params,
  answer: { 200: adjustment },
  refusals: [adjustmentRefusals.adjustment_not_found, adjustmentRefusals.adjustment_state_conflict],
  example: { ...path, answer: { ...booked, state: 'rejected', transaction: null } },
})

export const reverseAdjustment = defineEndpoint({
  name: 'reverseAdjustment',
  method: 'POST',
  path: '/v1/adjustments/{id}/reverse',
  summary: 'Take a booked adjustment back',
  description:
    'A new adjustment the other way round that points to it; above the set value it waits for another key as any. What was given is taken from where it was put first; what was taken goes back to the lots it came from, with their expiry.',
  tag,
  scopes,
  params,
  body: reversalInput,
  answer: { 201: adjustment },
  refusals: [
    peopleRefusals.person_not_found,
    adjustmentRefusals.adjustment_not_found,
    adjustmentRefusals.adjustment_state_conflict,
    adjustmentRefusals.adjustment_reversed,
    programmeRefusals.programme_not_found,
    adjustmentRefusals.adjustment_too_much,
  ],
  example: {
    ...path,
    body: { reason: 'correction' },
    answer: {
      ...example,
      id: 'adj_01kjm6jm000000000000000001',
      amount: -8000,
      reason: 'correction',
      note: null,
      reverses: id,
    },
  },
})

export const adjustmentEndpoints = [
  createAdjustment,
  listAdjustments,
  getAdjustment,
  approveAdjustment,
  rejectAdjustment,
  reverseAdjustment,
] as const
