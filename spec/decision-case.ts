import { readdirSync, readFileSync } from 'node:fs'
import { localDay, localParts, parseInstant } from '../src/core/kernel/time.ts'
import { type LiveOffer, liveCampaign, liveOffer } from '../src/core/offers/live-offer.ts'
import { offerInput } from '../src/core/offers/schema.ts'
import { termsCollections, termsMistakes, termsOf } from '../src/core/offers/terms.ts'
import type { Decision, DecisionInput } from '../src/core/orders/decide.ts'
import { noUsage, type Usage, withUse } from '../src/core/orders/limits.ts'
import { bookEnding, bookEvent, bookGrant, bookOrder, bookReturn, bookUse } from '../src/core/people/statistics.ts'
import type { PersonFacts } from '../src/core/rules/facts.ts'
import { type Statistics, withPast } from '../src/core/rules/history.ts'
import type { Combination } from '../src/core/workspaces/schema.ts'
import { decisionAnswer, decisionInput, type LocalInput } from '../src/sdk/browser.ts'

export type Json = Readonly<Record<string, unknown>>
type Named<T> = Readonly<Record<string, T>>

/** What somebody did on a day, at noon in UTC where no `hour` is given. */
export type Deed = { readonly on: string; readonly hour?: number } & (
  | {
      /** By category: units, and what they cost together. */
      readonly order: Named<readonly [units: number, cost: number]>
      readonly channel?: string
      /** The day it came back whole. */
      readonly returned?: string
    }
  | { readonly event: string; readonly times?: number }
  /** Issued that day, and used that day or gone on another one. */
  | { readonly grant: 'used' | 'ignored'; readonly gone?: string }
)

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
  readonly person?: {
    readonly memberOf?: readonly string[]
    readonly heldOut?: readonly string[]
    readonly did?: readonly Deed[]
  } & Partial<PersonFacts>
  /** Computed traits that there are, beside those she has a value of. */
  readonly traits?: readonly string[]
  readonly grants?: Named<{
    readonly offer: string
    readonly code?: string
    readonly of?: 'another'
    readonly state?: 'issued' | 'held' | 'redeemed' | 'revoked'
    readonly expiresAt?: string
  }>
  readonly used?: Named<Partial<Pick<Usage, 'uses' | 'perPerson' | 'perCode' | 'budget' | 'gifts'>>>
  readonly earlier?: readonly {
    readonly offer: string
    readonly at: string
    readonly times?: number
    readonly by?: 'another'
    readonly channel?: string
    readonly location?: string
  }[]
  readonly draws?: LocalInput['draws']
  readonly order: Json & { readonly choices?: Named<string> }
  readonly expect: Expected
}

export type Expected = {
  readonly total: number
  /** What each line costs in the end, by its id. */
  readonly lines?: Named<number>
  /** Of each line how many units cost how much. */
  readonly units?: Named<readonly (readonly [quantity: number, each: number])[]>
  /** What shipping costs in the end. */
  readonly shipping?: number
  readonly applied?: readonly Json[]
  readonly available?: readonly Json[]
  readonly refused?: readonly (Json & { readonly details?: Json })[]
  readonly withheld?: readonly Json[]
  readonly search?: { readonly exact: boolean }
}

export type Answer = ReturnType<typeof decisionAnswer>

type CaseFile = { readonly given: unknown; readonly cases: readonly unknown[] }

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

const folder = new URL('decisions/', import.meta.url)

/** The cases of each file in `spec/decisions`. */
export const casesByFile: readonly (readonly [file: string, cases: readonly DecisionCase[]])[] = readdirSync(
  folder,
).map(file => {
  const { given, cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseFile
  return [file, cases.map(it => mergePatch(given, it) as DecisionCase)]
})

/** Ids sort as things were made: in the order of the file. */
const idAt = (prefix: string, index: number): string => `${prefix}_${String(index).padStart(26, '0')}`

const instant = (text: string): number => {
  const ms = parseInstant(text)
  if (ms === undefined) throw new Error(`${text} is no time`)
  return ms
}

/** What a name of the case stands for; a group of offers, which has no id, stands for itself where `isGroupToo`. */
const idOf = (ids: ReadonlyMap<string, string>, name: string, isGroupToo = false): string => {
  const id = ids.get(name)
  if (id === undefined && !isGroupToo) throw new Error(`nothing is called ${name}`)
  return id ?? name
}

/** The campaigns' names; offers that name none belong to the first, which has no restrictions. */
export const campaignNames = ({ campaigns = {} }: Pick<DecisionCase, 'campaigns'>): string[] => [
  ...new Set(['', ...Object.keys(campaigns)]),
]

/** The body of `POST /v1/offers`: an offer of the case with ids in the place of names. */
export const offerBody = (
  { offers }: Pick<DecisionCase, 'offers'>,
  name: string,
  campaigns: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): Json => {
  const {
    campaign = '',
    benefit,
    stacking,
    ...body
  } = offers[name]! as Json & {
    readonly campaign?: string
    readonly benefit: Json & { readonly offer?: string }
    readonly stacking?: Json & { readonly combinesWith?: readonly string[] }
  }
  const { combinesWith } = stacking ?? {}
  return {
    name,
    ...body,
    campaign: idOf(campaigns, campaign),
    benefit: { ...benefit, ...(benefit.offer !== undefined && { offer: idOf(ids, benefit.offer) }) },
    ...(stacking && {
      stacking: { ...stacking, ...(combinesWith && { combinesWith: combinesWith.map(it => idOf(ids, it, true)) }) },
    }),
  }
}

const campaignBody = ({ campaigns = {} }: Pick<DecisionCase, 'campaigns'>, name: string): Json => ({
  state: 'live',
  audience: 'everyone',
  ...campaigns[name],
  name,
})

const made = ({ campaigns, offers }: Pick<DecisionCase, 'campaigns' | 'offers'>) => {
  const campaignIds = new Map(campaignNames({ campaigns }).map((name, index) => [name, idAt('cmp', index)]))
  const ids = new Map(Object.keys(offers).map((name, index) => [name, idAt('off', index)]))
  return {
    campaignIds,
    ids,
    campaigns: [...campaignIds].map(([name, id]) => ({ id, ...campaignBody({ campaigns }, name) })),
    offers: [...ids].map(([name, id]) => ({ id, version: 1, ...offerBody({ offers }, name, campaignIds, ids) })),
  }
}

/** Offers by their names in the case, checked as the API checks them when they are saved. */
export const offersOf = (given: Pick<DecisionCase, 'campaigns' | 'offers'>): Map<string, LiveOffer> => {
  const { campaigns, offers } = made(given)
  return new Map(
    offers.map(({ id, version, ...body }) => {
      const input = offerInput.parse(body)
      const terms = termsOf(input)
      const collections = termsCollections(terms)
      const mistakes = [...termsMistakes(terms), ...(collections.ok ? [] : [collections.refusal])]
      if (mistakes.length > 0) throw new Error(`offer ${terms.name}: ${JSON.stringify(mistakes)}`)
      const campaign = campaigns.find(it => it.id === input.campaign)!
      return [
        terms.name,
        liveOffer(
          { id, version, state: input.state, body: terms },
          liveCampaign({ ...campaign, body: campaign } as never),
        ),
      ]
    }),
  )
}

/** What is used of each offer, said as `used` or told by the uses that came `earlier`, in the counters' terms. */
export const usageOf = ({ timeZone = 'UTC', used = {}, earlier = [], ...given }: DecisionCase): Map<string, Usage> => {
  const offers = offersOf(given)
  const usage = new Map(Object.entries(used).map(([name, it]) => [name, { ...noUsage, ...it }]))
  for (const { offer: name, at, times = 1, by, channel = 'store', location = null } of earlier) {
    const { terms } = offers.get(name)!
    const place = { at: instant(at), timeZone: terms.validity.timeZone ?? timeZone, channel, location }
    for (let time = 0; time < times; time += 1) {
      const before = usage.get(name) ?? noUsage
      const { person, perPerson, perCode, ...after } = withUse(terms, before, 0, place)
      const own = by === undefined ? { person, perPerson } : { person: before.person, perPerson: before.perPerson }
      usage.set(name, { ...after, ...own, perCode: before.perCode } as Usage)
    }
  }
  return usage
}

export const timeOf = ({ on, hour = 12 }: Pick<Deed, 'on' | 'hour'>): string =>
  `${on}T${String(hour).padStart(2, '0')}:00:00Z`

/** Her history, booked as the server books it, and what it comes to in the end. */
const pastOf = (deeds: readonly Deed[], at: number, timeZone: string): Partial<PersonFacts> => {
  let statistics: Statistics = {}
  const orders = { count: 0, spend: 0, firstAt: '', lastAt: '' }
  for (const deed of deeds) {
    const then = instant(timeOf(deed))
    const day = localDay(then, timeZone)
    if ('order' in deed) {
      const categories = new Map(Object.entries(deed.order).map(([name, [units, spend]]) => [name, { units, spend }]))
      const all = [...categories.values()]
      const spend = all.reduce((sum, it) => sum + it.spend, 0)
      const units = all.reduce((sum, it) => sum + it.units, 0)
      if (deed.returned !== undefined) {
        statistics = bookReturn(statistics, localDay(instant(timeOf({ on: deed.returned })), timeZone))
        continue
      }
      const { hour, date } = localParts(then, timeZone)
      const order = {
        day,
        hour,
        currency: 'EUR',
        channel: deed.channel ?? 'store',
        orders: 1,
        units,
        spend,
        categories,
      } as const
      statistics = bookOrder(statistics, order, 1)
      orders.count += 1
      orders.spend += spend
      if (orders.firstAt === '' || date < orders.firstAt) orders.firstAt = date
      if (date > orders.lastAt) orders.lastAt = date
    } else if ('event' in deed) {
      for (let time = 0; time < (deed.times ?? 1); time += 1) statistics = bookEvent(statistics, deed.event, day)
    } else {
      statistics = bookGrant(statistics, day)
      if (deed.grant === 'used') statistics = bookUse(statistics, day, 1)
      else if (deed.gone !== undefined)
        statistics = bookEnding(statistics, localDay(instant(timeOf({ on: deed.gone })), timeZone), 1)
    }
  }
  return withPast({ orders }, { currency: 'EUR', of: [statistics] }, localDay(at, timeZone))
}

/** What `decideLocally` is asked, and the names of the case by the ids they got. */
export const localInputOf = (
  given: DecisionCase,
): { readonly input: LocalInput; readonly names: ReadonlyMap<string, string> } => {
  const {
    at,
    timeZone = 'UTC',
    combination = {},
    codes = {},
    collections = {},
    grants = {},
    person,
    draws = {},
  } = given
  const { campaignIds, ids, campaigns, offers } = made(given)
  const byId = <T>(named: Named<T>): Record<string, T> =>
    Object.fromEntries(Object.entries(named).map(([name, it]) => [idOf(ids, name), it]))
  const { memberOf = [], heldOut = [], did, ...facts } = person ?? {}
  const { choices, ...order } = given.order
  const input: LocalInput = {
    at,
    workspace: { currency: 'EUR', timeZone, combination },
    campaigns,
    offers,
    collections,
    codes: Object.fromEntries(Object.entries(codes).map(([code, names]) => [code, names.map(name => idOf(ids, name))])),
    grants: Object.entries(grants).map(([id, { offer, code = null, expiresAt = null, state = 'issued', of }]) => ({
      id,
      offer: idOf(ids, offer),
      code,
      expiresAt,
      state,
      isOwn: of === undefined,
    })),
    ...(person && {
      person: {
        ...facts,
        ...(did && pastOf(did, instant(at), timeZone)),
        memberOf: memberOf.map(name => idOf(campaignIds, name)),
        heldOut: heldOut.map(name => idOf(campaignIds, name)),
      },
    }),
    used: byId(Object.fromEntries(usageOf(given))),
    draws: byId(draws),
    order: { channel: 'store', ...order, ...(choices && { choices: byId(choices) }) },
  }
  return {
    input: JSON.parse(JSON.stringify(input)) as LocalInput,
    names: new Map([...ids].map(([name, id]) => [id, name])),
  }
}

/** What `decide` is asked, and the names of the case by the ids they got. */
export const inputOf = (
  given: DecisionCase,
): { readonly input: DecisionInput; readonly names: ReadonlyMap<string, string> } => {
  offersOf(given)
  const { input, names } = localInputOf(given)
  return { input: decisionInput(input), names }
}

/** A decision in the words of a case, with all that `expect` says something about. */
export const told = (decision: Decision, names: ReadonlyMap<string, string>, expect: Expected): Expected => {
  const answer = decisionAnswer(decision)
  const lines = answer.lines.map((line, index) => ({ ...line, units: decision.lines[index]!.units }))
  return inWords({ ...answer, lines }, names, expect)
}

/** The same of an answer, which leaves out `units` that all cost the same. */
export const toldAnswer = (
  answer: Answer,
  names: ReadonlyMap<string, string>,
  { order, expect }: DecisionCase,
): Expected => {
  const quantities = order.lines as readonly { readonly quantity?: number }[]
  const lines = answer.lines.map((line, index) => {
    const { quantity = 1 } = quantities[index]!
    return { ...line, units: line.units ?? [{ quantity, each: line.total / quantity, discounts: [] }] }
  })
  return inWords({ ...answer, lines }, names, expect)
}

type Lines = readonly (Answer['lines'][number] & Required<Pick<Answer['lines'][number], 'units'>>)[]

const inWords = (
  answer: Omit<Answer, 'lines'> & { readonly lines: Lines },
  names: ReadonlyMap<string, string>,
  expect: Expected,
): Expected => {
  const named = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_, it) => (typeof it === 'string' ? (names.get(it) ?? it) : it)) as T
  const { totals, lines, applied, available, refused, withheld = [], combination } = named(answer)
  const ofLines = <T>(of: (line: Lines[number]) => T) => Object.fromEntries(lines.map(line => [line.id, of(line)]))
  const said = (known: Json, about: Json) => Object.fromEntries(Object.entries(known).filter(([key]) => key in about))
  return {
    total: totals.total,
    ...(expect.lines && { lines: ofLines(line => line.total) }),
    ...(expect.units && { units: ofLines(line => alike(line.units)) }),
    ...(expect.shipping !== undefined && { shipping: totals.shipping - totals.shippingDiscount }),
    applied: applied.map(withoutName),
    available: available.map(withoutName),
    refused: refused.map(({ reason, ...it }, index) => {
      const about = expect.refused?.[index]?.details
      return { ...it, reason: reason.code, ...(about && { details: said(reason.details, about) }) }
    }),
    ...((expect.withheld || withheld.length > 0) && { withheld: withheld.map(withoutName) }),
    ...(expect.search && { search: { exact: combination === undefined } }),
  }
}

const withoutName = ({ name: _, ...it }: Json): Json => it

/** Units that cost the same count together, whatever made them cost it. */
const alike = (units: Lines[number]['units']): (readonly [number, number])[] => {
  const counted: [number, number][] = []
  for (const { quantity, each } of units) {
    const last = counted.at(-1)
    if (last?.[1] === each) last[0] += quantity
    else counted.push([quantity, each])
  }
  return counted
}
