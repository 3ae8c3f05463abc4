import { Readable } from 'node:stream'
import type { ExportFormat, exportAdjustments, exportBalances } from '../../contract/exports.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { adjustmentColumns, adjustmentRows } from '../exports/adjustments.ts'
import { balanceColumns, balanceRows } from '../exports/balances.ts'
import { consentColumns, consentRows } from '../exports/consents.ts'
import { eventColumns, eventRows } from '../exports/events.ts'
import { orderColumns, orderRows } from '../exports/orders.ts'
import { peopleColumns, peopleRows } from '../exports/people.ts'
import type { SegmentMembers } from '../exports/persons.ts'
import { type ExportRow, textOf } from '../exports/rows.ts'
import { findMembers, segmentColumns, segmentRows } from '../exports/segments.ts'
import type { Answer, Auth, Handler } from '../http/call.ts'
import type { Services } from '../services.ts'

type ExportCall = {
  readonly query: { readonly format: ExportFormat; readonly since?: string; readonly segment?: string }
  readonly auth: Auth
}

type RowsOf<C extends string> = (
  source: Services['database'],
  workspaceId: string,
  members: SegmentMembers | undefined,
  /** Epoch milliseconds. */
  since: number,
) => AsyncIterable<readonly ExportRow<C>[]>

/** The first year that PostgreSQL and RFC 3339 write alike: since ever. */
const ever = parseInstant('0001-01-01T00:00:00Z')!

/** Each is read in small statements with nothing held between them, as fast as the reader takes it. */
export const exportsHandlers = ({ database }: Services) => {
  const file = <C extends string>(
    columns: readonly C[],
    format: ExportFormat,
    rows: AsyncIterable<readonly ExportRow<C>[]>,
  ): Answer => ({
    stream: Readable.from(textOf(columns, format, rows)),
    contentType: format === 'csv' ? 'text/csv' : 'application/x-ndjson',
  })
  const stream =
    <C extends string>(columns: readonly C[], rowsOf: RowsOf<C>) =>
    async ({ query: { format, since, segment }, auth: { workspaceId } }: ExportCall): Promise<Answer> => {
      const members = segment === undefined ? undefined : await findMembers(database, workspaceId, segment)
      if (segment !== undefined && !members)
        return { refusal: refuse(segmentRefusals.segment_not_found, { id: segment }) }
      const rows = rowsOf(database, workspaceId, members, since === undefined ? ever : parseInstant(since)!)
      return file(columns, format, rows)
    }
  const adjustments: Handler<typeof exportAdjustments> = ({ query: { format, since }, auth: { workspaceId } }) => {
    const from = since === undefined ? ever : parseInstant(since)!
    return file(adjustmentColumns, format, adjustmentRows(database, workspaceId, from))
  }
  const balances: Handler<typeof exportBalances> = ({ query: { format, at, asset }, auth: { workspaceId }, now }) =>
    file(
      balanceColumns,
      format,
      balanceRows(database, workspaceId, { at: at === undefined ? now : parseInstant(at)!, asset }),
    )
  return {
    exportAdjustments: adjustments,
    exportBalances: balances,
    exportPeople: stream(peopleColumns, peopleRows),
    exportEvents: stream(eventColumns, eventRows),
    exportOrders: stream(orderColumns, orderRows),
    exportSegments: stream(segmentColumns, segmentRows),
    exportConsents: stream(consentColumns, consentRows),
  }
}
