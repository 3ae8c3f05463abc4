import type { Queryable, Row } from '../../adapters/storage/database.ts'
import type { Asset } from '../../core/ledger/account.ts'
import type { World } from '../../core/loop/world.ts'
import type { Item, Needs } from '../commit/item.ts'
import type { Services } from '../services.ts'

/**
 * So long a batch of ours may take: whoever shops waits for it. How many people that are depends on the machine and on what else it does,
 * so it is found out while running; one of them is some dozen rows.
 */
const targetMs = 30
const most = 200
/** A batch costs something by itself, so on a machine that is busy fewer would only take longer in all. */
const fewest = 40

/** How many a batch takes after one of so many took so long. */
export const sizeAfter = (size: number, ms: number): number =>
  Math.max(fewest, Math.min(most, Math.round(size * Math.max(0.5, Math.min(1.5, targetMs / ms)))))

/** So long one run goes on; the next one begins again with what has been due for longest. */
const runMs = 60_000

/** If it fails for so many it is not them. */
const mostFailed = 100

/** So many are counted; more are as many. */
const mostCounted = 10_000

type DueRow = Row & { owner: string; asset: Asset | null; due_at: number }

/** The last that was looked at. */
type Place = Pick<DueRow, 'owner' | 'due_at'>
const theStart: Place = { owner: '', due_at: 0 }

const dueIn = (table: string, owner: string, asset: string): string => `
  (select ${owner} as owner, ${asset} as asset, due_at from ${table}
   where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0) and (due_at, ${owner}) > (to_timestamp($3 / 1000.0), $4)
   order by due_at, ${owner} limit $5)`

/**
 * The oldest first, of either table so many: an index walk that begins where the last one ended. From the start it would step each time
 * over the entries of all that has been done since the store was tidied up last, which in the middle of a million are half a million.
 */
export const dueSql = `${dueIn('accounts', 'owner_id', 'asset')} union all ${dueIn('programme_members', 'holder_id', 'null')}
  order by due_at, owner limit $5`

const isHolder = (owner: string): boolean => owner.startsWith('hol_')

type Owner = Pick<DueRow, 'owner' | 'asset'>

/** So many owners, and the last of the rows that are about nobody else. */
const firstOf = (
  rows: readonly DueRow[],
  size: number,
): { readonly owners: readonly Owner[]; readonly last: DueRow | undefined } => {
  const owners = new Map<string, Owner>()
  let last: DueRow | undefined
  for (const row of rows) {
    const known = owners.get(row.owner)
    if (!known && owners.size === size) break
    owners.set(row.owner, known?.asset ? known : row)
    last = row
  }
  return { owners: [...owners.values()], last }
}

/** Loading them is all: whatever the clock has done to somebody is booked before a batch decides anything. */
const needsOf = (owners: readonly Owner[]): Needs => ({
  holders: owners.flatMap(({ owner }) => (isHolder(owner) ? owner : [])),
  value: owners.flatMap(({ owner, asset }) =>
    asset === null ? [] : [{ asset, amount: 0, ...(!isHolder(owner) && { ownerId: owner }) }],
  ),
})

/** Of whom something is due still, which is a bug's work; told, so that it shows, and left, so that nobody else waits for it. */
const leftOf = ({ book, programmeMembers, now }: World, owners: readonly Owner[]): readonly string[] => {
  const asked = new Set(owners.map(it => it.owner))
  const isDue = ({ dueAt }: { readonly dueAt: number | null }): boolean => dueAt !== null && dueAt <= now
  return [
    ...[...book.accounts.values()].flatMap(it => (isDue(it) && asked.has(it.ownerId) ? it.ownerId : [])),
    ...[...asked].filter(id => [...(programmeMembers.get(id)?.values() ?? [])].some(isDue)),
  ]
}

const itemOf = (workspaceId: string, owners: readonly Owner[], left: (ids: readonly string[]) => void): Item => ({
  workspaceId,
  needs: needsOf(owners),
  fromBrowser: false,
  weight: owners.length * 6,
  bytes: owners.length * 300,
  decide: world => {
    left(leftOf(world, owners))
    return { text: '', status: 200 }
  },
})

/** Those whom no other process is at. Nobody waits: whoever is taken is skipped, as rows are by SKIP LOCKED; all are free when `tx` ends. */
const claim = async (tx: Queryable, workspaceId: string, owners: readonly Owner[]): Promise<readonly Owner[]> => {
  const { rows } = await tx.query<{ id: string }>(
    `select id from unnest($2::text[]) as k(id) where pg_try_advisory_xact_lock(hashtextextended('clock ' || $1 || ' ' || id, 0))`,
    [workspaceId, owners.map(it => it.owner)],
    'claim value',
  )
  const free = new Set(rows.map(it => it.id))
  return owners.filter(it => free.has(it.owner))
}

/** How far a run is. `lagSeconds`: since when what is done now was due; `done`: of how many more people and cards all is done. */
export type SweepProgress = { readonly lagSeconds: number; readonly done: number }

/** One walk over what is due in a workspace. */
type Lap = { readonly workspaceId: string; place: Place; size: number }

/** How many accounts and memberships are due in each workspace where any is. */
const workspacesDue = async (
  { database }: Pick<Services, 'database'>,
  now: number,
): Promise<readonly { readonly id: string; readonly due: number }[]> => {
  const counted = (table: string) => `(select count(*)::int4 as n from (select 1 from ${table}
     where workspace_id = w.id and due_at <= to_timestamp(($1 + coalesce(w.ahead_ms, 0)) / 1000.0) limit ${mostCounted}) as due)`
  const { rows } = await database.query<{ id: string; due: number }>(
    `select w.id, a.n + m.n as due from workspaces w cross join lateral ${counted('accounts')} a
       cross join lateral ${counted('programme_members')} m where a.n + m.n > 0 and w.ending_at is null order by w.id`,
    [now],
    'value due',
  )
  return rows
}

/**
 * Does the clock's work on points, stored money and tiers that has come due: what is pending becomes active, periods of tiers end, what
 * ends goes, for one person after the other in the order of time, so that a week of days off comes to what seven nights would have.
 * Through the group commit, so many at once; whoever has been seen is not due any more, so it may be killed anywhere, and processes that
 * run it at once share the work. Nothing hangs on it for whoever shops: the batch that meets her has it done first. Whomever it fails for
 * is passed over and told of in the end.
 */
export const sweepValue = async (
  services: Pick<Services, 'database' | 'writer' | 'workspaces' | 'clock'>,
  signal: AbortSignal,
  {
    onDue = () => undefined,
    onProgress = () => undefined,
  }: { readonly onDue?: (due: number) => void; readonly onProgress?: (progress: SweepProgress) => void } = {},
): Promise<void> => {
  const { database, writer, workspaces, clock } = services
  const failed = new Map<string, unknown>()
  const ends = performance.now() + runMs

  /** Splits what fails, so that it hits nobody else. Answers of how many it was done; undefined: the queue is full. */
  const submit = async (workspaceId: string, owners: readonly Owner[]): Promise<number | undefined> => {
    let left: readonly string[] = []
    try {
      const outcome = await writer.submit(itemOf(workspaceId, owners, ids => (left = ids)))
      if ('refusal' in outcome) return undefined
    } catch (error) {
      if (failed.size >= mostFailed) throw error
      if (owners.length === 1) {
        failed.set(owners[0]!.owner, error)
        return 0
      }
      const half = Math.ceil(owners.length / 2)
      const first = await submit(workspaceId, owners.slice(0, half))
      const second = first === undefined ? undefined : await submit(workspaceId, owners.slice(half))
      return second === undefined ? undefined : first! + second
    }
    for (const id of left) failed.set(id, undefined)
    return owners.length - new Set(left).size
  }

  /** The next batch of a lap; false: it has come to the end of what is due, or the queue has more urgent work. */
  const goOn = async (lap: Lap): Promise<boolean> => {
    const { workspaceId, place, size } = lap
    // An owner has a row or two of one instant, which lie together.
    const limit = size * 2
    const { rows } = await database.query<DueRow>(
      dueSql,
      [workspaceId, clock(workspaceId), place.due_at, place.owner, limit],
      'sweep value',
    )
    const { owners, last } = firstOf(rows, size)
    if (!last) return false
    const work = async (mine: readonly Owner[]): Promise<boolean> => {
      const started = performance.now()
      const done = mine.length === 0 ? 0 : await submit(workspaceId, mine)
      if (done === undefined) return false
      if (mine.length === owners.length) lap.size = sizeAfter(size, performance.now() - started)
      lap.place = last
      onProgress({ lagSeconds: (clock(workspaceId) - rows[0]!.due_at) / 1000, done })
      return rows.length === limit || last !== rows.at(-1)
    }
    // The embedded store has one connection, and one process.
    return database.kind === 'pglite'
      ? work(owners)
      : database.transaction(async tx => work(await claim(tx, workspaceId, owners)))
  }

  const due = await workspacesDue(services, clock())
  onDue(due.reduce((sum, it) => sum + it.due, 0))
  let laps: readonly Lap[] = due.map(({ id }) => ({ workspaceId: id, place: theStart, size: fewest }))
  // Workspaces take turns, so that none waits for a million members of another.
  while (laps.length > 0 && !signal.aborted && performance.now() < ends) {
    const going: Lap[] = []
    for (const lap of laps) {
      if (signal.aborted) break
      if (!(await workspaces.get(lap.workspaceId))) continue
      if (await goOn(lap)) going.push(lap)
    }
    laps = going
  }
  if (failed.size > 0) {
    const [[first, cause]] = [...failed] as [[string, unknown]]
    throw new Error(`the clock's work does not end on ${failed.size} people or cards, such as ${first}`, { cause })
  }
  if (laps.length === 0 && !signal.aborted) onProgress({ lagSeconds: 0, done: 0 })
}

/** How far the clock is with a programme: how many of its accounts and tiers are due and not done, and since when. */
export const overdueOf = async (
  { database }: Pick<Services, 'database'>,
  workspaceId: string,
  programmeId: string,
  now: number,
): Promise<{ readonly overdue: number; readonly since: number | null }> => {
  const { rows } = await database.query<{ overdue: number; since: number | null }>(
    `select count(*)::int4 as overdue, min(due_at) as since from (
       (select due_at from accounts where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0)
          and asset in ('points:' || $3, 'qualifying:' || $3) order by due_at limit ${mostCounted})
       union all
       (select due_at from programme_members where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0)
          and programme_id = $3 order by due_at limit ${mostCounted})) due`,
    [workspaceId, now, programmeId],
  )
  return rows[0]!
}
