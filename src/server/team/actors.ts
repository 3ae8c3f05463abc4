import type { Database } from '../../adapters/storage/database.ts'

export type Actor = {
  readonly id: string
  readonly kind: 'member' | 'key' | 'admin' | 'customer' | 'nobody'
  readonly name: string | null
}

const fixed: Readonly<Record<string, Actor['kind']>> = { admin: 'admin', wallet: 'customer', nobody: 'nobody' }

/**
 * Who stands behind ids, in their order: team members of this workspace and operators, also those who left, and its keys. What is neither
 * here is told as a key without a name.
 */
export const actorsOf = async (
  database: Pick<Database, 'query'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Actor>> => {
  const { rows } = await database.query<{ id: string; kind: 'member' | 'key'; name: string }>(
    `select id, 'member' as kind, name from team_members m where id = any($2::text[]) and (
       exists (select from team_roles r where r.workspace_id = $1 and r.member_id = m.id)
       or exists (select from audit_log a where a.workspace_id = $1 and a.key_id = m.id)
       or exists (select from audit_log a where a.workspace_id = $1 and a.subject = m.id))
     union all
     select id, 'key', name from api_keys where workspace_id = $1 and id = any($2::text[])`,
    [workspaceId, [...new Set(ids)]],
  )
  const named = new Map(rows.map(row => [row.id, row]))
  return new Map(
    ids.map(id => [
      id,
      named.get(id) ?? { id, kind: fixed[id] ?? (id.startsWith('tm_') ? 'member' : 'key'), name: null },
    ]),
  )
}
