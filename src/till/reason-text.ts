import type { TFunction } from 'i18next'
import type { Language } from '../faces/languages.ts'
import { writtenDetails } from '../faces/written-details.ts'

type Told = { readonly code: string; readonly message: string; readonly details?: Readonly<Record<string, unknown>> }
type Reader = { readonly t: TFunction; readonly language: Language; readonly currency: string | undefined }

/**
 * Why not, as one says it to a customer, in the reader's language; what the till has no words for is said as the server says it.
 *
 *     reasonText({ code: 'offer_expired', message: '…', details: { endedAt: '2026-02-28T23:00:00Z' } }, reader)   // 'It ended on 1 Mar 2026, 00:00.'
 */
export const reasonText = ({ code, message, details = {} }: Told, reader: Reader): string => {
  const { because, why, reason } = details
  return reader.t(`reason.${code}`, {
    ...writtenDetails(details, reader),
    // A server that is older than the till has its English alone.
    because: reader.t(`reason.because.${because}`, { defaultValue: String(why ?? reason ?? '') }),
    defaultValue: message,
  })
}
