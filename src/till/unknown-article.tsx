import { useState } from 'react'
import { readAmount } from '../faces/read-amount.ts'
import { useWords } from '../faces/words.ts'
import { addArticle } from './basket.ts'
import { setSale } from './selling.ts'
import { till } from './till-state.ts'

/** What was scanned is in no list and nobody's: it is sold by hand, with a price that the clerk types. */
export const UnknownArticle = ({ text, onDone }: { readonly text: string; readonly onDone: () => void }) => {
  const { t } = useWords()
  const [price, setPrice] = useState('')
  const [name, setName] = useState('')
  const minor = readAmount(price, till().pack?.currency ?? 'EUR')
  return (
    <form
      className="card unknown"
      onSubmit={event => {
        event.preventDefault()
        if (minor === undefined) return
        setSale(sale => addArticle(sale, { sku: text, name: name.trim() || text, price: minor }))
        onDone()
      }}
    >
      <p role="status">
        {t('unknown.text')} <bdi dir="ltr">{text}</bdi>
      </p>
      <div className="row">
        <label className="field">
          {t('unknown.name')}
          <input value={name} maxLength={300} onChange={event => setName(event.currentTarget.value)} />
        </label>
        <label className="field">
          {t('unknown.price')}
          <input
            dir="ltr"
            inputMode="decimal"
            required
            aria-invalid={price !== '' && minor === undefined}
            value={price}
            onChange={event => setPrice(event.currentTarget.value)}
          />
        </label>
      </div>
      <div className="row">
        <button type="submit" className="button" disabled={minor === undefined}>
          {t('unknown.sell')}
        </button>
        <button type="button" className="button quiet" onClick={onDone}>
          {t('page.cancel')}
        </button>
      </div>
    </form>
  )
}
