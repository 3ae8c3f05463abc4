import { z } from 'zod'
import { percentOf } from '../../kernel/money.ts'
import { currencyCode } from '../../kernel/schema.ts'
import type { BenefitKind } from './benefit-kind.ts'
import { moneyText, percent, positiveMinor, shippingInProportion } from './fields.ts'

const schema = z
  .strictObject({
    kind: z.literal('shippingOff'),
    percent: percent.optional(),
    amount: positiveMinor.optional().meta({ description: 'Minor units; with `currency`' }),
    currency: currencyCode.optional(),
  })
  .superRefine(({ percent, amount, currency }, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if (percent === undefined && amount === undefined) complain('percent', 'give either "percent" or "amount"')
    if (percent !== undefined && amount !== undefined) complain('amount', 'give either "percent" or "amount", not both')
    if (amount !== undefined && currency === undefined) complain('currency', 'an amount needs its currency')
    if (amount === undefined && currency !== undefined) complain('currency', 'is for an amount; a percent has none')
  })
  .meta({ id: 'ShippingOff' })

export type ShippingOff = z.output<typeof schema>

/** When goods come back and the offer does not hold any more, the part of the saving stays that the goods kept are of all. */
export const shippingOff: BenefitKind<ShippingOff> = {
  kind: 'shippingOff',
  schema,
  title: 'Shipping for less',
  about: 'A percentage or an amount off the shipping',
  form: [
    { field: 'percent', label: 'Percent', input: 'percent', help: 'Or an amount below' },
    { field: 'amount', label: 'Amount', input: 'money', help: 'Or a percent above' },
  ],
  examples: [
    { kind: 'shippingOff', percent: 50 },
    { kind: 'shippingOff', amount: 200, currency: 'EUR' },
  ],
  sentence: ({ percent, amount, currency }) =>
    `${amount !== undefined && currency !== undefined ? moneyText(amount, currency) : `${percent} %`} off shipping`,
  currency: ({ currency }) => currency,
  expressions: () => [],
  moments: ['order'],
  stage: () => 'shipping',
  shrinks: () => true,
  ofTotal: () => false,
  apply: ({ percent, amount }, { shipping }) => ({
    shipping: Math.min(shipping, amount ?? percentOf(shipping, percent ?? 0)),
  }),
  undo: shippingInProportion,
}
