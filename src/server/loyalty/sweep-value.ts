import type { Row } from '../../adapters/storage/database.ts'
import type { Asset } from '../../core/ledger/account.ts'
import type { Needs } from '../commit/item.ts'
import type { Services } from '../services.ts'

/** People and cards a batch: what is due of somebody is some dozen rows, and whoever shops waits for it. */
const atOnce = 50

type DueRow = Row & { owner: string; asset: Asset | null; due_at: number }

/** The oldest first, of either table so many: an index walk that stops. */
const dueSql = `
  (select owner_id as owner, asset, due_at from accounts
   where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0) order by due_at limit ${atOnce})
  union all
  (select holder_id, null, due_at from programme_members
   where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0) order by due_at limit ${atOnce})`

const isHolder = (owner: string): boolean => owner.startsWith('hol_')

/** Loading them is all: whatever the clock has done to somebody is booked before a batch decides anything. */
const needsOf = (rows: readonly DueRow[]): Needs => ({
  holders: rows.flatMap(({ owner }) => (isHolder(owner) ? owner : [])),
  value: rows.flatMap(({ owner, asset }) =>
    asset === null ? [] : [{ asset, amount: 0, ...(!isHolder(owner) && { ownerId: owner }) }],
  ),
})

/**
 * Does the clock's work on points, stored money and tiers that has come due: what is pending becomes active, periods of tiers end, what
 * ends goes, for one person after the other in the order of time, so that a week of days off comes to what seven nights would have.
 * Through the group commit, so many at once; whoever has been seen is not due any more, so it may be killed anywhere and run in any number
 * of processes. Nothing hangs on it for whoever shops: the batch that meets her has it done first.
 */
export const sweepValue = async (
  { database, writer, workspaces, clock }: Pick<Services, 'database' | 'writer' | 'workspaces' | 'clock'>,
  signal: AbortSignal,
  onLag: (seconds: number) => void = () => undefined,
): Promise<void> => {
  const due = async (workspaceId: string): Promise<readonly DueRow[]> => {
    const { rows } = await database.query<DueRow>(dueSql, [workspaceId, clock()], 'sweep value')
    return rows.toSorted((a, b) => a.due_at - b.due_at).slice(0, atOnce)
  }
  const { rows: all } = await database.query<{ id: string }>('select id from workspaces order by id')
  let lag = 0
  for (const { id: workspaceId } of all) {
    let before = ''
    for (let rows = await due(workspaceId); rows.length > 0 && !signal.aborted; rows = await due(workspaceId)) {
      lag = Math.max(lag, clock() - rows[0]!.due_at)
      onLag(lag / 1000)
      const now = JSON.stringify(rows)
      // What a bug leaves due must not keep everybody else waiting, or this loop running.
      if (now === before) throw new Error(`the clock's work on ${rows[0]!.owner} does not end`)
      before = now
      await workspaces.get(workspaceId)
      const outcome = await writer.submit({
        workspaceId,
        needs: needsOf(rows),
        fromBrowser: false,
        weight: rows.length * 6,
        bytes: rows.length * 300,
        decide: () => ({ text: '', status: 200 }),
      })
      // A full queue has more urgent work; the next turn comes in a minute.
      if ('refusal' in outcome) return
    }
  }
  if (!signal.aborted) onLag(0)
}

/** So many are counted; more are as many. */
const mostCounted = 10_000

/** How far the clock is with a programme: how many of its accounts and tiers are due and not done, and since when. */
export const overdueOf = async (
  { database }: Pick<Services, 'database'>,
  workspaceId: string,
  programmeId: string,
  now: number,
): Promise<{ readonly overdue: number; readonly since: number | null }> => {
  const { rows } = await database.query<{ overdue: number; since: number | null }>(
    `select count(*)::int4 as overdue, min(due_at) as since from (
       (select due_at from accounts where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0)
          and asset in ('points:' || $3, 'qualifying:' || $3) order by due_at limit ${mostCounted})
       union all
       (select due_at from programme_members where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0)
          and programme_id = $3 order by due_at limit ${mostCounted})) due`,
    [workspaceId, now, programmeId],
  )
  return rows[0]!
}
