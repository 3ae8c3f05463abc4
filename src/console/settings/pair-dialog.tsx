import { Autocomplete, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { QrCode } from '../../faces/qr-code.tsx'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Location } from '../../sdk/index.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'

/** Behind the #, so that it is in no server's log. */
const linkOf = (key: string, location: string): string =>
  `${window.location.origin}/till#${new URLSearchParams({ key, location })}`

/** The link that makes a device a till, once: its key is shown nowhere else. */
const Paired = ({
  link,
  name,
  onClose,
}: {
  readonly link: string
  readonly name: string
  readonly onClose: () => void
}) => {
  const { t } = useWords()
  return (
    <Dialog title={t('settings.pair.ready', { name })} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('settings.pair.readyText')}</Text>
        <Group justify="center">
          <div style={{ width: 240, background: '#fff', borderRadius: 12 }}>
            <QrCode text={link} label={t('settings.pair.qr')} />
          </div>
        </Group>
        <CodeBlock text={link} label={t('settings.pair.link')} />
        <Text size="sm" c="dimmed">
          {t('settings.pair.once')}
        </Text>
      </Stack>
    </Dialog>
  )
}

/** Makes a key for a till of a location, and shows the link that carries it. */
export const PairDialog = ({ location, onClose }: { readonly location: Location; readonly onClose: () => void }) => {
  const { t } = useWords()
  const channels = useCall('listChannels', [{ limit: 100 }])
  const tills = location.tills.map(it => it.name)
  const [name, setName] = useState(tills[0] ?? '')
  const [channel, setChannel] = useState('store')
  const [link, setLink] = useState<string>()
  const create = useChange('createKey', ['listKeys', 'listSources', 'getSetup'])
  if (link !== undefined) return <Paired link={link} name={name} onClose={onClose} />
  return (
    <FormDialog
      title={t('settings.pair.title', { name: location.name })}
      action={t('settings.pair.make')}
      onClose={onClose}
      isReady={name.trim() !== '' && channel.trim() !== ''}
      onSubmit={async () => {
        const given = { name: name.trim(), scope: 'till', channel: channel.trim(), location: location.id } as const
        setLink(linkOf((await create.mutateAsync([given])).key, location.id))
        return 'stay'
      }}
    >
      <Text size="sm">{t('settings.pair.text')}</Text>
      <Autocomplete
        label={t('settings.pair.till')}
        value={name}
        onChange={setName}
        data={tills}
        required
        data-autofocus
      />
      <Autocomplete
        label={t('settings.pair.channel')}
        description={t('settings.pair.channelText')}
        value={channel}
        onChange={setChannel}
        data={(channels.data?.data ?? []).filter(it => it.canRedeem).map(it => it.id)}
        dir="ltr"
        required
      />
    </FormDialog>
  )
}
