import { Button, Group, List, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatMonth } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { type Closing, type Job, TesseraRefusal } from '../../sdk/index.ts'
import { Callout } from '../parts/callout.tsx'
import { useConfirm } from '../parts/confirm.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { JobProgress } from '../parts/job-progress.tsx'
import { useNotices } from '../parts/notices.tsx'
import type { Reason } from '../parts/reason-words.ts'
import { Reasons } from '../parts/reasons.tsx'
import type { Month } from './months.ts'

type Way = 'look' | 'close'
type Step =
  | { readonly at: 'rest' }
  | { readonly at: 'asking' }
  /** The server goes on by itself, and answers by the result of a job. */
  | { readonly at: 'job'; readonly way: Way; readonly id: string }
  | { readonly at: 'blocked'; readonly reasons: readonly Reason[] }

const isJob = (answer: Closing | Job): answer is Job => 'kind' in answer

/** Looks whether a month can be closed, asks, closes it. Each of the two calls may go on as a job. */
const useClose = (period: string) => {
  const { t, language } = useWords()
  const [step, setStep] = useState<Step>({ at: 'rest' })
  const [, setFilters] = useFilters({ month: text })
  const confirm = useConfirm()
  const notices = useNotices()
  const create = useChange('createClosing', ['listClosings', 'getLiability'])
  const refresh = useChange('listClosings', ['listClosings', 'getLiability'])
  const month = formatMonth(period, language)

  const ask = async (way: Way): Promise<void> => {
    setStep({ at: 'asking' })
    try {
      const answer = await create.mutateAsync([{ period }, { dryRun: way === 'look' }])
      if (isJob(answer)) setStep({ at: 'job', way, id: answer.id })
      else await answered(way, answer)
    } catch (error) {
      const isBlocked = error instanceof TesseraRefusal && error.status === 409
      if (!isBlocked) notices.failed(error)
      setStep(isBlocked ? { at: 'blocked', reasons: [error] } : { at: 'rest' })
    }
  }

  const answered = async (way: Way, closing: Closing): Promise<void> => {
    if (closing.blockers.length > 0) return setStep({ at: 'blocked', reasons: closing.blockers })
    setStep({ at: 'rest' })
    if (way === 'close') {
      notices.done(t('loyalty.closing.done', { month }))
      // Its figures and its journal stay on the screen, not those of the next one.
      setFilters({ month: period })
      return
    }
    const yes = await confirm({
      title: t('loyalty.closing.ask.title', { month }),
      text: t('loyalty.closing.ask.text'),
      action: t('loyalty.closing.action', { month }),
      isFinal: true,
    })
    if (yes) await ask('close')
  }

  const jobDone = async (way: Way, { result }: Job): Promise<void> => {
    // What it changed was read before it was done.
    if (way === 'close') await refresh.mutateAsync([{ limit: 1 }])
    await answered(way, result as Closing)
  }

  return { step, ask, jobDone }
}

/** What stands in the way, and the way there. */
const Blocked = ({ period, reasons }: { readonly period: string; readonly reasons: readonly Reason[] }) => {
  const { t, language } = useWords()
  const earlier = reasons.find(({ code }) => code === 'earlier_period_open')?.details?.earlier
  const waits = reasons.some(({ code }) => code === 'adjustments_open')
  return (
    <Callout tone="bad" title={t('loyalty.closing.blocked', { month: formatMonth(period, language) })}>
      <Stack gap="sm">
        <Reasons items={reasons.map(reason => ({ key: reason.code, title: null, reason }))} />
        {typeof earlier === 'string' && (
          <Group>
            <Button size="xs" variant="default" component={Link} to={`/loyalty/closing?month=${earlier}`}>
              {t('loyalty.closing.earlier', { month: formatMonth(earlier, language) })}
            </Button>
          </Group>
        )}
        {waits && (
          <Group>
            <Button size="xs" variant="default" component={Link} to="/loyalty/adjustments">
              {t('loyalty.closing.waiting')}
            </Button>
          </Group>
        )}
      </Stack>
    </Callout>
  )
}

/** What closing does, told before; then what is in the way or how far it is. */
export const CloseMonth = ({ month: { period, state } }: { readonly month: Month }) => {
  const { t, language } = useWords()
  const { step, ask, jobDone } = useClose(period)
  const month = formatMonth(period, language)
  return (
    <Stack gap="md">
      <div>
        <Text fw={600} size="sm" mb={4}>
          {t('loyalty.closing.does.title')}
        </Text>
        <List size="sm" spacing={4}>
          {(['audit', 'freeze', 'final'] as const).map(what => (
            <List.Item key={what}>{t(`loyalty.closing.does.${what}`)}</List.Item>
          ))}
        </List>
      </div>
      {step.at === 'blocked' && <Blocked period={period} reasons={step.reasons} />}
      {step.at === 'job' && (
        <div>
          <Text size="sm" mb={4}>
            {t(step.way === 'look' ? 'loyalty.closing.checking' : 'loyalty.closing.adding')}
          </Text>
          <JobProgress key={step.id} id={step.id} onDone={job => jobDone(step.way, job)} />
        </div>
      )}
      {step.at !== 'job' && (
        <Group>
          {/* What is frozen already needs no question. */}
          <Button loading={step.at === 'asking'} onClick={() => ask(state === 'closing' ? 'close' : 'look')}>
            {t(state === 'closing' ? 'loyalty.closing.goOn' : 'loyalty.closing.action', { month })}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
