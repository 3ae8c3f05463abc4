import { Button, Group, Progress, Text } from '@mantine/core'
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Sent } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { SetupStep } from '../../sdk/index.ts'
import { Panel } from '../parts/panel.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'
import { useHasPage } from '../parts/use-has-page.ts'
import classes from './home.module.css'

type Step = SetupStep['step']

/** Where each is done: the first of these pages that there is; and the call that does it. */
const ways: Record<Step, { readonly pages: readonly string[]; readonly call: Sent }> = {
  key: {
    pages: ['/developers/keys', '/developers'],
    call: { method: 'POST', path: '/v1/keys', body: { name: 'Web shop', scope: 'secret' } },
  },
  event: {
    pages: ['/developers'],
    call: { method: 'POST', path: '/v1/track', body: { userId: 'ana', event: 'Product Viewed' } },
  },
  offer: {
    pages: ['/offers/new', '/offers'],
    call: { method: 'POST', path: '/v1/campaigns', body: { name: 'Spring' } },
  },
  redemption: {
    pages: [],
    call: {
      method: 'PUT',
      path: '/v1/orders/web-1001',
      body: {
        person: 'userId:ana',
        channel: 'web',
        state: 'placed',
        lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
      },
    },
  },
}

const Action = ({ step }: { readonly step: Step }) => {
  const { t } = useWords()
  const label = t(`home.setup.${step}.action`)
  const page = ways[step].pages.find(useHasPage())
  // The till is a face of its own: the console's router does not know it.
  if (step === 'redemption')
    return (
      <Button size="xs" component="a" href="/till">
        {label}
      </Button>
    )
  return page === undefined ? null : (
    <Button size="xs" component={Link} to={page}>
      {label}
    </Button>
  )
}

const StepRow = ({ step, isDone }: { readonly step: Step; readonly isDone: boolean }) => {
  const { t } = useWords()
  return (
    <li className={classes.step} data-done={isDone}>
      {isDone ? (
        <IconCircleCheckFilled size={22} role="img" aria-label={t('home.setup.done')} className={classes.icon} />
      ) : (
        <IconCircle size={22} role="img" aria-label={t('home.setup.open')} className={classes.icon} />
      )}
      <div className={classes.text}>
        <Text fw={600}>{t(`home.setup.${step}.title`)}</Text>
        {!isDone && (
          <Text size="sm" c="dimmed">
            {t(`home.setup.${step}.text`)}
          </Text>
        )}
      </div>
      {!isDone && (
        <Group gap="xs">
          <Action step={step} />
          <RepeatCall sent={ways[step].call} label={t('home.setup.byCall')} />
        </Group>
      )}
    </li>
  )
}

/** How far a new workspace is, until it is ready. */
const SetupList = ({ steps }: { readonly steps: readonly SetupStep[] }) => {
  const { t, language } = useWords()
  const done = steps.filter(step => step.done).length
  const count = (value: number) => formatNumber(value, language)
  const progress = t('home.setup.progress', { done: count(done), all: count(steps.length) })
  return (
    <Panel title={t('home.setup.title')}>
      <Text size="sm" c="dimmed" mb={8}>
        {progress}
      </Text>
      <Progress value={(100 * done) / steps.length} aria-label={progress} mb="md" />
      <ol className={classes.items}>
        {steps.map(({ step, done: isDone }) => (
          <StepRow key={step} step={step} isDone={isDone} />
        ))}
      </ol>
    </Panel>
  )
}

export default SetupList
