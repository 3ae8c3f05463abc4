import type { ProgrammeInput } from './schema.ts'

/**
 * What so many points pay, in whole minor units, cut off; exact where the product passes 2^53.
 *
 *     worthAt(250, { points: 100, worth: { amount: 99, currency: 'EUR' } })   // 247
 */
export const worthAt = (points: number, { points: per, worth }: NonNullable<ProgrammeInput['rate']>): number =>
  Number((BigInt(points) * BigInt(worth.amount)) / BigInt(per))
