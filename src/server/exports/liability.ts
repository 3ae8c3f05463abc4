import { formatMoney } from '../../core/kernel/money.ts'
import type { LiabilityMoney } from '../../core/measurement/liability.ts'
import type { ReportedRow } from '../reports/liability.ts'
import type { ExportRow } from './rows.ts'

const moved = [
  'opening',
  'issued',
  'earned',
  'given_back',
  'taken_back',
  'burned',
  'expired',
  'adjusted',
  'fees',
] as const

export const liabilityColumns = [
  'asset',
  'period',
  'closed',
  ...moved,
  'closing',
  'spendable',
  'pending',
  'held',
  'debt',
  'unexplained',
  'rate_points',
  'rate_worth',
  'currency',
  ...moved.map(column => `money_${column}` as const),
  'money_revalued',
  'money_closing',
] as const

/** In major units, as a number: a text that begins with a minus would be taken for a formula. */
const major = (money: LiabilityMoney | null, field: keyof Omit<LiabilityMoney, 'currency'>): number | null =>
  money && Number(formatMoney(money[field], money.currency))

export const liabilityCells = ({ money, rate, ...row }: ReportedRow): ExportRow<(typeof liabilityColumns)[number]> => ({
  asset: row.asset,
  period: row.period,
  closed: row.closed,
  opening: row.opening,
  issued: row.issued,
  earned: row.earned,
  given_back: row.givenBack,
  taken_back: row.takenBack,
  burned: row.burned,
  expired: row.expired,
  adjusted: row.adjusted,
  fees: row.fees,
  closing: row.closing,
  spendable: row.spendable,
  pending: row.pending,
  held: row.held,
  debt: row.debt,
  unexplained: row.unexplained,
  rate_points: rate?.points ?? null,
  rate_worth: rate && Number(formatMoney(rate.worth.amount, rate.worth.currency)),
  currency: money?.currency ?? null,
  money_opening: major(money, 'opening'),
  money_issued: major(money, 'issued'),
  money_earned: major(money, 'earned'),
  money_given_back: major(money, 'givenBack'),
  money_taken_back: major(money, 'takenBack'),
  money_burned: major(money, 'burned'),
  money_expired: major(money, 'expired'),
  money_adjusted: major(money, 'adjusted'),
  money_fees: major(money, 'fees'),
  money_revalued: major(money, 'revalued'),
  money_closing: major(money, 'closing'),
})
