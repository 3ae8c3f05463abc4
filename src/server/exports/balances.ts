import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import { type Asset, assetParts } from '../../core/ledger/account.ts'
import { identifierOf } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const balanceColumns = [
  'owner',
  'person',
  'identifier',
  'asset',
  'spendable',
  'pending',
  'held',
  'debt',
  'balance',
  'currency',
  'money',
] as const
type BalanceRow = ExportRow<(typeof balanceColumns)[number]>

type AccountRow = Row & {
  readonly id: string
  readonly owner: string
  readonly asset: Asset
  readonly kind: 'main' | 'pending' | 'held' | 'debt'
  readonly balance: number
  readonly person: string | null
  readonly type: string | null
  readonly value: string | null
  readonly erasedAt: number | null
}

/** About 20 ms of the embedded store: each account has its postings since then looked up. */
const accountsAtOnce = 250

const rowOf = (accounts: readonly AccountRow[]): BalanceRow => {
  const { owner, asset, person, type, value, erasedAt } = accounts[0]!
  const of = (kind: AccountRow['kind']) => accounts.find(it => it.kind === kind)?.balance ?? 0
  const balance = accounts.reduce((sum, it) => sum + it.balance, 0)
  const { kind, of: currency } = assetParts(asset)
  const isMoney = kind !== 'points'
  return {
    owner,
    person,
    identifier: type === null || value === null ? null : identifierOf({ type, value, erasedAt }),
    asset,
    spendable: of('main'),
    pending: of('pending'),
    held: of('held'),
    debt: of('debt'),
    balance,
    currency: isMoney ? currency : null,
    money: isMoney ? Number(formatMoney(balance, currency)) : null,
  }
}

/**
 * What every owner has of every asset that is owed, as it was booked by an instant: a row an owner and asset, by owner; who has nothing is left
 * out. What is booked while it is read does not count. From an account's balance what was booked later is taken away, which is less to read
 * than all that came before, and an account and its postings are read at one instant.
 */
export async function* balanceRows(
  source: Queryable,
  workspaceId: string,
  { at, asset }: { readonly at: number; readonly asset: string | undefined },
): AsyncGenerator<readonly BalanceRow[], void> {
  let open: AccountRow[] = []
  for (let after = ''; ; ) {
    const { rows } = await source.query<AccountRow>(
      `select a.id, a.owner_id as owner, a.asset, a.kind, h.person_id as person, h.type, h.value, h.erased_at as "erasedAt",
         (a.balance - coalesce((select sum(p.amount) from postings p
           where p.workspace_id = $1 and p.account_id = a.id and p.booked_at > to_timestamp($3 / 1000.0)), 0))::int8 as balance
       from (select * from accounts where workspace_id = $1 and id > $2 and asset not like 'qualifying:%' and ($4::text is null or asset = $4)
         order by id limit ${accountsAtOnce}) a
       left join holders h on h.workspace_id = $1 and h.id = a.owner_id order by a.id`,
      [workspaceId, after, at, asset ?? null],
    )
    const done: AccountRow[][] = []
    for (const row of rows) {
      const first = open[0]
      if (first && (first.owner !== row.owner || first.asset !== row.asset)) {
        done.push(open)
        open = []
      }
      open.push(row)
    }
    const last = rows.at(-1)
    if (rows.length < accountsAtOnce || !last) {
      if (open.length > 0) done.push(open)
      yield owing(done)
      return
    }
    yield owing(done)
    after = last.id
  }
}

const owing = (groups: readonly (readonly AccountRow[])[]): readonly BalanceRow[] =>
  groups.filter(group => group.some(it => it.balance !== 0)).map(rowOf)
