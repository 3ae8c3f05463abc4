import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { TailRow } from '../../core/workspaces/source.ts'

const linesShown = 100

/** Before every line. */
const start = `tail_${'0'.repeat(26)}`

type Row = { id: string; at: number; outcome: TailRow['outcome']; body: Omit<TailRow, 'id' | 'at' | 'outcome'> }

/** The newest lines after one, the oldest of them first, and where the next look starts. */
export const readTail = async (
  database: Queryable,
  workspaceId: string,
  sourceId: string,
  after = start,
): Promise<{ readonly data: TailRow[]; readonly cursor: string }> => {
  const { rows } = await database.query<Row>(
    `select id, at, outcome, body from source_tail
     where workspace_id = $1 and source_id = $2 and id > $3 order by id desc limit $4`,
    [workspaceId, sourceId, after, linesShown],
  )
  const data = rows.reverse().map(({ id, at, outcome, body }) => ({ id, at: formatInstant(at), outcome, ...body }))
  return { data, cursor: data.at(-1)?.id ?? after }
}
