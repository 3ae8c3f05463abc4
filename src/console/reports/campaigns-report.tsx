import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { formatNumber, formatShare } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { CampaignReport } from '../../sdk/index.ts'
import { Chart } from '../parts/chart.tsx'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, Money } from '../parts/values.tsx'
import { type ReportProps, useBefore } from './report-words.ts'

/** A picture holds no more; the table has them all. */
const inPicture = 12

const redeemedOf = (rows: readonly CampaignReport[]): number => rows.reduce((sum, { redeemed }) => sum + redeemed, 0)

const ByChannel = ({
  rows,
  query,
}: {
  readonly rows: readonly CampaignReport[]
  readonly query: ReportProps['spans']['now']
}) => {
  const { t, language } = useWords()
  const most = rows.filter(({ redeemed }) => redeemed > 0).slice(0, inPicture)
  const channels = [...new Set(most.flatMap(row => row.channels.map(({ channel }) => channel)))].sort()
  // Two campaigns may have the same name, and each row of the chart's table needs its own.
  const labelOf = ({ name }: CampaignReport, place: number): string => {
    const isTaken = most.slice(0, place).some(other => other.name === name)
    return isTaken ? `${name} (${formatNumber(place + 1, language)})` : name
  }
  return (
    <Chart
      title={t('reports.campaigns.byChannel')}
      text={t('reports.campaigns.chart')}
      kind="stacked"
      labelTitle={t('reports.campaigns.campaign')}
      labels={most.map(labelOf)}
      series={channels.map(channel => ({
        name: channel,
        values: most.map(row => row.channels.find(it => it.channel === channel)?.redeemed ?? 0),
      }))}
      csv="campaigns-by-channel"
      sent={requestOf('getCampaignReport', [query])}
    />
  )
}

/** What came of each campaign, and on which channel, against the period before. */
export const CampaignsReport = ({ workspace: { currency }, spans }: ReportProps) => {
  const { t, language } = useWords()
  const beforeWords = useBefore()
  const now = useCall('getCampaignReport', [spans.now])
  const before = useCall('getCampaignReport', [spans.before])
  const rows = rowsOfCall(now, ({ data }) => [...data].sort((a, b) => b.redeemed - a.redeemed))
  const count = (value: number) => formatNumber(value, language)
  const all = now.data && redeemedOf(now.data.data)
  const allBefore = before.data && redeemedOf(before.data.data)
  const moneyOf = ({ amounts }: CampaignReport) => amounts.find(it => it.currency === currency)
  const money = (measure: 'discount' | 'revenue') => ({
    title: t(`reports.measure.${measure}`),
    cell: (row: CampaignReport) => <Money minor={moneyOf(row)?.[measure] ?? 0} currency={currency} />,
    csv: (row: CampaignReport) => csvMoney(moneyOf(row)?.[measure] ?? 0, currency),
    align: 'end' as const,
  })
  return (
    <Stack gap="lg">
      <Stats>
        <Stat
          label={t('reports.measure.used')}
          value={all === undefined ? undefined : <Count value={all} />}
          note={
            all === undefined || allBefore === undefined ? undefined : beforeWords(count(allBefore), all, allBefore)
          }
        />
      </Stats>
      {rows.rows && rows.rows.length > 0 && <ByChannel rows={rows.rows} query={spans.now} />}
      <DataTable
        caption={t('reports.campaigns.title')}
        keyOf={({ campaign }) => campaign}
        rows={rows}
        csv="campaigns"
        sent={requestOf('getCampaignReport', [spans.now])}
        empty={
          <Empty
            title={t('reports.campaigns.none.title')}
            text={t('reports.campaigns.none.text')}
            example={{ method: 'POST', path: '/v1/campaigns', body: { name: 'Spring' } }}
          />
        }
        columns={[
          {
            title: t('reports.campaigns.campaign'),
            cell: ({ campaign, name }) => (
              <Anchor component={Link} to={`/campaigns/${campaign}`} inherit>
                <bdi>{name}</bdi>
              </Anchor>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('reports.campaigns.state'),
            cell: ({ state }) => <StateBadge state={state} />,
            csv: ({ state }) => state,
          },
          {
            title: t('reports.measure.used'),
            cell: ({ redeemed }) => <Count value={redeemed} />,
            csv: ({ redeemed }) => redeemed,
            align: 'end',
          },
          {
            title: t('reports.periodBefore'),
            cell: ({ campaign }) => {
              const its = before.data?.data.find(row => row.campaign === campaign)
              return its ? <Count value={its.redeemed} /> : '–'
            },
            csv: ({ campaign }) => before.data?.data.find(row => row.campaign === campaign)?.redeemed,
            align: 'end',
          },
          {
            title: t('reports.campaigns.people'),
            cell: ({ people }) => <Count value={people} />,
            csv: ({ people }) => people,
            align: 'end',
          },
          {
            title: t('reports.campaigns.rate'),
            cell: ({ redemptionRate }) =>
              redemptionRate === null ? '–' : <bdi>{formatShare(redemptionRate, language)}</bdi>,
            csv: ({ redemptionRate }) => redemptionRate,
            align: 'end',
          },
          money('discount'),
          money('revenue'),
        ]}
      />
      <Text size="sm" c="dimmed">
        {t('reports.campaigns.rateMeans')}
      </Text>
    </Stack>
  )
}
