import type { Queryable } from '../../adapters/storage/database.ts'
import type { TransactionAnswer } from '../../contract/accounts.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { type CauseRow, causeOf } from './read-accounts.ts'

const postingsShown = 1000
const reversalsShown = 100

type TransactionRow = CauseRow &
  Pick<TransactionAnswer, 'id' | 'kind' | 'period' | 'reverses'> & {
    readonly effective_at: number
    readonly booked_at: number
    readonly ends_hold: string | null
    readonly adjustment: string | null
    readonly transfer: string | null
    readonly ended_by: string | null
    readonly reversed_by: string[]
    readonly postings_total: number
  }

/** All that is kept of a transaction; undefined where there is none. */
export const readTransaction = async (
  source: Queryable,
  workspaceId: string,
  id: string,
): Promise<TransactionAnswer | undefined> => {
  const { rows } = await source.query<TransactionRow>(
    `select t.id, t.kind, t.period, t.effective_at, t.booked_at, t.holder_id, t.order_id, t.return_id, t.message_id, t.decision_id,
       t.offer_id, t.offer_version, t.channel, t.location, t.actor, t.reason, t.reverses, t.ends_hold,
       t.details->>'adjustment' as adjustment, t.details->>'transfer' as transfer,
       (select e.id from transactions e where e.workspace_id = $1 and e.ends_hold = t.id) as ended_by,
       array(select r.id from transactions r where r.workspace_id = $1 and r.reverses = t.id order by r.id limit ${reversalsShown}) as reversed_by,
       (select count(*)::int4 from postings p where p.workspace_id = $1 and p.transaction_id = t.id) as postings_total
     from transactions t where t.workspace_id = $1 and t.id = $2`,
    [workspaceId, id],
  )
  const [row] = rows
  if (!row) return undefined
  const { rows: postings } = await source.query<TransactionAnswer['postings'][number]>(
    `select account_id as account, asset, amount, lot_id as lot from postings
     where workspace_id = $1 and transaction_id = $2 order by seq limit ${postingsShown}`,
    [workspaceId, id],
  )
  return {
    id: row.id,
    kind: row.kind,
    effectiveAt: formatInstant(row.effective_at),
    bookedAt: formatInstant(row.booked_at),
    period: row.period,
    cause: causeOf(row),
    adjustment: row.adjustment,
    transfer: row.transfer,
    reverses: row.reverses,
    reversedBy: row.reversed_by,
    endsHold: row.ends_hold,
    endedBy: row.ended_by,
    postings,
    postingsTotal: row.postings_total,
  }
}
