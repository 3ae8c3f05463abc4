import { lazy, Suspense, useEffect } from 'react'
import { formatTime } from '../faces/format.ts'
import { useWords } from '../faces/words.ts'
import { lockTill } from './clerks.ts'
import { DonePage } from './done-page.tsx'
import { watchLinkedKey } from './linked-key.ts'
import { PairPage } from './pair-page.tsx'
import { SalePage } from './sale-page.tsx'
import { start } from './start.ts'
import { useTill } from './till-state.ts'
import { followHistory, go } from './views.ts'
import './till.css'

const ClerkPage = lazy(async () => ({ default: (await import('./clerk-page.tsx')).ClerkPage }))
const CustomerPage = lazy(async () => ({ default: (await import('./customer-page.tsx')).CustomerPage }))
const OverridePage = lazy(async () => ({ default: (await import('./override-page.tsx')).OverridePage }))
const PayPage = lazy(async () => ({ default: (await import('./pay-page.tsx')).PayPage }))
const ReturnsPage = lazy(async () => ({ default: (await import('./returns-page.tsx')).ReturnsPage }))
const TillPage = lazy(async () => ({ default: (await import('./till-page.tsx')).TillPage }))

watchLinkedKey()
followHistory()
void start()

/** Always in sight: whether there is a network, what waits for it, and who serves. */
const Head = () => {
  const { t, language } = useWords()
  const { offlineSince, waiting, clerk, clerks, pack, isClosed, packProblem } = useTill()
  const isOffline = offlineSince !== undefined
  const until = pack && !isClosed ? new Date(pack.expiresAt).toISOString() : undefined
  const tone = isOffline || isClosed ? 'warn' : packProblem ? 'bad' : 'good'
  return (
    <header className="head">
      <div role="status">
        <button type="button" className={`state ${tone}`} onClick={() => go({ name: 'till' })}>
          <span className="dot" aria-hidden />
          <span>
            {isClosed ? (
              t('state.closed')
            ) : isOffline ? (
              <>
                {t('state.offlineSince')} {formatTime(new Date(offlineSince).toISOString(), 'time', language)}
              </>
            ) : (
              t('state.online')
            )}
            {isOffline && until !== undefined && (
              <span className="state-more">
                {' · '}
                {t('state.packUntil')} {formatTime(until, 'dateTime', language)}
              </span>
            )}
            {waiting > 0 && (
              <>
                {' · '}
                {t('state.waiting', { count: waiting })}
              </>
            )}
          </span>
        </button>
      </div>
      <nav className="head-nav" aria-label={t('page.menu')}>
        {(clerk || clerks.length === 0) && (
          <button type="button" className="button quiet" onClick={() => go({ name: 'returns' })}>
            {t('returns.short')}
          </button>
        )}
        {clerk && (
          <button
            type="button"
            className="button quiet"
            onClick={lockTill}
            aria-label={t('clerk.lock', { name: clerk.name })}
          >
            <bdi>{clerk.name}</bdi>
          </button>
        )}
      </nav>
    </header>
  )
}

const Screen = () => {
  const { view, receipt } = useTill()
  if (receipt) return <DonePage key={receipt.id} receipt={receipt} />
  switch (view.name) {
    case 'sale':
      return <SalePage />
    case 'customer':
      return <CustomerPage />
    case 'pay':
      return <PayPage />
    case 'override':
      return <OverridePage key={view.line} {...(view.line !== undefined && { line: view.line })} />
    case 'returns':
      return <ReturnsPage key={view.number} {...(view.number !== undefined && { number: view.number })} />
    case 'till':
      return <TillPage />
  }
}

const Elsewhere = () => {
  const { t } = useWords()
  return (
    <main className="centred">
      <div className="card">
        <h1>{t('elsewhere.title')}</h1>
        <p>{t('elsewhere.text')}</p>
      </div>
    </main>
  )
}

const Waiting = () => (
  <main className="centred" aria-busy="true">
    <div className="spinner" />
  </main>
)

const idleMs = 10 * 60_000

/** Nobody stands at a till that nobody touches: then the PIN is asked again. */
const useIdleLock = (isWatched: boolean): void => {
  useEffect(() => {
    if (!isWatched) return
    let timer = setTimeout(lockTill, idleMs)
    const touch = (): void => {
      clearTimeout(timer)
      timer = setTimeout(lockTill, idleMs)
    }
    addEventListener('pointerdown', touch)
    addEventListener('keydown', touch)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', touch)
    }
  }, [isWatched])
}

export const Face = () => {
  const { stage, clerks, clerk } = useTill()
  const asksWho = clerks.length > 0 && clerk === undefined
  useIdleLock(clerk !== undefined)
  if (stage === 'loading') return <Waiting />
  if (stage === 'elsewhere') return <Elsewhere />
  if (stage === 'unpaired') return <PairPage />
  return (
    <>
      <Head />
      <Suspense fallback={<Waiting />}>{asksWho ? <ClerkPage /> : <Screen />}</Suspense>
    </>
  )
}
