import { Select, Tabs } from '@mantine/core'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { Liability } from '../loyalty/liability.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { useNowMs, useWorkspace } from '../parts/use-workspace.ts'
import { Waiting } from '../parts/waiting.tsx'
import { CampaignsReport } from './campaigns-report.tsx'
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
  liability: Liability,
} as const

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const workspace = useWorkspace()
  const nowMs = useNowMs()
  const [{ view: wanted, period = '28d' }, setFilters] = useFilters({
    view: oneOf(views.map(({ name }) => name)),
    period: oneOf(periods),
  })
  const shown = views.filter(({ call }) => may(call))
  const view = shown.find(({ name }) => name === wanted)?.name ?? shown[0]?.name
  if (!workspace || nowMs === undefined || !view) return <Waiting />
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
      <PageTabs
        tab={view}
        tabs={shown.map(({ name }) => name)}
        labelOf={name => t(`reports.${name}.title`)}
        onChoose={view => setFilters({ view })}
      >
        <Tabs.Panel value={view}>
          <Report workspace={workspace} spans={spansOf(period, nowMs, workspace.timeZone)} />
        </Tabs.Panel>
      </PageTabs>
    </>
  )
}
