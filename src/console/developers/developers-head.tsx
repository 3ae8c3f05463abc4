import type { ReactNode } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useWords } from '../../faces/words.ts'
import { AreaHead } from '../parts/area-head.tsx'

const screens = {
  sources: { to: '/developers', needs: 'listSources' },
  live: { to: '/developers/live', needs: 'tailSource' },
  requests: { to: '/developers/requests', needs: 'listRequests' },
  keys: { to: '/developers/keys', needs: 'listKeys' },
  start: { to: '/developers/start', needs: 'createSource' },
  outbox: { to: '/developers/outbox', needs: 'listOutbox' },
} as const satisfies Record<string, { readonly to: string; readonly needs: CallName }>

type Screen = keyof typeof screens
const names = Object.keys(screens) as Screen[]

/** The top of every screen for developers. */
export const DevelopersHead = ({ screen, children }: { readonly screen: Screen; readonly children?: ReactNode }) => {
  const { t } = useWords()
  return (
    <AreaHead
      area={t('shell.areas.developers')}
      screens={names.map(name => ({ ...screens[name], label: t(`developers.screen.${name}`) }))}
      title={t(`developers.title.${screen}`)}
      text={t(`developers.text.${screen}`)}
    >
      {children}
    </AreaHead>
  )
}
