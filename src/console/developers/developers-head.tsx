import type { ReactNode } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'
import { SubAreas } from '../parts/sub-areas.tsx'

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

type Props = {
  readonly screen: Screen
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of every screen for developers. */
export const DevelopersHead = ({ screen, children }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const items = names
    .filter(name => may(screens[name].needs))
    .map(name => ({ to: screens[name].to, label: t(`developers.screen.${name}`) }))
  return (
    <>
      <PageHead title={t(`developers.title.${screen}`)} text={t(`developers.text.${screen}`)}>
        {children}
      </PageHead>
      <SubAreas label={t('shell.areas.developers')} items={items} />
    </>
  )
}
