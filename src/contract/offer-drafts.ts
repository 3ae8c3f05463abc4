import { z } from 'zod'
import { channelName, codeText, currencyCode, instant, minorUnits } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { offerId } from '../core/offers/schema.ts'
import { MAX_LINES, orderAnswer, orderLine, refusalAnswer } from '../core/orders/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { draft } from '../core/simulation/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Offers'
const scopes = ['admin', 'secret'] as const
const offer = 'off_draft000000000000000000001'

const formField = z.strictObject({
  field: z.string().meta({ description: 'Where it stands in the benefit', examples: ['percent', 'get/lines'] }),
  label: z.string(),
  input: z.enum(['percent', 'money', 'number', 'lines', 'choice', 'text', 'offer', 'tiers', 'items', 'switch']),
  help: z.string(),
})

const benefitKind = z
  .strictObject({
    kind: z.string(),
    title: z.string(),
    about: z.string(),
    form: z.array(formField),
    examples: z.array(z.record(z.string(), z.unknown())),
    moments: z
      .array(z.enum(['order', 'event', 'request']))
      .meta({ description: 'Where an offer may give it: at a basket, at an event, asked for without a basket' }),
    schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the benefit' }),
  })
  .meta({ id: 'BenefitKind', description: 'A kind of benefit, as it describes itself' })

export const listBenefitKinds = defineEndpoint({
  name: 'listBenefitKinds',
  method: 'GET',
  path: '/v1/benefit-kinds',
  summary: 'The kinds of benefits, with what a form needs to ask for them',
  tag,
  scopes,
  answer: { 200: z.strictObject({ data: z.array(benefitKind) }) },
  refusals: [],
  example: {
    answer: {
      data: [
        {
          kind: 'freeShipping',
          title: 'Free shipping',
          about: 'No charge for shipping, or none up to an amount',
          form: [{ field: 'upTo', label: 'Up to', input: 'money', help: 'The whole shipping where left empty' }],
          examples: [{ kind: 'freeShipping' }],
          moments: ['order'],
          schema: { type: 'object', properties: { kind: { const: 'freeShipping' } }, required: ['kind'] },
        },
      ],
    },
  },
})

const basket = z
  .strictObject({
    person: z
      .string()
      .min(1)
      .max(400)
      .optional()
      .meta({ description: 'A person id or type:value', examples: ['email:ana@example.com'] }),
    channel: channelName,
    location: z.string().min(1).max(80).optional(),
    currency: currencyCode.optional().meta({ description: 'The workspace’s where left out' }),
    codes: z.array(codeText).max(50).default([]).meta({ description: 'Of other offers' }),
    lines: z.array(orderLine).min(1).max(MAX_LINES),
    shipping: minorUnits.default(0),
    at: instant.optional().meta({ description: 'When it is bought, also in the future; now where left out' }),
  })
  .meta({ id: 'TrialBasket' })

const decided = orderAnswer
  .pick({ totals: true, lines: true, applied: true, available: true, earned: true, cashback: true })
  .extend({
    refused: z.array(
      z.strictObject({
        code: z.string().optional(),
        offer: offerId.optional(),
        name: z.string().optional(),
        reason: refusalAnswer,
      }),
    ),
  })
  .meta({ id: 'TrialDecision' })

export const tryOffer = defineEndpoint({
  name: 'tryOffer',
  method: 'POST',
  path: '/v1/offers/try',
  summary: 'What a draft of an offer would do to a basket beside the offers that are live',
  description:
    'Decided as an order would be, by the limits and the uses so far, and nothing is stored. A draft that a code or a grant claims counts as claimed. The draft and its campaign count as live; its dates count. `without` is the same basket as it is today. A surprise is not drawn.',
  tag,
  scopes,
  body: z
    .strictObject({
      draft,
      replaces: offerId.optional().meta({ description: 'The offer that the draft is a new version of' }),
      basket,
    })
    .meta({ id: 'TrialInput' }),
  answer: {
    200: z
      .strictObject({
        draft: z.strictObject({
          offer: offerId.meta({ description: 'The id that stands for the draft in `with`' }),
          sentence: z.string(),
          outcome: z.enum(['applied', 'available', 'refused', 'withheld']).meta({
            description:
              '`available`: it lacks no more than an amount. `withheld`: the person is held out of its campaign.',
          }),
          missing: z.record(z.string(), z.unknown()).optional(),
          reason: refusalAnswer.optional(),
        }),
        with: decided,
        without: decided,
      })
      .meta({ id: 'Trial' }),
  },
  refusals: [
    catalogueRefusals.campaign_not_found,
    catalogueRefusals.offer_not_found,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
  ],
  idempotent: false,
  example: {
    body: {
      draft: {
        name: '20% off coffee',
        trigger: { on: 'basket' as const },
        benefit: { kind: 'percentOff' as const, percent: 20, lines: "line.category == 'coffee'" },
      },
      basket: {
        channel: 'store',
        lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
      },
    },
    answer: {
      draft: { offer, sentence: '20 % off chosen items', outcome: 'applied' },
      with: {
        totals: { subtotal: 900, discount: 180, shipping: 0, shippingDiscount: 0, total: 720 },
        lines: [{ id: '1', subtotal: 900, discount: 180, total: 720, discounts: [{ offer, amount: 180 }] }],
        applied: [{ offer, name: '20% off coffee', amount: 180 }],
        available: [],
        refused: [],
      },
      without: {
        totals: { subtotal: 900, discount: 0, shipping: 0, shippingDiscount: 0, total: 900 },
        lines: [{ id: '1', subtotal: 900, discount: 0, total: 900, discounts: [] }],
        applied: [],
        available: [],
        refused: [],
      },
    },
  },
})

export const offerDraftEndpoints = [listBenefitKinds, tryOffer] as const
