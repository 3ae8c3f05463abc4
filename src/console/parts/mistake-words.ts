import { formatNumber } from '../../faces/format.ts'
import type { Mistake } from '../../sdk/index.ts'
import type { Words } from './reason-words.ts'

/**
 * What is wrong with something that was entered, in the reader's language; what has no words here is said as the server says it.
 *
 *     mistakeWords({ pointer: '/name', message: 'is required (string)', code: 'required' }, words)   // 'is needed'
 */
export const mistakeWords = ({ code, message, details = {} }: Mistake, { t, language }: Words): string => {
  const { bound, line, column, mistake } = details
  return t(`mistake.${code}`, {
    ...(typeof bound === 'number' && { bound: formatNumber(bound, language) }),
    // The language that conditions are written in speaks English.
    ...(typeof mistake === 'string' && { line, column, mistake: `\u2066${mistake}\u2069` }),
    defaultValue: message,
  })
}
