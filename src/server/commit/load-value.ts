import { type Asset, assetParts, pointsOf } from '../../core/ledger/account.ts'
import {
  type Account,
  type Lot,
  lotsKey,
  type Posting,
  seeAccount,
  seeLot,
  seeTransaction,
  type Transaction,
} from '../../core/ledger/book.ts'
import { pointsAwaiting } from '../../core/loop/awaited.ts'
import { ownersOf } from '../../core/loop/owners.ts'
import { valueWanted } from '../../core/loop/pay-order.ts'
import { spansBeside } from '../../core/loop/standing.ts'
import {
  type Holder,
  type NearOrder,
  seeNearOrder,
  seeProgrammeMember,
  seeTransfer,
  type World,
} from '../../core/loop/world.ts'
import type { StoredAdjustment } from '../../core/loyalty/adjustment.ts'
import type { Household } from '../../core/loyalty/household.ts'
import type { ProgrammeMember } from '../../core/loyalty/schema.ts'
import { isStored } from '../../core/loyalty/tender.ts'
import { isSettled, type StoredTransfer, settledBefore } from '../../core/loyalty/transfer.ts'
import { usePlaces } from './in-play.ts'
import type { Needs } from './item.ts'
import { lotsAtFirst, type Read } from './statements.ts'
import type { OpenHold } from './tables.ts'

const dayMs = 86_400_000

type Want = NonNullable<Needs['value']>[number]

/**
 * The ledger as far as a batch needs it: the accounts of everybody whose value is in play, lots whose time has come, as many more as
 * items want to spend, and what the orders at hand have moved before.
 */
export const loadValue = async (world: World, needs: readonly Needs[], read: Read): Promise<void> => {
  const wants = wantsOf(world, needs)
  if (wants.length === 0 && !hasValue(world)) return
  const { book, now } = world
  const holderIds = [...world.holders.keys()].filter(id => !world.onlookers.has(id))
  const adjusted = needs.flatMap(need => need.adjustments ?? [])
  const [members, ofOrders, named, adjustments, reversing] = await Promise.all([
    read<ProgrammeMember>('programmeMembers', [holderIds]),
    read<Transaction>('transactionsOfOrders', [usePlaces(world, needs)]),
    read<Transaction>('transactionsById', [needs.flatMap(need => need.transactions ?? [])]),
    read<StoredAdjustment>('adjustments', [adjusted]),
    read<StoredAdjustment>('adjustmentsReversing', [adjusted]),
  ])
  for (const member of members) seeProgrammeMember(world, member)
  for (const it of [...adjustments, ...reversing]) world.adjustments.set(it.id, it)
  if (needs.some(it => it.gives))
    for (const it of await read<StoredTransfer>('transfers', [holderIds], now - 2 * dayMs)) seeTransfer(world, it)
  await loadNearOrders(world, needs, holderIds, read)
  const transactions = [...ofOrders, ...named]
  const postings = await read<Posting>('postings', [transactions.map(it => it.id)])
  const ofTransaction = new Map<string, Posting[]>()
  for (const posting of postings) {
    const known = ofTransaction.get(posting.transactionId)
    if (known) known.push(posting)
    else ofTransaction.set(posting.transactionId, [posting])
  }
  for (const it of transactions) seeTransaction(book, it, ofTransaction.get(it.id) ?? [])
  const moved = await read<Lot>('lotsById', [[...new Set(postings.flatMap(it => it.lotId ?? []))]])
  for (const lot of moved) seeLot(book, lot)
  const cards = [...world.giftCards.values()].map(it => it.id)
  const owners = new Set([
    ...holderIds,
    ...cards,
    ...wants.flatMap(it => it.ownerId ?? []),
    ...moved.map(lot => lot.ownerId),
  ])
  for (const account of await read<Account>('accounts', [[...owners]])) seeAccount(book, account)

  // All that the batch may spend of an asset, whoever of its people does; what comes back of an order may be taken from other lots.
  const wanted = new Map<Asset, number>()
  const want = (asset: Asset, amount: number): void => {
    wanted.set(asset, Math.min(Number.MAX_SAFE_INTEGER, (wanted.get(asset) ?? 0) + amount))
  }
  // By account, where items say whose they spend.
  const wantedOf = new Map<string, number>()
  for (const { asset, amount, of, ownerId } of wants)
    if (of === undefined && ownerId === undefined) want(asset, amount)
    else
      for (const owner of ownerId === undefined ? ownersNamed(world, of!, asset) : [ownerId]) {
        const key = lotsKey(owner, asset)
        wantedOf.set(key, (wantedOf.get(key) ?? 0) + amount)
      }
  for (const lot of moved) want(lot.asset, lot.amount)
  const settledOf = settledIn(world, needs)
  const pairs = [...new Map([...book.accounts.values()].map(it => [`${it.ownerId}/${it.asset}`, it])).values()]
  const wantedIn = (it: { readonly ownerId: string; readonly asset: Asset }): number =>
    (wanted.get(it.asset) ?? 0) + (wantedOf.get(lotsKey(it.ownerId, it.asset)) ?? 0)
  const spent = pairs.filter(it => wantedIn(it) > 0)
  // Nobody's lots are looked at before their time: the account says when that is.
  const isDue = ({ dueAt }: Account): boolean => dueAt !== null && dueAt <= now
  const dueOwners = new Set([...book.accounts.values()].filter(isDue).map(it => lotsKey(it.ownerId, it.asset)))
  for (const { id, ownerId, asset, dueAt } of book.accounts.values())
    if (dueAt !== null && !dueOwners.has(lotsKey(ownerId, asset))) book.dueLater.set(id, dueAt)
  const dues = pairs.filter(it => dueOwners.has(lotsKey(it.ownerId, it.asset)))
  const [early, oldest] = [
    spent.filter(it => !spendsOldestFirst(world, it.asset)),
    spent.filter(it => spendsOldestFirst(world, it.asset)),
  ]
  const mayMove = new Set(needs.flatMap(need => pendingIn(world, need)))
  const pending = [...book.accounts.values()].filter(
    it => it.kind === 'pending' && it.balance > 0 && mayMove.has(it.asset),
  )
  const [due, waiting, first] = await Promise.all([
    read<Lot>('lotsDue', [dues.map(it => it.ownerId), dues.map(it => it.asset)], now),
    read<Lot>('lotsPending', [pending.map(it => it.ownerId), pending.map(it => it.asset)]),
    read<Lot>('lotsFirst', [early.map(it => it.ownerId), early.map(it => it.asset)], now),
  ])
  // Mostly a few lots are enough; who spends more has all looked at, because which these are shows only then.
  const found = new Map<string, { count: number; sum: number }>()
  for (const lot of first) {
    const key = lotsKey(lot.ownerId, lot.asset)
    const before = found.get(key)
    const counts = isSettled(lot, settledOf.get(key) ?? now)
    found.set(key, { count: (before?.count ?? 0) + 1, sum: (before?.sum ?? 0) + (counts ? lot.remaining : 0) })
  }
  const short = early.filter(it => {
    const its = found.get(lotsKey(it.ownerId, it.asset))
    return its?.count === lotsAtFirst && its.sum < wantedIn(it)
  })
  const rest = [...oldest, ...short]
  const chosen = await read<Lot>(
    'lotsWanted',
    [
      rest.map(it => it.ownerId),
      rest.map(it => it.asset),
      // Of what may not be given yet nobody knows how much comes first: then it is all of them.
      rest.map(it =>
        settledOf.has(lotsKey(it.ownerId, it.asset))
          ? Number.MAX_SAFE_INTEGER
          : Math.min(Number.MAX_SAFE_INTEGER, wantedIn(it)),
      ),
      rest.map(it => spendsOldestFirst(world, it.asset)),
    ],
    now,
  )
  for (const lot of [...due, ...waiting, ...first, ...chosen]) seeLot(book, lot)
}

/** Orders near the ends of the periods by which anybody here has a tier or may get one, where a programme has a clock of its own. */
const loadNearOrders = async (
  world: World,
  needs: readonly Needs[],
  holderIds: readonly string[],
  read: Read,
): Promise<void> => {
  const terms = [...world.catalogue.programmes.values(), ...needs.flatMap(need => need.terms ?? [])]
  const beside = terms.filter(it => spansBeside(world, it, null).length > 0)
  if (beside.length === 0) return
  // What any of her identifiers bought counts, whichever of them joined.
  const untilOf = (holderId: string, programmeId: string): readonly (number | null)[] =>
    (world.persons.get(world.holders.get(holderId)!.personId) ?? []).map(
      id => world.programmeMembers.get(id)?.get(programmeId)?.tierUntil ?? null,
    )
  const spans = holderIds.flatMap(id =>
    beside.flatMap(it =>
      [...new Set([null, ...untilOf(id, it.id)])]
        .flatMap(until => spansBeside(world, it, until))
        .map(span => [id, ...span] as const),
    ),
  )
  const columns = [spans.map(it => it[0]), spans.map(it => it[1]), spans.map(it => it[2])]
  for (const order of await read<NearOrder>('nearOrders', columns)) seeNearOrder(world, order)
}

/** Whose lots an item may spend that names a person: all her holders', and a pool's. */
const ownersNamed = (world: World, of: string, asset: Asset): readonly string[] => {
  const holder = world.holders.get(world.identifiers.get(of) ?? of)
  if (!holder) return []
  const { kind, of: programme } = assetParts(asset)
  return kind === 'points' ? ownersOf(world, holder.personId, programme) : (world.persons.get(holder.personId) ?? [])
}

/** Whose lots may be given to others, by account, and until when an order must have earned them. */
const settledIn = (world: World, needs: readonly Needs[]): ReadonlyMap<string, number> => {
  const before = new Map<string, number>()
  for (const { gives, value = [] } of needs)
    for (const { asset, of } of gives ? value : []) {
      const programme = world.catalogue.programmes.get(assetParts(asset).of)
      const at = programme ? settledBefore(programme.terms, world.now) : world.now
      // What nothing keeps back is loaded as for whoever spends.
      if (of === undefined || at === world.now) continue
      for (const owner of ownersNamed(world, of, asset)) before.set(lotsKey(owner, asset), at)
    }
  return before
}

/** Of what an item may make pending lots active, or end them. */
const pendingIn = ({ catalogue }: World, { pending = [], events = [] }: Needs): readonly Asset[] => [
  ...pending,
  ...events.flatMap(({ name }) => pointsAwaiting(catalogue, name)),
]

/** What items may spend. */
const wantsOf = (world: World, needs: readonly Needs[]): readonly Want[] =>
  needs.flatMap(({ value = [], pays, request }) => [
    ...value,
    ...(pays ? valueWanted(world, pays) : []),
    ...(request?.claims ?? []).flatMap(id => priceOf(world, id) ?? []),
  ])

/** What claiming an offer takes. */
const priceOf = ({ catalogue }: World, offerId: string): Want | undefined => {
  const price = catalogue.offers.get(offerId)?.terms.price
  return price && { asset: pointsOf(price.programme), amount: price.points }
}

/** Whether anybody here may have any: a workspace without value is not asked for it. */
const hasValue = ({ catalogue, giftCards, orders }: World): boolean =>
  catalogue.programmes.size > 0 ||
  catalogue.givesMoney ||
  giftCards.size > 0 ||
  [...orders.values()].some(({ basket }) => (basket.tenders ?? []).some(isStored))

/**
 * Open orders that hold what others here may want to pay with, because their time may be over or they are taken over; and what ends with
 * whoever leaves a programme.
 */
export const ordersHolding = async (world: World, needs: readonly Needs[], read: Read): Promise<readonly string[]> => {
  if (!needs.some(({ pays, leaves }) => leaves || pays?.tenders.some(isStored))) return []
  const holderIds = [...world.holders.keys()].filter(id => !world.onlookers.has(id))
  const holds = await read<OpenHold>('openHolds', [[...holderIds, ...[...world.giftCards.values()].map(it => it.id)]])
  return [...new Set(holds.map(it => it.orderId))].filter(id => !world.orders.has(id))
}

const sharesPools = (world: World, asset: Asset): boolean => {
  const { kind, of } = assetParts(asset)
  return kind === 'points' && world.catalogue.programmes.get(of)?.terms.households !== undefined
}

/** Whether what somebody may spend decides something here: conditions that ask for it, or what a reward lacks. */
const looksAtPools = ({ catalogue }: World, needs: readonly Needs[]): boolean =>
  [...catalogue.programmes.values()].some(it => it.terms.households !== undefined) &&
  (catalogue.asks.points ||
    needs.some(it => it.pools) ||
    (needs.some(it => it.request) && catalogue.onRequest.some(it => it.terms.price !== undefined)))

/** Where points of a programme with households may be spent, or are asked for: whoever shares a pool with those at hand is there whole. */
export const loadPools = async (world: World, needs: readonly Needs[], read: Read): Promise<readonly Holder[]> => {
  const named = needs.flatMap(it => it.households ?? [])
  const isShared = looksAtPools(world, needs) || wantsOf(world, needs).some(it => sharesPools(world, it.asset))
  if (!isShared && named.length === 0) return []
  const members = await read<ProgrammeMember>('programmeMembers', [[...world.holders.keys()]])
  const ids = new Set([...named, ...members.flatMap(it => it.householdId ?? [])])
  const households = await read<Household>('households', [[...ids]])
  for (const household of households) world.households.set(household.id, household)
  const all = new Set(households.flatMap(it => it.members.map(({ holderId }) => holderId)))
  return read<Holder>('holders', [[], [], [...all].filter(id => !world.holders.has(id) || world.onlookers.has(id))])
}

const spendsOldestFirst = (world: World, asset: Asset): boolean => {
  const { kind, of } = assetParts(asset)
  return kind === 'points' && world.catalogue.programmes.get(of)?.terms.burning.order === 'oldestFirst'
}
