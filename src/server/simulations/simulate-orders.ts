import type { Queryable } from '../../adapters/storage/database.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { collectionsOf } from '../../core/offers/live-offer.ts'
import { liveDrafts } from '../../core/simulation/drafts.ts'
import { membersShare, type SimulationInput } from '../../core/simulation/schema.ts'
import { makeSimulation, type Simulation } from '../../core/simulation/simulate.ts'
import { makeCatalogues } from '../catalogue.ts'
import type { JobKind } from '../worker/job-runner.ts'
import type { WorkedJob } from '../worker/job-store.ts'
import type { Workspaces } from '../workspaces.ts'
import { type Cursor, readStoredOrders, type StoredOrders, type Wanted } from './stored-orders.ts'

/** What was asked for; `to` is said in any case, so that orders of the meantime do not count. */
export type SimulateOrders = Omit<SimulationInput, 'replaces'> & {
  readonly to: string
  /** Jobs that an earlier version began have none. */
  readonly replaces?: SimulationInput['replaces']
}

type Running = {
  readonly job: string
  readonly simulation: Simulation
  readonly before: number
  readonly wanted: Wanted
  /** How many may apply: a line of an order costs time for each. Of thousands the index leaves few. */
  readonly offers: number
  /** Collections of the items in the chunk at hand. */
  collections: ReadonlyMap<string, ReadonlySet<string>>
  after: Cursor
  /** What of the chunk at hand was too much for one step. */
  rest: StoredOrders | undefined
  /** Orders read, as the store knows it once the step is committed. */
  done: number
}

/**
 * A step that has looked at so many lines, each with every offer, leaves the other orders of its chunk to the next: the process answers
 * nobody meanwhile. Ten orders of 1,000 lines under 40 drafts took 12 s. Counted, not timed, so that a job has the same steps anywhere.
 */
const mostLooks = 5000

const start: Cursor = { at: Date.UTC(1, 0, 1), id: '' }

const begin = async (tx: Queryable, job: WorkedJob, workspaces: Workspaces): Promise<Running> => {
  const { offers, withLive, replaces, from, to, maxOffPercent, combination, members } = job.params as SimulateOrders
  const known = await workspaces.get(job.workspaceId)
  if (!known) throw new Error('the workspace is gone')
  const { rows } = await tx.query<{ version: number }>(
    'select catalogue_version as version from workspaces where id = $1',
    [job.workspaceId],
  )
  const catalogue = await makeCatalogues().atLeast(tx, job.workspaceId, rows[0]!.version)
  const all = [...catalogue.offers.values()]
  const given = new Set(offers.flatMap(({ benefit }) => (benefit.kind === 'giveOffer' ? [benefit.offer] : [])))
  const replaced = new Set(replaces)
  // A draft may give an offer that is there already: it takes part, whether the others do or not.
  const live = all.filter(({ id, state }) => given.has(id) || (withLive && state === 'live' && !replaced.has(id)))
  const drafts = liveDrafts(offers)
  const running: Running = {
    job: job.id,
    simulation: makeSimulation({
      drafts,
      live,
      combination: combination ?? catalogue.combination,
      programmes: catalogue.programmes,
      members: membersShare(members),
      timeZone: known.workspace.timeZone,
      currency: known.workspace.currency,
      maxOffPercent,
      ...(from !== undefined && { from: parseInstant(from)! }),
      collectionsOf: sku => running.collections.get(sku),
    }),
    before: parseInstant(to)!,
    wanted: {
      codes: live.some(offer => offer.terms.trigger.on === 'code'),
      members: live.some(offer => offer.campaign.audience === 'members'),
      collections: [...live, ...drafts].some(offer => collectionsOf(offer).length > 0),
    },
    offers: Math.min(drafts.length + live.length, 100),
    collections: new Map(),
    after: start,
    rest: undefined,
    done: 0,
  }
  return running
}

/**
 * The job behind `POST /v1/simulations`. What it has counted so far is in the memory of the process that works on it, which
 * therefore keeps it to the end; after a crash it begins anew.
 */
export const simulateOrders = ({ workspaces }: { readonly workspaces: Workspaces }): JobKind => {
  let running: Running | undefined
  return async (tx, job) => {
    // What the store says was done counts: a step that was not committed is not done.
    if (running?.job !== job.id || running.done !== job.done) {
      running = await begin(tx, job, workspaces)
      if (job.done > 0) return { done: -job.done }
    }
    const { simulation, offers, after, before, wanted, rest } = running
    const chunk = rest ?? (await readStoredOrders(tx, job.workspaceId, { after, before, wanted }))
    running.collections = chunk.collections
    let decided = 0
    for (let looks = 0; decided < chunk.orders.length && looks < mostLooks; decided += 1) {
      const order = chunk.orders[decided]!
      simulation.add(order)
      looks += order.lines.length * offers
    }
    const orders = chunk.orders.slice(decided)
    const done = orders.length > 0 ? decided : chunk.read
    running.done += done
    running.rest = orders.length > 0 ? { ...chunk, orders, read: chunk.read - done } : undefined
    if (running.rest) return { done }
    if (chunk.next) {
      running.after = chunk.next
      return { done }
    }
    running = undefined
    return { done, result: simulation.report() }
  }
}
