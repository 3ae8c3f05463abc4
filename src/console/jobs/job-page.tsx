import { Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { JobProgress } from '../parts/job-progress.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'

/** Long work by its id: where a notice about it leads. */
export const Page = () => {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const { data: job } = useCall('getJob', [id])
  return (
    <Stack gap={0}>
      <PageHead title={t('jobs.title', { kind: job ? t(`jobs.kind.${job.kind}`, { defaultValue: job.kind }) : '' })} />
      <Panel>
        <Stack>
          <JobProgress id={id} />
          {job?.result != null && <JsonBlock value={job.result} label={t('jobs.result')} />}
        </Stack>
      </Panel>
    </Stack>
  )
}
