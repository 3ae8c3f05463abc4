import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Job } from '../../sdk/index.ts'
import { Problem } from './problem.tsx'
import { reasonWords } from './reason-words.ts'
import { StateBadge } from './state-badge.tsx'
import { Count } from './values.tsx'

const isOver = (job: Job | undefined): boolean => job !== undefined && !['queued', 'running'].includes(job.state)

type Props = {
  readonly id: string
  /** Called once, when it has done its work. */
  readonly onDone?: (job: Job) => void
}

/** Long work on its way: how far, and a way to stop it or to go on. */
export const JobProgress = ({ id, onDone }: Props) => {
  const words = useWords()
  const { t } = words
  const may = useMay()
  const query = useCall('getJob', [id], { refetchIntervalMs: found => (isOver(found) ? false : 1000) })
  const cancel = useChange('cancelJob', ['getJob', 'listJobs'])
  const resume = useChange('resumeJob', ['getJob', 'listJobs'])
  const job = query.data
  const isDone = job?.state === 'done'
  // Once, whatever function the parent makes meanwhile.
  useEffect(() => {
    if (isDone) onDone?.(job)
  }, [isDone])
  if (query.error) return <Problem error={query.error} onRetry={query.refetch} />
  if (!job) return null
  const percent = job.total ? (100 * job.done) / job.total : isOver(job) ? 100 : 0
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Group gap="xs">
          <StateBadge state={job.state} />
          <Text size="sm">
            <Count value={job.done} />
            {job.total !== null && (
              <>
                {' / '}
                <Count value={job.total} />
              </>
            )}
          </Text>
        </Group>
        {!isOver(job) && may('cancelJob') && (
          <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate([id])}>
            {t('common.job.cancel')}
          </Button>
        )}
        {(job.state === 'failed' || job.state === 'cancelled') && may('resumeJob') && (
          <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate([id])}>
            {t('common.job.resume')}
          </Button>
        )}
      </Group>
      <Progress value={percent} animated={!isOver(job)} aria-label={t('common.job.progress')} />
      {job.error && (
        <Text size="sm" c="var(--bad)">
          {job.error.code === undefined ? (
            <>
              {t('common.job.says')} <bdi lang="en">{job.error.message}</bdi>
            </>
          ) : (
            <bdi>{reasonWords({ ...job.error, code: job.error.code }, words)}</bdi>
          )}
        </Text>
      )}
    </Stack>
  )
}
