import { useState } from 'react'
import { Preferences } from '../faces/preferences.tsx'
import { UpdateNotice } from '../faces/update-notice.tsx'
import { useWords } from '../faces/words.ts'

const SignIn = () => {
  const { t } = useWords()
  const [address, setAddress] = useState('')
  return (
    <main className="centred">
      <div>
        <form className="card" onSubmit={event => event.preventDefault()}>
          <h1>{t('signIn.title')}</h1>
          <p className="quiet-text">{t('signIn.text')}</p>
          <label className="field">
            {t('signIn.address')}
            <input
              name="address"
              autoComplete="username"
              dir="ltr"
              required
              value={address}
              onChange={event => setAddress(event.currentTarget.value)}
            />
          </label>
          <button className="button" type="submit">
            {t('signIn.send')}
          </button>
          <Preferences />
        </form>
      </div>
    </main>
  )
}

export const App = () => (
  <>
    <UpdateNotice path="/wallet" />
    <SignIn />
  </>
)
