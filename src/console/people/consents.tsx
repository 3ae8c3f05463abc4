import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatList, formatNumber } from '../../faces/format.ts'
import { useApi, useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { ConsentEvidence, ConsentStanding, Person, Preferences } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfCall, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { saveStream } from '../parts/save-stream.ts'
import { StateBadge } from '../parts/state-badge.tsx'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { consentReads, purposes } from './consent-words.ts'

const ConsentDialog = lazy(() => import('./consent-dialog.tsx'))

const usePurposeWords = (): ((purpose: string) => string) => {
  const { t } = useWords()
  return purpose => (purposes.some(it => it === purpose) ? t(`people.consent.purpose.${purpose}`) : purpose)
}

const toneOf = { given: 'good', requested: 'warn', withdrawn: 'bad' } as const

/** Records what somebody has just told a clerk. */
const Change = ({ consent }: { readonly consent: ConsentStanding }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const put = useChange('putConsents', consentReads)
  if (!may('putConsents') || consent.state === 'withdrawn') return null
  const withdraw = async (): Promise<void> => {
    const yes = await confirm({
      title: t('people.consent.withdrawTitle'),
      text: t('people.consent.withdrawText'),
      action: t('people.consent.withdraw'),
    })
    if (!yes) return
    try {
      const { address, channel, purpose } = consent
      await put.mutateAsync([address, { consents: [{ channel, purpose, state: 'withdrawn', how: 'clerk' }] }])
      notices.done(t('people.consent.withdrawn'))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Button size="compact-sm" variant="default" loading={put.isPending} onClick={withdraw}>
      {t('people.consent.withdraw')}
    </Button>
  )
}

const useStandingColumns = (): Column<ConsentStanding>[] => {
  const { t } = useWords()
  const purposeWords = usePurposeWords()
  return [
    {
      title: t('people.consent.address'),
      cell: it => (
        <bdi dir="ltr" style={{ overflowWrap: 'anywhere' }}>
          {it.address}
        </bdi>
      ),
      csv: it => it.address,
    },
    {
      title: t('people.consent.for'),
      cell: it => (
        <>
          {t(`people.consent.channel.${it.channel}`)} · <bdi>{purposeWords(it.purpose)}</bdi>
        </>
      ),
      csv: it => `${it.channel}/${it.purpose}`,
    },
    {
      title: t('people.column.state'),
      cell: it => (
        <>
          <StateBadge state={it.state} tone={toneOf[it.state]} />
          <Text size="sm" c="dimmed">
            {t(`people.consent.contact.${it.contact}`)}
          </Text>
        </>
      ),
      csv: it => it.state,
    },
    {
      title: t('people.consent.said'),
      cell: it => (
        <>
          <When at={it.at} as="date" />
          <Text size="sm" c="dimmed">
            {t(`people.consent.how.${it.how}`)}
          </Text>
        </>
      ),
      csv: it => it.at,
    },
    { title: t('people.column.action'), cell: it => <Change consent={it} />, align: 'end' },
  ]
}

const Wishes = ({ of }: { readonly of: Preferences }) => {
  const { t, language } = useWords()
  const listOr = (items: readonly string[], none: string): string =>
    items.length === 0 ? none : formatList([...items], language)
  return (
    <Panel title={t('people.consent.wishes')}>
      <Facts>
        <Fact label={t('people.consent.channelsOff')}>
          {listOr(
            of.channelsOff.map(channel => t(`people.consent.channel.${channel}`)),
            t('people.consent.noneOff'),
          )}
        </Fact>
        <Fact label={t('people.consent.topicsOff')}>{listOr(of.topicsOff, t('people.consent.noneOff'))}</Fact>
        {of.language !== null && <Fact label={t('people.consent.language')}>{of.language}</Fact>}
        {of.quietHours.length > 0 && (
          <Fact label={t('people.consent.quiet')}>
            <bdi dir="ltr">{of.quietHours.map(({ from, to }) => `${from}–${to}`).join(', ')}</bdi>
          </Fact>
        )}
        {of.atMost !== null && (
          <Fact label={t('people.consent.atMost')}>
            {t('people.consent.atMostText', {
              messages: formatNumber(of.atMost.messages, language),
              days: formatNumber(of.atMost.days, language),
            })}
          </Fact>
        )}
        {of.pausedUntil !== null && (
          <Fact label={t('people.consent.paused')}>
            <When at={of.pausedUntil} as="dateTime" />
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}

const Proof = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const may = useMay()
  const api = useApi()
  const notices = useNotices()
  const purposeWords = usePurposeWords()
  const query = { limit: 50 }
  const ledger = useList('getConsentEvidence', [id, query])
  const columns: Column<ConsentEvidence>[] = [
    {
      title: t('people.consent.said'),
      cell: it => <When at={it.at} as="dateTime" />,
      csv: it => it.at,
    },
    {
      title: t('people.column.state'),
      cell: it => (
        <Group gap={4}>
          <StateBadge state={it.state} tone={toneOf[it.state]} />
          {it.stands && (
            <Badge variant="default" tt="none" fw={500} size="sm">
              {t('people.consent.stands')}
            </Badge>
          )}
        </Group>
      ),
      csv: it => it.state,
    },
    {
      title: t('people.consent.for'),
      cell: it => (
        <>
          <bdi dir="ltr" style={{ overflowWrap: 'anywhere' }}>
            {it.address}
          </bdi>
          <Text size="sm" c="dimmed">
            {t(`people.consent.channel.${it.channel}`)} · <bdi>{purposeWords(it.purpose)}</bdi>
          </Text>
        </>
      ),
      csv: it => `${it.address} ${it.channel}/${it.purpose}`,
    },
    {
      title: t('people.consent.proof'),
      cell: it => (
        <>
          {t(`people.consent.how.${it.how}`)}
          {it.textVersion !== null && (
            <>
              {' · '}
              {t('people.consent.textVersion')} <bdi dir="ltr">{it.textVersion}</bdi>
            </>
          )}
          {Object.entries(it.evidence).map(([name, value]) => (
            <Text key={name} size="sm" c="dimmed">
              <bdi dir="ltr" style={{ overflowWrap: 'anywhere' }}>
                {name}: {String(value)}
              </bdi>
            </Text>
          ))}
        </>
      ),
      csv: it => JSON.stringify(it.evidence),
    },
  ]
  const save = async (): Promise<void> => {
    try {
      await saveStream(await api.exportConsentEvidence(id), `${id}-consents.csv`, 'text/csv')
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Section title={t('people.consent.ledger')}>
      <DataTable
        caption={t('people.consent.ledger')}
        columns={columns}
        keyOf={it => it.id}
        rows={rowsOfList(ledger)}
        csv="consents"
        sent={requestOf('getConsentEvidence', [id, query])}
        empty={<Text p="md">{t('common.nothing')}</Text>}
      >
        {may('exportConsentEvidence') && (
          <Button size="xs" variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
            {t('people.consent.export')}
          </Button>
        )}
      </DataTable>
    </Section>
  )
}

/** What somebody permits, with the proof of it. */
const Consents = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const may = useMay()
  const query = useCall('getConsents', [person.id])
  const columns = useStandingColumns()
  const [isRecording, setRecording] = useState(false)
  if (query.error) return <Problem error={query.error} onRetry={query.refetch} />
  if (!query.data) return <Waiting />
  return (
    <Stack gap="md">
      <Section title={t('people.consent.title')}>
        <DataTable
          caption={t('people.consent.title')}
          columns={columns}
          keyOf={it => it.address + it.channel + it.purpose}
          rows={rowsOfCall(query, ({ consents }) => consents)}
          empty={<Empty title={t('people.consent.none')} text={t('people.consent.noneText')} />}
        >
          {may('putConsents') && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setRecording(true)}
            >
              {t('people.consent.record')}
            </Button>
          )}
        </DataTable>
        <Suspense fallback={null}>
          {isRecording && <ConsentDialog person={person} onClose={() => setRecording(false)} />}
        </Suspense>
      </Section>
      <Wishes of={query.data.preferences} />
      {may('getConsentEvidence') && <Proof id={person.id} />}
    </Stack>
  )
}

export default Consents
