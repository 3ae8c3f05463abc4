import type { Queryable } from '../../adapters/storage/database.ts'
import { counterKey, type World } from '../../core/loop/world.ts'
import type { ProgrammeMember } from '../../core/loyalty/schema.ts'
import { type CounterRow, counterColumns, counterParts, selectList } from './tables.ts'

/** Tells from inside a transaction that it must be rolled back and the batch decided again. */
export class Redo extends Error {}

/**
 * Takes the locks of a batch, always in the same order (catalogue, orders, holders, members, accounts, gift cards, counters; each by key), so that two batches can wait for
 * each other but never in a circle. Answers whether what was read without locks still stands; counters are
 * simply brought up to date, because they change all the time. A counter without a row has nothing to lock: two batches that both make
 * it collide at its key when they save, and one is decided again.
 */
export const lock = async (tx: Queryable, world: World): Promise<boolean> => {
  const workspaceId = world.workspace.id
  const take = <R>(name: string, sql: string, ids: Iterable<string>) => {
    const sorted = [...ids].sort()
    return sorted.length === 0
      ? Promise.resolve({ rows: [] as R[] })
      : tx.query<R & Record<string, unknown>>(sql, [workspaceId, sorted], `lock ${name}`)
  }
  const counterKeys = [...world.counters.keys()].sort().map(counterParts)
  const members = membersInPlay(world)
  const [catalogue, orders, holders, joined, cards, counters, accounts] = await Promise.all([
    // Shared by batches, waited for by changes of offers: when an offer gets its first limit its uses are counted then and
    // there, and no batch that still thinks it unlimited may add one afterwards.
    tx.query<{ version: number }>(
      'select catalogue_version as version from workspaces where id = $1 for share',
      [workspaceId],
      'lock catalogue',
    ),
    take<{ id: string; touched: number }>(
      'orders',
      'select id, touched from orders where workspace_id = $1 and id = any($2::text[]) order by id for update',
      world.orders.keys(),
    ),
    take<{ id: string; revision: number }>(
      'holders',
      'select id, revision from holders where workspace_id = $1 and id = any($2::text[]) order by id for update',
      lockedHolders(world),
    ),
    members.length === 0
      ? { rows: [] }
      : tx.query<{ holderId: string; programmeId: string; revision: number }>(
          `select m.holder_id as "holderId", m.programme_id as "programmeId", m.revision
           from unnest($2::text[], $3::text[]) as k(a, b) cross join lateral (
             select * from programme_members where workspace_id = $1 and holder_id = k.a and programme_id = k.b for update) m`,
          [workspaceId, members.map(it => it.holderId), members.map(it => it.programmeId)],
          'lock members',
        ),
    take<{ code: string; revision: number }>(
      'gift cards',
      'select code, revision from gift_cards where workspace_id = $1 and code = any($2::text[]) order by code for update',
      world.giftCards.keys(),
    ),
    counterKeys.length === 0
      ? { rows: [] }
      : tx.query<CounterRow>(
          // Row by row in the order given, which a sort on the server would have to agree on with everybody.
          `select ${selectList(counterColumns, 'c')} from unnest($2::text[], $3::text[]) as k(a, b)
           cross join lateral (
             select * from counters where workspace_id = $1 and offer_id = k.a and bucket = k.b for update) c`,
          [workspaceId, counterKeys.map(it => it.offerId), counterKeys.map(it => it.bucket)],
          'lock counters',
        ),
    // Only looked at, once their owners are locked, holders and cards: a lock writes to each row, and that took a fifth of what a
    // transfer costs the store. Whoever changes one says which revision it had, so that nothing is lost where an owner was not locked.
    take<{ id: string; revision: number }>(
      'accounts',
      'select id, revision from accounts where workspace_id = $1 and id = any($2::text[])',
      world.book.accounts.keys(),
    ),
  ])
  for (const { offerId, bucket, ...counter } of counters.rows) {
    const key = counterKey(offerId, bucket)
    world.counters.set(key, counter)
    world.changes.newCounters.delete(key)
  }
  return (
    catalogue.rows[0]!.version === world.catalogue.version &&
    orders.rows.every(row => world.orders.get(row.id)!.touched === row.touched) &&
    holders.rows.every(row => world.holders.get(row.id)!.revision === row.revision) &&
    joined.rows.every(
      row => world.programmeMembers.get(row.holderId)!.get(row.programmeId)!.revision === row.revision,
    ) &&
    accounts.rows.every(row => world.book.accounts.get(row.id)!.revision === row.revision) &&
    cards.rows.every(row => world.giftCards.get(row.code)!.revision === row.revision)
  )
}

const membersInPlay = (world: World): ProgrammeMember[] =>
  [...world.programmeMembers.keys()]
    .sort()
    .flatMap(id =>
      [...world.programmeMembers.get(id)!.values()].sort((a, b) => (a.programmeId < b.programmeId ? -1 : 1)),
    )

const lockedHolders = (world: World): string[] => [...world.holders.keys()].filter(id => !world.onlookers.has(id))

/** The keys that are locked, as one text: a second read under locks must not need more than them. */
export const lockedKeys = (world: World): ReadonlySet<string> =>
  new Set([
    ...[...world.orders.keys()].map(id => `order ${id}`),
    ...lockedHolders(world).map(id => `holder ${id}`),
    ...membersInPlay(world).map(it => `member ${it.holderId} ${it.programmeId}`),
    ...[...world.book.accounts.keys()].map(id => `account ${id}`),
    ...[...world.giftCards.keys()].map(code => `gift card ${code}`),
    ...[...world.counters.keys()].filter(id => !world.changes.newCounters.has(id)).map(id => `counter ${id}`),
  ])
