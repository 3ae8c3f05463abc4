import type { Identifier } from '../events/schema.ts'
import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { linkKey, type StoredLink } from '../people/links.ts'
import type { ParsedRef } from '../people/ref.ts'
import { peopleRefusals } from '../people/refusals.ts'
import { holderIdOf } from '../people/union.ts'
import { whyApart } from '../people/why-apart.ts'
import { addLink, removeLink, split, undoSplit } from './link.ts'
import { ownEvent } from './own-event.ts'
import { type Holder, holderOf, instantOrNull, type World } from './world.ts'

/** Who asks, for the audit log. */
export type Clerk = { readonly keyId: string; readonly requestId: string; readonly reason: string | undefined }

/** What a split keeps apart at the most: each pair is a row, and is looked at whenever one of the two is linked. */
export const mostPairs = 1000

const linkAnswer = ({ firstSeenAt, removedAt, ...link }: StoredLink) => ({
  ...link,
  firstSeenAt: formatInstant(firstSeenAt),
  removedAt: instantOrNull(removedAt),
})

const byAge = (left: Holder, right: Holder): number => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1)

/** The persons of these holders as they are now, in the order the holders are named. */
const personsOf = (world: World, holderIds: Iterable<string>) =>
  [...new Set([...holderIds].map(id => world.holders.get(id)!.personId))].map(id => ({
    id,
    identifiers: world.persons
      .get(id)!
      .map(holderId => world.holders.get(holderId)!)
      .sort(byAge)
      .map(({ id: holder, type, value, given, standing }) => ({ type, value, given, holder, standing })),
  }))

const fellows = (world: World, holders: readonly Holder[]): string[] =>
  holders.flatMap(holder => [holder.id, ...world.persons.get(holder.personId)!])

const linksBetween = (world: World, left: Holder, right: Holder): StoredLink[] => {
  const [a, b] = left.id < right.id ? [left.id, right.id] : [right.id, left.id]
  return [true, false].flatMap(verified => world.links.get(linkKey({ a, b, verified })) ?? [])
}

/** The holder that a reference names: of a person id the one that names her. */
export const namedHolder = (world: World, ref: ParsedRef): Result<Holder> => {
  const id = 'personId' in ref ? holderIdOf(ref.personId) : world.identifiers.get(`${ref.type}:${ref.value}`)
  const holder = id === undefined ? undefined : world.holders.get(id)
  const type = 'personId' in ref ? 'id' : ref.type
  return holder ? ok(holder) : no(refuse(peopleRefusals.person_not_found, { type }))
}

const audit = (
  world: World,
  { keyId, requestId, reason }: Clerk,
  entry: { readonly action: string; readonly subject: string; readonly details: object },
): void => {
  const details = { requestId, ...entry.details, ...(reason !== undefined && { reason }) }
  world.changes.newAudits.push({ ...entry, id: world.newId('aud'), at: world.now, keyId, details })
}

type PairAsked = { readonly a: ParsedRef; readonly b: ParsedRef }

/** Both holders of a pair; of identifiers those that nobody knows are made. */
const pairOf = (world: World, { a, b }: PairAsked, isMade: boolean): Result<readonly [Holder, Holder]> => {
  const found = [a, b].map(ref => namedHolder(world, ref))
  const missing = found.find((result, index) => !result.ok && !(isMade && 'type' in [a, b][index]!))
  if (missing && !missing.ok) return missing
  const [left, right] = found.map((result, index) =>
    result.ok ? result.value : holderOf(world, [a, b][index] as Identifier),
  ) as [Holder, Holder]
  return ok([left, right])
}

/** A clerk, or an import, says that two identifiers belong to one human. */
export const linkByHand = (
  world: World,
  { a, b, verified, source }: PairAsked & { readonly verified: boolean; readonly source: 'clerk' | 'import' },
  clerk: Clerk,
) => {
  const pair = pairOf(world, { a, b }, true)
  if (!pair.ok) return pair
  const [left, right] = pair.value
  const before = fellows(world, [left, right])
  addLink(world, { a: left.id, b: right.id, verified, source, cause: clerk.requestId, firstSeenAt: world.now })
  audit(world, clerk, { action: 'linkPeople', subject: left.id, details: { with: right.id, verified, source } })
  const links = linksBetween(world, left, right)
  const merged = left.personId === right.personId
  const suppressed = links.find(link => link.verified === verified)?.suppressed ?? null
  return ok({
    person: left.personId,
    merged,
    suppressed,
    sentence: suppressed === null ? null : whyApart[suppressed],
    links: links.map(linkAnswer),
    persons: personsOf(world, [left.id, right.id, ...before]),
  })
}

/** Stands in the timelines of both, whether or not they are two people now. */
const tellRemoved = (world: World, left: Holder, right: Holder, cause: string): void => {
  for (const [holder, from] of [
    [left, right],
    [right, left],
  ] as const) {
    ownEvent(world, {
      messageId: `Link Removed ${holder.id} ${from.id} ${world.now} ${cause}`,
      holderId: holder.id,
      name: 'Link Removed',
      properties: { holder: holder.id, from: from.id, cause },
    })
  }
}

/** A clerk takes away what links two identifiers directly. */
export const unlinkByHand = (world: World, asked: PairAsked, clerk: Clerk) => {
  const pair = pairOf(world, asked, false)
  if (!pair.ok) return pair
  const [left, right] = pair.value
  const before = fellows(world, [left, right])
  if (!removeLink(world, left.id, right.id, clerk.requestId)) return no(refuse(peopleRefusals.link_not_found))
  tellRemoved(world, left, right, clerk.requestId)
  audit(world, clerk, { action: 'unlinkPeople', subject: left.id, details: { from: right.id } })
  return ok({
    separated: left.personId !== right.personId,
    links: linksBetween(world, left, right).map(linkAnswer),
    persons: personsOf(world, [left.id, right.id, ...before]),
  })
}

/** The groups as holders; whoever of the person is not named stays with the first. */
const groupsOf = (
  world: World,
  person: Holder,
  groups: readonly (readonly ParsedRef[])[],
): Result<readonly (readonly string[])[]> => {
  const seen = new Set<string>()
  const named: string[][] = []
  for (const [index, group] of groups.entries()) {
    const ids: string[] = []
    for (const [place, ref] of group.entries()) {
      const holder = namedHolder(world, ref)
      if (!holder.ok || holder.value.personId !== person.personId || seen.has(holder.value.id))
        return no(refuse(peopleRefusals.identifier_of_another, { pointer: `/groups/${index}/${place}` }))
      seen.add(holder.value.id)
      ids.push(holder.value.id)
    }
    named.push(ids)
  }
  const rest = world.persons.get(person.personId)!.filter(id => !seen.has(id))
  return ok([[...named[0]!, ...rest], ...named.slice(1)])
}

const pairsAcross = (groups: readonly (readonly string[])[]): number => {
  const all = groups.flat().length
  return (all * all - groups.reduce((sum, group) => sum + group.length ** 2, 0)) / 2
}

/** A clerk says that identifiers of one person belong to several humans. */
export const splitByHand = (
  world: World,
  { person, groups }: { readonly person: ParsedRef; readonly groups: readonly (readonly ParsedRef[])[] },
  clerk: Clerk,
) => {
  const found = namedHolder(world, person)
  if (!found.ok) return found
  const parts = groupsOf(world, found.value, groups)
  if (!parts.ok) return parts
  const pairs = pairsAcross(parts.value)
  if (pairs > mostPairs) return no(refuse(peopleRefusals.split_too_large, { pairs, most: mostPairs }))
  const id = world.newId('spl')
  const subject = found.value.personId
  split(world, parts.value, id)
  audit(world, clerk, { action: 'splitPerson', subject: id, details: { person: subject, groups: parts.value } })
  return ok({ id, persons: personsOf(world, parts.value.flat()) })
}

/** A clerk takes a split back. */
export const undoSplitByHand = (world: World, id: string, clerk: Clerk) => {
  const parted = [...world.neverMerge.values()].filter(it => it.cause === id).flatMap(({ a, b }) => [a, b])
  if (parted.length === 0) return no(refuse(peopleRefusals.split_not_found, { id }))
  undoSplit(world, id)
  audit(world, clerk, { action: 'undoSplit', subject: id, details: {} })
  return ok({ id, persons: personsOf(world, parted) })
}
