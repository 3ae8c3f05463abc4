import type { TFunction } from 'i18next'
import { formatNumber, formatTime } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import type { Code, Offer } from '../../sdk/index.ts'

type Words = { readonly t: TFunction; readonly language: Language }

/**
 * What stops a code wherever it is shown, as a sentence each; none where only the basket or the buyer may. `nowMs` is asked for because offers
 * begin and end.
 */
export const stopsOf = (code: Code, offer: Offer, nowMs: number, { t, language }: Words): readonly string[] => {
  const { from, to, timeZone } = offer.validity
  const { perCode } = offer.limits
  const time = (at: string) => formatTime(at, 'dateTime', language, timeZone)
  const taken = code.uses + code.held
  return [
    ...(code.blockedAt === null ? [] : [t('codes.stop.blocked', { time: time(code.blockedAt) })]),
    ...(offer.state === 'paused' ? [t('codes.stop.paused')] : []),
    ...(offer.state === 'ended' ? [t('codes.stop.ended')] : []),
    ...(from !== undefined && Date.parse(from) > nowMs ? [t('codes.stop.notStarted', { time: time(from) })] : []),
    ...(to !== undefined && Date.parse(to) <= nowMs ? [t('codes.stop.over', { time: time(to) })] : []),
    ...(perCode !== undefined && taken >= perCode
      ? [t('codes.stop.used', { count: perCode, value: formatNumber(perCode, language) })]
      : []),
  ]
}
