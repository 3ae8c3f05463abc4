import type { z } from 'zod'
import { canonicalJson } from '../kernel/canonical.ts'
import { isCurrency } from '../kernel/money.ts'
import { type InputError, no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, isTimeZone, parseInstant } from '../kernel/time.ts'
import { collectionsIn, compileCondition } from '../rules/condition.ts'
import { ruleRefusals } from '../rules/refusals.ts'
import { kindOf } from './kinds/index.ts'
import type { OfferInput, OfferTerms, offerPatch } from './schema.ts'

type OfferPatch = z.output<typeof offerPatch>

/** The terms in an offer's body: all but where it belongs and whether it is live. */
export const termsOf = ({ campaign: _campaign, state: _state, ...terms }: OfferInput): OfferTerms => atUtc(terms)

/**
 * Fields that are present replace the offer's; `when: null` takes the condition away.
 *
 *     patchTerms(terms, { name: 'Latte week', when: null })   // the same terms, renamed, for any order
 */
export const patchTerms = (terms: OfferTerms, { state: _state, when, ...fields }: OfferPatch): OfferTerms => {
  const { when: before, ...rest } = terms
  const after = when === undefined ? before : when
  return atUtc({ ...rest, ...fields, ...(after == null ? {} : { when: after }) })
}

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

/**
 * What the schema alone cannot see: zones, currencies, and that benefit and budget are in one currency.
 *
 *     termsMistakes(terms)   // [{ pointer: '/limits/budget/currency', message: 'is USD, but the benefit is in EUR' }]
 */
export const termsMistakes = ({ benefit, limits, validity }: OfferTerms): InputError[] => {
  const own = kindOf(benefit).currency(benefit)
  const budget = limits.budget?.currency
  const zone = validity.timeZone
  const candidates: [boolean, string, string][] = [
    [own !== undefined && !isCurrency(own), '/benefit', `is in ${own}, which is no currency of ISO 4217`],
    [budget !== undefined && !isCurrency(budget), '/limits/budget/currency', `${budget} is no currency of ISO 4217`],
    [
      own !== undefined && budget !== undefined && own !== budget,
      '/limits/budget/currency',
      `is ${budget}, but the benefit is in ${own}`,
    ],
    [zone !== undefined && !isTimeZone(zone), '/validity/timeZone', 'is no IANA time zone such as "Europe/Rome"'],
    ...(['from', 'to'] as const).map((edge): [boolean, string, string] => [
      validity[edge] !== undefined && parseInstant(validity[edge]) === undefined,
      `/validity/${edge}`,
      'is no time that exists',
    ]),
  ]
  return candidates.flatMap(([is, pointer, message]) => (is ? [{ pointer, message }] : []))
}

/**
 * Compiles the conditions of an offer and tells the collections they name. The refusal points to the field.
 *
 *     termsCollections(terms)   // { ok: true, value: ['coffee'] } for lines "inCollection(line.sku, 'coffee')"
 */
export const termsCollections = (terms: OfferTerms): Result<readonly string[]> => {
  const conditions = [
    ['/when', terms.when, 'order'],
    ['/benefit/lines', terms.benefit.lines, 'line'],
  ] as const
  const collections = new Set<string>()
  for (const [pointer, source, scope] of conditions) {
    if (source === undefined) continue
    const compiled = compileCondition(source, scope)
    if (!compiled.ok) {
      const { details } = compiled.refusal
      return no(refuse(ruleRefusals.condition_invalid, details, [{ pointer, message: String(details.mistake) }]))
    }
    for (const collection of collectionsIn(compiled.value)) collections.add(collection)
  }
  return ok([...collections])
}

/**
 * Whether the counters of an offer must be counted again from its redemptions: they are kept only while uses or budget are
 * limited, and in the budget's currency.
 *
 *     countsAnew({ limits: {} }, { limits: { uses: 100 } })   // true: it was used before without being counted
 */
export const countsAnew = (before: Pick<OfferTerms, 'limits'>, after: Pick<OfferTerms, 'limits'>): boolean => {
  const isCounted = ({ limits }: Pick<OfferTerms, 'limits'>) => limits.uses !== undefined || limits.budget !== undefined
  if (!isCounted(after)) return false
  const currency = after.limits.budget?.currency
  return !isCounted(before) || (currency !== undefined && currency !== before.limits.budget?.currency)
}
