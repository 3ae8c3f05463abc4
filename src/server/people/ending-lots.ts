import type { Queryable, Row } from '../../adapters/storage/database.ts'
import type { Asset } from '../../core/ledger/account.ts'

/** What an owner has of an asset, as the clock says. */
export type Owned = {
  readonly ownerId: string
  readonly asset: Asset
  readonly main: number
  readonly pending: number
  /** Where lots slide with activity: all that slide end then. */
  readonly endsAt: number | null
  /** Of `main`: what became spendable by now and is not booked, so that the store has it as pending. */
  readonly activated: readonly { readonly dueAt: number | null; readonly remaining: number }[]
}

export type Ending = { readonly at: number; readonly amount: number }

/** So many dates are told, and so many lots of an account are read for it: whoever has 10,000 waits no longer than whoever has 10. */
const datesTold = 10
const lotsRead = 200

type LotRow = Row & { owner: string; asset: Asset; kind: 'main' | 'pending'; due_at: number | null; remaining: number }
type DateRow = Row & { at: number; amount: number }

const lotsWith = (due: string): string => `
  select k.owner, k.asset, k.kind, l.due_at, l.remaining
  from unnest($2::text[], $3::text[], $4::text[]) as k(owner, asset, kind) cross join lateral (
    select due_at, remaining from lots
    where workspace_id = $1 and owner_id = k.owner and asset = k.asset and kind = k.kind and live and ${due}
    order by due_at, id limit ${lotsRead}) l`
const laterThan = 'due_at > to_timestamp($5 / 1000.0)'

const addTo = (sums: Map<number, number>, at: number, amount: number): void => {
  sums.set(at, (sums.get(at) ?? 0) + amount)
}

/**
 * What of what somebody has ends when, and what of it becomes spendable when: the next dates of any of her accounts. Of an account with more
 * lots than are read, the date at which the reading stopped gets what is left of the balance, where no later one has lots; else
 * it and those after it are added up by the store, which alone takes longer with more lots.
 */
export const endingOf = async (source: Queryable, workspaceId: string, owned: readonly Owned[], now: number) => {
  const accounts = owned.flatMap(it => [
    ...(it.main > 0 ? [{ ...it, kind: 'main' as const }] : []),
    ...(it.pending > 0 ? [{ ...it, kind: 'pending' as const }] : []),
  ])
  const keyOf = (it: { readonly owner: string; readonly asset: Asset; readonly kind: string }): string =>
    `${it.owner} ${it.asset} ${it.kind}`
  const byAccount = new Map<string, LotRow[]>()
  if (accounts.length > 0) {
    const { rows } = await source.query<LotRow>(lotsWith(laterThan), [
      workspaceId,
      accounts.map(it => it.ownerId),
      accounts.map(it => it.asset),
      accounts.map(it => it.kind),
      now,
    ])
    for (const row of rows) {
      const known = byAccount.get(keyOf(row))
      if (known) known.push(row)
      else byAccount.set(keyOf(row), [row])
    }
  }
  const dates = new Map<string, ReadonlyMap<number, number>>()
  const awaiting = new Map<string, number>()
  for (const { ownerId, asset, kind, main, pending, endsAt, activated } of accounts) {
    const key = keyOf({ owner: ownerId, asset, kind })
    const rows = byAccount.get(key) ?? []
    const fresh = kind === 'main' ? activated : []
    const balance = (kind === 'main' ? main : pending) - fresh.reduce((sum, it) => sum + it.remaining, 0)
    const sums =
      rows.length < lotsRead
        ? sumsOf(rows)
        : await sumsOfMany(source, { workspaceId, ownerId, asset, kind, balance, now }, rows)
    const dated = [...sums.values()].reduce((sum, it) => sum + it, 0)
    // What has no date of its own slides: lots of one programme are alike, unless its terms were changed.
    if (kind === 'main' && endsAt !== null && endsAt > now && balance > dated) addTo(sums, endsAt, balance - dated)
    if (kind === 'pending' && rows.length < lotsRead) awaiting.set(key, balance - dated)
    for (const { dueAt, remaining } of fresh) if (dueAt !== null) addTo(sums, dueAt, remaining)
    dates.set(key, sums)
  }
  const next = (its: readonly Owned[], kind: 'main' | 'pending'): readonly Ending[] => {
    const sums = new Map<number, number>()
    for (const { ownerId, asset } of its)
      for (const [at, amount] of dates.get(keyOf({ owner: ownerId, asset, kind })) ?? []) addTo(sums, at, amount)
    const sorted = [...sums].sort(([a], [b]) => a - b).slice(0, datesTold)
    return sorted.map(([at, amount]) => ({ at, amount }))
  }
  return Object.assign(next, {
    /** What waits for an event. */
    awaiting: (its: readonly Owned[]): number =>
      its.reduce(
        (sum, { ownerId, asset }) => sum + (awaiting.get(keyOf({ owner: ownerId, asset, kind: 'pending' })) ?? 0),
        0,
      ),
  })
}

const sumsOf = (rows: readonly Pick<LotRow, 'due_at' | 'remaining'>[]): Map<number, number> => {
  const sums = new Map<number, number>()
  for (const { due_at, remaining } of rows) addTo(sums, due_at!, remaining)
  return sums
}

type Many = {
  readonly workspaceId: string
  readonly ownerId: string
  readonly asset: Asset
  readonly kind: 'main' | 'pending'
  readonly balance: number
  readonly now: number
}

const sumsOfMany = async (
  source: Queryable,
  { workspaceId, ownerId, asset, kind, balance }: Many,
  rows: readonly LotRow[],
): Promise<Map<number, number>> => {
  const sums = sumsOf(rows)
  const cut = rows.at(-1)!.due_at!
  // Whether there are more of that date is not known; the dates before it are whole.
  sums.delete(cut)
  if (sums.size >= datesTold) return sums
  const account = [workspaceId, [ownerId], [asset], [kind]]
  const [later, forEver] = await Promise.all([
    source.query<LotRow>(lotsWith(laterThan), [...account, cut]),
    source.query<LotRow>(lotsWith('due_at is null'), account),
  ])
  if (later.rows.length < lotsRead && forEver.rows.length < lotsRead) {
    const known = [...sums.values(), ...[...later.rows, ...forEver.rows].map(it => it.remaining)]
    sums.set(cut, balance - known.reduce((sum, it) => sum + it, 0))
    for (const [at, amount] of sumsOf(later.rows)) addTo(sums, at, amount)
    return sums
  }
  const { rows: exact } = await source.query<DateRow>(
    `select due_at as at, sum(remaining)::int8 as amount from lots
     where workspace_id = $1 and owner_id = $2 and asset = $3 and kind = $4 and live and due_at >= to_timestamp($5 / 1000.0)
     group by due_at order by due_at limit ${datesTold}`,
    [workspaceId, ownerId, asset, kind, cut],
  )
  for (const { at, amount } of exact) sums.set(at, amount)
  return sums
}
