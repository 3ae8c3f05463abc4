import { Stack } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { useAssets } from '../parts/asset-words.ts'
import { Chart } from '../parts/chart.tsx'
import { Problem } from '../parts/problem.tsx'
import { monthsTo } from './period.ts'
import type { ReportProps } from './report-words.ts'

/** What is owed at the end of each of twelve months in money, one picture a currency, because currencies are never added up. */
export const LiabilityReport = ({ workspace, spans }: ReportProps) => {
  const { t } = useWords()
  const assets = useAssets()
  const months = monthsTo(spans.buckets.at(-1) ?? '', 12)
  const query = { from: months[0], to: months.at(-1) }
  const { data, error, refetch } = useCall('getLiability', [query])
  if (error) return <Problem error={error} onRetry={refetch} />
  const rows = data?.data.filter(({ money }) => money !== null) ?? []
  const found = [...new Set(rows.flatMap(({ money }) => (money ? [money.currency] : [])))].sort()
  return (
    <Stack gap="lg">
      {(found.length > 0 ? found : [workspace.currency]).map(currency => {
        const its = rows.filter(({ money }) => money?.currency === currency)
        const owed = [...new Set(its.map(({ asset }) => asset))]
        return (
          <Chart
            key={currency}
            title={t('reports.liability.owed', { currency })}
            text={t('reports.liability.chart')}
            kind="stacked"
            labelTitle={t('reports.bucket.month')}
            labels={its.length > 0 ? months : []}
            series={owed.map(asset => ({
              name: assets.name(asset),
              values: months.map(
                month => its.find(row => row.asset === asset && row.period === month)?.money?.closing ?? null,
              ),
            }))}
            currency={currency}
            csv={`liability-${currency}`}
            sent={requestOf('getLiability', [query])}
            isWaiting={data === undefined}
          />
        )
      })}
    </Stack>
  )
}
