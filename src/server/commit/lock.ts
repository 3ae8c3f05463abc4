import type { Queryable } from '../../adapters/storage/database.ts'
import type { World } from '../../core/loop/world.ts'

/** Tells from inside a transaction that it must be rolled back and the batch decided again. */
export class Redo extends Error {}

/**
 * Takes the locks of a batch, always in the same order (orders, holders, counters; each by key), so that two batches can wait for
 * each other but never in a circle. Answers whether what was read without locks still stands; counters are
 * simply brought up to date, because they change all the time.
 */
export const lock = async (tx: Queryable, world: World): Promise<boolean> => {
  const workspaceId = world.workspace.id
  const take = <R>(name: string, sql: string, ids: Iterable<string>) => {
    const sorted = [...ids].sort()
    return sorted.length === 0
      ? Promise.resolve({ rows: [] as R[] })
      : tx.query<R & Record<string, unknown>>(sql, [workspaceId, sorted], `lock ${name}`)
  }
  const [orders, holders, counters] = await Promise.all([
    take<{ id: string; touched: number }>(
      'orders',
      'select id, touched from orders where workspace_id = $1 and id = any($2::text[]) order by id for update',
      world.orders.keys(),
    ),
    take<{ id: string; revision: number }>(
      'holders',
      'select id, revision from holders where workspace_id = $1 and id = any($2::text[]) order by id for update',
      world.holders.keys(),
    ),
    take<{ offerId: string; used: number; held: number; budgetUsed: number; budgetHeld: number }>(
      'counters',
      `select offer_id as "offerId", used, held, budget_used as "budgetUsed", budget_held as "budgetHeld"
       from counters where workspace_id = $1 and offer_id = any($2::text[]) order by offer_id for update`,
      world.counters.keys(),
    ),
  ])
  for (const { offerId, used, held, budgetUsed, budgetHeld } of counters.rows)
    world.counters.set(offerId, { used, held, budgetUsed, budgetHeld })
  return (
    orders.rows.every(row => world.orders.get(row.id)!.touched === row.touched) &&
    holders.rows.every(row => world.holders.get(row.id)!.revision === row.revision)
  )
}

/** The keys that are locked, as one text: a second read under locks must not need more than them. */
export const lockedKeys = (world: World): ReadonlySet<string> =>
  new Set([
    ...[...world.orders.keys()].map(id => `order ${id}`),
    ...[...world.holders.keys()].map(id => `holder ${id}`),
    ...[...world.counters.keys()].map(id => `counter ${id}`),
  ])
