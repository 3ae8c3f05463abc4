import { bucketOf } from '../kernel/hash.ts'

/**
 * Whether somebody belongs to the share that is kept back, so that the rest can be compared with them. `seed` is the id of what
 * keeps back (a campaign, the workspace): each draws its own people. `anchor` is the person's oldest identifier as 'type:value'.
 * `percent` is 0 to 100 with up to 2 decimals. Asked again the answer is the same, and a raised percent only adds people.
 * Source: GrowthBook's SDK specification, `hash` version 2, whose 10,000 buckets are the hundredths of a percent.
 *
 *     isHeldOut('cmp_spring', 'customerId:ana', 10)   // true: she falls at 0.097
 */
export const isHeldOut = (seed: string, anchor: string, percent: number): boolean =>
  // In whole buckets: 0.07 / 100 is a hair above 7 / 10,000 and would keep back bucket 7 too.
  Math.round(bucketOf(seed, anchor, 2) * 10_000) < Math.round(percent * 100)
