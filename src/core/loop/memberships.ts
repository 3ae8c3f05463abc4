import { type LiveSegment, membershipKey } from '../segments/live-segments.ts'
import { countHolder, type Holder, type Membership, seeMembership, type World } from './world.ts'

/** Which members are meant: those that count, or those that are being found and will count together. */
export type View = 'counting' | 'next'

const generationIn = ({ generation, nextGeneration }: LiveSegment, view: View): number =>
  view === 'next' ? (nextGeneration ?? generation) : generation

/**
 * The ids of the segments that somebody is in, by any of her holders.
 *
 *     segmentsOf(world, holdersOfPerson(world, holder.id))   // ['newsletter', 'vip']
 */
export const segmentsOf = (world: World, holders: readonly Holder[], view: View = 'counting'): readonly string[] => {
  const { byId } = world.catalogue.segments
  if (byId.size === 0) return []
  const ids = new Set<string>()
  for (const { id } of holders)
    for (const { segmentId, generation } of world.memberships.get(id)?.values() ?? []) {
      const segment = byId.get(segmentId)
      if (segment && generationIn(segment, view) === generation) ids.add(segmentId)
    }
  return [...ids].sort()
}

/** Her rows of one generation of a segment, by its `membershipKey`. */
export const rowsOf = (world: World, holders: readonly Holder[], key: string): readonly Membership[] => {
  const rows: Membership[] = []
  for (const { id } of holders) {
    const row = world.memberships.get(id)?.get(key)
    if (row) rows.push(row)
  }
  return rows
}

const keyOf = ({ holderId, segmentId, generation }: Membership): string => `${holderId}\n${segmentId}\n${generation}`

/**
 * Whoever read this person without a lock must read her segments again. She is read whole, so one changed holder of hers tells it, unless
 * links change too and others read her in parts.
 */
const mark = (world: World, { holderId }: Membership): void => {
  const { holders, newLinks, links, newNeverMerge, removedNeverMerge } = world.changes
  const holder = world.holders.get(holderId)!
  const isAsRead = newLinks.size + links.size + newNeverMerge.length + removedNeverMerge.length === 0
  if (isAsRead && world.persons.get(holder.personId)!.some(id => holders.has(id))) return
  countHolder(world, holder, () => undefined)
}

export const addMembership = (world: World, membership: Membership): void => {
  seeMembership(world, membership)
  world.changes.newMemberships.set(keyOf(membership), membership)
  mark(world, membership)
}

export const removeMembership = (world: World, membership: Membership): void => {
  const key = keyOf(membership)
  world.memberships.get(membership.holderId)?.delete(membershipKey(membership.segmentId, membership.generation))
  if (!world.changes.newMemberships.delete(key)) world.changes.removedMemberships.set(key, membership)
  mark(world, membership)
}
