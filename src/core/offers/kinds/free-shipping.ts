import { z } from 'zod'
import { money } from '../../kernel/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'
import { moneyText, shippingInProportion } from './fields.ts'

const schema = z
  .strictObject({
    kind: z.literal('freeShipping'),
    upTo: money.optional().meta({ description: 'At most this much of the shipping' }),
  })
  .meta({ id: 'FreeShipping' })

export type FreeShipping = z.output<typeof schema>

/** When goods come back and the offer does not hold any more, the part of the saving stays that the goods kept are of all. */
export const freeShipping: BenefitKind<FreeShipping> = {
  kind: 'freeShipping',
  schema,
  title: 'Free shipping',
  about: 'No charge for shipping, or none up to an amount',
  form: [{ field: 'upTo', label: 'Up to', input: 'money', help: 'The whole shipping where left empty' }],
  examples: [{ kind: 'freeShipping' }, { kind: 'freeShipping', upTo: { amount: 500, currency: 'EUR' } }],
  sentence: ({ upTo }) => `Free shipping${upTo ? ` up to ${moneyText(upTo.amount, upTo.currency)}` : ''}`,
  currency: ({ upTo }) => upTo?.currency,
  expressions: () => [],
  moments: ['order'],
  stage: () => 'shipping',
  shrinks: () => true,
  ofTotal: () => false,
  apply: ({ upTo }, { shipping }) => ({ shipping: Math.min(shipping, upTo?.amount ?? shipping) }),
  undo: shippingInProportion,
}
