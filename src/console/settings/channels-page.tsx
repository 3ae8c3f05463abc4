import { Button, Stack, Switch, TextInput } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { currencyDecimals } from '../../faces/format.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { readAmount } from '../../faces/read-amount.ts'
import { useMay } from '../../faces/session.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { Channel } from '../../sdk/index.ts'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { idOf } from '../parts/id-of.ts'
import { RowMenu } from '../parts/row-menu.tsx'
import { useAct } from '../parts/use-act.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Money } from '../parts/values.tsx'
import { IdText } from './id-text.tsx'
import { SettingsHead } from './settings-head.tsx'

const query = { limit: 100 } as const
const firstChannel = {
  method: 'PUT',
  path: '/v1/channels/store',
  body: { name: 'Stores', canShow: true, canRedeem: true },
} as const
const traits = ['canShow', 'canRedeem', 'canContact'] as const

const ChannelDialog = ({
  channel,
  onClose,
}: {
  readonly channel: Channel | undefined
  readonly onClose: () => void
}) => {
  const { t } = useWords()
  const currency = channel?.costPerContact?.currency ?? useWorkspace()?.currency ?? 'EUR'
  const [name, setName] = useState(channel?.name ?? '')
  const [id, setId] = useState<string>()
  const [can, setCan] = useState({
    canShow: channel?.canShow ?? true,
    canRedeem: channel?.canRedeem ?? true,
    canContact: channel?.canContact ?? false,
  })
  const [cost, setCost] = useState(
    channel?.costPerContact ? String(channel.costPerContact.amount / 10 ** currencyDecimals(currency)) : '',
  )
  const put = useChange('putChannel', ['listChannels'])
  const amount = cost.trim() === '' ? undefined : readAmount(cost, currency)
  const chosenId = channel?.id ?? id ?? idOf(name)
  return (
    <FormDialog
      title={channel?.name ?? t('settings.channels.new')}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== '' && chosenId !== '' && (cost.trim() === '' || amount !== undefined)}
      onSubmit={async () => {
        const costs = can.canContact && amount !== undefined ? { costPerContact: { amount, currency } } : {}
        await put.mutateAsync([chosenId, { name: name.trim(), ...can, ...costs }])
      }}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      {channel === undefined && (
        <TextInput
          label={t('settings.field.id')}
          description={t('settings.channels.idText')}
          dir="ltr"
          value={chosenId}
          onChange={event => setId(event.currentTarget.value)}
          required
        />
      )}
      {traits.map(trait => (
        <Switch
          key={trait}
          label={t(`settings.channels.${trait}`)}
          description={t(`settings.channels.${trait}Text`)}
          checked={can[trait]}
          onChange={event => setCan({ ...can, [trait]: event.currentTarget.checked })}
        />
      ))}
      {can.canContact && (
        <TextInput
          label={t('settings.channels.cost', { currency })}
          dir="ltr"
          inputMode="decimal"
          value={cost}
          onChange={event => setCost(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}

const Can = ({ is }: { readonly is: boolean }) => {
  const { t } = useWords()
  const label = t(is ? 'settings.channels.yes' : 'settings.channels.no')
  return is ? (
    <IconCheck size={18} color="var(--good)" role="img" aria-label={label} />
  ) : (
    <IconMinus size={18} color="var(--text-quiet)" role="img" aria-label={label} />
  )
}

/** Where contact happens, and what can be done there. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<{ readonly channel?: Channel }>()
  const channels = useList('listChannels', [query])
  const remove = useChange('deleteChannel', ['listChannels'])
  return (
    <Stack gap={0}>
      <SettingsHead screen="channels">
        {may('putChannel') && <Button onClick={() => setOpen({})}>{t('settings.channels.new')}</Button>}
      </SettingsHead>
      <DataTable<Channel>
        caption={t('settings.title.channels')}
        keyOf={({ id }) => id}
        rows={rowsOfList(channels)}
        csv="channels"
        sent={requestOf('listChannels', [query])}
        empty={
          <Empty title={t('settings.channels.none')} text={t('settings.channels.noneText')} example={firstChannel} />
        }
        columns={[
          {
            title: t('settings.channels.channel'),
            cell: ({ id, name }) => <IdText id={id} name={name} />,
            csv: ({ id }) => id,
          },
          ...traits.map(trait => ({
            title: t(`settings.channels.${trait}`),
            cell: (channel: Channel) => <Can is={channel[trait]} />,
            csv: (channel: Channel) => String(channel[trait]),
          })),
          {
            title: t('settings.channels.costHead'),
            align: 'end',
            cell: ({ costPerContact }) =>
              costPerContact ? <Money minor={costPerContact.amount} currency={costPerContact.currency} /> : '–',
            csv: ({ costPerContact: cost }) => cost && csvMoney(cost.amount, cost.currency),
          },
          {
            title: t('settings.actions'),
            align: 'end',
            cell: channel =>
              may('putChannel') && (
                <RowMenu
                  label={t('settings.more', { name: channel.name })}
                  items={[
                    { label: t('common.edit'), run: () => setOpen({ channel }) },
                    {
                      label: t('common.remove'),
                      isFinal: true,
                      run: () =>
                        act(() => remove.mutateAsync([channel.id]), t('settings.removed', { name: channel.name }), {
                          title: t('settings.removeTitle', { name: channel.name }),
                          text: t('settings.locations.removeText'),
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
      {open && <ChannelDialog channel={open.channel} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
