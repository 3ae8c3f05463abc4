import { commonRefusals } from '../../contract/common-refusals.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { whoBuys } from '../../core/loop/buyer.ts'
import type { World } from '../../core/loop/world.ts'
import type { Auth } from '../http/call.ts'

/** Whether a caller may speak for whom she names: a browser only for the person of its token. */
export const speaksFor = (world: World, { scope, person }: Auth, ref: string): Result<undefined> => {
  if (scope !== 'publishable') return ok(undefined)
  const own = person === undefined ? undefined : whoBuys(world, person)
  const named = whoBuys(world, ref)
  const isOwn = own?.ok && named.ok && named.value?.personId != null && own.value?.personId === named.value.personId
  if (isOwn) return ok(undefined)
  const allowed = 'secret, or a publishable key with the personToken of this person'
  return no(refuse(commonRefusals.forbidden, { scope, allowed }))
}
