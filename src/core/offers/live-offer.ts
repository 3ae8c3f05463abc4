import { parseInstant } from '../kernel/time.ts'
import { type Condition, collectionsIn, compileCondition } from '../rules/condition.ts'
import { compileExpression, type Expression } from '../rules/expression.ts'
import type { Scope } from '../rules/facts.ts'
import { allReads, type Reads, readsOf } from '../rules/reads.ts'
import type { Stage } from './kinds/benefit-kind.ts'
import { kindOf } from './kinds/index.ts'
import type { LifeState, OfferTerms, Trigger } from './schema.ts'

/** A campaign as the decision needs it; instants in epoch milliseconds. */
export type LiveCampaign = {
  readonly id: string
  readonly name: string
  readonly state: LifeState
  readonly from: number | undefined
  readonly to: number | undefined
  readonly audience: 'everyone' | 'members'
  /** Percent of the people who are held out. */
  readonly holdout: number
}

/** One version of an offer, its conditions compiled. */
export type LiveOffer = {
  readonly id: string
  readonly version: number
  readonly state: LifeState
  readonly campaign: LiveCampaign
  readonly terms: OfferTerms
  readonly when: Condition | undefined
  /** The benefit's filters over lines and its amounts in CEL, by field. An offer applies only where each filter matches something. */
  readonly filters: ReadonlyMap<string, Condition>
  readonly amounts: ReadonlyMap<string, Expression<'int'>>
  readonly stage: Stage
  /** Whether what it asks or gives depends on the discounts before it. */
  readonly readsRunning: boolean
  /** Whether it gives something to somebody: a grant or an entitlement. */
  readonly givesGrants: boolean
  /** Whether its uses are counted for each person by the period. */
  readonly countsPersons: boolean
  /** The programme whose points it gives. */
  readonly programme: string | undefined
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
    readonly holdout?: number
  }
}

export const liveCampaign = ({ id, name, state, body }: StoredCampaign): LiveCampaign => ({
  id,
  name,
  state,
  from: instantOf(body.from),
  to: instantOf(body.to),
  audience: body.audience,
  holdout: body.holdout ?? 0,
})

export type StoredOffer = {
  readonly id: string
  readonly version: number
  readonly state: LifeState
  readonly body: OfferTerms
}

/** What a condition of an offer is about. */
export const scopeOf = ({ on }: Trigger): Scope => (on === 'event' || on === 'request' ? on : 'order')

const isCondition = (expression: Expression): expression is Condition => expression.gives === 'bool'

/** An offer is valid where its own validity and its campaign's schedule overlap. */
export const liveOffer = ({ id, version, state, body }: StoredOffer, campaign: LiveCampaign): LiveOffer => {
  const kind = kindOf(body.benefit)
  const when = body.when === undefined ? undefined : compileCondition(body.when, scopeOf(body.trigger))
  const expressions = kind.expressions(body.benefit).map(({ field, source, scope, gives }) => ({
    field,
    compiled: compileExpression(source, scope === 'order' ? scopeOf(body.trigger) : scope, gives),
  }))
  const compiled = expressions.flatMap(({ field, compiled }) =>
    compiled.ok ? [{ field, expression: compiled.value }] : [],
  )
  return {
    id,
    version,
    state,
    campaign,
    terms: body,
    when: when?.ok ? when.value : undefined,
    filters: new Map(
      compiled.flatMap(({ field, expression }) => (isCondition(expression) ? [[field, expression]] : [])),
    ),
    amounts: new Map(
      compiled.flatMap(({ field, expression }) =>
        isCondition(expression) ? [] : [[field, expression as Expression<'int'>]],
      ),
    ),
    stage: kind.stage(body.benefit),
    readsRunning:
      (body.stacking.base ?? 'running') === 'running' ||
      (when?.ok === true && when.value.readsRunning) ||
      compiled.some(it => it.expression.readsRunning),
    givesGrants: kind.givesGrants === true,
    countsPersons:
      [body.limits.per ?? []].flat().some(limit => limit.by === 'person') || kind.cap?.(body.benefit) !== undefined,
    programme: kind.programme?.(body.benefit),
    broken: when?.ok === false || compiled.length < expressions.length,
    from: later(instantOf(body.validity.from), campaign.from),
    to: earlier(instantOf(body.validity.to), campaign.to),
    currency: offerCurrency(body),
  }
}

export const offerCurrency = ({ benefit, limits }: Pick<OfferTerms, 'benefit' | 'limits'>): string | undefined =>
  kindOf(benefit).currency(benefit) ?? limits.budget?.currency

const expressionsOf = ({ when, filters, amounts }: LiveOffer): readonly Expression[] => [
  ...(when ? [when] : []),
  ...filters.values(),
  ...amounts.values(),
]

/** The collections that an offer's conditions ask for. */
export const collectionsOf = (offer: LiveOffer): readonly string[] => expressionsOf(offer).flatMap(collectionsIn)

/** What an offer's conditions and amounts read of the person. */
export const readsOfOffer = (offer: LiveOffer): Reads => allReads(expressionsOf(offer).map(readsOf))
