import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber, formatWeekday } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import {
  type Asked,
  type ConditionAsk,
  type ConditionField,
  type ConditionRow,
  type Operator,
  readConditions,
} from './condition-rows.ts'

/** What the words of a condition depend on: the reader, what may be asked, the currency of its amounts. */
export type Asking = {
  readonly words: { readonly t: TFunction; readonly language: Language }
  readonly fields: readonly ConditionField[]
  readonly currency: string
}

/** An operator as it stands between a field and its value; "is" of a flag reads otherwise than "is" of a name. */
export const operatorWords = ({ value }: ConditionField, operator: Operator, t: TFunction): string => {
  const isFlag = value === 'none'
  const key = value === 'weekdays' ? 'onDay' : isFlag ? (operator === 'is' ? 'yes' : 'no') : operator
  return t(`conditions.operators.${key}`)
}

/** A label as it stands amid a sentence. */
const inSentence = (label: string): string => label.slice(0, 1).toLocaleLowerCase() + label.slice(1)

type Choices = NonNullable<ConditionField['choices']>
const labelIn = (choices: Choices, value: string): string => choices.find(it => it.value === value)?.label ?? value

/** What was named for one ask: "web", "in the last 30 days"; '' where it was left out. */
const askWords = ({ id, choices = [], before, after }: ConditionAsk, asked: Asked): string => {
  const given = asked[id] ?? ''
  if (given === '') return ''
  return [before, labelIn(choices, given), after].filter(part => part !== undefined).join(' ')
}

const rowWords = ({ field: id, operator, value, asked = {} }: ConditionRow, asking: Asking): string => {
  const { fields, currency, words } = asking
  const { t, language } = words
  const field = fields.find(it => it.id === id)!
  const choices = field.choicesFor?.(asked) ?? field.choices ?? []
  const nameOf = (one: string) =>
    field.value === 'weekdays' ? formatWeekday(Number(one), language) : labelIn(choices, one)
  const named = (field.asks ?? []).map(ask => askWords(ask, asked)).filter(part => part !== '')
  const of = named.length === 0 ? '' : ` (${named.join(', ')})`
  const what = inSentence(field.label) + of
  if (value === undefined) return operator === 'isNot' ? t('conditions.not', { what }) : what
  const told =
    typeof value === 'object'
      ? formatList(value.map(nameOf), language)
      : typeof value === 'string'
        ? nameOf(value)
        : field.value === 'money'
          ? formatMoney(value, currency, language)
          : formatNumber(value, language)
  return `${what} ${operatorWords(field, operator, t)} ${told}`
}

/**
 * A condition in the reader's words; undefined of CEL that no row can show.
 *
 *     conditionWords("order.subtotal >= 2000 && channel == 'web'", asking)   // 'the basket is at least €20.00 and channel is Web shop'
 */
export const conditionWords = (cel: string, asking: Asking): string | undefined => {
  const read = readConditions(cel, asking.fields)
  if (!read) return undefined
  const rows = read.rows.map(row => rowWords(row, asking))
  return formatList(rows, asking.words.language, read.join === 'all' ? undefined : 'disjunction')
}
