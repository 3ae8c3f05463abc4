import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { isStored, type Tender } from '../loyalty/tender.ts'
import { normalizeCode } from '../offers/code.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import type { Applied, Decision } from '../orders/decide.ts'
import { orderRefusals } from '../orders/refusals.ts'
import type { ReturnAnswer } from '../orders/return-schema.ts'
import { lineQuantity, type OrderAnswer } from '../orders/schema.ts'
import { givesLater } from '../packs/decide-offline.ts'
import { journalRefusals } from '../packs/refusals.ts'
import {
  type Difference,
  type JournalEntry,
  type ReturnEntry,
  type SaleEntry,
  type Told,
  undoReason,
} from '../packs/schema.ts'
import { whoBuys } from './buyer.ts'
import { type Circumstances, makeCandidate } from './candidates.ts'
import {
  addEntry,
  changePack,
  chargeLease,
  endPack,
  giveBackLease,
  leasedUse,
  notePersonalOverrun,
  settleWaiting,
  slicesOf,
} from './leases.ts'
import { putOrder } from './put-order.ts'
import { returnOrder } from './return-order.ts'
import {
  changeUse,
  holdersOfPerson,
  packUse,
  pairKey,
  type StoredEntry,
  type StoredPack,
  type StoredRedemption,
  usesOfOrder,
  type World,
} from './world.ts'

/** An entry of a till's journal with everything about the call that matters to it; its signature is checked already. */
export type EntryCall = {
  readonly packId: string
  readonly entry: JournalEntry
  /** SHA-256 of its text, base64url: what the entry after it names. */
  readonly hash: string
}

/** What became of an entry; `known`: it was settled before. */
export type EntrySettled = {
  readonly state: 'settled' | 'waiting' | 'known'
  readonly differences: readonly Difference[]
}

/**
 * Books what a till did without a network, in any order of arrival, each entry once. It refuses only what is no entry of this pack: goods
 * that were handed over are booked as they were told, and how that differs from what would be decided now is answered and kept.
 */
export const settleEntry = (world: World, { packId, entry, hash }: EntryCall): Result<EntrySettled> => {
  const pack = world.packs.get(packId)
  if (!pack) return no(refuse(journalRefusals.pack_not_found, { id: packId }))
  const known = world.entries.get(pairKey(packId, entry.id))
  if (known && known.hash !== hash) return no(refuse(journalRefusals.journal_entry_reused, { id: entry.id }))
  if (known?.state === 'settled') return ok({ state: 'known', differences: known.differences as readonly Difference[] })
  const at = Math.min(parseInstant(entry.at)!, world.now)
  const { differences, isWaiting } = bookEntry(world, pack, entry, at, hash)
  if (known) {
    if (!isWaiting) settleWaiting(world, known, [...(known.differences as readonly Difference[]), ...differences])
  } else differences.unshift(...keepEntry(world, pack, { entry, hash, at, isWaiting, differences }))
  return ok({ state: isWaiting ? 'waiting' : 'settled', differences })
}

type Booked = { readonly differences: Difference[]; readonly isWaiting: boolean }

const bookEntry = (world: World, pack: StoredPack, entry: JournalEntry, at: number, hash: string): Booked => {
  switch (entry.kind) {
    case 'sale':
      return {
        differences: [...timesOf(pack, entry, at), ...settleSale(world, pack, entry, at, hash)],
        isWaiting: false,
      }
    case 'return':
      return settleReturn(world, pack, entry, at, hash)
    case 'giveBack':
      for (const { offer: offerId, ...slice } of entry.slices) giveBackLease(world, pack, { offerId, ...slice })
      return { differences: [], isWaiting: false }
    case 'close':
      if (pack.state === 'open') changePack(world, pack, { state: 'closing', closesAt: entry.sequence })
      return { differences: [], isWaiting: false }
  }
}

/** Keeps an entry, and says where the chain around it does not hold. */
const keepEntry = (
  world: World,
  pack: StoredPack,
  {
    entry,
    hash,
    at,
    isWaiting,
    differences,
  }: {
    readonly entry: JournalEntry
    readonly hash: string
    readonly at: number
    readonly isWaiting: boolean
    readonly differences: readonly Difference[]
  },
): readonly Difference[] => {
  const others = [...world.entries.values()].filter(it => it.packId === pack.id)
  const place = (sequence: number): readonly StoredEntry[] => others.filter(it => it.sequence === sequence)
  const { id, sequence, previous, kind } = entry
  const isFirst = place(sequence).length === 0
  const before = sequence === 1 ? [pack.id] : place(sequence - 1).map(it => it.hash)
  const after = place(sequence + 1).map(it => it.previous)
  const breaks =
    !isFirst || (before.length > 0 && !before.includes(previous)) || (after.length > 0 && !after.includes(hash))
  const chain: readonly Difference[] = breaks ? [{ what: 'chain', subject: id, told: sequence, now: sequence }] : []
  if (isFirst)
    changePack(world, pack, { entries: pack.entries + 1, lastSequence: Math.max(pack.lastSequence, sequence) })
  addEntry(world, {
    packId: pack.id,
    id,
    sequence,
    kind,
    previous,
    hash,
    orderId: 'order' in entry ? entry.order : null,
    at,
    receivedAt: world.now,
    state: isWaiting ? 'waiting' : 'settled',
    body: isWaiting ? entry : null,
    differences: [...chain, ...differences],
  })
  return chain
}

/** Ends a pack whose last entry and all before it are there; false: it is not so far. */
export const closePack = (world: World, packId: string): boolean => {
  const pack = world.packs.get(packId)
  if (pack?.state !== 'closing' || pack.entries < pack.closesAt!) return false
  endPack(world, pack, 'closed', pack.keyId)
  return true
}

/** An operator takes back what a lost till may still have. What comes of it later is booked all the same. */
export const writeOffPack = (world: World, packId: string, by: string): Result<StoredPack> => {
  const pack = world.packs.get(packId)
  if (!pack) return no(refuse(journalRefusals.pack_not_found, { id: packId }))
  if (pack.state !== 'open' && pack.state !== 'closing')
    return no(refuse(journalRefusals.pack_state_conflict, { id: packId, state: pack.state }))
  endPack(world, pack, 'writtenOff', by)
  return ok(pack)
}

/** A till's clock that is off, or a sale beyond the life of its pack. */
const timesOf = (pack: StoredPack, entry: JournalEntry, at: number): readonly Difference[] => {
  const told = parseInstant(entry.at)!
  const isOff = told > at + 300_000 || told < pack.issuedAt - 300_000 || told >= pack.expiresAt
  return isOff ? [{ what: 'time', subject: entry.id, told, now: at }] : []
}

const settleSale = (world: World, pack: StoredPack, entry: SaleEntry, at: number, hash: string): Difference[] => {
  const { told } = entry
  const stored = world.orders.get(entry.order)
  if (stored?.state === 'cancelled')
    return [{ what: 'order_over', subject: entry.order, told: told.totals.total, now: 0 }]
  // It got through before the line was cut: what the server answered then stands.
  if (stored?.source === 'put' && stored.state !== 'open')
    return stored.total === told.totals.total
      ? []
      : [{ what: 'order_known', subject: entry.order, told: told.totals.total, now: stored.total }]
  const differences: Difference[] = []
  const who = whoBuys(world, entry.person)
  if (!who.ok) differences.push({ what: 'person_unknown', subject: entry.order, told: 1, now: 0 })
  const tenders: readonly Tender[] = (entry.tenders ?? []).map(type => ({ type }))
  const taken = tenders.filter(it => !isStored(it))
  if (taken.length < tenders.length)
    differences.push({ what: 'tender_not_taken', subject: entry.order, told: tenders.length, now: taken.length })

  const leased = usesOfOrder(world, packUse(pack.id)).filter(use => use.state === 'leased')
  const slices = slicesOf(world, pack.id)
  let here: Circumstances | undefined
  let before: StoredRedemption[] = []
  const result = putOrder(world, {
    id: entry.order,
    put: {
      state: 'placed',
      channel: pack.channel,
      location: pack.location,
      ...(entry.clerk !== undefined && { clerk: entry.clerk }),
      currency: entry.currency,
      ...(who.ok && entry.person !== undefined && { person: entry.person }),
      codes: entry.codes,
      lines: entry.lines,
      shipping: entry.shipping,
      ...(taken.length > 0 && { tenders: [...taken] }),
      ...(entry.choices && { choices: entry.choices }),
      requireCodes: false,
      occurredAt: formatInstant(at),
    },
    scope: 'secret',
    channel: undefined,
    location: undefined,
    person: undefined,
    actor: pack.keyId,
    dryRun: false,
    requestHash: hash,
    offline: {
      slices,
      free: leased,
      told: (decided, circumstances) => {
        here = circumstances
        differences.push(...compare(decided, told))
        const unknown = told.applied.filter(it => !world.catalogue.offers.has(it.offer))
        for (const it of unknown)
          differences.push({ what: 'offer_unknown', subject: it.offer, told: it.amount, now: 0 })
        return asTold(world, entry, decided, circumstances)
      },
      releases: ({ offer, code, grantId }, holder) => {
        const holderIds = holder ? holdersOfPerson(world, holder.id).map(it => it.id) : []
        const its = leasedUse(world, pack.id, offer.id, { holderIds, code, grantId })
        if (its) changeUse(world, its, 'released')
        // What is still leased to the till, of others, is not counted against it.
        before = leased.filter(use => use.state === 'leased')
      },
      charges: (use, offer) => {
        const over = [
          ...chargeLease(world, pack, use, offer),
          ...personalOverrun(world, pack, { use, offer, here: here!, before }),
        ]
        for (const it of over)
          differences.push({ what: 'overrun', subject: `${offer.id} ${it.bucket}`.trim(), told: it.over, now: 0 })
      },
    },
  })
  if (!result.ok) throw new Error(`an order that was told cannot be booked: ${result.refusal.code}`)
  differences.push(...comparePoints(JSON.parse(result.value) as OrderAnswer, told))
  return differences
}

/** Whether a use that is booked passes a limit of its person or code: asked as it was before the use. */
const personalOverrun = (
  world: World,
  pack: StoredPack,
  {
    use,
    offer,
    here,
    before,
  }: {
    readonly use: StoredRedemption
    readonly offer: LiveOffer
    readonly here: Circumstances
    readonly before: readonly StoredRedemption[]
  },
) => {
  const { usage } = makeCandidate(world, { ...here, free: [...before, use] }, offer, use.code ?? undefined)
  return notePersonalOverrun(world, pack, offer, usage, use)
}

/** Of offers that the till decides itself: what gives something later is the server's. */
const isTills = ({ offer }: Applied): boolean => offer.programme === undefined && !givesLater(offer)

const compare = (decided: Decision, told: Told): Difference[] => {
  const now = new Map<string, number>()
  for (const it of decided.applied) if (isTills(it)) now.set(it.offer.id, (now.get(it.offer.id) ?? 0) + it.amount)
  const then = new Map<string, number>()
  for (const it of told.applied)
    if (!(it.gives ?? []).some(given => given.what === 'points'))
      then.set(it.offer, (then.get(it.offer) ?? 0) + it.amount)
  return [
    ...[...new Set([...then.keys(), ...now.keys()])].sort().flatMap((offer): Difference[] => {
      const [is, should] = [then.get(offer), now.get(offer)]
      if (is === should) return []
      const what = should === undefined ? 'applied' : is === undefined ? 'not_applied' : 'amount'
      return [{ what, subject: offer, told: is ?? 0, now: should ?? 0 }]
    }),
    ...(told.totals.total === decided.totals.total
      ? []
      : [{ what: 'total' as const, subject: '', told: told.totals.total, now: decided.totals.total }]),
  ]
}

/** Points that were told and are others, or none: what the server adds by itself is no difference. */
const comparePoints = ({ earned = [] }: OrderAnswer, { earned: told = [] }: Told): Difference[] =>
  told.flatMap(({ programme, points }) => {
    const now = earned.find(it => it.programme === programme)?.points ?? 0
    return now >= points ? [] : [{ what: 'points' as const, subject: programme, told: points, now }]
  })

/** The decision that is booked: what the customer got, and beside it what only the server gives. */
const asTold = (world: World, { told, lines }: SaleEntry, decided: Decision, here: Circumstances): Decision => {
  const applied = told.applied.flatMap((it): Applied[] => {
    const offer = world.catalogue.offers.get(it.offer)
    if (!offer) return []
    return [
      {
        offer: { ...offer, version: Math.min(it.version, offer.version) },
        given: it.code,
        code: it.code === undefined ? undefined : normalizeCode(it.code),
        grantId: it.grant !== undefined && world.grants.has(it.grant) ? it.grant : undefined,
        amount: it.amount,
        shipping: it.shipping ?? 0,
        gives: it.gives ?? [],
      },
    ]
  })
  const isTold = new Set(applied.map(it => it.offer.id))
  const fits = new Set(decided.fitted.map(it => it.offer.id))
  return {
    ...decided,
    totals: told.totals,
    lines: told.lines.map((line, index) => {
      const quantity = lineQuantity(lines[index]!)
      const alike = line.discounts.map(({ offer, amount }) => ({ offer, each: amount / quantity }))
      return { ...line, units: line.units ?? [{ quantity, each: line.total / quantity, discounts: alike }] }
    }),
    applied: [...applied, ...decided.applied.filter(it => !isTills(it) && !isTold.has(it.offer.id))],
    available: [],
    refused: told.refused.map(({ code, offer, reason }) => ({
      given: code,
      offer: offer === undefined ? undefined : world.catalogue.offers.get(offer),
      reason: reason as Refusal,
    })),
    withheld: decided.withheld.filter(it => !isTold.has(it.offer.id)),
    fitted: [
      ...decided.fitted,
      ...applied
        .filter(it => !fits.has(it.offer.id))
        .map(({ offer, code, grantId }) => makeCandidate(world, here, offer, code, grantId)),
    ],
    search: { isExact: true, value: 0, bound: 0 },
  }
}

const settleReturn = (world: World, pack: StoredPack, entry: ReturnEntry, at: number, hash: string): Booked => {
  // Undone with a network, and again without one because no answer came: the money went back once.
  if (entry.return.reason === undoReason && world.orders.get(entry.order)?.state === 'cancelled')
    return { differences: [], isWaiting: false }
  const result = returnOrder(world, {
    order: entry.order,
    body: { ...entry.return, occurredAt: formatInstant(at) },
    scope: 'secret',
    actor: pack.keyId,
    dryRun: false,
    requestHash: hash,
  })
  if (result.ok) {
    const { refund } = JSON.parse(result.value) as ReturnAnswer
    const isSame = refund === entry.refund
    const differences: Difference[] = isSame
      ? []
      : [{ what: 'refund', subject: entry.order, told: entry.refund, now: refund }]
    return { differences, isWaiting: false }
  }
  if (result.refusal.code === orderRefusals.order_not_found.code) return { differences: [], isWaiting: true }
  return { differences: [{ what: 'not_returned', subject: entry.order, told: entry.refund, now: 0 }], isWaiting: false }
}
