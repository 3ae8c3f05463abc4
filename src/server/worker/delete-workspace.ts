import type { Queryable } from '../../adapters/storage/database.ts'
import { dataTables, quoted } from '../../adapters/storage/tables.ts'
import type { JobKind } from './job-runner.ts'

const rowsAtOnce = 1000

/** `after`: the table that was looked at last; `found`: whether this round through the tables has removed anything. */
type Params = { readonly workspace: string; readonly after?: string; readonly found?: boolean }

/** Tables whose rows belong to a workspace. A table that a migration adds is among them by its column. */
const tablesOfWorkspaces = async (tx: Queryable): Promise<readonly string[]> =>
  (await dataTables(tx)).filter(({ columns }) => columns.some(it => it.name === 'workspace_id')).map(({ name }) => name)

const removeSome = async (tx: Queryable, table: string, workspace: string): Promise<number> => {
  const { affected } = await tx.query(
    `delete from ${quoted(table)} where ctid = any(array(select ctid from ${quoted(table)} where workspace_id = $1 limit $2))`,
    [workspace, rowsAtOnce],
  )
  return affected
}

/** Whoever of the team has a place there and nowhere else loses her account; operators stay. */
const removeTeam = async (tx: Queryable, workspace: string): Promise<number> => {
  const { rows } = await tx.query<{ id: string }>(
    `select m.id from team_members m where not m.operator
       and exists (select 1 from team_roles r where r.member_id = m.id and r.workspace_id = $1)
       and not exists (select 1 from team_roles r where r.member_id = m.id and r.workspace_id <> $1) limit $2`,
    [workspace, rowsAtOnce],
  )
  const ids = rows.map(({ id }) => id)
  for (const [table, column] of [
    ['team_sessions', 'member_id'],
    ['sign_in_links', 'member_id'],
    ['team_roles', 'member_id'],
    ['team_members', 'id'],
  ])
    await tx.query(`delete from ${table} where ${column} = any($1::text[])`, [ids])
  return ids.length
}

/**
 * Removes what belongs to a workspace that nobody sees any more, so many rows a step, and at last the workspace. What was taken up before it
 * ended may still be writing, so it goes round until there is nothing left to remove, and the last look has the row locked that every batch reads.
 */
export const deleteWorkspace: JobKind = async (tx, job) => {
  const { workspace, after = '', found = false } = job.params as Params
  const team = await removeTeam(tx, workspace)
  if (team > 0) return { done: team }
  for (const table of await tablesOfWorkspaces(tx)) {
    if (table < after) continue
    const done = await removeSome(tx, table, workspace)
    if (done > 0) return { done, params: { workspace, after: table, found: true } satisfies Params }
  }
  if (found) return { done: 0, params: { workspace } satisfies Params }
  await tx.query('select 1 from workspaces where id = $1 for update', [workspace])
  for (const table of await tablesOfWorkspaces(tx)) {
    const done = await removeSome(tx, table, workspace)
    if (done > 0) return { done, params: { workspace, found: true } satisfies Params }
  }
  await tx.query('delete from workspaces where id = $1 and ending_at is not null', [workspace])
  return { done: 1, result: { workspace } }
}
