import type { LiabilityRow } from '../../sdk/index.ts'

/** What moves what is owed, in the order in which books tell it. */
export const movements = [
  'issued',
  'earned',
  'givenBack',
  'takenBack',
  'burned',
  'expired',
  'adjusted',
  'fees',
  'revalued',
] as const
export type Movement = (typeof movements)[number]

/** Of what the closing is made up. */
export const standings = ['spendable', 'pending', 'held', 'debt'] as const
export type Line = 'opening' | Movement | 'closing' | (typeof standings)[number]

/** What one line comes to; as money where the asset is worth some. Points themselves are never revalued. */
export const amountOf = (row: LiabilityRow, line: Line, as: 'own' | 'money'): number => {
  if (as === 'money') return row.money?.[line] ?? 0
  return line === 'revalued' ? 0 : row[line]
}

/** Stored money is money itself; points have another figure in money where their programme gives them a worth. */
export const isPoints = ({ asset }: Pick<LiabilityRow, 'asset'>): boolean => asset.startsWith('points:')

/**
 * What is owed at the end by currency: amounts of different ones are never added up.
 *
 *     owedOf(rows)   // [['EUR', 1250], ['USD', 300]], minor units
 */
export const owedOf = (rows: readonly LiabilityRow[]): readonly (readonly [currency: string, minor: number])[] => {
  const sums = new Map<string, number>()
  for (const { money } of rows) if (money) sums.set(money.currency, (sums.get(money.currency) ?? 0) + money.closing)
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A line of the journal, minor units of the currency; what has no worth in money is not in it. */
export type JournalEntry = {
  readonly period: string
  readonly asset: string
  readonly movement: Movement
  readonly currency: string
  /** Less is owed. */
  readonly debit: number
  /** More is owed. */
  readonly credit: number
}

/**
 * What a month's movements do to what is owed, as an accountant books them: a debt grows on the credit side.
 *
 *     journalOf(rows)   // [{ period: '2026-10', asset: 'points:club', movement: 'burned', currency: 'EUR', debit: 500, credit: 0 }]
 */
export const journalOf = (rows: readonly LiabilityRow[]): readonly JournalEntry[] =>
  rows.flatMap(({ period, asset, money }) =>
    money === null
      ? []
      : movements
          .map(movement => ({ movement, amount: money[movement] }))
          .filter(({ amount }) => amount !== 0)
          .map(({ movement, amount }) => ({
            period,
            asset,
            movement,
            currency: money.currency,
            debit: Math.max(0, -amount),
            credit: Math.max(0, amount),
          })),
  )
