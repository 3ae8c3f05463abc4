import type { TFunction } from 'i18next'
import { formatShare } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'

type Assumption = {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * What a simulation takes for granted, in the reader's language; what has no words here is said as the server says it.
 *
 *     assumptionWords({ code: 'same_purchases', message: '…', details: {} }, words)   // 'Everybody buys what they bought: …'
 */
export const assumptionWords = (
  // A report that is kept from before had sentences alone.
  assumption: Assumption | string,
  { t, language }: { readonly t: TFunction; readonly language: Language },
): string => {
  if (typeof assumption === 'string') return assumption
  const { code, message, details } = assumption
  const { percent } = details
  return t(`simulate.assumption.${code}`, {
    ...(typeof percent === 'number' && { percent: formatShare(percent / 100, language) }),
    defaultValue: message,
  })
}
