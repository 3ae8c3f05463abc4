import { Select, Stack, Text, Title } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { dateIn, plusDays, startOfDate } from '../../faces/days.ts'
import { formatMoney, formatNumber } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { Activity, ActivityRow, Workspace } from '../../sdk/index.ts'
import { Chart } from '../parts/chart.tsx'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { Problem } from '../parts/problem.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { changeOf, isMoney, type Measure, measures, sumOf } from './measures.ts'

const everyMs = 60_000
const shown = ['given', 'used', 'discount', 'revenue'] as const

type Props = { readonly workspace: Workspace; readonly nowMs: number }

const useAmounts = (currency: string): ((measure: Measure, value: number) => string) => {
  const { language } = useWords()
  return (measure, value) => (isMoney(measure) ? formatMoney(value, currency, language) : formatNumber(value, language))
}

/** The figures of the day so far, each against what is usual by now. */
const Figures = ({ activity, currency }: { readonly activity: Activity | undefined; readonly currency: string }) => {
  const { t } = useWords()
  const amount = useAmounts(currency)
  const usual = activity?.usual && activity.usual.weeks > 0 ? activity.usual.data : undefined
  return (
    <Stats>
      {shown.map(measure => {
        const now = activity && sumOf(activity.data, measure, currency)
        const before = usual && sumOf(usual, measure, currency)
        return (
          <Stat
            key={measure}
            label={t(`home.measure.${measure}`)}
            value={now === undefined ? undefined : <bdi>{amount(measure, now)}</bdi>}
            change={now === undefined ? undefined : changeOf(now, before)}
            note={before === undefined ? undefined : t('home.usually', { value: amount(measure, before) })}
          />
        )
      })}
    </Stats>
  )
}

const hourOf = ({ bucket }: ActivityRow): number => Number(bucket.slice(11, 13))

/** From the first to the last hour in which anything happens, today or usually. */
const hoursOf = (rows: readonly ActivityRow[]): number[] => {
  const hours = rows.map(hourOf)
  if (hours.length === 0) return []
  const [first, last] = [Math.min(...hours), Math.max(...hours)]
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}

const Hours = ({ workspace, nowMs }: Props) => {
  const { t } = useWords()
  const { currency, timeZone } = workspace
  const [{ measure = 'sales' }, setFilters] = useFilters({ measure: oneOf(measures) })
  const date = dateIn(nowMs, timeZone)
  const query = {
    from: new Date(startOfDate(date, timeZone)).toISOString(),
    to: new Date(startOfDate(plusDays(date, 1), timeZone)).toISOString(),
    bucket: 'hour' as const,
    usual: true,
  }
  const { data, error, refetch } = useCall('getActivity', [query], { refetchIntervalMs: everyMs })
  if (error) return <Problem error={error} onRetry={refetch} />
  const usual = data?.usual?.data ?? []
  const hours = hoursOf([...(data?.data ?? []), ...usual])
  const hourNow = Math.floor((nowMs - startOfDate(date, timeZone)) / 3_600_000)
  const at = (rows: readonly ActivityRow[], hour: number) =>
    sumOf(
      rows.filter(row => hourOf(row) === hour),
      measure,
      currency,
    )
  const name = t(`home.measure.${measure}`)
  return (
    <Chart
      title={t('home.hours.title')}
      text={t('home.hours.text', { measure: name })}
      kind="line"
      labelTitle={t('home.hours.hour')}
      labels={hours.map(hour => `${String(hour).padStart(2, '0')}:00`)}
      series={[
        { name: t('home.today'), values: hours.map(hour => (hour > hourNow ? null : at(data?.data ?? [], hour))) },
        { name: t('home.hours.usual'), values: hours.map(hour => at(usual, hour)) },
      ]}
      {...(isMoney(measure) ? { currency } : {})}
      csv="today"
      sent={requestOf('getActivity', [query])}
      isWaiting={data === undefined}
      heightPx={260}
    >
      <Select
        size="xs"
        w={190}
        aria-label={t('home.hours.choose')}
        allowDeselect={false}
        data={measures.map(it => ({ value: it, label: t(`home.measure.${it}`) }))}
        value={measure}
        onChange={chosen => setFilters({ measure: measures.find(it => it === chosen) }, { replace: true })}
      />
    </Chart>
  )
}

type ChannelRow = {
  readonly channel: string
  readonly now: readonly ActivityRow[]
  readonly before: readonly ActivityRow[]
}

const Channels = ({ workspace, nowMs }: Props) => {
  const { t, language } = useWords()
  const { currency, timeZone } = workspace
  const amount = useAmounts(currency)
  const from = new Date(startOfDate(dateIn(nowMs, timeZone), timeZone)).toISOString()
  const query = { from, bucket: 'day' as const, by: 'channel' as const, usual: true }
  const activity = useCall('getActivity', [query], { refetchIntervalMs: everyMs })
  const rows = rowsOfCall(activity, ({ data, usual }): ChannelRow[] => {
    const before = usual?.data ?? []
    const names = [...new Set([...data, ...before].map(({ group }) => group ?? ''))].sort()
    return names.map(channel => ({
      channel,
      now: data.filter(row => (row.group ?? '') === channel),
      before: before.filter(row => (row.group ?? '') === channel),
    }))
  })
  const cell = (measure: Measure) => (row: ChannelRow) => {
    const [now, before] = [sumOf(row.now, measure, currency), sumOf(row.before, measure, currency)]
    const change = changeOf(now, before)
    return (
      <div>
        <bdi>{amount(measure, now)}</bdi>
        {change !== undefined && (
          <Text size="xs" c="dimmed">
            <bdi dir="ltr">
              {formatNumber(change, language, {
                style: 'percent',
                maximumFractionDigits: 0,
                signDisplay: 'exceptZero',
              })}
            </bdi>
          </Text>
        )}
      </div>
    )
  }
  const column = (measure: Measure) => ({
    title: t(`home.measure.${measure}`),
    cell: cell(measure),
    csv: (row: ChannelRow) => {
      const sum = sumOf(row.now, measure, currency)
      return isMoney(measure) ? csvMoney(sum, currency) : sum
    },
    align: 'end' as const,
  })
  return (
    <DataTable
      caption={t('home.channels.title')}
      keyOf={({ channel }) => channel}
      rows={rows}
      csv="today-by-channel"
      sent={requestOf('getActivity', [query])}
      empty={<Text p="md">{t('home.channels.none')}</Text>}
      columns={[
        {
          title: t('home.channels.channel'),
          cell: ({ channel }) => <bdi>{channel || '–'}</bdi>,
          csv: ({ channel }) => channel,
        },
        column('orders'),
        column('used'),
        column('discount'),
        column('sales'),
      ]}
    >
      <Title order={2} size="h4">
        {t('home.channels.title')}
      </Title>
    </DataTable>
  )
}

/** Today against what is usual, as a whole, by the hour and by channel. */
const Today = (props: Props) => {
  const { t } = useWords()
  const { currency, timeZone } = props.workspace
  const from = new Date(startOfDate(dateIn(props.nowMs, timeZone), timeZone)).toISOString()
  const query = { from, bucket: 'day' as const, usual: true }
  const { data, error, refetch } = useCall('getActivity', [query], { refetchIntervalMs: everyMs })
  return (
    <Stack gap="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('home.today')}
        </Title>
        <Text size="sm" c="dimmed">
          {t(data?.usual?.weeks === 0 ? 'home.noUsual' : 'home.against')}
        </Text>
        {error ? <Problem error={error} onRetry={refetch} /> : <Figures activity={data} currency={currency} />}
      </Stack>
      <Hours {...props} />
      <Channels {...props} />
    </Stack>
  )
}

export default Today
