import { chanceSeed, drawOf, isWin } from '../offers/chance.ts'
import { isHeldOut } from '../offers/holdout.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveCampaign, LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { Candidate } from '../orders/check.ts'
import { bucketLimits, bucketsOf, periodOf, stockBucket, stockOf, type Usage, type UsePlace } from '../orders/limits.ts'
import { hasBeenIn, isMemberOf } from './members.ts'
import {
  type Arm,
  addDraw,
  addExposure,
  counterKey,
  type Draw,
  drawKey,
  giftsOf,
  type Holder,
  isTaken,
  pairKey,
  placeOfUse,
  type StoredRedemption,
  type World,
} from './world.ts'

/** Whom and where offers are looked at for. */
export type Circumstances = {
  readonly holders: readonly Holder[]
  /** `type:value` of the person's oldest identifier; undefined: nobody is named. */
  readonly anchor: string | undefined
  readonly at: number
  readonly channel: string
  readonly location: string | null
  /** Surprises are drawn when an order is placed or an event comes, never at a question. */
  readonly draws: boolean
  /** Uses that count as if they were not there: what the deciding order holds itself, or takes over. */
  readonly free: readonly StoredRedemption[]
  /** What a till's pack has left of a counter: of its own slices it is not refused anything. */
  readonly slices?: (offerId: string, bucket: string) => { readonly uses: number; readonly budget: number }
}

const byAge = (left: Holder, right: Holder): number => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1)

/** The oldest holder of a person: hold-outs and surprises go by its identifier, so that a merge does not draw anew. */
export const anchorOf = (holders: readonly Holder[]): Holder | undefined => [...holders].sort(byAge)[0]

export const anchorText = ({ type, value }: { readonly type: string; readonly value: string }): string =>
  `${type}:${value}`

export const placeIn = (world: World, { at, location, channel }: Circumstances, { terms }: LiveOffer): UsePlace => ({
  at,
  location,
  channel,
  timeZone: terms.validity.timeZone ?? world.workspace.timeZone,
})

/** An offer as it stands for somebody here and now: what is used of it, whether she is invited, held out, lucky. */
export const makeCandidate = (
  world: World,
  here: Circumstances,
  offer: LiveOffer,
  code?: string,
  grantId?: string | null,
): Candidate => {
  const { holders, free } = here
  const isFree = (use: StoredRedemption): boolean => free.includes(use)
  const freeUses = free.filter(use => use.offerId === offer.id && use.state === 'held')
  const taken = (uses: readonly StoredRedemption[] | undefined) =>
    (uses ?? []).filter(use => isTaken(use) && !isFree(use))
  const ofPerson = holders.flatMap(holder => taken(world.redemptions.byHolder.get(pairKey(offer.id, holder.id))))
  const counter = world.counters.get(counterKey(offer.id))
  const place = placeIn(world, here, offer)
  const own = here.slices?.(offer.id, '') ?? { uses: 0, budget: 0 }
  const usage: Usage = {
    uses: counter ? counter.used + counter.held + counter.leased - own.uses - freeUses.length : 0,
    budget: counter
      ? counter.budgetUsed +
        counter.budgetHeld +
        counter.budgetLeased -
        own.budget -
        freeUses.reduce((sum, use) => sum + use.amount, 0)
      : 0,
    perPerson: ofPerson.length,
    perCode: code === undefined ? 0 : taken(world.redemptions.byCode.get(pairKey(code, offer.id))).length,
    ...bucketUsage(world, here, offer, place, freeUses, ofPerson),
  }
  const isMember = holders.some(holder => world.members.get(holder.id)?.has(offer.campaign.id))
  const draw = offer.terms.chance && drawState(world, here, offer, ofPerson)
  const grant = grantId ? world.grants.get(grantId) : undefined
  const holdsIt = grant?.state === 'held' && free.some(use => use.grantId === grant.id)
  return {
    offer,
    usage,
    isMember,
    draw,
    isHeldOut: armOf(world, here, offer.campaign) === 'holdout',
    isSpent: offer.givesGrants && issuesOnlyEnded(world, offer),
    ...(offer.programme !== undefined && { programme: programmeFor(world, here, offer, offer.programme, ofPerson) }),
    grant: grant && {
      id: grant.id,
      state: holdsIt ? 'issued' : grant.state,
      expiresAt: grant.expiresAt,
      isOwn: holders.some(holder => holder.id === grant.holderId),
    },
  }
}

const issuesOnlyEnded = (world: World, { terms: { benefit } }: LiveOffer): boolean => {
  const issued = kindOf(benefit).issues?.(benefit) ?? []
  return issued.length > 0 && issued.every(id => (world.catalogue.offers.get(id)?.state ?? 'ended') === 'ended')
}

/** The programme whose points an offer gives, as it stands for somebody. One that is not there any more gives nothing. */
const programmeFor = (
  world: World,
  { holders, at, anchor }: Circumstances,
  { terms }: LiveOffer,
  id: string,
  ofPerson: readonly StoredRedemption[],
): NonNullable<Candidate['programme']> => {
  const programme = world.catalogue.programmes.get(id)
  if (!programme) return { name: id, state: 'ended', isMember: false, joins: false }
  const cap = kindOf(terms.benefit).cap?.(terms.benefit)
  const timeZone = terms.validity.timeZone ?? world.workspace.timeZone
  const periodOfUse = (ms: number) => periodOf(cap?.period, ms, timeZone)
  return {
    name: programme.terms.name,
    state: programme.state,
    isMember: isMemberOf(world, holders, id),
    joins: programme.terms.join.on === 'firstOrder' && anchor !== undefined && !hasBeenIn(world, holders, id),
    ...(cap && {
      cap: {
        allowed: cap.points,
        used: ofPerson
          .filter(use => periodOfUse(use.at) === periodOfUse(at))
          .reduce((sum, use) => sum + pointsOf(use), 0),
        period: cap.period,
      },
    }),
  }
}

/** The points that a use gave. */
const pointsOf = ({ given }: StoredRedemption): number =>
  (given ?? []).reduce((sum, it) => sum + (it.what === 'points' ? it.points : 0), 0)

const bucketUsage = (
  world: World,
  here: Circumstances,
  offer: LiveOffer,
  place: UsePlace,
  freeUses: readonly StoredRedemption[],
  ofPerson: readonly StoredRedemption[],
): Pick<Usage, 'buckets' | 'person' | 'gifts'> => {
  const limits = bucketLimits(offer.terms)
  const gifts = Object.keys(stockOf(offer.terms))
  if (limits.length === 0 && gifts.length === 0) return {}
  const countOf = (bucket: string): number => {
    const counter = world.counters.get(counterKey(offer.id, bucket))
    return counter ? counter.used + counter.held + counter.leased - (here.slices?.(offer.id, bucket).uses ?? 0) : 0
  }
  const buckets = Object.fromEntries(
    bucketsOf(offer.terms, place).map(bucket => [
      bucket,
      countOf(bucket) -
        freeUses.filter(use => bucketsOf(offer.terms, placeOfUse(world, use, offer)).includes(bucket)).length,
    ]),
  )
  const periods = limits.filter(limit => limit.by === 'person').map(({ period }) => period)
  const person = Object.fromEntries(
    periods.map(period => {
      const name = periodOf(period, here.at, place.timeZone)
      return [
        name,
        ofPerson.filter(use => use.state === 'leased' || periodOf(period, use.at, place.timeZone) === name).length,
      ]
    }),
  )
  const freeGifts = freeUses.flatMap(giftsOf)
  const stock = Object.fromEntries(
    gifts.map(sku => [
      sku,
      countOf(stockBucket(sku)) - freeGifts.reduce((sum, [gift, quantity]) => sum + (gift === sku ? quantity : 0), 0),
    ]),
  )
  return { buckets, person, gifts: stock }
}

/**
 * The draw of a surprise for this person and period: it comes out the same however often it is asked for. What was drawn for one of
 * her identifiers stays drawn: else each older one that turns out to be hers would roll again.
 */
export const drawFor = (world: World, here: Circumstances, offer: LiveOffer, cause: string): Draw | undefined => {
  const { chance } = offer.terms
  if (!chance || here.anchor === undefined) return undefined
  const holderId = anchorOf(here.holders)?.id
  const period = periodOf(chance.period, here.at, placeIn(world, here, offer).timeZone)
  const { id: offerId, version: offerVersion } = offer
  const drawn = here.holders
    .flatMap(({ id }) => world.draws.get(drawKey({ offerId, offerVersion, holderId: id, period })) ?? [])
    .sort((a, b) => a.at - b.at || (a.holderId < b.holderId ? -1 : 1))
  if (drawn[0]) return drawn[0]
  const bytes = world.dice(chanceSeed({ offerId, version: offerVersion, anchor: here.anchor, period }))
  const draw = drawOf(bytes, chance.outOf)
  const { wins, outOf } = chance
  return { offerId, offerVersion, holderId: holderId ?? '', period, draw, wins, outOf, cause, at: here.at }
}

/** Keeps the draw of a surprise, won or lost, so that the odds can be checked afterwards. `holder` is whose it is: she may be new. */
export const keepDraw = (world: World, here: Circumstances, offer: LiveOffer, holder: Holder, cause: string): void => {
  const draw = drawFor(world, here, offer, cause)
  if (!draw) return
  const kept = { ...draw, holderId: draw.holderId || holder.id }
  if (!world.draws.has(drawKey(kept))) addDraw(world, kept)
}

/** Refusals of a surprise that was drawn all the same: it was lost, or won and there was none left. */
export const drawnAndRefused: ReadonlySet<string> = new Set([
  offerRefusals.draw_lost.code,
  offerRefusals.limit_reached.code,
])

const drawState = (
  world: World,
  here: Circumstances,
  offer: LiveOffer,
  ofPerson: readonly StoredRedemption[],
): Candidate['draw'] => {
  if (!here.draws) return 'later'
  const draw = drawFor(world, here, offer, '')
  if (!draw) return 'later'
  if (!isWin(draw)) return 'lost'
  const { timeZone } = placeIn(world, here, offer)
  const isUsed = ofPerson.some(use => periodOf(offer.terms.chance!.period, use.at, timeZone) === draw.period)
  return isUsed ? 'used' : 'won'
}

/**
 * Which part of a campaign's audience somebody belongs to: as she was first met by it, whatever became of her identifiers since; else by the
 * hash of her oldest one. Undefined where nobody is held out.
 */
export const armOf = (world: World, { holders, anchor }: Circumstances, campaign: LiveCampaign): Arm | undefined => {
  const { holdout } = world.catalogue
  if ((holdout === 0 && campaign.holdout === 0) || anchor === undefined) return undefined
  const met = (campaignId: string): Arm | undefined =>
    holders
      .flatMap(holder => world.exposures.get(holder.id)?.get(campaignId) ?? [])
      .sort((a, b) => a.at - b.at || (a.holderId < b.holderId ? -1 : 1))[0]?.arm
  const whole = met('') ?? (isHeldOut(world.workspace.id, anchor, holdout) ? 'holdout' : 'treatment')
  const own = met(campaign.id) ?? (isHeldOut(campaign.id, anchor, campaign.holdout) ? 'holdout' : 'treatment')
  return whole === 'holdout' || own === 'holdout' ? 'holdout' : 'treatment'
}

/** Remembers that somebody was met by these campaigns, each in its arm. */
export const expose = (world: World, here: Circumstances, holder: Holder, campaigns: Iterable<LiveCampaign>): void => {
  for (const campaign of campaigns) {
    const arm = armOf(world, here, campaign)
    if (arm === undefined) continue
    const known = here.holders.some(it => world.exposures.get(it.id)?.has(campaign.id))
    if (!known) addExposure(world, { holderId: holder.id, campaignId: campaign.id, arm, at: here.at })
    const whole = isHeldOut(world.workspace.id, here.anchor!, world.catalogue.holdout) ? 'holdout' : 'treatment'
    const isMet = here.holders.some(it => world.exposures.get(it.id)?.has(''))
    if (world.catalogue.holdout > 0 && !isMet)
      addExposure(world, { holderId: holder.id, campaignId: '', arm: whole, at: here.at })
  }
}
