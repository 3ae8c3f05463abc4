import { IconChevronRight, IconDeviceMobile, IconDownload, IconLogout, IconMail, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useContext, useState } from 'react'
import { Preferences } from '../../faces/preferences.tsx'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { askAgain } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { Link } from '../routes.tsx'
import { usePerson, useSession, useWallet } from '../session.ts'
import { FrameContext } from '../shell.tsx'
import { saveExport } from './save-export.ts'

const nameOf = (traits: Record<string, unknown> | undefined): string => {
  const { name, firstName } = traits ?? {}
  return typeof name === 'string' ? name : typeof firstName === 'string' ? firstName : ''
}

const Name = ({ known }: { readonly known: string }) => {
  const { t } = useWords()
  const { tell } = useContext(FrameContext)
  const [name, setName] = useState(known)
  const save = useAction(async () => {
    await api.putWalletProfile({ name: name.trim() })
    await askAgain('person')
    tell(t('you.saved'))
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save.run()
  }
  return (
    <form className="inline-form" onSubmit={submit}>
      <label className="field">
        {t('you.name')}
        <input
          autoComplete="name"
          maxLength={100}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
      </label>
      {save.error !== undefined && <Problem error={save.error} />}
      {name.trim() !== known && name.trim() !== '' && (
        <Act type="submit" className="small" isBusy={save.isBusy}>
          {t('you.save')}
        </Act>
      )}
    </form>
  )
}

/** Programmes she is in, and how to leave one: a plain question, because points may go with it. */
const Programmes = () => {
  const { t } = useWords()
  const format = useFormats()
  const { person } = useSession()
  const { tell } = useContext(FrameContext)
  const wallet = useWallet()
  const [asked, setAsked] = useState<string | undefined>()
  const leave = useAction(async (id: string, name: string) => {
    await api.leaveProgramme(id, person)
    await askAgain('wallet', 'moment')
    setAsked(undefined)
    tell(t('you.left', { name }))
  })
  const mine = (wallet.data?.programmes ?? []).filter(it => it.memberSince !== null)
  if (mine.length === 0) return null
  return (
    <section className="card">
      <h2>{t('you.programmes')}</h2>
      <ul className="plain">
        {mine.map(({ programme, name, memberSince }) => (
          <li key={programme} className="device">
            <span className="grows">
              <strong>
                <bdi>{name}</bdi>
              </strong>
              <small className="quiet-text">{t('you.since', { date: format.date(memberSince ?? '') })}</small>
            </span>
            {asked === programme ? (
              <div className="question-inline">
                <p>{t('you.leaveAsk', { name })}</p>
                {leave.error !== undefined && <Problem error={leave.error} />}
                <div className="row">
                  <button type="button" className="button quiet small" onClick={() => setAsked(undefined)}>
                    {t('common.cancel')}
                  </button>
                  <Act className="small danger" isBusy={leave.isBusy} onClick={() => leave.run(programme, name)}>
                    {t('you.leave')}
                  </Act>
                </div>
              </div>
            ) : (
              <button type="button" className="button quiet small" onClick={() => setAsked(programme)}>
                {t('you.leave')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Her own: who she is to the business, what it may do, how the wallet looks, and the ways out. */
const You = () => {
  const { t } = useWords()
  const { address } = useSession()
  const { signedOut } = useContext(FrameContext)
  const person = usePerson()
  const download = useAction(() => saveExport())
  const leave = useAction(async () => {
    await api.endWalletSession()
    await signedOut()
  })
  return (
    <Page title={t('you.title')}>
      <AsOf answer={person} />
      <section className="card">
        {person.data === undefined ? (
          person.isLoading && <Waiting />
        ) : (
          <Name key={nameOf(person.data.traits)} known={nameOf(person.data.traits)} />
        )}
        <p className="quiet-text">
          {t('you.signedInAs')} <bdi dir="ltr">{address.slice(address.indexOf(':') + 1)}</bdi>
        </p>
      </section>
      <ul className="menu">
        <li>
          <Link to="/you/permissions">
            <IconMail aria-hidden />
            <span>{t('you.permissions')}</span>
            <IconChevronRight className="turns" aria-hidden />
          </Link>
        </li>
        <li>
          <Link to="/you/devices">
            <IconDeviceMobile aria-hidden />
            <span>{t('you.devices')}</span>
            <IconChevronRight className="turns" aria-hidden />
          </Link>
        </li>
      </ul>
      <Programmes />
      <section className="card">
        <h2>{t('you.look')}</h2>
        <Preferences />
      </section>
      <section className="card">
        <h2>{t('you.data')}</h2>
        <p className="quiet-text">{t('you.exportText')}</p>
        {download.error !== undefined && <Problem error={download.error} />}
        <Act className="quiet" isBusy={download.isBusy} onClick={() => download.run()}>
          <IconDownload aria-hidden />
          {t('you.export')}
        </Act>
        <Link to="/you/delete" className="button quiet danger-text">
          <IconTrash aria-hidden />
          {t('you.delete')}
        </Link>
      </section>
      {leave.error !== undefined && <Problem error={leave.error} />}
      <Act className="quiet" isBusy={leave.isBusy} onClick={() => leave.run()}>
        <IconLogout className="turns" aria-hidden />
        {t('you.signOut')}
      </Act>
    </Page>
  )
}

export default You
