import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { pages } from './pages.ts'
import { parseSearch, stringifySearch } from './parts/filters.ts'
import { FailedPage } from './shell/failed-page.tsx'
import { NoSuchPage } from './shell/no-such-page.tsx'
import { Shell } from './shell/shell.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NoSuchPage, errorComponent: FailedPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'Page'),
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren(
      pages.map(({ path, load }) =>
        createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load, 'Page') }),
      ),
    ),
  ]),
  defaultPreload: 'intent',
  parseSearch,
  stringifySearch,
  defaultErrorComponent: FailedPage,
  defaultNotFoundComponent: NoSuchPage,
  scrollRestoration: true,
})
