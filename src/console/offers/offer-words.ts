import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber, formatTime } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import type { Offer } from '../../sdk/index.ts'

export type Words = {
  readonly t: TFunction
  readonly language: Language
  /** Points as their programme calls them; undefined where it is not known here. */
  readonly pointsOf?: (programme: string, amount: number) => string | undefined
}
type Limits = Offer['limits']

const periodsOf = ({ per }: Limits) => (per === undefined ? [] : 'uses' in per ? [per] : per)

/** How an offer begins: by a code, for whoever was given it, in any basket that fits… */
export const triggerWords = ({ trigger }: Pick<Offer, 'trigger'>, { t }: Words): string =>
  trigger.on === 'event' ? t('offers.trigger.event', { event: trigger.event }) : t(`offers.trigger.${trigger.on}`)

/** Every limit as a sentence, by what it limits: of two versions of an offer those of the same key are the same limit. */
export const limitsOf = (
  { limits = {} }: { readonly limits?: Limits },
  { t, language }: Words,
): { readonly key: string; readonly words: string }[] => {
  const count = (value: number) => ({ count: value, value: formatNumber(value, language) })
  const counted = (['uses', 'perPerson', 'perCode'] as const).flatMap(key => {
    const uses = limits[key]
    return uses === undefined ? [] : [{ key, words: t(`offers.limit.${key}`, count(uses)) }]
  })
  const periods = periodsOf(limits).map(({ uses, period = 'ever', by = 'offer' }) => ({
    key: `per ${by} ${period}`,
    words: t('offers.limit.per', {
      ...count(uses),
      by: t(`offers.limit.by.${by}`),
      period: t(`offers.limit.period.${period}`),
    }),
  }))
  const { budget } = limits
  const amount = budget && formatMoney(budget.amount, budget.currency, language)
  return [
    ...counted,
    ...periods,
    ...(amount === undefined ? [] : [{ key: 'budget', words: t('offers.limit.budget', { amount }) }]),
  ]
}

/** Every limit as a sentence; none where nothing is limited. */
export const limitWords = (offer: Pick<Offer, 'limits'>, words: Words): string[] =>
  limitsOf(offer, words).map(limit => limit.words)

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
