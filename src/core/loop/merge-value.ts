import { type Asset, assetParts, pointsOf } from '../ledger/account.ts'
import { tierUnder } from './rank.ts'
import { rankNow, rowsOf, sumOf } from './standing.ts'
import type { Holder, World } from './world.ts'

const had = (world: World, holderIds: readonly string[], asset: Asset) => ({
  balance: sumOf(world, holderIds, asset, ['main']),
  pending: sumOf(world, holderIds, asset, ['pending']),
  held: sumOf(world, holderIds, asset, ['held']),
  debt: 0 - sumOf(world, holderIds, asset, ['debt']),
})

/** Points of every programme that somebody is in or has points of, by the id of the programme. */
const pointsFor = (world: World, holderIds: readonly string[]) =>
  [...world.catalogue.programmes.values()].map(programme => ({
    programme: programme.id,
    name: programme.terms.name,
    has: {
      member: rowsOf(world, holderIds, programme).length > 0,
      ...had(world, holderIds, pointsOf(programme.id)),
      tier: rankNow(world, holderIds, programme).tier,
    },
  }))

const isSomething = (it: ReturnType<typeof had> & { readonly member?: boolean }): boolean =>
  it.member === true || it.balance !== 0 || it.pending !== 0 || it.held !== 0 || it.debt !== 0

const moneyAssets = (world: World, holderIds: readonly string[]): readonly Asset[] => {
  const assets = [...world.book.accounts.values()].filter(it => holderIds.includes(it.ownerId)).map(it => it.asset)
  return [...new Set(assets)].filter(it => ['credit', 'cashback'].includes(assetParts(it).kind)).sort()
}

/**
 * What two people have of programmes and of stored money. Called before they are linked; what it answers is called after it, in the same
 * world, and says what one person would have: sums, because nothing moves, and the tier that both have qualified for.
 *
 *     const together = readBoth(world, holdersOfAna, holdersOfCard)
 *     const linked = linkByHand(world, …)
 *     together(linked.value).points   // [{ programme: 'club', first: { balance: 640, … }, second: …, together: { balance: 1140, tier: 'gold', … } }]
 */
export const readBoth = (world: World, first: readonly Holder[], second: readonly Holder[]) => {
  const [left, right] = [first, second].map(side => side.map(it => it.id)) as [string[], string[]]
  const both = [...left, ...right]
  const [ofFirst, ofSecond, ofBoth] = [left, right, both].map(ids => pointsFor(world, ids))
  const money = moneyAssets(world, both).map(asset => {
    const { kind, of } = assetParts(asset)
    return {
      kind: kind as 'credit' | 'cashback',
      currency: of,
      first: had(world, left, asset),
      second: had(world, right, asset),
      together: had(world, both, asset),
    }
  })
  return ({ person, merged }: { readonly person: string; readonly merged: boolean }) => ({
    points: ofBoth!
      .map(({ programme, name, has }, index) => {
        const tier = merged ? tierUnder(world, person, world.catalogue.programmes.get(programme)!) : has.tier
        return {
          programme,
          name,
          first: ofFirst![index]!.has,
          second: ofSecond![index]!.has,
          together: { ...has, tier },
        }
      })
      .filter(it => isSomething(it.together)),
    money: money.filter(it => isSomething(it.together)),
  })
}
export type ValueOfBoth = ReturnType<ReturnType<typeof readBoth>>
