import { Center, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useId, useState } from 'react'
import type { Sent } from '../../faces/api.ts'
import { formatMoney, formatNumber } from '../../faces/format.ts'
import { type CsvAmount, type CsvCell, csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import classes from './chart.module.css'
import { DataTable, rowsOfArray } from './data-table.tsx'
import type { ChartData } from './drawing.tsx'

const Drawing = lazy(() => import('./drawing.tsx'))

type Props = ChartData & {
  readonly title: string
  /** What can be read from it, in a sentence: for those who do not see it. */
  readonly text: string
  readonly kind: 'line' | 'bar' | 'stacked'
  /** The head of the first column of its table. */
  readonly labelTitle: string
  /** Of its figures, which are then minor units; without it they are counts. */
  readonly currency?: string
  /** How its figures are written where they are neither money nor counts: points. */
  readonly write?: { readonly text: (value: number) => string; readonly csv: (value: number) => CsvCell | CsvAmount }
  /** What its table tells, where that is more than the picture shows. */
  readonly tableSeries?: ChartData['series']
  readonly csv: string
  readonly sent?: Sent
  readonly heightPx?: number
  /** What it shows is on its way. */
  readonly isWaiting?: boolean
  /** What chooses what it shows. */
  readonly children?: ReactNode
}

/** A picture of figures; the figures themselves as a table and as CSV; and the call that answers them. */
export const Chart = ({
  title,
  text,
  kind,
  labels,
  series,
  labelTitle,
  currency,
  write,
  tableSeries = series,
  csv,
  sent,
  heightPx = 280,
  isWaiting = false,
  children,
}: Props) => {
  const { t, language } = useWords()
  const plain = {
    text: (value: number) =>
      currency === undefined ? formatNumber(value, language) : formatMoney(value, currency, language),
    csv: (value: number) => (currency === undefined ? value : csvMoney(value, currency)),
  }
  const { text: format, csv: inCsv } = write ?? plain
  const [view, setView] = useState('picture')
  const id = useId()
  return (
    <section className={classes.card} aria-labelledby={id}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text component="h2" id={id} fw={600}>
            {title}
          </Text>
          <Group gap="xs">
            {children}
            <SegmentedControl
              size="xs"
              aria-label={title}
              value={view}
              onChange={setView}
              data={[
                { value: 'picture', label: t('common.chart.picture') },
                { value: 'table', label: t('common.chart.table') },
              ]}
            />
          </Group>
        </Group>
        {isWaiting ? (
          <Skeleton height={heightPx} aria-busy="true" />
        ) : view === 'picture' ? (
          <figure className={classes.figure}>
            {labels.length === 0 ? (
              <Center h={heightPx} c="dimmed">
                {t('common.chart.nothing')}
              </Center>
            ) : (
              <Suspense fallback={<Skeleton height={heightPx} />}>
                <Drawing kind={kind} labels={labels} series={series} format={format} heightPx={heightPx} text={text} />
              </Suspense>
            )}
            <figcaption>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
            </figcaption>
          </figure>
        ) : (
          <DataTable
            caption={title}
            columns={[
              { title: labelTitle, cell: ({ label }) => label, csv: ({ label }) => label },
              ...tableSeries.map(({ name, values }) => ({
                title: name,
                align: 'end' as const,
                cell: ({ place }: { readonly place: number }) => {
                  const value = values[place] ?? null
                  return value === null ? '–' : <bdi>{format(value)}</bdi>
                },
                csv: ({ place }: { readonly place: number }) => {
                  const value = values[place] ?? null
                  return value === null ? value : inCsv(value)
                },
              })),
            ]}
            keyOf={({ label }) => label}
            rows={rowsOfArray(labels.map((label, place) => ({ label, place })))}
            empty={<Text p="md">{t('common.chart.nothing')}</Text>}
            csv={csv}
            {...(sent === undefined ? {} : { sent })}
          />
        )}
      </Stack>
    </section>
  )
}
