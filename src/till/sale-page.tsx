import { useRef, useState } from 'react'
import { useWords } from '../faces/words.ts'
import { addArticle, type Line, setQuantity, subtotalOf, withCustomer } from './basket.ts'
import { OfferLines } from './offer-lines.tsx'
import { Money, Problem, useRun } from './parts.tsx'
import { quickKeys } from './price-list.ts'
import { setAside, setSale, takeUp, throwAway } from './selling.ts'
import { sound } from './sound.ts'
import { takeScan } from './take-scan.ts'
import { useTill } from './till-state.ts'
import { UnknownArticle } from './unknown-article.tsx'
import { useAnswer } from './use-answer.ts'
import { useKey } from './use-key.ts'
import { useScanner } from './use-scanner.ts'
import { go } from './views.ts'

const LineRow = ({ line, total }: { readonly line: Line; readonly total: number | undefined }) => {
  const { t } = useWords()
  const { id, name, quantity, unitPrice, override } = line
  const subtotal = quantity * unitPrice
  const change = (to: number): void => setSale(sale => setQuantity(sale, id, to))
  return (
    <li className="line">
      <div className="line-name">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span className="quiet-text">
          <Money minor={unitPrice} />
          {override && (
            <>
              {' '}
              <s>
                <Money minor={override.priceWas} />
              </s>{' '}
              {t(`override.reasons.${override.reason}`)}
            </>
          )}
        </span>
      </div>
      <div className="line-count">
        <button
          type="button"
          className="round"
          aria-label={t('sale.less', { name })}
          onClick={() => change(quantity - 1)}
        >
          −
        </button>
        <output aria-label={t('sale.quantityOf', { name })}>{quantity}</output>
        <button
          type="button"
          className="round"
          aria-label={t('sale.more', { name })}
          onClick={() => change(quantity + 1)}
        >
          +
        </button>
      </div>
      <button type="button" className="line-price" onClick={() => go({ name: 'override', line: id })}>
        <span className="unseen">{t('sale.changePrice', { name })}</span>
        {total !== undefined && total < subtotal && (
          <s className="quiet-text">
            <Money minor={subtotal} />
          </s>
        )}
        <Money minor={total ?? subtotal} className="amount" />
      </button>
    </li>
  )
}

/** Cards, codes and articles, typed or scanned, in one field; a scanner needs no field. */
const Entry = ({ onText, isBusy }: { readonly onText: (text: string) => void; readonly isBusy: boolean }) => {
  const { t } = useWords()
  const [text, setText] = useState('')
  return (
    <form
      className="entry"
      aria-busy={isBusy}
      onSubmit={event => {
        event.preventDefault()
        if (text.trim() !== '') onText(text)
        setText('')
      }}
    >
      <input
        dir="ltr"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="done"
        aria-label={t('sale.entry')}
        placeholder={t('sale.entry')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <button type="submit" className="button quiet">
        {t('sale.add')}
      </button>
    </form>
  )
}

const Customer = () => {
  const { t } = useWords()
  const { customer } = useTill().sale
  return (
    <section className="customer" aria-label={t('sale.customer')}>
      <button type="button" className="customer-open" onClick={() => go({ name: 'customer' })}>
        {customer ? (
          <>
            <strong>
              <bdi>{customer.name ?? customer.ref.replace(/^\w+:/, '')}</bdi>
            </strong>
            <span className="quiet-text">{t(customer.isKnown ? 'sale.seeOffers' : 'sale.notChecked')}</span>
          </>
        ) : (
          <strong>{t('sale.identify')}</strong>
        )}
      </button>
      {customer && (
        <button
          type="button"
          className="round"
          aria-label={t('sale.noCustomer')}
          onClick={() => setSale(sale => withCustomer(sale))}
        >
          ×
        </button>
      )}
    </section>
  )
}

/** Baskets that were set aside: one press goes on with one of them. */
const Aside = () => {
  const { t } = useWords()
  const { aside } = useTill()
  if (aside.length === 0) return null
  return (
    <section aria-labelledby="aside">
      <h2 id="aside">{t('sale.aside')}</h2>
      <ul className="plain stack">
        {aside.map(sale => (
          <li key={sale.id} className="customer">
            <button type="button" className="button quiet wide" onClick={() => takeUp(sale)}>
              <bdi>{sale.customer?.name ?? sale.lines.map(it => it.name).join(', ')}</bdi>
              <Money minor={subtotalOf(sale)} />
            </button>
            <button type="button" className="round" aria-label={t('sale.throwAway')} onClick={() => throwAway(sale)}>
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The basket with its live total; everything else is one press away. */
export const SalePage = () => {
  const { t } = useWords()
  const { sale, articles } = useTill()
  const { answer, error, isFresh } = useAnswer(sale)
  const { isBusy, error: scanError, run } = useRun()
  const [unknown, setUnknown] = useState<string>()
  const pay = useRef<HTMLButtonElement>(null)
  const waiting = useRef<string[]>([])
  // A scan that comes while the one before is looked up waits for its turn: none is lost.
  const take = (given: string): void => {
    waiting.current.push(given)
    run(async () => {
      for (let text = waiting.current.shift(); text !== undefined; text = waiting.current.shift()) {
        const left = await takeScan(text)
        setUnknown(left)
        sound(left === undefined)
      }
    })
  }
  useScanner(take)
  useKey('F2', () => go({ name: 'customer' }))
  useKey('F8', () => go({ name: 'returns' }))
  useKey('F9', () => pay.current?.click())
  const isEmpty = sale.lines.length === 0
  const totalOf = (id: string): number | undefined =>
    isFresh ? answer?.lines.find(it => it.id === id)?.total : undefined
  const total = isEmpty
    ? 0
    : (answer?.totals.total ?? sale.lines.reduce((sum, it) => sum + it.quantity * it.unitPrice, 0))
  return (
    <main className="sale">
      <h1 className="unseen">{t('sale.title')}</h1>
      <div className="sale-side">
        <Customer />
        <Entry onText={take} isBusy={isBusy} />
        <Problem error={scanError} />
        {unknown !== undefined && <UnknownArticle text={unknown} onDone={() => setUnknown(undefined)} />}
        {articles.length > 0 && (
          <section aria-label={t('sale.keys')} className="keys">
            {quickKeys(articles).map(article => (
              <button
                key={article.sku}
                type="button"
                className="key"
                onClick={() => setSale(it => addArticle(it, article))}
              >
                <bdi>{article.name}</bdi>
                <Money minor={article.price} className="quiet-text" />
              </button>
            ))}
          </section>
        )}
      </div>
      <div className="sale-basket">
        {!isEmpty && (
          <div className="basket-head">
            <h2 id="basket">{t('sale.basket')}</h2>
            <button type="button" className="button quiet" onClick={() => setAside()}>
              {t('sale.setAside')}
            </button>
          </div>
        )}
        {isEmpty ? (
          <div className="empty">
            <p>
              <strong>{t('sale.empty')}</strong>
            </p>
            <p className="quiet-text">{t(articles.length > 0 ? 'sale.emptyText' : 'sale.noList')}</p>
            {articles.length === 0 && (
              <button type="button" className="button quiet" onClick={() => go({ name: 'till' })}>
                {t('sale.toList')}
              </button>
            )}
          </div>
        ) : (
          <ul className="lines" aria-labelledby="basket">
            {sale.lines.map(line => (
              <LineRow key={line.id} line={line} total={totalOf(line.id)} />
            ))}
          </ul>
        )}
        {isEmpty && <Aside />}
        <OfferLines answer={isEmpty ? undefined : answer} codes={sale.codes} />
        <Problem error={error} />
        <div className="sale-foot" aria-busy={!isFresh}>
          <div className="total">
            <span>{t('sale.total')}</span>
            <output aria-live="polite">
              <Money minor={total} />
            </output>
            {answer && answer.totals.discount > 0 && !isEmpty && (
              <span className="saved">
                {t('sale.saves')} <Money minor={answer.totals.discount} />
              </span>
            )}
          </div>
          <div className="sale-actions">
            <button type="button" className="button quiet" disabled={isEmpty} onClick={() => go({ name: 'override' })}>
              {t('sale.goodwill')}
            </button>
            <button
              ref={pay}
              type="button"
              className="button pay"
              disabled={isEmpty || answer === undefined || !isFresh || error !== undefined}
              onClick={() => go({ name: 'pay' })}
            >
              {t('sale.pay')}
            </button>
          </div>
        </div>
      </div>
    </main>
  )
}
