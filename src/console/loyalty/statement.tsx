import type { ReactNode } from 'react'
import type { Sent } from '../../faces/api.ts'
import { formatMoney } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { LiabilityRow } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { type Column, DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { amountOf, isPoints, type Line, movements, standings } from './liability-lines.ts'

const ends: readonly Line[] = ['opening', 'closing']
const lines: readonly Line[] = ['opening', ...movements, 'closing', ...standings]

type Props = {
  readonly caption: string
  /** Of one month, an asset a row. */
  readonly rows: readonly LiabilityRow[]
  readonly sent: Sent
  readonly empty: ReactNode
  /** Buttons. */
  readonly children?: ReactNode
}

/** One month as books write it: a line a movement from the opening to the closing, an asset a column, points also in money. */
export const Statement = ({ caption, rows, sent, empty, children }: Props) => {
  const { t, language } = useWords()
  const assets = useAssets()
  const columnOf = (row: LiabilityRow, as: 'own' | 'money', title: string): Column<Line> => ({
    title,
    cell: line => {
      const value = amountOf(row, line, as)
      const written =
        as === 'money' ? formatMoney(value, row.money?.currency ?? '', language) : assets.figure(row.asset, value)
      return ends.includes(line) ? <bdi style={{ fontWeight: 600 }}>{written}</bdi> : <bdi>{written}</bdi>
    },
    align: 'end',
  })
  const told = rows.filter(row => lines.some(line => amountOf(row, line, 'own') !== 0))
  const columns = told.flatMap(row => {
    const name = assets.name(row.asset)
    if (!isPoints(row)) return [columnOf(row, 'own', name)]
    const own = columnOf(row, 'own', `${name} (${assets.unit(row.asset)})`)
    return row.money === null ? [own] : [own, columnOf(row, 'money', `${name} (${row.money.currency})`)]
  })
  const isTold = (line: Line) =>
    ends.includes(line) || told.some(row => amountOf(row, line, 'own') !== 0 || amountOf(row, line, 'money') !== 0)
  return (
    <DataTable<Line>
      caption={caption}
      keyOf={line => line}
      rows={rowsOfArray(told.length === 0 ? [] : lines.filter(isTold))}
      sent={sent}
      empty={empty}
      columns={[
        {
          title: t('loyalty.closing.line'),
          cell: line => t(`loyalty.liability.line.${line}`),
        },
        ...columns,
      ]}
    >
      {children}
    </DataTable>
  )
}
