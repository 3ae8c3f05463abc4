import { lazy, Suspense, useEffect, useState } from 'react'
import { formatTime } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useMay, useSession } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Waiting } from '../parts/waiting.tsx'
import { Attention } from './attention.tsx'
import classes from './home.module.css'

// The first screen of everybody: tables, charts and hints come after what needs somebody.
const DemoBanner = lazy(() => import('./demo-banner.tsx'))
const SetupList = lazy(() => import('./setup.tsx'))
const Ticker = lazy(() => import('./ticker.tsx'))
const Today = lazy(() => import('./today.tsx'))

const minuteMs = 60_000

/** A new day begins while the page is open. */
const useNow = (): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

export const Page = () => {
  const { t, language } = useWords()
  const { data: session } = useSession()
  const workspace = useWorkspace()
  const setup = useCall('getSetup', [], { refetchIntervalMs: found => (found?.done ? false : 10_000) }).data
  const may = useMay()
  const realMs = useNow()
  if (!workspace) return <Waiting />
  const { demo } = workspace
  // A demo has a clock of its own.
  const nowMs = realMs + (demo?.aheadSeconds ?? 0) * 1000
  return (
    <>
      <PageHead
        title={t('home.title', { name: session?.workspace.name })}
        text={formatTime(new Date(nowMs).toISOString(), 'day', language, workspace.timeZone)}
      />
      {demo && (
        <Suspense fallback={null}>
          <DemoBanner workspace={workspace} nowMs={nowMs} />
        </Suspense>
      )}
      <div className={classes.columns}>
        <div className={classes.day}>
          <Suspense fallback={<Waiting />}>
            {setup && !setup.done && <SetupList steps={setup.steps} />}
            {may('getActivity') && <Today workspace={workspace} nowMs={nowMs} />}
          </Suspense>
        </div>
        <div className={classes.attention}>
          <Attention />
        </div>
        <div className={classes.ticker}>
          <Suspense fallback={<Waiting />}>
            <Ticker />
          </Suspense>
        </div>
      </div>
    </>
  )
}
