import { createHash } from 'node:crypto'
import { type DecisionCase, offersOf } from '../spec/decision-case.ts'
import { normalizeEvents } from '../src/core/events/normalize.ts'
import { ok } from '../src/core/kernel/refusal.ts'
import { parseInstant } from '../src/core/kernel/time.ts'
import { emptyBook } from '../src/core/ledger/book.ts'
import { noChanges } from '../src/core/loop/changes.ts'
import { expireHolds } from '../src/core/loop/holds.ts'
import { ingest } from '../src/core/loop/ingest.ts'
import { addLink } from '../src/core/loop/link.ts'
import { type OrderCall, putOrder } from '../src/core/loop/put-order.ts'
import { type ReturnCall, returnOrder } from '../src/core/loop/return-order.ts'
import { type Settled, settle } from '../src/core/loop/settle.ts'
import { matureValue } from '../src/core/loop/value.ts'
import {
  type Counter,
  counterKey,
  emptyWorld,
  type Grant,
  type Holder,
  holderOf,
  makeCatalogue,
  noCount,
  type StoredRedemption,
  seeGrant,
  type World,
} from '../src/core/loop/world.ts'
import { programmeInput } from '../src/core/loyalty/schema.ts'
import { normalizeCode } from '../src/core/offers/code.ts'
import type { LiveOffer } from '../src/core/offers/live-offer.ts'
import { isCounted } from '../src/core/orders/limits.ts'
import { type ReturnAnswer, returnInput } from '../src/core/orders/return-schema.ts'
import { type OrderAnswer, orderPut } from '../src/core/orders/schema.ts'
import type { ComputedTraits } from '../src/core/people/computed-traits.ts'
import { normalizeIdentifier } from '../src/core/people/identifier.ts'
import { parseRef } from '../src/core/people/ref.ts'
import { withoutBlocked } from '../src/core/people/without-blocked.ts'
import { makeSegments } from '../src/core/segments/live-segments.ts'
import { type Combination, defaultCombination } from '../src/core/workspaces/schema.ts'

export type Setting = Partial<Pick<DecisionCase, 'campaigns' | 'offers' | 'codes' | 'collections' | 'timeZone'>> & {
  /** Who is one human, as `type:value`; the first of each is known from the start. */
  readonly people?: readonly (readonly string[])[]
  readonly members?: Readonly<Record<string, readonly string[]>>
  readonly combination?: Partial<Combination>
  /** Percent of all people who are held out. */
  readonly holdout?: number
  readonly traits?: ComputedTraits
  /** Terms of live programmes by id. */
  readonly programmes?: Readonly<Record<string, object>>
  /** Conditions of live segments by id; null: a list. */
  readonly segments?: Readonly<Record<string, string | null>>
  readonly grants?: Readonly<
    Record<string, { readonly offer: string; readonly of: string; readonly code?: string; readonly expiresAt?: string }>
  >
}

/** What of a world may change, as plain data that can be copied and compared. */
export type Snapshot = Pick<
  World,
  | 'holders'
  | 'identifiers'
  | 'persons'
  | 'grants'
  | 'orders'
  | 'returns'
  | 'counters'
  | 'exposures'
  | 'draws'
  | 'redemptions'
  | 'messages'
  | 'book'
  | 'programmeMembers'
  | 'changes'
>

type Call = Partial<Omit<OrderCall, 'id' | 'put'>>
type Outcome = {
  readonly text?: string
  readonly answer?: OrderAnswer
  readonly refusal?: string
  readonly details?: unknown
}

/** A business in memory, as the group commit sees it: every call is a batch of its own, on a clock that tests move. */
export type SmallWorld = ReturnType<typeof smallWorld>

export const start = '2026-03-02T10:00:00.000Z'

/** The store has a counter for whatever is limited; here it is made when it is asked for. */
class Counters extends Map<string, Counter> {
  readonly isCounted: (offerId: string, bucket: string) => boolean
  constructor(isCounted: (offerId: string, bucket: string) => boolean, from: Iterable<[string, Counter]> = []) {
    super(from)
    this.isCounted = isCounted
  }
  override get(key: string): Counter | undefined {
    const [offerId, bucket] = key.split('\n') as [string, string]
    if (!super.has(key) && this.isCounted(offerId, bucket)) this.set(key, { ...noCount })
    return super.get(key)
  }
}

export const smallWorld = (setting: Setting = {}) => {
  const { codes = {}, collections = {}, people = [], members = {}, grants = {}, timeZone = 'Europe/Rome' } = setting
  let ids = 0
  let world: World = emptyWorld({
    workspace: {
      id: 'shop',
      currency: 'EUR',
      timeZone,
      language: 'en',
      country: 'IT',
      taxIncluded: true,
    },
    now: parseInstant(start)!,
    newId: prefix => `${prefix}_${String(ids++).padStart(26, '0')}`,
    dice: text => createHash('sha256').update(text).digest(),
    catalogue: makeCatalogue(1, new Map()),
  })
  let offers = new Map<string, LiveOffer>()
  const isOffersCounter = (offerId: string, bucket: string): boolean =>
    bucket !== '' || [...offers.values()].some(({ id, terms }) => id === offerId && isCounted(terms))
  world = { ...world, counters: new Counters(isOffersCounter) }
  const rules = {
    combination: { ...defaultCombination, ...setting.combination },
    ...(setting.holdout !== undefined && { holdout: setting.holdout }),
    ...(setting.traits && { traits: setting.traits }),
    programmes: new Map(
      Object.entries(setting.programmes ?? {}).map(([id, terms]) => [
        id,
        { id, version: 1, state: 'live' as const, terms: programmeInput.parse({ name: id, ...terms }) },
      ]),
    ),
    segments: makeSegments(
      Object.entries(setting.segments ?? {}).map(([id, condition]) => ({
        id,
        kind: condition === null ? 'list' : 'live',
        name: id,
        condition,
        generation: 1,
        nextCondition: null,
        nextGeneration: null,
      })),
    ),
  }

  /** Changes offers and campaigns, as a PATCH between two batches would. */
  const offer = (changes: Pick<Setting, 'campaigns' | 'offers'>): void => {
    offers = offersOf({ campaigns: changes.campaigns ?? setting.campaigns, offers: changes.offers ?? {} })
    const byId = new Map([...offers.values()].map(it => [it.id, it]))
    world = { ...world, catalogue: makeCatalogue(world.catalogue.version + 1, byId, rules) }
  }
  const offerId = (name: string): string => {
    const found = offers.get(name)
    if (!found) throw new Error(`there is no offer ${name}`)
    return found.id
  }
  const holder = (ref: string): Holder => {
    const parsed = parseRef(ref, { country: 'IT' })
    if (!parsed.ok || 'personId' in parsed.value) throw new Error(`${ref} is no identifier`)
    return holderOf(world, parsed.value)
  }

  offer({ offers: setting.offers ?? {} })
  for (const refs of people) {
    const [first, ...others] = refs.map(holder)
    for (const other of others)
      addLink(world, { a: first!.id, b: other.id, verified: true, source: 'event', cause: 'msg_0', firstSeenAt: 0 })
  }
  for (const [text, names] of Object.entries(codes))
    world.codes.set(
      normalizeCode(text),
      names.map(name => ({ offerId: offerId(name), shared: true, grantId: null, isBlocked: false })),
    )
  for (const [id, { offer: name, of, code = null, expiresAt }] of Object.entries(grants)) {
    const grant: Grant = {
      id,
      offerId: offerId(name),
      holderId: holder(of).id,
      code,
      title: null,
      fulfilment: null,
      issuedAt: parseInstant(start)!,
      expiresAt: expiresAt === undefined ? null : parseInstant(expiresAt)!,
      state: 'issued',
      orderId: null,
    }
    seeGrant(world, grant)
    if (code !== null)
      world.codes.set(normalizeCode(code), [{ offerId: grant.offerId, shared: false, grantId: id, isBlocked: false }])
  }
  for (const [campaign, refs] of Object.entries(members)) {
    const { id } = [...offers.values()].find(it => it.campaign.name === campaign)!.campaign
    for (const ref of refs) world.members.set(holder(ref).id, new Set([id]))
  }
  for (const [collection, skus] of Object.entries(collections))
    for (const sku of skus) world.collections.set(sku, new Set([...(world.collections.get(sku) ?? []), collection]))

  /** Saves the last batch and begins another: what was new is known, and holds whose time is over end. */
  const nextBatch = (): World => {
    world = { ...world, book: { ...world.book, changes: emptyBook().changes }, changes: noChanges() }
    world.ranking.postings = 0
    expireHolds(world)
    matureValue(world)
    return world
  }

  let settled: Settled = { asked: 0, changed: 0 }
  /** What an item changed about people changes their segments, before the next item. */
  const settleNow = (): Settled => {
    settled = settle(world)
    return settled
  }

  const put = (id: string, body: object, call: Call = {}): Outcome => {
    const outcome = putOrder(nextBatch(), {
      id,
      put: orderPut.parse(body),
      scope: 'secret',
      channel: 'store',
      location: undefined,
      person: undefined,
      dryRun: false,
      requestHash: JSON.stringify(body),
      ...call,
    })
    settleNow()
    return outcome.ok
      ? { text: outcome.value, answer: JSON.parse(outcome.value) as OrderAnswer }
      : { refusal: outcome.refusal.code, details: outcome.refusal.details }
  }

  /** A return of some of an order. */
  const giveBack = (order: string, body: object, call: Partial<Omit<ReturnCall, 'order' | 'body'>> = {}) => {
    const outcome = returnOrder(nextBatch(), {
      order,
      body: returnInput.parse(body),
      scope: 'secret',
      dryRun: false,
      requestHash: JSON.stringify(body),
      ...call,
    })
    settleNow()
    return outcome.ok
      ? { text: outcome.value, answer: JSON.parse(outcome.value) as ReturnAnswer }
      : { refusal: outcome.refusal.code, details: outcome.refusal.details }
  }

  /** The tracking API: one call of the given kind; not `verified`, it comes from a browser's key. */
  const send = (kind: 'track' | 'identify' | 'alias', body: object, { verified = true } = {}) => {
    const events = normalizeEvents(body, {
      kind,
      receivedAt: world.now,
      verified,
      randomId: world.newId('msg'),
      currency: 'EUR',
      identify: (type, given) => {
        const identifier = normalizeIdentifier(type, given, { country: 'IT' })
        return identifier.ok ? ok(identifier.value) : identifier
      },
    })
    if (!events.ok) throw new Error(JSON.stringify(events.refusal))
    const named = events.value.map(event => withoutBlocked(event, world.catalogue.identity))
    const ingested = ingest(nextBatch(), named, { channel: 'web', location: undefined })
    settleNow()
    return ingested
  }

  /** A batch with packs; what fails is thrown away. */
  const inBatch = <T>(work: (world: World) => T): T => {
    const done = work(nextBatch())
    settleNow()
    return done
  }

  return {
    put,
    giveBack,
    send,
    inBatch,
    offer,
    offerId,
    holder,
    world: () => world,
    /** Ends the batch, so that `changes` hold what came of it alone. */
    nextBatch,
    settleNow,
    /** What segments were last asked, after the last call. */
    settled: (): Settled => settled,
    later: (seconds: number): void => {
      world = { ...world, now: world.now + seconds * 1000 }
    },
    snapshot: (): Snapshot => {
      const {
        holders,
        identifiers,
        persons,
        grants,
        orders,
        returns,
        exposures,
        draws,
        redemptions,
        messages,
        book,
        programmeMembers,
        changes,
      } = world
      const counters = new Map(world.counters)
      return structuredClone({
        holders,
        identifiers,
        persons,
        grants,
        orders,
        returns,
        counters,
        exposures,
        draws,
        redemptions,
        messages,
        book,
        programmeMembers,
        changes,
      })
    },
    uses: (): StoredRedemption[] => [...world.redemptions.byOrder.values()].flat(),
    counter: (name: string, bucket?: string) => world.counters.get(counterKey(offerId(name), bucket)),
  }
}
