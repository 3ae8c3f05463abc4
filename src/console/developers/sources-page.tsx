import { Anchor, Autocomplete, Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber, formatShare } from '../../faces/format.ts'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Source, SourceInput } from '../../sdk/index.ts'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
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

type Kind = SourceInput['kind']
const kinds = ['web', 'app', 'server', 'file', 'till'] as const satisfies readonly Kind[]
const isPublic = (kind: Kind): boolean => kind === 'web' || kind === 'app'
const reads = ['listSources', 'listKeys', 'getSetup'] as const
const query = { limit: 200 } as const
const everyMs = 10_000
const firstSource = {
  method: 'POST',
  path: '/v1/sources',
  body: { name: 'Web shop', kind: 'web', channel: 'web' },
} as const

/** More refusals among a hundred calls than this want a look. */
const badRate = 0.05

const healthOf = ({ revokedAt, health }: Source): 'revoked' | 'waiting' | 'failing' | 'well' => {
  if (revokedAt !== null) return 'revoked'
  if (health.errorRate !== null && health.errorRate > badRate) return 'failing'
  return health.lastEventAt === null ? 'waiting' : 'well'
}
const tones = { revoked: 'quiet', waiting: 'quiet', failing: 'bad', well: 'good' } as const

type DialogProps = { readonly onMade: (made: MadeKey) => void; readonly onClose: () => void }

const NewSource = ({ onMade, onClose }: DialogProps) => {
  const { t } = useWords()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<Kind>('web')
  const [channel, setChannel] = useState('')
  const [location, setLocation] = useState('')
  const channels = useCall('listChannels', [{ limit: 100 }])
  const locations = useCall('listLocations', [{ limit: 200 }])
  const create = useChange('createSource', reads)
  return (
    <FormDialog
      title={t('developers.sources.new')}
      action={t('developers.sources.make')}
      onClose={onClose}
      isReady={name.trim() !== '' && (kind !== 'till' || location.trim() !== '')}
      onSubmit={async () => {
        const given = { channel: channel.trim(), location: kind === 'till' ? location.trim() : '' }
        const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
        const made = await create.mutateAsync([{ name: name.trim(), kind, ...known }])
        onMade({ id: made.id, name: made.name, key: made.key, isPublic: isPublic(kind) })
      }}
    >
      <TextInput
        label={t('developers.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <NativeSelect
        label={t('developers.field.kind')}
        description={t(`developers.kindText.${kind}`)}
        value={kind}
        onChange={event => setKind(kinds.find(it => it === event.currentTarget.value) ?? kind)}
        data={kinds.map(value => ({ value, label: t(`developers.kind.${value}`) }))}
      />
      <Autocomplete
        label={t('developers.field.channel')}
        description={t('developers.field.channelText')}
        dir="ltr"
        value={channel}
        onChange={setChannel}
        data={(channels.data?.data ?? []).map(({ id }) => id)}
      />
      {kind === 'till' && (
        <Autocomplete
          label={t('developers.field.location')}
          dir="ltr"
          value={location}
          onChange={setLocation}
          data={(locations.data?.data ?? []).map(({ id }) => id)}
          required
        />
      )}
    </FormDialog>
  )
}

const EditSource = ({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) => {
  const { t } = useWords()
  const [name, setName] = useState(source.name)
  const [channel, setChannel] = useState(source.channel ?? '')
  const update = useChange('updateSource', reads)
  return (
    <FormDialog
      title={source.name}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== ''}
      onSubmit={() => update.mutateAsync([source.id, { name: name.trim(), channel: channel.trim() || null }])}
    >
      <TextInput
        label={t('developers.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
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

const RotateSource = ({ source, onMade, onClose }: DialogProps & { readonly source: Source }) => {
  const rotate = useChange('rotateSource', reads)
  return (
    <RotateDialog
      name={source.name}
      rotate={async graceSeconds => {
        const { id, name, key, kind } = await rotate.mutateAsync([source.id, { graceSeconds }])
        onMade({ id, name, key, isPublic: isPublic(kind) })
      }}
      onClose={onClose}
    />
  )
}

const LastError = ({ source: { health } }: { readonly source: Source }) => {
  const { t } = useWords()
  const [error] = health.lastErrors
  if (error === undefined) return null
  return (
    <Text size="sm" c="dimmed" maw={320} style={{ overflowWrap: 'anywhere' }}>
      {t('developers.sources.lastError')} <When at={error.at} />:{' '}
      <bdi dir="ltr" lang="en">
        {error.message}
      </bdi>
    </Text>
  )
}

type Open =
  | { readonly what: 'new' }
  | { readonly what: 'edit' | 'rotate'; readonly source: Source }
  | { readonly what: 'made'; readonly made: MadeKey }

/** Where events and orders come from, and how each place is doing. */
export const Page = () => {
  const { t, language } = useWords()
  const may = useMay()
  const act = useAct()
  const navigate = useNavigate()
  const [, remember] = useMadeKey()
  const [open, setOpen] = useState<Open>()
  const sources = useCall('listSources', [query], { refetchIntervalMs: everyMs })
  const revoke = useChange('revokeSource', reads)
  const close = () => setOpen(it => (it?.what === 'made' ? it : undefined))
  const onMade = (made: MadeKey): void => {
    remember(made)
    setOpen({ what: 'made', made })
  }
  const actionsOf = (source: Source) => [
    { label: t('developers.sources.look'), run: () => navigate({ to: `/developers/live?source=${source.id}` }) },
    ...(may('updateSource') && source.revokedAt === null
      ? [
          { label: t('common.edit'), run: () => setOpen({ what: 'edit', source }) },
          { label: t('developers.rotate.action'), run: () => setOpen({ what: 'rotate', source }) },
          {
            label: t('developers.revoke.action'),
            isFinal: true,
            run: () =>
              act(() => revoke.mutateAsync([source.id]), t('developers.revoke.done', { name: source.name }), {
                title: t('developers.revoke.title', { name: source.name }),
                text: t('developers.revoke.text'),
                action: t('developers.revoke.action'),
                isFinal: true,
              }),
          },
        ]
      : []),
  ]
  return (
    <Stack gap={0}>
      <DevelopersHead screen="sources">
        <Button variant="default" component="a" href="/docs" target="_blank" rel="noreferrer">
          {t('developers.reference')}
        </Button>
        {may('createSource') && <Button onClick={() => setOpen({ what: 'new' })}>{t('developers.sources.new')}</Button>}
      </DevelopersHead>
      <DataTable<Source>
        caption={t('developers.title.sources')}
        keyOf={({ id }) => id}
        rows={rowsOfCall(sources, ({ data }) => data)}
        csv="sources"
        sent={requestOf('listSources', [query])}
        empty={
          <Empty title={t('developers.sources.none')} text={t('developers.sources.noneText')} example={firstSource}>
            {may('createSource') && (
              <Anchor component={Link} to="/developers/start">
                {t('developers.screen.start')}
              </Anchor>
            )}
          </Empty>
        }
        columns={[
          {
            title: t('developers.sources.source'),
            cell: ({ name, kind }) => (
              <>
                <Text size="sm" fw={600}>
                  <bdi>{name}</bdi>
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`developers.kind.${kind}`)}
                </Text>
              </>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('developers.field.channel'),
            cell: ({ channel, location }) => (
              <bdi dir="ltr">{[channel, location].filter(it => it !== null).join(' · ') || '–'}</bdi>
            ),
            csv: ({ channel }) => channel,
          },
          {
            title: t('developers.sources.health'),
            cell: source => (
              <>
                <StateBadge
                  state={healthOf(source)}
                  tone={tones[healthOf(source)]}
                  label={t(`developers.health.${healthOf(source)}`)}
                />
                <LastError source={source} />
              </>
            ),
            csv: healthOf,
          },
          {
            title: t('developers.sources.lastEvent'),
            cell: ({ health }) => (health.lastEventAt === null ? '–' : <When at={health.lastEventAt} />),
            csv: ({ health }) => health.lastEventAt,
          },
          {
            title: t('developers.sources.perMinute'),
            align: 'end',
            cell: ({ health: { perMinute } }) => (
              <bdi>
                {[perMinute.now, perMinute.hour, perMinute.day].map(it => formatNumber(it, language)).join(' / ')}
              </bdi>
            ),
            csv: ({ health }) => health.perMinute.hour,
          },
          {
            title: t('developers.sources.errors'),
            align: 'end',
            cell: ({ health }) =>
              health.errorRate === null ? '–' : <bdi>{formatShare(health.errorRate, language)}</bdi>,
            csv: ({ health }) => health.errorRate,
          },
          {
            title: t('developers.actions'),
            align: 'end',
            cell: source => <RowMenu label={t('developers.more', { name: source.name })} items={actionsOf(source)} />,
          },
        ]}
      />
      {open?.what === 'new' && <NewSource onMade={onMade} onClose={close} />}
      {open?.what === 'edit' && <EditSource source={open.source} onClose={close} />}
      {open?.what === 'rotate' && <RotateSource source={open.source} onMade={onMade} onClose={close} />}
      {open?.what === 'made' && <SecretDialog made={open.made} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
