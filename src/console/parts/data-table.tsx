import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Sent } from '../../faces/api.ts'
import { saveCsv } from '../../faces/csv.ts'
import { type CsvAmount, type CsvCell, tableCsv } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { ListPage } from '../../sdk/index.ts'
import classes from './data-table.module.css'
import { Problem } from './problem.tsx'
import { RepeatCall } from './repeat-call.tsx'

export type Column<T> = {
  /** The head of the column here and in the CSV. */
  readonly title: string
  readonly cell: (row: T) => ReactNode
  /** What the CSV says, money by `csvMoney`; a column without it is not in the CSV. */
  readonly csv?: (row: T) => CsvCell | CsvAmount
  /** Numbers stand at the end of their column. */
  readonly align?: 'end'
  /** What stands below the column: a sum. */
  readonly foot?: ReactNode
}

/** Rows as they come: what there is, and how there is more. */
export type Rows<T> = {
  readonly rows: readonly T[] | undefined
  readonly error: unknown
  readonly retry: () => unknown
  readonly isFetchingMore: boolean
  /** Undefined: these are all. */
  readonly fetchMore: (() => unknown) | undefined
  /** Everything, also what is not on the screen. */
  readonly fetchAll: () => Promise<readonly T[]>
}

/** Of `useList`. */
export const rowsOfList = <T,>(list: UseInfiniteQueryResult<InfiniteData<ListPage<T>>>): Rows<T> => {
  const flat = (data: InfiniteData<ListPage<T>> | undefined) => data?.pages.flatMap(page => page.data)
  return {
    rows: flat(list.data),
    error: list.error,
    retry: list.refetch,
    isFetchingMore: list.isFetchingNextPage,
    fetchMore: list.hasNextPage ? () => list.fetchNextPage() : undefined,
    fetchAll: async () => {
      let all = list
      while (all.hasNextPage && !all.error) all = (await list.fetchNextPage()) as typeof list
      if (all.error) throw all.error
      return flat(all.data) ?? []
    },
  }
}

/** Of `useCall`, where an answer is the rows. */
export const rowsOfCall = <A, T>(query: UseQueryResult<A>, rowsOf: (answer: A) => readonly T[]): Rows<T> => {
  const rows = query.data === undefined ? undefined : rowsOf(query.data)
  return {
    rows,
    error: query.error,
    retry: query.refetch,
    isFetchingMore: false,
    fetchMore: undefined,
    fetchAll: async () => rows ?? [],
  }
}

/** Of what is known already. */
export const rowsOfArray = <T,>(rows: readonly T[]): Rows<T> => ({
  rows,
  error: null,
  retry: () => undefined,
  isFetchingMore: false,
  fetchMore: undefined,
  fetchAll: async () => rows,
})

type Props<T> = {
  /** What the table shows, for those who hear it. */
  readonly caption: string
  /** The first one names the row, and heads its card on a phone. */
  readonly columns: readonly Column<T>[]
  readonly keyOf: (row: T) => string
  readonly rows: Rows<T>
  /** Instead of a table without rows. */
  readonly empty: ReactNode
  /** The name of the CSV; no button without it. */
  readonly csv?: string
  /** The call that answers these rows. */
  readonly sent?: Sent
  /** Filters, before the buttons. */
  readonly children?: ReactNode
}

/** A list: a table where there is room, a card for each row on a phone. */
export const DataTable = <T,>({ caption, columns, keyOf, rows, empty, csv, sent, children }: Props<T>) => {
  const { t } = useWords()
  const [saving, setSaving] = useState<'no' | 'yes' | { readonly error: unknown }>('no')
  const save = async (): Promise<void> => {
    setSaving('yes')
    try {
      const all = await rows.fetchAll()
      saveCsv(csv ?? '', tableCsv(columns, all, t('common.currency')))
      setSaving('no')
    } catch (error) {
      setSaving({ error })
    }
  }
  const shown = rows.rows
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="sm" className={classes.tools}>
        <Group gap="sm" align="flex-end" className={classes.filters}>
          {children}
        </Group>
        <Group gap="xs">
          {csv !== undefined && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={saving === 'yes'}
              disabled={shown === undefined || shown.length === 0}
              onClick={save}
            >
              CSV
            </Button>
          )}
          {sent && <RepeatCall sent={sent} />}
        </Group>
      </Group>
      {typeof saving === 'object' && <Problem error={saving.error} onRetry={save} />}
      {rows.error !== null && <Problem error={rows.error} onRetry={rows.retry} />}
      {shown === undefined && rows.error === null && <Waiting />}
      {shown?.length === 0 && <div className={classes.frame}>{empty}</div>}
      {shown !== undefined && shown.length > 0 && (
        <div className={classes.frame}>
          <Table caption={caption} columns={columns} keyOf={keyOf} rows={shown} />
        </div>
      )}
      {rows.fetchMore && (
        <Group justify="center">
          <Button variant="default" loading={rows.isFetchingMore} onClick={rows.fetchMore}>
            {t('common.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

type TableProps<T> = Pick<Props<T>, 'caption' | 'columns' | 'keyOf'> & { readonly rows: readonly T[] }

/** The table alone. Its roles are written out, because as cards it is displayed as blocks, and browsers then forget them. */
const Table = <T,>({ caption, columns, keyOf, rows }: TableProps<T>) => (
  // biome-ignore-start lint/a11y/noRedundantRoles: see above
  <table className={classes.table} role="table">
    <caption className="visually-hidden">{caption}</caption>
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ title, align }) => (
          <th key={title} scope="col" role="columnheader" className={align === 'end' ? classes.end : undefined}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {rows.map(row => (
        <tr key={keyOf(row)} role="row">
          {columns.map(({ title, cell, align }, place) => (
            <td
              key={title}
              role="cell"
              data-title={title}
              className={[align === 'end' ? classes.end : '', place === 0 ? classes.main : ''].join(' ')}
            >
              <div className={classes.cell}>{cell(row)}</div>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
    {columns.some(({ foot }) => foot !== undefined) && (
      <tfoot role="rowgroup">
        <tr role="row">
          {columns.map(({ title, foot, align }, place) => (
            <td
              key={title}
              role="cell"
              data-title={title}
              data-empty={foot === undefined}
              className={[align === 'end' ? classes.end : '', place === 0 ? classes.main : ''].join(' ')}
            >
              {foot}
            </td>
          ))}
        </tr>
      </tfoot>
    )}
  </table>
  // biome-ignore-end lint/a11y/noRedundantRoles: see above
)

const Waiting = () => {
  const { t } = useWords()
  return (
    <div className={classes.frame} aria-busy="true">
      <Text className="visually-hidden" role="status">
        {t('common.loading')}
      </Text>
      <Stack gap="sm" p="md">
        {['a', 'b', 'c', 'd', 'e'].map(key => (
          <Skeleton key={key} height={24} />
        ))}
      </Stack>
    </div>
  )
}
