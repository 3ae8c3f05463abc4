import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { account, PostingAnswer } from '../../contract/accounts.ts'
import { formatInstant, startOfLocalDate } from '../../core/kernel/time.ts'
import {
  type Asset,
  type AssetKind,
  assetKinds,
  assetParts,
  type HouseAccount,
  houseAccounts,
  houseId,
} from '../../core/ledger/account.ts'
import { nextMonth, type TransactionKind } from '../../core/ledger/book.ts'
import type { MonthSums } from '../../core/measurement/liability.ts'
import { postingRanges } from './posting-ranges.ts'

type AccountAnswer = z.output<typeof account>
export type AsOf = { readonly at: number; readonly effective: boolean }

export type AccountRow = {
  readonly id: string
  readonly owner_id: string
  readonly asset: string
  readonly kind: AccountAnswer['kind']
  readonly balance: number
  readonly floor: number
  readonly due_at: number | null
  readonly opened_at: number
}

const columns = 'id, owner_id, asset, kind, balance, floor, due_at, opened_at'

export const accountAnswer = (row: AccountRow): AccountAnswer => ({
  id: row.id,
  owner: row.owner_id,
  asset: row.asset,
  kind: row.kind,
  balance: row.balance,
  floor: row.kind === 'debt' ? null : row.floor,
  dueAt: row.due_at === null ? null : formatInstant(row.due_at),
  openedAt: formatInstant(row.opened_at),
})

/** Accounts by id after one, of some owners or all. */
export const readAccounts = async (
  source: Queryable,
  workspaceId: string,
  asked: {
    readonly owners: readonly string[] | undefined
    readonly asset: string | undefined
    readonly after: string
    readonly limit: number
  },
): Promise<AccountRow[]> => {
  const { owners, asset, after, limit } = asked
  const { rows } = await source.query<AccountRow>(
    `select ${columns} from accounts
     where workspace_id = $1 and id > $2 and ${owners ? 'owner_id = any($3::text[])' : '$3::text[] is null'} and ($4::text is null or asset = $4)
     order by id limit $5`,
    [workspaceId, after, owners ?? null, asset ?? null, limit],
  )
  return rows
}

export const readAccount = async (
  source: Queryable,
  workspaceId: string,
  id: string,
): Promise<AccountRow | undefined> =>
  (
    await source.query<AccountRow>(`select ${columns} from accounts where workspace_id = $1 and id = $2`, [
      workspaceId,
      id,
    ])
  ).rows[0]

/**
 * What an account came to at an instant, or does now: what is known of it up to a month, and the sum of its later postings, in short pieces.
 * By when things count from, it reads what was booked since, too: an index for that would cost every write for a question that is seldom asked.
 */
export const balanceAt = async (
  source: Queryable,
  workspaceId: string,
  accountId: string,
  { at, effective }: AsOf,
  known: KnownSum = nothingKnown,
): Promise<number> => {
  let { sum } = known
  const until = effective ? Number.MAX_SAFE_INTEGER / 1000 : at
  for await (const { where, params } of postingRanges(source, workspaceId, accountId, { since: known.since, until })) {
    const next = params.length + 1
    const { rows } = await source.query<{ sum: number }>(
      `select coalesce(sum(amount), 0)::int8 as sum from postings where ${where} and period > $${next}
       ${effective ? `and effective_at <= to_timestamp($${next + 1} / 1000.0)` : ''}`,
      [...params, known.through, ...(effective ? [at] : [])],
    )
    sum += rows[0]!.sum
  }
  return sum
}

/** What an account came to in all months up to one, after which no posting was booked before `since`. */
type KnownSum = { readonly sum: number; readonly through: string; readonly since: number }
const nothingKnown: KnownSum = { sum: 0, through: '', since: 0 }

/** Clocks of processes differ, and an order may be dated some minutes ahead: by less than this. */
const skewMs = 86_400_000

/**
 * What closed months say of an account of the house, as far as they count whole. A month is closed with all that is effective in it, and takes
 * nothing afterwards; so all that was booked in a later one was booked after the end of it.
 */
const closedSum = async (
  source: Queryable,
  workspaceId: string,
  { asset, kind, timeZone }: HouseNamed,
  asOf: AsOf | undefined,
): Promise<KnownSum> => {
  const { rows } = await source.query<{ period: string; closed_at: number; sums: MonthSums | null }>(
    `select period, closed_at, totals->'sums'->$2 as sums from closings
     where workspace_id = $1 and totals is not null order by period`,
    [workspaceId, asset],
  )
  const endOf = (period: string): number => startOfLocalDate(`${nextMonth(period)}-01`, timeZone)
  const isWhole = ({ period, closed_at }: { readonly period: string; readonly closed_at: number }): boolean =>
    asOf === undefined || (asOf.effective ? endOf(period) : closed_at + skewMs) <= asOf.at
  const whole = rows.filter(isWhole)
  const last = whole.at(-1)
  if (!last) return nothingKnown
  const sum = whole.reduce((all, { sums }) => all + (sums ? movedIn(sums, kind) : 0), 0)
  return { sum, through: last.period, since: endOf(last.period) - skewMs }
}

/** The account's side of a month's roll-forward (`sumsOf`). */
const movedIn = (sums: MonthSums, kind: HouseAccount): number =>
  kind === 'returned' ? 0 - sums.takenBack - sums.givenBack : 0 - sums[kind]

const isAsset = (text: string): text is Asset =>
  text.includes(':') && assetKinds.includes(assetParts(text as Asset).kind satisfies AssetKind)

/** What was ever posted in, one after the other along the index. */
const assetsOf = async (source: Queryable, workspaceId: string): Promise<Asset[]> => {
  const { rows } = await source.query<{ asset: Asset }>(
    `with recursive found(asset) as (
       (select asset from postings where workspace_id = $1 order by asset limit 1)
       union all
       select (select p.asset from postings p where p.workspace_id = $1 and p.asset > found.asset order by p.asset limit 1)
       from found where found.asset is not null)
     select asset from found where asset is not null`,
    [workspaceId],
  )
  return rows.map(row => row.asset)
}

type HouseNamed = { readonly asset: Asset; readonly kind: HouseAccount; readonly timeZone: string }

/** An account of the house, now or as of an instant: it has no row, only postings, and what closed months kept of them. */
export const houseAccount = async (
  source: Queryable,
  workspaceId: string,
  named: HouseNamed,
  asOf: AsOf | undefined,
): Promise<AccountAnswer> => {
  const { asset, kind } = named
  const id = houseId(asset, kind)
  const known = await closedSum(source, workspaceId, named, asOf)
  const always: AsOf = { at: Number.MAX_SAFE_INTEGER / 1000, effective: false }
  const balance = await balanceAt(source, workspaceId, id, asOf ?? always, known)
  return { id, owner: 'house', asset, kind, balance, floor: null, dueAt: null, openedAt: null }
}

/** The house's accounts of an asset, or of all, that anything was ever posted to. */
export const houseAccountsOf = async (
  source: Queryable,
  workspaceId: string,
  { asset, timeZone }: { readonly asset: string | undefined; readonly timeZone: string },
  asOf: AsOf | undefined,
): Promise<AccountAnswer[]> => {
  const assets = await assetsOf(source, workspaceId)
  const answers: AccountAnswer[] = []
  for (const it of assets.filter(one => asset === undefined || one === asset))
    for (const kind of houseAccounts) {
      const { rows } = await source.query(
        'select 1 from postings where workspace_id = $1 and account_id = $2 limit 1',
        [workspaceId, houseId(it, kind)],
      )
      if (rows.length > 0) answers.push(await houseAccount(source, workspaceId, { asset: it, kind, timeZone }, asOf))
    }
  return answers
}

export const isHouseAccount = (owner: string, asset: string, kind: string): boolean =>
  owner === 'house' && isAsset(asset) && houseAccounts.some(it => it === kind)

/** What a transaction came of, as its row has it. */
export type CauseRow = {
  readonly holder_id: string | null
  readonly order_id: string | null
  readonly return_id: string | null
  readonly message_id: string | null
  readonly decision_id: string | null
  readonly offer_id: string | null
  readonly offer_version: number | null
  readonly channel: string | null
  readonly location: string | null
  readonly actor: string | null
  readonly reason: string | null
}

export type PostingRow = CauseRow & {
  readonly transaction_id: string
  readonly seq: number
  readonly kind: TransactionKind
  readonly amount: number
  readonly lot_id: string | null
  readonly effective_at: number
  readonly booked_at: number
  readonly period: string
  readonly reverses: string | null
  readonly ends_hold: string | null
  /** Of the account, as this statement saw it. */
  readonly balance: number | null
}

export type PostingKey = Pick<PostingRow, 'booked_at' | 'transaction_id' | 'seq'>

/** Postings of an account before one, the newest first, each with what it came of; and the account's balance at that very instant. */
export const readPostings = async (
  source: Queryable,
  workspaceId: string,
  accountId: string,
  before: PostingKey | undefined,
  limit: number,
): Promise<PostingRow[]> => {
  const { rows } = await source.query<PostingRow>(
    `select p.transaction_id, p.seq, p.amount, p.lot_id, p.effective_at, p.booked_at, p.period, t.kind, t.holder_id, t.order_id,
       t.return_id, t.message_id, t.decision_id, t.offer_id, t.offer_version, t.channel, t.location, t.actor, t.reason, t.reverses,
       t.ends_hold, a.balance
     from (
       select * from postings where workspace_id = $1 and account_id = $2
         ${before ? 'and (booked_at, transaction_id, seq) < (to_timestamp($4 / 1000.0), $5, $6)' : ''}
       order by booked_at desc, transaction_id desc, seq desc limit $3) p
     join transactions t on t.workspace_id = $1 and t.id = p.transaction_id
     left join accounts a on a.workspace_id = $1 and a.id = $2
     order by p.booked_at desc, p.transaction_id desc, p.seq desc`,
    [workspaceId, accountId, limit, ...(before ? [before.booked_at, before.transaction_id, before.seq] : [])],
  )
  return rows
}

const given = <T extends Record<string, unknown>>(all: T) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: Exclude<T[K], null>
  }

export const causeOf = (row: CauseRow): PostingAnswer['cause'] =>
  given({
    holder: row.holder_id,
    order: row.order_id,
    return: row.return_id,
    message: row.message_id,
    decision: row.decision_id,
    offer: row.offer_id,
    offerVersion: row.offer_version,
    channel: row.channel,
    location: row.location,
    actor: row.actor,
    reason: row.reason,
  })

/** A line of a statement; `balance` is what the account came to after it. */
export const postingAnswer = (row: PostingRow, balance: number | null): PostingAnswer => ({
  transaction: row.transaction_id,
  kind: row.kind,
  amount: row.amount,
  balance,
  lot: row.lot_id,
  effectiveAt: formatInstant(row.effective_at),
  bookedAt: formatInstant(row.booked_at),
  period: row.period,
  cause: causeOf(row),
  reverses: row.reverses,
  endsHold: row.ends_hold,
})
