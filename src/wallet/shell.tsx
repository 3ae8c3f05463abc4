import { IconHistory, IconHome, IconQrcode, IconUser, IconWifiOff } from '@tabler/icons-react'
import { createContext, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { useWords } from '../faces/words.ts'
import { useOnline } from './online.ts'
import { Link, useRoute } from './routes.tsx'

const tabs = [
  { to: '/', label: 'common.home', Icon: IconHome },
  { to: '/code', label: 'common.code', Icon: IconQrcode },
  { to: '/activity', label: 'common.activity', Icon: IconHistory },
  { to: '/you', label: 'common.you', Icon: IconUser },
] as const

type Frame = {
  /** Says that something was done, for a moment. */
  readonly tell: (text: string) => void
  readonly signedOut: () => Promise<void>
}

export const FrameContext = createContext<Frame>({ tell: () => undefined, signedOut: async () => undefined })

const toldMs = 6000

type Props = { readonly name: string; readonly onSignOut: () => Promise<void>; readonly children: ReactNode }

/** What stands around every page: whose wallet it is, the way about, whether there is a network, and what was just done. */
export const Shell = ({ name, onSignOut, children }: Props) => {
  const { t } = useWords()
  const route = useRoute()
  const isOnline = useOnline()
  const [told, setTold] = useState<{ readonly text: string } | undefined>()
  useEffect(() => {
    if (told === undefined) return
    const timer = setTimeout(() => setTold(undefined), toldMs)
    return () => clearTimeout(timer)
  }, [told])
  const tell = useCallback((text: string) => setTold({ text }), [])
  const frame = useMemo(() => ({ tell, signedOut: onSignOut }), [tell, onSignOut])
  const isHere = (to: string): boolean => (to === '/' ? route === '/' : route.startsWith(to))
  return (
    <FrameContext value={frame}>
      <div className="shell">
        <header className="bar">
          <span className="bar-name">
            <bdi>{name}</bdi>
          </span>
          {!isOnline && (
            <span className="chip" role="status">
              <IconWifiOff size={16} aria-hidden />
              {t('common.offline')}
            </span>
          )}
        </header>
        <nav className="tabs" aria-label={t('common.pages')}>
          {tabs.map(({ to, label, Icon }) => (
            <Link
              key={to}
              to={to}
              className={to === '/code' ? 'tab strong' : 'tab'}
              aria-current={isHere(to) ? 'page' : undefined}
            >
              <Icon className="tab-mark" size={24} aria-hidden />
              <span>{t(label)}</span>
            </Link>
          ))}
        </nav>
        <main>{children}</main>
        <div className="told" role="status">
          {told && <p>{told.text}</p>}
        </div>
      </div>
    </FrameContext>
  )
}
