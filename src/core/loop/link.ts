import { linkKey, type NewLink, type StoredLink } from '../people/links.ts'
import { believedFirst, type Evidence, maxHearsay, type Resolved, resolve, ruleOf } from '../people/resolve.ts'
import { isAnonymous } from '../people/traits-of.ts'
import { holderIdOf } from '../people/union.ts'
import {
  type End,
  hearsayOf,
  hearsayRegion,
  isBlockedHere,
  isKnownPerson,
  type Missing,
  type Region,
  regionOf,
} from './link-region.ts'
import { ownEvent } from './own-event.ts'
import {
  changeHolder,
  type Holder,
  joinBehaviour,
  pairKey,
  seeLink,
  seeNeverMerge,
  touch,
  type World,
} from './world.ts'

type Pair = readonly [a: string, b: string]

const ordered = (a: string, b: string): Pair => (a < b ? [a, b] : [b, a])

/**
 * Records evidence that two holders are one human, and unites whom it unites. Of the same evidence the earliest counts; what somebody
 * took away does not come back by evidence, only by the word of a clerk (`source` 'clerk', or a split that keeps a group together).
 * What is known and not earlier changes nothing.
 *
 *     addLink(world, { a: 'hol_a', b: 'hol_b', verified: true, source: 'event', cause: 'msg-1', firstSeenAt: 1772352000000 })
 */
export const addLink = (world: World, link: NewLink): void => {
  const [a, b] = ordered(link.a, link.b)
  if (a === b) return
  const known = world.links.get(linkKey({ a, b, verified: link.verified }))
  const other = world.links.get(linkKey({ a, b, verified: !link.verified }))
  const isWord = link.source === 'clerk' || link.source === 'split'
  // What is new of a kind was taken away where the other kind was; what a split said of them was nobody's evidence.
  const said = [known, other].find(it => it && it.source !== 'split')
  const removedAt = isWord ? null : (said?.removedAt ?? null)
  // An unverified word proves nothing: what was proven and taken away stays away.
  const revived = isWord && link.verified && other !== undefined && other.removedAt !== null
  if (revived) putLink(world, { ...other, removedAt: null })
  const next = mergedLink(known, { ...link, a, b }, removedAt)
  if (next === known && !revived) return
  if (next !== known) putLink(world, next)
  const ends = [world.holders.get(a)!, world.holders.get(b)!] as const
  // Whoever read their links without a lock must read them again.
  for (const holder of ends) changeHolder(world, holder, () => undefined)
  if (removedAt !== null) return
  if (link.verified) resolveAround(world, [[a, b]], link.cause)
  if (!link.verified || revived) hear(world, [a, b])
}

/** The evidence of a pair with what is new; the same object where there is nothing new. */
const mergedLink = (known: StoredLink | undefined, link: NewLink, removedAt: number | null): StoredLink => {
  // What only a split said gives way to evidence, so that undoing the split leaves the evidence.
  if (!known || (known.source === 'split' && (link.source !== 'split' || known.removedAt !== null)))
    return { ...link, suppressed: null, removedAt }
  const isEarlier = link.firstSeenAt < known.firstSeenAt && link.source !== 'split'
  if (!isEarlier && known.removedAt === removedAt) return known
  const { firstSeenAt, source, cause } = isEarlier ? link : known
  return { ...known, firstSeenAt, source, cause, removedAt }
}

const putLink = (world: World, link: StoredLink): void => {
  const key = linkKey(link)
  const stored: StoredLink = {
    ...link,
    suppressed: link.removedAt !== null ? 'removed' : link.verified ? link.suppressed : 'unverified',
  }
  if (world.links.has(key)) {
    world.links.set(key, stored)
    if (!world.changes.newLinks.has(key)) world.changes.links.add(key)
    return
  }
  seeLink(world, stored)
  world.changes.newLinks.add(key)
}

/** Takes away what says that two holders are one, verified or not, and undoes what it did. False: there was nothing to take away. */
export const removeLink = (world: World, left: string, right: string, cause: string): boolean => {
  const [a, b] = ordered(left, right)
  const there = [true, false].flatMap(verified => {
    const link = world.links.get(linkKey({ a, b, verified }))
    return link && link.removedAt === null ? [link] : []
  })
  if (there.length === 0) return false
  for (const link of there) takeAway(world, link)
  resolveAround(world, [[a, b]], cause, true)
  hear(world, [a, b])
  return true
}

const takeAway = (world: World, link: StoredLink): void => {
  putLink(world, { ...link, removedAt: world.now })
  for (const id of [link.a, link.b]) changeHolder(world, world.holders.get(id)!, () => undefined)
}

/**
 * Parts one person's holders into groups that never become one again, each of which stays together. `cause` is the split's id, by which
 * it can be undone.
 *
 *     split(world, [['hol_ana', 'hol_phone'], ['hol_ben']], 'spl_1')
 */
export const split = (world: World, groups: readonly (readonly string[])[], cause: string): void => {
  for (const [index, group] of groups.entries())
    for (const left of group)
      for (const right of groups.slice(index + 1).flat()) addNeverMerge(world, ...ordered(left, right), cause)
  const all = groups.flat()
  for (const id of all) changeHolder(world, world.holders.get(id)!, () => undefined)
  for (const group of groups) keepTogether(world, group, cause)
  resolveAround(world, groupsAsPairs(all), cause, true)
}

const groupsAsPairs = (ids: readonly string[]): Pair[] => ids.map(id => [id, ids[0]!] as const)

const addNeverMerge = (world: World, a: string, b: string, cause: string): void => {
  if (world.neverMerge.has(pairKey(a, b))) return
  const pair = { a, b, cause }
  seeNeverMerge(world, pair)
  world.changes.newNeverMerge.push(pair)
}

/** What tied a group together may have led through another group: then its own links fall apart, and the split itself holds it. */
const keepTogether = (world: World, group: readonly string[], cause: string): void => {
  const holders = group.map(id => world.holders.get(id)!)
  const isIn = new Set(group)
  const links = new Set(group.flatMap(id => [...(world.linksOf.get(id) ?? [])]))
  const among = [...links].map(key => world.links.get(key)!).filter(({ a, b }) => isIn.has(a) && isIn.has(b))
  const { personOf } = resolve({ holders, links: among, neverMerge: [] }, world.catalogue.identity)
  // The best known of them: links through an anonymous one would bridge people.
  const [centre] = holders.toSorted((left, right) => {
    const [p, q] = [left, right].map(it => ruleOf(world.catalogue.identity, it.type).priority) as [number, number]
    const [n, m] = [left, right].map(it => `${it.type}:${it.value}`) as [string, string]
    return Number(isAnonymous(left.type)) - Number(isAnonymous(right.type)) || p - q || (n < m ? -1 : 1)
  })
  const held = new Set([personOf.get(centre!.id)])
  for (const holder of holders) {
    const part = personOf.get(holder.id)!
    if (held.has(part)) continue
    held.add(part)
    // The holder that names the part stands for it.
    const [a, b] = ordered(centre!.id, holderIdOf(part))
    const evidence = { a, b, verified: true, source: 'split', cause, firstSeenAt: world.now } as const
    const known = world.links.get(linkKey(evidence))
    const next = mergedLink(known, evidence, null)
    if (next !== known) putLink(world, next)
  }
}

/** Takes a split back: who was parted by it may be one again, and what it tied together is tied by evidence alone. */
export const undoSplit = (world: World, cause: string): void => {
  const pairs = [...world.neverMerge.values()].filter(it => it.cause === cause)
  for (const pair of pairs) {
    const key = pairKey(pair.a, pair.b)
    world.neverMerge.delete(key)
    for (const id of [pair.a, pair.b]) world.strangersOf.get(id)?.delete(key)
    const fresh = world.changes.newNeverMerge.indexOf(pair)
    if (fresh >= 0) world.changes.newNeverMerge.splice(fresh, 1)
    else world.changes.removedNeverMerge.push(pair)
  }
  const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  for (const id of ids) changeHolder(world, world.holders.get(id)!, () => undefined)
  const keys = new Set(ids.flatMap(id => [...(world.linksOf.get(id) ?? [])]))
  for (const key of keys) {
    const link = world.links.get(key)!
    if (link.source === 'split' && link.cause === cause && link.removedAt === null) takeAway(world, link)
  }
  if (ids.length > 0) resolveAround(world, groupsAsPairs(ids), cause, true)
}

/** Works these holders' components out again, under the rules of now: after the rules changed. */
export const resolveAgain = (world: World, ids: readonly string[], cause: string): void => {
  const done = new Set<string>()
  for (const id of ids) {
    if (done.has(id)) continue
    for (const other of resolveAround(world, [[id, id]], cause, true)) done.add(other)
  }
  hear(world, ids)
}

/** Works out the persons that links between these pairs can change, and books what became of them. Answers whose were worked out. */
const resolveAround = (world: World, pairs: readonly Pair[], cause: string, whole = false): ReadonlySet<string> => {
  const ends = pairs.flatMap(([a, b]): End[] => [
    { id: a, otherType: world.holders.get(b)!.type },
    { id: b, otherType: world.holders.get(a)!.type },
  ])
  const isNobodys = ([a, b]: Pair): boolean => [a, b].some(id => isBlockedHere(world, world.holders.get(id)!))
  if (!whole && pairs.every(isNobodys)) {
    for (const pair of pairs) suppress(world, linkKey({ a: pair[0], b: pair[1], verified: true }), 'blocked')
    for (const { id } of ends) settleBlocked(world, world.holders.get(id)!)
    return new Set()
  }
  let region = regionOf(world, ends, whole)
  let found = resolveRegion(world, region, pairs)
  // One that becomes everybody's no longer holds its component together, and that may now be small enough.
  const letsGo = [...region.core, ...ends.map(it => it.id)].some(
    id => world.holders.get(id)!.standing === 'quarantined' && found.standing.get(id) === 'shared',
  )
  if (!whole && letsGo) {
    region = regionOf(world, ends, true)
    found = resolveRegion(world, region, pairs)
  }
  const changed = book(world, region, found, pairs, cause)
  hear(
    world,
    changed.filter(holder => isAnonymous(holder.type)).map(it => it.id),
  )
  return region.core
}

const settleBlocked = (world: World, holder: Holder): void => {
  if (!isBlockedHere(world, holder) || holder.standing === 'blocked') return
  changeHolder(world, holder, it => {
    it.standing = 'blocked'
  })
}

const mustHave = ({ holders, links }: Missing): void => {
  const [absent] = [...holders, ...links]
  if (absent !== undefined) throw new Error(`the links of ${absent} may change and were not loaded`)
}

const resolveRegion = (world: World, region: Region, pairs: readonly Pair[]): Resolved => {
  mustHave(region.missing)
  const links = new Map<string, Evidence>()
  const strangers = new Set<string>()
  for (const [a, b] of pairs) {
    const key = linkKey({ a, b, verified: true })
    const link = world.links.get(key)
    if (link && link.removedAt === null) links.set(key, link)
  }
  for (const id of region.holders) {
    // What stands at the edge may have any number of links; those that lead in are found from inside.
    if (region.incomplete.has(id)) continue
    for (const key of world.linksOf.get(id) ?? []) {
      const link = world.links.get(key)!
      if (link.verified && link.removedAt === null) links.set(key, link)
    }
    for (const key of world.strangersOf.get(id) ?? []) strangers.add(key)
  }
  return resolve(
    {
      holders: [...region.holders].map(id => world.holders.get(id)!),
      links: links.values(),
      neverMerge: [...strangers].map(key => world.neverMerge.get(key)!),
      incomplete: region.incomplete,
      quarantined: region.quarantined,
    },
    world.catalogue.identity,
  )
}

const suppress = (world: World, key: string, suppressed: StoredLink['suppressed']): void => {
  const link = world.links.get(key)!
  if (link.suppressed !== suppressed) putLink(world, { ...link, suppressed })
}

/** Writes what was worked out to holders and links; answers whose person is another, or has others in it. */
const book = (
  world: World,
  region: Region,
  found: Resolved,
  pairs: readonly Pair[],
  cause: string,
): readonly Holder[] => {
  const named = new Set(pairs.map(([a, b]) => linkKey({ a, b, verified: true })))
  for (const [key, why] of found.suppressed) {
    const { a, b } = world.links.get(key)!
    if (named.has(key) || region.core.has(a) || region.core.has(b)) suppress(world, key, why)
  }
  const before = new Set<string>()
  const after = new Set<string>()
  for (const id of region.core) {
    before.add(world.holders.get(id)!.personId)
    after.add(found.personOf.get(id)!)
  }
  const wasQuarantined = [...region.holders].some(id => world.holders.get(id)!.standing === 'quarantined')
  const changed: (readonly [Holder, was: string])[] = []
  const entered: Holder[] = []
  for (const id of region.holders) {
    const holder = world.holders.get(id)!
    const isBlocked = found.standing.get(id) === 'blocked'
    const personId = found.personOf.get(id)!
    // Of who stands at the edge nothing was worked out.
    if (!isBlocked && !(before.has(holder.personId) || after.has(personId))) continue
    if (!isBlocked && region.incomplete.has(id)) continue
    const standing = found.standing.get(id)!
    if (standing !== holder.standing) {
      if (standing === 'quarantined') entered.push(holder)
      changeHolder(world, holder, it => {
        it.standing = standing
      })
    }
    if (personId === holder.personId) continue
    changed.push([holder, holder.personId])
    movePerson(world, holder, personId)
  }
  announce(world, changed, cause)
  // Whoever stays in a person that others left is somebody else now too.
  const left = [...new Set(changed.map(([, was]) => was))].flatMap(was => world.persons.get(was) ?? [])
  for (const id of left) touch(world, id, 'person')
  if (!wasQuarantined && entered[0]) {
    const { personId } = entered.reduce((left, right) => (left.id < right.id ? left : right))
    event(world, 'Person Quarantined', personId, { from: personId, to: personId, cause })
  }
  return [...changed.map(([holder]) => holder), ...left.map(id => world.holders.get(id)!)]
}

const movePerson = (world: World, holder: Holder, personId: string): void => {
  const old = world.persons.get(holder.personId)!
  old.splice(old.indexOf(holder.id), 1)
  if (old.length === 0) world.persons.delete(holder.personId)
  const now = world.persons.get(personId)
  if (now) now.push(holder.id)
  else world.persons.set(personId, [holder.id])
  changeHolder(world, holder, it => {
    it.personId = personId
  })
  touch(world, holder.id, 'person')
}

/** Tells of persons that are gone and of new ones, under whoever is there now. One that was made in this commit is no news. */
const announce = (world: World, changed: readonly (readonly [Holder, was: string])[], cause: string): void => {
  const isOfNow = (personId: string): boolean => world.changes.newHolders.has(holderIdOf(personId))
  const gone = new Set(changed.map(([, was]) => was).filter(it => !world.persons.has(it) && !isOfNow(it)))
  for (const from of [...gone].sort()) {
    const to = world.holders.get(holderIdOf(from))!.personId
    event(world, 'Person Merged', to, { from, to, cause })
  }
  const wasThere = new Set(changed.map(([, was]) => was))
  for (const [holder, from] of changed) {
    const to = holder.personId
    if (holderIdOf(to) !== holder.id || wasThere.has(to) || isOfNow(to)) continue
    event(world, 'Person Split', to, { from, to, cause })
  }
}

const event = (
  world: World,
  name: string,
  personId: string,
  properties: { readonly from: string; readonly to: string; readonly cause: string },
): void => {
  const { from, to, cause } = properties
  const messageId = `${name} ${from} ${to} ${world.now} ${cause}`
  if (world.messages.has(messageId)) return
  world.messages.add(messageId)
  ownEvent(world, { messageId, holderId: holderIdOf(personId), name, properties })
}

/** Works out again whose behaviour anonymous persons tell of, where something about these holders changed. */
const hear = (world: World, ids: readonly string[]): void => {
  const anonymous = ids.filter(id => isAnonymous(world.holders.get(id)!.type))
  if (anonymous.length === 0) return
  const { persons, missing } = hearsayRegion(world, anonymous)
  mustHave(missing)
  for (const personId of persons) {
    const holders = world.persons.get(personId)!.map(id => world.holders.get(id)!)
    const anchor = isKnownPerson(world, personId) ? null : anchorOf(world, holders)
    for (const holder of holders) if (isAnonymous(holder.type)) joinBehaviour(world, holder, anchor)
  }
}

/** The first known identifier that unverified links tie an anonymous person to, by the order of `resolve`. */
const anchorOf = (world: World, holders: readonly Holder[]): string | null => {
  const own = new Set(holders.map(it => it.id))
  const links: Evidence[] = []
  const tellsTooMuch = ({ id, type }: Holder): boolean => isAnonymous(type) && hearsayOf(world, id).size > maxHearsay
  for (const holder of holders) {
    if (isBlockedHere(world, holder) || tellsTooMuch(holder)) continue
    for (const key of world.linksOf.get(holder.id) ?? []) {
      const link = world.links.get(key)!
      const other = world.holders.get(link.a === holder.id ? link.b : link.a)!
      if (link.verified || link.removedAt !== null || own.has(other.id)) continue
      if (isBlockedHere(world, other) || tellsTooMuch(other) || !isKnownPerson(world, other.personId)) continue
      links.push(link)
    }
  }
  const first = believedFirst(links, id => world.holders.get(id)!, world.catalogue.identity)
  return first === undefined ? null : own.has(first.a) ? first.b : first.a
}
