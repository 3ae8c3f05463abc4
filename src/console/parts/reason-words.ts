import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import { writtenDetails } from '../../faces/written-details.ts'

export type Reason = {
  readonly code: string
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

export type Words = { readonly t: TFunction; readonly language: Language }

/** A limit as answers name it: `uses`, `per location`, `budget`… */
type Limit = { readonly limit: string; readonly allowed: number; readonly period?: string | undefined }

/**
 * A limit of an offer amid a sentence; the API's own name of one that is not known here. A budget is in `currency`.
 *
 *     limitName({ limit: 'per location', allowed: 5, period: 'day' }, undefined, words)   // '5 uses a location, a day'
 */
export const limitName = (
  { limit, allowed, period = 'ever' }: Limit,
  currency: string | undefined,
  { t, language }: Words,
): string => {
  const value = formatNumber(allowed, language)
  const periodWords = t(`offers.limit.period.${period}`)
  switch (limit) {
    case 'uses':
    case 'perPerson':
    case 'perCode':
      return t(`offers.limit.${limit}`, { count: allowed, value })
    case 'per':
    case 'per person':
    case 'per location':
    case 'per channel': {
      const by = t(`offers.limit.by.${limit === 'per' ? 'offer' : limit.slice('per '.length)}`)
      return t('offers.limit.per', { count: allowed, value, by, period: periodWords })
    }
    case 'budget':
      return currency === undefined
        ? t('reason.limit.budget')
        : t('offers.limit.budget', { amount: formatMoney(allowed, currency, language) })
    case 'stock':
    case 'chance':
    case 'cap':
      return t(`reason.limit.${limit}`, { value, period: periodWords })
    default:
      return limit
  }
}

/** What is written from left to right stays so amid words from right to left (U+2066 … U+2069). */
const leftToRight = (text: string): string => `\u2066${text}\u2069`

export type ReasonHere = {
  /** Of amounts in the details. */
  readonly currency?: string | undefined
  /** The words of a condition; undefined of CEL that they cannot show. */
  readonly sayCondition?: ((cel: string) => string | undefined) | undefined
}

type Details = NonNullable<Reason['details']>
type Told = Readonly<Record<string, string>>

/** Details that are words of the server's, in the reader's; `written` are all of them as she writes them. */
const namedDetails = (details: Details, written: Told, words: Words, { currency, sayCondition }: ReasonHere): Told => {
  const { t, language } = words
  const { limit, part, state, role, because, why, reason, mistake, askedBy } = details
  return {
    ...(typeof limit === 'string' && { limit: limitName(details as Limit, currency, words) }),
    ...(typeof part === 'string' && { part: sayCondition?.(part) ?? leftToRight(part) }),
    ...(typeof state === 'string' && { state: t(`common.states.${state}`, { defaultValue: state }) }),
    ...(typeof role === 'string' && { role: t(`shell.roles.${role}`, { defaultValue: role }) }),
    // The language that conditions are written in speaks English.
    ...(typeof mistake === 'string' && { mistake: leftToRight(mistake) }),
    ...(Array.isArray(askedBy) && { by: formatList(askedBy.map(String), language) }),
    // What was stored by an older server has its English alone.
    because: t(`reason.because.${because}`, { ...written, defaultValue: String(why ?? reason ?? '') }),
  }
}

/**
 * Why not, in the reader's language; what the console has no words for is said as the server says it.
 *
 *     reasonWords({ code: 'offer_expired', message: '…', details: { endedAt: '2026-02-28T23:00:00Z' } }, words)   // 'The offer ended on 1 Mar 2026, 00:00.'
 */
export const reasonWords = ({ code, message, details = {} }: Reason, words: Words, here: ReasonHere = {}): string => {
  const { t, language } = words
  const points = (value: number): string => t('orders.points', { count: value, value: formatNumber(value, language) })
  const written = writtenDetails(details, { language, currency: here.currency, points })
  return t(`reason.${code}`, { ...written, ...namedDetails(details, written, words, here), defaultValue: message })
}
