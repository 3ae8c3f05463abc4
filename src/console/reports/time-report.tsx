import { Select, Stack } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { formatMoney, formatNumber, formatShare } from '../../faces/format.ts'
import { useApi, useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { ActivityRow } from '../../sdk/index.ts'
import { isMoney, type Measure, sumOf } from '../home/measures.ts'
import { Chart } from '../parts/chart.tsx'
import { ExportButton } from '../parts/export-button.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { Problem } from '../parts/problem.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import type { ReportProps } from './report-words.ts'
import { useBefore, useBucketName } from './report-words.ts'

/** The figures of the period and of the one before; `currency` is the one that is shown, of those in which anything happened. */
const useActivity = ({ workspace, spans }: ReportProps) => {
  const query = { ...spans.now, bucket: spans.bucket }
  const now = useCall('getActivity', [query])
  const before = useCall('getActivity', [{ ...spans.before, bucket: spans.bucket }])
  const [{ currency = workspace.currency }] = useFilters({ currency: text })
  const rows = [...(now.data?.data ?? []), ...(before.data?.data ?? [])]
  const currencies = [...new Set(rows.flatMap(({ amounts }) => amounts.map(amount => amount.currency)))]
  return {
    query,
    now: now.data?.data,
    before: before.data?.data,
    error: now.error ?? before.error,
    retry: () => Promise.all([now.refetch(), before.refetch()]),
    currency,
    currencies: [...new Set([currency, ...currencies.sort()])],
  }
}
type Told = ReturnType<typeof useActivity>

const useAmount = (currency: string): ((measure: Measure, value: number) => string) => {
  const { language } = useWords()
  return (measure, value) => (isMoney(measure) ? formatMoney(value, currency, language) : formatNumber(value, language))
}

const Figure = ({ measure, told }: { readonly measure: Measure; readonly told: Told }) => {
  const { t } = useWords()
  const amount = useAmount(told.currency)
  const beforeWords = useBefore()
  const now = told.now && sumOf(told.now, measure, told.currency)
  const before = told.before && sumOf(told.before, measure, told.currency)
  return (
    <Stat
      label={t(`reports.measure.${measure}`)}
      value={now === undefined ? undefined : <bdi>{amount(measure, now)}</bdi>}
      note={now === undefined || before === undefined ? undefined : beforeWords(amount(measure, before), now, before)}
    />
  )
}

/** What a measure was in each bucket, also where nothing happened. */
const valuesOf = (
  rows: readonly ActivityRow[] | undefined,
  buckets: readonly string[],
  measure: Measure,
  currency: string,
): number[] =>
  buckets.map(bucket =>
    sumOf(
      (rows ?? []).filter(row => row.bucket === bucket),
      measure,
      currency,
    ),
  )

/** The same rows as the export writes them, in every currency. */
const Download = ({ query }: { readonly query: Told['query'] }) => {
  const { t } = useWords()
  const api = useApi()
  const may = useMay()
  if (!may('exportActivity')) return null
  return <ExportButton label={t('reports.all')} name="activity.csv" fetchFile={() => api.exportActivity(query)} />
}

const Currency = ({ told }: { readonly told: Told }) => {
  const { t } = useWords()
  const [, setFilters] = useFilters({ currency: text })
  if (told.currencies.length < 2) return null
  return (
    <Select
      size="xs"
      w={100}
      aria-label={t('reports.currency')}
      allowDeselect={false}
      data={told.currencies}
      value={told.currency}
      onChange={chosen => setFilters({ currency: chosen ?? undefined })}
    />
  )
}

const OverTime = ({ spans, told, measure }: ReportProps & { readonly told: Told; readonly measure: Measure }) => {
  const { t } = useWords()
  const nameOf = useBucketName()
  const name = t(`reports.measure.${measure}`)
  return (
    <Chart
      title={name}
      text={t('reports.time.chart', { measure: name })}
      kind="line"
      labelTitle={t(`reports.bucket.${spans.bucket}`)}
      labels={spans.buckets.map(nameOf)}
      series={[
        { name: t('reports.now'), values: valuesOf(told.now, spans.buckets, measure, told.currency) },
        { name: t('reports.periodBefore'), values: valuesOf(told.before, spans.bucketsBefore, measure, told.currency) },
      ]}
      {...(isMoney(measure) ? { currency: told.currency } : {})}
      csv={`${measure}-over-time`}
      sent={requestOf('getActivity', [told.query])}
      isWaiting={told.now === undefined || told.before === undefined}
    />
  )
}

/** How often offers were used, against the period before. */
export const TimeReport = (props: ReportProps) => {
  const told = useActivity(props)
  if (told.error) return <Problem error={told.error} onRetry={told.retry} />
  return (
    <Stack gap="lg">
      <Stats>
        {(['used', 'given', 'orders'] as const).map(measure => (
          <Figure key={measure} measure={measure} told={told} />
        ))}
      </Stats>
      <OverTime {...props} told={told} measure="used" />
      <OverTime {...props} told={told} measure="orders" />
      <div>
        <Download query={told.query} />
      </div>
    </Stack>
  )
}

/** What offers cost against what the orders that used them brought. */
export const DiscountReport = (props: ReportProps) => {
  const { t, language } = useWords()
  const told = useActivity(props)
  const nameOf = useBucketName()
  if (told.error) return <Problem error={told.error} onRetry={told.retry} />
  const { spans } = props
  const shareOf = (rows: readonly ActivityRow[] | undefined): string | undefined => {
    if (!rows) return undefined
    const revenue = sumOf(rows, 'revenue', told.currency)
    return revenue > 0 ? formatShare(sumOf(rows, 'discount', told.currency) / revenue, language) : '–'
  }
  const [share, shareBefore] = [shareOf(told.now), shareOf(told.before)]
  return (
    <Stack gap="lg">
      <Stats>
        {(['discount', 'revenue', 'sales'] as const).map(measure => (
          <Figure key={measure} measure={measure} told={told} />
        ))}
        <Stat
          label={t('reports.discount.share')}
          value={share === undefined ? undefined : <bdi>{share}</bdi>}
          note={shareBefore === undefined ? undefined : t('reports.before', { value: shareBefore })}
        />
      </Stats>
      <Chart
        title={t('reports.discount.title')}
        text={t('reports.discount.chart')}
        kind="bar"
        labelTitle={t(`reports.bucket.${spans.bucket}`)}
        labels={spans.buckets.map(nameOf)}
        series={(['discount', 'revenue'] as const).map(measure => ({
          name: t(`reports.measure.${measure}`),
          values: valuesOf(told.now, spans.buckets, measure, told.currency),
        }))}
        currency={told.currency}
        csv="discount-and-revenue"
        sent={requestOf('getActivity', [told.query])}
        isWaiting={told.now === undefined}
      >
        <Currency told={told} />
      </Chart>
      <OverTime {...props} told={told} measure="discount" />
      <div>
        <Download query={told.query} />
      </div>
    </Stack>
  )
}
