import { Code, Group, Stack, Tabs } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Person } from '../../sdk/index.ts'
import { oneOf, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { nameOf } from '../parts/person-name.ts'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Overview } from './overview.tsx'

const tabs = ['overview', 'timeline', 'wallet', 'now', 'segments', 'consents'] as const
type Tab = (typeof tabs)[number]

/** Each tab is loaded when it is opened. */
const contents = {
  overview: Overview,
  timeline: lazy(() => import('./timeline.tsx')),
  wallet: lazy(() => import('./wallet.tsx')),
  now: lazy(() => import('./now.tsx')),
  segments: lazy(() => import('./segments.tsx')),
  consents: lazy(() => import('./consents.tsx')),
} satisfies Record<Tab, React.ComponentType<{ person: Person }>>

/** What a role has to be allowed for a tab to be of use to it. */
const needs = {
  overview: 'getPerson',
  timeline: 'getTimeline',
  wallet: 'getWallet',
  now: 'getPersonLimits',
  segments: 'explainSegment',
  consents: 'getConsents',
} as const satisfies Record<Tab, string>

const Actions = lazy(() => import('./person-actions.tsx'))

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'overview' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const { data: person, error, refetch } = useCall('getPerson', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!person) return <Waiting />
  const Content = contents[tab]
  return (
    <Stack gap={0}>
      <PageHead
        title={nameOf(person, t)}
        trail={[{ title: t('people.title'), to: '/people' }]}
        text={
          <Group gap="sm" component="span">
            <span>
              {t('people.since')} <When at={person.createdAt} as="date" />
            </span>
            <Code dir="ltr" bg="transparent" px={0}>
              {person.id}
            </Code>
          </Group>
        }
      >
        <Suspense fallback={null}>
          <Actions person={person} />
        </Suspense>
      </PageHead>
      <PageTabs
        tab={tab}
        tabs={tabs.filter(it => may(needs[it]))}
        labelOf={it => t(`people.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value={tab}>
          <Suspense fallback={<Waiting />}>
            <Content person={person} />
          </Suspense>
        </Tabs.Panel>
      </PageTabs>
    </Stack>
  )
}
