import { z } from 'zod'
import { type AmountOff, amountOff } from './amount-off.ts'
import type { BenefitKind } from './benefit-kind.ts'
import { type PercentOff, percentOff } from './percent-off.ts'

export type Benefit = PercentOff | AmountOff

/** Every kind of benefit. A new kind is a new file and its name here. */
export const benefitKinds = { percentOff, amountOff } satisfies {
  [K in Benefit['kind']]: BenefitKind<Extract<Benefit, { kind: K }>>
}

export const benefit = z
  .discriminatedUnion('kind', [percentOff.schema, amountOff.schema])
  .meta({ id: 'Benefit', description: 'What is given' })

/** The kind that answers for a benefit: `kindOf(benefit).sentence(benefit)`. */
export const kindOf = <B extends Benefit>(benefit: B): BenefitKind<B> =>
  benefitKinds[benefit.kind] as unknown as BenefitKind<B>
