import type { z } from 'zod'
import { canonicalJson } from '../kernel/canonical.ts'
import { isCurrency } from '../kernel/money.ts'
import { type Details, type InputError, no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, isTimeZone, parseInstant } from '../kernel/time.ts'
import { collectionsIn, compileCondition, segmentsIn } from '../rules/condition.ts'
import { compileExpression } from '../rules/expression.ts'
import { allReads, type Reads, readsOf } from '../rules/reads.ts'
import { ruleRefusals } from '../rules/refusals.ts'
import type { Moment } from './kinds/benefit-kind.ts'
import { kindOf } from './kinds/index.ts'
import { scopeOf } from './live-offer.ts'
import type { OfferInput, OfferTerms, offerPatch, Trigger } from './schema.ts'

type OfferPatch = z.output<typeof offerPatch>

/** The terms in an offer's body: all but where it belongs and whether it is live. */
export const termsOf = ({ campaign: _campaign, state: _state, ...terms }: OfferInput): OfferTerms => atUtc(terms)

/**
 * Fields that are present replace the offer's; `null` takes the condition, the chance, the worth or the price away.
 *
 *     patchTerms(terms, { name: 'Latte week', when: null })   // the same terms, renamed, for any order
 */
export const patchTerms = (terms: OfferTerms, { state: _state, ...fields }: OfferPatch): OfferTerms =>
  atUtc(Object.fromEntries(Object.entries({ ...terms, ...fields }).filter(([, value]) => value != null)) as OfferTerms)

/** Times as answers write them, so that the same instant in another zone is no new version. */
const atUtc = (terms: OfferTerms): OfferTerms => {
  const { from, to, ...rest } = terms.validity
  return { ...terms, validity: { ...rest, ...(from && { from: utc(from) }), ...(to && { to: utc(to) }) } }
}

/** `utc('2026-03-01T09:00:00+01:00')` is '2026-03-01T08:00:00.000Z'; what is no time stays, for the checks to name. */
export const utc = (text: string): string => {
  const ms = parseInstant(text)
  return ms === undefined ? text : formatInstant(ms)
}

export const sameTerms = (left: OfferTerms, right: OfferTerms): boolean => canonicalJson(left) === canonicalJson(right)

/** At which moment a trigger gives its benefit. */
const momentOf = ({ on }: Trigger): Moment => (on === 'event' || on === 'request' ? on : 'order')
const momentWords: Readonly<Record<Moment, string>> = {
  order: 'an order',
  event: 'an event',
  request: 'a moment without a basket',
}

/**
 * What the schema alone cannot see: zones, currencies, that benefit and budget are in one currency, and that the benefit can be given
 * where the offer is triggered.
 *
 *     termsMistakes(terms)   // [{ pointer: '/limits/budget/currency', message: 'is USD, but the benefit is in EUR' }]
 */
export const termsMistakes = ({
  benefit,
  limits,
  validity,
  trigger,
  chance,
  worth,
  price,
}: OfferTerms): InputError[] => {
  const kind = kindOf(benefit)
  const own = kind.currency(benefit)
  const moment = momentOf(trigger)
  const budget = limits.budget?.currency
  const zone = validity.timeZone
  const candidates: [isWrong: boolean, pointer: string, message: string, code: string][] = [
    [
      own !== undefined && !isCurrency(own),
      '/benefit',
      `is in ${own}, which is no currency of ISO 4217`,
      'no_currency',
    ],
    [
      budget !== undefined && !isCurrency(budget),
      '/limits/budget/currency',
      `${budget} is no currency of ISO 4217`,
      'no_currency',
    ],
    [
      own !== undefined && budget !== undefined && own !== budget,
      '/limits/budget/currency',
      `is ${budget}, but the benefit is in ${own}`,
      'other_currency',
    ],
    [
      worth !== undefined && !isCurrency(worth.currency),
      '/worth/currency',
      `${worth?.currency} is no currency of ISO 4217`,
      'no_currency',
    ],
    [
      !kind.moments.includes(moment),
      '/benefit/kind',
      `${benefit.kind} cannot be given at ${momentWords[moment]}; to reward it, give an offer for the next order with "giveOffer"`,
      'not_for_trigger',
    ],
    [
      moment !== 'order' && kind.needsOrder?.(benefit) === true,
      '/benefit',
      `reckons with an order; at ${momentWords[moment]} a fixed number is given, of any line`,
      'reckons_with_an_order',
    ],
    [
      moment === 'request' &&
        price === undefined &&
        (kind.givesGrants ?? kind.givesToSomebody) === true &&
        limits.perPerson === undefined &&
        ![limits.per ?? []].flat().some(limit => limit.by === 'person'),
      '/limits/perPerson',
      'is needed, or a limit "per" period "by" person: whoever asks could claim this offer without end; a "price" in points would do too',
      'limit_a_person_needed',
    ],
    [
      chance !== undefined && moment === 'request',
      '/chance',
      'is drawn when an order is placed or an event comes; this offer is triggered by a request',
      'not_drawn_on_request',
    ],
    [
      price !== undefined && moment !== 'request',
      '/price',
      'is what claiming costs; only an offer that a request triggers is claimed',
      'price_of_claims_only',
    ],
    [
      zone !== undefined && !isTimeZone(zone),
      '/validity/timeZone',
      'is no IANA time zone such as "Europe/Rome"',
      'no_time_zone',
    ],
    ...(['from', 'to'] as const).map((edge): [boolean, string, string, string] => [
      validity[edge] !== undefined && parseInstant(validity[edge]) === undefined,
      `/validity/${edge}`,
      'is no time that exists',
      'no_time',
    ]),
  ]
  return [
    ...candidates.flatMap(([isWrong, pointer, message, code]) => (isWrong ? [{ pointer, message, code }] : [])),
    ...(kind.mistakes?.(benefit) ?? []).map(it => ({ ...it, pointer: `/benefit${it.pointer}` })),
  ]
}

const conditionMistake = (details: Details): Omit<InputError, 'pointer'> => {
  const { line, column, mistake } = details
  return { message: String(mistake), code: 'condition', details: { line, column, mistake } }
}

/**
 * Compiles the conditions of an offer and tells the collections they name. The refusal points to the field.
 *
 *     termsCollections(terms)   // { ok: true, value: ['coffee'] } for lines "inCollection(line.sku, 'coffee')"
 */
export const termsCollections = (terms: OfferTerms): Result<readonly string[]> => {
  const collections = new Set<string>()
  for (const { pointer, compiled } of expressionsOf(terms)) {
    if (!compiled.ok) {
      const { details } = compiled.refusal
      return no(refuse(ruleRefusals.condition_invalid, details, [{ pointer, ...conditionMistake(details) }]))
    }
    for (const collection of collectionsIn(compiled.value)) collections.add(collection)
  }
  return ok([...collections])
}

const expressionsOf = (terms: OfferTerms) => [
  ...(terms.when === undefined
    ? []
    : [{ pointer: '/when', compiled: compileCondition(terms.when, scopeOf(terms.trigger)) }]),
  ...kindOf(terms.benefit)
    .expressions(terms.benefit)
    .map(({ field, source, scope, gives }) => ({
      pointer: `/benefit/${field}`,
      compiled: compileExpression(source, scope === 'order' ? scopeOf(terms.trigger) : scope, gives),
    })),
]

/**
 * The segments that the conditions of an offer ask for, with the fields that do.
 *
 *     termsSegments(terms)   // [{ id: 'vip', pointer: '/when' }]
 */
export const termsSegments = (terms: OfferTerms): readonly { readonly id: string; readonly pointer: string }[] =>
  expressionsOf(terms).flatMap(({ pointer, compiled }) =>
    compiled.ok ? segmentsIn(compiled.value).map(id => ({ id, pointer })) : [],
  )

/**
 * What the conditions and amounts of an offer read of a person.
 *
 *     termsReads(terms).events   // ['Product Viewed'] for when "events('Product Viewed', 7) >= 3"
 */
export const termsReads = (terms: OfferTerms): Reads =>
  allReads(expressionsOf(terms).flatMap(({ compiled }) => (compiled.ok ? [readsOf(compiled.value)] : [])))

/**
 * Whether the counters of an offer must be counted again from its redemptions: they are kept only for what is limited, and in the
 * budget's currency and the offer's time zone.
 *
 *     countsAnew(unlimited, { ...unlimited, limits: { uses: 100 } })   // true: it was used before without being counted
 */
export const countsAnew = (before: OfferTerms, after: OfferTerms): boolean =>
  canonicalJson(countedBy(before)) !== canonicalJson(countedBy(after))

const countedBy = ({ limits, benefit, validity }: OfferTerms) => ({
  isCounted: limits.uses !== undefined || limits.budget !== undefined,
  currency: limits.budget?.currency ?? null,
  buckets: [limits.per ?? []].flat().map(({ period, by }) => [period ?? null, by ?? null]),
  timeZone: limits.per === undefined ? null : (validity.timeZone ?? null),
  gifts: Object.keys(kindOf(benefit).stock?.(benefit) ?? {}).sort(),
})
