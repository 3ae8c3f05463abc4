import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { pointsOf } from '../ledger/account.ts'
import { endLots } from '../ledger/end-lots.ts'
import { expiryAt } from '../loyalty/lot-terms.ts'
import { programmeRefusals } from '../loyalty/refusals.ts'
import type { Programme, ProgrammeMember } from '../loyalty/schema.ts'
import { membershipsOf, newMember } from './members.ts'
import { touchPool } from './owners.ts'
import { tell } from './tell.ts'
import {
  addProgrammeMember,
  changeHolder,
  changeProgrammeMember,
  type Holder,
  holdersOfPerson,
  ledgerOf,
  type World,
} from './world.ts'

/**
 * What offers can wait for: `{ on: 'event', event: 'Programme Joined' }`, with the properties programme, name, source and terms. Who comes
 * back after having left rejoins: what greets new members would else greet whoever leaves and joins all day.
 */
export const programmeEvents = {
  joined: 'Programme Joined',
  rejoined: 'Programme Rejoined',
  left: 'Programme Left',
} as const

/** The programme, where it is there and takes members. */
export const openProgramme = (world: World, id: string): Result<Programme> => {
  const programme = world.catalogue.programmes.get(id)
  if (!programme) return no(refuse(programmeRefusals.programme_not_found, { id }))
  return programme.state === 'ended' ? no(overFor(programme)) : ok(programme)
}

const overFor = ({ id, terms: { name } }: Programme): Refusal => refuse(programmeRefusals.programme_ended, { id, name })

/** The membership that counts of a person: the oldest of those that go on, else the one that she left last. */
export const membershipOf = (world: World, holder: Holder, programmeId: string): ProgrammeMember | undefined => {
  const all = membershipsOf(world, holdersOfPerson(world, holder.id), programmeId)
  const going = all.filter(it => it.leftAt === null).sort((a, b) => a.joinedAt - b.joinedAt)
  return going[0] ?? all.sort((a, b) => b.leftAt! - a.leftAt!)[0]
}

/**
 * Makes somebody a member, by the holder that was named; told once, however often it is said. A member who agrees to newer terms stays
 * who she is.
 *
 *     join(world, holder, programme, { source: 'till', terms: '2026-03' })
 */
export const join = (
  world: World,
  holder: Holder,
  { id, terms: { name, join } }: Programme,
  {
    source,
    terms = join.terms ?? null,
    at = world.now,
  }: { readonly source: string; readonly terms?: string | null | undefined; readonly at?: number | undefined },
): ProgrammeMember => {
  const before = membershipOf(world, holder, id)
  if (before && before.leftAt === null) {
    if (terms !== null && terms !== before.terms) changeProgrammeMember(world, before, { terms })
    return before
  }
  // Whoever reads at the same time, in another process, that she is not in it by any of her identifiers must read it again.
  changeHolder(world, holder, () => undefined)
  const own = world.programmeMembers.get(holder.id)?.get(id)
  if (own) changeProgrammeMember(world, own, { leftAt: null, source, terms })
  else addProgrammeMember(world, newMember({ holderId: holder.id, programmeId: id, joinedAt: at, source, terms }))
  tell(world, holder, {
    messageId: world.newId('prg'),
    name: before ? programmeEvents.rejoined : programmeEvents.joined,
    properties: { programme: id, name, source, ...(terms !== null && { terms }) },
  })
  return world.programmeMembers.get(holder.id)!.get(id)!
}

/** Takes somebody out of a programme, by all of her holders; whoever is not in it stays out. */
export const leave = (
  world: World,
  holder: Holder,
  { id, terms }: Programme,
  source: string,
): ProgrammeMember | undefined => {
  const holders = holdersOfPerson(world, holder.id)
  const going = membershipsOf(world, holders, id).filter(it => it.leftAt === null)
  if (going.length === 0) return membershipOf(world, holder, id)
  changeHolder(world, holder, () => undefined)
  touchPool(world, holder.id, id)
  // Of the household, too: whoever comes back is asked into it again.
  for (const it of going) changeProgrammeMember(world, it, { leftAt: world.now, householdId: null })
  endPoints(world, holders, id, terms)
  tell(world, holder, {
    messageId: world.newId('prg'),
    name: programmeEvents.left,
    properties: { programme: id, name: terms.name, source },
  })
  return membershipOf(world, holder, id)
}

/** Where a programme says so, points of whoever left end: what she has, and what is pending, after the days of notice. */
const endPoints = (
  world: World,
  holders: readonly Holder[],
  id: string,
  { leaving, timeZone = world.workspace.timeZone }: Programme['terms'],
): void => {
  if (leaving.points === 'keep') return
  const at = leaving.days === 0 ? world.now : expiryAt({ kind: 'after', days: leaving.days }, world.now, timeZone)!
  endLots(
    ledgerOf(world),
    holders.map(it => it.id),
    pointsOf(id),
    at,
  )
}
