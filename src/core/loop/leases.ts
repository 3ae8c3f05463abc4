import type { LiveOffer } from '../offers/live-offer.ts'
import { limitReached, noUsage, type Usage } from '../orders/limits.ts'
import { chargesOf, leasable } from '../packs/journal.ts'
import {
  addUse,
  changeUse,
  counterKey,
  type Lease,
  packUse,
  pairKey,
  placeOfUse,
  type StoredEntry,
  type StoredPack,
  type StoredRedemption,
  usesOfOrder,
  type World,
} from './world.ts'

/** Leases in the world, and the counters that go with them: nothing else writes either. */

export const leaseKey = (packId: string, offerId: string, bucket: string): string => `${packId}\n${offerId}\n${bucket}`

const keyOf = ({ packId, offerId, bucket }: Lease): string => leaseKey(packId, offerId, bucket)

export const seeLease = (world: World, lease: Lease): void => {
  if (!world.leases.has(keyOf(lease))) world.leases.set(keyOf(lease), lease)
}

export const seeEntry = (world: World, entry: StoredEntry): void => {
  const key = pairKey(entry.packId, entry.id)
  if (!world.entries.has(key)) world.entries.set(key, entry)
}

export const addPack = (world: World, pack: StoredPack): void => {
  world.packs.set(pack.id, pack)
  world.changes.newPacks.add(pack.id)
}

export const changePack = (world: World, pack: StoredPack, to: Partial<StoredPack> = {}): void => {
  Object.assign(pack, to)
  if (world.changes.newPacks.has(pack.id)) return
  if (!world.changes.packs.has(pack.id)) pack.touched += 1
  world.changes.packs.add(pack.id)
}

export const addEntry = (world: World, entry: StoredEntry): void => {
  world.entries.set(pairKey(entry.packId, entry.id), entry)
  world.changes.newEntries.add(pairKey(entry.packId, entry.id))
}

export const settleWaiting = (world: World, entry: StoredEntry, differences: readonly unknown[]): void => {
  Object.assign(entry, { state: 'settled', body: null, differences })
  world.changes.entries.add(pairKey(entry.packId, entry.id))
}

export const leftOfLease = (lease: Lease | undefined): { readonly uses: number; readonly budget: number } =>
  lease
    ? { uses: lease.uses - lease.charged - lease.back, budget: lease.budget - lease.budgetCharged - lease.budgetBack }
    : { uses: 0, budget: 0 }

export const leasesOf = (world: World, packId: string): readonly Lease[] =>
  [...world.leases.values()].filter(it => it.packId === packId)

/** What of a counter is left to a pack: what `Circumstances.slices` asks. */
export const slicesOf =
  (world: World, packId: string) =>
  (offerId: string, bucket: string): { readonly uses: number; readonly budget: number } =>
    leftOfLease(world.leases.get(leaseKey(packId, offerId, bucket)))

type Moved = Partial<
  Pick<Lease, 'uses' | 'charged' | 'back' | 'overrun' | 'budget' | 'budgetCharged' | 'budgetBack' | 'budgetOverrun'>
>

/** Changes a lease by so much, and what its counter counts as leased and as overrun. */
const move = (world: World, pack: StoredPack, offerId: string, bucket: string, by: Moved): void => {
  const key = leaseKey(pack.id, offerId, bucket)
  let lease = world.leases.get(key)
  if (!lease) {
    const none = {
      uses: 0,
      charged: 0,
      back: 0,
      overrun: 0,
      budget: 0,
      budgetCharged: 0,
      budgetBack: 0,
      budgetOverrun: 0,
    }
    lease = { packId: pack.id, offerId, bucket, ...none }
    world.leases.set(key, lease)
    world.changes.newLeases.add(key)
  }
  const before = leftOfLease(lease)
  for (const [field, amount] of Object.entries(by) as [keyof Moved, number][]) lease[field] += amount
  const after = leftOfLease(lease)
  if (after.uses < 0 || after.budget < 0) throw new Error(`more than was leased goes from ${key}`)
  if (!world.changes.newLeases.has(key)) world.changes.leases.add(key)
  changePack(world, pack)
  const counter = world.counters.get(counterKey(offerId, bucket))
  if (!counter) return
  counter.leased += after.uses - before.uses
  counter.budgetLeased += after.budget - before.budget
  counter.overrun += by.overrun ?? 0
  counter.budgetOverrun += by.budgetOverrun ?? 0
  world.changes.counters.add(counterKey(offerId, bucket))
}

/** Leases more of a limit to a pack. The counter of the limit must be there. */
export const leaseMore = (
  world: World,
  pack: StoredPack,
  offerId: string,
  bucket: string,
  more: { readonly uses: number; readonly budget: number },
): void => {
  if (more.uses > 0 || more.budget > 0) move(world, pack, offerId, bucket, more)
}

/** Takes slices back, no more than is left of them. */
export const giveBackLease = (
  world: World,
  pack: StoredPack,
  { offerId, bucket, uses, budget }: { offerId: string; bucket: string; uses: number; budget: number },
): void => {
  const left = slicesOf(world, pack.id)(offerId, bucket)
  const by = { back: Math.min(uses, left.uses), budgetBack: Math.min(budget, left.budget) }
  if (by.back > 0 || by.budgetBack > 0) move(world, pack, offerId, bucket, by)
}

/** Ends a pack: what is left of its slices goes back, and people and codes are everybody's again. */
export const endPack = (world: World, pack: StoredPack, as: 'closed' | 'writtenOff', by: string): void => {
  for (const lease of leasesOf(world, pack.id)) {
    const left = leftOfLease(lease)
    if (left.uses > 0 || left.budget > 0) giveBackLease(world, pack, { ...lease, ...left })
  }
  for (const use of usesOfOrder(world, packUse(pack.id))) if (use.state === 'leased') changeUse(world, use, 'released')
  changePack(world, pack, { state: as, endedAt: world.now, endedBy: by })
}

/** So much of a use found no room in a limit, because its pack had been written off. */
export type Overrun = { readonly bucket: string; readonly over: number }

/**
 * Charges a use that is booked already to the slices of its pack. What they do not hold counts against what is left for everybody, and what finds
 * no room there either is an overrun.
 */
export const chargeLease = (
  world: World,
  pack: StoredPack,
  use: StoredRedemption,
  offer: LiveOffer,
): readonly Overrun[] => {
  const place = placeOfUse(world, use, offer)
  const allowed = leasable(offer.terms, place, place.at, place.at)
  const gives = (use.given ?? []).flatMap(it => (it.what === 'gift' ? [it] : []))
  return chargesOf(offer.terms, { amount: use.amount, gives }, place).flatMap(({ bucket, uses, budget }) => {
    const counter = world.counters.get(counterKey(offer.id, bucket))
    if (!counter) throw new Error(`the counter ${bucket} of ${offer.id} was not loaded`)
    const left = slicesOf(world, pack.id)(offer.id, bucket)
    const by = { charged: Math.min(uses, left.uses), budgetCharged: Math.min(budget, left.budget) }
    if (by.charged > 0 || by.budgetCharged > 0) move(world, pack, offer.id, bucket, by)
    const may = allowed.get(bucket)!
    const beyond = (rest: number, limit: number, taken: number): number => Math.min(rest, Math.max(0, taken - limit))
    const overrun =
      uses > by.charged
        ? beyond(uses - by.charged, may.uses, counter.used + counter.held + counter.leased - counter.overrun)
        : 0
    const budgetOverrun =
      budget > by.budgetCharged
        ? beyond(
            budget - by.budgetCharged,
            may.budget,
            counter.budgetUsed + counter.budgetHeld + counter.budgetLeased - counter.budgetOverrun,
          )
        : 0
    if (overrun + budgetOverrun === 0) return []
    move(world, pack, offer.id, bucket, { overrun, budgetOverrun })
    return [{ bucket: bucket === '' && budgetOverrun > 0 ? 'budget' : bucket, over: overrun + budgetOverrun }]
  })
}

/** Leases so many uses of a person or a code to a pack, beside those that it has. */
export const leaseUse = (
  world: World,
  pack: StoredPack,
  offer: LiveOffer,
  use: Pick<StoredRedemption, 'holderId' | 'code' | 'useNo' | 'grantId'>,
): void => {
  const orderId = packUse(pack.id)
  addUse(world, {
    orderId,
    seq: usesOfOrder(world, orderId).reduce((most, it) => Math.max(most, it.seq), 0) + 1,
    id: world.newId('red'),
    offerId: offer.id,
    offerVersion: offer.version,
    campaignId: offer.campaign.id,
    ...use,
    channel: pack.channel,
    location: pack.location,
    currency: world.workspace.currency,
    amount: 0,
    given: null,
    arm: null,
    revenue: 0,
    returned: 0,
    state: 'leased',
    heldUntil: null,
    at: world.now,
  })
  changePack(world, pack)
}

/** What is leased of an offer to a pack for one of these holders, by this code or as this grant. */
export const leasedUse = (
  world: World,
  packId: string,
  offerId: string,
  { holderIds, code, grantId }: { holderIds: readonly string[]; code: string | undefined; grantId: string | undefined },
): StoredRedemption | undefined =>
  usesOfOrder(world, packUse(packId)).find(
    use =>
      use.offerId === offerId &&
      use.state === 'leased' &&
      (grantId !== undefined
        ? use.grantId === grantId
        : use.grantId === null &&
          (code !== undefined ? use.code === code : use.code === null) &&
          (code !== undefined || (use.holderId !== null && holderIds.includes(use.holderId)))),
  )

/** The name of a limit that counts people or codes, in the place of a bucket: it has no counter. */
const personalBucket = (limit: string): string => `!${limit}`

/** A use that passes a limit of a person or a code, because its pack had been written off: noted, as it has no counter. */
export const notePersonalOverrun = (
  world: World,
  pack: StoredPack,
  offer: LiveOffer,
  usage: Pick<Usage, 'perPerson' | 'perCode' | 'person'>,
  use: StoredRedemption,
): readonly Overrun[] => {
  const reached = limitReached(
    { limits: personalOnly(offer) },
    { ...noUsage, ...usage },
    0,
    placeOfUse(world, use, offer),
  )
  if (!reached) return []
  move(world, pack, offer.id, personalBucket(reached.limit), { overrun: 1 })
  return [{ bucket: reached.limit, over: 1 }]
}

const personalOnly = ({ terms: { limits } }: LiveOffer): LiveOffer['terms']['limits'] => ({
  ...(limits.perPerson !== undefined && { perPerson: limits.perPerson }),
  ...(limits.perCode !== undefined && { perCode: limits.perCode }),
  per: [limits.per ?? []].flat().filter(limit => limit.by === 'person'),
})
