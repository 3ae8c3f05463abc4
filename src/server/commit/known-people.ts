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

/** What a batch took out keeps its place, so that to keep it again moves nothing but itself. */
type Slot = { readonly workspaceId: string; person: KnownPerson; isTaken: boolean }

export const makeKnownPeople = (): KnownPeople => {
  // The first in the map is who was kept longest ago.
  const slots = new Map<string, Slot>()
  const named = new Map<string, Slot>()
  const namesOf = ({ workspaceId, person }: Slot): readonly string[] =>
    person.holders.map(({ holder: { type, value } }) => `${workspaceId}\n${type}:${value}`)

  const remove = (key: string, slot: Slot): void => {
    slots.delete(key)
    for (const name of namesOf(slot)) if (named.get(name) === slot) named.delete(name)
  }
  const put = (key: string, workspaceId: string, person: KnownPerson): void => {
    const slot = slots.get(key)
    if (slot && isOfSame(slot.person, person)) {
      slot.person = person
      slot.isTaken = false
      slots.delete(key)
      slots.set(key, slot)
      return
    }
    if (slot) remove(key, slot)
    const made = { workspaceId, person, isTaken: false }
    slots.set(key, made)
    for (const name of namesOf(made)) named.set(name, made)
  }

  return {
    take: (workspaceId, identifiers) => {
      const taken: KnownPerson[] = []
      for (const identifier of identifiers) {
        const slot = named.get(`${workspaceId}\n${identifier}`)
        if (!slot || slot.isTaken) continue
        slot.isTaken = true
        taken.push(slot.person)
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
        put(`${workspace.id}\n${id}`, workspace.id, { id, version: catalogue.version, holders })
      }
      for (const [key, slot] of slots) {
        if (slots.size <= mostPeople) break
        remove(key, slot)
      }
    },
  }
}

/** Whether the same identifiers name them. */
const isOfSame = (a: KnownPerson, b: KnownPerson): boolean =>
  a.holders.length === b.holders.length &&
  a.holders.every(({ holder }, index) => {
    const other = b.holders[index]!.holder
    return holder.id === other.id && holder.value === other.value
  })
