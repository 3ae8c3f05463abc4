import { type FormEvent, useContext, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { Link } from '../routes.tsx'
import { useSession } from '../session.ts'
import { FrameContext } from '../shell.tsx'

/** For good: said plainly, and proven by a code that is asked for now. */
const Delete = () => {
  const { t, language } = useWords()
  const { address: signedIn, workspace } = useSession()
  const { signedOut } = useContext(FrameContext)
  const address = signedIn.slice(signedIn.indexOf(':') + 1)
  const [code, setCode] = useState('')
  const [isSent, setSent] = useState(false)
  const send = useAction(async () => {
    await api.createWalletCode({ address, workspace: workspace.id, purpose: 'erase', language })
    setSent(true)
  })
  const erase = useAction(async () => {
    await api.eraseMyself({ code })
    await signedOut()
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void erase.run()
  }
  return (
    <Page title={t('you.delete')} back="/you">
      <section className="card">
        <h2>{t('you.deleteAsk')}</h2>
        <ul className="rules">
          <li>{t('you.deletePoints')}</li>
          <li>{t('you.deleteData')}</li>
          <li>{t('you.deleteNoWay')}</li>
        </ul>
        {isSent ? (
          <form className="stack" onSubmit={submit}>
            <p>
              {t('enter.sent')} <bdi dir="ltr">{address}</bdi>
            </p>
            <label className="field">
              {t('enter.code')}
              <input
                className="code-field"
                dir="ltr"
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9]{6}"
                maxLength={6}
                required
                value={code}
                onChange={event => setCode(event.currentTarget.value.replaceAll(/\D/g, ''))}
              />
            </label>
            {erase.error !== undefined && <Problem error={erase.error} />}
            <Act type="submit" className="danger" isBusy={erase.isBusy}>
              {t('you.deleteNow')}
            </Act>
          </form>
        ) : (
          <>
            {send.error !== undefined && <Problem error={send.error} />}
            <Act className="danger" isBusy={send.isBusy} onClick={() => send.run()}>
              {t('you.deleteSend')}
            </Act>
          </>
        )}
        <Link to="/you" className="button quiet">
          {t('you.deleteStay')}
        </Link>
      </section>
    </Page>
  )
}

export default Delete
