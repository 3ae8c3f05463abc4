import type { GrantState } from './schema.ts'

type Held = {
  readonly id: string
  readonly offer: string
  /** Uses for each person that the offer allows. */
  readonly perPerson: number | undefined
  readonly state: GrantState
  readonly issuedAt: number
}

const isOver = (state: GrantState): boolean => state === 'expired' || state === 'revoked'

/**
 * Of what one person holds the grants that she cannot use beside an earlier one, because their offer is for once: two people who turn out
 * to be one had it each. Nothing is taken back; the first use is the only one.
 *
 *     duplicateGrants([{ id: 'gra_1', offer: 'off_1', perPerson: 1, state: 'issued', issuedAt: 1 }, { id: 'gra_2', …, issuedAt: 2 }])
 *     // Set { 'gra_2' }
 */
export const duplicateGrants = (grants: readonly Held[]): ReadonlySet<string> => {
  const first = new Map<string, string>()
  const duplicates = new Set<string>()
  const held = grants.filter(grant => grant.perPerson === 1 && !isOver(grant.state))
  for (const { id, offer } of held.toSorted((a, b) => a.issuedAt - b.issuedAt || (a.id < b.id ? -1 : 1))) {
    if (first.has(offer)) duplicates.add(id)
    else first.set(offer, id)
  }
  return duplicates
}
