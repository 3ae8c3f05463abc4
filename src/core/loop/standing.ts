import { dateOf, localDay, startOfLocalDate } from '../kernel/time.ts'
import { type AccountKind, type Asset, pointsOf, qualifyingOf } from '../ledger/account.ts'
import { balanceOf } from '../ledger/book.ts'
import { spendable } from '../ledger/lots.ts'
import type { Programme, ProgrammeMember, Tiers } from '../loyalty/schema.ts'
import { levelOf, noRank, type Rank, rise, type TierPeriod, tierPeriod } from '../loyalty/tiers.ts'
import { inHistory } from '../rules/history.ts'
import { zoneOf } from './book-points.ts'
import { ownersOf } from './owners.ts'
import { type Holder, ledgerOf, type NearOrder, type World } from './world.ts'

/** A programme that has tiers and has not ended. */
export type Tiered = Programme & { readonly terms: { readonly tiers: Tiers } }
export const isTiered = (programme: Programme | undefined): programme is Tiered =>
  programme !== undefined && programme.state !== 'ended' && programme.terms.tiers !== undefined

/** The memberships of a programme that somebody has by any of her holders, the one with the highest tier first. */
export const rowsOf = (
  world: World,
  holderIds: readonly string[],
  programme: Programme,
): readonly ProgrammeMember[] => {
  const { tiers } = programme.terms
  const level = (row: ProgrammeMember): number => (tiers ? levelOf(tiers, row.tier) : 0)
  return holderIds
    .flatMap(id => world.programmeMembers.get(id)?.get(programme.id) ?? [])
    .filter(row => row.leftAt === null)
    .sort((a, b) => level(b) - level(a) || a.joinedAt - b.joinedAt || (a.holderId < b.holderId ? -1 : 1))
}

/** The tier that is noted of somebody in a programme by any of her holders; null: none, or she is not in it. */
export const tierOf = (world: World, holderIds: readonly string[], programme: Programme): string | null =>
  programme.terms.tiers === undefined ? null : (rowsOf(world, holderIds, programme)[0]?.tier ?? null)

/** What she has of what the tiers go by, in the period of an instant; of points the ledger's work must be booked up to it. */
export const amountAt = (
  world: World,
  holderIds: readonly string[],
  { id, terms }: Pick<Tiered, 'id' | 'terms'>,
  at: number,
  timeZone: string,
): number => {
  const { tiers, rate } = terms
  if (tiers.by === 'points') return sumOf(world, holderIds, qualifyingOf(id), ['main', 'debt'])
  const { first, last } = tierPeriod(tiers.period, at, timeZone)
  const currency = rate?.worth.currency ?? world.workspace.currency
  const [from, to] = daysCounted(world, { first, last }, timeZone)
  const asked = inHistory({ currency, of: holderIds.map(it => world.holders.get(it)!.statistics) }, to)
  const counted = tiers.by === 'spend' ? asked.spend(to - from + 1) : asked.orders(to - from + 1)
  if (timeZone === world.workspace.timeZone) return counted
  const [starts, ends] = [first, last + 1].map(day => startOfLocalDate(dateOf(day), timeZone)) as [number, number]
  return ordersNear(world, holderIds).reduce((sum, it) => {
    const day = localDay(it.at, world.workspace.timeZone)
    const isOutside = day >= from && day <= to && (it.at < starts || it.at >= ends)
    if (!isOutside) return sum
    return sum - (tiers.by === 'visits' ? it.orders : it.currency === currency ? it.spend : 0)
  }, counted)
}

/** The days of the workspace's clock, by which orders are counted, that a period on another clock lies in. */
const daysCounted = (
  { workspace }: World,
  { first, last }: Pick<TierPeriod, 'first' | 'last'>,
  timeZone: string,
): readonly [number, number] =>
  timeZone === workspace.timeZone
    ? [first, last]
    : [
        localDay(startOfLocalDate(dateOf(first), timeZone), workspace.timeZone),
        localDay(startOfLocalDate(dateOf(last + 1), timeZone) - 1, workspace.timeZone),
      ]

/** Orders of hers that count, of those that are at hand: of the batch as they stand now, and those near the ends of a period. */
const ordersNear = (world: World, holderIds: readonly string[]): readonly NearOrder[] => {
  const hers = new Set(holderIds)
  const ofBatch = [...world.orders.values()].flatMap((it): NearOrder[] =>
    it.holderId !== null && hers.has(it.holderId) && (it.state === 'placed' || it.state === 'returned')
      ? [
          {
            id: it.id,
            holderId: it.holderId,
            at: it.occurredAt,
            currency: it.currency,
            orders: it.state === 'placed' ? 1 : 0,
            spend: it.total - (it.returned?.refunded ?? 0),
          },
        ]
      : [],
  )
  const stored = holderIds.flatMap(id => [...(world.nearOrders.get(id)?.values() ?? [])])
  return [...ofBatch, ...stored.filter(it => !world.orders.has(it.id))]
}

/** Instants, the last not included. */
export type Span = readonly [from: number, to: number]

/**
 * When orders happened that may lie on a day of the workspace's clock and outside a tier's period that this day is a part of: what the
 * statistics of that day hold of them does not count. None where both clocks are one, or tiers go by points.
 */
export const spansBeside = (
  { workspace, now }: Pick<World, 'workspace' | 'now'>,
  { terms }: Pick<Programme, 'terms'>,
  tierUntil: number | null,
): readonly Span[] => {
  const { tiers, timeZone = workspace.timeZone } = terms
  if (!tiers || tiers.by === 'points' || timeZone === workspace.timeZone) return []
  // The clock may have several periods to catch up with, wherever they end.
  if (tierUntil !== null && tierUntil <= now) {
    const { first } = tierPeriod(tiers.period, tierUntil - 1, timeZone)
    return [[startOfLocalDate(dateOf(first - 1), timeZone), now + 1]]
  }
  const starts = startOfLocalDate(dateOf(tierPeriod(tiers.period, now, timeZone).first), timeZone)
  return [[startOfLocalDate(dateOf(localDay(starts, workspace.timeZone)), workspace.timeZone), starts]]
}

/**
 * Where somebody stands by the terms as they are: also where nobody has asked her since these were changed, so that nothing reads a tier
 * that is no more.
 */
export const rankNow = (world: World, holderIds: readonly string[], programme: Programme): Rank => {
  const [highest] = rowsOf(world, holderIds, programme)
  if (!highest || !isTiered(programme)) return noRank
  const timeZone = zoneOf(world, programme)
  const amount = amountAt(world, holderIds, programme, world.now, timeZone)
  return rise(programme.terms.tiers, highest, amount, world.now, timeZone)
}

/** What her tiers and points are, for conditions: of every programme, so that nothing that is asked for is missing. */
export const standingOf = (world: World, holders: readonly Holder[], asks: { points: boolean; tiers: boolean }) => {
  const ids = holders.map(it => it.id)
  const programmes = [...world.catalogue.programmes.values()]
  const tiers = asks.tiers ? programmes.map(it => [it.id, rankNow(world, ids, it).tier ?? ''] as const) : []
  const points = asks.points
    ? programmes.map(it => [it.id, pointsToSpend(world, holders[0]?.personId, it.id)] as const)
    : []
  const oldest = programmes.find(isTiered)
  return {
    ...(asks.tiers && { tier: tiers.find(([id]) => id === oldest?.id)?.[1] ?? '', tiers: Object.fromEntries(tiers) }),
    ...(asks.points && { points: Object.fromEntries(points) }),
  }
}

/** Points of a programme that somebody may spend: hers, and where she may burn those of her household (`ownersOf`). */
export const pointsToSpend = (world: World, personId: string | undefined, programmeId: string): number =>
  personId === undefined ? 0 : spendable(ledgerOf(world), ownersOf(world, personId, programmeId), pointsOf(programmeId))

/** What somebody has of an asset in accounts of these kinds, by all her holders. */
export const sumOf = (
  world: World,
  holderIds: readonly string[],
  asset: Asset,
  kinds: readonly AccountKind[],
): number =>
  holderIds.reduce((sum, id) => sum + kinds.reduce((its, kind) => its + balanceOf(world.book, id, asset, kind), 0), 0)
