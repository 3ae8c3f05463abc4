import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Household, Programme, Transfer } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { PersonField } from '../parts/person-field.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { pointsWords } from './programme-words.ts'

type Given = { readonly programme: Programme }

const changesValue = ['getWallet', 'getHousehold', 'listAccounts', 'getAccount', 'listPostings', 'getTicker'] as const

/** Points of one person to another: tried first, so that the fee and what is in the way are known before anything moves. */
const GivePoints = ({ programme }: Given) => {
  const words = useWords()
  const { t } = words
  const notices = useNotices()
  const transfer = useChange('createTransfer', changesValue)
  const [from, setFrom] = useState<string>()
  const [to, setTo] = useState<string>()
  const [points, setPoints] = useState<number | string>('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState<Transfer>()
  const unit = 10 ** programme.unit.decimals
  const isReady = from !== undefined && to !== undefined && Number(points) > 0
  const send = (dryRun: boolean): void => {
    if (from === undefined || to === undefined) return
    const body = {
      from,
      to,
      programme: programme.id,
      points: Math.round(Number(points) * unit),
      ...(note.trim() !== '' && { note: note.trim() }),
    }
    transfer.mutate([body, { dryRun }], {
      onSuccess: answer => {
        if (dryRun) return setTried(answer)
        setTried(undefined)
        setPoints('')
        notices.done(t('loyalty.giving.done', { points: pointsWords(programme, answer.received, words) }))
      },
    })
  }
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      setTried(undefined)
      transfer.reset()
      set(value)
    }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    send(tried === undefined)
  }
  return (
    <Panel title={t('loyalty.giving.title')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <PersonField label={t('loyalty.giving.from')} value={from} onChange={changed(setFrom)} isRequired />
          <PersonField label={t('loyalty.giving.to')} value={to} onChange={changed(setTo)} isRequired />
          <NumberInput
            label={t('loyalty.giving.points', { unit: programme.unit.many })}
            required
            min={1 / unit}
            decimalScale={programme.unit.decimals}
            hideControls
            value={points}
            onChange={changed(setPoints)}
          />
          <TextInput
            label={t('loyalty.giving.note')}
            value={note}
            maxLength={300}
            onChange={event => setNote(event.currentTarget.value)}
          />
          {transfer.error && <Problem error={transfer.error} />}
          {tried && (
            <Facts>
              <Fact label={t('loyalty.giving.given')}>{pointsWords(programme, tried.points, words)}</Fact>
              <Fact label={t('loyalty.giving.fee')}>{pointsWords(programme, tried.fee, words)}</Fact>
              <Fact label={t('loyalty.giving.received')}>{pointsWords(programme, tried.received, words)}</Fact>
            </Facts>
          )}
          <Group justify="flex-end">
            <Button
              type="submit"
              variant={tried ? 'filled' : 'default'}
              loading={transfer.isPending}
              disabled={!isReady}
            >
              {t(tried ? 'loyalty.giving.give' : 'loyalty.giving.try')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}

const HouseholdCard = ({ programme, household }: Given & { readonly household: Household }) => {
  const words = useWords()
  const { t } = words
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const [added, setAdded] = useState<string>()
  const update = useChange('updateHousehold', changesValue)
  const members = household.members.map(({ person, mayBurn }) => ({ person, mayBurn }))
  const mayChange = may('updateHousehold')
  const set = (next: typeof members): void =>
    update.mutate([household.id, { members: next }], { onSuccess: () => setAdded(undefined) })
  const remove = async (person: string): Promise<void> => {
    const yes = await confirm({
      title: t('loyalty.households.remove.title'),
      text: t('loyalty.households.remove.text'),
      action: t('loyalty.households.remove.action'),
    })
    if (!yes) return
    set(members.filter(member => member.person !== person))
    notices.done(t('loyalty.households.remove.done'))
  }
  return (
    <Stack gap="sm">
      <Text fw={600}>
        <bdi>{household.name}</bdi> · {pointsWords(programme, household.balance, words)}
      </Text>
      {household.members.map(({ person, mayBurn, since, balance }) => (
        <Group key={person} justify="space-between" gap="sm">
          <Stack gap={0}>
            <PersonRef id={person} />
            <Text size="xs" c="dimmed">
              {pointsWords(programme, balance, words)} · <When at={since} as="date" />
            </Text>
          </Stack>
          <Group gap="sm">
            <Checkbox
              label={t('loyalty.households.mayBurn')}
              checked={mayBurn}
              disabled={!mayChange || update.isPending}
              onChange={event =>
                set(members.map(it => (it.person === person ? { person, mayBurn: event.currentTarget.checked } : it)))
              }
            />
            {mayChange && (
              <Button size="compact-xs" variant="default" onClick={() => remove(person)}>
                {t('loyalty.households.remove.action')}
              </Button>
            )}
          </Group>
        </Group>
      ))}
      {mayChange && (
        <Group align="flex-end">
          <div style={{ flex: 1 }}>
            <PersonField label={t('loyalty.households.add')} value={added} onChange={setAdded} />
          </div>
          <Button
            variant="default"
            disabled={added === undefined}
            loading={update.isPending}
            onClick={() => added !== undefined && set([...members, { person: added, mayBurn: true }])}
          >
            {t('loyalty.households.addAction')}
          </Button>
        </Group>
      )}
      {update.error && <Problem error={update.error} />}
    </Stack>
  )
}

const NewHousehold = ({ programme, person }: Given & { readonly person: string }) => {
  const { t } = useWords()
  const may = useMay()
  const [name, setName] = useState('')
  const create = useChange('createHousehold', changesValue)
  if (!may('createHousehold')) return <Text>{t('loyalty.households.inNone')}</Text>
  return (
    <Stack gap="sm">
      <Text size="sm">{t('loyalty.households.inNone')}</Text>
      <Group align="flex-end">
        <TextInput
          style={{ flex: 1 }}
          label={t('loyalty.households.name')}
          value={name}
          maxLength={120}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Button
          disabled={name.trim() === ''}
          loading={create.isPending}
          onClick={() => create.mutate([{ programme: programme.id, name: name.trim(), members: [{ person }] }])}
        >
          {t('loyalty.households.create')}
        </Button>
      </Group>
      {create.error && <Problem error={create.error} />}
    </Stack>
  )
}

const HouseholdOf = ({ programme, person }: Given & { readonly person: string }) => {
  const wallet = useCall('getWallet', [person])
  const id = wallet.data?.programmes.find(it => it.programme === programme.id)?.household?.household
  const household = useCall('getHousehold', [id ?? ''], { enabled: id !== undefined })
  const error = wallet.error ?? household.error
  if (error) return <Problem error={error} onRetry={wallet.refetch} />
  if (!wallet.data || (id !== undefined && !household.data)) return <Waiting />
  return household.data ? (
    <HouseholdCard programme={programme} household={household.data} />
  ) : (
    <NewHousehold programme={programme} person={person} />
  )
}

const Households = ({ programme }: Given) => {
  const { t } = useWords()
  const [person, setPerson] = useState<string>()
  return (
    <Panel title={t('loyalty.households.title')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('loyalty.households.about')}
        </Text>
        <PersonField label={t('loyalty.households.of')} value={person} onChange={setPerson} />
        {person !== undefined && <HouseholdOf key={person} programme={programme} person={person} />}
      </Stack>
    </Panel>
  )
}

/** Points that people give each other, and those that they share. */
export const Giving = ({ programme }: Given) => {
  const { t } = useWords()
  const may = useMay()
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      {programme.transfers.between === 'nobody' ? (
        <Panel title={t('loyalty.giving.title')}>
          <Text size="sm">{t('loyalty.transfers.nobody')}</Text>
        </Panel>
      ) : (
        may('createTransfer') && <GivePoints programme={programme} />
      )}
      {programme.households ? (
        <Households programme={programme} />
      ) : (
        <Panel title={t('loyalty.households.title')}>
          <Text size="sm">{t('loyalty.households.none')}</Text>
        </Panel>
      )}
    </SimpleGrid>
  )
}
