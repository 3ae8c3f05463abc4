import { Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { formatShare } from '../../faces/format.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { OffersTable } from '../offers/offers-table.tsx'
import { Chart } from '../parts/chart.tsx'
import { rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Problem } from '../parts/problem.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, Money } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { CampaignActions } from './campaign-actions.tsx'
import { Members } from './members.tsx'

/** What a campaign has given and brought so far. */
const Report = ({ id }: { readonly id: string }) => {
  const { t, language } = useWords()
  const query = { campaign: id }
  const { data, error, refetch } = useCall('getCampaignReport', [query])
  const report = data?.data[0]
  if (error) return <Problem error={error} onRetry={refetch} />
  const amounts = report?.amounts ?? []
  return (
    <Stack gap="md">
      <Stats>
        <Stat
          label={t('campaigns.redeemed')}
          value={report && <Count value={report.redeemed} />}
          note={
            report?.redemptionRate == null
              ? undefined
              : t('campaigns.ofIssued', { share: formatShare(report.redemptionRate, language) })
          }
        />
        <Stat label={t('campaigns.people')} value={report && <Count value={report.people} />} />
        <Stat label={t('campaigns.orders')} value={report && <Count value={report.orders} />} />
        {amounts.map(({ currency, discount, revenue }) => (
          <Stat
            key={currency}
            label={t('campaigns.discount', { currency })}
            value={<Money minor={discount} currency={currency} />}
            note={
              <>
                {t('campaigns.revenue')} <Money minor={revenue} currency={currency} />
              </>
            }
          />
        ))}
      </Stats>
      {report !== undefined && report.channels.length > 0 && (
        <Chart
          title={t('campaigns.byChannel')}
          text={t('campaigns.byChannelText')}
          kind="bar"
          labelTitle={t('campaigns.channel')}
          labels={report.channels.map(({ channel }) => channel ?? t('campaigns.noChannel'))}
          series={[{ name: t('campaigns.redeemed'), values: report.channels.map(({ redeemed }) => redeemed) }]}
          csv={`${id}-channels`}
          sent={requestOf('getCampaignReport', [query])}
        />
      )}
    </Stack>
  )
}

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const { data: campaign, error, refetch } = useCall('getCampaign', [id])
  const query = { campaign: id, limit: 50 }
  const offers = useList('listOffers', [query])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!campaign) return <Waiting />
  return (
    <Stack gap={0}>
      <PageHead
        title={campaign.name}
        trail={[{ title: t('campaigns.title'), to: '/campaigns' }]}
        badge={<StateBadge state={campaign.state} />}
        text={campaign.goal ?? undefined}
      >
        <CampaignActions campaign={campaign} />
      </PageHead>
      <Stack gap="lg">
        <Report id={id} />
        <OffersTable
          rows={rowsOfList(offers)}
          sent={requestOf('listOffers', [query])}
          empty={
            <Empty
              title={t('campaigns.noOffers.title')}
              text={t('campaigns.noOffers.text')}
              example={{
                method: 'POST',
                path: '/v1/offers',
                body: {
                  campaign: id,
                  name: t('campaigns.noOffers.example'),
                  trigger: { on: 'basket' },
                  benefit: { kind: 'percentOff', percent: 10 },
                },
              }}
            />
          }
        />
        {campaign.audience === 'members' && may('listMembers') && <Members campaign={campaign} />}
      </Stack>
    </Stack>
  )
}
