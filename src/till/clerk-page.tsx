import { useState } from 'react'
import { useWords } from '../faces/words.ts'
import { signInClerk } from './clerks.ts'
import { Problem, useRun } from './parts.tsx'
import type { Clerk } from './pin.ts'
import { useTill } from './till-state.ts'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const
const mostDigits = 8

/** The PIN of whoever stands there, with keys for a thumb and the keyboard's own. */
const Pin = ({ clerk, onBack }: { readonly clerk: Clerk; readonly onBack: () => void }) => {
  const { t } = useWords()
  const [pin, setPin] = useState('')
  const { isBusy, error, run } = useRun()
  const enter = (): void =>
    run(async () => {
      const given = pin
      setPin('')
      await signInClerk(clerk, given)
    })
  return (
    <form
      className="stack"
      aria-busy={isBusy}
      onSubmit={event => {
        event.preventDefault()
        enter()
      }}
    >
      <h1>
        <bdi>{clerk.name}</bdi>
      </h1>
      <label className="field">
        {t('clerk.pin')}
        <input
          dir="ltr"
          type="password"
          inputMode="numeric"
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: whoever chose her name types next
          autoFocus
          maxLength={mostDigits}
          required
          value={pin}
          onChange={event => setPin(event.currentTarget.value.replace(/\D/g, ''))}
        />
      </label>
      <Problem error={error} />
      <div className="pad" dir="ltr">
        {digits.map(digit => (
          <button
            key={digit}
            type="button"
            className="key"
            onClick={() => setPin(it => (it + digit).slice(0, mostDigits))}
          >
            {digit}
          </button>
        ))}
        <button
          type="button"
          className="key"
          aria-label={t('clerk.delete')}
          onClick={() => setPin(it => it.slice(0, -1))}
        >
          ⌫
        </button>
      </div>
      <div className="row">
        <button type="submit" className="button" disabled={isBusy || pin.length < 4}>
          {t('clerk.enter')}
        </button>
        <button type="button" className="button quiet" onClick={onBack}>
          {t('page.back')}
        </button>
      </div>
    </form>
  )
}

/** Who stands at the till. */
export const ClerkPage = () => {
  const { t } = useWords()
  const { clerks } = useTill()
  const [chosen, setChosen] = useState<Clerk>()
  return (
    <main className="centred">
      <div className="card">
        {chosen ? (
          <Pin clerk={chosen} onBack={() => setChosen(undefined)} />
        ) : (
          <>
            <h1>{t('clerk.who')}</h1>
            <ul className="plain stack">
              {clerks.map(clerk => (
                <li key={clerk.id}>
                  <button type="button" className="button quiet wide" onClick={() => setChosen(clerk)}>
                    <bdi>{clerk.name}</bdi>
                    {clerk.supervisor && <span className="badge">{t('clerk.supervisor')}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </main>
  )
}
