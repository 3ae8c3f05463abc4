import type { Queryable } from '../../adapters/storage/database.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { teamRefusals } from '../../core/team/refusals.ts'
import type { Role } from '../../core/team/roles.ts'

/** A team member as one workspace sees her. */
export type MemberRow = {
  id: string
  email: string
  name: string
  role: Role
  operator: boolean
  has_password: boolean
  added_at: number
  signed_in_at: number | null
  /** Whether she works in another workspace too. */
  elsewhere: boolean
}

export const memberSelect = `select m.id, m.email, m.name, r.role, m.operator, m.password is not null as has_password, r.added_at, m.signed_in_at,
  exists (select from team_roles o where o.member_id = m.id and o.workspace_id <> r.workspace_id) as elsewhere
  from team_roles r join team_members m on m.id = r.member_id`

export const memberAnswer = (row: MemberRow) => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  operator: row.operator,
  state: row.has_password ? ('active' as const) : ('invited' as const),
  addedAt: formatInstant(row.added_at),
  signedInAt: row.signed_in_at === null ? null : formatInstant(row.signed_in_at),
})

/** A team member of the workspace, with the whole team locked: who is its last admin is then sure. */
export const lockMember = async (tx: Queryable, workspaceId: string, id: string): Promise<Result<MemberRow>> => {
  await tx.query('select member_id from team_roles where workspace_id = $1 order by member_id for update', [
    workspaceId,
  ])
  const { rows } = await tx.query<MemberRow>(`${memberSelect} where r.workspace_id = $1 and r.member_id = $2`, [
    workspaceId,
    id,
  ])
  return rows[0] ? ok(rows[0]) : no(refuse(teamRefusals.team_member_not_found, { id }))
}

/** Whether the workspace has an admin without this one; to be asked under `lockMember`. */
export const hasOtherAdmin = async (tx: Queryable, workspaceId: string, id: string): Promise<boolean> => {
  const { rows } = await tx.query(
    `select member_id from team_roles where workspace_id = $1 and role = 'admin' and member_id <> $2 limit 1`,
    [workspaceId, id],
  )
  return rows.length > 0
}
