import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Preferences } from '../../faces/preferences.tsx'
import { useWords } from '../../faces/words.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import type { Session } from '../session.ts'

type Props = {
  readonly workspace: string
  /** Of the business. */
  readonly name: string | undefined
  readonly onEnter: (session: Session, isNew: boolean) => Promise<void>
}

/** A code that is sent to an address opens the wallet: whoever reads the messages of an address is whom it belongs to. */
const SignIn = ({ workspace, name, onEnter }: Props) => {
  const { t, language } = useWords()
  const [address, setAddress] = useState('')
  const [code, setCode] = useState('')
  const [isSent, setSent] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const send = useAction(async () => {
    await api.createWalletCode({ address, workspace, language })
    setCode('')
    setSent(true)
  })
  const enter = useAction(async (given: string) => {
    const { isNew, ...session } = await api.createWalletSession({ address, code: given, workspace })
    await onEnter(session, isNew)
  })
  useEffect(() => {
    document.title = name ?? t('common.wallet')
  }, [name, t])
  useEffect(() => {
    if (isSent) field.current?.focus()
  }, [isSent])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void (isSent ? enter.run(code) : send.run())
  }
  const error = isSent ? (enter.error ?? send.error) : send.error
  return (
    <>
      <form className="card door" onSubmit={submit}>
        <img className="door-mark" src="/wallet/icon.svg" alt="" width={56} height={56} />
        <h1>{name === undefined ? t('enter.title') : <bdi>{name}</bdi>}</h1>
        {isSent ? (
          <>
            <p>
              {t('enter.sent')} <bdi dir="ltr">{address}</bdi>
            </p>
            <label className="field">
              {t('enter.code')}
              <input
                ref={field}
                className="code-field"
                dir="ltr"
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9]{6}"
                maxLength={6}
                required
                value={code}
                onChange={event => {
                  const digits = event.currentTarget.value.replaceAll(/\D/g, '')
                  setCode(digits)
                  if (digits.length === 6) void enter.run(digits)
                }}
              />
            </label>
            {error !== undefined && <Problem error={error} />}
            <Act type="submit" isBusy={enter.isBusy}>
              {t('enter.open')}
            </Act>
            <div className="row">
              <button type="button" className="button quiet small" onClick={() => setSent(false)}>
                {t('enter.otherAddress')}
              </button>
              <Act className="quiet small" isBusy={send.isBusy} onClick={() => send.run()}>
                {t('enter.again')}
              </Act>
            </div>
          </>
        ) : (
          <>
            <p className="quiet-text">{t('enter.text')}</p>
            <label className="field">
              {t('enter.address')}
              <input
                dir="auto"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                value={address}
                onChange={event => setAddress(event.currentTarget.value)}
              />
            </label>
            {error !== undefined && <Problem error={error} />}
            <Act type="submit" isBusy={send.isBusy}>
              {t('enter.send')}
            </Act>
          </>
        )}
      </form>
      <div className="door-choices">
        <Preferences />
      </div>
    </>
  )
}

export default SignIn
