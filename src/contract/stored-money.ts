import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import {
  blockedFor,
  credit,
  creditInput,
  giftCard,
  giftCardBalance,
  giftCardsInput,
} from '../core/loyalty/gift-card-schema.ts'
import { moneyRefusals } from '../core/loyalty/money-refusals.ts'
import { payRefusals } from '../core/loyalty/pay-refusals.ts'
import { codeText } from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personRef } from '../core/people/schema.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'
import { job, jobId } from './jobs.ts'

const tag = 'Stored money'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ code: codeText.meta({ description: 'The code, or the id of the card' }) })
const path = { params: { code: '7KQ2-9XWM-3FTH-AV' } }
const { gift_card_not_found } = moneyRefusals

const example: z.output<typeof giftCard> = {
  id: 'gc_01kjm6jm000000000000000000',
  code: '7KQ2-9XWM-3FTH-AV',
  currency: 'EUR',
  initial: 5000,
  balance: 3250,
  held: 0,
  state: 'active',
  person: null,
  issuedAt: '2026-03-01T08:00:00.000Z',
  activatedAt: '2026-03-01T09:30:00.000Z',
  expiresAt: '2029-03-01T23:00:00.000Z',
  blockedAt: null,
  blockedFor: null,
}
const issued = { ...example, state: 'issued' as const, balance: 0, activatedAt: null, expiresAt: null }
const full = { ...example, balance: 5000 }

export const issueGiftCards = defineEndpoint({
  name: 'issueGiftCards',
  method: 'POST',
  path: '/v1/gift-cards',
  summary: 'Issue gift cards, with codes made here or printed already',
  description:
    'More than 150 at once: answers 202 with a job, whose cards are listed by `?job=`. A made code has 63 bits that nobody can guess and a check character. Without `active` a card pays nothing until a till activates it: a stolen stack is worth nothing. What one person issues in a day may be limited by `adjustments.alonePerDay` of the workspace; a job that is beyond it fails.',
  tag,
  scopes,
  body: giftCardsInput,
  answer: { 201: z.strictObject({ data: z.array(giftCard) }).meta({ id: 'GiftCards' }), 202: job },
  refusals: [
    moneyRefusals.gift_card_code_mistyped,
    moneyRefusals.gift_card_code_taken,
    moneyRefusals.ends_in_the_past,
    moneyRefusals.given_too_much_today,
  ],
  example: { body: { amount: 5000, currency: 'EUR', days: 1095 }, answer: { data: [issued] } },
})

export const listGiftCards = defineEndpoint({
  name: 'listGiftCards',
  method: 'GET',
  path: '/v1/gift-cards',
  summary: 'Gift cards, the oldest first where nothing else is asked for',
  tag,
  scopes,
  query: pageQuery.extend({
    job: jobId.optional().meta({ description: 'Only those that this job issued' }),
    newest: flag.optional().meta({ description: 'The newest first' }),
  }),
  answer: { 200: pageOf(giftCard) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const getGiftCard = defineEndpoint({
  name: 'getGiftCard',
  method: 'GET',
  path: '/v1/gift-cards/{code}',
  summary: 'A gift card with all that is known of it',
  tag,
  scopes,
  params,
  answer: { 200: giftCard },
  refusals: [gift_card_not_found],
  example: { ...path, answer: example },
})

export const activateGiftCard = defineEndpoint({
  name: 'activateGiftCard',
  method: 'POST',
  path: '/v1/gift-cards/{code}/activate',
  summary: 'A gift card is sold: from now on it pays',
  description: 'Asked again, it answers the same and gives nothing twice.',
  tag,
  scopes: ['admin', 'secret', 'till'],
  params,
  answer: { 200: giftCard },
  refusals: [
    commonRefusals.too_many_attempts,
    gift_card_not_found,
    moneyRefusals.gift_card_state_conflict,
    moneyRefusals.ends_in_the_past,
  ],
  example: { ...path, answer: full },
})

export const blockGiftCard = defineEndpoint({
  name: 'blockGiftCard',
  method: 'POST',
  path: '/v1/gift-cards/{code}/block',
  summary: 'Stop a gift card that was lost or stolen; what is on it stays',
  tag,
  scopes,
  params,
  query: z.strictObject({ reason: blockedFor.default('other') }),
  answer: { 200: giftCard },
  refusals: [gift_card_not_found],
  example: {
    ...path,
    query: { reason: 'stolen' },
    answer: { ...example, state: 'blocked', blockedAt: '2026-06-01T08:00:00.000Z', blockedFor: 'stolen' },
  },
})

export const unblockGiftCard = defineEndpoint({
  name: 'unblockGiftCard',
  method: 'POST',
  path: '/v1/gift-cards/{code}/unblock',
  summary: 'Let a blocked gift card pay again',
  tag,
  scopes,
  params,
  answer: { 200: giftCard },
  refusals: [gift_card_not_found],
  example: { ...path, answer: example },
})

export const keepGiftCard = defineEndpoint({
  name: 'keepGiftCard',
  method: 'POST',
  path: '/v1/gift-cards/keep',
  summary: 'Put a gift card into somebody’s wallet',
  description:
    'A publishable key needs the token of the person. Whoever holds the code may still spend the card; in a wallet it cannot be forgotten.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  body: z
    .strictObject({
      code: codeText,
      person: personRef.optional().meta({ description: 'Left out: whoever the token stands for' }),
    })
    .meta({ id: 'GiftCardToKeep' }),
  answer: { 200: giftCardBalance },
  refusals: [
    commonRefusals.too_many_attempts,
    moneyRefusals.gift_card_code_mistyped,
    payRefusals.gift_card_not_usable,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    moneyRefusals.gift_card_of_another,
  ],
  example: {
    body: { code: '7KQ2-9XWM-3FTH-AV', person: 'email:ana@example.com' },
    answer: { currency: 'EUR', balance: 3250, expiresAt: '2029-03-01T23:00:00.000Z' },
  },
})

export const checkGiftCard = defineEndpoint({
  name: 'checkGiftCard',
  method: 'POST',
  path: '/v1/gift-cards/balance',
  summary: 'What is left on a gift card',
  description:
    'For anybody who holds the code. Codes that are unknown, blocked, not activated or over get one and the same answer, and who tries many is slowed down.',
  tag,
  scopes: ['admin', 'secret', 'till', 'publishable'],
  body: z.strictObject({ code: codeText }).meta({ id: 'GiftCardToCheck' }),
  answer: { 200: giftCardBalance },
  refusals: [commonRefusals.too_many_attempts, moneyRefusals.gift_card_code_mistyped, payRefusals.gift_card_not_usable],
  example: {
    body: { code: '7KQ2-9XWM-3FTH-AV' },
    answer: { currency: 'EUR', balance: 3250, expiresAt: '2029-03-01T23:00:00.000Z' },
  },
})

export const createCredit = defineEndpoint({
  name: 'createCredit',
  method: 'POST',
  path: '/v1/credits',
  summary: 'Give somebody store credit',
  description:
    'It pays as the tender `credit`. What is given by hand for points, or taken, is an adjustment. More than `adjustments.secondPersonAbove` of the workspace, or than `adjustments.alonePerDay` in a day, is refused here: propose it as an adjustment.',
  tag,
  scopes,
  body: creditInput,
  answer: { 201: credit },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    moneyRefusals.ends_in_the_past,
    moneyRefusals.credit_too_large,
    moneyRefusals.given_too_much_today,
  ],
  example: {
    body: { person: 'email:ana@example.com', amount: 1500, currency: 'EUR', reason: 'goodwill' },
    answer: {
      id: 'txn_01kjm6jm000000000000000000',
      person: 'per_01kjm6jm000000000000000000',
      amount: 1500,
      currency: 'EUR',
      reason: 'goodwill',
      expiresAt: null,
      balance: 1500,
    },
  },
})

export const storedMoneyEndpoints = [
  issueGiftCards,
  listGiftCards,
  checkGiftCard,
  keepGiftCard,
  getGiftCard,
  activateGiftCard,
  blockGiftCard,
  unblockGiftCard,
  createCredit,
] as const
