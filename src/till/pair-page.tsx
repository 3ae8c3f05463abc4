import { useEffect, useState } from 'react'
import { Preferences } from '../faces/preferences.tsx'
import { useWords } from '../faces/words.ts'
import { onLinkedKey } from './linked-key.ts'
import { pair } from './packs.ts'
import { Problem, useRun } from './parts.tsx'
import { begin } from './start.ts'

/** A key, or the link or QR code that carries it. */
const keyIn = (text: string): string => {
  const at = text.indexOf('#')
  return (at < 0 ? text : (new URLSearchParams(text.slice(at + 1)).get('key') ?? text)).trim()
}

/** Makes this device a till, once. */
export const PairPage = () => {
  const { t } = useWords()
  const [text, setText] = useState('')
  const { isBusy, error, run } = useRun()
  const pairBy = (key: string): void =>
    run(async () => {
      await pair(key)
      await begin()
    })
  useEffect(
    () =>
      onLinkedKey(key => {
        setText(key)
        pairBy(key)
      }),
    [],
  )
  return (
    <main className="centred" aria-busy={isBusy}>
      <div className="card">
        <h1>{t('pair.title')}</h1>
        <p className="quiet-text">{t('pair.text')}</p>
        <form
          className="stack"
          onSubmit={event => {
            event.preventDefault()
            pairBy(keyIn(text))
          }}
        >
          <label className="field">
            {t('pair.key')}
            <input
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
              required
              value={text}
              onChange={event => setText(event.currentTarget.value)}
            />
          </label>
          <Problem error={error} />
          <button type="submit" className="button" disabled={isBusy}>
            {t('pair.start')}
          </button>
        </form>
        <details>
          <summary>{t('pair.where')}</summary>
          <p className="quiet-text">{t('pair.whereText')}</p>
        </details>
        <Preferences />
      </div>
    </main>
  )
}
