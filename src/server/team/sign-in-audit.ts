import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'

/** Told in the audit log of every workspace she works in: who signed in, signed out or tried to. Addresses that are nobody's belong to no workspace. */
export const auditOfMember = async (
  tx: Queryable,
  { memberId, by, action, details }: { memberId: string; by: string; action: string; details: Record<string, unknown> },
  { now, random }: { readonly now: number; readonly random: (bytes: number) => Uint8Array },
): Promise<void> => {
  await tx.query(
    `insert into audit_log (workspace_id, id, at, key_id, action, subject, details)
     select workspace_id, $2, to_timestamp($3 / 1000.0), $4, $5, $1, $6::json from team_roles where member_id = $1`,
    [memberId, makeId('aud', now, random(10)), now, by, action, JSON.stringify(details)],
  )
}
