import { type FormEvent, useEffect, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { type Settings, useSession } from '../session.ts'
import { Terms } from './terms.tsx'

/** Whoever is new says her name if she likes, what she joins, and whether the business may write to her: nothing is ticked for her. */
const Welcome = ({ settings, onDone }: { readonly settings: Settings | undefined; readonly onDone: () => void }) => {
  const { t, language } = useWords()
  const session = useSession()
  const [name, setName] = useState('')
  const [mayWrite, setMayWrite] = useState(false)
  const [joins, setJoins] = useState<readonly string[]>([])
  const programmes = settings?.programmes ?? []
  const business = settings?.workspace.name ?? session.workspace.name
  const channel = session.address.startsWith('email:') ? 'email' : 'sms'
  useEffect(() => {
    document.title = business
  }, [business])
  const save = useAction(async () => {
    if (name.trim() !== '') await api.putWalletProfile({ name: name.trim() })
    for (const id of joins) {
      const terms = programmes.find(programme => programme.id === id)?.terms ?? undefined
      await api.joinProgramme(id, session.person, { source: 'app', ...(terms !== undefined && { terms }) })
    }
    if (mayWrite)
      await api.putConsents(session.person, {
        consents: [
          {
            address: session.address,
            channel,
            purpose: 'marketing',
            state: 'given',
            how: 'form',
            textVersion: 'wallet-1',
            language,
          },
        ],
      })
    onDone()
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save.run()
  }
  return (
    <form className="card" onSubmit={submit}>
      <h1>{t('enter.welcome')}</h1>
      <p className="quiet-text">{t('enter.welcomeText')}</p>
      <label className="field">
        {t('enter.name')}
        <input
          autoComplete="name"
          maxLength={100}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      </label>
      {programmes.map(programme => (
        <label key={programme.id} className="choice">
          <input
            type="checkbox"
            checked={joins.includes(programme.id)}
            onChange={event => {
              const { checked } = event.currentTarget
              setJoins(now => (checked ? [...now, programme.id] : now.filter(id => id !== programme.id)))
            }}
          />
          <Terms name={programme.name} version={programme.terms} />
        </label>
      ))}
      <label className="choice">
        <input type="checkbox" checked={mayWrite} onChange={event => setMayWrite(event.currentTarget.checked)} />
        <span>{t(channel === 'email' ? 'enter.mayMail' : 'enter.mayText')}</span>
      </label>
      {save.error !== undefined && <Problem error={save.error} />}
      <Act type="submit" isBusy={save.isBusy}>
        {t('enter.start')}
      </Act>
    </form>
  )
}

export default Welcome
