import type { Queryable } from '../../adapters/storage/database.ts'
import { groupBy } from '../../core/kernel/group-by.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { LiveOffer } from '../../core/offers/live-offer.ts'
import { bucketLimits, periodOf } from '../../core/orders/limits.ts'

type LimitUsed = {
  readonly offer: string
  readonly name: string
  readonly limit: 'perPerson' | 'per'
  readonly period: string | null
  readonly allowed: number
  readonly used: number
  readonly left: number
  readonly endsAt: string | null
}
/** A use that is taken: redeemed, or held while the hold lives. */
type Use = { readonly offer: string; readonly at: number }

const offersAtOnce = 200

const isLive = ({ state, campaign, from, to }: LiveOffer, now: number): boolean =>
  state === 'live' && campaign.state === 'live' && (from ?? -Infinity) <= now && now < (to ?? Infinity)
const timedLimits = ({ terms }: LiveOffer) => bucketLimits(terms).filter(it => it.by === 'person')

const limitsOf = (offer: LiveOffer, uses: readonly Use[], now: number, zone: string): LimitUsed[] => {
  const { limits, name, validity } = offer.terms
  const endsAt = offer.to === undefined ? null : formatInstant(offer.to)
  const told = (limit: LimitUsed['limit'], period: string | null, allowed: number, used: number): LimitUsed => {
    const left = Math.max(0, allowed - used)
    return { offer: offer.id, name, limit, period, allowed, used, left, endsAt }
  }
  const timeZone = validity.timeZone ?? zone
  return [
    ...(limits.perPerson === undefined ? [] : [told('perPerson', null, limits.perPerson, uses.length)]),
    ...timedLimits(offer).map(({ uses: allowed, period }) => {
      const within = periodOf(period, now, timeZone)
      return told('per', period!, allowed, uses.filter(it => periodOf(period, it.at, timeZone) === within).length)
    }),
  ]
}

/** How much somebody has used of the limits a person has, of offers that are live; those she used most of first. */
export const readLimitsUsed = async (
  source: Queryable,
  workspace: { readonly id: string; readonly timeZone: string },
  offers: Iterable<LiveOffer>,
  holderIds: readonly string[],
  now: number,
): Promise<LimitUsed[]> => {
  const limited = [...offers].filter(
    it => isLive(it, now) && (it.terms.limits.perPerson !== undefined || timedLimits(it).length > 0),
  )
  const told: LimitUsed[] = []
  for (let start = 0; start < limited.length; start += offersAtOnce) {
    const piece = limited.slice(start, start + offersAtOnce)
    const { rows } = await source.query<Use>(
      `select offer_id as offer, at from redemptions
       where workspace_id = $1 and offer_id = any($2::text[]) and holder_id = any($3::text[])
         and (state = 'redeemed' or (state = 'held' and held_until > to_timestamp($4 / 1000.0)))`,
      [workspace.id, piece.map(({ id }) => id), holderIds, now],
    )
    const usesOf = groupBy(rows, ({ offer }) => offer)
    told.push(...piece.flatMap(offer => limitsOf(offer, usesOf.get(offer.id) ?? [], now, workspace.timeZone)))
  }
  return told.sort((a, b) => b.used / b.allowed - a.used / a.allowed || (a.offer < b.offer ? -1 : 1))
}
