import type { Stored } from './stored.d.mts'

type KnownOffer = {
  readonly id: string
  readonly codes: readonly string[]
  readonly limits: { readonly uses?: number }
}
export declare const auditRows: (
  stored: Stored,
  offers: readonly KnownOffer[],
  people: readonly never[],
  unions: ReadonlyMap<string, readonly string[]>,
) => string[]
