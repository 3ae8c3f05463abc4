import { Button, CopyButton, Group, NumberInput, Select, Stack, Switch, Text, Textarea } from '@mantine/core'
import { IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { saveCsv } from '../../faces/csv.ts'
import { useApi, useChange } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { GiftCard, Workspace } from '../../sdk/index.ts'
import { Callout } from '../parts/callout.tsx'
import { DayInput } from '../parts/day-input.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { JobProgress } from '../parts/job-progress.tsx'
import { MoneyInput } from '../parts/money-input.tsx'
import { useNotices } from '../parts/notices.tsx'

const ends = ['days', 'date', 'never'] as const
const most = 100_000
const rowsShown = 8

const saveCodes = (cards: readonly GiftCard[]): void =>
  saveCsv('gift-cards', [
    ['code', 'id', 'amount', 'currency'],
    ...cards.map(({ code, id, initial, currency }) => [code, id, csvMoney(initial, currency).amount, currency]),
  ])

type Issued = { readonly cards: readonly GiftCard[] } | { readonly job: string }

/** The codes, this once: no screen shows them again. */
const Codes = ({ cards }: { readonly cards: readonly GiftCard[] }) => {
  const { t } = useWords()
  const codes = cards.map(({ code }) => code).join('\n')
  return (
    <>
      <Textarea
        label={t('loyalty.giftCards.issue.codes')}
        value={codes}
        readOnly
        rows={Math.min(rowsShown, Math.max(2, cards.length))}
        dir="ltr"
        styles={{ input: { fontFamily: 'var(--font-mono)' } }}
      />
      <Group gap="sm">
        <CopyButton value={codes}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
              {t(copied ? 'common.copied' : 'common.copy')}
            </Button>
          )}
        </CopyButton>
        <Button leftSection={<IconDownload size={16} aria-hidden />} onClick={() => saveCodes(cards)}>
          CSV
        </Button>
      </Group>
    </>
  )
}

/** Many cards at once: how far the job is, then their codes as a file. */
const ByJob = ({ job }: { readonly job: string }) => {
  const { t } = useWords()
  const api = useApi()
  const notices = useNotices()
  const [state, setState] = useState<'running' | 'ready' | 'saving'>('running')
  const refresh = useChange('getJob', ['listGiftCards'])
  const save = async (): Promise<void> => {
    setState('saving')
    try {
      const cards: GiftCard[] = []
      for await (const card of api.listGiftCards({ job, limit: 1000 })) cards.push(card)
      saveCodes(cards)
    } catch (error) {
      notices.failed(error)
    }
    setState('ready')
  }
  return (
    <>
      <JobProgress
        id={job}
        onDone={() => {
          setState('ready')
          void refresh.mutateAsync([job])
        }}
      />
      <Group>
        <Button
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={state === 'running'}
          loading={state === 'saving'}
          onClick={save}
        >
          {t('loyalty.giftCards.issue.file')}
        </Button>
      </Group>
    </>
  )
}

type Props = { readonly workspace: Workspace; readonly onClose: () => void }

/** Issues cards, and shows their codes once. */
export const IssueCards = ({ workspace, onClose }: Props) => {
  const { t } = useWords()
  const [count, setCount] = useState<number | ''>(1)
  const [amount, setAmount] = useState<number | undefined>()
  const [active, setActive] = useState(false)
  const [end, setEnd] = useState<(typeof ends)[number]>('days')
  const [days, setDays] = useState<number | ''>(1095)
  const [until, setUntil] = useState<string>()
  const [issued, setIssued] = useState<Issued>()
  const issue = useChange('issueGiftCards', ['listGiftCards'])
  const { currency, timeZone } = workspace
  const isReady =
    count !== '' &&
    amount !== undefined &&
    amount > 0 &&
    (end !== 'days' || days !== '') &&
    (end !== 'date' || until !== undefined)
  const submit = async (): Promise<'stay'> => {
    const ending = end === 'days' ? { days: Number(days) } : end === 'date' ? { expiresAt: until ?? '' } : {}
    const answer = await issue.mutateAsync([{ amount: amount ?? 0, currency, count: Number(count), active, ...ending }])
    setIssued('data' in answer ? { cards: answer.data } : { job: answer.id })
    return 'stay'
  }
  if (issued)
    return (
      <Dialog title={t('loyalty.giftCards.issue.done')} onClose={onClose}>
        <Stack>
          <Callout tone="warn" title={t('loyalty.giftCards.issue.once')}>
            <Text size="sm">{t('loyalty.giftCards.issue.onceText')}</Text>
          </Callout>
          {'cards' in issued ? <Codes cards={issued.cards} /> : <ByJob job={issued.job} />}
        </Stack>
      </Dialog>
    )
  return (
    <FormDialog
      title={t('loyalty.giftCards.issue.title')}
      action={t('loyalty.giftCards.issue.action')}
      onClose={onClose}
      onSubmit={submit}
      isReady={isReady}
    >
      <NumberInput
        label={t('loyalty.giftCards.issue.count')}
        min={1}
        max={most}
        allowDecimal={false}
        value={count}
        onChange={value => setCount(typeof value === 'number' ? value : '')}
        data-autofocus
      />
      <MoneyInput
        label={t('loyalty.giftCards.issue.amount')}
        currency={currency}
        value={amount}
        onChange={setAmount}
        required
      />
      <Select
        label={t('loyalty.giftCards.issue.end')}
        data={ends.map(value => ({ value, label: t(`loyalty.giftCards.issue.ends.${value}`) }))}
        value={end}
        onChange={chosen => setEnd(ends.find(it => it === chosen) ?? 'days')}
        allowDeselect={false}
      />
      {end === 'days' && (
        <NumberInput
          label={t('loyalty.giftCards.issue.days')}
          min={1}
          max={36_500}
          allowDecimal={false}
          value={days}
          onChange={value => setDays(typeof value === 'number' ? value : '')}
        />
      )}
      {end === 'date' && (
        <DayInput
          label={t('loyalty.giftCards.issue.until')}
          timeZone={timeZone}
          value={until}
          onChange={setUntil}
          required
        />
      )}
      <Switch
        label={t('loyalty.giftCards.issue.active')}
        description={t('loyalty.giftCards.issue.activeText')}
        checked={active}
        onChange={event => setActive(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}
