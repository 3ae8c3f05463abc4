import type { Household } from '../loyalty/household.ts'
import { touch, type World } from './world.ts'

/**
 * Whose points of a programme somebody may spend: those of all her holders, and of everybody's in a household where she may burn. Of
 * households there are in the world those of people for whom an item names points that it may spend (`Needs.value`), and of everybody where
 * conditions ask for points.
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

/** Notes that what somebody may spend of a programme changed: so it did for everybody who may spend it with her. */
export const touchPool = (world: World, holderId: string, programmeId: string): void => {
  touch(world, holderId, 'points')
  const personId = world.holders.get(holderId)?.personId
  if (personId === undefined) return
  for (const household of householdsOf(world, personId, programmeId))
    for (const member of household.members)
      if (world.holders.has(member.holderId)) touch(world, member.holderId, 'points')
}
