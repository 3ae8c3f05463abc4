import { dateOf, localDay, localParts, startOfLocalDate } from '../kernel/time.ts'
import type { LotTerms } from '../ledger/lots.ts'
import type { Expiry, ProgrammeInput, Tiers } from './schema.ts'

const startOfDay = (day: number, timeZone: string): number => startOfLocalDate(dateOf(day), timeZone)

/** The first instant after a local date. */
const endOfDate = (date: string, timeZone: string): number =>
  startOfLocalDate(new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10), timeZone)

const pad = (part: number, digits = 2): string => String(part).padStart(digits, '0')
const lastOfMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** So many months later: the same day, or the last of a shorter month. `monthsAfter({ year: 2026, month: 1, day: 31 }, 1)` is '2026-02-28'. */
const monthsAfter = ({ year, month, day }: { year: number; month: number; day: number }, months: number): string => {
  const count = year * 12 + month - 1 + months
  const [inYear, inMonth] = [Math.floor(count / 12), (count % 12) + 1]
  return `${pad(inYear, 4)}-${pad(inMonth)}-${pad(Math.min(day, lastOfMonth(inYear, inMonth)))}`
}

/** The last day of the period of so many months that a month lies in, and so many periods later. */
const endOfMonths = ({ year, month }: { year: number; month: number }, size: number, periods: number): string => {
  const last = Math.ceil(month / size) * size + periods * size
  const [inYear, inMonth] = [year + Math.floor((last - 1) / 12), ((last - 1) % 12) + 1]
  return `${pad(inYear, 4)}-${pad(inMonth)}-${pad(lastOfMonth(inYear, inMonth))}`
}

/**
 * The first instant at which points are gone that count as earned at a time: the last day on which they can be used is inclusive, in the
 * programme's time zone. Null: they stay.
 *
 *     // Earned on 31 January: usable until the end of 28 February.
 *     formatInstant(expiryAt({ kind: 'after', months: 1 }, Date.parse('2026-01-31T10:00:00Z'), 'Europe/Rome')!)   // '2026-02-28T23:00:00.000Z'
 */
export const expiryAt = (expiry: Expiry | undefined, at: number, timeZone: string): number | null => {
  if (!expiry) return null
  switch (expiry.kind) {
    case 'after':
      return expiry.days !== undefined
        ? startOfDay(localDay(at, timeZone) + expiry.days + 1, timeZone)
        : endOfDate(monthsAfter(localParts(at, timeZone), expiry.months!), timeZone)
    case 'endOf':
      return endOfDate(
        endOfMonths(localParts(at, timeZone), expiry.period === 'month' ? 1 : 12, expiry.periods),
        timeZone,
      )
    case 'sliding':
      return startOfDay(localDay(at, timeZone) + expiry.days + 1, timeZone)
  }
}

type Terms = Pick<ProgrammeInput, 'pending' | 'expiry'>

/**
 * When points that are earned at a time can be spent, and until when. Pending for `n` days they can be from the day that is so many days
 * later on; what waits for an event with a deadline ends after its last day.
 *
 *     lotTermsOf({ pending: { days: 14 } }, Date.parse('2026-03-01T15:00:00Z'), 'Europe/Rome')
 *     // { earnedAt, activeAt: the start of 15 March in Rome, awaits: null, expiresAt: null }
 */
export const lotTermsOf = ({ pending, expiry }: Terms, at: number, timeZone: string): LotTerms => {
  const today = localDay(at, timeZone)
  const slides = expiry?.kind === 'sliding'
  const end = expiryAt(expiry, at, timeZone)
  const terms = { earnedAt: at, expiresAt: slides ? null : end, ...(slides && { endsAt: end }) }
  if (!pending) return { ...terms, activeAt: null, awaits: null }
  if (!('event' in pending)) return { ...terms, activeAt: startOfDay(today + pending.days, timeZone), awaits: null }
  const deadline = pending.days === undefined ? null : startOfDay(today + pending.days + 1, timeZone)
  return {
    ...terms,
    activeAt: null,
    awaits: pending.event,
    expiresAt:
      terms.expiresAt === null || deadline === null
        ? (deadline ?? terms.expiresAt)
        : Math.min(deadline, terms.expiresAt),
  }
}

/** Qualifying points count at once and end when the tiers' period no longer counts the day on which they were earned. */
export const qualifyingTermsOf = ({ period }: Pick<Tiers, 'period'>, at: number, timeZone: string): LotTerms => ({
  earnedAt: at,
  activeAt: null,
  awaits: null,
  expiresAt:
    'rolling' in period
      ? startOfDay(localDay(at, timeZone) + period.rolling.days, timeZone)
      : endOfDate(
          endOfMonths(localParts(at, timeZone), { month: 1, quarter: 3, year: 12 }[period.calendar], 0),
          timeZone,
        ),
})
