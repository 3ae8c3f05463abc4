import { Button, Code, List, Stack, Tabs, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import type { AnswerOf } from '../../faces/api.ts'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme, ProgrammeVersion } from '../../sdk/index.ts'
import { triggerWords } from '../offers/offer-words.ts'
import { CodeBlock, JsonBlock } from '../parts/code-block.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { LifeButtons } from '../parts/life-buttons.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, Ref, When } from '../parts/values.tsx'
import { VersionsTable } from '../parts/versions-table.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Giving } from './giving.tsx'
import { Ladder } from './ladder.tsx'
import { Members } from './members.tsx'
import { draftOf } from './programme-draft.ts'
import { earnWords, isEarnRule, termsWords } from './programme-words.ts'

const tabs = ['tiers', 'terms', 'earning', 'members', 'giving', 'versions', 'json'] as const

type Given = { readonly programme: AnswerOf<'getProgramme'> }

const Tiers = ({ programme }: Given) => {
  const { t } = useWords()
  const { data, error, refetch } = useCall('getTierPopulation', [programme.id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Waiting />
  return (
    <Stack gap="lg">
      <Stats>
        <Stat label={t('loyalty.programme.people')} value={<Count value={data.people} />} />
        <Stat label={t('loyalty.programme.withTier')} value={<Count value={data.people - data.none} />} />
        <Stat
          label={t('loyalty.programme.overdue')}
          value={<Count value={programme.clock.overdue} />}
          note={programme.clock.since === null ? t('loyalty.programme.onTime') : <When at={programme.clock.since} />}
        />
      </Stats>
      <Panel title={t('loyalty.ladder.title')}>
        <Ladder programme={programme} population={data} />
        <div style={{ marginBlockStart: 16 }}>
          <RepeatCall sent={requestOf('getTierPopulation', [programme.id])} />
        </div>
      </Panel>
    </Stack>
  )
}

const Terms = ({ programme }: Given) => {
  const words = useWords()
  const { t } = words
  return (
    <Panel>
      <Facts>
        {termsWords(programme, words).map(([about, sentences]) => (
          <Fact key={about} label={t(`loyalty.about.${about}`)}>
            {sentences.length === 1 ? (
              sentences[0]
            ) : (
              <List size="sm" spacing={4}>
                {sentences.map(sentence => (
                  <List.Item key={sentence}>{sentence}</List.Item>
                ))}
              </List>
            )}
          </Fact>
        ))}
        <Fact label={t('loyalty.about.id')}>
          <Code dir="ltr">{programme.id}</Code>
        </Fact>
      </Facts>
    </Panel>
  )
}

/** The offers that give its points, each as a sentence. */
const Earning = ({ programme }: Given) => {
  const words = useWords()
  const { t } = words
  const query = { limit: 100 }
  const list = rowsOfList(useList('listOffers', [query]))
  const rules = list.rows?.flatMap(offer => (isEarnRule(offer, programme.id) ? [offer] : []))
  return (
    <DataTable
      caption={t('loyalty.tab.earning')}
      keyOf={offer => offer.id}
      rows={{
        ...list,
        rows: rules,
        fetchAll: async () => (await list.fetchAll()).flatMap(it => (isEarnRule(it, programme.id) ? [it] : [])),
      }}
      csv={`${programme.id}-earning`}
      sent={requestOf('listOffers', [query])}
      empty={
        <Empty
          title={t('loyalty.earn.none.title')}
          text={t('loyalty.earn.none.text')}
          example={{
            method: 'POST',
            path: '/v1/offers',
            body: {
              campaign: 'cmp_…',
              name: t('loyalty.earn.none.example'),
              trigger: { on: 'basket' },
              benefit: {
                kind: 'points',
                programme: programme.id,
                per: { amount: 100, currency: programme.rate?.worth.currency ?? 'EUR', points: 1 },
              },
            },
          }}
        />
      }
      columns={[
        {
          title: t('loyalty.earn.rule'),
          cell: offer => (
            <>
              <Text size="sm" fw={600}>
                <bdi>{earnWords(offer, programme, words)}</bdi>
              </Text>
              {offer.when !== undefined && <CodeBlock text={offer.when} label={t('offers.fact.when')} />}
            </>
          ),
          csv: offer => earnWords(offer, programme, words),
        },
        {
          title: t('offers.column.name'),
          cell: offer => <Ref id={offer.id} name={offer.name} />,
          csv: offer => offer.name,
        },
        {
          title: t('offers.column.trigger'),
          cell: offer => triggerWords(offer, words),
          csv: offer => offer.trigger.on,
        },
        {
          title: t('offers.column.state'),
          cell: offer => <StateBadge state={offer.state} />,
          csv: offer => offer.state,
        },
      ]}
    />
  )
}

/** Of two versions the parts of the terms that differ. */
const changed = (now: ProgrammeVersion, before: ProgrammeVersion | undefined): string[] => {
  if (!before) return []
  const { version: _, changedAt: __, changedBy: ___, ...terms } = now
  return Object.keys({ ...before, ...terms }).filter(
    key =>
      !['version', 'changedAt', 'changedBy'].includes(key) &&
      JSON.stringify((now as Record<string, unknown>)[key]) !==
        JSON.stringify((before as Record<string, unknown>)[key]),
  )
}

const Versions = ({ programme: { id } }: Given) => {
  const { t } = useWords()
  return (
    <VersionsTable<ProgrammeVersion>
      id={id}
      list={rowsOfList(useList('listProgrammeVersions', [id]))}
      sent={requestOf('listProgrammeVersions', [id])}
      changesOf={(version, before) => changed(version, before).map(key => t(`loyalty.field.${key}`))}
    />
  )
}

const Actions = ({ programme }: { readonly programme: Programme }) => {
  const { t } = useWords()
  const may = useMay()
  const { name } = programme
  const put = useChange('putProgramme', ['getProgramme', 'listProgrammes', 'listProgrammeVersions'])
  if (programme.state === 'ended' || !may('putProgramme')) return null
  return (
    <>
      <Button
        component={Link}
        to={`/loyalty/programmes/${programme.id}/edit`}
        leftSection={<IconPencil size={16} aria-hidden />}
      >
        {t('loyalty.programme.edit')}
      </Button>
      <LifeButtons
        state={programme.state}
        change={state => put.mutateAsync([programme.id, { ...draftOf(programme), state }])}
        isPending={put.isPending}
        done={{
          live: t('loyalty.programme.now.live', { name }),
          paused: t('loyalty.programme.now.paused', { name }),
          ended: t('loyalty.programme.now.ended', { name }),
        }}
        question={{
          title: t('loyalty.programme.end.title', { name }),
          text: t('loyalty.programme.end.text'),
          action: t('loyalty.programme.end.action'),
          typed: programme.id,
        }}
      />
    </>
  )
}

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'tiers' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const { data: programme, error, refetch } = useCall('getProgramme', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!programme) return <Waiting />
  const shown = tabs.filter(it => it !== 'members' || may('listProgrammeMembers'))
  return (
    <>
      <PageHead
        title={programme.name}
        trail={[{ title: t('loyalty.programmes.title'), to: '/loyalty' }]}
        badge={<StateBadge state={programme.state} />}
      >
        <Actions programme={programme} />
      </PageHead>
      <PageTabs
        tab={tab}
        tabs={shown}
        labelOf={it => t(`loyalty.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value="tiers">
          <Tiers programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="terms">
          <Terms programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="earning">
          <Earning programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <Members programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="giving">
          <Giving programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonBlock value={programme} label={programme.name} />
        </Tabs.Panel>
      </PageTabs>
    </>
  )
}
