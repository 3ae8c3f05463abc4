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

/** Which items a filter is about: their category or name where it asks for nothing else. */
const itemsWords: ItemsWords = (lines, { t, language }, all = 'gives.everything') => {
  if (lines === undefined) return t(all)
  const read = readConditions(lines, lineFacts)
  const [row, ...others] = read?.rows ?? []
  if (!row || others.length > 0 || row.operator === 'isNot') return t('gives.chosen')
  return typeof row.value === 'object' ? formatList(row.value, language) : String(row.value)
}

/** "20 % off coffee" within a sentence, in the reader's language. */
export const benefitWords = (benefit: BenefitGiven, words: Words): string => wordsWith(benefit, words, '', itemsWords)

/** What an offer gives, where it stands alone: 'Free shipping, at most €5.00'. */
export const offerGives = (offer: Parameters<typeof givesWith>[0], words: Words): string =>
  givesWith(offer, words, itemsWords)
