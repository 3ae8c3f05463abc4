import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useColours } from '../faces/colours.ts'
import { UpdateNotice } from '../faces/update-notice.tsx'
import { TesseraRefusal } from '../sdk/errors.ts'
import { forget, whenSignedOut } from './answers.ts'
import { api } from './api.ts'
import { brandTokens } from './brand.ts'
import { Waiting } from './parts/page.tsx'
import { Problem } from './parts/problem.tsx'
import { useRoute } from './routes.tsx'
import { type Session, SessionContext, useSettings, workspaceOfAddress } from './session.ts'
import { Shell } from './shell.tsx'
import { keep, readKept } from './store.ts'

const SignIn = lazy(() => import('./enter/sign-in.tsx'))
const Welcome = lazy(() => import('./enter/welcome.tsx'))
const CodeScreen = lazy(() => import('./code/code-screen.tsx'))
const pages = {
  '/': lazy(() => import('./home/home.tsx')),
  '/activity': lazy(() => import('./activity/activity.tsx')),
  '/gift': lazy(() => import('./gift/gift.tsx')),
  '/join': lazy(() => import('./enter/join.tsx')),
  '/you': lazy(() => import('./you/you.tsx')),
  '/you/permissions': lazy(() => import('./you/permissions.tsx')),
  '/you/devices': lazy(() => import('./you/devices.tsx')),
  '/you/delete': lazy(() => import('./you/delete.tsx')),
} as const
const hasPage = (route: string): route is keyof typeof pages => Object.hasOwn(pages, route)

type Door =
  | { readonly is: 'opening' }
  | { readonly is: 'closed'; readonly error?: unknown }
  | { readonly is: 'open'; readonly session: Session; readonly isNew?: boolean }

/** The colours of the business, as far as they can be read. */
const useBrand = (accent: string | undefined): void => {
  const { shown } = useColours()
  useEffect(() => {
    const { style } = document.documentElement
    const tokens = accent === undefined ? {} : brandTokens(accent, shown)
    for (const [name, value] of Object.entries(tokens)) style.setProperty(name, value)
    return () => {
      for (const name of Object.keys(tokens)) style.removeProperty(name)
    }
  }, [accent, shown])
}

/** Who is signed in: as the server says, or as it said the last time where it cannot be asked. */
const openDoor = async (): Promise<Door> => {
  try {
    const session = await api.getWalletSession()
    await keep('session', session)
    return { is: 'open', session }
  } catch (error) {
    if (error instanceof TesseraRefusal && error.status === 401) return { is: 'closed' }
    const session = await readKept<Session>('session')
    return session ? { is: 'open', session } : { is: 'closed', error }
  }
}

export const App = () => {
  const route = useRoute()
  const [door, setDoor] = useState<Door>({ is: 'opening' })
  useEffect(() => {
    const close = (): void => {
      setDoor({ is: 'closed' })
      void forget()
    }
    whenSignedOut(close)
    openDoor().then(opened => (opened.is === 'closed' && opened.error === undefined ? close() : setDoor(opened)))
  }, [])
  const workspace = door.is === 'open' ? door.session.workspace.id : workspaceOfAddress()
  const settings = useSettings(workspace).data
  useBrand(settings?.colours?.accent)

  const enter = async (session: Session, isNew: boolean): Promise<void> => {
    await forget()
    await keep('session', session)
    setDoor({ is: 'open', session, isNew })
  }
  const signedOut = async (): Promise<void> => {
    await forget()
    setDoor({ is: 'closed' })
  }

  const content = (): ReactNode => {
    if (door.is === 'opening') return <Waiting />
    if (door.is === 'closed')
      return (
        <main className="centred">
          <div>
            {door.error !== undefined && <Problem error={door.error} onRetry={() => openDoor().then(setDoor)} />}
            <SignIn workspace={workspace} name={settings?.workspace.name} onEnter={enter} />
          </div>
        </main>
      )
    if (door.isNew)
      return (
        <main className="centred">
          <div>
            <Welcome settings={settings} onDone={() => setDoor({ is: 'open', session: door.session })} />
          </div>
        </main>
      )
    if (route === '/code') return <CodeScreen />
    const Found = hasPage(route) ? pages[route] : pages['/']
    return (
      <Shell name={door.session.workspace.name} onSignOut={signedOut}>
        <Suspense fallback={<Waiting />}>
          <Found />
        </Suspense>
      </Shell>
    )
  }
  return (
    <>
      <UpdateNotice path="/wallet" />
      <SessionContext value={door.is === 'open' ? door.session : undefined}>
        <Suspense fallback={<Waiting />}>{content()}</Suspense>
      </SessionContext>
    </>
  )
}
