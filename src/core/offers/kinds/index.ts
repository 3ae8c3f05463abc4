import { z } from 'zod'
import { amountOff } from './amount-off.ts'
import type { BenefitKind } from './benefit-kind.ts'
import { bundle } from './bundle.ts'
import { buyXGetY } from './buy-x-get-y.ts'
import { cashback } from './cashback.ts'
import { entitlement } from './entitlement.ts'
import { fixedPrice } from './fixed-price.ts'
import { freeItem } from './free-item.ts'
import { freeShipping } from './free-shipping.ts'
import { giveOffer } from './give-offer.ts'
import { percentOff } from './percent-off.ts'
import { points } from './points.ts'
import { shippingOff } from './shipping-off.ts'
import { tieredSpend } from './tiered-spend.ts'

/** Every kind of benefit. A new kind is a new file and its name here. */
export const benefitKinds = {
  percentOff,
  amountOff,
  fixedPrice,
  tieredSpend,
  buyXGetY,
  bundle,
  freeItem,
  freeShipping,
  shippingOff,
  giveOffer,
  entitlement,
  cashback,
  points,
}

type Kinds = typeof benefitKinds
export type Benefit = { [K in keyof Kinds]: Kinds[K] extends BenefitKind<infer B> ? B : never }[keyof Kinds]

// Two casts, because a list of kinds forgets which schema belongs to which kind; every kind's examples are parsed by it in a test.
const schemas = Object.values(benefitKinds).map(kind => kind.schema) as unknown as [z.core.$ZodTypeDiscriminable]

// Readers of the API find what the kind says of itself, with its examples, at its shape.
for (const { schema, about, examples } of Object.values(benefitKinds)) {
  const said = { ...z.globalRegistry.get(schema), description: about, examples: [...examples] }
  z.globalRegistry.remove(schema).add(schema, said)
}

export const benefit = (z.discriminatedUnion('kind', schemas) as unknown as z.ZodType<Benefit>).meta({
  id: 'Benefit',
  description: 'What is given',
})

/** What stands in the place of a condition or a formula that is nobody's business. */
const left = '…'

const withoutAt = (value: unknown, [step, ...rest]: readonly string[]): unknown => {
  if (step === undefined) return left
  if (Array.isArray(value)) return value.map((item, place) => (String(place) === step ? withoutAt(item, rest) : item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === step ? withoutAt(item, rest) : item]),
  )
}

/**
 * A benefit as customers may know it: every condition over lines and every formula is `…`, the figures stay.
 *
 *     shownBenefit({ kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'" })   // { kind: 'percentOff', percent: 20, lines: '…' }
 */
export const shownBenefit = (benefit: Benefit): Benefit =>
  kindOf(benefit)
    .expressions(benefit)
    .reduce((shown, { field }) => withoutAt(shown, field.split('/')) as Benefit, benefit)

/** The kind that answers for a benefit: `kindOf(benefit).sentence(benefit)`. */
export const kindOf = <B extends Benefit>(benefit: B): BenefitKind<B> =>
  benefitKinds[benefit.kind] as unknown as BenefitKind<B>
