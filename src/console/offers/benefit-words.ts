import { offerGives as givesWith, type ItemsWords, benefitWords as wordsWith } from '../../faces/benefit-words.ts'
import { formatList } from '../../faces/format.ts'
import type { BenefitGiven } from '../../sdk/index.ts'
import { asking, type ConditionField, naming, readConditions } from '../parts/condition-rows.ts'
import type { Words } from './offer-words.ts'

const lineFacts: readonly ConditionField[] = [
  { id: 'category', label: '', value: 'text', operators: naming('line.category') },
  { id: 'sku', label: '', value: 'text', operators: naming('line.sku') },
  { id: 'collection', label: '', value: 'text', operators: asking('inCollection(line.sku, {v})') },
]

/** Which items a filter is about: their categories or names where it asks for nothing else. */
export const itemsWords: ItemsWords = (lines, { t, language }, all = 'gives.everything') => {
  if (lines === undefined) return t(all)
  const { join, rows } = readConditions(lines.replaceAll(/\bitem\./g, 'line.'), lineFacts) ?? { join: 'all', rows: [] }
  const isPlain = rows.length === 1 || (rows.length > 1 && join === 'any')
  if (!isPlain || rows.some(({ operator }) => operator === 'isNot')) return t('gives.chosen')
  const names = rows.flatMap(({ value }) => (typeof value === 'object' ? value : [String(value)]))
  return formatList(names, language, rows.length > 1 ? 'disjunction' : 'conjunction')
}

/** "20 % off coffee" within a sentence, in the reader's language. */
export const benefitWords = (benefit: BenefitGiven, words: Words): string => wordsWith(benefit, words, '', itemsWords)

/** What an offer gives, where it stands alone: 'Free shipping, at most €5.00'. */
export const offerGives = (offer: Parameters<typeof givesWith>[0], words: Words): string =>
  givesWith(offer, words, itemsWords)
