import { dateOf, dayNumber, localDay, localParts, startOfLocalDate } from '../kernel/time.ts'
import type { ProgrammeMember, Tiers } from './schema.ts'

/**
 * Where somebody stands in a programme, as it is kept with her membership. She keeps a tier at least until `tierUntil`, which is when
 * she is asked again. `fallsTo` is set in her days of grace: the tier she falls to when they end, `''` for none.
 */
export type Rank = Pick<ProgrammeMember, 'tier' | 'tierSince' | 'tierUntil' | 'fallsTo'>

export const noRank: Rank = { tier: null, tierSince: null, tierUntil: null, fallsTo: null }

/** The place of a tier among the levels; −1 for none, and for one that the programme no longer has. */
export const levelOf = ({ levels }: Pick<Tiers, 'levels'>, tier: string | null): number =>
  levels.findIndex(it => it.id === tier)

/** The highest level that so much is enough for; −1: for none. */
export const levelReached = ({ levels }: Pick<Tiers, 'levels'>, amount: number): number =>
  levels.findLastIndex(it => it.threshold <= amount)

/** The days over which what the tiers go by is summed up, and the first instant after them. */
export type TierPeriod = {
  /** Days since 1970-01-01, both included. */
  readonly first: number
  readonly last: number
  /** A tier that is reached now is kept until then. */
  readonly end: number
}

const monthsOf = { month: 1, quarter: 3, year: 12 } as const

const firstOf = (year: number, month: number): string => `${year}-${String(month).padStart(2, '0')}-01`

/**
 * The period that an instant lies in, on the programme's clock. A calendar period is a month, quarter or year; a rolling one are the
 * days up to this one, and what it is enough for is kept for as many days.
 *
 *     tierPeriod({ calendar: 'quarter' }, Date.parse('2026-05-20T10:00:00Z'), 'Europe/Rome')
 *     // { first: 20544 (2026-04-01), last: 20593 (2026-05-20), end: 2026-06-30T22:00:00Z }
 */
export const tierPeriod = (period: Tiers['period'], at: number, timeZone: string): TierPeriod => {
  const { year, month, date } = localParts(at, timeZone)
  const last = dayNumber(date)!
  if ('rolling' in period) {
    const { days } = period.rolling
    return { first: last - days + 1, last, end: startOfLocalDate(dateOf(last + days), timeZone) }
  }
  const length = monthsOf[period.calendar]
  const start = Math.floor((month - 1) / length) * length + 1
  const next = start + length
  return {
    first: dayNumber(firstOf(year, start))!,
    last,
    end: startOfLocalDate(next > 12 ? firstOf(year + 1, 1) : firstOf(year, next), timeZone),
  }
}

/** Until when a level that is reached or kept at an instant is kept; null where nothing takes it away. */
const keptUntil = (tiers: Tiers, level: number, at: number, timeZone: string): number | null =>
  level <= levelReached(tiers, 0) || tiers.down === 'none' ? null : tierPeriod(tiers.period, at, timeZone).end

const idAt = ({ levels }: Tiers, level: number): string | null => levels[level]?.id ?? null

const atLevel = (tiers: Tiers, level: number, at: number, timeZone: string): Rank => ({
  tier: idAt(tiers, level),
  tierSince: level < 0 ? null : at,
  tierUntil: keptUntil(tiers, level, at, timeZone),
  fallsTo: null,
})

/**
 * Where she stands now that she has so much in the period: up at once, never down. In her days of grace, enough for her tier keeps it.
 *
 *     rise(tiers, noRank, 1200, now, 'Europe/Rome')   // { tier: 'gold', tierSince: now, tierUntil: the year's end, … }
 */
export const rise = (tiers: Tiers, rank: Rank, amount: number, at: number, timeZone: string): Rank => {
  const level = levelOf(tiers, rank.tier)
  const reached = levelReached(tiers, amount)
  if (reached > level) return atLevel(tiers, reached, at, timeZone)
  // One that the programme does not have any more, and nothing in its place.
  if (level < 0) return noRank
  const isSaved = rank.fallsTo !== null && reached === level
  const until = keptUntil(tiers, level, at, timeZone)
  // The programme may have been changed: then a tier ends that was for ever, or the other way round.
  const tierUntil = until === null || isSaved ? until : (rank.tierUntil ?? until)
  return { ...rank, tierUntil, fallsTo: isSaved || until === null ? null : rank.fallsTo }
}

/**
 * What becomes of her at `tierUntil`, with what she had in the period that ended then: she keeps her tier for another one, has some
 * days of grace, or falls.
 *
 *     pass(tiers, { tier: 'gold', tierUntil: newYear, … }, 400, 'Europe/Rome')   // { tier: 'silver', tierSince: newYear, … }
 */
export const pass = (tiers: Tiers, rank: Rank, amount: number, timeZone: string): Rank => {
  const at = rank.tierUntil!
  if (rank.fallsTo !== null) return atLevel(tiers, levelOf(tiers, rank.fallsTo), at, timeZone)
  const level = levelOf(tiers, rank.tier)
  const reached = levelReached(tiers, amount)
  const to = { none: level, one: Math.max(level - 1, reached), all: reached }[tiers.down]
  if (to >= level) return { ...rank, tierUntil: keptUntil(tiers, level, at, timeZone) }
  if (tiers.graceDays === 0) return atLevel(tiers, to, at, timeZone)
  const graceEnds = startOfLocalDate(dateOf(localDay(at, timeZone) + tiers.graceDays), timeZone)
  return { ...rank, tierUntil: graceEnds, fallsTo: idAt(tiers, to) ?? '' }
}

/**
 * The first anniversary of an instant after another one: the same date of a later year, 29 February on the 28th in other years.
 *
 *     anniversaryAfter(leapDay2024, now, 'Europe/Rome')   // { at: the beginning of 2027-02-28, years: 3 }
 */
export const anniversaryAfter = (
  since: number,
  after: number,
  timeZone: string,
): { readonly at: number; readonly years: number } => {
  const first = localParts(since, timeZone)
  for (let years = Math.max(1, localParts(after, timeZone).year - first.year); ; years += 1) {
    const month = `${first.year + years}-${String(first.month).padStart(2, '0')}`
    const date = `${month}-${String(first.day).padStart(2, '0')}`
    const at = startOfLocalDate(dayNumber(date) === undefined ? `${month}-28` : date, timeZone)
    if (at > after) return { at, years }
  }
}

/** What is to do for the next tier; undefined on the highest. */
export const nextTier = (
  tiers: Tiers,
  tier: string | null,
  amount: number,
): { readonly tier: string; readonly name: string; readonly needed: number } | undefined => {
  // Where she is lower than what she has is enough for, the clock has not come by yet.
  const next = tiers.levels[Math.max(levelOf(tiers, tier), levelReached(tiers, amount)) + 1]
  return next && { tier: next.id, name: next.name, needed: next.threshold - amount }
}
