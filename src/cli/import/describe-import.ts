import { grouped } from '../table.ts'
import type { ImportReport } from './run-import.ts'
import type { ImportKind } from './targets.ts'

export type ImportFacts = {
  readonly kind: ImportKind
  readonly file: string
  readonly dryRun: boolean
  /** Where bad rows were written. */
  readonly errors: string | undefined
}

const isCounts = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const told = (value: unknown): string => {
  if (typeof value === 'number') return grouped(value)
  if (isCounts(value))
    return Object.entries(value)
      .map(([name, count]) => `${name} ${told(count)}`)
      .join(', ')
  return String(value)
}

const reasonLines = (reasons: ImportReport['reasons']): string[] =>
  reasons.map(
    ({ reason, rows, lines }) =>
      `  ${grouped(rows)} × ${reason}; ${rows === 1 ? 'line' : rows > lines.length ? 'first lines' : 'lines'} ${lines.join(', ')}`,
  )

/** What an import did, or with a dry run would do, for a person to read. */
export const describeImport = (report: ImportReport, { file, dryRun, errors }: ImportFacts): string => {
  const { rows, good, bad, leftOut, made, stored, known } = report
  const things = Object.entries(made).filter(([, value]) => value !== null && told(value) !== '')
  return [
    `${file}: ${grouped(rows)} rows, ${grouped(good)} good, ${grouped(bad)} bad, ${grouped(leftOut)} left out.`,
    ...(bad > 0 ? ['Bad:', ...reasonLines(report.reasons)] : []),
    ...(leftOut > 0 ? ['Left out:', ...reasonLines(report.leftOutReasons)] : []),
    `${dryRun ? 'It would make' : 'They make'} ${things.map(([name, value]) => `${name}: ${told(value)}`).join('; ')}.`,
    ...(dryRun ? ['Nothing was sent.'] : [`${grouped(stored)} stored, ${grouped(known)} were there before.`]),
    ...(bad > 0 && errors !== undefined ? [`The bad rows are in ${errors}, with their reasons.`] : []),
    ...(bad > 0 && errors === undefined
      ? ['--errors bad.csv writes the bad rows into a file, with their reasons.']
      : []),
  ].join('\n')
}
