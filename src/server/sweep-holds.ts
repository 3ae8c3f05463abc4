import type { Services } from './services.ts'

const atOnce = 200

/**
 * Ends holds whose time is over, through the group commit like every other change of value. Only a tidy-up: a hold that
 * stands in the way of a limit is ended by the very batch that meets it.
 */
export const sweepHolds = async (
  { database, writer, workspaces, clock }: Pick<Services, 'database' | 'writer' | 'workspaces' | 'clock'>,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const { rows } = await database.query<{ workspaceId: string; id: string }>(
      `select o.workspace_id as "workspaceId", o.id from orders o join workspaces w on w.id = o.workspace_id
       where o.held_until is not null and o.held_until <= to_timestamp(($1 + coalesce(w.ahead_ms, 0)) / 1000.0) and w.ending_at is null
       order by o.workspace_id, o.held_until limit ${atOnce}`,
      [clock()],
      'sweep holds',
    )
    const workspaceIds = new Set(rows.map(row => row.workspaceId))
    for (const workspaceId of workspaceIds) {
      if (!(await workspaces.get(workspaceId))) continue
      const orders = rows.filter(row => row.workspaceId === workspaceId).map(row => row.id)
      // Loading an order whose hold is over ends the hold; there is nothing else to decide.
      const outcome = await writer.submit({
        workspaceId,
        needs: { orders },
        fromBrowser: false,
        weight: orders.length * 3,
        bytes: orders.length * 100,
        decide: () => ({ text: '', status: 200 }),
      })
      // A full queue has more urgent work; the next turn comes in a second.
      if ('refusal' in outcome) return
    }
    if (rows.length < atOnce) return
  }
}
