import type { z } from 'zod'

/** A line as a benefit sees it: its share of the running price, in minor units of the order's currency. */
export type BenefitLine = { readonly index: number; readonly price: number }

/**
 * A kind of benefit, one file each, that answers for itself. Shared code asks the kind and never switches on it.
 * `discount` gets the lines that the benefit's filter matched, at the running price, and says how much to take off in all
 * (0 … sum of the prices); the decision spreads it over the lines.
 */
export type BenefitKind<B extends { kind: string }> = {
  readonly kind: B['kind']
  readonly schema: z.ZodType<B> & z.core.$ZodTypeDiscriminable
  /** In plain words, for screens and receipts: "20 % off". */
  readonly sentence: (benefit: B) => string
  /** The currency that the order must have; undefined: any. */
  readonly currency: (benefit: B) => string | undefined
  readonly discount: (benefit: B, lines: readonly BenefitLine[]) => number
  readonly examples: readonly B[]
}
