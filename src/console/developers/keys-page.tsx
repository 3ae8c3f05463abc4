import { Button, Code, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Key } from '../../sdk/index.ts'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAct } from '../parts/use-act.ts'
import { When } from '../parts/values.tsx'
import { DevelopersHead } from './developers-head.tsx'
import { type MadeKey, useMadeKey } from './made-key.ts'
import { RotateDialog } from './rotate-dialog.tsx'
import { SecretDialog } from './secret-dialog.tsx'

/** A till's key is made where its location is. */
const scopes = ['secret', 'publishable'] as const
const reads = ['listKeys', 'listSources', 'getSetup'] as const
const query = { limit: 100 } as const

type DialogProps = { readonly onMade: (made: MadeKey) => void; readonly onClose: () => void }

const NewKey = ({ onMade, onClose }: DialogProps) => {
  const { t } = useWords()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<(typeof scopes)[number]>('secret')
  const [channel, setChannel] = useState('')
  const create = useChange('createKey', reads)
  return (
    <FormDialog
      title={t('developers.keys.new')}
      action={t('developers.keys.make')}
      onClose={onClose}
      isReady={name.trim() !== ''}
      onSubmit={async () => {
        const given = channel.trim() === '' ? {} : { channel: channel.trim() }
        const { id, key } = await create.mutateAsync([{ name: name.trim(), scope, ...given }])
        onMade({ id, name: name.trim(), key, isPublic: scope === 'publishable' })
      }}
    >
      <TextInput
        label={t('developers.field.name')}
        placeholder={t('developers.keys.nameHint')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <NativeSelect
        label={t('developers.field.scope')}
        description={t(`developers.scopeText.${scope}`)}
        value={scope}
        onChange={event => setScope(scopes.find(it => it === event.currentTarget.value) ?? scope)}
        data={scopes.map(value => ({ value, label: t(`developers.scope.${value}`) }))}
      />
      <TextInput
        label={t('developers.field.channel')}
        description={t('developers.field.channelText')}
        dir="ltr"
        value={channel}
        onChange={event => setChannel(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

const RotateKey = ({ of, onMade, onClose }: DialogProps & { readonly of: Key }) => {
  const rotate = useChange('rotateKey', reads)
  return (
    <RotateDialog
      name={of.name}
      rotate={async graceSeconds => {
        const { id, name, key, scope } = await rotate.mutateAsync([of.id, { graceSeconds }])
        onMade({ id, name, key, isPublic: scope === 'publishable' })
      }}
      onClose={onClose}
    />
  )
}

type Open =
  | { readonly what: 'new' }
  | { readonly what: 'rotate'; readonly key: Key }
  | { readonly what: 'made'; readonly made: MadeKey }

/** What programs sign their calls with. */
export const Page = () => {
  const { t } = useWords()
  const act = useAct()
  const [, remember] = useMadeKey()
  const [open, setOpen] = useState<Open>()
  const keys = useList('listKeys', [query])
  const revoke = useChange('revokeKey', reads)
  const close = () => setOpen(it => (it?.what === 'made' ? it : undefined))
  const onMade = (made: MadeKey): void => {
    remember(made)
    setOpen({ what: 'made', made })
  }
  const actionsOf = (key: Key) => [
    { label: t('developers.rotate.action'), run: () => setOpen({ what: 'rotate', key }) },
    {
      label: t('developers.revoke.action'),
      isFinal: true,
      run: () =>
        act(() => revoke.mutateAsync([key.id]), t('developers.revoke.done', { name: key.name }), {
          title: t('developers.revoke.title', { name: key.name }),
          text: t('developers.revoke.text'),
          action: t('developers.revoke.action'),
          isFinal: true,
        }),
    },
  ]
  return (
    <Stack gap={0}>
      <DevelopersHead screen="keys">
        <Button onClick={() => setOpen({ what: 'new' })}>{t('developers.keys.new')}</Button>
      </DevelopersHead>
      <DataTable<Key>
        caption={t('developers.title.keys')}
        keyOf={({ id }) => id}
        rows={rowsOfList(keys)}
        csv="keys"
        sent={requestOf('listKeys', [query])}
        empty={<Empty title={t('developers.keys.none')} text={t('developers.keys.noneText')} />}
        columns={[
          {
            title: t('developers.field.name'),
            cell: ({ id, name }) => (
              <>
                <Text size="sm" fw={600}>
                  <bdi>{name}</bdi>
                </Text>
                <Code dir="ltr" bg="transparent" px={0} c="dimmed">
                  {id}
                </Code>
              </>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('developers.field.scope'),
            cell: ({ scope }) => t(`developers.scope.${scope}`),
            csv: ({ scope }) => scope,
          },
          {
            title: t('developers.field.channel'),
            cell: ({ channel, location }) => (
              <bdi dir="ltr">{[channel, location].filter(it => it !== null).join(' · ') || '–'}</bdi>
            ),
            csv: ({ channel }) => channel,
          },
          {
            title: t('developers.keys.made'),
            cell: ({ createdAt }) => <When at={createdAt} as="date" />,
            csv: ({ createdAt }) => createdAt,
          },
          {
            title: t('developers.keys.state'),
            cell: ({ revokedAt }) => <StateBadge state={revokedAt === null ? 'active' : 'ended'} />,
            csv: ({ revokedAt }) => revokedAt,
          },
          {
            title: t('developers.actions'),
            align: 'end',
            cell: key => (
              <RowMenu
                label={t('developers.more', { name: key.name })}
                items={key.revokedAt === null ? actionsOf(key) : []}
              />
            ),
          },
        ]}
      />
      {open?.what === 'new' && <NewKey onMade={onMade} onClose={close} />}
      {open?.what === 'rotate' && <RotateKey of={open.key} onMade={onMade} onClose={close} />}
      {open?.what === 'made' && <SecretDialog made={open.made} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
