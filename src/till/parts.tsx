import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { formatMoney } from '../faces/format.ts'
import { formatPoints } from '../faces/points.ts'
import { useWords } from '../faces/words.ts'
import { TesseraRefusal, TesseraUnreachable } from '../sdk/errors.ts'
import { reasonText } from './reason-text.ts'
import { till } from './till-state.ts'
import { useKey } from './use-key.ts'
import { go } from './views.ts'

/** Minor units of the till's currency. */
export const Money = ({ minor, className }: { readonly minor: number; readonly className?: string }) => {
  const { language } = useWords()
  return <bdi className={className}>{formatMoney(minor, till().pack?.currency ?? 'EUR', language)}</bdi>
}

export const programmeName = (id: string): string | undefined =>
  till().pack?.programmes.find(it => it.id === id)?.terms.name

const unnamed = { one: 'point', many: 'points', decimals: 0 }

/** Points of a programme, as it calls and counts them. */
export const Points = ({ programme, points }: { readonly programme: string; readonly points: number }) => {
  const words = useWords()
  const unit = till().pack?.programmes.find(it => it.id === programme)?.terms.unit ?? unnamed
  return <bdi>{formatPoints(points, unit, words)}</bdi>
}

/** A screen beside the sale: its heading takes the focus, so that whoever hears the page knows where she is. */
export const Page = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const { t } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  useKey('Escape', () => go({ name: 'sale' }))
  return (
    <main className="page">
      <div className="page-head">
        <button type="button" className="button quiet" onClick={() => go({ name: 'sale' })}>
          {t('page.back')}
        </button>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </div>
      {children}
    </main>
  )
}

/** What went wrong, in words that say what to do. */
export const Problem = ({ error }: { readonly error: unknown }) => {
  const { t, language } = useWords()
  if (error === undefined) return null
  const text =
    error instanceof TesseraRefusal
      ? reasonText(error, { t, language, currency: till().pack?.currency })
      : t(error instanceof TesseraUnreachable ? 'error.unreachable' : 'error.unexpected')
  return (
    <p role="alert" className="problem">
      <bdi>{text}</bdi>
    </p>
  )
}

export type Run = {
  readonly isBusy: boolean
  readonly error: unknown
  readonly run: (work: () => Promise<unknown>) => void
}

/** One piece of work at a time, with what came of it: a second press of a button does nothing. */
export const useRun = (): Run => {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const running = useRef(false)
  const run = useCallback((work: () => Promise<unknown>) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setError(undefined)
    work()
      .catch(setError)
      .finally(() => {
        running.current = false
        setBusy(false)
      })
  }, [])
  return { isBusy, error, run }
}
