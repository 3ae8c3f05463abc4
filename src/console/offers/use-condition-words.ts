import { useWords } from '../../faces/words.ts'
import { conditionWords } from '../parts/condition-words.ts'
import { useOfferConditionFields } from './edit/condition-fields.ts'

/** Tells the condition of any offer, or a part of one, in the reader's words; undefined of CEL that no words can show. */
export const useConditionWords = (currency: string): ((cel: string) => string | undefined) => {
  const words = useWords()
  const fields = useOfferConditionFields({ trigger: { on: 'basket' } })
  return cel => conditionWords(cel, { words, fields, currency })
}
