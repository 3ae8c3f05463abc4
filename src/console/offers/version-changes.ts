import { formatList, formatMoney, formatNumber, formatShare, formatTime } from '../../faces/format.ts'
import type { BenefitGiven } from '../../sdk/index.ts'
import type { ConditionField } from '../parts/condition-rows.ts'
import { conditionWords } from '../parts/condition-words.ts'
import { benefitWords } from './benefit-words.ts'
import type { Draft } from './edit/offer-draft.ts'
import { limitsOf, type Words } from './offer-words.ts'

/** What one version of an offer says otherwise than the one before; a side that is undefined says nothing about it. */
export type Change = {
  readonly key: string
  /** As the form calls it. */
  readonly label: string
  readonly before: string | undefined
  readonly after: string | undefined
}

type Here = {
  readonly words: Words
  /** What the condition of the offer may ask, and what a filter over items. */
  readonly fields: readonly ConditionField[]
  readonly lineFields: readonly ConditionField[]
  readonly currency: string
  readonly timeZone: string
  readonly channels: readonly { readonly value: string; readonly label: string }[]
}

/** One thing that an offer says, in words and exactly. */
type Said = { readonly key: string; readonly label: string; readonly words: string; readonly exact: string }

const exactly = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** Numbers of a benefit that are minor units of its own currency. */
const amounts = ['amount', 'price', 'max']

const valueWords = (name: string, value: unknown, currency: string | undefined, here: Here): string | undefined => {
  const { words, lineFields: fields } = here
  const { t, language } = words
  if (typeof value === 'boolean') return t(`offers.change.${value ? 'yes' : 'no'}`)
  if (typeof value === 'number') {
    if (/percent$/i.test(name)) return formatShare(value / 100, language)
    return currency !== undefined && amounts.includes(name)
      ? formatMoney(value, currency, language)
      : formatNumber(value, language)
  }
  if (typeof value !== 'string') return undefined
  if (/lines$/i.test(name)) return conditionWords(value, { ...here, fields }) ?? value
  return t(`benefits.choices.${value}`, { defaultValue: value })
}

type Nested = Readonly<Record<string, unknown>>

const isNested = (value: unknown): value is Nested =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** "buy/quantity" is called buyQuantity among the words of the form. */
const nested = (outer: string, inner: string): string =>
  outer === '' ? inner : outer + inner.slice(0, 1).toUpperCase() + inner.slice(1)

/** The fields of a benefit one by one; what a line cannot tell (steps, lists, points by amount) is told by the whole sentence. */
const benefitSaid = (benefit: BenefitGiven, here: Here): Said[] => {
  const { t, language } = here.words
  const currency = 'currency' in benefit ? benefit.currency : undefined
  const fieldSaid = (name: string, value: unknown): Said[] => {
    const key = `benefit/${name}`
    const label = t([`benefits.fields.${benefit.kind}.${name}`, `benefits.fields.${name}`], { defaultValue: name })
    if (isNested(value) && typeof value.amount === 'number' && value.points === undefined)
      return [{ key, label, words: formatMoney(value.amount, String(value.currency), language), exact: exactly(value) }]
    if (isNested(value) && typeof value.period === 'string') {
      const points = Number(value.points)
      const count = t('gives.points', { count: points, value: formatNumber(points, language) })
      const words = t('offers.change.cap', { points: count, period: t(`offers.limit.period.${value.period}`) })
      return [{ key, label, words, exact: exactly(value) }]
    }
    if (isNested(value) && value.points === undefined)
      return Object.entries(value).flatMap(([inner, of]) => fieldSaid(nested(name, inner), of))
    const words = valueWords(name, value, currency, here)
    // The currency stands once in a benefit: of an amount it is a part.
    const unit = amounts.includes(name) ? [currency] : []
    if (words !== undefined) return [{ key, label, words, exact: [exactly(value), ...unit].join(' ') }]
    return [{ key, label: t('offers.fact.benefit'), words: benefitWords(benefit, here.words), exact: exactly(value) }]
  }
  return Object.entries(benefit)
    .filter(([name]) => name !== 'kind' && name !== 'currency')
    .flatMap(([name, value]) => fieldSaid(name, value))
}

const channelsSaid = (
  part: 'redeem' | 'show',
  { channels = {} }: Draft,
  here: Here,
  /** Both versions name some: what came and what went. */
  isOneByOne: boolean,
): Said[] => {
  const { t, language } = here.words
  const label = t(`offers.fact.${part}`)
  const ids = channels[part]
  const nameOf = (id: string) => here.channels.find(it => it.value === id)?.label ?? id
  if (ids && isOneByOne) return ids.map(id => ({ key: `${part}/${id}`, label, words: nameOf(id), exact: id }))
  const words = ids ? formatList(ids.map(nameOf), language) : t('offers.everywhere')
  return [{ key: part, label, words, exact: exactly(ids) }]
}

const validitySaid = ({ validity = {} }: Draft, { words, timeZone }: Here): Said[] => {
  const { t, language } = words
  const { from, to, grantDays, timeZone: zone } = validity
  const time = (key: 'from' | 'to', at: string | undefined): Said[] =>
    at === undefined
      ? []
      : [
          {
            key,
            label: t(`offerForm.${key}`),
            words: formatTime(at, 'dateTime', language, zone ?? timeZone),
            exact: String(Date.parse(at)),
          },
        ]
  return [
    ...time('from', from),
    ...time('to', to),
    ...(grantDays === undefined
      ? []
      : [
          {
            key: 'grantDays',
            label: t('offerForm.grantDays'),
            words: formatNumber(grantDays, language),
            exact: exactly(grantDays),
          },
        ]),
    ...(zone === undefined ? [] : [{ key: 'timeZone', label: t('offerForm.timeZone'), words: zone, exact: zone }]),
  ]
}

/** How it stands beside others. What is left out is what most offers are: it is said too, so that a change has two sides. */
const stackingSaid = ({ stacking }: Draft, { words: { t, language } }: Here): Said[] => {
  const { priority = 0, group, exclusive = false, base = 'running', combinesWith } = stacking ?? {}
  const alone =
    exclusive === false
      ? 'No'
      : exclusive === 'group' || (exclusive === true && group !== undefined)
        ? 'Group'
        : 'Order'
  const said = (key: string, words: string, exact = words): Said => ({
    key,
    label: t(`offerForm.${key}`),
    words,
    exact,
  })
  return [
    said('priority', formatNumber(priority, language)),
    said('alone', t(`offerForm.alone${alone}`)),
    said('base', t(base === 'initial' ? 'offerForm.baseInitial' : 'offerForm.baseRunning')),
    ...(group === undefined ? [] : [said('group', group)]),
    ...(combinesWith === undefined
      ? []
      : [
          {
            key: 'combinesWith',
            label: t('offers.change.combinesWith'),
            words: combinesWith.length === 0 ? t('offers.change.none') : formatList(combinesWith, language),
            exact: exactly(combinesWith),
          },
        ]),
  ]
}

const moreSaid = ({ chance, worth, price, onReturn = 'proRata' }: Draft, { words }: Here): Said[] => {
  const { t, language } = words
  const number = (value: number) => formatNumber(value, language)
  const said = (key: string, label: string, told: string, value: unknown): Said => ({
    key,
    label,
    words: told,
    exact: exactly(value),
  })
  return [
    ...(chance
      ? [
          said(
            'chance',
            t('offers.change.chance'),
            [
              t('offers.change.wins', { wins: number(chance.wins), outOf: number(chance.outOf) }),
              ...(chance.period === undefined ? [] : [t(`offers.limit.period.${chance.period}`)]),
            ].join(t('benefits.comma')),
            chance,
          ),
        ]
      : []),
    ...(price ? [said('price', t('offerForm.price'), `${number(price.points)} (${price.programme})`, price)] : []),
    ...(worth ? [said('worth', t('offerForm.worth'), formatMoney(worth.amount, worth.currency, language), worth)] : []),
    said('onReturn', t('offerForm.onReturn'), t(`offerForm.onReturns.${onReturn}`), onReturn),
  ]
}

const whenSaid = ({ when }: Draft, here: Here): Said[] =>
  when === undefined
    ? []
    : [{ key: 'when', label: here.words.t('offers.fact.when'), words: conditionWords(when, here) ?? when, exact: when }]

const limitsSaid = (draft: Draft, { words }: Here): Said[] =>
  limitsOf(draft, words).map(limit => ({ ...limit, label: words.t('offers.fact.limits'), exact: limit.words }))

/**
 * What is different between two versions of an offer, part by part in the order of the form and in its words.
 *
 *     versionChanges({ …, benefit: { kind: 'percentOff', percent: 10 } }, { …, benefit: { kind: 'percentOff', percent: 15 } }, here)
 *     // [{ key: 'benefit/percent', label: 'Percent', before: '10%', after: '15%' }]
 */
export const versionChanges = (before: Draft, after: Draft, here: Here): Change[] => {
  const { t } = here.words
  const isSameKind = before.benefit.kind === after.benefit.kind
  const isListed = (part: 'redeem' | 'show') =>
    before.channels?.[part] !== undefined && after.channels?.[part] !== undefined
  const saidBy = (draft: Draft): Said[] => [
    { key: 'name', label: t('offerForm.name'), words: draft.name, exact: draft.name },
    ...(isSameKind
      ? benefitSaid(draft.benefit, here)
      : [
          {
            key: 'benefit',
            label: t('offers.fact.benefit'),
            words: benefitWords(draft.benefit, here.words),
            exact: exactly(draft.benefit),
          },
        ]),
    ...whenSaid(draft, here),
    ...channelsSaid('redeem', draft, here, isListed('redeem')),
    ...channelsSaid('show', draft, here, isListed('show')),
    ...limitsSaid(draft, here),
    ...validitySaid(draft, here),
    ...stackingSaid(draft, here),
    ...moreSaid(draft, here),
  ]
  const [old, fresh] = [saidBy(before), saidBy(after)].map(all => new Map(all.map(it => [it.key, it])))
  const keys = [...new Set([...old!.keys(), ...fresh!.keys()])]
  const changes = keys.flatMap((key): Change[] => {
    const [left, right] = [old!.get(key), fresh!.get(key)]
    if (left?.exact === right?.exact) return []
    // Two conditions may read alike and ask otherwise: then they are shown as they are written.
    const isAlike = left?.words === right?.words
    const told = (it: Said | undefined) => it && (isAlike ? it.exact : it.words)
    return [{ key, label: (right ?? left)!.label, before: told(left), after: told(right) }]
  })
  // Several parts of a benefit may each be told by its sentence: once is enough.
  return changes.filter(
    (it, place) =>
      place ===
      changes.findIndex(({ label, before, after }) => label === it.label && before === it.before && after === it.after),
  )
}

/** "Percent: 10% → 15%", "Limits: 1 use a person added". */
export const changeWords = ({ label, before, after }: Change, { t }: Words): string =>
  before === undefined
    ? t('offers.change.added', { label, after })
    : after === undefined
      ? t('offers.change.removed', { label, before })
      : t('offers.change.changed', { label, before, after })
