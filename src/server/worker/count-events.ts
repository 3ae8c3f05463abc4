import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import { localDay } from '../../core/kernel/time.ts'
import type { Asset } from '../../core/ledger/account.ts'
import { countedOrder } from '../../core/loop/count-order.ts'
import { isCountedEvent } from '../../core/loop/ingest.ts'
import { worthOf } from '../../core/loop/rank.ts'
import { type Catalogue, claimUse, endingOf, eventUse, type StoredOrder } from '../../core/loop/world.ts'
import { type ComputedTraits, countEvent } from '../../core/people/computed-traits.ts'
import {
  bookEnding,
  bookGrant,
  bookOrder,
  bookReturn,
  bookSaved,
  bookUse,
  forget,
  onlyTraits,
} from '../../core/people/statistics.ts'
import type { Statistics } from '../../core/rules/history.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { segmentsReading, startBuilding } from '../segments/stored-segments.ts'
import type { Services } from '../services.ts'
import type { JobKind, Step } from './job-runner.ts'

/** What is to be counted: events of these names, for these definitions of traits; or all that statistics are made of. */
export type CountEvents = {
  readonly names?: readonly string[]
  readonly traits?: readonly { readonly name: string; readonly generation: number }[]
  readonly everything?: true
  /** How far it is: the last holder, and how many to take next. */
  readonly after?: string
  readonly atOnce?: number
}

type HolderRow = { id: string; type: string; statistics: Statistics }
type EventRow = {
  holderId: string
  name: string
  occurredAt: number
  properties: Readonly<Record<string, unknown>>
  hearsay: boolean | null
}
type OrderRow = Pick<
  StoredOrder,
  'id' | 'state' | 'channel' | 'currency' | 'total' | 'occurredAt' | 'basket' | 'returned' | 'answer'
> & { holderId: string }

/** Holders a step, at the least and at the most: so many that about this number of rows is read for them. */
const fewest = 10
const most = 400
const rowsWanted = 1000

/**
 * Counts what people did before anybody asked: the events of a name that conditions begin to ask for, those of a computed trait's new
 * definition, everything where a store is older than its statistics. Sets what it counts, so a step may be done again.
 *
 * Nothing is counted twice or missed: the name counts from the catalogue's version on that this job was made with, which waits for
 * batches that did not know it yet. Each holder is locked before its rows are read, so that a batch beside it either is among
 * the rows or finds the holder changed and reads it again.
 */
export const countEvents =
  (services: Pick<Services, 'workspaces' | 'catalogues' | 'clock' | 'random'>): JobKind =>
  async (tx, job) => {
    const { workspaces, catalogues } = services
    const { workspaceId } = job
    const {
      names: asked = [],
      traits = [],
      everything = false,
      after = '',
      atOnce = fewest,
    } = job.params as CountEvents
    const { workspace } = workspaces.known(workspaceId)
    const { rows: holders } = await tx.query<HolderRow>(
      // Of who is erased nothing is counted anew: her events are not empty until the job that empties them has come to them.
      `select id, type, statistics from holders where workspace_id = $1 and id > $2 and erased_at is null
       order by id limit $3 for update`,
      [workspaceId, after, atOnce],
    )
    if (holders.length === 0) {
      await beginToAnswer(services, tx, workspaceId, traits)
      return { done: 0, result: { holders: job.done } }
    }
    const [{ version }] = (
      await tx.query<{ version: number }>('select catalogue_version as version from workspaces where id = $1', [
        workspaceId,
      ])
    ).rows as [{ version: number }]
    const catalogue = await catalogues.atLeast(tx, workspaceId, version)
    const names = everything ? [...catalogue.counted] : asked.filter(name => catalogue.counted.has(name))
    const ids = holders.map(holder => holder.id)
    const events = names.length === 0 ? [] : await eventsOf(tx, workspaceId, ids, names)
    const before = new Map(
      holders.map(({ id, statistics }) => [
        id,
        everything ? {} : onlyTraits(forget(statistics, names), keysKept(catalogue.traits, names)),
      ]),
    )
    const counted = countAll(before, holders, events, catalogue, workspace.timeZone)
    const read = everything ? await addTheRest(tx, workspaceId, counted, catalogue, workspace.timeZone) : 0
    const changed = holders.filter(
      ({ id, statistics }) => JSON.stringify(counted.get(id)) !== JSON.stringify(statistics),
    )
    if (changed.length > 0)
      // The revision tells batches that have read this holder to read it again.
      await tx.query(
        `update holders h set statistics = n.statistics::json, revision = revision + 1
         from unnest($2::text[], $3::text[]) as n(id, statistics) where h.workspace_id = $1 and h.id = n.id`,
        [workspaceId, changed.map(it => it.id), changed.map(({ id }) => JSON.stringify(counted.get(id)))],
      )
    const rows = events.length + read
    const next = rows > rowsWanted ? Math.floor(atOnce / 2) : rows < rowsWanted / 2 ? atOnce * 2 : atOnce
    const params: CountEvents = {
      ...(job.params as CountEvents),
      after: ids.at(-1)!,
      atOnce: Math.max(fewest, Math.min(most, next)),
    }
    return { done: holders.length, params } satisfies Step
  }

/** Of computed traits: the numbers of definitions that there are, less those about these events, which are counted anew. */
const keysKept = ({ keys, byEvent }: ComputedTraits, names: readonly string[]): ReadonlySet<string> => {
  const anew = new Set(names.flatMap(name => (byEvent.get(name) ?? []).map(it => it.key)))
  return new Set([...keys].filter(key => !anew.has(key)))
}

/** The events of these names that holders have, oldest first. */
export const eventsOf = async (
  tx: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  names: readonly string[],
): Promise<EventRow[]> => {
  const { rows } = await tx.query<EventRow>(
    `select e.holder_id as "holderId", e.name, e.occurred_at as "occurredAt", e.properties, e.hearsay
     from unnest($2::text[]) as k(id) cross join lateral (
       select * from events where workspace_id = $1 and holder_id = k.id offset 0) e
     where e.name = any($3::text[]) order by e.occurred_at, e.message_id`,
    [workspaceId, holderIds, names],
  )
  return rows
}

const countAll = (
  before: ReadonlyMap<string, Statistics>,
  holders: readonly HolderRow[],
  events: readonly EventRow[],
  catalogue: Catalogue,
  timeZone: string,
): Map<string, Statistics> => {
  const counted = new Map(before)
  const typeOf = new Map(holders.map(({ id, type }) => [id, type]))
  for (const { holderId, name, occurredAt, properties, hearsay } of events) {
    const subject = { type: typeOf.get(holderId)! }
    if (!isCountedEvent(catalogue, { name, subject, ...(hearsay && { hearsay: true as const }) })) continue
    const event = { name, at: occurredAt, properties, byBrowser: hearsay !== null }
    counted.set(holderId, countEvent(counted.get(holderId)!, event, catalogue.traits, timeZone))
  }
  return counted
}

/** Adds orders, returns, uses and grants as the rows tell of them; answers how many rows these were. */
const addTheRest = async (
  tx: Queryable,
  workspaceId: string,
  counted: Map<string, Statistics>,
  catalogue: Catalogue,
  timeZone: string,
): Promise<number> => {
  const ids = [...counted.keys()]
  const book = (holderId: string, change: (statistics: Statistics) => Statistics): void => {
    counted.set(holderId, change(counted.get(holderId)!))
  }
  const { rows: orders } = await tx.query<OrderRow>(
    `select o.id, o.holder_id as "holderId", o.state, o.channel, o.currency, o.total, o.occurred_at as "occurredAt",
       o.basket, o.returned, o.answer
     from unnest($2::text[]) as k(id) cross join lateral (
       select * from orders where workspace_id = $1 and holder_id = k.id offset 0) o
     where o.state in ('placed', 'returned')`,
    [workspaceId, ids],
  )
  for (const order of orders) book(order.holderId, it => bookOrder(it, countedOrder(order, timeZone), 1))
  const holderOf = new Map(orders.map(({ id, holderId }) => [id, holderId]))

  const { rows: returns } = await tx.query<{ orderId: string; at: number }>(
    `select r.order_id as "orderId", r.at from unnest($2::text[]) as k(id) cross join lateral (
       select * from returns where workspace_id = $1 and order_id = k.id offset 0) r`,
    [workspaceId, [...holderOf.keys()]],
  )
  for (const { orderId, at } of returns) book(holderOf.get(orderId)!, it => bookReturn(it, localDay(at, timeZone)))

  // Uses without an order are found by the decisions that gave them: an index for this alone would cost every use an entry.
  const { rows: decisions } = await tx.query<{ id: string; kind: string; cause: string }>(
    `select d.id, d.kind, d.cause from unnest($2::text[]) as k(id) cross join lateral (
       select * from decisions where workspace_id = $1 and holder_id = k.id offset 0) d`,
    [workspaceId, ids],
  )
  const places = decisions.map(({ id, kind, cause }) => (kind === 'event' ? eventUse(cause) : claimUse(id)))
  const { rows: uses } = await tx.query<{ holderId: string; at: number; currency: string; saved: number }>(
    `select r.holder_id as "holderId", r.at, r.currency, r.amount - r.returned as saved from unnest($2::text[]) as k(id) cross join lateral (
       select * from redemptions where workspace_id = $1 and order_id = k.id offset 0) r
     where r.state = 'redeemed' and r.holder_id = any($3::text[])`,
    [workspaceId, [...new Set([...holderOf.keys(), ...places])], ids],
  )
  for (const { holderId, at, currency, saved } of uses) {
    const day = localDay(at, timeZone)
    book(holderId, it => bookSaved(bookUse(it, day, 1), currency, day, saved))
  }
  const paid = catalogue.programmes.size === 0 ? [] : await paidByValue(tx, workspaceId, ids)
  for (const { ownerId, asset, amount, effectiveAt } of paid) {
    const worth = worthOf(catalogue, asset, -amount)
    if (worth) book(ownerId, it => bookSaved(it, worth.currency, localDay(effectiveAt, timeZone), worth.amount))
  }

  const { rows: grants } = await tx.query<Parameters<typeof endingOf>[0] & { holderId: string; issuedAt: number }>(
    `select g.holder_id as "holderId", g.issued_at as "issuedAt", g.expires_at as "expiresAt", g.state, g.fulfilment
     from unnest($2::text[]) as k(id) cross join lateral (
       select * from grants where workspace_id = $1 and holder_id = k.id offset 0) g`,
    [workspaceId, ids],
  )
  for (const grant of grants) {
    const ending = endingOf(grant, timeZone)
    book(grant.holderId, it => {
      const next = bookGrant(it, localDay(grant.issuedAt, timeZone))
      return ending === undefined ? next : bookEnding(next, ending, 1)
    })
  }
  return orders.length + returns.length + uses.length + paid.length + grants.length
}

type Paid = { ownerId: string; asset: Asset; amount: number; effectiveAt: number }

/** What points and cashback of these holders paid, and what of it came back. */
const paidByValue = async (tx: Queryable, workspaceId: string, holderIds: readonly string[]): Promise<Paid[]> => {
  const { rows } = await tx.query<Paid>(
    `select a.owner_id as "ownerId", p.asset, p.amount, p.effective_at as "effectiveAt"
     from unnest($2::text[]) as k(id)
     cross join lateral (
       select id, owner_id from accounts where workspace_id = $1 and owner_id = k.id offset 0) a
     cross join lateral (
       select * from postings where workspace_id = $1 and account_id = a.id offset 0) p
     cross join lateral (
       select 1 from transactions where workspace_id = $1 and id = p.transaction_id and kind in ('burn', 'giveBack') offset 0) t`,
    [workspaceId, holderIds],
  )
  return rows
}

/** All are counted: the new definitions answer, unless they were changed again meanwhile; segments that read them are found anew. */
const beginToAnswer = async (
  { catalogues, clock, random }: Pick<Services, 'catalogues' | 'clock' | 'random'>,
  tx: Queryable,
  workspaceId: string,
  traits: NonNullable<CountEvents['traits']>,
): Promise<void> => {
  if (traits.length === 0) return
  const now = clock(workspaceId)
  const version = await raiseCatalogueVersion(tx, workspaceId)
  const catalogue = await catalogues.atLeast(tx, workspaceId, version - 1)
  const { affected } = await tx.query(
    `update computed_traits t set generation = next_generation, body = next_body, next_generation = null, next_body = null,
       catalogue_version = $4, updated_at = to_timestamp($5 / 1000.0)
     from unnest($2::text[], $3::int4[]) as n(name, generation)
     where t.workspace_id = $1 and t.name = n.name and t.next_generation = n.generation and not t.removed`,
    [workspaceId, traits.map(it => it.name), traits.map(it => it.generation), version, now],
  )
  const names = traits.map(it => it.name)
  const ids = affected === 0 ? [] : segmentsReading(catalogue, names)
  if (ids.length > 0) await startBuilding(tx, { workspaceId, ids, jobId: makeId('job', now, random(10)), version, now })
}
