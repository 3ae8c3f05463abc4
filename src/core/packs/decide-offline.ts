import { type Details, refuse } from '../kernel/refusal.ts'
import { learnOffsets } from '../kernel/time.ts'
import type { Programme } from '../loyalty/schema.ts'
import { normalizeCode } from '../offers/code.ts'
import { kindOf } from '../offers/kinds/index.ts'
import { collectionsOf, type LiveOffer, liveCampaign, liveOffer, readsOfOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { type Candidate, type OnlineOnly, waitsFor } from '../orders/check.ts'
import { type Applied, type Decision, decide, type Refused } from '../orders/decide.ts'
import { bucketLimits, bucketsOf, periodOf, stockBucket, stockOf, type Usage } from '../orders/limits.ts'
import { withPoints } from '../orders/points.ts'
import type { OrderLine } from '../orders/schema.ts'
import { nobody } from '../rules/facts.ts'
import type { Reads } from '../rules/reads.ts'
import { countsPersons, isClosed, type Left, leasable, leftOf, placeOf, sliceKey } from './journal.ts'
import {
  codeHashed,
  identifierHashed,
  type LeasedCode,
  type LeasedGrant,
  type LeasedPerson,
  type Pack,
} from './pack.ts'
import type { JournalEntry, Told } from './schema.ts'

/** A pack with its offers compiled: made once, when the till has opened it. */
export type PackInUse = {
  readonly pack: Pack
  readonly offers: ReadonlyMap<string, LiveOffer>
  readonly collections: ReadonlyMap<string, ReadonlySet<string>>
  readonly programmes: ReadonlyMap<string, Programme>
}

export const usePack = (pack: Pack): PackInUse => {
  for (const [zone, offsets] of Object.entries(pack.zones)) learnOffsets(zone, offsets)
  const campaigns = new Map(pack.campaigns.map(it => [it.id, liveCampaign(it)]))
  return {
    pack,
    offers: new Map(
      pack.offers.map(({ campaign, onlineOnly: _, ...offer }) => [
        offer.id,
        liveOffer(offer, campaigns.get(campaign)!),
      ]),
    ),
    collections: new Map(Object.entries(pack.collections).map(([id, skus]) => [id, new Set(skus)])),
    programmes: new Map(pack.programmes.map(it => [it.id, it])),
  }
}

/** What is sold while there is no network. */
export type OfflineOrder = {
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly lines: readonly OrderLine[]
  readonly shipping?: number
  readonly codes?: readonly string[]
  readonly currency?: string
  /** As `type:value`; left out, nobody is named. */
  readonly person?: string
  /** Types of payment. Points, gift cards and stored money need a network. */
  readonly tenders?: readonly string[]
  readonly choices?: Readonly<Record<string, string>>
}

/** What the till answers, and puts into its journal as what was told. */
export type OfflineDecision = Told & {
  /** The leased person whom the till took the buyer for. */
  readonly leased?: string
  /** Offers that may apply, or give something later, once the server has seen the order. */
  readonly onlineOnly: readonly { readonly offer: string; readonly name: string; readonly message: string }[]
}

/** The texts of an order that must be hashed before it is decided: hashing may have to wait, deciding does not. */
export const textsToHash = ({ person, codes = [] }: Pick<OfflineOrder, 'person' | 'codes'>): readonly string[] => [
  ...(person === undefined ? [] : [identifierHashed(spelled(person))]),
  ...codes.map(code => codeHashed(normalizeCode(code))),
]

/** An identifier as a till can spell it without knowing countries: `email: Ana@Example.com ` is `email:ana@example.com`. */
export const spelled = (ref: string): string => {
  const cut = ref.indexOf(':')
  const [type, value] = [ref.slice(0, cut), ref.slice(cut + 1).trim()]
  return `${type}:${type === 'email' ? value.toLowerCase() : value}`
}

/**
 * Decides an order where there is no server to ask: by the same `decide`, so with the same answer for the same facts. What the till cannot
 * know makes an offer `online_only`; what its slices do not hold any more, `slice_used_up`. `journal` is all that the till has sold by this
 * pack. `hashed` answers the pack's keyed hash of each of `textsToHash`.
 *
 *     decideOffline(usePack(pack), order, journal, text => hashes.get(text)!).totals.total
 */
export const decideOffline = (
  opened: PackInUse,
  order: OfflineOrder,
  journal: readonly JournalEntry[],
  hashed: (text: string) => string,
): OfflineDecision => {
  const inUse = isClosed(journal) ? withoutLeases(opened) : opened
  const { pack } = inUse
  const known =
    order.person === undefined
      ? undefined
      : pack.people.find(it => it.hashes.includes(hashed(identifierHashed(spelled(order.person!)))))
  const here: Here = {
    inUse,
    at: order.at,
    left: leftOf(pack, journal, id => inUse.offers.get(id)?.terms),
    person: known,
    isStranger: order.person !== undefined && known === undefined,
    used: usedBy(journal, known),
  }
  const claims = uniqueCodes(order.codes ?? []).map(({ given, code }) => ({
    given,
    code,
    hash: hashed(codeHashed(code)),
  }))
  const decision = withPoints(
    decide({
      at: order.at,
      timeZone: pack.timeZone,
      combination: pack.combination,
      order: {
        id: order.id,
        currency: order.currency ?? pack.currency,
        channel: pack.channel,
        location: pack.location,
        lines: order.lines,
        shipping: order.shipping ?? 0,
        tenders: order.tenders ?? [],
        ...(order.choices && { choices: order.choices }),
      },
      // Whom the till knows nothing of is a person all the same: what asks about her waits for the network.
      person: known?.facts ?? (here.isStranger ? nobody : undefined),
      codes: claims.map(({ given, code, hash }) => ({
        given,
        code,
        candidates: pack.codes.flatMap(it => (it.hash === hash ? candidatesOf(here, it.offer, it) : [])),
      })),
      unclaimed: [
        ...(known?.grants ?? []).flatMap(grant => candidatesOf(here, grant.offer, undefined, grant)),
        ...pack.offers.flatMap(({ id, body }) => (body.trigger.on === 'basket' ? candidatesOf(here, id) : [])),
      ],
      inCollection: (sku, collection) => inUse.collections.get(collection)?.has(sku) ?? false,
    }),
    inUse.programmes,
  )
  const hashOf = new Map(claims.map(it => [it.code, it.hash]))
  return {
    totals: { ...decision.totals },
    lines: decision.lines.map(({ units, discounts, ...line }) => ({
      ...line,
      discounts: [...discounts],
      ...(units.length > 1 && { units: units.map(it => ({ ...it, discounts: [...it.discounts] })) }),
    })),
    applied: decision.applied.map(it => appliedAnswer(it, it.code === undefined ? undefined : hashOf.get(it.code))),
    ...(decision.earned && { earned: decision.earned.map(({ programme, points }) => ({ programme, points })) }),
    available: decision.available.map(({ offer, missing }) => ({
      offer: offer.id,
      name: offer.terms.name,
      missing: { ...missing },
    })),
    refused: decision.refused.flatMap(it => refusedAnswer(it, here)),
    ...(known && { leased: known.id }),
    onlineOnly: waitingIn(decision),
  }
}

/** Of a pack that the till has closed nothing is leased to it any more. */
const withoutLeases = (inUse: PackInUse): PackInUse => ({
  ...inUse,
  pack: { ...inUse.pack, slices: [], codes: [], people: [] },
})

type Here = {
  readonly inUse: PackInUse
  readonly at: number
  readonly left: Left
  readonly person: LeasedPerson | undefined
  readonly isStranger: boolean
  readonly used: Used
}

/** What the journal says is used of what is leased to somebody, of codes and of grants. */
type Used = {
  readonly ofPerson: ReadonlyMap<string, number>
  readonly ofCode: ReadonlyMap<string, number>
  readonly grants: ReadonlySet<string>
}

const usedBy = (journal: readonly JournalEntry[], person: LeasedPerson | undefined): Used => {
  const [ofPerson, ofCode, grants] = [new Map<string, number>(), new Map<string, number>(), new Set<string>()]
  for (const entry of journal) {
    if (entry.kind !== 'sale') continue
    for (const { offer, hash, grant } of entry.told.applied) {
      if (person && entry.leased === person.id) ofPerson.set(offer, (ofPerson.get(offer) ?? 0) + 1)
      if (hash !== undefined) ofCode.set(sliceKey(offer, hash), (ofCode.get(sliceKey(offer, hash)) ?? 0) + 1)
      if (grant !== undefined) grants.add(grant)
    }
  }
  return { ofPerson, ofCode, grants }
}

const candidatesOf = (here: Here, id: string, code?: LeasedCode, own?: LeasedGrant): Candidate[] => {
  const { inUse, person, used } = here
  const offer = inUse.offers.get(id)
  if (!offer) return []
  const grant = code?.grant ?? own
  const heldOut = person?.heldOut.includes(offer.campaign.id) ?? false
  const onlineOnly = onlineOnlyOf(here, offer, code)
  const programme = offer.programme === undefined ? undefined : programmeOf(here, offer.programme)
  return [
    {
      offer,
      usage: usageOf(here, offer, code),
      isMember: person?.memberOf.includes(offer.campaign.id) ?? false,
      ...(offer.terms.chance && { draw: 'later' as const }),
      ...(heldOut && { isHeldOut: true }),
      ...(programme && { programme }),
      ...(onlineOnly && { onlineOnly }),
      ...(grant && {
        grant: {
          id: grant.id,
          state: used.grants.has(grant.id) ? ('redeemed' as const) : grant.state,
          expiresAt: grant.expiresAt,
          isOwn: code?.person === undefined || code.person === person?.id,
        },
      }),
    },
  ]
}

const asksPerson = ({
  orders,
  returns,
  offers,
  traits,
  identifiers,
  consents,
  points,
  tiers,
  ...rest
}: Reads): boolean =>
  [orders, returns, offers, traits, identifiers, consents, points, tiers, rest.history].some(Boolean) ||
  rest.segments.length + rest.events.length + rest.computed.length > 0

/** Whether an offer's answer depends on who buys: for whom the till knows nothing of it cannot be told. */
export const isPersonal = (offer: LiveOffer): boolean =>
  offer.campaign.audience === 'members' ||
  countsPersons(offer.terms) ||
  offer.programme !== undefined ||
  offer.terms.trigger.on === 'grant' ||
  asksPerson(readsOfOffer(offer))

const onlineOnlyOf = (
  { inUse, isStranger, person }: Here,
  offer: LiveOffer,
  code?: LeasedCode,
): OnlineOnly | undefined => {
  const stored = inUse.pack.offers.find(it => it.id === offer.id)
  if (offer.terms.chance) return 'chance'
  if (givesLater(offer)) return 'benefit'
  if (offer.terms.limits.perCode !== undefined && code !== undefined && code.left === undefined) return 'code'
  // What a person used elsewhere of points with a cap is not counted here.
  if (kindOf(offer.terms.benefit).cap?.(offer.terms.benefit) !== undefined) return 'person'
  if (person && countsPersons(offer.terms) && person.left[offer.id] === undefined) return 'person'
  if (!isStranger) return undefined
  if (stored?.onlineOnly === 'holdout') return 'holdout'
  return isPersonal(offer) ? 'person' : undefined
}

/** Whether what an offer gives is made by the server: grants and stored money. It gets there when the order does. */
export const givesLater = ({ terms: { benefit }, givesGrants, programme }: LiveOffer): boolean =>
  givesGrants || (programme === undefined && kindOf(benefit).givesToSomebody === true)

const programmeOf = ({ inUse, person }: Here, id: string): NonNullable<Candidate['programme']> => {
  const programme = inUse.programmes.get(id)
  const hers = person?.programmes.find(it => it.id === id)
  return {
    name: programme?.terms.name ?? id,
    state: programme?.state ?? 'ended',
    isMember: hers?.isMember ?? false,
    joins: hers?.joins ?? false,
  }
}

/** What counts as used: so much of each limit as is not leased to this till any more. */
const usageOf = ({ inUse, at, left, person, used }: Here, { id, terms }: LiveOffer, code?: LeasedCode): Usage => {
  const { pack } = inUse
  const place = placeOf(pack, terms, at)
  const leftIn = (bucket: string) => left.get(sliceKey(id, bucket)) ?? { uses: 0, budget: 0 }
  const allowed = leasable(terms, place, at, at)
  const { uses, budget, perPerson, perCode } = terms.limits
  const ofPerson = person ? (person.left[id] ?? 0) - (used.ofPerson.get(id) ?? 0) : 0
  const ofCode = code ? (code.left ?? 0) - (used.ofCode.get(sliceKey(id, code.hash)) ?? 0) : 0
  const periods = bucketLimits(terms).filter(limit => limit.by === 'person')
  return {
    uses: (uses ?? 0) - leftIn('').uses,
    budget: (budget?.amount ?? 0) - leftIn('').budget,
    perPerson: (perPerson ?? 0) - ofPerson,
    perCode: (perCode ?? 0) - ofCode,
    buckets: Object.fromEntries(
      bucketsOf(terms, place).map(bucket => [bucket, allowed.get(bucket)!.uses - leftIn(bucket).uses]),
    ),
    person: Object.fromEntries(
      periods.map(limit => [periodOf(limit.period, at, place.timeZone), limit.uses - ofPerson]),
    ),
    gifts: Object.fromEntries(
      Object.entries(stockOf(terms)).map(([sku, pieces]) => [sku, pieces - leftIn(stockBucket(sku)).uses]),
    ),
  }
}

const appliedAnswer = (
  { offer, given, grantId, amount, shipping, gives }: Applied,
  hash: string | undefined,
): Told['applied'][number] => ({
  offer: offer.id,
  version: offer.version,
  name: offer.terms.name,
  ...(given !== undefined && { code: given }),
  ...(hash !== undefined && { hash }),
  ...(grantId !== undefined && { grant: grantId }),
  amount,
  ...(shipping > 0 && { shipping }),
  ...(gives.length > 0 && { gives: gives as Told['applied'][number]['gives'] }),
})

/** Limits that only the server counts to the end: the till's slice is used up, the limit may not be. */
const isSliced = (limit: unknown): boolean => limit !== 'perPerson' && limit !== 'perCode' && limit !== 'per person'

/** A limit as it stands in the offer; how much of it is used only the server knows. */
const limitTold = ({ limit, allowed, period }: Details): Details => ({
  limit,
  allowed,
  ...(period !== undefined && { period }),
})

/** A refusal as the till can tell it; of what waits for the network only codes are told here, the rest is in `onlineOnly`. */
const refusedAnswer = ({ given, offer, reason }: Refused, { isStranger }: Here): Told['refused'] => {
  if (given === undefined && reason.code === offerRefusals.online_only.code) return []
  const told =
    reason.code === offerRefusals.code_unknown.code
      ? refuse(offerRefusals.online_only, waitsFor('code'))
      : reason.code === offerRefusals.limit_reached.code && isSliced(reason.details.limit)
        ? refuse(offerRefusals.slice_used_up, limitTold(reason.details))
        : reason.code === offerRefusals.person_required.code && isStranger
          ? refuse(offerRefusals.online_only, waitsFor('person'))
          : reason
  return [
    {
      ...(given !== undefined && { code: given }),
      ...(offer && { offer: offer.id }),
      reason: { code: told.code, message: told.message, details: { ...told.details } },
    },
  ]
}

const waitingIn = ({ refused }: Decision): OfflineDecision['onlineOnly'] =>
  refused.flatMap(({ offer, reason }) =>
    offer && reason.code === offerRefusals.online_only.code
      ? [{ offer: offer.id, name: offer.terms.name, message: reason.message }]
      : [],
  )

/** A code that is typed twice counts once. */
const uniqueCodes = (typed: readonly string[]): { readonly given: string; readonly code: string }[] => {
  const codes = typed.map(given => ({ given, code: normalizeCode(given) }))
  return codes.filter(({ code }, index) => codes.findIndex(other => other.code === code) === index)
}

/** Collections that any of these offers asks for. */
export const collectionsAsked = (offers: Iterable<LiveOffer>): readonly string[] => [
  ...new Set([...offers].flatMap(offer => [...collectionsOf(offer)])),
]
