import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import type { Standing } from '../../core/people/links.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import type { Auth } from '../http/call.ts'
import { holdersFor } from './holders.ts'

export type PersonHolder = {
  id: string
  type: string
  value: string
  given: string
  standing: Standing | null
  orders: number
  spend: Record<string, number>
  first_order_at: number | null
  last_order_at: number | null
  traits: Record<string, unknown>
  created_at: number
}
const columns = 'id, type, value, given, standing, orders, spend, first_order_at, last_order_at, traits, created_at'
export type FoundPerson = { readonly id: string; readonly holders: readonly PersonHolder[] }

/**
 * The person that a reference names, as a caller may see her: with a publishable key only the one its personToken speaks for, and of
 * anybody else not even whether she is known.
 */
export const findPerson = async (
  source: Queryable,
  workspace: Workspace,
  auth: Auth,
  ref: string,
  now: number,
): Promise<Result<FoundPerson>> => {
  const resolve = async (text: string): Promise<Result<string>> => {
    const found = await holdersFor(source, workspace, [text], now, { create: false })
    if (found.ok) return ok(found.value[0]!.personId)
    const { errors: _, ...refusal } = found.refusal
    return no(refusal)
  }
  const named = await resolve(ref)
  if (auth.scope === 'publishable') {
    const own = auth.person === undefined ? undefined : await resolve(auth.person)
    if (!own?.ok || !named.ok || own.value !== named.value) {
      const allowed = 'secret, or a publishable key with the personToken of this person'
      return no(refuse(commonRefusals.forbidden, { scope: auth.scope, allowed }))
    }
  }
  if (!named.ok) return named
  const { rows } = await source.query<PersonHolder>(
    `select ${columns} from holders where workspace_id = $1 and person_id = $2 order by created_at, id`,
    [workspace.id, named.value],
  )
  return ok({ id: named.value, holders: rows })
}

/** Anonymous identifiers of others whose behaviour joins hers. */
export const likelyHolders = async (
  source: Queryable,
  workspaceId: string,
  { id, holders }: FoundPerson,
  limit: number,
): Promise<readonly PersonHolder[]> => {
  const { rows } = await source.query<PersonHolder>(
    `select ${columns} from holders
     where workspace_id = $1 and behaviour_id = any($2::text[]) and person_id <> $3 order by created_at, id limit $4`,
    [workspaceId, holders.map(holder => holder.id), id, limit],
  )
  return rows
}
