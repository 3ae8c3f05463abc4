import { Badge, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatMoney, formatNumber, formatShare, formatTime } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { Job, SimulationReport } from '../../sdk/index.ts'
import { Chart } from '../parts/chart.tsx'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { JobProgress } from '../parts/job-progress.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { limitName } from '../parts/reason-words.ts'
import { Stat, Stats } from '../parts/stat.tsx'
import { Count, Money, Ref, When } from '../parts/values.tsx'
import { assumptionWords } from './assumption-words.ts'
import { weeksOf } from './weeks.ts'

const isReport = (result: Job['result'] | undefined): result is SimulationReport =>
  result != null && 'ordersTouched' in result && 'assumptions' in result

type ReportProps = { readonly report: SimulationReport; readonly job: string }
type Told = SimulationReport['offers'][number]

/** An offer of the report: one that is stored leads to its page. */
const OfferName = ({ told }: { readonly told: Told }) =>
  told.isDraft ? <bdi>{told.name}</bdi> : <Ref id={told.offer} name={told.name} />

const Figures = ({ report }: Pick<ReportProps, 'report'>) => {
  const { t, language } = useWords()
  const { currency, revenue, margin } = report
  return (
    <Stats>
      <Stat
        label={t('simulate.touched')}
        value={<Count value={report.ordersTouched} />}
        note={t('simulate.ofOrders', {
          share: formatShare(report.orders === 0 ? 0 : report.ordersTouched / report.orders, language),
          value: formatNumber(report.orders, language),
        })}
      />
      <Stat
        label={t('simulate.discount')}
        value={<Money minor={report.discount} currency={currency} />}
        note={t('simulate.ofRevenue', { share: formatShare(report.effectiveRate, language) })}
      />
      <Stat
        label={t('simulate.after')}
        value={<Money minor={revenue.after} currency={currency} />}
        note={
          <>
            {t('simulate.before')} <Money minor={revenue.before} currency={currency} />
          </>
        }
      />
      {margin && (
        <Stat
          label={t('simulate.margin')}
          value={<Money minor={margin.after} currency={currency} />}
          note={
            <>
              {t('simulate.before')} <Money minor={margin.before} currency={currency} />
            </>
          }
        />
      )}
      <Stat
        label={t('simulate.over', { share: formatShare(report.over.percent / 100, language) })}
        value={<Count value={report.over.orders} />}
      />
    </Stats>
  )
}

const Days = ({ report, job }: ReportProps) => {
  const { t, language } = useWords()
  const money = (minor: number): string => formatMoney(Math.round(minor), report.currency, language)
  const { by, steps } = weeksOf(report.days)
  const labels = steps.map(({ date }) => formatTime(`${date}T12:00:00Z`, 'date', language, 'UTC'))
  const shared = {
    labels,
    labelTitle: t(`simulate.step.${by}`),
    currency: report.currency,
    sent: requestOf('getJob', [job]),
  }
  return (
    <>
      <Chart
        {...shared}
        title={t(`simulate.discountBy.${by}`)}
        text={t('simulate.discountText', { amount: money(report.discount) })}
        kind="bar"
        series={[{ name: t('simulate.discount'), values: steps.map(({ discount }) => discount) }]}
        csv="simulation-discount"
      />
      <Chart
        {...shared}
        title={t('simulate.revenueTitle')}
        text={t('simulate.revenueText', { before: money(report.revenue.before), after: money(report.revenue.after) })}
        kind="line"
        series={[
          { name: t('simulate.revenueBefore'), values: steps.map(({ revenueBefore }) => revenueBefore) },
          { name: t('simulate.revenueAfter'), values: steps.map(it => it.revenueBefore - it.discount) },
        ]}
        csv="simulation-revenue"
      />
    </>
  )
}

/** What each offer did, those that gave most first. */
const Offers = ({ report, job }: ReportProps) => {
  const { t, language } = useWords()
  const { currency } = report
  const offers = report.offers.toSorted((a, b) => b.discount - a.discount || b.redemptions - a.redemptions)
  return (
    <Section title={t('simulate.offers')}>
      <DataTable
        caption={t('simulate.offers')}
        keyOf={told => told.offer}
        rows={rowsOfArray(offers)}
        csv="simulation-offers"
        sent={requestOf('getJob', [job])}
        empty={<Text p="md">{t('common.nothing')}</Text>}
        columns={[
          {
            title: t('simulate.offer'),
            cell: told => (
              <>
                <OfferName told={told} />{' '}
                {told.isDraft && (
                  <Badge tt="none" variant="default" size="sm">
                    {t('simulate.draft')}
                  </Badge>
                )}
                {told.limits.map(({ ranDryAt, turnedAway, ...limit }) => (
                  <Text key={`${limit.limit} ${limit.period}`} size="sm" c="var(--warn)" fw={400}>
                    {t('simulate.ranDry', {
                      limit: limitName(limit, currency, { t, language }),
                      day: formatTime(ranDryAt, 'date', language),
                      value: formatNumber(turnedAway, language),
                    })}
                  </Text>
                ))}
              </>
            ),
            csv: told => told.name,
          },
          {
            title: t('simulate.orders'),
            align: 'end',
            cell: told => <Count value={told.redemptions} />,
            csv: told => told.redemptions,
          },
          {
            title: t('simulate.share'),
            align: 'end',
            cell: told => <bdi>{formatShare(told.share, language)}</bdi>,
            csv: told => told.share,
          },
          {
            title: t('simulate.people'),
            align: 'end',
            cell: told => <Count value={told.people} />,
            csv: told => told.people,
          },
          {
            title: t('simulate.gives'),
            align: 'end',
            cell: told => (
              <>
                <Money minor={told.discount + (told.cashback ?? 0)} currency={currency} />
                {told.points && (
                  <Text size="sm" c="dimmed">
                    {t('simulate.points', { value: formatNumber(told.points.points, language) })}
                  </Text>
                )}
                {told.given > 0 && (
                  <Text size="sm" c="dimmed">
                    {t('simulate.given', { value: formatNumber(told.given, language) })}
                  </Text>
                )}
              </>
            ),
            csv: told => csvMoney(told.discount + (told.cashback ?? 0), currency),
          },
          {
            title: t('simulate.revenueBefore'),
            align: 'end',
            cell: told => <Money minor={told.revenue.before} currency={currency} />,
            csv: told => csvMoney(told.revenue.before, currency),
          },
          {
            title: t('simulate.revenueAfter'),
            align: 'end',
            cell: told => <Money minor={told.revenue.after} currency={currency} />,
            csv: told => csvMoney(told.revenue.after, currency),
          },
        ]}
      />
    </Section>
  )
}

/** Which offer applied in the place of which. */
const Beats = ({ report }: Pick<ReportProps, 'report'>) => {
  const { t } = useWords()
  if (report.beats.length === 0) return null
  const toldOf = (id: string) => report.offers.find(({ offer }) => offer === id)
  const name = (id: string) => {
    const told = toldOf(id)
    return told ? <OfferName told={told} /> : <Ref id={id} />
  }
  return (
    <Section title={t('simulate.beats')}>
      <DataTable
        caption={t('simulate.beats')}
        keyOf={({ winner, loser }) => `${winner} ${loser}`}
        rows={rowsOfArray(report.beats)}
        csv="simulation-winners"
        empty={null}
        columns={[
          {
            title: t('simulate.winner'),
            cell: ({ winner }) => name(winner),
            csv: ({ winner }) => toldOf(winner)?.name ?? winner,
          },
          {
            title: t('simulate.loser'),
            cell: ({ loser }) => name(loser),
            csv: ({ loser }) => toldOf(loser)?.name ?? loser,
          },
          {
            title: t('simulate.beaten'),
            align: 'end',
            cell: ({ beaten }) => <Count value={beaten} />,
            csv: ({ beaten }) => beaten,
          },
          {
            title: t('simulate.excluded'),
            align: 'end',
            cell: ({ excluded }) => <Count value={excluded} />,
            csv: ({ excluded }) => excluded,
          },
        ]}
      />
    </Section>
  )
}

/** As many as a phone shows at a glance. */
const shownFirst = 5

const MostExpensive = ({ report }: Pick<ReportProps, 'report'>) => {
  const { t, language } = useWords()
  const [showsAll, setShowsAll] = useState(false)
  const { currency } = report
  const all = rowsOfArray(report.mostExpensive)
  const rows =
    showsAll || report.mostExpensive.length <= shownFirst
      ? all
      : { ...all, rows: report.mostExpensive.slice(0, shownFirst), fetchMore: () => setShowsAll(true) }
  return (
    <Section title={t('simulate.mostExpensive')}>
      <DataTable
        caption={t('simulate.mostExpensive')}
        keyOf={({ id }) => id}
        rows={rows}
        csv="simulation-orders"
        empty={<Text p="md">{t('common.nothing')}</Text>}
        columns={[
          { title: t('simulate.order'), cell: ({ id }) => <Ref kind="order" id={id} name={id} />, csv: ({ id }) => id },
          { title: t('simulate.at'), cell: ({ at }) => <When at={at} as="date" />, csv: ({ at }) => at },
          {
            title: t('simulate.revenueBefore'),
            align: 'end',
            cell: ({ before }) => <Money minor={before} currency={currency} />,
            csv: ({ before }) => csvMoney(before, currency),
          },
          {
            title: t('simulate.discount'),
            align: 'end',
            cell: ({ discount, before }) => (
              <>
                <Money minor={discount} currency={currency} />{' '}
                <Text span size="sm" c="dimmed">
                  <bdi>{formatShare(before === 0 ? 0 : discount / before, language)}</bdi>
                </Text>
              </>
            ),
            csv: ({ discount }) => csvMoney(discount, currency),
          },
        ]}
      />
    </Section>
  )
}

const Report = ({ report, job }: ReportProps) => {
  const words = useWords()
  const { t } = words
  if (report.orders === 0)
    return (
      <Panel>
        <Empty title={t('simulate.noOrders.title')} text={t('simulate.noOrders.text')} />
      </Panel>
    )
  return (
    <Stack gap="lg">
      <Figures report={report} />
      <Days report={report} job={job} />
      <Offers report={report} job={job} />
      <Beats report={report} />
      {report.mostExpensive.length > 0 && <MostExpensive report={report} />}
      <Panel title={t('simulate.assumes')}>
        <List size="sm" spacing={4}>
          {report.assumptions
            .map(it => assumptionWords(it, words))
            .map(sentence => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
        </List>
      </Panel>
    </Stack>
  )
}

/** A simulation by its job: how far it is, then what it found. */
export const SimulationResult = ({ job: id }: { readonly job: string }) => {
  const { data: job } = useCall('getJob', [id])
  const report = job?.result
  if (isReport(report)) return <Report report={report} job={id} />
  return (
    <Panel>
      <JobProgress id={id} />
    </Panel>
  )
}
