import { type Database, type Queryable, sqlState } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { makeId } from '../../core/kernel/id.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { expireHolds } from '../../core/loop/holds.ts'
import { settle } from '../../core/loop/settle.ts'
import { matureValue } from '../../core/loop/value.ts'
import type { Catalogue, World } from '../../core/loop/world.ts'
import type { LiveCatalogues } from '../catalogue.ts'
import { type Clock, digestFor, type Workspaces } from '../workspaces.ts'
import type { Item, Needs, Outcome } from './item.ts'
import { type KnownPeople, makeKnownPeople } from './known-people.ts'
import { load } from './load.ts'
import { lock, lockedKeys, Redo } from './lock.ts'
import { save } from './save.ts'

/**
 * Group commit. Hot writes wait in a bounded queue and join the next batch: load the state of all of them, decide each in turn with
 * pure code, save what changed, commit once, then answer. One batch at a time, of one workspace; workspaces take turns, and so do
 * those who write and those who only look. A lone request does not wait for others: it is a batch of one.
 */
export type Writer = {
  /** Resolves after the commit; a full queue refuses at once with `overloaded`. */
  submit(item: Item): Promise<Outcome>
  /** What `decide` comes to in the world of this instant. Nothing is saved, so it may change it as it likes; it takes no locks and waits for no batch. */
  look<T>(
    workspaceId: string,
    needs: Needs,
    decide: (world: World) => T,
    /** Other offers than there are: the world is loaded for them. */
    asIf?: (catalogue: Catalogue) => Catalogue,
  ): Promise<T>
  readonly depth: () => number
  /** Stops taking items and resolves when those taken are answered. */
  close(): Promise<void>
}

export type WriterOptions = {
  readonly database: Database
  readonly workspaces: Workspaces
  readonly catalogues: LiveCatalogues
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
  readonly onBatch?: (batch: { readonly items: number; readonly ms: number; readonly redone: number }) => void
  readonly onFailure?: (error: unknown) => void
}

const maxQueued = 4096
const maxQueuedBytes = 64 * 1024 * 1024
/** Of both, what browsers' items may fill. */
const browserShare = 0.25
/** What a batch writes at the most, in rows: more would hold the embedded store for too long, which has one connection. */
const maxWeight = { pglite: 1024, postgres: 2048 }
const maxItems = 256
const maxRedo = 20

type Waiting = {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

export const makeWriter = (options: WriterOptions): Writer => {
  const people = makeKnownPeople()
  const queues = new Map<string, Waiting[]>()
  let queued = 0
  let queuedBytes = 0
  let running: Promise<void> | undefined
  let closed = false

  const nextBatch = (): Waiting[] => {
    const [name, queue] = queues.entries().next().value!
    // To the back of the line: workspaces take turns.
    queues.delete(name)
    let weight = 0
    let count = 0
    while (
      count < queue.length &&
      count < maxItems &&
      (count === 0 || weight + queue[count]!.item.weight <= maxWeight[options.database.kind])
    ) {
      weight += queue[count]!.item.weight
      count += 1
    }
    const batch = queue.slice(0, count)
    if (count < queue.length) queues.set(name, queue.slice(count))
    queued -= batch.length
    for (const { item } of batch) queuedBytes -= item.bytes
    return batch
  }

  const run = async (): Promise<void> => {
    // One turn of the event loop, so that requests that arrived together travel together.
    await new Promise(setImmediate)
    while (queued > 0) {
      const batch = nextBatch()
      try {
        const outcomes = await commit(
          options,
          people,
          batch.map(it => it.item),
        )
        for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]!)
      } catch (error) {
        options.onFailure?.(error)
        await commitSingly(options, people, batch, error)
      }
    }
    running = undefined
  }

  return {
    depth: () => queued,
    submit: item =>
      new Promise((resolve, reject) => {
        const share = item.fromBrowser ? browserShare : 1
        if (closed || queued >= maxQueued * share || queuedBytes + item.bytes > maxQueuedBytes * share) {
          resolve({ refusal: refuse(commonRefusals.overloaded, { retryAfterSeconds: 1 }) })
          return
        }
        const name = item.looks ? `${item.workspaceId} looks` : item.workspaceId
        const queue = queues.get(name)
        const waiting = { item, resolve, reject }
        if (queue) queue.push(waiting)
        else queues.set(name, [waiting])
        queued += 1
        queuedBytes += item.bytes
        running ??= run()
      }),
    look: (workspaceId, needs, decide, asIf) => {
      const asks = { workspaceId, needs, fromBrowser: false, weight: 0, bytes: 0, decide: () => noAnswer }
      const { catalogues } = options
      const other = asIf && {
        ...catalogues,
        atLeast: async (...given: Parameters<typeof catalogues.atLeast>) => asIf(await catalogues.atLeast(...given)),
      }
      return lookAt(other ? { ...options, catalogues: other } : options, [asks], decide)
    },
    close: async () => {
      closed = true
      await running
    },
  }
}

/** Of who only looks: nobody reads it. */
const noAnswer: Outcome = { text: '', status: 200 }

/** A batch failed for good: each item alone, so that one bad item does not take the others with it. */
const commitSingly = async (
  options: WriterOptions,
  people: KnownPeople,
  batch: readonly Waiting[],
  error: unknown,
): Promise<void> => {
  if (batch.length === 1) {
    batch[0]!.reject(error)
    return
  }
  for (const { item, resolve, reject } of batch) {
    try {
      resolve((await commit(options, people, [item]))[0]!)
    } catch (failure) {
      options.onFailure?.(failure)
      reject(failure)
    }
  }
}

/** Conflicts that another process's commit explains: decided again, the batch sees what the other did. */
const isConflict = (error: unknown): boolean =>
  error instanceof Redo || ['23505', '40P01', '40001'].includes(sqlState(error) ?? '')

const commit = async (
  options: WriterOptions,
  people: KnownPeople,
  items: readonly Item[],
): Promise<readonly Outcome[]> => {
  const started = performance.now()
  if (items[0]!.looks) {
    const outcomes = await lookAt(options, items, world => items.map(item => item.decide(world)))
    options.onBatch?.({ items: items.length, ms: performance.now() - started, redone: 0 })
    return outcomes
  }
  for (let redone = 0; ; redone += 1) {
    try {
      const { outcomes, world, whole } = await options.database.transaction(tx => attempt(options, people, tx, items))
      people.keep(world, whole)
      options.onBatch?.({ items: items.length, ms: performance.now() - started, redone })
      return outcomes
    } catch (error) {
      if (!isConflict(error) || redone >= maxRedo) throw error
    }
  }
}

/**
 * For this transaction: named statements (inserts, and look-ups by a whole unique key) keep one plan; planning anew was a third of a
 * lone order. Nothing here has a reason to read a whole table, whatever statistics say.
 */
const planOnce = `select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`

/**
 * Ids of one batch, which sort as they were made though they have one instant: a statement of an account shows what was booked in the order in
 * which it was. Chance, of which 64 bits are left, comes a page at a time: to ask the system for each id's took a tenth of a transfer.
 */
const idsAt = (now: number, random: (bytes: number) => Uint8Array): ((prefix: string) => string) => {
  let page = new Uint8Array(0)
  let made = 0
  return prefix => {
    if (page.length < idBytes) page = Uint8Array.from(random(idBytes * 64))
    const bytes = page.subarray(0, idBytes)
    page = page.subarray(idBytes)
    bytes[0] = made >> 8
    bytes[1] = made
    made += 1
    return makeId(prefix, now, bytes)
  }
}
const idBytes = 10

/** The world that items need, as it stands in the store. */
const worldOf = (
  options: WriterOptions,
  people: KnownPeople | undefined,
  tx: Queryable,
  items: readonly Item[],
): ReturnType<typeof load> => {
  const { workspaces, catalogues, clock, random } = options
  const workspaceId = items[0]!.workspaceId
  const now = clock(workspaceId)
  const { workspace, secret } = workspaces.known(workspaceId)
  const known = {
    workspace,
    now,
    dice: (text: string) => digestFor(secret, text),
    newId: idsAt(now, random),
  }
  return load(tx, known, items, {
    catalogueAt: version => catalogues.atLeast(tx, workspaceId, version),
    expected: catalogues.known(workspaceId),
    people,
  })
}

/** What `decide` makes of the world that items need: nothing is locked, saved or remembered. */
const lookAt = <T>(options: WriterOptions, items: readonly Item[], decide: (world: World) => T): Promise<T> =>
  options.database.transaction(async tx => {
    // Without locks, one instant of the store is what makes the rows fit each other.
    await tx.query('set transaction isolation level repeatable read, read only')
    await tx.query(planOnce, [], 'plan once')
    const { world } = await worldOf(options, undefined, tx, items)
    expireHolds(world)
    matureValue(world)
    return decide(world)
  })

const attempt = async (options: WriterOptions, people: KnownPeople, tx: Queryable, items: readonly Item[]) => {
  const read = () => worldOf(options, people, tx, items)
  const [first] = await Promise.all([read(), tx.query(planOnce, [], 'plan once')])
  let { world, whole } = first
  // The embedded store has one connection and this is its transaction: nobody else is there to lock out.
  if (options.database.kind === 'postgres' && !(await lock(tx, world))) {
    const locked = lockedKeys(world)
    // Who was remembered for the first read is read from the store now: what is taken is gone.
    ;({ world, whole } = await read())
    for (const key of lockedKeys(world))
      if (!locked.has(key)) throw new Redo(`${key} came into play after the locks were taken`)
  }
  expireHolds(world)
  matureValue(world)
  const outcomes = items.map(item => decideOnce(world, item))
  await save(tx, world)
  return { outcomes, world, whole }
}

/** Answers from what is stored under the item's key, or decides and remembers a success. */
const decideOnce = (world: World, item: Item): Outcome => {
  const { idempotency } = item
  if (!idempotency) return decideAndSettle(world, item)
  const stored = world.idempotency.get(idempotency.keyHash)
  if (stored) {
    if (stored.bodyHash !== idempotency.bodyHash) return refusedAs(refuse(commonRefusals.idempotency_key_reused))
    return { text: stored.answer, status: stored.status }
  }
  const outcome = decideAndSettle(world, item)
  if ('text' in outcome) {
    const answer = { bodyHash: idempotency.bodyHash, status: outcome.status, answer: outcome.text }
    world.idempotency.set(idempotency.keyHash, answer)
    world.changes.newAnswers.set(idempotency.keyHash, answer)
  }
  return outcome
}

/** What it changed about people changes their segments, before the next item is decided. */
const decideAndSettle = (world: World, item: Item): Outcome => {
  const outcome = item.decide(world)
  settle(world)
  return outcome
}

const refusedAs = (refusal: Refusal): Outcome => ({ refusal })
