import type { Queryable } from '../../adapters/storage/database.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { assetParts } from '../../core/ledger/account.ts'
import { instantOrNull } from '../../core/loop/world.ts'
import type { StoredAdjustment } from '../../core/loyalty/adjustment.ts'
import { selectList, adjustmentColumns as stored } from '../commit/tables.ts'
import type { ExportRow } from './rows.ts'

export const adjustmentColumns = [
  'id',
  'state',
  'person',
  'asset',
  'amount',
  'currency',
  'money',
  'reason',
  'note',
  'effective_at',
  'proposed_by',
  'proposed_at',
  'decided_by',
  'decided_at',
  'transaction',
  'reverses',
] as const

const atOnce = 500

/** Adjustments by hand that were proposed at a time or later, the oldest first. */
export async function* adjustmentRows(
  source: Queryable,
  workspaceId: string,
  since: number,
): AsyncGenerator<readonly ExportRow<(typeof adjustmentColumns)[number]>[], void> {
  for (let after = ''; ; ) {
    const { rows } = await source.query<StoredAdjustment & { personId: string }>(
      `select ${selectList(stored, 'a')}, h.person_id as "personId"
       from (select * from adjustments where workspace_id = $1 and id > $2 order by id limit ${atOnce}) a
       join holders h on h.workspace_id = $1 and h.id = a.holder_id order by a.id`,
      [workspaceId, after],
    )
    yield rows
      .filter(it => it.proposedAt >= since)
      .map(it => {
        const { kind, of } = assetParts(it.asset)
        const isMoney = kind === 'credit' || kind === 'cashback'
        return {
          id: it.id,
          state: it.state,
          person: it.personId,
          asset: it.asset,
          amount: it.amount,
          currency: isMoney ? of : null,
          money: isMoney ? Number(formatMoney(it.amount, of)) : null,
          reason: it.reason,
          note: it.note,
          effective_at: instantOrNull(it.effectiveAt),
          proposed_by: it.proposedBy,
          proposed_at: formatInstant(it.proposedAt),
          decided_by: it.decidedBy,
          decided_at: instantOrNull(it.decidedAt),
          transaction: it.transactionId,
          reverses: it.reverses,
        }
      })
    if (rows.length < atOnce) return
    after = rows.at(-1)!.id
  }
}
