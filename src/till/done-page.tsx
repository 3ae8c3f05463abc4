import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { formatTime } from '../faces/format.ts'
import { useWords } from '../faces/words.ts'
import { paidWords } from './paid-words.ts'
import { Money, Points, Problem, programmeName, useRun } from './parts.tsx'
import { undo, undoMs } from './selling.ts'
import { takeScan } from './take-scan.ts'
import type { Receipt } from './till-db.ts'
import { setTill, useTill } from './till-state.ts'
import { useKey } from './use-key.ts'
import { useScanner } from './use-scanner.ts'

const QrCode = lazy(async () => ({ default: (await import('../faces/qr-code.tsx')).QrCode }))

/** Seconds left to undo, while there are any. */
const useSecondsLeft = (until: number): number => {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(left()), 1000)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}

const tenderWords = { cash: 'pay.cash', card: 'pay.card', none: 'done.nothingDue' } as const

const Sums = ({ receipt }: { readonly receipt: Receipt }) => {
  const { t } = useWords()
  const saved = receipt.applied.reduce((sum, it) => sum + it.amount, 0)
  return (
    <dl className="sums">
      {receipt.applied.map(({ name, amount }) => (
        <Row key={name} label={name} minor={-amount} />
      ))}
      <Row label={t('sale.total')} minor={receipt.total} isStrong />
      {saved > 0 && <Row label={t('done.saved')} minor={saved} />}
      {receipt.earned.map(({ programme, points }) => (
        <div key={programme} className="sum-row">
          <dt>
            {t('offers.earns')} <bdi>{programmeName(programme)}</bdi>
          </dt>
          <dd>
            <Points programme={programme} points={points} />
          </dd>
        </div>
      ))}
      {receipt.paid.map(({ type, amount }, index) => (
        <Row key={index} label={t(paidWords[type])} minor={amount} />
      ))}
      <Row label={t(tenderWords[receipt.tender])} minor={receipt.given ?? receipt.due} />
      {receipt.given !== undefined && receipt.given > receipt.due && (
        <Row label={t('pay.change')} minor={receipt.given - receipt.due} />
      )}
    </dl>
  )
}

const Row = ({
  label,
  minor,
  isStrong,
}: {
  readonly label: string
  readonly minor: number
  readonly isStrong?: true
}) => (
  <div className={isStrong ? 'sum-row strong' : 'sum-row'}>
    <dt>
      <bdi>{label}</bdi>
    </dt>
    <dd>
      <Money minor={minor} />
    </dd>
  </div>
)

/** The receipt of what was just sold, with a minute to undo it. */
export const DonePage = ({ receipt }: { readonly receipt: Receipt }) => {
  const { t, language } = useWords()
  const { offlineSince, business } = useTill()
  const seconds = useSecondsLeft(receipt.at + undoMs)
  const { isBusy, error, run } = useRun()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const next = (): void => setTill({ receipt: undefined })
  // Whoever scans is with the next customer.
  useScanner(text => {
    next()
    void takeScan(text)
  })
  useKey('F9', next)
  const isUndone = receipt.state === 'undone'
  // What paid from the server can go back only there.
  const isStuck = offlineSince !== undefined && receipt.paid.length > 0
  return (
    <main className="page done">
      <div className="card receipt" aria-busy={isBusy}>
        <h1 ref={heading} tabIndex={-1}>
          {t(isUndone ? 'done.undone' : 'done.title')}
        </h1>
        {isUndone ? (
          <p>
            {t('done.payBack')} <Money minor={receipt.due} className="amount" />
          </p>
        ) : (
          <>
            {business !== undefined && (
              <p className="receipt-business">
                <bdi>{business}</bdi>
              </p>
            )}
            <p className="receipt-head">
              <span>
                {t('done.number')} <bdi dir="ltr">{receipt.id}</bdi>
              </span>
              <span className="quiet-text">{formatTime(new Date(receipt.at).toISOString(), 'dateTime', language)}</span>
            </p>
            {receipt.given !== undefined && receipt.given > receipt.due && (
              <p className="change-back">
                {t('pay.change')} <Money minor={receipt.given - receipt.due} className="amount" />
              </p>
            )}
            <ul className="plain">
              {receipt.lines.map(({ id, name, quantity, unitPrice }) => (
                <li key={id} className="sum-row">
                  <span>
                    <bdi dir="ltr">{quantity} ×</bdi> <bdi>{name}</bdi>
                  </span>
                  <Money minor={quantity * unitPrice} />
                </li>
              ))}
            </ul>
            <Sums receipt={receipt} />
            <div className="receipt-code">
              <Suspense>
                <QrCode text={receipt.id} label={t('done.code', { number: receipt.id })} />
              </Suspense>
              <span className="quiet-text">{t('done.codeText')}</span>
            </div>
            {receipt.isOffline && <p className="badge">{t('done.offline')}</p>}
          </>
        )}
        <Problem error={error} />
        <div className="row unprinted">
          {!isUndone && seconds > 0 && (
            <button
              type="button"
              className="button quiet"
              disabled={isBusy || isStuck}
              onClick={() => run(() => undo(receipt))}
            >
              {t('done.undo', { count: seconds })}
            </button>
          )}
          {!isUndone && (
            <button type="button" className="button quiet" onClick={() => print()}>
              {t('done.print')}
            </button>
          )}
          <button type="button" className="button" onClick={next}>
            {t('done.next')}
          </button>
        </div>
      </div>
    </main>
  )
}
