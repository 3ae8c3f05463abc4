import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { joinBody } from '../../core/events/personal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { rowsOfHolders } from './of-holders.ts'
import { type ExportHolder, identifierOf, personsInTurn, type SegmentMembers } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const eventColumns = [
  'message_id',
  'type',
  'event',
  'timestamp',
  'received_at',
  'identifier',
  'person',
  'channel',
  'order_id',
  'properties',
  'body',
  'erased_at',
] as const

type EventRow = Row & {
  holderId: string
  at: number
  key: string
  kind: string
  name: string
  channel: string | null
  orderId: string | null
  receivedAt: number
  properties: Record<string, unknown>
  personal: Record<string, unknown>
}

const events = {
  table: 'events',
  key: 'message_id',
  columns: `kind, name, channel, order_id as "orderId", received_at as "receivedAt", properties, personal`,
} as const

const rowOf = (event: EventRow, holder: ExportHolder): ExportRow<(typeof eventColumns)[number]> => {
  const { properties = {}, ...body } = joinBody(event)
  return {
    message_id: event.key,
    type: event.kind,
    event: event.name,
    timestamp: formatInstant(event.at),
    received_at: formatInstant(event.receivedAt),
    identifier: identifierOf(holder),
    person: holder.personId,
    channel: event.channel,
    order_id: event.orderId,
    properties: properties ?? {},
    body,
    erased_at: holder.erasedAt === null ? null : formatInstant(holder.erasedAt),
  }
}

export async function* eventRows(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
  since: number,
) {
  for await (const persons of personsInTurn(source, workspaceId, members)) {
    const holders = new Map(persons.flatMap(person => person.holders.map(holder => [holder.id, holder] as const)))
    for await (const rows of rowsOfHolders<EventRow>(source, workspaceId, events, [...holders.keys()], since))
      yield rows.map(row => rowOf(row, holders.get(row.holderId)!))
  }
}
