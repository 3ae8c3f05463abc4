import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { dateIn, isDate, plusDays, startOfDate } from '../../faces/days.ts'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { DraftOffer, SimulationInput, Workspace } from '../../sdk/index.ts'
import { Problem } from '../parts/problem.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'

const periods = ['30', '90', '365', 'all', 'custom'] as const

type Props = {
  readonly drafts: readonly DraftOffer[]
  /** The offers that the drafts are of: where they are live, they are not decided a second time. */
  readonly replaces: readonly string[]
  readonly workspace: Workspace
  /** The job that reckons it. */
  readonly onStart: (job: string) => void
}

const instantOf = (date: string, timeZone: string): string | undefined =>
  isDate(date) ? new Date(startOfDate(date, timeZone)).toISOString() : undefined

/** Which past it is reckoned for, and beside what; then it starts. */
export const SimulationForm = ({ drafts, replaces, workspace, onStart }: Props) => {
  const { t } = useWords()
  const { timeZone, demo } = workspace
  const today = dateIn(demo ? Date.parse(demo.now) : Date.now(), timeZone)
  const [period, setPeriod] = useState<(typeof periods)[number]>('90')
  const [first, setFirst] = useState(plusDays(today, -90))
  const [last, setLast] = useState(today)
  const [withLive, setWithLive] = useState(false)
  const [members, setMembers] = useState<number | undefined>()
  const start = useChange('createSimulation', ['listJobs'])
  const isCustom = period === 'custom'
  const from = instantOf(isCustom ? first : period === 'all' ? '' : plusDays(today, -Number(period)), timeZone)
  const to = isCustom && isDate(last) ? instantOf(plusDays(last, 1), timeZone) : undefined
  const input: SimulationInput = {
    offers: drafts,
    withLive,
    ...(withLive && replaces.length > 0 && { replaces }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(members !== undefined && { members }),
  }
  const givesPoints = drafts.some(({ benefit }) => benefit.kind === 'points')
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: isCustom ? 3 : 2 }} spacing="md">
        <Select
          label={t('simulate.period')}
          allowDeselect={false}
          data={periods.map(it => ({ value: it, label: t(`simulate.periods.${it}`) }))}
          value={period}
          onChange={chosen => setPeriod(periods.find(it => it === chosen) ?? period)}
        />
        {isCustom && (
          <>
            <TextInput
              type="date"
              label={t('simulate.first')}
              max={last}
              value={first}
              onChange={event => setFirst(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('simulate.last')}
              min={first}
              max={today}
              value={last}
              onChange={event => setLast(event.currentTarget.value)}
            />
          </>
        )}
        {givesPoints && (
          <NumberInput
            label={t('simulate.members')}
            description={t('simulate.membersText')}
            suffix=" %"
            min={0}
            max={100}
            hideControls
            placeholder="100 %"
            value={members ?? ''}
            onChange={typed => setMembers(typed === '' ? undefined : Number(typed))}
          />
        )}
      </SimpleGrid>
      <Switch
        label={t('simulate.withLive')}
        description={t('simulate.withLiveText')}
        checked={withLive}
        onChange={event => setWithLive(event.currentTarget.checked)}
      />
      {start.error && <Problem error={start.error} />}
      <Group gap="sm">
        <Button
          leftSection={<IconFlask size={16} aria-hidden />}
          loading={start.isPending}
          disabled={drafts.length === 0}
          onClick={() => start.mutate([input], { onSuccess: ({ id }) => onStart(id) })}
        >
          {t('simulate.run')}
        </Button>
        {drafts.length > 0 && <RepeatCall sent={requestOf('createSimulation', [input])} />}
      </Group>
    </Stack>
  )
}
