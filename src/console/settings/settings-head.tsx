import type { ReactNode } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'
import { SubAreas } from '../parts/sub-areas.tsx'

const screens = {
  workspace: { to: '/settings', needs: 'getWorkspace' },
  locations: { to: '/settings/locations', needs: 'listLocations' },
  clerks: { to: '/settings/clerks', needs: 'listClerks' },
  channels: { to: '/settings/channels', needs: 'listChannels' },
  identifiers: { to: '/settings/identifiers', needs: 'getWorkspace' },
  team: { to: '/settings/team', needs: 'listTeam' },
  sessions: { to: '/settings/sessions', needs: 'listSessions' },
  audit: { to: '/settings/audit-log', needs: 'listAuditLog' },
} as const satisfies Record<string, { readonly to: string; readonly needs: CallName }>

type Screen = keyof typeof screens
const names = Object.keys(screens) as Screen[]

type Props = {
  readonly screen: Screen
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of every screen of the settings. */
export const SettingsHead = ({ screen, children }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const items = names
    .filter(name => may(screens[name].needs))
    .map(name => ({ to: screens[name].to, label: t(`settings.screen.${name}`) }))
  return (
    <>
      <PageHead title={t(`settings.title.${screen}`)} text={t(`settings.text.${screen}`)}>
        {children}
      </PageHead>
      <SubAreas label={t('shell.areas.settings')} items={items} />
    </>
  )
}
