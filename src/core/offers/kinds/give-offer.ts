import { z } from 'zod'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'
import { offerId } from './fields.ts'

const schema = z
  .strictObject({
    kind: z.literal('giveOffer'),
    offer: offerId.meta({ description: 'The offer that is issued to the person; its trigger is `grant`' }),
    quantity: z.int().min(1).max(10).optional().meta({ description: 'How many grants of it; 1 where left out' }),
  })
  .meta({ id: 'GiveOffer' })

export type GiveOffer = z.output<typeof schema>

/** A grant of another offer. When this offer does not hold any more, what it gave does not stay: half a coupon is none. */
export const giveOffer: BenefitKind<GiveOffer> = {
  kind: 'giveOffer',
  schema,
  title: 'Coupon for later',
  about: 'Issues another offer to the person, such as a coupon for the next visit',
  form: [
    { field: 'offer', label: 'Offer', input: 'offer', help: 'What is issued; its trigger is a grant' },
    { field: 'quantity', label: 'How many', input: 'number', help: '1 where left empty' },
  ],
  examples: [{ kind: 'giveOffer', offer: 'off_01kjm6jm000000000000000000' }],
  sentence: ({ quantity = 1 }) => (quantity === 1 ? 'A coupon for later' : `${quantity} coupons for later`),
  currency: () => undefined,
  expressions: () => [],
  moments: ['order', 'event', 'request'],
  stage: () => 'extra',
  shrinks: () => true,
  ofTotal: () => true,
  givesGrants: true,
  issues: ({ offer }) => [offer],
  apply: ({ offer, quantity = 1 }) => ({ gives: [{ what: 'offer', offer, quantity }] }),
  undo: nothingApart,
}
