import { isBlocked } from '../people/blocked.ts'
import type { StoredLink } from '../people/links.ts'
import { countsAsNeighbour, maxHearsay, mostNeighbours, userType } from '../people/resolve.ts'
import { isAnonymous } from '../people/traits-of.ts'
import { holderIdOf } from '../people/union.ts'
import type { Holder, World } from './world.ts'

/**
 * What a change of links can change, and has to look at. Ordinary holders: their whole component. In quarantine: the neighbourhood of
 * the ends, however large the component is. At the edge stand identifiers that are nobody's or everybody's.
 */
export type Region = {
  readonly holders: Set<string>
  /** At the edge: looked at, not worked out. */
  readonly incomplete: Set<string>
  /** In quarantine, with a part of their component only. */
  readonly quarantined: Set<string>
  /** Whose persons are worked out. */
  readonly core: Set<string>
  /** What the world does not hold of it yet. */
  readonly missing: Missing
}

/** Holders that must be loaded, and holders whose links must be. */
export type Missing = { readonly holders: Set<string>; readonly links: Set<string> }

/** An end of a link that comes, with the type of what it is linked to. */
export type End = { readonly id: string; readonly otherType: string }

/** How far from an end a quarantined holder's links matter: whose first e-mail is she, and whose first e-mail is that. */
const completeWithin = 2
const atTheEdge = 3

const isThere = (world: World, id: string): boolean => world.holders.has(id) && !world.onlookers.has(id)

const otherEnd = ({ a, b }: StoredLink, id: string): string => (a === id ? b : a)

function* linksOf(world: World, id: string, verified: boolean): Generator<StoredLink> {
  for (const key of world.linksOf.get(id) ?? []) {
    const link = world.links.get(key)!
    if (link.verified === verified && link.removedAt === null) yield link
  }
}

export const isBlockedHere = (world: World, holder: Pick<Holder, 'type' | 'value'>): boolean =>
  isBlocked(holder, world.catalogue.identity)

/** Whether a link between these two types can unite in quarantine. */
const canUniteInQuarantine = (world: World, type: string, otherType: string): boolean => {
  const users = userType(world.catalogue.identity)
  return (
    (type === users) !== (otherType === users) && users !== undefined && !isAnonymous(type) && !isAnonymous(otherType)
  )
}

/**
 * The region of links that come. With `whole` that of links that may go, and of holders that are resolved again: then shared ends and
 * quarantined holders are worked out too, because they may no longer be what they are.
 */
export const regionOf = (world: World, ends: Iterable<End>, whole: boolean): Region => {
  const region: Region = {
    holders: new Set(),
    incomplete: new Set(),
    quarantined: new Set(),
    core: new Set(),
    missing: { holders: new Set(), links: new Set() },
  }
  const depths = new Map<string, number>()
  const queue: string[] = []
  const visit = (id: string, depth: number): void => {
    if ((depths.get(id) ?? Number.POSITIVE_INFINITY) <= depth) return
    depths.set(id, depth)
    queue.push(id)
  }
  const named = new Set<string>()
  for (const { id, otherType } of ends) {
    named.add(id)
    if (!isThere(world, id)) visit(id, 0)
    else if (canUniteInQuarantine(world, world.holders.get(id)!.type, otherType)) visit(id, 0)
    // A browser more is nothing to a quarantined holder; anything else may be one too many.
    else visit(id, isAnonymous(otherType) ? atTheEdge : completeWithin)
  }
  for (const id of queue) {
    if (!isThere(world, id)) {
      region.missing.holders.add(id)
      continue
    }
    const holder = world.holders.get(id)!
    const depth = depths.get(id)!
    region.holders.add(id)
    const isEdge = isBlockedHere(world, holder) || (holder.standing === 'shared' && !(whole && named.has(id)))
    const isHeld = holder.standing === 'quarantined' && !whole
    if (isHeld) region.quarantined.add(id)
    if (isEdge || (isHeld && depth > completeWithin)) {
      region.incomplete.add(id)
      continue
    }
    region.incomplete.delete(id)
    if (!isHeld || depth === 0 || (depth === 1 && holder.type === userType(world.catalogue.identity)))
      region.core.add(id)
    if (!world.linked.has(id)) {
      region.missing.links.add(id)
      continue
    }
    for (const link of linksOf(world, id, true)) {
      const other = otherEnd(link, id)
      const isHeldThere = !whole && world.holders.get(other)?.standing === 'quarantined'
      // Only the link that comes leads into quarantine from outside, and its ends are named.
      if (!isHeld) visit(other, isHeldThere ? atTheEdge : 0)
      else if (!isThere(world, other)) visit(other, atTheEdge)
      else {
        const { type } = world.holders.get(other)!
        if (canUniteInQuarantine(world, holder.type, type)) visit(other, depth + 1)
        else if (!isAnonymous(type)) visit(other, atTheEdge)
      }
    }
  }
  return region
}

/** Whether so many more neighbours, by type, make an identifier everybody's. */
export const wouldBeShared = (world: World, holder: Holder, also: Iterable<{ type: string; key: string }>): boolean => {
  const { identity } = world.catalogue
  const neighbours = new Map<string, Set<string>>()
  const note = (type: string, key: string): void => {
    if (!countsAsNeighbour(holder, { type }, identity)) return
    neighbours.set(type, (neighbours.get(type) ?? new Set()).add(key))
  }
  for (const link of linksOf(world, holder.id, true)) {
    const other = world.holders.get(otherEnd(link, holder.id))
    if (other && !isBlockedHere(world, other)) note(other.type, `${other.type}:${other.value}`)
  }
  for (const { type, key } of also) note(type, key)
  return [...neighbours].some(([type, keys]) => keys.size > mostNeighbours(holder, type, identity))
}

/** Whether any of a person's holders is known: then the one that names her is. */
export const isKnownPerson = (world: World, personId: string): boolean =>
  !isAnonymous(world.holders.get(holderIdOf(personId))!.type)

/** What an unverified link ties a holder to; of one that tells too much only as much as shows that. */
export const hearsayOf = (world: World, id: string): ReadonlySet<string> =>
  new Set([...linksOf(world, id, false)].map(link => otherEnd(link, id)))

/**
 * The anonymous persons whose behaviour may become, or stop being, somebody's when something about these holders changed: their own, and
 * those that unverified links tie to them. `missing`: what the world does not hold yet to say so. With `mayPart` also for persons whom
 * somebody known may leave.
 */
export const hearsayRegion = (
  world: World,
  ids: Iterable<string>,
  mayPart = false,
): { readonly persons: ReadonlySet<string>; readonly missing: Missing } => {
  const missing: Missing = { holders: new Set(), links: new Set() }
  const persons = new Set<string>()
  const isNeeded = (id: string): boolean => {
    if (isThere(world, id)) return true
    missing.holders.add(id)
    return false
  }
  /** The person of an anonymous holder; of one that nobody knows with the unverified links of all who are her. */
  const take = (id: string): void => {
    const { type, personId } = world.holders.get(id)!
    if (!isAnonymous(type) || persons.has(personId) || !isNeeded(holderIdOf(personId))) return
    persons.add(personId)
    if (mayPart || !isKnownPerson(world, personId)) for (const one of world.persons.get(personId)!) complete(one)
  }
  const complete = (id: string): boolean => {
    if (!isAnonymous(world.holders.get(id)!.type)) return true
    if (!world.linked.has(id)) missing.links.add(id)
    return world.linked.has(id)
  }
  const seeds = [...ids].filter(isNeeded)
  for (const id of seeds) take(id)
  for (const id of seeds) {
    if (!isAnonymous(world.holders.get(id)!.type) || !complete(id)) continue
    const others = hearsayOf(world, id)
    // One that told too much before this change told of nobody's behaviour, and still does not.
    if (others.size <= maxHearsay + 1) for (const other of others) if (isNeeded(other)) take(other)
  }
  for (const personId of persons) {
    if (!mayPart && isKnownPerson(world, personId)) continue
    for (const id of world.persons.get(personId)!) {
      if (!isAnonymous(world.holders.get(id)!.type) || !world.linked.has(id)) continue
      const others = hearsayOf(world, id)
      if (others.size > maxHearsay) continue
      for (const other of others)
        if (isNeeded(other) && complete(other)) isNeeded(holderIdOf(world.holders.get(other)!.personId))
    }
  }
  return { persons, missing }
}

/** The holder that `type:value` or its own id names; undefined: nobody knows it yet. */
export const idNamed = (world: World, name: string): string | undefined =>
  world.identifiers.get(name) ?? (world.holders.has(name) ? name : undefined)

/** A link that a batch may bring, between identifiers as `type:value` or holders' ids. */
export type ComingLink = { readonly a: string; readonly b: string; readonly verified: boolean }

/**
 * What the world must still hold before links between these may come and before these holders' components may be taken apart: whoever
 * loads it asks until nothing is missing. Links of a batch are looked at together, because later ones meet what earlier ones made.
 */
export const missingFor = (world: World, coming: readonly ComingLink[], components: readonly string[]): Missing => {
  const parts = (name: string): { readonly type: string; readonly value: string } => {
    const cut = name.indexOf(':')
    return world.holders.get(name) ?? { type: name.slice(0, cut), value: name.slice(cut + 1) }
  }
  const ends: End[] = []
  const heard: string[] = []
  const also = new Map<string, { type: string; key: string }[]>()
  for (const { a, b, verified } of coming) {
    // A link through what is nobody's changes nobody.
    if (verified && [a, b].some(it => isBlockedHere(world, parts(it)))) continue
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const id = idNamed(world, one)
      if (id === undefined || one === other) continue
      if (!verified) heard.push(id)
      else {
        const { type } = parts(other)
        ends.push({ id, otherType: type })
        also.set(id, [...(also.get(id) ?? []), { type, key: other }])
      }
    }
  }
  for (const id of components) ends.push({ id, otherType: '' })
  let region = regionOf(world, ends, components.length > 0)
  if (isNothing(region.missing) && region.quarantined.size > 0) {
    // One that may become everybody's lets go of its component, which may then be small enough to be worked out.
    const letsGo = [...also].some(
      ([id, others]) => world.linked.has(id) && wouldBeShared(world, world.holders.get(id)!, others),
    )
    if (letsGo) region = regionOf(world, ends, true)
  }
  if (!isNothing(region.missing)) return region.missing
  const anonymous = [...region.core].filter(id => isAnonymous(world.holders.get(id)!.type))
  return hearsayRegion(world, [...heard, ...ends.map(it => it.id), ...anonymous], true).missing
}

export const isNothing = ({ holders, links }: Missing): boolean => holders.size === 0 && links.size === 0
