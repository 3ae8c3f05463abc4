import pg from 'pg'

type Parser = (text: string) => unknown

const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The int8 ${text} does not fit a number without loss`)
  return value
}

// `2026-11-22 17:19:36.123456+00`, as PostgreSQL writes it under TimeZone UTC. What is finer than a millisecond is dropped.
const epochMs = (text: string): number => {
  const value = Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
  if (Number.isNaN(value)) throw new RangeError(`The timestamptz ${text} has no epoch milliseconds`)
  return value
}

const asIs: Parser = text => text

const oid = {
  int8: 20,
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  timestamp: 1114,
  timestamptz: 1184,
  timestamptzArray: 1185,
}

const textArray = pg.types.getTypeParser(1009 as number, 'text') as (text: string) => (string | null)[]
const arrayOf =
  (item: Parser): Parser =>
  text =>
    textArray(text).map(value => (value === null ? null : item(value)))

const ours = new Map<number, Parser>([
  [oid.int8, wholeNumber],
  [oid.int8Array, arrayOf(wholeNumber)],
  [oid.timestamptz, epochMs],
  [oid.timestamptzArray, arrayOf(epochMs)],
  // A date or a wall-clock time is not an instant: the driver's default would read it in the time zone of this process.
  [oid.date, asIs],
  [oid.dateArray, textArray],
  [oid.timestamp, asIs],
])

/**
 * How columns become values, for both stores; see the port, `database.ts`.
 *
 *     columnTypes.getTypeParser(20)('9007199254740991')   // 9007199254740991
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    ours.get(id) ?? pg.types.getTypeParser(id, format ?? 'text'),
}
