import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import { bytesFor, makeCodes, normalizeCode } from '../../core/offers/code.ts'
import { grantEnd } from '../../core/offers/grant-end.ts'
import type { OfferTerms } from '../../core/offers/schema.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import { countGrants } from './count-grants.ts'

/** 29^8 possible codes and a check character: a personal code is read out at tills, so it is short. */
const personalPattern = '####-####'

type Random = (bytes: number) => Uint8Array

/** A code of its own for each grant, that no offer of the workspace has. */
const giveCodes = async (
  tx: Queryable,
  { workspaceId, offer, now }: { readonly workspaceId: string; readonly offer: string; readonly now: number },
  grantIds: readonly string[],
  random: Random,
): Promise<Map<string, string>> => {
  const codes = new Map<string, string>()
  while (codes.size < grantIds.length) {
    const waiting = grantIds.filter(id => !codes.has(id))
    const made = makeCodes(personalPattern, waiting.length, random(bytesFor(personalPattern, waiting.length)))
      .map((given, index) => ({ given, code: normalizeCode(given), grant: waiting[index]! }))
      .sort((left, right) => (left.code < right.code ? -1 : 1))
    const { rows } = await tx.query<{ given: string; grant_id: string }>(
      `insert into codes (workspace_id, code, offer_id, given, shared, grant_id, created_at)
       select $1, n.code, $2, n.given, false, n.grant_id, to_timestamp($6 / 1000.0)
       from unnest($3::text[], $4::text[], $5::text[]) as n(code, given, grant_id)
       where not exists (select 1 from codes c where c.workspace_id = $1 and c.code = n.code)
       on conflict do nothing returning given, grant_id`,
      [workspaceId, offer, made.map(one => one.code), made.map(one => one.given), made.map(one => one.grant), now],
    )
    for (const { given, grant_id } of rows) codes.set(grant_id, given)
  }
  return codes
}

export type Issue = {
  readonly offer: { readonly id: string; readonly terms: OfferTerms }
  /** Whose grants these are; one for each entry. */
  readonly holderIds: readonly string[]
  readonly withCode: boolean
  readonly now: number
}

/** Issues an offer to people, apart from the group commit: the grants in the order of the holders, with what they have in common. */
export const issueGrants = async (
  tx: Queryable,
  workspace: Workspace,
  { offer, holderIds, withCode, now }: Issue,
  random: Random,
) => {
  const { grantDays, timeZone = workspace.timeZone } = offer.terms.validity
  const expiresAt = grantDays === undefined ? null : grantEnd(now, grantDays, timeZone)
  const ids = holderIds.map(() => makeId('gra', now, random(10)))
  const codes = withCode
    ? await giveCodes(tx, { workspaceId: workspace.id, offer: offer.id, now }, ids, random)
    : new Map<string, string>()
  const grants = ids.map((id, index) => ({ id, holderId: holderIds[index]!, code: codes.get(id) ?? null, expiresAt }))
  await tx.query(
    `insert into grants (workspace_id, holder_id, id, offer_id, state, code, issued_at, expires_at)
     select $1, n.holder_id, n.id, $2, 'issued', n.code, to_timestamp($6 / 1000.0), to_timestamp($7::int8 / 1000.0)
     from unnest($3::text[], $4::text[], $5::text[]) as n(holder_id, id, code)`,
    [workspace.id, offer.id, holderIds, ids, grants.map(({ code }) => code), now, expiresAt],
  )
  const after = { expiresAt, state: 'issued', fulfilment: null } as const
  await countGrants(
    tx,
    workspace,
    holderIds.map(holderId => ({ holderId, issuedAt: now, after })),
  )
  return grants
}
