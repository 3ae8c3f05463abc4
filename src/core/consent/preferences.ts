import { localParts } from '../kernel/time.ts'

/** Local times `HH:MM` between which nothing is sent; over midnight where `from` is later than `to`. Without a time zone it is the workspace's. */
export type QuietHours = { readonly from: string; readonly to: string; readonly timeZone?: string }

/** What a person asked for on this address; what is left out means: no wish. */
export type Preferences = {
  /** Channels she does not want to be contacted on. */
  readonly channelsOff?: readonly string[]
  readonly topicsOff?: readonly string[]
  /** BCP 47 */
  readonly language?: string
  /** All of them apply. */
  readonly quietHours?: readonly QuietHours[]
  /** At most so many messages in so many days. */
  readonly atMost?: { readonly messages: number; readonly days: number }
  /** Nothing is sent before. */
  readonly pausedUntil?: number
}

type AtMost = NonNullable<Preferences['atMost']>

/** The smaller rate; of two alike the shorter period, which spreads them. */
const scarcer = (left: AtMost, right: AtMost): AtMost => {
  const difference = left.messages * right.days - right.messages * left.days
  return difference < 0 || (difference === 0 && left.days <= right.days) ? left : right
}

const union = (lists: readonly (readonly string[] | undefined)[]): readonly string[] =>
  [...new Set(lists.flatMap(list => list ?? []))].sort()

const quietKey = ({ from, to, timeZone = '' }: QuietHours): string => `${from} ${to} ${timeZone}`

/**
 * What holds for a person who said something on several addresses: the most restrictive of each wish, so that two who turn out to be one
 * lose none. The language, which restricts nothing, is that of the last address that has one.
 *
 *     effectivePreferences([{ channelsOff: ['sms'], pausedUntil: 20 }, { channelsOff: ['call'], pausedUntil: 10 }])
 *     // { channelsOff: ['call', 'sms'], pausedUntil: 20 }
 */
export const effectivePreferences = (all: readonly Preferences[]): Preferences => {
  const channelsOff = union(all.map(it => it.channelsOff))
  const topicsOff = union(all.map(it => it.topicsOff))
  const language = all.findLast(it => it.language !== undefined)?.language
  const quiet = new Map(all.flatMap(it => it.quietHours ?? []).map(it => [quietKey(it), it]))
  const quietHours = [...quiet].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it)
  const rates = all.flatMap(it => it.atMost ?? [])
  const pauses = all.flatMap(it => it.pausedUntil ?? [])
  return {
    ...(channelsOff.length > 0 && { channelsOff }),
    ...(topicsOff.length > 0 && { topicsOff }),
    ...(language !== undefined && { language }),
    ...(quietHours.length > 0 && { quietHours }),
    ...(rates.length > 0 && { atMost: rates.reduce(scarcer) }),
    ...(pauses.length > 0 && { pausedUntil: Math.max(...pauses) }),
  }
}

/** Whether a local time is one of the quiet hours: `isQuiet([{ from: '21:00', to: '08:00' }], now, 'Europe/Rome')`. */
export const isQuiet = (all: readonly QuietHours[], now: number, zoneOfWorkspace: string): boolean =>
  all.some(({ from, to, timeZone = zoneOfWorkspace }) => {
    const { hour, minute } = localParts(now, timeZone)
    const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
    return from < to ? from <= time && time < to : from <= time || time < to
  })
