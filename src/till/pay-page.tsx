import { useEffect, useRef, useState } from 'react'
import { decimalsOf, formatMoney } from '../faces/format.ts'
import { formatPoints } from '../faces/points.ts'
import { readAmount } from '../faces/read-amount.ts'
import { useWords } from '../faces/words.ts'
import type { Wallet } from '../sdk/index.ts'
import { type Customer, isSameTender, type StoredTender, toggleTender } from './basket.ts'
import type { PlainTender } from './decide.ts'
import { likelyNotes } from './notes.ts'
import { OfferLines } from './offer-lines.tsx'
import { paidWords } from './paid-words.ts'
import { Money, Page, Problem, useRun } from './parts.tsx'
import { place, setSale } from './selling.ts'
import { takePaying } from './take-scan.ts'
import { reach } from './till-api.ts'
import { till, useTill } from './till-state.ts'
import { useAnswer } from './use-answer.ts'
import { useKey } from './use-key.ts'
import { useScanner } from './use-scanner.ts'
import { go } from './views.ts'

const toggle = (tender: StoredTender): void => setSale(sale => toggleTender(sale, tender))

/** What the customer has on the server; undefined until it is known. */
const useWallet = (customer: Customer | undefined, isOnline: boolean): Wallet | undefined => {
  const ref = customer?.ref
  const [known, setKnown] = useState<{ readonly ref: string; readonly wallet: Wallet }>()
  useEffect(() => {
    if (ref === undefined || !isOnline) return
    let isOver = false
    // Without an answer nothing of hers is offered; codes of gift cards still are.
    reach(api => api.getWallet(ref)).then(
      wallet => isOver || setKnown({ ref, wallet }),
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [ref, isOnline])
  return known?.ref === ref ? known?.wallet : undefined
}

/** Points, gift cards and stored money: as much as is there and may be paid. They lie on the server. */
const Stored = () => {
  const words = useWords()
  const { t, language } = words
  const { sale, offlineSince } = useTill()
  const [code, setCode] = useState('')
  const wallet = useWallet(sale.customer, offlineSince === undefined)
  if (offlineSince !== undefined) return <p className="quiet-text">{t('pay.storedOffline')}</p>
  const ways: readonly { readonly label: string; readonly holds: string; readonly tender: StoredTender }[] = [
    ...(wallet?.programmes ?? [])
      .filter(it => it.toSpend > 0 && it.worth)
      .map(({ programme, name, toSpend, unit, worth, balance }) => ({
        label: name,
        // `worth` is of her own points; a household's are counted in what she may spend.
        holds: [
          formatPoints(toSpend, unit, words),
          ...(worth && balance === toSpend ? [formatMoney(worth.amount, worth.currency, language)] : []),
        ].join(' · '),
        tender: { type: 'points', programme } as const,
      })),
    ...(wallet?.money ?? [])
      .filter(it => it.balance > 0)
      .map(({ kind, balance, currency }) => ({
        label: t(kind === 'credit' ? 'pay.credit' : 'pay.paidCashback'),
        holds: formatMoney(balance, currency, language),
        tender: { type: kind } as const,
      })),
    ...(wallet?.giftCards ?? [])
      .filter(it => it.state === 'active' && it.balance > 0 && it.currency === till().pack?.currency)
      .map(({ id, lastFour, balance, currency }) => ({
        label: t('pay.herCard', { card: lastFour }),
        holds: formatMoney(balance, currency, language),
        tender: { type: 'giftCard', card: id } as const,
      })),
  ]
  return (
    <div className="stack">
      {ways.length > 0 && (
        <div className="ways">
          {ways.map(({ label, holds, tender }) => (
            <button
              key={tender.card ?? label}
              type="button"
              className="button quiet wide"
              aria-pressed={sale.tenders.some(it => isSameTender(it, tender))}
              onClick={() => toggle(tender)}
            >
              <bdi>{label}</bdi>
              <bdi>{holds}</bdi>
            </button>
          ))}
        </div>
      )}
      <form
        className="entry"
        onSubmit={event => {
          event.preventDefault()
          if (code.trim() !== '') toggle({ type: 'giftCard', code: code.trim() })
          setCode('')
        }}
      >
        <input
          dir="ltr"
          autoComplete="off"
          aria-label={t('pay.giftCard')}
          placeholder={t('pay.giftCard')}
          value={code}
          onChange={event => setCode(event.currentTarget.value)}
        />
        <button type="submit" className="button quiet">
          {t('sale.add')}
        </button>
      </form>
      {sale.tenders
        .filter(it => it.code !== undefined)
        .map(it => (
          <button key={it.code} type="button" className="button quiet" onClick={() => toggle(it)}>
            {t('pay.withoutCard', { card: it.code?.replace(/\W/g, '').slice(-4) })}
          </button>
        ))}
    </div>
  )
}

/** How much the customer gave. */
const Change = ({
  due,
  text,
  onText,
}: {
  readonly due: number
  readonly text: string
  readonly onText: (text: string) => void
}) => {
  const { t } = useWords()
  const decimals = decimalsOf(till().pack?.currency ?? 'EUR')
  return (
    <div className="row change">
      <label className="field">
        {t('pay.given')}
        <input dir="ltr" inputMode="decimal" value={text} onChange={event => onText(event.currentTarget.value)} />
      </label>
      <div className="notes">
        {likelyNotes(due, decimals).map(note => (
          <button
            key={note}
            type="button"
            className="button quiet"
            onClick={() => onText(String(note / 10 ** decimals))}
          >
            <Money minor={note} />
          </button>
        ))}
      </div>
    </div>
  )
}

const tenderWords = { cash: 'pay.cash', card: 'pay.card' } as const

/** How it is paid, what is left to pay, and the end of the sale. */
export const PayPage = () => {
  const { t } = useWords()
  const { sale, isClosed } = useTill()
  const [tender, setTender] = useState<PlainTender>('cash')
  const [hasChanged, setChanged] = useState(false)
  const [text, setText] = useState('')
  const given = readAmount(text, till().pack?.currency ?? 'EUR')
  const { answer, error, isFresh } = useAnswer(sale, tender)
  const { isBusy, error: placeError, run } = useRun()
  const finishing = useRef<HTMLButtonElement>(null)
  useScanner(text => run(() => takePaying(text)))
  useKey('F9', () => finishing.current?.click())
  const finish = (): void =>
    run(async () => {
      if (!answer) return
      const placed = await place(sale, answer, { tender, given })
      if (placed.isSold) go({ name: 'sale' })
      else setChanged(true)
    })
  if (sale.lines.length === 0) return null
  return (
    <Page title={t('pay.title')}>
      <div className="pay-columns">
        <div className="stack">
          <div className="pay-way" role="radiogroup" aria-label={t('pay.how')}>
            {(['cash', 'card'] as const).map(way => (
              <label key={way} className="choice">
                <input type="radio" name="tender" checked={tender === way} onChange={() => setTender(way)} />
                {t(tenderWords[way])}
              </label>
            ))}
          </div>
          <Stored />
          <OfferLines answer={answer} codes={sale.codes} />
        </div>
        <div className="stack">
          <Problem error={error ?? placeError} />
          {hasChanged && (
            <p role="alert" className="problem">
              {t('pay.changed')}
            </p>
          )}
          {isClosed && (
            <p role="alert" className="problem">
              {t('pay.closed')}
            </p>
          )}
          {answer && (
            <dl className="sums">
              <dt>{t('sale.total')}</dt>
              <dd>
                <Money minor={answer.totals.total} />
              </dd>
              {answer.paid.map((it, index) => (
                <PaidRow key={index} type={it.type} amount={it.amount} />
              ))}
            </dl>
          )}
          {tender === 'cash' && answer && answer.due > 0 && <Change due={answer.due} text={text} onText={setText} />}
          <div className="sale-foot" aria-busy={!isFresh}>
            {answer && (
              <div className="total">
                <span>{t('pay.due')}</span>
                <output className="due" aria-live="polite">
                  <Money minor={answer.due} />
                </output>
                {tender === 'cash' && given !== undefined && answer.due > 0 && given >= answer.due && (
                  <span className="saved" role="status">
                    {t('pay.change')} <Money minor={given - answer.due} />
                  </span>
                )}
              </div>
            )}
            <button
              ref={finishing}
              type="button"
              className="button pay"
              disabled={!answer || !isFresh || error !== undefined || isBusy || isClosed}
              aria-busy={isBusy}
              onClick={finish}
            >
              {t('pay.finish')}
            </button>
          </div>
        </div>
      </div>
    </Page>
  )
}

const PaidRow = ({ type, amount }: { readonly type: keyof typeof paidWords; readonly amount: number }) => {
  const { t } = useWords()
  return (
    <>
      <dt>{t(paidWords[type])}</dt>
      <dd>
        <Money minor={0 - amount} />
      </dd>
    </>
  )
}
