import { Button, MultiSelect, PasswordInput, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatList } from '../../faces/format.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Clerk, Location } from '../../sdk/index.ts'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAct } from '../parts/use-act.ts'
import { SettingsHead } from './settings-head.tsx'

const query = { limit: 100 } as const
const changes = ['listClerks'] as const
const firstClerk = { method: 'POST', path: '/v1/clerks', body: { name: 'Kim', pin: '4711' } } as const
const pinPattern = /^\d{4,8}$/

type Props = {
  readonly clerk: Clerk | undefined
  readonly locations: readonly Location[]
  readonly onClose: () => void
}

const ClerkDialog = ({ clerk, locations, onClose }: Props) => {
  const { t } = useWords()
  const [name, setName] = useState(clerk?.name ?? '')
  const [pin, setPin] = useState('')
  const [supervisor, setSupervisor] = useState(clerk?.supervisor ?? false)
  const [serves, setServes] = useState<string[]>([...(clerk?.locations ?? [])])
  const create = useChange('createClerk', changes)
  const update = useChange('updateClerk', changes)
  const isPinRight = pinPattern.test(pin)
  return (
    <FormDialog
      title={clerk?.name ?? t('settings.clerks.new')}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== '' && (isPinRight || (clerk !== undefined && pin === ''))}
      onSubmit={async () => {
        const given = { name: name.trim(), supervisor, locations: serves }
        if (clerk === undefined) await create.mutateAsync([{ ...given, pin }])
        else await update.mutateAsync([clerk.id, pin === '' ? given : { ...given, pin }])
      }}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <PasswordInput
        label={t(clerk === undefined ? 'settings.clerks.pin' : 'settings.clerks.newPin')}
        description={t('settings.clerks.pinText')}
        error={pin !== '' && !isPinRight ? t('settings.clerks.pinWrong') : undefined}
        value={pin}
        onChange={event => setPin(event.currentTarget.value)}
        inputMode="numeric"
        autoComplete="off"
        maxLength={8}
        required={clerk === undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('settings.clerks.showPin') }}
      />
      <MultiSelect
        label={t('settings.clerks.locations')}
        description={t('settings.clerks.locationsText')}
        value={serves}
        onChange={setServes}
        data={locations.map(it => ({ value: it.id, label: it.name }))}
        searchable
        clearable
      />
      <Switch
        label={t('settings.clerks.supervisor')}
        description={t('settings.clerks.supervisorText')}
        checked={supervisor}
        onChange={event => setSupervisor(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}

/** Who stands at the tills, and says so by a PIN. */
export const Page = () => {
  const { t, language } = useWords()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<{ readonly clerk?: Clerk }>()
  const clerks = useList('listClerks', [query])
  const locations = useCall('listLocations', [{ limit: 200 }]).data?.data ?? []
  const update = useChange('updateClerk', changes)
  const remove = useChange('deleteClerk', changes)
  const placesOf = (clerk: Clerk): string =>
    clerk.locations.length === 0
      ? t('settings.clerks.everywhere')
      : formatList(
          clerk.locations.map(id => locations.find(it => it.id === id)?.name ?? id),
          language,
        )
  return (
    <Stack gap={0}>
      <SettingsHead screen="clerks">
        {may('createClerk') && <Button onClick={() => setOpen({})}>{t('settings.clerks.new')}</Button>}
      </SettingsHead>
      <DataTable<Clerk>
        caption={t('settings.title.clerks')}
        keyOf={({ id }) => id}
        rows={rowsOfList(clerks)}
        csv="clerks"
        sent={requestOf('listClerks', [query])}
        empty={<Empty title={t('settings.clerks.none')} text={t('settings.clerks.noneText')} example={firstClerk} />}
        columns={[
          {
            title: t('settings.field.name'),
            cell: ({ name }) => (
              <Text size="sm" fw={600}>
                <bdi>{name}</bdi>
              </Text>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('settings.clerks.role'),
            cell: ({ supervisor }) => t(supervisor ? 'settings.clerks.supervisor' : 'settings.clerks.clerk'),
            csv: ({ supervisor }) => (supervisor ? 'supervisor' : 'clerk'),
          },
          { title: t('settings.clerks.locations'), cell: clerk => <bdi>{placesOf(clerk)}</bdi>, csv: placesOf },
          {
            title: t('settings.field.state'),
            cell: ({ active }) => <StateBadge state={active ? 'active' : 'paused'} tone={active ? 'good' : 'quiet'} />,
            csv: ({ active }) => (active ? 'active' : 'paused'),
          },
          {
            title: t('settings.actions'),
            align: 'end',
            cell: clerk =>
              may('updateClerk') && (
                <RowMenu
                  label={t('settings.more', { name: clerk.name })}
                  items={[
                    { label: t('settings.clerks.change'), run: () => setOpen({ clerk }) },
                    {
                      label: t(clerk.active ? 'settings.clerks.pause' : 'settings.clerks.resume'),
                      run: () =>
                        act(() => update.mutateAsync([clerk.id, { active: !clerk.active }]), t('settings.saved')),
                    },
                    {
                      label: t('common.remove'),
                      isFinal: true,
                      run: () =>
                        act(() => remove.mutateAsync([clerk.id]), t('settings.removed', { name: clerk.name }), {
                          title: t('settings.removeTitle', { name: clerk.name }),
                          text: t('settings.clerks.removeText'),
                          action: t('common.remove'),
                          isFinal: true,
                        }),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {open && <ClerkDialog clerk={open.clerk} locations={locations} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
