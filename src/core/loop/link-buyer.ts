import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { isBlocked } from '../people/blocked.ts'
import { type ParsedRef, parseRef } from '../people/ref.ts'
import { peopleRefusals } from '../people/refusals.ts'
import { holderIdOf } from '../people/union.ts'
import { addLink } from './link.ts'
import { type Holder, holderOf, type StoredOrder, type World } from './world.ts'

/** The identifiers that an order names besides the one that buys; a mistake says which. */
export const identifiersNamed = (world: World, refs: readonly string[]): Result<readonly ParsedRef[]> => {
  const named: ParsedRef[] = []
  for (const [index, ref] of refs.entries()) {
    const parsed = parseRef(ref, { country: world.workspace.country })
    const pointer = `/identifiers/${index}`
    if (!parsed.ok) return no({ ...parsed.refusal, errors: [{ pointer, message: parsed.refusal.message }] })
    if ('personId' in parsed.value && !world.holders.has(holderIdOf(parsed.value.personId)))
      return no(refuse(peopleRefusals.person_not_found, { type: 'id' }, [{ pointer, message: 'is unknown' }]))
    named.push(parsed.value)
  }
  return ok(named)
}

/**
 * Links who bought with what else she showed: a card at the till and an e-mail for the receipt. Whoever has a key that places orders saw
 * both, so it is proven. It counts from her next order on: this one is decided for whom it names.
 */
export const linkBuyer = (world: World, buyer: Holder, order: StoredOrder, named: readonly ParsedRef[]): void => {
  for (const ref of named) {
    const other = holderNamed(world, ref)
    if (!other) continue
    addLink(world, {
      a: buyer.id,
      b: other.id,
      verified: true,
      source: 'order',
      cause: order.id,
      firstSeenAt: order.occurredAt,
    })
  }
}

const holderNamed = (world: World, ref: ParsedRef): Holder | undefined => {
  if ('personId' in ref) return world.holders.get(holderIdOf(ref.personId))
  return isBlocked(ref, world.catalogue.identity) ? undefined : holderOf(world, ref)
}
