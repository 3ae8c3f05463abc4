import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber, formatTime } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import type { Offer } from '../../sdk/index.ts'

export type Words = { readonly t: TFunction; readonly language: Language }
type Limits = Offer['limits']

const periodsOf = ({ per }: Limits) => (per === undefined ? [] : 'uses' in per ? [per] : per)

/** How an offer begins: by a code, for whoever was given it, in any basket that fits… */
export const triggerWords = ({ trigger }: Pick<Offer, 'trigger'>, { t }: Words): string =>
  trigger.on === 'event' ? t('offers.trigger.event', { event: trigger.event }) : t(`offers.trigger.${trigger.on}`)

/** Every limit as a sentence; none where nothing is limited. */
export const limitWords = ({ limits }: Pick<Offer, 'limits'>, { t, language }: Words): string[] => {
  const count = (value: number) => ({ count: value, value: formatNumber(value, language) })
  return [
    ...(limits.uses === undefined ? [] : [t('offers.limit.uses', count(limits.uses))]),
    ...(limits.perPerson === undefined ? [] : [t('offers.limit.perPerson', count(limits.perPerson))]),
    ...(limits.perCode === undefined ? [] : [t('offers.limit.perCode', count(limits.perCode))]),
    ...periodsOf(limits).map(({ uses, period, by = 'offer' }) =>
      t('offers.limit.per', {
        ...count(uses),
        by: t(`offers.limit.by.${by}`),
        period: t(`offers.limit.period.${period ?? 'ever'}`),
      }),
    ),
    ...(limits.budget === undefined
      ? []
      : [t('offers.limit.budget', { amount: formatMoney(limits.budget.amount, limits.budget.currency, language) })]),
  ]
}

/** From when to when; undefined where it is always valid. */
export const validityWords = ({ validity }: Pick<Offer, 'validity'>, { t, language }: Words): string | undefined => {
  const { from, to, timeZone } = validity
  const day = (at: string) => formatTime(at, 'dateTime', language, timeZone)
  if (from && to) return t('offers.validity.between', { from: day(from), to: day(to) })
  if (from) return t('offers.validity.from', { from: day(from) })
  return to ? t('offers.validity.until', { to: day(to) }) : undefined
}

/** The channels it shows or redeems on; undefined where all do. */
export const channelWords = (channels: readonly string[] | undefined, { language }: Words): string | undefined =>
  channels && formatList(channels, language)
