import { changeHolder, type Holder, touch, type World } from '../../core/loop/world.ts'
import type { Services } from '../services.ts'

const atOnce = 250

/** What the clock may have changed is asked; of whoever was made or given something apart from a batch, everything. */
const askAgain = (world: World, holder: Holder): void => {
  if (holder.dueAt === null || holder.dueAt > world.now) return
  if (world.catalogue.segments.definitions.length > 0) touch(world, holder.id, holder.dueAt === 0 ? 'person' : 'clock')
  else
    changeHolder(world, holder, it => {
      it.dueAt = null
    })
}

/**
 * Asks segments about everybody for whom the clock alone may have changed an answer, through the group commit like every other change.
 * Any number of processes may do so: who has been asked is not due any more.
 */
export const sweepDue = async (
  { database, writer, workspaces, clock }: Pick<Services, 'database' | 'writer' | 'workspaces' | 'clock'>,
  signal: AbortSignal,
): Promise<void> => {
  const { rows } = await database.query<{ id: string }>(
    'select distinct workspace_id as id from segments order by workspace_id',
  )
  for (const { id: workspaceId } of rows) {
    if (!(await workspaces.get(workspaceId))) continue
    while (!signal.aborted) {
      const due = await database.query<{ id: string }>(
        `select id from holders where workspace_id = $1 and due_at is not null and due_at <= to_timestamp($2 / 1000.0)
         order by due_at limit ${atOnce}`,
        [workspaceId, clock(workspaceId)],
        'sweep due',
      )
      const holders = due.rows.map(({ id }) => id)
      if (holders.length === 0) break
      const outcome = await writer.submit({
        workspaceId,
        needs: { holders },
        fromBrowser: false,
        weight: holders.length,
        bytes: holders.length * 200,
        decide: world => {
          for (const id of holders) askAgain(world, world.holders.get(id)!)
          return { text: '', status: 200 }
        },
      })
      // A full queue has more urgent work; the next turn comes in some seconds.
      if ('refusal' in outcome) return
      if (holders.length < atOnce) break
    }
  }
}
