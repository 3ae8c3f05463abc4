import { Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { dateIn } from '../../faces/days.ts'
import { formatMoney, formatMonth } from '../../faces/format.ts'
import { useApi, useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { LiabilityRow } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { Chart } from '../parts/chart.tsx'
import { type Column, DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { ExportButton } from '../parts/export-button.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { useNowMs, useWorkspace } from '../parts/use-workspace.ts'
import { Money } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { monthsTo } from '../reports/period.ts'
import { useBefore } from '../reports/report-words.ts'
import { amountOf, isPoints, movements, owedOf, standings } from './liability-lines.ts'

const counts = ['6', '12', '24'] as const
const filters = { months: oneOf(counts), asset: text, as: oneOf(['own', 'money']) }

const firstCredit = {
  method: 'POST',
  path: '/v1/credits',
  body: { person: 'email:ana@example.com', amount: 1500, currency: 'EUR', reason: 'goodwill' },
} as const

type OverTime = {
  readonly rows: readonly LiabilityRow[]
  readonly months: readonly string[]
  readonly query: { readonly from: string; readonly to: string }
}

const useMonthNames = (months: readonly string[]): readonly string[] => {
  const { language } = useWords()
  return months.map(month => formatMonth(month, language, 'short'))
}

/** What is owed in all at the end of the last month, a figure a currency. */
const Totals = ({ rows, months }: OverTime) => {
  const { t, language } = useWords()
  const before = useBefore()
  const inMonth = (month: string | undefined) => owedOf(rows.filter(({ period }) => period === month))
  const last = new Map(inMonth(months.at(-2)))
  return (
    <Stats>
      {inMonth(months.at(-1)).map(([currency, owed]) => {
        const earlier = last.get(currency) ?? 0
        return (
          <Stat
            key={currency}
            label={t('loyalty.liability.owed', { currency })}
            value={<Money minor={owed} currency={currency} />}
            note={before(formatMoney(earlier, currency, language), owed, earlier)}
          />
        )
      })}
    </Stats>
  )
}

/** Of what the debt of the last month is made up, an asset a line. */
const Standing = ({ rows, months, query }: OverTime) => {
  const { t } = useWords()
  const assets = useAssets()
  const now = rows.filter(({ period }) => period === months.at(-1))
  const shown = standings.filter(line => line === 'spendable' || now.some(row => row[line] !== 0))
  const columns: Column<LiabilityRow>[] = [
    {
      title: t('loyalty.liability.asset'),
      cell: ({ asset }) => <bdi>{assets.name(asset)}</bdi>,
      csv: ({ asset }) => asset,
    },
    ...shown.map(line => ({
      title: t(`loyalty.liability.line.${line}`),
      cell: (row: LiabilityRow) => <bdi>{assets.amount(row.asset, row[line])}</bdi>,
      csv: (row: LiabilityRow) => assets.csv(row.asset, row[line]),
      align: 'end' as const,
    })),
    {
      title: t('loyalty.liability.worth'),
      cell: ({ money }) => (money ? <Money minor={money.closing} currency={money.currency} /> : '–'),
      csv: ({ money }) => money && csvMoney(money.closing, money.currency),
      align: 'end',
    },
  ]
  return (
    <Section title={t('loyalty.liability.now')}>
      <DataTable
        caption={t('loyalty.liability.now')}
        columns={columns}
        keyOf={({ asset }) => asset}
        rows={rowsOfArray(now)}
        csv="liability-now"
        sent={requestOf('getLiability', [{ from: query.to, to: query.to }])}
        empty={<Text p="md">{t('common.nothing')}</Text>}
      />
    </Section>
  )
}

/** What is owed at the end of each month in money, one picture a currency, because currencies are never added up. */
const Owed = ({ rows, months, query }: OverTime) => {
  const { t } = useWords()
  const assets = useAssets()
  const labels = useMonthNames(months)
  const found = [...new Set(rows.flatMap(({ money }) => (money ? [money.currency] : [])))].sort()
  return found.map(currency => {
    const its = rows.filter(({ money }) => money?.currency === currency)
    return (
      <Chart
        key={currency}
        title={t('loyalty.liability.byMonth', { currency })}
        text={t('loyalty.liability.byMonthText')}
        kind="stacked"
        labelTitle={t('loyalty.liability.month')}
        labels={labels}
        series={[...new Set(its.map(({ asset }) => asset))].map(asset => ({
          name: assets.name(asset),
          values: months.map(
            month => its.find(row => row.asset === asset && row.period === month)?.money?.closing ?? null,
          ),
        }))}
        currency={currency}
        csv={`liability-${currency}`}
        sent={requestOf('getLiability', [query])}
      />
    )
  })
}

/** From the opening to the closing of each month in one asset: the picture shows what moved it, its table also from what to what. */
const Moved = ({ rows, months, query }: OverTime) => {
  const { t } = useWords()
  const assets = useAssets()
  const labels = useMonthNames(months)
  const [{ asset: wanted, as: wantedAs = 'own' }, setFilters] = useFilters(filters)
  const known = [...new Set(rows.map(({ asset }) => asset))]
  const asset = known.find(it => it === wanted) ?? rows.find(isPoints)?.asset ?? known[0] ?? ''
  const its = rows.filter(row => row.asset === asset)
  const currency = its.findLast(({ money }) => money !== null)?.money?.currency
  const hasChoice = currency !== undefined && its.some(isPoints)
  const as = hasChoice ? wantedAs : 'own'
  const line = (name: Parameters<typeof amountOf>[1]) => ({
    name: t(`loyalty.liability.line.${name}`),
    values: months.map(month => {
      const row = its.find(({ period }) => period === month)
      return row ? amountOf(row, name, as) : null
    }),
  })
  const series = movements.map(line).filter(({ values }) => values.some(value => value !== null && value !== 0))
  return (
    <Chart
      title={t('loyalty.liability.moved', { name: assets.name(asset) })}
      text={t('loyalty.liability.movedText')}
      kind="stacked"
      labelTitle={t('loyalty.liability.month')}
      labels={labels}
      series={series}
      tableSeries={[line('opening'), ...series, line('closing')]}
      {...(as === 'money' && currency !== undefined
        ? { currency }
        : {
            write: {
              text: (value: number) => assets.figure(asset, value),
              csv: (value: number) => assets.csv(asset, value),
            },
          })}
      csv={`liability-${asset.replace(':', '-')}`}
      sent={requestOf('getLiability', [{ ...query, asset }])}
    >
      {known.length > 1 && (
        <Select
          size="xs"
          w={200}
          aria-label={t('loyalty.liability.asset')}
          allowDeselect={false}
          data={known.map(value => ({ value, label: assets.name(value) }))}
          value={asset}
          onChange={chosen => setFilters({ asset: chosen ?? undefined })}
        />
      )}
      {hasChoice && (
        <SegmentedControl
          size="xs"
          aria-label={t('loyalty.liability.as')}
          value={as}
          onChange={chosen => setFilters({ as: chosen === 'money' ? 'money' : 'own' })}
          data={[
            { value: 'own', label: assets.unit(asset) },
            { value: 'money', label: currency },
          ]}
        />
      )}
    </Chart>
  )
}

/** What the workspace owes in points and stored money, and what moved it, month by month. */
export const Liability = () => {
  const { t } = useWords()
  const api = useApi()
  const may = useMay()
  const nowMs = useNowMs()
  const workspace = useWorkspace()
  const [{ months: count = '12' }, setFilters] = useFilters(filters)
  const date = nowMs === undefined || !workspace ? undefined : dateIn(nowMs, workspace.timeZone)
  const months = date === undefined ? [] : monthsTo(date, Number(count))
  const query = { from: months[0] ?? '', to: months.at(-1) ?? '' }
  const { data, error, refetch } = useCall('getLiability', [query], { enabled: date !== undefined })
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Waiting />
  const shown = { rows: data.data, months, query }
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Select
          size="sm"
          w={180}
          aria-label={t('reports.period.label')}
          allowDeselect={false}
          data={counts.map(value => ({
            value,
            label: t(`loyalty.liability.span.${value}`),
          }))}
          value={count}
          onChange={chosen => setFilters({ months: counts.find(it => it === chosen) })}
        />
        <Group gap="xs">
          {may('exportLiability') && (
            <ExportButton label={t('reports.all')} name="liability.csv" fetchFile={() => api.exportLiability(query)} />
          )}
          <RepeatCall sent={requestOf('getLiability', [query])} />
        </Group>
      </Group>
      {data.data.length === 0 ? (
        <Panel>
          <Empty
            title={t('loyalty.liability.none.title')}
            text={t('loyalty.liability.none.text')}
            example={firstCredit}
          />
        </Panel>
      ) : (
        <>
          <Totals {...shown} />
          <Owed {...shown} />
          <Moved {...shown} />
          <Standing {...shown} />
        </>
      )}
    </Stack>
  )
}
