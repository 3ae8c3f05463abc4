import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { whoBuys } from '../../core/loop/buyer.ts'
import type { Holder, World } from '../../core/loop/world.ts'
import { parseRef } from '../../core/people/ref.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { holderIdOf } from '../../core/people/union.ts'
import type { Needs } from '../commit/item.ts'

/** Whom an item that names people needs; what is no reference names nobody, and is refused when the item is decided (`knownHolder`). */
export const needsOfRefs = (
  refs: readonly (string | undefined)[],
  country: string | undefined,
): Pick<Needs, 'holders' | 'identifiers'> => {
  const parsed = refs.flatMap(text => {
    const it = text === undefined ? undefined : parseRef(text, { country })
    return it?.ok ? it.value : []
  })
  return {
    holders: parsed.flatMap(it => ('personId' in it ? holderIdOf(it.personId) : [])),
    identifiers: parsed.flatMap(it => ('type' in it ? it : [])),
  }
}

/** The holder that a reference names, of somebody who is known. `pointer` is where it stands in the body. */
export const knownHolder = (world: World, ref: string, pointer: string): Result<Holder> => {
  const who = whoBuys(world, ref)
  if (!who.ok) return no({ ...who.refusal, errors: [{ pointer, message: who.refusal.message }] })
  const { holder, identifier } = who.value!
  if (holder) return ok(holder)
  const refusal = refuse(peopleRefusals.person_not_found, { type: identifier!.type })
  return no({ ...refusal, errors: [{ pointer, message: refusal.message }] })
}

/** Whose value an item spends, where one reference says so: nobody else's lots are read. */
export const ofRef = (text: string, country: string | undefined): { readonly of?: string } => {
  const it = parseRef(text, { country })
  if (!it.ok) return {}
  return { of: 'personId' in it.value ? holderIdOf(it.value.personId) : `${it.value.type}:${it.value.value}` }
}
