import type { Household } from '../loyalty/household.ts'
import type { World } from './world.ts'

/**
 * Whose points of a programme somebody may spend: those of all her holders, and of everybody's in a household where she may burn. Of
 * households there are in the world those of people for whom an item names points that it may spend (`Needs.value`).
 *
 *     ownersOf(world, buyer.personId, 'club')   // ['hol_anna', 'hol_annas_card', 'hol_ben']
 */
export const ownersOf = (world: World, personId: string, programmeId: string): readonly string[] => {
  const hers = world.persons.get(personId) ?? []
  const pooled = householdsOf(world, personId, programmeId)
    .filter(it => it.members.some(({ holderId, mayBurn }) => mayBurn && hers.includes(holderId)))
    .flatMap(it => membersOf(world, it))
    .flatMap(personId => world.persons.get(personId) ?? [])
  return [...new Set([...hers, ...pooled])]
}

/** The households of a programme that somebody is in: one, unless she was two people who were in one each. */
export const householdsOf = (world: World, personId: string, programmeId: string): readonly Household[] => {
  const ids = (world.persons.get(personId) ?? []).flatMap(id => {
    const row = world.programmeMembers.get(id)?.get(programmeId)
    return row?.leftAt === null && row.householdId !== null ? row.householdId : []
  })
  return [...new Set(ids)].flatMap(id => world.households.get(id) ?? [])
}

/** The persons in a household: whoever left the programme left it, too. */
export const membersOf = (world: World, household: Household): readonly string[] => [
  ...new Set(
    household.members.flatMap(({ holderId }) => {
      const personId = world.holders.get(holderId)?.personId
      if (personId === undefined) return []
      return householdsOf(world, personId, household.programmeId).includes(household) ? personId : []
    }),
  ),
]
