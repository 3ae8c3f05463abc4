import { formatMoney, formatTime } from './format.ts'
import type { Language } from './languages.ts'

type Reader = { readonly language: Language; readonly currency: string | undefined }

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)

/** Minor units of the order's currency. */
const isAmount = new Set(['total', 'expected'])

const written = (value: unknown, { language, currency }: Reader, isMoney: boolean): string =>
  typeof value === 'string' && isTime(value)
    ? formatTime(value, 'dateTime', language)
    : typeof value === 'number' && isMoney && currency !== undefined
      ? formatMoney(value, currency, language)
      : Array.isArray(value)
        ? value.join(', ')
        : String(value)

/**
 * Details of a refusal as the reader writes them: times on her clock, lists with commas, amounts with their currency.
 *
 *     writtenDetails({ endedAt: '2026-02-28T23:00:00Z' }, reader)   // { endedAt: '1 Mar 2026, 00:00' }
 */
export const writtenDetails = (
  details: Readonly<Record<string, unknown>>,
  reader: Reader,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, written(value, reader, isAmount.has(name))]))
