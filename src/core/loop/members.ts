import type { ProgrammeMember } from '../loyalty/schema.ts'
import { noRank } from '../loyalty/tiers.ts'
import type { Holder, World } from './world.ts'

/** Somebody as she joins: in no tier yet and in no household. */
export const newMember = (
  named: Pick<ProgrammeMember, 'holderId' | 'programmeId' | 'joinedAt' | 'source' | 'terms'>,
): ProgrammeMember => ({ ...named, ...noRank, leftAt: null, householdId: null, dueAt: null, revision: 0 })

/** That a person is, or was, in a programme: one entry a holder of hers by which she joined. */
export const membershipsOf = (
  world: World,
  holders: readonly Pick<Holder, 'id'>[],
  programmeId: string,
): ProgrammeMember[] => holders.flatMap(({ id }) => world.programmeMembers.get(id)?.get(programmeId) ?? [])

/** A person is in a programme when any of her holders is. */
export const isMemberOf = (world: World, holders: readonly Pick<Holder, 'id'>[], programmeId: string): boolean =>
  membershipsOf(world, holders, programmeId).some(it => it.leftAt === null)

/** Whether she is in it, or was and left. */
export const hasBeenIn = (world: World, holders: readonly Pick<Holder, 'id'>[], programmeId: string): boolean =>
  membershipsOf(world, holders, programmeId).length > 0
