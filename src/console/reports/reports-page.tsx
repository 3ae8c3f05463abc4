import { Select, Tabs } from '@mantine/core'
import { useState } from 'react'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { oneOf, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Waiting } from '../parts/waiting.tsx'
import { CampaignsReport } from './campaigns-report.tsx'
import { LiabilityReport } from './liability-report.tsx'
import { periods, spansOf } from './period.ts'
import { DiscountReport, TimeReport } from './time-report.tsx'

/** What one can look at, and the call without which there is nothing to see. */
const views = [
  { name: 'time', call: 'getActivity' },
  { name: 'discount', call: 'getActivity' },
  { name: 'campaigns', call: 'getCampaignReport' },
  { name: 'liability', call: 'getLiability' },
] as const
const reports = {
  time: TimeReport,
  discount: DiscountReport,
  campaigns: CampaignsReport,
  liability: LiabilityReport,
} as const

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const workspace = useWorkspace()
  const [openedMs] = useState(Date.now)
  const [{ view: wanted, period = '28d' }, setFilters] = useFilters({
    view: oneOf(views.map(({ name }) => name)),
    period: oneOf(periods),
  })
  const shown = views.filter(({ call }) => may(call))
  const view = shown.find(({ name }) => name === wanted)?.name ?? shown[0]?.name
  if (!workspace || !view) return <Waiting />
  const nowMs = openedMs + 1000 * (workspace.demo?.aheadSeconds ?? 0)
  const Report = reports[view]
  return (
    <>
      <PageHead title={t('reports.title')} text={t(`reports.${view}.text`)}>
        {view !== 'liability' && (
          <Select
            size="sm"
            w={180}
            aria-label={t('reports.period.label')}
            allowDeselect={false}
            data={periods.map(value => ({ value, label: t(`reports.period.${value}`) }))}
            value={period}
            onChange={chosen => setFilters({ period: periods.find(it => it === chosen) })}
          />
        )}
      </PageHead>
      <Tabs value={view} onChange={chosen => setFilters({ view: views.find(({ name }) => name === chosen)?.name })}>
        <Tabs.List mb="lg">
          {shown.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`reports.${name}.title`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view}>
          <Report workspace={workspace} spans={spansOf(period, nowMs, workspace.timeZone)} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
