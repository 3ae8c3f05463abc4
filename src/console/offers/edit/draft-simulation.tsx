import { Stack, Text } from '@mantine/core'
import { useWords } from '../../../faces/words.ts'
import { Panel } from '../../parts/panel.tsx'
import { useWorkspace } from '../../parts/use-workspace.ts'
import { SimulationForm } from '../../simulate/simulation-form.tsx'
import { SimulationResult } from '../../simulate/simulation-result.tsx'
import { type Draft, meetsBaskets } from './offer-draft.ts'

type Props = {
  readonly draft: Draft
  /** The offer of which it becomes a new version. */
  readonly replaces: string | undefined
  /** The simulation that was started last; it may be of the draft as it was. */
  readonly job: string | undefined
  readonly onStart: (job: string) => void
}

/** The draft on the orders of the past, before it is stored. */
export const DraftSimulation = ({ draft, replaces, job, onStart }: Props) => {
  const { t } = useWords()
  const workspace = useWorkspace()
  if (!workspace) return null
  return (
    <Stack gap="md">
      <Panel>
        <Stack gap="md">
          <Text c="dimmed">{t(meetsBaskets(draft) ? 'simulate.text' : 'offerForm.notSimulated')}</Text>
          {meetsBaskets(draft) && (
            <SimulationForm
              // A draft may be simulated before it has a name.
              drafts={[draft.name === '' ? { ...draft, name: t('offerForm.newOffer') } : draft]}
              replaces={replaces === undefined ? [] : [replaces]}
              workspace={workspace}
              onStart={onStart}
            />
          )}
        </Stack>
      </Panel>
      {job !== undefined && <SimulationResult key={job} job={job} />}
    </Stack>
  )
}
