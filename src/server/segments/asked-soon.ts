/**
 * SQL for `due_at` of holders that are made or changed apart from the group commit, which asks no segments: the sweep by the clock then
 * asks all of them. As it is where the workspace has none. `$1` is the workspace.
 */
export const askedSoon = (otherwise: string): string =>
  `case when exists (select 1 from segments s where s.workspace_id = $1 and s.kind = 'live' and not s.removed)
     then to_timestamp(0) else ${otherwise} end`
