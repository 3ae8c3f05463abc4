import { z } from 'zod'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { transfer, transferId, transferInput, transferRefusals } from '../core/loyalty/transfer.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

const tag = 'Programmes'
const id = 'trf_01kjm6jm000000000000000000'
const example = {
  id,
  programme: 'club',
  from: 'per_01kjm6jm000000000000000000',
  to: 'per_01kjm6jm000000000000000001',
  points: 250,
  fee: 12,
  received: 238,
  note: 'Happy birthday',
  at: '2026-03-01T09:00:00.000Z',
  transaction: 'txn_01kjm6jm000000000000000000',
}

export const createTransfer = defineEndpoint({
  name: 'createTransfer',
  method: 'POST',
  path: '/v1/transfers',
  summary: 'Give points of one person to another',
  description:
    'As far as the programme lets people (`transfers`): to nobody, within a household, or to anyone, from a minimum on, up to a limit a day, so many days after joining. Lots keep when they end; the fee is taken out of what is given. Makes the events `Points Given` and `Points Received`, for which offers may wait. With `dryRun` nothing is booked. A publishable key gives only from the person of its personToken.',
  tag,
  scopes: ['admin', 'secret', 'publishable'],
  query: z.strictObject({ dryRun: flag.default(false).describe('Answers without storing anything') }),
  body: transferInput,
  answer: { 201: transfer, 200: transfer },
  refusals: [
    commonRefusals.too_many_attempts,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    programmeRefusals.programme_not_found,
    programmeRefusals.programme_ended,
    transferRefusals.transfer_to_self,
    transferRefusals.transfer_not_allowed,
    transferRefusals.transfer_needs_member,
    transferRefusals.transfer_below_minimum,
    transferRefusals.transfer_too_early,
    transferRefusals.transfer_limit_reached,
    transferRefusals.transfer_balance_insufficient,
    transferRefusals.transfer_points_unsettled,
  ],
  example: {
    body: {
      from: 'email:ana@example.com',
      to: 'email:ben@example.com',
      programme: 'club',
      points: 250,
      note: 'Happy birthday',
    },
    answer: example,
  },
})

export const getTransfer = defineEndpoint({
  name: 'getTransfer',
  method: 'GET',
  path: '/v1/transfers/{id}',
  summary: 'A transfer',
  tag,
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: transferId }),
  answer: { 200: transfer },
  refusals: [transferRefusals.transfer_not_found],
  example: { params: { id }, answer: example },
})

export const transferEndpoints = [createTransfer, getTransfer] as const
