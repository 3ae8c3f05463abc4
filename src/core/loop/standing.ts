import { type AccountKind, type Asset, pointsOf } from '../ledger/account.ts'
import { balanceOf } from '../ledger/book.ts'
import type { Programme, ProgrammeMember, Tiers } from '../loyalty/schema.ts'
import { levelOf } from '../loyalty/tiers.ts'
import type { Holder, World } from './world.ts'

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

/** The tier somebody has in a programme by any of her holders; null: none, or she is not in it. */
export const tierOf = (world: World, holderIds: readonly string[], programme: Programme): string | null =>
  programme.terms.tiers === undefined ? null : (rowsOf(world, holderIds, programme)[0]?.tier ?? null)

/** What her tiers and points are, for conditions: of every programme, so that nothing that is asked for is missing. */
export const standingOf = (world: World, holders: readonly Holder[], asks: { points: boolean; tiers: boolean }) => {
  const ids = holders.map(it => it.id)
  const programmes = [...world.catalogue.programmes.values()]
  const tiers = asks.tiers
    ? programmes.map(it => [it.id, it.state === 'ended' ? '' : (tierOf(world, ids, it) ?? '')] as const)
    : []
  const points = asks.points ? programmes.map(it => [it.id, sumOf(world, ids, pointsOf(it.id), ['main'])] as const) : []
  const oldest = programmes.find(isTiered)
  return {
    ...(asks.tiers && { tier: tiers.find(([id]) => id === oldest?.id)?.[1] ?? '', tiers: Object.fromEntries(tiers) }),
    ...(asks.points && { points: Object.fromEntries(points) }),
  }
}

/** What somebody has of an asset in accounts of these kinds, by all her holders. */
export const sumOf = (
  world: World,
  holderIds: readonly string[],
  asset: Asset,
  kinds: readonly AccountKind[],
): number =>
  holderIds.reduce((sum, id) => sum + kinds.reduce((its, kind) => its + balanceOf(world.book, id, asset, kind), 0), 0)
