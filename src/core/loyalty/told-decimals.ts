import type { Programme } from './schema.ts'

/**
 * What a refusal's details say beside amounts of points that have decimals: a reader of 1250 with two of them reads 12.5.
 *
 *     refuse(transferRefusals.transfer_below_minimum, { minimum, points, ...toldDecimals(programme.terms) })
 */
export const toldDecimals = ({ unit }: Pick<Programme['terms'], 'unit'>): { readonly decimals?: number } =>
  unit.decimals === 0 ? {} : { decimals: unit.decimals }
