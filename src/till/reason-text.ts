import type { TFunction } from 'i18next'
import { formatMoney, formatTime } from '../faces/format.ts'
import type { Language } from '../faces/languages.ts'

type Told = { readonly code: string; readonly message: string; readonly details?: Readonly<Record<string, unknown>> }
type Reader = { readonly t: TFunction; readonly language: Language; readonly currency: string | undefined }

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)

/** Details as the reader writes them: times on her clock, lists with commas, amounts with their currency. */
const written = (value: unknown, { language, currency }: Reader, isMoney: boolean): string =>
  typeof value === 'string' && isTime(value)
    ? formatTime(value, 'dateTime', language)
    : typeof value === 'number' && isMoney && currency !== undefined
      ? formatMoney(value, currency, language)
      : Array.isArray(value)
        ? value.join(', ')
        : String(value)

const isAmount = new Set(['total', 'expected'])

/**
 * Why not, as one says it to a customer, in the reader's language; what the till has no words for is said as the server says it.
 *
 *     reasonText({ code: 'offer_expired', message: '…', details: { endedAt: '2026-02-28T23:00:00Z' } }, reader)   // 'It ended on 1 Mar 2026, 00:00.'
 */
export const reasonText = ({ code, message, details = {} }: Told, reader: Reader): string => {
  const places = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, written(value, reader, isAmount.has(name))]),
  )
  return reader.t(`reason.${code}`, { ...places, defaultValue: message })
}
