import type { TFunction } from 'i18next'
import { formatNumber } from './format.ts'
import { isolated, type Language } from './languages.ts'

export type Unit = { readonly one: string; readonly many: string; readonly decimals: number }

type Words = { readonly t: TFunction; readonly language: Language }

/** Points are kept in their smallest unit: 1250 of two decimals are 12.5. */
export const pointsOf = (amount: number, { decimals }: Pick<Unit, 'decimals'>): number => amount / 10 ** decimals

/** What a programme's points are called where nobody gave them a name: that is no word of the business, so it is told in the reader's language. */
const isPlain = ({ one, many }: Unit): boolean => one === 'point' && many === 'points'

/** `stars`, to stand beside their number. */
export const unitWord = (points: number, unit: Unit, { t }: Words): string =>
  isPlain(unit) ? t('gives.unit', { count: Math.abs(points) }) : Math.abs(points) === 1 ? unit.one : unit.many

/**
 * Points with their unit, as the business calls it.
 *
 *     formatPoints(1, { one: 'star', many: 'stars', decimals: 0 }, words)   // '1 star'
 */
export const formatPoints = (amount: number, unit: Unit, words: Words): string => {
  const points = pointsOf(amount, unit)
  const value = formatNumber(points, words.language)
  if (isPlain(unit)) return words.t('gives.points', { count: points, value })
  // Within a sentence that runs the other way the number stays before its unit.
  return isolated(`${value} ${unitWord(points, unit, words)}`, words.language)
}
