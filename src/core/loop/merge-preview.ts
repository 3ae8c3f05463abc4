import { permittedBy } from '../consent/permission.ts'
import { duplicateGrants } from '../offers/duplicate-grants.ts'
import type { GrantState } from '../offers/schema.ts'
import { bucketLimits, periodOf } from '../orders/limits.ts'
import type { Topic } from '../workspaces/contact.ts'
import type { Arm, Catalogue, Exposure, Holder } from './world.ts'

/** What of an offer is limited for each person: so many uses in a period (undefined: ever). */
export type PersonLimit = {
  readonly offer: string
  readonly name: string
  readonly limit: number
  readonly period: Parameters<typeof periodOf>[0]
  readonly timeZone: string
}

/** Every limit for each person that an offer has. An offer that has ended refuses anyway. */
export const personLimits = ({ offers }: Catalogue, timeZoneOfWorkspace: string): readonly PersonLimit[] =>
  [...offers.values()].flatMap(({ id, state, terms }) => {
    if (state === 'ended') return []
    const timeZone = terms.validity.timeZone ?? timeZoneOfWorkspace
    const offer = { offer: id, name: terms.name, timeZone }
    const ever = terms.limits.perPerson
    return [
      ...(ever === undefined ? [] : [{ ...offer, limit: ever, period: undefined }]),
      ...bucketLimits(terms).flatMap(({ by, uses, period }) =>
        by === 'person' ? [{ ...offer, limit: uses, period }] : [],
      ),
    ]
  })

/** What one of two people has. */
export type Side = {
  readonly holders: readonly Pick<Holder, 'orders' | 'spend' | 'consents' | 'preferences'>[]
  /** Held or redeemed uses of offers with a limit for each person. */
  readonly uses: readonly { readonly offer: string; readonly at: number }[]
  readonly grants: readonly {
    readonly id: string
    readonly offer: string
    readonly name: string
    readonly perPerson: number | undefined
    readonly state: GrantState
    readonly issuedAt: number
  }[]
  readonly exposures: readonly Exposure[]
  readonly segments: readonly string[]
}

type Setting = { readonly limits: readonly PersonLimit[]; readonly topics: readonly Topic[]; readonly now: number }

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const spendOf = ({ holders }: Side, currency: string): number => sum(holders.map(({ spend }) => spend[currency] ?? 0))

const compareSpend = (first: Side, second: Side) => {
  const currencies = new Set([...first.holders, ...second.holders].flatMap(({ spend }) => Object.keys(spend)))
  return Object.fromEntries(
    [...currencies].sort().map(currency => {
      const [left, right] = [spendOf(first, currency), spendOf(second, currency)]
      return [currency, { first: left, second: right, together: left + right }]
    }),
  )
}

const compareLimits = (first: Side, second: Side, { limits, now }: Setting) =>
  limits.flatMap(({ offer, name, limit, period, timeZone }) => {
    const current = periodOf(period, now, timeZone)
    const used = ({ uses }: Side): number =>
      uses.filter(use => use.offer === offer && periodOf(period, use.at, timeZone) === current).length
    const [left, right] = [used(first), used(second)]
    const together = left + right
    if (together === 0) return []
    return [
      {
        offer,
        name,
        limit,
        period: period ?? null,
        first: left,
        second: right,
        together,
        nextRefused: together >= limit,
      },
    ]
  })

const compareGrants = (first: Side, second: Side) => {
  const duplicates = duplicateGrants([...first.grants, ...second.grants])
  const shown = (of: 'first' | 'second', { grants }: Side) =>
    grants.map(({ id, offer, name, state, issuedAt }) => ({
      grant: id,
      offer,
      name,
      of,
      state,
      issuedAt,
      duplicate: duplicates.has(id),
    }))
  return [...shown('first', first), ...shown('second', second)].sort(
    (a, b) => a.issuedAt - b.issuedAt || (a.grant < b.grant ? -1 : 1),
  )
}

const compareConsents = (first: Side, second: Side, { topics }: Setting) => {
  const asked = new Set([...first.holders, ...second.holders].flatMap(({ consents }) => Object.keys(consents)))
  const [left, right] = [permittedBy(first.holders, topics), permittedBy(second.holders, topics)]
  const both = permittedBy([...first.holders, ...second.holders], topics)
  return [...asked].sort().map(key => {
    const cut = key.indexOf('/')
    return {
      channel: key.slice(0, cut),
      purpose: key.slice(cut + 1),
      first: left.includes(key),
      second: right.includes(key),
      together: both.includes(key),
    }
  })
}

const earliest = (exposures: readonly Exposure[]): Exposure | undefined =>
  exposures.toSorted((a, b) => a.at - b.at || (a.holderId < b.holderId ? -1 : 1))[0]

/**
 * Campaigns (`''`: the workspace) that met somebody in different arms before it was known that she is one person, with the arm that
 * stays: that of the first exposure. What is measured of her there says nothing.
 *
 *     armConflicts([{ campaignId: 'cmp_1', arm: 'holdout', at: 2, … }, { campaignId: 'cmp_1', arm: 'treatment', at: 1, … }])
 *     // Map { 'cmp_1' => 'treatment' }
 */
export const armConflicts = (exposures: readonly Exposure[]): ReadonlyMap<string, Arm> => {
  const campaigns = [...new Set(exposures.map(it => it.campaignId))].sort()
  return new Map(
    campaigns.flatMap((campaign): [string, Arm][] => {
      const met = exposures.filter(it => it.campaignId === campaign)
      return new Set(met.map(it => it.arm)).size > 1 ? [[campaign, earliest(met)!.arm]] : []
    }),
  )
}

const compareArms = (first: Side, second: Side) => {
  const armIn = ({ exposures }: Side, campaign: string) =>
    earliest(exposures.filter(it => it.campaignId === campaign))?.arm
  return [...armConflicts([...first.exposures, ...second.exposures])].flatMap(([campaign, together]) => {
    const [left, right] = [armIn(first, campaign), armIn(second, campaign)]
    if (left === undefined || right === undefined || left === right) return []
    return [{ campaign: campaign === '' ? null : campaign, first: left, second: right, together }]
  })
}

/**
 * What would become of what two people have if they were one: everything stays where it is and is summed, limits count both, the earliest
 * grant of an offer for once stays, a no outweighs a yes, the arm of the first exposure stays.
 *
 *     compareSides(ana, card, { limits, topics: [], now }).offers
 *     // [{ offer: 'off_1', limit: 1, first: 1, second: 1, together: 2, nextRefused: true, … }]
 */
export const compareSides = (first: Side, second: Side, setting: Setting) => {
  const orders = [first, second].map(({ holders }) => sum(holders.map(holder => holder.orders))) as [number, number]
  return {
    orders: { first: orders[0], second: orders[1], together: sum(orders) },
    spend: compareSpend(first, second),
    offers: compareLimits(first, second, setting),
    grants: compareGrants(first, second),
    consents: compareConsents(first, second, setting),
    arms: compareArms(first, second),
    segments: { first: [...first.segments], second: [...second.segments] },
  }
}
