import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import type { Retention } from '../../core/workspaces/schema.ts'
import type { StoredSettings } from '../workspaces.ts'

const dayMs = 86_400_000
/** Message ids are kept at least so long, because they keep events that come again from counting twice. */
const leastDays = 90

/** What is done with events of a kind (and of a name, where the rule names one) that are older than so many days. */
type Rule = {
  readonly key: string
  readonly kind: string
  readonly name: string | undefined
  readonly days: number
  readonly does: 'empty' | 'remove'
}

/** Rules by what they are about; emptied first, the row itself goes when its message id is no longer needed. */
export const rulesOf = (retention: Retention): readonly Rule[] =>
  Object.entries(retention).flatMap(([kind, kept]) =>
    (typeof kept === 'number' ? [[undefined, kept] as const] : Object.entries(kept)).flatMap(([name, days]): Rule[] => {
      const about = name === undefined ? kind : `${kind}/${name}`
      const rule = (does: Rule['does'], after: number): Rule => ({
        key: `${does} ${about}`,
        kind,
        name,
        days: after,
        does,
      })
      return [...(days < leastDays ? [rule('empty', days)] : []), rule('remove', Math.max(days, leastDays))]
    }),
  )

/** As many events as one commit may touch. */
const rowsAtOnce = 500

type Pruned = Readonly<Record<string, string>>
type WorkspaceRow = {
  id: string
  settings: StoredSettings
  pruned: Pruned
  created_at: number
  ahead_ms: number | null
}

/**
 * Keeps what workspaces say of how long events are kept: older ones are emptied, then removed. Short commits, so that customers go first. Each
 * rule remembers until when it has come (`workspaces.pruned`), so that no event is looked at twice; a rule that gets shorter goes on from there.
 * Statistics are counted when events come and do not change.
 */
export const pruneEvents = async (database: Database, now: number, signal: AbortSignal): Promise<void> => {
  const { rows } = await database.query<WorkspaceRow>(
    'select id, settings, pruned, created_at, ahead_ms from workspaces where ending_at is null order by id',
  )
  if (rows.some(({ settings }) => settings.retention !== undefined)) await summarize(database, signal)
  for (const workspace of rows)
    for (const rule of rulesOf(workspace.settings.retention ?? {}))
      await pruneBy(database, workspace, rule, now + (workspace.ahead_ms ?? 0), signal)
}

/** Blocks of the table that an entry of its index by age tells of, and how large they are. */
const blocksOfEntry = 128
const blockBytes = 8192

/** The index by age learns of what has come since; elsewhere the server's own vacuum does it. */
const summarize = async (database: Database, signal: AbortSignal): Promise<void> => {
  if (database.kind !== 'pglite') return
  const { rows } = await database.query<{ bytes: number }>(`select pg_relation_size('events') as bytes`)
  const blocks = rows[0]!.bytes / blockBytes
  for (let block = 0; block < blocks && !signal.aborted; block += blocksOfEntry)
    await database.query(`select brin_summarize_range('events_by_age', $1)`, [block])
}

const pruneBy = async (
  database: Database,
  { id, pruned, created_at }: WorkspaceRow,
  rule: Rule,
  now: number,
  signal: AbortSignal,
): Promise<void> => {
  const end = now - rule.days * dayMs
  let from = pruned[rule.key] === undefined ? created_at : parseInstant(pruned[rule.key]!)!
  // As much time as holds about what one commit takes: busy hours are cut short, quiet weeks are taken whole.
  let span = dayMs
  while (from < end && !signal.aborted) {
    const to = Math.min(end, from + span)
    const found = await database.transaction(tx => pruneSpan(tx, id, rule, from, to))
    if (found > rowsAtOnce && to - from > 1) {
      span = Math.max(1, Math.floor((to - from) / 4))
      continue
    }
    from = to
    if (found < rowsAtOnce / 4) span *= 2
  }
}

/** The events of a span of time; how many, and one too many where it is too long: nothing is done then. */
const pruneSpan = async (tx: Queryable, workspaceId: string, rule: Rule, from: number, to: number): Promise<number> => {
  const { rows } = await tx.query<{ id: string }>(
    `select message_id as id from events
     where workspace_id = $1 and received_at >= to_timestamp($2 / 1000.0) and received_at < to_timestamp($3 / 1000.0)
       and kind = $4 and ($5::text is null or name = $5) limit $6`,
    // Events of one instant came in one batch and go together.
    [workspaceId, from, to, rule.kind, rule.name ?? null, to - from > 1 ? rowsAtOnce + 1 : null],
  )
  if (rows.length > rowsAtOnce && to - from > 1) return rows.length
  if (rows.length > 0)
    await tx.query(
      rule.does === 'empty'
        ? `update events set properties = '{}', personal = '{}' where workspace_id = $1 and message_id = any($2::text[])`
        : 'delete from events where workspace_id = $1 and message_id = any($2::text[])',
      [workspaceId, rows.map(row => row.id)],
    )
  await tx.query(
    `update workspaces set pruned = (pruned::jsonb || jsonb_build_object($2::text, $3::text))::json where id = $1`,
    [workspaceId, rule.key, formatInstant(to)],
  )
  return rows.length
}
