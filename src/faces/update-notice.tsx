import { useEffect, useState } from 'react'
import { startOffline } from './offline.ts'
import { useWords } from './words.ts'

/** Makes the face at `path` open without a network, and says when a new build of it is there. */
export const UpdateNotice = ({ path }: { readonly path: '/wallet' | '/till' }) => {
  const { t } = useWords()
  const [use, setUse] = useState<(() => void) | undefined>()
  useEffect(() => {
    // Without one (a private window, no https) the face works as long as the network does.
    startOffline(path, update => setUse(() => update)).catch(() => undefined)
  }, [path])
  if (use === undefined) return null
  return (
    <div className="notice" role="status">
      {t('update.text')}
      <button type="button" className="button quiet" onClick={use}>
        {t('update.now')}
      </button>
    </div>
  )
}
