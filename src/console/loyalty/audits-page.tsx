import { Anchor, Button, Code, Stack, Text } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Audit, AuditFinding } from '../../sdk/index.ts'
import { Callout } from '../parts/callout.tsx'
import { type Column, DataTable, rowsOfArray, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { JobProgress } from '../parts/job-progress.tsx'
import { OfferRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, When } from '../parts/values.tsx'
import { accountPath, transactionPath, useAccountName } from './account-words.ts'
import { LoyaltyHead } from './loyalty-head.tsx'

const reads = ['listAudits'] as const
/** Those that we have words for; a newer server may check more. */
const checks = ['balanced', 'holds', 'accounts', 'lots', 'limits', 'packs']

const isOver = ({ state }: Audit): boolean => state !== 'queued' && state !== 'running'
const rowsIn = (audit: Audit): number => audit.checks.reduce((sum, { rows }) => sum + rows, 0)

/** What is off, with a link to where it can be looked at. */
const Subject = ({ id }: { readonly id: string }) => {
  const nameOf = useAccountName()
  if (id.startsWith('txn_'))
    return (
      <Anchor component={Link} to={transactionPath(id)} inherit>
        <Code dir="ltr">{id}</Code>
      </Anchor>
    )
  if (id.startsWith('off_')) return <OfferRef id={id} />
  if (id.split('/').length === 3)
    return (
      <>
        <Anchor component={Link} to={accountPath(id)} inherit>
          <bdi>{nameOf(id)}</bdi>
        </Anchor>
        <Text size="sm" c="dimmed" fw={400}>
          <bdi dir="ltr">{id.split('/')[0]}</bdi>
        </Text>
      </>
    )
  return <Code dir="ltr">{id}</Code>
}

const Findings = ({ audit }: { readonly audit: Audit }) => {
  const { t, language } = useWords()
  // A newer server may find what there are no words for.
  const finding = ({ what, says }: AuditFinding): string => t(`loyalty.audits.finding.${what}`, { defaultValue: says })
  const promises = [...new Set(audit.findings.map(({ promise }) => promise))]
  const columns: Column<AuditFinding>[] = [
    { title: t('loyalty.audits.subject'), cell: ({ subject }) => <Subject id={subject} />, csv: it => it.subject },
    {
      title: t('loyalty.audits.what'),
      cell: it => (
        <>
          {t(`loyalty.audits.broken.${it.promise}`)}
          <Text size="sm" c="dimmed">
            <bdi>{finding(it)}</bdi>
          </Text>
        </>
      ),
      csv: finding,
    },
    { title: t('loyalty.audits.is'), cell: it => <Count value={it.is} />, csv: it => it.is, align: 'end' },
    { title: t('loyalty.audits.should'), cell: it => <Count value={it.should} />, csv: it => it.should, align: 'end' },
    {
      title: t('loyalty.audits.off'),
      cell: it => (
        <Text fw={600} inherit component="span" c="var(--bad)">
          <bdi>{formatNumber(it.is - it.should, language, { signDisplay: 'exceptZero' })}</bdi>
        </Text>
      ),
      csv: it => it.is - it.should,
      align: 'end',
    },
  ]
  return (
    <>
      <Callout tone="bad" title={t('loyalty.audits.toDo')}>
        <Stack gap="xs">
          <Text size="sm">{t('loyalty.audits.first')}</Text>
          {promises.map(promise => (
            <Text key={promise} size="sm">
              <strong>{t(`loyalty.audits.broken.${promise}`)}:</strong> {t(`loyalty.audits.mend.${promise}`)}
            </Text>
          ))}
        </Stack>
      </Callout>
      <Section title={t('loyalty.audits.differences')}>
        <DataTable
          caption={t('loyalty.audits.differences')}
          columns={columns}
          keyOf={({ what, subject, says }) => `${what} ${subject} ${says}`}
          rows={rowsOfArray(audit.findings)}
          csv={`differences-${audit.job}`}
          empty={null}
        />
        {audit.found > audit.findings.length && (
          <Text size="sm" c="dimmed" mt="xs">
            {t('loyalty.audits.more', { value: formatNumber(audit.found, language) })}
          </Text>
        )}
      </Section>
    </>
  )
}

/** What one audit looked at, and what it found. */
const Result = ({ audit }: { readonly audit: Audit }) => {
  const { t, language } = useWords()
  return (
    <Stack gap="lg">
      {isOver(audit) && audit.state === 'done' && audit.found === 0 && (
        <Callout tone="good" title={t('loyalty.audits.well')}>
          <Text size="sm">
            {t('loyalty.audits.looked', { value: formatNumber(rowsIn(audit), language) })}{' '}
            <When at={audit.startedAt} as="dateTime" />
          </Text>
        </Callout>
      )}
      {audit.found > 0 && <Findings audit={audit} />}
      {audit.checks.length > 0 && (
        <Section title={t('loyalty.audits.checked')}>
          <DataTable
            caption={t('loyalty.audits.checked')}
            keyOf={({ name }) => name}
            rows={rowsOfArray(audit.checks)}
            empty={null}
            columns={[
              {
                title: t('loyalty.audits.check'),
                cell: ({ name }) => (checks.includes(name) ? t(`loyalty.audits.name.${name}`) : name),
              },
              {
                title: t('loyalty.audits.holds'),
                cell: ({ name, holds }) => (checks.includes(name) ? t(`loyalty.audits.rule.${name}`) : holds),
              },
              { title: t('loyalty.audits.rows'), cell: ({ rows }) => <Count value={rows} />, align: 'end' },
              { title: t('loyalty.audits.found'), cell: ({ found }) => <Found count={found} />, align: 'end' },
            ]}
          />
        </Section>
      )}
    </Stack>
  )
}

const Found = ({ count }: { readonly count: number }) => {
  const { t, language } = useWords()
  return (
    <StateBadge
      state={count === 0 ? 'done' : 'failed'}
      label={
        count === 0 ? t('loyalty.audits.nothing') : t('loyalty.audits.count', { value: formatNumber(count, language) })
      }
    />
  )
}

/** Whether the books are true: the stored rows of value, added up again. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const [{ audit: wanted }, setFilters] = useFilters({ audit: text })
  const query = { limit: 20 }
  const list = rowsOfList<Audit>(useList('listAudits', [query]))
  const start = useChange('startAudit', reads)
  const begin = async (): Promise<void> => {
    try {
      const { id } = await start.mutateAsync([])
      setFilters({ audit: id })
    } catch (error) {
      notices.failed(error)
    }
  }
  const shown = list.rows?.find(({ job }) => job === wanted) ?? list.rows?.[0]
  const button = may('startAudit') && (
    <Button leftSection={<IconChecklist size={16} aria-hidden />} loading={start.isPending} onClick={begin}>
      {t('loyalty.audits.start')}
    </Button>
  )
  const columns: Column<Audit>[] = [
    {
      title: t('loyalty.audits.when'),
      cell: ({ job, startedAt }) => (
        <Anchor component={Link} to={`/loyalty/audits?audit=${job}`} inherit aria-current={job === shown?.job}>
          <When at={startedAt} as="dateTime" />
        </Anchor>
      ),
      csv: ({ startedAt }) => startedAt,
    },
    { title: t('loyalty.audits.state'), cell: ({ state }) => <StateBadge state={state} />, csv: it => it.state },
    { title: t('loyalty.audits.rows'), cell: it => <Count value={rowsIn(it)} />, csv: rowsIn, align: 'end' },
    {
      title: t('loyalty.audits.found'),
      cell: it => (isOver(it) ? <Found count={it.found} /> : '–'),
      csv: ({ found }) => found,
      align: 'end',
    },
  ]
  return (
    <>
      <LoyaltyHead screen="audits">{list.rows !== undefined && list.rows.length > 0 && button}</LoyaltyHead>
      <Stack gap="lg">
        {shown && !isOver(shown) && (
          <Panel title={t('loyalty.audits.running')}>
            <JobProgress id={shown.job} onDone={list.retry} />
          </Panel>
        )}
        {shown && <Result key={shown.job} audit={shown} />}
        <Section {...(shown ? { title: t('loyalty.audits.all') } : {})}>
          <DataTable
            caption={t('loyalty.audits.all')}
            columns={columns}
            keyOf={({ job }) => job}
            rows={list}
            csv="audits"
            sent={requestOf('listAudits', [query])}
            empty={
              <Empty title={t('loyalty.audits.none')} text={t('loyalty.audits.noneText')}>
                {button}
              </Empty>
            }
          />
        </Section>
      </Stack>
    </>
  )
}
