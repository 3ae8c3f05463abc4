import type { Queryable } from '../../adapters/storage/database.ts'
import { counterKey, type World } from '../../core/loop/world.ts'
import type { ProgrammeMember } from '../../core/loyalty/schema.ts'
import { type CounterRow, counterColumns, counterParts, listOf, selectList } from './tables.ts'

/** Tells from inside a transaction that it must be rolled back and the batch decided again. */
export class Redo extends Error {}

/**
 * Takes the locks of a batch, always in the same order (catalogue, orders, holders, members, gift cards, packs, counters; each by key), so that two batches can wait for
 * each other but never in a circle. Answers whether what was read without locks still stands; counters are
 * simply brought up to date, because they change all the time. A counter without a row has nothing to lock: two batches that both make
 * it collide at its key when they save, and one is decided again.
 */
export const lock = async (tx: Queryable, world: World): Promise<boolean> => {
  const workspaceId = world.workspace.id
  // Row by row in the order given, which a sort on the server would have to agree on with everybody. As `id = any(…)` the plan that is
  // kept from an empty table walked all rows of the workspace by another index, and took a third of what the store had to do.
  /** Answers those whose number is another than it was read. */
  const take = (
    table: 'orders' | 'holders' | 'accounts' | 'gift_cards' | 'packs',
    number: string,
    ids: Iterable<string>,
    read: (id: string) => number,
    key = 'id',
    by = 'for update',
  ) => {
    const sorted = [...ids].sort()
    return sorted.length === 0
      ? Promise.resolve({ rows: [] })
      : tx.query(
          `select k.id from unnest($2::text[], $3::int4[]) as k(id, read)
           cross join lateral (select ${number} as number from ${table} where workspace_id = $1 and ${key} = k.id ${by}) t
           where t.number <> k.read`,
          [workspaceId, listOf(sorted), listOf(sorted.map(read))],
          `lock ${table}`,
        )
  }
  const counterKeys = [...world.counters.keys()].sort().map(counterParts)
  const members = membersInPlay(world)
  const [catalogue, orders, holders, joined, cards, packs, counters, accounts] = await Promise.all([
    // Shared by batches, waited for by changes of offers: when an offer gets its first limit its uses are counted then and
    // there, and no batch that still thinks it unlimited may add one afterwards.
    tx.query<{ version: number }>(
      'select catalogue_version as version from workspaces where id = $1 for share',
      [workspaceId],
      'lock catalogue',
    ),
    take('orders', 'touched', world.orders.keys(), id => world.orders.get(id)!.touched),
    take('holders', 'revision', lockedHolders(world), id => world.holders.get(id)!.revision),
    members.length === 0
      ? { rows: [] }
      : tx.query<{ holderId: string; programmeId: string; revision: number }>(
          `select m.holder_id as "holderId", m.programme_id as "programmeId", m.revision
           from unnest($2::text[], $3::text[]) as k(a, b) cross join lateral (
             select * from programme_members where workspace_id = $1 and holder_id = k.a and programme_id = k.b for update) m`,
          [workspaceId, members.map(it => it.holderId), members.map(it => it.programmeId)],
          'lock members',
        ),
    take('gift_cards', 'revision', world.giftCards.keys(), code => world.giftCards.get(code)!.revision, 'code'),
    take('packs', 'touched', world.packs.keys(), id => world.packs.get(id)!.touched),
    counterKeys.length === 0
      ? { rows: [] }
      : tx.query<CounterRow>(
          `select ${selectList(counterColumns, 'c')} from unnest($2::text[], $3::text[]) as k(a, b)
           cross join lateral (
             select * from counters where workspace_id = $1 and offer_id = k.a and bucket = k.b for update) c`,
          [workspaceId, counterKeys.map(it => it.offerId), counterKeys.map(it => it.bucket)],
          'lock counters',
        ),
    // Only looked at, once their owners are locked, holders and cards: a lock writes to each row, and that took a fifth of what a
    // transfer costs the store. Whoever changes one says which revision it had, so that nothing is lost where an owner was not locked.
    take('accounts', 'revision', world.book.accounts.keys(), id => world.book.accounts.get(id)!.revision, 'id', ''),
  ])
  for (const { offerId, bucket, ...counter } of counters.rows) {
    const key = counterKey(offerId, bucket)
    world.counters.set(key, counter)
    world.changes.newCounters.delete(key)
  }
  return (
    catalogue.rows[0]!.version === world.catalogue.version &&
    [orders, holders, accounts, cards, packs].every(it => it.rows.length === 0) &&
    joined.rows.every(row => world.programmeMembers.get(row.holderId)!.get(row.programmeId)!.revision === row.revision)
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
    ...[...world.packs.keys()].map(id => `pack ${id}`),
    ...[...world.counters.keys()].filter(id => !world.changes.newCounters.has(id)).map(id => `counter ${id}`),
  ])
