import type { Queryable } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { traitsOf } from '../../core/people/traits-of.ts'
import { type ExportPerson, identifierOf, personsInTurn, type SegmentMembers } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const peopleColumns = [
  'person',
  'user_id',
  'email',
  'phone',
  'loyalty_card',
  'identifiers',
  'traits',
  'orders',
  'spend',
  'first_order_at',
  'last_order_at',
  'created_at',
  'erased_at',
] as const

const instants = (holders: ExportPerson['holders'], of: 'firstOrderAt' | 'lastOrderAt' | 'erasedAt'): number[] =>
  holders.flatMap(holder => holder[of] ?? [])

const instant = (ms: number): string | null => (Number.isFinite(ms) ? formatInstant(ms) : null)

const rowOf = ({ id, holders }: ExportPerson): ExportRow<(typeof peopleColumns)[number]> => {
  const known = holders.filter(({ erasedAt }) => erasedAt === null)
  const first = (type: string): string | null => known.find(holder => holder.type === type)?.value ?? null
  const spend: Record<string, number> = {}
  for (const holder of holders)
    for (const [currency, amount] of Object.entries(holder.spend)) spend[currency] = (spend[currency] ?? 0) + amount
  return {
    person: id,
    user_id: first('userId'),
    email: first('email'),
    phone: first('phone'),
    loyalty_card: first('loyaltyCard'),
    identifiers: known.flatMap(holder => identifierOf(holder) ?? []).sort(),
    traits: traitsOf(known),
    orders: holders.reduce((sum, holder) => sum + holder.orders, 0),
    spend,
    first_order_at: instant(Math.min(...instants(holders, 'firstOrderAt'))),
    last_order_at: instant(Math.max(...instants(holders, 'lastOrderAt'))),
    created_at: formatInstant(Math.min(...holders.map(({ createdAt }) => createdAt))),
    // Where some of her came back since, she is somebody again.
    erased_at: known.length > 0 ? null : instant(Math.max(...instants(holders, 'erasedAt'))),
  }
}

export async function* peopleRows(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
  since: number,
) {
  for await (const persons of personsInTurn(source, workspaceId, members))
    yield persons.filter(({ holders }) => holders.some(({ createdAt }) => createdAt >= since)).map(rowOf)
}
