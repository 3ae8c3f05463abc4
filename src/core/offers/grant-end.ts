import { localParts, startOfLocalDate } from '../kernel/time.ts'

const dayMs = 86_400_000

/**
 * When a grant ends: with the local day that lies so many days after the one it was issued on, so that "30 days" never ends in the
 * middle of somebody's shopping. Exclusive, like every end.
 *
 *     // issued on 1 March 2026 at 10:00 in Rome: until the end of 31 March, summer time since
 *     formatInstant(grantEnd(Date.parse('2026-03-01T09:00:00Z'), 30, 'Europe/Rome'))   // '2026-03-31T22:00:00.000Z'
 */
export const grantEnd = (issuedAt: number, grantDays: number, timeZone: string): number => {
  const { year, month, day } = localParts(issuedAt, timeZone)
  const after = Date.UTC(year, month - 1, day) + (grantDays + 1) * dayMs
  return startOfLocalDate(localParts(after, 'UTC').date, timeZone)
}
