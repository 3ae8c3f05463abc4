import type { TFunction } from 'i18next'
import type { ConditionField, Operator } from './condition-rows.ts'

/** An operator as it stands between a field and its value; "is" of a flag reads otherwise than "is" of a name. */
export const operatorWords = ({ value }: ConditionField, operator: Operator, t: TFunction): string => {
  const isFlag = value === 'none'
  const key = value === 'weekdays' ? 'onDay' : isFlag ? (operator === 'is' ? 'yes' : 'no') : operator
  return t(`conditions.operators.${key}`)
}
