import { Button, Container, Kbd, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import {
  IconBuildingStore,
  IconCheck,
  IconChevronDown,
  IconLogout,
  IconMenu2,
  IconSearch,
  IconUserCircle,
} from '@tabler/icons-react'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { isSignedOut } from '../../faces/api.ts'
import { useMay, useSession, useSignOut } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { SignedIn } from '../../sdk/index.ts'
import { areas } from '../areas.ts'
import { ConfirmProvider } from '../parts/confirm.tsx'
import { Problem } from '../parts/problem.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { closePanel, PanelButton } from './panel-button.tsx'
import { Preferences } from './preferences.tsx'
import classes from './shell.module.css'
import { useChooseWorkspace } from './workspace.tsx'

const loadSearch = () => import('./search.tsx')
const Search = lazy(loadSearch)
const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

const isInside = (pathname: string, path: string): boolean =>
  path === '/' ? pathname === '/' : `${pathname}/`.startsWith(`${path}/`)

const Navigation = () => {
  const { t } = useWords()
  const may = useMay()
  const { pathname } = useLocation()
  const open = areas.filter(({ needs }) => needs === undefined || may(needs))
  return (
    <ul className={classes.list}>
      {open.map(({ path, label, icon: Icon, also = [] }) => (
        <li key={path}>
          <Link
            to={path}
            className={classes.link}
            aria-current={[path, ...also].some(it => isInside(pathname, it)) ? 'page' : undefined}
            onClick={event => closePanel(event.currentTarget)}
          >
            <Icon size={18} stroke={1.75} aria-hidden />
            {t(label)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

const WorkspaceSwitch = ({ session }: { readonly session: SignedIn }) => {
  const { t } = useWords()
  const choose = useChooseWorkspace()
  const { workspace, workspaces } = session
  if (workspaces.length < 2) return null
  return (
    <PanelButton
      label={t('shell.workspace', { name: workspace.name })}
      face={
        <>
          <IconBuildingStore size={18} aria-hidden />
          <span className={classes.workspace}>{workspace.name}</span>
          <IconChevronDown size={14} aria-hidden />
        </>
      }
    >
      <ul className={classes.list}>
        {workspaces.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className={classes.link}
              aria-pressed={id === workspace.id}
              onClick={event => {
                closePanel(event.currentTarget)
                choose(id)
              }}
            >
              <bdi>{name}</bdi>
              {id === workspace.id && <IconCheck size={16} aria-hidden />}
            </button>
          </li>
        ))}
      </ul>
    </PanelButton>
  )
}

const Account = ({ session }: { readonly session: SignedIn }) => {
  const { t } = useWords()
  const signOut = useSignOut()
  return (
    <PanelButton label={t('shell.account')} face={<IconUserCircle size={22} stroke={1.75} aria-hidden />}>
      <Stack gap="md">
        <Stack gap={0}>
          <Text fw={600} truncate>
            {session.member.name}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            <bdi dir="ltr">{session.member.email}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {t(`shell.roles.${session.role}`)}
          </Text>
        </Stack>
        <Preferences />
        <Button
          variant="default"
          leftSection={<IconLogout size={16} aria-hidden />}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          {t('shell.signOut')}
        </Button>
      </Stack>
    </PanelButton>
  )
}

/** What stands around every page: the head with the search, the areas, and the page itself. */
const Frame = ({ session }: { readonly session: SignedIn }) => {
  const { t } = useWords()
  const [search, setSearch] = useState<'never' | 'open' | 'closed'>('never')
  const { pathname } = useLocation()
  // Before it is asked for: whoever presses the keys goes on typing.
  useEffect(() => void loadSearch(), [])
  useHotkeys([['mod+K', () => setSearch('open')]], [])
  // A new page begins at its beginning, also for those who hear it.
  useEffect(() => {
    if (pathname !== '') document.getElementById('main')?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('shell.skip')}
      </a>
      <header className={classes.head}>
        <div className={classes.onPhone}>
          <PanelButton label={t('shell.navigation')} face={<IconMenu2 size={22} aria-hidden />} as="nav">
            <nav aria-label={t('shell.navigation')}>
              <Navigation />
            </nav>
          </PanelButton>
        </div>
        <Link to="/" className={classes.brand}>
          <img src="/icon.svg" width={28} height={28} alt="" />
          <span className={classes.brandName}>Tessera</span>
        </Link>
        <button type="button" className={classes.search} onClick={() => setSearch('open')}>
          <IconSearch size={16} aria-hidden />
          <span className={classes.searchText}>{t('shell.searchHint')}</span>
          <Kbd size="xs" dir="ltr" className={classes.keys} aria-hidden>
            {onMac ? '⌘ K' : 'Ctrl K'}
          </Kbd>
        </button>
        <div className={classes.right}>
          <WorkspaceSwitch session={session} />
          <Account session={session} />
        </div>
      </header>
      <nav className={classes.nav} aria-label={t('shell.navigation')}>
        <Navigation />
      </nav>
      <main id="main" className={classes.main} tabIndex={-1}>
        <div className={classes.content}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </div>
      </main>
      {search !== 'never' && (
        <Suspense fallback={null}>
          <Search opened={search === 'open'} onClose={() => setSearch('closed')} />
        </Suspense>
      )}
    </div>
  )
}

/** Lets in whoever is signed in, and sends everybody else to sign in and back. */
export const Shell = () => {
  const session = useSession()
  const navigate = useNavigate()
  const choose = useChooseWorkspace()
  const isOut = isSignedOut(session.error)
  const refused = session.error !== null && !isOut
  useEffect(() => {
    if (!isOut) return
    const here = location.pathname + location.search
    void navigate({ to: '/sign-in', search: here === '/' ? {} : { next: here }, replace: true })
  }, [isOut, navigate])
  if (session.data)
    return (
      <ConfirmProvider>
        <Frame session={session.data} />
      </ConfirmProvider>
    )
  return (
    <Container size="sm" py="xl">
      {refused ? (
        <Problem
          error={session.error}
          onRetry={() => {
            // The workspace of the last visit may be gone, or closed to her.
            choose(undefined)
            return session.refetch()
          }}
        />
      ) : (
        <Waiting />
      )}
    </Container>
  )
}
