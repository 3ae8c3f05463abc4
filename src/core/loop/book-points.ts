import { pointsOf, qualifyingOf } from '../ledger/account.ts'
import type { Cause } from '../ledger/book.ts'
import { earn, type LotTerms, slide } from '../ledger/lots.ts'
import type { Rounding } from '../loyalty/earn.ts'
import { lotTermsOf, qualifyingTermsOf } from '../loyalty/lot-terms.ts'
import type { Programme } from '../loyalty/schema.ts'
import { type Holder, holdersOfPerson, ledgerOf, type StoredRedemption, type World } from './world.ts'

/** The zone in which a programme counts days. */
export const zoneOf = (world: World, { terms }: Programme): string => terms.timeZone ?? world.workspace.timeZone

/** What an earning transaction keeps of how its points were reckoned: what goes back is reckoned the same way. */
export type EarnDetails = {
  readonly paidOtherwise: number
  readonly shipping: number
  readonly rounding: Rounding
}

/** The points that uses gave, as one lot; those that count towards a tier beside them. */
export const bookPoints = (
  world: World,
  holder: Holder,
  programme: Programme,
  uses: readonly StoredRedemption[],
  { effectiveAt, ...cause }: Cause & { readonly effectiveAt: number },
  details?: EarnDetails,
): void => {
  const given = uses.flatMap(use =>
    (use.given ?? []).flatMap(it => (it.what === 'points' && it.programme === programme.id ? [{ use, ...it }] : [])),
  )
  const points = given.reduce((sum, it) => sum + it.points, 0)
  if (points === 0) return
  const qualifying = given.reduce((sum, it) => sum + (it.qualifying ?? it.points), 0)
  const timeZone = zoneOf(world, programme)
  // Of several offers the one that gave most stands for them; all are in the details.
  const [first] = [...given].sort((a, b) => b.points - a.points)
  const because: Cause = {
    ...cause,
    offerId: first!.use.offerId,
    offerVersion: first!.use.offerVersion,
    details: {
      ...details,
      offers: given.map(({ use, points }) => ({ offer: use.offerId, version: use.offerVersion, points })),
    },
  }
  const ledger = ledgerOf(world)
  const ownerId = holder.id
  const earnAs = (asset: ReturnType<typeof pointsOf>, amount: number, terms: LotTerms) =>
    earn(ledger, { ...because, ownerId, asset, amount, from: 'earned', kind: 'earn', effectiveAt, terms })
  const terms = lotTermsOf(programme.terms, effectiveAt, timeZone)
  earnAs(pointsOf(programme.id), points, terms)
  if (terms.endsAt != null)
    slide(
      ledger,
      holdersOfPerson(world, holder.id).map(it => it.id),
      pointsOf(programme.id),
      terms.endsAt,
    )
  const { tiers } = programme.terms
  if (tiers?.by === 'points' && qualifying > 0)
    earnAs(qualifyingOf(programme.id), qualifying, qualifyingTermsOf(tiers, effectiveAt, timeZone))
}
