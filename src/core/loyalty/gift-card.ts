import { checkCharacter, codeAlphabet, normalizeCode } from '../offers/code.ts'

/** Money on a code. Its id owns the accounts in the ledger; whoever holds the code may spend it. */
export type GiftCard = {
  readonly id: string
  /** As it is matched. */
  readonly code: string
  readonly currency: string
  /** Minor units that are on it once it is activated. */
  readonly initial: number
  readonly issuedAt: number
  readonly offerId: string | null
  /** Days it lasts from its activation; null: until `expiresAt`, or for ever. */
  readonly days: number | null
  state: 'issued' | 'active' | 'blocked'
  /** Whoever put it into her wallet. */
  holderId: string | null
  activatedAt: number | null
  expiresAt: number | null
  revision: number
}

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
