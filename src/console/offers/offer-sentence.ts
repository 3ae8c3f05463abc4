import { formatList, formatMoney, formatNumber, formatTime, formatWeekday } from '../../faces/format.ts'
import { type ConditionField, readConditions } from '../parts/condition-rows.ts'
import { operatorWords } from '../parts/condition-words.ts'
import { benefitWords } from './benefit-words.ts'
import type { Draft } from './edit/offer-draft.ts'
import type { Words } from './offer-words.ts'

/** What the words of a condition depend on: the reader, what may be asked, the currency of its amounts. */
type Asking = { readonly words: Words; readonly fields: readonly ConditionField[]; readonly currency: string }

type Here = Asking & {
  readonly timeZone: string
  /** Names of channels by their ids. */
  readonly channels: readonly { readonly value: string; readonly label: string }[]
}

/** A label as it stands amid a sentence. */
const inSentence = (label: string): string => label.slice(0, 1).toLocaleLowerCase() + label.slice(1)

/** "the basket is at least €20.00 and the channel is web"; undefined of CEL that no row can show. */
export const conditionWords = (cel: string, { words, fields, currency }: Asking): string | undefined => {
  const { t, language } = words
  const read = readConditions(cel, fields)
  if (!read) return undefined
  const rows = read.rows.map(({ field: id, operator, value }) => {
    const field = fields.find(it => it.id === id)!
    const nameOf = (one: string) =>
      field.value === 'weekdays'
        ? formatWeekday(Number(one), language)
        : (field.choices?.find(it => it.value === one)?.label ?? one)
    const told =
      typeof value === 'object'
        ? formatList(value.map(nameOf), language)
        : typeof value === 'number'
          ? field.value === 'money'
            ? formatMoney(value, currency, language)
            : formatNumber(value, language)
          : value === undefined
            ? ''
            : nameOf(value)
    return `${inSentence(field.label)} ${operatorWords(field, operator, t)} ${told}`.trim()
  })
  return read.join === 'all' ? formatList(rows, language) : formatList(rows, language, 'disjunction')
}

const ifWords = (when: string, here: Here): string => {
  const { t } = here.words
  const what = conditionWords(when, here)
  return what === undefined ? t('benefits.ifCel') : t('benefits.if', { what })
}

const dayMs = 86_400_000

/** An end at midnight is the end of the day before: "until 31 Dec" is what people say. */
const endWords = (to: string, { words: { language }, timeZone }: Here): string => {
  const isMidnight = formatTime(to, 'time', 'en', timeZone) === '12:00 AM'
  return isMidnight
    ? formatTime(new Date(Date.parse(to) - dayMs / 2).toISOString(), 'date', language, timeZone)
    : formatTime(to, 'dateTime', language, timeZone)
}

/**
 * The whole offer as one sentence, as people would say it.
 *
 *     offerSentence(draft, here)   // 'Gives 20% off coffee, by a code, once per person, on store, until 31 Dec 2026.'
 */
export const offerSentence = (draft: Draft, here: Here): string => {
  const { words, timeZone: zone, channels } = here
  const { t, language } = words
  const { trigger, when, limits, validity } = draft
  const timeZone = validity?.timeZone ?? zone
  const there = { ...here, timeZone }
  const channelNames = draft.channels?.redeem?.map(id => channels.find(it => it.value === id)?.label ?? id)
  const count = (value: number) => ({ count: value, value: formatNumber(value, language) })
  const parts = [
    t('benefits.gives', { what: benefitWords(draft.benefit, words) }),
    ...(trigger.on === 'basket'
      ? []
      : [t(`benefits.trigger.${trigger.on}`, { event: trigger.on === 'event' ? trigger.event : '' })]),
    ...(when === undefined ? [] : [ifWords(when, there)]),
    ...(limits?.perPerson === undefined ? [] : [t('benefits.perPerson', count(limits.perPerson))]),
    ...(limits?.uses === undefined ? [] : [t('benefits.inAll', count(limits.uses))]),
    ...(limits?.budget === undefined
      ? []
      : [t('benefits.budget', { amount: formatMoney(limits.budget.amount, limits.budget.currency, language) })]),
    ...(channelNames === undefined ? [] : [t('benefits.on', { channels: formatList(channelNames, language) })]),
    ...(validity?.from === undefined
      ? []
      : [t('benefits.from', { from: formatTime(validity.from, 'date', language, timeZone) })]),
    ...(validity?.to === undefined ? [] : [t('benefits.until', { to: endWords(validity.to, there) })]),
  ]
  return t('benefits.sentence', { parts: parts.join(t('benefits.comma')) })
}
