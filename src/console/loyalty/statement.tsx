import { Text } from '@mantine/core'
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

/** One month as books write it: a line a movement from the opening to the closing, an asset a column; below points what they are worth. */
export const Statement = ({ caption, rows, sent, empty, children }: Props) => {
  const { t, language } = useWords()
  const assets = useAssets()
  const told = rows.filter(row => lines.some(line => amountOf(row, line, 'own') !== 0))
  const written = (row: LiabilityRow, line: Line, as: 'own' | 'money'): string => {
    const value = amountOf(row, line, as)
    if (value === 0 && !ends.includes(line)) return '–'
    return as === 'money' ? formatMoney(value, row.money?.currency ?? '', language) : assets.figure(row.asset, value)
  }
  const columns = told.map(
    (row): Column<Line> => ({
      title: isPoints(row) ? `${assets.name(row.asset)} (${assets.unit(row.asset)})` : assets.name(row.asset),
      cell: line => (
        <>
          <bdi style={ends.includes(line) ? { fontWeight: 600 } : undefined}>{written(row, line, 'own')}</bdi>
          {isPoints(row) && row.money !== null && amountOf(row, line, 'money') !== 0 && (
            <Text size="sm" c="dimmed">
              <bdi>{written(row, line, 'money')}</bdi>
            </Text>
          )}
        </>
      ),
      align: 'end',
    }),
  )
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
