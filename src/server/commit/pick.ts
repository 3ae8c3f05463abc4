import type { Item } from './item.ts'

/**
 * What an item says that it is about, as names. Items that share none may be decided at once, on two connections; what they meet in without
 * having named it, as the counters of an offer, is for the locks, as it is between processes.
 */
export const namesOf = ({ needs, idempotency }: Pick<Item, 'needs' | 'idempotency'>): readonly string[] => {
  const names: string[] = []
  const add = (all: readonly string[] | undefined, kind = ''): void => {
    if (all) for (const it of all) names.push(kind + it)
  }
  const addAll = (all: readonly { readonly type: string; readonly value: string }[] | undefined): void => {
    if (all) for (const { type, value } of all) names.push(`${type}:${value}`)
  }
  add(needs.orders, 'order ')
  for (const { orderId } of needs.returns ?? []) names.push(`order ${orderId}`)
  addAll(needs.identifiers)
  addAll(needs.subjects)
  addAll(needs.happenings)
  addAll(needs.events)
  for (const [a, b] of needs.links ?? []) names.push(a, b)
  add(needs.holders)
  add(needs.components)
  add(needs.claimed)
  add(needs.households)
  add(needs.adjustments)
  add(needs.transactions)
  for (const { ownerId } of needs.value ?? []) if (ownerId !== undefined) names.push(ownerId)
  add(needs.codes, 'code ')
  add(needs.giftCards, 'code ')
  add(needs.packs, 'pack ')
  add(needs.devices, 'device ')
  add(needs.messages, 'message ')
  if (idempotency) names.push(`key ${idempotency.keyHash}`)
  return names
}

/** Something that waits for its turn; its names are worked out when first asked for. */
type Named = { readonly item: Item; names?: readonly string[] }
const named = (it: Named): readonly string[] => {
  it.names ??= namesOf(it.item)
  return it.names
}

/**
 * The next batch of a queue: what comes first, as far as it fits, and of it nothing that is about what batches under way are about. Whoever
 * asks later about the same waits behind him who waits, so that what one sender sends is done in its order.
 *
 *     pick([ana, ben, ana2], [[ana1]], { items: 256, weight: 2048 })   // { batch: [ben], rest: [ana, ana2] }
 */
export const pick = <T extends Named>(
  queue: readonly T[],
  underWay: readonly (readonly Named[])[],
  most: { readonly items: number; readonly weight: number },
): { readonly batch: readonly T[]; readonly rest: T[] } => {
  const taken = new Set(underWay.flat().flatMap(named))
  const batch: T[] = []
  const rest: T[] = []
  let weight = 0
  for (const [index, it] of queue.entries()) {
    if (batch.length === most.items || (batch.length > 0 && weight + it.item.weight > most.weight))
      return { batch, rest: [...rest, ...queue.slice(index)] }
    if (underWay.length > 0 && named(it).some(name => taken.has(name))) {
      for (const name of named(it)) taken.add(name)
      rest.push(it)
    } else {
      weight += it.item.weight
      batch.push(it)
    }
  }
  return { batch, rest }
}
