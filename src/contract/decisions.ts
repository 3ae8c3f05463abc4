import { z } from 'zod'
import { momentRefusals } from '../core/loop/refusals.ts'
import { claimBackAnswer, claimBackInput, momentAnswer, momentInput } from '../core/loop/schema.ts'
import { orderRefusals } from '../core/orders/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const offer = 'off_01kjm6jm000000000000000000'

export const decideMoment = defineEndpoint({
  name: 'decideMoment',
  method: 'POST',
  path: '/v1/decisions',
  summary: 'What somebody may be shown or claim at a moment without a basket, the best first',
  description:
    'Three things are shown: offers triggered by a request at this moment, which may be claimed; what was issued to the person; and offers of any basket of which everything that does not ask about the order holds. `channels.show` of an offer says where it is shown. `record` keeps that it was shown, `claim` gives; without both nothing is stored. An offer that cannot be claimed does not fail the call, it is listed under `refused`. A publishable key asks for its own anonymousId, or for the person of its personToken, and claims for that person only.',
  tag: 'Decisions',
  scopes: ['admin', 'secret', 'till', 'publishable'],
  body: momentInput,
  answer: { 200: momentAnswer },
  refusals: [
    orderRefusals.channel_missing,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    momentRefusals.not_at_this_moment,
  ],
  example: {
    body: { person: 'email:ana@example.com', channel: 'app', moment: 'app home', record: true },
    answer: {
      id: 'dec_01kjm6jm000000000000000000',
      person: 'per_01kjm6jm000000000000000000',
      moment: 'app home',
      channel: 'app',
      offers: [
        {
          rank: 1,
          offer,
          name: 'A coffee on us',
          sentence: 'A coupon for later',
          benefit: { kind: 'giveOffer' as const, offer: 'off_01kjm6jm000000000000000002' },
          campaign: 'cmp_01kjm6jm000000000000000000',
          how: 'claim',
          claimable: true,
          expiresAt: '2026-03-31T22:00:00.000Z',
          worth: { amount: 300, currency: 'EUR' },
        },
        {
          rank: 2,
          offer: 'off_01kjm6jm000000000000000001',
          name: 'Free shipping over 20.00',
          sentence: 'Free shipping',
          benefit: { kind: 'freeShipping' as const },
          campaign: 'cmp_01kjm6jm000000000000000000',
          how: 'basket',
          claimable: false,
          expiresAt: null,
          missing: { subtotal: 2000 },
        },
      ],
      claimed: [],
      refused: [],
    },
  },
})

export const returnClaim = defineEndpoint({
  name: 'returnClaim',
  method: 'POST',
  path: '/v1/decisions/{id}/return',
  summary: 'Give back what was claimed: its grants are void, its points are back',
  description:
    'The use is free again, and points go back to the lots they came from, with their expiry. Where a grant of the claim is used already nothing happens. Asked again, it answers the same.',
  tag: 'Decisions',
  scopes: ['admin', 'secret', 'till'],
  params: z.strictObject({ id: z.string().regex(/^dec_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a decision id (dec_…)') }),
  body: claimBackInput,
  answer: { 200: claimBackAnswer },
  refusals: [momentRefusals.claim_not_found, momentRefusals.claim_used],
  example: {
    params: { id: 'dec_01kjm6jm000000000000000000' },
    body: { offer: 'off_01kjm6jm000000000000000000' },
    answer: {
      decision: 'dec_01kjm6jm000000000000000000',
      offer: 'off_01kjm6jm000000000000000000',
      redemption: 'red_01kjm6jm000000000000000000',
      price: { programme: 'club', points: 500 },
      revoked: ['gra_01kjm6jm000000000000000000'],
    },
  },
})

export const decisionEndpoints = [decideMoment, returnClaim] as const
