import { checkCharacter, codeAlphabet, normalizeCode } from './code.ts'

/** 13 characters of 29 that nobody can guess are 63 bits; the last is the check character. */
export const giftCardPattern = '####-####-####-#'
const length = giftCardPattern.replaceAll('-', '').length + 1

/**
 * Whether a text looks like a code that was made here and its check character is wrong: somebody mistyped it, which can be told without
 * asking the store.
 *
 *     isMistyped('7KQ2-9XWM-3FTH-AZ')   // true: it ends with V
 */
export const isMistyped = (given: string): boolean => {
  const code = normalizeCode(given)
  if (code.length !== length || [...code].some(it => !codeAlphabet.includes(it))) return false
  return checkCharacter(code.slice(0, -1)) !== code.at(-1)
}
