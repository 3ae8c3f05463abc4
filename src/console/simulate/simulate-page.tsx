import { MultiSelect, Stack } from '@mantine/core'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { draftOf, meetsBaskets } from '../offers/edit/offer-draft.ts'
import { OffersHead } from '../offers/offers-head.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Waiting } from '../parts/waiting.tsx'
import { SimulationForm } from './simulation-form.tsx'
import { SimulationResult } from './simulation-result.tsx'

/** Offers as they stand, decided on the orders of the past. What is picked and what was found lie in the address. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const [{ offers: picked = '', job }, setFilters] = useFilters({ offers: text, job: text })
  const ids = picked.split(',').filter(id => id !== '')
  const offers = useCall('listOffers', [{ limit: 200 }])
  const workspace = useWorkspace()
  if (offers.error) return <Problem error={offers.error} onRetry={offers.refetch} />
  if (!offers.data || !workspace) return <Waiting />
  const fit = offers.data.data.filter(meetsBaskets)
  const chosen = fit.filter(({ id }) => ids.includes(id))
  return (
    <Stack gap={0}>
      <OffersHead title={t('simulate.title')} text={t('simulate.text')} />
      <Stack gap="lg">
        {may('createSimulation') && (
          <Panel>
            <Stack gap="md">
              <MultiSelect
                label={t('simulate.pick')}
                description={t('simulate.pickText')}
                placeholder={ids.length === 0 ? t('simulate.pickSome') : undefined}
                searchable
                clearable
                clearButtonProps={{ 'aria-label': t('common.clear') }}
                nothingFoundMessage={t('common.nothing')}
                data={fit.map(({ id, name, state }) => ({
                  value: id,
                  label: state === 'live' ? name : `${name} (${t(`common.states.${state}`)})`,
                }))}
                value={ids}
                onChange={all => setFilters({ offers: all.join(','), job: undefined }, { replace: true })}
              />
              <SimulationForm
                drafts={chosen.map(draftOf)}
                replaces={chosen.map(({ id }) => id)}
                workspace={workspace}
                onStart={started => setFilters({ job: started })}
              />
            </Stack>
          </Panel>
        )}
        {job !== undefined && <SimulationResult key={job} job={job} />}
      </Stack>
    </Stack>
  )
}
