import { IconCards, IconChevronRight, IconGift, IconQrcode } from '@tabler/icons-react'
import { lazy, Suspense, useEffect } from 'react'
import { useWords } from '../../faces/words.ts'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Link } from '../routes.tsx'
import { useMoment, usePerson, useSession, useSettings, useWallet } from '../session.ts'
import { MemberCard } from './member-card.tsx'
import { Received } from './received.tsx'

/** Below the card, so it may come a moment after it. */
const Usable = lazy(() => import('./usable.tsx'))
const Standing = lazy(() => import('./standing.tsx'))

const Home = () => {
  const { t } = useWords()
  const { workspace, address } = useSession()
  const wallet = useWallet()
  const moment = useMoment()
  const person = usePerson()
  const settings = useSettings(workspace.id)
  useEffect(() => {
    // The code works without a network from here on: what it takes is fetched while there is one.
    import('../code/device.ts').then(({ prepareDevice }) => prepareDevice()).catch(() => undefined)
  }, [])

  const { name, firstName } = person.data?.traits ?? {}
  const called = typeof firstName === 'string' ? firstName : typeof name === 'string' ? name : undefined
  const title = called === undefined ? t('home.title') : t('home.hello', { name: called })
  if (wallet.data === undefined)
    return (
      <Page title={t('home.title')}>
        <AsOf answer={wallet} />
        {wallet.isLoading && <Waiting />}
      </Page>
    )
  const { programmes, received } = wallet.data
  const owner = typeof name === 'string' ? name : address.slice(address.indexOf(':') + 1)
  const currency = settings.data?.workspace.currency ?? 'EUR'
  const mayGive = settings.data?.programmes.some(
    club => club.transfers.between !== 'nobody' && programmes.some(it => it.programme === club.id && it.memberSince),
  )
  const mayJoin = settings.data?.programmes.some(
    club => !programmes.some(it => it.programme === club.id && it.memberSince !== null),
  )
  const hasReceived = Object.values(received.ever).some(amount => amount > 0)
  const quick = (
    <div className="quick">
      <Link to="/code" className="button">
        <IconQrcode aria-hidden />
        {t('home.showCode')}
      </Link>
      {mayGive && (
        <Link to="/gift" className="button quiet">
          <IconGift aria-hidden />
          {t('home.gift')}
        </Link>
      )}
    </div>
  )
  return (
    <Page title={title} isWide>
      <AsOf answer={wallet} />
      <div className="columns">
        <div className="column first">
          {programmes.map((programme, place) => (
            <div key={programme.programme} className="stack">
              <MemberCard programme={programme} owner={owner} />
              {place === 0 && quick}
              <Suspense fallback={null}>
                <Standing programme={programme} currency={currency} />
              </Suspense>
            </div>
          ))}
          {programmes.length === 0 && (
            <>
              {mayJoin && (
                <section className="card">
                  <h2>{t('home.joinTitle')}</h2>
                  <p className="quiet-text">{t('home.joinText')}</p>
                  <Link to="/join" className="button">
                    {t('home.join')}
                  </Link>
                </section>
              )}
              {quick}
            </>
          )}
        </div>
        <div className="column second">
          <Suspense fallback={<Waiting />}>
            <Usable wallet={wallet.data} moment={moment.data} programmes={settings.data?.programmes ?? []} />
          </Suspense>
        </div>
        <div className="column last">
          {hasReceived && (
            <section className="card">
              <h2>{t('home.receivedTitle')}</h2>
              <Received received={received} />
            </section>
          )}
          {programmes.length > 0 && mayJoin && (
            <ul className="menu">
              <li>
                <Link to="/join">
                  <IconCards aria-hidden />
                  <span>{t('home.more')}</span>
                  <IconChevronRight className="turns" aria-hidden />
                </Link>
              </li>
            </ul>
          )}
        </div>
      </div>
    </Page>
  )
}

export default Home
