import type { Holder, Membership, World } from '../../core/loop/world.ts'

/** Somebody as the last commit about her left her: all her holders, each with its memberships. */
export type KnownPerson = {
  readonly id: string
  /** Of the catalogue: another one may count other members. */
  readonly version: number
  readonly holders: readonly { readonly holder: Holder; readonly memberships: Map<string, Membership> }[]
}

/** Whose holders a world holds all, with their segments, as they were read: person id → holder ids. */
export type WholePersons = ReadonlyMap<string, readonly string[]>

/**
 * The people that the last batches of this process were about, so that whoever does ten things in a row is read once. What is kept
 * proves nothing: rows may have changed since, so whoever takes somebody out compares her `stamp` with the store's. Taken is gone: a
 * batch changes what it took, and only what it committed is kept again.
 */
export type KnownPeople = {
  /** Those who have one of these identifiers (`type:value`). */
  take(workspaceId: string, identifiers: Iterable<string>): readonly KnownPerson[]
  /** Keeps who was read whole and is still made of the same holders. Call it when the world is committed. */
  keep(world: World, whole: WholePersons): void
}

/** About 10 KB each, of who is in thirty segments and is known by two identifiers. */
const mostPeople = 4096
/** Who has more is seldom one human, and takes more room than she saves time. */
const mostHolders = 16

/** What differs as soon as anything of a person does: every change of a holder raises its revision. */
export const stamp = ({ holders }: KnownPerson): string =>
  holders.map(({ holder }) => `${holder.id} ${holder.revision}`).join()

export const makeKnownPeople = (): KnownPeople => {
  // The first in the map is who was kept longest ago.
  const people = new Map<string, KnownPerson>()
  const named = new Map<string, string>()
  const nameOf = (workspaceId: string, { type, value }: Holder): string => `${workspaceId}\n${type}:${value}`

  const remove = (workspaceId: string, key: string): KnownPerson | undefined => {
    const person = people.get(key)
    if (!person) return undefined
    people.delete(key)
    for (const { holder } of person.holders) named.delete(nameOf(workspaceId, holder))
    return person
  }

  return {
    take: (workspaceId, identifiers) => {
      const taken: KnownPerson[] = []
      for (const identifier of identifiers) {
        const key = named.get(`${workspaceId}\n${identifier}`)
        const person = key === undefined ? undefined : remove(workspaceId, key)
        if (person) taken.push(person)
      }
      return taken
    },
    keep: (world, whole) => {
      const { workspace, catalogue, persons } = world
      for (const [id, ids] of whole) {
        const now = persons.get(id)
        if (ids.length > mostHolders || now?.length !== ids.length || !ids.every(it => now.includes(it))) continue
        const holders = ids.map(it => ({
          holder: world.holders.get(it)!,
          memberships: world.memberships.get(it) ?? new Map(),
        }))
        const key = `${workspace.id}\n${id}`
        remove(workspace.id, key)
        people.set(key, { id, version: catalogue.version, holders })
        for (const { holder } of holders) named.set(nameOf(workspace.id, holder), key)
      }
      for (const key of people.keys()) {
        if (people.size <= mostPeople) break
        remove(key.slice(0, key.indexOf('\n')), key)
      }
    },
  }
}
