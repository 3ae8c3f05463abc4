import { useState } from 'react'
import { Preferences } from '../faces/preferences.tsx'
import { UpdateNotice } from '../faces/update-notice.tsx'
import { useWords } from '../faces/words.ts'

const Pairing = () => {
  const { t } = useWords()
  const [key, setKey] = useState('')
  return (
    <main className="centred">
      <div>
        <form className="card" onSubmit={event => event.preventDefault()}>
          <h1>{t('pairing.title')}</h1>
          <p className="quiet-text">{t('pairing.text')}</p>
          <label className="field">
            {t('pairing.key')}
            <input
              name="key"
              autoComplete="off"
              spellCheck={false}
              dir="ltr"
              required
              value={key}
              onChange={event => setKey(event.currentTarget.value)}
            />
          </label>
          <button className="button" type="submit">
            {t('pairing.pair')}
          </button>
          <Preferences />
        </form>
      </div>
    </main>
  )
}

export const App = () => (
  <>
    <UpdateNotice path="/till" />
    <Pairing />
  </>
)
