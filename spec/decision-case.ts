import { parseInstant } from '../src/core/kernel/time.ts'
import { normalizeCode } from '../src/core/offers/code.ts'
import { type LiveOffer, liveCampaign, liveOffer } from '../src/core/offers/live-offer.ts'
import { offerInput } from '../src/core/offers/schema.ts'
import { termsCollections, termsMistakes, termsOf } from '../src/core/offers/terms.ts'
import type { Candidate, Decision, DecisionInput } from '../src/core/orders/decide.ts'
import { noUsage, type Usage } from '../src/core/orders/limits.ts'
import { orderInput } from '../src/core/orders/schema.ts'
import { type Combination, defaultCombination } from '../src/core/workspaces/schema.ts'
import { nobody, type PersonFacts } from '../src/core/rules/facts.ts'

type Json = Readonly<Record<string, unknown>>
type Named<T> = Readonly<Record<string, T>>

/** One case as it stands in `spec/decisions`, its file's `given` merged in; `spec/README.md` tells what each field means. */
export type DecisionCase = {
  readonly name: string
  readonly at: string
  readonly timeZone?: string
  readonly combination?: Partial<Combination>
  readonly campaigns?: Named<Json>
  readonly offers: Named<Json & { readonly campaign?: string }>
  readonly codes?: Named<readonly string[]>
  readonly collections?: Named<readonly string[]>
  readonly person?: { readonly memberOf?: readonly string[] } & Partial<PersonFacts>
  readonly grants?: Named<{
    readonly offer: string
    readonly code?: string
    readonly of?: 'another'
    readonly state?: 'issued' | 'held' | 'redeemed' | 'revoked'
    readonly expiresAt?: string
  }>
  readonly used?: Named<Partial<Usage>>
  readonly order: Json
  readonly expect: Expected
}

export type Expected = {
  readonly total: number
  /** What each line costs in the end, by its id. */
  readonly lines?: Named<number>
  readonly applied?: readonly Json[]
  readonly available?: readonly Json[]
  readonly refused?: readonly (Json & { readonly details?: unknown })[]
}

/** Objects field by field, anything else whole, null takes away (RFC 7396). */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Ids sort as things were made: in the order of the file. */
const idAt = (prefix: string, index: number): string => `${prefix}_${String(index).padStart(26, '0')}`

const instant = (text: string): number => {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Error(`${text} is no time`)
  return ms
}

/** Offers by their names in the case, checked as the API checks them when they are saved. */
export const offersOf = ({
  campaigns = {},
  offers,
}: Pick<DecisionCase, 'campaigns' | 'offers'>): Map<string, LiveOffer> => {
  const names = [...new Set(['', ...Object.keys(campaigns)])]
  return new Map(
    Object.entries(offers).map(([name, { campaign = '', ...body }], index) => {
      const campaignIndex = names.indexOf(campaign)
      if (campaignIndex < 0) throw new Error(`there is no campaign ${campaign}`)
      const id = idAt('cmp', campaignIndex)
      const { state, ...input } = offerInput.parse({ name, ...body, campaign: id })
      const terms = termsOf({ ...input, state })
      const collections = termsCollections(terms)
      const mistakes = [...termsMistakes(terms), ...(collections.ok ? [] : [collections.refusal])]
      if (mistakes.length > 0) throw new Error(`offer ${name}: ${JSON.stringify(mistakes)}`)
      const { state: campaignState = 'live', ...schedule } = { audience: 'everyone', ...campaigns[campaign] } as Json
      return [
        name,
        liveOffer(
          { id: idAt('off', index), version: 1, state, body: terms },
          liveCampaign({ id, name: campaign, state: campaignState, body: schedule } as never),
        ),
      ]
    }),
  )
}

/** What `decide` is asked, and the names of the case's offers and grants by their ids. */
export const inputOf = (
  given: DecisionCase,
): { readonly input: DecisionInput; readonly names: Map<string, string> } => {
  const { at, timeZone = 'UTC', combination, codes = {}, collections = {}, person, grants = {}, used = {} } = given
  const offers = offersOf(given)
  const offerOf = (name: string): LiveOffer => {
    const offer = offers.get(name)
    if (!offer) throw new Error(`there is no offer ${name}`)
    return offer
  }
  const { memberOf = [], ...facts } = person ?? {}
  const candidate = (name: string, grantName?: string): Candidate => {
    const offer = offerOf(name)
    const grant = grantName === undefined ? undefined : grants[grantName]!
    return {
      offer,
      usage: { ...noUsage, ...used[name] },
      isMember: memberOf.includes(offer.campaign.name),
      ...(grant && {
        grant: {
          id: grantName!,
          state: grant.state ?? 'issued',
          expiresAt: grant.expiresAt === undefined ? null : instant(grant.expiresAt),
          isOwn: grant.of === undefined,
        },
      }),
    }
  }
  const put = orderInput.parse({ state: 'open', ...given.order })
  const ofCode = (given: string): Candidate[] => {
    const claims = (text: string): boolean => normalizeCode(text) === normalizeCode(given)
    return [
      ...Object.keys(codes)
        .filter(claims)
        .flatMap(text => codes[text]!.map(name => candidate(name))),
      ...Object.entries(grants).flatMap(([name, grant]) =>
        grant.code !== undefined && claims(grant.code) ? [candidate(grant.offer, name)] : [],
      ),
    ]
  }
  const input: DecisionInput = {
    at: instant(at),
    timeZone,
    combination: { ...defaultCombination, ...combination },
    order: {
      id: 'order-1',
      currency: put.currency ?? 'EUR',
      channel: put.channel ?? 'store',
      location: put.location,
      lines: put.lines,
      shipping: put.shipping,
    },
    person: person && { ...nobody, known: true, ...facts },
    codes: put.codes.map(given => ({ given, code: normalizeCode(given), candidates: ofCode(given) })),
    unclaimed: [
      ...Object.entries(grants).flatMap(([name, { offer, code }]) =>
        code === undefined ? [candidate(offer, name)] : [],
      ),
      ...[...offers].flatMap(([name, { terms }]) => (terms.trigger.on === 'basket' ? [candidate(name)] : [])),
    ],
    inCollection: (sku, collection) => collections[collection]?.includes(sku) ?? false,
  }
  return { input, names: new Map([...offers].map(([name, { id }]) => [id, name])) }
}

/** A decision in the words of a case, with all that `expect` says something about. */
export const told = (decision: Decision, names: ReadonlyMap<string, string>, expect: Expected): Expected => ({
  total: decision.totals.total,
  ...(expect.lines && { lines: Object.fromEntries(decision.lines.map(line => [line.id, line.total])) }),
  applied: decision.applied.map(({ offer, given, grantId, amount }) => ({
    offer: names.get(offer.id),
    ...(given !== undefined && { code: given }),
    ...(grantId !== undefined && { grant: grantId }),
    amount,
  })),
  available: decision.available.map(({ offer, missing }) => ({ offer: names.get(offer.id), missing })),
  refused: decision.refused.map(({ given, offer, reason }, index) => ({
    ...(given !== undefined && { code: given }),
    ...(offer && { offer: names.get(offer.id) }),
    reason: reason.code,
    ...(expect.refused?.[index]?.details !== undefined && { details: reason.details }),
  })),
})
