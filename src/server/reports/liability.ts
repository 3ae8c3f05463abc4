import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { startOfLocalDate } from '../../core/kernel/time.ts'
import { type Asset, assetParts } from '../../core/ledger/account.ts'
import { nextMonth } from '../../core/ledger/book.ts'
import {
  addSums,
  type LiabilityRow,
  type MonthSums,
  monthsBetween,
  noSums,
  type RateFrom,
  rollForward,
  sumsOf,
} from '../../core/measurement/liability.ts'

/** So many postings a statement: the embedded store is one connection, and everybody waits for it. */
const chunk = 5_000

/** What a closing keeps of a month: what postings came to by asset, and the rows as they were signed. */
export type ClosedTotals = {
  readonly sums: Readonly<Record<string, MonthSums>>
  readonly rows: readonly ReportedRow[]
}
export type ReportedRow = LiabilityRow & { readonly closed: boolean }

type Walked = { account: string; amount: number; above: number; count: number; last_id: string; last_seq: number }

/** The postings of one asset in one month, from some place on; `after` is where the next chunk begins. */
export type Stretch = {
  readonly asset: Asset
  readonly period: string
  readonly after?: readonly [transactionId: string, seq: number] | undefined
}

/** What the next chunk of postings comes to; without `after` it was the last. */
export const sumsOfChunk = async (
  source: Queryable,
  workspaceId: string,
  { asset, period, after = ['', 0] }: Stretch,
): Promise<{ readonly sums: MonthSums; readonly count: number; readonly after?: Stretch['after'] }> => {
  const { rows } = await source.query<Walked>(
    `with walked as materialized (
       select split_part(account_id, '/', 3) as account, amount, transaction_id, seq from postings
       where workspace_id = $1 and asset = $2 and period = $3 and (transaction_id, seq) > ($4, $5::int4)
       order by transaction_id, seq limit ${chunk}),
     last as (select transaction_id, seq from walked order by transaction_id desc, seq desc limit 1)
     select w.account, sum(w.amount)::int8 as amount, coalesce(sum(w.amount) filter (where w.amount > 0), 0)::int8 as above,
       count(*)::int8 as count, l.transaction_id as last_id, l.seq as last_seq
     from walked w cross join last l group by w.account, l.transaction_id, l.seq`,
    [workspaceId, asset, period, ...after],
  )
  const count = rows.reduce((all, row) => all + row.count, 0)
  const [row] = rows
  return { sums: sumsOf(rows), count, ...(row && count === chunk && { after: [row.last_id, row.last_seq] }) }
}

/** What the postings of one asset in one month come to, read a chunk at a time. */
const sumsOfMonth = async (
  source: Queryable,
  workspaceId: string,
  asset: Asset,
  period: string,
): Promise<MonthSums> => {
  let sums = noSums
  for (let stretch: Stretch = { asset, period }; ; ) {
    const next = await sumsOfChunk(source, workspaceId, stretch)
    sums = addSums(sums, next.sums)
    if (!next.after) return sums
    stretch = { asset, period, after: next.after }
  }
}

/** The months that each asset has postings in, one step through the index each. */
export const monthsWithPostings = async (
  source: Queryable,
  workspaceId: string,
): Promise<readonly { readonly asset: Asset; readonly period: string }[]> => {
  const found: { asset: Asset; period: string }[] = []
  for (let [asset, period]: [string, string] = ['', '']; ; ) {
    const { rows } = await source.query<{ asset: Asset; period: string }>(
      `select asset, period from postings where workspace_id = $1 and (asset, period) > ($2, $3)
       order by asset, period limit 1`,
      [workspaceId, asset, period],
    )
    if (!rows[0]) return found
    found.push(rows[0])
    ;[asset, period] = [rows[0].asset, rows[0].period]
  }
}

/** The first month with postings that comes after `period`, of any asset. */
export const firstMonthAfter = async (
  source: Queryable,
  workspaceId: string,
  period: string | null,
): Promise<string | undefined> =>
  (await monthsWithPostings(source, workspaceId))
    .map(it => it.period)
    .filter(it => period === null || it > period)
    .sort()[0]

const ratesOf = async (source: Queryable, workspaceId: string): Promise<ReadonlyMap<string, readonly RateFrom[]>> => {
  const { rows } = await source.query<{ id: string; from: number; rate: RateFrom['rate'] }>(
    `select programme_id as id, changed_at as from, body->'rate' as rate from programme_versions
     where workspace_id = $1 order by programme_id, version`,
    [workspaceId],
  )
  const byProgramme = new Map<string, RateFrom[]>()
  for (const { id, from, rate } of rows) {
    const known = byProgramme.get(id)
    if (known) known.push({ from, rate })
    else byProgramme.set(id, [{ from, rate }])
  }
  return byProgramme
}

/** Closed months with what they came to; null: being added up. The oldest first. */
export const readClosings = async (
  source: Queryable,
  workspaceId: string,
): Promise<readonly { readonly period: string; readonly totals: ClosedTotals | null }[]> => {
  const { rows } = await source.query<{ period: string; totals: ClosedTotals | null }>(
    'select period, totals from closings where workspace_id = $1 order by period',
    [workspaceId],
  )
  return rows
}

/**
 * Reads many small statements as of one instant where the store can: on a server in a snapshot, which nobody waits for. The embedded
 * store has one connection, which must not be held, so there what is booked meanwhile may be in it or not.
 */
export const readAtOnce = <T>(database: Database, read: (source: Queryable) => Promise<T>): Promise<T> =>
  database.kind === 'pglite'
    ? read(database)
    : database.transaction(async tx => {
        await tx.query('set transaction isolation level repeatable read, read only')
        return read(tx)
      })

export type LiabilityAsked = {
  /** Months, inclusive; left out, the first with postings and the month of `now`. */
  readonly from?: string | undefined
  readonly to: string
  /** Left out, all that the business owes. */
  readonly isAsked: (asset: Asset) => boolean
  readonly timeZone: string
  /** What was added up already, by month and asset. */
  readonly known?: Readonly<Record<string, Readonly<Record<Asset, MonthSums>>>>
}

/** What qualifying points count is standing, not money that anybody is owed. */
export const isOwed = (asset: Asset): boolean => assetParts(asset).kind !== 'qualifying'

/**
 * Roll-forwards of all assets asked for, a row an asset and month. A closed month is what its closing kept; the others are added up
 * from postings.
 */
export const readLiability = async (
  source: Queryable,
  workspaceId: string,
  { from, to, isAsked, timeZone, known = {} }: LiabilityAsked,
): Promise<readonly ReportedRow[]> => {
  const [closings, rates, all] = await Promise.all([
    readClosings(source, workspaceId),
    ratesOf(source, workspaceId),
    monthsWithPostings(source, workspaceId),
  ])
  const closed = new Map(closings.flatMap(({ period, totals }) => (totals ? [[period, totals] as const] : [])))
  const moved = all.filter(it => it.period <= to && isAsked(it.asset))
  const first = from ?? moved.map(it => it.period).sort()[0] ?? to
  const startOf = (period: string): number => startOfLocalDate(`${period}-01`, timeZone)
  const rows = []
  for (const asset of [...new Set(moved.map(it => it.asset))].sort()) {
    const sums = new Map<string, MonthSums>()
    for (const { period } of moved.filter(it => it.asset === asset))
      sums.set(
        period,
        closed.get(period)?.sums[asset] ??
          known[period]?.[asset] ??
          (await sumsOfMonth(source, workspaceId, asset, period)),
      )
    const before = [...sums].filter(([period]) => period < first).reduce((sum, [, it]) => addSums(sum, it), noSums)
    const months = monthsBetween(first, to).map(period => ({
      period,
      end: startOf(nextMonth(period)),
      sums: sums.get(period) ?? noSums,
    }))
    const { of } = assetParts(asset)
    const rolled = rollForward({ asset, months, before, rates: rates.get(of) ?? [], start: startOf(first) })
    rows.push(...rolled.map(row => ({ ...row, closed: closed.has(row.period) })))
  }
  return rows
}
