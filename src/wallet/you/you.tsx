import { IconChevronRight, IconDeviceMobile, IconLogout, IconMail } from '@tabler/icons-react'
import { useContext, useState } from 'react'
import { Preferences } from '../../faces/preferences.tsx'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { askAgain } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { Link } from '../routes.tsx'
import { useSession, useWallet } from '../session.ts'
import { FrameContext } from '../shell.tsx'

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
  const leave = useAction(async () => {
    await api.endWalletSession()
    await signedOut()
  })
  return (
    <Page title={t('you.title')}>
      <section className="card">
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
      {leave.error !== undefined && <Problem error={leave.error} />}
      <Act className="quiet" isBusy={leave.isBusy} onClick={() => leave.run()}>
        <IconLogout className="turns" aria-hidden />
        {t('you.signOut')}
      </Act>
    </Page>
  )
}

export default You
