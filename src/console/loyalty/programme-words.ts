import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import type { Offer, Programme } from '../../sdk/index.ts'

export type Words = { readonly t: TFunction; readonly language: Language }
type Terms = Pick<
  Programme,
  | 'unit'
  | 'rate'
  | 'join'
  | 'leaving'
  | 'pending'
  | 'expiry'
  | 'burning'
  | 'returns'
  | 'earnsOn'
  | 'tiers'
  | 'transfers'
  | 'households'
>

/** "14 days" in every language, with its plural. */
const units = (count: number, unit: 'day' | 'month' | 'year', { language }: Words): string =>
  formatNumber(count, language, { style: 'unit', unit, unitDisplay: 'long' })

/** `pointsWords({ unit }, 1200, words)` is '1,200 beans'. */
export const pointsWords = ({ unit }: Pick<Terms, 'unit'>, value: number, { language }: Words): string => {
  const figure = formatNumber(value / 10 ** unit.decimals, language, { minimumFractionDigits: unit.decimals })
  return `${figure} ${value === 10 ** unit.decimals ? unit.one : unit.many}`
}

const expiryWords = ({ expiry }: Terms, words: Words): string => {
  const { t } = words
  if (!expiry) return t('loyalty.expiry.never')
  switch (expiry.kind) {
    case 'after':
      return t('loyalty.expiry.after', {
        time: expiry.days === undefined ? units(expiry.months ?? 0, 'month', words) : units(expiry.days, 'day', words),
      })
    case 'sliding':
      return t('loyalty.expiry.sliding', { time: units(expiry.days, 'day', words) })
    case 'endOf':
      return expiry.periods === 0
        ? t(`loyalty.expiry.endOf.${expiry.period}`)
        : t(`loyalty.expiry.endOf.${expiry.period}Later`, { time: units(expiry.periods, expiry.period, words) })
  }
}

const pendingWords = ({ pending }: Terms, words: Words): string => {
  const { t } = words
  if (!pending) return t('loyalty.pending.none')
  if (!('event' in pending)) return t('loyalty.pending.days', { time: units(pending.days, 'day', words) })
  const { event, days } = pending
  return days === undefined
    ? t('loyalty.pending.event', { event })
    : t('loyalty.pending.eventDays', { event, time: units(days, 'day', words) })
}

const spendingWords = (terms: Terms, words: Words): string[] => {
  const { t, language } = words
  const { burning } = terms
  return [
    t(`loyalty.burning.order.${burning.order}`),
    ...(burning.minimum === 0
      ? []
      : [t('loyalty.burning.minimum', { points: pointsWords(terms, burning.minimum, words) })]),
    ...(burning.maximum === undefined
      ? []
      : [t('loyalty.burning.maximum', { points: pointsWords(terms, burning.maximum, words) })]),
    ...(burning.maxPercent < 100
      ? [
          t('loyalty.burning.maxPercent', {
            share: formatNumber(burning.maxPercent / 100, language, { style: 'percent' }),
          }),
        ]
      : []),
  ]
}

const transferWords = (terms: Terms, words: Words): string[] => {
  const { t, language } = words
  const { between, dailyLimit, feePercent, waitingDays } = terms.transfers
  if (between === 'nobody') return [t('loyalty.transfers.nobody')]
  return [
    t(`loyalty.transfers.${between}`),
    ...(dailyLimit === undefined
      ? []
      : [t('loyalty.transfers.daily', { points: pointsWords(terms, dailyLimit, words) })]),
    ...(feePercent > 0
      ? [t('loyalty.transfers.fee', { share: formatNumber(feePercent / 100, language, { style: 'percent' }) })]
      : []),
    ...(waitingDays > 0 ? [t('loyalty.transfers.waiting', { time: units(waitingDays, 'day', words) })] : []),
  ]
}

const tierWords = ({ tiers }: Terms, words: Words): string[] => {
  const { t } = words
  if (!tiers) return [t('loyalty.tiers.none')]
  const { period, by, down, graceDays } = tiers
  const within =
    'rolling' in period
      ? t('loyalty.tiers.rolling', { time: units(period.rolling.days, 'day', words) })
      : t(`loyalty.tiers.calendar.${period.calendar}`)
  return [
    t(`loyalty.tiers.by.${by}`, { within }),
    t(`loyalty.tiers.down.${down}`),
    ...(graceDays > 0 ? [t('loyalty.tiers.grace', { time: units(graceDays, 'day', words) })] : []),
  ]
}

/** What earns nothing unless the programme says so. */
const earnables = ['points', 'giftCards', 'credit', 'shipping'] as const

const earnsOnWords = ({ earnsOn }: Terms, { t, language }: Words): string => {
  const also = earnables.filter(it => earnsOn[it])
  return also.length === 0
    ? t('loyalty.earnsOn.none')
    : t('loyalty.earnsOn.also', {
        list: formatList(
          also.map(it => t(`loyalty.earnsOn.${it}`)),
          language,
        ),
      })
}

const leavingWords = ({ leaving }: Terms, words: Words): string => {
  if (leaving.points === 'keep') return words.t('loyalty.leaving.keep')
  return words.t('loyalty.leaving.forfeit', { time: units(leaving.days, 'day', words) })
}

/** The terms of a programme as sentences, by what they are about, in the order in which people ask. */
export const termsWords = (terms: Terms, words: Words): readonly (readonly [string, readonly string[]])[] => {
  const { t, language } = words
  const { rate, join, returns, households } = terms
  const worth =
    rate === undefined
      ? t('loyalty.rate.none')
      : t('loyalty.rate.pays', {
          points: pointsWords(terms, rate.points, words),
          worth: formatMoney(rate.worth.amount, rate.worth.currency, language),
        })
  return [
    ['worth', [worth]],
    ['join', [t(`loyalty.join.${join.on}`)]],
    ['pending', [pendingWords(terms, words)]],
    ['expiry', [expiryWords(terms, words)]],
    ['burning', spendingWords(terms, words)],
    ['returns', [t(`loyalty.returns.${returns.earned}`)]],
    ['earnsOn', [earnsOnWords(terms, words)]],
    ['tiers', tierWords(terms, words)],
    ['transfers', transferWords(terms, words)],
    [
      'households',
      [
        households
          ? t('loyalty.households.upTo', {
              count: households.members,
              value: formatNumber(households.members, language),
            })
          : t('loyalty.households.none'),
      ],
    ],
    ['leaving', [leavingWords(terms, words)]],
  ]
}

/** What it takes to reach a tier. */
export const thresholdWords = (programme: Terms, threshold: number, currency: string, words: Words): string => {
  const { t, language } = words
  switch (programme.tiers?.by) {
    case 'spend':
      return formatMoney(threshold, currency, language)
    case 'visits':
      return t('loyalty.tiers.visits', { count: threshold, value: formatNumber(threshold, language) })
    default:
      return pointsWords(programme, threshold, words)
  }
}

type PointsBenefit = Extract<Offer['benefit'], { kind: 'points' }>
export type EarnRule = Offer & { readonly benefit: PointsBenefit }

/** Whether an offer gives points of a programme. */
export const isEarnRule = (offer: Offer, programme: string): offer is EarnRule =>
  offer.benefit.kind === 'points' && offer.benefit.programme === programme

/** What an earn rule gives, as a sentence. */
export const earnWords = ({ benefit }: EarnRule, programme: Terms, words: Words): string => {
  const { t, language } = words
  const points = (value: number) => pointsWords(programme, value, words)
  const { per, perUnit, fixed, multiply, max, cap, lines } = benefit
  const gives = per
    ? t('loyalty.earn.per', { points: points(per.points), amount: formatMoney(per.amount, per.currency, language) })
    : perUnit !== undefined
      ? t('loyalty.earn.perUnit', { points: points(perUnit) })
      : multiply !== undefined
        ? t('loyalty.earn.multiply', { times: formatNumber(multiply, language) })
        : typeof fixed === 'number'
          ? t('loyalty.earn.fixed', { points: points(fixed) })
          : t('loyalty.earn.worked', { expression: String(fixed) })
  return [
    gives,
    ...(lines === undefined ? [] : [t('loyalty.earn.lines', { lines })]),
    ...(max === undefined ? [] : [t('loyalty.earn.max', { points: points(max) })]),
    ...(cap === undefined ? [] : [t(`loyalty.earn.cap.${cap.period}`, { points: points(cap.points) })]),
  ].join(' · ')
}
