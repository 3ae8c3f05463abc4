import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { type Household, type HouseholdMember, householdRefusals } from '../loyalty/household.ts'
import type { Programme } from '../loyalty/schema.ts'
import { membershipOf, openProgramme } from './join.ts'
import { householdsOf } from './owners.ts'
import { changeProgrammeMember, type Holder, holdersOfPerson, touch, type World } from './world.ts'

/** Somebody who is to be in a household, by the holder that was named. */
export type Invited = { readonly holder: Holder; readonly mayBurn: boolean }

/**
 * Makes a household, or says anew who is in one. Nothing that anybody has moves: whoever leaves keeps what is hers.
 *
 *     setHousehold(world, undefined, { programme: 'club', name: 'The Bakers', invited: [{ holder: ana, mayBurn: true }, …] })
 */
export const setHousehold = (
  world: World,
  before: Household | undefined,
  {
    programme: id,
    name,
    invited,
  }: { readonly programme: string; readonly name: string; readonly invited: readonly Invited[] },
): Result<Household> => {
  const programme = openProgramme(world, id)
  if (!programme.ok) return programme
  const checked = membersFor(world, programme.value, before, invited)
  if (!checked.ok) return checked
  const household: Household = before ?? {
    id: world.newId('hsh'),
    programmeId: id,
    createdAt: world.now,
    name,
    members: [],
    revision: 0,
    updatedAt: world.now,
  }
  const left = household.members.map(it => it.holderId)
  Object.assign(household, { name, members: checked.value, updatedAt: world.now, revision: household.revision + 1 })
  world.households.set(household.id, household)
  if (before) world.changes.households.add(household.id)
  else world.changes.newHouseholds.add(household.id)
  // Everybody's row changes, so that whoever read the household without a lock reads it again.
  for (const holderId of left) noteFor(world, holderId, id, household.id, null)
  for (const { holderId } of checked.value) {
    noteFor(world, holderId, id, null, household.id)
    if (!left.includes(holderId)) world.changes.newHouseholdPeople.push({ holderId, householdId: household.id })
  }
  return ok(household)
}

/** Notes on the memberships of a person that she is in a household, or with `from` that she no longer is. */
const noteFor = (world: World, holderId: string, programme: string, from: string | null, to: string | null): void => {
  const holder = world.holders.get(holderId)
  for (const it of holder ? holdersOfPerson(world, holderId) : []) {
    const row = world.programmeMembers.get(it.id)?.get(programme)
    if (row && (it.id === holderId || row.householdId === from)) changeProgrammeMember(world, row, { householdId: to })
  }
  // Another pool is hers to spend, or none.
  if (holder) touch(world, holderId, 'points')
}

const membersFor = (
  world: World,
  { id, terms }: Programme,
  before: Household | undefined,
  invited: readonly Invited[],
): Result<readonly HouseholdMember[]> => {
  if (!terms.households) return no(refuse(householdRefusals.households_not_offered, { programme: id }))
  const byPerson = new Map(invited.map(it => [it.holder.personId, it]))
  const maximum = terms.households.members
  if (byPerson.size > maximum)
    return no(refuse(householdRefusals.household_full, { programme: id, maximum, members: byPerson.size }))
  const members: HouseholdMember[] = []
  for (const [person, { holder, mayBurn }] of byPerson) {
    const membership = membershipOf(world, holder, id)
    if (membership?.leftAt !== null)
      return no(refuse(householdRefusals.household_needs_member, { programme: id, person }))
    const other = householdsOf(world, person, id).find(it => it !== before)
    if (other) return no(refuse(householdRefusals.household_elsewhere, { person, household: other.id }))
    const hers = holdersOfPerson(world, holder.id).map(it => it.id)
    const known = before?.members.find(it => hers.includes(it.holderId))
    members.push({ holderId: membership!.holderId, mayBurn, since: known?.since ?? world.now })
  }
  return ok(members)
}
