/** Times on the wall of a place, for fields of forms: `2026-03-01T09:30`, as `<input type="datetime-local">` has them. */

const wallMs = (atMs: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs)
  const number = (type: string) => Number(parts.find(part => part.type === type)?.value)
  return Date.UTC(
    number('year'),
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  )
}

/** `wallTime('2026-03-01T08:00:00Z', 'Europe/Rome')` is `2026-03-01T09:00`. */
export const wallTime = (instant: string, timeZone: string): string =>
  new Date(wallMs(Date.parse(instant), timeZone)).toISOString().slice(0, 16)

/**
 * The instant at which a clock there shows this; of a time that clocks skip the one just as far behind, of one that they show twice the first.
 *
 *     instantAt('2026-03-01T09:00', 'Europe/Rome')   // '2026-03-01T08:00:00.000Z'
 */
export const instantAt = (wall: string, timeZone: string): string | undefined => {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) ? Date.parse(`${wall}:00Z`) : Number.NaN
  if (Number.isNaN(shown)) return undefined
  const dayMs = 86_400_000
  // Zones change their clocks at most once a day: one of the offsets around it is right.
  const [before, after] = [shown - dayMs, shown + dayMs].map(at => wallMs(at, timeZone) - at)
  const found = [before!, after!].map(offset => shown - offset).find(at => wallMs(at, timeZone) === shown)
  return new Date(found ?? shown - before!).toISOString()
}
