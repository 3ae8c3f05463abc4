import { Button, Menu } from '@mantine/core'
import {
  IconArrowsSplit2,
  IconCoins,
  IconDots,
  IconDownload,
  IconEraser,
  IconFileText,
  IconGift,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useApi, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Erasure, Person } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'
import { nameOf } from '../parts/person-name.ts'
import { saveStream } from '../parts/save-stream.ts'
import { AssetAmount } from './asset-amount.tsx'
import type { DialogProps } from './dialog-props.ts'
import { identityReads } from './identity-reads.ts'

const dialogs = {
  adjust: lazy(() => import('./adjust-dialog.tsx')),
  grant: lazy(() => import('./grant-dialog.tsx')),
  merge: lazy(() => import('./merge-dialog.tsx')),
  split: lazy(() => import('./split-dialog.tsx')),
} satisfies Record<string, React.ComponentType<DialogProps>>

/** What would be gone, as a dry run counts it. */
const WouldGo = ({ erasure: { counts } }: { readonly erasure: Erasure }) => {
  const { t } = useWords()
  const spendable = Object.entries(counts.value).filter(([asset]) => !asset.startsWith('qualifying:'))
  const rows = ['identifiers', 'orders', 'events', 'consents', 'grants'] as const
  return (
    <>
      <p style={{ marginBlockStart: 0 }}>{t('people.erase.text')}</p>
      <ul style={{ margin: 0, paddingInlineStart: 20 }}>
        {rows.map(name => (
          <li key={name}>{t(`people.erase.count.${name}`, { count: counts[name] })}</li>
        ))}
        {spendable.map(([asset, amount]) => (
          <li key={asset}>
            {t('people.erase.value')} <AssetAmount asset={asset} amount={amount} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** What can be done for somebody, as far as the reader may. */
const Actions = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const may = useMay()
  const api = useApi()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const notices = useNotices()
  const erase = useChange('erasePerson', identityReads)
  const [open, setOpen] = useState<keyof typeof dialogs>()
  const name = nameOf(person, t)
  const Dialog = open === undefined ? undefined : dialogs[open]

  const save = async (format: 'json' | 'html'): Promise<void> => {
    try {
      const type = format === 'json' ? 'application/json' : 'text/html'
      await saveStream(await api.exportPerson(person.id, { format }), `${person.id}.${format}`, type)
    } catch (error) {
      notices.failed(error)
    }
  }

  const eraseWhole = async (): Promise<void> => {
    try {
      const erasure = await api.erasePerson(person.id, { reason: 'requested' }, { dryRun: true })
      const yes = await confirm({
        title: t('people.erase.title', { name }),
        text: <WouldGo erasure={erasure} />,
        action: t('people.erase.action'),
        isFinal: true,
        typed: name,
      })
      if (!yes) return
      await erase.mutateAsync([person.id, { reason: 'requested' }])
      notices.done(t('people.erase.done'))
      await navigate({ to: '/people' })
    } catch (error) {
      notices.failed(error)
    }
  }

  const more = [
    { key: 'merge', call: 'previewMerge', icon: IconUsersGroup, run: () => setOpen('merge') },
    { key: 'split', call: 'splitPerson', icon: IconArrowsSplit2, run: () => setOpen('split') },
    { key: 'exportHtml', call: 'exportPerson', icon: IconFileText, run: () => save('html') },
    { key: 'exportJson', call: 'exportPerson', icon: IconDownload, run: () => save('json') },
    { key: 'erase', call: 'erasePerson', icon: IconEraser, run: eraseWhole },
  ] as const
  const allowed = more.filter(({ key, call }) => may(call) && (key !== 'split' || person.identifiers.length > 1))

  return (
    <>
      {may('createAdjustment') && (
        <Button
          variant="default"
          px="sm"
          leftSection={<IconCoins size={16} aria-hidden />}
          onClick={() => setOpen('adjust')}
        >
          {t('people.adjust.action')}
        </Button>
      )}
      {may('createGrants') && (
        <Button
          variant="default"
          px="sm"
          leftSection={<IconGift size={16} aria-hidden />}
          onClick={() => setOpen('grant')}
        >
          {t('people.grant.action')}
        </Button>
      )}
      {allowed.length > 0 && (
        <Menu position="bottom-end" shadow="md" withinPortal>
          <Menu.Target>
            <Button variant="default" px="sm" aria-label={t('people.more')}>
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {allowed.map(({ key, icon: Icon, run }) => (
              <Menu.Item
                key={key}
                leftSection={<Icon size={16} aria-hidden />}
                c={key === 'erase' ? 'var(--bad)' : undefined}
                onClick={run}
              >
                {t(`people.menu.${key}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Suspense fallback={null}>{Dialog && <Dialog person={person} onClose={() => setOpen(undefined)} />}</Suspense>
    </>
  )
}

export default Actions
