import { lazy, Suspense } from 'react'
import { UpdateNotice } from '../faces/update-notice.tsx'

const Face = lazy(async () => ({ default: (await import('./face.tsx')).Face }))

/** Nothing else stands in the first load: React and the words are most of what a till may load. */
export const App = () => (
  <>
    <UpdateNotice path="/till" />
    <Suspense fallback={<main className="centred" aria-busy="true" />}>
      <Face />
    </Suspense>
  </>
)
