import type { Queryable } from '../../adapters/storage/database.ts'
import { localDay } from '../../core/kernel/time.ts'
import { endingOf } from '../../core/loop/world.ts'
import { bookEnding, bookGrant } from '../../core/people/statistics.ts'
import type { Statistics } from '../../core/rules/history.ts'
import { askedSoon } from '../segments/asked-soon.ts'

type Ends = Parameters<typeof endingOf>[0]

/** A grant that is issued here, or of which only this changes. */
export type GrantChange = {
  readonly holderId: string
  readonly issuedAt?: number
  readonly before?: Ends
  readonly after?: Ends
}

/**
 * Keeps the statistics of those whose grants change outside the group commit. Locks their holders and raises the revision, so that a
 * batch which has read them reads them again.
 *
 *     await countGrants(tx, workspace, grants.map(({ holderId }) => ({ holderId, issuedAt: now, after: { expiresAt, state: 'issued', … } })))
 */
export const countGrants = async (
  tx: Queryable,
  { id: workspaceId, timeZone }: { readonly id: string; readonly timeZone: string },
  changes: readonly GrantChange[],
): Promise<void> => {
  const { rows } = await tx.query<{ id: string; statistics: Statistics }>(
    'select id, statistics from holders where workspace_id = $1 and id = any($2::text[]) order by id for update',
    [workspaceId, [...new Set(changes.map(it => it.holderId))]],
  )
  const byId = new Map(rows.map(({ id, statistics }) => [id, statistics]))
  for (const { holderId, issuedAt, before, after } of changes) {
    let statistics = byId.get(holderId)!
    if (issuedAt !== undefined) statistics = bookGrant(statistics, localDay(issuedAt, timeZone))
    const [was, is] = [before, after].map(it => it && endingOf(it, timeZone))
    if (was !== undefined) statistics = bookEnding(statistics, was, -1)
    if (is !== undefined) statistics = bookEnding(statistics, is, 1)
    byId.set(holderId, statistics)
  }
  await tx.query(
    `update holders h set statistics = n.statistics::json, revision = revision + 1, due_at = ${askedSoon('h.due_at')}
     from unnest($2::text[], $3::text[]) as n(id, statistics) where h.workspace_id = $1 and h.id = n.id`,
    [workspaceId, [...byId.keys()], [...byId.values()].map(it => JSON.stringify(it))],
  )
}
