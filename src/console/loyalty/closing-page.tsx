import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { saveCsv } from '../../faces/csv.ts'
import { dateIn } from '../../faces/days.ts'
import { formatMonth } from '../../faces/format.ts'
import { useApi, useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { ExportButton } from '../parts/export-button.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { ActorName } from '../parts/named.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useNowMs, useWorkspace } from '../parts/use-workspace.ts'
import { Money, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { CloseMonth } from './close-month.tsx'
import { journalOf, owedOf } from './liability-lines.ts'
import { LoyaltyHead } from './loyalty-head.tsx'
import { firstOpen, type Month, monthsOf } from './months.ts'
import { Statement } from './statement.tsx'

const query = { limit: 120 } as const

/** Closed months and those that are open, the newest first; undefined until they are known. */
const useMonths = () => {
  const nowMs = useNowMs()
  const workspace = useWorkspace()
  const closings = useCall('listClosings', [query])
  const from = closings.data && firstOpen(closings.data.data)
  const moved = useCall('getLiability', [from === undefined ? {} : { from }], { enabled: closings.data !== undefined })
  const isKnown = nowMs !== undefined && workspace && closings.data && moved.data
  return {
    error: closings.error ?? moved.error,
    retry: () => Promise.all([closings.refetch(), moved.refetch()]),
    months: isKnown
      ? monthsOf(closings.data.data, moved.data.data, dateIn(nowMs, workspace.timeZone).slice(0, 7))
      : undefined,
  }
}

const Owed = ({ rows }: Pick<Month, 'rows'>) => {
  const owed = owedOf(rows)
  if (owed.length === 0) return '–'
  return owed.map(([currency, minor]) => (
    <div key={currency}>
      <Money minor={minor} currency={currency} />
    </div>
  ))
}

/** For the books of the business: what the month's movements do to what it owes. */
const saveJournal = (rows: Month['rows'], period: string): void =>
  saveCsv(`journal-${period}`, [
    ['period', 'asset', 'movement', 'currency', 'debit', 'credit'],
    ...journalOf(rows).map(({ asset, movement, currency, debit, credit }) => [
      period,
      asset,
      movement,
      currency,
      csvMoney(debit, currency).amount,
      csvMoney(credit, currency).amount,
    ]),
  ])

const Figures = ({ period, rows, state }: Month) => {
  const { t, language } = useWords()
  const api = useApi()
  const may = useMay()
  const month = { from: period, to: period }
  return (
    <Statement
      caption={`${t('loyalty.closing.figures')}: ${formatMonth(period, language)}`}
      rows={rows}
      sent={requestOf('getLiability', [month])}
      empty={<Text p="md">{t('loyalty.closing.nothing')}</Text>}
    >
      {may('exportLiability') && (
        <ExportButton
          label={t('loyalty.closing.export')}
          name={`liability-${period}.csv`}
          fetchFile={() => api.exportLiability(month)}
        />
      )}
      {state === 'closed' && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveJournal(rows, period)}
        >
          {t('loyalty.closing.journal')}
        </Button>
      )}
    </Statement>
  )
}

/** The month that is looked at: how it stands, its figures, and the button that closes it. */
const MonthPanel = ({ month }: { readonly month: Month }) => {
  const { t, language } = useWords()
  const may = useMay()
  const { period, state, closedAt, closedBy, isOver } = month
  return (
    <Panel>
      <Stack gap="md">
        <Group gap="sm">
          <Text component="h2" fz="h4" fw={700}>
            {formatMonth(period, language)}
          </Text>
          <StateBadge state={state} />
          {closedAt !== null && (
            <Text size="sm" c="dimmed">
              <When at={closedAt} as="dateTime" />
              {closedBy !== null && (
                <>
                  {' · '}
                  <ActorName id={closedBy} />
                </>
              )}
            </Text>
          )}
          {!isOver && (
            <Text size="sm" c="dimmed">
              {t('loyalty.closing.running')}
            </Text>
          )}
        </Group>
        {state !== 'closed' && isOver && may('createClosing') && <CloseMonth key={period} month={month} />}
        <Figures {...month} />
      </Stack>
    </Panel>
  )
}

const Months = ({ months }: { readonly months: readonly Month[] }) => {
  const { t, language } = useWords()
  return (
    <Section title={t('loyalty.closing.months')}>
      <DataTable<Month>
        caption={t('loyalty.closing.months')}
        keyOf={({ period }) => period}
        rows={rowsOfArray(months)}
        csv="closings"
        sent={requestOf('listClosings', [query])}
        empty={null}
        columns={[
          {
            title: t('loyalty.closing.month'),
            cell: ({ period }) => (
              <Anchor component={Link} to={`/loyalty/closing?month=${period}`} inherit>
                {formatMonth(period, language)}
              </Anchor>
            ),
            csv: ({ period }) => period,
          },
          {
            title: t('loyalty.closing.state'),
            cell: ({ state }) => <StateBadge state={state} />,
            csv: ({ state }) => state,
          },
          {
            title: t('loyalty.closing.by'),
            cell: ({ closedAt, closedBy }) =>
              closedAt === null ? (
                '–'
              ) : (
                <>
                  {closedBy !== null && <ActorName id={closedBy} />}
                  <Text size="sm" c="dimmed">
                    <When at={closedAt} as="date" />
                  </Text>
                </>
              ),
            csv: ({ closedAt }) => closedAt,
          },
          {
            title: t('loyalty.closing.owed'),
            cell: ({ rows }) => <Owed rows={rows} />,
            csv: ({ rows }) =>
              owedOf(rows)
                .map(([currency, minor]) => `${csvMoney(minor, currency).amount} ${currency}`)
                .join(', '),
            align: 'end',
          },
        ]}
      />
    </Section>
  )
}

/** Which month there is most to do with: the one that can be closed next, else the newest that is closed. */
const nextOf = (months: readonly Month[]): Month | undefined =>
  months.findLast(({ state, isOver }) => state !== 'closed' && isOver) ??
  months.find(({ state }) => state === 'closed') ??
  months[0]

/** The months of the books: what they came to, and closing the next one. */
export const Page = () => {
  const [{ month: wanted }] = useFilters({ month: text })
  const { months, error, retry } = useMonths()
  const shown = months && (months.find(({ period }) => period === wanted) ?? nextOf(months))
  return (
    <>
      <LoyaltyHead screen="closing" />
      {error !== null && <Problem error={error} onRetry={retry} />}
      {!months && error === null && <Waiting />}
      {months && shown && (
        <Stack gap="lg">
          <MonthPanel month={shown} />
          <Months months={months} />
        </Stack>
      )}
    </>
  )
}
