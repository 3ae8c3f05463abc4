import '@mantine/core/styles.layer.css'
import '../faces/theme.css'
import './console.css'
import { DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { startColours, useColours } from '../faces/colours.ts'
import { directionOf } from '../faces/languages.ts'
import { startWords, useWords } from '../faces/words.ts'
import { TesseraRefusal } from '../sdk/index.ts'
import { router } from './router.tsx'
import { WorkspaceProvider } from './shell/workspace.tsx'
import { theme, tokensOfFaces } from './theme.ts'

/** Mantine and what it locks the scroll bar with write style elements; the policy of the page lets in those with its nonce. */
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? ''
Object.assign(globalThis, { __webpack_nonce__: nonce })

/** Nothing has happened yet that there could be a notice of. */
const Notices = lazy(() => import('./shell/notices.tsx'))

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // The client has tried again already; a refusal stays one.
      retry: false,
      refetchOnWindowFocus: query => !(query.state.error instanceof TesseraRefusal),
    },
  },
})

const Console = () => {
  const { language } = useWords()
  const { shown } = useColours()
  const direction = directionOf(language)
  return (
    // By its key: Mantine reads the direction only at its start.
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={tokensOfFaces}
        forceColorScheme={shown}
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queries}>
          <WorkspaceProvider>
            <RouterProvider router={router} />
            <Suspense fallback={null}>
              <Notices />
            </Suspense>
          </WorkspaceProvider>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  )
}

startColours()
await startWords(import.meta.glob<string>('./words/*/*.json', { query: '?url', import: 'default', eager: true }))
createRoot(document.getElementById('face')!).render(
  <StrictMode>
    <Console />
  </StrictMode>,
)
