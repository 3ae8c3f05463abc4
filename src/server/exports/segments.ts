import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { identifierOf, readHolders, type SegmentMembers } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const segmentColumns = ['segment', 'identifier', 'person', 'entered_at', 'erased_at'] as const

type SegmentRow = { id: string; generation: number }
type MemberRow = Row & { holderId: string; enteredAt: number }

const membersAtOnce = 1000

/** The members of a segment that count; undefined where there is no such segment. */
export const findMembers = async (
  source: Queryable,
  workspaceId: string,
  id: string,
): Promise<SegmentMembers | undefined> => {
  const { rows } = await source.query<SegmentRow>(
    'select id, generation from segments where workspace_id = $1 and id = $2 and not removed',
    [workspaceId, id],
  )
  return rows[0] && { segment: rows[0].id, generation: rows[0].generation }
}

const everySegment = async (source: Queryable, workspaceId: string): Promise<readonly SegmentMembers[]> => {
  const { rows } = await source.query<SegmentRow>(
    'select id, generation from segments where workspace_id = $1 and not removed order by id',
    [workspaceId],
  )
  return rows.map(({ id, generation }) => ({ segment: id, generation }))
}

export async function* segmentRows(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
  since: number,
) {
  for (const { segment, generation } of members ? [members] : await everySegment(source, workspaceId)) {
    for (let after = ''; ; ) {
      const { rows } = await source.query<MemberRow>(
        `select holder_id as "holderId", entered_at as "enteredAt" from segment_members
         where workspace_id = $1 and segment_id = $2 and generation = $3 and holder_id > $4
         order by holder_id limit ${membersAtOnce}`,
        [workspaceId, segment, generation, after],
      )
      const holders = await readHolders(
        source,
        workspaceId,
        rows.map(({ holderId }) => holderId),
      )
      yield rows.flatMap(({ holderId, enteredAt }): ExportRow<(typeof segmentColumns)[number]>[] => {
        const holder = holders.get(holderId)
        if (!holder || enteredAt < since) return []
        const { personId, erasedAt } = holder
        return [
          {
            segment,
            identifier: identifierOf(holder),
            person: personId,
            entered_at: formatInstant(enteredAt),
            erased_at: erasedAt === null ? null : formatInstant(erasedAt),
          },
        ]
      })
      if (rows.length < membersAtOnce) break
      after = rows.at(-1)!.holderId
    }
  }
}
