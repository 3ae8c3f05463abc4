import { parseInstant } from '../kernel/time.ts'
import { type Condition, compileCondition } from '../rules/condition.ts'
import { kindOf } from './kinds/index.ts'
import type { LifeState, OfferTerms } from './schema.ts'

/** A campaign as the decision needs it; instants in epoch milliseconds. */
export type LiveCampaign = {
  readonly id: string
  readonly name: string
  readonly state: LifeState
  readonly from: number | undefined
  readonly to: number | undefined
  readonly audience: 'everyone' | 'members'
}

/** One version of an offer, its conditions compiled. */
export type LiveOffer = {
  readonly id: string
  readonly version: number
  readonly state: LifeState
  readonly campaign: LiveCampaign
  readonly terms: OfferTerms
  readonly when: Condition | undefined
  readonly lines: Condition | undefined
  /** Stored by an older version and no longer accepted by the rules: never applies, reason `condition_error`. */
  readonly broken: boolean
  readonly from: number | undefined
  readonly to: number | undefined
  /** The currency of amounts and budget; undefined: a pure percentage, which applies to any. */
  readonly currency: string | undefined
}

const instantOf = (text: string | null | undefined): number | undefined => (text ? parseInstant(text) : undefined)
const later = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b)
const earlier = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b)

export type StoredCampaign = {
  readonly id: string
  readonly name: string
  readonly state: LifeState
  readonly body: {
    readonly from?: string | null
    readonly to?: string | null
    readonly audience: 'everyone' | 'members'
  }
}

export const liveCampaign = ({ id, name, state, body }: StoredCampaign): LiveCampaign => ({
  id,
  name,
  state,
  from: instantOf(body.from),
  to: instantOf(body.to),
  audience: body.audience,
})

export type StoredOffer = {
  readonly id: string
  readonly version: number
  readonly state: LifeState
  readonly body: OfferTerms
}

/** An offer is valid where its own validity and its campaign's schedule overlap. */
export const liveOffer = ({ id, version, state, body }: StoredOffer, campaign: LiveCampaign): LiveOffer => {
  const when = body.when === undefined ? undefined : compileCondition(body.when, 'order')
  const lines = body.benefit.lines === undefined ? undefined : compileCondition(body.benefit.lines, 'line')
  return {
    id,
    version,
    state,
    campaign,
    terms: body,
    when: when?.ok ? when.value : undefined,
    lines: lines?.ok ? lines.value : undefined,
    broken: when?.ok === false || lines?.ok === false,
    from: later(instantOf(body.validity.from), campaign.from),
    to: earlier(instantOf(body.validity.to), campaign.to),
    currency: offerCurrency(body),
  }
}

export const offerCurrency = ({ benefit, limits }: Pick<OfferTerms, 'benefit' | 'limits'>): string | undefined =>
  kindOf(benefit).currency(benefit) ?? limits.budget?.currency
