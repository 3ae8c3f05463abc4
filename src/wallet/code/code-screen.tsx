import { IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { QrCode } from '../../faces/qr-code.tsx'
import { useWords } from '../../faces/words.ts'
import { makeWalletToken } from '../../sdk/device.ts'
import { Problem } from '../parts/problem.tsx'
import { go, Link } from '../routes.tsx'
import { useSession } from '../session.ts'
import { cardOf, type Device, prepareDevice } from './device.ts'
import { Bars } from './pictures.tsx'

/** A code is good for 90 seconds: a new one every 30 leaves time for a queue. */
const everyMs = 30_000

/** The screen stays on while the code is shown, where the browser can do that. */
const useAwake = (): void => {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let isGone = false
    const wake = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock?.request('screen')
        if (isGone) await lock?.release()
      } catch {
        // Low on battery: it goes dark when it does.
      }
    }
    void wake()
    document.addEventListener('visibilitychange', wake)
    return () => {
      isGone = true
      document.removeEventListener('visibilitychange', wake)
      void lock?.release()
    }
  }, [])
}

type Shown = { readonly device: Device; readonly token: string }

/** The code as it is now, and anew every half minute; undefined while it is made. */
const useToken = (): { readonly shown: Shown | undefined; readonly error: unknown; readonly retry: () => void } => {
  const [shown, setShown] = useState<Shown | undefined>()
  const [error, setError] = useState<unknown>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    let isGone = false
    const show = async (): Promise<void> => {
      try {
        const device = await prepareDevice()
        const token = await makeWalletToken(device.certificate, Date.now(), device.key)
        if (isGone) return
        setError(undefined)
        setShown({ device, token })
      } catch (failed) {
        if (!isGone) setError(failed)
      }
    }
    void show()
    const timer = setInterval(show, everyMs)
    // A screen that comes back shows what is good now.
    document.addEventListener('visibilitychange', show)
    return () => {
      isGone = true
      clearInterval(timer)
      document.removeEventListener('visibilitychange', show)
    }
  }, [round])
  return { shown, error, retry: () => setRound(now => now + 1) }
}

/** Full-screen, black on white in either scheme: what a scanner reads best. */
const CodeScreen = () => {
  const { t } = useWords()
  const { workspace } = useSession()
  const { shown, error, retry } = useToken()
  useAwake()
  useEffect(() => {
    document.title = t('code.title')
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') go('/')
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [t])
  const card = shown && cardOf(shown.device.certificate)
  return (
    <main className="code-screen">
      <div className="code-head">
        <h1>
          <bdi>{workspace.name}</bdi>
        </h1>
        <Link to="/" className="icon-button" aria-label={t('common.close')}>
          <IconX aria-hidden />
        </Link>
      </div>
      <div className="code-box">
        {error !== undefined && shown === undefined && <Problem error={error} onRetry={retry} />}
        {shown === undefined ? (
          error === undefined && <div className="qr skeleton" role="status" aria-busy="true" />
        ) : (
          <>
            <QrCode text={shown.token} label={t('code.qr')} />
            <div className="code-time" key={shown.token} aria-hidden />
            <p className="small-text">{t('code.text')}</p>
          </>
        )}
        {card !== undefined && (
          <div className="code-card">
            <Bars text={card} label={t('code.bars', { card })} />
            <p>
              {t('code.card')} <bdi dir="ltr">{card}</bdi>
            </p>
          </div>
        )}
      </div>
    </main>
  )
}

export default CodeScreen
