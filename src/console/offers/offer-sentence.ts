import { formatList, formatMoney, formatNumber, formatTime } from '../../faces/format.ts'
import { type Asking, conditionWords } from '../parts/condition-words.ts'
import { offerGives } from './benefit-words.ts'
import type { Draft } from './edit/offer-draft.ts'

type Here = Asking & {
  readonly timeZone: string
  /** Names of channels by their ids. */
  readonly channels: readonly { readonly value: string; readonly label: string }[]
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
 *     offerSentence(draft, here)   // '20% off coffee, by a code, once per person, on store, until 31 Dec 2026.'
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
    offerGives({ benefit: draft.benefit, sentence: '' }, words),
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
