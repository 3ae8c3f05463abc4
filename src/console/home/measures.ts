import type { ActivityRow } from '../../sdk/index.ts'

/** What a day is measured by; the last three are money. */
export const measures = ['orders', 'given', 'used', 'discount', 'revenue', 'sales'] as const
export type Measure = (typeof measures)[number]

const moneys = ['discount', 'revenue', 'sales'] as const
type MoneyMeasure = (typeof moneys)[number]
export const isMoney = (measure: Measure): measure is MoneyMeasure => moneys.some(it => it === measure)

/** Of rows together; money in one currency only, because currencies are never added up. */
export const sumOf = (rows: readonly ActivityRow[], measure: Measure, currency: string): number =>
  rows.reduce((sum, row) => {
    if (!isMoney(measure)) return sum + row[measure]
    return sum + (row.amounts.find(amount => amount.currency === currency)?.[measure] ?? 0)
  }, 0)

/** `changeOf(12, 10)` is 0.2; undefined where there was nothing to compare with. */
export const changeOf = (now: number, before: number | undefined): number | undefined =>
  before === undefined || before <= 0 ? undefined : now / before - 1
