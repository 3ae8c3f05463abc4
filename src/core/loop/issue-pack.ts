import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, offsetsOf } from '../kernel/time.ts'
import { normalizeCode } from '../offers/code.ts'
import { type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import { periodOf } from '../orders/limits.ts'
import { countsPersons, leasable, leftForPerson, placeOf } from '../packs/journal.ts'
import {
  codeHashed,
  engineVersion,
  identifierHashed,
  type LeasedCode,
  type LeasedPerson,
  type Pack,
} from '../packs/pack.ts'
import { journalRefusals } from '../packs/refusals.ts'
import { surplus, topUp } from '../packs/share.ts'
import { personFacts, whoBuys } from './buyer.ts'
import { anchorOf, anchorText, armOf, type Circumstances, makeCandidate } from './candidates.ts'
import { addPack, changePack, leaseMore, leasesOf, leaseUse, leftOfLease, slicesOf } from './leases.ts'
import { hasBeenIn, isMemberOf } from './members.ts'
import {
  counterKey,
  type Grant,
  type Holder,
  holdersOfPerson,
  packUse,
  pairKey,
  type StoredPack,
  usesOfOrder,
  type World,
} from './world.ts'

/** A till that asks for a pack, or for its pack again, with everything about the call that matters. */
export type IssueCall = {
  readonly device: string
  readonly keyId: string
  readonly channel: string
  readonly location: string
  /** The last entry of its journal that the till knows; 0: it has none. */
  readonly sequence: number
  readonly lifeMs: number
  /** How many tills may ask for slices: of the business, and at this location. */
  readonly tills: number
  readonly tillsHere: number
  /** Whom and which codes to lease, as the till named them. */
  readonly people: readonly string[]
  readonly codes: readonly string[]
  /** What lies outside the world: SKUs by collection, and codes that anybody may use. */
  readonly collections: Pack['collections']
  readonly sharedCodes: readonly { readonly code: string; readonly offerId: string }[]
  readonly publicKey: string
  readonly newHashKey: string
  /** HMAC-SHA256, base64url. */
  readonly hash: (key: string, text: string) => string
}

/** What was asked for and is not leased: nobody knows it. */
export type Issued = { readonly pack: Pack; readonly unknown: readonly string[] }

const mostUsesLeased = 10

/** Whether a till may come to apply an offer within a pack's life: it needs no event and no moment of the server. */
export const mayApplyOffline = (
  offer: LiveOffer,
  { channel, from, until }: { readonly channel: string; readonly from: number; readonly until: number },
): boolean =>
  offer.state === 'live' &&
  offer.campaign.state === 'live' &&
  !offer.broken &&
  ['basket', 'code', 'grant'].includes(offer.terms.trigger.on) &&
  (offer.from ?? Number.NEGATIVE_INFINITY) < until &&
  (offer.to ?? Number.POSITIVE_INFINITY) > from &&
  (offer.terms.channels.redeem ?? [channel]).includes(channel)

/**
 * Gives a device its pack: a new one, or the open one it has, with the offers of now and its slices topped up. Whatever text of the pack the
 * till works by, the server has leased at least what that text says.
 */
export const issuePack = (world: World, call: IssueCall): Result<Issued> => {
  const { now } = world
  let pack = [...world.packs.values()].find(
    it => it.deviceKey === call.device && (it.state === 'open' || it.state === 'closing'),
  )
  if (pack && pack.lastSequence > call.sequence)
    return no(
      refuse(journalRefusals.pack_journal_behind, { id: pack.id, settled: pack.lastSequence, known: call.sequence }),
    )
  const { channel, location } = call
  const expiresAt = now + call.lifeMs
  if (pack?.state === 'open' && pack.location === location && pack.channel === channel && pack.keyId === call.keyId)
    changePack(world, pack, { revision: pack.revision + 1, renewedAt: now, expiresAt })
  else if (pack) return no(refuse(journalRefusals.pack_state_conflict, { id: pack.id, state: pack.state }))
  else {
    pack = {
      id: world.newId('pck'),
      deviceKey: call.device,
      keyId: call.keyId,
      channel,
      location,
      hashKey: call.newHashKey,
      issuedAt: now,
      state: 'open',
      revision: 1,
      touched: 0,
      renewedAt: now,
      expiresAt,
      entries: 0,
      lastSequence: 0,
      closesAt: null,
      endedAt: null,
      endedBy: null,
    }
    addPack(world, pack)
  }
  const offers = [...world.catalogue.offers.values()].filter(offer =>
    mayApplyOffline(offer, { channel, from: now, until: expiresAt }),
  )
  leaseSlices(world, pack, offers, call)
  const people = call.people.flatMap(ref => leasePerson(world, pack, offers, ref, call) ?? [])
  const codes = call.codes.flatMap(code => leaseCode(world, pack, offers, code, call))
  const isKnown = new Set([...people.map(it => it.ref), ...codes.map(it => it.given)])
  return ok({
    pack: packOf(world, pack, offers, call, {
      people: people.map(it => it.person),
      codes: [...sharedCodes(pack, offers, call), ...people.flatMap(it => it.codes), ...codes.map(it => it.code)],
    }),
    unknown: [...call.people, ...call.codes].filter(it => !isKnown.has(it)),
  })
}

/** Tops up the slices of every limit that a use at this till may fall into, while its pack lives. */
const leaseSlices = (world: World, pack: StoredPack, offers: readonly LiveOffer[], call: IssueCall): void => {
  const lasted = Math.max(3_600_000, world.now - pack.issuedAt)
  for (const offer of offers) {
    const place = placeOf({ ...pack, timeZone: world.workspace.timeZone }, offer.terms, world.now)
    const recent = recentOf(world, pack, offer.id, lasted, call.lifeMs)
    for (const [bucket, allowed] of leasable(offer.terms, place, world.now, pack.expiresAt)) {
      const counter = world.counters.get(counterKey(offer.id, bucket))
      if (!counter) throw new Error(`the counter ${bucket} of ${offer.id} was not loaded`)
      const held = slicesOf(world, pack.id)(offer.id, bucket)
      const tills = bucket.startsWith('location=') ? call.tillsHere : call.tills
      leaseMore(world, pack, offer.id, bucket, {
        uses:
          allowed.uses === 0
            ? 0
            : topUp({
                room: allowed.uses - counter.used - counter.held - counter.leased,
                held: held.uses,
                recent: recent?.uses,
                tills,
              }),
        budget:
          allowed.budget === 0
            ? 0
            : topUp({
                room: allowed.budget - counter.budgetUsed - counter.budgetHeld - counter.budgetLeased,
                held: held.budget,
                recent: recent?.budget,
                tills,
              }),
      })
    }
  }
}

/** What this till used of an offer by this pack so far, over as long a time as the pack shall live; undefined: it is new. */
const recentOf = (
  world: World,
  pack: StoredPack,
  offerId: string,
  lasted: number,
  lifeMs: number,
): { readonly uses: number; readonly budget: number } | undefined => {
  const its = leasesOf(world, pack.id).filter(it => it.offerId === offerId)
  if (its.length === 0) return undefined
  const over = (amounts: readonly number[]) => Math.ceil((Math.max(0, ...amounts) * lifeMs) / lasted)
  return { uses: over(its.map(it => it.charged)), budget: over(its.map(it => it.budgetCharged)) }
}

/** What a till might give back because the others have nothing left of a limit. */
export const surplusOf = (world: World, packId: string, tills: number) =>
  leasesOf(world, packId).flatMap(lease => {
    const { offerId, bucket } = lease
    const counter = world.counters.get(counterKey(offerId, bucket))
    const offer = world.catalogue.offers.get(offerId)
    if (!counter || !offer) return []
    const left = leftOfLease(lease)
    const { uses, budget } = offer.terms.limits
    const roomOf = (limit: number | undefined, taken: number) => (limit === undefined ? 1 : limit - taken)
    const back = {
      uses: surplus({ room: roomOf(uses, counter.used + counter.held + counter.leased), held: left.uses, tills }),
      budget: surplus({
        room: roomOf(budget?.amount, counter.budgetUsed + counter.budgetHeld + counter.budgetLeased),
        held: left.budget,
        tills,
      }),
    }
    return bucket === '' && back.uses + back.budget > 0 ? [{ offer: offerId, bucket, ...back }] : []
  })

type Leased = { readonly ref: string; readonly person: LeasedPerson; readonly codes: readonly LeasedCode[] }

/** Leases somebody: what limits count of her is this till's alone, and the till learns what offers ask about her. */
const leasePerson = (
  world: World,
  pack: StoredPack,
  offers: readonly LiveOffer[],
  ref: string,
  { hash }: IssueCall,
): Leased | undefined => {
  const who = whoBuys(world, ref)
  if (!who.ok || !who.value?.holder) return undefined
  const holders = holdersOfPerson(world, who.value.holder.id)
  const here = circumstances(world, pack, holders)
  const ids = new Set(holders.map(it => it.id))
  const isHers = (offerId: string) =>
    usesOfOrder(world, packUse(pack.id)).filter(
      use => use.offerId === offerId && use.grantId === null && use.code === null && ids.has(use.holderId ?? ''),
    ).length
  const left: Record<string, number> = {}
  for (const offer of offers) {
    if (!countsPersons(offer.terms) || offer.terms.chance) continue
    const rest = leftForHer(world, here, offer)
    if (rest === undefined) continue
    const has = isHers(offer.id)
    for (let more = has; more < Math.min(has + rest, mostUsesLeased); more += 1)
      leaseUse(world, pack, offer, { holderId: who.value.holder.id, code: null, useNo: null, grantId: null })
    left[offer.id] = isHers(offer.id)
  }
  const byId = new Map(offers.map(it => [it.id, it]))
  const grants = holders
    .flatMap(holder => world.grantsOfHolder.get(holder.id) ?? [])
    .filter(grant => byId.has(grant.offerId))
  const leased = grants.flatMap(grant => leaseGrant(world, pack, byId.get(grant.offerId)!, grant) ?? [])
  const held = new Set(
    offers.flatMap(({ campaign }) => (armOf(world, here, campaign) === 'holdout' ? [campaign.id] : [])),
  )
  const reads = offers.map(readsOfOffer)
  const facts = personFacts(world, who.value, holders, world.workspace.currency, undefined)
  const { hashKey } = pack
  return {
    ref,
    person: {
      id: who.value.personId!,
      hashes: [...new Set(holders.flatMap(it => [`${it.type}:${it.value}`, `${it.type}:${it.given}`]))].map(it =>
        hash(hashKey, identifierHashed(it)),
      ),
      // What no offer asks for does not lie about on tills.
      facts: reads.some(it => it.traits) ? facts : { ...facts, traits: {} },
      memberOf: [...new Set(holders.flatMap(it => [...(world.members.get(it.id) ?? [])]))],
      heldOut: [...held],
      programmes: [...world.catalogue.programmes.values()].map(({ id, terms }) => ({
        id,
        isMember: isMemberOf(world, holders, id),
        joins: terms.join.on === 'firstOrder' && !hasBeenIn(world, holders, id),
      })),
      left,
      grants: leased.flatMap(({ grant, state }) =>
        grant.code === null ? [{ id: grant.id, offer: grant.offerId, state, expiresAt: grant.expiresAt }] : [],
      ),
    },
    codes: leased.flatMap(({ grant, state }) =>
      grant.code === null
        ? []
        : [
            {
              hash: hash(hashKey, codeHashed(normalizeCode(grant.code))),
              offer: grant.offerId,
              left: 1,
              grant: { id: grant.id, state, expiresAt: grant.expiresAt },
              person: who.value!.personId!,
            },
          ],
    ),
  }
}

const circumstances = (world: World, pack: StoredPack, holders: readonly Holder[]): Circumstances => {
  const anchor = anchorOf(holders)
  return {
    holders,
    anchor: anchor && anchorText(anchor),
    at: world.now,
    channel: pack.channel,
    location: pack.location,
    draws: false,
    free: [],
  }
}

/** How many uses of an offer nobody has taken of her, the till's own among those that are. */
const leftForHer = (world: World, here: Circumstances, offer: LiveOffer): number | undefined => {
  const { usage } = makeCandidate(world, here, offer)
  const timeZone = offer.terms.validity.timeZone ?? world.workspace.timeZone
  return leftForPerson(offer.terms, {
    perPerson: usage.perPerson,
    inPeriod: period => usage.person?.[periodOf(period, here.at, timeZone)] ?? 0,
  })
}

/** Leases what was issued to somebody, unless it is used or another till's; what this till has already, it has. */
const leaseGrant = (world: World, pack: StoredPack, offer: LiveOffer, grant: Grant) => {
  const isUsable = grant.state === 'issued' || grant.state === 'returned'
  const its = usesOfOrder(world, packUse(pack.id)).find(use => use.grantId === grant.id)
  if (grant.fulfilment !== null || (!isUsable && !its)) return undefined
  if (isUsable)
    leaseUse(world, pack, offer, {
      holderId: grant.holderId,
      code: grant.code === null ? null : normalizeCode(grant.code),
      useNo: null,
      grantId: grant.id,
    })
  return { grant, state: 'issued' as const }
}

/** Leases the uses that a code has left. */
const leaseCode = (
  world: World,
  pack: StoredPack,
  offers: readonly LiveOffer[],
  given: string,
  { hash }: IssueCall,
): { readonly given: string; readonly code: LeasedCode }[] => {
  const code = normalizeCode(given)
  return (world.codes.get(code) ?? []).flatMap(claim => {
    const offer = offers.find(it => it.id === claim.offerId)
    if (!offer || claim.isBlocked) return []
    const hashed = hash(pack.hashKey, codeHashed(code))
    if (claim.grantId !== null) {
      const grant = world.grants.get(claim.grantId)
      const leased = grant && leaseGrant(world, pack, offer, grant)
      if (!leased) return []
      const { id, expiresAt } = leased.grant
      return [
        { given, code: { hash: hashed, offer: offer.id, left: 1, grant: { id, state: leased.state, expiresAt } } },
      ]
    }
    const { perCode } = offer.terms.limits
    if (perCode === undefined) return [{ given, code: { hash: hashed, offer: offer.id } }]
    const uses = world.redemptions.byCode.get(pairKey(code, offer.id)) ?? []
    const taken = uses.filter(use => ['held', 'redeemed', 'leased'].includes(use.state)).length
    const own = () => usesOfOrder(world, packUse(pack.id)).filter(use => use.code === code && use.offerId === offer.id)
    const has = own().length
    let useNo = uses.reduce((most, use) => Math.max(most, use.useNo ?? 0), 0)
    for (let more = has; more < Math.min(has + perCode - taken, mostUsesLeased); more += 1) {
      useNo += 1
      leaseUse(world, pack, offer, { holderId: null, code, useNo, grantId: null })
    }
    return [{ given, code: { hash: hashed, offer: offer.id, left: own().length } }]
  })
}

/** Codes that anybody may use: the till knows them all, those with a limit of their own so that it can say why it must ask. */
const sharedCodes = (
  { hashKey }: StoredPack,
  offers: readonly LiveOffer[],
  { sharedCodes: all, codes, hash }: IssueCall,
): LeasedCode[] => {
  const applies = new Set(offers.map(it => it.id))
  const leased = new Set(codes.map(normalizeCode))
  return all.flatMap(({ code, offerId }) =>
    applies.has(offerId) && !leased.has(code) ? [{ hash: hash(hashKey, codeHashed(code)), offer: offerId }] : [],
  )
}

const packOf = (
  world: World,
  pack: StoredPack,
  offers: readonly LiveOffer[],
  { collections, publicKey }: IssueCall,
  leased: Pick<Pack, 'people' | 'codes'>,
): Pack => {
  const { workspace, catalogue, now } = world
  const zones = new Set([workspace.timeZone, ...offers.flatMap(it => it.terms.validity.timeZone ?? [])])
  const campaigns = new Map(offers.map(({ campaign }) => [campaign.id, campaign]))
  const programmes = new Set(offers.flatMap(it => it.programme ?? []))
  return {
    engine: engineVersion,
    id: pack.id,
    revision: pack.revision,
    workspace: workspace.id,
    till: pack.keyId,
    device: pack.deviceKey,
    channel: pack.channel,
    location: pack.location,
    issuedAt: now,
    expiresAt: pack.expiresAt,
    currency: workspace.currency,
    timeZone: workspace.timeZone,
    // A till's clock may be behind.
    zones: Object.fromEntries([...zones].sort().map(zone => [zone, offsetsOf(zone, now - 3_600_000, pack.expiresAt)])),
    combination: catalogue.combination,
    publicKey,
    hashKey: pack.hashKey,
    campaigns: [...campaigns.values()].map(({ id, name, state, from, to, audience, holdout }) => ({
      id,
      name,
      state,
      body: {
        ...(from !== undefined && { from: formatInstant(from) }),
        ...(to !== undefined && { to: formatInstant(to) }),
        audience,
        holdout,
      },
    })),
    offers: offers.map(({ id, version, state, terms, campaign }) => ({
      id,
      version,
      state,
      body: terms,
      campaign: campaign.id,
      ...((campaign.holdout > 0 || catalogue.holdout > 0) && { onlineOnly: 'holdout' as const }),
    })),
    collections,
    programmes: [...catalogue.programmes.values()].filter(it => programmes.has(it.id)),
    slices: leasesOf(world, pack.id)
      .filter(it => it.uses > 0 || it.budget > 0)
      .map(({ offerId, bucket, uses, budget }) => ({ offer: offerId, bucket, uses, budget })),
    ...leased,
  }
}
