import type { ReactNode } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useWords } from '../../faces/words.ts'
import { AreaHead } from '../parts/area-head.tsx'

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

/** The top of every screen of the settings. */
export const SettingsHead = ({ screen, children }: { readonly screen: Screen; readonly children?: ReactNode }) => {
  const { t } = useWords()
  return (
    <AreaHead
      area={t('shell.areas.settings')}
      screens={names.map(name => ({ ...screens[name], label: t(`settings.screen.${name}`) }))}
      title={t(`settings.title.${screen}`)}
      text={t(`settings.text.${screen}`)}
    >
      {children}
    </AreaHead>
  )
}
