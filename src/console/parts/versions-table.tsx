import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Sent } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import { DataTable, type Rows } from './data-table.tsx'
import { ActorName } from './named.tsx'
import { When } from './values.tsx'

type Version = { readonly version: number; readonly changedBy: string; readonly changedAt: string }

type Props<T> = {
  /** Of what they are, for the name of the CSV. */
  readonly id: string
  /** As the API gives them: the first one first. */
  readonly list: Rows<T>
  readonly sent: Sent
  /** What it says otherwise than the one before, a line a change; `before` is undefined of the first. */
  readonly changesOf: (version: T, before: T | undefined) => readonly string[]
  /** What the first one says. */
  readonly firstOf?: (version: T) => string
  /** What can be done with a version. */
  readonly actionOf?: ((version: T) => ReactNode) | undefined
}

/** Who changed something, when, and what; the newest first. */
export const VersionsTable = <T extends Version>({ id, list, sent, changesOf, firstOf, actionOf }: Props<T>) => {
  const { t, language } = useWords()
  const all = list.rows ?? []
  const linesOf = (row: T): readonly string[] =>
    row.version === 1
      ? [t('offers.versions.first'), ...(firstOf ? [firstOf(row)] : [])]
      : changesOf(
          row,
          all.find(({ version }) => version === row.version - 1),
        )
  return (
    <DataTable
      caption={t('offers.tab.versions')}
      keyOf={row => String(row.version)}
      rows={{ ...list, rows: list.rows && [...list.rows].reverse() }}
      csv={`${id}-versions`}
      sent={sent}
      empty={<Text p="md">{t('common.nothing')}</Text>}
      columns={[
        {
          title: t('offers.column.version'),
          cell: row => <bdi>{formatNumber(row.version, language)}</bdi>,
          csv: row => row.version,
        },
        {
          title: t('offers.versions.changes'),
          cell: row =>
            linesOf(row).map(line => (
              <div key={line} style={{ overflowWrap: 'anywhere' }}>
                <bdi>{line}</bdi>
              </div>
            )),
          csv: row => linesOf(row).join('\n'),
        },
        {
          title: t('offers.column.changedBy'),
          cell: row => (
            <span style={{ whiteSpace: 'nowrap' }}>
              <ActorName id={row.changedBy} />
            </span>
          ),
          csv: row => row.changedBy,
        },
        {
          title: t('offers.column.changed'),
          cell: row => <When at={row.changedAt} />,
          csv: row => row.changedAt,
          align: 'end',
        },
        ...(actionOf
          ? [
              {
                title: t('settings.actions'),
                align: 'end' as const,
                cell: actionOf,
              },
            ]
          : []),
      ]}
    />
  )
}
