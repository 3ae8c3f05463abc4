import { useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../faces/words.ts'
import type { Return } from '../sdk/index.ts'
import { returnHere } from './packs.ts'
import { paidWords } from './paid-words.ts'
import { Money, Page, Problem, useRun } from './parts.tsx'
import { askReturn, askSold, type Back, findSold, type OrderSold, type Sold } from './returns.ts'
import { readScan } from './scan.ts'
import { type Receipt, readReceipts } from './till-db.ts'
import { useTill } from './till-state.ts'
import { useScanner } from './use-scanner.ts'

const reasons = ['unwanted', 'damaged', 'wrong', 'expired'] as const

/** How many of each line come back. */
const Lines = ({
  sold,
  back,
  onChange,
}: {
  readonly sold: Sold
  readonly back: Back
  readonly onChange: (back: Back) => void
}) => {
  const { t } = useWords()
  return (
    <ul className="lines">
      {sold.lines.map(({ id, name, gone, left, each }) => {
        const count = back[id] ?? 0
        const set = (to: number): void => onChange({ ...back, [id]: Math.min(left, Math.max(0, to)) })
        return (
          <li key={id} className="line">
            <div className="line-name">
              <strong>
                <bdi>{name}</bdi>
              </strong>
              <span className="quiet-text">
                <Money minor={each} />
                {left > 0 && <> · {t('returns.left', { count: left })}</>}
                {gone > 0 && <> · {t('returns.gone', { count: gone })}</>}
              </span>
            </div>
            {left > 0 && (
              <div className="line-count">
                <button
                  type="button"
                  className="round"
                  aria-label={t('sale.less', { name })}
                  disabled={count === 0}
                  onClick={() => set(count - 1)}
                >
                  −
                </button>
                <output aria-label={t('returns.backOf', { name })}>{count}</output>
                <button
                  type="button"
                  className="round"
                  aria-label={t('sale.more', { name })}
                  disabled={count >= left}
                  onClick={() => set(count + 1)}
                >
                  +
                </button>
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const refundWords = { ...paidWords, other: 'returns.payOut' } as const

type Refunds = NonNullable<Return['refunds']>
const refundsOf = ({ refunds, refund }: Return): Refunds => refunds ?? [{ type: 'other', amount: refund }]

/** To whom the money goes: only what is paid out comes from the drawer. */
const Refunds = ({ refunds }: { readonly refunds: Refunds }) => {
  const { t } = useWords()
  return refunds.map((it, index) => (
    <div key={index} className={it.type === 'other' ? 'sum-row strong' : 'sum-row'}>
      <dt>{t(refundWords[it.type])}</dt>
      <dd>
        <Money minor={it.amount} className="amount" />
      </dd>
    </div>
  ))
}

/** What a return comes to, told before it is made. */
const Told = ({ told }: { readonly told: Return }) => {
  const { t } = useWords()
  return (
    <>
      <dl className="sums">
        {told.chargedBack !== 0 && (
          <div className="sum-row">
            <dt>{t('returns.chargedBack')}</dt>
            <dd>
              <Money minor={-told.chargedBack} />
            </dd>
          </div>
        )}
        <Refunds refunds={refundsOf(told)} />
      </dl>
      {told.takeBack.length > 0 && (
        <p className="problem" role="status">
          {t('returns.askBack')} <bdi>{told.takeBack.map(it => it.name ?? it.sku).join(', ')}</bdi>
        </p>
      )}
    </>
  )
}

const Chosen = ({ of, onDone }: { readonly of: OrderSold; readonly onDone: (told: Return) => void }) => {
  const { t } = useWords()
  const { order } = of
  const [sold] = useState(() => findSold(of))
  const [back, setBack] = useState<Back>({})
  const [reason, setReason] = useState<string>(reasons[0])
  const [asked, setAsked] = useState<{ readonly of: object; readonly told?: Return; readonly error?: unknown }>()
  // One id for this return, however often it is asked.
  const [id] = useState(() => `${order.id}-${crypto.randomUUID().slice(0, 8)}`)
  const making = useRun()
  const isEmpty = Object.values(back).every(it => it === 0)
  const wanted = useMemo(() => ({ back, reason }), [back, reason])
  // Only the answer to what is chosen now is shown: whoever presses on gets another refund.
  const { told, error } = asked?.of === wanted ? asked : {}
  const isAsking = !isEmpty && told === undefined && error === undefined
  useEffect(() => {
    if (isEmpty) return
    let isOver = false
    askReturn(order.id, { id, ...wanted, dryRun: true }).then(
      answer => isOver || setAsked({ of: wanted, told: answer }),
      problem => isOver || setAsked({ of: wanted, error: problem }),
    )
    return () => {
      isOver = true
    }
  }, [order.id, id, wanted, isEmpty])
  return (
    <div className="stack" aria-busy={isAsking || making.isBusy}>
      <Lines sold={sold} back={back} onChange={setBack} />
      <button
        type="button"
        className="button quiet"
        disabled={sold.lines.every(it => it.left === 0)}
        onClick={() => setBack(Object.fromEntries(sold.lines.map(it => [it.id, it.left])))}
      >
        {t('returns.everything')}
      </button>
      <label className="field">
        {t('override.reason')}
        <select value={reason} onChange={event => setReason(event.currentTarget.value)}>
          {reasons.map(it => (
            <option key={it} value={it}>
              {t(`returns.reasons.${it}`)}
            </option>
          ))}
        </select>
      </label>
      <Problem error={error ?? making.error} />
      {told && !isEmpty && <Told told={told} />}
      <button
        type="button"
        className="button pay"
        disabled={!told || isEmpty || making.isBusy}
        onClick={() => making.run(async () => onDone(await askReturn(order.id, { id, back, reason, dryRun: false })))}
      >
        {t('returns.confirm')}
      </button>
    </div>
  )
}

/** Without a network: a whole sale of this till. */
const Whole = ({ receipt, onDone }: { readonly receipt: Receipt; readonly onDone: (refund: number) => void }) => {
  const { t } = useWords()
  const { isBusy, error, run } = useRun()
  const isWhole = receipt.state === 'sold'
  return (
    <div className="card" aria-busy={isBusy}>
      <p>{t(isWhole ? 'returns.wholeOffline' : 'returns.backAlready')}</p>
      <p>
        {t('returns.payOut')} <Money minor={receipt.total} className="amount" />
      </p>
      <Problem error={error} />
      <button
        type="button"
        className="button pay"
        disabled={isBusy || !isWhole || receipt.paid.length > 0}
        onClick={() =>
          run(async () => {
            await returnHere(receipt, { reason: 'unwanted' })
            onDone(receipt.total)
          })
        }
      >
        {t('returns.confirm')}
      </button>
    </div>
  )
}

type Found = OrderSold | { readonly receipt: Receipt } | { readonly refunds: Refunds }

/** Goods that come back, by the receipt's number. */
export const ReturnsPage = ({ number }: { readonly number?: string }) => {
  const { t } = useWords()
  const { offlineSince } = useTill()
  const [text, setText] = useState(number ?? '')
  const [found, setFound] = useState<Found>()
  const [latest, setLatest] = useState<readonly Receipt[]>([])
  const { isBusy, error, run } = useRun()
  const field = useRef<HTMLInputElement>(null)
  const look = (given: string): void => {
    setText(given)
    setFound(undefined)
    const scanned = readScan(given, [])
    run(async () => setFound(await askSold(scanned.what === 'receipt' ? scanned.number : given.trim())))
  }
  useEffect(() => {
    if (number !== undefined) look(number)
    void readReceipts(8).then(setLatest)
  }, [number])
  useScanner(look)
  return (
    <Page title={t('returns.title')}>
      <form
        className="entry"
        aria-busy={isBusy}
        onSubmit={event => {
          event.preventDefault()
          look(text)
        }}
      >
        <input
          ref={field}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          required
          aria-label={t('returns.number')}
          placeholder={t('returns.number')}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button">
          {t('customer.find')}
        </button>
      </form>
      <Problem error={error} />
      {found && 'order' in found && (
        <Chosen key={found.order.id} of={found} onDone={told => setFound({ refunds: refundsOf(told) })} />
      )}
      {found && 'receipt' in found && (
        <Whole receipt={found.receipt} onDone={amount => setFound({ refunds: [{ type: 'other', amount }] })} />
      )}
      {found && 'refunds' in found && (
        <div role="status" className="card">
          <strong>{t('returns.done')}</strong>
          <dl className="sums">
            <Refunds refunds={found.refunds} />
          </dl>
        </div>
      )}
      {!found && latest.length > 0 && (
        <section aria-labelledby="latest">
          <h2 id="latest">{t('returns.latest')}</h2>
          <ul className="plain stack">
            {latest.map(it => (
              <li key={it.id}>
                <button type="button" className="button quiet wide" onClick={() => look(it.id)}>
                  <bdi dir="ltr">{it.id}</bdi>
                  <Money minor={it.total} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {offlineSince !== undefined && <p className="quiet-text">{t('returns.offline')}</p>}
    </Page>
  )
}
