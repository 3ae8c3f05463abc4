import type { TFunction } from 'i18next'
import type { Language } from '../../faces/languages.ts'
import { writtenDetails } from '../../faces/written-details.ts'

type Told = { readonly code: string; readonly message: string; readonly details: Readonly<Record<string, unknown>> }

/**
 * Why not, to the customer herself, with what to do; what the wallet has no words for is said as the server says it.
 *
 *     problemText({ code: 'offer_expired', message: '…', details: {} }, words)   // 'This has ended.'
 */
export const problemText = (
  { code, message, details }: Told,
  { t, language }: { readonly t: TFunction; readonly language: Language },
): string =>
  t(`problem.${code}`, { ...writtenDetails(details, { language, currency: undefined }), defaultValue: message })
